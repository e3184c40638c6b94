"""Press items as historians have them: what is read in each, and what must not be taken for furniture."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest

from corpus.cleaning.boilerplate import is_notice, is_section, is_site_text, read_imprint
from corpus.cleaning.datelines import find_dateline
from corpus.ingestion.reading.document import Document, Version, read_document
from corpus.text.spans import uncovered

ITEMS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("press.toml").read_text("utf-8"))["item"]
FACTS = ("title", "date", "source", "relay", "page", "author")
STORY = "The county has built a factory of its own in the last year, and it is at work.\n"


def only(document: Document) -> Version:
    (version,) = document.versions
    return version


@pytest.mark.parametrize("item", ITEMS, ids=[item["name"] for item in ITEMS])
def test_an_item_is_read(item: dict[str, Any]) -> None:
    version = only(read_document(item["text"], "item.txt"))
    read = {name: getattr(version, name) for name in FACTS}
    assert {name: None if value is None else str(value) for name, value in read.items()} == {
        name: item.get(name) for name in FACTS
    }
    assert [sentence.text for sentence in version.sentences] == item["kept"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("item", ITEMS, ids=[item["name"] for item in ITEMS])
def test_every_character_of_an_item_is_kept_or_accounted_for(item: dict[str, Any], newline: str) -> None:
    text = item["text"].replace("\n", newline)
    document = read_document(text, "item.txt")
    sentences = [sentence for version in document.versions for sentence in version.sentences]
    spans = [sentence.span for sentence in sentences] + [piece.span for _, piece in document.dropped]
    assert list(uncovered(text, spans)) == []
    spans.sort(key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    for sentence in sentences:  # a hyphen at a line's end may be gone from what is read, nothing else
        there = "".join(text[sentence.span.start : sentence.span.end].split()).replace("-", "")
        assert there == "".join(sentence.text.split()).replace("-", "")


@pytest.mark.parametrize(
    ("line", "page", "source"),
    [
        ("Page 3", "3", None),
        ("p. 3", "3", None),
        ("pp. 3–4", "3-4", None),
        ("A4", "A4", None),
        ("第三版", "3", None),
        ("第十二版", "12", None),
        ("人民日报 第5版", "5", "People's Daily"),
        ("제3면", "3", None),
        ("S. 3", "3", None),
        ("Стр. 3", "3", None),
        ("- 14 -", "14", None),
    ],
)
def test_page_numbers(line: str, page: str, source: str | None) -> None:
    imprint = read_imprint(line)
    assert imprint is not None
    assert (imprint.page, imprint.source) == (page, source)


@pytest.mark.parametrize(
    "line",
    [
        "Page 3 carried a photograph of the fields.",
        "See p. 3",
        "第三版画集出版",
        "The A4 to the north",
        "S. 3 passed the Senate",
        "세면",
        "1.3面积",
        "Stage 3",
    ],
)
def test_words_with_numbers_are_no_pages(line: str) -> None:
    assert read_imprint(line) is None


@pytest.mark.parametrize(
    "opening",
    [
        "PARIS, Chapter 3 - The",
        "LONDON, May 3–5 was the time of",
        "평양 3월 5일 조선중앙통신에 의하면 공장이",
        "The agency (AP) - as it was called",
        "In 1963 (AFP) — the year",
        "新华社记者说，3日电力供应恢复",
        "ANNEX, Table 3 -- Output",
        "It was on 3 October (AFP) that",
        "서울=연합뉴스 기자들이",
    ],
)
def test_openings_that_are_no_datelines(opening: str) -> None:
    assert find_dateline(opening) is None


@pytest.mark.parametrize(
    ("opening", "agency", "relay", "month", "day"),
    [
        ("新华社平壤十月三日电　西", "Xinhua News Agency", None, 10, 3),
        ("（据新华社平壤五月廿九日电）", None, "Xinhua News Agency", 5, 29),
        ("(평양 10월 3일발 조선중앙통신)", "Korean Central News Agency", None, 10, 3),
        ("(서울 AFP=연합뉴스) 김철수 기자 = 서", "Yonhap News Agency", "Agence France-Presse", None, None),
        ("Paris, le 3 octobre (AFP) - Le", "Agence France-Presse", None, 10, 3),
        ("Phönjan, 3. Oktober (ADN). Im", "ADN", None, 10, 3),
        ("ПХЕНЬЯН, 3 окт. /ТАСС/. В", "TASS", None, 10, 3),
        ("WASHINGTON (Reuters) - The", "Reuters", None, None, None),
        ("新 华 社 平 壤 十 一 月 三 日 电 ， 西", "Xinhua News Agency", None, 11, 3),
        (
            "新 华 社 平 壤 1 9 日 电 　 据 朝 鲜 中 央 通 讯 社 讯",
            "Xinhua News Agency",
            "Korean Central News Agency",
            None,
            19,
        ),
        ("（ 据 新 华 社 平 壤 五 月 廿 九 日 电 ） 工 厂", None, "Xinhua News Agency", 5, 29),
        ("( 평 양 1 0 월 3 일 발 조 선 중 앙 통 신 ) 공 장", "Korean Central News Agency", None, 10, 3),
        ("新  华  社  平  壤  三  日  电  工  厂", "Xinhua News Agency", None, None, 3),
    ],
)
def test_datelines(
    opening: str, agency: str | None, relay: str | None, month: int | None, day: int | None
) -> None:
    found = find_dateline(opening)
    assert found is not None
    assert (found.agency, found.relay, found.month, found.day) == (agency, relay, month, day)


@pytest.mark.parametrize("above", ["Tuesday, June 2, 1964", "人民日报", "INTERNATIONAL", "Source: KCNA"])
def test_a_page_code_beside_other_furniture_and_a_headline_is_no_text(above: str) -> None:
    version = only(read_document(f"{above}\nA4\nFactories Grow\n\n{STORY}", "a.txt"))
    assert (version.title, version.page) == ("Factories Grow", "A4")
    assert [sentence.text for sentence in version.sentences] == ["Factories Grow", STORY.strip()]


@pytest.mark.parametrize("below", ["", "Tuesday, June 2, 1964\n", "Source: KCNA\n", "Page 3\n"])
def test_a_headline_that_looks_like_a_page_code_is_text(below: str) -> None:
    version = only(read_document(f"B52\n{below}\n{STORY}", "a.txt"))
    assert (version.title, version.page) == ("B52", "3" if "Page" in below else None)
    assert [sentence.text for sentence in version.sentences] == ["B52", STORY.strip()]


def test_a_page_code_without_other_furniture_is_kept() -> None:
    version = only(read_document(f"B52\nThe Bombers Are Back\n\n{STORY}", "a.txt"))
    assert version.page is None
    assert [sentence.text for sentence in version.sentences] == ["B52", "The Bombers Are Back", STORY.strip()]


DAYS_ZH = [ten + one for ten in ("", "十", "二十", "三十") for one in ("", *"一二三四五六七八九")][1:32]


@pytest.mark.parametrize(("number", "day"), [*enumerate(DAYS_ZH, 1), (29, "廿九"), (30, "卅")])
def test_a_dateline_of_any_day_in_chinese_numerals(number: int, day: str) -> None:
    found = find_dateline(f"新华社平壤五月{day}日电　据朝鲜中央通讯社讯：各郡建立了地方工厂。")
    assert found is not None
    assert (found.agency, found.relay) == ("Xinhua News Agency", "Korean Central News Agency")
    assert (found.month, found.day) == (5, number)


@pytest.mark.parametrize(
    "line",
    [
        "Home > News > Asia",
        "首页 > 国际 > 正文",
        "Facebook Twitter Email Print",
        "Privacy Policy | Terms of Use",
        "This website uses cookies to improve your experience.",
        "We and our 120 partners use cookies. Accept all or manage your settings.",
    ],
)
def test_what_a_site_prints(line: str) -> None:
    assert is_site_text(line)


@pytest.mark.parametrize(
    "line",
    [
        "Home > sweet home, as the sign over the door has it.",
        "Home is where the > sign points",
        "Facebook and Twitter",
        "Print",
        "Help",
        "We use cookies and cakes from the village bakery.",
        "“We use cookies to improve your experience,” it said.",
        "The regulator wants every site that uses cookies to ask for consent.",
        "We use cookies to improve your experience, said the banner.",
    ],
)
def test_what_a_story_says_of_sites(line: str) -> None:
    assert not is_site_text(line)
    assert line in " ".join(
        s.text for s in only(read_document(f"{STORY}\n{line}\n\n{STORY}It is.", "a")).sentences
    )


def test_a_section_is_a_whole_line() -> None:
    assert is_section("INTERNATIONAL")
    assert is_section("國際新聞")
    assert not is_section("World Cup")
    assert not is_section("国际形势")


@pytest.mark.parametrize("line", ["Copyright (c) KCNA Watch", "Copyright © The Valley Gazette."])
def test_a_copyright_line_without_a_year(line: str) -> None:
    assert is_notice(line)
    assert not is_notice("Copyright © was the subject of the debate")


@pytest.mark.parametrize("title", ["A New Daily", "建设新农村", "A QUIET WEEKLY"])
def test_a_headline_over_a_date_is_no_masthead(title: str) -> None:
    version = only(read_document(f"{title}\n\n3 May 1964\n\n{STORY}", "a.txt"))
    assert (version.title, version.source) == (title, None)


def test_a_mail_says_its_title_and_date() -> None:
    header = "Received: from a\n\tby b\nFrom: A <a@example.org>\nSubject: News of the day\nSent: 3 May 2021 14:05\n"
    document = read_document(f"{header}\n{STORY}", "a.txt")
    version = only(document)
    assert (version.title, str(version.date)) == ("News of the day", "2021-05-03")
    assert [sentence.text for sentence in version.sentences] == ["News of the day", STORY.strip()]


@pytest.mark.parametrize(
    ("one", "other"), [("us-east-1", "us-east-2"), ("# Python 2", "# Python 3"), ("Table 1", "Table 2")]
)
def test_numbered_lines_in_a_list_are_no_running_heads(one: str, other: str) -> None:
    text = f"A list\n\nof places\n\n{one}\n\nand of others\n\n{other}\n\nand of more\n"
    kept = " ".join(sentence.text for sentence in only(read_document(text, "a.txt")).sentences)
    assert one.lstrip("# ") in kept
    assert other.lstrip("# ") in kept


def test_a_source_that_is_stated_outweighs_the_masthead() -> None:
    text = f"PEOPLE'S DAILY\nSource: A reading room\n3 May 1964\n\nFactories open\n\n{STORY}"
    version = only(read_document(text, "a.txt"))
    assert (version.title, version.source) == ("Factories open", "A reading room")


def test_an_item_whose_characters_a_scan_prints_apart() -> None:
    text = "地 方 工 业 在 发 展\n\n新 华 社 平 壤 十 一 月 三 日 电 　 据 朝 鲜 中 央 通 讯 社 讯 ： 工 厂 建 成 了 。 工 人 很 高 兴 。\n"
    version = only(read_document(text, "1959-11-05.txt"))
    assert (version.title, version.source, version.relay) == (
        "地方工业在发展",
        "Xinhua News Agency",
        "Korean Central News Agency",
    )
    assert [sentence.text for sentence in version.sentences][1:] == [
        "新华社平壤十一月三日电　据朝鲜中央通讯社讯：工厂建成了。",
        "工人很高兴。",
    ]
