"""Parts of a corpus: whole works, and no sentence of one part in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.base.errors import CorpusError
from corpus.documents.links import Link, add_links
from corpus.documents.pair_selection import PairFilter
from corpus.export.export import export_pairs
from corpus.export.split import Split, _components, read_shares, split_works, without_shared
from corpus.reuse.reprints import update_reprints
from corpus.store.workspace import Workspace
from tests.corpus.export.making import bilingual, put

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return thirty documents: one is a reprint, two are linked, and one quotes a sentence of another."""
    texts = [bilingual(number) for number in range(27)]
    reprint = [(src.replace("first", "very first"), tgt) for src, tgt in texts[3]]
    quoting = [*bilingual(28, 12), texts[5][0]]
    workspace = Workspace(tmp_path_factory.mktemp("thirty") / ".corpus")
    put(workspace, [*texts, reprint, bilingual(27), quoting])
    add_links(workspace, [Link("d07", "d28")])
    update_reprints(workspace)
    return workspace


def part_of(split: Split) -> dict[str, str]:
    return {doc_id: name for name, ids in split.parts.items() for doc_id in ids}


def test_what_is_linked_or_reprinted_is_in_one_part(thirty: Workspace) -> None:
    for seed in range(8):
        parts = part_of(split_works(thirty, SHARES, seed=seed))
        assert len(parts) == 30
        assert parts["d03"] == parts["d27"]
        assert parts["d07"] == parts["d28"]


def test_parts_have_their_shares_of_whole_works(thirty: Workspace) -> None:
    split = split_works(thirty, SHARES)
    assert sum(split.works.values()) == 28  # 30 documents, of which two pairs are one work each
    assert [round(len(ids) / 30, 1) for ids in split.parts.values()] == pytest.approx(
        [0.6, 0.2, 0.2], abs=0.11
    )


def test_a_seed_makes_one_split_and_another_seed_another(thirty: Workspace) -> None:
    assert split_works(thirty, SHARES, seed=1).parts == split_works(thirty, SHARES, seed=1).parts
    assert len({str(split_works(thirty, SHARES, seed=seed).parts) for seed in range(5)}) == 5


def test_a_sentence_that_is_quoted_stands_in_one_part_only(thirty: Workspace) -> None:
    seed = next(
        seed
        for seed in range(99)
        if (parts := part_of(split_works(thirty, SHARES, seed=seed)))["d05"] != parts["d29"]
    )
    split = split_works(thirty, SHARES, seed=seed)
    parts = part_of(split)
    order = list(SHARES)
    home = max(parts["d05"], parts["d29"], key=order.index)
    assert {*split.shared["doc_id"]} == {"d05", "d29"}
    assert {*split.shared["home"]} == {home}
    done = export_pairs(thirty, thirty.path.parent / f"{seed}.tsv", "tsv", shares=SHARES, seed=seed)
    assert done.left_out == {"that stand in another part, too": 1}
    texts = {
        name: {*(thirty.path.parent / f"{seed}.{name}.tsv").read_text("utf-8").splitlines()[1:]}
        for name in SHARES
    }
    quoted = bilingual(5)[0][0]
    assert [name for name in SHARES if any(quoted in line for line in texts[name])] == [home]


def test_no_text_of_one_part_is_in_another(thirty: Workspace, tmp_path: Path) -> None:
    wanted = PairFilter(dedup=True)
    done = export_pairs(thirty, tmp_path / "p.jsonl", "jsonl", wanted=wanted, shares=SHARES, seed=3)
    frames = [pl.read_ndjson(tmp_path / f"p.{name}.jsonl").with_columns(part=pl.lit(name)) for name in SHARES]
    pairs = pl.concat(frames, how="vertical_relaxed")
    assert len(pairs) == done.counts.pairs
    assert {name: count for name, (_, count) in done.parts.items()} == {
        name: len(frame) for name, frame in zip(SHARES, frames, strict=True)
    }
    for column in ("src", "tgt", "doc_id"):
        assert pairs.group_by(column).agg(pl.col("part").n_unique())["part"].max() == 1


def test_fewer_works_than_parts_are_refused(seeded: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="1 work cannot be parted in 3: what is linked"):
        export_pairs(seeded, tmp_path / "p.tsv", "tsv", shares=SHARES)
    assert list(tmp_path.glob("p*")) == []


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("train=.9,dev=.05,test=.05", {"train": 0.9, "dev": 0.05, "test": 0.05}),
        ("train=80, test=20", {"train": 0.8, "test": 0.2}),
        ("a=50%,b=50%", {"a": 0.5, "b": 0.5}),
        ("all=1", {"all": 1.0}),
    ],
)
def test_shares_are_read(text: str, shares: dict[str, float]) -> None:
    assert read_shares(text) == pytest.approx(shares)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("train", "parts are like"),
        ("train=.9,train=.1", "each named once"),
        ("train=.9,test=.2", "add up to 1.1"),
        ("train=1.1,test=-.1", "parts are like"),
        ("../x=1", "parts are like"),
        ("train=nan", "parts are like"),
        ("", "parts are like"),
    ],
)
def test_shares_that_are_none_are_refused(text: str, why: str) -> None:
    with pytest.raises(CorpusError, match=why):
        read_shares(text)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=14))
def test_components_are_what_joins_reach(joined: Sequence[tuple[int, int]]) -> None:
    names = [f"{number:02}" for number in range(13)]
    groups = _components(names, [(names[a], names[b]) for a, b in joined])
    assert sorted(name for group in groups for name in group) == names
    where = {name: at for at, group in enumerate(groups) for name in group}
    assert all(where[names[a]] == where[names[b]] for a, b in joined)
    edges = {*joined} | {(b, a) for a, b in joined}
    for group in groups:  # nothing is together without a reason
        reached = {group[0]}
        for _ in group:
            reached |= {names[b] for a, b in edges if names[a] in reached}
        assert reached == {*group}


def test_pairs_are_left_out_by_either_side() -> None:
    pairs = pl.DataFrame(
        {
            "doc_id": ["a"] * 4, "tgt_doc": ["b"] * 4, "src_version": [0] * 4, "tgt_version": [1] * 4,
            "src_ids": [[0], [1, 2], [3], []], "tgt_ids": [[0], [1], [2, 3], [4]],
        },
        schema_overrides=dict.fromkeys(("src_version", "tgt_version"), pl.Int32)
        | dict.fromkeys(("src_ids", "tgt_ids"), pl.List(pl.Int32)),
    )  # fmt: skip
    shared = pl.DataFrame(
        {
            "doc_id": ["a", "b", "b"],
            "version": [0, 1, 1],
            "sentence": [2, 3, 4],
            "home": ["test", "dev", "train"],
        },
        schema_overrides=dict.fromkeys(("version", "sentence"), pl.Int32),
    )
    kept, count = without_shared(pairs, "train", shared)
    assert (kept["src_ids"].to_list(), count) == ([[0], []], 2)
    kept, count = without_shared(pairs, "test", shared)
    assert (kept["tgt_ids"].to_list(), count) == ([[0], [1]], 1)
