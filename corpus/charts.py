"""Charts of a timeline: PNG, SVG, and a page of HTML that needs nothing else, drawn with `matplotlib`."""

from __future__ import annotations

import html
import io
import textwrap
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


def timeline_chart(found: Timeline, form: str, *, title: str) -> bytes:
    """Draw a timeline: a bar a bin and language, hatched where nothing was searched, which is not zero.

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
    _draw_bars(axes, rows, langs)
    _hatch_absent(axes, rows, langs)
    step = -(-len(labels) // _MOST_LABELS)
    axes.set_xticks(range(0, len(labels), step), labels[::step], rotation=45 if len(labels) > 6 else 0)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("per 10,000 words" if found.level is None else "similar sentences per 10,000 words")
    axes.grid(axis="y", color="#dddddd", zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    if title:
        axes.set_title(title, loc="left", parse_math=False)
    note = "" if title else "There is no font here for the pattern; it is in the file's title field. "
    lines = textwrap.fill(note + caption(found), int(figure.get_size_inches()[0] * 22))
    figure.supxlabel(lines, fontsize=7, color="#555555", x=0.01, ha="left", parse_math=False)
    return figure


def language_style(lang: str) -> tuple[str, str]:
    """Return the colour and the pattern of a language's bars, the same in every chart."""
    if lang not in _LANGUAGES:
        return _OTHER
    number = _LANGUAGES.index(lang)
    turn = number // len(_COLOURS)
    return _COLOURS[number % len(_COLOURS)], _HATCHES[(number + turn) % len(_HATCHES)]


def _slot(number: int, count: int) -> tuple[float, float]:
    """Return where the bars of a language are, beside the middle of a bin, and how wide they are."""
    width = 0.8 / max(1, count)
    return (number - (count - 1) / 2) * width, width


def _draw_bars(axes: Any, rows: pl.DataFrame, langs: list[str]) -> None:  # noqa: ANN401
    """Draw a bar a bin with documents; one that is zero is a line on the axis, which can be seen."""
    for number, lang in enumerate(langs):
        middle, width = _slot(number, len(langs))
        colour, hatch = language_style(lang)
        own = rows.filter(lang=lang).with_row_index("place").filter(pl.col("per_10k").is_not_null())
        places = own["place"].to_numpy() + middle
        heights = own["per_10k"].to_numpy()
        axes.bar(
            places, heights, width, facecolor=colour, edgecolor="white", linewidth=0.3, hatch=hatch,
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


def caption(found: Timeline) -> str:
    """Return what a chart counts and leaves out, and the snapshot it is of."""
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
    level = "" if found.level is None else f"Similar: {found.level}. "
    return f"{level}{_repeats(found)}{left_out}Snapshot {found.snapshot.texts}."


def _repeats(found: Timeline) -> str:
    """Say how many hits repeat earlier sentences, and whether they are counted; nothing where none does."""
    number = found.rows["repeats"].sum()
    if not number:
        return ""
    counted = "left out" if found.once else "counted each time"
    return f"In sentences that repeat an earlier one, {counted}: {number:,}. "


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

_COLUMNS = (
    "bin", "lang", "documents", "sentences", "words", "hits", "hit_documents", "per_10k", "repeats",
    "dated_by_original",
)  # fmt: skip


def _page(drawing: str, found: Timeline, title: str) -> str:
    """Return a page with the drawing and the figures in it; nothing is fetched."""
    rows = []
    for row in found.rows.select(_COLUMNS).iter_rows(named=True):
        cells = [_cell(name, value, row["documents"]) for name, value in row.items()]
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    return _PAGE.format(
        title=html.escape(title),
        drawing=drawing[drawing.index("<svg") :],
        head="".join(f"<th>{_heading(name, found)}</th>" for name in _COLUMNS),
        rows="\n".join(rows),
        caption=html.escape(caption(found)),
    )


def _heading(name: str, found: Timeline) -> str:
    similar = {"hits": "similar sentences", "hit_documents": "documents with one"}
    return name.replace("_", " ") if found.level is None else similar.get(name, name.replace("_", " "))


def _cell(name: str, value: object, documents: int) -> str:
    if name == "per_10k":
        return "no documents" if not documents else "–" if value is None else f"{value:.1f}"
    return str(value)
