"""Exports of a workspace: what is chosen, counted and said, whatever number of documents is held at a time."""

from __future__ import annotations

import errno
import os
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.documents import pairs as pairs_module
from corpus.documents.bitext import workspace_sides
from corpus.documents.pair_selection import BatchSelection, PairFilter, select_pairs
from corpus.documents.pairs import NUMBERED, PairBatch, pair_batches, workspace_pairs
from corpus.export import export
from corpus.export.datasheet import _cell
from corpus.export.export import export_pairs, select_batches
from corpus.quality.reviews import Review, record, with_verdicts
from corpus.store.workspace import Workspace
from corpus.writers.base import WriteOptions, formats
from corpus.writers.tsv import to_tsv
from tests.corpus.export.making import bilingual, put

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conftest import Ran


@pytest.fixture
def many(tmp_path: Path) -> Workspace:
    """Return nine documents, of which the last repeats the first and one pair is judged wrong."""
    workspace = Workspace(tmp_path / ".corpus")
    put(workspace, [*(bilingual(number) for number in range(8)), bilingual(0)])
    record(workspace, [Review("d04", *bilingual(4)[2], right=False, note="no")])
    return workspace


@pytest.mark.parametrize("size", [1, 20, 10_000])
@pytest.mark.parametrize(
    "wanted",
    [PairFilter(), PairFilter(keep_wrong=True), PairFilter(dedup=True), PairFilter(("zh", "en"), dedup=True),
     PairFilter(min_score=0.95)],
)  # fmt: skip
def test_batches_of_any_size_make_one_file(
    many: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, wanted: PairFilter
) -> None:
    monkeypatch.setattr(export, "pair_batches", partial(pair_batches, size=size))
    done = export_pairs(many, tmp_path / "p.tsv", "tsv", wanted=wanted)
    selected = select_pairs(with_verdicts(many, workspace_pairs(many)), wanted)
    assert (tmp_path / "p.tsv").read_text("utf-8") == to_tsv(selected.pairs)
    assert done.left_out == selected.left_out
    assert done.counts.pairs == len(selected.pairs)


_TEXTS = st.sampled_from(["One.", "One .", "Two.", "Three.", ""])


@given(
    st.lists(
        st.lists(st.tuples(_TEXTS, _TEXTS, st.sampled_from([0.2, 0.5, 0.9, None])), max_size=5), max_size=5
    )
)
def test_of_repeated_pairs_the_best_stays_whatever_the_batches(
    parts: Sequence[Sequence[tuple[str, str, float | None]]],
) -> None:
    frames = [
        pl.DataFrame(
            [
                {
                    "doc_id": f"d{at}", "tgt_doc": f"d{at}", "src_lang": "en", "tgt_lang": "fr", "src": src, "tgt": tgt,
                    "score": score, "src_ids": [k] if src else [], "tgt_ids": [k] if tgt else [], "flags": [],
                }
                for k, (src, tgt, score) in enumerate(part)
            ],
            schema=dict(NUMBERED.items()) | {"review": pl.String},
        )
        for at, part in enumerate(parts)
    ]  # fmt: skip
    wanted = PairFilter(dedup=True)
    selection = BatchSelection(lambda: (PairBatch(frame, {}) for frame in frames), wanted, [])
    streamed = [batch.pairs for batch in selection]
    if frames:
        whole = select_pairs(pl.concat(frames), wanted)
        assert pl.concat(streamed).equals(whole.pairs)
        assert selection.left_out == whole.left_out


def test_languages_that_no_pair_has_are_refused_before_anything_is_read(many: Workspace) -> None:
    with pytest.raises(CorpusError, match="no pairs in ko and en; there are en-zh"):
        select_batches(many, PairFilter(("ko", "en")))


def test_pairs_that_are_turned_are_of_the_documents_of_their_sides(many: Workspace) -> None:
    (batch,) = select_batches(many, PairFilter(("zh", "en")))
    for bitext in batch.bitexts():
        assert (bitext.src.lang, bitext.tgt.lang) == ("zh", "en")
        first = bitext.pairs.row(0, named=True)
        assert (first["src"], first["tgt"]) == (bitext.src.sentences[0], bitext.tgt.sentences[0])


def test_a_datasheet_says_what_is_in_it_and_what_of(many: Workspace, tmp_path: Path) -> None:
    options = WriteOptions(title="A *small* | corpus")
    done = export_pairs(many, tmp_path / "p.tsv", "tsv", options=options, sheet=True)
    assert [os.path.basename(name) for name in done.files] == ["p.tsv", "p.datasheet.md"]  # noqa: PTH119
    text = (tmp_path / "p.datasheet.md").read_text("utf-8")
    assert text.startswith("# A \\*small\\* \\| corpus\n\n53 aligned pairs of 9 documents.\n")
    for line in (
        "| aligner | made |", "| filters | not judged wrong |", "| left out | 1 judged wrong |", "| en-zh | 53 |",
        "| 1:1 | 53 |", "| 0.85 or more | 53 |", "| not known | 9 |  |  |", "| d08 | en zh |  | d08.txt | d08 |",
    ):  # fmt: skip
        assert line in text, line
    assert "Of 9 documents nothing is stated." in text


