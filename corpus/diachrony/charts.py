"""Charts of a timeline: PNG, SVG, and a page of HTML that needs nothing else, drawn with `matplotlib`."""

from __future__ import annotations

import html
import io
import warnings
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.control import in_xml
from corpus.base.errors import CorpusError
from corpus.diachrony.chart_fonts import DOTS, families_here, legible, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.diachrony.timeline import Timeline

FORMATS = ("png", "svg", "html")

# Told apart by colour-blind readers (Okabe and Ito 2008); the pattern tells them apart in grey, too.
_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_HATCHES = ("", "---", "xxx", "ooo", "+++", "...", "***")
# A language looks the same in every chart, whatever others there are.
_LANGUAGES = (
    "zh", "en", "ko", "ja", "ru", "de", "fr", "es", "vi", "ar", "pt", "it", "nl", "pl", "tr", "th", "uk",
    "fa", "id", "hi", "cs", "hu", "ro", "bg", "sr", "el", "sv", "da", "no", "fi", "he", "mn", "sq", "km",
    "lo", "my",
)  # fmt: skip
_OTHER = ("#999999", "")

_ABSENT = {"no documents": "///", "none dated so closely": "\\\\\\"}
_MOST_LABELS = 24

# In inches. A bar of .01 is 1.5 points of a PNG.
_WIDEST = 16.0
_AROUND = 1.5  # what is beside the bars: the axis, the legend
_THIN, _TOO_THIN = 0.03, 0.01
_SHORTEST_BREAK = 3  # bins

_NOTE, _TITLE = 7, 12  # points


def timeline_chart(timeline: Timeline, form: str, *, title: str, forms: Sequence[str] = ()) -> bytes:
    r"""Draw a timeline: a bar a bin and language, hatched where nothing was searched, which is not zero.

    Where bars would be too thin to see, the axis is broken at runs of bins without documents.

    Parameters
    ----------
    timeline
        What to draw; texts that are in no bin are named under the chart.
    form
        ``png``, ``svg`` or ``html``.
    title
        What was looked for. SVG and HTML leave the fonts to the viewer; in a PNG, characters that no font
        here has are written as code points (``\u5730``), in the forms as well, and the caption says so.
    forms
        What was counted, if not `title` alone (`corpus.linguistics.patterns.Pattern.forms`): the caption
        names them.

    Returns
    -------
    bytes
        The file's content; the same for the same timeline.

    Raises
    ------
    CorpusError
        If matplotlib is not installed, there is nothing to draw, or there are too many bars to see any.
    """
    if not timeline.bins:
        raise CorpusError("no text with a date to draw: see the table, or `out='FILE.csv'`")
    try:
        import matplotlib as mpl
    except ImportError:
        raise CorpusError(
            "charts need matplotlib: pip install 'duizhao[plots]' (a table needs nothing: `out='FILE.csv'`)"
        ) from None
    families = families_here()
    settings: dict[Any, Any] = {
        "font.family": families,
        "svg.fonttype": "none",  # text stays text: it can be searched, and the viewer has the fonts
        "svg.hashsalt": "duizhao",  # the same chart is the same file
    }
    title, note = in_xml(title), in_xml(caption(timeline, forms))
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # not in an SVG, which has text
        written = legible(title, note, forms, families) if form == "png" else (title, note)
        figure = _figure(timeline, *written)
        buffer = io.BytesIO()
        if form == "png":
            figure.savefig(buffer, format="png", dpi=DOTS, metadata={"Title": title, "Software": None})
            return buffer.getvalue()
        figure.savefig(buffer, format="svg", metadata={"Title": title, "Date": None})
    drawing = buffer.getvalue()
    return drawing if form == "svg" else _page(drawing.decode(), timeline, title, note).encode()


