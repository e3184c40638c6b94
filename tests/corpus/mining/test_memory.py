"""What pairing found out is known the next time, and the answer is what looking at everything gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corpus.mining import neighbours as near
from corpus.mining import pairing
from corpus.mining.evidence.documents import Evidence, compare
from corpus.mining.memory import Memory, keep, recall
from corpus.mining.model import shipped_pairing
from corpus.mining.pairing import Pairing, pair_texts
from corpus.mining.texts import Text
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.base.progress import Progress
    from corpus.mining.neighbours import Lookups

SIZE, COUNT = 9, 24
LANGS = ("en", "zh")
Sides = tuple[list[Text], list[Text]]


@pytest.fixture(scope="module")
def sides() -> Sides:
    """Texts and their translations, one subject in three; all of them begin with the same sentence."""
    rng = np.random.default_rng(11)
    subjects = rng.normal(size=(COUNT // 3, 1, 48))
    vectors = rng.normal(size=(COUNT, SIZE, 48)) + np.repeat(subjects, 3, axis=0)
    vectors[:, 0] = rng.normal(size=48)  # a dateline
    near_ones = vectors + rng.normal(size=vectors.shape) * 0.5
    near_ones[:, 0] = vectors[:, 0]
    made: Sides = ([], [])
    for side, (lang, own) in enumerate((("en", vectors), ("zh", near_ones))):
        unit = (own / np.linalg.norm(own, axis=2, keepdims=True)).astype(np.float32)
        for number in range(COUNT):
            sentences = [f"{lang} dateline", *(f"{lang} {number} {k}" for k in range(1, SIZE))]
            made[side].append(Text(f"{lang}{number:02}", 0, lang, sentences, unit[number]))
    return made


def confirm(pairs: Sequence[tuple[Text, Text]], progress: Progress | None) -> list[float]:
    """Tell translations by what they say."""
    assert progress is None
    said = [(a.sentences[1].split()[1], b.sentences[1].split()[1]) for a, b in pairs]
    return [0.9 if one == other else 0.1 for one, other in said]


def told(pairs: Sequence[Pairing]) -> list[tuple[Any, ...]]:
    return [(one.a.key, one.b.key, one.evidence, one.lead, one.score, one.share) for one in pairs]


def later(sides: Sides) -> Sides:
    """Some texts are gone, some are new, one has changed and one has another name and a date."""
    left, right = ([*side] for side in sides)
    changed = replace(right[7], sentences=[*right[7].sentences[:-1], "zh 7 again"])
    changed = replace(changed, vectors=np.roll(changed.vectors, 3, axis=0))
    renamed = replace(left[20], doc_id="en99", first=date(1959, 5, 1), last=date(1959, 5, 1))
    return [*left[2:20], *left[21:], renamed], [*right[1:7], changed, *right[8:]]


def first(sides: Sides) -> Sides:
    return sides[0][:-2], [one for number, one in enumerate(sides[1]) if number not in (4, 13)]


def test_the_answer_is_the_same_as_from_nothing(sides: Sides) -> None:
    model, memory = shipped_pairing(), Memory()
    pair_texts(*first(sides), model, confirm, memory=memory)
    for now in (sides, later(sides), first(sides)):
        again = pair_texts(*now, model, confirm, memory=memory)
        assert told(again) == told(pair_texts(*now, model, confirm))


def test_only_what_is_new_is_looked_at(sides: Sides, monkeypatch: pytest.MonkeyPatch) -> None:
    model, memory = shipped_pairing(), Memory()
    pair_texts(sides[0][:-1], sides[1], model, confirm, memory=memory)
    looked: list[int] = []
    compared: list[str] = []
    search = near._search

    def counted(
        found: Lookups, queries: np.ndarray, rows: np.ndarray, held: near._Held, done: Progress | None
    ) -> None:
        looked.append(len(rows))
        search(found, queries, rows, held, done)

    def noted(a: Text, b: Text, density: tuple[np.ndarray, np.ndarray], ratio: float) -> Evidence:
        compared.append(a.doc_id)
        return compare(a, b, density, ratio)

    monkeypatch.setattr(near, "_search", counted)
    monkeypatch.setattr(pairing, "compare", noted)
    pair_texts(*sides, model, confirm, memory=memory)
    assert memory.changed
    assert looked == [SIZE]  # the sentences of the new one
    assert sides[0][-1].doc_id in compared
    some = len(compared)
    memory.changed = False
    pair_texts(*sides, model, confirm, memory=memory)
    assert (len(looked), len(compared), memory.changed) == (1, some, False)
    pair_texts(*sides, model, confirm)
    assert some < (len(compared) - some) / 2


def test_it_is_kept_in_a_workspace(sides: Sides, tmp_path: Path) -> None:
    model, memory, space = shipped_pairing(), Memory(), Workspace(tmp_path / "w")
    pair_texts(*first(sides), model, confirm, memory=memory)
    keep(space, LANGS, "use 1", memory)
    read = recall(space, LANGS, "use 1")
    assert read.evidence == {key: replace(one, days=None) for key, one in memory.evidence.items()}
    assert read.shares == memory.shares
    assert recall(space, LANGS, "use 2").lookups == ()
    assert recall(space, ("en", "ko"), "use 1").lookups == ()
    assert told(pair_texts(*later(sides), model, confirm, memory=read)) == told(
        pair_texts(*later(sides), model, confirm)
    )
    file = space.file("pairing-en-zh")
    assert file is not None
    file.write_bytes(file.read_bytes()[:-50])
    assert recall(space, LANGS, "use 1").lookups == ()
