"""Passages moved to another place: how many are found across, and how many are found where none was moved.

    python bench/moved.py --gold ../shared/gold [--sets mac-dev text-berg] [--weights FILE]

Each gold text is taken as it is, with sentences left out of both sides, with two neighbouring passages of two to six beads
exchanged on one side every forty beads, with a passage of one to three beads moved to the end, and with its halves
exchanged. Counted are beads with the flag ``moved``: those whose sides gold has as counterparts (share some with) and those it
has not, and how many of the moved sentences of the source are in a bead with their counterparts. The default weights were trained
on mac-dev and text-berg, and on nothing of XQuAD-R.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from align_gold import parser, read_set, read_xquad

from align import Bead, align
from align.training.train import cut_sentences
from corpus.alignment.weights import read_weights
from corpus.encoders import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from align import Weights
    from align.encoder import Encoder
    from align.training.train import Example

PAIRS = (("zh", "en"), ("ru", "en"), ("de", "en"), ("zh", "de"))


def main() -> None:
    """Print the table."""
    options = parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    args = options.parse_args()
    weights, encoder = read_weights(args.weights), load_encoder(args.encoder)
    sets = {name: list(read_set(args.gold / name).examples) for name in args.sets if name != "xquad-r"}
    if "xquad-r" in args.sets:
        for pair in PAIRS:
            sets["xquad-r " + "-".join(pair)] = read_xquad(args.gold / "xquad-r", pair, seed=args.seed + 1)
    print("set | what was done | sentences | beads found across | wrong | per 1,000 | moved sentences found")
    for name, examples in sets.items():
        for what, change in CHANGES.items():
            row = np.zeros(5, dtype=np.int64)
            for k, example in enumerate(examples):
                row += judge(*change(example, np.random.default_rng([args.seed, k])), weights, encoder)
            total, across, wrong, moved, found = row.tolist()
            share = f"{found}/{moved}" if moved else "–"
            print(
                f"{name} | {what} | {total} | {across} | {wrong} | {1000 * wrong / total:.2f} | {share}",
                flush=True,
            )


def judge(example: Example, moved: set[int], weights: Weights, encoder: Encoder) -> np.ndarray:
    """Count sentences, beads found across, wrong ones; source sentences that were moved, and those found."""
    beads = align(
        example.src, example.tgt, weights=weights, encoder=encoder, src_lang=example.src_lang,
        tgt_lang=example.tgt_lang, moved=True,
    )  # fmt: skip
    partners: dict[int, set[int]] = {}
    for bead in example.gold:
        for i in bead.src:
            partners.setdefault(i, set()).update(bead.tgt)

    def true(bead: Bead) -> bool:
        return any(not partners.get(i, set()).isdisjoint(bead.tgt) for i in bead.src)

    across = [bead for bead in beads if "moved" in bead.flags]
    found = {
        i
        for bead in beads
        if not bead.is_null
        for i in bead.src
        if not partners.get(i, set()).isdisjoint(bead.tgt)
    }
    return np.array(
        [
            len(example.src) + len(example.tgt), len(across), sum(not true(bead) for bead in across),
            len(moved), len(moved & found),
        ]
    )  # fmt: skip


def as_is(example: Example, rng: np.random.Generator) -> tuple[Example, set[int]]:
    """Leave a text as it is."""
    del rng
    return example, set()


def cut(example: Example, rng: np.random.Generator) -> tuple[Example, set[int]]:
    """Leave a seventh of the sentences out, of one side or the other."""
    return cut_sentences(example, 0.15, rng), set()


def exchanged(example: Example, rng: np.random.Generator) -> tuple[Example, set[int]]:
    """Exchange neighbouring passages on the target side; the shorter one counts as moved."""
    order = list(range(len(example.gold)))
    moved: set[int] = set()
    for start in range(10, len(order) - 20, 40):
        a, b = (int(size) for size in rng.integers(2, 7, 2))
        first, second = order[start : start + a], order[start + a : start + a + b]
        order[start : start + a + b] = second + first
        moved |= set(min(first, second, key=len))
    return _ordered(example, order, moved)


def to_the_end(example: Example, rng: np.random.Generator) -> tuple[Example, set[int]]:
    """Move passages to the end of the target: notes that the source has in its text."""
    order = list(range(len(example.gold)))
    moved: set[int] = set()
    for start in range(10, len(order) - 20, 40):
        moved |= set(range(start, start + int(rng.integers(1, 4))))
    return _ordered(example, [k for k in order if k not in moved] + sorted(moved), moved)


def halves(example: Example, rng: np.random.Generator) -> tuple[Example, set[int]]:
    """Exchange the halves of the target; the second counts as moved."""
    del rng
    half = (len(example.gold) + 1) // 2
    order = list(range(len(example.gold)))
    return _ordered(example, order[half:] + order[:half], set(order[half:]))


def _ordered(example: Example, order: list[int], moved: set[int]) -> tuple[Example, set[int]]:
    """Put the target sides of gold beads into another order; give the source sentences of the moved beads."""
    tgt: list[str] = []
    gold: dict[int, Bead] = {}
    for k in order:
        bead = example.gold[k]
        gold[k] = Bead(bead.src, tuple(range(len(tgt), len(tgt) + len(bead.tgt))))
        tgt += [example.tgt[j] for j in bead.tgt]
    lost = {i for k in moved if example.gold[k].tgt for i in example.gold[k].src}
    return replace(example, tgt=tuple(tgt), gold=tuple(gold[k] for k in range(len(gold)))), lost


CHANGES: dict[str, Callable[[Example, np.random.Generator], tuple[Example, set[int]]]] = {
    "as it is": as_is,
    "a seventh left out": cut,
    "neighbours exchanged": exchanged,
    "moved to the end": to_the_end,
    "halves exchanged": halves,
}


if __name__ == "__main__":
    main()
