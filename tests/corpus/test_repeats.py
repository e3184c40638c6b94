"""A reprinted sentence is one piece of evidence, if it is to be, and every count says how many there are."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.collocates import collocates
from corpus.concordance import concordance
from corpus.ingestion import ingest
from corpus.parallel import align_workspace
from corpus.patterns import compile_pattern
from corpus.repeats import REPEATS, repeats
from corpus.reprints import reprint_groups, update_reprints
from corpus.selection import Selection, select_versions
from corpus.termpairs import term_pairs
from corpus.timeline import timeline
from corpus.tokens import tokenise
from corpus.trace import trace
from corpus.words import word_form, word_list
from corpus.workspace import Workspace
from tests.conftest import seed_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

OTHER = "The council of the province met on Tuesday to hear how local industry had fared in the year.\n\nNo."
INDUSTRY = compile_pattern("x", forms=["local industr*", "地方工业"])


@pytest.fixture(scope="module")
def reprinted(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the 1959 item, a lightly edited reprint, a later whole one, and two other texts, aligned."""
    folder = tmp_path_factory.mktemp("reprinted")
    text = seed_text("003")
    edited = text.replace("一千多个", "一千余个").replace("more than 1,000", "over 1,000")
    for name, content in {
        "c-first": text,
        "b-edited": edited.replace("1959-05-20", "1959-05-23"),
        "a-again": text.replace("1959-05-20", "1960-01-02"),
        "other": OTHER,
        "undated": OTHER.replace("Tuesday", "Wednesday"),
    }.items():
        (folder / f"{name}.txt").write_text(content, "utf-8")
    (folder / "manifest.toml").write_text('[[document]]\nfile = "other.txt"\ndate = "1961"\n')
    workspace = Workspace(folder / ".corpus")
    ingest(workspace, [folder])
    align_workspace(workspace)
    update_reprints(workspace)
    return workspace


def by_hand(workspace: Workspace) -> pl.DataFrame:
    """Return all sentences, with whether each repeats an earlier one."""
    groups = dict(reprint_groups(workspace).iter_rows())
    compared = set(workspace.table("minhashes").drop_nulls("bands")["text_id"])
    versions = {
        (row["doc_id"], row["version"]): row for row in select_versions(workspace).versions.to_dicts()
    }
    rows = workspace.table("sentences").to_dicts()
    rows.sort(
        key=lambda row: (
            versions[row["doc_id"], row["version"]]["date"] or "9999",
            row["doc_id"],
            row["version"],
            row["sentence"],
        )
    )
    seen: set[int] = set()
    for row in rows:
        group = groups.get(row["text_id"], row["text_id"])
        row["repeats"] = group in seen
        row["lang"] = versions[row["doc_id"], row["version"]]["lang"]
        if row["text_id"] in compared:
            seen.add(group)
    return pl.DataFrame(rows)


def test_all_but_the_earliest_repeat(reprinted: Workspace) -> None:
    found = repeats(reprinted, select_versions(reprinted).versions)
    assert found.schema == REPEATS
    expected = by_hand(reprinted).filter("repeats")
    columns = ["doc_id", "version", "sentence"]
    assert set(found.select(columns).rows()) == set(expected.select(columns).rows())
    # The first is in no other document; of the second only what is too short to compare is its own.
    assert set(found["doc_id"]) == {"a-again", "b-edited", "undated"}
    assert "No." not in set(expected["text"])
    # Of what is selected the earliest counts: here that is the reprint.
    later = select_versions(reprinted, Selection(docs=("a-again", "b-edited"))).versions
    assert set(repeats(reprinted, later)["doc_id"]) == {"a-again"}


def test_words_are_counted_once(reprinted: Workspace) -> None:
    sentences = by_hand(reprinted)
    every, once = word_list(reprinted), word_list(reprinted, once=True)
    assert every.repeats == once.repeats == sentences["repeats"].sum() > 10
    for found, counted in ((every, sentences), (once, sentences.filter(~pl.col("repeats")))):
        words = Counter(
            (lang, word_form(token))
            for text, lang in counted.select("text", "lang").iter_rows()
            for token in tokenise(text, lang)
        )
        assert {
            (lang, word): n for lang, word, n in found.words.select("lang", "word", "n").iter_rows()
        } == words
        assert found.sizes["words"].sum() == sum(words.values())


