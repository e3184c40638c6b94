"""Names by rule: how a name in one script is spelt in another.

Chinese names in Pinyin and in Wade–Giles (周恩来: Zhou Enlai, Chou En-lai); Korean ones in the Revised
Romanization, in McCune–Reischauer and as the North spells them (김화: Gimhwa, Kimhwa).

Readings of characters are Unihan's, in files of `models/lexicons/readings`; romanisations are rules over
them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from corpus.base.resources import models_dir
from corpus.lexicons.format import SUFFIX, read_lexicon
from corpus.text.chinese import traditional
from corpus.text.languages import NOT_LATIN

if TYPE_CHECKING:
    from corpus.lexicons.format import LexiconFile


def spelt_by_rule(text: str, lang: str, other: str) -> list[str]:
    """Return how a word in Chinese characters or Hangul is written in another language, if it is a name.

    Parameters
    ----------
    text
        The word.
    lang, other
        ISO 639-1 codes of its language and of the other.

    Returns
    -------
    list of str
        In Hangul into Korean; by the systems of Chinese and of Korean into what is in Latin letters. Nothing
        where no rule applies.
    """
    sounds = [text] if lang == "ko" else korean_reading(text) if lang == "zh" else []
    if other == "ko":
        return [] if lang == "ko" else list(dict.fromkeys(sounds))
    if other in NOT_LATIN:
        return []
    names = chinese_name(text) if lang == "zh" else []
    return list(dict.fromkeys([*names, *(spelling for sound in sounds for spelling in korean_name(sound))]))


# ---- Chinese

_WADE_GILES = (  # applied in order to a syllable of Pinyin without tone marks
    (r"^([jqx])u", r"\1ü"), (r"^yu(?=$|a|e|n)", "yü"), (r"^you$", "yu"), (r"^yan$", "yen"), (r"^ye$", "yeh"),
    (r"^(zhi|chi)$", r"\1h"), (r"^shi$", "shih"), (r"^ri$", "jih"), (r"^zi$", "tzu"), (r"^ci$", "tz'u"),
    (r"^si$", "szu"), (r"^er$", "erh"), (r"ong$", "ung"), (r"ian$", "ien"),
    (r"^(?!y)(.*)ie$", r"\1ieh"), (r"üe$", "üeh"),
    (r"^([gkh]?)e$", r"\1o"), (r"^([dtnlzcs]|zh|ch|r)uo$", r"\1o"), (r"^(g|k)ui$", r"\1uei"),
    (r"^zhih$", "chih#"), (r"^zh", "ch#"), (r"^ch(?![#]|ih#)", "ch'"), (r"^q", "ch'"), (r"^j(?!ih)", "ch#"),
    (r"^x", "hs"),
    (r"^p", "p'"), (r"^t(?!z)", "t'"), (r"^k", "k'"), (r"^b", "p"), (r"^d", "t"), (r"^g", "k"),
    (r"^z", "ts"), (r"^c(?!h)", "ts'"), (r"^r", "j"), (r"#", ""),
)  # fmt: skip


def wade_giles(syllable: str) -> str:
    """Return a syllable of Pinyin, without tone, in Wade–Giles: zhou is chou, qing ch'ing."""
    out = syllable
    for pattern, replacement in _WADE_GILES:
        out = re.sub(pattern, replacement, out)
    return out


def pinyin(text: str) -> tuple[str, ...]:
    """Return the syllables of Chinese characters, without tones; of those it does not know, nothing.

    A character is read as it is most often.
    """
    return tuple(found for char in text if (found := _reading("mandarin", char)))


def chinese_name(text: str) -> list[str]:
    """Return how a name in Chinese characters is written in Latin letters, without diacritics.

    The first character is the surname, unless the name has four or more; a name that is a place's is written
    together, too.
    """
    syllables = pinyin(text)
    if len(syllables) != len(text) or not 2 <= len(text) <= 4:
        return []
    surname = 2 if len(text) == 4 else 1
    found = []
    for spelt in (syllables, tuple(wade_giles(one) for one in syllables)):
        plain = [_plain(one) for one in spelt]
        found += [
            "".join(plain),
            " ".join(("".join(plain[:surname]), "".join(plain[surname:]))),
            " ".join(("".join(plain[:surname]), *plain[surname:])),
        ]
    return list(dict.fromkeys(found))


