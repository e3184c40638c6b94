"""How well words, names, questions and phrases are found in the other language.

    python bench/word_search.py --gold FOLDER [--parallel PAIR=FILE…] [--scorer NAME…] [--train FILE] [--queries N]

Made from the gold sets of FOLDER, where they are: mac-dev (Chinese–English fiction), text-berg (German–French
essays), xquad-r (Wikipedia in four languages, with questions); and of files with a passage and its translation
a line, parted by a tab (bench/parallel_pages.py makes some of translated manuals). Queries are

words       a word that stands in one to three sentences of a language; sought are the counterparts of these
            sentences among the first ten of the other language
questions   of XQuAD-R, against a pool of two languages: mAP@20 of the sentences that hold the answer in either, and
            how often the other language's is among the first ten
absent      subjects that no text has (questions about the half of XQuAD-R that is not in the pool; bench/noise.py's on the
            seeds): how many are answered

Scorers: ``default`` (`corpus similar` as it is), ``vectors`` (cosine alone), ``relevance`` (`corpus.search.relevance`).
`--train` fits the weights of the last on one half (paragraphs with even numbers, chapters with odd ones) and
writes them; everything else is measured on the other half. `--leave-out PAIR` trains without a pair.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl
from index_scale import put_tables
from noise import ABSENT, PRESENT, subjects
from scipy.optimize import minimize

from corpus.documents.subcorpus import Selection
from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.lexicons import Lexicon, open_lexicon
from corpus.quality.gold import read_gold, text_names
from corpus.search.relevance.evidence import FEATURES, features, word_evidence
from corpus.search.relevance.expansion import expand
from corpus.search.relevance.model import FEW, Relevance, read_relevance, shortness
from corpus.search.searcher import open_searcher
from corpus.store.workspace import Workspace
from corpus.text.folding import fold
from corpus.text.tokens import stop_words, terms, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FIRST = 10
MOST_LINES = 1200
OWN, TRANSLATED = FEATURES.index("own words"), FEATURES.index("translations")
ANSWERED = 0.01  # of absent subjects
SIZES, OF_ABSENT = (
    (100, 300, FEW),
    0.02,
)  # texts among which absent subjects are asked for, and how many may be answered
PLACES = (0, 1, 2, 9)
ABSENT_WEIGHT = 8.0  # of a text near to a query that nothing here answers
UNSAID = 0.15  # weight of a text that holds a query's words and is not said to be sought
UNSAID_FROM = 0.6
OWN_LANGUAGE = 0.05
ABSENT_BELOW = 0.8  # coverage: what holds more of a query drawn elsewhere may well be about it


@dataclass
class Texts:
    """Sentences to search: a small index in memory, with the interface of `corpus.search.relevance.evidence.Postings`."""

    langs: list[str]
    texts: list[str]
    cache: EmbeddingCache
    asked: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    seen: dict[tuple[str, str], tuple[np.ndarray, int, np.ndarray]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many texts there are."""
        return len(self.texts)

    @cached_property
    def of(self) -> dict[str, np.ndarray]:
        """The rows of each language."""
        langs = np.array(self.langs)
        return {lang: np.flatnonzero(langs == lang) for lang in sorted(set(self.langs))}

    @property
    def living(self) -> int:
        """All of them."""
        return self.size

    def count(self, lang: str) -> int:
        """Return how many texts a language has."""
        return len(self.of.get(lang, ()))

    @cached_property
    def vectors(self) -> np.ndarray:
        """Vectors of the texts: shape (size, dim)."""
        out = np.zeros((self.size, 512), np.float32)
        for lang, rows in self.of.items():
            out[rows] = self.cache.encode([self.texts[i] for i in rows], lang=lang)[0]
        return out

    @cached_property
    def tokens(self) -> list[list[str]]:
        """Words of each text, in normal form."""
        return [terms(text, lang) for text, lang in zip(self.texts, self.langs, strict=True)]

    @cached_property
    def lengths(self) -> np.ndarray:
        """Distinct words of each text: shape (size,)."""
        return np.array([len(set(t)) for t in self.tokens], np.float32)

    @cached_property
    def folded(self) -> list[str]:
        """Texts as they are compared letter by letter."""
        return [fold(text) for text in self.texts]

    @cached_property
    def postings(self) -> dict[tuple[str, str], np.ndarray]:
        """The rows that hold a term of a language."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, (words, lang) in enumerate(zip(self.tokens, self.langs, strict=True)):
            for word in set(words):
                found[word, lang].append(row)
        return {key: np.array(rows, np.int64) for key, rows in found.items()}

    @cached_property
    def frequencies(self) -> dict[str, int]:
        """How many texts hold a term."""
        found: dict[str, int] = defaultdict(int)
        for (word, _), rows in self.postings.items():
            found[word] += len(rows)
        return dict(found)

    def rows(self, term: str, lang: str) -> np.ndarray:
        """Return the rows of a language that hold a term."""
        return self.postings.get((term, lang), np.empty(0, np.int64))

    def asking(self, query: str, lang: str) -> np.ndarray:
        """Return a query's vector."""
        if (query, lang) not in self.asked:
            self.asked[query, lang] = self.cache._encoder.encode([query], lang=lang, role="query")[0]
        return self.asked[query, lang]

    def lexicon(self, src: str, tgt: str) -> Lexicon | None:
        """Return the lexicon of a direction."""
        return None if NO_LEXICON else open_lexicon(src, tgt)

    def evidence(self, query: str, lang: str) -> tuple[np.ndarray, int, np.ndarray]:
        """Return the features of every text, how many words the query has, and cosines."""
        if (query, lang) not in self.seen:
            self.seen[query, lang] = self._evidence(query, lang)
        return self.seen[query, lang]

    def _evidence(self, query: str, lang: str) -> tuple[np.ndarray, int, np.ndarray]:
        folded = fold(query)
        langs = list(self.of)
        phrases = expand(query, lang, langs, self.lexicon, lambda t: self.frequencies.get(t, 0))
        words = word_evidence(phrases, langs, self).of(np.arange(self.size))
        cosines = self.vectors @ self.asking(query, lang)
        background = np.zeros(self.size, np.float32)
        for rows in self.of.values():
            sample = cosines[rows]
            background[rows] = np.quantile(sample, 0.98)
        literal = np.array([folded in text for text in self.folded])
        return features(words, cosines, background, literal, self.lengths), max(words.words, 1), cosines


