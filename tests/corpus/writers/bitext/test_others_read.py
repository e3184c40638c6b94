"""What is exported is read by programs that others wrote: translate-toolkit, OpusTools, and against a grammar."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest
from lxml import etree
from translate.storage.tmx import tmxfile
from translate.storage.xliff import xlifffile
from translate.storage.xliff2 import Xliff2File

from corpus.export.export import export_pairs
from corpus.store.workspace import Workspace
from corpus.writers.base import WriteOptions

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def exported(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the seeds' pairs in each format."""
    folder = tmp_path_factory.mktemp("exported")
    for form, name in (
        ("tmx", "a.tmx"),
        ("xliff", "a.xlf"),
        ("xliff12", "b.xlf"),
        ("xces", "opus"),
        ("json", "a.json"),
    ):
        export_pairs(Workspace(built), folder / name, form, options=WriteOptions())
    return folder


@pytest.fixture
def pairs(exported: Path) -> list[tuple[str, str]]:
    return pl.read_json(exported / "a.json").select("src", "tgt").rows()


def test_translate_toolkit_reads_tmx(exported: Path, pairs: list[tuple[str, str]]) -> None:
    with (exported / "a.tmx").open("rb") as file:
        store = tmxfile(file, "zh", "en")
    assert [(unit.source, unit.target) for unit in store.units] == pairs


def test_tmx_is_as_its_grammar_says(exported: Path) -> None:
    grammar = etree.RelaxNG(etree.parse(HERE / "tmx14.rng"))
    memory = etree.parse(exported / "a.tmx")
    assert grammar.validate(memory), grammar.error_log
    assert '<!DOCTYPE tmx SYSTEM "tmx14.dtd">' in (exported / "a.tmx").read_text("utf-8")
    next(memory.iter("tuv")).append(etree.Element("prop", type="x"))
    assert not grammar.validate(memory)


def test_translate_toolkit_reads_xliff(exported: Path, pairs: list[tuple[str, str]]) -> None:
    for store in (
        xlifffile.parsefile(str(exported / "b.xlf")),
        Xliff2File.parsefile(str(exported / "a.xlf")),
    ):
        assert [(unit.source, unit.target) for unit in store.units] == pairs


def test_opustools_reads_xces(exported: Path, pairs: list[tuple[str, str]]) -> None:
    folder = exported / "opus"
    for lang in ("zh", "en"):
        with zipfile.ZipFile(exported / f"{lang}.zip", "w") as packed:
            for file in (folder / "xml" / lang).iterdir():
                packed.write(file, f"{lang}/{file.name}")
    written = [str(exported / f"moses.{lang}") for lang in ("zh", "en")]
    options = {
        "directory": "seeds", "source": "zh", "target": "en", "preprocess": "raw", "alignment_file": "zh-en.xml",
        "source_zip": str(exported / "zh.zip"), "target_zip": str(exported / "en.zip"), "suppress_prompts": True,
        "write": written, "write_mode": "moses", "attribute": "certainty", "threshold": 0.5,
    }  # fmt: skip
    # It closes what it writes when its process ends.
    program = f"from opustools import OpusRead; OpusRead(**{options!r}).printPairs()"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=folder, capture_output=True, timeout=120)
    lines = [Path(name).read_text("utf-8").splitlines() for name in written]
    squeezed = [tuple("".join(text.split()) for text in pair) for pair in pairs]
    assert [tuple("".join(text.split()) for text in pair) for pair in zip(*lines, strict=True)] == squeezed
