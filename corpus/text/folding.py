"""Text as it is compared word for word: one width, one case, one Chinese script, plain quotes."""

from __future__ import annotations

import re
import unicodedata

from corpus.text.chinese import simplified
from corpus.text.edges import OF_WORD, left_edge, right_edge, standing_alone
from corpus.text.languages import main_script

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that are not seen, and say nothing to who compares words: joiners, marks of direction, hyphens
where a word may be divided."""
_QUOTES = str.maketrans("‘’´`“”", "''''\"\"", INVISIBLE)
# 看著 is 看着, but 著名, 編著 and 土著 have the other 著, which is written so in simplified script, too.
_PARTICLE = re.compile(
    "(?<![編编土名原專专論论譯译遺遗巨合卓昭顯显拙所新舊旧鉅])著(?![名作者述稱称錄录論论]|[書书]立)"
)


def unified(text: str) -> str:
    """Return a text with the particle 著 as 着, which is how most write it; all else in its place."""
    return _PARTICLE.sub("着", text) if "著" in text else text


def fold(text: str) -> str:
    """Return the form of a text in which words are looked for.

    Width, case, kind of quote, traditional or simplified characters, and runs of white space make no
    difference in it. Its length may differ from the text's.
    """
    return _folded(unified(text))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    return " ".join(simplified(plain).casefold().split())


def pattern(words: str, *, wildcards: bool = False) -> str:
    """Return a regular expression, for `re`, for a word or phrase in folded text.

    It stands by itself: "art" is not found in "party"; but see `corpus.text.edges`.

    Parameters
    ----------
    words
        A word or phrase as written.
    wildcards
        Whether ``*`` at the end of a word stands for any ending, and words that a space or hyphen
        separates may be separated by either.
    """
    body, first, last = _body(words, wildcards=wildcards)
    return left_edge(first) + body + right_edge(last)


def containing(words: str, *, wildcards: bool = False) -> str:
    """Return the same for polars, as an expression that a folded text with such a word contains."""
    return standing_alone(*_body(words, wildcards=wildcards))


def _body(words: str, *, wildcards: bool) -> tuple[str, str, str]:
    folded = fold(words)
    if wildcards:  # a hyphen at an end joins nothing, and is no letter that bounds what stands there
        folded = folded.strip(" -") or folded
    escaped = [re.escape(part) for part in folded.split(" ")]
    ending = f"{OF_WORD}*" if main_script(words) not in ("cjk", "hangul") else ""
    if wildcards:
        parts = [part for part in re.split(r"[ -]+", folded) if part]
        escaped = [re.sub(r"\\\*$", lambda _: ending, re.escape(part)) for part in parts]
    body = (r"[\s\-‐–]+" if wildcards else r"\s+").join(escaped)
    return body, folded[:1], "" if wildcards and folded.endswith("*") else folded[-1:]


# Characters that normalisation may join into one: a base with its marks, and the parts of a Korean syllable.
_CLUSTER = re.compile(r"[\u1100-\u11ff]+|\s+|[\s\S][\u0300-\u036f\u3099\u309a\uff9e\uff9f]*")


UNSEEN = str.maketrans("", "", INVISIBLE)
"""For `str.translate`: takes out what is not seen."""


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """Return a text folded, and where in the text each character of that comes from.

    Returns
    -------
    tuple
        The folded text, and for each of its characters the offset in `text` of what it was made of, with
        the offset of the end as one item more. What is found at ``folded[a:b]`` stands in the text at
        ``text[places[a]:places[b]]``.
    """
    folded: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(unified(text.rstrip())):
        seen = cluster.group().translate(UNSEEN)
        piece = _folded(seen) or (" " if folded and seen else "")
        folded.append(piece)
        places += [cluster.start()] * len(piece)
    return "".join(folded), [*places, len(text.rstrip())]
