"""PDFs with a text layer: the text of their columns, without what is printed on every page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError
from corpus.base.limits import MAX_PAGES, MAX_PDF_MEMORY, MAX_PDF_SECONDS, MAX_TEXT
from corpus.readers.blocks import Block, clean_block, extract_of, properties
from corpus.readers.packages import content_of, reading
from corpus.readers.pdf.columns import Run, columns
from corpus.readers.pdf.layout import (
    Paragraph,
    goes_on,
    join,
    korean_words,
    lines_of,
    paragraphs,
    without_ruby,
)
from corpus.text.spans import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from corpus.readers.base import Extract

_KIND = "a PDF"


def read_pdf(data: bytes, path: Path) -> Iterator[Extract]:
    """Yield the text of a PDF, paragraph by paragraph, column by column; footnotes at the end.

    What is printed on every page is left out, which a note says, and pages without text are named.
    Paragraphs go on over columns and pages. A word that a hyphen divides at the end of a line is left on two
    lines, as in a file of plain text, where it may be one word or two. Places are ``page 3``.

    The file is read in a process of its own, which ends where it takes more than
    `corpus.base.limits.MAX_PDF_SECONDS` or `MAX_PDF_MEMORY`.

    Parameters
    ----------
    data, path
        As in `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is damaged, under a password, too large, something else than its name says, or has no text.
    """
    name = str(path)
    if b"%PDF-" not in data[:1024]:
        raise InputError(f"{name}: not {_KIND} but {content_of(data)}")
    about, pages = _pages(data, name)
    with reading(name, _KIND):
        blocks, notes = _read(pages)
    if not blocks:
        pictures = (
            f"its {len(pages)} pages are pictures" if any(p["pictures"] for p in pages) else "it is empty"
        )
        raise InputError(
            f"{name}: no text in it: {pictures}; have it read by OCR first: ocrmypdf -l chi_sim+eng FILE NEW"
        )
    yield extract_of(blocks, properties(about.get("Title"), about.get("Author")), notes)


# --- the process that reads it ---------------------------------------------------------------------------


def _pages(data: bytes, name: str) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return what a PDF says of itself, and what is on its pages (`corpus.readers.pdf.pages`)."""
    script = Path(__file__).with_name("pages.py")
    limits = map(str, (MAX_PDF_SECONDS, MAX_PDF_MEMORY, MAX_PAGES, MAX_TEXT))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # this Python, and a script of ours
            [sys.executable, "-P", str(script), *limits],
            input=data, capture_output=True, timeout=2 * MAX_PDF_SECONDS, check=False, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _slow(name) from None
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.endswith(b"}")]
    if refused := next((line["refused"] for line in lines if "refused" in line), None):
        raise InputError(f"{name}: {refused}")
    error = next((line["error"] for line in lines if "error" in line), None)
    if error == "password":
        raise InputError(f"{name}: under a password; open it, save it without one, and ingest that")
    if error == "memory" or any(sign in done.stderr for sign in (b"MemoryError", b"Cannot allocate memory")):
        raise InputError(f"{name}: takes more than {MAX_PDF_MEMORY:,} bytes of memory; cut it into several")
    if error is not None:
        raise InputError(f"{name}: a PDF that cannot be read ({error}); open it and print it to a new PDF")
    if not lines or len(lines) <= lines[0]["pages"]:
        if -done.returncode in (9, 24):  # by the system, for its time
            raise _slow(name)
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [
            f"ends by {done.returncode}"
        ]
        page = f"at page {len(lines)}" if lines else "at its beginning"
        msg = f"{name}: a PDF that breaks the program that reads it, {page} ({reason[0][:200]})"
        raise InputError(f"{msg}; open it and print it to a new PDF")
    return lines[0]["about"], lines[1:]


def _slow(name: str) -> InputError:
    return InputError(f"{name}: takes more than {MAX_PDF_SECONDS} seconds to read; cut it into several")


# --- its text --------------------------------------------------------------------------------------------


def _read(pages: Sequence[dict[str, Any]]) -> tuple[list[Block], list[str]]:
    runs = [[Run(*run) for run in page["runs"]] for page in pages]
    notes = _notes(pages)
    if _is_spaced_out(runs):
        runs = [[_closed_up(run) for run in page] for page in runs]
        notes.append("spaces between Chinese characters, as OCR puts them in, left out")
    kept, dropped = _without_furniture(runs, [page["height"] for page in pages])
    if dropped:
        shown = ", ".join(f'"{text}" ({count})' for text, count in dropped.most_common(5))
        more = f" and {len(dropped) - 5} others" if len(dropped) > 5 else ""
        notes.append(f"running heads and page numbers left out: {shown}{more}")
    size = _body_height(kept)
    found: list[Paragraph] = []
    feet: list[Paragraph] = []
    for number, page in enumerate(kept, start=1):
        for column in columns(without_ruby(page)):
            text = paragraphs(lines_of(column), number)
            first = _first_footnote(text, size)
            found += text[:first]
            feet += text[first:]
    if feet:
        notes.append(f"footnotes, at the end of the text: {len(feet)}")
    words = korean_words(line.text for paragraph in (*found, *feet) for line in paragraph.lines)
    blocks = [_block(parts, size, words) for parts in _whole(found)]
    blocks += [Block(clean_block(foot.whole(words)), f"page {foot.page} footnote") for foot in feet]
    return [block for block in blocks if block.text], notes


def _notes(pages: Sequence[dict[str, Any]]) -> list[str]:
    """Say what a user should know of the pages."""
    said: dict[str, list[Any]] = {
        "pages without text: {}; if they are pictures, have them read by OCR": [
            not page["runs"] for page in pages
        ],
        "pages that are damaged: {}": ["damaged" in page for page in pages],
        "text read by OCR, with its mistakes: {}": [page.get("by_ocr") for page in pages],
        "text from top to bottom: {}": [page.get("vertical") for page in pages],
        "turned text left out: {}": [page.get("turned") for page in pages],
        "letters whose font does not say what they are: {}": [page.get("unknown") for page in pages],
    }
    return [note.format(_numbers(which)) for note, which in said.items() if any(which)]


def _numbers(which: Sequence[Any]) -> str:
    """Return the numbers of pages as ``page 3`` or ``pages 1-4, 7``."""
    chosen = [number for number, is_one in enumerate(which, start=1) if is_one]
    spans = [
        [number for _, number in group]
        for _, group in groupby(enumerate(chosen), key=lambda pair: pair[1] - pair[0])
    ]
    shown = ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)
    return f"page {shown}" if len(chosen) == 1 else f"pages {shown}"


_HAN = "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u3001-\u3011\uff01-\uff60]"
_APART = re.compile(rf"(?<={_HAN}) (?={_HAN})")
_TOGETHER = re.compile(rf"(?<={_HAN})(?={_HAN})")


def _is_spaced_out(pages: Sequence[Sequence[Run]]) -> bool:
    """Whether most Chinese characters have a space behind them."""
    apart = sum(len(_APART.findall(run.text)) for page in pages for run in page)
    return apart > 20 and apart > sum(len(_TOGETHER.findall(run.text)) for page in pages for run in page)


def _closed_up(run: Run) -> Run:
    return Run(_APART.sub("", run.text), run.left, run.top, run.right, run.bottom)


# --- what is printed on every page -----------------------------------------------------------------------

_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\W*(?:(?:page|p|seite|стр|第)\W*)?#(?:\W*(?:页|頁|of|/|von|из)?\W*#)?\W*(?:页|頁)?\W*", re.IGNORECASE
)
_MOST_LINES = 3  # at the top, and at the foot
_EDGE = 0.15  # of the height of a page
_SAME_HEIGHT = 0.015


def _without_furniture(
    pages: Sequence[Sequence[Run]], heights: Sequence[float]
) -> tuple[list[list[Run]], Counter[str]]:
    """Return pages without the lines at their edges that stand on others, too, at the same height.

    Returns
    -------
    tuple
        The runs that are left of each page, and how often each line was left out, numbers in it as ``#``.
    """
    edges = [_edge_lines(page, height) for page, height in zip(pages, heights, strict=True)]
    at: dict[tuple[str, bool], list[float]] = {}
    for lines in edges:
        for key, is_top, height, _ in lines:
            at.setdefault((key, is_top), []).append(height)
    least = 2 if len(pages) < 6 else 3
    kept: list[list[Run]] = []
    dropped: Counter[str] = Counter()
    for page, lines in zip(pages, edges, strict=True):
        gone: set[int] = set()
        for is_top in (True, False):
            for key, _, height, runs in (line for line in lines if line[1] == is_top):
                alike = sum(abs(other - height) < _SAME_HEIGHT for other in at[key, is_top])
                if alike < least and not (_NUMBER.fullmatch(key) and _stands_off(runs, page, is_top=is_top)):
                    break  # what is further in is text
                gone |= set(map(id, runs))
                dropped[key] += 1
        kept.append([run for run in page if id(run) not in gone])
    return kept, dropped


def _edge_lines(page: Sequence[Run], height: float) -> list[tuple[str, bool, float, list[Run]]]:
    """Return the lines at the edges of a page, from without inwards.

    Each has its words, numbers in it as ``#``, whether it is at the top, how far down, as a share of the
    page's height, and its runs.
    """
    rows: list[list[Run]] = []
    for run in sorted(page, key=lambda run: run.middle):
        if rows and run.middle < max(other.bottom for other in rows[-1]):
            rows[-1].append(run)
        else:
            rows.append([run])
    found: list[tuple[str, bool, float, list[Run]]] = []
    for is_top, chosen in ((True, rows[:_MOST_LINES]), (False, rows[::-1][:_MOST_LINES])):
        for row in chosen:
            share = row[0].middle / max(height, 1)
            if (share if is_top else 1 - share) < _EDGE:
                text = " ".join(run.text.strip() for run in sorted(row, key=lambda run: run.left))
                found.append((" ".join(_DIGITS.sub("#", text).split()), is_top, share, row))
    return found


def _stands_off(runs: Sequence[Run], page: Sequence[Run], *, is_top: bool) -> bool:
    """Whether more than two lines are left free between a line at the edge and the text."""
    others = [run for run in page if not any(run is own for own in runs)]
    if not others:
        return False
    top, bottom = min(run.top for run in runs), max(run.bottom for run in runs)
    gaps = [other.top - bottom if is_top else top - other.bottom for other in others]
    return min(gaps) > 1.5 * (bottom - top)


# --- its paragraphs --------------------------------------------------------------------------------------


def _body_height(pages: Sequence[Sequence[Run]]) -> float:
    """Return the height of most letters."""
    heights: Counter[float] = Counter()
    for page in pages:
        for run in page:
            heights[round(run.height, 1)] += len(run.text)
    return heights.most_common(1)[0][0] if heights else 0.0


_NOTE_MARK = re.compile(r"[\[(（]?(?:\d{1,3}|[*†‡§①-⑳])[\])）.]?\s*\D")


def _first_footnote(found: Sequence[Paragraph], size: float) -> int:
    """Return the place of a column's first footnote: it begins with a mark, and all below it is small."""
    first = len(found)
    for place in range(len(found) - 1, 0, -1):
        if found[place].height > 0.93 * size:
            break
        if _NOTE_MARK.match(found[place].text):
            first = place
    return first


def _whole(found: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Put the pieces of paragraphs together that go on in the next column or on the next page."""
    by_indent = sum(paragraph.indented for paragraph in found) > 0.3 * len(found)
    whole: list[list[Paragraph]] = []
    for paragraph in found:
        before = whole[-1][-1] if whole else None
        higher = before is not None and paragraph.lines[0].top < before.lines[-1].top
        elsewhere = before is not None and (before.page != paragraph.page or higher)
        if before is not None and elsewhere and goes_on(before, paragraph, by_indent=by_indent):
            whole[-1].append(paragraph)
        else:
            whole.append([paragraph])
    return whole


_HEADING = 1.15  # times the height of the text
_MOST_HEADING_LINES = 4


def _block(parts: Sequence[Paragraph], size: float, words: Collection[str]) -> Block:
    """Return a paragraph, given by its pieces, with the pages it is on."""
    text = ""
    turns: list[tuple[int, str]] = []
    for part in parts:
        piece = clean_block(part.whole(words))
        text = join(text, piece, words)
        if part is not parts[0]:
            turns.append((len(text) - len(piece), f"page {part.page}"))
    first = parts[0]
    large = first.height > _HEADING * size and len(first.lines) <= _MOST_HEADING_LINES
    level = 1 + (first.height < 1.5 * size) if large and not ends_sentence(text) else 0
    return Block(text, f"page {first.page}", level, tuple(turns))
