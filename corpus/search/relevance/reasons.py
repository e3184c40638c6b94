"""Why a passage is about a query, in words: which of its words stand for which of the query's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.lexicons.words import UNSPACED
from corpus.text.folding import fold
from corpus.text.tokens import tokenise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.search.relevance.expansion import Form, Phrase


def reasons(phrases: Sequence[Phrase], text: str, lang: str, query_lang: str) -> list[str]:
    """Return what of a query a text holds: ``factory``, or ``工厂 = factory`` where it is a translation.

    Parameters
    ----------
    phrases
        Of the query (`corpus.search.relevance.expansion.expand`).
    text, lang
        The sentence found, and its language.
    query_lang
        The query's.
    """
    held = _Held(text, lang)
    found: list[str] = []
    for phrase in phrases:
        whole = _likeliest(phrase.forms.get(lang, ()), held)
        if whole is not None:
            joined = ("" if query_lang in UNSPACED else " ").join(word.text for word in phrase.words)
            found.append(_said(whole, joined))
            continue
        for word in phrase.words:
            form = _likeliest(word.forms.get(lang, ()), held)
            if form is not None:
                found.append(_said(form, word.text))
    return list(dict.fromkeys(found))


class _Held:
    """What a text holds: words as they are written there, by their normal form."""

    def __init__(self, text: str, lang: str) -> None:
        self.folded = fold(text)
        # Words that are written together are looked for by their letters: to cut them takes a dictionary, and
        # to load that a second.
        self.words = (
            None if lang in UNSPACED else {token.normal: token.text for token in tokenise(text, lang)}
        )

    def said(self, form: Form) -> str | None:
        """Return a form as the text has it; None where it is not there."""
        if self.words is None:
            return form.label if all(fold(term) in self.folded for term in form.terms) else None
        words = [self.words.get(term) for term in form.terms]
        return None if None in words else " ".join(word for word in words if word is not None)


def _likeliest(forms: Sequence[Form], held: _Held) -> tuple[Form, str] | None:
    there = [(form, said) for form in forms if form.terms and (said := held.said(form)) is not None]
    return max(there, key=lambda one: one[0].weight, default=None)


def _said(found: tuple[Form, str], asked: str) -> str:
    form, said = found
    return asked if form.source == "query" or said.casefold() == asked.casefold() else f"{said} = {asked}"
