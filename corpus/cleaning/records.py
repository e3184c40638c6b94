"""What reading an item yields: its blocks, what was left out, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from corpus.cleaning.datelines import Dateline
    from corpus.text.dates import DateMention
    from corpus.text.spans import Span

Reason: TypeAlias = Literal["boilerplate", "furniture", "repeat"]
"""Why text was left out: site text that is no part of the item; print or page furniture (labels, dates,
rules, marks); or a passage that stands in the item already."""

Kind: TypeAlias = Literal["heading", "paragraph"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of the file that was left out."""

    span: Span
    reason: Reason


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    span: Span
    kind: Kind


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """A date that may be the item's.

    ``label`` stands behind "Date:", ``line`` on a line of its own, ``closing`` in the line that ends an
    item, ``dateline`` in the formula it opens with; ``capture`` is when a page was saved.
    """

    kind: Literal["label", "line", "closing", "dateline", "capture"]
    mention: DateMention


@dataclass(slots=True)
class Facts:
    """What an item says of itself outside its text."""

    labels: dict[str, str] = field(default_factory=dict)
    dates: list[DateEvidence] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    datelines: list[Dateline] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    """Years that the text writes in full, if a date in it leaves out the century."""

    @property
    def dateline(self) -> Dateline | None:
        """The dateline, None where there is none, or where several name different agencies."""
        agencies = {line.agency for line in self.datelines}
        return self.datelines[0] if len(agencies) == 1 else None


@dataclass(slots=True)
class Cleaned:
    """An item's text, what was left out of it, and what that said."""

    blocks: list[Block] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    repeats: list[Block] = field(default_factory=list)
    """Paragraphs among what was dropped that stand in the item already."""
    facts: Facts = field(default_factory=Facts)
