"""Corpus linguistics: concordances, frequencies, collocations, terms."""
