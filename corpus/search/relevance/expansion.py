"""The words of a query, and what stands for each of them in other languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from corpus.lexicons.names import chinese_name, korean_name
from corpus.lexicons.words import UNSPACED, content_terms, same_word
from corpus.search.relevance.evidence import CERTAIN
from corpus.text.tokens import stop_words, tokenise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.lexicons import Lexicon
    from corpus.text.tokens import Token

_LONGEST = 4  # words of a phrase that is looked up as one
_MOST = 24  # translations of a word that are looked for
_LEAST = 0.015  # probability of a translation that is looked for
_OWN = CERTAIN  # probability that a text in the query's language that speaks of a thing has the query's word
_AS_NAME = 0.3  # … that a word is a name, and spelt by rule
_NOT_LATIN = frozenset({"ru", "uk", "bg", "sr", "ar", "fa", "he", "el", "hi"})
_AS_IT_IS = 0.4  # … that another language in the same script has the same word: names, mostly


class Form(NamedTuple):
    """Something that may stand in a text for a word of the query.

    Attributes
    ----------
    terms
        Its words in normal form; a text that holds all of them holds it.
    weight
        Probability that it stands there, where a text speaks of the thing.
    label
        As people write it.
    source
        Where it is known from; ``query`` for the query's own word.
    """

    terms: tuple[str, ...]
    weight: float
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query, and its forms by language."""

    text: str
    forms: dict[str, tuple[Form, ...]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a query that a lexicon knows together; or a single word.

    Attributes
    ----------
    words
        Each by itself.
    forms
        Of the whole, by language; empty for a single word.
    """

    words: tuple[Word, ...]
    forms: dict[str, tuple[Form, ...]] = field(default_factory=dict)


def expand(
    query: str,
    lang: str,
    langs: Sequence[str],
    lexicon: Callable[[str, str], Lexicon | None],
    frequency: Callable[[str], int],
) -> list[Phrase]:
    """Read a query's words, and look each up in every language there is.

    Function words are passed over, unless there are no others.

    Parameters
    ----------
    query
        Folded (`corpus.text.folding.fold`).
    lang
        Its language.
    langs
        Languages of the texts.
    lexicon
        Opens the lexicon from one language into another.
    frequency
        In how many texts a term stands.

    Returns
    -------
    list of Phrase
        In the query's order; a word that stands in it twice is one.
    """
    others = [other for other in langs if other != lang]
    lexicons = {other: found for other in others if (found := lexicon(lang, other)) is not None}

    def known(text: str) -> bool:
        return any(one.translations(text) for one in lexicons.values())

    def vocabulary(term: str) -> int:
        return frequency(term) or int(len(term) > 1 and known(term))

    tokens = _outermost(
        tokenise(query, lang, search=lang not in UNSPACED or lang == "ko", frequency=vocabulary)
    )
    function_words = stop_words(lang)
    content = [token for token in tokens if token.normal not in function_words] or tokens
    phrases: list[Phrase] = []
    place, seen = 0, set()
    while place < len(tokens):
        size = _size(query, tokens, place, known)
        chosen = [token for token in tokens[place : place + size] if token in content]
        place += size
        words = tuple(
            _word(token, lang, others, lexicons, frequency) for token in chosen if token.normal not in seen
        )
        seen |= {token.normal for token in chosen}
        if not words:
            continue
        forms: dict[str, tuple[Form, ...]] = {}
        if size > 1:
            text = query[tokens[place - size].start : tokens[place - 1].end]
            forms = {other: _translated(one, text, other, frequency) for other, one in lexicons.items()}
        phrases.append(Phrase(words, forms))
    return phrases


def _outermost(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if not kept or token.start >= kept[-1].end:
            kept.append(token)
    return kept


def _size(query: str, tokens: Sequence[Token], place: int, known: Callable[[str], bool]) -> int:
    """Return how many words from a place on a lexicon knows together; 1 where it knows none."""
    for size in range(min(_LONGEST, len(tokens) - place), 1, -1):
        if known(query[tokens[place].start : tokens[place + size - 1].end]):
            return size
    return 1


def _word(
    token: Token,
    lang: str,
    others: Sequence[str],
    lexicons: dict[str, Lexicon],
    frequency: Callable[[str], int],
) -> Word:
    own = Form((token.normal,), _OWN, token.text, "query")
    forms: dict[str, tuple[Form, ...]] = {lang: (own,)}
    for other in others:
        found = list(_translated(lexicons[other], token.text, other, frequency)) if other in lexicons else []
        if token.text[0].isdigit():
            found.append(Form((token.normal,), _OWN, token.text, "query"))
        elif token.text.isascii() or other not in UNSPACED:
            found.append(Form((same_word(token.text, other),), _AS_IT_IS, token.text, "query"))
        if other not in UNSPACED:
            found += _spelt(token.text, lang, other)
        forms[other] = tuple(found)
    return Word(token.text, forms)


def _spelt(text: str, lang: str, other: str) -> Iterator[Form]:
    """Yield how a word in Chinese characters or Hangul is spelt in Latin letters, if it is a name."""
    spellings = {"zh": chinese_name, "ko": korean_name}.get(lang)
    if spellings is not None and other not in _NOT_LATIN:
        for spelling in spellings(text):
            yield Form(content_terms(spelling, other), _AS_NAME, spelling, "name")


def _translated(lexicon: Lexicon, text: str, lang: str, frequency: Callable[[str], int]) -> tuple[Form, ...]:
    return tuple(_forms(lexicon, text, lang, frequency))


def _forms(lexicon: Lexicon, text: str, lang: str, frequency: Callable[[str], int]) -> Iterator[Form]:
    seen = set()
    for entry in lexicon.translations(text)[:_MOST]:
        terms = content_terms(entry.word, lang, frequency)
        if entry.weight >= _LEAST and terms and terms not in seen:
            seen.add(terms)
            yield Form(terms, entry.weight, entry.word, entry.source)
