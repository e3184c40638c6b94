"""The top of an item: its headline, and the labels, dates and page furniture around that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.cleaning.boilerplate import (
    CLOSING,
    LABELS,
    MARKUP,
    RULE,
    Imprint,
    is_issue,
    is_notice,
    is_page_code,
    is_section,
    is_site_text,
    label_pieces,
    match_label,
    read_imprint,
)
from corpus.cleaning.records import Cleaned, DateEvidence, Dropped, Facts
from corpus.text.agencies import agency_of, is_masthead
from corpus.text.dates import DateMention, PartialDate, find_dates, only_dates, read_date
from corpus.text.spans import Span, normalised, squeeze

if TYPE_CHECKING:
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
    codes = [span for span in lines if is_page_code(text[span.start : span.end])]
    imprinted = bool(codes)
    for span in (span for span in lines if span not in codes):
        line = text[span.start : span.end]
        if _read_labels(text, span, result, candidates):
            continue
        if (imprint := read_imprint(line)) is not None:
            imprinted = True
            _read_page(imprint, result.facts)
            if imprint.dates:
                bare_dates.append((imprint.dates, bool(candidates)))
        elif is_notice(line):
            result.facts.notices.append(squeeze(line))
            result.dropped.append(Dropped(span, "boilerplate"))
            continue
        elif is_site_text(line):
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
    kept = _drop_mastheads(text, candidates, result, imprinted=imprinted)
    furnished = result.facts.labels or result.facts.dates or len(kept) < len(candidates)
    if furnished and kept:
        _read_page_codes(text, codes, result)
    else:
        kept += [_Candidate(span, marked=False) for span in codes]
        kept.sort(key=lambda candidate: candidate.span.start)
    return _drop_repeated_headlines(text, kept, result)


def _read_page_codes(text: str, codes: Sequence[Span], result: Cleaned) -> None:
    """Read lines such as A4, among other furniture and beside a headline; elsewhere, B52 may be one."""
    for span in codes:
        if (imprint := read_imprint(text[span.start : span.end])) is not None:
            _read_page(imprint, result.facts)
        result.dropped.append(Dropped(span, "furniture"))


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
    pieces = label_pieces(text[span.start : span.end])
    labels = list(map(match_label, pieces))
    if not any(labels):
        return False
    for piece, match in zip(pieces, labels, strict=True):
        if match is None:
            result.facts.dates += [DateEvidence("label", mention) for mention in only_dates(piece)[:1]]
            continue
        key = next(key for key in LABELS if match[key])
        value = squeeze(match["value"])
        quoted = (
            len(value) > 2 and value[0] in "\"'" and value[0] == value[-1] and value[0] not in value[1:-1]
        )
        value = value[1:-1] if quoted else value  # as front matter has them
        if key == "date" and value:
            _read_date_label(value, span, result.facts)
        elif value:
            result.facts.labels.setdefault(key, value)
        if key in ("title", "text") and value and len(pieces) == 1:
            start, end = span.start + match.start("value") + quoted, span.end - quoted
            result.dropped.append(Dropped(Span(span.start, start, span.line), "furniture"))
            if quoted:
                result.dropped.append(Dropped(Span(end, span.end, span.line), "furniture"))
            candidates.append(_Candidate(Span(start, end, span.line), marked=key == "title"))
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


def _drop_mastheads(
    text: str, candidates: list[_Candidate], result: Cleaned, *, imprinted: bool
) -> list[_Candidate]:
    """Drop what is printed beside a headline: the newspaper's or agency's name, the section, the issue.

    A line may only name an agency or listed newspaper. A section, an issue's number and a name that is in
    no list stand above the headline; and that name at the top of a page with a date or a number
    (`imprinted`), or it may be a headline itself.
    """
    source = result.facts.labels.get("source", "")
    kept: list[_Candidate] = []
    for place, candidate in enumerate(candidates):
        line = text[candidate.span.start : candidate.span.end]
        rest = line.replace(source, "") if source else line
        named = agency_of(line) or agency_of(rest) or not normalised(rest)
        above = place + 1 < len(candidates)
        if (named and (len(candidates) > 1 or imprinted)) or (
            above and imprinted and place == 0 and is_masthead(line)
        ):
            result.facts.labels.setdefault("source", squeeze(line))
        elif not (above and not candidate.marked and (is_section(line) or is_issue(line))):
            kept.append(candidate)
            continue
        result.dropped.append(Dropped(candidate.span, "furniture"))
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


_MAIL = re.compile(
    r"(?P<name>From|To|Cc|Bcc|Subject|Date|Sent|Reply-To|Message-ID|Received|Return-Path|Delivered-To|Importance"
    r"|MIME-Version|(?:Content|X|List)-[\w-]+|发件人|收件人|抄送|主题|日期|发送时间)\s*[:：]\s*(?P<value>.*)",
    re.IGNORECASE,
)
_FROM, _SUBJECT, _SENT = {"from", "to", "发件人", "收件人"}, {"subject", "主题"}, {"sent", "发送时间"}
_OURS = _SUBJECT | {"date", "日期"}


def read_mail_header(text: str, lines: Sequence[Span], result: Cleaned) -> list[Span]:
    """Drop a mail's header from the top of an item, but for the title and date, which are labels.

    It is one if it says both what it is about and who wrote or got it; a line that is indented goes on
    the one above.
    """
    header: list[tuple[Span, str, str]] = []
    for span in lines:
        match = _MAIL.fullmatch(text, span.start, span.end)
        if header and span.line != header[-1][0].line + 1:
            break
        if match is not None:
            header.append((span, match["name"].lower(), match["value"]))
        elif header and text[span.start - 1] in " \t":
            header.append((span, header[-1][1], ""))
        else:
            break
    names = {name for _, name, _ in header}
    if not (names & _FROM and names & _SUBJECT):
        return list(lines)
    for span, name, value in header:
        if name not in _OURS:
            result.dropped.append(Dropped(span, "furniture"))
            if name in _SENT and value:
                _read_date_label(value, span, result.facts)
    return [span for span, name, _ in header if name in _OURS] + list(lines[len(header) :])
