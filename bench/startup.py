"""How long commands take from a cold shell, beside importing a library, run in turn so that noise hits both.

    python bench/startup.py [RUNS]

`corpus --help` beside polars; a search of the seeds, indexed before, beside sentence-transformers; two files of forty sentences,
aligned, beside polars and numpy. The files have been read once, so that what is compared is not the disk.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.align.chronicle import chronicle

CORPUS = str(Path(sys.executable).with_name("corpus"))
PAIRS = (
    ("corpus --help", [CORPUS, "--help"], "polars"),
    ("corpus similar", [CORPUS, "similar", "local industry"], "sentence_transformers"),
    ("corpus align", [CORPUS, "align", "a.zh.txt", "a.en.txt", "-o", "aligned.tsv"], "polars, numpy"),
    ("corpus similar, across languages", [CORPUS, "similar", "洪水灾后恢复"], "sentence_transformers"),
)


def seconds(command: list[str], folder: str) -> float:
    """Return the wall time of one run."""
    # As in a user's shell: what Python compiled is kept.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        command, check=True, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and the median of the ratios, pair by pair."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        events = chronicle(40, seed=40)
        for lang in ("zh", "en"):
            lines = "".join(getattr(event, lang) + "\n" for event in events)
            Path(folder, f"a.{lang}.txt").write_text(lines, encoding="utf-8")
        for name, command, library in PAIRS:
            beside = [sys.executable, "-c", f"import {library}"]
            seconds(command, folder), seconds(beside, folder)
            times = [(seconds(command, folder), seconds(beside, folder)) for _ in range(runs)]
            ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
            ratio = statistics.median(a / b for a, b in times)
            print(f"{name} {ours:.3f} s, import {library} {theirs:.3f} s; medians of {runs}; "
                  f"ratio, median of pairs: {ratio:.2f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
