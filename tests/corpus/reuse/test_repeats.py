"""A reprinted sentence is one piece of evidence, if it is to be, and every count says how many there are."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.alignment.incremental import align_workspace
from corpus.base.errors import WorkspaceError
from corpus.diachrony.timeline import similar_timeline, timeline
from corpus.diachrony.trace import trace
from corpus.documents.subcorpus import Selection, select_versions
from corpus.ingestion.ingest import ingest
from corpus.linguistics.collocations import collocates
from corpus.linguistics.concordance import concordance
from corpus.linguistics.frequencies import word_list
from corpus.linguistics.patterns import compile_pattern
from corpus.linguistics.terms import term_pairs
from corpus.reuse.repeats import REPEATS, repeats
from corpus.reuse.reprints import reprint_groups, update_reprints
from corpus.store.workspace import Workspace
from corpus.text.dates import parse_date
from corpus.text.tokens import tokenise, word_form
from tests.conftest import reprinted_item

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.conftest import Ran

OTHER = "The council of the province met on Tuesday to hear how local industry had fared in the year.\n\nNo."
INDUSTRY = compile_pattern("x", forms=["local industr*", "地方工业"])


@pytest.fixture(scope="module")
def reprinted(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the 1959 item, a lightly edited reprint, a later whole one, and two other texts, aligned."""
    folder = tmp_path_factory.mktemp("reprinted")
    first, edited, again = reprinted_item()
    for name, content in {
        "c-first": first,
        "b-edited": edited,
        "a-again": again,
        "other": OTHER,
        "undated": OTHER.replace("Tuesday", "Wednesday"),
    }.items():
        (folder / f"{name}.txt").write_text(content, "utf-8")
    (folder / "manifest.toml").write_text('[[document]]\nfile = "other.txt"\ndate = "1961"\n')
    workspace = Workspace(folder / ".corpus")
    ingest(workspace, [folder])
    align_workspace(workspace)
    shutil.copytree(workspace.path, folder / "not-compared")
    update_reprints(workspace)
    return workspace


@pytest.fixture
def not_compared(reprinted: Workspace, tmp_path: Path) -> Workspace:
    """Return the same workspace as it was before its sentences were compared."""
    return Workspace(shutil.copytree(reprinted.path.parent / "not-compared", tmp_path / "not-compared"))


EDITS = (("一千余个", "一千多个"), ("over 1,000", "more than 1,000"), ("Wednesday", "Tuesday"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def unedited(text: str) -> str:
    """Return the letters and digits of a sentence as they were before the fixture edited it."""
    for new, old in EDITS:
        text = text.replace(new, old)
    return "".join(filter(str.isalnum, text.casefold()))


def by_hand(workspace: Workspace) -> pl.DataFrame:
    """Return all sentences of the fixture, with whether each repeats an earlier one, by how it was made."""
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
    seen: set[str] = set()
    for row in rows:
        text = unedited(row["text"])
        row["repeats"] = text in seen
        row["lang"] = versions[row["doc_id"], row["version"]]["lang"]
        if len(text) >= (12 if CHINESE.search(text) else 36):
            seen.add(text)
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


BULLETINS = {
    "1957-02-01": "The steel works of the province produced 214 million yuan of goods in 1956, the paper says.",
    "1958-02-01": "The steel works of the province produced 387 million yuan of goods in 1957, the paper says.",
    "1958-02-02": "The steel works of the province produced 387 million yuan of goods in 1957, a report says.",
    "1959-02-01": "The steel works of the province produced 402 million yuan of goods in 1958, the paper says.",
}
STEEL = compile_pattern("steel works")


def test_the_same_sentence_with_other_figures_is_another_statement(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "texts").mkdir()
    for date, text in BULLETINS.items():
        (tmp_path / "texts" / f"{date}.txt").write_text(f"{date}\n\n{text}\n", "utf-8")
    ingest(workspace, [tmp_path / "texts"])
    every = timeline(workspace, STEEL, by="year").rows
    once = timeline(workspace, STEEL, by="year", once=True).rows
    assert dict(every.select("bin", "hits").iter_rows()) == {"1957": 1, "1958": 2, "1959": 1}
    assert dict(once.select("bin", "hits").iter_rows()) == {"1957": 1, "1958": 1, "1959": 1}
    assert every["repeats"].to_list() == once["repeats"].to_list() == [0, 1, 0]
    assert set(repeats(workspace, select_versions(workspace).versions)["doc_id"]) == {
        row["doc_id"] for row in workspace.table("versions").to_dicts() if row["date"] == "1958-02-02"
    }
    # By their words alone all four are one.
    assert reprint_groups(workspace)["group"].n_unique() == 1


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("1958-03-05", "1958"),
        ("1958-03", "1958"),
        ("1958-12-31", "1958"),
        ("1958-12-31", "1958-12"),
        ("1957", "1958-03-05"),
        ("1958", "1959-01-01"),
        ("1958", None),
    ],
)
def test_of_dates_that_overlap_that_known_closer_is_earlier(
    reprinted: Workspace, earlier: str, later: str | None
) -> None:
    dates = {"b-edited": later, "c-first": earlier}
    versions = select_versions(reprinted, Selection(docs=tuple(dates))).versions
    known = {name: date and parse_date(date) for name, date in dates.items()}
    for column, end in (("date_first", "first"), ("date_last", "last")):
        values = [(date := known[name]) and getattr(date, end) for name in versions["doc_id"]]
        versions = versions.with_columns(pl.Series(column, values, dtype=pl.Date))
    assert set(repeats(reprinted, versions)["doc_id"]) == {"b-edited"}


