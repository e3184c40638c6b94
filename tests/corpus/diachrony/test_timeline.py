"""Bins of time, and what a timeline says of those without documents."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from corpus.base.errors import CorpusError
from corpus.diachrony import charts
from corpus.diachrony.chart_fonts import DOTS, legible, wrapped
from corpus.diachrony.charts import timeline_chart
from corpus.diachrony.periods import bin_of, bins_by, bins_cut
from corpus.diachrony.timeline import TIMELINE, Timeline, timeline
from corpus.documents.subcorpus import Selection, select_versions
from corpus.documents.word_counts import NAME
from corpus.ingestion.ingest import ingest
from corpus.linguistics.frequencies import word_list
from corpus.linguistics.patterns import compile_pattern
from corpus.linguistics.word_counts import version_words
from corpus.store import schemas
from corpus.store.integrity import check
from corpus.store.workspace import Workspace
from corpus.text.dates import PartialDate, parse_date
from corpus.text.tokens import tokenise
from corpus.text.tokens import version as tokens_version

INDUSTRY = compile_pattern("x", forms=["local industr*", "regional industr*", "地方工业"])


@pytest.fixture(scope="module")
def seeds(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a copy: counting words writes to the workspace."""
    return Workspace(Path(shutil.copytree(built, tmp_path_factory.mktemp("timeline") / ".corpus")))


