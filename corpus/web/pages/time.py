"""The pages about time: timeline and trace, with charts and the data beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from starlette.responses import RedirectResponse, Response

from corpus.base.errors import CorpusError
from corpus.web.forms import choices, pattern_options, selection
from corpus.web.paths import shown
from corpus.web.tables import Column
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.api.tables import Table

_BY = ("decade", "year", "month")


def _options(asked: Asked, by: str) -> dict[str, Any]:
    given = asked.text("by", by) or by
    if given not in _BY:
        raise CorpusError(f"by: {given[:40]!r} is none of {', '.join(_BY)}")
    options = selection(asked) | pattern_options(asked) | {"pattern": asked.text("pattern"), "by": given}
    return options | {"cut": asked.text("cut") or None}


def _chart(asked: Asked, found: Table) -> tuple[str | None, str | None]:
    """Return a timeline as SVG, or why there is none."""
    from corpus.diachrony.svg_chart import timeline_svg

    try:
        return timeline_svg(
            found.result, title=found.about["pattern"], unit=asked.told("per 10,000 words"),
            absent=asked.told("no documents"),
        ), None  # fmt: skip
    except CorpusError as error:
        return None, str(error).replace("`", "")


_TIMELINE = (
    Column("bin", "When"), Column("lang", "Language"), Column("documents", "Documents", ","),
    Column("words", "Words", ","), Column("hits", "Hits", ","), Column("per_10k", "Per 10,000", ",.1f"),
    Column("repeats", "Repeats", ",", help="Hits in sentences that repeat an earlier one"),
)  # fmt: skip


def timeline(asked: Asked) -> View | Response:
    """Count a pattern over time, by language."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    waiting = studio.prepare()
    options = _options(asked, "decade")
    if asked.on("dense"):
        options |= {"dense": True, "variants": None, "regex": False}
    data: dict[str, Any] = {
        "waiting": waiting, "choices": choices(asked), "options": options, "found": None,
        "dense": asked.on("dense"),
    }  # fmt: skip
    if not options["pattern"]:
        return View("timeline.html", data, {"options": options})
    found: Table = studio.kept("timeline", options, lambda: studio.corpus.timeline(**options))
    svg, why = _chart(asked, found)
    from corpus.writers.tsv import stating

    rows = pl.DataFrame(found)
    data |= {"found": found, "lines": _lines(rows), "columns": _TIMELINE, "svg": svg, "why": why}
    return View(
        "timeline.html", data, {"options": options} | found.about | {"rows": rows.to_dicts()},
        stating(rows, found.about), name=f"timeline-{options['pattern']}", svg=svg,
    )  # fmt: skip


def _lines(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a timeline, a run of bins in which nothing was searched as one."""
    counts = rows.group_by("kind", "bin").agg(pl.col("documents").sum()).iter_rows()
    documents = {(kind, label): count for kind, label, count in counts}
    lines: list[dict[str, Any]] = []
    for row in rows.to_dicts():
        if documents[row["kind"], row["bin"]]:
            lines.append(row)
        elif lines and lines[-1].get("until") is not None:
            lines[-1]["until"] = row["bin"]
            lines[-1]["perhaps"] += row["perhaps"]
        else:
            lines.append(row | {"until": row["bin"], "lang": ""})
    return lines


def trace(asked: Asked) -> View | Response:
    """Follow how the wording of one thing moves through time."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    waiting = studio.prepare()
    options = _options(asked, "year") | {"k": asked.number("k", 1, least=1, most=20)}
    data: dict[str, Any] = {
        "waiting": waiting, "choices": choices(asked), "options": options, "found": None,
    }  # fmt: skip
    if not options["pattern"]:
        return View("trace.html", data, {"options": options})
    found: Table = studio.kept("trace", options, lambda: studio.corpus.trace(**options))
    from corpus.api.time import TRACED
    from corpus.writers.tsv import stating

    traced = found.result
    svg, why = _chart(asked, found)
    part = asked.text("part", "forms") or "forms"
    if part not in TRACED:
        raise CorpusError(f"part: {part[:40]!r} is none of {', '.join(TRACED)}")
    shown_forms = traced.forms.filter(pl.col("hits") > 0)
    data |= {
        "found": found, "traced": traced, "forms": shown_forms.to_dicts(), "svg": svg, "why": why,
        "near": shown(traced.near).to_dicts(), "only": _only(traced.only),
        "keyness": traced.keyness.to_dicts(),
    }  # fmt: skip
    tables = {name: shown(getattr(traced, name)).to_dicts() for name in TRACED}
    table = stating(shown(getattr(traced, part)), found.about, beads=True)
    twin = {"options": options} | found.about | tables
    return View("trace.html", data, twin, table, name=f"trace-{options['pattern']}", svg=svg)


def _only(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the words of each bin and language, ten at most."""
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.to_dicts():
        held.setdefault((row["bin"], row["lang"]), []).append(row)
    return [{"bin": bin_, "lang": lang, "words": words[:10]} for (bin_, lang), words in held.items()]
