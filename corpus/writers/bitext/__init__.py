"""Aligned texts for translation tools and corpus tools: translation memories, line-aligned files, links."""
