"""The top of an item: its headline, and the labels, dates and page furniture around that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.agencies import agency_of
from corpus.dates import DateMention, PartialDate, find_dates, only_dates, read_date
from corpus.furniture import CLOSING, LABEL, LABELS, LINKS, MARKUP, RULE, Imprint, is_notice, read_imprint
from corpus.item import Cleaned, DateEvidence, Dropped, Facts
from corpus.lines import Span, normalised, squeeze

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be the headline; `marked` if a label or markup says so."""

    span: Span
    marked: bool


def read_header(text: str, lines: Sequence[Span], result: Cleaned) -> list[Span]:
    """Read labels, dates and page furniture; return the headline and what stands under it."""
    candidates: list[_Candidate] = []
    bare_dates: list[tuple[Sequence[DateMention], bool]] = []
    for span in lines:
        line = text[span.start : span.end]
        if _read_labels(text, span, result, candidates):
            continue
        if (imprint := read_imprint(line)) is not None:
            _read_page(imprint, result.facts)
            if imprint.dates:
                bare_dates.append((imprint.dates, bool(candidates)))
        elif is_notice(line):
            result.facts.notices.append(squeeze(line))
            result.dropped.append(Dropped(span, "boilerplate"))
            continue
        elif LINKS.fullmatch(line):
            result.dropped.append(Dropped(span, "boilerplate"))
            continue
        elif (address := CLOSING.fullmatch(line)) is not None:
            result.facts.labels.setdefault("url", address["url"])
        elif not RULE.fullmatch(line):
            mark = MARKUP.match(line)
            candidates.append(_Candidate(cut_mark(span, mark, result), mark is not None))
            continue
        result.dropped.append(Dropped(span, "furniture"))
    _weigh_bare_dates(bare_dates, result.facts)
    candidates = _drop_source_line(text, candidates, result)
    return _drop_repeated_headlines(text, candidates, result)


def _read_page(imprint: Imprint, facts: Facts) -> None:
    if imprint.page is not None:
        facts.labels.setdefault("page", imprint.page)
    if imprint.source is not None:
        facts.labels.setdefault("source", imprint.source)


def cut_mark(span: Span, mark: re.Match[str] | None, result: Cleaned) -> Span:
    """Return a span without the markup it begins with, which is dropped."""
    if mark is None:
        return span
    start = span.start + mark.end()
    result.dropped.append(
        Dropped(Span(span.start, span.start + len(mark["mark"].rstrip()), span.line), "furniture")
    )
    return Span(start, span.end, span.line)


def _read_labels(text: str, span: Span, result: Cleaned, candidates: list[_Candidate]) -> bool:
    """Read ``Label: value`` pairs, one a line or several between bars; False if there are none."""
    pieces = text[span.start : span.end].split(" | ")
    labels = [LABEL.fullmatch(piece.strip()) for piece in pieces]
    if not any(labels):
        return False
    for piece, match in zip(pieces, labels, strict=True):
        if match is None:
            result.facts.dates += [DateEvidence("label", mention) for mention in only_dates(piece)[:1]]
            continue
        key = next(key for key in LABELS if match[key])
        value = squeeze(match["value"])
        if key == "date" and value:
            _read_date_label(value, span, result.facts)
        elif value:
            result.facts.labels.setdefault(key, value)
        if key in ("title", "text") and value and len(pieces) == 1:
            start = span.start + match.start("value")
            result.dropped.append(Dropped(Span(span.start, start, span.line), "furniture"))
            candidates.append(_Candidate(Span(start, span.end, span.line), marked=key == "title"))
            return True
    result.dropped.append(Dropped(span, "furniture"))
    return True


def _read_date_label(value: str, span: Span, facts: Facts) -> None:
    mention = read_date(value)
    if mention is None:
        facts.notes.append(f"line {span.line}: no date could be read from {value!r}")
        return
    others = {other.readings for other in find_dates(value)} - {mention.readings}
    if others:
        facts.notes.append(f"line {span.line}: more than one date in {value!r}; none is taken for certain")
        mention = DateMention((PartialDate(mention.readings[0].year),), mention.start, mention.end)
        if any(reading.year != mention.readings[0].year for readings in others for reading in readings):
            return
    facts.dates.append(DateEvidence("label", mention))


def _weigh_bare_dates(bare_dates: Sequence[tuple[Sequence[DateMention], bool]], facts: Facts) -> None:
    """Tell the item's date from the day the page was captured.

    A page prints its capture date above the headline, often in two formats at once; the item's own
    date stands below it, or is the only one there is.
    """
    dated_otherwise = any(below for _, below in bare_dates) or any(
        evidence.kind == "label" for evidence in facts.dates
    )
    for mentions, below_headline in bare_dates:
        captured = not below_headline and (len(mentions) > 1 or dated_otherwise)
        facts.dates.append(DateEvidence("capture" if captured else "line", mentions[0]))


def _drop_source_line(text: str, candidates: list[_Candidate], result: Cleaned) -> list[_Candidate]:
    """Drop a line above the headline that only names the agency or site."""
    source = result.facts.labels.get("source", "")
    kept: list[_Candidate] = []
    for candidate in candidates:
        line = text[candidate.span.start : candidate.span.end]
        rest = line.replace(source, "") if source else line
        if len(candidates) > 1 and (agency_of(line) or agency_of(rest) or not normalised(rest)):
            result.facts.labels.setdefault("source", squeeze(line))
            result.dropped.append(Dropped(candidate.span, "furniture"))
        else:
            kept.append(candidate)
    return kept


def _drop_repeated_headlines(text: str, candidates: Sequence[_Candidate], result: Cleaned) -> list[Span]:
    """Keep a headline once, as printed, where a label or a markdown heading says it again."""
    plain = [
        normalised(text[candidate.span.start : candidate.span.end])
        for candidate in candidates
        if not candidate.marked
    ]
    sayings = {"".join(plain[i:j]) for i in range(len(plain)) for j in range(i + 1, len(plain) + 1)}
    kept: list[Span] = []
    last = ""
    for candidate in candidates:
        key = normalised(text[candidate.span.start : candidate.span.end])
        # Pages print a headline twice in a row; a line that comes back later may be a refrain.
        if key == last or (candidate.marked and key in sayings):
            result.dropped.append(Dropped(candidate.span, "repeat"))
        else:
            kept.append(candidate.span)
        last = key
    return kept
