"""Forms of one thing across scripts and spellings, from a file the user can edit.

A historian who looks for 金化 wants 김화, Kimhwa, Kumhwa and Gimhwa as well, and neither embeddings nor
word counts know that they are one place. A variants file says so (`corpus/text/variants.toml` ships, and
explains the format).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.base.files import read_bytes
from corpus.base.parsing import parse_toml
from corpus.text.folding import containing, fold, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator


FILE_NAME = "variants.toml"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a thing.

    Attributes
    ----------
    text
        As the file has it; ``*`` at the end of a word stands for any ending.
    regex
        Matches it in folded text (`corpus.text.folding.fold`), by Python's `re`.
    contained
        Matches a folded text that it stands in, in polars.
    """

    text: str
    regex: str
    contained: str


_BEGINNING = re.compile(r"[a-z0-9]{1,3}|\w")  # letters that stand together in every way to write a form


@dataclass(frozen=True)
class Variant:
    """One thing, and the ways to write it.

    Attributes
    ----------
    name
        What to call it.
    forms
        At least two.
    """

    name: str
    forms: tuple[Form, ...]

    @property
    def regex(self) -> str:
        """A pattern for polars that matches a folded text in which any of the forms stands."""
        return "|".join(f"(?:{form.contained})" for form in self.forms)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile("|".join(f"({form.regex})" for form in self.forms))

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        found = (_BEGINNING.search(fold(form.text)) for form in self.forms)
        return frozenset(match.group() if match is not None else "" for match in found)

    def find(self, folded: str) -> Iterator[tuple[int, int, Form]]:
        """Yield where the forms stand in a folded text: start, end, and which it is."""
        # Most texts hold no form, and to compile its pattern takes a hundredth of a second.
        if not any(beginning in folded for beginning in self._beginnings):
            return
        for match in self._compiled.finditer(folded):
            if match.lastindex is not None:
                yield match.start(), match.end(), self.forms[match.lastindex - 1]


@dataclass(frozen=True, slots=True)
class Variants:
    """What a variants file says.

    Attributes
    ----------
    variants
        In the order of the file.
    source
        The file, for messages.
    """

    variants: tuple[Variant, ...] = ()
    source: str = ""

    def expand(self, query: str) -> list[Variant]:
        """Return the variants that a query names, by any of their forms, in the query's order.

        Where two overlap in the query, the longer match stands: 地方工业工厂 is not 地方工业 as well.

        Parameters
        ----------
        query
            A word, a phrase or a passage.
        """
        return [variant for _, _, variant in self.places(query)]

    def places(self, query: str) -> list[tuple[int, int, Variant]]:
        """Return the variants that a query names, with their start and end in the folded query."""
        folded = fold(query)
        found = [(start, end, variant) for variant in self.variants for start, end, _ in variant.find(folded)]
        kept: list[tuple[int, int, Variant]] = []
        for start, end, variant in sorted(found, key=lambda place: (place[0] - place[1], place[0])):
            apart = all(end <= other[0] or start >= other[1] for other in kept)
            if apart and all(variant is not other[2] for other in kept):
                kept.append((start, end, variant))
        return sorted(kept, key=lambda place: place[0])


def load_variants(path: Path) -> Variants:
    """Read a variants file.

    Parameters
    ----------
    path
        A TOML file with a table ``[[variant]]`` for each thing: `forms`, and a `name` if wanted.

    Raises
    ------
    InputError
        If it cannot be read, is no TOML, or says something else than that.
    """
    try:
        content = parse_toml(read_bytes(path).decode("utf-8-sig"))
    except ValueError as error:
        msg = f"{path}: not a TOML file: {error}"
        raise InputError(msg) from None
    entries = content.pop("variant", None)
    if content or not isinstance(entries, list):
        odd = f" (there is {', '.join(content)})" if content else ""
        msg = f"{path}: a variants file holds [[variant]] tables only{odd}; see corpus/text/variants.toml"
        raise InputError(msg)
    return Variants(
        tuple(_variant(entry, f"{path}: variant {number}") for number, entry in enumerate(entries, start=1)),
        str(path),
    )


@cache
def shipped_variants() -> Variants:
    """Return the variants that ship with the toolkit."""
    return load_variants(Path(__file__).with_name(FILE_NAME))


def workspace_variants(folder: Path) -> Variants:
    """Return the variants in `variants.toml` of a workspace's folder, else those that ship.

    Raises
    ------
    InputError
        If the folder's file is damaged.
    """
    own = folder / FILE_NAME
    return load_variants(own) if own.exists() else shipped_variants()


def _variant(entry: Any, where: str) -> Variant:  # noqa: ANN401 - whatever a TOML file holds
    if not isinstance(entry, dict) or not set(entry) <= {"name", "forms"}:
        msg = f"{where}: it has `forms`, and a `name` if wanted, nothing else"
        raise InputError(msg)
    forms = entry.get("forms")
    if not isinstance(forms, list) or len(forms) < 2 or not all(isinstance(form, str) for form in forms):
        msg = f"{where}: `forms` is a list of at least two texts"
        raise InputError(msg)
    name = entry.get("name", forms[0])
    if not isinstance(name, str):
        msg = f"{where}: `name` is a text"
        raise InputError(msg)
    for form in forms:
        if not any(character.isalnum() for character in form):
            msg = f"{where}: the form {form!r} has no letter or digit to look for"
            raise InputError(msg)
    # Longer forms first: of two that begin at one place, the pattern takes the first.
    ordered = sorted(dict.fromkeys(forms), key=len, reverse=True)
    return Variant(name, tuple(map(_form, ordered)))


def _form(text: str) -> Form:
    return Form(text, pattern(text, wildcards=True), containing(text, wildcards=True))
