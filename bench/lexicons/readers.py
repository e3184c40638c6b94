"""Read the dictionaries that lexicons are made of, as their packages have them.

Each reader yields (word, translations): senses in the dictionary's order, each a list of phrases.
"""

from __future__ import annotations

import bz2
import gzip
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Senses = list[list[str]]

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>")
_NO_GLOSS = re.compile(
    r"^(CL:|variant of|old variant|see |see also|also written|also pr\.|used in|erhua|abbr\. for|"
    r"Taiwan pr|Japanese variant|archaic variant|same as|equivalent of|\(?onom\.)"
)
_RESIDUE = re.compile(r"[()\[\]{}<>]|//")  # of brackets that were not closed
_LONGEST = 4  # words of a gloss that is a translation rather than an explanation


def without_brackets(text: str) -> str:
    """Take out what stands in brackets, brackets within brackets too."""
    while (shorter := _BRACKETS.sub(" ", text)) != text:
        text = shorter
    return " ".join(text.split()).strip(" ,;:.!?…-~")


def english(gloss: str) -> str:
    """Return a gloss as a word or phrase to look for; empty where it is an explanation."""
    gloss = gloss.strip()
    if _NO_GLOSS.match(gloss):
        return ""
    gloss = re.sub(r"^(surname|given name) ", "", without_brackets(gloss))
    gloss = re.sub(r"\b(sth|sb|oneself|one's|someone|something|etc|esp|fig|lit)\b\.?", " ", gloss)
    gloss = re.sub(r"^(to be |to |the |a |an |be )", "", " ".join(gloss.split()))
    gloss = gloss.strip(" ,;:.!?…-~")
    if "," in gloss:  # "Zhou Enlai, premier of …"; "soap, toilet"
        gloss = gloss.split(",")[0].strip()
    return gloss if gloss and len(gloss.split()) <= _LONGEST else ""


def cedict(path: Path) -> Iterator[tuple[str, str, str, Senses]]:
    """Yield (traditional, simplified, pinyin, senses) of CC-CEDICT."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            found = re.match(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/", line)
            if found:
                traditional, plain, pinyin, glosses = found.groups()
                senses = [
                    [text for part in gloss.split(";") if (text := english(part))]
                    for gloss in glosses.split("/")
                ]
                yield traditional, plain, pinyin, [sense for sense in senses if sense]


def edict(path: Path) -> Iterator[tuple[str, str, bool, Senses]]:
    """Yield (word, reading, common, senses) of EDICT or ENAMDICT."""
    with path.open(encoding="euc-jp", errors="replace") as file:
        for line in file:
            found = re.match(r"(\S+)(?: \[([^\]]+)\])? /(.*)/", line)
            if found:
                word, reading, glosses = found.groups()
                senses: Senses = []
                for gloss in glosses.split("/"):
                    if gloss in ("(P)", ""):
                        continue
                    text = english(gloss)
                    if not senses or re.search(r"^\([^)]*\) \(\d+\)|^\(\d+\)", gloss):
                        senses.append([])
                    if text:
                        senses[-1].append(text)
                yield word, reading or "", glosses.endswith("(P)"), [sense for sense in senses if sense]


_B64 = {c: i for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}


def freedict(folder: Path, pair: str) -> Iterator[tuple[str, Senses]]:
    """Yield the entries of a FreeDict dictionary (``deu-fra``) in the format of a dict server."""
    text = gzip.decompress((folder / f"freedict-{pair}.dict.dz").read_bytes())
    seen: set[tuple[int, int]] = set()
    for entry in (folder / f"freedict-{pair}.index").read_text("utf-8").splitlines():
        name, *numbers = entry.split("\t")
        if name.startswith("00database") or len(numbers) < 2:
            continue
        place, size = (sum(_B64[c] * 64**i for i, c in enumerate(reversed(code))) for code in numbers[:2])
        if (place, size) in seen:
            continue
        seen.add((place, size))
        head, *body = text[place : place + size].decode("utf-8", "replace").splitlines()
        # The word, how it is pronounced (between strokes, several ways or none), what part of speech it is.
        word = without_brackets(re.split(r"\s/|<", head, maxsplit=1)[0])
        senses = []
        wanted = True  # a translation comes first, and after a number
        for line in body:
            numbered = re.match(r"\s*\d+\.\s*(.*)", line)
            # A number at the end opens the next sense, of which, as of a number alone, only the explanation follows.
            one = without_brackets(re.sub(r"\s\d+\.\s*$", "", numbered.group(1) if numbered else line))
            wanted = bool(one) if numbered else wanted
            if wanted and one:
                # Semicolons part translations in some.
                found = [without_brackets(part) for part in re.split("[,;]", one)]
                found = [part for part in found if part and len(part.split()) <= _LONGEST]
                senses.append([part for part in found if not _RESIDUE.search(part)])
                wanted = False
        if word and any(senses):
            yield word, [sense for sense in senses if sense]


def hanja(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (word in Hangul, in Chinese characters) of libhangul's list."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            sound, written, *_ = line.split(":")
            yield sound, written


def unihan(path: Path, field: str) -> dict[str, str]:
    """Return one field of Unihan, by character."""
    found = {}
    with bz2.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if f"\t{field}\t" in line:
                code, _, value = line.rstrip("\n").split("\t")
                found[chr(int(code.partition("+")[2], 16))] = value
    return found


_SCRIPT = (
    ("ko", re.compile(r"[가-힣 ]+")),
    ("ja", re.compile(r"(?=.*[ァ-ヺ])[ァ-ヺー・=＝ ]+")),
    ("zh", re.compile(r"[一-鿿·]+")),
    ("ru", re.compile(r"[А-Яа-яЁё -]+")),
)


def places(path: Path) -> Iterator[dict[str, list[str]]]:
    """Yield the names of each city of GeoNames, by language, where the script tells it; ``en`` is its name."""
    for city in json.loads(path.read_text("utf-8")).values():
        names: dict[str, list[str]] = defaultdict(list)
        names["en"].append(city["name"])
        for name in city["alternatenames"]:
            for lang, script in _SCRIPT:
                if script.fullmatch(name) and len(name) > 1:
                    names[lang].append(name)
        yield dict(names)


def cldr(langs: tuple[str, ...]) -> Iterator[dict[str, list[str]]]:
    """Yield the names of each territory, language and currency in CLDR, by language (package `babel`)."""
    import babel  # noqa: PLC0415 - a package that only some of these need

    locales = {lang: babel.Locale(lang) for lang in langs}
    for kind in ("territories", "languages", "currencies"):
        tables = {lang: getattr(locale, kind) for lang, locale in locales.items()}
        for code in tables["en"]:
            names = {
                lang: [without_brackets(str(table[code]))] for lang, table in tables.items() if code in table
            }
            if not names["en"][0][:1].isdigit():
                yield names
    for lang in langs:
        assert locales[lang].months["format"]["wide"], lang
    for month in range(1, 13):
        yield {
            lang: [locale.months["stand-alone"]["wide"][month]]
            for lang, locale in locales.items()
            if lang not in ("zh", "ja", "ko")
        }
