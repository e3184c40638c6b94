"""The correction for language: estimated once, shipped, applied to all vectors alike, harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bench.centres import estimate, estimate_for, write
from corpus.base.errors import EncoderError
from corpus.encoders.centring import Centres, centred
from corpus.encoders.registry import entry
from tests.corpus.encoders.texts_for_tests import EMPTY

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Vectors
    from corpus.encoders.use.encoder import UseEncoder

# A dozen sentences of which each has its translation; not those that the centres were estimated on.
PAIRS = [
    ("地方工业迅速发展。", "Local industry is developing fast."),
    ("农民们正在收割水稻。", "The farmers are harvesting rice."),
    ("总统昨天会见了外宾。", "The president met the foreign guests yesterday."),
    ("孩子们在河边唱歌。", "Children were singing by the river."),
    ("石油价格再次上涨。", "The price of oil went up again."),
    ("医院里没有足够的床位。", "There are not enough beds in the hospital."),
    ("他们用竹子修了一座桥。", "They built a bridge out of bamboo."),
    ("火车晚点了两个小时。", "The train was two hours late."),
    ("图书馆星期天不开放。", "The library is not open on Sundays."),
    ("这位作家用三种语言写作。", "The author writes in three languages."),
    ("今年冬天特别冷。", "This winter is unusually cold."),
    ("矿工们要求提高工资。", "The miners are demanding higher wages."),
]
CHINESE, ENGLISH = (list(column) for column in zip(*PAIRS, strict=True))


def unit(x: Vectors) -> Vectors:
    rows: Vectors = x / np.linalg.norm(x, axis=1, keepdims=True)
    return rows


def found_across(zh: Vectors, en: Vectors) -> float:
    """Share of sentences nearest to their own translation among all the others of both languages."""
    everything = np.concatenate([zh, en])
    scores = everything @ everything.T
    np.fill_diagonal(scores, -1)
    n = len(zh)
    expected = np.concatenate([np.arange(n, 2 * n), np.arange(n)])
    return float((scores.argmax(axis=1) == expected).mean())


def advantage(zh: Vectors, en: Vectors) -> float:
    """By how much unrelated sentences of one language are closer than unrelated ones of two."""
    off = ~np.eye(len(zh), dtype=bool)
    return float(((zh @ zh.T)[off].mean() + (en @ en.T)[off].mean()) / 2 - (zh @ en.T)[off].mean())


def test_a_dozen_sentences_are_found_at_least_as_well(use: UseEncoder) -> None:
    plain = use.encode(CHINESE), use.encode(ENGLISH)
    corrected = use.encode(CHINESE, lang="zh"), use.encode(ENGLISH, lang="en")
    assert found_across(*corrected) >= found_across(*plain)
    assert advantage(*corrected) < 0.5 * advantage(*plain)


def test_vectors_do_not_depend_on_the_batch(use: UseEncoder) -> None:
    together = use.encode(CHINESE, lang="zh")
    alone = np.concatenate([use.encode([text], lang="zh", role="query") for text in CHINESE])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_no_text_stays_no_text(use: UseEncoder) -> None:
    assert not use.encode(EMPTY, lang="zh").any()


def test_an_unlisted_language_is_left_alone(use: UseEncoder) -> None:
    np.testing.assert_array_equal(use.encode(ENGLISH, lang="xx"), use.encode(ENGLISH))
    np.testing.assert_array_equal(use.encode(CHINESE, lang="zh-TW"), use.encode(CHINESE, lang="zh"))


def test_what_ships_is_what_the_recipe_gives(use: UseEncoder) -> None:
    shipped = Centres.read(use.centres)
    made = estimate_for(use, common=entry("use").centre_common)
    assert made.languages == shipped.languages
    np.testing.assert_allclose(made.offsets, shipped.offsets, atol=1e-4)
    np.testing.assert_array_equal(made.other, shipped.other)


def made_up(bias: float, n: int = 60) -> tuple[dict[str, Vectors], Vectors]:
    generator = np.random.default_rng(0)
    meaning = generator.normal(size=(n, 32))
    offsets = bias * unit(generator.normal(size=(3, 32)).astype(np.float32))
    noise = 0.5 * generator.normal(size=(3, n, 32))
    vectors = {lang: (meaning + offsets[i] + noise[i]).astype(np.float32) for i, lang in enumerate("abc")}
    return vectors, offsets


def test_a_bias_is_recovered_and_a_lack_of_one_is_left_alone() -> None:
    vectors, offsets = made_up(2.0)
    expected = offsets - offsets.mean(axis=0)
    assert np.linalg.norm(estimate(vectors, common=False).offsets - expected) < 0.3 * np.linalg.norm(expected)
    none, _ = made_up(0.0)
    raw = np.stack([rows.mean(axis=0) for rows in none.values()])
    raw -= raw.mean(axis=0)
    assert np.linalg.norm(estimate(none, common=False).offsets) < 0.5 * np.linalg.norm(raw)


def test_what_all_share_goes_to_other_languages_too() -> None:
    vectors, _ = made_up(1.0)
    shifted = {lang: rows + np.float32(3) for lang, rows in vectors.items()}
    centres = estimate(shifted, common=True)
    np.testing.assert_allclose(
        centres.other, 3 + np.mean([r.mean(0) for r in vectors.values()], axis=0), atol=1e-4
    )
    np.testing.assert_array_equal(centres.offset("unlisted"), centres.other)


def test_centres_survive_being_written(tmp_path: Path) -> None:
    vectors, _ = made_up(1.0)
    centres = estimate(vectors, common=True)
    write(centres, tmp_path / "x.npz")
    again = Centres.read(tmp_path / "x.npz")
    assert again.languages == centres.languages
    np.testing.assert_array_equal(again.offsets, centres.offsets)


def test_a_damaged_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(b"not an archive")
    vectors = np.eye(3, dtype=np.float32)
    assert centred(vectors, None, path) is vectors
    with pytest.raises(EncoderError, match=r"bad\.npz is missing or damaged"):
        centred(vectors, "zh", path)
