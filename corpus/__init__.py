"""Duizhao (对照): align and search press texts across languages and decades."""

__version__ = "0.1.0"
