"""Passages of a version that are in another language: a paragraph, or what stands between quotation marks.

They are told by their script: an English statement in a Chinese article, a Chinese slogan in an English one;
Japanese and Chinese by their kana. Other languages that share a script are not told apart. A name, a title
and a word or two are no passage.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from corpus.text.languages import UNDETERMINED, detect_language, heaviest_script, main_script, script_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Stretch: TypeAlias = tuple[int, int, str | None]
"""Start and end of a stretch of a block, and its language where it is another one than the version's."""

_LEAST = 30.0  # weighted letters (`script_weights`): some six words of English, nine characters of Chinese
_LEAST_BESIDE = 12.0  # of a line beside another that is one
_LEAST_INSIDE = 60.0  # of what is cut out of a paragraph
_MOST_OWN = 0.05  # of the version's script, in a passage of another
_FEWEST_WORDS = 4
_KANA = 0.1  # of what is written in Chinese characters, as `detect_language` has it
_WORD = re.compile(r"[^\W\d_]{2,}")
_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"), ("«", "»"), ("„", "“"), ('"', '"'))
# What follows a quotation up to the next word stays with it.
_QUOTED = re.compile(
    f"(?:{'|'.join(f'{a}[^{a}{b}]{{20,5000}}{b}' for a, b in _PAIRS)})[.。．!！?？,，;；、…—]*"
)


def stretches(blocks: Sequence[str], lang: str) -> list[list[Stretch]]:
    """Cut each block of a version where a passage in another language begins or ends.

    Parameters
    ----------
    blocks
        Headings and paragraphs, in order.
    lang
        ISO 639-1 code of the version.

    Returns
    -------
    list of list
        The stretches of each block, in order, without gaps.
    """
    weights = [script_weights(block) for block in blocks]
    total: Counter[str] = Counter()
    for counted in weights:
        total.update(counted)
    own = _family(heaviest_script(dict(total)))
    others = sum(total.values()) - sum(total[script] for script in own)
    if others < _LEAST and not (lang == "ja" or (lang == "zh" and total["kana"])):
        return [[(0, len(block), None)] for block in blocks]
    found = _passages(blocks, weights, own, lang)
    langs = _languages([blocks[number][start:end] for number, start, end in found], lang)
    cut: list[list[Stretch]] = [[] for _ in blocks]
    for (number, start, end), other in zip(found, langs, strict=True):
        if other is not None:
            cut[number].append((start, end, other))
    return [_with_rest(passages, len(block)) for block, passages in zip(blocks, cut, strict=True)]


def _passages(
    blocks: Sequence[str], weights: Sequence[Mapping[str, float]], own: tuple[str, ...], lang: str
) -> list[tuple[int, int, int]]:
    """Return number of the block, start and end of each passage in another script, in order."""
    whole: set[int] = set()  # blocks; a short line counts beside one that does
    order = range(len(blocks))
    for number in itertools.chain(order, reversed(order)):
        beside = number - 1 in whole or number + 1 in whole
        if _is_foreign(blocks[number], weights[number], own, lang, _LEAST_BESIDE if beside else _LEAST):
            whole.add(number)
    found: list[tuple[int, int, int]] = []  # block, start, end
    for number, (block, counted) in enumerate(zip(blocks, weights, strict=True)):
        if number in whole:
            found.append((number, 0, len(block)))
        elif sum(counted.values()) - sum(counted.get(script, 0.0) for script in own) >= _LEAST_INSIDE:
            found += [
                (number, *match.span())
                for match in _QUOTED.finditer(block)
                if _is_foreign(match[0], script_weights(match[0]), own, lang, _LEAST_INSIDE)
            ]
    return found


def _with_rest(passages: Sequence[Stretch], length: int) -> list[Stretch]:
    """Return passages of a block with what stands before, between and after them."""
    cut: list[Stretch] = []
    end = 0
    for passage in passages:
        if end < passage[0]:
            cut.append((end, passage[0], None))
        cut.append(passage)
        end = passage[1]
    return cut if cut and end == length else [*cut, (end, length, None)]


def _family(script: str | None) -> tuple[str, ...]:
    """Return the names, as `script_weights` has them, of what is written together with a script."""
    if script in ("cjk", "han", "kana"):
        return ("han", "kana")
    return () if script is None else (script,)


def _is_foreign(
    text: str, weights: Mapping[str, float], own: tuple[str, ...], lang: str, least: float
) -> bool:
    """Whether a text is in another script than a version's, or Japanese in Chinese, and more than a name."""
    whole = sum(weights.values())
    if whole < least:
        return False
    han, kana = weights.get("han", 0.0), weights.get("kana", 0.0)
    if han + kana > 0.9 * whole and lang in ("ja", "zh"):
        # A headline in Japanese may have no kana.
        return kana > _KANA * han if lang == "zh" else not kana and han > 3 * least and "。" in text
    mine = sum(weights.get(script, 0.0) for script in own)
    if mine > _MOST_OWN * (whole - mine):
        return False
    if weights.get("latin", 0.0) + weights.get("cyrillic", 0.0) < 0.5 * whole:
        return True
    words = _WORD.findall(text)
    return len(text.split()) >= _FEWEST_WORDS and 2 * sum(map(str.islower, words)) >= len(words)


def _languages(passages: Sequence[str], lang: str) -> list[str | None]:
    """Return the language of each of a version's passages, None where it cannot be told, or is the version's.

    Those in one script are taken together: of a line or two, statistics would guess.
    """
    together: dict[str | None, list[str]] = {}
    scripts = [main_script(passage) for passage in passages]
    for script, passage in zip(scripts, passages, strict=True):
        together.setdefault(script, []).append(passage)
    told = {script: detect_language("\n".join(texts)) for script, texts in together.items()}
    return [None if told[script] in (UNDETERMINED, lang) else told[script] for script in scripts]
