"""A studio, asked without a browser."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest
from starlette.testclient import TestClient

from corpus import Corpus
from corpus.web.app import create_app
from corpus.web.security import Access
from corpus.web.studio import Studio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Response: TypeAlias = Any  # of whichever client starlette takes

PORT = 8017
ORIGIN = f"http://127.0.0.1:{PORT}"
TOKEN = "a-token-of-this-test"


@dataclass(frozen=True)
class Asking:
    """A browser of the user's: it has the cookie, and says where a form comes from."""

    studio: Studio
    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, files: object = None, **data: str) -> Response:
        return self.client.post(path, data=data, files=cast("Any", files), headers={"origin": ORIGIN})

    def json(self, path: str) -> Any:  # noqa: ANN401 - what JSON holds
        response = self.get(path)
        assert response.status_code == 200, response.text
        return response.json()


def open_client(folder: Path) -> tuple[Studio, TestClient]:
    studio = Studio(Corpus(folder), Access(TOKEN, PORT))
    return studio, TestClient(create_app(studio), base_url=ORIGIN)


@pytest.fixture
def open_studio_on() -> Iterator[Callable[[Path], Asking]]:
    """Open a studio on a folder; all are ended with the test."""
    opened = []

    def open_on(folder: Path) -> Asking:
        studio, client = open_client(folder)
        opened.append(studio)
        client.cookies.set(studio.access.cookie, TOKEN)
        return Asking(studio, client)

    yield open_on
    for studio in opened:
        studio.end()


@pytest.fixture(scope="module")
def seeds(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A studio on the seeds, for tests that only look."""
    folder = tmp_path_factory.mktemp("studio") / ".corpus"
    studio, client = open_client(shutil.copytree(built, folder))
    client.cookies.set(studio.access.cookie, TOKEN)
    studio.prepare(60)
    yield Asking(studio, client)
    studio.end()
