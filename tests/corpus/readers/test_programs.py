"""Files as other programs write them; each test needs its program, and is skipped where that is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.extraction import extract

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium to print pages with")
needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="no pandoc")
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")

ENGLISH = (
    "The modernization of local-industry factories is vigorously pushed ahead across the country, and the standards "
    "that should be met in this effort are the factories in Kimhwa County, which were built last June as models. "
)
CHINESE = "据朝鲜中央通讯社报道，自从去年六月朝鲜劳动党中央委员会全体会议作出关于加强食品加工工业的决议以来，各地已经建成了一千多个地方工业工厂。"
KOREAN = "지방공업공장들을 현대화하는 사업이 전국적으로 힘있게 추진되고 있다. "
HEBREW = "זהו טקסט בעברית על התעשייה המקומית במדינה, והוא נכתב כדי לבדוק קריאה של קבצים. "
COLUMNS = ".c{column-count:%d;column-gap:18px;text-align:justify} p{text-indent:%s;margin:%s}"

PAGES = {
    "three columns, headlines over all of them": (
        COLUMNS % (3, "0", "8pt 0"),
        "<h1>A Headline over Everything</h1><div class=c>{0}</div><h2>Another Article of the Paper</h2><div class=c>{0}</div>",
        [f"[{n}] {ENGLISH * (2 + n % 2)}" for n in range(4)],
    ),
    "Chinese in two columns, paragraphs told by their indent": (
        COLUMNS % (2, "2em", "0"),
        "<h1>各地建立地方工业工厂</h1><div class=c>{0}</div>",
        [CHINESE * (1 + n % 3) for n in range(8)],
    ),
    "Chinese from top to bottom": (
        "body{writing-mode:vertical-rl;height:600px} p{text-indent:2em;margin:0}",
        "<h1>各地建立地方工业工厂</h1>{0}",
        [CHINESE * 2, CHINESE, CHINESE * 2],
    ),
    "Japanese with ruby": (
        "",
        "{0}",
        ["<ruby>東京<rt>とうきょう</rt></ruby>に行きました。" + "これは日本語の文章です。" * 9, "<ruby>漢字<rt>かんじ</rt></ruby>を読む。"],
    ),
    "Hebrew in two columns": (
        "body{direction:rtl} .c{column-count:2;column-gap:20px}",
        "<div class=c>{0}</div>",
        [f"[{n}] {HEBREW * (2 + n % 2)}" for n in range(6)],
    ),
    "Korean": ("p{text-align:justify}", "{0}", [f"[{n}] {KOREAN * (2 + n % 3)}" for n in range(5)]),
    "verse": ("", "<p>{0}</p>", ["Tyger Tyger, burning bright,<br>In the forests of the night;<br>What immortal hand or eye,<br>Could frame thy fearful symmetry?"]),
}  # fmt: skip


@needs_chromium
@pytest.mark.parametrize("kind", PAGES)
def test_pages_as_a_browser_prints_them(kind: str, tmp_path: Path) -> None:
    style, frame, paragraphs = PAGES[kind]
    body = frame.format("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    page = tmp_path / "page.html"
    page.write_text(
        f"<meta charset=utf-8><style>body{{font-size:11pt}} {style}</style><body>{body}</body>", "utf-8"
    )
    made = tmp_path / "page.pdf"
    subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={made}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shown = re.sub("<rt>.*?</rt>", "", body)
    wanted = [" ".join(re.sub("<[^>]+>", "", part).split()) for part in re.split("</?(?:p|h1|h2|br)>", shown)]
    (item,) = extract(made.read_bytes(), made)
    assert isinstance(item, Extract)
    got = [re.sub("^#+ ", "", block).replace("-\n", "-") for block in item.text.strip().split("\n\n")]
    assert got == [text for text in wanted if text]


MARKDOWN = """# Local industry

First paragraph, with a note.[^1]

- an item

| 中文 | English |
|------|---------|
| 他们来了，带着很多礼物。 | They came, and brought many gifts. |
| 天黑了。 | It grew dark. |

## Section 二

Привет, мир. Это русский текст.

[^1]: The note itself.
"""
BLOCKS = ["Local industry", "First paragraph, with a note.", "an item", "Section 二", "Привет, мир. Это русский текст.", "The note itself."]  # fmt: skip


def check(items: Sequence[Extract | AlignedSegments]) -> None:
    aligned = [item for item in items if isinstance(item, AlignedSegments)]
    assert [item.segments for item in aligned] == [
        {
            "zh": ("他们来了，带着很多礼物。", "天黑了。"),
            "en": ("They came, and brought many gifts.", "It grew dark."),
        }
    ]
    (text,) = [item for item in items if isinstance(item, Extract)]
    got = [re.sub("^(?:#+|•) ", "", block) for block in text.text.strip().split("\n\n")]
    assert got == BLOCKS


def pandoc(folder: Path, form: str) -> Path:
    made = folder / f"a.{form}"
    subprocess.run(
        ["pandoc", "-s", "-f", "markdown", "-o", str(made)], input=MARKDOWN.encode(), check=True, timeout=60
    )
    return made


@needs_pandoc
@pytest.mark.parametrize("form", ["docx", "odt", "rtf"])
def test_documents_as_pandoc_writes_them(form: str, tmp_path: Path) -> None:
    made = pandoc(tmp_path, form)
    check(list(extract(made.read_bytes(), made)))


@needs_pandoc
def test_a_book_as_pandoc_writes_it(tmp_path: Path) -> None:
    made = pandoc(tmp_path, "epub")
    (item,) = extract(made.read_bytes(), made)
    assert isinstance(item, Extract)
    assert [block for block in BLOCKS if block not in item.text] == []
    assert "date" not in item.stated  # pandoc fills in today's


@needs_pandoc
@needs_office
def test_rtf_as_libreoffice_writes_it(tmp_path: Path) -> None:
    source = pandoc(tmp_path, "docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / "made"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "rtf", "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    check(list(extract((out / "a.rtf").read_bytes(), out / "a.rtf")))
