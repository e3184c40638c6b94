"""What a query asks for: a phrase, and things that each may be said in several ways."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from corpus.base.errors import CorpusError
from corpus.search.index.letters import Sought
from corpus.text.folding import containing, fold
from corpus.text.languages import CYRILLIC, NOT_LATIN, UNDETERMINED, detect_language, main_script
from corpus.text.tokens import stem, stop_words, terms, tokenise
from corpus.text.variants import Variant, Variants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Sized

    from corpus.text.tokens import Token


_LONG = 60  # letters of a query whose language statistics tell


class Texts(Protocol):
    """Where words stand, by language (`corpus.search.relevance.ranking.Postings`)."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the texts."""
        ...

    def count(self, lang: str) -> int:
        """Return how many texts there are in a language."""
        ...

    def rows(self, term: str, lang: str) -> Sized:
        """Return the texts of a language that hold a term."""
        ...


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a query names.

    Attributes
    ----------
    terms
        Its words, in normal form; a text that holds all of them names it.
    sought
        Its letters, by which it is found besides; None where words are all there is to find it by.
    variant
        What it is a form of, where the variants file knows it.
    """

    terms: tuple[str, ...]
    sought: Sought | None = None
    variant: Variant | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query, read.

    Attributes
    ----------
    text
        As given.
    lang
        Its language.
    literal
        The whole of it, letter by letter.
    concepts
        What it names, function words aside; where it holds nothing but those, none.
    """

    text: str
    lang: str
    literal: Sought
    concepts: tuple[Concept, ...]

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The variants that it names."""
        return tuple(concept.variant for concept in self.concepts if concept.variant is not None)


def read_query(
    text: str, lang: str, frequency: Callable[[str], int], variants: Variants | None = None
) -> Query:
    """Read a query.

    Parameters
    ----------
    text, lang
        The query and its language.
    frequency
        In how many texts a word stands: Chinese is cut by the words that there are.
    variants
        The forms of things; None or an empty one where it is not to be expanded.
    """
    folded = fold(text)
    tokens = tokenise(folded, lang, search=True, frequency=frequency)
    concepts: list[tuple[int, Concept]] = []
    covered: set[int] = set()
    for start, end, variant in (variants or Variants()).places(text):
        inside = {i for i, token in enumerate(tokens) if token.start < end and token.end > start}
        covered |= inside
        terms = tuple(dict.fromkeys(tokens[i].normal for i in sorted(inside)))
        concepts.append((start, Concept(terms, _forms(variant), variant)))
    function_words = stop_words(lang)
    rest = [
        token for i, token in enumerate(tokens) if i not in covered and token.normal not in function_words
    ]
    concepts += [(run[0].start, _concept(run, folded)) for run in _runs(rest)]
    ordered = [concept for _, concept in sorted(concepts, key=lambda item: item[0])]
    return Query(text, lang, Sought(containing(text), (text,)), tuple(dict.fromkeys(ordered)))


_SINGLE = re.compile(r"[\u3400-\u9fff]")


def _runs(tokens: Sequence[Token]) -> list[list[Token]]:
    """Put single Chinese characters that follow each other together: most likely a word that is not known."""
    runs: list[list[Token]] = []
    for token in tokens:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.end == token.start
            and _SINGLE.fullmatch(last.normal)
            and _SINGLE.fullmatch(token.normal)
        ):
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _concept(run: Sequence[Token], folded: str) -> Concept:
    if len(run) == 1:
        return Concept((run[0].normal,))
    letters = folded[run[0].start : run[-1].end]
    return Concept((), Sought(containing(letters), (letters,)))


def _forms(variant: Variant) -> Sought:
    return Sought(variant.regex, tuple(form.text for form in variant.forms), wildcards=True)


def check_query(query: str) -> None:
    """Raise CorpusError for a query that holds nothing to look for."""
    try:
        query.encode()
    except UnicodeEncodeError:
        msg = "the query is not valid UTF-8: check the terminal's or the file's encoding"
        raise CorpusError(msg) from None
    if not any(character.isalnum() for character in query):
        msg = "the query is empty: name a word, a phrase or a passage to look for"
        raise CorpusError(msg)


def query_language(query: str, corpus_languages: Sequence[str]) -> str | None:
    """Tell a query's language; a short one in Latin letters is in the corpus's chief such language.

    A query of two words gives statistics nothing to go by; the corpus at hand does.
    """
    detected = detect_language(query) if main_script(query) != "latin" or len(query) > _LONG else "und"
    if detected != "und":
        return detected
    latin = Counter(lang for lang in corpus_languages if lang not in NOT_LATIN | {UNDETERMINED})
    return min(latin, key=lambda lang: (-latin[lang], lang), default="en")  # of as many texts, by name


def language_by_texts(
    query: str, corpus_languages: Sequence[str], texts: Texts, known: Callable[[str, str], bool] | None = None
) -> str | None:
    """Tell a query's language: of those in its script, the one whose texts hold most of its words.

    A word or two give statistics nothing to go by, and what is searched says nothing of it. Words that no
    text of the language holds may still be words of it: dictionaries are asked, of other languages too,
    where texts leave a word unknown.

    Parameters
    ----------
    query
        As asked.
    corpus_languages
        Of all versions, each as often as it occurs.
    texts
        Where words stand, by language.
    known
        Whether a dictionary of a language (ISO 639-1) has a word.
    """
    detected = query_language(query, corpus_languages)
    written = {
        "latin": lambda lang: lang not in NOT_LATIN | {UNDETERMINED},
        "cyrillic": CYRILLIC.__contains__,
    }
    of_script = written.get(main_script(query) or "")
    if of_script is None or len(query) > _LONG:
        return detected
    held: dict[str, tuple[int, float]] = {}
    explained: dict[str, int] = {}
    words = [token for token in tokenise(query, "und") if not token.normal[0].isdecimal()]
    for lang in filter(of_script, texts.languages):
        found = [len(texts.rows(term, lang)) for term in terms(query, lang)]
        held[lang] = sum(map(bool, found)), sum(found) / max(1, texts.count(lang))
        explained[lang] = sum(
            bool(len(texts.rows(stem(word.text, lang), lang))) or _is_word(word, lang, known)
            for word in words
        )
    best = max(held, key=lambda lang: (explained[lang], *held[lang]), default=None)
    if known is not None and words and explained.get(best or "", 0) < len(words):
        elsewhere = [lang for lang in _WITH_DICTIONARY if of_script(lang) and lang not in held]
        counts = {lang: sum(_is_word(word, lang, known) for word in words) for lang in elsewhere}
        other = max(counts, key=lambda lang: counts[lang], default=None)  # of equals, the first of the list
        if other is not None and counts[other] > explained.get(best or "", 0):
            return other
    if best is None or not explained[best]:
        return detected
    return best


def _is_word(word: Token, lang: str, known: Callable[[str, str], bool] | None) -> bool:
    if word.text.casefold() in stop_words(lang):
        return True
    return known is not None and known(lang, word.text)


_WITH_DICTIONARY = ("en", "de", "fr", "ru")
