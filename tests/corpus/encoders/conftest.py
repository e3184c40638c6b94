"""The default encoder, loaded once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from corpus.encoders import load_encoder

if TYPE_CHECKING:
    from corpus.encoders.use.encoder import UseEncoder


@pytest.fixture(scope="session")
def use() -> UseEncoder:
    return cast("UseEncoder", load_encoder("use"))
