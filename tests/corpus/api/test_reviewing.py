"""A `Corpus` judges, corrects and exports beads as the command line does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus import Corpus
from corpus.base.errors import CorpusError, EmptyWorkspaceError
from tests.conftest import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace

DOC = SEEDS["003"].removesuffix(".txt")


@pytest.fixture
def corpus(seeded: Workspace) -> Corpus:
    """Return the seeds' corpus."""
    return Corpus(seeded.path)


def test_beads_are_shown_judged_and_put_right(corpus: Corpus) -> None:
    assert len(corpus.review("003")) == 10
    judged = corpus.review("003", 0, "right", by="A. Reader")
    assert judged.filter(pl.col("right"))["number"].to_list() == [0]
    assert corpus.review("003", 7, verdict=False)["right"].to_list()[7] is False
    changed = corpus.review("003", 5, set="6:6", note="a clause")
    assert changed.filter("set")["tgt_ids"].to_list() == [[6]]
    assert corpus.reviews()["note"].drop_nulls().to_list() == ["a clause"]
    number = corpus.review("003").filter("set")["number"].item()
    assert corpus.review("003", number, undo=True).filter("set").is_empty()
    moved = corpus.review("003", "en:5", move="en6", to=6)
    assert moved.filter("set")["tgt_ids"].to_list()[0] == [5]
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: corpus.review("003", 5, "right", set="6:6"), "need not be judged"),
        (lambda: corpus.review("003", 5, "perhaps"), "is no mark"),
        (lambda: corpus.review("003", verdict="right"), "which bead"),
        (lambda: corpus.review("003", undo=True), "of which bead"),
    ]
    for call, message in calls:
        with pytest.raises(CorpusError, match=message):
            call()


def test_an_export_leaves_out_what_is_not_asked_for(corpus: Corpus, tmp_path: Path) -> None:
    corpus.review("003", 5, "wrong")
    assert corpus.export(tmp_path / "all.tsv", keep_wrong=True) == 10
    assert corpus.export(tmp_path / "en.tsv", langs="en-zh", no_flags="numbers", dedup=True) == 9
    rows = pl.read_csv(tmp_path / "en.tsv", separator="\t", quote_char=None)
    assert set(rows["src_lang"]) == {"en"}
    assert corpus.export(tmp_path / "none.tsv", min_score=1.0) == 0
    assert "1:2" in corpus.pairs()["bead"].to_list()  # who looks sees what was judged
    assert "1:2" not in corpus.align()["bead"].to_list()


def test_a_table_is_written_and_taken(corpus: Corpus, tmp_path: Path) -> None:
    file = tmp_path / "beads.tsv"
    corpus.write_beads("003", file)
    lines = [line.split("\t") for line in file.read_text("utf-8").splitlines()]
    src, tgt = lines[0].index("src"), lines[0].index("tgt")
    lines[4][src] += lines[5][src]
    lines[4][tgt] += lines[5][tgt]
    del lines[5]
    file.write_text("\n".join("\t".join(line) for line in lines), "utf-8")
    assert corpus.take_beads(file).set == [f"{DOC}: 4,5:3,4"]
    for name, message in (("beads.tsv", "is there already"), ("beads.doc", "is .tsv or .xlsx")):
        with pytest.raises(CorpusError, match=message):
            corpus.write_beads("003", tmp_path / name)


def test_anothers_reviews_and_the_queue(corpus: Corpus, built: Path, tmp_path: Path) -> None:
    other = Corpus(shutil.copytree(built, tmp_path / "other"))
    other.review("003", 0, "right")
    assert len(corpus.merge_reviews(tmp_path / "other").new) == 1
    assert 0 not in corpus.next_to_review(20)["number"].to_list()
    with pytest.raises(EmptyWorkspaceError):
        corpus.merge_reviews(tmp_path / "nowhere")


def test_weights_are_made_of_reviews(corpus: Corpus, tmp_path: Path) -> None:
    for number in range(8):
        corpus.review("003", number, "right")
    with pytest.raises(CorpusError, match="8 beads are marked; mark at least 20"):
        corpus.calibrate(tmp_path / "scores.json")
    trained = corpus.train_aligner(tmp_path / "my.json")
    assert trained.weights.provenance["beads"] == [8]
    assert len(corpus.align(weights=tmp_path / "my.json")) > 0
