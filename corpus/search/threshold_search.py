"""Sentences that are similar to a query: all whose cosine with it reaches a level, wherever they stand.

A search shows the best; here all count, so every vector of the index is compared, from the files that it is
in, and no cell of it is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.subcorpus import Selection, of_parts, select_versions
from corpus.encoders import load_encoder
from corpus.encoders.registry import DEFAULT, NOISE_MEASURED_ON, entries, noise_level
from corpus.search.index import vector_index
from corpus.search.index.builder import update_index
from corpus.search.query import check_query, query_language
from corpus.store.schemas import KEYS, PART

if TYPE_CHECKING:
    from collections.abc import Iterable

    from align.encoder import Encoder, Vectors
    from corpus.base.progress import Progress
    from corpus.search.index.segment import Segment
    from corpus.store.workspace import Workspace

SIMILAR = pl.Schema(
    {
        "doc_id": pl.String,
        "version": pl.Int32,
        "sentence": pl.Int32,
        "quoted": pl.String,
        "score": pl.Float32,
    }
)
"""One row a place of a sentence that is similar; `score` is the cosine with the query."""

_GROWTH_MEASURED_TO = 3000  # sentences, by bench/noise.py --texts


@dataclass(frozen=True, slots=True)
class Level:
    """What a sentence must reach to count as similar.

    Attributes
    ----------
    threshold
        The least cosine, -1 to 1.
    encoder, version
        Whose vectors are compared.
    basis
        Where the threshold is from: as asked for, or what was measured, on what.
    """

    threshold: float
    encoder: str
    version: str
    basis: str

    def __str__(self) -> str:
        """Return it as every output states it."""
        return f"cosine {self.threshold:.3g} or more by the encoder {self.encoder} ({self.basis})"


@dataclass(frozen=True, slots=True)
class Similar:
    """Similar sentences, and where they were looked for.

    Attributes
    ----------
    sentences
        `SIMILAR`, by document, version and sentence.
    level
        What they reach.
    workspace
        Pinned to the state that was searched.
    """

    sentences: pl.DataFrame
    level: Level
    workspace: Workspace


def similar_sentences(
    workspace: Workspace,
    query: str,
    *,
    selection: Selection | None = None,
    encoder: Encoder | str = DEFAULT,
    threshold: float | None = None,
    progress: Progress | None = None,
) -> Similar:
    """Find all sentences that are similar to a query.

    The index is brought up to date first. A large one holds vectors in eight bits a number
    (`corpus.search.index.vector_index`): the cosines that are compared with the threshold are then those of
    what is held.

    Parameters
    ----------
    workspace
        Not pinned: its index may have to be made.
    query
        A word, a phrase or a passage, in any language; it is compared by meaning, and nothing in it stands
        for anything else.
    selection
        Where to look.
    encoder
        An encoder, or the name of one.
    threshold
        The least cosine; unless given, the level that the encoder's scores are noise below, among so many
        sentences (`corpus.encoders.registry.noise_level`).
    progress
        Called while sentences are encoded.

    Raises
    ------
    CorpusError
        If the query holds nothing to look for, the threshold is no cosine, or the selection is refused.
    """
    check_query(query)
    if threshold is not None and not -1 <= threshold <= 1:
        msg = f"`threshold={threshold:g}`: a cosine is from -1 to 1"
        raise CorpusError(msg)
    select_versions(workspace, selection)  # what is refused is refused before anything is encoded
    chosen = load_encoder(encoder) if isinstance(encoder, str) else encoder
    segments = update_index(workspace, chosen, progress=progress).segments
    workspace = workspace.pin()
    versions = select_versions(workspace, selection).versions
    level = _level(chosen, threshold, _count_different(workspace, versions))
    lang = query_language(query, versions["lang"].to_list())
    vector = chosen.encode([query], role="query", lang=lang)
    scores = _reaching(segments, vector, level.threshold)
    places = (
        of_parts(workspace.scan("sentences").select(*PART, "sentence", "text_id"), versions)
        .join(scores.lazy(), on="text_id")
        .select(pl.col(name).cast(kind) for name, kind in SIMILAR.items())
        .collect(engine="streaming")
    )
    return Similar(places.sort(*KEYS, "sentence"), level, workspace)


def _count_different(workspace: Workspace, versions: pl.DataFrame) -> int:
    """Return how many different sentences there are in some versions."""
    sentences = of_parts(workspace.scan("sentences"), versions)
    return int(sentences.select(pl.col("text_id").n_unique()).collect(engine="streaming").item())


def _reaching(segments: Iterable[Segment], vector: Vectors, threshold: float) -> pl.DataFrame:
    """Return text_id and score of the sentences that reach a threshold, of one segment after the other."""
    parts = [pl.DataFrame(schema={"text_id": pl.Int64, "score": pl.Float32})]
    for segment in segments:
        found = vector_index.reaching(segment.dense, vector, threshold)
        rows = found.rows if segment.alive is None else found.rows[segment.alive[found.rows]]
        scores = found.scores if segment.alive is None else found.scores[segment.alive[found.rows]]
        parts.append(pl.DataFrame({"text_id": segment.ids[rows], "score": scores.astype(np.float32)}))
    return pl.concat(parts)


def _level(encoder: Encoder, threshold: float | None, searched: int) -> Level:
    if threshold is not None:
        return Level(threshold, encoder.name, encoder.version, "as asked for")
    level = round(noise_level(encoder.name, searched), 3)
    return Level(level, encoder.name, encoder.version, _basis(encoder.name, searched))


def _basis(encoder: str, searched: int) -> str:
    """Say what the default threshold rests on."""
    known = entries().get(encoder)
    if known is None:
        return "not measured for this encoder: a level that suits many"
    basis = f"below it scores are noise: {known.noise:g}, measured on the {NOISE_MEASURED_ON} seed sentences"
    if searched <= NOISE_MEASURED_ON:
        return basis
    basis += f", and {known.noise_growth:g} more for every tenfold of sentences, {searched:,} here"
    if encoder != DEFAULT:
        return f"{basis}, which was not measured for it"
    return basis + (
        f", which was measured up to {_GROWTH_MEASURED_TO:,} only" if searched > _GROWTH_MEASURED_TO else ""
    )
