from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align import Bead, coverage, format_beads, parse_beads

ids = st.lists(st.integers(0, 10**6), max_size=6, unique=True).map(lambda xs: tuple(sorted(xs)))


@given(st.lists(st.builds(Bead, src=ids, tgt=ids), max_size=20))
def test_what_is_written_reads_back(beads: list[Bead]) -> None:
    assert parse_beads(format_beads(beads)) == beads


def test_the_form_of_gold_files() -> None:
    text = "[0,1]:[0]\r\n\n[ 2 ] : []\n[]:[1, 2]:0.25\n"
    assert parse_beads(text) == [Bead((0, 1), (0,)), Bead((2,), ()), Bead((), (1, 2))]
    assert format_beads([Bead((0, 1), (2,)), Bead((), (3,))]) == "[0, 1]:[2]\n[]:[3]\n"


@pytest.mark.parametrize(
    "line", ["0:0", "[0]", "[0]:[x]", "[0,,1]:[2]", "[-1]:[0]", "[1,1]:[0]", "[0]:[1] extra stuff"]
)
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 3"):
        parse_beads(f"[0]:[0]\n[1]:[1]\n{line}\n")


def test_kind_and_null() -> None:
    assert Bead((0, 1), (4,)).kind == "2:1"
    assert not Bead((0, 1), (4,)).is_null
    assert Bead((), (4,)).is_null


def test_coverage_counts_the_sentences_of_beads_to_be_believed() -> None:
    beads = [Bead((0,), (0, 1), 0.9), Bead((1,), (2,), 0.4), Bead((2,), ()), Bead((3,), (3,), 0.5)]
    assert coverage(beads) == 5 / 8
    assert coverage(beads, 0.3) == 7 / 8
    assert coverage([Bead((0,), ()), Bead((), (0,))]) == 0.0
    assert coverage([]) == 0.0
