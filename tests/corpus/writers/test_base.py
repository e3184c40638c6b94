"""The format of a file is that of its ending, or the file is refused; what is written is whole or not there."""

from __future__ import annotations

import csv
import json
from importlib.metadata import EntryPoint, EntryPoints
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.base.errors import CorpusError
from corpus.base.formulas import unguarded
from corpus.documents.pairs import COLUMNS, PairBatch, all_pairs, without_nulls, workspace_pairs
from corpus.writers import base
from corpus.writers.base import Format, WriteOptions, format_of, formats, write_pairs, writer
from corpus.writers.tsv import to_tsv
from tests.corpus.writers.making import hostile, unscored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from corpus.writers.output import Output


@pytest.mark.parametrize("name", ["pairs.TSV", "a folder/pairs.v2.json", "x.beads"])
def test_an_ending_names_its_format(name: str) -> None:
    assert format_of(name) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize("name", ["-", "pairs"])
def test_what_has_no_ending_is_of_the_default(name: str) -> None:
    assert format_of(name) == "tsv"
    assert format_of(name, "json") == "json"


@pytest.mark.parametrize("name", ["pairs.docm", "pairs.xls", "pairs.tsv.gz", "pairs.mobi"])
def test_what_there_is_no_writer_for_is_refused(name: str) -> None:
    with pytest.raises(CorpusError, match=r"no writer for \.\w+; there are \.beads, \.csv"):
        format_of(name)


def test_a_format_that_is_named_needs_no_ending() -> None:
    assert format_of("pairs.txt", name="csv") == "csv"
    with pytest.raises(CorpusError, match="no format 'excel'; there are tsv, csv"):
        format_of("pairs.xlsx", name="excel")


def test_a_folder_has_no_format_until_one_is_named(tmp_path: Path) -> None:
    for name in (tmp_path, "texts/", "a.tsv/"):
        with pytest.raises(CorpusError, match=r"a folder; which format\? dataset, texts, .*`form='texts'`"):
            format_of(name)
    assert format_of(tmp_path, name="texts") == "texts"


def test_endings_are_of_one_format_each() -> None:
    endings = [ending for row in formats().values() for ending in row.endings]
    assert len(endings) == len(set(endings))


def test_tables_hold_the_seeds_pairs(seeded: Workspace, tmp_path: Path) -> None:
    batch = all_pairs(seeded)
    pairs = without_nulls(workspace_pairs(seeded))
    for form in ("tsv", "csv", "json", "jsonl"):
        write_pairs([batch], tmp_path / f"pairs.{form}", form)
    assert (tmp_path / "pairs.tsv").read_bytes().decode() == to_tsv(pairs)
    assert json.loads((tmp_path / "pairs.json").read_bytes()) == pairs.to_dicts()
    whole = json.dumps(pairs.to_dicts(), ensure_ascii=False, indent=2) + "\n"
    assert (tmp_path / "pairs.json").read_text("utf-8") == whole
    lines = (tmp_path / "pairs.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == pairs.to_dicts()
    with (tmp_path / "pairs.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert tuple(head) == COLUMNS
    assert [unguarded(row[head.index("src")]) for row in rows] == pairs["src"].to_list()


def test_no_cell_of_a_csv_is_a_formula(seeded: Workspace, tmp_path: Path) -> None:
    batch = all_pairs(seeded)
    texts = ["=HYPERLINK(1)", "+1", "@SUM(A1)", "-2", '"quoted", and\nbroken', "plain"]
    pairs = without_nulls(batch.pairs).head(len(texts))
    pairs = pairs.with_columns(src=pl.Series(texts, dtype=pl.String))
    write_pairs([PairBatch(pairs, batch.sides)], tmp_path / "p.csv", "csv", WriteOptions(("src",)))
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row[0] for row in csv.reader(file)][1:]
    assert not any(cell[0] in "=+-@" for cell in cells)
    assert [unguarded(cell) for cell in cells] == texts


@pytest.mark.parametrize("form", [name for name, row in formats().items() if not row.textless])
def test_a_format_of_texts_needs_them(seeded: Workspace, tmp_path: Path, form: str) -> None:
    with pytest.raises(CorpusError, match="holds texts; without them there are tsv"):
        write_pairs([all_pairs(seeded)], tmp_path / "p", form, WriteOptions(text=False))
    assert not list(tmp_path.glob("p*"))


@pytest.mark.parametrize("form", [name for name, row in formats().items() if row.textless and not row.binary])
def test_no_text_leaks_where_none_may_be_written(seeded: Workspace, tmp_path: Path, form: str) -> None:
    batch = all_pairs(seeded)
    write_pairs([batch], tmp_path / "p", form, WriteOptions(text=False))
    written = "".join(path.read_text("utf-8") for path in tmp_path.glob("p*") if path.is_file())
    assert written
    texts = [text for side in batch.sides.values() for text in side.sentences if len(text) > 8]
    assert not [text for text in texts if text in written]


@pytest.mark.parametrize("form", formats())
def test_an_export_that_breaks_off_leaves_what_was_there(
    seeded: Workspace, tmp_path: Path, form: str
) -> None:
    batch = all_pairs(seeded)
    place = tmp_path / "out"
    place.mkdir()
    if formats()[form].shape != "folder":
        (place / "p.txt").write_text("before")

    def broken() -> Iterator[PairBatch]:
        yield batch
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pairs(broken(), place / "p.txt", form)
    there = {path.name: path.read_text() for path in place.iterdir()}
    assert there == ({} if formats()[form].shape == "folder" else {"p.txt": "before"})


@pytest.mark.parametrize("form", formats())
def test_beads_without_a_score_are_written(tmp_path: Path, form: str) -> None:
    write_pairs([unscored(hostile())], tmp_path / "p", form, WriteOptions(nulls=True))
    assert list(tmp_path.iterdir())


def test_a_package_brings_a_format(
    monkeypatch: pytest.MonkeyPatch, seeded: Workspace, tmp_path: Path
) -> None:
    point = EntryPoint("count", f"{__name__}:COUNT", base.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: EntryPoints([point]))
    formats.cache_clear()
    try:
        assert format_of("all.count") == "count"
        write_pairs([all_pairs(seeded)], tmp_path / "all.count", "count")
        assert int((tmp_path / "all.count").read_text()) == len(workspace_pairs(seeded))
    finally:
        monkeypatch.undo()
        formats.cache_clear()


COUNT = Format("count", ("count",), __name__, "write_count", "how many beads")


def write_count(batches: Iterable[PairBatch], out: Output, options: WriteOptions) -> None:
    with out.open() as file:
        file.write(str(sum(len(batch.pairs) for batch in batches)).encode())


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    needy = Format("odd", ("odd",), "no_such_package", "write", "odd", extra="office")
    monkeypatch.setattr(base, "formats", lambda: {"odd": needy})
    with pytest.raises(
        CorpusError, match=r"the format odd needs no_such_package: pip install 'duizhao\[office\]'"
    ):
        writer("odd")
