"""Forms of one thing, and text as it is compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import InputError
from corpus.store.workspace import Workspace
from corpus.text.folding import fold, fold_with_places, pattern
from corpus.text.variants import load_variants, shipped_variants, workspace_variants

if TYPE_CHECKING:
    from pathlib import Path


def names(query: str) -> list[str]:
    return [variant.name for variant in shipped_variants().expand(query)]


@pytest.mark.parametrize(
    "query", ["金化", "김화군의", "kimhwa", "the county of Kumhwa", "Ｇｉｍｈｗａ", "金化郡"]
)
def test_any_form_names_the_thing(query: str) -> None:
    assert names(query) == ["Kimhwa"]


def test_a_wildcard_takes_any_ending_and_hyphens() -> None:
    for query in (
        "local industry",
        "Local-Industrial factories",
        "regional industries",
        "地方工業",
        "지방공업은",
    ):
        assert names(query) == ["local industry"]
    assert names("a local matter of industry") == []
    assert names("金化的地方工業") == ["Kimhwa", "local industry"]


def test_every_form_that_ships_names_its_variant_alone() -> None:
    for variant in shipped_variants().variants:
        for form in variant.forms:
            assert names(form.text.replace("*", "")) == [variant.name]


def test_the_longer_match_stands(tmp_path: Path) -> None:
    file = tmp_path / "v.toml"
    file.write_text(
        '[[variant]]\nforms = ["工业", "industry"]\n[[variant]]\nforms = ["地方工业", "local industry"]\n',
        "utf-8",
    )
    assert [variant.name for variant in load_variants(file).expand("地方工业")] == ["地方工业"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[variant]]\nforms = 3", "at least two"),
        ('[[variant]]\nforms = ["a"]', "at least two"),
        ('[[variant]]\nforms = ["a", "*"]', "no letter or digit"),
        ('[[variant]]\nforms = ["a", "b"]\nform = 1', "nothing else"),
        ('[[variants]]\nforms = ["a", "b"]', "there is variants"),
        ("[[variant", "not a TOML file"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "v.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=says) as error:
        load_variants(file)
    assert str(file) in str(error.value)


def test_a_workspaces_own_file_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace_variants(workspace.path) is shipped_variants()
    (tmp_path / "variants.toml").write_text('[[variant]]\nforms = ["a", "b"]\n', "utf-8")
    assert [variant.name for variant in workspace_variants(workspace.path).variants] == ["a"]


@given(st.text())
def test_folding_again_changes_nothing_that_matters_and_places_lead_back(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    folded, places = fold_with_places(text)
    assert len(places) == len(folded) + 1
    assert places == sorted(places)
    assert places[-1] <= len(text)


def test_what_is_found_in_folded_text_stands_in_the_text() -> None:
    text = "  In Ｋｉｍｈｗａ county，２７．５％ of ﬁsh　金化郡的地方工業"
    folded, places = fold_with_places(text)
    for words, there in (("kimhwa", "Ｋｉｍｈｗａ"), ("27.5%", "２７．５％"), ("地方工业", "地方工業")):
        match = re.search(pattern(words), folded)
        assert match is not None
        assert text[places[match.start()] : places[match.end()]] == there
    assert folded == fold(text)
