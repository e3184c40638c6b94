"""Weights that would give scores that are no probabilities are refused, with what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from corpus.alignment.weights import read_weights, shipped_weights, weights_text
from corpus.base.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

NAN, INFINITY = float("nan"), float("inf")


def written(path: Path, **changed: Any) -> Path:  # noqa: ANN401 - whatever JSON holds
    content = json.loads(weights_text(shipped_weights()))
    for key, value in changed.items():
        if isinstance(value, dict):
            content[key] |= value
        else:
            content[key] = value
    path.write_text(json.dumps(content))
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    assert read_weights(written(tmp_path / "w.json")) == shipped_weights()
    assert read_weights(written(tmp_path / "w.json", max_block=1)).max_block == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"features": {"cosine": NAN}}, "not finite"),
        ({"features": {"one": INFINITY}}, "not finite"),
        ({"features": {"size": 10**400}}, "too large"),
        ({"calibration": {"coefficients": [0.0, NAN, 1.0, 1.0]}}, "not finite"),
        ({"calibration": {"raw": [0.0, 0.9, 0.3], "probability": [0.1, 0.2, 0.3]}}, "do not ascend"),
        ({"calibration": {"raw": [0.0, 1.0], "probability": [0.9, 0.1]}}, "do not ascend"),
        ({"calibration": {"raw": [0.0, 1.0], "probability": [-3.0, 0.1]}}, "do not ascend"),
        ({"calibration": {"raw": [0.0, NAN, 1.0], "probability": [0.1, 0.2, 0.3]}}, "do not ascend"),
        ({"calibration": {"raw": [], "probability": []}}, "do not ascend"),
        ({"calibration": {"raw": [0.0, 0.5, 1.0], "probability": [0.1, 0.2]}}, "as many"),
        ({"max_block": 0}, "max_block is 0"),
        ({"max_block": -1}, "max_block is -1"),
        ({"max_block": 10**9}, "max_block is 1000000000"),
        ({"max_block": INFINITY}, "infinity"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_weights(written(tmp_path / "w.json", **changed))


@pytest.mark.parametrize("name", ["cosine", "null", "support"])
def test_a_feature_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    content = json.loads(weights_text(shipped_weights()))
    del content["features"][name]
    (tmp_path / "w.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=f"no weight of {name}"):
        read_weights(tmp_path / "w.json")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"format": ' * 3000, '{"format": ' + "1" * 5000 + "}", "3"])
def test_deep_json_is_no_traceback(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.json").write_text(text)
    with pytest.raises(InputError, match="no weights of the aligner"):
        read_weights(tmp_path / "w.json")