NO_LEXICON = False


class Scorer(Protocol):
    """Scores every text for a query."""

    def __call__(self, texts: Texts, query: str, lang: str) -> np.ndarray:
        """Score."""
        ...


def vectors(texts: Texts, query: str, lang: str) -> np.ndarray:
    """Score by the cosine alone."""
    return texts.vectors @ texts.asking(query, lang)


class ByRelevance:
    """Score by `corpus.search.relevance`."""

    def __init__(self, model: Relevance) -> None:
        self.model = model

    def __call__(self, texts: Texts, query: str, lang: str) -> np.ndarray:
        """Score."""
        evidence, words, cosines = texts.evidence(query, lang)
        # Of equals the nearest by meaning comes first, as in `RelevanceRanking`.
        return self.model.probabilities(evidence, words, texts.size) + 1e-6 * cosines


class Default:
    """Score by `corpus similar`: by rank, what is no hit not at all."""

    def __init__(self) -> None:
        self.searchers: dict[int, object] = {}
        self.folders: list[tempfile.TemporaryDirectory[str]] = []

    def __call__(self, texts: Texts, query: str, lang: str) -> np.ndarray:  # noqa: ARG002 - it tells it itself
        """Score."""
        if id(texts) not in self.searchers:
            self.folders.append(tempfile.TemporaryDirectory())
            workspace = Workspace(Path(self.folders[-1].name) / ".corpus")
            put_tables(workspace, list(zip(texts.langs, texts.texts, strict=True)))
            self.searchers[id(texts)] = open_searcher(workspace)
        searcher = self.searchers[id(texts)]
        number: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row, key in enumerate(zip(texts.langs, texts.texts, strict=True)):
            number[key].append(row)
        scores = np.full(texts.size, -1.0, np.float32)
        hits = searcher.find(query, k=20, window=1).hits  # type: ignore[attr-defined]
        for rank, (code, text) in enumerate(hits.select("lang", "text").iter_rows()):
            scores[number.get((code, text), [])] = 1 / (1 + rank)
        for other in texts.of:  # within one language, as a user asks who wants the other one
            hits = searcher.find(query, k=FIRST, window=1, within=Selection(lang=other)).hits  # type: ignore[attr-defined]
            for rank, text in enumerate(hits["text"].to_list()):
                rows = number.get((other, text), [])
                scores[rows] = np.maximum(scores[rows], 1e-3 / (1 + rank))
        return scores


