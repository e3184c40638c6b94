"""Put the blocks of a structured file together as a text, with the place of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from corpus.readers.base import Locus

if TYPE_CHECKING:
    from collections.abc import Iterable


class Block(NamedTuple):
    """A paragraph, heading, cell or the like.

    Attributes
    ----------
    text
        Lines are kept; empty ones and white space around them are not.
    place
        Where it is in the file; None where that is not known.
    heading
        Whether it is a heading.
    """

    text: str
    place: str | None = None
    heading: bool = False


def assemble(blocks: Iterable[Block]) -> tuple[str, tuple[Locus, ...]]:
    """Return the text of blocks, an empty line between any two, and their places.

    A heading is one line that opens with the mark of Markdown, by which cleaning knows it.
    """
    parts: list[str] = []
    loci: list[Locus] = []
    length = 0
    for block in blocks:
        lines = [line for line in (" ".join(one.split()) for one in block.text.splitlines()) if line]
        if not lines:
            continue
        text = f"# {' '.join(lines)}" if block.heading else "\n".join(lines)
        if block.place is not None:
            loci.append(Locus(length, length + len(text), block.place))
        parts.append(text)
        length += len(text) + len(_BETWEEN)
    return _BETWEEN.join(parts), tuple(loci)


_BETWEEN = "\n\n"
