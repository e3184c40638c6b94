"""What checksums cost a search from a cold start: the processor's time in them, of all that the process takes.

    python bench/checksums.py [--runs 20] [--sentences 20000]

Each run is a process of its own that searches a workspace once, by words and by meaning, as `corpus similar` does. The
time in what compares checksums is taken inside it, so that neighbours on the machine do not count. Two states: files
that are known to be whole, files that have to be compared (the first use of a workspace, or after a copy). Where
the share is more than `MOST` for files that are known, status 1.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.invented import Press
from corpus.api.corpus import Corpus
from corpus.base import converted
from corpus.encoders import embedding_cache
from corpus.ingestion.ingest import ingest
from corpus.ingestion.seeds import ingest_seeds
from corpus.search.index import builder
from corpus.store import segments, verified, workspace
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 0.02
_PLACES = [
    (workspace, "ensure_whole"),
    (segments, "ensure_whole"),
    (builder, "ensure_whole"),
    (embedding_cache, "row_checksums"),
    (converted, "_read_list"),
    (converted, "_mark"),
]


def search(place: Path) -> None:
    """Search a workspace, and print the processor's time in checksums and in all."""
    spent = 0.0

    def timed(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any) -> Any:  # noqa: ANN401
            nonlocal spent
            start = time.process_time()
            try:
                return call(*args)
            finally:
                spent += time.process_time() - start

        return called

    for module, name in _PLACES:
        setattr(module, name, timed(getattr(module, name)))
    Corpus(place).search("local industry")
    print(spent, time.process_time())


def shares(place: Path, runs: int, *, known: bool) -> list[tuple[float, float]]:
    """Return time in checksums and in all, of so many processes."""
    found = []
    for _ in range(runs):
        if not known:
            (place / verified.NAME).unlink(missing_ok=True)
        ran = subprocess.run(
            [sys.executable, __file__, "--search", str(place)], capture_output=True, text=True, check=True
        )
        spent, whole = map(float, ran.stdout.split())
        found.append((spent, whole))
    return found


def main() -> int:
    """Print the shares; return 1 where one is too much."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument(
        "--sentences", type=int, default=20_000, help="of invented texts in the larger workspace"
    )
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search is not None:
        search(options.search)
        return 0
    failed = False
    with tempfile.TemporaryDirectory(prefix="checksums-") as name:
        folder = Path(name)
        small, large = Workspace(folder / "small"), Workspace(folder / "large")
        ingest_seeds(small)
        Press().write(folder / "texts", options.sentences)
        ingest(large, [folder / "texts"])
        for space, what in ((small, "seeds"), (large, f"{options.sentences} sentences")):
            Corpus(space.path).search("local industry")
            for known in (True, False):
                runs = shares(space.path, options.runs, known=known)
                share = statistics.median(spent / whole for spent, whole in runs)
                failed |= known and share > MOST
                state = "known to be whole" if known else "to be compared"
                spent, whole = (statistics.median(column) for column in zip(*runs, strict=True))
                print(
                    f"{what:>18}, {state:18} {1000 * spent:6.1f} ms of {1000 * whole:6.0f} ms: {share:.2%}",
                    flush=True,
                )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
