"""Evidence for a passage: words, translations, phrases, and the probability made of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.base.errors import InputError
from corpus.base.resources import models_dir
from corpus.lexicons import WordPairs, open_lexicon
from corpus.lexicons.sounds import sound_alike
from corpus.search.relevance.evidence import FEATURES, features
from corpus.search.relevance.evidence import word_evidence as evidence_of_some
from corpus.search.relevance.expansion import expand
from corpus.search.relevance.model import Relevance, read_relevance
from corpus.text.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from corpus.lexicons import Lexicon
    from corpus.search.relevance.evidence import WordEvidence
    from corpus.search.relevance.expansion import Phrase

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


def word_evidence(phrases: Sequence[Phrase], langs: Sequence[str], held: Sentences) -> WordEvidence:
    """Return what a query's words say of every sentence, of most of them nothing."""
    return evidence_of_some(phrases, langs, held).of(np.arange(held.size))


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
    assert ("1964",) in [form.terms for form in phrases[0].words[0].forms["en"]]


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


JA_EN = WordPairs.of(
    ("ja", "en"), "test", [("工場", "factory", 1), ("東京", "Tokyo", 1), ("建設", "construction", 1)]
)
EN_JA = WordPairs.of(("en", "ja"), "test", [("navigation", "ナビゲーション", 1), ("factory", "工場", 1)])


def japanese(src: str, tgt: str) -> Lexicon | None:
    return {("ja", "en"): JA_EN, ("en", "ja"): EN_JA}.get((src, tgt))


@pytest.mark.parametrize(
    ("query", "lang", "text", "other"),
    [
        ("工場", "ja", "The factory was opened.", "en"),  # 工场 is no word of a Japanese lexicon
        ("東京の工場", "ja", "A factory in Tokyo.", "en"),
        ("工場を建設", "ja", "Construction of the factory.", "en"),
        ("navigation", "en", "ナビゲーションの設定", "ja"),
        ("ナビゲーション", "ja", "ナビゲーションの設定", "ja"),
    ],
)
def test_japanese_is_cut_and_found(query: str, lang: str, text: str, other: str) -> None:
    held = Sentences([(other, text), ("en", "Penguins."), ("ja", "天気がよい。")])
    phrases = expand(query, lang, ["en", "ja"], japanese, held.frequency)
    found = word_evidence(phrases, ["en", "ja"], held)
    assert found.least[0] > 0.3
    assert (found.least[1:] == 0).all()


@pytest.mark.parametrize(
    ("query", "lang", "text", "other"),
    [
        ("1964年", "zh", "It opened in 1964.", "en"),
        ("一九六四年", "zh", "It opened in 1964.", "en"),
        ("1964", "en", "一九六四年开办了工厂。", "zh"),
        ("Juche 112", "en", "In 2023 it was opened.", "en"),
        ("2023", "en", "주체112년에 공장이 섰다", "ko"),
        ("民国48年", "zh", "It opened in 1959.", "en"),
        ("昭和34年", "ja", "一九五九年", "zh"),
        ("27.5%", "en", "占２７．５％。", "zh"),
    ],
)
def test_years_and_figures_are_words_however_written(query: str, lang: str, text: str, other: str) -> None:
    held = Sentences([(other, text), ("en", "It opened in 1903."), ("zh", "一九〇三年")])
    phrases = expand(query, lang, ["en", "zh", "ko"], lexicon, held.frequency)
    found = word_evidence(phrases, ["en", "zh", "ko"], held)
    assert found.least[0] > 0.2
    assert (found.least[1:] == 0).all()


@pytest.mark.parametrize(
    ("query", "lang", "text", "other"),
    [
        ("金化郡", "zh", "In Kimhwa County.", "en"),
        ("金化", "zh", "Gimhwa was rebuilt.", "en"),
        ("咸兴", "zh", "함흥에서", "ko"),
        ("元山", "zh", "A port at Wonsan.", "en"),
        ("周恩来", "zh", "Chou En-lai spoke.", "en"),
    ],
)
def test_names_in_characters_are_found_as_others_spell_them(
    query: str, lang: str, text: str, other: str
) -> None:
    held = Sentences([(other, text), ("en", "Penguins in the sea."), ("ko", "날씨가 좋다")])
    phrases = expand(query, lang, ["en", "ko"], lexicon, held.frequency)
    found = word_evidence(phrases, ["en", "ko"], held)
    assert found.strength[0] > 0.1
    assert (found.strength[1:] == 0).all()


def test_half_of_a_phrase_is_not_every_word_of_it() -> None:
    held = Sentences([("en", "A dress."), ("en", "A wedding."), ("en", "A wedding dress."), ("en", "Rain.")])
    phrases = expand("wedding dress", "en", ["en"], lexicon, held.frequency)
    assert word_evidence(phrases, ["en"], held).least.tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (
            "科学技术",
            "Scientific workers and technological progress.",
        ),  # "science and technology" to a dictionary
        ("农业机械", "Machinery for agriculture."),
        ("民间艺术", "The art of the people."),
        ("医务人员", "The personnel of a medical team."),
    ],
)
def test_a_word_whose_translation_stands_nowhere_is_looked_for_by_its_parts(query: str, text: str) -> None:
    held = Sentences([("en", text), ("en", "Penguins in the sea."), ("zh", "天气很好。")])
    found = word_evidence(expand(query, "zh", ["en", "zh"], open_lexicon, held.frequency), ["en", "zh"], held)
    assert found.strength[0] > 0.2
    assert (found.strength[1:] == 0).all()


