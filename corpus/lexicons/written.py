"""What the user writes down of words that translate each other, or do not: `lexicon.tsv` of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.base.files import read_bytes
from corpus.lexicons.lexicon import Entry
from corpus.lexicons.words import normal_form

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.lexicons.lexicon import Lexicon

FILE_NAME = "lexicon.tsv"

_CERTAIN = 0.9  # probability of a pair that is written down without one
_FORBIDDEN = "no"
_FORM = (
    "a line is a language's code, a word, the other language's code and the translation, tabs between them; "
    f"then, if wanted, how probable it is (above 0, up to 1), or {_FORBIDDEN} for a pair that is not to count"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file.

    Attributes
    ----------
    number
        From 1.
    lang, word, to, translation
        The pair, which holds in both directions.
    weight
        Probability of the translation; 0 forbids it, whatever other lexicon has it.
    """

    number: int
    lang: str
    word: str
    to: str
    translation: str
    weight: float

    @property
    def source(self) -> str:
        """Where it stands."""
        return f"{FILE_NAME}:{self.number}"

    def turned(self) -> Line:
        """Return it the other way round."""
        return Line(self.number, self.to, self.translation, self.lang, self.word, self.weight)


@dataclass(frozen=True, slots=True)
class Written:
    """One direction of the pairs that are written down: a lexicon."""

    langs: tuple[str, str]
    lines: dict[str, list[Line]]

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first."""
        known = self.lines.get(normal_form(word, self.langs[0]), ())
        found = [Entry(line.translation, line.weight, line.source) for line in known if line.weight]
        return sorted(found, key=lambda entry: (-entry.weight, entry.word))

    def forbidden(self, word: str) -> dict[str, Line]:
        """Return what does not translate a word, by its normal form."""
        known = self.lines.get(normal_form(word, self.langs[0]), ())
        return {normal_form(line.translation, self.langs[1]): line for line in known if not line.weight}


@dataclass(frozen=True, slots=True)
class Without:
    """A lexicon without the pairs that are forbidden."""

    lexicon: Lexicon
    written: Written

    @property
    def langs(self) -> tuple[str, str]:
        """The language of words looked up, and that of their translations."""
        return self.lexicon.langs

    def translations(self, word: str) -> list[Entry]:
        """Return the translations of a word or phrase, the likeliest first."""
        found = self.lexicon.translations(word)
        forbidden = self.written.forbidden(word)
        if not forbidden:
            return found
        return [entry for entry in found if normal_form(entry.word, self.langs[1]) not in forbidden]


def read_written(path: Path) -> list[Line]:
    """Read a file of pairs; empty lines, and those that begin with ``#``, say nothing.

    Raises
    ------
    InputError
        If it cannot be read, or a line is no pair: which, and how to write it.
    """
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8"
        raise InputError(msg) from None
    return [
        _line(f"{path}:{number}", number, line)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]


def one_way(lines: list[Line], src: str, tgt: str) -> Written | None:
    """Return the pairs of a direction; None where there are none."""
    found: dict[str, list[Line]] = {}
    for line in (one for both in lines for one in (both, both.turned())):
        if (line.lang, line.to) == (src, tgt):
            found.setdefault(normal_form(line.word, src), []).append(line)
    return Written((src, tgt), found) if found else None


def _line(where: str, number: int, line: str) -> Line:
    cells = [cell.strip() for cell in line.rstrip("\t").split("\t")]
    if len(cells) not in (4, 5):
        count = f"{len(cells)} column{'' if len(cells) == 1 else 's'}"
        msg = f"{where}: it has {count}; {_FORM}"
        raise InputError(msg)
    lang, word, to, translation = cells[:4]
    for code in (lang, to):
        if not (code.isascii() and code.isalpha() and code.islower() and len(code) in (2, 3)):
            msg = f"{where}: {code!r} is no language's code, like zh or en; {_FORM}"
            raise InputError(msg)
    if lang == to:
        msg = f"{where}: both words are in {lang}; forms of one thing in a language go into variants.toml"
        raise InputError(msg)
    for code, text in ((lang, word), (to, translation)):
        if not normal_form(text, code):
            msg = f"{where}: {text!r} has no letter or digit to look for; {_FORM}"
            raise InputError(msg)
    return Line(
        number, lang, word, to, translation, _weight(where, cells[4]) if len(cells) == 5 else _CERTAIN
    )


def _weight(where: str, text: str) -> float:
    if text == _FORBIDDEN:
        return 0.0
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 < weight <= 1:
        msg = f"{where}: {text!r} is neither a number above 0, up to 1, nor {_FORBIDDEN}; {_FORM}"
        raise InputError(msg)
    return weight
