"""What it costs to have work done elsewhere: `processes` and `ray` beside each other, and beside this process.

    python bench/executors.py overhead 100000 [--workers 1] [--here] [--small]
    python bench/executors.py scaling [--most 32] [--seconds 0.5]
    python bench/executors.py memory

`overhead` makes an invented archive (`bench/archive.py`) with each, stage by stage: reads, aligns and encodes it,
and counts its terms, with as many workers each. Ray's cluster is one of this machine, and runs before the clock
does; starting workers, and loading the encoder in them, is in the times of both. What to compare is processor time
of all that was started, Ray's own daemons included (Linux); wall time is of use on an idle machine only.
With `--small`, shards are a tenth as large, so that a small archive has several, and giving them away weighs ten
times as much. `scaling` adds workers whose
tasks sleep in place of encoding: what a task costs, and how many a minute are given out. `memory` is what a worker
holds for itself (Linux: the sum of Pss).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ray
from archive import Archive
from ray.cluster_utils import Cluster
from scale import processor_time

from corpus import Corpus
from corpus.alignment import shards as align_shards
from corpus.encoders import load_encoder
from corpus.encoders import shards as encode_shards
from corpus.encoders.shards import encode_in_shards
from corpus.execution.executor import as_done
from corpus.execution.processes import Processes
from corpus.execution.ray import Ray
from corpus.ingestion import ingest
from corpus.linguistics import term_counts
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.execution.executor import Executor


def sleep_for(seconds: float) -> int:
    """Stand for work that takes so long; return which process did it."""
    time.sleep(seconds)
    return os.getpid()


def memory_of(encoder: str) -> tuple[int, float, float]:
    """Return the process, and what it holds (MB) before and after it loaded an encoder and encoded with it."""
    before = _pss()
    if encoder:
        load_encoder(encoder).encode(["The factories were built.", "工厂建成了。"] * 512)
    return os.getpid(), before, _pss()


def _pss() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def cluster(processors: int) -> Iterator[Ray]:
    """Start a cluster of one node on this machine."""
    os.environ |= {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    folder = tempfile.mkdtemp(prefix="ray")
    Path(folder, "ray").mkdir()
    os.environ["RAY_TMPDIR"] = folder  # where the address of the last cluster is written, too
    node = {"num_cpus": processors, "object_store_memory": 400 * 2**20, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args={**node, "temp_dir": f"{folder}/ray"})
    try:
        yield Ray(str(made.address))
    finally:
        ray.shutdown()
        made.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def build(texts: Path, folder: Path, executor: Executor | None) -> dict[str, dict[str, float]]:
    """Make an archive; return of each stage the wall time, and the processor time of all and of this process."""
    corpus = Corpus(folder, executor=executor)
    took: dict[str, dict[str, float]] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        start, cpu, every = time.perf_counter(), time.process_time(), processor_time()
        yield
        took[name] = {
            "wall": time.perf_counter() - start,
            "processor": processor_time() - every,
            "of it by the command": time.process_time() - cpu,
        }
        print(
            name, {what: round(value, 1) for what, value in took[name].items()}, file=sys.stderr, flush=True
        )

    with timed("ingest"):
        corpus.ingest(texts)
    with timed("align"):
        corpus.refresh(files=False, index=False, compare=False)
    with timed("encode"):
        sentences = corpus.workspace.scan("sentences").select("doc_id", "version", "text", "text_id")
        langs = corpus.workspace.scan("versions").select("doc_id", "version", "lang")
        every = (
            sentences.unique("text_id", keep="first", maintain_order=True)
            .join(langs, on=["doc_id", "version"], maintain_order="left")
            .collect()
        )
        groups = every.group_by("lang", maintain_order=True)
        wanted = [(known_lang(str(lang)), group["text"]) for (lang,), group in groups]
        encoder = load_encoder("use")
        if executor is None:
            for lang, texts_of in wanted:
                for part in texts_of.to_frame().iter_slices(4096):
                    encoder.encode(part.to_series().to_list(), lang=lang)
        encode_in_shards(corpus.workspace, wanted, encoder, executor)
    corpus.refresh(files=False, index=False)  # terms need to know what is a reprint
    with timed("terms"):
        corpus.terms(min_score=0.5)
    return took


def overhead(count: int, workers: int, *, here: bool) -> dict[str, Any]:
    """Measure all stages, of an archive of so many sentences, with each executor, and perhaps with none."""
    with tempfile.TemporaryDirectory() as name, cluster(workers) as on_ray:
        folder = Path(name)
        Archive(count).write(folder / "texts", count)
        Archive(2000, seed=2).write(folder / "few", 2000)
        build(folder / "few", folder / "first", None)  # what a process does once is no matter of executors
        with on_ray.workers() as waiting:  # connected, with a worker that has begun
            list(as_done(waiting, sleep_for, [0.0]))
        found: dict[str, Any] = {"sentences": count, "workers": workers}
        for executor in (Processes(workers), on_ray, *([None] if here else [])):
            label = "here" if executor is None else executor.name
            print(label, file=sys.stderr, flush=True)
            found[label] = build(folder / "texts", folder / label, executor)
            shutil.rmtree(folder / label)
        spent = {
            label: {stage: took["processor"] for stage, took in found[label].items()}
            for label in ("processes", "ray")
        }
        found["ratio"] = {
            stage: round(spent["ray"][stage] / spent["processes"][stage], 3) for stage in spent["ray"]
        } | {"all": round(sum(spent["ray"].values()) / sum(spent["processes"].values()), 3)}
    return found


def scaling(most: int, seconds: float) -> list[dict[str, Any]]:
    """Measure tasks a minute with more and more workers."""
    rows = []
    workers = 2
    while workers <= most:
        with cluster(workers) as on_ray, on_ray.workers() as waiting:
            warm: set[int] = set()
            while len(warm) < workers:  # a process starts for each; that is no matter of tasks
                warm |= {pid for _, pid in as_done(waiting, sleep_for, [seconds] * workers * 2)}
            start = time.perf_counter()
            done = sum(1 for _ in as_done(waiting, sleep_for, [seconds] * workers * 20))
            took = time.perf_counter() - start
            start = time.perf_counter()
            empty = sum(1 for _ in as_done(waiting, sleep_for, [0.0] * 500))
            alone = time.perf_counter() - start
        rows.append(
            {
                "workers": workers,
                "tasks a minute": round(done / took * 60),
                "of what sleeping allows": round(done * seconds / workers / took, 3),
                "ms an empty task": round(alone / empty * 1000, 2),
            }
        )
        print(rows[-1], file=sys.stderr, flush=True)
        workers *= 2
    return rows


def memory() -> dict[str, Any]:
    """Measure what a worker of each kind holds."""
    found: dict[str, Any] = {}
    with cluster(1) as on_ray:
        for executor in (Processes(1), on_ray):
            with executor.workers() as waiting:
                before = next(as_done(waiting, memory_of, [""]))[1]
                after = next(as_done(waiting, memory_of, ["use"]))[1]
            found[executor.name] = {"begun": round(before[2]), "with the encoder use": round(after[2])}
        for name in ("gcs_server", "raylet"):
            found[name] = round(_named(name))
    return found


def _named(name: str) -> float:
    """Return the memory of the processes of a name, started by this one or not: look at it alone."""
    total = 0.0
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and name in (process / "comm").read_text():
                lines = (process / "smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
        except OSError:
            continue
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["overhead", "scaling", "memory"])
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--most", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=0.5)
    given = parser.parse_args()
    if given.small:
        ingest._BATCH_FILES //= 10
        align_shards._SIZE //= 10
        encode_shards._SIZE //= 10
        term_counts._BEADS //= 10
    if given.what == "overhead":
        print(json.dumps(overhead(given.count, given.workers, here=given.here), indent=1))
    elif given.what == "scaling":
        print(json.dumps(scaling(given.most, given.seconds), indent=1))
    else:
        print(json.dumps(memory(), indent=1))
