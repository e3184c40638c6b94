"""Cut text into words, and name the form under which a word is looked up.

Text is cut by script first, so that a Chinese sentence with a Latin name in it, or an English one with a
Chinese one, needs no language of its own for that name:

- Chinese characters by `jieba`, with a dictionary of the user's where one is given. Traditional and
  simplified characters have one form (`opencc`).
- Korean by `kiwipiepy` (the extra `ko`), which cuts off particles and endings; without it, by pairs of
  neighbouring syllables, as is usual where no analyser is at hand (Lee & Ahn 1996).
- Japanese and Thai, for which no analyser comes along, by pairs of neighbouring characters.
- All other scripts at what is no letter or digit; a word's form is its stem (Snowball; Porter 1980) in
  languages that have one.

Numbers stay whole, whatever their width: ``２７．５`` and ``27.5`` are one form, ``1,000`` and ``1000`` too.
A year in Chinese digits is one with that in Arabic ones: ``一九六四年`` holds ``1964``.
"""

from __future__ import annotations

import math
import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.base.errors import InputError
from corpus.text.chinese import load_jieba, simplified
from corpus.text.folding import UNSEEN, unified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


RULES = "3"
"""Version of the rules in this module: tokens made under another one are not compared with these."""


class Token(NamedTuple):
    """A word of a text.

    Attributes
    ----------
    text
        As it stands in the text.
    normal
        The form it is looked up and counted under: one width, one case, one Chinese script, one stem.
    start, end
        Code-point offsets into the text; ``text == whole[start:end]``.
    """

    text: str
    normal: str
    start: int
    end: int


_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇"
_HANGUL = r"\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e"
_KANA = r"\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9d"
_THAI = r"\u0e01-\u0e3a\u0e40-\u0e4e"
_NOT_WORD = rf"{_HAN}{_HANGUL}{_KANA}{_THAI}"
_RUN = re.compile(
    rf"(?P<number>\d+(?:[.,:．，：]\d+)*)"
    rf"|(?P<year>[〇零○一二三四五六七八九]{{4}}(?=年))"
    rf"|(?P<han>(?:(?![〇零○一二三四五六七八九]{{4}}年)[{_HAN}])+)"
    rf"|(?P<hangul>[{_HANGUL}]+)"
    rf"|(?P<pairs>[{_KANA}]+|[{_THAI}]+)"
    rf"|(?P<word>[^\W\d_{_NOT_WORD}][^\W_{_NOT_WORD}]*(?:['’][^\W_{_NOT_WORD}]+)*)"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


_YEAR_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def tokenise(
    text: str,
    lang: str,
    *,
    search: bool = False,
    dictionary: Path | None = None,
    frequency: Callable[[str], int] | None = None,
) -> list[Token]:
    """Cut a text into words; punctuation and symbols are left out.

    Parameters
    ----------
    text
        Any text.
    lang
        ISO 639-1 code of its language, or ``und``. It chooses the stemmer, and tells Japanese from Chinese.
    search
        Cut for searching: a long Chinese word is followed by the words inside it (so that tokens overlap),
        and Korean particles and endings are left out. Otherwise tokens do not overlap.
    dictionary
        A file of Chinese words in `jieba`'s format (a word a line, with a frequency and a part of speech
        if wanted), which are kept whole.
    frequency
        How often a Chinese word occurs in a vocabulary, 0 if it is not in it. Chinese is then cut by that
        vocabulary, into the most probable words as `jieba` does, and no dictionary is loaded: what a query
        needs whose words are looked up in that vocabulary anyway.

    Returns
    -------
    list of Token
        In order of `start`, the longer first.

    Raises
    ------
    InputError
        If the dictionary cannot be read.
    """
    tokens: list[Token] = []
    for run in _RUN.finditer(text):
        kind, piece, start = run.lastgroup, run.group(), run.start()
        if kind == "number":
            tokens.append(Token(piece, _number(piece), start, run.end()))
        elif kind == "year":
            tokens.append(Token(piece, piece.translate(_YEAR_DIGITS), start, run.end()))
        elif kind == "word":
            tokens.append(Token(piece, stem(piece, lang), start, run.end()))
        elif kind == "hangul":
            tokens += _korean(piece, start, search=search)
        elif kind == "pairs" or lang == "ja":
            tokens += _pairs(piece, start, search=search)
        elif frequency is not None:
            tokens += _known(piece, start, frequency, search=search)
        else:
            tokens += _chinese(piece, start, dictionary, search=search)
    return tokens


def terms(text: str, lang: str, *, dictionary: Path | None = None) -> list[str]:
    """Return the normal forms of a text's tokens, cut for searching."""
    seen = text.translate(UNSEEN)
    return [token.normal for token in tokenise(seen, lang, search=True, dictionary=dictionary)]


def version(dictionary: Path | None = None) -> str:
    """Return what decides how text is cut here: rules, analysers and dictionary, as one line."""
    parts = [
        f"rules {RULES}",
        f"jieba {metadata.version('jieba')}",
        f"PyStemmer {metadata.version('PyStemmer')}",
    ]
    korean = _kiwi_version()
    parts.append(f"kiwipiepy {korean}" if korean else "ko by pairs of syllables")
    if dictionary is not None:
        import hashlib

        parts.append(f"dictionary {hashlib.sha256(_dictionary_bytes(dictionary)).hexdigest()[:12]}")
    return ", ".join(parts)


def korean_is_analysed() -> bool:
    """Whether Korean is cut by an analyser (the extra `ko`), rather than by pairs of syllables."""
    return _kiwi_version() is not None


def stem(word: str, lang: str) -> str:
    """Return the form of a word in letters: one width and case, its stem where the language has a stemmer."""
    folded = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    return _stem(folded, lang)


@cache
def stop_words(lang: str) -> frozenset[str]:
    """Return the function words of a language, as tokens' normal forms; none where no list is kept."""
    lists = tomllib.loads(Path(__file__).with_name("stopwords.toml").read_text("utf-8"))
    words = lists.get(lang, "").split()
    return frozenset(words) | {stem(word, lang) for word in words}


def _number(digits: str) -> str:
    normal = unicodedata.normalize("NFKC", digits)
    return normal.replace(",", "") if _THOUSANDS.fullmatch(normal) else normal


# Snowball's algorithms by ISO 639-1 code. Chinese and Korean texts quote Latin words: English ones, mostly.
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "ja": "english", "ko": "english", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "und": "english", "zh": "english",
}  # fmt: skip