COUNTS: dict[str, Callable[..., Any]] = {
    "words": word_list,
    "collocates": lambda space, **how: collocates(space, INDUSTRY, **how),
    "timeline": lambda space, **how: timeline(space, INDUSTRY, **how),
    "similar": lambda space, **how: similar_timeline(space, "local industry", **how),
    "trace": lambda space, **how: trace(space, INDUSTRY, **how),
    "terms": term_pairs,
}


def counted_repeats(found: Any) -> int:  # noqa: ANN401 - what any of `COUNTS` returns
    return int(found.rows["repeats"].sum() if hasattr(found, "rows") else found.repeats)


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("name", COUNTS)
def test_every_function_compares_sentences_itself(
    reprinted: Workspace, not_compared: Workspace, name: str, *, once: bool
) -> None:
    assert not not_compared.state().rows("minhashes")
    found = counted_repeats(COUNTS[name](not_compared, once=once))
    assert found == counted_repeats(COUNTS[name](reprinted, once=once)) > 0


@pytest.mark.parametrize("name", sorted(COUNTS.keys() - {"similar"}))
def test_what_cannot_be_compared_is_not_counted_once(
    reprinted: Workspace, not_compared: Workspace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_known = counted_repeats(COUNTS[name](reprinted))
    pinned = not_compared.pin()
    with pytest.raises(ValueError, match="this handle is pinned"):
        COUNTS[name](pinned, once=True)
    assert counted_repeats(COUNTS[name](pinned, once=False)) < all_known
    refuse_changes(monkeypatch)
    with pytest.raises(WorkspaceError, match=r"cannot be written; .* only `once=False`"):
        COUNTS[name](not_compared, once=True)
    assert counted_repeats(COUNTS[name](not_compared, once=False)) < all_known


def refuse_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(_: Workspace) -> None:
        msg = "the workspace cannot be written"
        raise WorkspaceError(msg)

    monkeypatch.setattr(Workspace, "change", change)


def test_commands_say_what_cannot_be_compared(
    not_compared: Workspace, cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_changes(monkeypatch)
    every = cli("timeline", "local industry", "-w", not_compared.path)
    assert every.code == 0
    assert "not compared with others: the workspace cannot be written" in every.err
    once = cli("timeline", "local industry", "--once", "-w", not_compared.path)
    assert (once.code, once.out) == (1, "")
    assert once.err.count("cannot be written") == 1
    assert "--every" in once.err
