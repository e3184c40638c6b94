"""Beads, the unit of an alignment, and the text form that gold files give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BEAD_LINE = re.compile(r"\s*\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\]\s*(?::\s*(\S+)\s*)?")

MOVED: Final = "moved"
"""The flag of a bead whose sides stand in different places (`align.paths.moved`)."""

TIED: Final = "tied"
"""What the flag of a bead begins with that could as well be cut otherwise, see :func:`other_reading`."""


@dataclass(frozen=True, slots=True)
class Bead:
    """Some source sentences and the target sentences that translate them.

    Attributes
    ----------
    src, tgt
        Zero-based sentence ids, ascending. Beads made by :func:`align.align` hold consecutive ids;
        gold beads may skip some. An empty side makes a *null bead*: text with no counterpart.
    score
        Calibrated probability, 0..1, that the bead is exactly right. 0.0 for null beads.
    flags
        What a reviewer should look at: any of ``numbers``, ``length``, ``merge``, ``low``, ``moved``,
        ``tied``.
    """

    src: tuple[int, ...]
    tgt: tuple[int, ...]
    score: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def is_null(self) -> bool:
        """Whether one side is empty."""
        return not self.src or not self.tgt

    @property
    def kind(self) -> str:
        """The bead's type, as ``2:1``."""
        return f"{len(self.src)}:{len(self.tgt)}"


def other_reading(beads: Sequence[Bead], number: int) -> tuple[list[Bead], list[Bead]] | None:
    """Say what a bead with the flag ``tied`` could as well be.

    Parameters
    ----------
    beads
        As :func:`align.align` gives them.
    number
        Which of them.

    Returns
    -------
    tuple of two lists of Bead, or None
        The bead, or it and its neighbour, and what that could be instead: with ``tied: 1:1 1:1`` two of these
        types, with ``tied: next`` and ``tied: before`` one, with the bead after it or before it. None without
        the flag.
    """
    own = beads[number]
    told = [flag.partition(": ")[2] for flag in own.flags if flag.startswith(f"{TIED}: ")]
    if not told:
        return None
    if told[0] in ("next", "before"):
        first = number - (told[0] == "before")
        if not 0 <= first < len(beads) - 1:
            return None
        both = [beads[first], beads[first + 1]]
        return both, [Bead(both[0].src + both[1].src, both[0].tgt + both[1].tgt)]
    a, b = map(int, told[0].split(" ")[0].split(":"))
    return [own], [Bead(own.src[:a], own.tgt[:b]), Bead(own.src[a:], own.tgt[b:])]


def parse_beads(text: str) -> list[Bead]:
    r"""Read beads from the form gold files use, one a line: ``[0, 1]:[2]``.

    A third field, as Vecalign writes it (``[0]:[0]:0.31``), is accepted and dropped: it is a cost on
    a scale of its own. Lines of white space are skipped.

    Parameters
    ----------
    text
        The content of a gold file; a leading byte-order mark and CRLF line ends are tolerated.

    Returns
    -------
    list of Bead
        In file order, ids sorted, score 0.0.

    Raises
    ------
    ValueError
        For a line that is not a bead, or an id that occurs twice in a bead; the message names the line.
    """
    beads = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip():
            continue
        match = _BEAD_LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number}: not a bead such as '[0, 1]:[2]': {line.strip()[:60]!r}")
        beads.append(Bead(src=_parse_ids(match[1], number), tgt=_parse_ids(match[2], number)))
    return beads


def _parse_ids(field: str, number: int) -> tuple[int, ...]:
    """Read ``0, 1`` as ids; an empty field is an empty side."""
    if not field.strip():
        return ()
    parts = [part.strip() for part in field.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise ValueError(
            f"line {number}: sentence ids must be numbers separated by commas: [{field.strip()}]"
        )
    ids = sorted(int(part) for part in parts)
    if len(set(ids)) < len(ids):
        raise ValueError(f"line {number}: a sentence id occurs twice: [{field.strip()}]")
    return tuple(ids)


def format_beads(beads: Iterable[Bead]) -> str:
    r"""Write beads one a line as ``[0, 1]:[2]``, each line ended by ``\n``; null beads have an empty list."""
    return "".join(f"{list(bead.src)}:{list(bead.tgt)}\n" for bead in beads)


def coverage(beads: Iterable[Bead], least: float = 0.5) -> float:
    """Say how far two texts are each other's translation: the share of sentences in beads to be believed.

    Parameters
    ----------
    beads
        Of whole texts, as :func:`align.align` gives them: every sentence is in exactly one.
    least
        Score from which a bead is believed.

    Returns
    -------
    float
        0..1, over the sentences of both sides; 0.0 where there is no sentence. Unrelated texts have next to
        nothing.
    """
    believed = total = 0
    for bead in beads:
        size = len(bead.src) + len(bead.tgt)
        total += size
        believed += size if not bead.is_null and bead.score >= least else 0
    return believed / total if total else 0.0
