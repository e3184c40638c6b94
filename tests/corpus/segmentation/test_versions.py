"""A text in two languages is a translation by evidence, not by the share of letters."""

from __future__ import annotations

import pytest

from corpus.ingestion.manifest import Entry
from corpus.ingestion.reading.document import read_document

ZH = (
    "外交部发言人今天在记者会上说，中国一贯主张和平解决国际争端。",
    "发言人指出，有关国家应当尊重历史事实，停止一切挑衅行为，回到谈判桌上来。",
    "他还回答了记者关于双边贸易、文化交流和人员往来的提问。",
    "记者会持续了一个半小时，五十多家媒体的记者出席。",
)
EN = (
    "A spokesman of the foreign ministry said at a press conference today that China stands for settling disputes.",
    "He pointed out that the countries concerned should respect the facts of history and return to the table.",
    "He also answered questions about trade, cultural exchange and travel between the two countries.",
    "The press conference went on for an hour and a half, with reporters of more than fifty media present.",
)
STATEMENT = (
    '"The United States remains committed to the security of its allies in the region and will continue to work '
    'with them on this," the State Department said in a statement on Tuesday evening.'
)


def langs(text: str, entry: Entry | None = None) -> list[str]:
    return [version.lang for version in read_document(text, "a.txt", entry).versions]


@pytest.mark.parametrize(
    "paragraphs",
    [
        [*ZH[:2], STATEMENT, *ZH[2:]],
        [*ZH, STATEMENT],
        [ZH[0], "美国国务院的声明说：", STATEMENT, STATEMENT.replace("Tuesday", "Monday"), *ZH[1:]],
        [*EN[:2], ZH[1], *EN[2:]],
        [*EN, "She wrote:", ZH[0]],
    ],
)
def test_a_quotation_stays_in_the_version_that_quotes(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)
    (version,) = read_document(text, "a.txt").versions
    assert version.lang == ("zh" if paragraphs[0] in ZH else "en")
    read = "".join(sentence.text for sentence in version.sentences)
    assert all(paragraph[:20] in read for paragraph in paragraphs)


@pytest.mark.parametrize(
    "paragraphs",
    [
        [*ZH, *EN],
        [*EN, *ZH],
        [piece for pair in zip(ZH, EN, strict=True) for piece in pair],
        ["中国主张和平", "China stands for peace", *ZH, *EN],
        [*ZH, *EN[:3]],
    ],
)
def test_a_translation_is_a_version_of_its_own(paragraphs: list[str]) -> None:
    assert sorted(langs("\n\n".join(paragraphs))) == ["en", "zh"]


def test_figures_that_differ_tell_two_stories() -> None:
    zh = "1959年生产了27.5万吨钢，比1958年增加了3860吨。"
    same = "In 1959 it made 275,000 tons of steel, 3,860 more than in 1958."
    other = "In 1994 it sold 1,480 cars, about 15 percent of 9,900 in all."
    assert langs(f"{zh}\n\n{same}") == ["zh", "en"]
    assert langs(f"{zh}\n\n{other}") == ["zh"]


def test_a_marker_or_a_manifest_says_so() -> None:
    text = "\n\n".join([*ZH, STATEMENT])
    assert langs(text, Entry(original="zh")) == ["zh", "en"]
    assert langs("\n\n".join([*ZH, "Translation:", STATEMENT])) == ["zh", "en"]


def test_what_repeats_is_dropped_of_all_versions_or_of_none() -> None:
    refrain_zh = "朝鲜人民团结在劳动党周围胜利前进。"
    refrain_en = (
        "The people of Korea advance in victory, rallied around the Workers' Party, from year to year."
    )
    zh, en = [ZH[0], refrain_zh, ZH[1], refrain_zh, ZH[2]], [EN[0], refrain_en, EN[1], refrain_en, EN[2]]
    document = read_document("\n\n".join([*zh, *en]), "a.txt")
    assert [len(version.sentences) for version in document.versions] == [5, 5]
    # A whole stretch that one version prints twice stays in it, or the other would face nothing there.
    document = read_document("\n\n".join([*ZH, *ZH[:3], *EN, EN[0]]), "a.txt", Entry(original="zh"))
    counts = {version.lang: len(version.sentences) for version in document.versions}
    assert counts == {"zh": 7, "en": 5}
