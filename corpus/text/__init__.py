"""Strings: languages, words, dates, names, folding and variants of spelling. No files of the user's."""
