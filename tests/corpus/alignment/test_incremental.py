"""The Xinhua item, aligned as a person would, and in every shape it may come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import align
from corpus.alignment.align import align_files
from corpus.alignment.incremental import align_workspace
from corpus.alignment.sources import read_side
from corpus.base.errors import InputError
from corpus.base.resources import seeds_dir
from corpus.documents.pairs import PAIRS
from corpus.ingestion.reading.document import Version, read_document
from corpus.store.workspace import Workspace
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from pathlib import Path

GOLD = align.parse_beads((seeds_dir() / "003_ed76d6293c6aeeaa.zh-en.gold").read_text("utf-8"))


def beads(pairs: pl.DataFrame) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {(tuple(src), tuple(tgt)) for src, tgt in pairs.select("src_ids", "tgt_ids").iter_rows()}


def versions() -> tuple[Version, Version]:
    english, chinese = read_document(seed_text("003"), SEEDS["003"]).versions
    return chinese, english


def plain(version: Version, without_paragraph: int | None = None) -> str:
    """Write a version as a clean text file: a paragraph a line."""
    kept = [sentence for sentence in version.sentences if sentence.paragraph != without_paragraph]
    between = "" if version.lang == "zh" else " "
    numbers = sorted({sentence.paragraph for sentence in kept})
    return "\n".join(
        between.join(sentence.text for sentence in kept if sentence.paragraph == number) for number in numbers
    )


def test_the_xinhua_item_is_aligned_as_a_person_would(built: Path) -> None:
    pairs = align_workspace(Workspace(built))
    assert pairs.schema == PAIRS
    scores = align.evaluate(GOLD, [align.Bead(src, tgt) for src, tgt in sorted(beads(pairs))])
    assert (scores.strict.precision, scores.strict.recall) == (1.0, 1.0)
    assert beads(pairs) == {(bead.src, bead.tgt) for bead in GOLD}
    assert len(pairs) == 10


def test_pairs_carry_both_sides_provenance(built: Path) -> None:
    first = align_workspace(Workspace(built)).row(0, named=True)
    assert first["date"] == first["src_date"] == "1959-05-20"
    assert (first["src_lang"], first["tgt_lang"], first["tgt_date"]) == ("zh", "en", None)
    assert (first["src_relation"], first["tgt_relation"]) == ("original", "translation")
    text = seed_text("003")
    assert text[first["src_start"] : first["src_end"]].split() == [
        "郡郡都办工厂",
        "加强国家经济",
        "朝鲜地方工业犹如雨后春笋",
    ]
    assert first["src"] == "郡郡都办工厂　加强国家经济　朝鲜地方工业犹如雨后春笋"
    assert text[first["tgt_start"] : first["tgt_end"]] == first["tgt"]


def files(folder: Path, src: str | bytes, tgt: str | bytes) -> tuple[Path, Path]:
    paths = folder / "src.txt", folder / "tgt.txt"
    for path, content in zip(paths, (src, tgt), strict=True):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths


def test_versions_in_two_files(tmp_path: Path) -> None:
    chinese, english = versions()
    pairs = align_files(*files(tmp_path, plain(chinese), plain(english)))
    assert beads(pairs) == {(bead.src, bead.tgt) for bead in GOLD}
    assert pairs["doc_id"].unique().to_list() == ["src"]


def test_swapped_and_in_gb18030(tmp_path: Path) -> None:
    chinese, english = versions()
    pairs = align_files(*files(tmp_path, plain(english), plain(chinese).encode("gb18030")))
    assert beads(pairs) == {(bead.tgt, bead.src) for bead in GOLD}
    assert pairs["src_lang"][0] == "en"


def test_the_untouched_file_in_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "item.txt"
    path.write_bytes(seed_text("003").encode("gb18030"))
    pairs = align_files(path)
    assert beads(pairs) == {(bead.src, bead.tgt) for bead in GOLD}
    assert pairs["src_lang"][0] == "zh"


@pytest.mark.parametrize("paragraph", range(2, 8))
@pytest.mark.parametrize("side", ["zh", "en"])
def test_a_paragraph_removed_from_one_side_is_null_on_the_other(
    tmp_path: Path, paragraph: int, side: str
) -> None:
    chinese, english = versions()
    shorter = english if side == "en" else chinese
    # The Chinese headline is two blocks, the English one is one.
    number = paragraph if side == "en" else paragraph + 1
    texts = [plain(version, number if version is shorter else None) for version in (chinese, english)]
    found = beads(align_files(*files(tmp_path, *texts)))
    gone = {n for n, sentence in enumerate(shorter.sentences) if sentence.paragraph == number}
    shift = {n: n - sum(other < n for other in gone) for n in range(11) if n not in gone}
    expected: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    for bead in GOLD:
        cut, whole = (bead.tgt, bead.src) if side == "en" else (bead.src, bead.tgt)
        if gone & set(cut):
            expected |= {((n,), ()) if side == "en" else ((), (n,)) for n in whole}
        else:
            kept = tuple(shift[n] for n in cut)
            expected.add((whole, kept) if side == "en" else (kept, whole))
    assert found == expected


def test_two_english_sentences_joined(tmp_path: Path) -> None:
    chinese, english = versions()
    joined = (
        plain(english)
        .replace("each county. Currently", "")
        .replace(
            "more than one local factory. However, currently",
            "more than one local factory; however, currently",
        )
    )
    found = beads(align_files(*files(tmp_path, plain(chinese), joined)))
    assert ((4, 5), (3,)) in found
    assert len(found) == 9
    assert all(src and tgt for src, tgt in found)


def test_new_weights_are_taken_up(seeded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = seeded.state().change
    align_workspace(seeded)
    assert seeded.state().change == before
    monkeypatch.setattr(
        "corpus.alignment.incremental.aligner_name", lambda encoder, _: f"{encoder} of tomorrow"
    )
    align_workspace(seeded)
    assert seeded.table("beads")["aligner"].unique().to_list() == ["use of tomorrow"]
    assert len(seeded.table("beads")) == 10


def test_lines_keep_their_numbers_blank_ones_too(tmp_path: Path) -> None:
    chinese, english = versions()
    src = "\n\n".join(sentence.text for sentence in chinese.sentences)
    tgt = "\n".join(sentence.text for sentence in english.sentences) + "\n"
    pairs = align_files(*files(tmp_path, src, tgt), lines=True)
    real = pairs.filter((pl.col("src") != "") & (pl.col("tgt") != ""))
    covered = sorted(n for ids in pairs["src_ids"] for n in ids)
    assert covered == list(range(21))
    assert {(tuple(n // 2 for n in src if n % 2 == 0), tgt) for src, tgt in beads(real)} == {
        (bead.src, bead.tgt) for bead in GOLD
    }


def test_lines_are_split_on_lf_only() -> None:
    side = read_side("one\u2028still one\x0b, and\x85here\r\ntwo\n\nfour\n".encode(), "f", lines=True)
    assert len(side.sentences) == 4
    assert side.sentences[2] == ""
    assert [line for line, _, _ in side.spans] == [1, 2, 3, 4]


def test_a_file_with_both_languages_on_one_side_needs_a_word_on_which(tmp_path: Path) -> None:
    item = tmp_path / "item.txt"
    item.write_text(seed_text("003"), "utf-8")
    _, english = versions()
    other = tmp_path / "en.txt"
    other.write_text(plain(english), "utf-8")
    with pytest.raises(InputError, match=r"item\.txt: holds text in en, zh; say which with `src_lang`"):
        align_files(item, other)
    assert len(align_files(item, other, src_lang="zh")) == 10


def test_one_file_in_one_language_cannot_be_aligned(tmp_path: Path) -> None:
    item = tmp_path / "item.txt"
    item.write_text(seed_text("000"), "utf-8")
    with pytest.raises(InputError, match="holds text in en only"):
        align_files(item)
