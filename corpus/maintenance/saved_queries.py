"""Queries that a workspace keeps under names, to be run again, and to see what has changed since.

They are in `queries.toml` in the workspace's folder, which the user may edit: a table ``[[query]]`` each,
with a `name`, the `command` as a list of arguments, when it was `saved`, and what its result `rests_on`.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError, InputError
from corpus.base.files import digest, write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.store.workspace import Workspace

FILE_NAME = "queries.toml"

LOOKING: dict[str, tuple[str, ...]] = {
    "similar": ("texts", "beads", "encoder", "words", "variants.toml", "dictionary.txt"),
    "concordance": ("texts", "beads", "words", "variants.toml"),
    "words": ("texts", "words"),
    "collocates": ("texts", "words", "variants.toml"),
    "terms": ("texts", "beads", "words"),
    "timeline": ("texts", "words", "variants.toml"),
    "trace": ("texts", "beads", "words", "variants.toml"),
    "reprints": ("texts",),
    "show": ("texts", "beads"),
    "cite": ("texts", "beads"),
    "export": ("texts", "beads", "reviews"),
    "status": ("texts", "beads", "encoder", "reviews"),
}
"""The commands that can be saved, as they only look, and what their results rest on (`basis`)."""

LABELS = {"beads": "alignments", "words": "how text is cut into words", "toolkit": "version of the toolkit"}
"""What to call those parts of a basis whose names do not say it."""

_DIGITS = 12
_LONGEST_NAME = 64
_NAME = re.compile(rf"\w[\w.-]{{0,{_LONGEST_NAME - 1}}}")
_BARE = re.compile(r"[A-Za-z0-9_-]+")  # what TOML takes for a key without quotes
# A query's table begins with the comment right above it, and ends with its last line that is no comment.
_TABLE = re.compile(r"^(?P<comment>(?:[ \t]*#[^\n]*\n)*)[ \t]*\[\[[ \t]*query[ \t]*\]\]", re.MULTILINE)
_HEAD = """\
# Queries that `corpus save` keeps and `corpus run NAME` runs again. You may edit this file: what is needed of
# a query is `name` and `command`; `rests_on` is what the result it was saved with was made of.
"""


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A command under a name.

    Attributes
    ----------
    name
        As `check_name` returns it.
    command
        The arguments of ``corpus``: the name of the command, then its own.
    saved
        When it was run and saved, with a time zone; None where a person wrote it into the file.
    rests_on
        What its result rested on then (`basis`); empty where a person wrote it.
    """

    name: str
    command: tuple[str, ...]
    saved: datetime | None = None
    rests_on: Mapping[str, str] = field(default_factory=dict)


def basis(workspace: Workspace, names: Iterable[str]) -> dict[str, str]:
    """Return what a result of a workspace rests on now, and a digest of each.

    Parameters
    ----------
    workspace
        Where.
    names
        ``texts``, ``beads`` and ``encoder`` (`corpus.store.snapshot`), ``reviews`` (all that the table says),
        ``words`` (`corpus.text.tokens.version`), ``toolkit`` (its version), ``variants.toml`` (the
        workspace's, or the one that ships), ``dictionary.txt``; whatever else is the path of a file.

    Returns
    -------
    dict
        In the order of the names; a digest is empty where there is no such thing.
    """
    from corpus.base.version import __version__
    from corpus.store.snapshot import snapshot, table_digest
    from corpus.text import variants
    from corpus.text.tokens import version

    workspace = workspace.pin()
    taken = snapshot(workspace)
    shipped = Path(variants.__file__).with_name(variants.FILE_NAME)
    own = workspace.path / "variants.toml"
    known: dict[str, Callable[[], str]] = {
        "texts": lambda: taken.texts,
        "beads": lambda: taken.beads or "",
        "encoder": lambda: taken.encoder or "",
        "reviews": lambda: table_digest(reviews) if len(reviews := workspace.table("reviews")) else "",
        "words": version,
        "toolkit": lambda: __version__,
        "variants.toml": lambda: _file_digest(own if own.exists() else shipped),
        "dictionary.txt": lambda: _file_digest(workspace.path / "dictionary.txt"),
    }
    return {name: known[name]() if name in known else _file_digest(Path(name)) for name in names}


def differences(
    then: Mapping[str, str], now: Mapping[str, str], *, before: bool = False
) -> dict[str, tuple[str, str]]:
    """Return the parts of a basis that have changed, with the digests then and now.

    Parameters
    ----------
    then, now
        As `basis` returns them.
    before
        Whether the command is not run yet. Then what it would make is left out: alignments where there are
        none, and the index.
    """
    changed = {name: (old, now.get(name, "")) for name, old in then.items() if now.get(name, "") != old}
    if before:
        changed.pop("encoder", None)
        if changed.get("beads", ("", "made"))[1] == "":
            changed.pop("beads", None)
    return changed


