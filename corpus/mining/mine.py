"""Sentence pairs mined from the documents of a workspace that are no translations of each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from align.flags import LOW, numbers_flag
from align.scoring.numerals import quantities
from corpus.base.errors import CorpusError
from corpus.documents.links import Works, linked_pairs
from corpus.documents.pairs import PAIRS
from corpus.documents.subcorpus import dated_versions
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.shards import encode_in_shards
from corpus.ingestion.seeds import ensure_documents
from corpus.mining.arguments import load_for, pairs_of_languages
from corpus.mining.margin import Sentences
from corpus.mining.model import shipped_mining
from corpus.mining.sentences import Bitext, Looked, look_closely, one_to_one
from corpus.reuse.repeats import EARLIEST
from corpus.reuse.reprints import reprint_groups, update_reprints
from corpus.store.schemas import PROVENANCE, SENTENCE
from corpus.store.workspace import EMBEDDINGS
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from align.encoder import Encoder, Vectors
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.mining.margin import Ints
    from corpus.mining.model import PairingModel
    from corpus.store.workspace import Workspace

MINED = pl.Schema(
    dict(PAIRS.items())
    | {
        "margin": pl.Float64,
        "src_words": pl.Float64,
        "tgt_words": pl.Float64,
        "src_places": pl.UInt32,
        "tgt_places": pl.UInt32,
    }
)
"""Mined pairs, the likeliest first: `corpus.documents.pairs.PAIRS`, and why.

`score` is the probability that the sentences translate each other, `margin` how much nearer their vectors are
to each other than to others (1 is no nearer), `src_words` and `tgt_words` the share of either's words that
have a translation in the other, null where no word counts. A sentence that is printed several times is one:
the place given is its earliest, and `src_places`, `tgt_places` say how many there are."""

COLUMNS = (
    "doc_id", "tgt_doc", "src_lang", "tgt_lang", "src", "tgt", "score", "flags",
    "src_file", "src_start", "src_end", "tgt_file", "tgt_start", "tgt_end",
)  # fmt: skip
"""The columns of a TSV file unless others are asked for: both texts, and both places."""

_REPRINTED = 0.9  # similarity from which sentences with the same figures are one
_ENCODED = 20_000  # sentences at a time
_YIELDED = 5000  # pairs at a time
_PLACES = ("doc_id", "src_start", "tgt_doc", "tgt_start")


@dataclass(frozen=True, slots=True)
class Side:
    """The different sentences of a language.

    Attributes
    ----------
    lang
        ISO 639-1 code.
    rows
        One row a sentence: text, `SENTENCE`, line, start and end of its earliest place, and `places`.
    works
        Of each, a number of the work that its earliest place is in, shape (n,).
    others
        Of sentences that stand in several works, all of these, by the number of the sentence.
    """

    lang: str
    rows: pl.DataFrame
    works: Ints
    others: dict[int, frozenset[int]]


def mine(
    workspace: Workspace,
    *,
    langs: Sequence[tuple[str, str]] | None = None,
    min_score: float = 0.5,
    aligned: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Return sentences of a workspace that translate each other, though their documents do not (`MINED`).

    All at once, the likeliest first; see `mined`.
    """
    tables = mined(
        workspace, langs=langs, min_score=min_score, aligned=aligned, executor=executor, progress=progress
    )
    return _likeliest_first(pl.concat([pl.DataFrame(schema=MINED), *tables]))


