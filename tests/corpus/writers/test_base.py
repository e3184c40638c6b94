"""The format of a file is that of its ending, or the file is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import CorpusError
from corpus.documents.pairs import COLUMNS, workspace_pairs
from corpus.writers.base import FORMATS, format_of, writer

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


@pytest.mark.parametrize("name", ["pairs.TSV", "a folder/pairs.v2.json", "x.beads"])
def test_an_ending_names_its_format(name: str) -> None:
    assert format_of(name) == name.rpartition(".")[2].lower()


@pytest.mark.parametrize("name", ["-", "pairs"])
def test_what_has_no_ending_is_of_the_default(name: str) -> None:
    assert format_of(name) == "tsv"
    assert format_of(name, "json") == "json"


@pytest.mark.parametrize("name", ["pairs.tmx", "pairs.xlsx", "pairs.tsv.gz", "pairs.parquet"])
def test_what_there_is_no_writer_for_is_refused(name: str) -> None:
    with pytest.raises(CorpusError, match=r"no writer for \.\w+; there are \.beads, \.json, \.tsv"):
        format_of(name)


@pytest.mark.parametrize("name", FORMATS)
def test_every_writer_writes_the_seeds_pairs(seeded: Workspace, name: str) -> None:
    pairs = workspace_pairs(seeded)
    text = writer(name)(pairs, columns=COLUMNS)
    assert text.endswith("\n")
    if name == "json":
        assert [row["src"] for row in json.loads(text)] == pairs["src"].to_list()
    else:
        assert text.count("\n") == len(pairs) + (name == "tsv")
