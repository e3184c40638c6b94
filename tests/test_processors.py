"""Beads, scores and searches do not depend on the processor.

The libraries that multiply matrices have a kernel for every kind of processor, and each adds in an order of its own.
`OPENBLAS_CORETYPE` chooses the kernel, for numpy's library and for FAISS's; a process with each makes the same
alignments and searches, and all of it must come out the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import pytest

ROOT = Path(__file__).parents[1]
GOLD = ROOT.parent / "shared" / "gold" / "mac-dev"

# The processor's own, and those of others: kernel, and threads.
OWN = ("", 2)
OTHERS = [("", 1), ("Haswell", 1), ("SkylakeX", 2), ("Zen", 1), ("Prescott", 2)]

Results: TypeAlias = dict[tuple[str, int], dict[str, Any] | str]

PROGRAM = """
import json, sys
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from align import align
from corpus.encoders import load_encoder
from corpus.search.searcher import open_searcher
from corpus.alignment.incremental import align_workspace
from corpus.alignment.weights import shipped_weights
from corpus.store.workspace import Workspace
from tests.align.chronicle import chronicle

folder, gold = Path(sys.argv[1]), Path(sys.argv[2])
encoder, weights = load_encoder("use"), shipped_weights()

def aligned(src, tgt):
    beads = align(src, tgt, weights=weights, encoder=encoder, src_lang="zh", tgt_lang="en")
    return [[bead.src, bead.tgt, round(bead.score, 4)] for bead in beads]

out = {}
(event,) = chronicle(1, seed=6)
out["the same 60 times"] = aligned([event.zh] * 60, [event.en] * 60)
out["the same 50 and 60 times"] = aligned([event.zh] * 50, [event.en] * 60)
events = chronicle(6, seed=16) * 8
out["six in turn"] = aligned([event.zh for event in events], [event.en for event in events])
events = chronicle(40, seed=5)
out["one against forty"] = aligned([events[0].zh], [event.en for event in events])
if gold.is_dir():
    name = sorted(path.name for path in (gold / "src").iterdir())[0]
    src, tgt = ((gold / side / name).read_text("utf-8").splitlines() for side in ("src", "tgt"))
    out["mac-dev"] = aligned(src[:80], tgt[:100])

workspace = Workspace(folder / ".corpus")
align_workspace(workspace)
out["seeds"] = [
    [row["doc_id"], row["bead"], row["src_ids"], row["tgt_ids"], round(row["score"], 4)]
    for row in workspace.scan("beads").collect().sort("doc_id", "bead").iter_rows(named=True)
]
for mode in ("dense", "lexical", "hybrid"):
    searcher = open_searcher(workspace, mode=mode)
    for query in ("local industry", "地方工业", "工厂", "Kimhwa", "the weather at sea"):
        hits = searcher.find(query, k=10, threshold=-1.0 if mode == "dense" else None).hits
        out[f"{mode} {query}"] = [
            [row["text"], row["doc_id"], row["line"], *(None if row[x] is None else round(row[x], 4)
             for x in ("score", "lift", "bm25", "fused"))] for row in hits.iter_rows(named=True)
        ]

rng = np.random.default_rng(1)
a, b = (rng.standard_normal((64, 512)).astype(np.float32) for _ in range(2))
kernels = {info["prefix"]: info["architecture"] for info in threadpool_info() if info["user_api"] == "blas"}
print(json.dumps({"kernels": kernels, "product": (a @ b.T).tobytes().hex(), "out": out}))
"""


def environment(kernel: str, threads: int) -> dict[str, str]:
    """Return this environment, but for kernel and threads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS")}
    chosen = {"OPENBLAS_CORETYPE": kernel} if kernel else {}
    return kept | chosen | {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}


def run(kernel: str, threads: int, folder: Path) -> dict[str, Any] | str:
    """Align and search in a process of its own; where the processor has not what that needs, say so."""
    folder.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), str(GOLD)],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env=environment(kernel, threads),
    )
    if ran.returncode < 0 and kernel:  # by a signal: an instruction that is not there
        return f"this processor cannot run the kernel {kernel}: signal {-ran.returncode}"
    assert ran.returncode == 0, ran.stderr.decode()
    found: dict[str, Any] = json.loads(ran.stdout)
    # Each library has names of its own: numpy's calls its kernel for Zen Haswell.
    if kernel and kernel not in found["kernels"].values():
        return f"the kernel {kernel} was asked for, and {found['kernels']} run"
    return found


def test_every_processor_finds_the_same(tmp_path: Path) -> None:
    """All in one test: workers that share the tests of a file would each run all the processes."""
    wanted = [OWN, *OTHERS]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda one: run(one[0], one[1], tmp_path / f"{one[0] or 'own'}-{one[1]}"), wanted)
        results: Results = dict(zip(wanted, found, strict=True))
    own = results.pop(OWN)
    assert not isinstance(own, str), own
    ran = {one: result for one, result in results.items() if not isinstance(result, str)}
    differing = [
        f"{case}, with {other['kernels']} and {own['kernels']}"
        for other in ran.values()
        for case in own["out"].keys() | other["out"].keys()
        if other["out"].get(case) != own["out"].get(case)
    ]
    assert differing == []

    # The cases say something.
    out = own["out"]
    assert [bead[:2] for bead in out["the same 60 times"]] == [[[k], [k]] for k in range(60)]
    assert len(out["dense local industry"]) == 10
    assert out["lexical local industry"]
    assert len(out["seeds"]) >= 10

    # The kernels do differ: otherwise a thing would be compared with itself.
    others = [other for other in ran.values() if other["kernels"] != own["kernels"]]
    if not others:
        pytest.skip("; ".join(str(result) for result in results.values() if isinstance(result, str)))
    assert any(other["product"] != own["product"] for other in others)
