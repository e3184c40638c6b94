"""Versions that do not look like translations of each other are left unpaired."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus import align as align_texts
from corpus.alignment.likeness import LEAST_CLOSENESS, LEAST_SHARE, UNLIKE, likeness, unlike_documents
from corpus.encoders import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

ZH = (
    "苏联代表团团长在会上发言，主张立即停火。他说，外国军队应当撤出。",
    "各国人民希望和平。这次会议受到全世界的注意。",
)
OTHER = (
    "The delegates met on Monday to talk about the price of coffee. They could not agree on it.",
    "The weather was fine, and the roads were good. They went home in the evening by train.",
)
SAME = (
    "The head of the Soviet delegation spoke at the meeting and called for an immediate ceasefire. He said that "
    "foreign troops should be withdrawn.",
    "The peoples of all countries hope for peace. The whole world pays attention to this conference.",
)


def text(english: tuple[str, str], between: str = "The conference") -> str:
    return "\n\n".join(["会议", *ZH, between, *english]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "other.txt").write_text(text(OTHER), "utf-8")
    (tmp_path / "texts" / "same.txt").write_text(text(SAME), "utf-8")
    return tmp_path / "texts"


def test_unlike_versions_are_left_unpaired_and_named(folder: Path, cli: Callable[..., Ran]) -> None:
    assert cli("ingest", folder).code == 0
    exported = cli("export", "-")
    assert "other: the versions do not look like translations of each other" in exported.err
    assert {line.split("\t")[0] for line in exported.out.splitlines()[1:]} == {"same"}
    assert "1 left unpaired as no translations" in cli("status").out
    corpus = Corpus()
    pairs = corpus.pairs(details=True, nulls=True)
    assert (pairs.about["unlike"], unlike_documents(pairs)) == (["other"], ["other"])
    left = pairs.filter(doc_id="other")
    assert left["flags"].to_list() == [[UNLIKE]] * len(left)
    assert left.height == corpus.sentences(doc="other").height
    status = corpus.status()
    assert (status.bilingual, status.unaligned, status.unlike) == (2, 0, 1)
    hits = corpus.similar("外国军队应当撤出", doc="other")
    assert hits.height == hits["translation"].null_count() > 0


@pytest.mark.parametrize("how", ["marker", "versions", "original"])
def test_a_marker_and_a_manifest_overrule(how: str, folder: Path, tmp_path: Path) -> None:
    (folder / "same.txt").unlink()
    if how == "marker":
        (folder / "other.txt").write_text(text(OTHER, "Translation:"), "utf-8")
    else:
        stated = 'original = "zh"' if how == "original" else "[document.versions.zh]\n[document.versions.en]"
        (folder / "manifest.toml").write_text(f'[[document]]\nfile = "other.txt"\n{stated}\n', "utf-8")
    corpus = Corpus(tmp_path / "ws")
    corpus.ingest(folder)
    pairs = corpus.align()
    assert pairs.about["unlike"] == []
    assert pairs.height > 0


def test_a_manifest_that_comes_later_has_them_paired(folder: Path, tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / "ws")
    corpus.ingest(folder)
    assert corpus.align().about["unlike"] == ["other"]
    (folder / "manifest.toml").write_text('[[document]]\nfile = "other.txt"\noriginal = "zh"\n', "utf-8")
    corpus.ingest(folder)
    assert corpus.align().about["unlike"] == []


def test_two_files_are_paired_all_the_same(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    for name, lines in (("zh.txt", ZH), ("en.txt", OTHER)):
        (tmp_path / name).write_text("\n\n".join(lines) + "\n", "utf-8")
    ran = cli("align", tmp_path / "zh.txt", tmp_path / "en.txt", "-o", "-", "--nulls")
    assert "these versions do not look like translations of each other" in ran.err
    assert "coffee" in ran.out


def test_the_likeness_of_two_texts() -> None:
    encoder = load_encoder("use")
    same, other = (
        likeness(align_texts(ZH, english, src_lang="zh", tgt_lang="en").result, encoder)
        for english in (SAME, OTHER)
    )
    assert same.is_translation
    assert not other.is_translation
    assert same.share > LEAST_SHARE > other.share
    assert same.closeness is not None
    assert other.closeness is not None
    assert same.closeness > LEAST_CLOSENESS > other.closeness


def test_languages_that_the_encoder_does_not_know_are_judged_by_scores_alone() -> None:
    pairs = align_texts(ZH, SAME, src_lang="zh", tgt_lang="sw").result
    assert likeness(pairs, load_encoder("use")).closeness is None
