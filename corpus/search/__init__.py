"""Passages that are about a query, in every language."""