@dataclass(frozen=True)
class Asked:
    """A query, and what is sought: rows by language."""

    kind: str
    lang: str
    query: str
    sought: dict[str, tuple[int, ...]]


@dataclass
class Set:
    """Texts with queries."""

    name: str
    pair: tuple[str, str]
    texts: Texts
    asked: list[Asked]


def words_of(text: str, lang: str) -> list[tuple[str, str]]:
    """Return a sentence's words worth asking for: as written, and their normal form."""
    return [
        (token.text, token.normal)
        for token in tokenise(text, lang)
        if token.normal not in stop_words(lang)
        and not token.text[0].isdigit()
        and len(token.text) >= (2 if lang in ("zh", "ja", "ko") else 4)
    ]


def word_queries(
    langs: Sequence[str], texts: Sequence[str], counterparts: dict[int, set[int]], count: int
) -> list[Asked]:
    """Draw words that stand in one to three sentences which all have counterparts."""
    found: list[Asked] = []
    for lang in sorted(set(langs)):
        where: dict[str, set[int]] = defaultdict(set)
        written: dict[str, str] = {}
        for row, (code, text) in enumerate(zip(langs, texts, strict=True)):
            if code == lang:
                for word, normal in words_of(text, lang):
                    where[normal].add(row)
                    written.setdefault(normal, word)
        rare = sorted(
            n for n, rows in where.items() if len(rows) <= 3 and all(counterparts.get(r) for r in rows)
        )
        for normal in random.Random(f"{lang} {len(texts)}").sample(rare, min(count, len(rare))):
            rows = where[normal]
            other = set().union(*(counterparts[row] for row in rows))
            code = langs[next(iter(other))]
            found.append(Asked("word", lang, written[normal], {lang: tuple(rows), code: tuple(other)}))
    return found


def phrase_queries(
    langs: Sequence[str], texts: Sequence[str], counterparts: dict[int, set[int]], count: int
) -> list[Asked]:
    """Draw runs of two to four words from sentences that have counterparts."""
    draw = random.Random(f"phrases {len(texts)}")
    rows = [row for row in range(len(texts)) if counterparts.get(row)]
    found = []
    for row in draw.sample(rows, min(2 * count, len(rows))):
        tokens = tokenise(texts[row], langs[row])
        size = draw.choice((2, 2, 3, 4))
        starts = [
            i
            for i in range(len(tokens) - size + 1)
            if tokens[i].normal not in stop_words(langs[row])
            and tokens[i + size - 1].normal not in stop_words(langs[row])
            and texts[row][tokens[i].start : tokens[i + size - 1].end].replace(" ", "").isalnum()
        ]
        if starts:
            i = draw.choice(starts)
            query = texts[row][tokens[i].start : tokens[i + size - 1].end]
            holding = {r for r in range(len(texts)) if langs[r] == langs[row] and query in texts[r]}
            other = set().union(*(counterparts.get(r, set()) for r in holding))
            code = langs[next(iter(other))]
            found.append(Asked("phrase", langs[row], query, {langs[row]: tuple(holding), code: tuple(other)}))
    return found


def gold_set(
    folder: Path, name: str, pair: tuple[str, str], half: int, cache: EmbeddingCache, count: int
) -> Set:
    """Read every second text of a gold set of beads."""
    langs: list[str] = []
    texts: list[str] = []
    counterparts: dict[int, set[int]] = defaultdict(set)
    for text_name in text_names(folder / name)[half::2]:
        gold = read_gold(folder / name, text_name, src_lang=pair[0], tgt_lang=pair[1])
        base = []
        for lang, side in zip(pair, (gold.src, gold.tgt), strict=True):
            base.append(len(texts))
            langs += [lang] * len(side.sentences)
            texts += side.sentences
        for bead in gold.beads:
            src, tgt = {base[0] + i for i in bead.src}, {base[1] + i for i in bead.tgt}
            for row in src:
                counterparts[row] |= tgt
            for row in tgt:
                counterparts[row] |= src
    asked = word_queries(langs, texts, counterparts, count) + phrase_queries(
        langs, texts, counterparts, count
    )
    return Set(name, pair, Texts(langs, texts, cache), asked)


