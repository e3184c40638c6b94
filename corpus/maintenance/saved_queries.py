"""Queries that a workspace keeps under names, to be run again, and to see what has changed since.

Each is a file in the folder `queries` of the workspace, called after its name, which the user may edit: the
`command` as a list of arguments, when it was `saved`, and what its result `rests_on`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit
from tomlkit.exceptions import TOMLKitError

from corpus.base.errors import CorpusError, InputError
from corpus.base.files import digest, read_bytes, write_atomically
from corpus.base.limits import MAX_QUERY_NAME
from corpus.base.parsing import parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus.store.workspace import Workspace

FOLDER = "queries"

LOOKING: dict[str, tuple[str, ...]] = {
    "similar": ("texts", "beads", "encoder", "words", "variants.toml", "lexicon.tsv", "dictionary.txt"),
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
_NAME = re.compile(rf"\w[\w.-]{{0,{MAX_QUERY_NAME - 1}}}")
_HEAD = """\
A query that `corpus save` keeps and `corpus run` runs again. You may edit this file: what is needed is
`command`; `rests_on` is what the result it was saved with was made of."""


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
    """Return digests of the inputs of a result, as they are now.

    Parameters
    ----------
    workspace
        Where.
    names
        ``texts``, ``beads`` and ``encoder`` (`corpus.store.snapshot`), ``reviews`` (all that the table says),
        ``words`` (`corpus.text.tokens.version`), ``toolkit`` (its version), ``variants.toml`` (the
        workspace's, or the one that ships), ``lexicon.tsv``, ``dictionary.txt``; whatever else is the path of
        a file.

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
        "lexicon.tsv": lambda: _file_digest(workspace.path / "lexicon.tsv"),
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
    """Return the queries that a workspace keeps, by name.

    Raises
    ------
    InputError
        If the file of one is damaged.
    """
    return [_read(file) for file in sorted((workspace.path / FOLDER).glob("*.toml"))]


def find_query(workspace: Workspace, name: str) -> SavedQuery:
    """Return the query of a name.

    Raises
    ------
    InputError
        If its file is damaged.
    CorpusError
        If there is none of this name; the message names those that come near.
    """
    return _read(_existing_file(workspace, name))


def keep_query(workspace: Workspace, query: SavedQuery, *, overwrite: bool = False) -> None:
    """Put a query into a workspace, in the place of the one of its name; comments in its file stay.

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
        If the file of the one that it replaces is damaged.
    CorpusError
        If there is one of this name already, the command cannot be saved, or the file cannot be written.
    """
    check_command(query.command)
    name = check_name(query.name)
    with workspace.locked():
        refuse_taken(workspace, name, overwrite=overwrite)
        file = _file(workspace, name)
        if file.exists():
            _read(file)
            document = _parse(file)
        else:
            document = tomlkit.document()
            for line in _HEAD.splitlines():
                document.add(tomlkit.comment(line))
        document["command"] = list(query.command)
        if query.saved is None:
            document.pop("saved", None)
        else:
            document["saved"] = query.saved
        rests_on = document.setdefault("rests_on", tomlkit.table())
        rests_on.clear()
        rests_on.update(query.rests_on)
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise CorpusError(f"cannot write {file.parent}: {error.strerror}") from error
        write_atomically(file, tomlkit.dumps(document).encode())


def remove_query(workspace: Workspace, name: str) -> None:
    """Remove a query and the comments in its file.

    Raises
    ------
    CorpusError
        If there is none of this name.
    """
    with workspace.locked():
        _existing_file(workspace, name).unlink()


def check_name(name: str) -> str:
    """Return a name in the form that it is kept in (NFC).

    Raises
    ------
    CorpusError
        If it is none, or that of a command.
    """
    name = unicodedata.normalize("NFC", name)
    if name in LOOKING:
        raise CorpusError(f"{name!r} is a command; the name comes before it")
    if _NAME.fullmatch(name) is None:
        raise CorpusError(
            f"{name!r} is no name for a query: letters and digits of any script, _ - and . are, up to "
            f"{MAX_QUERY_NAME} of them, the first a letter or digit"
        )
    return name


def check_command(command: Sequence[str]) -> None:
    """Raise CorpusError for a command that there is not, or that does more than look."""
    if not command or command[0].startswith("-"):
        raise CorpusError("options of save come before the name, a command after it")
    if command[0] not in LOOKING:
        near = difflib.get_close_matches(command[0], LOOKING, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise CorpusError(
            f"{command[0]!r} cannot be saved{meant}; commands that only look can: {', '.join(LOOKING)}"
        )
    try:
        "".join(command).encode()
    except UnicodeEncodeError:
        raise CorpusError("the command is not valid UTF-8: check the terminal's encoding") from None


def refuse_taken(workspace: Workspace, name: str, *, overwrite: bool) -> None:
    """Raise CorpusError if there is a query of a name, and it is not to be replaced."""
    if not overwrite and _file(workspace, name).exists():
        again = f"`save({name!r}, replace=True)`"
        raise CorpusError(f"there is a query {name!r} already; to put another in its place: {again}")


def _file(workspace: Workspace, name: str) -> Path:
    return workspace.path / FOLDER / f"{name}.toml"


def _existing_file(workspace: Workspace, name: str) -> Path:
    wanted = unicodedata.normalize("NFC", name)
    names = sorted(file.stem for file in (workspace.path / FOLDER).glob("*.toml"))
    if wanted in names:
        return _file(workspace, wanted)
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"saved are: {', '.join(names[:8]) or 'none'}"
    raise CorpusError(f"no query {name!r} in {workspace.path}; {hint}")


def _file_digest(path: Path) -> str:
    try:
        return digest(path.read_bytes())[:_DIGITS]
    except OSError:
        return ""


def _parse(file: Path) -> tomlkit.TOMLDocument:
    text = read_bytes(file).decode("utf-8-sig")
    parse_toml(text)  # which says what is nested too deeply, or too long a number
    return tomlkit.parse(text)


def _read(file: Path) -> SavedQuery:
    try:
        content = _parse(file).unwrap()
        name = check_name(file.stem)
    except InputError:
        raise
    except (ValueError, TOMLKitError) as error:
        raise InputError(f"{file}: not a TOML file: {error}; mend it, or move it away") from None
    except CorpusError as error:
        raise InputError(f"{file}: {error}") from None
    command, saved, rests_on = content.get("command"), content.get("saved"), content.get("rests_on", {})
    if not set(content) <= {"command", "saved", "rests_on"}:
        msg = f"{file}: a query has a `command`, and maybe `saved` and `rests_on`, nothing else"
    elif not isinstance(command, list) or not command or not all(isinstance(part, str) for part in command):
        msg = f'{file}: `command` is a list of texts, such as ["similar", "local industry"]'
    elif saved is not None and not isinstance(saved, datetime):
        msg = f"{file}: `saved` is a date and time"
    elif not isinstance(rests_on, dict) or not all(isinstance(value, str) for value in rests_on.values()):
        msg = f"{file}: `rests_on` is a table of texts"
    else:
        return SavedQuery(name, tuple(command), saved, rests_on)
    raise InputError(msg)
