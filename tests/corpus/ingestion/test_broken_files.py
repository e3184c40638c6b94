"""Broken files of every format: the good ones are read, the others named, and nothing is fetched or left behind."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from corpus.base.errors import InputError
from corpus.readers.base import Extract
from corpus.readers.extraction import extract
from corpus.readers.registry import FORMATS
from tests.corpus.readers.markup.test_html import PAGE
from tests.corpus.readers.markup.test_structured import ALTO, HOCR, MHTML, TEI

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

JSONL = '{"text": "The bridge was repaired.", "date": "1959-05-20", "id": "a"}\n{"text": "It is long.", "lang": "en"}\n'
WHOLE = {
    "html": PAGE.encode(),
    "mhtml": MHTML,
    "hocr": HOCR.encode(),
    "tei": TEI.encode(),
    "alto": ALTO.encode(),
    "jsonl": JSONL.encode(),
    "text": "朝鲜地方工业犹如雨后春笋。\nThe bridge was repaired.\n".encode(),
    "markdown": b"# Bridge\n\n| a | b |\n|---|---|\n| c | d |\n\n[link](http://example.org) *text* goes on.\n",
}
HOSTILE = [
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b"&", b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE a [", b"\x80" * 50,
    b"<a>" * 2000, b"</p>" * 200, b"&#xFFFFFFF;", b"&#0;", b"<script>", b"charset=utf-7", b"charset=\"hex\"", b'encoding="x"',
    b'<img src="http://127.0.0.1:9/x">', b"<link rel=stylesheet href=http://127.0.0.1:9/x>", b"\\ud800", b'"date": "9999-99-99"',
    b"9" * 5000, b"[" * 3000, b"{", b"\r", b"\x1b[2J", "\u202e".encode(), b"=?", b"=\r\n=", b"--", b"boundary=",
]  # fmt: skip


def broken(whole: bytes, seed: int) -> bytes:
    """Return a file with parts cut, doubled, exchanged or put in."""
    rng = random.Random(seed)
    data = bytearray(whole)
    for _ in range(rng.randint(1, 6)):
        at, size = rng.randrange(len(data) + 1), rng.randint(1, 40)
        match rng.randrange(5):
            case 0:
                del data[at : at + size]
            case 1:
                data[at:at] = rng.choice(HOSTILE)
            case 2:
                data[at:at] = data[at : at + size]
            case 3:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case _:
                del data[at : len(data) if rng.random() < 0.3 else at + 1]
    return bytes(data)


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def outcome(data: bytes, path: Path, form: str) -> tuple[list[object], str | None]:
    try:
        return list(extract(data, path, form=form)), None
    except InputError as error:  # any other is a fault
        return [], str(error)


@pytest.mark.parametrize("form", WHOLE)
def test_two_hundred_broken_files_a_format_end_in_a_text_or_a_reason(form: str) -> None:
    path = Path(f"broken{FORMATS[form].endings[0]}")
    read = refused = 0
    for seed in range(200):
        data = broken(WHOLE[form], seed)
        items, reason = outcome(data, path, form)
        if reason is not None:
            refused += 1
            assert reason.startswith(f"{path}: ")
            assert "Traceback" not in reason
            assert len(reason) < 2000
            continue
        read += 1
        for item in items:
            assert isinstance(item, Extract)
            item.text.encode()
            assert all(0 <= locus.start < locus.end <= len(item.text) for locus in item.loci)
            assert all(a.end <= b.start for a, b in zip(item.loci, item.loci[1:], strict=False))
        if seed % 10 == 0:
            assert outcome(data, path, form) == (items, None)  # the same bytes give the same text
    assert read + refused == 200
    assert read > 0
    assert refused > 0


def test_the_good_files_among_broken_ones_are_read(cli: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for form, whole in WHOLE.items():
        ending = FORMATS[form].endings[0]
        (folder / f"good-{form}{ending}").write_bytes(whole)
        for seed in range(6):
            (folder / f"broken-{form}-{seed}{ending}").write_bytes(broken(whole, 1000 + seed))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    ran = cli("ingest", folder)
    assert ran.code == 1
    shown = cli("show").out
    assert all(f"good-{form}" in shown for form in WHOLE)
    assert "Traceback" not in ran.err
    left = sorted(path.name for path in tmp_path.rglob("*") if ".corpus" not in path.parts)
    assert left == before
