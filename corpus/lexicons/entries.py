"""What the lexicons of a workspace say of a word, and which there are: what `corpus lexicon` shows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from corpus.base.errors import CorpusError, InputError
from corpus.base.parsing import parse_toml
from corpus.lexicons.format import read_lexicon
from corpus.lexicons.inflection import base_forms, compound
from corpus.lexicons.lexicon import langs_of, lexicon_files, open_lexicon
from corpus.lexicons.names import spelt_by_rule
from corpus.lexicons.own import OF_BEADS, OwnLexicons
from corpus.lexicons.words import normal_form
from corpus.lexicons.written import FILE_NAME
from corpus.text.variants import workspace_variants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.lexicons.lexicon import Entry
    from corpus.store.schemas import DataType
    from corpus.store.workspace import Workspace

_ENTRIES: dict[str, DataType] = {
    "lang": pl.String,
    "to": pl.String,
    "translation": pl.String,
    "weight": pl.Float64,
    "n": pl.UInt32,
    "counts": pl.Boolean,
    "source": pl.String,
    "title": pl.String,
    "licence": pl.String,
}
ENTRIES = pl.Schema(_ENTRIES)
"""One row a translation and source, the likeliest of each pair of languages first.

`weight` is how probable the translation is, 0 to 1; null for what is known without (names by rule, forms of
`variants.toml`). `n` is how many beads of the workspace speak for it, of its own terms. `counts` is false for
what `lexicon.tsv` forbids, in whatever lexicon it stands. `source` is a short name (``cc-cedict``,
``through en``, ``beads``, ``name``, ``variants.toml``, or the line, ``lexicon.tsv:3``), `title` what that is,
`licence` an SPDX expression."""

_LEXICONS: dict[str, DataType] = {
    "lang": pl.String,
    "to": pl.String,
    "pairs": pl.UInt32,
    "source": pl.String,
    "licence": pl.String,
    "file": pl.String,
}
LEXICONS = pl.Schema(_LEXICONS)
"""One row a lexicon, which is read in both directions: how many pairs it has, and what it was made of (short
names; the file beside it says more)."""


class _Source(NamedTuple):
    title: str
    licence: str | None


def lexicons_in_use(workspace: Workspace) -> pl.DataFrame:
    """List the lexicons that a workspace is searched with (`LEXICONS`).

    Raises
    ------
    InputError
        If a lexicon is damaged, or `lexicon.tsv` is wrong.
    """
    own = OwnLexicons(workspace)
    rows: list[dict[str, Any]] = []
    for path in lexicon_files():
        file, sources = read_lexicon(path), _sources(path)
        licences = dict.fromkeys(one.licence for one in sources.values() if one.licence is not None)
        rows.append(
            {
                "lang": file.langs[0], "to": file.langs[1], "pairs": len(file.sides[0].targets),
                "source": ", ".join(sources) or None, "licence": " AND ".join(licences) or None,
                "file": str(path),
            }
        )  # fmt: skip
    for (src, tgt), file in own.of_beads.items():
        rows.append({"lang": src, "to": tgt, "pairs": len(file.sides[0].targets), "source": "beads"})
    written = [(line.lang, line.to) for line in own.lines]
    for src, tgt in dict.fromkeys(written):
        own_file = str(workspace.path / FILE_NAME)
        rows.append(
            {
                "lang": src,
                "to": tgt,
                "pairs": written.count((src, tgt)),
                "source": FILE_NAME,
                "file": own_file,
            }
        )
    return pl.DataFrame(rows, schema=LEXICONS)


def entries_of(
    workspace: Workspace, word: str, *, lang: str | None = None, to: str | None = None
) -> pl.DataFrame:
    """Look a word up in all that a workspace is searched with (`ENTRIES`).

    Parameters
    ----------
    word
        A word or phrase; case, width, script and inflection make no difference.
    lang, to
        Codes of its language, and of that of translations; None for any.

    Raises
    ------
    CorpusError
        If there is nothing to look for in the word, or no lexicon from or into such a language.
    """
    if not any(char.isalnum() for char in word):
        msg = f"{word!r} has no letter or digit to look for"
        raise CorpusError(msg)
    own = OwnLexicons(workspace)
    ways = _ways(workspace, own, lang, to)
    rows = [
        {"lang": src, "to": tgt} | row
        for src, tgt in ways
        for row in (*_looked_up(own, src, tgt, word), *_by_rule(src, tgt, word))
    ]
    rows += [
        {
            "to": None,
            "translation": form.text,
            "source": "variants.toml",
            "title": variant.name,
            "counts": True,
        }
        for variant in workspace_variants(workspace.path).expand(word)
        for form in variant.forms
    ]
    return pl.DataFrame(rows, schema=ENTRIES).sort(
        pl.col("lang").is_null(), "lang", "to", "weight", "translation", "source",
        descending=[False, False, False, True, False, False], nulls_last=True, maintain_order=True,
    )  # fmt: skip


def _ways(workspace: Workspace, own: OwnLexicons, lang: str | None, to: str | None) -> list[tuple[str, str]]:
    """Return the directions to look in: all that a file knows, and all between the workspace's languages."""
    both = [*map(langs_of, lexicon_files()), *own.of_beads, *((line.lang, line.to) for line in own.lines)]
    direct = {way for src, tgt in both for way in ((src, tgt), (tgt, src))}
    langs = workspace.scan("versions").select(pl.col("lang").unique()).collect()["lang"].to_list()
    wanted = direct | set(itertools.permutations(filter(None, langs), 2))
    if lang is not None and to is not None and lang != to:
        wanted.add((lang, to))
    ways = sorted(
        (src, tgt)
        for src, tgt in wanted
        if lang in (None, src)
        and to in (None, tgt)
        and ((src, tgt) in direct or open_lexicon(src, tgt) is not None)
    )
    if not ways:
        known = ", ".join(sorted({src for src, _ in direct}))
        asked = " ".join(f"{how} {code}" for how, code in (("from", lang), ("into", to)) if code is not None)
        own_file = workspace.path / FILE_NAME
        msg = f"no lexicon {asked}; there are lexicons of {known}, and your own pairs go into {own_file}"
        raise CorpusError(msg)
    return ways


