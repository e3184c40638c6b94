"""Which words of an index a foreign name in Chinese characters may be, by its sound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corpus.lexicons.sounds import plain, sound_alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.lexicons.own import OwnLexicons
    from corpus.search.index.segment import Segment

_LOOKED_AT = 30  # words that sound alike, the nearest first


@dataclass(frozen=True)
class Names:
    """What words there are.

    Attributes
    ----------
    segments
        Of an index; those that were made before their letters were kept have no words to propose.
    lexicons
        What they know is no name.
    """

    segments: Sequence[Segment]
    lexicons: OwnLexicons

    def alike(self, name: str) -> list[str]:
        """Return the words in Latin letters that a name sounds like, the nearest first."""
        near = sound_alike(name, lambda: self._words)
        return [word for word in near[:_LOOKED_AT] if not self.lexicons.know(word)]

    @cached_property
    def _words(self) -> str:
        letters = [one.letters for one in self.segments if one.letters is not None]
        return "\n".join(sorted({plain(word) for one in letters for word in one.words()}))
