"""The seed documents are kept byte for byte."""

from __future__ import annotations

import hashlib

import pytest

import align
from corpus.base.resources import seeds_dir
from corpus.ingestion.manifest import load_manifest

DIGESTS = {
    "000_099c89f81d734f0f.txt": "8369ab3a2bce4f9ac07f4cf7504516d0a414a630b3c30a45b36d965833046182",
    "001_5032777c36143267.txt": "be6e32cc0f35460f2436b56830f7940455bb6797065095ba829183c033117e60",
    "002_734a1c537eab83d1.txt": "bc584f0453cab80d3882c74263a1bc06702bf201ba3b6386308fed01abb90a8c",
    "003_ed76d6293c6aeeaa.txt": "c0b6c4ec0959f7848838c70c5a71388e3fee48786c46cb77620c207d21ed42b7",
    "004_88686a522191a1b2.txt": "5520b738dde31b6ee42a7abad2cba47c123e3242331939f948545f89695b1576",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_seed_is_as_it_was_given(name: str) -> None:
    assert hashlib.sha256((seeds_dir() / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_every_seed_has_its_entry_with_its_notice() -> None:
    entries = load_manifest(seeds_dir() / "manifest.toml")
    assert set(entries) == set(DIGESTS)
    assert all(entry.rights for entry in entries.values())


def test_the_gold_covers_both_sides_once() -> None:
    beads = align.parse_beads((seeds_dir() / "003_ed76d6293c6aeeaa.zh-en.gold").read_text("utf-8"))
    assert [i for bead in beads for i in bead.src] == list(range(11))
    assert [j for bead in beads for j in bead.tgt] == list(range(11))
