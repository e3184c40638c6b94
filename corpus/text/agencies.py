"""The names that agencies and newspapers go by, and how a line is told to be one of them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TypeAlias

from corpus.base.patterns import lazy_pattern


@cache
def _names() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("agencies.toml").read_text("utf-8"))
    return {
        _key(form): entry["name"]
        for entry in (*table["agency"], *table["newspaper"])
        for form in (*entry["forms"], *entry.get("sites", ()))
    }


def _key(form: str) -> str:
    return form.casefold().replace("’", "'")


@cache
def agency_pattern() -> str:
    """Return an expression for every form of every name, to be compiled with `re.IGNORECASE`.

    Of forms that begin alike the longest matches. Names that begin alike share their beginning in it: tried
    one by one at every place of a line, they take milliseconds.
    """
    tree: _Tree = {}
    for form in _names():
        node = tree
        for character in form:
            node = node.setdefault(character, {})
        node[""] = {}
    # Latin and Cyrillic names must stand alone ("AP" is not in "APRIL"); Chinese has no word boundary.
    return rf"(?<![a-zа-я]){_branches(tree)}(?![a-zа-я])"


_Tree: TypeAlias = "dict[str, _Tree]"


def _branches(tree: _Tree) -> str:
    """Return an expression for what a tree of characters holds; "" marks the end of a form."""
    parts = ["['’]" if one == "'" else re.escape(one) for one in tree if one]
    branches = [part + _branches(tree[one]) for part, one in zip(parts, filter(None, tree), strict=True)]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and "" not in tree else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in tree else joined


@cache
def _compiled() -> re.Pattern[str]:
    return re.compile(agency_pattern(), re.IGNORECASE)


def agency_name(form: str) -> str:
    """Return the one name that a form stands for (KeyError if it is none)."""
    return _names()[_key(form)]


def find_agencies(text: str) -> list[str]:
    """Return the agencies a text names, in order, by the one name each is shown under."""
    return [agency_name(match.group()) for match in _compiled().finditer(text)]


_LONGEST_LABEL = 200


def agency_of(label: str) -> str | None:
    """Return the agency or newspaper that a label names, None if it says more than that name.

    "KCNA.kp (En)" is the agency; "Xinhua Daily" is another newspaper.
    """
    if len(label) > _LONGEST_LABEL:
        return None
    rest = _compiled().sub("", label.replace("www.", ""))
    named = find_agencies(label)
    return named[0] if named and sum(map(str.isalpha, rest)) <= 2 else None


# What a masthead ends with that is in no list. In English and German it is printed in capitals: "A New
# Times" may be a headline.
_MASTHEAD = lazy_pattern(
    r"(?:THE |DIE |DER |LE |LA )?(?:[A-ZÄÖÜÉÈ]+[ -]){1,4}"
    r"(?:DAILY|TIMES|COURIER|GAZETTE|HERALD|TRIBUNE|JOURNAL|CHRONICLE|OBSERVER|TELEGRAPH|WEEKLY|BULLETIN"
    r"|ZEITUNG|TAGEBLATT|RUNDSCHAU)"
    r"|[\u4e00-\u9fff]{2,6}(?:日报|日報|晚报|晚報|早报|早報|时报|時報|周报|週報)"
    r"|[가-힣]{1,6}(?:일보|신문)"
)


def is_masthead(line: str) -> bool:
    """Whether a line can be the name of a newspaper, listed or not, and nothing else."""
    return agency_of(line) is not None or _MASTHEAD.fullmatch(line) is not None
