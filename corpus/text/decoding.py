"""Decode the bytes of a file as UTF-8, UTF-16 or GB18030, and refuse what is none of them."""

from __future__ import annotations

import re

from corpus.base.errors import CorpusError, InputError
from corpus.text.chinese import reads_as_chinese

ENCODINGS = ("utf-8", "gb18030")
# Control characters that no text holds, tab, line ends, form feed and the old end-of-file mark aside.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_FORMATS = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or office document", b"\x1f\x8b": "gzip data"}
_BIG5 = "if it is Big5: iconv -f BIG5 -t UTF-8 FILE > NEW"


def decode(data: bytes, name: str, encoding: str | None = None) -> str:
    """Decode a file's bytes as UTF-8 or GB18030.

    Nothing is normalised: offsets into the result are code points of the untouched file, a
    byte-order mark included.

    Parameters
    ----------
    data
        The file's bytes.
    name
        What to call the file in an error.
    encoding
        ``utf-8`` or ``gb18030`` where the user names it; otherwise UTF-8 if the bytes are valid
        UTF-8, and GB18030 only if they are valid and the result reads as Chinese.

    Raises
    ------
    InputError
        If the file is empty, binary, in another encoding, or doubtful.
    """
    for mark, kind in _MARKS.items():
        if data.startswith(mark):
            msg = f"{name}: {kind} text; convert it first: iconv -f {kind} -t UTF-8 FILE > NEW"
            raise InputError(msg)
    for magic, kind in _FORMATS.items():
        if data.startswith(magic):
            msg = f"{name}: {kind}, not plain text; extract its text first"
            raise InputError(msg)
    if (control := _CONTROL.search(data)) is not None:
        byte, offset = data[control.start()], control.start()
        msg = f"{name}: binary file (byte 0x{byte:02x} at offset {offset}); only plain text is read"
        raise InputError(msg)
    if encoding is not None and encoding.lower() not in ENCODINGS:
        msg = f"{encoding!r} is not an encoding this reads: {' or '.join(ENCODINGS)}"
        raise CorpusError(msg)
    text = _decode_as(data, name, encoding.lower()) if encoding else _decode_detected(data, name)
    if not text.strip("\ufeff \t\r\n\f\v\u3000\u00a0"):
        msg = f"{name}: empty file"
        raise InputError(msg)
    return text


def encoding_of(data: bytes) -> str:
    """Return which of `ENCODINGS` bytes that `decode` accepts are in."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _decode_as(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not valid {encoding}: {_position(data, error.start)}") from None


def _decode_detected(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = _position(data, error.start)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        msg = f"{name}: neither UTF-8 nor GB18030: {where}; convert it to UTF-8 first, {_BIG5}"
        raise InputError(msg) from None
    if not reads_as_chinese(text):
        msg = (
            f"{name}: not UTF-8 ({where}), and doubtful as GB18030: what it decodes to does not read as "
            f"Chinese; convert it to UTF-8 first, {_BIG5}; or say `encoding='gb18030'` if it is that"
        )
        raise InputError(msg)
    return text


def _position(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    return f"byte 0x{data[offset]:02x} at offset {offset}, line {line}"
