"""The commands link and pair, and align with what they know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.corpus.alignment.test_incremental import plain, versions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran


@pytest.fixture
def press(tmp_path: Path) -> Path:
    folder = tmp_path / "press"
    folder.mkdir()
    for name, version in zip(("x.zh.txt", "x.en.txt"), versions(), strict=True):
        (folder / name).write_text(plain(version), "utf-8")
    (folder / "y.zh.txt").write_text("这是另一篇没有译文的文章。它只有两句话，说的是别的事情。\n", "utf-8")
    return folder


def test_links_are_made_listed_exported_and_taken_back(
    cli: Callable[..., Ran], press: Path, tmp_path: Path
) -> None:
    assert cli("ingest", press).code == 0
    assert "one at a time" in cli("link", "x.zh", "--by-name").err
    ran = cli("link", "--by-name")
    assert "y.zh.txt: no file of this name in another language" in ran.err
    assert "links: 1 new" in ran.err
    assert "1 link: 1 as they were linked" in cli("link").err
    assert "linked" in cli("link").out
    assert cli("link", "-o", "links.csv").code == 0
    rows = (tmp_path / "links.csv").read_text("utf-8").splitlines()
    assert rows[0].startswith("a,b,original")
    ran = cli("align", "-o", "out.tsv")
    assert "10 pairs from 1 link (1 in one language left out)" in ran.err
    assert cli("link", "--remove", "x.zh", "x.en").err == "links: 1 taken back\n"
    assert "none is linked" in cli("align").err
    assert "links: 1 new" in cli("link", "--from", "links.csv").err
    (tmp_path / "wrong.csv").write_text("a,b\nx.zh,nothing\n", "utf-8")
    assert "wrong.csv: line 2" in cli("link", "--from", "wrong.csv").err
    found = json.loads(cli("link", "--json").out)
    assert [(row["state"], row["a_now"]) for row in found] == [("linked", "x.en")]
    assert "1 link of them kept" in cli("rm", "x.en").err


def test_a_manifest_links(cli: Callable[..., Ran], press: Path) -> None:
    manifest = press / "manifest.toml"
    manifest.write_text('[[link]]\nfiles = ["x.zh.txt", "x.en.txt"]\noriginal = "x.zh.txt"\n', "utf-8")
    assert "links: 1 new, by manifests" in cli("ingest", press).err
    ran = cli("link", "--remove", "x.zh", "x.en")
    assert "manifest.toml states it" in ran.err
    assert "links: 1 new, by manifests" in cli("ingest", press).err
    assert [row["original"] for row in json.loads(cli("link", "--json").out)] == ["x.zh"]
    assert "links:" not in cli("ingest", press).err
    manifest.write_text('[[link]]\nfiles = ["x.zh.txt", "z.txt"]\n', "utf-8")
    assert "linked, but not read: z.txt" in cli("ingest", press).err
    for wrong in (
        'files = ["x.zh.txt"]',
        'files = "x"',
        'files = ["a", "b"]\nkind = 1',
        'files=["a","b"]\noriginal="c"',
    ):
        manifest.write_text(f"[[link]]\n{wrong}\n", "utf-8")
        assert "manifest.toml: link 1" in cli("ingest", press).err


def test_a_file_may_be_named_by_another_path(
    cli: Callable[..., Ran], press: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("ingest", "press").code == 0
    ran = cli("link", press / "x.zh.txt", "../" + tmp_path.name + "/press/x.en.txt")
    assert "links: 1 new" in ran.err
    assert "no document" in cli("link", tmp_path / "x.zh.txt", "x.en").err  # which is another file


def test_two_files_that_are_no_translations_are_kept_and_that_is_said(
    cli: Callable[..., Ran], press: Path
) -> None:
    (press / "harvest.txt").write_text("The harvest was poor. Nobody came to the fair this year.\n", "utf-8")
    ran = cli("align", press / "y.zh.txt", press / "harvest.txt", "--keep", "-o", "-")
    assert ran.code == 0
    assert "do not look like translations" in ran.err
    assert "corpus link --remove y.zh harvest" in ran.err
    assert "1 taken back" in cli("link", "--remove", "y.zh", "harvest").err


def test_two_files_are_aligned_and_kept(cli: Callable[..., Ran], press: Path) -> None:
    ran = cli("align", press / "x.zh.txt", press / "x.en.txt", "--keep", "-o", "-")
    assert (ran.code, len(ran.out.splitlines())) == (0, 11)
    assert len(cli("export", "-").out.splitlines()) == 11
    assert "--keep" in cli("align", "--keep").err
    assert "--langs" in cli("align", press / "x.zh.txt", press / "x.en.txt", "--langs", "zh-en").err
    assert cli("align", "--langs", "zh-en").code == 0
    assert "like zh-en" in cli("align", "--langs", "zh").err


def test_folders_are_aligned_by_name_but_for_the_language(
    cli: Callable[..., Ran], press: Path, tmp_path: Path
) -> None:
    for lang in ("zh", "en"):
        (tmp_path / lang).mkdir()
    for name in ("x.zh.txt", "y.zh.txt", "x.en.txt"):
        (press / name).rename(tmp_path / name.split(".")[1] / name)
    for option in (["--keep"], ["--langs", "zh-en"]):
        ran = cli("align", tmp_path / "zh", tmp_path / "en", "-o", tmp_path / "out", *option)
        assert (ran.code, (tmp_path / "out").exists()) == (1, False)
        assert f"{option[0]}: not for two folders" in ran.err
    assert "ru: no such file" in cli("align", tmp_path / "zh", tmp_path / "ru", "-o", tmp_path / "out").err
    ran = cli("align", tmp_path / "zh", tmp_path / "en", "-o", tmp_path / "out")
    assert "skipped y.zh.txt" in ran.err
    assert [file.name for file in (tmp_path / "out").glob("*.txt")] == ["x.zh.txt"]


def test_pairs_are_proposed_and_accepted(cli: Callable[..., Ran], press: Path) -> None:
    (press / "x.zh.txt").rename(press / "1.txt")
    (press / "x.en.txt").rename(press / "2.txt")
    (press / "3.txt").write_text(
        "The weather was fine on Sunday. Children played in the park until dusk. Nobody spoke of politics.\n",
        "utf-8",
    )
    cli("ingest", press)
    found = json.loads(cli("pair", "--json").out)
    assert [(row["a"], row["b"]) for row in found if row["accepted"]] == [("2", "1")]
    assert found[0]["score"] > 0.5
    assert {"a_matched", "order", "names", "figures", "days"} <= found[0].keys()
    ran = cli("pair", "--accept")
    assert "1 pair accepted" in ran.err
    assert "links: 1 new" in ran.err
    assert "0 pairs accepted" in cli("pair").err
    assert "no text in ko" in cli("pair", "--langs", "zh-ko").err
    assert "10 pairs from 1 link" in cli("align", "-o", "-").err


def test_proposals_are_a_table_that_is_edited_and_linked(
    cli: Callable[..., Ran], press: Path, tmp_path: Path
) -> None:
    assert cli("ingest", press).code == 0
    ran = cli("pair", "-o", "pairs.tsv")
    assert "to link them: corpus link --from pairs.tsv" in ran.err
    table = tmp_path / "pairs.tsv"
    written = table.read_text("utf-8")
    assert written.splitlines()[0].startswith("a\tb\ta_lang\tb_lang\tscore\taccepted")
    assert "links: 1 new" in cli("link", "--from", "pairs.tsv").err
    assert "0 new, 0 changed, 1 known already" in cli("link", "--from", "pairs.tsv").err
    assert json.loads(cli("link", "--json").out)[0]["by"] == "corpus pair"
    assert cli("link", "--remove", "x.zh", "x.en").code == 0
    assert "links: 1 new" in cli("pair", "--accept").err  # the same one
    assert "0 new, 0 changed, 1 known already" in cli("link", "--from", "pairs.tsv").err
    table.write_text(written.replace("true", "no"), "utf-8")
    assert "0 new, 0 changed, 0 known already" in cli("link", "--from", "pairs.tsv").err
    table.write_text(written.replace("true", "perhaps"), "utf-8")
    assert "pairs.tsv: line 2: accepted is 'perhaps'" in cli("link", "--from", "pairs.tsv").err
    assert cli("pair", "-o", "pairs.json").code == 0
    assert json.loads((tmp_path / "pairs.json").read_text("utf-8")) == []