def rows(workspace: Workspace, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    found = timeline(workspace, options.pop("pattern", INDUSTRY), **options)
    assert found.rows.schema == TIMELINE
    return found.rows.to_dicts()


def at(table: list[dict[str, Any]], label: str, lang: str) -> dict[str, Any]:
    (row,) = [row for row in table if (row["bin"], row["lang"]) == (label, lang)]
    return row


# --- bins -------------------------------------------------------------------------------------------


def test_bins_of_a_unit() -> None:
    first, last = dt.date(1959, 5, 20), dt.date(1961, 2, 1)
    assert [one.label for one in bins_by("decade", first, last)] == ["1950s", "1960s"]
    assert [one.label for one in bins_by("year", first, last)] == ["1959", "1960", "1961"]
    months = [one.label for one in bins_by("month", first, last)]
    assert (months[0], months[-1], len(months)) == ("1959-05", "1961-02", 22)
    with pytest.raises(CorpusError, match="`by` is one of decade, year, month, not 'week'"):
        bins_by("week", first, last)
    with pytest.raises(CorpusError, match="bins from"):
        bins_by("month", dt.date(1, 1, 1), dt.date(2000, 1, 1))


def test_bins_between_cut_points() -> None:
    cuts = [parse_date(text) for text in ("1960", "2022-07", "2024", "2024-02-10", "2024-02-11")]
    assert [one.label for one in bins_cut(cuts)] == [
        "before 1960", "1960–2022-06", "2022-07–2023", "2024–2024-02-09", "2024-02-10", "2024-02-11–",
    ]  # fmt: skip
    for wrong in (["2000", "1990"], ["2000", "2000-01"], []):
        with pytest.raises(CorpusError, match="`cuts` takes dates in order"):
            bins_cut([parse_date(text) for text in wrong])


DATES = st.builds(
    PartialDate, st.integers(1900, 2030), st.none() | st.integers(1, 12), st.none()
) | st.builds(PartialDate, st.integers(1900, 2030), st.integers(1, 12), st.integers(1, 28))


@given(DATES, st.sampled_from(["decade", "year", "month"]))
def test_a_date_is_in_a_bin_only_if_all_of_it_is(date: PartialDate, unit: str) -> None:
    bins = bins_by(unit, dt.date(1900, 1, 1), dt.date(2030, 12, 31))
    number = bin_of(bins, date.first, date.last)
    assert (number is None) == (unit == "month" and date.month is None)
    if number is not None:
        first, last = bins[number].first, bins[number].last
        assert first is not None
        assert last is not None
        assert first <= date.first <= date.last <= last
    for one, following in pairwise(bins):
        assert one.last is not None
        assert one.last + dt.timedelta(days=1) == following.first


# --- timelines --------------------------------------------------------------------------------------


def test_no_documents_is_not_zero(seeds: Workspace) -> None:
    table = rows(seeds, by="year")
    assert [at(table, "1959", "zh")[name] for name in ("documents", "hits")] == [1, 5]
    assert at(table, "1959", "zh")["per_10k"] == pytest.approx(50_000 / at(table, "1959", "zh")["words"])
    empty = at(table, "1990", "en")
    assert (empty["documents"], empty["words"], empty["per_10k"]) == (0, 0, None)
    assert at(table, "2022", "zh")["per_10k"] is None  # no Chinese text of that year
    nothing = at(rows(seeds, by="year", pattern=compile_pattern("penguin")), "2022", "en")
    assert (nothing["documents"], nothing["per_10k"]) == (1, 0)


def test_every_hit_is_counted_once(seeds: Workspace) -> None:
    for options in ({"by": "decade"}, {"by": "month"}, {"cuts": [parse_date("2023")]}):
        table = rows(seeds, **options)
        assert sum(row["hits"] for row in table) == 55
        assert sum(row["documents"] for row in table) == 6


def test_a_year_is_in_no_month(seeds: Workspace) -> None:
    table = rows(seeds, by="month")
    assert [(row["bin"], row["documents"]) for row in table if row["kind"] == "partial"] == [("2024", 1)]
    assert at(table, "2024-03", "en")["perhaps"] == 1  # it may be of this month: nobody knows
    assert at(table, "2023-03", "en")["perhaps"] == 0
    assert at(rows(seeds, by="year"), "2024", "en")["kind"] == "bin"
    cut = rows(seeds, cuts=[parse_date("2024-06")])
    assert at(cut, "2024", "en")["kind"] == "partial"


def test_translations_stand_under_their_originals_date_and_say_so(seeds: Workspace) -> None:
    table = rows(seeds)
    assert at(table, "1950s", "en")["dated_by_original"] == 1
    assert at(table, "1950s", "zh")["dated_by_original"] == 0


def test_texts_without_a_date_stand_apart(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Steel is made in a furnace of the plant by the river.")
    ingest(workspace, [tmp_path / "a.txt"])
    (row,) = rows(workspace, pattern=compile_pattern("furnace"))
    assert (row["kind"], row["documents"], row["hits"], row["words"]) == ("undated", 1, 1, 12)


def without_counts(workspace: Workspace) -> Workspace:
    """Have a workspace as it was before words were counted when documents are read."""
    with workspace.change() as change:
        change.put_table(NAME, workspace.table(NAME).clear())
        change.drop_file(NAME)
    return workspace


def test_words_are_counted_when_they_are_read(seeded: Workspace, tmp_path: Path) -> None:
    versions = select_versions(seeded).versions
    calls: list[int] = []
    first = version_words(seeded, versions, progress=lambda done, _: calls.append(done))
    assert calls == []
    sentences = seeded.table("sentences").join(versions, on=["doc_id", "version"])
    by_hand = sum(len(tokenise(text, lang)) for text, lang in sentences.select("text", "lang").iter_rows())
    assert first["words"].sum() == by_hand
    # What was read before is counted when it is asked for, and kept.
    again = version_words(without_counts(seeded), versions, progress=lambda done, _: calls.append(done))
    assert again.sort("doc_id", "version").equals(first.sort("doc_id", "version"))
    assert calls != []
    calls.clear()
    assert version_words(seeded, versions, progress=lambda done, _: calls.append(done)).height == len(first)
    assert calls == []
    file = tmp_path / "a.txt"
    for text, words in (("Steel is made here.", 4), ("Steel is made here and there.", 6)):
        file.write_text(text)
        ingest(seeded, [file])
        assert version_words(seeded, select_versions(seeded).versions)["words"].sum() == words
        assert seeded.table(NAME)["words"].to_list() == [words]


def test_an_interruption_keeps_what_is_counted(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_words(seeded, select_versions(seeded).versions).sort("doc_id", "version")
    without_counts(seeded)
    monkeypatch.setattr("corpus.documents.word_counts._BATCH", 40)
    versions = select_versions(seeded).versions

    def interrupt(done: int, total: int) -> None:
        if done >= total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        version_words(seeded, versions, progress=interrupt)
    kept = seeded.table(NAME).select(before.columns)
    assert 0 < len(kept) < len(versions)
    monkeypatch.undo()
    every = version_words(seeded, versions).sort("doc_id", "version")
    assert every.equals(before)
    assert kept.join(every, on=every.columns, how="semi", nulls_equal=True).height == len(
        kept
    )  # none was cut short


def test_counts_of_other_rules_are_made_again(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = select_versions(seeded).versions
    before = version_words(seeded, versions)["words"].sum()
    with seeded.change() as change:
        change.note(NAME, {"tokens": "of another time"})
    assert version_words(seeded, versions)["words"].sum() == before
    assert seeded.state().about[NAME]["tokens"] == tokens_version()


def test_damaged_counts_are_made_again(seeded: Workspace) -> None:
    versions = select_versions(seeded).versions
    before = version_words(seeded, versions)["words"].sum()
    for file in seeded.path.glob("counts-*.parquet"):
        file.write_bytes(b"not parquet")
    assert version_words(seeded, versions)["words"].sum() == before
    assert check(seeded) == []


def test_what_cannot_be_kept_is_counted_all_the_same(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = select_versions(seeded).versions
    before = version_words(seeded, versions)["words"].sum()
    without_counts(seeded)
    monkeypatch.setattr("corpus.documents.word_counts._keep", lambda *_: False)
    assert version_words(seeded, versions)["words"].sum() == before
    assert seeded.state().rows(NAME) == 0


# --- charts -----------------------------------------------------------------------------------------


def test_charts_of_the_seeds(seeds: Workspace) -> None:
    image = Image.open(io.BytesIO(timeline_chart(timeline(seeds, INDUSTRY), "png", title="地方工业")))
    assert image.info["Title"] == "地方工业"
    assert image.width > 800
    found = timeline(seeds, INDUSTRY, by="month", selection=Selection(since=parse_date("2023")))
    drawing = ET.fromstring(timeline_chart(found, "svg", title="地方工业 <&>"))
    texts = {element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {"地方工业 <&>", "per 10,000 words", "en", "no documents", "none dated so closely"} <= texts
    assert timeline_chart(found, "svg", title="x") == timeline_chart(found, "svg", title="x")


@pytest.mark.parametrize("title", ["a\x1bb", "\0", "x\x08\x0c\ufffe", "\ud800", "\x9d"])
def test_a_chart_of_whatever_title_is_xml(seeds: Workspace, title: str) -> None:
    drawing = timeline_chart(timeline(seeds, INDUSTRY), "svg", title=title, forms=[title, "b"])
    assert ET.fromstring(drawing).tag.endswith("svg")


def test_a_gap_is_hatched_and_zero_is_a_line(seeds: Workspace) -> None:
    found = timeline(seeds, INDUSTRY)
    axes = charts._figure(found, "x", "").axes[0]
    absent = [patch for patch in axes.patches if patch.get_hatch() == "///"]
    spans = sorted((patch.get_x(), patch.get_x() + patch.get_width()) for patch in absent)
    # No text at all from the 1960s to the 2010s, the second bin to the seventh; no Chinese in the 2020s.
    assert spans == [pytest.approx((0.5, 6.5)), pytest.approx((7.0, 7.4))]
    bars = {bars.get_label(): len(bars) for bars in axes.containers}
    assert bars == {"en": 2, "zh": 1}
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert sorted(legend) == ["en", "no documents", "zh"]
    assert sum(len(lines.get_segments()) for lines in axes.collections) == 0
    nothing = charts._figure(timeline(seeds, compile_pattern("penguin")), "x", "").axes[0]
    assert sum(len(lines.get_segments()) for lines in nothing.collections) == 3


def test_a_language_looks_the_same_in_every_chart_and_like_no_other(
    seeds: Workspace, workspace: Workspace, tmp_path: Path
) -> None:
    styles = [charts.language_style(lang) for lang in charts._LANGUAGES]
    assert len(set(styles)) == len(styles)
    first = styles[: len(charts._COLOURS)]
    assert len({colour for colour, _ in first}) == len({hatch for _, hatch in first}) == len(first)
    (tmp_path / "a.txt").write_text("我们的地方工业在河边建了许多新工厂。", "utf-8")
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "a.txt"\nlang = "zh"\ndate = "1960"\n')
    ingest(workspace, [tmp_path])
    colours = []
    for space in (seeds, workspace):
        (bars,) = [
            one
            for one in charts._figure(timeline(space, INDUSTRY), "x", "").axes[0].containers
            if one.get_label() == "zh"
        ]
        colours.append(bars.patches[0].get_facecolor())
    assert colours[0] == colours[1]


def test_two_versions_of_a_document_in_a_language_are_one_document(workspace: Workspace) -> None:
    documents = [{"doc_id": "a", "file": "a", "fingerprint": "a", "seed": False}]
    about = {"doc_id": "a", "lang": "en", "date": "1959", "date_first": dt.date(1959, 1, 1)}
    about["date_last"] = dt.date(1959, 12, 31)
    versions = [about | {"version": number} for number in (0, 1)]
    sentences = [
        {
            "doc_id": "a",
            "version": number,
            "sentence": 0,
            "paragraph": 0,
            "text": text,
            "line": 1,
            "text_id": number,
        }
        for number, text in enumerate(("The local industry grew.", "Local industry has grown."))
    ]
    with workspace.change() as change:
        for name, table in (("documents", documents), ("versions", versions), ("sentences", sentences)):
            change.put_table(name, schemas.frame(name, table))
    (row,) = rows(workspace)
    assert [row[name] for name in ("documents", "sentences", "words", "hits", "hit_documents")] == [
        1,
        2,
        8,
        2,
        1,
    ]
    found = word_list(workspace)
    assert found.sizes["documents"].to_list() == [1]
    assert set(found.words["documents"]) == {1}


def test_a_page_needs_nothing_else(seeds: Workspace) -> None:
    page = timeline_chart(timeline(seeds, INDUSTRY), "html", title="a <b>").decode()
    assert "a &lt;b&gt;" in page
    for fetched in ("<script", "src=", "@import", "<link", 'href="http'):
        assert fetched not in page
    assert "<td>no documents</td>" in page
    assert "1 translation stands under the original" in page


def test_without_matplotlib_it_says_what_to_install(
    seeds: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(CorpusError, match=r"pip install 'duizhao\[plots\]'"):
        timeline_chart(timeline(seeds, INDUSTRY), "png", title="x")


def test_a_png_is_written_in_characters_that_there_are_fonts_for() -> None:
    families = ["DejaVu Sans"]
    forms = ("regional industr*", "地方工业")
    assert legible("local industr* – é", "Said.", (), families) == ("local industr* – é", "Said.")
    title, said = legible("地方工业", "Counted: regional industr*, 地方工业.", forms, families)
    assert title == r"\u5730\u65b9\u5de5\u4e1a = regional industr*"
    assert said.startswith("No font here has every character")
    assert said.endswith(r"Counted: regional industr*, \u5730\u65b9\u5de5\u4e1a.")
    # A form that no font has is written otherwise, and the title, which needs none, is not.
    assert legible("local industry", "地", forms, families)[0] == "local industry"


def widths(drawn: Any) -> list[float]:  # noqa: ANN401
    """Return how far the texts under and over a chart reach, as parts of its width."""
    canvas: Any = FigureCanvasAgg(drawn)
    canvas.draw()
    texts = (*drawn.texts, drawn.axes[0].title)
    return [text.get_window_extent(canvas.get_renderer()).x1 / drawn.bbox.width for text in texts]


def test_what_stands_around_a_chart_fits_it(seeds: Workspace) -> None:
    found = timeline(seeds, INDUSTRY, by="year")
    long = "local industries of the county and the province " * 8
    for said in (charts.caption(found, [long, "x" * 400]), "short"):
        drawn = charts._figure(found, long, said)
        drawn.set_dpi(DOTS)
        assert [0 < reach <= 1 for reach in widths(drawn)] == [True, True]
    assert "".join(wrapped(long, 5, 7).split()) == "".join(long.split())  # nothing is lost


def test_the_caption_says_what_was_counted_and_how(seeds: Workspace) -> None:
    for once, said in ((False, "counted each time: 0."), (True, "left out: 0.")):
        found = timeline(seeds, INDUSTRY, once=once)
        for form in ("svg", "html"):
            drawing = timeline_chart(found, form, title="local industry", forms=INDUSTRY.forms).decode()
            text = " ".join(re.sub(r"<[^>]*>", " ", drawing).split())
            assert "Counted: local industr*, regional industr*, 地方工业." in text
            assert said in text
            assert f"Snapshot: texts {found.snapshot.texts}." in text


def months(folder: Path, dates: list[str]) -> Timeline:
    """Return a timeline by month of a text of each date."""
    manifest = ""
    for number, date in enumerate(dates):
        (folder / f"{number}.txt").write_text(f"The local industry of town number {number} grew.")
        manifest += f'[[document]]\nfile = "{number}.txt"\ndate = "{date}"\nlang = "en"\n'
    (folder / "manifest.toml").write_text(manifest)
    workspace = Workspace(folder / ".corpus")
    ingest(workspace, [folder])
    return timeline(workspace, INDUSTRY, by="month")


def test_the_axis_is_broken_where_bars_would_be_too_thin(tmp_path: Path, seeds: Workspace) -> None:
    found = months(tmp_path, ["1957-03-01", "1990-05-02", "1990-07-01", "1999-01", "2025-02-01"])
    assert len(found.bins) == 816
    drawn = charts._figure(found, "x", "Said.")
    axes = drawn.axes[0]
    labels = ["1957-03", "1957-04–1990-04", "1990-05", "1990-06", "1990-07", "1990-08–1998-12", "1999-01"]
    labels += ["1999-02–2025-01", "2025-02"]
    assert [text.get_text() for text in axes.get_xticklabels()] == labels
    (bars,) = axes.containers
    assert [round(bar.get_x() + bar.get_width() / 2, 6) for bar in bars] == [0, 2, 4, 6, 8]
    dots = bars[0].get_width() / len(labels) * drawn.bbox.width
    assert dots > 10
    assert [list(line.get_xdata()) for line in axes.lines] == [[0.92, 4.92, 6.92], [1.08, 5.08, 7.08]]
    assert "axis is broken" in " ".join(drawn.get_supxlabel().split())
    whole = charts._figure(timeline(seeds, INDUSTRY, by="year"), "x", "Said.")
    assert (len(whole.axes[0].lines), "broken" in whole.get_supxlabel()) == (0, False)


def test_more_bars_than_can_be_seen_are_refused(tmp_path: Path) -> None:
    found = months(tmp_path, ["1900-01", "2025-01"])
    rows = found.rows.with_columns(
        documents=pl.when(kind="bin").then(1).cast(pl.UInt32), per_10k=pl.when(kind="bin").then(1.0)
    )
    with pytest.raises(CorpusError, match=r"^1,501 bars are too many .* `since` .* `by='year'`"):
        timeline_chart(replace(found, rows=rows), "png", title="x")
