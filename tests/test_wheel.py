"""A built wheel holds the two packages and their data, and runs from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


def test_it_installs_corpus_and_align_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"align", "corpus"}
    seeds = {name for name in names if name.startswith("corpus/data/seeds/") and name.endswith(".txt")}
    assert len(seeds) == 5
    assert "corpus/text/agencies.toml" in names
    assert {f"corpus/writers/pages/reader.{ending}" for ending in ("css", "html", "js")} <= set(names)
    assert {"corpus/py.typed", "align/py.typed"} <= set(names)
    web = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "corpus" / "web").rglob("*.*") if path.is_file()
    }
    assert {name for name in web if not name.endswith(".pyc")} <= set(names)
    assert any("htmx" in name and name.endswith("LICENSE") for name in web)


def test_it_runs_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "import corpus, corpus.base.resources as r; print(r.seeds_dir()); from corpus.cli import main; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, "align", "-o", "out.tsv"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(site)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(ran.stdout.strip()) == site / "corpus" / "data" / "seeds"
    assert len((tmp_path / "out.tsv").read_text("utf-8").splitlines()) == 11
