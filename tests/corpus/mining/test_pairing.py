"""Texts are paired by their sentences: candidates, evidence, what is accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.base.errors import InputError
from corpus.mining import neighbours as near
from corpus.mining import pairing
from corpus.mining.evidence.documents import FEATURES, Evidence, compare, days_between
from corpus.mining.model import AGAINST, ALIGNED, fit, read_pairing, shipped_pairing
from corpus.mining.neighbours import neighbours
from corpus.mining.pairing import Pairing, accepted, pair_texts
from corpus.mining.texts import MOST_ASKED, Text, spaced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.base.progress import Progress

SIZE = 8


def texts(count: int, lang: str, vectors: np.ndarray, *, days: list[date] | None = None) -> list[Text]:
    """Return texts of invented sentences, with these vectors: shape (count, SIZE, dim)."""
    made = []
    for number in range(count):
        own = vectors[number] / np.linalg.norm(vectors[number], axis=1, keepdims=True)
        day = None if days is None else days[number]
        sentences = [f"{lang} {number} {k}" for k in range(len(own))]
        made.append(Text(f"{lang}{number:02}", 0, lang, sentences, own.astype(np.float32), day, day))
    return made


@pytest.fixture(scope="module")
def sides() -> tuple[list[Text], list[Text]]:
    """Thirty texts and their translations; of the last three there are none, but other ones of their subject."""
    rng = np.random.default_rng(7)
    subject = rng.normal(size=(30, 1, 64)) * 0.25
    vectors = rng.normal(size=(30, SIZE, 64)) + subject
    near = vectors + rng.normal(size=vectors.shape) * 0.4
    near[27:] = rng.normal(size=(3, SIZE, 64)) + subject[27:]
    return texts(30, "zh", vectors), texts(30, "en", near)


def test_translations_are_found_and_what_has_none_is_left_alone(sides: tuple[list[Text], list[Text]]) -> None:
    done: list[tuple[int, int]] = []
    pairs = pair_texts(*sides, shipped_pairing(), progress=lambda n, of: done.append((n, of)))
    taken = accepted(pairs)
    assert taken == {(f"zh{n:02}", f"en{n:02}"): "whole" for n in range(27)}
    assert done[-1][0] == done[-1][1]
    again = pair_texts(*sides, shipped_pairing())
    assert [(one.a.doc_id, one.b.doc_id, one.score) for one in again] == [
        (one.a.doc_id, one.b.doc_id, one.score) for one in pairs
    ]


def test_an_alignment_has_the_last_word_where_sentences_leave_doubt(
    sides: tuple[list[Text], list[Text]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def confirm(pairs: Sequence[tuple[Text, Text]], progress: Progress | None) -> list[float]:
        assert progress is None
        asked.extend((a.doc_id, b.doc_id) for a, b in pairs)
        return [0.02 if a.doc_id == "zh05" else 0.95 for a, _ in pairs]

    monkeypatch.setattr(pairing, "FEW", 10)
    pair_texts(*sides, shipped_pairing(), confirm)
    doubtful = len(asked)
    asked.clear()
    monkeypatch.setattr(pairing, "FEW", 500)  # these sixty are too few to be sure of any
    taken = accepted(pair_texts(*sides, shipped_pairing(), confirm))
    assert doubtful < len(asked)
    assert ("zh05", "en05") not in taken
    assert ("zh06", "en06") in taken
    assert len(set(asked)) == len(asked) <= 2 * 60


def test_one_page_and_its_three_items_are_parts(sides: tuple[list[Text], list[Text]]) -> None:
    left, right = sides
    page = replace(
        left[0],
        doc_id="page",
        sentences=[text for one in left[:3] for text in one.sentences],
        vectors=np.concatenate([one.vectors for one in left[:3]]),
    )
    taken = accepted(pair_texts([page, *left[3:]], right, shipped_pairing()))
    parts = {pair for pair, kind in taken.items() if kind == "part"}
    assert parts == {("page", f"en{n:02}") for n in range(3)}


def test_a_reprint_is_no_part(sides: tuple[list[Text], list[Text]]) -> None:
    left, right = sides
    again = replace(left[4], doc_id="again", sentences=left[4].sentences[:-1], vectors=left[4].vectors[:-1])
    taken = accepted(pair_texts([*left, again], right, shipped_pairing()))
    assert len([pair for pair in taken if pair[1] == "en04"]) == 1


def test_no_text_no_pair(sides: tuple[list[Text], list[Text]]) -> None:
    assert pair_texts([], sides[1], shipped_pairing()) == []
    assert accepted([]) == {}


def test_neighbours_vote_for_the_texts_they_are_in(sides: tuple[list[Text], list[Text]]) -> None:
    ours, theirs = neighbours(*sides)
    assert [votes[0][0] for votes in ours.votes[:27]] == list(range(27))
    assert all(len(votes) <= 6 for votes in theirs.votes)
    assert all(len(own) == SIZE for own in ours.density)


def test_evidence_says_why() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(1, SIZE, 64))
    a, b = texts(1, "en", vectors)[0], texts(1, "fr", vectors[:, ::-1])[0]
    said = "In 1959 the mill at Gimhwa made 1,200 tons, and Kim Chong said 35 were lost."
    a = replace(a, sentences=[said] * SIZE, first=date(1959, 5, 20), last=date(1959, 5, 20))
    b = replace(
        b, sentences=[said.replace("35", "36")] * SIZE, first=date(1959, 5, 1), last=date(1959, 5, 18)
    )
    density = np.full(SIZE, 0.3), np.full(SIZE, 0.3)
    found = compare(a, b, density, 1.0)
    assert found.matched == (1.0, 1.0)
    assert found.order == 1 / SIZE  # they are in reverse
    assert (found.names, found.length, found.days) == (1.0, 0.0, 2)
    assert found.figures is not None
    assert 0.5 < found.figures < 1
    assert found.spans == ((1, SIZE - 2), (1, SIZE - 2))
    assert len(found.features(0.1)) == len(FEATURES)
    assert days_between(a, replace(b, first=None)) is None


def test_names_are_known_in_another_script() -> None:
    none = np.zeros((1, 4), np.float32)
    chinese = Text("a", 0, "zh", ["周恩来昨天到了金化。"], none)
    korean = Text("b", 0, "ko", ["김화에서 새 공장이 일을 시작했다."], none)
    assert {"zhouenlai", "chouenlai"} <= chinese.spelt
    assert "kimhwa" in korean.spelt
    assert Text("c", 0, "en", ["He met Zhou Enlai, and Kimhwa was quiet."], none).names == {
        "zhou",
        "enlai",
        "kimhwa",
    }


def test_longer_texts_are_looked_at_in_places() -> None:
    assert spaced(5, 10).tolist() == [0, 1, 2, 3, 4]
    chosen = spaced(1000, MOST_ASKED)
    assert (len(chosen), chosen[0], chosen[-1]) == (MOST_ASKED, 0, 999)


def test_weights_are_monotone_in_the_evidence(tmp_path: Path) -> None:
    model = shipped_pairing()
    for part in (model.first, model.confirmed):
        for name, weight in part.weights.items():
            assert weight <= 0 if name in AGAINST else weight >= 0, name
    assert set(model.confirmed.weights) <= {*FEATURES, *ALIGNED}
    rng = np.random.default_rng(3)
    rows = [{"share": float(x), "length": float(y)} for x, y in rng.random((400, 2))]
    right = [row["share"] + 0.05 * row["length"] > 0.5 for row in rows]
    found = fit(rows, right, ("share", "length"))
    assert set(found.weights) == {"share"}  # length spoke for a pair here, which it never does
    assert found.probability({"share": 0.9}) > 0.9
    assert found.probability({"share": 0.1}) < 0.1
    (tmp_path / "w.json").write_text("{}", "utf-8")
    with pytest.raises(InputError, match=r"w\.json"):
        read_pairing(tmp_path / "w.json")


def test_a_threshold_and_best_on_both_sides_decide() -> None:
    none = np.zeros((1, 4), np.float32)
    a, b, c = (Text(name, 0, "en", ["x"], none) for name in "abc")
    evidence = Evidence((1.0, 1.0), (1.0, 1.0), 1.0, None, None, 0.0, None, ((0, 0), (0, 0)))
    pairs = [Pairing(a, c, evidence, 0.0, 0.9), Pairing(b, c, evidence, 0.0, 0.8)]
    assert accepted(pairs) == {("a", "c"): "whole"}
    assert accepted(pairs, 0.95) == {}


def test_many_sentences_are_looked_up_by_cells(
    sides: tuple[list[Text], list[Text]], monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = accepted(pair_texts(*sides, shipped_pairing()))
    monkeypatch.setattr(near, "_FLAT", 100)
    assert accepted(pair_texts(*sides, shipped_pairing())) == flat
