"""Counts of sentences that are similar to a query: all of them, in every place, at a level that is stated."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from corpus.base.errors import CorpusError
from corpus.diachrony.timeline import TIMELINE, similar_timeline
from corpus.documents.subcorpus import Selection
from corpus.encoders import load_encoder
from corpus.encoders.registry import noise_level
from corpus.ingestion.ingest import ingest, remove
from corpus.search.index import vector_index
from corpus.search.threshold_search import SIMILAR, similar_sentences
from corpus.store.workspace import Workspace
from tests.conftest import seed_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran


@pytest.fixture(scope="module")
def seeds(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a copy: counting words writes to the workspace."""
    return Workspace(Path(shutil.copytree(built, tmp_path_factory.mktemp("similar") / ".corpus")))


def cosines(workspace: Workspace, query: str) -> pl.DataFrame:
    """Return every sentence with its cosine, encoded anew."""
    encoder = load_encoder("use")
    langs = workspace.table("versions").select("doc_id", "version", "lang")
    sentences = workspace.table("sentences").join(langs, on=["doc_id", "version"])
    vector = encoder.encode([query], role="query", lang="en")[0]
    parts = [
        group.with_columns(
            score=pl.Series(encoder.encode(group["text"].to_list(), role="passage", lang=str(lang)) @ vector)
        )
        for (lang,), group in sentences.group_by("lang")
    ]
    return pl.concat(parts).sort("doc_id", "version", "sentence")


def test_the_chinese_of_1959_is_found_by_an_english_query(seeds: Workspace) -> None:
    found = similar_timeline(seeds, "local industry", by="year")
    assert found.rows.schema == TIMELINE
    row = found.rows.filter(bin="1959", lang="zh").row(0, named=True)
    assert row["hits"] > 0
    assert row["per_10k"] == pytest.approx(row["hits"] * 10_000 / row["words"])
    assert (row["documents"], row["sentences"]) == (1, 11)
    assert set(found.rows["encoder"]) == {"use"}
    assert set(found.rows["threshold"]) == {0.25}
    empty = found.rows.filter(bin="1990", lang="zh").row(0, named=True)
    assert (empty["hits"], empty["per_10k"]) == (0, None)


@pytest.mark.parametrize("threshold", [-1.0, 0.1, 0.25, 0.4])
def test_all_sentences_that_reach_the_threshold_count_and_no_others(
    seeds: Workspace, threshold: float
) -> None:
    every = cosines(seeds, "local industry").with_columns(margin=(pl.col("score") - threshold).abs())
    found = similar_sentences(seeds, "local industry", threshold=threshold)
    assert found.sentences.schema == SIMILAR
    keys = ["doc_id", "version", "sentence"]
    clear = every.filter(pl.col("margin") > 1e-3)
    expected = set(clear.filter(pl.col("score") > threshold).select(keys).rows())
    unclear = set(every.filter(pl.col("margin") <= 1e-3).select(keys).rows())
    assert set(found.sentences.select(keys).rows()) - unclear == expected
    scores = found.sentences.join(every, on=keys, how="left")
    assert scores["score"].to_numpy() == pytest.approx(scores["score_right"].to_numpy(), abs=1e-3)


def test_the_level_is_that_of_the_search_and_says_what_it_rests_on(seeds: Workspace) -> None:
    found = similar_sentences(seeds, "local industry")
    assert found.level.threshold == pytest.approx(noise_level("use", 114), abs=5e-4)
    assert str(found.level) == (
        "cosine 0.25 or more by the encoder use (below it scores are noise: 0.25, measured on the 120 seed sentences)"
    )
    assert similar_sentences(seeds, "local industry", threshold=0.3).level.basis == "as asked for"
    with pytest.raises(CorpusError, match="a cosine is from -1 to 1"):
        similar_sentences(seeds, "local industry", threshold=1.5)
    with pytest.raises(CorpusError, match="no text in 'xx'"):
        similar_sentences(seeds, "local industry", selection=Selection(lang="xx"))


