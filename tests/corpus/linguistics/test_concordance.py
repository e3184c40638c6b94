"""Concordances of the seeds, and what leads back from a line to the file."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import polars as pl
import pytest
from rich.cells import cell_len
from rich.console import Console

from corpus.base.errors import CorpusError
from corpus.base.resources import seeds_dir
from corpus.cli.display.kwic import print_lines
from corpus.documents.subcorpus import Selection, select_versions, sentence_batches
from corpus.ingestion.ingest import ingest, remove
from corpus.linguistics.concordance import LINES, Concordance, concordance
from corpus.linguistics.patterns import compile_pattern
from corpus.store.workspace import Workspace
from corpus.text.dates import parse_date

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def seeds(built: Path) -> Workspace:
    return Workspace(built)


def concord(
    workspace: Workspace,
    query: str,
    *,
    sort: str = "date",
    sample: int | None = None,
    seed: int = 0,
    as_regex: bool = False,
    **within: object,
) -> Concordance:
    selection = Selection(**within)  # type: ignore[arg-type]
    pattern = compile_pattern(query, as_regex=as_regex)
    return concordance(workspace, pattern, selection=selection, sort=sort, sample=sample, seed=seed)


def test_every_match_of_the_seeds(seeds: Workspace) -> None:
    found = concord(seeds, "local industr*")
    assert found.lines.schema == LINES
    assert (found.matches, found.documents, found.searched) == (17, 3, 5)
    by_year = found.lines.group_by(pl.col("date").str.slice(0, 4)).len().sort("date")
    assert by_year.rows() == [("1959", 5), ("2022", 8), ("2023", 4)]
    counted = seeds.table("sentences")["text"].str.count_matches("地方工业", literal=True).sum()
    assert concord(seeds, "地方工业").matches == counted == 5


def test_a_line_leads_back_to_its_file(seeds: Workspace) -> None:
    lines = concord(seeds, r"industr\w+|工业|27\.5%", as_regex=True).lines
    assert len(lines) > 40
    for line in lines.iter_rows(named=True):
        text = (seeds_dir().parent / line["file"]).read_bytes().decode()
        assert text[line["node_start"] : line["node_end"]] == line["node"]
        whole = line["left"] + line["node"] + line["right"]
        assert text[line["start"] : line["end"]].split() == whole.split()


def test_an_offset_that_cannot_be_told_is_unknown(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The old  steel furnace stands by the river near the town.")
    ingest(seeded, [tmp_path / "a.txt"])
    line = concord(seeded, "furnace").lines.row(0, named=True)
    assert (line["start"], line["node_start"], line["node_end"]) == (0, None, None)


def test_counterparts_stand_on_both_sides(seeds: Workspace) -> None:
    zh = concord(seeds, "滚珠轴承").lines.row(0, named=True)
    assert [(other["lang"], "ball bearings" in other["text"]) for other in zh["counterparts"]] == [
        ("en", True)
    ]
    en = concord(seeds, "ball bearings").lines.row(0, named=True)
    assert "滚珠轴承" in en["counterparts"][0]["text"]
    assert en["date_basis"] == "original"
    merged = concord(seeds, "郡郡").lines.row(0, named=True)  # one of two sentences of a 2:1 bead
    assert merged["counterparts"][0]["text"].startswith("Counties All Run Factories")
    assert concord(seeds, "Kimhwa").lines["counterparts"].list.len().max() == 0


def test_documents_that_are_not_aligned_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes((seeds_dir() / "003_ed76d6293c6aeeaa.txt").read_bytes())
    ingest(workspace, [tmp_path / "a.txt"])
    found = concord(workspace, "地方工业")
    assert (found.unaligned, found.snapshot.beads) == (1, None)
    assert found.lines["counterparts"].list.len().sum() == 0


def test_sorting_by_neighbours(seeds: Workspace) -> None:
    def first(side: str, text: str) -> str:
        words = [w.strip(".,'-").lower() for w in text.replace("-", " ").split()]
        words = [w for w in words if w]
        return "" if not words else words[-1] if side == "left" else words[0]

    left = concord(seeds, "factories", sort="L1", lang="en").lines["left"].to_list()
    assert [first("left", text) for text in left] == sorted(first("left", text) for text in left)
    right = concord(seeds, "factories", sort="R1", lang="en").lines["right"].to_list()
    assert [first("right", text) for text in right] == sorted(first("right", text) for text in right)
    zh = concord(seeds, "地方工业", sort="R1").lines["right"].to_list()
    assert [text[:2] for text in zh] == ["工厂", "总共", "犹如", "的总", "的发"]
    node = concord(seeds, "local industr*", sort="node").lines["node"].str.to_lowercase().to_list()
    assert node == sorted(node)
    with pytest.raises(CorpusError, match="cannot sort by 'L0'"):
        concord(seeds, "factories", sort="L0")


def test_a_sample_is_the_same_for_the_same_seed(seeds: Workspace) -> None:
    one, same, other = (concord(seeds, "factories", sample=6, seed=seed).lines for seed in (3, 3, 4))
    assert one.equals(same)
    assert not one.equals(other)
    everything = concord(seeds, "factories")
    assert (len(one), everything.matches) == (6, len(everything.lines))
    assert one.join(everything.lines, on=["doc_id", "sentence", "node_start"], how="semi").height == 6
    assert len(concord(seeds, "factories", sample=10_000).lines) == everything.matches


def test_filters(seeds: Workspace) -> None:
    assert concord(seeds, "industr*", sources=("KCNA",)).lines["relay"].drop_nulls().unique().to_list() == [
        "Korean Central News Agency"
    ]  # an agency's abbreviation; the Xinhua item relays it
    assert concord(seeds, "industr*", docs=("001",)).searched == 1
    early = concord(seeds, "工业|industr", as_regex=True, until=parse_date("1960")).lines
    assert early["date"].unique().to_list() == ["1959-05-20"]
    assert early["lang"].unique().sort().to_list() == ["en", "zh"]
    # 2024 is all that is known of one document: it passes where the year overlaps.
    assert (
        concord(
            seeds, "regional industr*", since=parse_date("2024-06"), until=parse_date("2024-07")
        ).documents
        == 1
    )
    with pytest.raises(CorpusError, match="languages are en, zh"):
        concord(seeds, "x", lang="ko")
    with pytest.raises(CorpusError, match="no text from 'Reuters' here; sources are Korean"):
        concord(seeds, "x", sources=("Reuters",))
    with pytest.raises(CorpusError, match="`since` 2020 is after `until` 1990"):
        concord(seeds, "x", since=parse_date("2020"), until=parse_date("1990"))


def test_what_is_undated_is_counted(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Steel is made in a furnace of the plant by the river.")
    ingest(seeded, [tmp_path / "a.txt"])
    found = concord(seeded, "furnace", since=parse_date("1950"))
    assert (found.matches, found.undated) == (0, 1)
    assert concord(seeded, "furnace").lines["date"].to_list() == [None]


def test_batches_leave_nothing_out(seeds: Workspace) -> None:
    versions = select_versions(seeds).versions
    whole = seeds.table("sentences").height
    for size in (1, 7, 1000):
        batches = list(sentence_batches(seeds, versions, ["text"], size=size))
        assert sum(map(len, batches)) == whole
        assert max(map(len, batches)) <= size
    assert versions["date_first"].max() == dt.date(2025, 2, 10)


def test_batches_of_a_selection_after_documents_are_gone(seeded: Workspace, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"The plant of town {name} grew. Its workers rested.")
    ingest(seeded, [tmp_path / f"{name}.txt" for name in "abc"])
    remove(seeded, ["b"])
    versions = select_versions(seeded, Selection(docs=("a", "c"))).versions
    done: list[tuple[int, int]] = []
    batches = list(
        sentence_batches(
            seeded, versions, ["text"], where=pl.col("text").str.contains("plant"), size=1,
            progress=lambda *counts: done.append(counts),
        )
    )  # fmt: skip
    assert [batch["doc_id"].to_list() for batch in batches] == [["a"], ["c"]]
    assert done == [(1, 4), (2, 4), (3, 4), (4, 4)]
    left_out = batches[0].select("doc_id", "version", "sentence")
    rest = pl.concat(sentence_batches(seeded, versions, ["text"], without=left_out))
    assert rest.select("doc_id", "sentence").rows() == [("a", 1), ("c", 0), ("c", 1)]


@pytest.mark.parametrize(("columns", "context"), [(60, 12), (80, 15), (120, 35), (None, 40)])
def test_context_is_as_wide_as_the_terminal_has_room_for(
    seeds: Workspace, monkeypatch: pytest.MonkeyPatch, columns: int | None, context: int
) -> None:
    printed = io.StringIO()
    console = Console(
        file=printed, force_terminal=columns is not None, width=columns or 10_000, color_system=None
    )
    monkeypatch.setattr("corpus.cli.display.kwic.result_console", lambda: console)
    print_lines(concord(seeds, "地方工业").lines.with_columns(counterparts=pl.lit([])))
    lines = printed.getvalue().splitlines()
    assert len(lines) == 5
    for line in lines:
        assert cell_len(line[: line.index("地方工业")]) == context
        assert cell_len(line) == 2 * context + 8 + 2 + len("1959-05-20  zh  003_ed76d6293c6aeeaa:L35")
        assert columns in (None, 60) or cell_len(line) == columns
