"""The aligner's weights as files: those that ship, and those a user trained or calibrated."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import align
from corpus.base.errors import InputError
from corpus.base.files import json_digest, read_bytes, write_atomically
from corpus.base.parsing import parse_json
from corpus.base.resources import models_dir
from corpus.text.decoding import decode

SHIPPED = "shipped"
"""What stands for the weights that ship, where a file could be named."""


@cache
def shipped_weights() -> align.Weights:
    """Read the weights that ship with the toolkit."""
    return read_weights(models_dir() / "aligner" / "default.json")


def read_weights(path: Path | str) -> align.Weights:
    """Read a file of weights, or those that ship for ``shipped``.

    Raises
    ------
    InputError
        If the file cannot be read, or holds something else.
    """
    if str(path) == SHIPPED:
        return shipped_weights()
    path = Path(path)
    try:
        return parse_weights(decode(read_bytes(path), str(path), "utf-8"))
    except ValueError as error:
        raise InputError(
            f"{path}: no weights of the aligner ({error}); train-aligner and calibrate make such files"
        ) from None


def parse_weights(text: str) -> align.Weights:
    """Read weights from JSON (ValueError if it is none, or of another format)."""
    data = parse_json(text)
    if not isinstance(data, dict):
        raise ValueError("not an object of JSON")  # noqa: TRY004 - of the content, not of an argument
    return align.Weights.from_dict(data)


def weights_text(weights: align.Weights) -> str:
    """Return weights as the JSON that `parse_weights` reads."""
    return json.dumps(weights.to_dict(), indent=1, ensure_ascii=False) + "\n"


def write_weights(path: Path, weights: align.Weights) -> None:
    """Write a file of weights, whole or not at all (CorpusError if it cannot be written)."""
    write_atomically(path, weights_text(weights).encode())


def weights_digest(weights: align.Weights) -> str:
    """Return eight hexadecimal digits that tell weights, with calibration and provenance, from others."""
    return json_digest(weights.to_dict())[:8]
