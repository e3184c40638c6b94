"""How long the pages of the studio take, warm, and how large they are.

    python bench/web.py [DOCUMENTS] [FOLDER]

Without a number: on the seeds. With one: on a workspace of so many invented documents (bench/invented.py), made in
FOLDER, and kept there for the next time. Each page is asked once, and then five times: the median is printed, what the
first one took, and bytes. Tables are of another page each time, so that no result that was kept is measured.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx

from bench.invented import SENTENCES, Press
from corpus import Corpus
from tests.corpus.web.serving import serving

RUNS = 5
SEEDS = (
    "/", "/search?q=local+industry&k={n}", "/search?q={word}", "/documents?page=1&x={n}", "/document/003", "/document/001",
    "/review", "/pair", "/mine", "/concordance?pattern={word}", "/words?min_count={n}", "/collocates?pattern={word}",
    "/terms?min_count={n}", "/timeline?pattern={word}", "/trace?pattern={word}", "/jobs", "/gloss?word={word}&lang=en",
)  # fmt: skip
WORDS = ("industry", "factories", "county", "people", "regional", "production", "policy")


def filled(count: int, folder: Path) -> Path:
    """Return a workspace of so many invented documents, made ready to search."""
    space = folder / ".corpus"
    corpus = Corpus(space)
    start = time.perf_counter()
    if (
        not corpus.workspace.exists() or len(corpus.documents().unique("doc_id")) < count
    ):  # goes on where it was
        Press().write(folder / "texts", count * SENTENCES)
        corpus.ingest(folder / "texts")
        print(f"read in {time.perf_counter() - start:.0f} s", flush=True)
    start = time.perf_counter()
    corpus.refresh(files=False)
    print(f"made ready in {time.perf_counter() - start:.0f} s", flush=True)
    return space


def pages_of(corpus: Corpus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the pages to ask, and words that stand in the texts."""
    documents = corpus.documents()
    if "003_ed76d6293c6aeeaa" in documents["doc_id"]:
        return SEEDS, WORDS
    bilingual = documents.filter(lang="zh")["doc_id"][7]
    alone = documents["doc_id"][len(documents) // 2]
    words = corpus.words(min_count=20, refresh=False)["word"].to_list()
    pages = tuple(
        page.replace("003", bilingual)
        .replace("001", alone)
        .replace("local+industry", "{word}+{word}")
        .replace("{n}", "{n}")
        for page in SEEDS
    )
    return pages, tuple(words[100:107])


def main() -> None:
    """Print a line a page."""
    with tempfile.TemporaryDirectory() as away:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else away)
        if len(sys.argv) > 1:
            space = filled(int(sys.argv[1]), folder)
        else:
            space = folder / ".corpus"
            Corpus(space).use_seeds()
            Corpus(space).refresh()
        pages, words = pages_of(Corpus(space))
        with serving(space) as opened:
            client = httpx.Client(base_url=opened.address.split("/?")[0], follow_redirects=True, timeout=600)
            start = time.perf_counter()
            client.get(opened.address)
            print(f"first page after {time.perf_counter() - start:.2f} s; imports are done", flush=True)
            opened.studio.prepare(600)
            for page in pages:
                times = []
                for run in range(RUNS + 1):
                    start = time.perf_counter()
                    response = client.get(page.format(word=words[run % len(words)], n=run + 2))
                    times.append(time.perf_counter() - start)
                median = statistics.median(times[1:])
                print(f"{page:34} {response.status_code} {median:7.3f} s, first {times[0]:6.3f} s, "
                      f"{len(response.content):7,} bytes", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
