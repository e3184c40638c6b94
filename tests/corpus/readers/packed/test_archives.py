"""Archives: the files in them are documents; bombs, broken ones and those that lead out of them do no harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.base.errors import InputError
from corpus.documents.locations import find_place, passage_at
from corpus.ingestion.ingest import ingest, read_again, read_changed
from corpus.readers.packed import archives
from corpus.readers.packed.archives import ArchiveReader, archive_kind, members, read_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from corpus.store.workspace import Workspace

TEXT = "The bridge was repaired in spring.\nIt is long.\n"
FILES = {
    "a.txt": TEXT.encode(),
    "deep/er/b.txt": TEXT.replace("bridge", "road").encode(),
    "c.html": b"<html><p>A page is here.",
}


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


PACKED: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "all.zip": zipped,
    "all.tar": tarred,
    "all.tar.gz": lambda files: gzip.compress(tarred(files)),
    "all.tgz": lambda files: gzip.compress(tarred(files)),
    "all.tar.zst": lambda files: zstandard.compress(tarred(files)),
    "all.tar.bz2": lambda files: bz2.compress(tarred(files)),
    "all.tar.xz": lambda files: lzma.compress(tarred(files)),
    "all.tar.zip": lambda files: zipped({"all.tar": tarred(files)}),
}


@pytest.mark.parametrize("name", PACKED)
def test_the_files_in_an_archive_are_read_in_any_order(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PACKED[name](FILES))
    inside = "all.tar/" if name == "all.tar.zip" else ""
    assert {member.name.removeprefix(inside): member.read() for member in members(path)} == FILES
    reader = ArchiveReader()
    for inner in (*FILES, *reversed(FILES)):
        assert reader.read(path / inside / inner) == FILES[inner]
        assert read_place(path / inside / inner) == FILES[inner]
        assert reader.exists(path / inside / inner)
    assert not reader.exists(path / "absent.txt")
    with pytest.raises(InputError, match=r"absent\.txt: no such file in all"):
        reader.read(path / "absent.txt")


@pytest.mark.parametrize(("name", "pack"), [("a.txt.gz", gzip.compress), ("a.txt.zst", zstandard.compress)])
def test_one_packed_file_is_a_document(
    workspace: Workspace, tmp_path: Path, name: str, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / name).write_bytes(pack(TEXT.encode()))
    assert ingest(workspace, [tmp_path]).new == ["a"]
    assert workspace.table("documents")["file"].to_list() == [f"{name}/a.txt"]


def test_an_archive_is_as_a_folder(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "all.zip"
    path.write_bytes(zipped(FILES | {"x.jpg": b"\xff\xd8", ".hidden.txt": b"no", "empty.txt": b""}))
    report = ingest(workspace, [tmp_path / "in"])
    assert report.new == ["a", "b", "c"]
    assert sorted((skipped.failed, skipped.file.rpartition("/")[2]) for skipped in report.skipped) == [
        (False, "x.jpg"), (True, "empty.txt"),
    ]  # fmt: skip
    documents = workspace.table("documents").sort("doc_id")
    assert documents["file"].to_list() == [
        "in/all.zip/a.txt",
        "in/all.zip/deep/er/b.txt",
        "in/all.zip/c.html",
    ]
    assert ingest(workspace, [path]).unchanged == ["a", "b", "c"]
    before = workspace.table("sentences").sort("doc_id", "sentence")
    assert sorted(read_again(workspace, ["a", "b", "c"])[0]) == ["a", "b", "c"]
    assert workspace.table("sentences").sort("doc_id", "sentence").equals(before)
    place = find_place(workspace, "b:L2")
    assert place is not None
    assert passage_at(workspace, place).version["file"] == "in/all.zip/deep/er/b.txt"
    # A file in it that changes, one that moves, one that goes.
    path.write_bytes(zipped({"moved/b.txt": FILES["deep/er/b.txt"], "a.txt": b"Something else is here.\n"}))
    report = ingest(workspace, [path])
    assert (report.changed, report.moved) == (["a"], ["b"])
    assert any("c.html: no such file any more" in note for note in report.notes)
    report, gone = read_changed(workspace)
    assert report.unchanged == ["a", "b"] or sorted(report.unchanged) == ["a", "b"]
    assert gone == ["in/all.zip/c.html"]


def test_a_manifest_speaks_of_files_in_an_archive(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped(FILES))
    (tmp_path / "manifest.toml").write_text(
        '[[document]]\nfile = "all.zip/a.txt"\ndate = 1959-05-20\n[[document]]\nfile = "all.zip/absent.txt"\n'
    )
    report = ingest(workspace, [tmp_path])
    assert workspace.table("versions").filter(doc_id="a")["date"].to_list() == ["1959-05-20"]
    assert [note for note in report.notes if "no file" in note] == [
        f"{tmp_path / 'manifest.toml'}: no file all.zip/absent.txt"
    ]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("../../evil.txt", "evil.txt"),
        ("/etc/evil.txt", "etc/evil.txt"),
        ("C:\\Windows\\evil.txt", "Windows/evil.txt"),
        ("a/./../b//c.txt", "a/b/c.txt"),
        ("new\nline.txt", "new_line.txt"),
    ],
)
def test_names_do_not_lead_out(workspace: Workspace, tmp_path: Path, name: str, inside: str) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    for archive, pack in (("a.zip", zipped), ("b.tar", tarred)):
        (folder / archive).write_bytes(pack({name: TEXT.encode()}))
        assert [member.name for member in members(folder / archive)] == [inside]
    ingest(workspace, [folder])
    assert sorted(path.name for path in tmp_path.rglob("*evil*")) == []
    assert sorted(path.name for path in folder.iterdir()) == ["a.zip", "b.tar"]


def test_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("link.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            packed.addfile(info)
    (tmp_path / "a.tar").write_bytes(buffer.getvalue())
    assert list(members(tmp_path / "a.tar")) == []


def test_bombs_are_refused(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zeros = b"\n" * 30_000_000
    (tmp_path / "zip.zip").write_bytes(zipped({"bomb.txt": zeros, "good.txt": TEXT.encode()}))
    (tmp_path / "gz.txt.gz").write_bytes(gzip.compress(zeros))
    (tmp_path / "zst.txt.zst").write_bytes(zstandard.compress(zeros))
    nested = {"a.txt": TEXT.encode()}
    for _ in range(5):
        nested = {"n.zip": zipped(nested)}
    (tmp_path / "nested.zip").write_bytes(nested["n.zip"])
    report = ingest(workspace, [tmp_path])
    assert report.new == ["good"]
    reasons = "\n".join(skipped.reason for skipped in report.skipped)
    assert reasons.count("times its size") == 3
    assert "archives inside each other, more than 3 deep" in reasons
    monkeypatch.setattr(archives, "MAX_ENTRIES", 1)
    with pytest.raises(InputError, match="more than 1 files"):
        ingest(workspace, [tmp_path / "zip.zip"])


def test_an_encrypted_file_is_named(workspace: Workspace, tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": TEXT.encode(), "b.txt": TEXT.encode()}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    report = ingest(workspace, [tmp_path])
    assert report.new == ["b"]
    assert "a.zip/a.txt: encrypted; unpack it with its password" in report.skipped[0].reason


def test_chinese_names_of_old_archives_are_read(tmp_path: Path) -> None:
    data = zipped({"AAAA.txt": TEXT.encode()}).replace(b"AAAA", "地方".encode("gb18030"))
    (tmp_path / "a.zip").write_bytes(data)
    assert [member.name for member in members(tmp_path / "a.zip")] == ["地方.txt"]


@pytest.mark.parametrize("name", ["all.zip", "all.tar", "all.tar.gz", "all.tar.zst"])
def test_a_broken_archive_gives_what_it_can(tmp_path: Path, name: str) -> None:
    (tmp_path / "good.txt").write_text(TEXT)
    whole = PACKED[name](FILES)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, len(whole) - 1), st.binary(min_size=0, max_size=9), st.integers(0, 1))
    def breaks(at: int, put: bytes, goes_on: int) -> None:
        (tmp_path / name).write_bytes(whole[:at] + put + whole[at + len(put) :] * goes_on)
        with suppress(InputError):  # any other error is a fault
            for member in members(tmp_path / name):
                assert not member.name.startswith(("/", ".."))
                with suppress(InputError):
                    assert isinstance(member.read(), bytes)
        ArchiveReader().exists(tmp_path / name / "a.txt")

    breaks()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("A.ZIP", "zip"),
        ("a.tar.gz", "tar"),
        ("a.tgz", "tar"),
        ("a.txt.gz", "gzip"),
        ("a.warc.gz", "warc"),
        ("a.docx", None),
    ],
)
def test_kinds_are_told_by_the_longest_ending(name: str, kind: str | None) -> None:
    assert archive_kind(name) == kind
