"""The whole of it at size: files in, sentences aligned, encoded, indexed, searched and counted.

    python bench/scale.py --sizes 100000 1000000 [--folder DIR] [--json FILE]

An invented archive (`bench/archive.py`) of each size is ingested and searched in a process of its own,
with the encoder `use`. Reported are wall time and processor time of all threads, a sentence; the peak of
resident memory; what is on disk; what adding 1,000 sentences takes; and, each in a cold shell, what the
commands that look take. Processor time is what to compare on a machine that others use, too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import Archive
from index_scale import peak_mb

from corpus.alignment.incremental import align_missing
from corpus.encoders import load_encoder
from corpus.ingestion.ingest import ingest, remove
from corpus.maintenance.status import status
from corpus.reuse.reprints import update_reprints
from corpus.search.index.builder import update_index
from corpus.search.searcher import open_searcher
from corpus.store.integrity import check
from corpus.store.workspace import EMBEDDINGS, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from align.encoder import Encoder, Role, Vectors

MORE = 1000
QUERIES = 40

# A process begins with the peak memory of the one that started it: so a small one starts the command.
_LAUNCHER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
ran = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": time.perf_counter() - start, "cpu": used.ru_utime + used.ru_stime,
                  "peak": used.ru_maxrss / 1024, "failed": ran.returncode != 0, "lines": ran.stdout.count(b"\\n")}))
"""


class Timed:
    """An encoder that notes how long it takes."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.version, self.dim = encoder.name, encoder.version, encoder.dim
        self.wall = self.cpu = 0.0

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Encode as the encoder does."""
        start, cpu = time.perf_counter(), time.process_time()
        vectors = self._encoder.encode(texts, role=role, lang=lang)
        self.wall += time.perf_counter() - start
        self.cpu += time.process_time() - cpu
        return vectors

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else the encoder has
        return getattr(self._encoder, name)


def processor_time() -> float:
    """Return the processor seconds of this process and all that it started, those that ended included."""
    parents: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                fields = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            used[int(process.name)] = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            parents.setdefault(int(fields[1]), []).append(int(process.name))
    total, waiting = 0.0, [os.getpid()]
    while waiting:
        process_id = waiting.pop()
        total += used.get(process_id, 0.0)
        waiting += parents.get(process_id, [])
    return total


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def command(name: str, *arguments: str) -> dict[str, Any]:
    """Run a command of the toolkit in a cold shell; return what it took."""
    corpus = str(Path(sys.executable).with_name("corpus"))
    measured = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, corpus, name, *arguments],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return {"command": name, **json.loads(measured.stdout)}


def run_one(count: int, folder: Path) -> dict[str, Any]:
    """Build a workspace of one size, look at it, and add to it."""
    archive = Archive(count + MORE)
    documents = archive.write(folder / "texts", count)
    more = archive.write(folder / "more", MORE)
    workspace = Workspace(folder / ".corpus")
    encoder = Timed(load_encoder("use"))
    took: dict[str, dict[str, float]] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        start, cpu = time.perf_counter(), time.process_time()
        within, within_cpu = encoder.wall, encoder.cpu
        yield
        wall, used = encoder.wall - within, encoder.cpu - within_cpu
        took[name] = {
            "seconds": time.perf_counter() - start - wall,
            "cpu": time.process_time() - cpu - used,
            "peak": peak_mb(),
        }
        if wall:
            took[f"{name}, encoding"] = {"seconds": wall, "cpu": used, "peak": peak_mb()}
        print(name, took[name], file=sys.stderr, flush=True)

    def build(what: str, texts: Path) -> None:
        with timed(f"{what}ingest"):
            ingest(workspace, [texts])
        with timed(f"{what}align"):
            align_missing(workspace, encoder=encoder)
        with timed(f"{what}index"):
            update_index(workspace, encoder)
        with timed(f"{what}reprints"):
            update_reprints(workspace)

    build("", folder / "texts")
    sentences = workspace.state().rows("sentences")
    with timed("status"):
        status(workspace)
    with timed("check"):
        faults = check(workspace)
    with timed("open"):
        searcher = open_searcher(workspace, encoder=encoder)
    answers = []
    searcher.find("local industry")
    for english in list(archive.dictionary)[:QUERIES]:
        start = time.perf_counter()
        found = searcher.find(english)
        answers.append((time.perf_counter() - start, len(found.hits)))
    where = ["--workspace", str(workspace.path)]
    word = next(iter(archive.dictionary))
    cold = [
        command("similar", word, *where),
        command("words", "--lang", "en", *where),
        command("words", "--lang", "zh", *where),
        command("collocates", word, *where),
        command("concordance", word, *where),
        command("timeline", word, *where),
        command("trace", word, *where),
        command("terms", *where),
    ]
    disk = {
        "tables": sum(stored.bytes for table in workspace.state().tables.values()
                      for segment in table for stored in segment.files()),
        "index": sum(stored.bytes for stored in workspace.state().files.values()),
        "embeddings": size_of(workspace.path / EMBEDDINGS),
        "texts": size_of(folder / "texts"),
    }  # fmt: skip
    with timed("ingest again"):
        ingest(workspace, [folder / "texts"])
    build("add: ", folder / "more")
    with timed("rm"):
        remove(workspace, [f"item-{documents + number:07d}" for number in range(more)])
    with timed("rm: index"):
        update_index(workspace, encoder)
    return {
        "sentences": sentences,
        "documents": documents,
        "beads": workspace.state().rows("beads"),
        "reprints": workspace.state().rows("reprints"),
        "faults": len(faults),
        "took": took,
        "warm": statistics.median(seconds for seconds, _ in answers),
        "warm_worst": max(seconds for seconds, _ in answers),
        "hits": statistics.mean(hits for _, hits in answers),
        "cold": cold,
        "disk": disk,
    }