# ---- Korean

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def _table(initials: str, vowels: str, finals: str) -> tuple[list[str], list[str], list[str]]:
    return initials.split(), vowels.split(), finals.split(" ")


_FINALS = " k k k n n n t l k m l l l p l m p p t t ng t t k t p t"
_REVISED = _table(
    "g kk n d tt r m b pp s ss - j jj ch k t p h",
    "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
    _FINALS,
)
_MCCUNE = _table(
    "k kk n t tt r m p pp s ss - ch tch ch' k' t' p' h",
    "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i",
    _FINALS,
)
_NORTH = _table(
    "k kk n t tt r m p pp s ss - j jj ch kh th ph h",
    "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i",
    _FINALS,
)
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}


def _parts(syllable: str) -> tuple[int, int, int]:
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def korean_name(text: str) -> list[str]:
    """Return how a name in Hangul is written in Latin letters, without diacritics.

    In the Revised Romanization, in McCune–Reischauer, and as the North does; by syllables, so that sounds
    that change between them are left as they are written, but for the voicing of McCune–Reischauer. Personal
    names are written in two or three words, so these are given as well.
    """
    if not re.fullmatch("[가-힣]{2,5}", text):
        return []
    found = []
    for table in (_REVISED, _MCCUNE, _NORTH):
        for voiced in (False, True) if table is not _REVISED else (False,):
            spelt: list[str] = []
            for syllable in text:
                initial, vowel, final = _parts(syllable)
                first = table[0][initial].strip("-")
                if voiced and spelt and spelt[-1][-1] in "aeioulmng" and first in _VOICED:
                    first = _VOICED[first]
                spelt.append(first + table[1][vowel] + table[2][final])
            plain = [_plain(one) for one in spelt]
            found += ["".join(plain)]
            if len(plain) in (2, 3):
                found += [" ".join((plain[0], "".join(plain[1:]))), " ".join(plain)]
    return list(dict.fromkeys(found))


def korean_reading(text: str) -> list[str]:
    """Return how Chinese characters are read in Korean, in Hangul: as the North spells it, and as the South.

    金化 is 김화. At the beginning of a word the South drops ㄹ, and ㄴ before i and y: 량 is 양, 로 노. A
    character that has two readings as 金 (금, 김) is read in both where it comes first, as names do.
    """
    if not 2 <= len(text) <= _LONGEST:
        return []
    readings = [_every_reading("hangul", char) for char in traditional(text)]
    if not all(readings):
        return []
    rest = "".join(one[0] for one in readings[1:])
    found = []
    for first in readings[0]:
        found += [first + rest, _southern(first) + rest]
    return list(dict.fromkeys(found))


_LONGEST = 5  # characters of a name
_RIEUL, _NIEUN, _IEUNG = (_INITIALS.index(initial) for initial in "ㄹㄴㅇ")
_WITH_I = frozenset([2, 3, 6, 7, 12, 17, 20])  # numbers of ya, yae, yeo, ye, yo, yu and i among the vowels


def _southern(syllable: str) -> str:
    """Return a syllable as the South says and spells it at the beginning of a word."""
    initial, vowel, final = _parts(syllable)
    if initial in (_RIEUL, _NIEUN) and vowel in _WITH_I:
        initial = _IEUNG
    elif initial == _RIEUL:
        initial = _NIEUN
    return chr(0xAC00 + initial * 588 + vowel * 28 + final)


def _plain(text: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c) and c not in "'’"
    )


@cache
def _readings(name: str) -> LexiconFile:
    return read_lexicon(models_dir() / "lexicons" / "readings" / f"{name}{SUFFIX}")


def _reading(name: str, char: str) -> str:
    return next(iter(_every_reading(name, char)), "")


@cache
def _every_reading(name: str, char: str) -> tuple[str, ...]:
    """Return how a character is read, the likeliest first; nothing where it is not known."""
    src, tgt = _readings(name).sides
    for number in src.numbered(char):
        if src.word(number) == char:
            return tuple(tgt.word(other) for other, *_ in src.links(number))
    return ()
