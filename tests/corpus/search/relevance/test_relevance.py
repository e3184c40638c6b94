"""Evidence for a passage: words, translations, phrases, and the probability made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.base.errors import InputError
from corpus.base.resources import models_dir
from corpus.lexicons import WordPairs
from corpus.search.relevance.evidence import FEATURES, features, word_evidence
from corpus.search.relevance.expansion import expand
from corpus.search.relevance.model import Relevance, read_relevance
from corpus.text.tokens import terms

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from corpus.lexicons import Lexicon

ZH_EN = WordPairs.of(
    ("zh", "en"), "test", [("签字", "sign", 1), ("签字", "signature", 1), ("地方工业", "local industry", 1)]
)


def lexicon(src: str, tgt: str) -> Lexicon | None:
    return ZH_EN if (src, tgt) == ("zh", "en") else None


@dataclass
class Sentences:
    """Postings of a few sentences."""

    texts: list[tuple[str, str]]
    tokens: list[set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = [set(terms(text, lang)) for lang, text in self.texts]

    @property
    def size(self) -> int:
        return len(self.texts)

    @property
    def living(self) -> int:
        return self.size

    def count(self, lang: str) -> int:
        return sum(code == lang for code, _ in self.texts)

    def rows(self, term: str, lang: str) -> npt.NDArray[np.int64]:
        held = [
            row
            for row, (words, (code, _)) in enumerate(zip(self.tokens, self.texts, strict=True))
            if code == lang and term in words
        ]
        return np.array(held, np.int64)

    def frequency(self, term: str) -> int:
        return sum(term in words for words in self.tokens)


SENTENCES = Sentences(
    [
        ("zh", "双方在协定上签字。"),
        ("en", "The two sides signed the agreement."),
        ("en", "Local industry is developing."),
        ("en", "The local people like the steel industry."),
        ("en", "It rained all day."),
        ("zh", "今天下雨。"),
    ]
)


def test_a_translation_is_found_by_its_stem() -> None:
    phrases = expand("签字", "zh", ["zh", "en"], lexicon, SENTENCES.frequency)
    found = word_evidence(phrases, ["zh", "en"], SENTENCES)
    assert found.own[0] > 0.8
    assert found.translated[1] > 0.3
    assert found.own[1] == 0
    assert not found.strength[2:].any()


def test_all_words_of_a_translated_phrase_have_to_be_there() -> None:
    phrases = expand("地方工业", "zh", ["zh", "en"], lexicon, SENTENCES.frequency)
    found = word_evidence(phrases, ["zh", "en"], SENTENCES)
    assert found.translated[2] > 0
    assert found.translated[3] > 0  # both words, though apart
    assert found.translated[4] == 0


def test_figures_are_the_same_word_in_every_language() -> None:
    phrases = expand("1964", "zh", ["zh", "en"], lexicon, lambda _: 0)
    assert phrases[0].words[0].forms["en"][0].terms == ("1964",)


def test_a_query_of_function_words_is_still_looked_for() -> None:
    phrases = expand("the", "en", ["en"], lexicon, SENTENCES.frequency)
    assert [word.text for phrase in phrases for word in phrase.words] == ["the"]


def test_a_word_twice_in_a_query_is_one() -> None:
    phrases = expand("rain rain rained", "en", ["en"], lexicon, SENTENCES.frequency)
    assert sum(len(phrase.words) for phrase in phrases) == 1


@pytest.mark.parametrize("words", [1, 2, 5, 20])
def test_more_of_any_evidence_is_never_worse(words: int) -> None:
    model = read_relevance(models_dir() / "search" / "relevance.json")
    base = np.full((1, len(FEATURES)), 0.4, np.float32)
    for column in range(len(FEATURES)):
        more = base.copy()
        more[0, column] = 0.6
        assert model.probabilities(more, words)[0] >= model.probabilities(base, words)[0]


def test_features_are_within_bounds() -> None:
    phrases = expand("签字", "zh", ["zh", "en"], lexicon, SENTENCES.frequency)
    size = SENTENCES.size
    table = features(
        word_evidence(phrases, ["zh", "en"], SENTENCES),
        np.linspace(-1, 1, size, dtype=np.float32),
        np.zeros(size, np.float32),
        np.zeros(size, np.bool_),
        np.arange(size, dtype=np.float32),
    )
    assert table.shape == (size, len(FEATURES))
    assert (table >= 0).all()
    assert (table <= 1).all()


@pytest.mark.parametrize(
    "content", ["", "{}", '{"weights": {}, "bias": [0, 0]}', json.dumps({"bias": [0], "weights": 3})]
)
def test_a_file_without_weights_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "w.json").write_text(content)
    with pytest.raises(InputError, match=r"w\.json"):
        read_relevance(tmp_path / "w.json")


def test_a_negative_weight_is_refused(tmp_path: Path) -> None:
    weights = {name: [-1, 0] for name in FEATURES}
    (tmp_path / "w.json").write_text(json.dumps({"weights": weights, "bias": [0, 0]}))
    with pytest.raises(InputError, match="negative"):
        read_relevance(tmp_path / "w.json")


def test_probabilities_depend_on_the_length_of_the_query() -> None:
    ones, zeros = np.ones(len(FEATURES), np.float32), np.zeros(len(FEATURES), np.float32)
    model = Relevance(ones, zeros, (0.0, 0.0))
    evidence = np.ones((1, len(FEATURES)), np.float32)
    assert model.probabilities(evidence, 1)[0] > model.probabilities(evidence, 10)[0] > 0.5
