"""A document to be read: side by side, with its provenance, what was left out, and how to cite it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from corpus.base.errors import CorpusError
from corpus.web.paths import shown, shown_file, without_paths
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    import polars as pl

    from corpus.documents.reading import Reading

WINDOW = 60  # beads that are sent at once
_ABOUT = ("encoding", "captured", "rights")


def document(asked: Asked) -> View | Response:
    """Show a stretch of a document."""
    corpus = asked.studio.corpus
    if not asked.studio.holds_documents:
        return RedirectResponse("/", 303)
    line = asked.number("line", 0) or None
    doc = asked.params["doc"]
    found, said = corpus.read(
        doc, pair=asked.number("pair", 0), first=asked.number("first", 0), count=WINDOW, line=line
    )
    rows = [
        row | {"review": one, "shade": _shade(row)}
        for row, one in zip(found.rows.to_dicts(), said, strict=True)
    ]
    data: dict[str, Any] = {"reading": found, "rows": rows, "line": line, "window": WINDOW}
    if asked.partial:
        return View("parts/beads.html", data | {"edge": asked.text("edge")})
    bibtex, items = _citation(asked, found)
    dropped = corpus.dropped(found.doc_id) if asked.on("dropped") else None
    about = {name: found.about[name] for name in _ABOUT}
    data |= {
        "about": about | {"file": shown_file(found.about["file"])}, "notes": found.about["notes"] or [],
        "bibtex": bibtex, "dropped": None if dropped is None else dropped.to_dicts(),
        "versions": {(row["doc_id"], row["version"]): row for row in found.versions},
    }  # fmt: skip
    return View("document.html", data, _twin(found, rows, items, dropped), name=found.doc_id, bib=bibtex)


def _shade(row: dict[str, Any]) -> int | None:
    """Return in which tenth a score is, by which a bead is shaded; None for what is not aligned."""
    if row["score"] is None or not row["src"] or not row["tgt"]:
        return None
    return min(9, int(10 * row["score"]))


def _citation(asked: Asked, found: Reading) -> tuple[str, list[Any]]:
    from corpus.writers.bibtex import to_bibtex

    documents = list(dict.fromkeys([found.doc_id, *(row["doc_id"] for row in found.versions)]))
    workspace = asked.studio.corpus.workspace.path
    items = [
        item | ({"note": without_paths(str(item["note"]), workspace)} if "note" in item else {})
        for item in asked.studio.corpus.cite(*documents)
    ]
    return to_bibtex(items), items


def _twin(
    found: Reading, rows: list[dict[str, Any]], items: list[Any], dropped: pl.DataFrame | None
) -> dict[str, Any]:
    return {
        "doc_id": found.doc_id, "snapshot": found.snapshot.to_dict(),
        "first": found.first, "total": found.total,
        "versions": [row | {"file": shown_file(row["file"])} for row in found.versions],
        "pairs": [{"src": one.src, "tgt": one.tgt} for one in found.pairs], "pair": found.pair,
        "beads": [{name: value for name, value in row.items() if name != "shade"} for row in rows],
        "citation": items, "dropped": None if dropped is None else dropped.to_dicts(),
    }  # fmt: skip


_MOST_GLOSSES = 4


def gloss(asked: Asked) -> View:
    """Show what the lexicons know of a word, the likeliest first, by language."""
    word, lang = asked.text("word"), asked.text("lang") or None
    if not word or len(word) > 60:
        raise CorpusError(asked.told("Which word?"))
    try:
        found = asked.studio.corpus.lexicon(word, lang=lang)
    except CorpusError:  # no lexicon of that language, which is nothing wrong for a reader
        found = None
    entries: dict[str, list[dict[str, Any]]] = {}
    rows = [] if found is None else shown(found).to_dicts()
    for row in rows:
        listed = entries.setdefault(row["to"] or "", [])
        known = {entry["translation"] for entry in listed}
        if (
            row["counts"]
            and row["source"] != "name"
            and len(listed) < _MOST_GLOSSES
            and row["translation"] not in known
        ):
            listed.append(row)
    entries = {to: listed for to, listed in entries.items() if listed}
    order = sorted(entries, key=lambda to: (to != asked.language, to != "en", to))
    data = {"word": word, "lang": lang, "entries": {to: entries[to] for to in order[:3]}}
    return View("parts/gloss.html", data, {"word": word, "entries": rows})
