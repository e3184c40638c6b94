"""Years as words: Juche 112 is 2023, 民国48年 and 昭和34年 are 1959, in queries and in texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from align.scoring.han_numerals import ERAS
from corpus.text.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# As folded queries have them; of those that began in our era.
_ERAS = {name.casefold(): before for name, before in ERAS.items() if before > 0}
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s*(\d{{1,3}})")
_WRITTEN_OUT = re.compile(r"[12]\d{3}")
_NAMED = {"en": ("juche",), "ko": ("주체",), "zh": ("主体", "民国"), "ja": ("主体", "昭和")}
_OF_YEAR = frozenset({"年", "년", "年度"})


def put_together(tokens: Sequence[Token]) -> list[Token]:
    """Join the name of an era to its year, and leave out the word for a year after its number."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if last is not None and last.text in _ERAS and token.text.isdecimal():
            found[-1] = Token(f"{last.text} {token.text}", f"{last.text} {token.text}", last.start, token.end)
        elif last is not None and token.text in _OF_YEAR and last.normal[-1].isdecimal():
            continue
        else:
            found.append(token)
    return found


def same_year(text: str, lang: str) -> Iterator[str]:
    """Yield how texts in a language write a year otherwise: ``2023`` for ``juche 112``, and the reverse.

    Parameters
    ----------
    text
        A word of a query, as `put_together` makes it.
    lang
        ISO 639-1 code of the texts' language.
    """
    if (era := _ERA.fullmatch(text)) is not None:
        yield str(_ERAS[era[1]] + int(era[2]))
    elif _WRITTEN_OUT.fullmatch(text):
        for name in _NAMED.get(lang, ()):
            if int(text) > _ERAS[name]:
                yield f"{name} {int(text) - _ERAS[name]}"
