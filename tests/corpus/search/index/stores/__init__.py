"""Tests of stores of vectors."""
