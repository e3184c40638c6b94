"""Pairs side by side in a document of a word processor (.docx)."""

from __future__ import annotations

import io
import zipfile
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from corpus.documents.pairs import without_nulls
from corpus.writers.output import encoded, xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_DOCUMENT = "word/document.xml"
_HERE = "the-pairs-come-here"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # so that the same pairs are the same file


def write_docx(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    """Write a heading and a table of two columns for each pair of versions, a row a bead.

    A row is not broken over two pages, and what is said in another language is marked so, which spelling
    checks and voices go by. The document is streamed into its archive: nothing of it is held in memory.
    """
    whole = io.BytesIO(_frame(options))
    with out.open() as file, zipfile.ZipFile(whole) as frame, zipfile.ZipFile(file, "w") as made:
        for part in frame.infolist():
            about = zipfile.ZipInfo(part.filename, _EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            if part.filename != _DOCUMENT:
                made.writestr(about, frame.read(part))
                continue
            before, _, after = frame.read(part).decode("utf-8").partition(_HERE)
            start, end = before.rindex("<w:p>"), after.index("</w:p>") + len("</w:p>")
            with made.open(about, "w", force_zip64=True) as into:
                into.write(before[:start].encode())
                _write_tables(batches, into, options)
                into.write(after[end:].encode())


def _frame(options: WriteOptions) -> bytes:
    """Return the document without its tables, with a mark where they come."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(18)
    style = document.styles["Normal"]
    style.font.name = "Noto Serif"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    style.font.size = Pt(10.5)
    document.core_properties.title = xml_text(options.title)
    document.core_properties.author = options.tool
    document.core_properties.comments = "; ".join(f"{name}: {said}" for name, said in options.about.items())
    document.add_heading(xml_text(options.title), 0)
    document.add_paragraph(_HERE)
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def _write_tables(batches: Iterable[PairBatch], into: IO[bytes], options: WriteOptions) -> None:
    for batch in batches:
        for bitext in batch.bitexts():
            pairs = bitext.pairs if options.nulls else without_nulls(bitext.pairs)
            if len(pairs):
                for piece in _table(bitext, pairs.iter_rows(named=True)):
                    into.write(encoded(piece))


def _table(bitext: Bitext, rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    langs = bitext.src.lang, bitext.tgt.lang
    yield _paragraph(bitext.doc_id, style="Heading1")
    about = [_about(side.about, side.lang) for side in (bitext.src, bitext.tgt)]
    yield (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="7400"/><w:gridCol w:w="7400"/>'
        "</w:tblGrid>"
    )
    if any(about):
        yield _row(about, ("en", "en"), header=True)
    for row in rows:
        yield _row([row["src"], row["tgt"]], langs)
    # Two tables in a row would be one.
    yield "</w:tbl>" + _paragraph("")


def _about(about: dict[str, Any], lang: str) -> str:
    known = [about.get(name) for name in ("title", "author", "source", "date")]
    told = ", ".join(str(one) for one in known if one)
    return f"{told} ({lang})" if told else lang


def _row(texts: list[str], langs: tuple[str, str], *, header: bool = False) -> str:
    width = '<w:tcPr><w:tcW w:w="2500" w:type="pct"/></w:tcPr>'
    cells = "".join(
        f"<w:tc>{width}{_paragraph(text, lang=lang, bold=header)}</w:tc>"
        for text, lang in zip(texts, langs, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>{cells}</w:tr>"


_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
_EAST_ASIAN = {"zh": "zh-CN", "ja": "ja-JP", "ko": "ko-KR"}


def _paragraph(text: str, *, style: str = "", lang: str = "", bold: bool = False) -> str:
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    about += "<w:bidi/>" if lang in _RIGHT_TO_LEFT else ""
    run = "<w:b/>" if bold else ""
    run += "<w:rtl/>" if lang in _RIGHT_TO_LEFT else ""
    if lang and lang != "und":
        kind = "bidi" if lang in _RIGHT_TO_LEFT else "eastAsia" if lang in _EAST_ASIAN else "val"
        run += f"<w:lang w:{kind}={quoteattr(_EAST_ASIAN.get(lang, lang))}/>"
    lines = [escape(xml_text(line)) for line in text.splitlines()] or [""]
    told = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f"<w:p><w:pPr>{about}</w:pPr><w:r><w:rPr>{run}</w:rPr>{told}</w:r></w:p>"
