"""The words of a query, and what stands for each of them in other languages."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from corpus.lexicons.cutting import cut_by_words
from corpus.lexicons.inflection import base_forms, compound
from corpus.lexicons.lexicon import Through
from corpus.lexicons.names import spelt_by_rule
from corpus.lexicons.words import UNSPACED, content_terms, same_word
from corpus.search.relevance.evidence import CERTAIN
from corpus.search.relevance.years import put_together, same_year
from corpus.text.derivation import derived
from corpus.text.folding import UNSEEN
from corpus.text.languages import NOT_LATIN
from corpus.text.tokens import Token, stop_words, tokenise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from corpus.lexicons import Lexicon

_LONGEST = 4  # words of a phrase that is looked up as one
_MOST = 24  # translations of a word that are looked for
_LEAST = 0.015  # probability of a translation that is looked for
_OWN = CERTAIN  # probability that a text in the query's language that speaks of a thing has the query's word
_AS_NAME = 0.3  # … that a word is a name, and spelt by rule
_BY_SOUND, _MOST_ALIKE = 0.15, 6  # … that it is a foreign one, and one of so many that it sounds like
_LONG_NAME = 4  # characters of a name that little else sounds like: twice as probable
_PART, _OF_PART = 0.25, 4  # … that it has one part of a compound; translations of a part
_SURNAME = 0.5  # … that a text has of a person's name the last part only
_HAN = re.compile(r"[\u3400-\u9fff]+")
_KINDS_OF_PLACE = frozenset("省道府州郡县縣市区區镇鎮乡鄉村里洞面山江河湖海岛島港湾灣")
_DERIVED = 0.5  # … that a text has a word derived from the translation instead: recovery for recover
_SHORTEST_PART = 2  # characters: single ones say too little, 企鹅 is no goose
_CUT_HERE = frozenset({"ja", "th"})
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
    alike: Callable[[str], list[str]] | None = None,
) -> list[Phrase]:
    """Read a query's words, and look each up in every language there is.

    Function words are passed over, unless there are no others.

    Parameters
    ----------
    query
        As written: folded, a Japanese word would be in Chinese characters that no Japanese lexicon has.
    lang
        Its language.
    langs
        Languages of the texts.
    lexicon
        Opens the lexicon from one language into another.
    frequency
        In how many texts a term stands.
    alike
        Returns words in Latin letters that a name in Chinese characters sounds like, the nearest first.

    Returns
    -------
    list of Phrase
        In the query's order; a word that stands in it twice is one.
    """
    query = unicodedata.normalize("NFKC", query.translate(UNSEEN)).casefold()
    others = [other for other in langs if other != lang]
    lexicons = {other: found for other in others if (found := lexicon(lang, other)) is not None}

    def known(text: str) -> bool:
        return any(one.translations(text) for one in lexicons.values())

    def vocabulary(term: str) -> int:
        return frequency(term) or int(len(term) > 1 and known(term))

    if lang in _CUT_HERE:
        tokens = _cut(query, lang, known)
    else:
        tokens = _outermost(
            tokenise(query, lang, search=lang not in UNSPACED or lang == "ko", frequency=vocabulary)
        )
        if lang == "zh":
            tokens = _names_together(tokens)
            tokens = [part for token in tokens for part in _parts(token, lexicons, frequency)]
    tokens = put_together(tokens)
    function_words = stop_words(lang)
    content = [token for token in tokens if token.normal not in function_words] or tokens
    phrases: list[Phrase] = []
    place, seen = 0, set()
    while place < len(tokens):
        size = _size(query, tokens, place, known)
        chosen = [token for token in tokens[place : place + size] if token in content]
        place += size
        words = tuple(
            _sounded(_word(token, lang, others, lexicons, lexicon, frequency), lang, alike)
            for token in chosen
            if token.normal not in seen
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


def _cut(query: str, lang: str, known: Callable[[str], bool]) -> list[Token]:
    """Cut a language that is not cut into words for an index by the words that lexicons know."""
    joined: list[Token] = []
    for token in tokenise(query, lang):
        last = joined[-1] if joined else None
        if last is not None and last.end == token.start and _unspaced(last) and _unspaced(token):
            joined[-1] = _together(joined[-1], token)
        else:
            joined.append(token)
    found = []
    for token in joined:
        if not _unspaced(token):
            found.append(token)
            continue
        for start, end in cut_by_words(token.text, known):
            found.append(
                Token(token.text[start:end], token.text[start:end], token.start + start, token.start + end)
            )
    return found


def _unspaced(token: Token) -> bool:
    """Whether a token is in letters that are written without spaces, and no number."""
    return not token.text[0].isascii() and not token.normal[0].isdecimal()


def _together(first: Token, second: Token) -> Token:
    return Token(first.text + second.text, first.normal + second.normal, first.start, second.end)


def _names_together(tokens: Sequence[Token]) -> list[Token]:
    """Join single Chinese characters that follow each other: a name that no vocabulary has, most likely.

    What kind of place it is stays apart: 金化郡 is 金化 and 郡, 市郡 no name. So do function words.
    """
    joined: list[Token] = []
    function_words = stop_words("zh")
    for token in tokens:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.end == token.start
            and _HAN.fullmatch(last.text + token.text)
            and len(token.text) == 1
            and not (token.text in _KINDS_OF_PLACE and (len(last.text) > 1 or last.text in _KINDS_OF_PLACE))
            and not {last.normal, token.normal} & function_words
            and _is_part(last, tokens)
        ):
            joined[-1] = _together(last, token)
        else:
            joined.append(token)
    return joined


def _parts(token: Token, lexicons: dict[str, Lexicon], frequency: Callable[[str], int]) -> list[Token]:
    """Cut a long word none of whose translations stands anywhere into the words that it is made of.

    科学技术 is "science and technology" in a dictionary, and "scientific and technological" in a text.
    """
    if len(token.text) < 2 * _SHORTEST_PART or not lexicons:
        return [token]
    for other, lexicon in lexicons.items():
        if _stands(_translated(lexicon, token.text, other, frequency), frequency):
            return [token]

    def known(text: str) -> bool:
        return text != token.text and any(one.translations(text) for one in lexicons.values())

    cuts = cut_by_words(token.text, known)
    if any(end - start < _SHORTEST_PART or not known(token.text[start:end]) for start, end in cuts):
        return [token]
    return [
        Token(token.text[start:end], token.normal[start:end], token.start + start, token.start + end)
        for start, end in cuts
    ]


def _is_part(token: Token, tokens: Sequence[Token]) -> bool:
    """Whether a token is a single character, or was put together of such."""
    return len(token.text) == 1 or token not in tokens


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
    lexicon: Callable[[str, str], Lexicon | None],
    frequency: Callable[[str], int],
) -> Word:
    parts: tuple[str, ...] = (token.normal,)
    if not token.normal[0].isdecimal() and (lang in _CUT_HERE or not frequency(token.normal)):
        parts = content_terms(token.text, lang, frequency)
    own = Form(parts, _OWN, token.text, "query")
    forms: dict[str, tuple[Form, ...]] = {lang: (own, *_as_years(token, lang, frequency))}
    for other in others:
        found: list[Form] = []
        if other in lexicons:
            found += _translated(lexicons[other], token.text, other, frequency)
            found = found or _by_rule(token.text, lang, lexicons[other], other, frequency)
            back = lexicon(other, lang)
            found += [one for form in found for one in _surname(form, token.text, back)]
            if found and back is not None and not _stands(found, frequency):
                near = Through(Through(lexicons[other], back), lexicons[other])
                found += _translated(near, token.text, other, frequency)
        found += _as_years(token, other, frequency)
        if token.normal[0].isdecimal():
            found.append(Form((token.normal,), _OWN, token.text, "query"))
        elif token.text.isascii() or other not in UNSPACED:
            found.append(Form((same_word(token.text, other),), _AS_IT_IS, token.text, "query"))
        if not token.normal[0].isdecimal():
            found += _spelt(token.text, lang, other)
        forms[other] = tuple(found)
    return Word(token.text, forms)


def _sounded(word: Word, lang: str, alike: Callable[[str], list[str]] | None) -> Word:
    """Add what a foreign name sounds like, where nothing else is known of it."""
    sources = {form.source for forms in word.forms.values() for form in forms}
    if lang != "zh" or alike is None or sources - {"query", "name"}:
        return word
    weight = _BY_SOUND if len(word.text) < _LONG_NAME else 2 * _BY_SOUND
    near = alike(word.text)[:_MOST_ALIKE]
    more = {
        other: (*forms, *(Form((same_word(one, other),), weight, one, "sound") for one in near))
        for other, forms in word.forms.items()
        if other not in NOT_LATIN
    }
    return Word(word.text, word.forms | more) if near else word


def _stands(forms: Sequence[Form], frequency: Callable[[str], int]) -> bool:
    """Whether the words of any form stand in the texts, if not together."""
    return any(all(map(frequency, form.terms)) for form in forms)


def _by_rule(
    text: str, lang: str, lexicon: Lexicon, other: str, frequency: Callable[[str], int]
) -> list[Form]:
    """Return what a word is in another language that the lexicon has under another form, or the parts of."""

    def known(form: str) -> bool:
        return bool(lexicon.translations(form))

    if bases := base_forms(text, lang, known):
        return list(_translated(lexicon, bases[0], other, frequency))
    if (parts := compound(text, lang, known)) is None:
        return []
    first, last = (_translated(lexicon, part, other, frequency)[:_OF_PART] for part in parts)
    whole = [
        Form((*one.terms, *two.terms), one.weight * two.weight, f"{one.label} {two.label}", two.source)
        for one, two in itertools.product(first, last)
    ]
    return whole + [one._replace(weight=_PART * one.weight) for one in (*first, *last)]


def _surname(form: Form, text: str, back: Lexicon | None) -> Iterator[Form]:
    """Yield the last part of a person's name, which texts have alone: a dictionary has Dwight D. Eisenhower.

    A part that is a word by itself, as in United States, is none; that it has to do with the name, it may be.
    """
    words = form.label.split()
    if len(words) < 2 or len(form.terms) < 2 or back is None or not all(word[:1].isupper() for word in words):
        return
    if all(text in entry.word for entry in back.translations(words[-1])):
        yield Form((form.terms[-1],), _SURNAME * form.weight, words[-1], form.source)


def _as_years(token: Token, lang: str, frequency: Callable[[str], int]) -> list[Form]:
    years = same_year(token.text, lang)
    return [Form(content_terms(year, lang, frequency), _OWN, year, "year") for year in years]


def _spelt(text: str, lang: str, other: str) -> Iterator[Form]:
    """Yield how a word in Chinese characters or Hangul is written in another language, if it is a name."""
    for spelling in spelt_by_rule(text, lang, other):
        terms = content_terms(spelling, other)
        if len(terms) == len(spelling.split()):  # "chang chang" is not to be found by "chang"
            yield Form(terms, _AS_NAME, spelling, "name")


def _translated(lexicon: Lexicon, text: str, lang: str, frequency: Callable[[str], int]) -> tuple[Form, ...]:
    return tuple(_forms(lexicon, text, lang, frequency))


def _forms(lexicon: Lexicon, text: str, lang: str, frequency: Callable[[str], int]) -> Iterator[Form]:
    seen = set()
    for entry in lexicon.translations(text)[:_MOST]:
        terms = content_terms(entry.word, lang, frequency)
        if entry.weight >= _LEAST and terms and terms not in seen:
            seen.add(terms)
            yield Form(terms, entry.weight, entry.word, entry.source)
            if len(terms) == 1:
                for kin in derived(terms[0], lang, frequency):
                    yield Form((kin,), _DERIVED * entry.weight, entry.word, entry.source)
