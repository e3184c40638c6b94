from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from corpus import Corpus
from corpus.base.errors import CorpusError
from corpus.web.app import create_app
from corpus.web.security import Access
from corpus.web.server import is_loopback, open_studio
from corpus.web.studio import Studio
from tests.corpus.web.conftest import ORIGIN, PORT, TOKEN, Asking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A browser without the cookie, at an empty workspace."""
    studio = Studio(Corpus(tmp_path_factory.mktemp("empty") / ".corpus"), Access(TOKEN, PORT))
    yield TestClient(create_app(studio), base_url=ORIGIN, follow_redirects=False)
    studio.end()


@pytest.mark.parametrize(
    "path", ["/", "/search?q=a", "/documents", "/jobs/events", "/search.json?q=a", "/nope"]
)
def test_without_the_token_nothing_is_said(stranger: TestClient, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 401
    assert "corpus serve" in response.text


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_can_use(stranger: TestClient) -> None:
    response = stranger.get(f"/search?q=a&token={TOKEN}")
    assert response.status_code == 303
    assert response.headers["location"] == "/search?q=a"
    cookie = response.headers["set-cookie"]
    assert f"duizhao-{PORT}={TOKEN}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    stranger.cookies.clear()


def test_another_token_does_not(stranger: TestClient) -> None:
    for token in ("", "x", TOKEN[:-1], TOKEN + "x", "\u00e9"):
        assert stranger.get("/", params={"token": token}).status_code == 401


def test_the_token_leads_to_no_other_site(stranger: TestClient) -> None:
    for path in ("//evil.example", "///evil.example/a", "/%5Cevil.example", "/%2F/evil.example"):
        location = stranger.get(f"{path}?token={TOKEN}").headers["location"]
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        stranger.cookies.clear()


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "127.0.0.1", f"10.0.0.3:{PORT}", "", "[::1", "a@127.0.0.1",
     f"127.0.0.1.evil.example:{PORT}", f"localhost.:{PORT}"],
)  # fmt: skip
def test_a_name_that_is_not_ours_is_refused(seeds: Asking, host: str) -> None:
    assert seeds.get("/", host=host).status_code == 421


@pytest.mark.parametrize(
    "host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"]
)
def test_names_of_this_computer_are_not(seeds: Asking, host: str) -> None:
    response = seeds.client.get("/jobs", headers={"host": host})
    assert response.status_code in (200, 401)  # a cookie is of one host; what counts is that the name is ours


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "null"}, {"origin": "http://evil.example"}, {"origin": "https://127.0.0.1:8017"},
     {"origin": "http://127.0.0.1:8018"}, {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
     {"origin": ORIGIN, "sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_a_form_of_another_site_changes_nothing(seeds: Asking, headers: dict[str, str]) -> None:
    before = seeds.studio.change
    for path in (
        "/review",
        "/upload",
        "/seeds",
        "/pair/link",
        "/jobs/align",
        "/document/003/remove",
        "/language",
    ):
        assert seeds.client.post(path, data={"say": "right"}, headers=headers).status_code == 403
    assert seeds.studio.change == before


def test_what_another_site_embeds_is_refused_and_a_link_is_followed(seeds: Asking) -> None:
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    framed = embedded | {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}
    followed = embedded | {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert seeds.get("/jobs", **embedded).status_code == 403
    assert seeds.get("/jobs", **framed).status_code == 403
    assert seeds.get("/jobs", origin="http://evil.example").status_code == 403
    assert seeds.get("/jobs", **followed).status_code == 200


@pytest.mark.parametrize(
    "path", ["/jobs", "/nope", "/static/studio.css", "/search?mode=x&q=a", "/documents.json"]
)
def test_every_answer_says_what_a_page_may_do(seeds: Asking, path: str) -> None:
    headers = seeds.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert path.startswith("/static/") or headers["cache-control"] == "no-store"


def test_no_file_of_the_disk_is_served(seeds: Asking) -> None:
    for path in (
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/static/..%2f..%2fbase/files.py",
    ):
        assert seeds.get(path).status_code == 404


def test_what_is_too_large_is_refused_whatever_its_header_says(
    seeds: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.web.security.MAX_UPLOAD", 1000)
    assert seeds.post("/upload", files={"files": ("a.txt", b"x" * 2000)}).status_code == 413

    def pieces() -> Iterator[bytes]:
        yield from [b"x=" + b"y" * 400] * 5

    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert seeds.client.post("/paste", content=pieces(), headers=headers).status_code == 413


def test_a_form_field_has_a_limit_too(seeds: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.web.app.MAX_TEXT", 100)
    response = seeds.post("/paste", files={"src": (None, "x" * 200), "tgt": (None, "y")})
    assert response.status_code == 400


def test_other_computers_need_a_password(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / ".corpus")
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        assert not is_loopback(host)
        with pytest.raises(CorpusError, match="password"):
            open_studio(corpus, host=host, port=0)
    with pytest.raises(CorpusError, match="letters"):
        open_studio(corpus, port=0, password="short")


def test_the_password_lets_in_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.web.app._WRONG_PAUSE", 0)
    studio = Studio(Corpus(tmp_path / ".corpus"), Access(TOKEN, PORT, remote=True, password="correct horse"))
    client = TestClient(create_app(studio), base_url=f"http://10.0.0.3:{PORT}", follow_redirects=False)
    origin = {"origin": f"http://10.0.0.3:{PORT}"}
    assert client.get("/jobs").headers["location"] == "/login"
    assert "password" in client.get("/login").text
    assert client.post("/jobs/align", headers=origin).status_code == 401
    wrong = client.post("/login", data={"password": "correct"}, headers=origin)
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers
    right = client.post("/login", data={"password": "correct horse"}, headers=origin)
    assert right.status_code == 303
    assert client.get("/jobs").status_code == 200
    assert client.get("/jobs", headers={"host": f"evil.example:{PORT}"}).status_code == 421
    studio.end()


def test_a_studio_listens_on_this_computer_only_and_names_its_port(tmp_path: Path) -> None:
    opened = open_studio(Corpus(tmp_path / ".corpus"), port=0)
    try:
        host, port = opened.socket.getsockname()
        assert host == "127.0.0.1"
        assert opened.address.startswith(f"http://127.0.0.1:{port}/?token=")
        assert len(opened.studio.access.token) > 40
        assert opened.studio.access.token not in repr(opened.studio.access)
        with pytest.raises(CorpusError, match="port"):
            open_studio(Corpus(tmp_path / ".corpus"), port=port)
    finally:
        opened.socket.close()
        opened.studio.end()
