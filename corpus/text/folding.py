"""Text as it is compared word for word: one width, one case, one Chinese script, plain quotes."""

from __future__ import annotations

import re
import unicodedata

from corpus.text.chinese import simplified
from corpus.text.languages import main_script

_QUOTES = str.maketrans("‘’´`“”", "''''\"\"")


def fold(text: str) -> str:
    """Return the form of a text in which words are looked for.

    Width, case, kind of quote, traditional or simplified characters, and runs of white space make no
    difference in it. Its length may differ from the text's.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    return " ".join(simplified(plain).casefold().split())


def pattern(words: str, *, wildcards: bool = False) -> str:
    """Return a regular expression for a word or phrase in folded text.

    It stands by itself: "art" is not found in "party"; but Chinese has no such boundaries, and Korean
    puts particles there. It works in `re` and in polars.

    Parameters
    ----------
    words
        A word or phrase as written.
    wildcards
        Whether ``*`` at the end of a word stands for any ending, and words that a space or hyphen
        separates may be separated by either.
    """
    folded = fold(words)
    escaped = [re.escape(part) for part in folded.split(" ")]
    if wildcards:
        escaped = [re.sub(r"\\\*$", r"\\w*", re.escape(part)) for part in re.split(r"[ -]+", folded) if part]
    body = (r"[\s\-‐–]+" if wildcards else r"\s+").join(escaped)
    if main_script(words) in ("cjk", "hangul"):
        return body.removesuffix(r"\w*")
    return (r"\b" if folded[0].isalnum() else "") + body + (r"\b" if folded[-1].isalnum() else "")


# Characters that normalisation may join into one: a base with its marks, and the parts of a Korean syllable.
_CLUSTER = re.compile(r"[\u1100-\u11ff]+|\s+|[\s\S][\u0300-\u036f\u3099\u309a\uff9e\uff9f]*")


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
    for cluster in _CLUSTER.finditer(text.rstrip()):
        piece = fold(cluster.group()) or (" " if folded else "")
        folded.append(piece)
        places += [cluster.start()] * len(piece)
    return "".join(folded), [*places, len(text.rstrip())]
