"""Markdown: what is text, and what is dropped and listed."""

from __future__ import annotations

import pytest

from corpus.ingestion.reading.document import Document, read_document

FRONT = "---\ntitle: The county\ndate: 1959-05-20\nlayout: post\ntags:\n- factory\n---\n\n"
STORY = "The county built a factory of its own last year, and the workers rejoiced over it.\n"


def texts(document: Document) -> list[str]:
    return [sentence.text for version in document.versions for sentence in version.sentences]


def dropped(text: str, document: Document) -> list[str]:
    return [text[left.span.start : left.span.end] for _, left in document.dropped]


def test_front_matter_is_dropped_and_its_labels_are_read() -> None:
    text = FRONT + STORY
    document = read_document(text, "a.md")
    assert texts(document) == ["The county", STORY.strip()]
    (version,) = document.versions
    assert (version.title, str(version.date)) == ("The county", "1959-05-20")
    assert {"layout: post", "tags:", "- factory", "---"} <= set(dropped(text, document))


def test_code_is_dropped_with_its_fences_and_is_no_source() -> None:
    text = f"# The plan\n\n{STORY}\n```python\nprint('hello, world')\n```\n\nIt went on.\n"
    document = read_document(text, "a.md")
    assert texts(document) == ["The plan", STORY.strip(), "It went on."]
    assert dropped(text, document) == ["#", "```python", "print('hello, world')", "```"]
    assert document.versions[0].source is None


def test_a_fence_that_nothing_closes_takes_nothing_along() -> None:
    document = read_document(f"```\n{STORY}", "a.md")
    assert texts(document) == [STORY.strip()]
    assert document.versions[0].source is None


def test_a_table_is_dropped_and_what_stands_beside_it_is_not() -> None:
    text = f"{STORY}\n| year | tons |\n|:-----|-----:|\n| 1958 | 300 |\n| 1959 | 400 |\n\nIt grew | a lot.\n"
    document = read_document(text, "a.md")
    assert texts(document) == [STORY.strip(), "It grew | a lot."]
    assert "| 1959 | 400 |" in dropped(text, document)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It is **very** new.", "It is very new."),
        ("It is *very* _new_ and `plain`.", "It is very new and plain."),
        ("See [the report](https://example.org/a) of it.", "See the report of it."),
        ("It was over.[^1] Then it rained.", "It was over. Then it rained."),
        ("这是**重要**的工厂。", "这是重要的工厂。"),
        ("Two * three * four and snake_case_words stay.", "Two * three * four and snake_case_words stay."),
        ("It is 5*3*2 in all.", "It is 5*3*2 in all."),
    ],
)
def test_marks_in_a_line(written: str, read: str) -> None:
    document = read_document(f"{STORY}\n{written}\n", "a.md")
    assert " ".join(texts(document)[1:]) == read


def test_notes_and_quotations_are_text() -> None:
    text = f"{STORY}\n> The plan is fulfilled.\n\n[^1]: See the report of 1959.\n\n![a photo](a.png)\n"
    document = read_document(text, "a.md")
    assert texts(document)[1:] == ["The plan is fulfilled.", "See the report of 1959."]
    assert dropped(text, document) == [">", "[^1]:", "![a photo](a.png)"]


def test_code_between_tildes_is_dropped_and_text_between_rules_is_not() -> None:
    text = f"{STORY}\n~~~python\nprint('hello')\n~~~\n\nIt went on.\n\n~~~\n\nAnother day came.\n\n~~~\n"
    document = read_document(text, "a.md")
    assert texts(document) == [STORY.strip(), "It went on.", "Another day came."]


def test_addresses_for_names_and_remarks_are_dropped() -> None:
    text = f'{STORY}\nSee [the plan][1].\n\n<!-- to be checked -->\n\n[1]: https://example.org/plan "Plan"\n[A note]: it was so.\n'
    document = read_document(text, "a.md")
    assert "[A note]: it was so." in texts(document)
    assert dropped(text, document) == ["<!-- to be checked -->", '[1]: https://example.org/plan "Plan"']


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("工人们很*高兴*，_都_来了。", "工人们很高兴，都来了。"),
        ("完成了。*工人们很高兴。*他们也是。", "完成了。*工人们很高兴。*他们也是。"),
        ("It is ***very*** new.", "It is very new."),
        (
            "See [the report][1] and [that one][].\n\n[1]: https://example.org/a",
            "See the report and that one.",
        ),
        ("It is <b>new</b>, and <i>good</i>.", "It is new, and good."),
        ("Five < six > four is a riddle.", "Five < six > four is a riddle."),
        (r"It has \*stars\* of its own.", "It has *stars* of its own."),
        ("- [ ] Build it.\n- [x] Plan it.\n+ Rest.", "Build it. Plan it. Rest."),
        ("> > It is new.", "It is new."),
        ("<!-- nobody\nreads this\n-->\n\nIt is new.", "It is new."),
        ("year | tons\n--|--\n1958 | 300\n\nIt grew.", "It grew."),
        ("[![a badge](https://example.org/a.svg)](https://example.org)\n\nIt is new.", "It is new."),
    ],
)
def test_what_else_is_written_in_markdown(written: str, read: str) -> None:
    document = read_document(f"{STORY}\n{written}\n", "a.md")
    assert " ".join(texts(document)[1:]) == read


def test_numbers_behind_a_heading_are_no_text() -> None:
    document = read_document(f"{STORY}\n## The plan ##\n\n{STORY}\n## The end {{#end}}\n\n{STORY}", "a.md")
    assert texts(document)[1::2] == ["The plan", "The end"]


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: 'The county'\ndate: \"1959-05-20\"\ndescription: >\n  long\n  text\n---\n",
        '+++\ntitle = "The county"\ndate = 1959-05-20\ndraft = false\n+++\n',
    ],
)
def test_front_matter_with_quotes_and_of_toml(front: str) -> None:
    document = read_document(f"{front}\n{STORY}", "a.md")
    assert texts(document) == ["The county", STORY.strip()]
    (version,) = document.versions
    assert (version.title, str(version.date)) == ("The county", "1959-05-20")
