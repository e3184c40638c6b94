"""Beads for a workspace, two files or two folders, made with `align` and kept."""
