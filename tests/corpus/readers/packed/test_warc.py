"""Web archives: pages and texts that were answered, each with its address; what is broken in one is named."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.base.errors import InputError
from corpus.ingestion.ingest import ingest
from corpus.readers.packed import warc
from corpus.readers.packed.archives import members

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

STORY = "The bridge over the river was repaired in spring by the workers of the county, who had no rest."


def page(text: str) -> bytes:
    return f"<html><body><h1>News</h1><p>{text}</p></body></html>".encode()


RECORDS = [
    ("http://example.org/news/1.html", "200 OK", "text/html", page(f"{STORY} One.")),
    ("http://example.org/news/1.html", "200 OK", "text/html", page(f"{STORY} One again.")),
    (
        "http://example.org/?id=7&lang=en",
        "200 OK",
        "text/html; charset=big5",
        page("地方工業的發展。").decode().encode("big5"),
    ),
    ("http://example.org/a.png", "200 OK", "image/png", b"\x89PNG"),
    ("http://example.org/gone", "404 Not Found", "text/html", page("gone")),
    ("http://example.org/../../etc/note.txt", "200 OK", "text/plain", STORY.encode()),
]


def archive(*, packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=packed)
    for url, status, kind, data in RECORDS:
        headers = StatusAndHeaders(
            status, [("Content-Type", kind), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
        )
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(gzip.compress(data)), http_headers=headers
            )
        )
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.warc"])
def test_the_pages_of_an_archive_are_documents(workspace: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(archive(packed=name.endswith("gz")))
    assert [member.name for member in members(tmp_path / name)] == [
        "example.org/news/1.html",
        "example.org/news/1~2.html",
        "example.org/index_id=7&lang=en.html",
        "example.org/etc/note.txt",
    ]
    report = ingest(workspace, [tmp_path / name])
    assert report.new == ["1", "1~2", "index_id=7&lang=en", "note"]
    assert report.skipped == []
    rows = workspace.table("versions").sort("doc_id").select("doc_id", "url", "lang").rows()
    assert rows[0] == ("1", "http://example.org/news/1.html", "en")
    assert rows[2] == ("index_id=7&lang=en", "http://example.org/?id=7&lang=en", "zh")
    assert sorted(ingest(workspace, [tmp_path / name]).unchanged) == sorted(report.new)


def test_an_archive_that_is_cut_off_gives_what_is_before(workspace: Workspace, tmp_path: Path) -> None:
    data = archive()
    (tmp_path / "crawl.warc.gz").write_bytes(data[: len(data) * 3 // 5])
    report = ingest(workspace, [tmp_path])
    assert report.new[:2] == ["1", "1~2"]
    assert any("crawl.warc.gz" in skipped.reason and skipped.failed for skipped in report.skipped)


def test_what_takes_warcio_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "crawl.warc").write_bytes(archive(packed=False))
    monkeypatch.setattr(warc, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"crawl\.warc: .* takes warcio, .*: pip install 'duizhao\[html\]'"):
        list(members(tmp_path / "crawl.warc"))
