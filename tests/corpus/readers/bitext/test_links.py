"""Links between the sentences of two files: OPUS XCES and InterText."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import InputError
from corpus.readers.bitext.links import linked_files, read_links

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.readers.base import AlignedSegments

DOCTYPE = '<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">'


def opus(folder: Path, links: str, *, src: str = "zh/t.xml.gz", more: str = "") -> Path:
    (folder / "xml/zh").mkdir(parents=True)
    (folder / "en").mkdir()
    (folder / "xml/zh/t.xml").write_text(
        '<text><p id="1"><s id="1">雨。</s><s id="2">雪。</s></p><p id="2"><s id="3"><w id="w1">我们</w> <w>走</w></s>'
        '<s id="4"/></p></text>',
        encoding="utf-8",
    )
    (folder / "en/t.xml.gz").write_bytes(
        gzip.compress(
            b'<letsmt><body><s id="1">Rain and <w>snow</w> <w>.</w></s><s id="2">Go.</s></body></letsmt>'
        )
    )
    file = folder / "en-zh.xml"
    file.write_text(
        f'<?xml version="1.0"?>{DOCTYPE}<cesAlign version="1.0">'
        f'<linkGrp targType="s" fromDoc="{src}" toDoc="en/t.xml.gz">{links}</linkGrp>{more}</cesAlign>'
    )
    return file


def read(file: Path) -> list[AlignedSegments]:
    return list(read_links(file.read_bytes(), file))


def test_opus_links_and_texts_beside_or_below(tmp_path: Path) -> None:
    file = opus(tmp_path, '<link id="SL1" xtargets="1 2;1" certainty="0.8" /><link xtargets="3 4;" />')
    (found,) = read(file)
    assert found.segments == {"zh": ("雨。", "雪。", "我们走"), "en": ("snow .", "Go.")}
    assert found.beads == ({"zh": (0, 1), "en": (0,)}, {"zh": (2,)})
    assert found.scores == (0.8, None)
    assert found.paragraphs["zh"] == (0, 0, 1)
    assert [path.name for path in linked_files(file.read_bytes(), file)] == ["t.xml", "t.xml.gz"]


def test_intertext_names_the_target_first(tmp_path: Path) -> None:
    (tmp_path / "o.cs-00.xml").write_text("<t><p id='1'><s id='1:1'>Ahoj.</s><s id='1:2'>Nashle.</s></p></t>")
    (tmp_path / "o.no-00.xml").write_text("<t><p id='1'><s id='1:1'>Hei. Ha det.</s></p></t>")
    file = tmp_path / "o.cs-00.no-00.alignment.xml"
    file.write_text(
        "<?xml version='1.0' encoding='utf-8'?><linkGrp toDoc='o.no-00.xml' fromDoc='o.cs-00.xml'>"
        "<link type='1-2' xtargets='1:1;1:1 1:2' status='man'/></linkGrp>"
    )
    (found,) = read(file)
    assert found.segments == {"cs": ("Ahoj.", "Nashle."), "no": ("Hei. Ha det.",)}
    assert found.beads == ({"cs": (0, 1), "no": (0,)},)


def test_elements_that_links_name_are_sentences_where_there_is_no_s(tmp_path: Path) -> None:
    for lang, text in (("de", "Regen"), ("fr", "Pluie")):
        (tmp_path / f"v.{lang}.xml").write_text(
            f"<text lang='{lang}'><lg><verse id='v1'>{text}</verse></lg></text>"
        )
    file = tmp_path / "v.alignment.xml"
    file.write_text("<linkGrp toDoc='v.fr.xml' fromDoc='v.de.xml'><link xtargets='v1;v1'/></linkGrp>")
    assert read(file)[0].segments == {"de": ("Regen",), "fr": ("Pluie",)}


@pytest.mark.parametrize("src", ["../t.xml", "/etc/passwd", "zh/../../t.xml", "xml/away/t.xml", ""])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, src: str) -> None:
    (tmp_path / "t.xml").write_text('<text><s id="1">secret</s></text>')
    inside = tmp_path / "inside"
    inside.mkdir()
    file = opus(inside, '<link xtargets="1;1"/>', src=src)
    (inside / "xml/away").symlink_to(tmp_path)
    with pytest.raises(InputError, match=r"not in its folder|does not name both"):
        read(file)
    assert [path.name for path in linked_files(file.read_bytes(), file)] == ["t.xml.gz"]


def test_a_pair_that_cannot_be_read_does_not_spoil_the_others(tmp_path: Path) -> None:
    other = '<linkGrp fromDoc="zh/gone.xml" toDoc="en/t.xml.gz"><link xtargets="1;1"/></linkGrp>'
    (found,) = read(opus(tmp_path, '<link xtargets="1;1"/>', more=other))
    assert any("zh/gone.xml" in note for note in found.notes)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('<link xtargets="9;1"/>', "names sentence 9"),
        ("<link/>", "without xtargets"),
        ("<link", "not well-formed"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, link: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(opus(tmp_path, link))


def test_a_sentence_is_in_one_link(tmp_path: Path) -> None:
    (found,) = read(opus(tmp_path, '<link xtargets="1;1"/><link xtargets="1 2;2"/>'))
    assert found.beads == ({"zh": (0,), "en": (0,)},)
    assert "links to a sentence that another link has, left out: 1" in found.notes


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.readers.bitext.links.MAX_SHEET", 1000)
    file = opus(tmp_path, '<link xtargets="1;1"/>')
    (tmp_path / "en/t.xml.gz").write_bytes(gzip.compress(b"<text>" + b" " * 2000))
    with pytest.raises(InputError, match="more than 1,000 bytes when unpacked"):
        read(file)
