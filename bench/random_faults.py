"""Damage, kill and fill the disk at random, and see that a workspace says so, mends, and answers as before.

    python bench/random_faults.py --minutes 60
    python bench/random_faults.py --minutes 5 --seed 7 --faults "damage" "kill"

A workspace of the seeds and of invented events is at one of its stages (being ingested, aligned, indexed, grown).
Something happens to it: files are damaged, a process that goes on with it is killed (SIGKILL) or finds the disk full,
or two of these, the repair itself being killed or out of room among them. Then `check` must name what is damaged, and
nothing else; `repair` must mend it, or say that it is beyond it; and after the stages that are left, a fixed set of
queries must find what it finds in a workspace that nothing happened to. Reviews must be there, or said to be lost.

The full disk is a small tmpfs, which takes root; without it that fault is left out, and the end says so.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus import Corpus
from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError, CorpusWarning
from corpus.base.resources import seeds_dir
from corpus.encoders import load_encoder
from corpus.ingestion.ingest import ingest
from corpus.maintenance.repair import check, repair
from corpus.quality.reviews import Review, document_beads, list_reviews, record
from corpus.search.index.builder import update_index
from corpus.store.workspace import Workspace
from tests.align.chronicle import chronicle
from tests.conftest import SEEDS

FAULTS = (
    "damage",
    "damage",
    "kill",
    "full disk",
    "kill, then damage",
    "full disk, then damage",
    "damage, then kill of the repair",
    "damage, then full disk of the repair",
)
HOW = ("flipped", "truncated", "empty", "missing", "zeros", "another's", "longer", "noise")
UNNAMED = ("lock", "verified")  # nothing rests on them
STAGES = ("ingest", "align", "index", "ingest more", "align more", "index more", "end")
_ROOM = 400_000_000
_REFUSED = 3


def work(action: str, root: Path, place: Path) -> int:
    """Go on with a workspace; what the killed processes run. 3 if it was refused with a message."""
    workspace = Workspace(place)
    encoder = load_encoder("use")
    print("ready", flush=True)
    try:
        do(action, root, workspace, encoder)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return _REFUSED
    return 0


def do(action: str, root: Path, workspace: Workspace, encoder: object) -> None:
    """Run a stage, or a repair."""
    if action == "repair":
        repair(workspace, check(workspace))
    elif action.startswith("ingest"):
        ingest(workspace, [root / "texts", *([root / "more"] if action != "ingest" else [])])
    elif action.startswith("align"):
        align_missing(workspace, encoder=encoder)  # type: ignore[arg-type]
    else:
        update_index(workspace, encoder)  # type: ignore[arg-type]


def answers(place: Path) -> list[object]:
    """Return what a fixed set of queries finds, by words and by meaning."""
    found: list[object] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CorpusWarning)
        for query, mode in (("工业", "lexical"), ("local industry", "hybrid"), ("代表团", "hybrid")):
            hits = Corpus(place).search(query, mode=mode, details=True)
            found += hits.select("doc_id", "lang", "line", "text", "score", "bm25", "translation").rows()
    return found


def _verdicts(workspace: Workspace) -> list[tuple[object, ...]]:
    """Return what was said of which beads; their scores change as they are aligned anew."""
    return sorted(list_reviews(workspace).select("review", "doc_id", "right").rows(), key=repr)


def damage(file: Path, how: str, rng: random.Random, others: list[Path]) -> bool:
    """Damage a file; return whether it is another than it was."""
    data = file.read_bytes()
    if how == "missing":
        file.unlink()
        return True
    at = rng.randrange(len(data)) if data else 0
    made = {
        "flipped": data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :] if data else b"",
        "truncated": data[:at],
        "empty": b"",
        "zeros": data[:at] + bytes(min(4096, len(data) - at)) + data[at + 4096 :],
        "another's": rng.choice(others).read_bytes() if others else b"",
        "longer": data + data[:at],
        "noise": rng.randbytes(len(data)),
    }[how]
    file.write_bytes(made)
    return made != data


class Trial:
    """A workspace at each of its stages, and what it answers in the end."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random = root, random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.disk = root / "disk"
        self.disk.mkdir()
        self.mounted = self._mount()
        self.place = self.disk / ".corpus"
        self.encoder = load_encoder("use")
        self._write_texts()
        self.took: dict[str, float] = {"repair": 2.0}
        workspace = Workspace(self.place)
        for stage in STAGES[:-1]:
            self._keep(stage)
            began = time.perf_counter()
            do(stage, root, workspace, self.encoder)
            self.took[stage] = time.perf_counter() - began
            if stage == "index":
                self._review(workspace)
        self._keep("end")
        self.right = answers(self.place)
        self.reviews = _verdicts(workspace)
        if len(self.right) < 6 or not self.reviews:
            msg = "the queries find nothing: there is nothing to compare"
            raise RuntimeError(msg)

    def _mount(self) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "tmpfs", str(self.disk)]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            return False

    def close(self) -> None:
        """Unmount the disk."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.disk)], check=False)

    def _write_texts(self) -> None:
        texts, more = self.root / "texts", self.root / "more"
        texts.mkdir()
        more.mkdir()
        for name in SEEDS.values():
            shutil.copy(seeds_dir() / name, texts / name)
        events = chronicle(24, seed=8)
        for number in range(12):
            two = events[2 * number : 2 * number + 2]
            text = "".join(event.zh for event in two) + "\n\n" + " ".join(event.en for event in two)
            (more / f"t{number}.txt").write_text(text, "utf-8")

    def _review(self, workspace: Workspace) -> None:
        documents = workspace.table("beads")["doc_id"].unique(maintain_order=True)
        rows = document_beads(workspace, documents[0]).head(5).iter_rows(named=True)
        record(workspace, [Review(row["doc_id"], row["src"], row["tgt"], right=True) for row in rows])

    def _keep(self, stage: str) -> None:
        kept = self.root / "stages" / stage
        if self.place.exists():
            shutil.copytree(self.place, kept)
        else:
            kept.mkdir(parents=True)

    def _restore(self, stage: str) -> None:
        shutil.rmtree(self.place, ignore_errors=True)
        for rest in self.disk.iterdir():
            shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        shutil.copytree(self.root / "stages" / stage, self.place)
        if not any(self.place.iterdir()):
            self.place.rmdir()

    def _damage(self) -> list[str]:
        files = sorted(file for file in self.place.rglob("*") if file.is_file())
        changed = []
        for file in self.random.sample(files, min(len(files), self.random.choice((1, 1, 1, 2, 3)))):
            how = self.random.choice(HOW)
            others = [other for other in files if other != file and other.exists()]
            if damage(file, how, self.random, others):
                changed.append(str(file.relative_to(self.place)))
                self.did.append(f"{how}: {changed[-1]}")
        return changed

    def _start(self, action: str) -> subprocess.Popen[str]:
        command = [sys.executable, __file__, "--work", action, str(self.root), str(self.place)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
        return process

    def _kill(self, action: str) -> None:
        process = self._start(action)
        try:
            process.wait(self.random.uniform(0, 1.2 * self.took[action]))
        except subprocess.TimeoutExpired:
            process.kill()
        _, said = process.communicate()
        assert "Traceback" not in said, said
        self.did.append(f"{action} {'killed' if process.returncode < 0 else 'went through'}")

    def _fill(self, action: str) -> None:
        used = sum(-(-file.stat().st_size // 4096) * 4096 for file in self.disk.rglob("*") if file.is_file())
        room = int(
            used + 4096 * self.random.uniform(1, 1 + max(8, used / 4096) * self.random.choice((0.1, 1)))
        )
        process = self._start(action)
        subprocess.run(["mount", "-o", f"remount,size={room}", str(self.disk)], check=False)
        try:
            _, said = process.communicate(timeout=300)
        finally:
            subprocess.run(["mount", "-o", f"remount,size={_ROOM}", str(self.disk)], check=True)
        assert "Traceback" not in said, said
        assert process.returncode in (0, _REFUSED), (process.returncode, said)
        self.did.append(f"{action} {'refused' if process.returncode else 'went through'}: {said[-300:]}")
        if process.returncode and action != "repair":
            assert "cannot write" in said or "No space left" in said, said

    def _strike(self, fault: str, goes_on: str) -> list[str]:
        """Let the first fault happen; return the files that are damaged."""
        if fault.startswith("damage"):
            return self._damage()
        if fault.startswith("kill"):
            self._kill(goes_on)
        else:
            self._fill(goes_on)
        return []

    def once(self, fault: str) -> str:
        """Let a fault happen; return what became of it, or raise what is wrong."""
        stage = self.random.choice(STAGES)
        goes_on = stage if stage != "end" else "index more"
        self.did: list[str] = [f"{fault}, {stage}"]
        self._restore(stage)
        if fault.startswith("damage") and not self.place.exists():
            return "nothing to damage"
        changed = self._strike(fault, goes_on)
        faults = check(Workspace(self.place)) if self.place.exists() else []
        if not changed:
            assert not faults, f"called damaged: {faults}"
        self._all_named(changed, [one.file for one in faults])
        if fault.endswith("then damage") and self.place.exists():
            changed = self._damage()
        if fault.endswith("kill of the repair"):
            self._kill("repair")
        elif fault.endswith("full disk of the repair"):
            self._fill("repair")
        if not self.place.exists():
            return self._end("nothing there yet", [])
        faults = check(Workspace(self.place))
        states = {"workspace.json", "workspace.json.copy"}
        beyond = states <= set(changed) or not any((self.place / name).exists() for name in states)
        try:
            done = repair(Workspace(self.place), faults)
        except CorpusError:
            if not beyond:
                raise
            return "beyond repair, and said so"
        self.did += done
        return self._end("mended" if changed else "nothing wrong", done)

    def _all_named(self, changed: list[str], named: list[str]) -> None:
        if "workspace.json" in named:  # which says what else there is
            return
        state = self.place / "workspace.json"
        if not state.exists():  # nothing was written yet
            return
        current = json.loads(state.read_text("utf-8"))
        current = json.dumps({key: value for key, value in current.items() if key != "retired"})
        # Of embeddings one file tells of the others: all are made again.
        named = [one.rpartition("/")[0] if one.startswith("embeddings/") else one for one in named]
        for name in changed:
            top = name.partition("/")[0].removesuffix(".jsonl")
            counts = top.startswith(("workspace.json", "embeddings")) or top in current
            if counts and name.rpartition("/")[2] not in UNNAMED:
                assert any(name.startswith(one) or one.startswith(name) for one in named), (
                    f"{name} is not named: {named}"
                )

    def _end(self, outcome: str, done: list[str]) -> str:
        workspace = Workspace(self.place)
        # Whose file nobody knows any more is said to be beyond repair, until it is ingested again.
        left = [one for one in check(workspace) if one.kind != "incomplete"]
        assert left == [], f"after repair: {left}"
        if any("incomplete; ingest again" in one for one in done):
            outcome = f"{outcome}, texts said to be beyond it, and ingested again"
        for stage in ("ingest more", "align more", "index more"):
            do(stage, self.root, workspace, self.encoder)
        assert check(workspace) == [], f"in the end: {check(workspace)}"
        assert answers(self.place) == self.right, "other answers"
        reviews = _verdicts(workspace)
        reviewed = STAGES.index(self.did[0].rpartition(", ")[2]) > STAGES.index("index")
        if reviewed and reviews != self.reviews:
            assert any("review" in one for one in done), f"reviews are lost: {reviews}"
            return f"{outcome}, reviews said to be lost"
        return outcome


def run(minutes: float, seed: int, faults: list[str]) -> int:
    """Let faults happen for some minutes; print counts, and return how many went wrong."""
    root = Path(tempfile.mkdtemp(prefix="faults-"))
    trial = Trial(root, seed)
    wrong = 0
    try:
        if not trial.mounted:
            faults = [fault for fault in faults if "full disk" not in fault]
            print("no tmpfs can be mounted: the full disk is left out", flush=True)
        end, shown = time.monotonic() + 60 * minutes, time.monotonic()
        while time.monotonic() < end:
            fault = trial.random.choice(faults)
            try:
                outcome = trial.once(fault)
            except Exception as error:
                wrong += 1
                outcome = "WRONG"
                last = traceback.extract_tb(error.__traceback__)[-1]
                print(
                    f"WRONG: {'; '.join(trial.did)}\n  {type(error).__name__} {error} ({last.name}:{last.lineno})",
                    flush=True,
                )
            trial.counts[f"{fault}: {outcome}"] += 1
            if time.monotonic() > shown + 120:
                shown = time.monotonic()
                print(f"{trial.counts.total()} faults, {wrong} wrong", flush=True)
    finally:
        trial.close()
        shutil.rmtree(root, ignore_errors=True)
    for name, count in sorted(trial.counts.items()):
        print(f"{count:6}  {name}")
    print(f"{trial.counts.total()} faults, {wrong} wrong")
    return wrong


def main() -> int:
    """Run the trial, or one piece of work in it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", nargs="+", default=list(FAULTS), choices=sorted(set(FAULTS)))
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.work:
        action, root, place = args.work
        return work(action, Path(root), Path(place))
    return 1 if run(args.minutes, args.seed, args.faults) else 0


if __name__ == "__main__":
    sys.exit(main())
