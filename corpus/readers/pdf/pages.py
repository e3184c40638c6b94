"""The text of a PDF's pages with its boxes: run as a script, in a process of its own.

PDFs are read by a library in C, and some are made to break it: it may crash, fill the memory or never
return. This process may, and the one that started it goes on. It imports nothing of the toolkit: bytes come
in by standard input, and a line of JSON for each page goes out.

    python pages.py SECONDS MEMORY PAGES CHARACTERS <FILE

The first line says what the file says of itself. A line of a page has its size, ``[text, left, top, right,
bottom]`` of each run of text on a line (points from the top left corner of the page as it is seen), and what
is to be said of it. A last line says what was wrong, or why no more is
read, where there is such.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import json
import math
import sys
from typing import Any

Char = tuple[str, float, float, float, float]

_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-", 0x2010: "-"}  # the library tells hyphens at line ends apart
_MOST_ON_A_LINE = 100_000


def _limit(seconds: int, memory: int) -> None:
    """Limit the time and memory of this process, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _put(value: Any) -> None:  # noqa: ANN401 — whatever JSON can hold
    sys.stdout.write(json.dumps(value) + "\n")


def main() -> None:
    """Read a PDF from standard input."""
    seconds, memory, most_pages, most_characters = map(int, sys.argv[1:5])
    data = sys.stdin.buffer.read()
    _limit(seconds, memory + len(data))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        _put({"error": "password" if "password" in str(error).lower() else str(error)})
        return
    if count > most_pages:
        _put({"refused": f"{count:,} pages, the most is {most_pages:,}; cut it into several"})
        return
    _put({"pages": count, "about": document.get_metadata_dict(skip_empty=True)})
    characters = 0
    for number in range(count):
        try:
            page = _read_page(document[number])
        except pypdfium2.PdfiumError as error:
            page = {"width": 0, "height": 0, "runs": [], "damaged": str(error)}
        _put(page)
        characters += sum(len(run[0]) for run in page["runs"])
        if characters > most_characters:
            _put({"refused": f"more than {most_characters:,} characters; cut it into several"})
            return


