"""Time and memory of aligning ever longer generated texts.

    python bench/align_scaling.py --sizes 5000 10000 20000 40000 80000

Texts are generated: sentences of made-up words, with 3 % of them merged and 2 % left out on either side. Each size runs in a
process of its own. With ``--search-only`` the embeddings are sums of random vectors that stand for words, so that the
programme is measured without the encoder; they are held in half precision before it begins, as it holds them itself. Seconds
of processors are the measure where other programmes run beside.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from align import Weights, align
from align.scoring.blocks import encode_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Role, Vectors
    from align.scoring.blocks import Halves

WEIGHTS = Path(__file__).resolve().parents[1] / "models" / "aligner" / "default.json"
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]


def generate(n: int, seed: int) -> tuple[list[str], list[str]]:
    """Two versions of a text of about n sentences: the same words, with sentences merged and left out."""
    rng = np.random.default_rng(seed)
    vocabulary = ["".join(rng.choice(SYLLABLES, size=rng.integers(1, 4))) for _ in range(20_000)]
    sides: tuple[list[str], list[str]] = ([], [])
    while min(len(sides[0]), len(sides[1])) < n:
        words = [vocabulary[int(20_000 * rng.random() ** 2)] for _ in range(rng.integers(6, 24))]
        chance = rng.random()
        for k, side in enumerate(sides):
            if not (0.01 * k <= chance < 0.01 * k + 0.01):
                side.append(" ".join(words).capitalize() + ".")
            if len(side) > 1 and 0.1 + 0.015 * k <= chance < 0.115 + 0.015 * k:
                side[-2:] = [" ".join(side[-2:])]
    return sides[0][:n], sides[1][:n]


class StandIn:
    """Random vectors that stand for words; those of sentences and blocks are sums of their words'."""

    def __init__(self, name: str, dim: int = 512) -> None:
        self.name, self.version, self.dim = name, "0", dim
        self.languages: tuple[str, ...] = ()
        self.licence = ""
        self._words: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed words."""
        del role, lang
        for word in texts:
            if word not in self._words:
                rng = np.random.default_rng(list(word.encode()))
                row = rng.standard_normal(self.dim, dtype=np.float32)
                self._words[word] = row / np.linalg.norm(row)
        return np.stack([self._words[word] for word in texts])

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed runs of sentences."""
        rows = [self.encode(text[:-1].lower().split(), lang=lang).sum(axis=0) for text in sentences]
        out = np.zeros((k, len(rows), self.dim), dtype=np.float32)
        total = np.zeros((len(rows), self.dim), dtype=np.float32)
        for size in range(min(k, len(rows))):
            total[size:] += np.stack(rows[: len(rows) - size])
            norms = np.linalg.norm(total[size:], axis=1, keepdims=True)
            out[size, size:] = total[size:] / np.maximum(norms, 1e-9)
        return out


def run_one(n: int, *, search_only: bool) -> dict[str, float]:
    """Align one pair and measure it."""
    weights = Weights.from_dict(json.loads(WEIGHTS.read_text(encoding="utf-8")))
    src, tgt = generate(n, seed=n)
    blocks: list[Halves | None] = [None, None]
    if search_only:
        encoder: Encoder = StandIn(weights.encoder)
        blocks = [
            encode_text(texts, encoder, weights.max_block, None, lambda _: None).exact for texts in (src, tgt)
        ]
    else:
        from corpus.encoders import load_encoder  # noqa: PLC0415 - only where it is needed

        encoder = load_encoder(weights.encoder)
        encoder.encode(["warm"])
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, busy = time.perf_counter(), time.process_time()
    beads = align(src, tgt, weights=weights, encoder=encoder, src_blocks=blocks[0], tgt_blocks=blocks[1])
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "sentences": n,
        "seconds": round(seconds, 2),
        "of processors": round(busy, 2),
        "peak MB": round(peak / 1024),
        "before MB": round(base / 1024),
        "beads": len(beads),
    }


def main() -> None:
    """Run every size in a fresh process; print the table and the exponents of growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 10000, 20000, 40000, 80000])
    parser.add_argument("--search-only", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(run_one(args.one, search_only=args.search_only)))
        return
    rows = []
    for n in args.sizes:
        command = [
            sys.executable,
            __file__,
            "--one",
            str(n),
            *(["--search-only"] if args.search_only else []),
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        print(rows[-1], flush=True)
    if len(rows) > 1:
        size = np.log([row["sentences"] for row in rows])
        for what in ("seconds", "of processors", "peak MB"):
            print(
                f"growth exponent of {what}: {np.polyfit(size, np.log([row[what] for row in rows]), 1)[0]:.2f}"
            )


if __name__ == "__main__":
    main()
