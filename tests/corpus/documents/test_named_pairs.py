"""Files that are translations by their names."""

from __future__ import annotations

import pytest

from corpus.base.errors import InputError
from corpus.documents.named_pairs import pair_folders, pair_names


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("b.zh.txt", "b.en.txt", "zh"),
        ("b_zh.txt", "b_en.txt", "zh"),
        ("b-zh-CN.md", "b-en.md", "zh"),
        ("zh/b.txt", "en/b.txt", "zh"),
        ("news/chinese/1959/b.txt", "news/english/1959/b.txt", "zh"),
        ("ko.b.txt", "en.b.txt", "ko"),
        ("zh_b.txt", "en_b.txt", "zh"),
    ],
)
def test_names_say_what_belongs_together(one: str, other: str, lang: str) -> None:
    found = pair_names([one, other, "c.txt", "x/c.txt"])
    assert [dict(group) for group in found.groups.values()] == [{"en": other, lang: one}]
    assert found.alone == []


def test_what_has_no_partner_is_listed() -> None:
    found = pair_names(["a.zh.txt", "a.en.txt", "b.zh.txt", "c.txt", "made-it.txt"])
    assert (len(found.groups), found.alone) == (1, ["b.zh.txt"])  # "it" is no language here


def test_two_files_of_one_name_and_language_are_not_guessed_at() -> None:
    assert not pair_names(["a.zh.txt", "zh/a.txt", "en/a.txt"]).groups


def test_a_pattern_says_where_name_and_language_are() -> None:
    found = pair_names(["x/C_17.txt", "x/E_17.txt", "y/E_17.txt"], "{lang}_{name}.txt")
    assert [dict(group) for group in found.groups.values()] == [{"c": "x/C_17.txt", "e": "x/E_17.txt"}]
    for wrong in ("{name}.txt", "{lang}", "{name}{name}{lang}"):
        with pytest.raises(InputError, match="pattern"):
            pair_names([], wrong)


def test_folders_pair_by_name_and_else_but_for_the_language() -> None:
    pairs, alone = pair_folders(["a.txt", "b.zh.txt", "c.zh.txt", "d"], ["a.txt", "b.en.txt", "e.en.txt"])
    assert (pairs, alone) == ([("a.txt", "a.txt"), ("b.zh.txt", "b.en.txt")], ["c.zh.txt", "d", "e.en.txt"])
