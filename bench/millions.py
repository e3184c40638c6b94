"""Ten million on one machine: what a workspace costs to build, to add to, to search, to count and to check.

    python bench/millions.py --base 1000000 --copies 9 --folder DIR [--more 100000] [--keep]

A million sentences (`--base`) are invented (`bench/topics.py`) and a workspace is made of them: tables, word counts,
index, reprints. Then all its rows and files are copied (`--copies`) under other ids: the texts of a copy are
those of the first, under a `text_id` and `doc_id` of their own, its signatures in buckets of their own. So what is
looked up, scanned, sorted and mapped has the size of ten million; that its words are no more than a million's
it does not have of ten. What is measured is measured at both sizes in the same run, each in a process of its own:
searching, counting, checking, adding a day of 1,000, and building `--more` sentences on top, which is what a
sentence costs at that size. `--step fill:240000` makes an index of several parts, in this process and by others; `--step ids:10000000`
finds a thousand new sentences among so many drawn ids, once as a change does, and three times and both ways.

Vectors are drawn: of each sentence, that of one of 20,000 really encoded ones in its language, chosen by its
letters, and noise of three quarters of its length. They are clustered as real ones, and mean nothing. Those of
the copies are in the index, not in the folder of embeddings.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import zlib
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scale import MORE, command, processor_time, size_of
from topics import sentences

from corpus.documents.word_counts import count_words, put_counts
from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.execution.executor import executor_named
from corpus.execution.processes import Processes
from corpus.reuse.reprints import _compared, _put_run, _runs, update_reprints
from corpus.search.index import builder, segment, vector_index
from corpus.search.index.builder import update_index
from corpus.search.index.differences import without
from corpus.search.index.encoding import encode
from corpus.search.searcher import open_searcher
from corpus.store import transaction
from corpus.store.integrity import check
from corpus.store.paragraphs import paragraph_rows
from corpus.store.schemas import SCHEMAS, frame, text_id
from corpus.store.workspace import EMBEDDINGS, Workspace
from corpus.text import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from align.encoder import Encoder, Role, Vectors

POOL = 10_000  # really encoded sentences of a language
NOISE = 0.75
BATCH = 50_000
QUERIES = ("local industry", "steel", "工厂", "农业生产", "reports from the north", "工人", "machine", "提高",
           "province", "改进了")  # fmt: skip
COMMANDS = (("similar", "steel"), ("timeline", "工厂"), ("words", "--lang", "zh"), ("status",))
_SIXTY_THREE = (1 << 63) - 1


class Drawn:
    """Vectors drawn around real ones; of queries, those of `use`, whose name and version it has."""

    def __init__(self, folder: Path) -> None:
        self._queries: Encoder = load_encoder("use")
        self.name, self.version, self.dim = "use", self._queries.version, self._queries.dim
        self._pools = {}
        for lang in ("zh", "en"):
            file = folder / f"pool-{lang}.npy"
            if not file.exists():
                texts = [text for code, text in sentences(3 * POOL, seed=9) if code == lang][:POOL]
                np.save(file, self._queries.encode(texts, role="passage", lang=lang))
            self._pools[lang] = np.load(file)
        noise = np.random.default_rng(0).normal(size=(4096, self.dim)).astype(np.float32)
        self._noise = NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Return a vector a text, of length 1."""
        if role == "query":
            return self._queries.encode(texts, role=role, lang=lang)
        keys = np.array([(zlib.crc32(text.encode()), zlib.adler32(text[::-1].encode())) for text in texts])
        keys = keys.reshape(-1, 2)
        pool = self._pools[lang or "en"]
        found = pool[keys[:, 0] % len(pool)] + self._noise[keys[:, 1] % len(self._noise)]
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever else the encoder has
        return getattr(self._queries, name)


