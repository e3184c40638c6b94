"""Who shares a band with whom is looked up in files, and is what looking at all would find."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.ingestion.ingest import ingest
from corpus.reuse.buckets import proposed, read_run, to_merge, write_run
from corpus.reuse.reprints import update_reprints
from corpus.store.integrity import check
from corpus.store.schemas import BANDS
from corpus.store.workspace import Workspace
from tests.conftest import reprinted_item

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.reuse.buckets import Run

rounds = st.lists(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), max_size=6), max_size=5)


def looked_at(
    compared: list[tuple[int, list[int]]], new: list[tuple[int, list[int]]]
) -> set[tuple[int, int]]:
    """Return the pairs that a look at all texts proposes: each new one with the first and the last before it."""
    pairs = set()
    for band in range(BANDS):
        before: dict[int, list[int]] = {}
        for text_id, bands in compared:
            before.setdefault(bands[band], []).append(text_id)
        for text_id, bands in new:
            alike = before.setdefault(bands[band], [])
            pairs |= {(other, text_id) for other in alike[:1] + alike[-1:]}
            alike.append(text_id)
    return pairs


@settings(max_examples=60, deadline=None)
@given(rounds, st.integers(0, 5))
def test_pairs_are_those_that_looking_at_all_proposes(
    tmp_path_factory: pytest.TempPathFactory, given_rounds: list[list[list[int]]], merged: int
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    runs: list[Run] = []
    compared: list[tuple[int, list[int]]] = []
    for number, texts in enumerate(given_rounds):
        # Few values, so that many texts share one; the first text's id is not the least.
        new = [(1000 - 100 * number + place, [*few, *range(1000 * place, 1000 * place + BANDS - 3)])
               for place, few in enumerate(texts)]  # fmt: skip
        ids = np.array([text_id for text_id, _ in new], np.int64)
        bands = np.array([values for _, values in new], np.uint32).reshape(-1, BANDS)
        assert set(map(tuple, proposed(runs, ids, bands).tolist())) == looked_at(compared, new)
        taken = min(merged, len(runs))
        write_run(folder / str(number), runs[len(runs) - taken :], ids, bands)
        runs = [*runs[: len(runs) - taken], read_run(folder / str(number))]
        compared += new


def test_small_runs_are_merged_and_long_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.reuse.buckets.LONGEST", 1000)

    def merged(sizes: list[int], new: int) -> int:
        return to_merge([range(size) for size in sizes], new)  # type: ignore[misc]

    assert merged([], 5) == 0
    assert merged([900, 40, 20], 10) == 2
    assert merged([900, 40, 20], 1) == 0
    assert merged([900, 400], 200) == 1
    assert merged([900], 900) == 0


@pytest.fixture
def compared(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Return a workspace with reprints, in several runs."""
    monkeypatch.setattr("corpus.reuse.reprints._LOOKED_UP", 4)
    monkeypatch.setattr("corpus.reuse.buckets._MERGED_WITHIN", 2)
    first, edited, again = reprinted_item()
    for name, content in {"first": first, "edited": edited, "again": again}.items():
        (tmp_path / f"{name}.txt").write_text(content, "utf-8")
        ingest(workspace, [tmp_path])
        update_reprints(workspace)
    return workspace


def reprints(workspace: Workspace) -> pl.DataFrame:
    return workspace.table("reprints").sort("text_id", "other")


def folders(workspace: Workspace) -> list[str]:
    return [name for name in workspace.state().files if name.startswith("buckets-")]


def pairs_of(workspace: Workspace) -> set[frozenset[int]]:
    return {frozenset(row) for row in workspace.table("reprints").select("text_id", "other").rows()}


def test_a_workspace_of_before_there_were_buckets_is_given_them(compared: Workspace, tmp_path: Path) -> None:
    before = reprints(compared)
    assert len(before) == 2
    with compared.change() as change:
        for name in folders(compared):
            change.drop_file(name)
        change._about.pop("buckets")
    (tmp_path / "first.txt").write_text(reprinted_item()[0].replace("一千多个", "一千来个"), "utf-8")
    ingest(compared, [tmp_path])
    update_reprints(compared)
    assert set(before.rows()) <= set(reprints(compared).rows())
    assert len(reprints(compared)) > len(before)
    assert check(compared) == []


@pytest.mark.parametrize("lookups", [0, 1, 2])
def test_an_interruption_between_signing_and_comparing_loses_nothing(
    compared: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lookups: int
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for number, count in enumerate(("一千来个", "一千几百个", "千余个")):
        (more / f"m{number}.txt").write_text(reprinted_item()[0].replace("一千多个", count), "utf-8")
    ingest(compared, [more])
    whole = Workspace(shutil.copytree(compared.path, tmp_path / "whole"))
    update_reprints(whole)
    monkeypatch.setattr("corpus.reuse.reprints._LOOKED_UP", 1)
    left = iter(range(lookups))

    def interrupted(*looked_up: Any) -> Any:  # noqa: ANN401 - as `proposed` has it
        if next(left, None) is None:
            raise KeyboardInterrupt
        return proposed(*looked_up)

    with monkeypatch.context() as patch:
        patch.setattr("corpus.reuse.reprints.proposed", interrupted)
        with pytest.raises(KeyboardInterrupt):
            update_reprints(compared)
    assert pairs_of(compared) < pairs_of(whole)
    update_reprints(compared)
    assert pairs_of(compared) == pairs_of(whole)


@pytest.mark.parametrize("what", ["ids.npy", "rows.npy", "all"])
def test_lost_buckets_are_made_again(compared: Workspace, tmp_path: Path, what: str) -> None:
    before = pairs_of(compared)
    for name in folders(compared):
        folder = compared.file(name)
        assert folder is not None
        for file in folder.iterdir():
            if what in (file.name, "all"):
                file.write_bytes(b"")
    assert {fault.kind for fault in check(compared)} == {"file"}
    (tmp_path / "new.txt").write_text("Nothing of this stands in any of the others, and it is long enough.")
    ingest(compared, [tmp_path])
    update_reprints(compared)
    assert pairs_of(compared) == before
    assert check(compared) == []
    texts = compared.scan("minhashes").drop_nulls("bands").select(pl.len()).collect().item()
    assert compared.state().about["buckets"] == {"texts": texts}
