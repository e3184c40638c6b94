"""A user's judgements of beads are kept, found again, and never lost."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.alignment.incremental import align_missing
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError, InputError
from corpus.documents.pairs import workspace_pairs
from corpus.ingestion.ingest import ingest, remove
from corpus.ingestion.seeds import ingest_seeds
from corpus.maintenance.repair import repair
from corpus.quality.judgement_tables import COLUMN
from corpus.quality.reviews import (
    LISTED,
    Review,
    bead_named,
    document_beads,
    list_reviews,
    read_reviews,
    record,
    take_back,
    with_verdicts,
)
from corpus.store.integrity import check
from corpus.store.state import COPY, NAME
from corpus.writers.tsv import to_tsv
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")


def judge(workspace: Workspace, verdicts: str) -> None:
    """Judge the first beads of the bilingual seed: x for right, - for wrong."""
    rows = workspace_pairs(workspace, [DOC]).select("src", "tgt").rows()
    pairs = zip(rows, verdicts, strict=False)
    record(workspace, [Review(DOC, src, tgt, verdict == "x") for (src, tgt), verdict in pairs])


@pytest.fixture
def reviewed(seeded: Workspace) -> Workspace:
    """Return a workspace of the seeds with three reviews, the second of them a "wrong"."""
    judge(seeded, "x-x")
    return seeded


def kept(workspace: Workspace) -> list[dict[str, object]]:
    return workspace.table("reviews").sort("review").to_dicts()


def test_a_bead_is_judged_and_judged_again(seeded: Workspace) -> None:
    row = bead_named(seeded, DOC, "5")
    assert row["bead"] == "1:2"
    done = record(seeded, [Review(DOC, row["src"], row["tgt"], right=True, note="fine", by="A. Reader")])
    assert (len(done.new), done.changed, done.unaligned) == (1, [], [])
    state = seeded.state()
    assert len(record(seeded, [Review(DOC, row["src"], row["tgt"], right=True)]).same) == 1
    assert seeded.state() == state  # what says the same is no change, and keeps the note
    assert len(record(seeded, [Review(DOC, row["src"], row["tgt"], right=False)]).changed) == 1
    (review,) = list_reviews(seeded).to_dicts()
    assert (review["right"], review["note"], review["by"], review["state"]) == (False, None, None, "aligned")
    assert (review["bead"], review["src_ids"]) == ("1:2", row["src_ids"])
    judged = document_beads(seeded, DOC).filter(pl.col("right").is_not_null())
    assert judged["number"].to_list() == [5]


@pytest.mark.parametrize(
    ("name", "message"), [("77", "no bead 77"), ("ko:5", "no bead ko:5"), ("x", "is no bead")]
)
def test_a_bead_that_is_not_there_is_named(seeded: Workspace, name: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        bead_named(seeded, DOC, name)
    assert bead_named(seeded, DOC, "en:5")["number"] == 5
    with pytest.raises(CorpusError, match="no beads"):
        bead_named(seeded, SEEDS["001"].removesuffix(".txt"), "1")


def test_reviews_are_of_texts_not_of_numbers(reviewed: Workspace) -> None:
    before = list_reviews(reviewed)
    assert before.schema == LISTED
    assert before["state"].to_list() == ["aligned"] * 3
    align_missing(reviewed, weights=replace(shipped_weights(), max_block=3))
    again = {row["review"]: (row["right"], row["state"]) for row in list_reviews(reviewed).to_dicts()}
    # What is wrong is not proposed again.
    assert again == {
        row["review"]: (row["right"], "aligned" if row["right"] else "not aligned")
        for row in before.to_dicts()
    }
    align_missing(reviewed, weights=shipped_weights())
    take_back(reviewed, before.filter(~pl.col("right"))["review"].to_list())
    align_missing(reviewed, wrong=True)
    judge(reviewed, "x-x")
    with reviewed.change() as change:  # as if an alignment had joined what was the second bead and the third
        beads = reviewed.table("beads").sort("bead")
        rows = beads.to_dicts()
        rows[1] |= {name: rows[1][name] + rows[2][name] for name in ("src_ids", "tgt_ids")}
        change.put_table("beads", pl.DataFrame([rows[0], rows[1], *rows[3:]], schema=beads.schema))
    found = list_reviews(reviewed)
    assert found["state"].to_list() == ["aligned", "not aligned", "not aligned"]
    assert found["bead"].null_count() == 2
    assert with_verdicts(reviewed, workspace_pairs(reviewed))["review"].to_list() == ["right", *[None] * 8]


def test_of_two_dated_judgements_the_later_counts(cli: Callable[..., Ran], seeded: Workspace) -> None:
    src, tgt = workspace_pairs(seeded, [DOC]).select("src", "tgt").row(0)
    early = Review(DOC, src, tgt, right=True, note="fine", date="2026-01-02")
    late = Review(DOC, src, tgt, right=False, note="a clause is missing", date="2026-01-03")
    record(seeded, [late])
    state = seeded.state()
    done = record(seeded, [early])
    assert (done.older, done.changed) == ([early.review], [])
    assert seeded.state() == state
    rows = "\t".join(["1", src, tgt, DOC, "fine", "2026-01-02"])
    ran = cli("review", "-", stdin=f"right\tsrc\ttgt\tdoc_id\tnote\tdate\n{rows}\n".encode())
    assert (ran.code, "1 older than what is known and left out" in ran.err) == (0, True)
    assert kept(seeded)[0]["note"] == "a clause is missing"
    assert len(record(seeded, [replace(early, date=late.date)]).changed) == 1  # of one day: as it is given
    assert len(record(seeded, [replace(late, date=None)]).changed) == 1  # today


def test_a_note_survives_a_list_as_tsv(cli: Callable[..., Ran], seeded: Workspace) -> None:
    src, tgt = workspace_pairs(seeded, [DOC]).select("src", "tgt").row(0)
    record(
        seeded, [Review(DOC, src, tgt, right=True, note='he said "no"\nand\u2028a\ttab ', by="A.\nReader")]
    )
    before = kept(seeded)
    assert (before[0]["note"], before[0]["by"]) == ('he said "no" and a tab', "A. Reader")
    ran = cli("review", "-", stdin=cli("review", "--list", "--tsv").out.encode())
    assert "1 known already" in ran.err
    assert kept(seeded) == before
    ran = cli("review", "003", "5", "right", "--note", "two\nlines")
    assert ran.code == 1
    assert "--note is one line" in ran.err


@pytest.mark.parametrize("date", ["2024-99-99", "2024-02-30", "2024-02", "2024-2-7", "7.2.2024"])
def test_a_date_is_a_day_that_there_is(seeded: Workspace, date: str) -> None:
    row = "\t".join(["1", "src", "tgt", DOC, date])
    with pytest.raises(InputError, match=f"line 2: a date is like 2024-02-07, not '{date}'"):
        read_reviews(seeded, f"right\tsrc\ttgt\tdoc_id\tdate\n{row}\n".encode(), "marked.tsv")


def test_two_columns_of_one_name_are_refused(seeded: Workspace) -> None:
    data = f"right\tsrc\ttgt\tdoc_id\tRight\n1\tsrc\ttgt\t{DOC}\t0\n".encode()
    with pytest.raises(InputError, match="two columns are called right"):
        read_reviews(seeded, data, "marked.tsv")


def test_a_bead_keeps_its_number_whatever_the_order_of_the_rows(seeded: Workspace) -> None:
    beads = seeded.table("beads")
    with seeded.change() as change:
        change.put_table("beads", beads.with_columns(bead=pl.col("bead") * 10).reverse())
    found = document_beads(seeded, DOC)
    assert found["number"].to_list() == [10 * bead for bead in sorted(beads["bead"])]
    assert found.select("src_ids").equals(beads.sort("bead").select("src_ids"))


def test_removing_a_document_leaves_its_reviews(reviewed: Workspace, tmp_path: Path) -> None:
    before = kept(reviewed)
    remove(reviewed, [DOC])
    assert kept(reviewed) == before
    assert set(list_reviews(reviewed)["state"]) == {"no document"}
    assert check(reviewed) == []
    (tmp_path / f"{DOC}.txt").write_text(seed_text("003"), "utf-8")
    ingest(reviewed, [tmp_path / f"{DOC}.txt"])
    align_missing(reviewed)
    assert set(list_reviews(reviewed).filter("right")["state"]) == {"aligned"}


def test_reviews_are_taken_back_by_their_ids(reviewed: Workspace) -> None:
    first, second, third = (row["review"] for row in kept(reviewed))
    assert take_back(reviewed, [str(second)[:6]]) == [second]
    assert [row["review"] for row in kept(reviewed)] == [first, third]
    for name in ("", "zz", str(second)):
        with pytest.raises(CorpusError, match="is no review"):
            take_back(reviewed, [str(first), name])
    assert len(kept(reviewed)) == 2
    take_back(reviewed, [str(first), str(third)])
    assert kept(reviewed) == []
    assert check(reviewed) == []


def test_a_marked_file_is_read_as_spreadsheets_leave_it(seeded: Workspace) -> None:
    pairs = workspace_pairs(seeded, [DOC])
    rows = [dict(row, right="") for row in pairs.to_dicts()]
    src, tgt = rows[1]["src"], rows[1]["tgt"]
    cells = [
        ["right", "src", "tgt", "doc_id", "note"],
        ["x", src.replace("　", " "), f'"{tgt}"', DOC, ""],
        ["wrong", rows[2]["src"], rows[2]["tgt"], DOC, "a clause is missing"],
        ["", rows[3]["src"], rows[3]["tgt"], DOC, ""],
        ["1", "A text that nobody aligned.", "它不在那里。", DOC, ""],
        ["1", "src", "tgt", "another-document", ""],
    ]
    data = "\n".join("\t".join(row) for row in cells).encode()
    marked, unmarked = read_reviews(seeded, data, "marked.tsv", by="A. Reader")
    done = record(seeded, marked)
    assert (unmarked, len(done.new), len(done.unaligned)) == (1, 3, 1)
    assert done.unknown == {"another-document": 1}
    found = list_reviews(seeded)
    assert found["src"].to_list()[:2] == [src, rows[2]["src"]]  # as the workspace has them
    assert found["note"].to_list()[:2] == [None, "a clause is missing"]
    assert set(found["by"]) == {"A. Reader"}
    with pytest.raises(InputError, match="line 2: 'perhaps' is no mark"):
        read_reviews(seeded, data.replace(b"\nx\t", b"\nperhaps\t"), "marked.tsv")
    with pytest.raises(InputError, match="no column doc_id"):
        read_reviews(seeded, b"right\tsrc\ttgt\n", "marked.tsv")


def damaged(workspace: Workspace, *, table: bool, copy: bool) -> list[str]:
    """Damage the table of reviews, or its copy; return the names."""
    files = [workspace.path / workspace.state().segments("reviews")[0].stored.file] * table
    copied = workspace.file("reviews")
    assert copied is not None
    files += [copied] * copy
    for file in files:
        data = file.read_bytes()
        file.write_bytes(data[:20] + b"\xff" * 20 + data[40:])
    return [file.name for file in files]


@pytest.mark.parametrize(("table", "copy"), [(True, False), (False, True)])
def test_one_damaged_copy_loses_no_review(reviewed: Workspace, *, table: bool, copy: bool) -> None:
    before = kept(reviewed)
    files = damaged(reviewed, table=table, copy=copy)
    faults = check(reviewed)
    assert [fault.file for fault in faults] == files
    done = repair(reviewed, faults)
    assert any(line.startswith("reviews:") for line in done)
    assert kept(reviewed) == before
    assert check(reviewed) == []


def test_of_two_damaged_copies_what_can_be_read_is_kept_and_the_rest_stays(reviewed: Workspace) -> None:
    before = kept(reviewed)
    files = damaged(reviewed, table=True, copy=True)
    left = {name: (reviewed.path / name).read_bytes() for name in files}
    (line,) = (line for line in repair(reviewed, check(reviewed)) if line.startswith("reviews:"))
    assert "2 of 3 could be read" in line
    assert all(row in before for row in kept(reviewed))
    for name, data in left.items():
        assert f"damaged-{name}" in line
        assert (reviewed.path / f"damaged-{name}").read_bytes() == data
    judge(reviewed, "xxxx")
    assert (reviewed.path / f"damaged-{files[0]}").exists()
    assert check(reviewed) == []


def test_a_state_restored_from_its_copy_keeps_later_reviews(reviewed: Workspace) -> None:
    earlier = (reviewed.path / "workspace.json.copy").read_bytes()
    judge(reviewed, "x-xx-")
    before = kept(reviewed)
    (reviewed.path / "workspace.json.copy").write_bytes(earlier)
    (reviewed.path / "workspace.json").write_text("{")
    done = repair(reviewed, check(reviewed))
    assert any("reviews: 5" in line for line in done)
    assert kept(reviewed) == before
    assert check(reviewed) == []


def copy_of(workspace: Workspace) -> Path:
    """Return the file of the copy of the reviews."""
    file = workspace.file("reviews")
    assert file is not None
    return file


def lose_state(workspace: Workspace) -> None:
    for name in (NAME, COPY):
        (workspace.path / name).unlink()


@pytest.mark.parametrize("suffixes", [(".jsonl", ".parquet"), (".jsonl",), (".parquet",)])
def test_reviews_without_a_state_are_no_first_change(
    cli: Callable[..., Ran], reviewed: Workspace, tmp_path: Path, suffixes: tuple[str, ...]
) -> None:
    lose_state(reviewed)
    for file in reviewed.path.glob("reviews-*"):
        if file.suffix not in suffixes:
            file.unlink()
    before = {file: file.read_bytes() for file in reviewed.path.glob("*-0*.*")}
    (tmp_path / "new.txt").write_text(seed_text("000"), "utf-8")
    for command in (["ingest", "new.txt"], ["show"], ["align"], ["check"], ["check", "--repair"]):
        ran = cli(*command, "--workspace", reviewed.path)
        assert ran.code == 1
        assert "workspace.json" in ran.err + ran.out
        assert "Traceback" not in ran.err
    assert {file: file.read_bytes() for file in reviewed.path.glob("*-0*.*")} == before


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_reviews_come_back_from_a_folder_without_a_state(
    cli: Callable[..., Ran], reviewed: Workspace, tmp_path: Path, how: str
) -> None:
    before = kept(reviewed)
    lose_state(reviewed)
    if how == "damaged":
        for name in (NAME, COPY):
            (reviewed.path / name).write_text("{")
    ran = cli("check", "--repair", "--workspace", reviewed.path)
    assert ran.code == 1
    told = ran.err.split("to keep its reviews, then: corpus ")[1].split()  # as it stands there
    reviewed.path.rename(f"{reviewed.path}.old")
    ingest_seeds(reviewed)
    ran = cli(*told)
    assert "3 new, 0 changed" in ran.err
    assert kept(reviewed) == before


def test_a_line_of_a_copy_that_is_damaged_is_named(reviewed: Workspace) -> None:
    first, second, third = copy_of(reviewed).read_bytes().splitlines()
    read, unmarked = read_reviews(reviewed, b"\n".join([first, third]), "copy.jsonl", by="A. Reader")
    assert ([review.by for review in read], unmarked) == (["A. Reader"] * 2, 0)
    assert len(read_reviews(reviewed, b"\xef\xbb\xbf" + first, "standard input")[0]) == 1
    with pytest.raises(InputError, match=r"copy\.jsonl: line 1: no review"):
        read_reviews(reviewed, b"\xff" + first[1:], "copy.jsonl")
    bad = [second[:9] + b"\xff" + second[10:], b"[]", second.replace(b'"right": ', b'"right": 7')]
    for line in [*bad, second.replace(DOC.encode(), b"x"), second[:-2]]:
        with pytest.raises(InputError, match=r"copy\.jsonl: line 2: no review"):
            read_reviews(reviewed, b"\n".join([first, line, third]), "copy.jsonl")


def without_later_state(workspace: Workspace, verdicts: str, taken: int) -> list[dict[str, object]]:
    """Judge and take back, then go back to the state before that; return the reviews there were."""
    earlier = (workspace.path / COPY).read_bytes()
    judge(workspace, verdicts)
    take_back(workspace, [str(row["review"]) for row in kept(workspace)[:taken]])
    found = kept(workspace)
    (workspace.path / COPY).write_bytes(earlier)
    (workspace.path / NAME).write_text("{")
    return found


def test_reviews_that_were_taken_back_stay_so_when_a_state_is_restored(reviewed: Workspace) -> None:
    before = without_later_state(reviewed, "x-xx-", 2)
    assert any("reviews: 3" in line for line in repair(reviewed, check(reviewed)))
    assert kept(reviewed) == before
    assert check(reviewed) == []


def test_a_later_copy_that_is_cut_off_is_joined_with_the_one_before(reviewed: Workspace) -> None:
    before = kept(reviewed)
    after = without_later_state(reviewed, "--xx-", 0)
    newest = max(reviewed.path.glob("reviews-*.jsonl"))
    data = newest.read_bytes()
    newest.write_bytes(data[: data.index(b"\n", len(data) // 2) + 9])
    left = newest.read_bytes()
    done = repair(reviewed, check(reviewed))
    assert any(f"damaged-{newest.name}" in line for line in done)
    assert (reviewed.path / f"damaged-{newest.name}").read_bytes() == left
    assert {row["review"] for row in kept(reviewed)} >= {row["review"] for row in before}
    whole = [json.loads(line) for line in left.splitlines()[:-1]]
    assert whole
    assert all(row in kept(reviewed) for row in whole)
    assert all(row in [*before, *after] for row in kept(reviewed))
    assert check(reviewed) == []


def test_a_copy_that_lacks_a_later_column_is_read_and_one_that_does_not_fit_is_no_empty_table(
    reviewed: Workspace,
) -> None:
    def rewrite(copied: Callable[[dict[str, object]], dict[str, object]]) -> None:
        """Write the copy in another form, as if this version had written it; and damage the table."""
        rows = [json.loads(line) for line in copy_of(reviewed).read_text("utf-8").splitlines()]
        lines = "".join(json.dumps(copied(row)) + "\n" for row in rows)
        with reviewed.change() as change:
            change.put_file("reviews", "jsonl", lines.encode(), {})
        damaged(reviewed, table=True, copy=False)

    before = kept(reviewed)
    rewrite(lambda row: {name: value for name, value in row.items() if name != "by"})
    assert "reviews: taken from their copy" in repair(reviewed, check(reviewed))
    assert kept(reviewed) == before
    rewrite(lambda row: row | {"colour": "red"})
    name = copy_of(reviewed).name
    (line,) = (line for line in repair(reviewed, check(reviewed)) if line.startswith("reviews:"))
    assert "reviews: 0 of 3 could be read" in line
    assert f"damaged-{name}" in line
    assert len((reviewed.path / f"damaged-{name}").read_bytes().splitlines()) == 3


def test_other_damage_leaves_reviews_alone(reviewed: Workspace) -> None:
    before = kept(reviewed)
    for name in ("documents", "sentences", "beads"):
        (reviewed.path / reviewed.state().segments(name)[0].stored.file).unlink()
        repair(reviewed, check(reviewed))
        assert kept(reviewed) == before
        align_missing(reviewed)
    assert set(list_reviews(reviewed).filter("right")["state"]) == {"aligned"}


# --- the command ------------------------------------------------------------------------------------


@pytest.fixture
def here(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / ".corpus")


def test_the_command_keeps_lists_and_takes_back(cli: Callable[..., Ran], here: Path, tmp_path: Path) -> None:
    assert "地方工业" in cli("review", "003").out
    ran = cli("review", "003", "5", "right", "--by", "A. Reader")
    assert (ran.code, ran.out) == (0, "")
    assert f"{DOC}, bead 5: right" in ran.err
    assert cli("review", "003", "6", "wrong", "--note", "a clause is missing").code == 0
    found = json.loads(cli("review", "--list", "--json").out)
    assert [(row["bead"], row["right"], row["by"]) for row in found] == [
        ("1:2", True, "A. Reader"),
        ("1:1", False, None),
    ]
    assert "note: a clause is missing" in cli("review", "--list").out
    assert json.loads(cli("status", "--json").out)["reviews"] == 2
    assert "reviews: 2" in cli("status").out
    tsv = cli("review", "--list", "--tsv").out
    assert tsv.splitlines()[0].split("\t")[:3] == [COLUMN, "src", "tgt"]
    assert "2 known already" in cli("review", "-", stdin=tsv.encode()).err
    exported = cli("export", "-", "--columns", "bead,review", "--keep-wrong").out.splitlines()
    assert exported[6:8] == ["1:2\tright", "1:1\twrong"]
    aligned = cli("align", "-o", "-", "--columns", "bead,review").out.splitlines()
    assert "1:2\tright" in aligned
    assert "1:1\twrong" not in aligned
    assert "review" not in cli("export", "-").out.splitlines()[0]
    ran = cli("rm", "003")
    assert "2 reviews of them kept" in ran.err
    assert "no longer in the alignment" in cli("status").out
    assert cli("review", "--take-back", found[0]["review"], "--take-back", found[1]["review"][:5]).code == 0
    assert json.loads(cli("review", "--list", "--json").out) == []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "name a document or a file"),
        (("003", "--list"), "one of them"),
        (("003", "5"), "right or wrong"),
        (("003", "5", "perhaps"), "is no mark"),
        (("003", "x", "right"), "is no bead"),
        (("none", "5", "right"), "no document 'none'"),
        (("none.tsv",), "no such file"),
        (("003", "--tsv"), "--tsv goes with --list"),
        (("--take-back", "77"), "is no review"),
    ],
)
def test_mistakes_are_named(cli: Callable[..., Ran], here: Path, args: tuple[str, ...], message: str) -> None:
    ran = cli("review", *args)
    assert ran.code == 1
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_a_file_of_which_nothing_can_be_kept_is_an_error(cli: Callable[..., Ran], here: Path) -> None:
    head = "right\tsrc\ttgt\tdoc_id\n"
    assert "nothing is marked" in cli("review", "-", stdin=f"{head}\ta\tb\t{DOC}\n".encode()).err
    ran = cli("review", "-", stdin=f"{head}1\ta\tb\tnone\n".encode())
    assert ran.code == 1
    assert "left out 1 of documents that are not here: none" in ran.err


def test_reviews_calibrate(cli: Callable[..., Ran], workspace: Workspace, tmp_path: Path) -> None:
    text = seed_text("003")
    for number in range(4):
        (tmp_path / f"item{number}.txt").write_text(text, "utf-8")
    ran = cli("ingest", *(tmp_path / f"item{number}.txt" for number in range(4)))
    assert ran.code == 0
    assert "the workspace has no reviews" in cli("calibrate", "-o", "my.json").err
    assert cli("calibrate", "--sample", "30", "-o", "marked.tsv").code == 0
    lines = (tmp_path / "marked.tsv").read_text("utf-8").splitlines()
    marks = ["0" if number % 5 == 0 else "1" for number in range(len(lines) - 1)]
    marked = [lines[0], *(mark + line for mark, line in zip(marks, lines[1:], strict=True))]
    (tmp_path / "marked.tsv").write_text("\n".join(marked), "utf-8")
    assert "30 new" in cli("review", "marked.tsv").err
    by_file = cli("calibrate", "marked.tsv", "-o", "file.json", "--json")
    by_reviews = cli("calibrate", "-o", "my.json", "--json")
    assert by_reviews.code == 0
    known = ("marked", "right", "ece_before", "ece_after")
    one, other = json.loads(by_file.out), json.loads(by_reviews.out)
    # The files have scores of four decimals.
    assert [one[name] for name in known] == pytest.approx([other[name] for name in known], abs=0.002)
    remove(workspace, ["item0"])
    ran = cli("calibrate", "-o", "again.json")
    left = [row["doc_id"] for row in list_reviews(workspace).to_dicts() if row["state"] == "no document"]
    assert f"{len(left)} reviews of what is no longer in the alignment" in ran.err


def test_a_tsv_without_reviews_has_the_columns_it_had(seeded: Workspace) -> None:
    pairs = workspace_pairs(seeded)
    assert to_tsv(with_verdicts(seeded, pairs)) == to_tsv(pairs)
    with pytest.raises(CorpusError, match="no column review"):
        to_tsv(pairs, columns=["src", "review"])


def test_a_document_of_one_bead_has_one_bead(cli: Callable[..., Ran], tmp_path: Path) -> None:
    text = "Local industry grew in the counties.\n\n地方工业在各县有了发展。\n"
    (tmp_path / "item.txt").write_text(text, "utf-8")
    assert cli("ingest", "item.txt").code == 0
    assert cli("align").code == 0
    assert "item: 1 bead\n" in cli("review", "item").err


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ('"x" or "y"', '"x" or "y"'),
        ('"he said ""no"", twice"', 'he said "no", twice'),
        ("plain", "plain"),
    ],
)
def test_a_note_is_what_was_written_whether_or_not_a_spreadsheet_quoted_it(
    reviewed: Workspace, cell: str, note: str
) -> None:
    row = document_beads(reviewed, SEEDS["003"].removesuffix(".txt")).row(0, named=True)
    header, cells = (
        ["doc_id", "src", "tgt", "right", "note"],
        [row["doc_id"], row["src"], row["tgt"], "1", cell],
    )
    data = "\n".join("\t".join(line) for line in (header, cells)).encode()
    marked, _ = read_reviews(reviewed, data, "marked.tsv")
    assert [review.note for review in marked] == [note]
