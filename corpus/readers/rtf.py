"""Rich Text Format (.rtf): paragraphs, tables and notes, each byte in the encoding of its font."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.blocks import Block, Found, Table, clean_block, documents, left_out, properties
from corpus.readers.packages import content_of, reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.readers.base import AlignedSegments, Extract

_KIND = "an RTF document"


def read_rtf(data: bytes, path: Path) -> Iterator[Extract | AlignedSegments]:
    """Yield the text of an RTF document, and its tables with a language a column as aligned segments.

    Bytes are decoded by the character set of their font, else by the code page of the document. Read are
    paragraphs, tables cell by cell and, at the end, footnotes; deleted and hidden text, headers and footers
    are left out. Places are ``paragraph 5``, ``table 2 row 3 column 1``, ``footnote 4``.

    Parameters
    ----------
    data, path
        As in `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is damaged, something else than its name says, or has no text.
    """
    name = str(path)
    start = re.match(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf", data)
    if start is None:
        raise InputError(f"{name}: not {_KIND} but {content_of(data)}")
    with reading(name, _KIND):
        found = _Document().read(data[start.start() :].decode("latin-1"))
    yield from documents(found, name)


_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<symbol>[^a-zA-Z])"
    r"|(?P<brace>[{}])"
    r"|(?P<text>[^\\{}\r\n]+)"
    r"|[\r\n]+|\\",
    re.DOTALL,
)

# Windows' character sets of fonts, as codecs that Python has; 0 and 1 mean that of the document.
_CHARSETS = {
    77: "mac_roman", 78: "cp932", 79: "cp949", 80: "cp936", 81: "cp950", 83: "mac_greek", 85: "mac_turkish",
    88: "mac_latin2", 89: "mac_cyrillic", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030",
    136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_CODE_PAGES = {936: "gb18030", 10000: "mac_roman", 10001: "cp932", 10007: "mac_cyrillic", 65001: "utf-8"}

_CHARACTERS = {
    "tab": "\t", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emdash": "—", "endash": "–", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
    "softline": "\n",
}  # fmt: skip
_SYMBOLS = {"~": "\u00a0", "_": "-", "-": "", "\n": None, "\r": None}  # None ends a paragraph
# Groups that hold no text of the document, beside those that open with \*, which says so itself.
_NO_TEXT = frozenset(
    {"colortbl", "stylesheet", "pict", "object", "objdata", "header", "headerl", "headerr", "headerf",
     "footer", "footerl", "footerr", "footerf", "fldinst", "listtable", "listoverridetable", "revtbl",
     "rsidtbl", "filetbl", "generator", "themedata", "datastore", "latentstyles", "xe", "tc",
     "bkmkstart", "bkmkend", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "nonshppict", "pntext",
     "listtext", "annotation", "atnid", "atnauthor", "nesttableprops", "nonesttables", "template",
     "rxe", "txe", "private", "do"}
)  # fmt: skip
_ENDS = frozenset({"par", "sect", "page", "column"})
_ABOUT = frozenset({"title", "author"})
_MOST_BYTES = 65_536  # decoded at once


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group until it ends.

    `into` is where its text goes: ``body``, ``note``, ``fonts``, a field of what the document says of itself,
    or nowhere (empty). `fallback` is how many characters stand behind a Unicode one, for programs that
    lack it.
    """

    into: str = "body"
    font: int | None = None
    fallback: int = 1
    deleted: bool = False
    hidden: bool = False


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read."""

    pieces: list[str] = field(default_factory=list)
    level: int = 0
    in_table: bool = False


class _Document:
    """One document while it is read."""

    def __init__(self) -> None:
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._default_font: int | None = None
        self._state = _State()
        self._bytes = bytearray()
        self._skip = 0
        self._open = _Paragraph()
        self._above: list[_Paragraph] = []  # what a note stands in
        self._cell: list[Block] = []
        self._row: list[tuple[Block, ...]] = []
        self._rows: list[tuple[tuple[Block, ...], ...]] = []
        self._about: dict[str, list[str]] = {}
        self._found = Found()
        self._left: dict[str, int] = {}
        self._count = {"paragraph": 0, "table": 1, "footnote": 0}

    def read(self, text: str) -> Found:
        """Return what is in a document, given with a character for each byte."""
        stack: list[_State] = []
        place = 0
        opened = starred = False  # whether the group has just been opened, and with \*
        while (token := _TOKEN.match(text, place)) is not None:
            place = token.end()
            kind, value = token.lastgroup, token[0]
            if kind == "text":
                self._take(value.encode("latin-1"))
            elif kind == "hex":
                self._take(bytes.fromhex(token["hex"]))
            elif kind == "symbol":
                self._symbol(token["symbol"])
            elif value == "{":
                self._decode()
                stack.append(self._state)
                self._skip = 0
            elif value == "}":
                self._decode()
                if len(stack) <= 1:
                    break  # what follows the document is none of it
                self._close_group(stack.pop())
            elif token["word"] is not None:
                place += self._word(token["word"], token["number"], opened=opened, starred=starred)
            starred = opened and value == "\\*"
            opened = value == "{" or starred
        return self._whole()

    def _word(self, word: str, digits: str | None, *, opened: bool, starred: bool) -> int:
        """Take a control word; return how many bytes behind it are no text."""
        self._decode()
        number = int(digits) if digits else None
        if word == "bin":
            return max(number or 0, 0)
        if self._skip:
            self._skip -= 1
        else:
            self._control(word, number, opened=opened, starred=starred)
        return 0

    def _whole(self) -> Found:
        """Return what was read, the last paragraph included: it may lack its end."""
        self._decode()
        while self._above:
            self._end_note()
        if any(piece.strip() for piece in self._open.pieces):
            self._end_paragraph()
        self._end_table()
        title, author = ("".join(self._about.get(name, [])) for name in ("title", "author"))
        self._found.stated = properties(title, author)
        self._found.notes += left_out(self._left)
        return self._found

    # --- characters ---------------------------------------------------------------------------------------

    def _take(self, data: bytes) -> None:
        """Take bytes that are text, but for those behind a Unicode character."""
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        if self._state.into:
            self._bytes += data
            if len(self._bytes) > _MOST_BYTES and data[-1:] < b"\x80":
                self._decode()

    def _decode(self) -> None:
        """Turn the bytes taken so far into text: the second of a character may look like a plain letter."""
        if not self._bytes:
            return
        data = bytes(self._bytes)
        self._bytes.clear()
        if data.isascii():
            self._put(data.decode("ascii"))
            return
        font = self._state.font if self._state.font is not None else self._default_font
        of_font = self._fonts.get(font) if font is not None else None
        for codec in (of_font or self._codec, self._codec, "cp1252"):
            try:
                self._put(data.decode(codec))
            except UnicodeDecodeError:
                continue
            return
        self._left["bytes that are no characters"] = self._left.get("bytes that are no characters", 0) + 1
        self._put(data.decode(of_font or self._codec, "replace"))

    def _put(self, text: str) -> None:
        state = self._state
        if state.into in ("body", "note") and not (state.deleted or state.hidden):
            self._open.pieces.append(text)
        elif state.into in _ABOUT:
            self._about.setdefault(state.into, []).append(text)

    def _symbol(self, symbol: str) -> None:
        if symbol in "\\{}":
            self._take(symbol.encode())
            return
        self._decode()
        character = _SYMBOLS.get(symbol, "")
        if character is None:
            self._control("par", None, opened=False, starred=False)
        elif self._skip:
            self._skip -= 1
        else:
            self._put(character)

    # --- controls ------------------------------------------------------------------------------------------

    def _control(self, word: str, number: int | None, *, opened: bool, starred: bool) -> None:
        state = self._state
        if opened and (word in _NO_TEXT or (starred and word != "footnote")):
            self._state = replace(state, into="")
        elif opened and word == "fonttbl":
            self._state = replace(state, into="fonts")
        elif opened and word == "info":
            self._state = replace(state, into="about")
        elif opened and state.into == "about":
            self._state = replace(state, into=word if word in _ABOUT else "")
        elif opened and word == "footnote" and state.into == "body":
            self._state = replace(state, into="note")
            self._above.append(self._open)
            self._open = _Paragraph()
        elif word == "u" and number is not None:
            self._put(chr(number % 0x10000))
            self._skip = state.fallback
        elif word in _CHARACTERS:
            self._put(_CHARACTERS[word])
        elif state.into == "fonts":
            self._font_table(word, number)
        elif not self._format(word, number):
            self._structure(word, number)

    def _font_table(self, word: str, number: int | None) -> None:
        if word == "f":
            self._state = replace(self._state, font=number)
        elif self._state.font is not None and number is not None:
            if word == "fcharset" and number in _CHARSETS:
                self._fonts[self._state.font] = _CHARSETS[number]
            elif word == "cpg":
                self._fonts[self._state.font] = _codec(number)

    def _format(self, word: str, number: int | None) -> bool:
        """Take what says how characters are; False of another word."""
        if word in ("mac", "pc", "pca"):
            self._codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
            return True
        match word:
            case "f":
                self._state = replace(self._state, font=number)
            case "plain":
                self._state = replace(self._state, font=None, deleted=False, hidden=False)
            case "deleted":
                self._state = replace(self._state, deleted=number != 0)
                self._leave("deletions", number)
            case "v":
                self._state = replace(self._state, hidden=number != 0)
                self._leave("pieces of hidden text", number)
            case "revised":
                self._leave("insertions", number)
            case "uc":
                self._state = replace(self._state, fallback=max(number or 0, 0))
            case "ansicpg" if number is not None:
                self._codec = _codec(number)
            case "deff":
                self._default_font = number
            case _:
                return False
        return True

    def _leave(self, what: str, number: int | None) -> None:
        if number != 0 and self._state.into == "body":
            self._left[what] = self._left.get(what, 0) + 1

    def _structure(self, word: str, number: int | None) -> None:
        if self._state.into not in ("body", "note"):
            return
        if word in _ENDS:
            self._end_paragraph()
        elif word == "pard":
            self._open.level, self._open.in_table = 0, False
        elif word == "outlinelevel" and number is not None:
            self._open.level = number + 1 if 0 <= number < 9 else 0
        elif self._state.into == "body":
            if word == "intbl":
                self._open.in_table = True
            elif word in ("cell", "nestcell"):
                self._end_cell()
            elif word in ("row", "nestrow") and self._row:
                self._rows.append(tuple(self._row))
                self._row = []

    def _close_group(self, outer: _State) -> None:
        if self._state.into == "note" and outer.into != "note":
            self._end_note()
        self._state = outer

    # --- blocks --------------------------------------------------------------------------------------------

    def _end_note(self) -> None:
        self._end_paragraph()
        self._open = self._above.pop()

    def _end_paragraph(self) -> None:
        text = clean_block("".join(self._open.pieces))
        self._open.pieces.clear()
        if self._above:
            if text:
                self._count["footnote"] += 1
                self._found.footnotes.append(Block(text, f"footnote {self._count['footnote']}"))
        elif self._open.in_table:
            self._cell.append(Block(text, self._cell_place()))
        else:
            self._end_table()
            self._count["paragraph"] += 1
            if text:
                place = f"paragraph {self._count['paragraph']}"
                self._found.items.append(Block(text, place, self._open.level))

    def _cell_place(self) -> str:
        return f"table {self._count['table']} row {len(self._rows) + 1} column {len(self._row) + 1}"

    def _end_cell(self) -> None:
        self._open.in_table = True
        self._end_paragraph()
        self._row.append(tuple(block for block in self._cell if block.text))
        self._cell = []

    def _end_table(self) -> None:
        """End a table, if one is open; a row or cell without its end counts as ended."""
        if self._cell:
            self._row.append(tuple(block for block in self._cell if block.text))
        if self._row:
            self._rows.append(tuple(self._row))
        if self._rows:
            self._found.items.append(Table(tuple(self._rows), f"table {self._count['table']}"))
            self._count["table"] += 1
        self._cell, self._row, self._rows = [], [], []


def _codec(number: int) -> str:
    """Return Python's name of a code page, that of Western Europe where it has none."""
    name = _CODE_PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
