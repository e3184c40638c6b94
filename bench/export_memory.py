"""Peak memory of exports, by format, of invented workspaces of one size and of twice that.

    python bench/export_memory.py [--beads 40000] [--formats tsv,html,…]

Each export runs in a process of its own; its peak is the resident set's, in MiB, as the system counts it.
What an export needs besides the interpreter and its libraries should not grow with the number of beads.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

from corpus.documents.pair_selection import PairFilter
from corpus.export.export import export_pairs
from corpus.store.schemas import frame
from corpus.store.workspace import Workspace
from corpus.writers.base import formats

_PER_DOCUMENT = 200
FORMATS = "tsv,csv,json,jsonl,ids,parquet,xlsx,docx,html,tei,vertical,texts,tmx,xliff,moses,xces,intertext"


def invented(folder: Path, count: int) -> Workspace:
    """Return a workspace of so many beads, 1:1, in documents of 200 sentences a side."""
    workspace = Workspace(folder / ".corpus")
    for first in range(0, count // _PER_DOCUMENT, 50):
        tables: dict[str, list[dict[str, object]]] = {
            name: [] for name in ("documents", "versions", "sentences", "beads")
        }
        for number in range(first, min(first + 50, count // _PER_DOCUMENT)):
            doc_id = f"d{number:06}"
            tables["documents"].append(
                {"doc_id": doc_id, "file": f"{doc_id}.txt", "fingerprint": doc_id, "seed": False}
            )
            for version, lang in enumerate(("en", "fr")):
                tables["versions"].append(
                    {"doc_id": doc_id, "version": version, "lang": lang, "title": f"Title {number}"}
                )
                for k in range(_PER_DOCUMENT):
                    text = f"Sentence {k} of document {number} in {lang}, with a number of words that is usual in the press of today."
                    tables["sentences"].append({
                        "doc_id": doc_id, "version": version, "sentence": k, "paragraph": k // 4, "kind": "paragraph",
                        "text": text, "line": k + 1, "start": 100 * k, "end": 100 * k + len(text),
                        "text_id": number * 1000 + k * 2 + version,
                    })  # fmt: skip
            tables["beads"] += [
                {"doc_id": doc_id, "bead": k, "src_version": 0, "tgt_version": 1, "src_ids": [k], "tgt_ids": [k],
                 "score": 0.9, "flags": [], "aligner": "made"}
                for k in range(_PER_DOCUMENT)
            ]  # fmt: skip
        with workspace.change() as change:
            for name, rows in tables.items():
                change.add(name, frame(name, rows))
    return workspace


def export(
    path: Path, out: Path, form: str, wanted: PairFilter, answer: multiprocessing.Queue[tuple[float, float]]
) -> None:
    """Export once; answer with the peak in MiB and the processor's seconds."""
    endings = formats()[form].endings
    before = time.process_time()
    export_pairs(
        Workspace(path),
        out / f"p.{endings[0]}" if endings else out / "p",
        form,
        wanted=wanted,
    )
    answer.put((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time() - before))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beads", type=int, default=40_000)
    parser.add_argument("--formats", default=FORMATS)
    asked = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        places = {}
        for count in (asked.beads, 2 * asked.beads):
            (Path(folder) / str(count)).mkdir()
            places[count] = invented(Path(folder) / str(count), count).path
        heads = [f"{count:,} beads" for count in places]
        print(
            f"| format | {heads[0]}: MiB | {heads[1]}: MiB | seconds of processor for {heads[1]} |\n|---|---|---|---|"
        )
        for form in [*asked.formats.split(","), "tsv --dedup"]:
            told: list[tuple[float, float]] = []
            for path in places.values():
                with tempfile.TemporaryDirectory(dir=folder) as out:
                    answer: multiprocessing.Queue[tuple[float, float]] = spawn.Queue()
                    name, _, dedup = form.partition(" ")
                    worker = spawn.Process(
                        target=export, args=(path, Path(out), name, PairFilter(dedup=bool(dedup)), answer)
                    )
                    worker.start()
                    told.append(answer.get())
                    worker.join()
            print(f"| {form} | {told[0][0]:.0f} | {told[1][0]:.0f} | {told[1][1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
