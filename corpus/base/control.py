"""Control characters in texts from outside: shown as pictures where they would do something."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import TextIO

_NO_PICTURE = "\N{REPLACEMENT CHARACTER}"

_PICTURES = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0x80, 0xA0), _NO_PICTURE)
)
_NOT_IN_XML = dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], _NO_PICTURE)


def pictured(text: str) -> str:
    """Return a text with its control characters (C0 but tab and line feed, DEL, C1) as pictures.

    ESC is ␛; those of C1, which have no picture, are �.
    """
    return text.translate(_PICTURES)


def in_xml(text: str) -> str:
    """Return a text with all that XML 1.0 has no place for as pictures, or as �."""
    return pictured(text).translate(_NOT_IN_XML)


class Terminal:
    """A terminal's stream that shows control characters as pictures.

    Parameters
    ----------
    stream
        Where all else goes as it is; what draws with control characters of its own takes `drawing_stream`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text; return how many characters it has."""
        self.stream.write(pictured(text))
        return len(text)

    def writelines(self, lines: Any) -> None:  # noqa: ANN401 - whatever yields strings
        """Write texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the stream's
        return getattr(self.stream, name)


def drawing_stream(*, stderr: bool = False) -> TextIO:
    """Return standard output, or standard error, as it was before a `Terminal` took its place."""
    stream = sys.stderr if stderr else sys.stdout
    return stream.stream if isinstance(stream, Terminal) else stream
