"""The README and the pages of docs/ are run as a reader would type them, and show what is printed.

A page is a story: its blocks are run in order, in one folder. What a block is, the comment above it says:

- ``<!-- output: corpus … -->``: the command is run, and prints this (``| head -n N`` is understood);
- ``<!-- file: NAME -->``: the block is written to that file;
- ``<!-- prints: WORD -->``: what the Python of the block prints has this in it;
- ``<!-- not run -->``: the block is not run, since it installs, downloads, or names what a reader has;
- none: lines of ``sh`` and blocks of ``python`` are run, other blocks are looked at only.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from corpus.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Ran

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
GENERATED = {DOCS / "reference" / "commands.md", DOCS / "reference" / "python.md"}
RUN_ELSEWHERE = {DOCS / "guides" / "fit-the-aligner.md"}  # tests/corpus/alignment/test_docs.py: it needs gold
FROM_NOTHING = {
    DOCS / "guides" / name
    for name in ("bring-in-your-texts.md", "other-formats.md", "align-a-book.md", "pair-an-archive.md")
}

SCORE = re.compile(r"(?<![\d.])[01]\.\d{3,4}(?!\d)")
# Digests of the texts and of the aligner's weights change with them, and say nothing here.
DIGEST = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{8,12}\b")
BLOCK = re.compile(
    r"^(?:<!-- (?P<note>.+?) -->\n)?```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """A block of a page: its language, its text, and what the comment above it says."""

    kind: str
    text: str
    note: str


def blocks(page: Path) -> list[Block]:
    found = BLOCK.finditer(page.read_text("utf-8"))
    return [Block(match["kind"], match["text"], match["note"] or "") for match in found]


def is_run(block: Block) -> bool:
    return block.note != "not run" and (
        block.kind in ("sh", "python") or block.note.startswith(("output: ", "file: "))
    )


RUN = [
    page
    for page in PAGES
    if page not in GENERATED | RUN_ELSEWHERE and any(is_run(block) for block in blocks(page))
]


def run(cli: Callable[..., Ran], command: str) -> str:
    """Run a line; `| head -n N`, `| tail -n N`, `2>&1` and `> FILE` are all of a shell that examples need."""
    command, _, head = command.partition(" | head -n ")
    command, _, tail = command.partition(" | tail -n ")
    command, both, _ = command.partition(" 2>&1")
    command, _, out = command.partition(" > ")
    name, *arguments = shlex.split(command, comments=True)
    if name == "cat":
        printed = "".join(Path(argument).read_text("utf-8") for argument in arguments)
    else:
        assert name == "corpus", f"not a line that a test can run: {command}"
        ran = cli(*arguments)
        assert ran.code == 0, f"{command}: {ran.err}"
        printed = ran.out + (ran.err if both else "")
    if out:
        Path(out.split("#")[0].strip()).write_text(printed, "utf-8")
    lines = printed.splitlines(keepends=True)
    return "".join(lines[: int(head)] if head else lines[-int(tail) :] if tail else lines)


def assert_same(printed: str, shown: str) -> None:
    printed, shown = DIGEST.sub("@", printed), DIGEST.sub("@", shown)
    # Scores may differ in the last decimal between processors.
    assert SCORE.sub("#", printed) == SCORE.sub("#", shown)
    assert [float(n) for n in SCORE.findall(printed)] == pytest.approx(
        [float(n) for n in SCORE.findall(shown)], abs=0.0021
    )


def steps(page: Path, cli: Callable[..., Ran]) -> Iterator[tuple[Block, str]]:
    """Run a page's blocks in the present folder; yield those that print, with what they printed."""
    names: dict[str, Any] = {}  # what a page's Python has said before
    for block in filter(is_run, blocks(page)):
        verb, _, rest = block.note.partition(": ")
        if verb == "output":
            yield block, run(cli, rest)
        elif verb == "file":
            Path(rest).parent.mkdir(parents=True, exist_ok=True)
            Path(rest).write_text(block.text, "utf-8")
        elif block.kind == "sh":
            for line in block.text.splitlines():
                if line.strip():
                    run(cli, line)
        else:
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile(block.text, str(page), "exec"), names)
            assert ("print(" in block.text) == bool(printed.getvalue().strip())
            assert verb != "prints" or rest in printed.getvalue()


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_shows_what_is_printed(
    cli: Callable[..., Ran], built: Path, tmp_path: Path, page: Path
) -> None:
    if page in FROM_NOTHING:
        shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    else:
        shutil.copytree(built, tmp_path / ".corpus")
    for block, printed in steps(page, cli):
        assert_same(printed, block.text)


