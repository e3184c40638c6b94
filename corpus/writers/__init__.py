"""Pairs out; one module a format."""