@lru_cache(maxsize=200_000)
def _stem(folded: str, lang: str) -> str:
    stemmer = _stemmer(lang)
    return folded if stemmer is None else str(stemmer.stemWord(folded))


@cache
def _stemmer(lang: str) -> Any:  # noqa: ANN401 - an untyped library
    import Stemmer

    name = _SNOWBALL.get(lang)
    return None if name is None else Stemmer.Stemmer(name)


def _chinese(run: str, start: int, dictionary: Path | None, *, search: bool) -> Iterator[Token]:
    """Yield the words of a run of Chinese characters.

    Without the hidden Markov model of `jieba`: what it joins depends on the neighbours, and a name must be
    cut the same way wherever it stands. What the dictionary lacks is single characters.
    """
    plain = simplified(unified(run))
    cutter = load_jieba() if dictionary is None else _jieba_with(dictionary)
    words = cutter.tokenize(plain, mode="search" if search else "default", HMM=False)
    # `jieba` names the words inside a word before it.
    for _, first, last in sorted(words, key=lambda word: (word[1], -word[2])):
        yield Token(run[first:last], plain[first:last], start + first, start + last)


_LONGEST = 8  # characters of a Chinese word


def _known(run: str, start: int, frequency: Callable[[str], int], *, search: bool) -> Iterator[Token]:
    """Yield the words of a run of Chinese characters by a vocabulary; what it lacks, by characters."""
    plain = simplified(unified(run))
    best: list[tuple[float, int]] = [(0.0, 0)]  # of each beginning: its log-probability, and its last word
    for end in range(1, len(plain) + 1):
        candidates = []
        for first in range(max(0, end - _LONGEST), end):
            count = frequency(plain[first:end])
            if count or first == end - 1:
                candidates.append((best[first][0] + math.log(max(count, 0.5) / _TOTAL), first))
        best.append(max(candidates))
    words = []
    end = len(plain)
    while end:
        words.append((best[end][1], end))
        end = best[end][1]
    for first, last in reversed(words):
        inside = [(first, last)]
        if search:
            inside += [
                (a, a + size)
                for a in range(first, last)
                for size in (3, 2)
                if a + size <= last and (a, a + size) != (first, last) and frequency(plain[a : a + size])
            ]
        for a, b in sorted(inside, key=lambda word: (word[0], -word[1])):
            yield Token(run[a:b], plain[a:b], start + a, start + b)


