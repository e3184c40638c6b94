"""How far scores can be believed: the expected calibration error by set, length of text and type of bead.

    python bench/calibration.py --gold ../shared/gold [--plot docs/concepts/reliability.svg]
    python bench/calibration.py --gold ../shared/gold --foreign-only [--weights FILE]

First, on the sets that the weights are trained on: each text is left out of weights, calibration and coefficients in turn, as
`train_aligner.py` does, which prints this table in passing (and takes as long: some twelve minutes). Then, by the weights that
ship, on pairs of languages of XQuAD-R, of which nothing was trained on; the second form does this alone.

Texts are whole; 10 to 14 beads long, with a run that one side lacks and without; and one to five beads long. A text is cut into
tiny ones three times over (of held-out texts, into such that lack a run, too), so one sentence may count more than once. The error is over ten bins of
equal mass. Beside it stands what scores that are all true would have with as many beads, on average and in 95 of a hundred
draws: an error above the latter has a star. Draws are of beads that have nothing to do with each other, so that a star says
little of a cell whose beads are of two or three texts.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from align_gold import read_set, read_xquad, recipe, training_parser
from reliability import draw

from align import align, calibration_error
from align.calibrate import errors_by_chance
from align.scoring.features import STEPS
from align.training.briefs import REPEATS
from align.training.held_out import left_out_scores
from align.training.remembered import Remembered
from align.training.train import short_texts, tiny_texts
from corpus.alignment.weights import read_weights
from corpus.base.files import write_atomically
from corpus.encoders import load_encoder
from corpus.quality.training import train_on_gold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from align import Weights
    from align.encoder import Encoder
    from align.training.study import Trained
    from align.training.train import Example

LENGTHS = {
    "whole": "whole",
    "in part": "whole",
    "cut": "whole, 5 % null beads",
    "faced": "whole, both sides lack runs",
    "plain": "10–14 beads",
    "short": "10–14 beads, a run lacking",
    "tiny": "1–5 beads",
}
"""What kinds of texts are called in the table; those of other kinds are not related."""
TYPES = ("1:1", "1:n", "n:1", "n:m")
PAIRS = (("zh", "en"), ("zh", "de"), ("de", "en"), ("ru", "en"))
BINS, DRAWS = 10, 400
ALL = "all"


class Judged(NamedTuple):
    """A bead that is not null."""

    name: str
    length: str
    kind: str
    score: float
    right: bool


def main() -> None:
    """Print both tables."""
    options = training_parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    options.add_argument("--foreign-only", action="store_true", help="do not train, only look at XQuAD-R")
    options.add_argument("--plot", type=Path, help="SVG of the reliability in whole texts to write")
    args = options.parse_args()
    encoder = load_encoder(args.encoder)
    if not args.foreign_only:
        trained = train_on_gold(
            [read_set(args.gold / name) for name in args.sets],
            encoder,
            recipe(args),
            left_out=args.left_out,
            made_by="bench/calibration.py",
            note=lambda line: print(line, flush=True),
        )
        print(json.dumps(trained.quality))
        print_held_out(trained)
        if args.plot:
            write_atomically(args.plot, draw(trained.scores, trained.right).encode())
    weights = read_weights(args.weights)
    print("\nBy the weights given, which nothing of these was trained on")
    print_table([one for pair in PAIRS for one in foreign(args.gold, pair, encoder, weights, args.seed)])


def print_held_out(trained: Trained) -> None:
    """Print the table of the texts left out of training."""
    print("\nEach text left out of weights, calibration and coefficients")
    print_table(
        [
            Judged(
                one.name, LENGTHS[one.kind], type_of(*STEPS[bead.kind].tolist()), float(score), bool(right)
            )
            for one, scores in left_out_scores(trained.held_out, trained.weights)
            if one.kind in LENGTHS
            for bead, score, right in zip(one.beads, scores, one.right, strict=True)
        ]
    )


def foreign(
    gold: Path, pair: tuple[str, str], encoder: Encoder, weights: Weights, seed: int
) -> Iterator[Judged]:
    """Align texts of XQuAD-R, whole and cut, and judge the beads."""
    remembered = Remembered(encoder)
    rng = np.random.default_rng([seed, 3])
    for example in read_xquad(gold / "xquad-r", pair, seed=seed):
        for length, one in cut(example, rng):
            beads = align(
                one.src, one.tgt, weights=weights, encoder=remembered, src_lang=pair[0], tgt_lang=pair[1]
            )
            known = {(bead.src, bead.tgt) for bead in one.gold}
            for bead in beads:
                if not bead.is_null:
                    kind, right = type_of(len(bead.src), len(bead.tgt)), (bead.src, bead.tgt) in known
                    yield Judged(f"xquad-r {'-'.join(pair)}", length, kind, bead.score, right)


def cut(example: Example, rng: np.random.Generator) -> Iterator[tuple[str, Example]]:
    """Yield a text, and short ones cut out of it, with what they are called."""
    yield LENGTHS["whole"], example
    yield from ((LENGTHS["plain"], one) for one in short_texts(example, rng, whole=True))
    yield from ((LENGTHS["short"], one) for one in short_texts(example, rng))
    yield from ((LENGTHS["tiny"], one) for _ in range(REPEATS) for one in tiny_texts(example, rng))


def type_of(src: int, tgt: int) -> str:
    """Name the type of a bead of so many sentences."""
    return ":".join("1" if size == 1 else "m" if k and src > 1 else "n" for k, size in enumerate((src, tgt)))


def print_table(rows: Sequence[Judged]) -> None:
    """Print a line for each set, length of text and type of bead, and for all of these."""
    print("set | text | beads' type | beads | mean score | share right | error | by chance | 95 % below")
    names = list(dict.fromkeys(row.name for row in rows))
    lengths = [
        length for length in dict.fromkeys(LENGTHS.values()) if any(row.length == length for row in rows)
    ]
    for name, length, kind in product([*names, *([ALL] if len(names) > 1 else [])], lengths, (ALL, *TYPES)):
        chosen = [
            row
            for row in rows
            if name in (row.name, ALL) and length == row.length and kind in (row.kind, ALL)
        ]
        if chosen:
            print(name, "|", length, "|", kind, "|", cell(chosen), flush=True)


def cell(rows: Sequence[Judged]) -> str:
    """Say how far the scores of some beads can be believed."""
    scores = np.array([row.score for row in rows])
    right = np.array([row.right for row in rows])
    error = calibration_error(scores, right, BINS)
    rng = np.random.default_rng(7)
    drawn = errors_by_chance(scores, rng, BINS, DRAWS)
    most = float(np.quantile(drawn, 0.95))
    return (
        f"{len(rows)} | {scores.mean():.3f} | {right.mean():.3f} | {error:.3f}{'*' if error > most else ''} | "
        f"{np.mean(drawn):.3f} | {most:.3f}"
    )


if __name__ == "__main__":
    main()