def xquad_set(folder: Path, pair: tuple[str, str], half: int, cache: EmbeddingCache, count: int) -> Set:
    """Read every second paragraph of two languages of XQuAD-R."""
    langs: list[str] = []
    texts: list[str] = []
    counterparts: dict[int, set[int]] = defaultdict(set)
    paragraphs = {
        lang: [
            p
            for a in json.loads((folder / f"xquad-r/{lang}.json").read_text("utf-8"))["data"]
            for p in a["paragraphs"]
        ]
        for lang in pair
    }
    answers: dict[str, dict[str, int]] = defaultdict(dict)
    questions: dict[tuple[str, str], str] = {}
    for number in range(half, len(paragraphs[pair[0]]), 2):
        rows: dict[str, list[int]] = {}
        for lang in pair:
            paragraph = paragraphs[lang][number]
            rows[lang] = list(range(len(texts), len(texts) + len(paragraph["sentences"])))
            langs += [lang] * len(paragraph["sentences"])
            texts += [one.strip() for one in paragraph["sentences"]]
            for asked in paragraph["qas"]:
                start = asked["answers"][0]["answer_start"]
                for row, (first, last) in zip(rows[lang], paragraph["sentence_breaks"], strict=True):
                    if first <= start < last or (start <= last and row == rows[lang][-1]):
                        answers[asked["id"]][lang] = row
                        break
                questions[asked["id"], lang] = asked["question"]
        if len(rows[pair[0]]) == len(rows[pair[1]]):
            for one, other in zip(rows[pair[0]], rows[pair[1]], strict=True):
                counterparts[one].add(other)
                counterparts[other].add(one)
    asked_all = word_queries(langs, texts, counterparts, count)
    asked_all += phrase_queries(langs, texts, counterparts, count)
    asked_all += [
        Asked("question", lang, question, {code: (row,) for code, row in answers[key].items()})
        for (key, lang), question in questions.items()
        if len(answers[key]) == 2
    ]
    return Set("xquad-r", pair, Texts(langs, texts, cache), asked_all)