def memory() -> dict[str, float]:
    """Return the most memory that this process held, and what it holds of its own and of mapped files, in MB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    values = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmHWM", "Rss"))}
    return {name: int(value) / 1024 for name, value in values.items() if name != "RssShmem"}


@contextmanager
def timed(what: str, sentences_done: int = 0) -> Iterator[None]:
    """Print what a block takes."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    told = {"what": what, "wall": round(wall, 2), "cpu": round(used, 2)}
    if sentences_done:
        told["ms a sentence"] = round(1000 * used / sentences_done, 4)
    print(json.dumps(told | {name: round(value) for name, value in memory().items()}), flush=True)


def put(workspace: Workspace, first: int, count: int) -> None:
    """Add sentences to the tables, twenty a document, from a number of document on."""
    written = sentences(count, seed=100 + first)
    number = first
    while batch := list(islice(written, BATCH)):
        rows: list[dict[str, Any]] = []
        versions, documents, counts = [], [], []
        for start in range(0, len(batch), 20):
            part, doc_id, year = batch[start : start + 20], f"d{number:08d}", 1946 + number % 80
            number += 1
            lang = part[0][0]
            rows += [
                {"doc_id": doc_id, "version": 0, "sentence": place, "paragraph": place // 5, "kind": "text", "text": text,
                 "line": place + 1, "start": 200 * place, "end": 200 * place + len(text), "text_id": text_id(lang, text)}
                for place, (_, text) in enumerate(part)
            ]  # fmt: skip
            versions.append({"doc_id": doc_id, "version": 0, "lang": lang, "relation": "original", "date": str(year),
                             "date_basis": "stated"})  # fmt: skip
            documents.append(
                {"doc_id": doc_id, "file": f"{doc_id}.txt", "fingerprint": doc_id, "seed": False}
            )
            counts.append({"doc_id": doc_id, "version": 0, "fingerprint": doc_id} | count_words(part))
        table = frame("sentences", rows)
        dated = frame("versions", versions).with_columns(
            date_first=pl.date(pl.col("date").cast(pl.Int32), 1, 1),
            date_last=pl.date(pl.col("date").cast(pl.Int32), 12, 31),
        )
        with workspace.change() as change:
            put_counts(change, [], frame("counts", counts))
            change.add("documents", frame("documents", documents))
            change.add("versions", dated)
            change.add("sentences", table)
            change.add("paragraphs", paragraph_rows(table.lazy()).collect())


def build(workspace: Workspace, encoder: Drawn, first: int, count: int, what: str) -> None:
    """Add sentences and do all that is then to be done."""
    with timed(f"{what}: tables and word counts", count):
        put(workspace, first, count)
    with timed(f"{what}: index, vectors drawn", count):
        update_index(workspace, encoder)
    with timed(f"{what}: reprints", count):
        update_reprints(workspace)


