"""A timeline as a small SVG that a page can hold: no library draws it, and the page's style colours it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.control import in_xml
from corpus.base.errors import CorpusError
from corpus.diachrony.charts import language_style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.diachrony.timeline import Timeline
    from corpus.diachrony.trace import Trace

# In units of the drawing, which a page scales.
_WIDTH, _HEIGHT = 760, 260
_LEFT, _RIGHT, _TOP, _BELOW = 52, 8, 30, 46
_MOST_BINS = 240
_ROOM = 34  # a label takes so much of the axis


def timeline_svg(
    timeline: Timeline | Trace, *, title: str, unit: str = "per 10,000 words", absent: str = "no documents"
) -> str:
    """Draw a timeline: a bar a bin and language; where nothing was searched, a hatched band, not a zero.

    Parameters
    ----------
    timeline
        What to draw.
    title, unit, absent
        What was looked for; the name of the axis; and what a bin without documents is called. All are
        escaped.

    Returns
    -------
    str
        An ``svg`` element with presentation attributes only, that stands alone as a file as well; texts have
        the class ``t``, lines ``l``.

    Raises
    ------
    CorpusError
        If there is nothing to draw, or there are too many bins to see any.
    """
    rows = timeline.rows.filter(kind="bin")
    labels = rows["bin"].unique(maintain_order=True).to_list()
    if not labels:
        raise CorpusError("no text with a date to draw")
    if len(labels) > _MOST_BINS:
        raise CorpusError(
            f"{len(labels):,} bins are too many to see: take fewer with `since` and `until`, or larger ones"
        )
    langs = rows["lang"].unique().sort().to_list()
    most = max((value for value in rows["per_10k"] if value is not None), default=0.0)
    top, step = _scale(most)
    drawn = [
        *_axis(top, step, unit), *_absences(rows, labels), *_bars(rows, labels, langs, top),
        *_names(labels), *_legend(langs, absent, hatched=_is_hatched(rows)),
    ]  # fmt: skip
    called = escape(in_xml(title))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="11" fill="#333"><title>{called}</title>'
        '<defs><pattern id="absent" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V6" stroke="#999" stroke-opacity=".45" '
        f'stroke-width="1.5"/></pattern></defs>{"".join(drawn)}</svg>'
    )


def _scale(most: float) -> tuple[float, float]:
    """Return the top of the axis, and how far its lines are apart: 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return 1.0, 1.0
    step = 10.0 ** len(str(int(most))) / 100 if most >= 1 else 0.01
    while most / step > 5:
        step *= 2.5 if f"{step:e}".startswith("2") else 2
    return step * -(-most // step), step


def _x(place: float, bins: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place / bins


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BELOW - (_HEIGHT - _BELOW - _TOP) * value / top


def _axis(top: float, step: float, unit: str) -> Iterator[str]:
    value = 0.0
    while value <= top * 1.001:
        y = _y(value, top)
        yield (
            f'<path class="l" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#888" '
            f'stroke-opacity="{".9" if value == 0 else ".25"}" fill="none"/>'
            f'<text class="t" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
        value = round(value + step, 6)
    yield f'<text class="t" x="0" y="12">{escape(in_xml(unit))}</text>'


def _is_hatched(rows: pl.DataFrame) -> bool:
    return bool(rows.group_by("bin").agg(pl.col("documents").sum()).filter(pl.col("documents") == 0).height)


def _absences(rows: pl.DataFrame, labels: list[str]) -> Iterator[str]:
    held = dict(rows.group_by("bin").agg(pl.col("documents").sum()).iter_rows())
    for place, label in enumerate(labels):
        if not held.get(label):
            x, beyond = _x(place, len(labels)), _x(place + 1, len(labels))
            yield (
                f'<rect x="{x:.1f}" y="{_TOP}" width="{beyond - x:.1f}" height="{_HEIGHT - _BELOW - _TOP}" '
                'fill="url(#absent)"/>'
            )


def _bars(rows: pl.DataFrame, labels: list[str], langs: list[str], top: float) -> Iterator[str]:
    places = {label: place for place, label in enumerate(labels)}
    columns = ("bin", "lang", "hits", "words", "documents", "per_10k")
    for label, lang, hits, words, documents, rate in rows.select(columns).iter_rows():
        if rate is None:
            continue
        share = 0.76 / len(langs)
        left = places[label] + 0.12 + share * langs.index(lang)
        x, beyond = _x(left, len(labels)), _x(left + share, len(labels))
        y = min(_y(rate, top), _HEIGHT - _BELOW - 1.5)  # a zero that was searched for can be seen
        told = f"{label} {lang}: {hits} / {words:,} = {rate:.1f} ({documents})"
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(beyond - x - 0.6, 0.6):.1f}" '
            f'height="{_HEIGHT - _BELOW - y:.1f}" fill="{language_style(lang)[0]}">'
            f"<title>{escape(told)}</title></rect>"
        )


def _names(labels: list[str]) -> Iterator[str]:
    every = max(1, -(-len(labels) * _ROOM // (_WIDTH - _LEFT - _RIGHT)))
    for place in range(0, len(labels), every):
        x = _x(place + 0.5, len(labels))
        yield (
            f'<text class="t" x="{x:.1f}" y="{_HEIGHT - _BELOW + 16}" text-anchor="middle">'
            f"{escape(labels[place])}</text>"
        )


def _legend(langs: list[str], absent: str, *, hatched: bool) -> Iterator[str]:
    x = float(_LEFT)
    y = _HEIGHT - 8
    entries = [(language_style(lang)[0], lang) for lang in langs]
    entries += [("url(#absent)", absent)] if hatched else []
    for fill, name in entries:
        yield (
            f'<rect x="{x:.0f}" y="{y - 9}" width="14" height="10" fill="{fill}"/>'
            f'<text class="t" x="{x + 19:.0f}" y="{y}">{escape(in_xml(name))}</text>'
        )
        x += 40 + 7 * len(name)