def parallel_set(path: Path, pair: tuple[str, str], half: int, cache: EmbeddingCache, count: int) -> Set:
    """Read every second line of a file of passages and their translations, shuffled."""
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    lines = [line for line in lines if len(line) == 2]
    random.Random(5).shuffle(lines)
    texts = [text for line in lines[half::2][:MOST_LINES] for text in line]
    counterparts = {row: {row ^ 1} for row in range(len(texts))}
    langs = [*pair] * (len(texts) // 2)
    asked = word_queries(langs, texts, counterparts, count) + phrase_queries(
        langs, texts, counterparts, count
    )
    return Set(path.stem, pair, Texts(langs, texts, cache), asked)


def load_sets(
    folder: Path, parallel: Sequence[str], half: int, cache: EmbeddingCache, count: int
) -> list[Set]:
    """Read one half of all gold sets there are, and of the files given as ``ko-en=FILE``."""
    found = []
    for one in parallel:
        pair, _, path = one.partition("=")
        src, _, tgt = pair.partition("-")
        found.append(parallel_set(Path(path), (src, tgt), half, cache, count))
    for name, pair in (("mac-dev", ("zh", "en")), ("text-berg", ("de", "fr"))):
        if (folder / name).exists():
            found.append(gold_set(folder, name, pair, half, cache, count))
    if (folder / "xquad-r").exists():
        found += [xquad_set(folder, (x, "en"), half, cache, count) for x in ("zh", "de", "ru")]
        found.append(xquad_set(folder, ("zh", "de"), half, cache, count))
    return found


def first_of(scores: np.ndarray, rows: np.ndarray, count: int) -> list[int]:
    """Return the best rows of some."""
    order = np.argsort(-scores[rows], kind="stable")[:count]
    return rows[order].tolist()


def measure(found: Set, scorer: Scorer) -> dict[str, float]:
    """Return the figures of one set."""
    out: dict[str, list[float]] = defaultdict(list)
    everything = np.arange(found.texts.size)
    for asked in found.asked:
        scores = scorer(found.texts, asked.query, asked.lang)
        other = next((code for code in asked.sought if code != asked.lang), None)
        if other is None:
            continue
        if asked.kind in ("word", "phrase"):
            best = [r for r in first_of(scores, found.texts.of[other], FIRST) if scores[r] > -1]
            out[f"{asked.kind} {asked.lang}→{other}"].append(
                float(bool(set(best) & set(asked.sought[other])))
            )
            top = float(scores.max())
            out[f"≥½ {asked.kind} {asked.lang}→{other}"].append(float(top >= 0.5))
        else:
            wanted = {row for rows in asked.sought.values() for row in rows}
            order = [r for r in first_of(scores, everything, 20) if scores[r] > -1]
            hits, precision = 0, 0.0
            for rank, row in enumerate(order, 1):
                if row in wanted:
                    hits += 1
                    precision += hits / rank
            out[f"mAP@20 {asked.lang}"].append(precision / len(wanted))
            out[f"other in 10 {asked.lang}"].append(
                float(bool(set(order[:FIRST]) & set(asked.sought[other])))
            )
            top = list(order[:FIRST])
            out[f"answered q {asked.lang}"].append(float(scores[top[0]] >= 0.5) if top else 0.0)
    if found.name == "mac-dev":  # whose subjects those of bench/noise.py are not
        for lang, query in subjects(ABSENT)[1::2]:  # the others were trained with
            out["absent ≥½"].append(float(scorer(found.texts, query, lang).max() >= 0.5))
    return {name: float(np.mean(values)) for name, values in out.items()}


def training_rows(
    found: Set, others: Iterable[Asked]
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """Return features, labels, weights and shortness of each query's candidates; `others` have no answer here."""
    out = []
    for asked in [*found.asked, *others]:
        evidence, words, cosines = found.texts.evidence(asked.query, asked.lang)
        wanted = {row for rows in asked.sought.values() for row in rows}
        lexical = evidence[:, OWN] + evidence[:, TRANSLATED]
        chosen = set()
        for rows in found.texts.of.values():
            chosen |= set(first_of(cosines, rows, 40)) | {
                r for r in first_of(lexical, rows, 40) if lexical[r] > 0
            }
        rows_ = np.array(sorted(chosen | wanted))
        labels = np.array([row in wanted for row in rows_.tolist()], np.float32)
        # What holds the words or their translations is about them more often than not, though nobody said so
        # (positive and unlabelled examples; Elkan & Noto 2008): it counts for little as a negative. A question's
        # answer is where it is said to be, and nowhere else.
        unsaid = (labels == 0) & (lexical[rows_] >= UNSAID_FROM) & (asked.kind != "question")
        weights = np.where(unsaid, UNSAID, 1.0).astype(np.float32)
        if asked.kind in ("word", "phrase"):
            # Nor is what is near in the query's own language, but has not the word, known to be about something
            # else; and that the word itself is in a text says nothing about how to find it in another language.
            own = np.array([found.texts.langs[row] == asked.lang for row in rows_.tolist()])
            weights[own] = np.minimum(weights[own], OWN_LANGUAGE)
        if not asked.sought:
            if lexical.max() >= ABSENT_BELOW:
                continue
            weights[:] = ABSENT_WEIGHT
        out.append((evidence[rows_], labels, weights, shortness(words)))
    return out


def fit(rows: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray, float]], penalty: float = 2.0) -> Relevance:
    """Fit the weights, none of them negative, by L-BFGS-B."""
    x = np.concatenate([np.hstack([e * s, e * (1 - s)]) for e, _, _, s in rows]).astype(np.float64)
    b = np.concatenate([np.tile([s, 1 - s], (len(e), 1)) for e, _, _, s in rows])
    y = np.concatenate([labels for _, labels, _, _ in rows])
    w = np.concatenate([weights for _, _, weights, _ in rows])
    x = np.hstack([x, b])
    n = 2 * len(FEATURES)

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ theta
        value = (w * (np.logaddexp(0, z) - y * z)).sum() + penalty * (theta[:n] ** 2).sum()
        gradient = x.T @ (w * (1 / (1 + np.exp(-z)) - y))
        gradient[:n] += 2 * penalty * theta[:n]
        return value, gradient

    bounds = [(0, None)] * n + [(None, None)] * 2
    best = minimize(
        loss, np.full(n + 2, 0.1), jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 500}
    ).x
    k = len(FEATURES)
    return Relevance(
        best[:k].astype(np.float32), best[k:n].astype(np.float32), (float(best[n]), float(best[n + 1]))
    )


