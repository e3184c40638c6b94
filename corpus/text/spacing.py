"""Gaps that are none: characters that a scan prints apart, figures that a line's end divides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.base.patterns import lazy_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〇"
_HANGUL = r"\uac00-\ud7a3"
_MARKS = "，。、；：！？·“”‘’《》（）「」『』()"
_GAP = lazy_pattern(
    rf"(?<=[{_CJK}{_HANGUL}{_MARKS}])[ \u00a0\u3000]{{1,3}}(?=[{_CJK}{_HANGUL}{_MARKS}\d])"
    rf"|(?<=[\d%％])[ \u00a0\u3000]{{1,3}}(?=[{_CJK}{_HANGUL}{_MARKS}%％])"
    r"|(?<!\d\d)(?<=\d)[ \u00a0](?=[\d.．](?!\d))|(?:(?<=\d[.．])|(?<=\d [.．]))[ \u00a0](?=\d(?!\d))"
)
_APART = lazy_pattern(rf"(?<![{_CJK}{_HANGUL}])[{_CJK}{_HANGUL}](?![{_CJK}{_HANGUL}])")
_LETTER = lazy_pattern(rf"[{_CJK}{_HANGUL}]")
_SPACE = lazy_pattern(r"[ \u00a0\u3000]")
_FEWEST_APART = 3
_HANGUL_LETTER = lazy_pattern(f"[{_HANGUL}]")

# "2./6 times", "1,/234": the next line's figure goes on, unless it may be the number of an item.
_BREAK = r"[ \t\u3000]*(?:\r\n|\r|\n)[ \t\u3000]*"
DIVIDED_FIGURE = lazy_pattern(
    rf"(?<![\d.,．，])[\d０-９]{{1,3}}(?:,\d{{3}})*(?:"
    rf",{_BREAK}\d{{3}}(?:,(?:{_BREAK})?\d{{3}})*(?!\d|[.,]\d|\))"
    rf"|[.．]{_BREAK}\d{{1,4}}(?=\s?(?:[%％‰]|per\s?cent))"
    rf"|[.．]{_BREAK}[\d０-９]{{1,2}}(?=[%％‰]|\s*(?:[a-zà-ÿа-я]|[{_CJK}{_HANGUL}]))"
    r")"
    rf"|(?<=分之)[\d０-９]{{1,3}}[.．]{_BREAK}[\d０-９]{{1,2}}(?![\d０-９])"
)
_CONTINENTAL = lazy_pattern(rf"(?<![\d.,])\d{{1,3}},{_BREAK}\d{{1,2}}(?=\s?%|\s(?:[a-zà-ÿа-я]|Mill|Mrd|Mio))")
_THOUSANDS = lazy_pattern(rf"(?<![\d.,])\d{{1,3}}\.{_BREAK}\d{{3}}(?!\d)")
_COMMA_FOR_POINT = frozenset({"de", "fr", "ru", "es", "it", "pl", "cs", "nl", "pt"})
_POINT_FOR_COMMA = frozenset({"de", "es", "it", "nl", "pt"})
NOTHING = "\u200b"
"""Stands in place of a character that is not to be read: a zero-width space, which `squeeze` leaves out."""


def close_gaps(text: str, lang: str) -> str:
    """Return a block's text with what separates nothing made `NOTHING`, one character for one.

    Parameters
    ----------
    text
        A heading or a paragraph as it stands in the file.
    lang
        ISO 639-1 code.
    """
    if "\n" in text or "\r" in text:
        text = DIVIDED_FIGURE.sub(_without_break, text)
        if lang in _COMMA_FOR_POINT:
            text = _CONTINENTAL.sub(_without_break, text)
        if lang in _POINT_FOR_COMMA:
            text = _THOUSANDS.sub(_without_break, text)
    if text.isascii() or not _SPACE.search(text):
        return text
    lines = text.splitlines(keepends=True)
    return "".join(_GAP.sub(_closed, line) if _is_spaced(line) else line for line in lines)


def _closed(gap: re.Match[str]) -> str:
    # A wide space between narrow ones is what separates phrases.
    narrow = gap[0].strip("\u3000") != ""
    return "".join("\u3000" if narrow and space == "\u3000" else NOTHING for space in gap[0])


def read(shown: str) -> tuple[str, Sequence[int]]:
    """Return a text without `NOTHING`, and where each of its characters stands in the one given."""
    if NOTHING not in shown:
        return shown, range(len(shown))
    places = [place for place, character in enumerate(shown) if character != NOTHING]
    return "".join(shown[place] for place in places), places


def _without_break(match: re.Match[str]) -> str:
    return "".join(NOTHING if character.isspace() else character for character in match.group())


def _is_spaced(line: str) -> bool:
    """Whether a line's characters are printed apart throughout, as some scans have them."""
    letters = len(_LETTER.findall(line))
    fewest = _FEWEST_APART + 1 if _HANGUL_LETTER.search(line) else _FEWEST_APART
    return (
        letters >= fewest and len(_APART.findall(line)) == letters and len(_GAP.findall(line)) >= letters - 1
    )
