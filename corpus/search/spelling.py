"""Near misses in spelling: said, never searched for.

A word of a query that stands in no text and in no lexicon may be a slip. What was meant, if it is in the
corpus, is the word of it that fewest slips lead to: letters left out, put in, changed, or two exchanged
(optimal string alignment; Damerau 1964, Boytsov 2011), by `rapidfuzz`. Words of scripts that put no spaces
between words are passed over: in them another word is another cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.search.index.letters import Sought
from corpus.text.edges import is_of_word
from corpus.text.folding import containing, fold
from corpus.text.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.lexicons.own import OwnLexicons
    from corpus.search.index.segment import Segment
    from corpus.text.tokens import Token
    from corpus.text.variants import Variants

_SHORTEST = 4  # letters of a word that may have one slip
_LONG = 8  # … that may have two
_LOOKED_AT = 30  # words of the corpus, the nearest first


@dataclass(frozen=True)
class Speller:
    """What words there are.

    Attributes
    ----------
    segments
        Of an index; those that were made before their letters were kept have no words to propose.
    lexicons, variants
        What they know is no slip.
    """

    segments: Sequence[Segment]
    lexicons: OwnLexicons
    variants: Variants

    def respelt(self, query: str, lang: str) -> str | None:
        """Return a query, folded, with the words of the corpus that were meant; None where none is that near.

        Parameters
        ----------
        query, lang
            As asked, and its language.
        """
        asked = found = fold(query)
        # Cut by the index's words: no dictionary need be loaded to find what is in letters.
        for token in reversed(tokenise(asked, lang, frequency=self._frequency)):
            text = asked[token.start : token.end]
            spelt = len(text) >= _SHORTEST and text.isalpha() and all(map(is_of_word, text))
            if spelt and self._is_unknown(text, token) and (meant := self._nearest(text)) is not None:
                found = found[: token.start] + meant + found[token.end :]
        return found if found != asked else None

    def _is_unknown(self, word: str, token: Token) -> bool:
        """Tell whether a word stands in no text and no lexicon, whatever its language, and is no variant."""
        if self._frequency(token.normal):
            return False
        return not (self._texts(word) or self.variants.expand(word) or self.lexicons.know(word))

    def _frequency(self, term: str) -> int:
        return sum(segment.words.frequency(term) for segment in self.segments)

    def _texts(self, word: str) -> int:
        """Return in how many texts a word stands as it is."""
        sought = Sought(containing(word), (word,))
        held = [(one.holding(sought), one.alive) for one in self.segments]
        return sum(len(rows) if alive is None else int(alive[rows].sum()) for rows, alive in held)

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(
            {word for one in self.segments if one.letters is not None for word in one.letters.words()}
        )

    def _nearest(self, word: str) -> str | None:
        """Return the word that fewest slips lead to; of several one that begins alike, and the commonest."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        slips = 2 if len(word) >= _LONG else 1
        near = process.extract(
            word, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=_LOOKED_AT
        )
        best = [
            (distance, other[0] != word[0], -texts, other)
            for other, distance, _ in near
            if other.isalpha() and (texts := self._texts(other))
        ]
        return min(best)[3] if best else None
