"""Words and what stands near a pattern, counted in the seeds and in texts small enough to count by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import CorpusError
from corpus.documents.subcorpus import Selection
from corpus.ingestion.ingest import ingest
from corpus.linguistics import frequencies
from corpus.linguistics.collocations import COLLOCATES, collocates, window
from corpus.linguistics.frequencies import WORDS, StopList, ngrams, read_stop_list, word_list
from corpus.linguistics.patterns import compile_pattern
from corpus.store.workspace import Workspace
from corpus.text.tokens import tokenise
from tests.conftest import reprinted_item

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def seeds(built: Path) -> Workspace:
    return Workspace(built)


def grams(text: str, lang: str, size: int) -> list[str]:
    return list(ngrams(text, tokenise(text, lang), size))


def test_words_of_the_seeds(seeds: Workspace) -> None:
    found = word_list(seeds, stop=StopList())
    assert found.words.schema == WORDS
    assert found.sizes.select("lang", "documents").rows() == [("en", 5), ("zh", 1)]
    first = {lang: found.words.filter(lang=lang).row(0, named=True) for lang in ("en", "zh")}
    text = " ".join(seeds.table("sentences")["text"]).lower()
    assert (first["en"]["word"], first["en"]["n"]) == ("factories", text.count("factories"))
    assert (first["zh"]["word"], first["zh"]["n"]) == ("工厂", text.count("工厂") - text.count("铁工厂"))
    words = found.sizes.filter(lang="en")["words"].item()
    assert first["en"]["per_10k"] == pytest.approx(first["en"]["n"] * 10_000 / words)
    assert first["zh"]["dp_norm"] is None  # one document cannot be uneven
    assert not {"the", "of", "的", "和"} & set(found.words["word"])


def test_nothing_is_lost_between_the_list_and_the_total(seeds: Workspace) -> None:
    found = word_list(seeds)
    for lang, words, types in found.sizes.select("lang", "words", "types").iter_rows():
        own = found.words.filter(lang=lang)
        assert (own["n"].sum(), len(own)) == (words, types)


def test_word_forms_and_stems(seeds: Workspace) -> None:
    forms = dict(word_list(seeds).words.filter(lang="en").select("word", "n").iter_rows())
    stems = dict(word_list(seeds, stems=True).words.filter(lang="en").select("word", "n").iter_rows())
    assert stems["factori"] == forms["factory"] + forms["factories"]


@pytest.mark.parametrize("once", [False, True])
def test_what_was_counted_when_it_was_read_is_what_is_counted_now(
    seeded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, once: bool
) -> None:
    first, edited, again = reprinted_item()
    english = "Steel is made in a furnace.\n\nStahl wird in einem Ofen gemacht, 12.5 Tonnen.\n"
    for name, text in {"first": first, "edited": edited, "again": again, "other": english}.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    ingest(seeded, [tmp_path])
    with monkeypatch.context() as patch:
        patch.setattr(frequencies, "_DISPERSED", 100)
        patch.setattr(frequencies, "_WORDS", 50)
        summed = word_list(seeded, once=once)
    assert summed.repeats > 0
    monkeypatch.setattr(
        frequencies,
        "_summed",
        lambda over, parts, progress: frequencies._counted(over, parts, 1, progress, stems=False),
    )
    counted = word_list(seeded, once=once)
    assert summed.words.equals(counted.words)
    assert summed.sizes.equals(counted.sizes)


def test_ngrams_do_not_reach_over_marks() -> None:
    assert grams("Local-industry factories, local iron", "en", 2) == [
        "local industry",
        "industry factories",
        "local iron",
    ]
    assert grams("发展地方工业，工厂", "zh", 2) == ["发展 地方", "地方 工业"]
    assert grams("One two", "en", 3) == []


def test_runs_that_begin_or_end_in_a_stop_word_are_left_out(seeds: Workspace) -> None:
    runs = word_list(seeds, size=2, stop=StopList(), least=5).words["word"].to_list()
    assert "regional industry" in runs
    assert "of the" not in runs
    assert "of the" in word_list(seeds, size=2, least=5).words["word"].to_list()


def test_a_stop_list_of_ones_own(seeds: Workspace) -> None:
    stop = read_stop_list("Factories, COUNTY # places\n工厂")
    words = word_list(seeds, stop=stop).words["word"].to_list()
    assert not {"factories", "county", "工厂"} & set(words)
    assert "the" in words


def test_dispersion_is_over_the_documents_of_the_language(workspace: Workspace, tmp_path: Path) -> None:
    # Ten words each, so that each document is half of the corpus.
    (tmp_path / "a.txt").write_text("Steel steel steel iron coal coal ore tin lead gold.")
    (tmp_path / "b.txt").write_text("Steel wood wood wood wood clay clay clay iron sand.")
    ingest(workspace, [tmp_path / "a.txt", tmp_path / "b.txt"])
    rows = {row["word"]: row for row in word_list(workspace).words.to_dicts()}
    assert (rows["steel"]["n"], rows["steel"]["documents"], rows["steel"]["per_10k"]) == (4, 2, 2000)
    assert rows["steel"]["dp"] == pytest.approx((0.25 + 0.25) / 2)
    assert (rows["wood"]["dp"], rows["wood"]["dp_norm"]) == (pytest.approx(0.5), pytest.approx(1))
    assert rows["iron"]["dp"] == pytest.approx(0)


def test_collocates_counted_by_hand(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Red iron rusts. Red iron bends. Red paint dries slowly here. Old iron lies here and rusts."
    )
    ingest(workspace, [tmp_path / "a.txt"])
    found = collocates(workspace, compile_pattern("iron"), span=1, least=1)
    assert found.words.schema == COLLOCATES
    assert found.sizes.rows() == [("en", 3, 6, 14)]
    red = found.words.filter(word="red").row(0, named=True)
    assert (red["near"], red["n"], red["documents"]) == (2, 3, 1)
    assert red["expected"] == pytest.approx(3 * 6 / 14)
    cells = ((2, 3 * 6 / 14), (4, 11 * 6 / 14), (1, 3 * 8 / 14), (7, 11 * 8 / 14))
    assert red["g2"] == pytest.approx(2 * sum(o * math.log(o / e) for o, e in cells))
    assert red["log_dice"] == pytest.approx(14 + math.log2(2 * 2 / (3 + 3)))
    assert "paint" not in found.words["word"]
    rusts = found.words.filter(word="rusts").row(0, named=True)
    assert (rusts["near"], rusts["n"]) == (1, 2)


def test_a_word_between_two_matches_is_near_once() -> None:
    tokens = tokenise("iron and iron with coal", "en")
    assert window(tokens, [(0, 4), (9, 13)], 1) == ({0, 2}, {1, 3})
    assert window(tokens, [(0, 4)], 50) == ({0}, {1, 2, 3, 4})


def test_collocates_of_the_seeds(seeds: Workspace) -> None:
    pattern = compile_pattern("x", forms=["local industr*", "regional industr*", "地方工业"])
    found = collocates(seeds, pattern, stop=StopList())
    top = {lang: found.words.filter(lang=lang)["word"].to_list()[:1] for lang in ("en", "zh")}
    assert top == {"en": ["factories"], "zh": ["朝鲜"]}
    for key in ("g2", "log_dice", "near"):
        column = collocates(seeds, pattern, sort=key).words.filter(lang="en")[key].to_list()
        assert column == sorted(column, reverse=True)
    assert found.words["log_dice"].max() <= 14  # type: ignore[operator]


def test_a_language_without_a_match_is_not_counted(seeds: Workspace) -> None:
    assert collocates(seeds, compile_pattern("工厂")).sizes["lang"].to_list() == ["zh"]
    nothing = collocates(seeds, compile_pattern("penguin"))
    assert (len(nothing.words), len(nothing.sizes)) == (0, 0)


def test_what_is_refused(seeds: Workspace) -> None:
    with pytest.raises(CorpusError, match="`sort` is one of"):
        collocates(seeds, compile_pattern("x"), sort="up")
    with pytest.raises(CorpusError, match="at least one word"):
        word_list(seeds, size=0)
    with pytest.raises(CorpusError, match="languages are en, zh"):
        word_list(seeds, selection=Selection(lang="ko"))