def copy_all(workspace: Workspace, copies: int, first: int = 1) -> None:
    """Add copies of all that is there, under other ids, which their numbers make, from the first on."""
    transaction._GRACE = 86_400.0  # what is copied is read longer than a replaced file is kept
    original = workspace.pin()
    state = original.state()
    is_indexed = "removed" in state.files
    numbers = [int(name[5:]) for name in state.files if name.startswith("rows-")]
    mask = {copy: (0x9E3779B97F4A7C15 * copy) & _SIXTY_THREE for copy in range(first, first + copies)}

    def moved(name: str, copy: int) -> pl.LazyFrame:
        rows = original.scan(name)
        columns = SCHEMAS[name]
        if "doc_id" in columns:
            rows = rows.with_columns(pl.col("doc_id") + f"-{copy}")
        if name == "counts":  # of the document of this name
            rows = rows.with_columns(fingerprint="doc_id")
        if name == "documents":
            rows = rows.with_columns(fingerprint="doc_id", file=pl.col("doc_id") + ".txt")
        return rows.with_columns(
            pl.col(one) ^ pl.lit(mask[copy], pl.Int64) for one in ("text_id", "other") if one in columns
        )

    for copy, other in mask.items():
        for name in ("documents", "versions", "paragraphs", "sentences", "counts", "reprints"):
            with workspace.change() as change:
                change.add(name, moved(name, copy).collect())
        if not is_indexed:
            continue
        signed = moved("minhashes", copy).collect()
        bands = signed["bands"]
        known = bands.is_not_null()
        values = bands.filter(known).to_numpy() ^ np.uint32(0x9E3779B9 * copy & 0xFFFFFFFF)
        ids = signed["text_id"].filter(known).to_numpy()
        told = pl.DataFrame({"text_id": ids, "bands": pl.Series(values, dtype=SCHEMAS["minhashes"]["bands"])})
        with workspace.change() as change:
            change.add("minhashes", pl.concat([told, signed.filter(~known)]))
            _put_run(change, _runs(workspace), ids, values)
            for number in numbers:
                _copy_segment(workspace, change, number, other, number + 1000 * copy)
        print(json.dumps({"what": "copied", "copy": copy}), flush=True)
    if not is_indexed:
        return
    rows = workspace.scan("sentences").select(pl.col("text_id").n_unique()).collect().item()
    with workspace.change() as change:
        made = builder._Builder(workspace, change, None, None, tokens.version(None))
        made._put_removed(np.empty(0, np.int64), rows)


def note_compared(workspace: Workspace) -> None:
    """Have all texts count as too short to be compared, so that nothing is compared before it is counted."""
    update_reprints(Workspace(workspace.path / "none"))
    made_by = Workspace(workspace.path / "none").state().about["reprints"]
    shutil.rmtree(workspace.path / "none")
    ids = workspace.scan("sentences").select(pl.col("text_id").unique()).collect()
    bands = pl.lit(None, SCHEMAS["minhashes"]["bands"])
    with workspace.change() as change:
        change.put_table("minhashes", ids.with_columns(bands=bands))
        change.note("reprints", made_by)
        change.note("buckets", {"texts": 0})
        change.note("compared", _compared(change.before, len(ids)))


def fill(workspace: Workspace, encoder: Drawn, count: int) -> None:
    """Make an index of several parts in this process, and by two others (bench/executors.py counts theirs)."""
    put(workspace, 0, count)
    pinned = workspace.pin()
    encode(pinned, builder._to_encode(pinned, encoder, tokens.version(None)), encoder, None, None)
    for name, executor in (("here", None), ("by two processes", Processes(2))) * 2:
        every = processor_time()
        with timed(f"parts made {name}", count):
            update_index(workspace, encoder, executor=executor)
        print(json.dumps({"processor time of all": round(processor_time() - every, 1)}), flush=True)
        with workspace.change() as change:
            for file in change.before.files:
                if file.startswith(("rows-", "index-", "removed")):
                    change.drop_file(file)


def _copy_segment(workspace: Workspace, change: Any, number: int, other: int, new: int) -> None:  # noqa: ANN401
    folder = workspace.file(f"rows-{number:06d}")
    index = workspace.file(f"index-{number:06d}")
    assert folder is not None
    assert index is not None
    about = workspace.state().about
    target = change.new_path(f"rows-{new:06d}", "", about[f"rows-{number:06d}"])
    shutil.copytree(folder, target)
    rows = pl.read_parquet(folder / "rows.parquet").with_columns(pl.col("text_id") ^ pl.lit(other, pl.Int64))
    rows.write_parquet(target / "rows.parquet")
    shutil.copyfile(index, change.new_path(f"index-{new:06d}", "faiss", about[f"index-{number:06d}"]))


