"""Links proposed between the documents of a workspace that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from corpus.alignment.quick import Encoded, paired_shares
from corpus.alignment.settings import workspace_scorer
from corpus.alignment.weights import weights_digest
from corpus.base.files import json_digest
from corpus.documents.bitext import counted_paragraphs
from corpus.documents.links import Link, Linked, Works, add_links, linked_pairs
from corpus.documents.subcorpus import dated_versions
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.shards import encode_in_shards
from corpus.ingestion.seeds import ensure_documents
from corpus.mining.arguments import load_for, pairs_of_languages
from corpus.mining.memory import keep, recall
from corpus.mining.model import shipped_pairing
from corpus.mining.pairing import Pairing, accepted, pair_texts
from corpus.mining.refusals import refusals
from corpus.mining.texts import MOST_SENTENCES, Text, spaced
from corpus.store.workspace import EMBEDDINGS
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.mining.pairing import Confirm
    from corpus.store.workspace import Workspace

BY = "corpus pair"
"""Who says so, of links that were proposed and accepted."""

PROPOSALS = pl.Schema(
    {
        "a": pl.String,
        "b": pl.String,
        "a_lang": pl.String,
        "b_lang": pl.String,
        "score": pl.Float64,
        "accepted": pl.Boolean,
        "kind": pl.String,
        "a_matched": pl.Float64,
        "b_matched": pl.Float64,
        "order": pl.Float64,
        "figures": pl.Float64,
        "names": pl.Float64,
        "days": pl.Int64,
        "aligned": pl.Float64,
    }
)
"""Documents that may be translations of each other, the likeliest first.

`score` is the probability that they are, or that one is of a part of the other; `accepted` says that it
reaches the threshold and each is the other's best, or one of several that are each of a part (`kind` is
``part`` then, else ``whole``, and null of what is not accepted). Why: `a_matched` and `b_matched` are the
shares of either's sentences that have a match in the other, `order` the share of these that are in order,
`figures` and `names` those of figures and names that both have, `days` how far their dates are apart, and
`aligned` the share of both texts that an alignment pairs; null where there is nothing to tell by."""

_ENCODED = 200  # texts at a time
_VERSION = ("doc_id", "version")
_LEAST = 0.01  # of the score of what is listed


def propose(
    workspace: Workspace,
    *,
    langs: Sequence[tuple[str, str]] | None = None,
    threshold: float = 0.5,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Return which documents of a workspace may be translations of each other (`PROPOSALS`).

    Of two languages, those are compared that have nothing in the other: neither a version nor a link. What
    was found out of texts that are as they were is known (`corpus.mining.memory`): only what is new is
    looked up, compared and aligned, and the answer is the same.

    Parameters
    ----------
    workspace
        An empty one is given the seeds.
    langs
        The pairs of languages to look at; None for all that there are.
    threshold
        The least score of what is accepted, 0 to 1.
    executor
        Whose workers encode, in shards (`corpus.encoders.shards`); None encodes here.
    progress
        Called with what is done, of how much: first of the sentences that are encoded, then of the pairs.

    Raises
    ------
    CorpusError
        If there are no two languages, or the encoder that the workspace is aligned with cannot be loaded, or
        is one that the weights are not for.
    """
    ensure_documents(workspace)
    space = workspace.pin()
    model = shipped_pairing()
    encoder = load_for(space, model)
    versions = dated_versions(space)
    works = Works(linked_pairs(space))
    versions = versions.with_columns(work=pl.Series([works.of(doc) for doc in versions["doc_id"]]))
    chosen = pairs_of_languages(versions["lang"], langs)
    lacking = [_lacking(versions, pair) for pair in chosen]
    wanted = pl.concat([side for both in lacking for side in both]).unique(["doc_id", "version"])
    if wanted.is_empty():
        return pl.DataFrame(schema=PROPOSALS)
    reader = _Reader(space, wanted.sort("doc_id", "version"), encoder, executor)
    texts = reader.read(progress)
    confirm, made_by = _confirm(space, reader)
    refused = {frozenset(pair) for pair in refusals(space).select("a", "b").iter_rows()}
    rows: list[dict[str, Any]] = []
    for pair, both in zip(chosen, lacking, strict=True):
        sides = [
            [texts[key] for key in side.sort("doc_id", "version").select("doc_id", "version").iter_rows()
             if key in texts]
            for side in both
        ]  # fmt: skip
        memory = recall(space, pair, made_by)
        found = pair_texts(sides[0], sides[1], model, confirm, progress, memory)
        if found and memory.changed:
            keep(space, pair, made_by, memory)
        found = [one for one in found if frozenset((one.a.doc_id, one.b.doc_id)) not in refused]
        taken = accepted(found, threshold)
        rows += [_row(one, taken) for one in found if one.score >= _LEAST]
    table = pl.DataFrame(rows, schema=PROPOSALS)
    return table.sort("accepted", "score", "a", "b", descending=[True, True, False, False])


def accept(workspace: Workspace, proposals: pl.DataFrame) -> Linked:
    """Make links of the proposals that are accepted (`corpus.documents.links.add_links`)."""
    chosen = proposals.filter("accepted").select("a", "b", "a_lang", "b_lang")
    counts = workspace.scan("versions").group_by("doc_id").len().filter(pl.col("len") > 1).collect()
    several = set(counts["doc_id"])  # of the others, it goes without saying which version is meant
    links = [
        Link(a, b, a_lang=one if a in several else None, b_lang=other if b in several else None, by=BY)
        for a, b, one, other in chosen.iter_rows()
    ]
    return add_links(workspace, links)


