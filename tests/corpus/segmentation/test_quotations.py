"""What of a version is in another language."""

from __future__ import annotations

import pytest

from corpus.ingestion.reading.document import Version, read_document

STATEMENT = (
    "The United States Government will support its allies in the region. No change of policy is considered."
)
ARTICLE = (
    "中国谴责这项声明\n\n新华社北京五月二十日电　美国国务院昨天发表了一项声明。全世界人民都不会相信这种谎言。\n\n"
    "{}\n\n这项声明说明他们仍然坚持侵略政策。我们坚决反对这种政策。全中国人民团结起来，为保卫世界和平而斗争。\n"
)
STORY = (
    "The rally\n\nThe workers of the county marched through the streets on Monday, and they sang the songs of the "
    "new year.\n\n{}\n\nThe meeting ended late at night. The workers went home, and all of them were glad of it.\n"
)


def read(text: str) -> Version:
    (version,) = read_document(text, "a.txt").versions
    return version


def quoted(version: Version) -> list[tuple[str, str]]:
    return [(one.quoted, one.text) for one in version.sentences if one.quoted is not None]


def test_a_statement_in_english_in_a_chinese_article() -> None:
    version = read(ARTICLE.format(STATEMENT))
    assert version.lang == "zh"
    assert quoted(version) == [
        ("en", "The United States Government will support its allies in the region."),
        ("en", "No change of policy is considered."),
    ]


@pytest.mark.parametrize(
    ("passage", "lang"),
    [
        ("他们高喊口号：我们一定要解放，中国人民从此站起来了。", "zh"),
        ("Мы поддерживаем справедливую борьбу народов против империализма.", "ru"),
        ("우리 인민은 평화를 위하여 끝까지 투쟁할것이라고 로동자들이 웨쳤다.", "ko"),
        ("労働者たちは平和のために最後まで闘うと叫んだ。", "ja"),
    ],
)
def test_a_passage_of_another_script_in_an_english_article(passage: str, lang: str) -> None:
    version = read(STORY.format(passage))
    assert version.lang == "en"
    assert quoted(version) == [(lang, passage)]


def test_japanese_in_a_chinese_article_is_told_by_its_kana() -> None:
    passage = "労働者たちは平和のために最後まで闘うと叫んだ。"
    assert quoted(read(ARTICLE.format(passage))) == [("ja", passage)]


@pytest.mark.parametrize(
    ("opening", "quotation", "rest"),
    [
        ("发言人说：", f"“{STATEMENT}”", "他的话激起了愤怒。"),
        ("他写道：", f"「{STATEMENT}」。", "然后他走了。"),
        ("发言人说：", f'"{STATEMENT}"', "他的话激起了愤怒。"),
    ],
)
def test_a_quotation_inside_a_paragraph(opening: str, quotation: str, rest: str) -> None:
    version = read(ARTICLE.format(opening + quotation + rest))
    texts = [one.text for one in version.sentences]
    assert texts[texts.index(opening) + 1 : texts.index(rest)] == [text for _, text in quoted(version)]
    assert " ".join(text for _, text in quoted(version)) == quotation
    assert {lang for lang, _ in quoted(version)} == {"en"}
    assert len({one.paragraph for one in version.sentences if one.text in (opening, rest)}) == 1


@pytest.mark.parametrize(
    "passage",
    [
        "Kimhwa County Local Industry",
        "他读了《The Great Gatsby》和《War and Peace》，还有Kim Il Sung同志的书。",
        "他在General Electric Company公司工作，会说“Hello, my friend”。",
        "KCNA PYONGYANG FEBRUARY TENTH NINETEEN FIFTY NINE",
        "1959.5.20 U.S.A.",
        "https://example.org/a/long/address/of/a/page/on/the/site.html",
    ],
)
def test_names_and_titles_are_no_passages(passage: str) -> None:
    assert quoted(read(ARTICLE.format(passage))) == []


def test_a_wrapped_quotation_has_its_lines() -> None:
    statement = STATEMENT.replace(". ", ".\n")
    text = ARTICLE.format(f"发言人说：\n{statement}")
    version = read(text)
    lines = text.splitlines()
    assert [lines[one.span.line - 1] for one in version.sentences if one.quoted] == statement.splitlines()


def test_a_heading_that_quotes_is_one_sentence() -> None:
    text = f"# “{STATEMENT}”中国怎么看\n\n" + ARTICLE.format("他们走了。")
    version = read(text)
    assert (version.sentences[0].kind, version.sentences[0].quoted) == ("heading", None)
    assert version.sentences[0].text.endswith("中国怎么看")
