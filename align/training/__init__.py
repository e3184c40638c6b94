"""Weights from gold alignments."""