def calibrated(model: Relevance, held: Sequence[tuple[Set, Sequence[Asked]]]) -> Relevance:
    """Scale a model's odds so that they are those of being right, then move one half to where it refuses enough.

    Platt scaling (1999) over the first texts of each query, some further down, and one in the middle: among texts of
    the other language where they hold an answer, among all texts where none does. What holds the query's words and is
    not said to be sought counts little, as in training. One half is then moved down until `ANSWERED` of the absent
    subjects reach it.
    """
    samples: list[tuple[float, float, float, float]] = []
    tops: list[tuple[float, float]] = []
    for one, absent in held:
        for asked in [*one.asked, *absent]:
            evidence, words, _ = one.texts.evidence(asked.query, asked.lang)
            share = shortness(words)
            weights = share * model.short + (1 - share) * model.long
            odds = evidence @ weights + share * model.bias[0] + (1 - share) * model.bias[1]
            lexical = evidence[:, OWN] + evidence[:, TRANSLATED]
            codes = [code for code in asked.sought if code != asked.lang]
            if not asked.sought and lexical.max() >= ABSENT_BELOW:
                continue
            rows = one.texts.of[codes[0]] if codes else np.arange(one.texts.size)
            wanted = set(asked.sought[codes[0]]) if codes else set()
            order = rows[np.argsort(-odds[rows], kind="stable")]
            if not codes:
                tops.append((float(odds[order[0]]), share))
            for place in {*PLACES, len(order) // 2}:
                if place < len(order):
                    row = int(order[place])
                    unsaid = codes and row not in wanted and lexical[row] >= UNSAID_FROM
                    weight = UNSAID if unsaid and asked.kind != "question" else 1.0
                    samples.append((float(odds[row]), share, float(row in wanted), weight))
    x, share_, y, weight_ = np.array(samples).T

    def loss(theta: np.ndarray) -> float:
        z = theta[0] * x + theta[1] * share_ + theta[2] * (1 - share_)
        return float((weight_ * (np.logaddexp(0, z) - y * z)).sum() + 0.5 * (theta[1] - theta[2]) ** 2)

    a, short, long = minimize(loss, [1.0, 0.0, 0.0], bounds=[(0.3, 3), (None, None), (None, None)]).x
    top, share_ = np.array(tops).T
    moved = max(0.0, -float(np.quantile(a * top + short * share_ + long * (1 - share_), 1 - ANSWERED)))
    print(f"scaled by {a:.2f}, moved by {short:.2f} and {long:.2f}, then by {moved:.2f}")
    bias = (float(a * model.bias[0] + short + moved), float(a * model.bias[1] + long + moved))
    return Relevance((a * model.short).astype(np.float32), (a * model.long).astype(np.float32), bias)


def few(sets: Sequence[Set], model: Relevance) -> float:
    """Return the log-odds that a text gains for each factor of e fewer texts than `FEW`.

    Texts that follow each other are taken out of the sets, `FEW` and fewer, and asked for subjects that they do not
    hold: how much lower the odds are that `OF_ABSENT` of these reach, is what a text gains.
    """
    draw = random.Random(3)
    tops: dict[int, list[float]] = {size: [] for size in SIZES}
    for one in sets:
        absent = [
            Asked("absent", lang, query, {}) for lang, query in subjects(ABSENT)[::2] if lang in one.pair
        ]
        others = [a for other in sets if other.name != one.name for a in other.asked if a.lang in one.pair]
        others = [a for a in others if a.kind != "word"]
        absent += draw.sample(others, min(60, len(others)))
        for size, times in zip(SIZES, (6, 2, 1), strict=True):
            for _ in range(times):
                part = draw.random()
                rows: list[int] = []
                for of_lang in one.texts.of.values():
                    start = int(part * max(0, len(of_lang) - size // 2))
                    rows += of_lang[start : start + size // 2].tolist()
                texts = Texts(
                    [one.texts.langs[r] for r in rows], [one.texts.texts[r] for r in rows], one.texts.cache
                )
                for asked in absent:
                    evidence, words, _ = texts.evidence(asked.query, asked.lang)
                    if (evidence[:, OWN] + evidence[:, TRANSLATED]).max() < ABSENT_BELOW:
                        best = min(float(model.probabilities(evidence, words).max()), 1 - 1e-6)
                        tops[size].append(math.log(best / (1 - best)))
    levels = [float(np.quantile(tops[size], 1 - OF_ABSENT)) for size in SIZES]
    print(
        "odds that",
        OF_ABSENT,
        "of absent subjects reach:",
        dict(zip(SIZES, np.round(levels, 2), strict=True)),
    )
    return max(0.0, float(np.polyfit(np.log(SIZES), levels, 1)[0]))


def write(model: Relevance, path: Path, made_of: str) -> None:
    """Write weights as `corpus.search.relevance.model.read_relevance` reads them."""
    weights = {
        name: [round(float(a), 4), round(float(b), 4)]
        for name, a, b in zip(FEATURES, model.short, model.long, strict=True)
    }
    held = {"made of": made_of, "weights": weights, "bias": [round(one, 4) for one in model.bias],
            "of few": round(model.of_few, 2)}  # fmt: skip
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", "utf-8")


def seeds_answered(scorer: Scorer, cache: EmbeddingCache) -> dict[str, float]:
    """Return how many of the subjects of bench/noise.py get an answer on the seeds."""
    with tempfile.TemporaryDirectory() as folder:
        searcher = open_searcher(Workspace(Path(folder) / ".corpus"), mode="lexical")

        frame = pl.concat([pl.read_parquet(s.folder / "rows.parquet") for s in searcher.segments])
    texts = Texts(frame["lang"].to_list(), frame["folded"].to_list(), cache)
    out = {}
    for name, kind in (("absent", ABSENT), ("present", PRESENT)):
        asked = subjects(kind)[1::2] if kind is ABSENT else subjects(kind)
        best = [float(scorer(texts, q, lang).max()) for lang, q in asked]
        out[f"seeds {name} answered"] = float(np.mean([one >= 0.5 for one in best]))
    return out


def training_sets(sets: Sequence[Set], queries: int) -> list[tuple[Set, list[Asked]]]:
    """Return the sets with so many queries each, and subjects that they do not hold."""
    held = []
    for one in sets:
        absent = [
            Asked("absent", a.lang, a.query, {})
            for other in sets
            for a in other.asked
            if a.lang in one.pair and other.name != one.name and a.kind != "word"
        ]
        absent = random.Random(1).sample(absent, min(len(absent), 80))
        absent += [Asked("absent", lang, q, {}) for lang, q in subjects(ABSENT)[::2] if lang in one.pair]
        held.append((one, absent))
    for one, _ in held:
        one.asked = random.Random(2).sample(one.asked, min(len(one.asked), queries))
    return held


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--scorer", nargs="+", default=["vectors", "relevance"])
    parser.add_argument("--weights", type=Path, default=Path("models/search/relevance.json"))
    parser.add_argument("--parallel", nargs="*", default=[], metavar="PAIR=FILE")
    parser.add_argument("--train", type=Path)
    parser.add_argument("--training-queries", type=int, default=400)
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "duizhao-word-search")
    parser.add_argument("--without-lexicon", action="store_true")
    options = parser.parse_args()
    global NO_LEXICON  # noqa: PLW0603 - one switch for a run
    NO_LEXICON = options.without_lexicon
    cache = EmbeddingCache(options.cache, load_encoder("use"))
    if options.train:
        sets = [
            s
            for s in load_sets(options.gold, options.parallel, 0, cache, options.queries)
            if "-".join(s.pair) != options.leave_out
        ]
        held = training_sets(sets, options.training_queries)
        rows = [row for one, absent in held for row in training_rows(one, absent)]
        model = calibrated(fit(rows), held)
        model = replace(model, of_few=few(sets, model))
        write(model, options.train, ", ".join(f"{s.name} {'-'.join(s.pair)}" for s in sets))
        options.weights = options.train
    sets = load_sets(options.gold, options.parallel, 1, cache, options.queries)
    for name in options.scorer:
        scorer: Scorer
        if name == "default":
            scorer = Default()
        elif name == "vectors":
            scorer = vectors
        else:
            scorer = ByRelevance(read_relevance(options.weights))
        for one in sets:
            started = time.time()
            figures = measure(one, scorer)
            print(f"{name} {one.name} {'-'.join(one.pair)} ({one.texts.size} sentences, {time.time() - started:.0f} s): "
                  + "; ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)  # fmt: skip
        if name == "relevance":
            print(name, {k: round(v, 3) for k, v in seeds_answered(scorer, cache).items()}, flush=True)


if __name__ == "__main__":
    main()
