"""An encoder that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.training.remembered import Remembered
from tests.align.conftest import sentence, story

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from align.encoder import Role, Vectors
    from tests.align.conftest import MeaningEncoder


def test_a_text_is_embedded_once_in_each_language(
    encoder: MeaningEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None]] = []
    embed = type(encoder).encode

    def noted(
        self: MeaningEncoder, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None
    ) -> Vectors:
        asked.extend((text, lang) for text in texts)
        return embed(self, texts, role=role, lang=lang)

    monkeypatch.setattr(type(encoder), "encode", noted)
    remembered = Remembered(encoder)
    first = remembered.encode(["s1 s2", "s3", "s1 s2"], lang="zh")
    again = remembered.encode(["s3", "s4"], lang="zh")
    remembered.encode(["s3"], lang="ja")
    assert asked == [("s1 s2", "zh"), ("s3", "zh"), ("s4", "zh"), ("s3", "ja")]
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(first[1], again[0])
    assert np.array_equal(first[1], embed(encoder, ["s3"], lang="zh")[0])
    assert first.dtype == np.float32


def test_nothing_to_embed(encoder: MeaningEncoder) -> None:
    remembered = Remembered(encoder)
    assert remembered.encode([]).shape == (0, encoder.dim)
    assert (remembered.name, remembered.version) == (encoder.name, encoder.version)
    assert (remembered.languages, remembered.licence) == (encoder.languages, encoder.licence)


def test_of_a_text_with_a_gap_only_runs_across_the_gap_are_new(
    encoder: MeaningEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    embed = type(encoder).encode_blocks

    def noted(self: MeaningEncoder, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        asked.append(tuple(sentences))
        return embed(self, sentences, k, lang=lang)

    monkeypatch.setattr(type(encoder), "encode_blocks", noted)
    text = [sentence("s", words) for words in story(12, 1)]
    remembered = Remembered(encoder)
    assert np.array_equal(remembered.encode_blocks(text, 3), embed(encoder, text, 3))
    gap = [*text[:5], *text[7:]]
    assert np.array_equal(remembered.encode_blocks(gap, 3), embed(encoder, gap, 3))
    assert np.array_equal(remembered.encode_blocks(text[2:9], 3), embed(encoder, text[2:9], 3))
    assert asked == [tuple(text), tuple(gap[3:7])]


def test_no_sentences(encoder: MeaningEncoder) -> None:
    assert Remembered(encoder).encode_blocks([], 4).shape == (4, 0, encoder.dim)
