"""Translations by the names of files: ``b.zh.txt`` and ``b.en.txt``, ``zh/b.txt`` and ``en/b.txt``."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.text.languages import meant_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LANG = r"(?P<lang>[A-Za-z]{2,8}(?:[-_](?:[A-Z]{2}|Hans|Hant))?)"
_CODE = re.compile(_LANG)
_FORMS = (re.compile(rf"(?P<name>.*?)[._-]{_LANG}"), re.compile(rf"{_LANG}[._-](?P<name>.+)"))


@dataclass(frozen=True, slots=True)
class NamedPairs:
    """What the names of files say.

    Attributes
    ----------
    groups
        Files that have one name in several languages: by that name, the file of each language.
    alone
        Files whose name has one of these languages, and that have no partner.
    """

    groups: Mapping[str, Mapping[str, str]]
    alone: Sequence[str]


def pair_names(files: Iterable[str], pattern: str | None = None) -> NamedPairs:
    """Find out which files have one name in several languages.

    Parameters
    ----------
    files
        Paths with ``/`` between their parts, of one folder.
    pattern
        Where the name and the language stand, like ``{name}.{lang}.txt`` or ``{lang}/{name}.md``; None for a
        code of a language at the end or the beginning of the name before a dot, a dash or a line, or as a
        folder.

    Raises
    ------
    InputError
        If the pattern lacks either.
    """
    read = _reader(pattern)
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        if (told := read(file)) is not None:
            name, lang = told
            found[name][lang].append(file)
    groups = {
        name: {lang: held[0] for lang, held in sorted(langs.items())}
        for name, langs in sorted(found.items())
        if len(langs) > 1 and all(len(held) == 1 for held in langs.values())
    }
    # A word at the end of a name may look like a code: it is one where others have partners in that language.
    known = {lang for langs in groups.values() for lang in langs}
    alone = [
        file
        for name, langs in found.items()
        if name not in groups and known & langs.keys()
        for held in langs.values()
        for file in held
    ]
    return NamedPairs(groups, sorted(alone))


def pair_folders(
    src: Iterable[str], tgt: Iterable[str], pattern: str | None = None
) -> tuple[list[tuple[str, str]], list[str]]:
    """Pair the files of two folders: those of one name, then those that have one but for their language.

    Returns
    -------
    pairs, alone
        The names of the files in either folder; and the names of those without a partner.
    """
    read = _reader(pattern)
    ones, others = set(src), set(tgt)
    pairs = [(name, name) for name in ones & others]
    keys: tuple[dict[str, list[str]], dict[str, list[str]]] = (defaultdict(list), defaultdict(list))
    for side, names in zip(keys, (ones - others, others - ones), strict=True):
        for name in names:
            told = read(name)
            side[name if told is None else told[0]].append(name)
    pairs += [
        (keys[0][key][0], keys[1][key][0])
        for key in keys[0].keys() & keys[1].keys()
        if len(keys[0][key]) == len(keys[1][key]) == 1
    ]
    taken = [{pair[side] for pair in pairs} for side in (0, 1)]
    return sorted(pairs), sorted((ones - taken[0]) | (others - taken[1]))


def _reader(pattern: str | None) -> _Reader:
    return _Reader(None if pattern is None else _compiled(pattern))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads name and language off a path."""

    pattern: re.Pattern[str] | None

    def __call__(self, file: str) -> tuple[str, str] | None:
        if self.pattern is not None:
            match = self.pattern.search(file)
            if match is None:
                return None
            lang = match["lang"]
            return file[: match.start()] + match["name"], meant_code(lang) or lang.casefold()
        *folders, name = file.split("/")
        stem, dot, ending = name.rpartition(".")
        stem, ending = (stem, dot + ending) if dot else (name, "")
        for form in _FORMS:
            match = form.fullmatch(stem)
            if match is not None and (lang := _language(match["lang"])) is not None:
                return "/".join([*folders, match["name"] + ending]), lang
        for at in range(len(folders) - 1, -1, -1):
            if (lang := _language(folders[at])) is not None:
                return "/".join([*folders[:at], *folders[at + 1 :], name]), lang
        return None


def _language(code: str) -> str | None:
    """Return the language that a part of a name is the code of, None if it is none."""
    return meant_code(code) if _CODE.fullmatch(code) else None


def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{name\}|\{lang\})", pattern)
    if parts.count("{name}") != 1 or parts.count("{lang}") != 1:
        raise InputError(
            f"{pattern!r}: a pattern says once where the name stands and once where the language does, like "
            "{name}.{lang}.txt or {lang}/{name}.txt"
        )
    forms = {"{name}": "(?P<name>[^/]+)", "{lang}": "(?P<lang>[^/._-]+(?:[-_][A-Za-z]+)?)"}
    return re.compile("(?:(?<=/)|^)" + "".join(forms.get(part, re.escape(part)) for part in parts) + "$")
