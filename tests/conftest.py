"""Fixtures that several tests share."""

from __future__ import annotations

import io
import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

# One thread of BLAS a worker of pytest-xdist: there is a worker a processor, and threads that wait for a busy one
# burn five times the processor time of the aligner's tests. Read when a library is loaded, so set before any is.
os.environ |= (
    dict.fromkeys(("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    if "PYTEST_XDIST_WORKER" in os.environ
    else {}
)

from corpus import Corpus
from corpus.alignment.incremental import align_workspace
from corpus.base.resources import seeds_dir
from corpus.cli import main
from corpus.ingestion.manifest import load_manifest
from corpus.ingestion.reading.document import Document, read_document
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The 200 ms that an example has by default are of the wall clock: an idle computer's. On a busy one they fail at
# random; what hangs or grows with the square of its input is told by seconds as well.
settings.register_profile("tests", deadline=timedelta(seconds=5))
settings.load_profile("tests")

SEEDS = {
    "000": "000_099c89f81d734f0f.txt",
    "001": "001_5032777c36143267.txt",
    "002": "002_734a1c537eab83d1.txt",
    "003": "003_ed76d6293c6aeeaa.txt",
    "004": "004_88686a522191a1b2.txt",
}


def seed_text(number: str) -> str:
    """Return a seed's text, untouched."""
    return (seeds_dir() / SEEDS[number]).read_bytes().decode("utf-8")


def reprinted_item() -> tuple[str, str, str]:
    """Return the 1959 item, a lightly edited reprint of three days later, and a whole one of 1960."""
    text = seed_text("003")
    edited = text.replace("一千多个", "一千余个").replace("more than 1,000", "over 1,000")
    return text, edited.replace("1959-05-20", "1959-05-23"), text.replace("1959-05-20", "1960-01-02")


@pytest.fixture(scope="session", autouse=True)
def _user_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is made of models and dictionaries in a folder of this run, which its workers share."""
    run = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORPUS_CACHE", str(run / "user-cache"))
        yield


@pytest.fixture(scope="session")
def seed() -> Callable[[str], Document]:
    """Read a seed by its number, with its manifest."""
    manifest = load_manifest(seeds_dir() / "manifest.toml")
    return lambda number: read_document(seed_text(number), SEEDS[number], manifest[SEEDS[number]])


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of the seeds, aligned and indexed. Not to be changed: take a copy."""
    workspace = Workspace(tmp_path_factory.mktemp("built") / ".corpus")
    align_workspace(workspace)
    Corpus(workspace.path).search("local industry")
    return workspace.path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace that does not exist yet."""
    return Workspace(tmp_path / ".corpus")


@pytest.fixture
def seeded(built: Path, tmp_path: Path) -> Workspace:
    """Return a copy of the seeds' workspace."""
    return Workspace(Path(shutil.copytree(built, tmp_path / ".corpus")))


@dataclass(frozen=True)
class Ran:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run the command in an empty folder, as the shell would, errors included."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CORPUS_WORKSPACE", raising=False)

    def run(*args: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr("sys.argv", ["corpus", *map(str, args)])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0 if code is None else 1, printed.out, printed.err)

    return run