def _likeliest_first(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.sort("score", *_PLACES, descending=[True, *[False] * len(_PLACES)])


def mined(
    workspace: Workspace,
    *,
    langs: Sequence[tuple[str, str]] | None = None,
    min_score: float = 0.5,
    aligned: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[pl.DataFrame]:
    """Yield sentences of a workspace that translate each other, though their documents do not (`MINED`).

    A sentence is in one pair with another language at most. Near duplicates with the same figures are one.
    The pairs of two languages are yielded before those of the next two are looked for, the likeliest first,
    some thousands at a time.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    langs
        The pairs of languages to look at, source first; None for all that there are.
    min_score
        The least score, 0 to 1.
    aligned
        Whether to look within a document, and among those that are linked with it, too: what translates
        what there is known from the alignment.
    executor
        Whose workers encode, in shards (`corpus.encoders.shards`); None encodes here.
    progress
        Called with what is done, of how much: of the sentences that are compared, encoded and looked up, then
        of the pairs that are looked at closely.

    Raises
    ------
    CorpusError
        If there are no two languages, a score is none, the encoder that the workspace is aligned with cannot
        be loaded, or is one that the weights are not for.

    Notes
    -----
    Vectors are read from the disk as they are needed and one language's index is held at a time: see
    `corpus.mining.margin.candidates`.
    """
    if not 0.0 <= min_score <= 1.0:
        raise CorpusError(f"`min_score={min_score}`: a score is from 0 to 1")
    ensure_documents(workspace)
    model = shipped_mining()
    encoder = load_for(workspace, model)
    present = workspace.scan("versions").select("lang").collect()["lang"]
    chosen = pairs_of_languages(present, langs)
    update_reprints(workspace, progress=progress)
    space = workspace.pin()
    groups = reprint_groups(space, _REPRINTED, same_figures=True)
    works = _works(space)
    abouts = dated_versions(space)
    known = {(row["doc_id"], row["version"]): row for row in abouts.iter_rows(named=True)}
    sides: dict[str, Side] = {}
    for number, pair in enumerate(chosen):
        for lang in pair:
            if lang not in sides:
                sides[lang] = side = _side(space, lang, groups, works, abouts)
                texts = [(known_lang(lang), side.rows["text"])]
                encode_in_shards(space, texts, encoder, executor, progress=progress)
        both = sides[pair[0]], sides[pair[1]]
        looked, taken, scores = _mined(space, both, (model, encoder), min_score, progress, aligned=aligned)
        for start in range(0, len(taken), _YIELDED):
            rows = [
                _row(int(place), looked, float(scores[place]), both)
                for place in taken[start : start + _YIELDED]
            ]
            for row in rows:
                _add_provenance(row, known)
            yield _likeliest_first(pl.DataFrame(rows, schema=MINED))
        later = {lang for other in chosen[number + 1 :] for lang in other}
        sides = {lang: side for lang, side in sides.items() if lang in later}


def _works(workspace: Workspace) -> dict[str, int]:
    """Return a number for the work of each document."""
    works = Works(linked_pairs(workspace))
    doc_ids = workspace.scan("documents").select("doc_id").collect()["doc_id"].sort().to_list()
    numbers: dict[str, int] = {}
    return {doc: numbers.setdefault(works.of(doc), len(numbers)) for doc in doc_ids}


def _side(
    workspace: Workspace, lang: str, groups: pl.DataFrame, works: dict[str, int], abouts: pl.DataFrame
) -> Side:
    """Return the different sentences in a language, each at its earliest place."""
    dates = abouts.lazy().select("doc_id", "version", "lang", "date_first", "date_last")
    every = (
        workspace.scan("sentences")
        .join(dates, on=["doc_id", "version"], how="inner", maintain_order="left")
        .filter(pl.coalesce("quoted", "lang") == lang)
        .filter(pl.col("text").str.strip_chars() != "")
        .join(groups.lazy(), on="text_id", how="left", maintain_order="left")
        .with_columns(group=pl.coalesce("group", "text_id"))
        .sort(*EARLIEST, *SENTENCE, maintain_order=True)
        .select("group", *SENTENCE, "text", "line", "start", "end")
        .collect()
    )
    rows = every.group_by("group", maintain_order=True).agg(pl.all().first(), places=pl.len().cast(pl.UInt32))
    number = pl.DataFrame({"group": rows["group"], "number": np.arange(len(rows))})
    known = pl.DataFrame({"doc_id": list(works), "work": list(works.values())})
    stand = (
        every.select("group", "doc_id")
        .unique(maintain_order=True)
        .join(number, on="group", maintain_order="left")
        .join(known, on="doc_id", maintain_order="left")
    )
    several: dict[int, set[int]] = defaultdict(set)
    repeated = stand.filter(pl.col("work").n_unique().over("number") > 1)
    for which, work in repeated.select("number", "work").iter_rows():
        several[which].add(work)
    first = rows.select("doc_id").join(known, on="doc_id", maintain_order="left")["work"].to_numpy()
    return Side(lang, rows.drop("group"), first, {which: frozenset(ids) for which, ids in several.items()})


def _within(src: Side, tgt: Side) -> Callable[[Ints, Ints], npt.NDArray[np.bool_]]:
    """Return what tells whether two sentences are in one work."""
    several = [np.zeros(len(side.works), dtype=np.bool_) for side in (src, tgt)]
    for flags, side in zip(several, (src, tgt), strict=True):
        flags[list(side.others)] = True

    def known(left: Ints, right: Ints) -> npt.NDArray[np.bool_]:
        same: npt.NDArray[np.bool_] = src.works[left] == tgt.works[right]
        for place in np.flatnonzero(several[0][left] | several[1][right]).tolist():
            i, j = int(left[place]), int(right[place])
            ours = src.others.get(i) or {int(src.works[i])}
            theirs = tgt.others.get(j) or {int(tgt.works[j])}
            same[place] = not ours.isdisjoint(theirs)
        return same

    return known


def _mined(
    workspace: Workspace,
    sides: tuple[Side, Side],
    told: tuple[PairingModel, Encoder],
    min_score: float,
    progress: Progress | None,
    *,
    aligned: bool,
) -> tuple[Looked, Ints, npt.NDArray[np.float64]]:
    """Return what was looked at of two languages, which pairs are taken, and the scores of all."""
    model, encoder = told
    src, tgt = sides
    cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
    vectors = tuple(_vectors(cache, side, encoder, progress) for side in sides)
    texts = src.rows["text"].to_list(), tgt.rows["text"].to_list()
    langs = src.lang, tgt.lang

    def encode(texts: Sequence[str], side: int) -> Vectors:
        return encoder.encode(texts, lang=known_lang(langs[side]))

    looked = look_closely(
        Bitext(langs, texts, (vectors[0], vectors[1]), encode), model,
        known=None if aligned else _within(src, tgt), progress=progress,
    )  # fmt: skip
    scores = model.confirmed.probabilities(looked.features)
    taken = one_to_one(looked.found.src, looked.found.tgt, scores)
    return looked, taken[scores[taken] >= min_score], scores


def _vectors(cache: EmbeddingCache, side: Side, encoder: Encoder, progress: Progress | None) -> Sentences:
    """Have the vectors of sentences made and kept, and return how to read them."""
    texts, count = side.rows["text"], len(side.rows)
    rows = np.empty(count, dtype=np.int64)
    for start in range(0, count, _ENCODED):
        part = texts[start : start + _ENCODED].to_list()
        rows[start : start + len(part)] = cache.rows(part, lang=known_lang(side.lang)).rows
        if progress is not None:
            progress(start + len(part), count)
    return Sentences(count, encoder.dim, lambda numbers: np.asarray(cache.matrix[rows[numbers]]))


def _row(place: int, looked: Looked, score: float, sides: tuple[Side, Side]) -> dict[str, Any]:
    found, said = looked.found, looked.said[place]
    src, tgt = (
        side.rows.row(int(numbers[place]), named=True)
        for side, numbers in zip(sides, (found.src, found.tgt), strict=True)
    )
    numbers = numbers_flag(quantities(src["text"]), quantities(tgt["text"]))
    flags = [*([] if numbers is None else [numbers]), *(["low"] if score < LOW else [])]
    row: dict[str, Any] = {
        "doc_id": src["doc_id"], "tgt_doc": tgt["doc_id"],
        "src_lang": sides[0].lang, "tgt_lang": sides[1].lang, "src": src["text"], "tgt": tgt["text"],
        "score": score, "bead": "1:1", "src_ids": [src["sentence"]], "tgt_ids": [tgt["sentence"]],
        "flags": flags, "margin": float(found.margin[place]),
        "src_words": said.words[0], "tgt_words": said.words[1],
        "src_places": src["places"], "tgt_places": tgt["places"],
    }  # fmt: skip
    for name, one in (("src", src), ("tgt", tgt)):
        row |= {f"{name}_{key}": one[key] for key in ("line", "start", "end")}
        row[f"{name}_version"] = one["version"]
    return row


def _add_provenance(row: dict[str, Any], abouts: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Add what is known of the two versions that a pair's sentences are in."""
    for name, doc in (("src", "doc_id"), ("tgt", "tgt_doc")):
        about = abouts[row[doc], row.pop(f"{name}_version")]
        row |= {f"{name}_{key}": about[key] for key in PROVENANCE if key in about}
    row["date"] = row["src_date"] or row["tgt_date"]
