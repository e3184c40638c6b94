"""Decode the bytes of a file by their mark, what is declared or what they say; refuse what is doubtful."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError, InputError
from corpus.text.chinese import is_mark, reads_as_chinese, simplified
from corpus.text.languages import SCRIPTS, detect_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENCODINGS = (
    "utf-8", "utf-16", "utf-32", "gb18030", "big5", "shift-jis", "euc-jp", "euc-kr", "koi8-r", "windows-1251",
    "windows-1252",
)  # fmt: skip
"""Those that are told from the bytes; any other that Python knows is read where it is named."""

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Byte-order marks, the longer first where one begins as another."""

CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
"""Control characters that no text holds, tab, line ends, form feed and the old end-of-file mark aside."""

FIXED = "+ftfy"
"""At the end of an encoding's name: text that was decoded wrongly before it was saved is put right."""

_FORMATS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or office document",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "Zstandard data",
    b"\xd0\xcf\x11\xe0": "an old office document",
}
_NO_TEXT = re.compile(CONTROL.pattern.decode("latin-1"))
_NAME_IT = "say `encoding={!r}` if it is that"
_SAY = "say its encoding if you know it: `encoding='big5'`"


def decode(data: bytes, name: str, encoding: str | None = None, declared: str | None = None) -> str:
    """Decode a file's bytes.

    Nothing is normalised: offsets into the result are code points of the untouched file, a
    byte-order mark included.

    Parameters
    ----------
    data
        The file's bytes.
    name
        What to call the file in an error.
    encoding
        Its name where the user says it: one of `ENCODINGS`, or another that Python knows; with `FIXED` behind
        it, text that was read in a wrong encoding before it was saved (``Ã©`` for ``é``) is put right by
        `ftfy`. Otherwise told from the bytes (`encoding_of`).
    declared
        What the file says of its own encoding; None where it says nothing.

    Raises
    ------
    InputError
        If the file is empty, binary, not in the encoding that is said, or in one that is doubtful.
    """
    said = (encoding or "").lower()
    stem = said.removesuffix(FIXED)
    if stem and not codecs_of(stem):
        msg = f"{encoding!r} is not an encoding this reads: {', '.join(ENCODINGS)} and what else Python knows"
        raise CorpusError(msg)
    _refuse_formats(data, name)
    text = _decode_as(data, name, stem or encoding_of(data, name, declared))
    if (control := _NO_TEXT.search(text)) is not None:
        raise _binary(ord(control[0]), control.start(), name)
    if not text.strip("\ufeff \t\r\n\f\v\u3000\u00a0"):
        msg = f"{name}: empty file"
        raise InputError(msg)
    if said.endswith(FIXED):
        import ftfy

        return ftfy.fix_encoding(text)
    return text


def fixed(encoding: str | None) -> str:
    """Return the name of an encoding, or of whichever it is, with what was garbled before put right."""
    return f"{encoding or ''}{FIXED}"


def encoding_of(data: bytes, name: str = "data", declared: str | None = None) -> str:
    """Return the encoding that bytes are in.

    A byte-order mark says it; bytes that are valid UTF-8 are that, whatever they are declared to be; then
    what is declared holds, if they are valid in it. Otherwise they are in the one encoding in which they
    read as a language that is written in it, or in the one that all evidence speaks for.

    Parameters
    ----------
    data, name, declared
        As in `decode`.

    Raises
    ------
    InputError
        If they are no text, or of an encoding that is doubtful.
    """
    if (wide := _marked_or_wide(data, name)) is not None:
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = _position(data, error.start)
    else:
        return "utf-8"
    if declared is not None and any(decoded(data, codec) is not None for codec in codecs_of(declared)):
        return declared.strip().lower()
    found = by_evidence(data)
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(_doubt(name, where, found))
    return _rare(data, name, where)


def _marked_or_wide(data: bytes, name: str) -> str | None:
    """Return the encoding that a mark says, or that of text in two bytes a character; refuse no text."""
    for mark, marked in MARKS.items():
        if data.startswith(mark):
            return marked
    _refuse_formats(data, name)
    if (control := CONTROL.search(data)) is None:
        return None
    if len(data) % 2 == 0 and len(wide := by_evidence(data)) == 1:
        return wide[0]
    raise _binary(data[control.start()], control.start(), name)


def _refuse_formats(data: bytes, name: str) -> None:
    for magic, kind in _FORMATS.items():
        if data.startswith(magic):
            raise InputError(f"{name}: {kind}, not plain text; extract its text first")


def _binary(byte: int, offset: int, name: str) -> InputError:
    return InputError(f"{name}: binary file (byte 0x{byte:02x} at offset {offset}); only plain text is read")


