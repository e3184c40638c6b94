"""Stores of vectors that people already run, in place of FAISS files; one file each (`base.Backend`)."""
