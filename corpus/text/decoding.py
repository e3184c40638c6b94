"""Decode the bytes of a file by their mark, what is declared or what they say; refuse what is doubtful."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError, InputError
from corpus.text.encodings import CONTROL, ENCODINGS, MARKS, by_evidence, codecs_of, decoded, likeliest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ENCODINGS", "FIXED", "decode", "encoding_of"]

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
    stem, fixed = (encoding or "").lower(), False
    if stem.endswith(FIXED):
        stem, fixed = stem.removesuffix(FIXED), True
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
    if fixed:
        import ftfy

        return ftfy.fix_encoding(text)
    return text


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
