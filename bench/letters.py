"""What keeping the letters of an index costs and saves: the same queries with them, and by reading all texts.

    python bench/letters.py --sizes 100000 200000 400000

Sentences are invented (`bench/topics.py`), and so are their vectors, which cost nothing here and are as many and
as long as those of `use`. Each size is indexed in a process of its own. Queries are whole searches, warm: words
of either language, names and phrases; each is asked with the letters and without, in turn. Times are of the
processor, all threads, so that a busy machine measures the same.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from index_scale import put_tables
from topics import sentences, vocabulary

from corpus.encoders import load_encoder
from corpus.search.index.builder import update_index
from corpus.search.index.letters import write_letters
from corpus.search.lexical_match import match
from corpus.search.passages import Passages
from corpus.search.query import read_query
from corpus.search.searcher import Searcher
from corpus.store.workspace import Workspace
from corpus.text.languages import detect_language
from corpus.text.variants import shipped_variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Role, Vectors

QUERIES = 40


class Invented:
    """Vectors of texts by their letters: clustered, and of no meaning; of queries, those of `use`."""

    def __init__(self) -> None:
        self._queries: Encoder = load_encoder("use")
        self.name, self.version, self.dim = "use", "invented", self._queries.dim
        self._table = np.random.default_rng(0).normal(size=(4096, self.dim)).astype(np.float32)

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Return a vector a text, of length 1."""
        if role == "query":
            return self._queries.encode(texts, role=role, lang=lang)
        keys = np.array([[zlib.crc32(text[i::3].encode()) % 4096 for i in range(3)] for text in texts])
        found = self._table[keys.reshape(-1, 3)].sum(axis=1)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else the encoder has
        return getattr(self._queries, name)


def most_mb() -> float:
    """Return the most memory that this process has held, without what the one that started it held."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def run(count: int, folder: Path) -> None:
    """Index so many sentences; print what the letters take and save."""
    workspace, encoder = Workspace(folder / ".corpus"), Invented()
    put_tables(workspace, list(sentences(count)))
    start = time.perf_counter()
    segments = update_index(workspace, encoder).segments
    building = time.perf_counter() - start
    place = folder / "again"
    place.mkdir()
    start, cpu = time.perf_counter(), time.process_time()
    for segment in segments:
        write_letters(place, segment.folded.gather(np.arange(len(segment.folded))))
    own, own_cpu = time.perf_counter() - start, time.process_time() - cpu
    files = [file for segment in segments for file in segment.folder.iterdir()]
    letters = sum(file.stat().st_size for file in files if file.name.startswith("letters"))
    print(f"{count:,} sentences: letters {letters / 1e6:.1f} MB of the index's words {sum(f.stat().st_size for f in files) / 1e6:.1f} MB; "
          f"making them {own:.1f} s ({own_cpu:.1f} s of processor) of {building:.1f} s", flush=True)  # fmt: skip
    subprocess.run([sys.executable, __file__, "--ask", str(folder)], check=True)


def ask(folder: Path) -> None:
    """Time warm queries on what was indexed, in a process that did not index it."""
    workspace, encoder = Workspace(folder / ".corpus"), Invented()
    searcher = Searcher(
        Passages(workspace.pin()), update_index(workspace, encoder).segments, "hybrid", encoder,
        shipped_variants(), 0,
    )  # fmt: skip
    words = vocabulary()
    rare = [
        one
        for name in ("en", "zh", "en-place", "zh-place")
        for one in words[name][:: len(words[name]) // QUERIES]
    ]
    queries = [
        *rare[:: len(rare) // QUERIES][:QUERIES],
        "local industry",
        "地方工业",
        "金化",
        "was improved",
        "比上年增长",
    ]
    searcher.find("warm up")
    searcher.find("热身")
    print(f"  memory before reading any text: {most_mb():.0f} MB (peak)")
    kept = [(segment, segment.letters) for segment in searcher.segments]
    took: dict[str, list[float]] = {"letters": [], "reading": []}
    matching: dict[str, list[float]] = {"letters": [], "reading": []}
    for query in queries:
        found = {}
        for way, times in took.items():
            for segment, letters in kept:
                segment.__dict__["letters"] = letters if way == "letters" else None
            read = read_query(query, detect_language(query), lambda _: 0, shipped_variants())
            start = time.process_time()
            match(searcher.segments, read)
            matching[way].append(time.process_time() - start)
            start = time.process_time()
            found[way] = searcher.find(query).hits
            times.append(time.process_time() - start)
        assert found["letters"].equals(found["reading"]), query
        if len(took["letters"]) == 1:
            print(f"  memory: {most_mb():.0f} MB (peak, all texts read once)")
    ratio = statistics.median(a / b for a, b in zip(took["letters"], took["reading"], strict=True))
    for way, times in took.items():
        print(f"  by {way}, processor: median {statistics.median(times):.3f} s, worst {max(times):.3f} s; of that "
              f"looking for letters and words {statistics.median(matching[way]):.4f} s")  # fmt: skip
    print(f"  ratio, median of pairs: {ratio:.2f}", flush=True)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask is not None:
        ask(options.ask)
    elif options.one is not None:
        with tempfile.TemporaryDirectory() as folder:
            run(options.one, Path(folder))
    else:
        for size in options.sizes:
            subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)


if __name__ == "__main__":
    main()
