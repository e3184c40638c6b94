"""Files of the formats that readers read, made with other people's programs where there are any."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import docx
import odfdo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def docx_bytes(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_docx(paragraphs: Sequence[str]) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return docx_bytes(document)


def odt_bytes(document: odfdo.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_odt(paragraphs: Sequence[str]) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    for paragraph in paragraphs:
        document.body.append(odfdo.Paragraph(paragraph))
    return odt_bytes(document)


def rtf_text(text: str) -> str:
    """Escape a text as Word does: what is not ASCII as Unicode, with a question mark for old programs."""
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[n : n + 2], "little", signed=True) for n in range(0, len(units), 2)]
    return "".join(
        f"\\u{n}?" if n < 0 or n > 126 else f"\\{chr(n)}" if chr(n) in "\\{}" else chr(n) for n in numbers
    )


def make_rtf(paragraphs: Sequence[str]) -> bytes:
    body = "".join(f"\\pard\\plain {rtf_text(paragraph)}\\par\n" for paragraph in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\uc1\\deff0{{\\fonttbl{{\\f0 Times;}}}}\n{body}}}".encode("ascii")


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def make_book(chapters: Sequence[str], metadata: str = "", extra: Mapping[str, str | bytes] = {}) -> bytes:
    """Make an EPUB of chapters that are given as the content of their bodies."""
    items = "".join(
        f'<item id="c{n}" href="text/ch%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:opf="http://www.idpf.org/2007/opf"><metadata>{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for n, chapter in reversed(list(enumerate(chapters))):  # not the order of reading
        files[f"OEBPS/text/ch {n}.xhtml"] = (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN"'
            ' "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"'
            ' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>no text</title></head>'
            f"<body>{chapter}</body></html>"
        )
    return zipped(files | dict(extra))


def make_epub(paragraphs: Sequence[str]) -> bytes:
    half = len(paragraphs) // 2
    parts = [paragraphs[:half], paragraphs[half:]] if half else [paragraphs]
    return make_book(["".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in part) for part in parts])


def make_srt(paragraphs: Sequence[str]) -> bytes:
    cues = (
        f"{n}\n00:{n:02}:00,000 --> 00:{n:02}:10,000\n{text}\n" for n, text in enumerate(paragraphs, start=1)
    )
    return "\n".join(cues).encode()


MAKERS: Mapping[str, Callable[[Sequence[str]], bytes]] = {
    "docx": make_docx,
    "odt": make_odt,
    "rtf": make_rtf,
    "epub": make_epub,
}
"""What makes a file of each format out of paragraphs."""