def _read_page(page: Any) -> dict[str, Any]:  # noqa: ANN401 — the library has no types
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()
    turn = page.get_rotation() // 90
    read = _letters(page, text_page, pdfium, turn)
    if read[3] > len(read[0]):  # a page that lies on its side, or on its head
        read = max((_letters(page, text_page, pdfium, other) for other in range(4)), key=lambda r: len(r[0]))
    chars, width, height, turned, unknown = read
    vertical = _is_vertical(chars)
    if vertical:
        chars = [(c, y0, width - x1, y1, width - x0) for c, x0, y0, x1, y1 in chars]
    pictures = 0 if chars else sum(1 for _ in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    return {
        "width": height if vertical else width,
        "height": width if vertical else height,
        "runs": _runs(chars),
        "vertical": vertical,
        "turned": turned,
        "unknown": unknown,
        "pictures": pictures,
        "by_ocr": _is_invisible(text_page, pdfium),
    }


def _letters(page: Any, text_page: Any, pdfium: Any, turn: int) -> tuple[list[Char], float, float, int, int]:  # noqa: ANN401
    """Return the letters of a page that is seen after some clockwise quarter turns, its width and its height.

    Last come the numbers of letters that are turned another way, and of those that are not known.
    """
    left, bottom, right, top = page.get_bbox()
    width, height = (top - bottom, right - left) if turn % 2 else (right - left, top - bottom)
    chars: list[Char] = []
    turned = unknown = 0
    box = pdfium.FS_RECTF()
    pointer = ctypes.byref(box)
    for index in range(min(text_page.count_chars(), 2_000_000)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code in (0x0A, 0x0D) or not pdfium.FPDFText_GetLooseCharBox(text_page, index, pointer):
            continue
        if code == 0x20:
            # One that the library puts in, where there is room, is told from one that the page has.
            chars.append(("" if pdfium.FPDFText_IsGenerated(text_page, index) == 1 else " ", 0, 0, 0, 0))
            continue
        unknown += code in (0, 0xFFFD) or 0xE000 <= code <= 0xF8FF
        character = _HYPHENS.get(code) or (chr(code) if 0x20 < code < 0x110000 else "")
        if not character:
            continue
        x0, y0, x1, y1 = _seen(
            turn, (box.left - left, box.bottom - bottom, box.right - left, box.top - bottom), width, height
        )
        if _steps_aside(chars, x0, y0, x1, y1):
            angle = pdfium.FPDFText_GetCharAngle(text_page, index) + turn * math.pi / 2
            if abs(math.sin(angle)) > 0.05 or math.cos(angle) < 0:
                turned += 1
                continue
        chars.append((character, x0, y0, x1, y1))
    return chars, width, height, turned, unknown


def _seen(
    turn: int, box: tuple[float, float, float, float], width: float, height: float
) -> tuple[float, ...]:
    """Return left, top, right and bottom on the page as it is seen, of a box in its own axes, which go up."""
    x0, y0, x1, y1 = box
    match turn:
        case 1:
            return y0, x0, y1, x1
        case 2:
            return width - x1, y0, width - x0, y1
        case 3:
            return width - y1, height - x1, width - y0, height - x0
        case _:
            return x0, height - y1, x1, height - y0


def _steps_aside(chars: list[Char], x0: float, y0: float, x1: float, y1: float) -> bool:
    """Whether a character does not stand on the line of the one before."""
    before = next((char for char in reversed(chars) if char[0].strip()), None)
    return before is None or not _on_a_line(before, x0, y0, x1, y1)


def _on_a_line(before: Char, x0: float, y0: float, x1: float, y1: float) -> bool:
    middle = (y0 + y1) / 2
    return before[2] < middle < before[4] and y1 > y0 and x1 >= x0


def _is_vertical(chars: list[Char]) -> bool:
    """Whether most characters stand below the one before, as in columns of Chinese or Japanese."""
    placed = [char for char in chars if char[3] > char[1]]
    down = along = 0
    for (_, x0, _, x1, y1), (_, next_x0, next_y0, next_x1, _) in itertools.pairwise(placed):
        size = x1 - x0
        down += abs(next_x0 + next_x1 - x0 - x1) < size / 2 and -size / 2 < next_y0 - y1 < size
        along += -size / 2 < next_x0 - x1 < size and next_y0 < y1
    return down > 20 and down > 3 * along


def _runs(chars: list[Char]) -> list[list[Any]]:
    """Put characters together that follow each other closely on a line and are of one size.

    Words that are written from right to left are runs of their own: the library has them in either order.
    """
    groups: list[list[Char]] = []
    spaces: list[str] = []  # behind each group
    box = (0.0, 0.0, 0.0, 0.0)
    space = None
    for char in chars:
        character, x0, y0, x1, y1 = char
        if not character.strip():
            space = character or space or ""  # empty where the library puts one in
            continue
        high = box[3] - box[1]
        close = (
            bool(groups) and max(x0 - box[2], box[0] - x1) < 0.45 * high and len(groups[-1]) < _MOST_ON_A_LINE
        )
        if close and _is_rtl(character) and _is_rtl(groups[-1][-1][0]):  # letters of any size on one line
            close = y0 < box[3] and y1 > box[1] and space is None
        elif close:
            close = 0.8 * high < y1 - y0 < 1.25 * high and box[1] < (y0 + y1) / 2 < box[3]
            close &= space is None or not (_is_rtl(character) or _is_rtl(groups[-1][-1][0]))
        if close:
            if space == " " or (space == "" and not (_is_wide(groups[-1][-1][0]) and _is_wide(character))):
                groups[-1].append((" ", x0, y0, x0, y1))
            groups[-1].append(char)
            box = (min(box[0], x0), min(box[1], y0), max(box[2], x1), max(box[3], y1))
        else:
            if groups:
                spaces[-1] = " " if space == " " or (space == "" and _is_rtl(groups[-1][-1][0])) else ""
            groups.append([char])
            spaces.append("")
            box = (x0, y0, x1, y1)
        space = None
    return [_run(group, behind) for group, behind in zip(groups, spaces, strict=True)]


def _run(group: list[Char], behind: str) -> list[Any]:
    """Return the text of a run, and its box."""
    backwards = [_is_rtl(char[0]) for char in group]
    ordered = sorted(group, key=lambda char: -char[1] - char[3]) if all(backwards) else group
    return [
        "".join(char[0] for char in ordered) + behind,
        round(min(char[1] for char in group), 1),
        round(min(char[2] for char in group), 1),
        round(max(char[3] for char in group), 1),
        round(max(char[4] for char in group), 1),
    ]


def _is_rtl(text: str) -> bool:
    return "\u0590" <= text[-1] <= "\u08ff" or "\ufb1d" <= text[-1] <= "\ufefc"


def _is_wide(text: str) -> bool:
    return (
        "\u2e80" <= text[-1] <= "\u9fff"
        or "\uf900" <= text[-1] <= "\ufaff"
        or "\uff01" <= text[-1] <= "\uff60"
    )


def _is_invisible(text_page: Any, pdfium: Any) -> bool:  # noqa: ANN401 — the library has no types
    """Whether the first characters of a page are not painted: they were put under its picture by OCR."""
    modes = []
    for index in range(min(text_page.count_chars(), 20)):
        text = pdfium.FPDFText_GetTextObject(text_page, index)
        if text:
            modes.append(pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    return bool(modes) and all(modes)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        _put({"error": "memory"})
