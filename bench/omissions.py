"""Sentences left out of one side of short texts: how many of them are drawn into a bead, and into one that is believed.

    python bench/omissions.py --gold ../shared/gold [--weights FILE]

Short texts of 10 to 14 beads are cut out of the gold texts, and one to five neighbouring beads lose a side; paragraphs are
unknown. Counted is how many of the sentences left without a counterpart are drawn into a bead, and into one of score 0.5 or
more. The default weights were trained on mac-dev and text-berg, and on nothing of XQuAD-R. How far scores of such texts can be
believed, `calibration.py` says; texts that do not belong together, `unrelated.py` looks at.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from align_gold import parser, read_set, read_xquad

from align import align
from align.flags import LOW
from align.training.train import short_texts
from corpus.alignment.weights import read_weights
from corpus.encoders import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align import Bead
    from align.training.train import Example

Find: TypeAlias = "Callable[[Example], list[Bead]]"

PAIRS = (("zh", "en"), ("ru", "en"), ("de", "en"), ("zh", "de"))


def main() -> None:
    """Print the table."""
    options = parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    args = options.parse_args()
    weights, encoder = read_weights(args.weights), load_encoder(args.encoder)

    def find(one: Example) -> list[Bead]:
        langs = one.src_lang, one.tgt_lang
        return align(one.src, one.tgt, weights=weights, encoder=encoder, src_lang=langs[0], tgt_lang=langs[1])

    sets = {name: list(read_set(args.gold / name).examples) for name in args.sets}
    for pair in PAIRS:
        sets["xquad-r " + "-".join(pair)] = read_xquad(args.gold / "xquad-r", pair, seed=args.seed + 1)
    print("set | sentences left out on the other side | drawn in | at 0.5")
    for name, examples in sets.items():
        lone, held = judge(examples, find, np.random.default_rng([args.seed, 1]))
        drawn, believed = (
            sum(count for count, score in held if score >= least) / lone for least in (0.0, LOW)
        )
        print(f"{name} | {lone} | {drawn:.3f} | {believed:.3f}", flush=True)


def judge(
    examples: Sequence[Example], find: Find, rng: np.random.Generator
) -> tuple[int, list[tuple[int, float]]]:
    """Count sentences without a counterpart, and those that each bead holds; with its score."""
    alone, held = 0, []
    for one in (piece for example in examples for piece in short_texts(example, rng)):
        null = [bead for bead in one.gold if bead.is_null]
        lone = [{*chain.from_iterable(ids)} for ids in ([x.src for x in null], [x.tgt for x in null])]
        alone += sum(map(len, lone))
        held += [
            (len(lone[0] & {*bead.src}) + len(lone[1] & {*bead.tgt}), bead.score)
            for bead in find(one)
            if not bead.is_null
        ]
    return alone, held


if __name__ == "__main__":
    main()