def test_a_card_names_the_files_of_its_parts(many: Workspace, tmp_path: Path) -> None:
    shares = {"train": 0.7, "test": 0.3}
    export_pairs(many, tmp_path / "hub", "dataset", shares=shares)
    card = (tmp_path / "hub" / "README.md").read_text("utf-8")
    paths = re.findall(r'split: "(\w+)"\n    path: "([^"]+)"', card)
    assert [name for name, _ in paths] == ["train", "test"]
    counts = {name: len(pl.read_parquet(tmp_path / "hub" / path)) for name, path in paths}
    assert sum(counts.values()) == 53
    for name, count in counts.items():
        assert re.search(rf"^\| {name} \| \d+ \| \d+ \| {count} \|$", card, re.MULTILINE)
    assert '- "en"\n- "zh"\n' in card


@given(st.text())
def test_no_cell_of_a_datasheet_breaks_its_table(text: str) -> None:
    cell = _cell(text)
    assert len(f"| {cell} |".splitlines()) <= 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[|<`*]", cell)


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize("shares", [None, {"a": 0.5, "b": 0.5}])
def test_every_format_goes_whole_or_in_parts(
    many: Workspace, tmp_path: Path, form: str, shares: dict[str, float] | None
) -> None:
    row = formats()[form]
    name = f"p.{row.endings[0]}" if row.endings else "p"
    (tmp_path / "o").mkdir()
    done = export_pairs(many, tmp_path / "o" / name, form, shares=shares)
    written = sorted(path for path in (tmp_path / "o").rglob("*") if path.is_file())
    assert written
    assert all(path.stat().st_size for path in written)
    assert not [path for path in written if path.name.endswith(".part")]
    if shares:
        assert {*done.parts} == {"a", "b"}
        assert all(any(part in f".{path.relative_to(tmp_path / 'o')}".replace("/", ".").split(".") for part in shares)
                   for path in written if path.suffix != ".md")  # fmt: skip


@pytest.mark.parametrize(
    "form", ["tsv", "parquet", "xlsx", "docx", "html", "tei", "vertical", "texts", "dataset"]
)
def test_a_full_disk_is_said_and_leaves_nothing(
    many: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    (tmp_path / "o").mkdir()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("corpus.writers.output.os.fsync", full)
    with pytest.raises(CorpusError, match=r"cannot write .*No space left on device"):
        export_pairs(many, tmp_path / "o" / "p", form)
    assert list((tmp_path / "o").iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(many: Workspace, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    export_pairs(many, tmp_path / "o", "texts")  # an empty one is filled
    before = sorted(path.name for path in (tmp_path / "o").iterdir())
    with pytest.raises(CorpusError, match="is there already, and holds something"):
        export_pairs(many, tmp_path / "o", "texts")
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == before


def test_no_more_than_a_batch_is_read_at_a_time(many: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    whole = workspace_sides

    def counted(workspace: Workspace, doc_ids: Any) -> Any:  # noqa: ANN401
        read.append(len(set(doc_ids)))
        return whole(workspace, doc_ids)

    monkeypatch.setattr(pairs_module, "workspace_sides", counted)
    batches = pair_batches(many, size=12)
    next(batches)
    assert read == [2]
    assert sum(1 for _ in batches) == 4


def test_the_command_says_what_went_where(
    cli: Callable[..., Ran], many: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.alignment.incremental.align_missing", lambda *_, **__: None)
    where = ("--workspace", many.path)
    ran = cli("export", "hub", "--format", "dataset", "--split", "train=.7,test=.3", "--dedup", *where)
    assert ran.code == 0, ran.err
    assert re.search(
        r"47 pairs from the workspace\n    train: \d+ pairs of \d works\n    test: \d+ pairs", ran.err
    )
    assert "wrote hub\nleft out: 1 judged wrong, 6 repeated" in ran.err
    ran = cli("export", "-", "--format", "jsonl", "--no-text", *where)
    assert (ran.code, ran.out.count("\n")) == (0, 53)
    assert "In the first week" not in ran.out
    ran = cli("export", "-", "--format", "texts", *where)
    assert (ran.code, ran.out) == (1, "")
    assert "this format is of several files: name where they go, not -" in ran.err
    ran = cli("export", "-", "--split", "a=1", *where)
    assert "parts and a datasheet are files: name where they go, not -" in ran.err


def test_options_of_an_export_are_not_those_of_the_next() -> None:
    assert replace(WriteOptions(), about={"a": "b"}).about != WriteOptions().about
