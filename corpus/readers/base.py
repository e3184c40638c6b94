"""What every reader returns: the texts in a file, or its aligned segments, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Locus:
    """Where a stretch of extracted text stands in the file it was taken from.

    Attributes
    ----------
    start, end
        Code points of the extracted text, half open.
    place
        The place in the file's own terms, such as ``page 3``, ``cue 12``, ``paragraph 5`` or ``byte 1042``.
    """

    start: int
    end: int
    place: str


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of one document, as a file of plain text would hold it.

    Attributes
    ----------
    text
        A line a block: paragraphs, headings, cells; blocks that do not belong together are parted by an
        empty line. The same bytes give the same text, so that offsets stay true.
    loci
        Places of stretches of `text`, in order, none over another; empty where offsets say all.
    stated
        What the file says of itself, by the names of `corpus.ingestion.manifest.Entry` (title, author, date,
        source, url, lang, rights); values as found.
    part
        Name of this document among several of one file, such as a chapter's or an entry's; None of the only
        one. The same bytes give the same names.
    notes
        What a user should know of how it was read, such as a page without text.
    offset, line
        Of a text that is a stretch of the decoded file as it stands: the code points and the lines of the
        file that are before it.
    """

    text: str
    loci: tuple[Locus, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)
    part: str | None = None
    notes: tuple[str, ...] = ()
    offset: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class AlignedSegments:
    """Segments of two texts or more that come in aligned.

    Attributes
    ----------
    segments
        Of each language (ISO 639-1), the segments in order, as they are.
    beads
        Each a map of languages to the numbers of the segments that translate each other, from 0; a language
        that has none in it is left out.
    scores
        Of each bead, 0 to 1 as the file states it; None where it states none.
    original
        Language of the original, where the file says so.
    places
        Of each language, the place of each segment in the file, in the file's own terms.
    paragraphs
        Of each language, the number of the paragraph that each segment is in, from 0; empty where each stands
        alone.
    stated, part, notes
        As in `Extract`.
    """

    segments: Mapping[str, tuple[str, ...]]
    beads: tuple[Mapping[str, tuple[int, ...]], ...]
    scores: tuple[float | None, ...] = ()
    original: str | None = None
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paragraphs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    stated: Mapping[str, str] = field(default_factory=dict)
    part: str | None = None
    notes: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads the files of a format."""

    def __call__(self, data: bytes, path: Path) -> Iterator[Extract | AlignedSegments]:
        """Yield what a file holds, one document after the other.

        Parameters
        ----------
        data
            The file's bytes, already read.
        path
            Where they are from, for messages, and to find the files beside it that it names.

        Raises
        ------
        InputError
            If the file is broken or is not of this format; the message says what and where, and what to do.
        """
        ...