def search(workspace: Workspace, encoder: Drawn, executor: str | None) -> None:
    """Open a searcher, and ask."""
    with timed("search: open and the first"):
        searcher = open_searcher(workspace, encoder=encoder, refresh=False, executor=executor_named(executor))
        searcher.find(QUERIES[0])
    for name in ("search: warm", "search: warm, again"):
        walls, cpus = [], []
        for query in QUERIES:
            start, cpu = time.perf_counter(), time.process_time()
            searcher.find(query)
            walls.append(time.perf_counter() - start)
            cpus.append(time.process_time() - cpu)
        told = {
            "what": name,
            "median": statistics.median(walls),
            "worst": max(walls),
            "median cpu": statistics.median(cpus),
        }
        print(json.dumps(told | memory()), flush=True)


def recall(workspace: Workspace, encoder: Drawn) -> None:
    """Compare the ten nearest, merged over all segments, with an exact search of all vectors."""
    segments = open_searcher(workspace, encoder=encoder, refresh=False).segments
    cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
    texts = [(lang, text[:-3] + text[-2:]) for lang, text in sentences(4000, seed=77)][::40]
    asked = np.concatenate([encoder.encode([text], lang=lang) for lang, text in texts])
    best = np.full((len(asked), 10), -1.0, np.float32)
    for start in range(0, len(cache), 100_000):
        scores = asked @ np.array(cache.matrix[start : start + 100_000]).T
        best = -np.sort(-np.concatenate([best, scores], axis=1), axis=1)[:, :10]
    held = []
    for query, exact in zip(asked, best, strict=True):
        found = np.concatenate([vector_index.nearest(one.dense, query[None], 10).scores for one in segments])
        # Eight bits a number change a cosine in the third digit: a row is one of the ten by its exact score.
        rows = np.concatenate(
            [
                vector_index.nearest(one.dense, query[None], 10).rows + 10_000_000 * place
                for place, one in enumerate(segments)
            ]
        )[np.argsort(-found)[:10]]
        exact_scores = _exact(workspace, cache, segments, rows, query)
        held.append(np.mean(exact_scores >= exact[-1] - 1e-6))
    told = {"what": "recall@10 of exact, merged", "recall": float(np.mean(held)), "queries": len(asked),
            "vectors": len(cache), "segments": [len(one.ids) for one in segments]}  # fmt: skip
    print(json.dumps(told), flush=True)


