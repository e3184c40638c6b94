"""Whatever a file is mixed of: sentences in its order, none lost, none twice, none empty."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingestion.reading.document import Document, read_document

LINES = (
    "新闻", "the factory", "- 新工厂", "# The plan", "## 计划", "* 工厂建成了。", "1. Build factories.", "２．发展农业。",
    "新华社平壤19日电　据朝鲜中央通讯社讯：工厂建成了。１９５９年的计划执行了。", "Pyongyang, February 10 (KCNA) -- The county built it.",
    "(평양 10월 3일발 조선중앙통신) 공장이 완공되였다. 1959년이다.", "Page 3", "第4版", "Title: The factory", "日期：1959年5月20日",
    "© 1959 Agency", "read the original", "More from here", "---", "```", "| a | b |", "|---|---|", "**bold** _text_", "[^1]: Note.",
    "“这是对的。”他说。", "他读了《为什么？》和《前进！》", "the indus-", "try of the county", "Output grew 2.", "6 times since then.",
    "新 华 社 平 壤", "\u00ad", "\u200b", "\u2060", "   ", "", "　", "(", "”。", "…", "Обком им. Баумана. 1959 г.", "译文：", "Original:",
    "The modernization of local-industry factories is vigorously pushed ahead across the country,",
    "发言人说：“The workers of the county will go on. They shall not give up the factory now.”他走了。",
    "They called it “全世界无产者联合起来，打倒帝国主义和一切反动派！工厂万岁！” on Monday, and went home.",
    "「我们一定要完成计划，工人们的力量是无穷的，胜利一定属于我们，前进吧！」 he said.", "Рабочие округа построили новый завод.",
    "労働者たちは工場を建てた。", "\"The factory was built by the workers of the county.\"", "신 화 사 평 양 일 보",
    "and the standards that should be met in this effort are the factories in Kimhwa County,",
)  # fmt: skip
FILES = st.lists(
    st.sampled_from(LINES) | st.text(st.sampled_from("aB1。.！?“”（）《》：-*#|`[]\u00ad国工 "), max_size=20),
    max_size=14,
)


def check(text: str, document: Document) -> None:
    for version in document.versions:
        spans = [sentence.span for sentence in version.sentences]
        assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
        assert all(sentence.text.strip() for sentence in version.sentences)
        numbers = [sentence.paragraph for sentence in version.sentences]
        assert numbers == sorted(numbers)
        # A heading is in one language, and nothing is quoted in the language of its version.
        assert all(sentence.quoted != version.lang for sentence in version.sentences)
        assert all(sentence.quoted is None or len(sentence.quoted) == 2 for sentence in version.sentences)
        headings = [sentence.paragraph for sentence in version.sentences if sentence.kind == "heading"]
        assert len(headings) == len(set(headings))
    kept = [sentence.span for version in document.versions for sentence in version.sentences]
    spans = sorted([*kept, *(left.span for _, left in document.dropped)], key=lambda span: span.start)
    assert all(span.start < span.end for span in spans)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    between = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    assert between.strip(" \t\r\n\f\v\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\u00ad") == ""


@given(FILES, st.sampled_from(["\n", "\r\n", "\n\n"]))
@settings(deadline=None, max_examples=150)
def test_any_mixture(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    check(text, read_document(text, "a.txt"))


@pytest.mark.parametrize(
    "text",
    [
        "新闻\nthe factory\n- 新工厂",
        "the factory\n新闻\n- the new one",
        "# 计划\nfactory\n- 工厂\n1959年。\n- plan",
    ],
)
def test_bullets_between_scripts(text: str) -> None:
    document = read_document(text, "a.txt")
    check(text, document)
    spans = [sentence.span.start for version in document.versions for sentence in version.sentences]
    assert len(spans) >= 2


def test_what_cannot_be_seen_is_no_sentence() -> None:
    text = "The plan is fulfilled.\n\u00ad\n\u2060\u200d\nThe workers rejoiced over it.\n"
    (version,) = read_document(text, "a.txt").versions
    assert [sentence.text for sentence in version.sentences] == [
        "The plan is fulfilled.",
        "The workers rejoiced over it.",
    ]
