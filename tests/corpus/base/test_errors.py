"""The library's messages speak of parameters: it is the command line that knows options."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import align
import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

# An option, or a command that a message tells to run.
_OF_THE_COMMAND_LINE = re.compile(r"(?<![\w-])--[a-z]|(?:: |, |then |see )corpus [a-z]")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield every text in a module but docstrings, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


@pytest.mark.parametrize("package", [align, corpus])
def test_no_message_of_the_library_names_an_option(package: object) -> None:
    folder = Path(str(package.__file__)).parent  # type: ignore[attr-defined]
    skins = {"cli", "web"}
    modules = [path for path in folder.rglob("*.py") if skins.isdisjoint(path.relative_to(folder).parts)]
    assert len(modules) > 20
    found = [
        f"{path.relative_to(folder)}:{line}: {text}"
        for path in modules
        for line, text in texts(path)
        if _OF_THE_COMMAND_LINE.search(text)
    ]
    assert found == []
