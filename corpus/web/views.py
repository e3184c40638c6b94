"""What a page is asked, what it answers, and in which forms: HTML, JSON, TSV, XLSX, SVG."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from corpus.base.errors import CorpusError
from corpus.web.language import LANGUAGES, direction, html_lang, told
from corpus.web.paths import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl
    from starlette.datastructures import FormData, ImmutableMultiDict

    from corpus.web.studio import Studio

_TYPES = {
    "json": "application/json",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "bib": "application/x-bibtex; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as pages see it.

    Attributes
    ----------
    studio
        What is asked about.
    path, params, query, form
        The path without the ending of a form; its parts by name; what follows it; and what was sent.
    language
        Of the interface.
    partial
        Whether a part of a page is to be put into one that is there.
    """

    studio: Studio
    path: str
    params: Mapping[str, str]
    query: ImmutableMultiDict[str, str]
    form: FormData | None
    language: str
    partial: bool

    def text(self, name: str, default: str = "") -> str:
        """Return a value of the query, or of what was sent, without blanks around it."""
        source = self.query if self.form is None else self.form
        value = source.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """Return the values of a name that may be given several times; empty ones are none."""
        return [value.strip() for value in self.query.getlist(name) if value.strip()]

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """Return a whole number (CorpusError if it is none, or out of range)."""
        value = self.text(name)
        if not value:
            return default
        if not (value.isascii() and value.removeprefix("-").isdigit() and len(value) < 10):
            raise CorpusError(f"{name}: {value[:40]!r} is no whole number")
        if not least <= int(value) <= most:
            raise CorpusError(f"{name}: {value} is not in {least} to {most}")
        return int(value)

    def decimal(self, name: str, default: float | None = None) -> float | None:
        """Return a number (CorpusError if it is none)."""
        value = self.text(name)
        try:
            return float(value) if value else default
        except ValueError:
            raise CorpusError(f"{name}: {value[:40]!r} is no number") from None

    def on(self, name: str) -> bool:
        """Tell whether a box is ticked."""
        return self.text(name) not in ("", "0", "off", "false")

    def told(self, message: str, **values: Any) -> str:  # noqa: ANN401
        """Return a message in the language of the interface."""
        return told(self.language, message, **values)

    def address(self, form: str = "", **changes: object) -> str:
        """Return this page's address with other values; None takes one away, `form` is an ending."""
        kept = [(name, value) for name, value in self.query.multi_items() if name not in changes]
        kept += [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
        return quote(self.path) + form + (f"?{urlencode(kept)}" if kept else "")


@dataclass(frozen=True, slots=True)
class View:
    """An answer.

    Attributes
    ----------
    template, data
        Of the page.
    twin
        What its JSON says.
    table, name
        The table to be downloaded, and what to call the file.
    svg
        The chart to be downloaded.
    bib
        The citation to be downloaded.
    status
        Of HTTP.
    """

    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    twin: Mapping[str, Any] = field(default_factory=dict)
    table: pl.DataFrame | None = None
    name: str = "table"
    svg: str | None = None
    bib: str | None = None
    status: int = 200


def answer(view: View, asked: Asked, form: str) -> Response:
    """Return a view in a form: ``html``, or one that `_TYPES` names (404 where the page has it not)."""
    if form == "html":
        return HTMLResponse(render(view.template, asked, view.data), view.status)
    if form == "json":
        text = json.dumps(view.twin, ensure_ascii=False, indent=1, default=_plain)
        return Response(text.encode("utf-8", "surrogatepass"), view.status, media_type=_TYPES["json"])
    made = _made(view, form)
    if made is None:
        return Response("There is no such form of this page.\n", 404, media_type="text/plain")
    name = "".join(char if char.isalnum() or char in "-_" else "-" for char in view.name)[:80]
    named = f"attachment; filename=\"duizhao.{form}\"; filename*=UTF-8''{quote(name)}.{form}"
    return Response(made, view.status, headers={"content-disposition": named}, media_type=_TYPES[form])


def _made(view: View, form: str) -> bytes | None:
    if form in ("svg", "bib"):
        text = view.svg if form == "svg" else view.bib
        return None if text is None else text.encode("utf-8", "surrogatepass")
    if view.table is None:
        return None
    if form == "tsv":
        from corpus.writers.tsv import frame_tsv

        return frame_tsv(shown(view.table)).encode("utf-8", "surrogatepass")
    if form == "xlsx":
        import polars as pl

        from corpus.writers.tsv import flattened
        from corpus.writers.xlsx import frame_xlsx

        table = flattened(shown(view.table))
        dates = [name for name, kind in table.schema.items() if kind in (pl.Date, pl.Datetime)]
        table = table.with_columns(pl.col(dates).cast(pl.String), pl.col(pl.String).str.slice(0, 16_000))
        return frame_xlsx(table, {name: 40 for name, kind in table.schema.items() if kind == pl.String})
    return None


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a result holds
    return value.to_dict() if hasattr(value, "to_dict") else str(value)


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals |= {"languages": LANGUAGES, "direction": direction, "html_lang": html_lang, "marked": marked}
    made.filters |= {"part": partial(quote, safe=""), "span": itemgetter("start", "end")}
    return made


def render(template: str, asked: Asked, data: Mapping[str, Any]) -> str:
    """Return a template filled; everything in it is escaped."""
    given = {
        "_": asked.told, "asked": asked, "language": asked.language, "cell": cell,
        "facts": asked.studio.facts(),
    }  # fmt: skip
    text = _templates().get_template(template).render(given | dict(data))
    return text.encode("utf-8", "replace").decode()  # a text may hold what no page can: half of a character


def cell(value: object, form: str = "") -> str:
    """Return a value of a table as a reader sees it; – for what is unknown."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return format(value, form) if form else str(value)


def marked(
    text: str, spans: Iterable[Sequence[int]], name: str = "", within: Sequence[int] | None = None
) -> Markup:
    """Return an escaped text, or a part of it, with the stretches marked that `spans` names.

    Parameters
    ----------
    text, spans
        Stretches are of code points, the end exclusive, in order.
    name
        The marks' class.
    within
        The stretch of the text that is returned; None for all.
    """
    at, end = (0, len(text)) if within is None else (within[0], within[1])
    parts: list[Markup] = []
    for start, beyond in spans:
        if start < at or beyond > end or beyond <= start:
            continue
        mark = Markup('<mark class="{}">{}</mark>').format(name, text[start:beyond])
        parts += [escape(text[at:start]), mark]
        at = beyond
    return Markup("").join([*parts, escape(text[at:end])])
