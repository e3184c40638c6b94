"""Count the rooms of the package, the arrows between them, and its lines.

    python bench/architecture.py

A room is a folder of `corpus`; an arrow goes from one that imports to one that is imported, however many
modules do. Floors are those of the contract in `pyproject.toml`, which `make lint` checks. Lines are without
blank lines, comments and docstrings.
"""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
_SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def arrows() -> dict[tuple[str, str], int]:
    """Return how many imports go from one room of `corpus` to another, by the two."""
    graph = grimp.build_graph("corpus", cache_dir=None)
    counts: dict[tuple[str, str], int] = {}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            rooms = tuple(name.split(".")[1] if "." in name else "corpus" for name in (module, imported))
            if rooms[0] != rooms[1]:
                counts[rooms] = counts.get(rooms, 0) + 1
    return counts


def code_lines(path: Path) -> int:
    """Return how many lines of a Python file hold code: no blank lines, comments or docstrings."""
    text = path.read_text("utf-8")
    prose = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - prose)


def main() -> None:
    """Print rooms, arrows and lines."""
    counts = arrows()
    rooms = sorted({room for pair in counts for room in pair})
    for room in rooms:
        below = ", ".join(f"{other} {count}" for (of, other), count in sorted(counts.items()) if of == room)
        modules = len(list((ROOT / "corpus" / room).rglob("*.py")))
        print(f"{room:13} {modules:3} modules -> {below}")
    print(f"{len(rooms)} rooms, {len(counts)} arrows, {sum(counts.values())} imports between them")
    for folder in ("corpus", "align", "tests", "bench"):
        files = sorted((ROOT / folder).rglob("*.py"))
        longest = max(files, key=lambda path: len(path.read_text("utf-8").splitlines()))
        length = len(longest.read_text("utf-8").splitlines())
        print(
            f"{folder:7} {sum(map(code_lines, files)):6,} lines of code in {len(files)} files; longest {longest.name} ({length})"
        )


if __name__ == "__main__":
    main()
