"""Speed and accuracy beside a peer from PyPI, with the same encoder.

    .venv/bin/pip install '.[bench]'
    python bench/align_peers.py --sizes 1000 2000 5000
    python bench/align_peers.py --sizes --gold ../shared/gold

`sentweave` is Vecalign's dynamic programme (Thompson and Koehn, EMNLP 2019) as a package; it encodes every run of 1 to 8
sentences as a text of its own. Bertalign encodes those of 1 to 4 or more and searches after that: the time that encoding
1 to 4 takes is a floor for it. It is not on every index and brings torch and numba, so only the floor is measured. Where sentweave is not installed, the floor is measured beside this aligner alone.

Texts are an invented chronicle in Chinese and English (`tests/align/chronicle.py`), every 25th event joined to the one before
on the Chinese side, every 50th left out on the English side. Times are from texts to beads, in one process, one after the other,
the encoder warm. The weights that ship were trained on the gold sets: how they do on texts left out is in their provenance.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from align_gold import read_set

from align import Bead, Scores, align, evaluate
from corpus.alignment.weights import shipped_weights
from corpus.encoders import load_encoder
from tests.align.chronicle import chronicle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from align.encoder import Encoder, Role, Vectors

FLOOR = 4  # sentences of the longest run that Bertalign encodes for beads of up to five


class Timed:
    """An encoder that adds up the seconds spent in it."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.version, self.dim = encoder.name, encoder.version, encoder.dim
        self.languages, self.licence = encoder.languages, encoder.licence
        self.seconds = 0.0

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts."""
        start = time.perf_counter()
        out = self._encoder.encode(list(texts), role=role, lang=lang)
        self.seconds += time.perf_counter() - start
        return out

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed runs of sentences."""
        start = time.perf_counter()
        out = self._encoder.encode_blocks(sentences, k, lang=lang)
        self.seconds += time.perf_counter() - start
        return out


def texts(n: int) -> tuple[list[str], list[str]]:
    """About n sentences a side."""
    events = chronicle(n + n // 20, seed=n)
    src: list[str] = []
    for k, event in enumerate(events):
        if k % 25 == 24:
            src[-1] = src[-1].removesuffix("。") + "；" + event.zh
        else:
            src.append(event.zh)
    return src[:n], [event.en for k, event in enumerate(events) if k % 50 != 49][:n]


def ours(src: Sequence[str], tgt: Sequence[str], encoder: Encoder) -> list[Bead]:
    """Beads of this aligner."""
    return align(src, tgt, weights=shipped_weights(), encoder=encoder)


def sentweave(src: Sequence[str], tgt: Sequence[str], encoder: Encoder) -> list[Bead]:
    """Beads of the peer, with its defaults."""
    import sentweave as peer  # noqa: PLC0415 - not installed with the product

    found = peer.align(src, tgt, encoder=encoder)
    return [
        Bead(tuple(map(int, one.src_indices)), tuple(map(int, one.tgt_indices))) for one in found.alignments
    ]


ALIGNERS: dict[str, Callable[[Sequence[str], Sequence[str], Encoder], list[Bead]]] = {"ours": ours}
if find_spec("sentweave") is not None:
    ALIGNERS["sentweave"] = sentweave


def overlaps(sentences: Sequence[str], joint: str) -> list[str]:
    """Every run of 1 to FLOOR sentences, as texts."""
    return [
        joint.join(sentences[i : i + size])
        for size in range(1, FLOOR + 1)
        for i in range(len(sentences) - size + 1)
    ]


def speed(n: int, encoder: Encoder) -> None:
    """Print a row of the table of times."""
    src, tgt = texts(n)
    seconds = {}
    encoding = {}
    for name, aligner in ALIGNERS.items():
        timed = Timed(encoder)
        start = time.perf_counter()
        aligner(src, tgt, timed)
        seconds[name] = time.perf_counter() - start
        encoding[name] = timed.seconds
    start = time.perf_counter()
    encoder.encode(overlaps(src, ""))
    encoder.encode(overlaps(tgt, " "))
    floor = time.perf_counter() - start
    cells = [f"{seconds[name]:.1f} ({encoding[name] / seconds[name]:.0%})" for name in ALIGNERS]
    times = [*list(seconds.values())[1:], floor]
    ratios = [f"{one / seconds['ours']:.1f}x" for one in times]
    print(f"| {n:,} | {' | '.join([*cells, f'{floor:.1f}', *ratios])} |", flush=True)


def accuracy(folder: Path, encoder: Encoder) -> None:
    """Print strict and lax F1 on a gold set."""
    totals = {name: Scores() for name in ALIGNERS}
    for one in read_set(folder).examples:
        for name, aligner in ALIGNERS.items():
            totals[name] += evaluate(one.gold, aligner(one.src, one.tgt, encoder))
    cells = [f"{total.strict.f1:.3f} / {total.lax.f1:.3f}" for total in totals.values()]
    print(f"| {folder.name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="*", default=[1000, 2000, 5000], help="sentences a side")
    options.add_argument("--gold", type=Path, help="folder of gold sets, to compare on these, too")
    options.add_argument("--sets", nargs="+", default=["mac-dev", "text-berg"], help="names of sets in it")
    options.add_argument("--encoder", default="use")
    args = options.parse_args()
    encoder = load_encoder(args.encoder)
    for name, aligner in ALIGNERS.items():  # load and warm what is done once
        print(f"warm: {name}, {len(aligner(*texts(50), encoder))} beads", file=sys.stderr)
    if args.sizes:
        peers = list(ALIGNERS)[1:]
        timed = [f"{name}, s (encoding)" for name in ALIGNERS]
        columns = [
            *timed,
            f"overlaps 1-{FLOOR} alone, s",
            *(f"{name} : ours" for name in (*peers, "overlaps")),
        ]
        print(f"| sentences a side | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
        for n in args.sizes:
            speed(n, encoder)
    if args.gold:
        print(f"\n| strict / lax F1 | {' | '.join(ALIGNERS)} |\n|---|---|---|")
        for name in args.sets:
            accuracy(args.gold / name, encoder)


if __name__ == "__main__":
    main()
