"""Charts of a timeline: PNG, SVG, and a page of HTML that needs nothing else, drawn with `matplotlib`."""

from __future__ import annotations

import html
import io
import warnings
from itertools import groupby
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.errors import CorpusError

if TYPE_CHECKING:
    from corpus.timeline import Timeline

FORMATS = ("png", "svg", "html")

# Families that hold Chinese and Korean, by the systems they come with; the first that is there is used.
_EAST_ASIAN = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
    "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic", "Arial Unicode MS",
)  # fmt: skip

# Told apart by colour-blind readers, and in grey (Okabe and Ito 2008).
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
_MOST_LABELS = 24


def timeline_chart(found: Timeline, form: str, *, title: str) -> bytes:
    """Draw a timeline: a bar a bin and language, hatched where nothing was searched.

    Parameters
    ----------
    found
        What to draw; texts that are in no bin are named under the chart.
    form
        ``png``, ``svg`` or ``html``.
    title
        What was looked for. A PNG has it only if there is a font for all of it; SVG and HTML leave the
        fonts to the viewer.

    Returns
    -------
    bytes
        The file's content; the same for the same timeline.

    Raises
    ------
    CorpusError
        If matplotlib is not installed, or there is nothing to draw.
    """
    if not found.bins:
        msg = "no text with a date to draw: see the table, or -o FILE.csv"
        raise CorpusError(msg)
    try:
        import matplotlib as mpl
    except ImportError:
        msg = "charts need matplotlib: pip install 'duizhao[plots]' (a table needs nothing: -o FILE.csv)"
        raise CorpusError(msg) from None
    families = _families()
    settings: dict[Any, Any] = {
        "font.family": families,
        "svg.fonttype": "none",  # text stays text: it can be searched, and the viewer has the fonts
        "svg.hashsalt": "duizhao",  # the same chart is the same file
        "hatch.color": "#bbbbbb",
    }
    shown = title if form != "png" or _has_glyphs(title, families) else ""
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # not in an SVG, which has text
        figure = _figure(found, shown)
        buffer = io.BytesIO()
        if form == "png":
            figure.savefig(buffer, format="png", dpi=150, metadata={"Title": title, "Software": None})
            return buffer.getvalue()
        figure.savefig(buffer, format="svg", metadata={"Title": title, "Date": None})
    drawing = buffer.getvalue()
    return drawing if form == "svg" else _page(drawing.decode(), found, title).encode()


def _figure(found: Timeline, title: str) -> Any:  # noqa: ANN401 - matplotlib is not imported at the top
    from matplotlib.figure import Figure

    rows = found.rows.filter(kind="bin")
    langs = rows["lang"].unique().sort().to_list()
    labels = [one.label for one in found.bins]
    figure = Figure(figsize=(min(16, max(7, 0.35 * len(labels) * len(langs))), 4.2), layout="constrained")
    axes = figure.add_subplot()
    width = 0.8 / max(1, len(langs))
    for number, lang in enumerate(langs):
        own = rows.filter(lang=lang).with_row_index("place").filter(pl.col("per_10k").is_not_null())
        places = own["place"].to_numpy() + (number - (len(langs) - 1) / 2) * width
        heights = own["per_10k"].to_numpy()
        axes.bar(places, heights, width, color=_COLOURS[number % len(_COLOURS)], label=lang, zorder=2)
    _hatch_empty(axes, rows, labels)
    step = -(-len(labels) // _MOST_LABELS)
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=45 if len(labels) > 6 else 0)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_ylabel("per 10,000 words")
    axes.grid(axis="y", color="#dddddd", zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    if title:
        axes.set_title(title, loc="left", parse_math=False)
    note = "" if title else "There is no font here for the pattern; it is in the file's title field. "
    figure.supxlabel(note + caption(found), fontsize=7, color="#555555", x=0.01, ha="left")
    return figure


def _hatch_empty(axes: Any, rows: pl.DataFrame, labels: list[str]) -> None:  # noqa: ANN401
    searched = set(rows.filter(rows["documents"] > 0)["bin"])
    perhaps = set(rows.filter(rows["perhaps"] > 0)["bin"])
    kinds = [
        "" if x in searched else "none dated so closely" if x in perhaps else "no documents" for x in labels
    ]
    named: set[str] = set()
    for kind, run in groupby(range(len(labels)), key=lambda place: kinds[place]):
        if kind:
            places = list(run)
            axes.axvspan(
                places[0] - 0.5, places[-1] + 0.5, facecolor="#f4f4f4", edgecolor="#bbbbbb", linewidth=0,
                hatch="///" if kind == "no documents" else "...", zorder=1,
                label=None if kind in named else kind,
            )  # fmt: skip
            named.add(kind)


def caption(found: Timeline) -> str:
    """Return what a chart leaves out, and the snapshot it is of."""
    apart = found.rows.filter(found.rows["kind"] != "bin")
    parts = [
        f"{row['documents']} {row['lang']} text{'' if row['documents'] == 1 else 's'} "
        + ("of unknown date" if row["kind"] == "undated" else f"known to be of {row['bin']} only")
        for row in apart.iter_rows(named=True)
    ]
    left_out = f"Not drawn: {'; '.join(parts)}. " if parts else ""
    by_original = found.rows["dated_by_original"].sum()
    if by_original:
        texts = "1 translation stands" if by_original == 1 else f"{by_original} translations stand"
        left_out += f"{texts} under the original's date. "
    return f"{left_out}Snapshot {found.snapshot.texts}."


def _families() -> list[str]:
    from matplotlib import font_manager

    there = set(font_manager.get_font_names())
    return ["DejaVu Sans", *(name for name in _EAST_ASIAN if name in there)]


def _has_glyphs(text: str, families: list[str]) -> bool:
    """Whether the fonts hold every character of a text."""
    from matplotlib import font_manager

    held: set[int] = set()
    for family in families:
        path = font_manager.findfont(family, fallback_to_default=False)
        held.update(font_manager.get_font(path).get_charmap())
    return all(ord(character) in held for character in text)


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

_COLUMNS = ("bin", "lang", "documents", "words", "hits", "hit_documents", "per_10k", "dated_by_original")


def _page(drawing: str, found: Timeline, title: str) -> str:
    """Return a page with the drawing and the figures in it; nothing is fetched."""
    rows = []
    for row in found.rows.select(_COLUMNS).iter_rows(named=True):
        cells = [_cell(name, value, row["documents"]) for name, value in row.items()]
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    return _PAGE.format(
        title=html.escape(title),
        drawing=drawing[drawing.index("<svg") :],
        head="".join(f"<th>{name.replace('_', ' ')}</th>" for name in _COLUMNS),
        rows="\n".join(rows),
        caption=html.escape(caption(found)),
    )


def _cell(name: str, value: object, documents: int) -> str:
    if name == "per_10k":
        return "no documents" if not documents else "–" if value is None else f"{value:.1f}"
    return str(value)
