"""Where the sentences of a paragraph end: `sentencex`, corrected by the rules of `corpus.segmentation.rules`.

What `sentencex` gets wrong is in docs/segmentation.md, case by case, so that it can be reported there. Its
time grows with the square of a paragraph with quotation marks, so it is shown a window at a time.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

import sentencex

from corpus.base.patterns import lazy_pattern
from corpus.segmentation.rules import REACH, rules_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.segmentation.rules import Rules

# Figures and stops that are printed as wide as a Chinese character: `sentencex` does not know them.
_NARROW = str.maketrans("０１２３４５６７８９＂", '0123456789"')
_WIDE_FIGURE = lazy_pattern(r"[０-９．·・＂]")  # to translate every text takes a tenth of the time
_WIDE_POINT = lazy_pattern(r"(?<=\d)[．·・](?=\d)")
_HAN_FIGURES = "〇○零一二三四五六七八九十百"

_CLOSERS = "’”』」】〕］〉》〗〞｝)）]}'»›“‘«‹｣﹂﹄"
_OPENER = {
    "’": "‘",
    "”": "“„",
    "』": "『",
    "」": "「",
    "〞": "〝",
    "｣": "｢",
    "﹂": "﹁",
    "﹄": "﹃",
    '"': '"',
    "'": "'",
    "»": "«",
    "›": "‹",
    "“": "„",
    "‘": "‚",
    "«": "»",
}
_PAIRS = {
    "『": "』",
    "「": "」",
    "【": "】",
    "〔": "〕",
    "［": "］",
    "〈": "〉",
    "《": "》",
    "〖": "〗",
    "〝": "〞",
    "｛": "｝",
    "｢": "｣",
    "﹁": "﹂",
    "﹃": "﹄",
}
_UNSPACED_PAIRS = {"“": "”", "‘": "’", "（": "）"}
_BRACKET = lazy_pattern(
    "[" + re.escape("".join(f"{a}{b}" for a, b in (_PAIRS | _UNSPACED_PAIRS).items())) + "]"
)
_MARKS = ".!?。！？…．｡"

# Marks of footnotes, close to what they note; circled figures may number the items of a list instead.
_CIRCLED = "①-⑳㉑-㉟㊱-㊿❶-❿"
_NOTE = lazy_pattern(
    rf"(?:[\[［〔【]注?\d{{1,3}}[\]］〕】]|[（(［〔]注[\d一二三四五六七八九十]{{0,2}}[）)］〕]|[¹²³⁰⁴-⁹]{{1,3}}|[{_CIRCLED}]|\*{{1,3}}|†|‡){{1,3}}(?!\w*[\]］])"
)
_FIGURE_OF_NOTE = lazy_pattern(r"(?:(?<=[^.!?])\d{1,3}|\(\d{1,3}\))(?=\s+[“„«\"(]?[^\W\d_a-zа-яё])")
_FIRST_CIRCLED = lazy_pattern(rf"(?:^|(?P<list>[：:；;，,])|(?P<other>[\s\S]))\s*(?=[{_CIRCLED}])")
_NOTED = lazy_pattern(
    r"[.!?](?:(?<=[^\W\d_]{2}.)|(?<=[%가-힣)\]].))[”’“‘\"'»)]?(?:(?:\(?\d{1,3}\)|\d{1,3}|\[\d{1,3}\]|[¹²³⁰⁴-⁹]{1,3}|\*{1,3}|†|‡)"
    rf"(?=\s+[“„«\"(]?[^\W\d_a-zа-яё])|(?=[{_CIRCLED}]))"
)
_MARKED = lazy_pattern(r"[.!?][”’\"'»)\]]{0,3}(?=\s)")
_UNSPACED_END = lazy_pattern(r"[。！？｡]+|(?<=[\u3040-\u30ff\u4e00-\u9fff])[!?.]+(?=\s|[^\W\d_]|\d)")
_DOTS = lazy_pattern("…{2,}|⋯{2,}")
_ITEM = lazy_pattern(
    r"\s*(?:(?:\d{1,2}|[IVX]{1,5})[.．、]|[（(]\d{1,2}[)）]\.?|[a-zа-я\d]{1,2}[)）]"
    rf"|(?:[{_HAN_FIGURES}]{{1,3}}|[가나다라마바사아자차카타파하])[.．])"
)
_ITEM_IN_LIST = lazy_pattern(r"[：:；;]\s*(?:\d{1,2}[.．、]|[a-z\d]{1,2}[)）])\Z")
# A list whose items are sentences: the colon before it ends one, too.
_FIRST_ITEM = lazy_pattern(r"[:：](?=\s*(?:1[.．、)）]\s*[^\d\s]|[(（][1一][)）]|一、|①))")
_SECOND_ITEM = lazy_pattern(r"[.!?。！？]\s*(?:2[.．、)）]\s*[^\d\s]|[(（][2二][)）]|二、|②)")
_DASH_AND_SMALL = lazy_pattern(r"[—–-]+\s*[^\W\d_A-ZА-ЯЁÀ-Þ]")
_LETTERED = lazy_pattern(r"[a-hа-и](?:\)\s|\.\s[^\W\d_a-zа-яё])")  # "b. Build roads"
_HAN = lazy_pattern("[\u4e00-\u9fff]{2}")
_LETTERS_WITH_STOPS = lazy_pattern(r"(?:\A|[^A-Za-z])(?:[A-Za-z]\.)+\Z")
_FIGURE = lazy_pattern(r"\d|[IVXLC]{2,}\b")
_WORD = lazy_pattern(r"[^\W\d_]+")
_LAST_WORD = lazy_pattern(r"[^\s(（\[“„«\"'’‘]*\Z")


def boundaries(paragraph: str, lang: str) -> list[int]:
    """Return the offsets at which the sentences of a paragraph end, ascending, the last its length.

    Parameters
    ----------
    paragraph
        Without line breaks.
    lang
        ISO 639-1 code; rules and `sentencex` fall back to English for one they do not know.
    """
    rules = rules_for(lang)
    text = paragraph
    if not paragraph.isascii() and _WIDE_FIGURE.search(paragraph) is not None:
        text = _WIDE_POINT.sub(".", paragraph.translate(_NARROW))
    candidates = set(_sentencex(text, lang))
    if rules.unspaced:
        candidates.update(match.end() for match in _UNSPACED_END.finditer(text))
        if "…" in text or "⋯" in text:
            dots = (match.end() for match in _DOTS.finditer(text))
            candidates.update(end for end in dots if _ends_here(text, end, rules))
    else:
        candidates.update(
            match.end()
            for match in _NOTED.finditer(text)
            if text[match.start() + 1] in _CLOSERS + '"' or not _numbers(text, match.start() + 1, rules)
        )
    for match in _MARKED.finditer(text):
        if (
            match.end() not in candidates
            and match.start() + 1 not in candidates
            and _ends_here(text, match.end(), rules)
        ):
            candidates.add(match.end())
    candidates.update(_before_lists(text))
    extended = _Extension(text, rules)
    protected = _protected(text, rules)
    ends: list[int] = []
    for candidate in sorted(candidates):
        end = extended(candidate)
        inside = bisect_left(protected, (end,)) - 1
        covered = inside >= 0 and protected[inside][0] < end < protected[inside][1]
        start = ends[-1] if ends else 0
        if start < end < len(text) and not covered and not _goes_on(text, start, end, rules):
            ends.append(end)
    return [*ends, len(text)]


def _before_lists(text: str) -> list[int]:
    first = _FIRST_ITEM.search(text) if ":" in text or "：" in text else None
    if first is None or _SECOND_ITEM.search(text, first.end()) is None:
        return []
    return [match.end() for match in _FIRST_ITEM.finditer(text)]


_WINDOW = 2_000
_WIDE_SPACES = lazy_pattern(r"[^\S\x00-\x7f]")
_SAFE = lazy_pattern(r"[.!?。！？][”’』」\"')）]*\s*(?=[^\W\d_a-z])")


def _sentencex(text: str, lang: str) -> Iterator[int]:
    """Yield the ends that `sentencex` sees, in windows that end where a sentence does, if one is near."""
    start = 0
    while start < len(text):
        stop = min(start + _WINDOW, len(text))
        if stop < len(text):
            stop = max(
                (match.end() for match in _SAFE.finditer(text, start + _WINDOW // 2, stop)), default=stop
            )
        # Upstream panics where an initial is followed by a space of more than one byte ("B\u3000.").
        window = _WIDE_SPACES.sub(" ", text[start:stop])
        ends = [start + boundary["end_index"] for boundary in sentencex.get_sentence_boundaries(lang, window)]
        for end in ends:
            trimmed = start + len(text[start:end].rstrip())
            if trimmed < stop or text[trimmed - 1 : trimmed] in _MARKS + _CLOSERS:
                yield trimmed
        start = stop


class _Extension:
    """Moves an end behind the quotes, brackets and footnote marks that close what ends there."""

    def __init__(self, text: str, rules: Rules) -> None:
        self._text = text
        self._closers = rules.closers
        self._spaced = rules.spaced_closer
        self._noted = "" if rules.unspaced else rules.closers + '".!?'
        self._straight = [match.start() for match in re.finditer('"', text)] if '"' in text else []
        first = None if text.isascii() else _FIRST_CIRCLED.search(text)
        self._lists = first is not None and first["other"] is None

    def __call__(self, end: int) -> int:
        text, stop = self._text, min(len(self._text), end + REACH)
        while end < stop:
            character = text[end]
            straight = character == '"' and bisect_left(self._straight, end) % 2
            repeated = character in _MARKS and text[end - 1] in _CLOSERS + _MARKS
            if character in self._closers or straight or repeated:
                end += 1
            elif character in " \u00a0\u202f" and text[end + 1 : end + 2] == "»" and self._spaced:
                end += 2
            elif (note := self._note(end)) is not None:
                end = note.end()
            else:
                break
        return end

    def _note(self, end: int) -> re.Match[str] | None:
        note = _NOTE.match(self._text, end)
        if note is not None and not (self._lists and self._text[end] > "\u2000"):
            return note
        return _FIGURE_OF_NOTE.match(self._text, end) if self._text[end - 1] in self._noted else None


def _protected(text: str, rules: Rules) -> list[tuple[int, int]]:
    """Return the stretches between brackets that belong together, the outermost ones, ascending."""
    if text.isascii() or _BRACKET.search(text) is None:
        return []
    pairs = _PAIRS | _UNSPACED_PAIRS if rules.unspaced else _PAIRS
    closing = {closer: opener for opener, closer in pairs.items()}
    opened: dict[str, list[int]] = {}
    found: list[tuple[int, int]] = []
    for match in _BRACKET.finditer(text):
        mark = match[0]
        if mark in pairs:
            opened.setdefault(mark, []).append(match.start())
        elif mark in closing and (starts := opened.get(closing[mark])):
            found.append((starts.pop(), match.end()))
    found.sort()
    outermost: list[tuple[int, int]] = []
    for start, end in found:
        if not outermost or start >= outermost[-1][1]:
            outermost.append((start, end))
    return outermost


def _ends_here(text: str, end: int, rules: Rules) -> bool:
    """Whether a rule of the language says that a sentence ends, though `sentencex` does not."""
    before, after = text[max(0, end - REACH) : end], text[end : end + REACH].lstrip()
    return any(right.match(after) and left.search(before) for left, right in rules.cuts)


def _goes_on(text: str, start: int, end: int, rules: Rules) -> bool:
    """Whether a sentence goes on where one might end."""
    before = text[max(start, end - REACH) : end]
    rest = text[end : end + REACH]
    after = rest.lstrip()
    gap = len(rest) > len(after)
    if not after:
        return False
    last, first = before[-1], after[0]
    if last in _OPENER and (last == '"' or last in rules.closers):
        return _quotation_goes_on(after, rules, gap=gap, spoken=not _introduced(text, start, end))
    if last in "》〉" and before[-2:-1] == "。":
        opening = before.rfind("《" if last == "》" else "〈")
        return opening >= 0 and rules.is_title(before[:opening], after)
    if (
        _is_inside(before, first, gap=gap)
        or first in "，、；,;："
        or _is_item_number(before, shorter=end - start < REACH)
    ):
        return True
    small = first.islower() and not _LETTERED.match(after)
    if not (rules.unspaced or rules.particles) and (small or _DASH_AND_SMALL.match(after)):
        return True
    return last == "." and _abbreviated(before, after, rules, gap=gap)


def _is_inside(before: str, first: str, *, gap: bool) -> bool:
    """Whether a mark belongs to a figure, a name or a title: 二七．五, 卡尔．马克思, 《前进。》."""
    last, previous = before[-1], before[-2:-1]
    if last in ".．" and not gap and previous:
        figures = previous.isdigit() and first.isdigit()
        han = previous in _HAN_FIGURES and first in _HAN_FIGURES
        return figures or han or (last == "．" and _HAN.match(previous + first) is not None)
    return last in "》〉" and previous in "!?！？…"


def _is_item_number(before: str, *, shorter: bool) -> bool:
    """Whether what stands before an end is the number of an item, which the item follows.

    `shorter` if it is all of the sentence so far.
    """
    if before[-1] not in ".．、)）":
        return False
    return (shorter and _ITEM.fullmatch(before) is not None) or _ITEM_IN_LIST.search(before) is not None


_LONGEST_SPEECH = 300


def _introduced(text: str, start: int, end: int) -> bool:
    """Whether a colon or a comma stands before the quotation that ends here: who speaks has been said."""
    first = max(start, end - _LONGEST_SPEECH)
    opening = max(text.rfind(mark, first, end - 1) for mark in _OPENER[text[end - 1]])
    return opening > 0 and text[first:opening].rstrip()[-1:] in (":", "：", ",", "，")


def _quotation_goes_on(after: str, rules: Rules, *, gap: bool, spoken: bool) -> bool:
    """Whether what follows a quotation belongs to its sentence: who said it, or how the sentence goes on."""
    if after[0] in "，、；,;：:)）" or _DASH_AND_SMALL.match(after):
        return True
    if not rules.unspaced and after[0].islower():
        return True
    if rules.particles and not gap and "가" <= after[0] <= "힣":
        return True
    if rules.going_on is not None and rules.going_on.match(after):
        return True
    return spoken and rules.tag is not None and rules.tag.match(after) is not None


def _abbreviated(before: str, after: str, rules: Rules, *, gap: bool) -> bool:
    """Whether a stop is that of an abbreviation, an ordinal or a date."""
    word = _last_word(before)
    opens = word[:1].lower() + word[1:]  # "Ок. 5 тыс."
    if rules.unspaced:
        latin = re.search(r"[A-Za-z][A-Za-z.]*\.\Z", before)
        if latin is None:
            return False
        word = latin[0]
        if _LETTERS_WITH_STOPS.search(before) or (not gap and after[0].isascii()):
            return True
    if word in rules.titles:
        return True
    if (word in rules.before_figures or opens in rules.before_figures) and _FIGURE.match(after):
        return True
    opening = _WORD.match(after.lstrip("“„«\"'‘("))
    initial = opening is not None and len(opening[0]) == 1 and after[after.index(opening[0]) + 1 :][:1] == "."
    if word in rules.abbreviations and (opening is None or initial or opening[0] not in rules.starters):
        return True
    return any(right.match(after) and left.search(before) for left, right in rules.joins)


def _numbers(text: str, end: int, rules: Rules) -> bool:
    """Whether a word with a stop stands before a figure that belongs to it, rather than to a footnote."""
    word = _last_word(text[max(0, end - REACH) : end])
    return word in rules.before_figures or word in rules.titles or word in rules.abbreviations


def _last_word(before: str) -> str:
    match = _LAST_WORD.search(before)
    return match[0] if match is not None else ""


def pieces(paragraph: str, lang: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the sentences of a paragraph, white space between them left in."""
    return pairwise([0, *boundaries(paragraph, lang)])
