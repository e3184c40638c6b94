"""Streams that are closed, and terminals that texts must not command."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from corpus.cli.display.terminal import plain_table, result_console

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

HOSTILE = "a\x1b]0;title\x07 b\x9b31m c\x9d"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX")
@pytest.mark.parametrize(
    ("closed", "code"), [("<&-", 0), (">&-", 1), ("2>&-", 0), ("<&- 2>&-", 0), ("<&- >&- 2>&-", 1)]
)
def test_a_closed_stream_is_no_traceback(seeded: Workspace, tmp_path: Path, closed: str, code: int) -> None:
    command = f'"{sys.executable}" -m corpus status -w "{seeded.path}" {closed}'
    ran = subprocess.run(["sh", "-c", command], capture_output=True, cwd=tmp_path, check=False)
    assert ran.returncode == code
    assert b"Traceback" not in ran.stderr
    if closed == ">&-":
        assert b"standard output is closed" in ran.stderr


def test_control_characters_reach_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    for screen, terminal in ((Screen(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stdout", screen)
        monkeypatch.setenv("TERM", "xterm-256color")
        console = result_console()
        console.print(plain_table(["text"], [[HOSTILE]]))
        console.print("[bold]x[/bold]")
        printed = screen.getvalue()
        assert any(one in printed for one in ("\x9b", "\x9d", "\x1b]")) is not terminal
        assert ("␛]0;title" in printed) is terminal
        if terminal:
            assert "\x1b[1m" in printed  # our own


def test_in_a_file_they_are_kept(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The soap \x9b31m of the \x9d factory is good.\n", "utf-8")
    assert cli("ingest", "a.txt", "--lang", "en").code == 0
    for form in ("--json", "--tsv"):
        assert "\x9b31m of the \x9d" in cli("concordance", "soap", form).out


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_to_itself_is_named(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "self.txt").symlink_to("self.txt")
    ran = cli("ingest", "self.txt")
    assert ran.code == 1
    assert "self.txt" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("path", ["/{}/stolen.tsv", "../stolen.tsv", ".bashrc"])
def test_a_query_writes_where_the_user_says(
    cli: Callable[..., Ran], seeded: Workspace, tmp_path: Path, path: str
) -> None:
    (seeded.path / "queries").mkdir()
    path = path.format(tmp_path)
    (seeded.path / "queries" / "q.toml").write_text(f'command = ["concordance", "soap", "-o", "{path}"]\n')
    ran = cli("run", "q", "-w", seeded.path)
    assert ran.code == 1
    assert "run q -o FILE" in ran.err
    assert not (tmp_path / path).exists()
    assert cli("run", "q", "-o", "mine.tsv", "-w", seeded.path).code == 0
    assert "soap" in (tmp_path / "mine.tsv").read_text("utf-8")
