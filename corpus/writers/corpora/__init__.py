"""Pairs as corpora that other programs query: TEI, verticals, a folder of texts."""
