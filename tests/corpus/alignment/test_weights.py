"""Weights that would give scores that are no probabilities are refused, with what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
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


def test_weights_of_before_the_second_look_are_read(tmp_path: Path) -> None:
    """They have four coefficients of the calibration, and none of omissions."""
    content = json.loads(weights_text(shipped_weights()))
    del content["omissions"]
    content["calibration"]["coefficients"] = [-6.6585, 1.0749, -0.4306, 3.5056]
    (tmp_path / "w.json").write_text(json.dumps(content))
    weights = read_weights(tmp_path / "w.json")
    assert weights.omissions == {}
    # Signs of a bead to be believed and of one that is not.
    signs = np.array([[0.99, 0.5, 0.4, 0.7, 0.6, 0.0, 0.0, 90.0], [0.4, 0.1, 0.0, 0.3, 0.2, 0.0, 0.0, 90.0]])
    high, low = weights.calibration.scores(signs)
    assert high > 0.9
    assert low < 0.2


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
        ({"calibration": {"coefficients": [0.0, 1.0]}}, "has 4, 16, 21 or 22 coefficients, not 2"),
        ({"omissions": {"path": NAN}}, "not finite"),
        ({"omissions": {"weather": 1.0}}, "a coefficient of weather"),
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
