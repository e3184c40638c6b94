"""The default encoder, loaded once, with its cache in a folder of the tests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

import pytest

from corpus.encoders import load_encoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.encoders.use.encoder import UseEncoder


@pytest.fixture(scope="session")
def _cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("CORPUS_CACHE")
    os.environ["CORPUS_CACHE"] = before or str(tmp_path_factory.mktemp("user-cache"))
    yield
    if before is None:
        del os.environ["CORPUS_CACHE"]


@pytest.fixture(scope="session")
def use(_cache_folder: None) -> UseEncoder:
    return cast("UseEncoder", load_encoder("use"))