def _figure(timeline: Timeline, title: str, note: str) -> Any:  # noqa: ANN401 - matplotlib is not at the top
    from matplotlib.figure import Figure

    rows = timeline.rows.filter(kind="bin")
    langs = rows["lang"].unique().sort().to_list()
    labels, breaks = [one.label for one in timeline.bins], list[int]()
    if _bar_width(len(labels) * len(langs)) < _THIN:
        rows, labels, breaks = _broken(rows, labels)
    thickness = _bar_width(len(labels) * len(langs))
    if thickness < _TOO_THIN:
        raise CorpusError(
            f"{len(labels) * len(langs):,} bars are too many to see in a chart: take fewer with `since` and "
            "`until`, larger ones with `by='year'` or `cuts`, or a table: `out='FILE.csv'`"
        )
    width = min(_WIDEST, max(7, 0.35 * len(labels) * len(langs)))
    below = wrapped(note + (_BROKEN if breaks else ""), width - 0.3, _NOTE)
    figure = Figure(figsize=(width, 3.9 + 0.13 * below.count("\n")), layout="constrained")
    axes = figure.add_subplot()
    _draw_bars(axes, rows, langs, edge=0.3 if thickness > _THIN else 0)
    _hatch_absent(axes, rows, langs)
    _name_bins(axes, labels, breaks)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("per 10,000 words" if timeline.level is None else "similar sentences per 10,000 words")
    axes.grid(axis="y", color="#dddddd", zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    lines = wrapped(title, width - _AROUND, _TITLE)
    axes.set_title(lines, loc="left", fontsize=_TITLE, parse_math=False)
    figure.supxlabel(below, fontsize=_NOTE, color="#555555", x=0.01, ha="left", parse_math=False)
    return figure


_BROKEN = " The axis is broken (//) at runs of bins without documents, named by the first and the last."


def _bar_width(bars: int) -> float:
    """Return the width of a bar, in inches, in the widest figure."""
    return 0.8 * (_WIDEST - _AROUND) / max(1, bars)


def _broken(rows: pl.DataFrame, labels: list[str]) -> tuple[pl.DataFrame, list[str], list[int]]:
    """Return rows and labels with long runs of bins without documents as one bin, and which these are."""
    by_bin = rows.group_by("bin").agg(pl.col("documents", "perhaps").sum())
    reasons = dict(zip(by_bin["bin"], _absences(by_bin), strict=True))
    kept: list[str] = []
    named: list[str] = []
    breaks: list[int] = []
    for reason, run in groupby(labels, key=reasons.__getitem__):
        members = list(run)
        if reason and len(members) >= _SHORTEST_BREAK:
            breaks.append(len(kept))
            kept.append(members[0])
            named.append(f"{members[0]}–{members[-1]}")
        else:
            kept += members
            named += members
    return rows.filter(pl.col("bin").is_in(kept)), named, breaks


def _name_bins(axes: Any, labels: list[str], breaks: list[int]) -> None:  # noqa: ANN401
    """Write the bins' names under the axis, as many as there is room for, and mark where it is broken."""
    step = -(-len(labels) // _MOST_LABELS)
    places: list[int] = []
    for place in [*breaks, *range(0, len(labels), step)]:
        if all(abs(place - other) >= step for other in places):
            places.append(place)
    places.sort()
    slanted = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"}
    axes.set_xticks(
        places, [labels[place] for place in places], **(slanted if len(labels) > 6 or breaks else {})
    )
    for shift in (-0.08, 0.08) if breaks else ():
        axes.plot(
            [place + shift for place in breaks], [0] * len(breaks), transform=axes.get_xaxis_transform(),
            linestyle="none", marker=[(-0.5, -1), (0.5, 1)], markersize=9, color="black", clip_on=False,
            zorder=4,
        )  # fmt: skip


def language_style(lang: str) -> tuple[str, str]:
    """Return the colour and the pattern of a language's bars, the same in every chart."""
    if lang not in _LANGUAGES:
        return _OTHER
    number = _LANGUAGES.index(lang)
    turn = number // len(_COLOURS)
    return _COLOURS[number % len(_COLOURS)], _HATCHES[(number + turn) % len(_HATCHES)]


def _slot(number: int, count: int) -> tuple[float, float]:
    """Return the offset of a language's bars from the bin's middle, and their width."""
    width = 0.8 / max(1, count)
    return (number - (count - 1) / 2) * width, width


def _draw_bars(axes: Any, rows: pl.DataFrame, langs: list[str], *, edge: float) -> None:  # noqa: ANN401
    """Draw a bar a bin with documents; one that is zero is a line on the axis, which can be seen."""
    for number, lang in enumerate(langs):
        middle, width = _slot(number, len(langs))
        colour, hatch = language_style(lang)
        own = rows.filter(lang=lang).with_row_index("place").filter(pl.col("per_10k").is_not_null())
        places = own["place"].to_numpy() + middle
        heights = own["per_10k"].to_numpy()
        axes.bar(
            places, heights, width, facecolor=colour, edgecolor="white", linewidth=edge, hatch=hatch,
            label=lang, zorder=2,
        )  # fmt: skip
        zero = places[heights == 0]
        axes.hlines(
            [0] * len(zero), zero - 0.45 * width, zero + 0.45 * width, colors=colour, linewidth=4, zorder=3
        )


def _hatch_absent(axes: Any, rows: pl.DataFrame, langs: list[str]) -> None:  # noqa: ANN401
    """Hatch what was not searched: a bin without documents as a whole, else the place of a language."""
    absent = {lang: _absences(rows.filter(lang=lang)) for lang in langs}
    named: set[str] = set()

    def hatch(left: float, right: float, kind: str) -> None:
        axes.axvspan(
            left, right, facecolor="#f4f4f4", edgecolor="#bbbbbb", linewidth=0, hatch=_ABSENT[kind], zorder=1,
            label=None if kind in named else kind,
        )  # fmt: skip
        named.add(kind)

    kinds = list(zip(*absent.values(), strict=True))
    whole = ["" if "" in kind else max(kind, key=[*_ABSENT].index) for kind in kinds]
    for kind, run in groupby(range(len(whole)), key=lambda place: whole[place]):
        if kind:
            places = list(run)
            hatch(places[0] - 0.5, places[-1] + 0.5, kind)
    for number, lang in enumerate(langs):
        middle, width = _slot(number, len(langs))
        for place, kind in enumerate(absent[lang]):
            if kind and not whole[place]:
                hatch(place + middle - width / 2, place + middle + width / 2, kind)


def _absences(rows: pl.DataFrame) -> list[str]:
    """Return for each bin of a language why there is nothing of it, empty where there is something."""
    return [
        "" if documents else "none dated so closely" if perhaps else "no documents"
        for documents, perhaps in rows.select("documents", "perhaps").iter_rows()
    ]


def caption(timeline: Timeline, forms: Sequence[str] = ()) -> str:
    """Return a chart's caption: counts, omissions, snapshot."""
    apart = timeline.rows.filter(timeline.rows["kind"] != "bin")
    parts = [
        f"{row['documents']} {row['lang']} text{'' if row['documents'] == 1 else 's'} "
        + ("of unknown date" if row["kind"] == "undated" else f"known to be of {row['bin']} only")
        for row in apart.iter_rows(named=True)
    ]
    left_out = f"Not drawn: {'; '.join(parts)}. " if parts else ""
    by_original = timeline.rows["dated_by_original"].sum()
    if by_original:
        texts = "1 translation stands" if by_original == 1 else f"{by_original} translations stand"
        left_out += f"{texts} under the original's date. "
    level = "" if timeline.level is None else f"Similar: {timeline.level}. "
    looked_for = f"Counted: {', '.join(forms)}. " if forms else ""
    return f"{looked_for}{level}{_repeats(timeline)}{left_out}Snapshot: texts {timeline.snapshot.texts}."


def _repeats(timeline: Timeline) -> str:
    """Say whether what repeats an earlier sentence is counted, and how many hits that is about."""
    counted = "left out" if timeline.once else "counted each time"
    return f"Hits in sentences that repeat an earlier one, {counted}: {timeline.rows['repeats'].sum():,}. "


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 2em; max-width: 60em; }}
svg {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; font-size: 90%; }}
th, td {{ padding: .2em .8em; text-align: right; border-bottom: 1px solid #ddd; }}
th:nth-child(-n+2), td:nth-child(-n+2) {{ text-align: left; }}
</style>
</head>
<body>
<h1>{title}</h1>
{drawing}
<table>
<tr>{head}</tr>
{rows}
</table>
<p>{caption}</p>
</body>
</html>
"""

_COLUMNS = (
    "bin", "lang", "documents", "sentences", "words", "hits", "hit_documents", "per_10k", "repeats",
    "dated_by_original",
)  # fmt: skip


def _page(drawing: str, timeline: Timeline, title: str, note: str) -> str:
    """Return a page with the drawing and the figures in it; nothing is fetched."""
    rows = []
    for row in timeline.rows.select(_COLUMNS).iter_rows(named=True):
        cells = [_cell(name, value, row["documents"]) for name, value in row.items()]
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    return _PAGE.format(
        title=html.escape(title),
        drawing=drawing[drawing.index("<svg") :],
        head="".join(f"<th>{_heading(name, timeline)}</th>" for name in _COLUMNS),
        rows="\n".join(rows),
        caption=html.escape(note),
    )


def _heading(name: str, timeline: Timeline) -> str:
    similar = {"hits": "similar sentences", "hit_documents": "documents with one"}
    return name.replace("_", " ") if timeline.level is None else similar.get(name, name.replace("_", " "))


def _cell(name: str, value: object, documents: int) -> str:
    if name == "per_10k":
        return "no documents" if not documents else "–" if value is None else f"{value:.1f}"
    return str(value)
