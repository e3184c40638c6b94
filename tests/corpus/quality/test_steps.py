from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.base.errors import CorpusError
from corpus.quality.bead_specs import Correction, likely_cut
from corpus.quality.number_marks import differing_numbers

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


def state(corpus: Corpus) -> list[tuple[object, ...]]:
    return corpus.review("003").select("src_ids", "tgt_ids", "right", "set").rows()


def test_steps_are_taken_back_in_turn(seeded: Workspace) -> None:
    corpus = Corpus(seeded.path)
    states = [state(corpus)]
    steps = []
    judged = (("5", True), ("5", Correction(merge_next=True)), ("0", Correction(split="0:0")), ("3", False))
    for bead, verdict in judged:
        steps.append(corpus.judge("003", bead, verdict, by="A. Reader"))
        states.append(state(corpus))
    assert len({repr(one) for one in states}) == 5
    for step, before in zip(reversed(steps), reversed(states[:-1]), strict=True):
        corpus.take_back(step)
        assert state(corpus) == before
    assert corpus.reviews().is_empty()


def test_what_was_changed_since_is_not_taken_back(seeded: Workspace) -> None:
    corpus = Corpus(seeded.path)
    step = corpus.judge("003", "5", verdict=True)
    corpus.judge("003", "5", verdict=False)
    before = corpus.reviews().rows()
    with pytest.raises(CorpusError, match="changed since"):
        corpus.take_back(step)
    assert corpus.reviews().rows() == before


def test_what_somebody_else_said_meanwhile_stays(seeded: Workspace) -> None:
    corpus = Corpus(seeded.path)
    step = corpus.judge("003", "5", verdict=False)
    corpus.review("003", 7, "right", by="B. Other")
    corpus.take_back(step)
    assert corpus.reviews()["by"].to_list() == ["B. Other"]


@pytest.mark.parametrize(
    ("src", "tgt", "marked"),
    [
        ("生产了八千五百三十三吨。", "produced 8,353 tons in 1959.", (["八千五百三十三"], ["8,353", "1959"])),
        ("一百七十六个工厂", "176 factories", ([], [])),
        ("增长了27.5％。", "rose by 25.7 percent", (["27.5％"], ["25.7 percent"])),
        ("no number", "nor here", ([], [])),
        ("there were forty-two of them", "共有四十三个", (["forty-two"], ["四十三"])),
    ],
)
def test_numbers_that_one_side_lacks_are_marked(
    src: str, tgt: str, marked: tuple[list[str], list[str]]
) -> None:
    places = differing_numbers(src, tgt)
    assert (
        tuple([text[a:b] for a, b in side] for text, side in zip((src, tgt), places, strict=True)) == marked
    )


def test_the_likely_cut_has_both_parts() -> None:
    assert likely_cut("a", "b", 2, 2) == (1, 1)
    assert likely_cut("a", "b", 4, 2) == (2, 1)
    assert likely_cut("a", "b", 1, 3) == (1, 1)
    assert likely_cut("a", "b", 1, 1) == (1, 0)
