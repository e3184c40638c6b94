"""How good beads are: gold, evaluation, reviews, calibration, training."""
