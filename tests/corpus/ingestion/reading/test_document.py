"""The five seeds, each a trap, and the rules they stand for on other texts."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingestion.manifest import Entry, Statement
from corpus.ingestion.reading.document import Document, Version, read_document
from corpus.ingestion.reading.provenance import Overruled
from corpus.text.dates import parse_date
from corpus.text.languages import main_script
from corpus.text.spans import uncovered
from tests.conftest import SEEDS, seed_text

Seed = Callable[[str], Document]


def dropped(document: Document, text: str) -> dict[str, list[str]]:
    """Return what was left out, by reason."""
    left: dict[str, list[str]] = {}
    for _, piece in document.dropped:
        left.setdefault(piece.reason, []).append(text[piece.span.start : piece.span.end])
    return left


def only(document: Document) -> Version:
    (version,) = document.versions
    return version


def texts(version: Version) -> list[str]:
    return [sentence.text for sentence in version.sentences]


@pytest.mark.parametrize("number", SEEDS)
def test_nothing_of_a_seed_is_lost(seed: Seed, number: str) -> None:
    text, document = seed_text(number), seed(number)
    kept = [sentence.span for version in document.versions for sentence in version.sentences]
    left = [piece.span for _, piece in document.dropped]
    assert list(uncovered(text, [*kept, *left])) == []
    spans = sorted([*kept, *left], key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))


@pytest.mark.parametrize("number", SEEDS)
def test_offsets_lead_back_into_the_untouched_file(seed: Seed, number: str) -> None:
    text = seed_text(number)
    for version in seed(number).versions:
        for sentence in version.sentences:
            found = text[sentence.span.start : sentence.span.end]
            assert "".join(found.split()) == "".join(sentence.text.split())
            assert text.count("\n", 0, sentence.span.start) + 1 == sentence.span.line


# --- 003: a translation, a rule, "Original:", and the original --------------------------------------


def test_003_is_one_document_with_two_versions(seed: Seed) -> None:
    english, chinese = seed("003").versions
    assert (english.lang, english.relation) == ("en", "translation")
    assert (chinese.lang, chinese.relation) == ("zh", "original")
    assert len(english.sentences) == len(chinese.sentences) == 11


def test_003_original_has_its_provenance(seed: Seed) -> None:
    chinese = seed("003").versions[1]
    assert (chinese.source, chinese.relay) == ("Xinhua News Agency", "Korean Central News Agency")
    assert chinese.page == "5"
    assert (str(chinese.date), chinese.date_basis) == ("1959-05-20", "stated")
    assert chinese.author is None
    assert chinese.url is None


def test_003_translation_is_of_unknown_date_and_hand(seed: Seed) -> None:
    english = seed("003").versions[0]
    assert (english.date, english.date_basis, english.author, english.page) == (None, None, None, None)


def test_003_print_page_furniture_is_no_text(seed: Seed) -> None:
    text, document = seed_text("003"), seed("003")
    left = dropped(document, text)
    assert left["repeat"] == ["郡郡都办工厂　加强国家经济  朝鲜地方工业犹如雨后春笋"]
    assert {"第5版()", "专栏：", "1959-05-20", "###", "<hr />", "Original:", "Page: 5"} <= set(
        left["furniture"]
    )
    assert "boilerplate" not in left


def test_003_headlines_are_kept_once_as_printed(seed: Seed) -> None:
    english, chinese = seed("003").versions
    assert texts(chinese)[:2] == ["郡郡都办工厂　加强国家经济", "朝鲜地方工业犹如雨后春笋"]
    assert texts(english)[0].startswith("Counties All Run Factories")
    assert english.title == texts(english)[0]
    assert chinese.title == "郡郡都办工厂　加强国家经济　朝鲜地方工业犹如雨后春笋"


# --- 002 and 004: captured aggregator pages ---------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "date", "captured", "count"),
    [("002", "2023-09-18", "2026-02-21", 6), ("004", "2025-02-10", "2026-01-05", 14)],
)
def test_aggregator_pages(seed: Seed, number: str, date: str, captured: str, count: int) -> None:
    document = seed(number)
    version = only(document)
    assert (str(version.date), version.date_basis) == (date, "stated")
    assert str(document.captured) == captured
    assert version.source == "Korean Central News Agency"
    assert version.url == "www.kcna.kp"
    assert len(version.sentences) == count


@pytest.mark.parametrize("number", ["002", "004"])
def test_other_articles_on_the_page_are_boilerplate(seed: Seed, number: str) -> None:
    text, document = seed_text(number), seed(number)
    start = text.index("More From")
    assert all(sentence.span.end <= start for sentence in only(document).sentences)
    after = [piece for _, piece in document.dropped if piece.span.start >= start]
    assert {piece.reason for piece in after} == {"boilerplate"}
    assert text[after[-1].span.start : after[-1].span.end] == "More Articles"


@pytest.mark.parametrize("number", ["002", "004"])
def test_the_end_mark_is_neither_a_sentence_nor_a_heading(seed: Seed, number: str) -> None:
    document = seed(number)
    assert not any("-0-" in text for text in texts(only(document)))
    assert "-0-" in dropped(document, seed_text(number))["furniture"]


def test_day_and_month_are_told_apart_by_dateline_and_closing_line() -> None:
    text = seed_text("004")
    without_closing = text.replace("www.kcna.kp (2025.02.10.)", "")
    assert str(only(read_document(without_closing, "a.txt")).date) == "2025-02-10"
    without_both = without_closing.replace("Pyongyang, February 10 (KCNA) -- ", "")
    assert str(only(read_document(without_both, "a.txt")).date) == "2025"
    october = text.replace("2025.02.10.", "2025.10.02.").replace("February 10 (", "October 2 (")
    assert str(only(read_document(october, "a.txt")).date) == "2025-10-02"


def test_a_date_in_the_story_is_not_the_documents() -> None:
    story = "One day in October 2020, Kim Jong Un visited the township of Kimhwa County in Kangwon Province."
    assert only(read_document(story, "a.txt")).date is None


# --- 001: repeats, hyphen headings, no date ---------------------------------------------------------


def test_001_repeats_seven_paragraphs(seed: Seed) -> None:
    repeats = [piece for _, piece in seed("001").dropped if piece.reason == "repeat"]
    assert [piece.span.line for piece in repeats] == list(range(30, 37))


def test_001_headings_begin_with_a_hyphen(seed: Seed) -> None:
    version = only(seed("001"))
    headings = [sentence.text for sentence in version.sentences if sentence.kind == "heading"]
    assert headings == [
        "For the Development of Regional industry: DPRK",
        "General Secretary Kim Jong Un Makes Historic Speech at Ground-breaking Ceremony for Construction of "
        "Regional-industry Factories in Songchon County",
        "Kim Jong Un and the Regional Development 20×10 Policy",
        "DPRK’s Economy Viewed from New Regional Development Policy",
        "Regional-Industry Factories in Kimhwa County",
    ]


def test_001_is_not_mended(seed: Seed) -> None:
    found = texts(only(seed("001")))
    assert any(text.startswith("Thirdly, ") for text in found)
    assert not any(text.startswith(("Secondly", "Second,")) for text in found)


def test_001_is_dated_by_the_manifest_alone(seed: Seed) -> None:
    version = only(seed("001"))
    assert (str(version.date), version.date_basis) == ("2024", "manifest")
    assert version.source is None
    assert only(read_document(seed_text("001"), SEEDS["001"])).date is None


# --- 000: a copyright line --------------------------------------------------------------------------


def test_000_is_not_dated_by_its_copyright_line(seed: Seed) -> None:
    document = seed("000")
    version = only(document)
    assert (str(version.date), version.date_basis) == ("2022-11-11", "stated")
    assert version.source is None
    assert dropped(document, seed_text("000"))["boilerplate"] == ["2023 © All rights reserved."]
    assert document.rights is not None
    assert "2023 © All rights reserved." in document.rights


# --- the rules on other texts -----------------------------------------------------------------------


def test_the_file_name_decides_nothing_but_a_date_it_states() -> None:
    assert read_document(seed_text("003"), "other.txt").versions[1].page == "5"
    found = only(read_document("A county built a factory of its own last year.", "1959-05-20_page5.txt"))
    assert (str(found.date), found.date_basis) == ("1959-05-20", "inferred")


def test_versions_may_alternate() -> None:
    pairs = [
        ("这些工厂包括一百七十六个食品工厂。", "These factories include 176 food factories."),
        ("目前每个郡都建立了五个以上的地方工厂。", "Each county now has more than five local factories."),
        ("地方工业的发展起着很大的作用。", "The development of local industry plays a great part."),
    ]
    document = read_document("\n\n".join(text for pair in pairs for text in pair), "a.txt")
    assert [version.lang for version in document.versions] == ["zh", "en"]
    assert [texts(version) for version in document.versions] == [
        [zh for zh, _ in pairs],
        [en for _, en in pairs],
    ]
    assert {version.relation for version in document.versions} == {"unknown"}


def test_a_quotation_is_no_version() -> None:
    text = (
        "The word for local industry in the Chinese press of the time was this:\n\n地方工业\n\n"
        "It stands in the headline of many an article about the counties of the north, and in the reports of "
        "the agency that the papers printed for their readers every week of that year."
    )
    assert len(read_document(text, "a.txt").versions) == 1


def test_translation_marker_names_the_original_above_it() -> None:
    text = "朝鲜地方工业的发展起着很大的作用。\n\n译文：\n\nThe development of local industry plays a great part."
    assert [version.relation for version in read_document(text, "a.txt").versions] == [
        "original",
        "translation",
    ]


def test_the_manifest_may_name_the_original() -> None:
    text = "The development of local industry plays a great part.\n\n朝鲜地方工业的发展起着很大的作用。"
    document = read_document(text, "a.txt", Entry(original="zh", date=parse_date("1959")))
    english, chinese = document.versions
    assert (english.relation, english.date) == ("translation", None)
    assert (chinese.relation, str(chinese.date), chinese.date_basis) == ("original", "1959", "manifest")


def test_a_manifest_that_contradicts_the_text_is_followed_and_noted() -> None:
    document = read_document(seed_text("000"), "a.txt", Entry(date=parse_date("2021")))
    assert str(only(document).date) == "2021"
    assert document.notes == ("dated 2021 as stated by the manifest; the text says 2022-11-11",)


@pytest.mark.parametrize("version", [False, True])
def test_a_source_that_is_stated_goes_by_its_one_name(*, version: bool) -> None:
    about = Statement(source="KCNA", relay="新华社")
    entry = Entry(versions={"en": about}) if version else Entry(source="KCNA", relay="新华社")
    read = only(read_document("The county built a factory of its own last year.", "a.txt", entry))
    assert (read.source, read.relay) == ("Korean Central News Agency", "Xinhua News Agency")
    other = read_document("The county built a factory of its own.", "a.txt", Entry(source="KCNA Watch Daily"))
    assert only(other).source == "KCNA Watch Daily"


def test_a_date_of_an_option_says_so_and_a_manifests_for_one_version_outweighs_it() -> None:
    year, other = parse_date("1959"), parse_date("1960")
    document = read_document(seed_text("000"), "a.txt", Entry(date=other), Entry(date=year))
    assert (only(document).date, only(document).date_basis) == (year, "option")
    assert document.notes == ()  # it is in `overruled`
    assert document.overruled == (Overruled("date", "1960", "1959"),)
    entry = Entry(versions={"en": Statement(date=other)})
    document = read_document(seed_text("000"), "a.txt", entry, Entry(date=year))
    assert (only(document).date, only(document).date_basis, document.overruled) == (other, "manifest", ())


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems(newline: str) -> None:
    text = seed_text("003").replace("\n", newline)
    assert [texts(version) for version in read_document(text, "a.txt").versions] == [
        texts(version) for version in read_document(seed_text("003"), "a.txt").versions
    ]


@pytest.mark.parametrize(
    ("top", "title", "date"),
    [
        ("Factories open\n\nNovember 11, 2022\n\n", "Factories open", "2022-11-11"),
        (
            "What does the new policy mean for local industry?\n\n",
            "What does the new policy mean for local industry?",
            None,
        ),
        (
            "全党全国人民动员起来，为大力发展地方工业而奋斗！\n1959年5月20日\n",
            "全党全国人民动员起来，为大力发展地方工业而奋斗！",
            "1959-05-20",
        ),
        ("Title: Factories open\nDate: 1959-05\n\n", "Factories open", "1959-05"),
        ("Title: Factories open\nDate: 1959\n\n", "Factories open", "1959"),
        (
            "Factories open\nSource: Xinhua | 2021-12-03 18:22:41 | Editor: huaxia\n\n",
            "Factories open",
            "2021-12-03",
        ),
        ("工厂开工\n《人民日报》1958年11月2日第4版\n\n", "工厂开工", "1958-11-02"),
        ("工厂开工\n一九五八年十一月二日\n\n", "工厂开工", "1958-11-02"),
        ("Factories open\nWednesday, February 7, 2024, 09:14 GMT\n\n", "Factories open", "2024-02-07"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_headline_and_date_over_a_story(top: str, title: str, date: str | None, *, wrapped: bool) -> None:
    if main_script(top) == "cjk":
        story = (
            "地方工业工厂的建设在全国各地展开。\n每个郡都建立了五个以上的工厂，今年的产值要比去年增加一倍。\n"
            * 2
        )
        version = only(read_document(top + story, "a.txt"))
        assert (version.title, version.date and str(version.date)) == (title, date)
        return
    story = (
        "The modernization of local-industry factories is pushed ahead across the country,\n"
        "and the standards that should be met in this effort are the factories in Kimhwa,\n"
        "which were built last June as models. That is what the plan of that year asks for.\n"
    )
    version = only(read_document(top + (story if wrapped else story.replace("\n", " ")), "a.txt"))
    assert version.title == title
    assert (version.date and str(version.date)) == date
    assert texts(version)[-1] == "That is what the plan of that year asks for."


def test_a_two_line_paragraph_of_a_wrapped_text_is_joined() -> None:
    text = (
        "The modernization of local-industry factories is pushed ahead across the country,\n"
        "and the standards that should be met in this effort are the factories in Kimhwa,\n"
        "which were built last June as models.\n\n"
        "The second paragraph has one full line of text and then a few words more that are\n"
        "wrapped by hand.\n"
    )
    assert texts(only(read_document(text, "a.txt")))[1].endswith("words more that are wrapped by hand.")


@pytest.mark.parametrize(
    "line",
    [
        "The Assembly adopted the copyright law on Monday.",
        "Copyright © was the subject of the debate. The minister said so.",
        "版权所有是一个重要的问题。我们应该加以讨论。",
        "More from less: how the county of Kimhwa saves coal",
        "Related articles",
        "责任编辑：这个职务在报社里十分重要，他说。",
    ],
)
def test_words_of_boilerplate_in_a_story_are_kept(line: str) -> None:
    before = "The county has built a factory of its own in the last year, and it is at work."
    after = "The second paragraph tells of the workers who came to the county from the city."
    text = f"{before}\n\n{line}\n\n{after}\n"
    document = read_document(text, "a.txt")
    kept = " ".join(sentence.text for version in document.versions for sentence in version.sentences)
    assert line.replace("。我们", "。 我们") in kept
    assert after in kept
    assert document.rights is None


@pytest.mark.parametrize("headline", ["标题：山区小学的新校舍", "山区小学的新校舍"])
def test_a_headline_above_the_markers_is_no_version(headline: str) -> None:
    text = (
        f"{headline}\n\n原文：\n\n山区的小学去年建成了新的校舍。学生们已经搬了进去。\n\n译文：\n\n"
        "The primary school in the mountains got a new building last year. The pupils have moved in."
    )
    chinese, english = read_document(text, "a.txt").versions
    assert (chinese.lang, chinese.relation, chinese.title) == ("zh", "original", "山区小学的新校舍")
    assert (english.lang, english.relation) == ("en", "translation")


@pytest.mark.parametrize(
    ("opening", "date", "source"),
    [
        ("新华社北京1956年5月3日电　", "1956-05-03", "Xinhua News Agency"),
        ("LONDON, Feb. 10, 2025 (Reuters) -- ", "2025-02-10", "Reuters"),
        ("LONDON, March 14, 1963 - ", "1963-03-14", None),
        ("London, 14 March 1963 (Reuters) - ", "1963-03-14", "Reuters"),
        ("London, March 14 (Reuters) - ", None, "Reuters"),
    ],
)
def test_datelines_with_a_year_date_the_item(opening: str, date: str | None, source: str | None) -> None:
    story = "工厂已经建成了。" if opening.startswith("新") else "The county has built a factory of its own."
    version = only(read_document(opening + story, "a.txt"))
    assert (version.date and str(version.date), version.source) == (date, source)


def test_labels_under_a_translation_marker_are_the_translations() -> None:
    text = (
        "朝鲜地方工业的发展起着很大的作用。\n\nTranslation:\n\nAuthor: John Smith\nDate: 2020-01-01\n\n"
        "The development of local industry plays a great part."
    )
    chinese, english = read_document(text, "a.txt").versions
    assert (chinese.author, chinese.date) == (None, None)
    assert (english.author, str(english.date)) == ("John Smith", "2020-01-01")


def test_a_newspaper_whose_name_holds_an_agencys_is_not_that_agency() -> None:
    text = (
        "Title: A report\nSource: Xinhua Daily\n\nThe county has built a factory of its own in the last year."
    )
    assert only(read_document(text, "a.txt")).source == "Xinhua Daily"


def test_a_paper_that_prints_an_agencys_item_is_the_source() -> None:
    text = "工厂开工\n《人民日报》1958年11月2日第4版\n新华社平壤1日电　地方工业工厂已经开工了。"
    version = only(read_document(text, "a.txt"))
    assert (version.source, version.relay, version.page) == ("People's Daily", "Xinhua News Agency", "4")


def test_items_of_several_agencies_have_no_source() -> None:
    text = "新华社平壤1日电　地方工业工厂已经开工了。\n塔斯社莫斯科2日电　工厂的机器已经运到了。\n"
    document = read_document(text, "a.txt")
    assert only(document).source is None
    assert any("TASS, Xinhua" in note for note in document.notes)


def test_dates_that_contradict_are_noted() -> None:
    text = "Title: A\nDate: 1959-05-20\n\nThe county has built a factory of its own.\n\nwww.kcna.kp (1959.07.01.)\n"
    document = read_document(text, "a.txt")
    assert str(only(document).date) == "1959-05-20"
    assert any("also gives 1959-07-01" in note for note in document.notes)
    doubtful = read_document("Date: 1959-05-20 or 1959-05-21\n\nThe county has built a factory.", "a.txt")
    assert str(only(doubtful).date) == "1959"


def test_an_impossible_date_in_a_file_name_is_none() -> None:
    assert only(read_document("The county has built a factory of its own.", "2024-02-30.txt")).date is None


def test_a_figure_that_differs_by_a_point_is_no_repeat() -> None:
    line = (
        "The total output value of the local industry of the county rose {} times in that year of the plan."
    )
    text = line.format("2.6") + "\n\n" + line.format("26")
    assert len(only(read_document(text, "a.txt")).sentences) == 2


@pytest.mark.parametrize(
    "marker", ["【译文】", "（译文）", "译文：", "[Translation]", "English translation:"]
)
def test_forms_of_the_marker(marker: str) -> None:
    text = f"朝鲜地方工业的发展起着很大的作用。\n\n{marker}\n\nThe development of local industry plays a great part."
    assert [version.relation for version in read_document(text, "a.txt").versions] == [
        "original",
        "translation",
    ]


def test_a_footnote_in_another_language_does_not_change_the_language() -> None:
    text = "The county has built a factory of its own in the last year, and it is at work.\n\n1. 见《地方工业》。\n"
    assert [version.lang for version in read_document(text, "a.txt").versions] == ["en"]


def test_a_short_refrain_is_no_repeat() -> None:
    text = "Forward to the new century of the people!\n\n" + "A verse of the song that the workers sing.\n\n"
    assert len(only(read_document(text * 3, "a.txt")).sentences) == 6


LINES = st.lists(
    st.sampled_from(
        [
            "", "---", "Original:", "Title: A headline", "Date: 10/02/2025", "朝鲜地方工业犹如雨后春笋", "专栏：",
            "第5版()", "### A headline", "-A heading", "新华社平壤19日电　据朝鲜中央通讯社讯：工厂已经建成了。",
            "The development of local industry plays a great part. It does. -0-", "More From KCNA.kp (En)",
            "2023 © All rights reserved.", "www.kcna.kp (2025.02.10.)", "January 05, 2026Jan 05, 2026", "……", "★",
            "  indented line of text that goes on and on until it is long enough to be", "\ufeff", "A | B: c | d",
            "人民日報", "第三版", "Page 3", "From: a@example.org", "Subject: A headline", "INTERNATIONAL",
            "平壤 3월 5일", "(평양 3월 5일 조선중앙통신)", "PYONGYANG, Oct. 3 (KCNA) --", "Nov 17, '64", "the indus-",
            "try of the county, and all of it", "DAILY REPORT - 12 -", "DAILY REPORT - 13 -",
        ]
    ),
    max_size=14,
)  # fmt: skip


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_every_character_is_kept_or_accounted_for(lines: list[str]) -> None:
    text = "\n".join(lines)
    document = read_document(text, "a.txt")
    spans = [sentence.span for version in document.versions for sentence in version.sentences]
    spans += [piece.span for _, piece in document.dropped]
    assert list(uncovered(text, spans)) == []
    spans.sort(key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
