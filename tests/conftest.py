"""Fixtures that several tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Document, read_document
from corpus.manifest import load_manifest
from corpus.resources import seeds_dir

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = {
    "000": "000_099c89f81d734f0f.txt",
    "001": "001_5032777c36143267.txt",
    "002": "002_734a1c537eab83d1.txt",
    "003": "003_ed76d6293c6aeeaa.txt",
    "004": "004_88686a522191a1b2.txt",
}


def seed_text(number: str) -> str:
    """Return a seed's text, untouched."""
    return (seeds_dir() / SEEDS[number]).read_bytes().decode("utf-8")


@pytest.fixture(scope="session")
def seed() -> Callable[[str], Document]:
    """Read a seed by its number, with its manifest."""
    manifest = load_manifest(seeds_dir() / "manifest.toml")
    return lambda number: read_document(seed_text(number), SEEDS[number], manifest[SEEDS[number]])
