"""Sentences left out of one side, texts that do not belong together, and scores in short texts: one table.

    python bench/omissions.py --gold ../shared/gold [--weights FILE] [--pairs 200]

Short texts of 10 to 14 beads are cut out of the gold texts, and one to five neighbouring beads lose a side; paragraphs are
unknown. Counted is how many of the sentences left without a counterpart are drawn into a bead, and into one of score 0.5 or
more. Unrelated texts are of one to five sentences each. The default weights were trained on mac-dev and
text-berg, and on nothing of XQuAD-R.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from align_gold import parser, read_set, read_xquad

from align import align, calibration_error, coverage
from align.flags import LOW
from align.training.train import short_texts, tiny_texts
from corpus.alignment.weights import read_weights
from corpus.encoders import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from align import Bead
    from align.training.train import Example

Judged: TypeAlias = tuple[str, float, bool]
Cut: TypeAlias = "Callable[[Example, np.random.Generator], list[Example]]"
Find: TypeAlias = "Callable[[Sequence[str], Sequence[str], Example], list[Bead]]"

CHANCE = 0.2
"""What unrelated texts should not score above."""
PAIRS = (("zh", "en"), ("ru", "en"), ("de", "en"), ("zh", "de"))


def main() -> None:
    """Print the table."""
    options = parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    options.add_argument("--pairs", type=int, default=200, help="unrelated pairs of texts a set")
    args = options.parse_args()
    weights, encoder = read_weights(args.weights), load_encoder(args.encoder)

    def find(src: Sequence[str], tgt: Sequence[str], like: Example) -> list[Bead]:
        langs = like.src_lang, like.tgt_lang
        return align(src, tgt, weights=weights, encoder=encoder, src_lang=langs[0], tgt_lang=langs[1])

    sets = {name: list(read_set(args.gold / name).examples) for name in ("mac-dev", "text-berg")}
    for pair in PAIRS:
        sets["xquad-r " + "-".join(pair)] = read_xquad(args.gold / "xquad-r", pair, seed=args.seed + 1)
    print(
        "set | orphans | drawn in | at 0.5 | ECE short | ECE tiny | unrelated: greatest, above 0.2, coverage"
    )
    for name, examples in sets.items():
        rng = np.random.default_rng([args.seed, 1])
        short, orphans, held = judge(examples, short_texts, find, rng)
        tiny, *_ = judge(examples, tiny_texts, find, rng)
        strange = unrelated(examples, find, args.pairs, rng)
        believed = sum(count for count, (_, score, _) in zip(held, short, strict=True) if score >= LOW)
        print(
            f"{name} | {orphans} | {sum(held) / orphans:.3f} | {believed / orphans:.3f} | {error(short)} | {error(tiny)} | "
            f"{strange[:, 0].max():.3f}, {(strange[:, 0] > CHANCE).mean():.3f}, {strange[:, 1].mean():.3f}"
        )
        for kind in ("1:1", "1:n", "n:m"):
            rows = [row for row in short + tiny if row[0] == kind]
            print(f"    {kind}: {len(rows)} beads, ECE {error(rows)}", flush=True)


def judge(
    examples: Sequence[Example], cut: Cut, find: Find, rng: np.random.Generator
) -> tuple[list[Judged], int, list[int]]:
    """Kind, score and verdict of all beads; sentences without a counterpart, and how many of them each bead holds."""
    out: list[Judged] = []
    orphans, held = 0, []
    for one in (piece for example in examples for piece in cut(example, rng)):
        gold = {(bead.src, bead.tgt) for bead in one.gold}
        lone = [
            {*chain.from_iterable(side)} for side in zip(*(x for x in gold if not all(x)), strict=True)
        ] or [set(), set()]
        orphans += sum(map(len, lone))
        for bead in find(one.src, one.tgt, one):
            if not bead.is_null:
                kind = "1:1" if bead.kind == "1:1" else "1:n" if "1" in bead.kind else "n:m"
                out.append((kind, bead.score, (bead.src, bead.tgt) in gold))
                held.append(len(lone[0] & {*bead.src}) + len(lone[1] & {*bead.tgt}))
    return out, orphans, held


def unrelated(
    examples: Sequence[Example], find: Find, pairs: int, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Greatest score, and coverage, of pairs of texts of one to five sentences: shape (pairs, 2)."""
    out = []
    for _ in range(pairs):
        k, other = rng.choice(len(examples), 2, replace=False)
        sides = []
        for text in (examples[k].src, examples[other].tgt):
            size = int(rng.integers(1, 6))
            start = int(rng.integers(0, len(text) - size + 1))
            sides.append(text[start : start + size])
        beads = find(sides[0], sides[1], examples[k])
        out.append((max(bead.score for bead in beads), coverage(beads)))
    return np.array(out)


def error(rows: list[Judged]) -> str:
    """Give the expected calibration error."""
    return f"{calibration_error([x for _, x, _ in rows], [x for *_, x in rows]):.3f}" if rows else "–"


if __name__ == "__main__":
    main()
