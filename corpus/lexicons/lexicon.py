"""Look words up in translation lexicons, one or several together, in either direction."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Protocol

from corpus.base.resources import cache_dir, models_dir
from corpus.lexicons.format import SUFFIX, read_lexicon
from corpus.lexicons.words import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from corpus.lexicons.format import LexiconFile

_PIVOT = "en"
_LEAST = 0.02  # probability of a translation through a third language
_MOST = 12  # translations through a third language


class Entry(NamedTuple):
    """A translation of a word.

    Attributes
    ----------
    word
        As the lexicon spells it; a word or a phrase.
    weight
        How probable it is as a translation of the word that was looked up, 0 to 1.
    source
        Where it is known from: ``cc-cedict``, ``edict``, ``hanja-zh``, ``pivot``, ``workspace`` …
    """

    word: str
    weight: float
    source: str


class Lexicon(Protocol):
    """Something that knows translations from one language into another."""

    @property
    def langs(self) -> tuple[str, str]:
        """The language of words looked up, and that of their translations."""
        ...

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first; none where it is not known."""
        ...


@dataclass(frozen=True, slots=True)
class FileLexicon:
    """One direction of a lexicon file.

    Attributes
    ----------
    file
        Open.
    turned
        Whether words of its second language are looked up.
    """

    file: LexiconFile
    turned: bool = False

    @property
    def langs(self) -> tuple[str, str]:
        """The language of words looked up, and that of their translations."""
        first, second = self.file.langs
        return (second, first) if self.turned else (first, second)

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first.

        Case, width, script (traditional, simplified) and inflection make no difference: the words of the file
        that have the same normal form (`corpus.lexicons.words`) are one.
        """
        src, tgt = self.file.sides[self.turned], self.file.sides[not self.turned]
        key = normal_form(word, self.langs[0])
        found: dict[str, Entry] = {}
        for number in src.numbered(key) if key else ():
            if normal_form(src.word(number), self.langs[0]) != key:
                continue
            for target, weight, source in src.links(number):
                other = tgt.word(target)
                if other not in found or found[other].weight < weight:
                    found[other] = Entry(other, weight, self.file.sources[source])
        return _ordered(found.values())


@dataclass(frozen=True, slots=True)
class WordPairs:
    """A lexicon in memory: a workspace's own terms, or what somebody wrote down.

    Attributes
    ----------
    langs
        The language of words looked up, and that of their translations.
    source
        Of all entries.
    entries
        By normal form: translations and their weights.
    """

    langs: tuple[str, str]
    source: str
    entries: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, langs: tuple[str, str], source: str, pairs: Iterable[tuple[str, str, float]]) -> WordPairs:
        """Make one of (word, translation, count or weight); weights of a word are made to sum to 1."""
        gathered: dict[str, dict[str, float]] = {}
        for word, other, weight in pairs:
            key = normal_form(word, langs[0])
            if key and weight > 0:
                row = gathered.setdefault(key, {})
                row[other] = row.get(other, 0.0) + weight
        return cls(
            langs,
            source,
            {
                key: [(other, w / sum(row.values())) for other, w in row.items()]
                for key, row in gathered.items()
            },
        )

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first."""
        known = self.entries.get(normal_form(word, self.langs[0]), [])
        return _ordered(Entry(other, weight, self.source) for other, weight in known)


@dataclass(frozen=True, slots=True)
class Through:
    """Two lexicons, one after the other: from the first's language through a third into the second's.

    A translation is as probable as the sum over the words between of both steps' probabilities, which takes
    the two for independent (as triangulation in machine translation does; Utiyama & Isahara 2007).
    """

    first: Lexicon
    second: Lexicon

    @property
    def langs(self) -> tuple[str, str]:
        """The language of words looked up, and that of their translations."""
        return self.first.langs[0], self.second.langs[1]

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first."""
        weights: dict[str, float] = {}
        for between in self.first.translations(word):
            for entry in self.second.translations(between.word):
                weights[entry.word] = weights.get(entry.word, 0.0) + between.weight * entry.weight
        pivot = f"through {self.first.langs[1]}"
        found = [
            Entry(other, min(1.0, weight), pivot) for other, weight in weights.items() if weight >= _LEAST
        ]
        return _ordered(found)[:_MOST]


@dataclass(frozen=True, slots=True)
class Merged:
    """Several lexicons as one: of a translation that more than one has, the greatest weight counts."""

    parts: tuple[Lexicon, ...]

    @property
    def langs(self) -> tuple[str, str]:
        """The language of words looked up, and that of their translations."""
        return self.parts[0].langs

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first."""
        known = [entries for part in self.parts if (entries := part.translations(word))]
        if len(known) < 2:
            return known[0] if known else []
        found: dict[str, Entry] = {}
        for entries in known:
            for entry in entries:
                key = normal_form(entry.word, self.langs[1])
                if key not in found or found[key].weight < entry.weight:
                    found[key] = entry
        return _ordered(found.values())


def merged(lexicons: Sequence[Lexicon | None]) -> Lexicon | None:
    """Return lexicons of one direction as one; None where there is none.

    Raises
    ------
    ValueError
        If they are of several directions.
    """
    parts = tuple(lexicon for lexicon in lexicons if lexicon is not None)
    if len({part.langs for part in parts}) > 1:
        msg = f"lexicons of several directions: {', '.join('-'.join(part.langs) for part in parts)}"
        raise ValueError(msg)
    return None if not parts else parts[0] if len(parts) == 1 else Merged(parts)


@lru_cache(maxsize=64)
def open_lexicon(src: str, tgt: str) -> Lexicon | None:
    """Open the lexicon of a direction: those that ship and those the user built, together.

    Between two others, together with one through English, which has words that the direct one has not, or
    other meanings of them. None where there is neither.

    Parameters
    ----------
    src, tgt
        ISO 639-1 codes of the language of words looked up, and that of their translations.

    Raises
    ------
    InputError
        If a file is damaged.
    """
    direct = _direct(src, tgt)
    if _PIVOT in (src, tgt) or src == tgt:
        return direct
    first, second = _direct(src, _PIVOT), _direct(_PIVOT, tgt)
    if first is None or second is None:
        return direct
    through = Through(first, second)
    return through if direct is None else Merged((direct, through))


def has_word(lang: str, word: str) -> bool:
    """Whether a lexicon of a language (ISO 639-1) has a word, into whatever language.

    Raises
    ------
    InputError
        If a file is damaged.
    """
    into = {langs[langs[0] == lang] for path in lexicon_files() if lang in (langs := langs_of(path))}
    return any(
        found.translations(word)
        for tgt in sorted(into, key=lambda tgt: (tgt != _PIVOT, tgt))
        if (found := _direct(lang, tgt)) is not None
    )


def lexicon_files() -> list[Path]:
    """Return the lexicons that there are: shipped ones, then those in the user's cache folder."""
    folders = (models_dir() / "lexicons", cache_dir() / "lexicons")
    return [path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))]


def langs_of(path: Path) -> tuple[str, str]:
    """Return the languages that a lexicon's name says it is of."""
    src, _, tgt = path.name.removesuffix(SUFFIX).split(".")[0].partition("-")
    return src, tgt


@lru_cache(maxsize=64)
def _direct(src: str, tgt: str) -> Lexicon | None:
    parts: list[Lexicon] = []
    for path in lexicon_files():
        langs = langs_of(path)
        if langs in ((src, tgt), (tgt, src)):
            parts.append(FileLexicon(read_lexicon(path), turned=langs == (tgt, src)))
    return merged(parts)


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (-entry.weight, entry.word))
