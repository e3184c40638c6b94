"""Pairs as pages that people read: side by side in a browser or a word processor."""