def _lacking(versions: pl.DataFrame, langs: tuple[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the versions in each of two languages of the works that have none in the other."""
    one, other = (versions.filter(pl.col("lang") == lang) for lang in langs)
    return (
        one.join(other, on="work", how="anti", maintain_order="left"),
        other.join(one, on="work", how="anti", maintain_order="left"),
    )


class _Reader:
    """Reads versions as texts to be paired, with vectors."""

    def __init__(
        self, workspace: Workspace, versions: pl.DataFrame, encoder: Encoder, executor: Executor | None
    ) -> None:
        self._workspace = workspace
        self._executor = executor
        self._versions = versions
        self._cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
        self.encoder = encoder

    def read(self, progress: Progress | None) -> dict[tuple[str, int], Text]:
        """Return all, by document and version; none of those without sentences; of long ones, some sentences.

        `progress` is called with how many sentences are read and encoded, of how many.
        """
        return self._read(self._versions, MOST_SENTENCES, progress)

    def whole(self, text: Text) -> Text:
        """Return a text with all its sentences."""
        if not text.rest:
            return text
        own = (pl.col("doc_id") == text.doc_id) & (pl.col("version") == text.version)
        return self._read(self._versions.filter(own), None, None)[text.doc_id, text.version]

    def _read(
        self, versions: pl.DataFrame, most: int | None, progress: Progress | None
    ) -> dict[tuple[str, int], Text]:
        sentences = (
            self._workspace.scan("sentences")
            .join(versions.select(_VERSION).lazy(), on=_VERSION, how="semi")
            .filter(pl.col("text").str.strip_chars() != "")
            .sort(*_VERSION, "sentence")
            .group_by(_VERSION, maintain_order=True)
            .agg("text", "paragraph", heading=pl.col("kind") == "heading")
            .collect()
        )
        held = {
            (doc_id, version): _held(own, counted_paragraphs(paragraphs, headings), most)
            for doc_id, version, own, paragraphs, headings in sentences.iter_rows()
        }
        by_lang = [
            (known_lang(str(lang)), [text for key in group.select(_VERSION).iter_rows() if key in held
                                     for text in held[key].sentences])
            for (lang,), group in versions.group_by(["lang"], maintain_order=True)
        ]  # fmt: skip
        encode_in_shards(self._workspace, by_lang, self.encoder, self._executor, progress=progress)
        texts: dict[tuple[str, int], Text] = {}
        total, done = sum(len(one.sentences) for one in held.values()), 0
        columns = (*_VERSION, "lang", "date_first", "date_last")
        for (lang,), group in versions.group_by(["lang"], maintain_order=True):
            for part in group.iter_slices(_ENCODED):
                rows = [row for row in part.select(columns).iter_rows() if row[:2] in held]
                own = [sentence for row in rows for sentence in held[row[:2]].sentences]
                vectors = self._cache.encode(own, lang=known_lang(str(lang))).vectors
                at = 0
                for doc_id, version, *about in rows:
                    one = held[doc_id, version]
                    mine = np.ascontiguousarray(vectors[at : at + len(one.sentences)], dtype=np.float32)
                    texts[doc_id, version] = Text(
                        doc_id, version, about[0], one.sentences, mine, about[1], about[2], *one[1:]
                    )
                    at += len(one.sentences)
                done += len(own)
                if progress is not None:
                    progress(done, total)
        return texts


class _Held(NamedTuple):
    """What is looked at of a version; see `Text`."""

    sentences: list[str]
    paragraphs: list[int]
    rest: str


def _held(sentences: list[str], paragraphs: list[int], most: int | None) -> _Held:
    """Take so many sentences of a version at most."""
    if most is None or len(sentences) <= most:
        return _Held(sentences, paragraphs, "")
    chosen = spaced(len(sentences), most).tolist()
    return _Held([sentences[k] for k in chosen], [paragraphs[k] for k in chosen], json_digest(sentences))


def _confirm(workspace: Workspace, reader: _Reader) -> tuple[Confirm, str]:
    """Return what aligns texts, and what says how."""
    name = reader.encoder.name
    weights = workspace_scorer(workspace, name)

    def encoded(text: Text) -> Encoded:
        whole = reader.whole(text)
        return Encoded(whole.lang, whole.sentences, whole.vectors, whole.paragraphs)

    def confirm(pairs: Sequence[tuple[Text, Text]], progress: Progress | None) -> list[float]:
        texts = ((encoded(a), encoded(b)) for a, b in pairs)
        return paired_shares(texts, len(pairs), weights, name, progress)

    return confirm, f"{name} {reader.encoder.version} {weights_digest(weights)}"


def _row(one: Pairing, taken: dict[tuple[str, str], str]) -> dict[str, Any]:
    evidence = one.evidence
    kind = taken.get((one.a.doc_id, one.b.doc_id))
    return {
        "a": one.a.doc_id,
        "b": one.b.doc_id,
        "a_lang": one.a.lang,
        "b_lang": one.b.lang,
        "score": one.score,
        "accepted": kind is not None,
        "kind": kind,
        "a_matched": evidence.matched[0],
        "b_matched": evidence.matched[1],
        "order": evidence.order,
        "figures": evidence.figures,
        "names": evidence.names,
        "days": evidence.days,
        "aligned": one.share,
    }
