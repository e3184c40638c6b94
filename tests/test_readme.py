"""The README and the documentation show what the commands print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = (README, ROOT / "docs" / "concepts" / "counting.md")
SCORE = re.compile(r"(?<![\d.])[01]\.\d{3,4}(?!\d)")
# Digests of the texts and of the aligner's weights change with them, and say nothing here.
DIGEST = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{8,12}\b")
EXAMPLE = re.compile(r"<!-- output: corpus (?P<command>.+?) -->\n```text\n(?P<output>.*?)```", re.DOTALL)


def examples() -> list[tuple[str, str]]:
    texts = (page.read_text("utf-8") for page in PAGES)
    return [(match["command"], match["output"]) for text in texts for match in EXAMPLE.finditer(text)]


def run(cli: Callable[..., Ran], command: str) -> str:
    """Run an example; `| head -n N` is all of a shell that examples need."""
    command, _, head = command.partition(" | head -n ")
    ran = cli(*shlex.split(command))
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines(keepends=True)
    return "".join(lines[: int(head)] if head else lines)


def test_there_are_examples() -> None:
    assert all(EXAMPLE.search(page.read_text("utf-8")) for page in PAGES)


@pytest.mark.parametrize(("command", "output"), examples())
def test_an_example_prints_what_the_readme_shows(
    cli: Callable[..., Ran], built: Path, tmp_path: Path, command: str, output: str
) -> None:
    shutil.copytree(built, tmp_path / ".corpus")
    # Scores may differ in the last decimal between processors.
    printed, shown = DIGEST.sub("@", run(cli, command)), DIGEST.sub("@", output)
    assert SCORE.sub("#", printed) == SCORE.sub("#", shown)
    assert [float(n) for n in SCORE.findall(printed)] == pytest.approx(
        [float(n) for n in SCORE.findall(shown)], abs=0.0021
    )


@pytest.mark.parametrize(("page", "printed"), [(README, "src"), (PAGES[1], "node")])
def test_the_python_example_runs(
    built: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    page: Path,
    printed: str,
) -> None:
    shutil.copytree(built, tmp_path / ".corpus")
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    exec(compile(code, str(page), "exec"), {})
    assert printed in capsys.readouterr().out
