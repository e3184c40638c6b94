"""The lexicons that ship."""

from __future__ import annotations

import hashlib
import tomllib

import pytest

from corpus.base.resources import models_dir
from corpus.lexicons import open_lexicon
from corpus.lexicons.lexicon import lexicon_files

FOLDER = models_dir() / "lexicons"


@pytest.mark.parametrize(
    ("src", "tgt", "word", "expected"),
    [
        ("zh", "en", "签字", "sign"), ("zh", "en", "地震", "earthquake"), ("en", "zh", "earthquakes", "地震"),
        ("en", "zh", "Zhou Enlai", "周恩来"), ("ko", "en", "지진", "earthquake"), ("ko", "zh", "지진", "地震"),
        ("ko", "en", "로동", "work"), ("ja", "en", "地震", "earthquake"), ("de", "fr", "Berg", "montagne"),
        ("de", "en", "Erdbeben", "earthquake"), ("fr", "en", "tremblement de terre", "earthquake"),
        ("ru", "en", "землетрясение", "earthquake"), ("zh", "de", "地震", "Erdbeben"),
    ],
)  # fmt: skip
def test_common_words_are_known(src: str, tgt: str, word: str, expected: str) -> None:
    found = open_lexicon(src, tgt)
    assert found is not None
    assert expected in [entry.word for entry in found.translations(word)]


def test_a_pair_that_nothing_leads_to_has_no_lexicon() -> None:
    assert open_lexicon("zh", "xx") is None
    assert open_lexicon("zh", "zh") is None


@pytest.mark.parametrize("path", lexicon_files(), ids=lambda path: path.stem)
def test_a_card_says_what_a_lexicon_is_made_of(path: object) -> None:
    file = FOLDER / getattr(path, "name", "")
    card = tomllib.loads(file.with_suffix(".toml").read_text("utf-8"))
    assert card["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert card["for_shipping"] is True
    assert all(source["licence"] and source["title"] for source in card["source"])
    assert not any("GPL" in source["licence"] for source in card["source"])


@pytest.mark.parametrize(
    ("src", "tgt", "word", "meant"),
    [
        ("ko", "zh", "공장", "工厂"),  # by its characters 工匠; the one meant is not written so in Chinese
        ("de", "fr", "Werkzeugmaschine", "machine-outil"),
        ("de", "fr", "Gipfel", "sommet"),
    ],
)
def test_a_direct_lexicon_is_helped_by_one_through_english(src: str, tgt: str, word: str, meant: str) -> None:
    found = open_lexicon(src, tgt)
    assert found is not None
    assert meant in [entry.word for entry in found.translations(word)]