BUILT = ("ingest", "align", "align, encoding", "index", "index, encoding", "reprints")


def report(rows: Sequence[dict[str, Any]]) -> str:
    """Return the tables of `docs/concepts/scale.md`."""
    heads = [f"{row['sentences']:,}" for row in rows]
    lines = [_line("", *heads), "|---|" + "---:|" * len(rows)]

    def each(name: str, value: Callable[[dict[str, Any]], str]) -> None:
        lines.append(_line(name, *(value(row) for row in rows)))

    def took(row: dict[str, Any], prefix: str, kind: str) -> float:
        return sum(row["took"].get(prefix + name, {}).get(kind, 0.0) for name in BUILT)

    for name in BUILT:
        each(
            f"{name}, ms of processor (of wall time) a sentence",
            lambda row, name=name: " ".join(
                template.format(1000 * row["took"].get(name, {}).get(kind, 0.0) / row["sentences"])
                for kind, template in (("cpu", "{:.3f}"), ("seconds", "({:.3f})"))
            ),
        )
    each("all of building, ms of processor (of wall time) a sentence", lambda row: (
        f"{1000 * took(row, '', 'cpu') / row['sentences']:.3f} "
        f"({1000 * took(row, '', 'seconds') / row['sentences']:.3f})"
    ))  # fmt: skip
    each("peak memory, MB", lambda row: f"{max(one['peak'] for one in row['took'].values()):,.0f}")
    for name in ("texts", "tables", "index", "embeddings"):
        each(f"{name} on disk, MB", lambda row, name=name: f"{row['disk'][name] / 1e6:,.0f}")
    each(f"adding {MORE:,}, s", lambda row: f"{took(row, 'add: ', 'seconds'):.1f}")
    each("… of building, processor (wall)", lambda row: (
        f"{took(row, 'add: ', 'cpu') / took(row, '', 'cpu'):.2%} "
        f"({took(row, 'add: ', 'seconds') / took(row, '', 'seconds'):.2%})"
    ))  # fmt: skip
    for name in ("ingest again", "status", "check", "open", "rm", "rm: index"):
        each(f"{name}, s", lambda row, name=name: f"{row['took'][name]['seconds']:.1f}")
    each("a warm search, median (worst), s", lambda row: f"{row['warm']:.2f} ({row['warm_worst']:.2f})")
    for place, one in enumerate(rows[0]["cold"]):
        each(f"corpus {one['command']}, s (MB)", lambda row, place=place: (
            "failed" if row["cold"][place]["failed"]
            else f"{row['cold'][place]['seconds']:.1f} ({row['cold'][place]['peak']:,.0f})"
        ))  # fmt: skip
    return "\n".join(lines)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Run every size and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="keep the texts and workspaces here")
    parser.add_argument("--json", type=Path, help="keep all figures in this file")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one is not None:
        print(json.dumps(run_one(args.one, args.folder)))
        return
    rows = []
    for size in args.sizes:
        with tempfile.TemporaryDirectory() as folder:
            place = args.folder / str(size) if args.folder else Path(folder)
            ran = subprocess.run(
                [sys.executable, __file__, "--one", str(size), "--folder", str(place)],
                check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        rows.append(json.loads(ran.stdout))
        if args.json:
            args.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(report(rows))


if __name__ == "__main__":
    main()
