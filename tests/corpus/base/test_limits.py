"""The limits on what is read are kept, say what to do, and stand in the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.base import files, limits
from corpus.base.errors import InputError
from corpus.base.files import read_bytes
from corpus.ingestion.reading import loading
from corpus.readers import extraction

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[3]
TEXT = "The bridge was repaired in spring.\n"


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/reference/files.md"])
def test_every_limit_is_documented(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    values = {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}
    assert len(values) >= 8
    assert {
        name for name, value in values.items() if f"{value:,g}" not in text and f"{value:,}" not in text
    } == set()


@pytest.mark.parametrize("size", [0, 1, 1000, 1001, 5000])
def test_a_file_is_read_up_to_its_limit(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(b"x" * size)
    if size <= 1000:
        assert len(read_bytes(tmp_path / "a", 1000)) == size
    else:
        with pytest.raises(InputError, match="a: larger than 1,000 bytes"):
            read_bytes(tmp_path / "a", 1000)


def test_texts_beyond_a_limit_are_named_and_the_others_read(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "MAX_TEXT", 3000)
    monkeypatch.setattr(loading, "MAX_LINES", 50)
    texts = {"long": TEXT * 100, "lines": "a.\n" * 51, "most lines": TEXT + "a.\n" * 48 + TEXT, "short": TEXT}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
    ran = cli("ingest", tmp_path, "-w", tmp_path / ".corpus")
    assert ran.code == 1
    assert "long.txt: larger than 3,000 bytes" in ran.err
    assert "lines.txt: more than 50 lines; cut it into several texts" in ran.err
    assert cli("show", "short", "-w", tmp_path / ".corpus").code == 0
    assert cli("show", "most lines", "-w", tmp_path / ".corpus").code == 0
    named = cli("ingest", tmp_path / "long.txt", "-w", tmp_path / ".corpus")
    assert (named.code, "long.txt: larger than 3,000 bytes" in named.err) == (1, True)


def test_standard_input_has_a_limit(cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE", 100)
    ran = cli("align", "-", "--lines", stdin=b"x" * 101)
    assert ran.code == 1
    assert "standard input: larger than 100 bytes" in ran.err


@pytest.mark.parametrize("pattern", ["(?:a|a)*$", "(?:a|aa)+c", "(?:a|aa|aaa)+!c", "^(?:a|aa)+$"])
def test_a_pattern_that_takes_too_long_is_stopped(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    monkeypatch.setattr("corpus.linguistics.patterns.MAX_SECONDS", 0.1)
    (tmp_path / "a.txt").write_text(f"{'a' * 60}! b c, they said there.")
    assert cli("ingest", tmp_path, "-w", tmp_path / ".corpus").code == 0
    ran = cli("concordance", pattern, "--regex", "-w", tmp_path / ".corpus")
    assert (ran.code, "was stopped: it took more than 0.1 seconds" in ran.err) == (1, True)
