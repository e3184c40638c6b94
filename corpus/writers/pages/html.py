"""Pairs as one page to read in a browser: side by side, to be searched, linked to and printed."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from base64 import b64encode
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from corpus.documents.pairs import PairCounts, without_nulls
from corpus.text.languages import UNDETERMINED
from corpus.writers.output import encoded, xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.documents.bitext import Side
    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_LIMITS = (0.5, 0.7, 0.85, 0.95)
"""Below which score a pair is of each shade; above the last it has none."""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
_TAKEN = frozenset(
    (
        "texts", "bar", "query", "filters", "filters-button", "document", "least", "least-shown", "flagged",
        "shaded", "theme", "status", "clear",
    )
)  # fmt: skip
"""What the page calls its own parts."""

_PLACE = re.compile(r"\{(\w+)\}")


def write_html(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write a page that needs nothing else: no network, no other file.

    A pair's address is ``#DOC-NUMBER``. What is written by us runs only: a content security policy names the
    one script and the one style by their digests, and texts are escaped. Pairs are written as they come; only
    the list of documents is held in memory.
    """
    page = _Page()
    with tempfile.TemporaryFile() as body:
        for batch in batches:
            for bitext in batch.bitexts():
                page.counts.add(bitext.pairs if options.nulls else without_nulls(bitext.pairs))
                for piece in _section(bitext, page, options):
                    body.write(encoded(piece))
        body.seek(0)
        before, after = _around(page, options)
        with out.open() as file:
            file.write(encoded(before))
            shutil.copyfileobj(body, file)
            file.write(encoded(after))


@dataclass(slots=True)
class _Page:
    """What is known of the page when all pairs are written."""

    counts: PairCounts = field(default_factory=PairCounts)
    sections: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def _around(page: _Page, options: WriteOptions) -> tuple[str, str]:
    """Return what comes before the pairs, and after."""
    here = files(__package__)
    style, script, frame = (
        here.joinpath(f"reader.{ending}").read_text("utf-8") for ending in ("css", "js", "html")
    )
    documents = len(page.sections)
    facts = f"{page.counts.pairs:,} pairs, {documents:,} document{'' if documents == 1 else 's'}"
    listed = "".join(f'<li><a href="#{_text(id_)}">{name}</a></li>' for id_, name in page.sections)
    contents = f"<details><summary>Documents</summary><ol>{listed}</ol></details>" if documents > 1 else ""
    told = "".join(f"<dt>{_text(name)}</dt><dd>{_text(said)}</dd>" for name, said in options.about.items())
    parts = {
        "title": _text(options.title), "tool": _text(options.tool), "facts": facts, "contents": contents,
        "about": f"<dl>{told}</dl>" if told else "", "style": style, "script": script,
        "style_hash": _hash(style), "script_hash": _hash(script),
    }  # fmt: skip
    before, _, after = frame.partition("{body}\n")
    # One pass: what is put in is not looked at again.
    filled = [_PLACE.sub(lambda place: parts[place[1]], half) for half in (before, after)]
    return filled[0], filled[1]


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(text: str) -> str:
    return escape(xml_text(text))


def _section(bitext: Bitext, page: _Page, options: WriteOptions) -> Iterator[str]:
    """Yield a pair of versions, bead by bead; nothing if none of its beads is wanted."""
    pairs = bitext.pairs if options.nulls else without_nulls(bitext.pairs)
    if pairs.is_empty():
        return
    called = bitext.src.about.get("title") or bitext.tgt.about.get("title") or bitext.doc_id
    langs = f"{bitext.src.lang}–{bitext.tgt.lang}"
    id_ = _free(bitext, page.ids)
    title = str(called) if str(called) == bitext.doc_id else f"{called} ({bitext.doc_id})"
    page.sections.append((id_, f"{_text(title)}, {_text(langs)}"))
    address, name = _text(id_), f"{_text(bitext.doc_id)} {_text(langs)}"
    lang = _lang("en" if called == bitext.doc_id else bitext.src.lang)
    yield (
        f'<section id="{address}" aria-labelledby="{address}.title" data-name="{name}">\n'
        f'<h2 id="{address}.title"{lang}>{_text(str(called))}</h2>\n'
        f'<div class="sources"><p>{_about(bitext.src)}</p><p>{_about(bitext.tgt)}</p></div>\n'
        '<ol class="beads">\n'
    )
    paragraph = None
    for row in pairs.iter_rows(named=True):
        first = row["src_ids"][:1]
        now = bitext.src.paragraphs[first[0]] if first else paragraph
        yield _bead(row, f"{id_}-{row['number']}", bitext, is_new=now != paragraph)
        paragraph = now
    yield "</ol>\n</section>\n"


def _bead(row: dict[str, Any], id_: str, bitext: Bitext, *, is_new: bool) -> str:
    # A bead that came in without a score has no shade, nor has what has no counterpart.
    score = row["score"] if row["src_ids"] and row["tgt_ids"] else None
    shade = len(_LIMITS) if score is None else sum(score >= limit for limit in _LIMITS)
    scored = "" if score is None else f' data-score="{score:.4f}"'
    shown = "" if score is None else f'<span class="score"><span class="vh">score </span>{score:.2f}</span>'
    flags = [flag for flag in row["flags"] if flag]
    sides = (bitext.src, row["src_ids"]), (bitext.tgt, row["tgt_ids"])
    heading = any(side.headings[ids[0]] for side, ids in sides if ids)
    names = ["bead", f"q{shade}"]
    names += [name for name, holds in (("para", is_new), ("head", heading), ("flagged", flags)) if holds]
    told = f'<p class="flags">{_text("; ".join(flags))}</p>' if flags else ""
    address = _text(id_)
    return (
        f'<li class="{" ".join(names)}" id="{address}"{scored}>'
        f'<div class="num"><a href="#{address}"><span class="vh">Pair </span>{row["number"]}</a>'
        f"{shown}</div>"
        f"{_side('src', row['src'], bitext.src.lang)}{_side('tgt', row['tgt'], bitext.tgt.lang)}{told}</li>\n"
    )


def _side(name: str, text: str, lang: str) -> str:
    if not text:
        said = '<span class="vh">no counterpart</span><span aria-hidden="true">—</span>'
        return f'<p class="{name} none">{said}</p>'
    return f'<p class="{name}"{_lang(lang)}>{_text(text)}</p>'


def _lang(lang: str) -> str:
    if lang == UNDETERMINED:
        return ' lang=""'
    return f' lang="{_text(lang)}"' + (' dir="rtl"' if lang in _RIGHT_TO_LEFT else "")


def _about(side: Side) -> str:
    known = [side.about.get(name) for name in ("author", "source", "date", "relation")]
    told = "".join(f", {_text(str(one))}" for one in known if one and one != "unknown")
    return f'<span class="tongue">{_text(side.lang)}</span>{told}'


def _free(bitext: Bitext, ids: set[str]) -> str:
    """Return an address that no other pair of versions has, without what an address cannot hold."""
    base = re.sub(r"[^\w.-]+", "_", bitext.doc_id).strip("_") or "document"
    choices = [base, f"{base}.{bitext.tgt.lang}", f"{base}.{bitext.src.lang}.{bitext.tgt.lang}"]
    number = 2
    while (found := choices.pop(0)) in ids | _TAKEN:
        if not choices:
            choices.append(f"{base}.{number}")
            number += 1
    ids.add(found)
    return found