def _looked_up(own: OwnLexicons, src: str, tgt: str, word: str) -> Iterator[dict[str, Any]]:
    """Yield what is known of a word; else of its base form, or of the parts of a compound, as searches do."""
    rows = list(_known(own, src, tgt, word))
    lexicon = own.open(src, tgt)
    if rows or lexicon is None:
        yield from rows
        return

    def known(form: str) -> bool:
        return bool(lexicon.translations(form))

    for form in base_forms(word, src, known)[:1] or compound(word, src, known) or ():
        for row in _known(own, src, tgt, form):
            yield row | {"source": f"{row['source']}, of {form}"}


def _known(own: OwnLexicons, src: str, tgt: str, word: str) -> Iterator[dict[str, Any]]:
    written, terms, shipped = own.written(src, tgt), own.terms(src, tgt), open_lexicon(src, tgt)
    forbidden = {} if written is None else written.forbidden(word)
    for line in forbidden.values():
        yield {
            "translation": line.translation, "weight": 0.0, "counts": False, "source": line.source,
            "title": f"forbidden in {own.workspace.path / FILE_NAME}",
        }  # fmt: skip
    for lexicon in (written, terms, shipped):
        for entry in () if lexicon is None else lexicon.translations(word):
            counts = normal_form(entry.word, tgt) not in forbidden
            yield {"translation": entry.word, "weight": entry.weight, "counts": counts} | _from(
                own, src, tgt, entry
            )


def _from(own: OwnLexicons, src: str, tgt: str, entry: Entry) -> dict[str, Any]:
    name = entry.source
    if name.startswith(OF_BEADS):
        count = int(name.removeprefix(OF_BEADS))
        return {"n": count, "source": "beads", "title": "this workspace's beads"}
    if name.startswith(FILE_NAME):
        return {"source": name, "title": f"written in {own.workspace.path / FILE_NAME}"}
    known = _sources_between(src, tgt).get(name)
    return {"source": name} | (known._asdict() if known is not None else {})


def _by_rule(src: str, tgt: str, word: str) -> Iterator[dict[str, Any]]:
    if tgt not in ("en", "ko"):  # into other languages in Latin letters names are spelt as into English
        return
    for spelling in spelt_by_rule(word, src, tgt):
        yield {
            "translation": spelling,
            "counts": True,
            "source": "name",
            "title": "spelt by rule, if a name",
        }


def _sources_between(src: str, tgt: str) -> dict[str, _Source]:
    found: dict[str, _Source] = {}
    for path in lexicon_files():
        if langs_of(path) in ((src, tgt), (tgt, src)):
            found |= _sources(path)
    return found


def _sources(path: Path) -> dict[str, _Source]:
    """Return what a lexicon was made of, by name, as the file beside it says; there need not be one."""
    beside = path.with_suffix(".toml")
    if not beside.exists():
        return {}
    try:
        held = parse_toml(beside.read_text("utf-8"))
        return {one["name"]: _Source(one["title"], one.get("licence")) for one in held.get("source", [])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{beside}: no description of a lexicon: {error}"
        raise InputError(msg) from None
