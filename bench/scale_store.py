"""The store at size: ingest, add, look, of invented texts (`bench/invented.py`).

    python bench/scale_store.py --sizes 10000 100000 1000000

Each size runs in a process of its own, in a temporary folder. Reported are wall time, the peak of resident
memory, the size of the tables, and what adding 1,000 sentences to it takes, beside what building it took.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.invented import Press
from corpus.checking import check
from corpus.ingestion import ingest, remove
from corpus.reprints import update_reprints
from corpus.status import status
from corpus.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

MORE = 1000


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_one(sentences: int, folder: Path) -> dict[str, Any]:
    """Build a workspace of one size, add to it and look at it."""
    press = Press()
    documents = press.write(folder / "texts", sentences)
    more = press.write(folder / "more", MORE, start=documents)
    workspace = Workspace(folder / ".corpus")
    took: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        start, cpu = time.perf_counter(), time.process_time()
        yield
        took[name] = time.perf_counter() - start
        took[f"{name}_cpu"] = time.process_time() - cpu

    base = peak_mb()
    with timed("ingest"):
        ingest(workspace, [folder / "texts"])
    peak = peak_mb()
    state = workspace.state()
    with timed("again"):
        ingest(workspace, [folder / "texts"])
    with timed("add"):
        ingest(workspace, [folder / "more"])
    with timed("rm"):
        remove(workspace, [f"item-{documents + number:07d}" for number in range(more)])
    with timed("status"):
        status(workspace)
    with timed("check"):
        faults = check(workspace)
    with timed("reprints"):
        update_reprints(workspace)
    return {
        "sentences": state.rows("sentences"),
        "documents": documents,
        "base": base,
        "peak": peak,
        "peak_reprints": peak_mb(),
        "disk": sum(stored.bytes for stored in state.stored()),
        "segments": sum(len(table) for table in state.tables.values()),
        "state": (workspace.path / "workspace.json").stat().st_size,
        "reprints": workspace.state().rows("reprints"),
        "faults": len(faults),
        **took,
    }


def main() -> None:
    """Run every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one is not None:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(run_one(args.one, Path(folder))))
        return
    print(
        "| sentences | documents | ingest, ms a sentence | of CPU | peak MB | tables, bytes a sentence | segments"
        " | ingest again, s | add 1,000, s | of building | rm 50 documents, s | status, s | check, s"
        " | reprints, ms a sentence | of CPU | its peak MB |"
    )
    print("|" + "---:|" * 16)
    for size in args.sizes:
        command = [sys.executable, __file__, "--one", str(size)]
        ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        row = json.loads(ran.stdout)
        assert not row["faults"], row
        n = row["sentences"]
        print(
            f"| {n:,} | {row['documents']:,} | {1000 * row['ingest'] / n:.3f} "
            f"| {1000 * row['ingest_cpu'] / n:.3f} | {row['peak']:.0f} "
            f"| {row['disk'] / n:.0f} | {row['segments']} | {row['again']:.1f} | {row['add']:.2f} "
            f"| {row['add'] / row['ingest']:.2%} | {row['rm']:.2f} | {row['status']:.2f} | {row['check']:.1f} "
            f"| {1000 * row['reprints'] / n:.3f} "
            f"| {1000 * row['reprints_cpu'] / n:.3f} | {row['peak_reprints']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