def test_a_sentence_counts_in_each_place_and_not_where_it_is_gone(seeded: Workspace, tmp_path: Path) -> None:
    again = tmp_path / "again.txt"
    again.write_text(seed_text("002").replace("2023-09-18", "2023-10-02"))
    before = similar_sentences(seeded, "local industry").sentences
    of_seed = before.filter(pl.col("doc_id").str.starts_with("002"))
    ingest(seeded, [again, *seeds_files(tmp_path)])
    both = similar_sentences(seeded, "local industry").sentences
    assert len(both.filter(doc_id="again")) == len(both.filter(doc_id="002")) == len(of_seed) > 0
    remove(seeded, ["again"])
    assert set(similar_sentences(seeded, "local industry").sentences["doc_id"]) == set(both["doc_id"]) - {
        "again"
    }


def seeds_files(folder: Path) -> list[Path]:
    """Write some seeds under names of their own: ingesting takes the seeds' place."""
    files = []
    for number in ("002", "003"):
        file = folder / f"{number}.txt"
        file.write_text(seed_text(number))
        files.append(file)
    return files


def test_an_inverted_file_is_searched_in_every_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "FLAT_UP_TO", 500)
    random = np.random.default_rng(3).standard_normal((3000, 16)).astype(np.float32)
    vectors = random / np.linalg.norm(random, axis=1, keepdims=True)
    vector_index.write(vector_index.build(lambda rows: vectors[rows], 3000, 16), tmp_path / "index")
    index = vector_index.read(tmp_path / "index")
    assert vector_index.kind(index).startswith("IVF")
    query = vectors[:1]
    found = vector_index.reaching(index, query, 0.3)
    held = vector_index.similarities(index, query, np.arange(3000))
    assert set(found.rows) == set(np.flatnonzero(held >= 0.3))
    assert np.all(np.diff(found.scores) <= 0)


def test_every_output_states_threshold_and_encoder(
    seeds: Workspace, cli: Callable[..., Ran], tmp_path: Path
) -> None:
    args = ("timeline", "local industry", "--dense", "--threshold", "0.3", "-w", seeds.path)
    stated = "similar: cosine 0.3 or more by the encoder use (as asked for)"
    text = cli(*args)
    assert stated in text.out
    assert "similar" in text.out.splitlines()[0]
    found = json.loads(cli(*args, "--json").out)
    assert found["similar"]["threshold"] == 0.3
    assert found["similar"]["encoder"] == "use"
    table = cli(*args, "--tsv").out.splitlines()
    columns = table[0].split("\t")
    for line in table[1:]:
        row = dict(zip(columns, line.split("\t"), strict=True))
        assert (row["encoder"], row["threshold"], row["pattern"], row["forms"]) == (
            "use",
            "0.3",
            "local industry",
            "",
        )
    for ending in ("svg", "html"):
        file = tmp_path / f"chart.{ending}"
        assert cli(*args, "-o", file).code == 0
        page = file.read_text("utf-8")
        assert "cosine 0.3 or more by the encoder use" in page
        assert "similar to “local industry”" in page


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["x", "--threshold", "0.3"], "say --dense, too"),
        (["x", "--encoder", "use"], "say --dense, too"),
        (["local industr*", "--dense"], "* stands for nothing with --dense"),
        (["x", "--dense", "--regex"], "--regex and --dense: choose one"),
        (["x", "--dense", "--threshold", "2"], "a cosine is from -1 to 1"),
        (["x", "--dense", "--by", "week"], "--by is one of"),
        (["x", "--dense", "--encoder", "absent"], "absent"),
    ],
)
def test_what_means_nothing_together_is_refused(
    seeds: Workspace, cli: Callable[..., Ran], args: list[str], message: str
) -> None:
    ran = cli("timeline", *args, "-w", seeds.path)
    assert ran.code == 1
    assert message in ran.err
    assert ran.out == ""
