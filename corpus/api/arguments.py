"""What users pass to `Corpus`, made into what the package works with; a wrong type says what is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from corpus.base.errors import InputError
from corpus.base.files import read_bytes
from corpus.documents.subcorpus import Selection
from corpus.text.dates import PartialDate, parse_date
from corpus.text.variants import Variants, load_variants, workspace_variants

if TYPE_CHECKING:
    from corpus.linguistics.frequencies import StopList
    from corpus.linguistics.patterns import Pattern
    from corpus.store.workspace import Workspace

AnyPath: TypeAlias = "str | Path"
AnyDate: TypeAlias = "str | int | dt.date | PartialDate"
Several: TypeAlias = "str | Iterable[str]"

NONE = "none"
"""What stands for no variants and no stop words, here as on the command line."""


def paths_of(paths: Iterable[object]) -> list[Path]:
    """Return paths, given one by one or in lists.

    Raises
    ------
    TypeError
        If something is neither a path nor a list of them.
    """
    found: list[Path] = []
    for item in paths:
        if isinstance(item, str | Path):
            found.append(Path(item))
        elif isinstance(item, Iterable) and not isinstance(item, bytes):
            found += paths_of(item)
        else:
            msg = f"a path is a str or a pathlib.Path, not {type(item).__name__}: {item!r}"
            raise TypeError(msg)
    return found


def date_of(value: AnyDate | None) -> PartialDate | None:
    """Return a date that may be known in part: 1959, "1959-05", a `datetime.date`.

    Raises
    ------
    CorpusError
        If a text is no date.
    TypeError
        If it is something else.
    """
    if value is None or isinstance(value, PartialDate):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | dt.date):
        msg = f"a date is like 1959, '1959-05' or '1959-05-20', not {type(value).__name__}: {value!r}"
        raise TypeError(msg)
    return parse_date(value.isoformat()[:10] if isinstance(value, dt.date) else str(value))


def names_of(value: Several | None, what: str) -> tuple[str, ...]:
    """Return names, of which one may be given as a plain text (TypeError if one is no text)."""
    if value is None:
        return ()
    names = (value,) if isinstance(value, str) else tuple(value)
    if wrong := [name for name in names if not isinstance(name, str)]:
        msg = f"{what} is a str or a list of them, not {type(wrong[0]).__name__}: {wrong[0]!r}"
        raise TypeError(msg)
    return names


Languages: TypeAlias = "str | Sequence[str]"
"""Pairs of languages: ``zh-en``, or several, in a list or with commas between."""


def langs_of(langs: Languages | None) -> list[tuple[str, str]] | None:
    """Return pairs of languages; None where none are named (CorpusError if they are no pairs)."""
    from corpus.documents.link_tables import read_langs

    if langs is None:
        return None
    return read_langs(langs.split(",") if isinstance(langs, str) else langs)


def selection_of(
    lang: str | None = None,
    since: AnyDate | None = None,
    until: AnyDate | None = None,
    doc: Several | None = None,
    source: Several | None = None,
) -> Selection:
    """Return which versions of documents are meant."""
    return Selection(
        lang=lang,
        since=date_of(since),
        until=date_of(until),
        docs=names_of(doc, "doc"),
        sources=names_of(source, "source"),
    )


def variants_of(value: AnyPath | Variants | None) -> Variants | None:
    """Return variants: those in a file, none for ``none``; None, which is the workspace's own, for None."""
    if value is None or isinstance(value, Variants):
        return value
    return Variants() if value == NONE else load_variants(Path(value))


def pattern_of(
    pattern: object, workspace: Workspace, *, regex: bool, variants: AnyPath | Variants | None
) -> Pattern:
    """Return a pattern with the forms that the variants have of it.

    Raises
    ------
    CorpusError
        If it is no pattern.
    TypeError
        If it is neither a text nor a `Pattern`.
    """
    from corpus.linguistics.patterns import Pattern, compile_pattern, forms_of

    if isinstance(pattern, Pattern):
        return pattern
    if not isinstance(pattern, str):
        msg = (
            f"a pattern is a str, or what compile_pattern returns, not {type(pattern).__name__}: {pattern!r}"
        )
        raise TypeError(msg)
    if regex:
        return compile_pattern(pattern, as_regex=True)
    chosen = variants_of(variants)
    known = workspace_variants(workspace.path) if chosen is None else chosen
    return compile_pattern(pattern, forms=forms_of(pattern, known))


def stop_list_of(value: AnyPath | Iterable[str] | StopList | None) -> StopList | None:
    """Return words to leave out: each language's function words for None, no words for ``none``.

    A path names a file of words; other values are words.
    """
    from corpus.linguistics.frequencies import StopList, read_stop_list
    from corpus.text.decoding import decode

    if value is None:
        return StopList()
    if isinstance(value, StopList):
        return value
    if isinstance(value, str | Path):
        if value == NONE:
            return None
        return read_stop_list(decode(read_bytes(Path(value)), str(value)))
    return read_stop_list("\n".join(names_of(value, "stop")))


def cuts_of(value: str | Iterable[AnyDate] | None) -> list[PartialDate]:
    """Return the dates at which bins begin, from a list or from a text such as ``1960,2022-05``."""
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    dates = [date_of(part) for part in parts]
    if None in dates:
        msg = "a bin begins at a date, not at None"
        raise InputError(msg)
    return [date for date in dates if date is not None]
