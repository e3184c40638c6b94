"""What is written in a chart: in the fonts that are there, in lines that fit."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

DOTS = 150
"""Of a PNG, an inch."""

# Families that hold Chinese and Korean, by the systems they come with; the first that is there is used.
_EAST_ASIAN = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
    "Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic", "Arial Unicode MS",
)  # fmt: skip


def families_here() -> list[str]:
    """Return the fonts to write in, of those that are there, the first choice first."""
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return ["DejaVu Sans", *(name for name in _EAST_ASIAN if name in installed)]


_NO_FONT = (
    "No font here has every character of this text: those it lacks are code points; the title field of this "
    "file has the pattern as it is. "
)


def legible(title: str, note: str, forms: Sequence[str], families: list[str]) -> tuple[str, str]:
    r"""Return a title and a caption in characters that fonts have; others are code points, like ``\u5730``.

    Parameters
    ----------
    title, note
        The title, a pattern, and the caption. If anything had to be written otherwise, the latter says why.
    forms
        Forms of the pattern: after a title that had to be, those stand that need not be written otherwise.
    families
        The fonts (`families_here`).
    """
    held = _held(families)
    shown, written = _escaped(title, held), _escaped(note, held)
    if (shown, written) == (title, note):
        return title, note
    if shown != title:
        shown = " = ".join([shown, *(form for form in forms if _escaped(form, held) == form)])
    return shown, _NO_FONT + written


def _escaped(text: str, held: set[int]) -> str:
    """Return a text with code points for the characters that are not held."""
    return "".join(
        one if ord(one) in held else f"\\u{ord(one):04x}" if ord(one) < 0x10000 else f"\\U{ord(one):08x}"
        for one in text
    )


def _held(families: list[str]) -> set[int]:
    """Return the characters that fonts have."""
    from matplotlib import font_manager

    held: set[int] = set()
    for family in families:
        path = font_manager.findfont(family, fallback_to_default=False)
        held.update(font_manager.get_font(path).get_charmap())
    return held


def wrapped(text: str, inches: float, points: int) -> str:
    """Break a text into lines of a width, as it is in the fonts that it is drawn in; at spaces if it can be.

    Their names are those of matplotlib's settings.
    """
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    # As in a PNG: in small print, whole dots make a line a twentieth wider than the font's own measures.
    font = FontProperties(size=points)
    renderer: Any = RendererAgg(1, 1, DOTS)  # type: ignore[no-untyped-call]

    def width(end: int) -> float:
        return float(renderer.get_text_width_height_descent(text[:end], font, ismath=False)[0]) / DOTS

    lines = []
    while text:
        end = max(1, bisect_right(range(1, len(text) + 1), inches, key=width))
        if end < len(text):
            end = text.rfind(" ", 1, end + 1) + 1 or end
        lines.append(text[:end].rstrip())
        text = text[end:]
    return "\n".join(lines)