def test_pages_have_examples() -> None:
    names = {page.relative_to(ROOT).as_posix() for page in RUN}
    assert {"README.md", "docs/getting-started.md", "docs/concepts/counting.md"} <= names
    assert set((DOCS / "guides").glob("*.md")) <= {*RUN, *RUN_ELSEWHERE}


COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
MENTION = re.compile(r"(?<![\w./-])corpus (?P<name>[a-z][a-z-]*)(?P<rest>[^`\n]*)")
CODE = re.compile(r"```\w*\n.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)


def mentions(page: Path) -> Iterator[tuple[str, str]]:
    """The commands that a page's code names, with what follows them."""
    for code in CODE.findall(page.read_text("utf-8")):
        if code.startswith(("```python", "```toml", "```text")):
            continue
        for mention in MENTION.finditer(code):
            yield mention["name"], mention["rest"].split(" #")[0].split(";")[0]


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page not in GENERATED],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_commands_and_options_that_a_page_names_exist(page: Path) -> None:
    for name, rest in mentions(page):
        assert name in COMMANDS, f"corpus {name}"
        if name == "save":  # the options are of the command that is saved
            continue
        options = {
            option for param in COMMANDS[name].params for option in (*param.opts, *param.secondary_opts)
        }
        named = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", rest.split(" -- ")[0]))
        assert named <= options | {"-h", "--help"}, f"corpus {name}{rest}"


LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (?P<title>.+)$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the site's generator makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = (re.sub(r"[^\w\s-]", "", title).strip().lower() for title in HEADING.findall(text))
    return {re.sub(r"[-\s]+", "-", title) for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in LINK.findall(text):
        if target.startswith("https://") or page in GENERATED:  # the site's build checks generated pages
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert there.is_relative_to(ROOT), target
        assert not anchor or anchor in anchors(there), target


FILE = re.compile(r"`((?:align|bench|corpus|docs|models|seeds|tests)/[\w./+-]*)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_of_the_tree_that_a_page_names_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    missing = [name for name in FILE.findall(text) if "NAME" not in name and not (ROOT / name).exists()]
    assert missing == []


def reference_pages() -> Any:  # noqa: ANN401 - a script
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "bench" / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["commands.md", "python.md"])
def test_the_reference_is_up_to_date(name: str) -> None:
    written = (DOCS / "reference" / name).read_text("utf-8")
    assert written == reference_pages().PAGES[name](), "run: python bench/reference_pages.py"


def defined(name: str) -> bool:
    """Whether a dotted name is a module's, or defined in one; nothing of the package is imported for it."""
    module, _, last = name.rpartition(".")
    files = [ROOT / Path(*path.split(".")) for path in (name, module)]
    if files[0].with_suffix(".py").exists():
        return True
    body = ast.parse(files[1].with_suffix(".py").read_text("utf-8")).body
    return last in {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_names_of_the_python_reference_exist() -> None:
    names = [name for names in reference_pages().NAMES.values() for name in names]
    assert names
    assert [name for name in names if not defined(name)] == []


def test_the_site_has_all_pages() -> None:
    site = (ROOT / "zensical.toml").read_text("utf-8")
    named = set(re.findall(r'"([\w/-]+\.md)"', site))
    assert named == {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
