"""Passages that stand in another place in the translation: the Xinhua item with a paragraph moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from corpus.alignment.align import align_files
from corpus.alignment.incremental import align_missing, align_workspace
from corpus.alignment.keep import align_and_keep
from corpus.alignment.settings import workspace_aligner
from corpus.documents.pair_selection import pair_filter, select_pairs
from corpus.documents.pairs import workspace_pairs
from corpus.quality.reviews import Review, record, with_verdicts
from corpus.store.workspace import Workspace
from tests.corpus.alignment.test_incremental import files, plain, versions

if TYPE_CHECKING:
    from pathlib import Path


def moved_files(folder: Path, paragraph: int, to: int) -> tuple[Path, Path]:
    """The item in two files, one English paragraph of which stands elsewhere."""
    chinese, english = versions()
    lines = plain(english).split("\n")
    lines.insert(to, lines.pop(paragraph))
    return files(folder, plain(chinese), "\n".join(lines))


def across(pairs: pl.DataFrame) -> list[tuple[Any, ...]]:
    return pairs.filter(pl.col("flags").list.contains("moved")).select("src", "tgt").rows()


@pytest.mark.parametrize(("paragraph", "to"), [(2, 6), (3, 5), (2, 7)])
def test_a_paragraph_moved_is_found(tmp_path: Path, paragraph: int, to: int) -> None:
    paths = moved_files(tmp_path, paragraph, to)
    chinese, english = versions()
    (tmp_path / "whole").mkdir()
    whole = align_files(*files(tmp_path / "whole", plain(chinese), plain(english)))
    true = set(whole.select("src", "tgt").rows())
    pairs = align_files(*paths)
    assert set(pairs.select("src", "tgt").rows()) == true
    assert across(pairs)
    assert pairs["src_ids"].explode().to_list() == list(range(11))
    assert sorted(pairs["tgt_ids"].explode().to_list()) == list(range(11))
    still = align_files(*paths, moved=False)
    assert not across(still)
    order = still["tgt_ids"].explode().drop_nulls().to_list()
    assert order == list(range(11))


def test_a_workspace_remembers_whether_it_looks_for_them(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "w")
    pairs = align_and_keep(space, *moved_files(tmp_path, 3, 5), src_lang="zh", tgt_lang="en").pairs
    found = across(pairs)
    assert len(found) == 2
    kept = select_pairs(with_verdicts(space, pairs), pair_filter(no_flags=["moved"]))
    assert kept.left_out == {"with the flag moved": 2}
    plain_id = workspace_aligner(space)
    assert not across(align_workspace(space, moved=False))
    assert workspace_aligner(space) != plain_id
    assert not across(align_workspace(space))
    assert across(align_workspace(space, moved=True)) == found
    assert workspace_aligner(space) == plain_id


def test_one_that_was_judged_right_is_kept_and_nothing_is_aligned_around_it(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "w")
    before = align_and_keep(space, *moved_files(tmp_path, 2, 6), src_lang="zh", tgt_lang="en").pairs
    ((src, tgt),) = across(before)
    doc = before["doc_id"][0]
    wrong = before.row(6, named=True)
    record(space, [Review(doc, src, tgt, right=True), Review(doc, wrong["src"], wrong["tgt"], right=False)])
    align_missing(space, wrong=True)
    after = workspace_pairs(space, [doc])
    assert across(after) == [(src, tgt)]
    assert (wrong["src"], wrong["tgt"]) not in after.select("src", "tgt").rows()
    same = set(before.select("src", "tgt").rows()) & set(after.select("src", "tgt").rows())
    assert len(same) >= len(before) - 2
