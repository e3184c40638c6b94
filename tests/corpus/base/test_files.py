"""Bytes that may be anything, and files that are never half written."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.base.errors import CorpusError, InputError
from corpus.base.files import atomic_writer, is_file, read_bytes, write_atomically
from corpus.text.decoding import decode, encoding_of
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from pathlib import Path

KOREAN = (
    "조선에서 지방공업공장 현대화가 힘있게 추진되고있다. 김화군의 지방공업공장들은 지난해 6월에 일떠섰다. "
    "당의 결정에 따라 인민생활을 향상시키기 위한 사업이 계속되고 있다."
)
JAPANESE = (
    "これは平壌市の地方で運営されている鉄工場の労働者たちがボールベアリングを製造しているところである。"
)
TRADITIONAL = "這些工廠包括一百七十六個食品工廠，朝鮮地方工業的發展在加強國家經濟方面起著很大的作用。"


@given(
    st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\t\r\n"), min_size=1)
)
def test_utf8_is_read_as_it_is(text: str) -> None:
    if text.strip("\ufeff \t\r\n\f\v\u3000\u00a0"):
        assert decode(text.encode(), "f") == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_bilingual_seed_reads_the_same_in_both_encodings(encoding: str) -> None:
    text = seed_text("003")
    assert decode(text.encode(encoding), "f") == text


def test_traditional_characters_in_gb18030_are_chinese() -> None:
    assert decode(TRADITIONAL.encode("gb18030"), "f") == TRADITIONAL


RUSSIAN = "Это фотография рабочих местного завода в Пхеньяне."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KOREAN, "euc-kr"),
        (KOREAN, "utf-16"),
        (JAPANESE, "shift-jis"),
        (JAPANESE, "euc-jp"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "utf-16-le"),
        (TRADITIONAL, "utf-16-be"),
        ("A plain line.\n", "utf-16-le"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "utf-16-be"),
        ("Für die Größe der Übung müssen wir schöne Straßen prüfen.", "latin-1"),
        ("Cette année, les ouvriers de l'usine ont été félicités ; où est-ce qu'on l'a déjà vu ?", "cp1252"),
        ("He said “yes” and left. It’s fine, and nothing else was said of it.", "cp1252"),
    ],
)
def test_other_encodings_are_told_by_what_they_say(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert decode(data, "page.txt").removeprefix("\ufeff") == text
    assert decode(data, "page.txt", encoding_of(data)).removeprefix("\ufeff") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zażółć gęślą jaźń. To jest zdjęcie robotników.", "iso8859-2"),
        ("Αυτή είναι μια φωτογραφία.", "iso8859-7"),
        ("กรุงเทพมหานคร", "tis-620"),
        ("Учора ввечері президент зустрівся з міністром.", "koi8-u"),
        ("朝鮮의 地方工業은 國家經濟를 强化한다.", "euc-kr"),
        ("一個", "big5"),
        ("平壌", "shift-jis"),
    ],
)
def test_what_is_doubtful_is_refused_with_what_to_say(text: str, encoding: str) -> None:
    with pytest.raises(InputError, match=r"^page\.txt: (not|neither) UTF-8.*offset.*`encoding='") as refused:
        decode(text.encode(encoding), "page.txt")
    assert "line 1" in str(refused.value)
    assert decode(text.encode(encoding), "page.txt", encoding) == text


def test_a_declared_encoding_counts_but_for_utf8() -> None:
    text = "一個"
    assert decode(text.encode("big5"), "page.html", declared="Big5") == text
    assert decode(text.encode(), "page.html", declared="gb2312") == text  # saved anew by an editor
    assert decode("é".encode("latin-1"), "page.html", declared="ISO-8859-1") == "é"
    with pytest.raises(InputError):
        decode(text.encode("big5"), "page.html", declared="utf-8")


def test_mojibake_is_put_right_on_request() -> None:
    text = "L’Humanité a été fondée en 1904."
    wrong = text.encode().decode("cp1252").encode()
    assert decode(wrong, "page.txt") != text
    assert decode(wrong, "page.txt", "utf-8+ftfy") == decode(wrong, "page.txt", "+ftfy") == text


def test_a_wrong_byte_is_named_with_its_place() -> None:
    data = "第一行。\n第二行".encode() + b"\xff" + "。".encode()
    with pytest.raises(InputError, match=r"byte 0xff at offset 22, line 2"):
        decode(data, "page.txt", "utf-8")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b" \n\t\r\n", "empty file"),
        (b"\xef\xbb\xbf\n", "empty file"),
        (b"text\0text", "byte 0x00 at offset 4"),
        (b"\0\1", "byte 0x00 at offset 0"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", "byte 0x00"),
        (bytes(range(256)) * 4, "byte 0x00"),
        (b"%PDF-1.7 text", "a PDF"),
        (b"PK\x03\x04 text", "ZIP"),
        (b"\x01\x02\x03 text", "byte 0x01 at offset 0"),
        ("朝鲜".encode("utf-16") + b"\x00", "not valid utf-16-le"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(data, "page.txt")


@pytest.mark.parametrize("number", list(SEEDS))
def test_no_seed_is_a_page(number: str) -> None:
    assert decode(seed_text(number).encode(), "a.txt")


@pytest.mark.parametrize("encoding", ["ebcdic-of-mars", "hex", "rot13", "", "\0"])
def test_an_encoding_it_does_not_read_is_named(encoding: str) -> None:
    if encoding:
        with pytest.raises(CorpusError, match=r"is not an encoding this reads: utf-8, utf-16, .* big5"):
            decode(b"text", "page.txt", encoding)


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder"):
        read_bytes(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        read_bytes(tmp_path / "absent.txt")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "pairs.tsv"
    write_atomically(target, b"old")

    def fail() -> None:
        with atomic_writer(target) as file:
            file.write(b"half of the new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_permissions_of_a_replaced_file_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "private.tsv"
    target.write_bytes(b"old")
    target.chmod(0o600)
    write_atomically(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "real.tsv", tmp_path / "link.tsv"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot write"):
        write_atomically(tmp_path / "absent" / "pairs.tsv", b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
def test_what_has_no_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("/dev/zero")
    for path, kind in ((tmp_path / "pipe.txt", "pipe"), (tmp_path / "link.txt", "device")):
        with pytest.raises(InputError, match=f"not a plain file but a {kind}"):
            read_bytes(path)


@pytest.mark.parametrize("name", ["a" * 300, "a\0b", "字" * 100])
def test_a_name_that_no_file_can_have_is_an_error_of_its_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        read_bytes(tmp_path / name)
    assert not is_file(tmp_path / name)
