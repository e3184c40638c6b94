"""The index at size: recall and latency against exact search, file size, time to build and to add.

python bench/index_scale.py COUNT [--folder DIR] [--queries N]

Sentences are invented (`bench/topics.py`: topics, documents of twenty sentences, two languages) and really
encoded, with `use`; so vectors are clustered as a corpus's are, though what they say is nonsense. The
folder keeps the workspace with its embeddings, so that a second run need not encode again; remove its
other files to have the index made anew. Queries are sentences that are not in the index, of the same
topics, and half of them indexed sentences with a letter left out. Exact search is the
float32 product with every vector, by FAISS's flat index, timed in turn with the other.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np
import polars as pl
from topics import sentences

from corpus.documents.subcorpus import Selection
from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.search.index import vector_index
from corpus.search.index.builder import update_index
from corpus.search.passages import Passages
from corpus.search.searcher import Searcher
from corpus.store.schemas import SCHEMAS, text_id
from corpus.store.workspace import EMBEDDINGS, Workspace
from corpus.text.variants import shipped_variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ADDED = 1000
_PER_DOCUMENT = 20


@contextmanager
def timed(what: str, times: dict[str, float]) -> Iterator[None]:
    """Print and note how long a block takes."""
    start = time.perf_counter()
    yield
    times[what] = time.perf_counter() - start
    print(f"{what}: {times[what]:.1f} s (peak memory {peak_mb():.0f} MB)", flush=True)


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def put_tables(workspace: Workspace, texts: Sequence[tuple[str, str]]) -> None:
    """Make these sentences the workspace's, twenty of a language a document, documents of 1946 to 2025 in turn."""
    counts: dict[str, int] = {}
    documents_of: dict[tuple[str, int], int] = {}
    places = []
    for lang, _ in texts:
        number = counts[lang] = counts.get(lang, -1) + 1
        document = documents_of.setdefault((lang, number // _PER_DOCUMENT), len(documents_of))
        places.append((document, number % _PER_DOCUMENT))
    table = pl.DataFrame(
        {
            "doc_id": [f"d{document:07d}" for document, _ in places],
            "sentence": [sentence for _, sentence in places],
            "text": [text for _, text in texts],
            "text_id": [text_id(lang, text) for lang, text in texts],
            "lang": [lang for lang, _ in texts],
        }
    ).with_columns(
        version=0, paragraph=0, kind=pl.lit("text"), line=pl.col("sentence") + 1, start=pl.lit(0), end=pl.lit(1)
    )  # fmt: skip
    table = table.sort("doc_id", "sentence")
    first = table.unique("doc_id", keep="first", maintain_order=True)
    year = 1946 + first["doc_id"].str.slice(1).cast(pl.Int64) % 80
    versions = first.select("doc_id", "version", "lang", relation=pl.lit("original")).with_columns(
        date=year.cast(pl.String), date_basis=pl.lit("stated"),
        date_first=pl.date(year, 1, 1), date_last=pl.date(year, 12, 31),
    )  # fmt: skip
    documents = first.select("doc_id", file="doc_id").with_columns(seed=pl.lit(value=False))
    frames = {"documents": documents, "versions": versions, "sentences": table}
    with workspace.change() as change:
        for name, frame in frames.items():
            schema = SCHEMAS[name]
            missing = {
                column: pl.lit(None).cast(kind) for column, kind in schema.items() if column not in frame
            }
            change.put_table(name, frame.with_columns(**missing).select(schema.names()))


def median_ms(times: Sequence[float]) -> float:
    """Return the median of some seconds, in milliseconds."""
    return statistics.median(times) * 1000


def compare(searcher: Searcher, cache: EmbeddingCache, queries: np.ndarray) -> None:
    """Print recall and latency of the index's largest segment against exact search."""
    segment = searcher.segments[0]
    versions = searcher.passages.workspace.table("sentences").unique(
        "text_id", keep="first", maintain_order=True
    )
    ordered = pl.DataFrame({"text_id": segment.ids}).join(versions, on="text_id", maintain_order="left")
    langs = segment.langs.to_numpy()
    rows = np.empty(len(ordered), np.int64)
    for lang in np.unique(langs):
        chosen = np.flatnonzero(langs == lang)
        rows[chosen] = cache.rows(ordered["text"].gather(chosen).to_list(), lang=lang).rows
    exact = faiss.IndexFlatIP(cache.matrix.shape[1])
    for start in range(0, len(rows), 65_536):
        exact.add(cache.matrix[rows[start : start + 65_536]])
    slow: list[float] = []
    quick: list[float] = []
    recall: list[float] = []
    for query in queries:
        start_exact = time.perf_counter()
        _, truth = exact.search(query[None], 10)
        start_quick = time.perf_counter()
        slow.append(start_quick - start_exact)
        found = vector_index.nearest(segment.dense, query[None], 10)
        quick.append(time.perf_counter() - start_quick)
        recall.append(len(set(found.rows.tolist()) & set(truth[0].tolist())) / 10)
    assert segment.vectors is not None
    share = segment.vectors.stat().st_size / (len(segment.ids) * cache.matrix.shape[1] * 4)
    print(f"{vector_index.kind(segment.dense)}, {len(segment.ids)} vectors: recall@10 {np.mean(recall):.4f}, "
          f"median {median_ms(quick):.2f} ms, exact {median_ms(slow):.2f} ms, ratio of medians "
          f"{median_ms(slow) / median_ms(quick):.1f}, file {share:.1%} of float32", flush=True)  # fmt: skip


def whole_queries(searcher: Searcher, texts: Sequence[tuple[str, str]]) -> None:
    """Print how long whole searches take, warm."""
    kinds = {
        "hybrid": {}, "with --lang en": {"within": Selection(lang="en")}, "with --per-decade 10": {"per_decade": 10},
    }  # fmt: skip
    searcher.find(texts[0][1])
    for name, options in kinds.items():
        searcher.find(texts[0][1], **options)
        times = []
        for _, text in texts:
            start = time.perf_counter()
            found = searcher.find(" ".join(text.split()[:3]) if " " in text else text[:6], **options)
            times.append(time.perf_counter() - start)
        print(f"a warm search, {name}: median {median_ms(times):.0f} ms, worst {max(times) * 1000:.0f} ms "
              f"({len(found.hits)} results)", flush=True)  # fmt: skip


def run(workspace: Workspace, count: int, queries: int) -> None:
    """Build, measure, add, measure."""
    encoder = load_encoder("use")
    written = list(sentences(count + ADDED + queries))
    times: dict[str, float] = {}
    with timed("tables", times):
        put_tables(workspace, written[:count])
    cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
    with timed("vectors (0 where the folder has them)", times):
        for lang in ("zh", "en"):
            for part in _batches(written[:count], lang):
                cache.encode(part, lang=lang)
    with timed("index", times):
        update_index(workspace, encoder)
    with timed("open", times):
        update = update_index(workspace, encoder)
    searcher = Searcher(Passages(workspace.pin()), update.segments, "hybrid", encoder, shipped_variants(), 0)
    fresh = written[count + ADDED :]
    changed = [(lang, text[:-2] + text[-1]) for lang, text in written[: count : max(1, count // queries)]][
        :queries
    ]
    asked = [*fresh[: queries // 2], *changed[: queries // 2]]
    vectors = np.concatenate([encoder.encode([text], role="query", lang=lang) for lang, text in asked])
    compare(searcher, EmbeddingCache(workspace.path / EMBEDDINGS, encoder), vectors)
    whole_queries(searcher, fresh[:20])
    put_tables(workspace, written[: count + ADDED])
    with timed(f"adding {ADDED}, their encoding included", times):
        added = update_index(workspace, encoder)
    print(f"segments {[len(one.ids) for one in added.segments]}; adding took "
          f"{added_share(times):.2%} of making the index (vectors not counted)")  # fmt: skip


def added_share(times: dict[str, float]) -> float:
    """Return what adding cost beside making the index, where that was made in this run."""
    return times[f"adding {ADDED}, their encoding included"] / times["index"]


def _batches(written: Sequence[tuple[str, str]], lang: str) -> Iterator[list[str]]:
    chosen = [text for code, text in written if code == lang]
    for start in range(0, len(chosen), 20_000):
        yield chosen[start : start + 20_000]


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int)
    parser.add_argument("--folder", type=Path, help="keep the workspace here")
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp())
    try:
        run(Workspace(folder / ".corpus"), options.count, options.queries)
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