def _rare(data: bytes, name: str, where: str) -> str:
    """Return the encoding that bytes are in if it is none of those that are told by what they say."""
    likely = likeliest(data)
    if likely is None:
        if decoded(data, "gb18030") is None:
            raise InputError(
                f"{name}: neither UTF-8 nor in another encoding that can be told: {where}; {_SAY}"
            )
        raise InputError(_doubt(name, where, ["gb18030"]))
    encoding, sure = likely
    if not sure or not any(decoded(data, codec) is not None for codec in codecs_of(encoding)):
        raise InputError(_doubt(name, where, [encoding]))
    return encoding


def _doubt(name: str, where: str, likely: Sequence[str]) -> str:
    first = " or ".join(likely)
    return (
        f"{name}: not UTF-8 ({where}), and doubtful as {first}: what it decodes to cannot be told for a text "
        f"for certain; {_NAME_IT.format(likely[0])}, or another (`encoding='big5'`), or convert it to UTF-8"
    )


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    if encoding in ("utf-16", "utf-32"):  # a mark stays in the text, so that offsets are the file's
        marked = next((marked for mark, marked in MARKS.items() if data.startswith(mark)), None)
        encoding = marked if marked and marked.startswith(encoding) else f"{encoding}-le"
    for codec in codecs_of(encoding):
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            wrong = error.start
        except (UnicodeError, ValueError):
            wrong = 0
    raise InputError(f"{name}: not valid {encoding}: {_position(data, wrong)}")


