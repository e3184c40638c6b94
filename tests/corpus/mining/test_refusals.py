from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.base.errors import InputError
from corpus.mining.refusals import allow, refusals, refuse

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


def test_a_refusal_holds_in_either_order_until_it_is_taken_back(workspace: Workspace) -> None:
    assert refusals(workspace).is_empty()
    assert refuse(workspace, [("a", "b"), ("c", "d")]) == 2
    assert refuse(workspace, [("b", "a"), ("a", "b")]) == 0
    assert allow(workspace, "b", "a")
    assert not allow(workspace, "a", "b")
    assert refusals(workspace).select("a", "b").rows() == [("c", "d")]


def test_it_is_no_foreign_file_to_the_workspace(seeded: Workspace) -> None:
    corpus = Corpus(seeded.path)
    assert corpus.refuse("000", "001") == 1
    corpus.review("003", 5, "right")
    assert corpus.check() == []
    assert corpus.refusals()["a"].to_list() == ["000_099c89f81d734f0f"]


@pytest.mark.parametrize("text", ["a\tb\tdate\nx\n", "a\tb\tdate\n\ty\t2024-01-01\n"])
def test_a_file_that_was_spoilt_is_named_with_its_line(workspace: Workspace, text: str) -> None:
    refuse(workspace, [("a", "b")])
    (workspace.path / "refused.tsv").write_text(text)
    with pytest.raises(InputError, match="line 2"):
        refusals(workspace)
