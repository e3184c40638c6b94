"""Aligned texts through the real commands: in, kept, searched, corrected, aligned anew, out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conftest import Ran

UNITS = [
    ("工厂昨天开工。", "The factory started work yesterday.", "Die Fabrik begann gestern."),
    ("工人们很高兴。", "The workers were glad.", "Die Arbeiter freuten sich."),
    ("晚上下了雨。", "It rained in the evening.", "Am Abend regnete es."),
    ("河水涨了。", "The river rose.", "Der Fluss stieg."),
]


def memory(units: Sequence[tuple[str, ...]], langs: tuple[str, ...] = ("zh-CN", "en-US")) -> str:
    body = "".join(
        "<tu>"
        + "".join(
            f'<tuv xml:lang="{lang}"><seg>{text}</seg></tuv>' for lang, text in zip(langs, unit, strict=False)
        )
        + "</tu>\n"
        for unit in units
    )
    return f'<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="zh-CN"/><body>{body}</body></tmx>'


def rows(ran: Ran) -> list[dict[str, str]]:
    header, *lines = ran.out.splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


@pytest.fixture
def held(cli: Callable[..., Ran], tmp_path: Path) -> Callable[..., Ran]:
    """Return the command, run where a translation memory is ingested."""
    (tmp_path / "tm.tmx").write_text(memory(UNITS), encoding="utf-8")
    ran = cli("ingest", "tm.tmx", "--date", "1959")
    assert ran.code == 0, ran.err
    return cli


COLUMNS = ("--columns", "src,tgt,score,bead,aligner")


def test_pairs_come_in_and_stay(held: Callable[..., Ran]) -> None:
    found = rows(held("export", "-", *COLUMNS))
    assert [(row["src"], row["tgt"]) for row in found] == [unit[:2] for unit in UNITS]
    assert {(row["score"], row["bead"], row["aligner"]) for row in found} == {("", "1:1", "imported")}
    assert rows(held("align", "-o", "-", *COLUMNS)) == found
    shown = json.loads(held("show", "--json").out)
    assert "zh-CN read as zh" in str(shown) or held("show", "tm").code == 0


def test_pairs_without_scores_pass_and_are_shown(held: Callable[..., Ran]) -> None:
    assert len(rows(held("export", "-", "--min-score", "0.99", "--dedup"))) == 4
    assert "score –" in held("show", "tm:1").out or "–" in held("review", "tm").out
    assert held("review", "tm", "-o", "beads.tsv").code == 0
    assert "The factory started work" in held("similar", "工厂", "--lang", "en").out


def test_pairs_are_looked_at_when_flags_are_not_wanted(cli: Callable[..., Ran], tmp_path: Path) -> None:
    units = [
        *UNITS[:2],
        ("产量是8533吨。", "The output was 8353 tons."),
        ("产量是176吨。", "The output was 176 tons."),
    ]
    (tmp_path / "tm.tmx").write_text(memory(units), encoding="utf-8")
    cli("ingest", "tm.tmx")
    ran = cli("export", "-", "--no-flags", "numbers")
    assert len(rows(ran)) == 3
    assert "1 with the flag numbers" in ran.err
    assert len(rows(cli("export", "-"))) == 4


def test_what_a_person_sets_is_put_in_and_taken_out_again(held: Callable[..., Ran]) -> None:
    before = rows(held("export", "-", *COLUMNS))
    assert held("review", "tm", "1", "--merge-next").code == 0
    merged = rows(held("export", "-", *COLUMNS))
    assert [row["bead"] for row in merged] == ["1:1", "2:2", "1:1"]
    assert merged[1]["score"] == "1.0000"
    assert [row["aligner"].startswith("imported set") for row in merged] == [True] * 3
    assert held("review", "tm", "0", "--set", "0:0,1").code != 0
    assert held("review", "tm", "1", "--undo").code == 0
    assert rows(held("export", "-", *COLUMNS)) == before


def test_a_sentence_that_is_left_over_has_no_counterpart(held: Callable[..., Ran]) -> None:
    assert held("review", "tm", "1", "--set", "1:1,2").code == 0
    found = rows(held("export", "-", "--nulls", *COLUMNS))
    assert [row["bead"] for row in found] == ["1:1", "1:2", "1:0", "1:1"]


def test_what_is_judged_wrong_is_left_out_and_not_lost(held: Callable[..., Ran]) -> None:
    held("review", "tm", "2", "wrong")
    assert held("align").code == 0
    assert len(rows(held("export", "-"))) == 3
    assert len(rows(held("export", "-", "--keep-wrong"))) == 4


def test_a_document_is_aligned_anew_when_asked_and_goes_back(held: Callable[..., Ran]) -> None:
    before = rows(held("export", "-", *COLUMNS))
    assert held("align", "--realign", "tm").code == 0
    anew = rows(held("export", "-", *COLUMNS))
    assert {row["aligner"][:4] for row in anew} == {"use "}
    assert all(row["score"] for row in anew)
    assert held("align").code == 0
    assert rows(held("export", "-", *COLUMNS)) == anew
    assert held("align", "--as-imported", "all").code == 0
    assert rows(held("export", "-", *COLUMNS)) == before
    ran = held("align", "--realign", "nothing")
    assert ran.code == 1
    assert "nothing did not come in aligned" in ran.err


def test_a_changed_file_is_read_again(held: Callable[..., Ran], tmp_path: Path) -> None:
    assert "1 unchanged" in held("ingest", "tm.tmx").err
    (tmp_path / "tm.tmx").write_text(memory(UNITS[1:]), encoding="utf-8")
    assert "1 changed" in held("ingest", "tm.tmx").err
    assert [row["src"] for row in rows(held("export", "-"))] == [unit[0] for unit in UNITS[1:]]


def test_three_languages_are_one_document_with_beads_of_each_two(
    cli: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "tm.tmx").write_text(memory(UNITS, ("zh-TW", "en", "de-AT")), encoding="utf-8")
    ran = cli("ingest", "tm.tmx")
    assert "zh-TW read as zh" in ran.err
    found = rows(cli("export", "-", "--columns", "src_lang,tgt_lang,aligner"))
    assert {(row["src_lang"], row["tgt_lang"]) for row in found} == {("zh", "en"), ("zh", "de"), ("en", "de")}
    assert {row["aligner"] for row in found} == {"imported"}
    assert len(rows(cli("export", "-", "--langs", "de-en"))) == 4
    assert "one pair of languages" in cli("export", "out.xlf").err
    assert cli("export", "out.xlf", "--langs", "en-de").code == 0
    assert cli("align", "--langs", "de-en", "-o", "-").code == 0
    assert len(rows(cli("export", "-"))) == 12


def test_files_read_together_are_one_document(cli: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "xml/zh").mkdir(parents=True)
    (folder / "news.zh").write_text("".join(f"{unit[0]}\n" for unit in UNITS), encoding="utf-8")
    (folder / "news.en").write_text("".join(f"{unit[1]}\n" for unit in UNITS), encoding="utf-8")
    (folder / "links.xml").write_text(
        '<cesAlign version="1.0"><linkGrp fromDoc="zh/a.xml" toDoc="de/a.xml"><link xtargets="1;1"/></linkGrp></cesAlign>'
    )
    (folder / "xml/zh/a.xml").write_text('<text><s id="1">雨。</s></text>', encoding="utf-8")
    (folder / "xml/de").mkdir()
    (folder / "xml/de/a.xml").write_text('<text><s id="1">Regen.</s></text>', encoding="utf-8")
    ran = cli("ingest", "in", "--json")
    report = json.loads(ran.out)
    assert sorted(report["new"]) == ["links", "news"]
    assert report["skipped"] == []
    assert any("news.en: read together with news.zh" in note for note in report["notes"])
    assert len(json.loads(cli("ingest", "in/news.zh", "--json").out)["unchanged"]) == 1
    (folder / "news.zh").write_text("".join(f"{unit[0]}！\n" for unit in UNITS), encoding="utf-8")
    assert json.loads(cli("ingest", "in", "--json").out)["changed"] == ["news"]


def test_a_broken_file_leaves_the_good_ones(cli: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.tmx").write_text(memory(UNITS), encoding="utf-8")
    (folder / "bad.tmx").write_text(memory(UNITS)[:-30], encoding="utf-8")
    (folder / "bomb.tmx").write_text(
        memory(UNITS).replace('SYSTEM "tmx14.dtd"', '[<!ENTITY a "b">]'), encoding="utf-8"
    )
    ran = cli("ingest", "in")
    assert "bad.tmx: not well-formed" in ran.err
    assert "defines an entity" in ran.err
    assert len(rows(cli("export", "-"))) == 4
    assert Workspace(tmp_path / ".corpus").scan("documents").collect().height == 1


def test_one_language_only_is_text_all_the_same(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "tm.tmx").write_text(memory([unit[:1] for unit in UNITS]), encoding="utf-8")
    ran = cli("ingest", "tm.tmx")
    assert ran.code == 0
    assert "text in zh only: nothing is aligned" in ran.err


@pytest.mark.parametrize("table", ["imported", "beads", "sentences"])
def test_what_came_in_is_made_again_of_its_file(held: Callable[..., Ran], tmp_path: Path, table: str) -> None:
    before = rows(held("export", "-", *COLUMNS))
    for file in (tmp_path / ".corpus").glob(f"{table}-*.parquet"):
        file.write_bytes(b"damaged")
    assert held("check").code != 0
    assert held("check", "--repair").code == 0
    assert held("check").code == 0
    assert rows(held("export", "-", *COLUMNS)) == before


def test_a_notebook_aligns_anew_and_goes_back(held: Callable[..., Ran], tmp_path: Path) -> None:
    c = Corpus(tmp_path / ".corpus")
    before = c.pairs(details=True)["aligner"].unique().to_list()
    anew = c.align(realign="tm", details=True)["aligner"].unique().to_list()
    assert before == ["imported"]
    assert anew != before
    assert c.align(as_imported=["all"], details=True)["aligner"].unique().to_list() == before


def test_links_that_no_order_has_come_in_and_can_be_corrected(
    cli: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "links.xml").write_text(
        '<cesAlign version="1.0"><linkGrp fromDoc="a.zh.xml" toDoc="a.en.xml"><link xtargets="1 3;2"/>'
        '<link xtargets="2;1 3" certainty="0.7"/></linkGrp></cesAlign>'
    )
    for lang, at in (("zh", 0), ("en", 1)):
        body = "".join(f'<s id="{k}">{unit[at]}</s>' for k, unit in enumerate(UNITS, start=1))
        (tmp_path / f"a.{lang}.xml").write_text(f"<text>{body}</text>", encoding="utf-8")
    assert cli("ingest", "links.xml").code == 0
    ids = ("--columns", "src_ids,tgt_ids,score", "--nulls")
    found = rows(cli("export", "-", *ids))
    assert [(row["src_ids"], row["tgt_ids"], row["score"]) for row in found] == [
        ("0 2", "1", ""), ("1", "0 2", "0.7000"), ("", "3", ""), ("3", "", ""),
    ]  # fmt: skip
    assert cli("review", "links").code == 0
    assert cli("export", "x.tmx").code == 0
    assert cli("export", "x", "--format", "intertext").code == 0
    assert cli("review", "links", "--set", "3:3").code == 0
    assert rows(cli("export", "-", *ids))[-1]["tgt_ids"] == "3"
