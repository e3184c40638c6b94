"""Pairs of terms that translate each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.base.errors import CorpusError
from corpus.documents.subcorpus import Selection
from corpus.linguistics.patterns import compile_pattern
from corpus.linguistics.term_counts import candidates
from corpus.linguistics.term_linking import Limits
from corpus.linguistics.terms import TERMS, term_pairs
from corpus.store import schemas
from corpus.store.workspace import Workspace
from corpus.text.dates import parse_date

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def seeds(built: Path) -> Workspace:
    return Workspace(built)


def pairs_of(found: pl.DataFrame) -> dict[str, str]:
    return dict(found.select("src", "tgt").iter_rows())


def stems(text: str, lang: str) -> list[str]:
    return [term for term, _, _ in candidates(text, lang)]


def test_terms_of_the_seeds(seeds: Workspace) -> None:
    found = term_pairs(seeds)
    assert found.pairs.schema == TERMS
    assert (found.beads, found.excluded) == (10, 0)
    pairs = pairs_of(found.pairs)
    assert pairs["地方工业"] == "local industries"
    assert pairs["地方"] == "local"
    assert pairs["日用品"] == "daily necessities"
    assert pairs["国家经济"] == "national economy"
    row = found.pairs.row(by_predicate=pl.col("src") == "地方工业", named=True)
    assert set(row["tgt_forms"]) == {"local industries", "local industrial"}
    assert (row["both"], row["linked"], row["src_n"], row["tgt_n"]) == (4, 4, 4, 4)
    assert "地方工业" in row["example_src"]
    assert "Local Industries" in row["example_tgt"]
    assert (row["example_doc"], row["example_line"]) == ("003_ed76d6293c6aeeaa", 33)
    assert found.pairs["g2"].is_sorted(descending=True)


def test_only_pairs_that_hold_a_pattern(seeds: Workspace) -> None:
    assert (
        pairs_of(term_pairs(seeds, pattern=compile_pattern("地方工业")).pairs)["地方工业"]
        == "local industries"
    )
    every = pairs_of(term_pairs(seeds).pairs)
    held = pairs_of(term_pairs(seeds, pattern=compile_pattern("local")).pairs)
    assert held == {src: tgt for src, tgt in every.items() if "local" in tgt}


def test_the_limits_hold(seeds: Workspace) -> None:
    strict = term_pairs(seeds, limits=Limits(least=4, g2=12.5)).pairs
    assert set(strict["src"]) == {"朝鲜", "地方工业", "工业"}
    assert strict["g2"].min() >= 12.5  # type: ignore[operator]
    with pytest.raises(CorpusError, match=r"the 10 there are score less than 0\.9999"):
        term_pairs(seeds, limits=Limits(score=0.9999))
    with pytest.raises(CorpusError, match="none is aligned"):
        term_pairs(seeds, selection=Selection(docs=("001",)))


def test_what_a_term_is() -> None:
    assert stems("the local-industry factories, built in 1959", "en") == [
        "local", "local industri", "local industri factori", "industri", "industri factori", "factori", "built",
    ]  # fmt: skip
    assert stems("发展地方工业。", "zh") == [
        "发展",
        "发展 地方",
        "发展 地方 工业",
        "地方",
        "地方 工业",
        "工业",
    ]
    assert "strengthen economi" not in stems("strengthen the economy", "en")
    assert "strengthen the economi" in stems("strengthen the economy", "en")


def write(workspace: Workspace, beads: list[tuple[str, str]], *, turned: int = 0) -> None:
    """Write documents of one bead each, `turned` of them from English into Chinese."""
    versions, sentences, rows, documents = [], [], [], []
    for number, (zh, en) in enumerate(beads):
        doc_id = f"d{number:03d}"
        documents.append({"doc_id": doc_id, "file": doc_id, "fingerprint": doc_id, "seed": False})
        langs = ("en", "zh") if number < turned else ("zh", "en")
        for version, lang in enumerate(langs):
            text = zh if lang == "zh" else en
            versions.append({"doc_id": doc_id, "version": version, "lang": lang})
            sentences.append(
                {"doc_id": doc_id, "version": version, "sentence": 0, "paragraph": 0, "text": text, "line": 1,
                 "text_id": schemas.text_id(lang, text)}
            )  # fmt: skip
        rows.append(
            {"doc_id": doc_id, "bead": 0, "src_version": 0, "tgt_version": 1, "src_ids": [0], "tgt_ids": [0],
             "score": 0.95, "flags": [], "aligner": "none"}
        )  # fmt: skip
    content = {"documents": documents, "versions": versions, "sentences": sentences, "beads": rows}
    with workspace.change() as change:
        for name, table in content.items():
            change.put_table(name, schemas.frame(name, table))


# 钢 and steel always stand together; coal stands with steel more often than chance has it.
TRADE = [("钢，煤", "steel, coal")] * 6 + [("钢", "steel")] * 3 + [("煤", "coal")] * 1 + [("木", "wood")] * 10


def test_indirect_associations_are_suppressed(workspace: Workspace) -> None:
    write(workspace, TRADE)
    loose = pairs_of(term_pairs(workspace, limits=Limits(share=0.0, least=1, g2=0.1), once=False).pairs)
    assert loose == {"钢": "steel", "煤": "coal", "木": "wood"}
    rows = term_pairs(workspace, once=False).pairs.select("src", "tgt", "both", "linked").rows()
    assert sorted(rows) == [("木", "wood", 10, 10), ("煤", "coal", 7, 7), ("钢", "steel", 9, 9)]


def test_documents_translated_the_other_way_are_turned_round(workspace: Workspace) -> None:
    write(workspace, TRADE, turned=4)
    found = term_pairs(workspace, once=False)
    assert found.pairs.select("src_lang", "tgt_lang").unique().rows() == [("zh", "en")]
    assert pairs_of(found.pairs) == {"钢": "steel", "煤": "coal", "木": "wood"}
    assert found.pairs["both"].sum() == 26


BULLETINS = [
    (
        "去年全省钢铁工业总产值达到二亿一千四百万元，比前年有了很大的增长",
        "The output of the steel industry of the province reached 214 million yuan last year, much more than before",
    ),
    (
        "去年全省钢铁工业总产值达到三亿八千七百万元，比前年有了很大的增长",
        "The output of the steel industry of the province reached 387 million yuan last year, much more than before",
    ),
]


def test_beads_with_other_figures_are_other_observations(workspace: Workspace) -> None:
    (zh, en), other = BULLETINS
    reprint = (zh.replace("很大", "较大"), en.replace("before", "ever"))
    write(workspace, [(zh, en), other, reprint])
    found = term_pairs(workspace)
    assert (found.beads, found.repeats) == (2, 1)


@pytest.mark.parametrize(("first", "vague"), [("1958-03-05", "1958"), ("1958-12-31", "1958-12")])
def test_the_bead_that_counts_is_of_the_date_known_closest(
    workspace: Workspace, first: str, vague: str
) -> None:
    write(workspace, [*BULLETINS, *BULLETINS, ("木", "wood")])
    dates = dict(zip(("d000", "d001", "d002", "d003"), (vague, vague, first, first), strict=True))
    rows = workspace.table("versions").to_dicts()
    for row in rows:
        if date := dates.get(row["doc_id"]):
            row |= {"date": date, "date_first": parse_date(date).first, "date_last": parse_date(date).last}
    with workspace.change() as change:
        change.put_table("versions", schemas.frame("versions", rows))
    found = term_pairs(workspace, limits=Limits(g2=1))
    assert found.beads == 3
    assert set(found.pairs["example_doc"]) == {"d002"}


def test_portions_do_not_change_the_result(seeds: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = term_pairs(seeds).pairs
    monkeypatch.setattr("corpus.linguistics.term_linking._CHUNK", 50)
    monkeypatch.setattr("corpus.linguistics.term_linking._BEADS", 3)
    monkeypatch.setattr("corpus.linguistics.term_counts._BEADS", 3)
    assert term_pairs(seeds).pairs.equals(whole)
