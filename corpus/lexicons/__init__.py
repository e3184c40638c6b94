"""Translation lexicons: which word translates which, and where that is known from."""

from corpus.lexicons.lexicon import Entry, Lexicon, WordPairs, merged, open_lexicon
from corpus.lexicons.words import normal_form

__all__ = ["Entry", "Lexicon", "WordPairs", "merged", "normal_form", "open_lexicon"]