def read_queries(workspace: Workspace) -> list[SavedQuery]:
    """Return the queries that a workspace keeps, in the order of its file.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    return _parse(_text(workspace), _file(workspace))


def find_query(workspace: Workspace, name: str) -> SavedQuery:
    """Return the query of a name.

    Raises
    ------
    InputError
        If the file of queries is damaged.
    CorpusError
        If there is none of this name; the message names those that come near.
    """
    queries = read_queries(workspace)
    return queries[_place(queries, name, workspace)]


def keep_query(workspace: Workspace, query: SavedQuery, *, overwrite: bool = False) -> None:
    """Put a query into a workspace's file; the others in it, and comments above them, stay as they are.

    Parameters
    ----------
    workspace
        Where; locked meanwhile.
    query
        What to keep.
    overwrite
        Whether it takes the place of one that has its name.

    Raises
    ------
    InputError
        If the file of queries is damaged.
    CorpusError
        If there is one of this name already, the command cannot be saved, or the file cannot be written.
    """
    check_command(query.command)
    query = replace(query, name=check_name(query.name))
    with workspace.locked():
        text = _text(workspace)
        queries = _parse(text, _file(workspace))
        names = [known.name for known in queries]
        if query.name not in names:
            before = f"{text.rstrip()}\n\n" if text.strip() else f"{_HEAD}\n"
            _write(workspace, before + _entry(query), [*queries, query])
            return
        refuse_taken(queries, query.name, overwrite=overwrite)
        place = names.index(query.name)
        tables, ends = _tables(text)
        if place < len(tables):
            text = text[: tables[place].end("comment")] + _entry(query) + text[ends[place] :]
        _write(workspace, text, [*queries[:place], query, *queries[place + 1 :]])


def remove_query(workspace: Workspace, name: str) -> None:
    """Take a query out of a workspace's file, with the comment above it.

    Raises
    ------
    InputError
        If the file of queries is damaged.
    CorpusError
        If there is none of this name, or the file cannot be written.
    """
    with workspace.locked():
        text = _text(workspace)
        queries = _parse(text, _file(workspace))
        place = _place(queries, name, workspace)
        tables, ends = _tables(text)
        if place < len(tables):
            before, after = text[: tables[place].start()], text[ends[place] :]
            text = before + (after.lstrip("\n") if before.endswith("\n\n") or not before else after)
        _write(workspace, text, queries[:place] + queries[place + 1 :])


def check_name(name: str) -> str:
    """Return a name in the form that it is kept in (NFC).

    Raises
    ------
    CorpusError
        If it is none, or that of a command.
    """
    name = unicodedata.normalize("NFC", name)
    if name in LOOKING:
        msg = f"{name!r} is a command; the name comes before it: corpus save NAME {name} …"
        raise CorpusError(msg)
    if _NAME.fullmatch(name) is None:
        msg = (
            f"{name!r} is no name for a query: letters and digits of any script, _ - and . are, up to "
            f"{_LONGEST_NAME} of them, the first a letter or digit"
        )
        raise CorpusError(msg)
    return name


def check_command(command: Sequence[str]) -> None:
    """Raise CorpusError for a command that there is not, or that does more than look."""
    if not command or command[0].startswith("-"):
        msg = "options of save come before the name, a command after it: corpus save --replace NAME similar …"
        raise CorpusError(msg)
    if command[0] not in LOOKING:
        near = difflib.get_close_matches(command[0], LOOKING, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        msg = f"{command[0]!r} cannot be saved{meant}; commands that only look can: {', '.join(LOOKING)}"
        raise CorpusError(msg)
    try:
        "".join(command).encode()
    except UnicodeEncodeError:
        msg = "the command is not valid UTF-8: check the terminal's encoding"
        raise CorpusError(msg) from None


def refuse_taken(queries: Iterable[SavedQuery], name: str, *, overwrite: bool) -> None:
    """Raise CorpusError if there is a query of a name, and it is not to be replaced."""
    if not overwrite and any(query.name == name for query in queries):
        msg = (
            f"there is a query {name!r} already; to put another in its place: corpus save --replace {name} …"
        )
        raise CorpusError(msg)


def _file(workspace: Workspace) -> Path:
    return workspace.path / FILE_NAME


def _file_digest(path: Path) -> str:
    try:
        return digest(path.read_bytes())[:_DIGITS]
    except OSError:
        return ""


def _text(workspace: Workspace) -> str:
    """Return what the file of queries holds, nothing where there is none."""
    file = _file(workspace)
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        msg = f"{file}: {error.strerror or error}"
    except UnicodeDecodeError as error:
        msg = f"{file}: not a TOML file: {error}"
    raise InputError(msg)


def _place(queries: Sequence[SavedQuery], name: str, workspace: Workspace) -> int:
    names = [query.name for query in queries]
    wanted = unicodedata.normalize("NFC", name)
    if wanted in names:
        return names.index(wanted)
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    there = f"did you mean {near[0]}?" if near else f"saved are: {', '.join(names[:8]) or 'none'}"
    msg = f"no query {name!r} in {workspace.path}; {there}"
    raise CorpusError(msg)


def _parse(text: str, file: Path) -> list[SavedQuery]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{file}: not a TOML file: {error}; mend it, or move it away"
        raise InputError(msg) from None
    entries = content.pop("query", [])
    if content or not isinstance(entries, list):
        odd = f" (there is {', '.join(content)})" if content else ""
        msg = f"{file}: a file of queries holds [[query]] tables only{odd}"
        raise InputError(msg)
    queries: list[SavedQuery] = []
    for number, entry in enumerate(entries, start=1):
        where = f"{file}: query {number}"
        query = _query(entry, where)
        if any(query.name == other.name for other in queries):
            msg = f"{where}: there is another of the name {query.name!r}; give one of them another"
            raise InputError(msg)
        queries.append(query)
    return queries


def _query(entry: Any, where: str) -> SavedQuery:  # noqa: ANN401 - whatever a TOML file holds
    if not isinstance(entry, dict) or not set(entry) <= {"name", "command", "saved", "rests_on"}:
        msg = f"{where}: it has `name`, `command`, and maybe `saved` and `rests_on`, nothing else"
        raise InputError(msg)
    name, command = entry.get("name"), entry.get("command")
    saved, rests_on = entry.get("saved"), entry.get("rests_on", {})
    if not isinstance(name, str):
        msg = f"{where}: it has no `name`, or one that is no text"
        raise InputError(msg)
    if not isinstance(command, list) or not command or not all(isinstance(part, str) for part in command):
        msg = f'{where}: `command` is a list of texts, such as ["similar", "local industry"]'
        raise InputError(msg)
    if saved is not None and not isinstance(saved, datetime):
        msg = f"{where}: `saved` is a date and time"
        raise InputError(msg)
    if not isinstance(rests_on, dict) or not all(isinstance(value, str) for value in rests_on.values()):
        msg = f"{where}: `rests_on` is a table of texts"
        raise InputError(msg)
    try:
        name = check_name(name)
    except CorpusError as error:
        msg = f"{where}: {error}"
        raise InputError(msg) from None
    return SavedQuery(name, tuple(command), saved, rests_on)


def _entry(query: SavedQuery) -> str:
    """Return a query as the file has it."""
    lines = [
        "[[query]]",
        f"name = {_quoted(query.name)}",
        f"command = [{', '.join(map(_quoted, query.command))}]",
    ]
    if query.saved is not None:
        lines.append(f"saved = {query.saved.isoformat()}")
    if query.rests_on:
        lines.append("[query.rests_on]")
        for name, value in query.rests_on.items():
            key = name if _BARE.fullmatch(name) else _quoted(name)
            lines.append(f"{key} = {_quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a text as TOML has it: as JSON, but for one character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _tables(text: str) -> tuple[list[re.Match[str]], list[int]]:
    """Return where the tables of queries begin, and where each ends."""
    tables = [*_TABLE.finditer(text)]
    starts = [*(table.start() for table in tables), len(text)]
    return tables, [start + _length(text[start:end]) for start, end in pairwise(starts)]


def _length(text: str) -> int:
    """Return how long a text is without the blank lines and comments at its end."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)
    while lines and lines[-1].strip()[:1] in ("", "#"):
        lines.pop()
    return sum(map(len, lines))


def _write(workspace: Workspace, text: str, queries: list[SavedQuery]) -> None:
    """Write the file, if it then says what it should: a person may write TOML that is cut in another way."""
    file = _file(workspace)
    try:
        right = _parse(text, file) == queries
    except InputError:
        right = False
    if not right:
        msg = f"{file}: written in a way that this cannot change without harm; edit it by hand"
        raise CorpusError(msg)
    write_atomically(file, text.encode())
