"""Which script a stretch of text is in, which language a text is in, and whether it reads as Chinese."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.base.converted import converted
from corpus.base.errors import InputError

if TYPE_CHECKING:
    from corpus.base.converted import Arrays

UNDETERMINED = "und"
"""ISO 639-2 code for a language that could not be told."""

SCRIPTS: dict[str, re.Pattern[str]] = {
    # Full-width digits and Latin letters, and the punctuation that Chinese, Japanese and Korean
    # share, belong to no script.
    "han": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "kana": re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]"),
    "hangul": re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"),
    "cyrillic": re.compile(r"[\u0400-\u052f]"),
    "arabic": re.compile(r"[\u0620-\u064a\u066e-\u06d3]"),
    "thai": re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]"),
}
_ONE_LANGUAGE = {"hangul": "ko", "kana": "ja", "thai": "th"}

CYRILLIC = frozenset({"ru", "uk", "bg", "sr", "mk", "be"})
"""Languages in Cyrillic letters that are told apart by their words."""

NOT_LATIN = CYRILLIC | {"zh", "ja", "ko", "th", "ar", "fa", "he", "el", "hi"}
"""Languages that are not written in Latin letters."""

# A Chinese character says about as much as three and a half Latin letters, measured on translations; without
# a weight a Chinese line that names one English product would count as English.
_WEIGHT = {"han": 3.5, "kana": 2.5, "hangul": 3.0}

# Below this many letters the statistical identifier is guessing.
_FEWEST_LETTERS = 20
_LANGID_SAMPLE = 5_000
_WORD = re.compile(r"\S+")


# ISO 639-1. Of the three-letter codes there are thousands: what has the form of one is taken for one.
_TWO_LETTERS = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id
ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu
lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu
rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_CODES = frozenset(_TWO_LETTERS.split())
_MEANT = {
    "chinese": "zh", "zho": "zh", "chi": "zh", "english": "en", "eng": "en", "french": "fr", "fra": "fr",
    "german": "de", "deu": "de", "japanese": "ja", "jpn": "ja", "korean": "ko", "kor": "ko",
    "russian": "ru", "rus": "ru", "spanish": "es", "spa": "es",
}  # fmt: skip


def language_code(code: str) -> str:
    """Return a language's code as the tables have it, in small letters.

    Raises
    ------
    InputError
        If it is none of ISO 639-1, nor three letters, as those of ISO 639-3 are (``yue``), of a language
        that has no shorter one.
    """
    lower = code.casefold()
    meant = meant_code(code)
    if lower in _CODES or (meant is None and re.fullmatch("[a-z]{3}", lower)):
        return lower
    msg = f"{code!r} is not the code of a language: it has two letters, like zh, en or ko, or three, like yue"
    raise InputError(f"{msg}; did you mean {meant}?" if meant else msg)


def is_language(code: str) -> bool:
    """Tell whether two letters, in any case, are the code of a language."""
    return code.casefold() in _CODES


def meant_code(name: str) -> str | None:
    """Return the code that a language's name or longer code means: ``zh`` for ``zh-CN`` or ``Chinese``."""
    stem = re.split("[-_]", name.casefold())[0]
    return _MEANT.get(stem) or (stem if stem in _CODES else None)


def script_weights(text: str) -> dict[str, float]:
    """Count the letters of each script, East Asian ones weighted by how much they say."""
    if text.isascii():
        latin = len(SCRIPTS["latin"].findall(text))
        return {"latin": float(latin)} if latin else {}
    counts = {name: len(pattern.findall(text)) * _WEIGHT.get(name, 1.0) for name, pattern in SCRIPTS.items()}
    return {name: count for name, count in counts.items() if count}


def main_script(text: str) -> str | None:
    """Return the script that carries most of a text: ``cjk``, ``latin`` …; None where there are no letters.

    Chinese and Japanese share ``cjk``; Korean counts as ``hangul`` even where it uses Chinese characters.
    """
    return heaviest_script(script_weights(text))


def heaviest_script(weights: dict[str, float]) -> str | None:
    """Return `main_script` of what `script_weights` counted."""
    if len(weights) < 2:
        script = next(iter(weights), None)
        return "cjk" if script in ("han", "kana") else script
    weights = dict(weights)
    if weights.get("hangul", 0) > 0.3 * weights.get("han", 0):
        weights["hangul"] = weights.get("hangul", 0) + weights.pop("han", 0)
    weights["cjk"] = weights.pop("han", 0) + weights.pop("kana", 0)
    return max(weights, key=lambda name: weights[name])


def detect_language(text: str) -> str:
    """Tell the language of a text by its script, and by statistics where many languages share it.

    Returns
    -------
    str
        ISO 639-1 code, or ``und`` where the text is too short or holds no letters.
    """
    weights = script_weights(text)
    script = main_script(text)
    if script is None:
        return UNDETERMINED
    if script == "cjk":
        return "ja" if weights.get("kana", 0) > 0.1 * weights.get("han", 0) else "zh"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    if weights[script] < _FEWEST_LETTERS:
        return UNDETERMINED
    # What another script says in passing must not weigh: only words of the main one are looked at.
    words: list[str] = []
    length = 0
    for match in _WORD.finditer(text):
        if length > _LANGID_SAMPLE:
            break
        if main_script(word := match[0]) == script:
            words.append(word)
            length += len(word) + 1
    code = str(_identifier().classify(" ".join(words)[:_LANGID_SAMPLE])[0])
    return code if len(code) == 2 else UNDETERMINED


@cache
def _identifier() -> Any:  # noqa: ANN401 - an untyped library
    """Open the statistics that tell languages of one script from each other.

    Mapped from the user's cache folder: to unpack them takes most of a second.
    """
    from py3langid import langid, modelio

    path = langid.MODEL_DIR / langid.MODEL_FILE

    def unpacked() -> Arrays:
        names = ("ptc", "pc", "classes", "moves", "rows", "output")
        return {name: np.asarray(part) for name, part in zip(names, modelio.load_model(path), strict=True)}

    model = converted("langid", path, unpacked)
    # Of a view, as of the array that the library makes, an item is a plain number.
    moves: Any = np.ascontiguousarray(model["moves"])
    return langid.LanguageIdentifier(
        model["ptc"], model["pc"], model["classes"].tolist(), memoryview(moves),
        model["output"].tolist(), tk_row=model["rows"].tolist(),
    )  # fmt: skip


def known_lang(lang: str) -> str | None:
    """Return a language as encoders and word cutters are told it: None for what is undetermined."""
    return None if lang == "und" else lang