def _position(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    return f"byte 0x{data[offset]:02x} at offset {offset}, line {line}"


# Names that mean a larger set than they say, and what decodes it: the first that can.
_CODECS = {
    "ascii": ("utf-8",),
    "big5": ("cp950", "big5hkscs"),
    "big5-tw": ("cp950", "big5hkscs"),
    "big5hkscs": ("big5hkscs",),
    "cp950": ("cp950",),
    "cp949": ("cp949",),
    "euc_jp": ("euc_jp", "euc_jis_2004"),
    "euc_kr": ("cp949",),
    "gb18030": ("gb18030",),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "iso8859-1": ("cp1252", "latin-1"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "cp932": ("cp932",),
}
_SHOWN = {"cp1251": "windows-1251", "cp1252": "windows-1252", "utf_16": "utf-16", "utf_8": "utf-8"}


def codecs_of(name: str) -> tuple[str, ...]:
    """Return what decodes an encoding, to be tried one after the other; empty of one that is not known."""
    try:
        found = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return ()
    if not found._is_text_encoding:  # noqa: SLF001 - Python has no other way to ask
        return ()
    return _CODECS.get(found.name, (found.name,))


def by_evidence(data: bytes) -> list[str]:
    """Return the encodings in which bytes read as a language that is written in it; one is certain.

    Bytes that are no UTF-8 are looked at; of most of the others, one encoding's are another's, too, and only
    what they say tells them apart.
    """
    if CONTROL.search(data):
        return [name for name in ("utf-16-le", "utf-16-be") if _reads(data, name, _reads_as_wide)]
    return [name for name, reads in _READS.items() if _reads(data, name, reads)]


_LOOKED_AT = 200_000  # bytes: those of a book are not all weighed


def _reads(data: bytes, name: str, reads: Callable[[str], bool]) -> bool:
    return any(
        text is not None and reads(text[: _LOOKED_AT // 2])
        for text in (decoded(data, codec) for codec in codecs_of(name))
    )


def decoded(data: bytes, codec: str) -> str | None:
    """Return bytes decoded, None if they are not valid."""
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _foreign(text: str) -> list[str]:
    return [character for character in text if character > "\x7f"]


def _share(characters: list[str], *scripts: str, marks: bool = False) -> float:
    """Return the share of characters that are of some scripts."""
    found = sum(
        1
        for one in characters
        if any(SCRIPTS[script].match(one) for script in scripts) or (marks and is_mark(one))
    )
    return found / len(characters) if characters else 0.0


def _reads_as_traditional(text: str) -> bool:
    return reads_as_chinese(simplified(text))


# The syllables that make up most of Korean, whatever it is about: endings, particles, the commonest nouns.
_SYLLABLES = frozenset(
    "이다의는에을하고가를한지은로사기도인으서대리자나스어해시정일수부보전주아그게들라제원과국적여장상있성조동공만"
)


def _reads_as_korean(text: str) -> bool:
    foreign = _foreign(text)
    syllables = [one for one in foreign if "\uac00" <= one <= "\ud7a3"]
    if len(syllables) < _FEWEST or _share(foreign, "hangul", "han", marks=True) < _MOSTLY:
        return False
    common = sum(1 for one in syllables if one in _SYLLABLES)
    return len(syllables) >= len(foreign) / 2 and common >= 0.25 * len(syllables)


def _reads_as_japanese(text: str) -> bool:
    foreign = _foreign(text)
    hiragana = sum(1 for one in foreign if "\u3041" <= one <= "\u3096")
    half = sum(1 for one in foreign if "\uff61" <= one <= "\uff9f")
    kana = _share(foreign, "kana")
    return (
        hiragana >= _FEWEST
        and half <= 0.05 * len(foreign)
        and kana >= 0.2
        and _share(foreign, "han", "kana", marks=True) >= _MOSTLY
    )


# In a text of any length these ten make up two thirds of the letters; in one misread, a third at most.
_LETTERS = frozenset("оеаинтсрвл")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_LETTERS = 20
_MARKS_RU = frozenset("«»„“”‘’–—…№§°·©\u00a0")


def _reads_as_russian(text: str) -> bool:
    # Frames, which KOI8-R has where Ukrainian letters are in KOI8-U, are no marks of a text.
    if any(one not in _MARKS_RU and not SCRIPTS["cyrillic"].match(one) for one in _foreign(text)):
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    whole = [word for word in words if all(SCRIPTS["cyrillic"].match(letter) for letter in word)]
    letters = [letter for word in whole for letter in word]
    if len(letters) < _FEWEST_LETTERS or len(whole) < _MOSTLY * len(words):
        return False
    named = sum(1 for word in whole if word[1:].islower() or len(word) == 1 or word.isupper())
    common = sum(1 for letter in letters if letter.lower() in _LETTERS)
    lower = sum(1 for letter in letters if letter.islower())
    return named >= _MOSTLY * len(whole) and common >= 0.5 * len(letters) and lower >= len(letters) / 2


# What texts of Western Europe hold beside ASCII; where they have it, other encodings have other signs, too.
_WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŒ“”‘’„‚«»‹›–—…°§£€·ºª¿¡´©®½\u00a0"
)
_LANGUAGES = frozenset({"da", "de", "en", "es", "fi", "fr", "is", "it", "nb", "nl", "nn", "no", "pt", "sv"})


def _reads_as_western(text: str) -> bool:
    if not _WESTERN.issuperset(foreign := _foreign(text)):
        return False
    letters = [one for one in foreign if one.isalpha()]
    # Words of other encodings are letters and signs of all sorts: ³ and ¿ inside a word, capitals at its end.
    odd = sum(
        1 for word in _WORD.findall(text) if not (word[1:].islower() or len(word) == 1 or word.isupper())
    )
    few = len(foreign) <= 0.15 * len(text) and odd <= 0.05 * len(text.split())
    return few and (not letters or detect_language(text[:20_000]) in _LANGUAGES)


def _reads_as_wide(text: str) -> bool:
    """Whether a text of two bytes a character is one, in any script: those bytes swapped are many scripts."""
    if any(one < " " and one not in "\t\n\r\f\v" for one in text) or sum(map(str.isalnum, text)) < _FEWEST:
        return False
    letters = _foreign("".join(_WORD.findall(text)))
    if not letters:
        return all(one < "\u00c0" or "\u2000" <= one < "\u2070" for one in text)
    if _share(letters, "latin", "cyrillic") >= _MOSTLY or all("\u0370" <= one < "\u0400" for one in letters):
        return True
    cjk = (reads_as_chinese, _reads_as_traditional, _reads_as_korean, _reads_as_japanese)
    return any(reads(text) for reads in cjk)


_FEWEST = 8
_MOSTLY = 0.9
_READS: dict[str, Callable[[str], bool]] = {
    "gb18030": reads_as_chinese,
    "big5": _reads_as_traditional,
    "shift-jis": _reads_as_japanese,
    "euc-jp": _reads_as_japanese,
    "euc-kr": _reads_as_korean,
    "koi8-r": _reads_as_russian,
    "windows-1251": _reads_as_russian,
    "windows-1252": _reads_as_western,
}


def likeliest(data: bytes) -> tuple[str, bool] | None:
    """Return the encoding that bytes most look to be in, of all there are, and whether that is beyond doubt.

    It is where every other likely one gives the same text; None where none is likely.
    """
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_LOOKED_AT], enable_fallback=False, preemptive_behaviour=False)
    best = found.best()
    if best is None:
        return None
    name = best.encoding
    texts = {str(match) for match in found if match.coherence > 0}
    if texts <= {decoded(data[:_LOOKED_AT], "cp1252")}:
        name = "cp1252"  # what the others have in common, and by far the commonest
    sure = len(texts) == 1 and best.coherence >= _COHERENT
    return _SHOWN.get(name, name.replace("_", "-")), sure


_COHERENT = 0.3
