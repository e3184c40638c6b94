"""Sentence alignment: arrays and strings in, beads and scores out; no files, no printing."""

from align.aligner import align
from align.beads import Bead, format_beads, parse_beads
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
    "evaluate",
    "format_beads",
    "parse_beads",
    "recalibrate",
    "recalibration_errors",
]
