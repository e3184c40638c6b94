"""Which pairs are exported, and in which languages their sides are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from align import Bead
from corpus.base.errors import CorpusError
from corpus.documents.bitext import Side
from corpus.documents.pair_selection import in_languages, pair_filter, select_pairs, swapped
from corpus.documents.pairs import pairs_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran


def side(lang: str, sentences: Sequence[str], **about: Any) -> Side:  # noqa: ANN401
    spans = [(k + 1, 10 * k, 10 * k + len(text)) for k, text in enumerate(sentences)]
    return Side(lang, sentences, spans, range(len(sentences)), [False] * len(sentences), about)


CHINESE = side("zh", ["一九五九年。", "好。", "好。", "走。"], date="1959", file="a.txt")
ENGLISH = side("en", ["In 1958.", "Good.", "Good .", "Go.", "Away."], date="1960", file="b.txt")
BEADS = [
    Bead((0,), (0,), 0.4, ("numbers: 1959 ≠ 1958", "low")),
    Bead((1,), (1,), 0.8),
    Bead((2,), (2,), 0.9, ("length",)),
    Bead((3,), (3,), 0.7),
    Bead((), (4,)),
]


@pytest.fixture
def pairs() -> pl.DataFrame:
    """Return pairs of a Chinese original and of an English one, of which the last was judged wrong."""
    frames = [
        pairs_frame("one", CHINESE, ENGLISH, BEADS),
        pairs_frame("two", ENGLISH, CHINESE, [Bead(bead.tgt, bead.src, bead.score) for bead in BEADS[1:4]]),
    ]
    verdicts = [None] * 7 + ["wrong"]
    return pl.concat(frames).with_columns(review=pl.Series(verdicts, dtype=pl.String))


def test_sides_are_in_the_languages_asked_for(pairs: pl.DataFrame) -> None:
    found = in_languages(pairs, "en", "zh")
    assert set(zip(found["src_lang"], found["tgt_lang"], strict=True)) == {("en", "zh")}
    assert found["doc_id"].to_list() == pairs["doc_id"].to_list()
    first = found.row(0, named=True)
    assert (first["src"], first["tgt"], first["date"], first["src_file"]) == (
        "In 1958.", "一九五九年。", "1960", "b.txt",
    )  # fmt: skip
    assert (first["flags"], first["src_start"]) == (["numbers: 1958 ≠ 1959", "low"], 0)
    assert found["bead"].to_list()[4] == "1:0"
    assert found.filter(doc_id="two").equals(pairs.filter(doc_id="two"))
    assert found.columns == pairs.columns


def test_turned_twice_is_as_it_was(pairs: pl.DataFrame) -> None:
    assert swapped(swapped(pairs)).equals(pairs)


@pytest.mark.parametrize(
    ("asked", "scores", "left_out"),
    [
        ({}, [0.4, 0.8, 0.9, 0.7, 0.0, 0.8, 0.9], {"judged wrong": 1}),
        ({"keep_wrong": True}, [0.4, 0.8, 0.9, 0.7, 0.0, 0.8, 0.9, 0.7], {}),
        ({"min_score": 0.8}, [0.8, 0.9, 0.0, 0.8, 0.9],
         {"judged wrong": 1, "with a score below 0.8": 2}),
        ({"no_flags": ["numbers", "length"]}, [0.8, 0.7, 0.0, 0.8, 0.9],
         {"judged wrong": 1, "with the flag numbers": 1, "with the flag length": 1}),
        ({"dedup": True, "langs": "zh-en"}, [0.4, 0.8, 0.9, 0.7, 0.0], {"judged wrong": 1, "repeated": 2}),
    ],
)  # fmt: skip
def test_what_is_not_asked_for_is_left_out_and_counted(
    pairs: pl.DataFrame, asked: dict[str, Any], scores: list[float], left_out: dict[str, int]
) -> None:
    found = select_pairs(pairs, pair_filter(**asked))
    assert found.pairs["score"].to_list() == scores
    assert found.left_out == left_out


def test_of_equal_texts_the_best_stays(pairs: pl.DataFrame) -> None:
    twice = pl.concat([pairs.head(2), pairs.slice(1, 1).with_columns(score=pl.lit(0.95))])
    kept = select_pairs(twice, pair_filter(dedup=True)).pairs
    assert kept["score"].to_list() == [0.4, 0.95]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"langs": "zh"}, "'zh' is no pair of languages"),
        ({"langs": "zh-english"}, "did you mean en"),
        ({"langs": "zh-ko"}, "no pairs in zh and ko; there are en-zh, zh-en"),
        ({"no_flags": ["nought"]}, "no flag nought; there are numbers"),
        ({"min_score": 1.5}, "a score is from 0 to 1"),
    ],
)
def test_mistakes_are_named(pairs: pl.DataFrame, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        select_pairs(pairs, pair_filter(**asked))


def test_the_command_leaves_out_what_is_wrong_and_says_so(cli: Callable[..., Ran], seeded: Workspace) -> None:
    assert cli("review", "003", "5", "wrong").code == 0
    ran = cli("export", "-", "--columns", "bead", "--no-header")
    assert ran.out.splitlines() == ["2:1"] + ["1:1"] * 8
    assert "left out: 1 judged wrong\n" in ran.err
    kept = cli("export", "-", "--columns", "bead,review", "--no-header", "--keep-wrong")
    assert "1:2\twrong" in kept.out.splitlines()
    assert "left out" not in kept.err
    turned = cli("export", "-", "--langs", "en-zh", "--min-score", "0.5", "--no-flags", "numbers", "--dedup")
    assert {line.split("\t")[2] for line in turned.out.splitlines()[1:]} == {"en"}
    assert cli("align", "-o", "-", "--columns", "bead").code == 0
    again = cli("export", "-", "--columns", "bead,review", "--no-header", "--keep-wrong")
    assert "1:2\twrong" not in again.out.splitlines()
