"""Find where in a page of HTML a text stands that was taken from it."""

from __future__ import annotations

import bisect
import html
import re
from array import array
from html.parser import HTMLParser

from corpus.text.decoding import codecs_of


class PagePlaces:
    """The text of a page without white space, and where each of its characters stands.

    Parameters
    ----------
    page
        The decoded page.
    encoding
        What it was decoded from; places are bytes in it.
    """

    def __init__(self, page: str, encoding: str) -> None:
        visible = _Visible(page)
        self._page = page
        self._codec = next(iter(codecs_of(encoding)), "utf-8")
        self._text = "".join(visible.characters)
        self._offsets = visible.offsets
        self._from = 0
        self._bytes = [(0, 0)]

    def find(self, text: str) -> str | None:
        """Return the place of a text, ``byte 1042``, after the one that was found last if it is there.

        None if its beginning does not stand in the page.
        """
        wanted = re.sub(r"\s+", "", text)
        for sought in (wanted, wanted[:_BEGINNING]):
            for start in (self._from, 0):
                if sought and (found := self._text.find(sought, start)) >= 0:
                    self._from = found + len(sought)
                    return f"byte {self._byte(self._offsets[found])}"
        return None

    def _byte(self, offset: int) -> int:
        """Return the bytes before a character; counted on from the nearest one that is known."""
        number = bisect.bisect_right(self._bytes, offset, key=lambda pair: pair[0]) - 1
        known, count = self._bytes[number]
        count += len(self._page[known:offset].encode(self._codec, "replace"))
        self._bytes.insert(number + 1, (offset, count))
        return count


_HIDDEN = ("script", "style", "title")
_HIDDEN = ("script", "style", "title")
_BEGINNING = 40  # characters; what follows may have been cleaned


class _Visible(HTMLParser):
    """Collects the characters of a page that are text, white space left out, with their offsets."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.characters: list[str] = []
        self.offsets = array("q")
        self._lines = array("q", [0])
        self._lines.extend(match.end() for match in re.finditer("\n", page))
        self._hidden = False
        self.feed(page)
        self.close()

    def _put(self, text: str, *, whole: bool) -> None:
        """Add text that stands where the parser is; `whole` if it is one character reference."""
        if self._hidden:
            return
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        for number, character in enumerate(text):
            if not character.isspace():
                self.characters.append(character)
                self.offsets.append(start if whole else start + number)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden = tag in _HIDDEN

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = False

    def handle_data(self, data: str) -> None:
        self._put(data, whole=False)

    def handle_entityref(self, name: str) -> None:
        self._put(html.unescape(f"&{name};"), whole=True)

    def handle_charref(self, name: str) -> None:
        self._put(html.unescape(f"&#{name};"), whole=True)
