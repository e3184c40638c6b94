"""Rules of where a sentence ends and where it goes on: `rules/common.toml`, and one file a language.

Keys of a file:

- ``unspaced``: sentences follow each other without a space.
- ``particles``: what follows a quotation without a space belongs to its sentence.
- ``titles``: words that never end a sentence ("Mr."); ``abbreviations``: nor do these, unless a word of
  ``starters`` follows; ``before_figures``: nor do these before a figure ("No. 3").
- ``titled``: what stands before a title in brackets; ``titles_go_on``: what follows one, in its sentence.
- ``saying``: verbs that give speech to its speaker, behind it; ``going_on``: what a quotation goes on with.
- ``[[join]]``: no sentence ends where ``before`` ends at the boundary and ``after`` begins there.
- ``[[cut]]``: one does where `sentencex` sees none; white space may stand between.

- ``closers``: quotes and brackets that close; `` »`` where a space may stand before one.

Expressions are Python's; ``{starter}`` stands for a word of ``starters``, ``{name}`` for one with a capital
that is none of them. They are tried on some forty characters at each side, so that reading is linear in the
length of a text.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from corpus.base.patterns import lazy_pattern

_FOLDER = Path(__file__).with_name("rules")
REACH = 48
"""Characters at each side of a boundary that a rule sees."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a language.

    Attributes
    ----------
    joins, cuts
        Pairs of expressions: for the end of what stands before a boundary, and the beginning of what follows.
    tag
        Matches the words that give speech to its speaker; None where no such verbs are known.
    """

    unspaced: bool
    particles: bool
    titles: frozenset[str]
    abbreviations: frozenset[str]
    before_figures: frozenset[str]
    starters: frozenset[str]
    closers: str
    spaced_closer: bool
    joins: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    cuts: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    tag: re.Pattern[str] | None
    going_on: re.Pattern[str] | None
    titled: re.Pattern[str] | None
    titles_go_on: re.Pattern[str] | None

    def is_title(self, before: str, after: str) -> bool:
        """Whether brackets hold a title rather than a sentence, by what stands at each side of them."""
        known = self.titled is not None and self.titled.search(before.rstrip()) is not None
        return known or (self.titles_go_on is not None and self.titles_go_on.match(after) is not None)


@cache
def rules_for(lang: str) -> Rules:
    """Return the rules of a language (ISO 639-1), those of English for one that has no file."""
    base = lang.split("-", maxsplit=1)[0]
    named = {"yue": "zh", "wuu": "zh", "lzh": "zh"}.get(base, base)
    path = _FOLDER / f"{named}.toml"
    own = _table(path if path.exists() else _FOLDER / "en.toml")
    common = _table(_FOLDER / "common.toml")

    def words(key: str) -> frozenset[str]:
        return frozenset(f"{common.get(key, '')} {own.get(key, '')}".split())

    starters = words("starters")
    name = rf"(?!(?:{'|'.join(sorted(starters)) or '(?!)'})\b)[^\W\d_a-zа-яёß-öø-ÿ]\w*"

    def filled(expression: str) -> str:
        starter = rf"(?:{'|'.join(sorted(starters))})\b"
        return f"(?:{expression.replace(chr(10), '').replace('{name}', name).replace('{starter}', starter)})"

    unspaced = bool(own.get("unspaced"))

    def pairs(key: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        both = (*common.get(key, ()), *own.get(key, ()))
        return tuple(
            (lazy_pattern(filled(x["before"]) + r"\Z"), lazy_pattern(filled(x["after"]))) for x in both
        )

    return Rules(
        unspaced=unspaced,
        particles=bool(own.get("particles")),
        titles=words("titles"),
        abbreviations=words("abbreviations"),
        before_figures=words("before_figures"),
        starters=starters,
        closers=own.get("closers", common["closers"]).replace(" ", ""),
        spaced_closer=" »" in own.get("closers", ""),
        joins=pairs("join"),
        cuts=pairs("cut"),
        tag=_tag(own.get("saying", "").split(), words("titles"), unspaced=unspaced),
        going_on=_any_of(own.get("going_on", "")),
        titled=_any_of(own.get("titled", ""), end=r"\Z"),
        titles_go_on=_any_of(own.get("titles_go_on", "")),
    )


def _any_of(expressions: str, end: str = "") -> re.Pattern[str] | None:
    return lazy_pattern(f"(?:{'|'.join(expressions.split())}){end}") if expressions else None


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _tag(verbs: list[str], titles: frozenset[str], *, unspaced: bool) -> re.Pattern[str] | None:
    """Match a clause that is a speaker with a verb of saying and nothing else: 他说。, Kim asked."""
    if not verbs:
        return None
    verb = "|".join(map(re.escape, sorted(verbs, key=len, reverse=True)))
    if unspaced:
        return lazy_pattern(
            rf"[^，。！？；：、,.!?;:“”「」『』\s]{{0,16}}?(?:{verb})[了着著过過]?[，。！？；：,.!?;:…]"
        )
    word = rf"(?:{'|'.join(map(re.escape, sorted(titles)))}|[^\s.,;:!?“”\"«»]{{1,24}})"
    where = (
        r"\s(?:on|in|at|to|during|after|before|am|vor|bei|à|en|dans|lors|au|в|на|во|перед)"
        r"\s[^.,;:!?“”\"«»]{1,60}"
    )
    name = r"[^\W\d_a-zа-яёß-öø-ÿ][^\s.,;:!?]*"
    return lazy_pattern(rf"[—–-]?\s?(?:{word}\s){{0,5}}?(?:{verb})(?:(?:\s{name}){{0,3}}|{where})[.,;!?…]")
