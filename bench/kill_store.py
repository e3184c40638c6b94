"""Kill a workspace's writers at random moments, and see that nothing is lost.

    python bench/kill_store.py --kills 200

A folder of invented texts (`bench/invented.py`) grows: files are added, changed, moved, and put in each other's
place. Processes ingest it, remove documents, review beads, align and index, in small batches so that each makes many changes, and are killed
(SIGKILL) at a random moment of their work. After each kill the workspace must open, `corpus check` must find
nothing wrong, and every document that was there must be there as it was, or as the killed process was asked
to make it. In the end each command runs once undisturbed, and the workspace must hold what a new one
does that is made from the same files.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from bench.invented import Press
from corpus.alignment import batches, incremental
from corpus.base.files import digest
from corpus.documents.word_counts import word_counts
from corpus.encoders import load_encoder
from corpus.ingestion import ingest
from corpus.maintenance.status import status
from corpus.quality.reviews import Review, record
from corpus.reuse import reprints
from corpus.search.index import builder, segment
from corpus.store import segments
from corpus.store.integrity import check
from corpus.store.workspace import Workspace
from corpus.text.languages import detect_language

ACTIONS = ("ingest", "ingest", "ingest", "rm", "review", "align", "index", "reprints")


def work(action: str, folder: Path, doc_ids: list[str]) -> None:
    """Do one thing to the workspace in a folder; what the killed processes run."""
    # Small batches and early merges: many changes a second, so that kills meet every stage of one.
    ingest._BATCH_FILES = 3
    batches._BATCH = 30
    segments._FAN = 3
    segments._SMALL = 64
    for module in (segment, builder):
        vars(module)["FULL"] = 100
    reprints._BATCH, reprints._LOOKED_UP = 60, 100
    workspace = Workspace(folder / ".corpus")
    encoder = load_encoder("use") if action in ("align", "index") else None
    if action == "ingest":
        detect_language("It takes a second to unpack its model, in which nothing is written.")
    print("ready", flush=True)
    if action == "ingest":
        ingest.ingest(workspace, [folder / "texts"])
    elif action == "rm":
        ingest.remove(workspace, doc_ids)
    elif action == "review":
        for number, doc_id in enumerate(doc_ids):
            texts = f"A text of {doc_id}, {random.random()}", "What it was translated to."
            record(workspace, [Review(doc_id, *texts, right=number % 3 > 0)])
    elif action == "reprints":
        reprints.update_reprints(workspace)
    elif encoder is not None and action == "align":
        incremental.align_missing(workspace, encoder=encoder)
    elif encoder is not None:
        builder.update_index(workspace, encoder)


class Trial:
    """A workspace that is worked on and killed."""

    def __init__(self, folder: Path, seed: int, actions: tuple[str, ...]) -> None:
        self.folder = folder
        self.actions = actions
        self.random = random.Random(seed)
        self.press = Press(seed)
        self.written = 0
        self.took = dict.fromkeys(ACTIONS, 0.5)
        self.kills: Counter[str] = Counter()
        self.grow(20)

    def grow(self, count: int) -> None:
        """Add files; change one, move one, and exchange two."""
        texts = self.folder / "texts"
        self.press.write(texts, 20 * count, start=self.written)
        self.written += count
        files = sorted(texts.rglob("*.txt"))
        changed, moved, one, other = self.random.sample(files, 4)
        changed.write_text(changed.read_text("utf-8") + "\nA sentence that was added to it later.\n", "utf-8")
        place = texts / f"moved-{self.random.randrange(10)}" / moved.name
        place.parent.mkdir(exist_ok=True)
        moved.rename(place)
        aside = one.with_suffix(".part")
        one.rename(aside)
        other.rename(one)
        aside.rename(other)

    def reviews(self) -> set[str]:
        """Return the ids of the reviews."""
        return set(Workspace(self.folder / ".corpus").table("reviews")["review"])

    def contents(self, workspace: Path | None = None) -> dict[str, tuple[str, int]]:
        """Return what each document holds: the digest of its file, and how many sentences."""
        pinned = Workspace(workspace or self.folder / ".corpus").pin()
        counts = pinned.scan("sentences").group_by("doc_id").len()
        rows = (
            pinned.scan("documents").join(counts, on="doc_id", how="left").select("doc_id", "content", "len")
        )
        return {doc_id: (content, count) for doc_id, content, count in rows.collect().iter_rows()}

    def words(self, gone: set[str], workspace: Path | None = None) -> list[tuple[str, int]]:
        """Return the digest of the file of each document, and how many words are counted in it.

        As commands ask for them: what is not counted under its document's fingerprint is counted then.
        """
        pinned = Workspace(workspace or self.folder / ".corpus").pin()
        documents = pinned.scan("documents").filter(~pl.col("doc_id").is_in(list(gone)))
        versions = pinned.scan("versions").select("doc_id", "version", "lang")
        parts = (
            pinned.scan("sentences")
            .select("doc_id", "version", "quoted")
            .unique()
            .join(versions, on=["doc_id", "version"])
            .with_columns(lang=pl.coalesce("quoted", "lang"))
            .sort("doc_id", "version", "quoted")
            .collect()
        )
        counts = word_counts(pinned, parts).join(documents, on="doc_id")
        return sorted(counts.group_by("content").agg(pl.col("words").sum()).collect().iter_rows())

    def start(self, action: str, doc_ids: list[str]) -> subprocess.Popen[str]:
        """Start a process, and wait until it is about to work."""
        command = [sys.executable, __file__, "--work", action, str(self.folder), *doc_ids]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def finish(self, action: str) -> None:
        """Let a process do its work undisturbed."""
        process = self.start(action, [])
        began = time.perf_counter()
        assert process.wait() == 0, f"{action} failed"
        self.took[action] = time.perf_counter() - began
        self.verify()

    def kill(self) -> None:
        """Kill a process at work, and see that nothing is lost."""
        action = self.random.choice(self.actions)
        before = self.contents()
        reviews = self.reviews()
        count = {"rm": 2, "review": 9}.get(action, 0)
        chosen = self.random.sample(sorted(before), min(count, len(before)))
        doomed = chosen if action == "rm" else []
        process = self.start(action, chosen)
        began = time.perf_counter()
        time.sleep(self.random.uniform(0, 1.1 * self.took[action]))
        process.kill()
        if process.wait() == 0:
            self.took[action] = time.perf_counter() - began
        else:
            self.kills[action] += 1
        after = self.contents()
        self.verify()
        assert reviews <= self.reviews(), f"a review is lost by {action}"
        known = self.digests()
        for doc_id, held in before.items():
            now = after.get(doc_id)
            if now is None:
                assert doc_id in doomed, f"{doc_id} is lost by {action}"
            elif now != held:
                assert action == "ingest", f"{doc_id} is another by {action}"
                assert now[0] in known, f"{doc_id} is no file's"

    def digests(self) -> set[str]:
        """Return the digests of the files."""
        return {digest(file.read_bytes()) for file in (self.folder / "texts").rglob("*.txt")}

    def verify(self) -> None:
        """See that nothing is wrong with the workspace."""
        faults = check(Workspace(self.folder / ".corpus"))
        assert not faults, faults

    def end(self) -> None:
        """Go on undisturbed, and compare with a workspace that was made at once."""
        for action in dict.fromkeys(self.actions):
            if action not in ("rm", "review"):
                self.finish(action)
        fresh = Workspace(self.folder / "fresh" / ".corpus")
        ingest.ingest(fresh, [self.folder / "texts"])
        # A file that was moved and changed at once is another: the document it was is kept.
        documents = Workspace(self.folder / ".corpus").table("documents")
        places = documents.select("doc_id", "file").iter_rows()
        gone = {doc_id for doc_id, file in places if file is None or not (self.folder / file).exists()}
        held = [content for doc_id, content in self.contents().items() if doc_id not in gone]
        assert sorted(held) == sorted(self.contents(fresh.path).values())
        assert self.words(gone) == self.words(gone, fresh.path)
        state = Workspace(self.folder / ".corpus").state()
        signed = reprints._signed(Workspace(self.folder / ".corpus"))
        assert "reprints" not in self.actions or state.about["buckets"] == {"texts": len(signed)}
        found = status(Workspace(self.folder / ".corpus"))
        assert "align" not in self.actions or not found.unaligned, found
        assert "index" not in self.actions or not found.unindexed, found


def run(
    kills: int, *, seed: int = 1, actions: tuple[str, ...] = ACTIONS, report: bool = False
) -> Counter[str]:
    """Kill so many processes; return how many of each kind. AssertionError if anything is lost."""
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    try:
        trial = Trial(folder, seed, actions)
        trial.finish("ingest")
        while trial.kills.total() < kills:
            if trial.random.random() < 0.4:
                trial.grow(trial.random.randint(2, 10))
            trial.kill()
            if report and trial.kills.total() % 20 == 0:
                print(f"{trial.kills.total()} kills, {len(trial.contents())} documents", flush=True)
        trial.end()
        return trial.kills
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run the trial, or one piece of work in it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        action, folder, *doc_ids = args.work
        work(action, Path(folder), doc_ids)
        return
    kills = run(args.kills, seed=args.seed, report=True)
    print(f"killed {kills.total()} processes ({dict(kills)}): nothing lost, nothing wrong, and all went on")


if __name__ == "__main__":
    main()