_MOST_DIGITS = 15  # what jieba adds up is exact to here
_TOTAL = 1e9  # more than any count of words: every further word costs


@cache
def _jieba_with(dictionary: Path) -> Any:  # noqa: ANN401
    cutter = load_jieba().Tokenizer()
    try:
        text = _dictionary_bytes(dictionary).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{dictionary}: not UTF-8 text ({error.reason} at byte {error.start})") from None
    for line in text.splitlines():
        word, frequency, *tag = [*simplified(line).split(), None, None][:3]
        if word is not None:
            cutter.add_word(word, None if frequency is None else _frequency(frequency, dictionary), *tag)
    return cutter


def _frequency(text: str, dictionary: Path) -> int | None:
    if text.isdecimal() and len(text) <= _MOST_DIGITS:  # not ², which is a digit and no number
        return int(text)
    if text.isascii() and text.isalpha():
        return None  # a part of speech without a frequency
    msg = f"{dictionary}: {text!r} is no frequency; a line is a word, its frequency and its part of speech"
    raise InputError(msg)


def _dictionary_bytes(dictionary: Path) -> bytes:
    from corpus.base.files import read_bytes

    return read_bytes(dictionary)


def _pairs(run: str, start: int, *, search: bool) -> Iterator[Token]:
    """Yield each pair of neighbouring characters for searching, else the run as it is."""
    plain = unicodedata.normalize("NFKC", run)
    if len(run) < 2 or len(plain) != len(run) or not search:
        yield Token(run, plain, start, start + len(run))
        return
    for place, (first, second) in enumerate(pairwise(plain)):
        yield Token(run[place : place + 2], first + second, start + place, start + place + 2)


# Parts of speech that only say how words hang together: particles, endings, affixes, and the copula.
_KOREAN_FORM = ("J", "E", "XS", "XP", "VCP", "VCN")


def _korean(run: str, start: int, *, search: bool) -> Iterator[Token]:
    kiwi = _kiwi()
    if kiwi is None:
        yield from _pairs(run, start, search=search)
        return
    end = 0
    for token in kiwi.tokenize(run):
        if not token.len or (search and token.tag.startswith(_KOREAN_FORM)):
            continue
        if search or token.start >= end:  # a stem and an ending may share a syllable
            end = token.end
            place = start + token.start
            yield Token(run[token.start : token.end], token.form, place, place + token.len)


@cache
def _kiwi_version() -> str | None:
    try:
        return metadata.version("kiwipiepy")
    except metadata.PackageNotFoundError:
        return None


@cache
def _kiwi() -> Any:  # noqa: ANN401
    if _kiwi_version() is None:
        return None
    import kiwipiepy

    return kiwipiepy.Kiwi()


_LETTERS_WITH_STEMS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "ARABIC", "DEVANAGARI", "TAMIL")


def goes_on(text: str, before: Token, after: Token) -> bool:
    """Whether nothing but white space or a hyphen stands between two tokens."""
    between = text[before.end : after.start]
    return not between or all(mark.isspace() or unicodedata.category(mark) == "Pd" for mark in between)


def word_form(token: Token) -> str:
    """Return the form under which a word is counted: in one width and case, not stemmed.

    For scripts without a stemmer it is the token's normal form.
    """
    return _word_form(token.text, token.normal)


@lru_cache(maxsize=200_000)
def _word_form(text: str, normal: str) -> str:
    if not text[0].isalpha() or not unicodedata.name(text[0], "").startswith(_LETTERS_WITH_STEMS):
        return normal
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
