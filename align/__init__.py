"""Sentence alignment: arrays and strings in, beads and scores out; no files, no printing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from align.beads import Bead, coverage, format_beads, parse_beads
from align.calibrate import (
    FEWEST,
    Calibration,
    RecalibrationErrors,
    calibration_error,
    recalibrate,
    recalibration_errors,
)
from align.encoder import Encoder
from align.evaluate import Counts, Measures, Scores, evaluate
from align.weights import Weights

if TYPE_CHECKING:
    from align.aligner import align

__all__ = [
    "FEWEST",
    "Bead",
    "Calibration",
    "Counts",
    "Encoder",
    "Measures",
    "RecalibrationErrors",
    "Scores",
    "Weights",
    "align",
    "calibration_error",
    "coverage",
    "evaluate",
    "format_beads",
    "parse_beads",
    "recalibrate",
    "recalibration_errors",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name != "align":
        msg = f"module 'align' has no attribute {name!r}"
        raise AttributeError(msg)
    from align.aligner import align  # noqa: PLC0415 - most of the package; a search can do without

    return align