def _exact(workspace: Workspace, cache: EmbeddingCache, segments: Any, rows: Any, query: Vectors) -> Vectors:  # noqa: ANN401
    ids = [int(segments[row // 10_000_000].ids[row % 10_000_000]) for row in rows.tolist()]
    held = workspace.scan("sentences").filter(pl.col("text_id").is_in(ids)).unique("text_id").collect()
    langs = {
        int(segments[row // 10_000_000].ids[row % 10_000_000]): segments[row // 10_000_000].langs[
            row % 10_000_000
        ]
        for row in rows.tolist()
    }
    texts = dict(held.select("text_id", "text").iter_rows())
    vectors = [cache.encode([texts[one]], lang=langs[one]).vectors[0] for one in ids]
    return np.array(vectors) @ query


def checked(workspace: Workspace) -> None:
    """Verify a workspace."""
    with timed("check"):
        faults = check(workspace)
    print(json.dumps({"what": "faults", "faults": [str(fault)[:200] for fault in faults[:3]]}), flush=True)


def disk(workspace: Workspace) -> None:
    """Print what is on disk, by kind."""
    state = workspace.state()
    kinds = {
        name: sum(one.bytes for segment in table for one in segment.files())
        for name, table in state.tables.items()
    }
    for name, stored in state.files.items():
        kind = name.split("-")[0]
        kinds[kind] = kinds.get(kind, 0) + stored.bytes
    kinds["embeddings"] = size_of(workspace.path / EMBEDDINGS)
    told = {"what": "disk, MB", "sentences": state.rows("sentences")}
    print(json.dumps(told | {name: round(size / 1e6) for name, size in kinds.items()}), flush=True)


def compare_ids(folder: Path, count: int) -> None:
    """Find a day's sentences among ids, as `corpus.search.index.differences` does."""
    held, day = np.split(np.random.default_rng(1).integers(-(2**62), 2**62, count + 1000), [count])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "ids.parquet"
    pl.DataFrame({"text_id": np.concatenate([held, day])}).write_parquet(file)
    for times, what in ((1, "once"), (3, "three times, both ways")):
        with timed(f"comparing ids {what}", count):
            for _ in range(times):
                wanted = (
                    pl.scan_parquet(file).select(pl.col("text_id").unique()).collect().to_series().to_numpy()
                )
                assert len(without(wanted, held)) == len(day)
                assert times == 1 or not len(without(held, wanted))
    file.unlink()


def step(name: str, options: argparse.Namespace) -> None:
    """Do one thing of all, in this process."""
    if options.base < segment.FULL:  # the parts of a smaller base are full, too, and are left as they are
        for module in (segment, builder):
            vars(module)["FULL"] = options.base
    workspace = Workspace(options.folder / options.workspace)
    kind, _, size = name.partition(":")
    if kind == "disk":
        disk(workspace)
    elif kind == "check":
        checked(workspace)
    elif kind == "copy":
        with timed("copying"):
            copy_all(workspace, options.copies)
    elif kind == "ids":
        compare_ids(options.folder, int(size))
    elif kind == "compared":
        note_compared(workspace)
    elif kind == "tables":
        first, count = map(int, size.split(","))
        with timed(f"{kind} and word counts", count):
            put(workspace, first, count)
    else:
        encoder = Drawn(options.folder)
        first, _, count = size.rpartition(",")
        steps: dict[str, Callable[[], None]] = {
            "fill": lambda: fill(workspace, encoder, int(count)),
            "search": lambda: search(workspace, encoder, options.executor),
            "recall": lambda: recall(workspace, encoder),
        }
        steps.get(kind, lambda: build(workspace, encoder, int(first), int(count), kind))()


def stages(options: argparse.Namespace) -> None:
    """Run one step after the other."""
    options.folder.mkdir(parents=True, exist_ok=True)
    settings = ["--base", str(options.base), "--copies", str(options.copies), "--folder", str(options.folder)]

    def run(name: str, workspace: str = ".corpus") -> None:
        print(json.dumps({"step": name}), flush=True)
        told = [*settings, "--workspace", workspace, "--step", name]
        subprocess.run([sys.executable, __file__, *told], check=False)

    looked = ("disk", "check") if options.tables else ("disk", "search", "check")
    asked = COMMANDS[2:] if options.tables else COMMANDS

    def measure() -> None:
        for name in looked:
            run(name)
        where = ["--workspace", str(options.folder / ".corpus")]
        for words in asked:
            print(json.dumps(command(words[0], *words[1:], *where)), flush=True)

    documents = -(-options.base // 20)
    more = (f"a day:{documents},{MORE}", f"more:{documents + 1000},{options.more}")
    for name in (f"tables:0,{options.base}", "copy") if options.tables else ():
        run(name)
        run("compared")
        measure()
    if options.tables:
        return
    run(f"base:0,{options.base}")
    measure()
    # What is added must not be copied, too.
    shutil.copytree(options.folder / ".corpus", options.folder / "more")
    for name in (*more, "recall"):
        run(name, "more")
    shutil.rmtree(options.folder / "more")
    run("copy")
    measure()
    for name in (*more, "disk"):
        run(name)


def main() -> None:
    """Read the options and run every step in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, default=9)
    parser.add_argument(
        "--more", type=int, default=100_000, help="sentences that are built on top of each size"
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--keep", action="store_true", help="do not remove the folder")
    parser.add_argument("--tables", action="store_true", help="tables only: nothing is indexed or searched")
    parser.add_argument("--executor", help="whose actors hold the parts of the index, with --step search")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--workspace", default=".corpus", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step, options)
        return
    stages(options)
    if not options.keep:
        shutil.rmtree(options.folder)


if __name__ == "__main__":
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    main()
