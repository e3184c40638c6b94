"""What the user writes of words: read, added, forbidden, and told what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.lexicons import WordPairs
from corpus.lexicons.written import Without, one_way, read_written

if TYPE_CHECKING:
    from pathlib import Path


def test_a_pair_holds_both_ways_and_says_its_line(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.tsv"
    file.write_text("\ufeff# mine\n\nzh\t簽字\ten\tto sign\nde\tWerk\ten\tplant\t0.4\n", "utf-8")
    lines = read_written(file)
    there, back = one_way(lines, "zh", "en"), one_way(lines, "en", "zh")
    assert there is not None
    assert back is not None
    assert there.translations("签字") == [("to sign", 0.9, "lexicon.tsv:3")]
    assert back.translations("signs") == [("簽字", 0.9, "lexicon.tsv:3")]
    assert one_way(lines, "de", "zh") is None
    german = one_way(lines, "en", "de")
    assert german is not None
    assert german.translations("Plants") == [("Werk", 0.4, "lexicon.tsv:4")]


def test_what_is_forbidden_counts_in_no_lexicon(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.tsv"
    file.write_text("en\tplant\tzh\t植物\tno\n", "utf-8")
    written = one_way(read_written(file), "zh", "en")
    assert written is not None
    pairs = WordPairs.of(
        ("zh", "en"), "a", [("植物", "plants", 2), ("植物", "vegetation", 1), ("工厂", "plant", 1)]
    )
    left = Without(pairs, written)
    assert [entry.word for entry in left.translations("植物")] == ["vegetation"]
    assert [entry.word for entry in left.translations("工厂")] == ["plant"]
    assert written.translations("植物") == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("zh\t工厂\ten", "3 columns"),
        ("zh 工厂 en factory", "1 column;"),
        ("zh\t工厂\ten\tfactory\t.5\tmore", "6 columns"),
        ("Chinese\t工厂\ten\tfactory", "'Chinese' is no language's code"),
        ("zh\t工厂\tzh\t厂", r"variants\.toml"),
        ("zh\t工厂\ten\t—", "'—' has no letter or digit"),
        ("zh\t工厂\ten\tfactory\t2", "'2' is neither a number above 0"),
        ("zh\t工厂\ten\tfactory\tnan", "'nan' is neither"),
        ("zh\t工厂\ten\tfactory\tnever", "'never' is neither"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, line: str, wrong: str) -> None:
    file = tmp_path / "lexicon.tsv"
    file.write_text(f"# of mine\nzh\t签字\ten\tsign\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=rf"lexicon\.tsv:3: .*{wrong}"):
        read_written(file)


def test_another_encoding_is_said(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.tsv"
    file.write_bytes("zh\t签字\ten\tsign\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"lexicon\.tsv: not UTF-8 at byte 5"):
        read_written(file)