def test_a_timeline_leaves_the_same_out_of_hits_and_words(reprinted: Workspace) -> None:
    sentences = by_hand(reprinted)
    every = timeline(reprinted, INDUSTRY, by="year").rows
    once = timeline(reprinted, INDUSTRY, by="year", once=True).rows
    for rows, counted in ((every, sentences), (once, sentences.filter(~pl.col("repeats")))):
        assert rows["sentences"].sum() == len(counted)
        texts = counted.select("text", "lang").rows()
        assert rows["words"].sum() == sum(len(tokenise(text, lang)) for text, lang in texts)
        assert rows["hits"].sum() == sum(len(list(INDUSTRY.matches(text))) for text, _ in texts)
    assert every["repeats"].equals(once["repeats"])
    assert (every["hits"] - once["hits"]).equals(every["repeats"].cast(once["hits"].dtype))
    # What was searched was searched: a year of reprints only is not one without documents.
    in_1960 = once.filter(bin="1960", lang="zh").row(0, named=True)
    assert (in_1960["documents"], in_1960["hits"]) == (1, 0)


def test_trace_and_collocates_are_counted_once(reprinted: Workspace) -> None:
    every, once = trace(reprinted, INDUSTRY), trace(reprinted, INDUSTRY, once=True)
    assert once.forms["hits"].sum() == once.rows["hits"].sum() < every.forms["hits"].sum()
    assert once.rows.equals(timeline(reprinted, INDUSTRY, by="year", once=True).rows)
    assert "1960" not in set(once.near["bin_before"]) | set(once.near["bin_after"])
    near, near_once = collocates(reprinted, INDUSTRY), collocates(reprinted, INDUSTRY, once=True)
    assert near.repeats == near_once.repeats == every.rows["repeats"].sum() > 0
    assert near_once.sizes["matches"].sum() == near.sizes["matches"].sum() - near.repeats
    alone = word_list(reprinted, once=True).sizes["words"].sum()
    assert near_once.sizes["words"].sum() < alone  # matches themselves are left out


def test_terms_count_a_pair_of_texts_once_unless_told(reprinted: Workspace) -> None:
    once, every = term_pairs(reprinted), term_pairs(reprinted, once=False)
    alone = term_pairs(reprinted, selection=Selection(docs=("c-first",)))
    assert (once.beads, every.beads) == (alone.beads, 3 * alone.beads)
    assert once.repeats == every.repeats == 2 * alone.beads
    columns = ["src", "tgt", "both", "g2"]
    assert once.pairs.select(columns).equals(alone.pairs.select(columns))
    assert once.pairs["g2"].max() < every.pairs["g2"].max()  # type: ignore[operator]
    assert set(once.pairs["example_doc"]) == {"c-first"}  # the earliest


def test_a_concordance_shows_what_a_timeline_counts(reprinted: Workspace) -> None:
    for once in (False, True):
        found = concordance(reprinted, INDUSTRY, once=once)
        counted = timeline(reprinted, INDUSTRY, by="year", once=once).rows
        hits = {(row["bin"], row["lang"]): row["hits"] for row in counted.to_dicts() if row["hits"]}
        year = pl.col("date").str.slice(0, 4).fill_null("undated")
        shown = found.lines.group_by(year, "lang").len().rows()
        assert {(date, lang): n for date, lang, n in shown} == hits
        assert (found.once, found.repeats) == (once, counted["repeats"].sum())
        assert found.matches == len(found.lines) == sum(hits.values())
    assert set(found.lines["doc_id"]) == {"c-first", "other"}
    assert found.documents == 2
    few = concordance(reprinted, INDUSTRY, once=True, sample=3)
    assert (few.matches, len(few.lines)) == (found.matches, 3)
    assert few.lines.join(found.lines, on=["doc_id", "sentence", "node_start"], how="semi").height == 3


COMMANDS = (
    "concordance 地方工业",
    "words",
    "collocates 地方工业",
    "timeline 地方工业",
    "trace 地方工业",
    "terms",
    "timeline 地方工业 --dense",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_many_repeat(
    reprinted: Workspace, cli: Callable[..., Ran], command: str
) -> None:
    args = [*command.split(), "-w", reprinted.path]
    every, once = cli(*args, "--every"), cli(*args, "--once")
    assert (every.code, once.code) == (0, 0)
    (said,) = [line for line in every.err.splitlines() if line.startswith("counted each time: ")]
    (also,) = [line for line in once.err.splitlines() if line.startswith("left out: ")]
    assert "--once" in said
    assert "--every" in also
    assert said.split()[3] == also.split()[2]
    tables = [json.loads(cli(*args, option, "--json").out) for option in ("--every", "--once")]
    assert [table["once"] for table in tables] == [False, True]
    assert [f"{table['repeats']:,}" for table in tables] == [said.split()[3]] * 2


def test_nothing_is_said_where_nothing_repeats(seeded: Workspace, cli: Callable[..., Ran]) -> None:
    ran = cli("timeline", "local industry", "-w", seeded.path)
    assert "each time" not in ran.err
