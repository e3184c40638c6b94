"""An encoder that remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align.training.remembered import Remembered

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