def test_a_word_whose_translation_stands_somewhere_is_not_cut() -> None:
    held = Sentences([("en", "Science and technology."), ("en", "A technological age.")])
    phrases = expand("科学技术", "zh", ["en", "zh"], open_lexicon, held.frequency)
    assert [word.text for phrase in phrases for word in phrase.words] == ["科学技术"]


def test_two_characters_are_not_cut_into_others() -> None:
    held = Sentences([("en", "A goose."), ("en", "A fire on the mountain.")])
    for query in ("企鹅", "火山"):
        phrases = expand(query, "zh", ["en", "zh"], open_lexicon, held.frequency)
        assert not word_evidence(phrases, ["en", "zh"], held).strength.any()


@pytest.mark.parametrize(
    ("query", "lang", "text"),
    [
        ("军队", "zh", "The army built a road."),  # "troops, armed forces"
        ("码头", "zh", "The ferry lies at the pier."),  # "dock, wharf"
        ("Werktätige", "de", "Every worker has a house."),  # "work"
    ],
)
def test_where_no_translation_stands_anywhere_its_own_neighbours_are_looked_for(
    query: str, lang: str, text: str
) -> None:
    held = Sentences([("en", text), ("en", "Penguins in the sea.")])
    found = word_evidence(expand(query, lang, ["en"], open_lexicon, held.frequency), ["en"], held)
    assert found.strength[0] > 0
    assert found.strength[1] == 0


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("市郡的发展", ["市", "郡", "发展"]),
        ("道郡", ["道", "郡"]),
        ("金化的", ["金化"]),
        ("金化郡的", ["金化", "郡"]),
    ],
)
def test_a_name_ends_before_a_function_word_and_what_kind_of_place_it_is(
    query: str, words: list[str]
) -> None:
    phrases = expand(query, "zh", ["en", "zh"], open_lexicon, SENTENCES.frequency)
    assert [word.text for phrase in phrases for word in phrase.words] == words


def test_one_text_of_few_is_likelier_meant_than_one_of_many() -> None:
    model = read_relevance(models_dir() / "search" / "relevance.json")
    evidence = np.full((1, len(FEATURES)), 0.4, np.float32)
    found = [float(model.probabilities(evidence, 2, texts)[0]) for texts in (0, 50, 300, 1000, 10**9)]
    assert found[0] == found[1] > found[2] > found[3] == found[4] == model.probabilities(evidence, 2)[0]


def test_a_derived_word_stands_for_a_translation_and_says_less() -> None:
    held = Sentences([("en", "Recovery took a year."), ("en", "They recovered."), ("en", "A cover.")])
    found = word_evidence(expand("恢复", "zh", ["en"], open_lexicon, held.frequency), ["en"], held)
    assert found.strength[1] > found.strength[0] > 0
    assert found.strength[2] == 0


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("艾森豪威尔", "President Eisenhower spoke."),  # a dictionary has Dwight D. Eisenhower
        ("赫鲁晓夫", "Khrushchev answered."),
        ("列宁", "Lenin wrote."),
    ],
)
def test_a_person_of_the_dictionary_is_found_by_the_last_name(query: str, text: str) -> None:
    held = Sentences([("en", text), ("en", "Penguins in the sea."), ("en", "The states of the union.")])
    found = word_evidence(expand(query, "zh", ["en"], open_lexicon, held.frequency), ["en"], held)
    assert found.strength[0] > 0.3
    assert (found.strength[1:] == 0).all()


def test_a_part_that_is_a_word_by_itself_is_no_last_name() -> None:
    held = Sentences([("en", "The states of matter."), ("en", "Penguins in the sea.")])
    assert not word_evidence(
        expand("美国", "zh", ["en"], open_lexicon, held.frequency), ["en"], held
    ).strength.any()


def test_a_foreign_name_that_no_dictionary_has_is_found_by_its_sound() -> None:
    held = Sentences([("en", "Kavanaugh was sworn in."), ("en", "Penguins in the sea.")])

    def alike(name: str) -> list[str]:
        return sound_alike(name, lambda: "kavanaugh\npenguins")

    phrases = expand("卡瓦诺", "zh", ["en", "zh"], open_lexicon, held.frequency, alike)
    found = word_evidence(phrases, ["en", "zh"], held)
    assert found.strength[0] > 0
    assert found.strength[1] == 0


def test_a_name_that_repeats_a_syllable_is_not_found_by_one() -> None:
    held = Sentences([("en", "Changes are needed."), ("en", "Penguins in the sea.")])
    assert not word_evidence(
        expand("厂长", "zh", ["en"], open_lexicon, held.frequency), ["en"], held
    ).strength.any()
