"""Links proposed between the documents of a workspace that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.alignment.align import align_sides
from corpus.alignment.likeness import likeness
from corpus.alignment.settings import workspace_scorer
from corpus.documents.bitext import workspace_sides
from corpus.documents.links import Link, Linked, Works, add_links, linked_pairs
from corpus.documents.pairs import pairs_frame
from corpus.documents.subcorpus import dated_versions
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.encoders.shards import encode_in_shards
from corpus.ingestion.seeds import ensure_documents
from corpus.mining.arguments import load_for, pairs_of_languages
from corpus.mining.model import shipped_pairing
from corpus.mining.pairing import Pairing, accepted, pair_texts
from corpus.mining.refusals import refusals
from corpus.mining.texts import MOST_SENTENCES, Text, spaced
from corpus.store.workspace import EMBEDDINGS
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from corpus.alignment.likeness import Likeness
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
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

    Of two languages, those are compared that have nothing in the other: neither a version nor a link.

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
    texts = _texts(space, wanted.sort("doc_id", "version"), encoder, executor, progress)
    refused = {frozenset(pair) for pair in refusals(space).select("a", "b").iter_rows()}
    rows: list[dict[str, Any]] = []
    for left, right in lacking:
        sides = [
            [texts[key] for key in side.sort("doc_id", "version").select("doc_id", "version").iter_rows()
             if key in texts]
            for side in (left, right)
        ]  # fmt: skip
        found = pair_texts(sides[0], sides[1], model, _confirm(space, encoder), progress)
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


def _texts(
    workspace: Workspace,
    versions: pl.DataFrame,
    encoder: Encoder,
    executor: Executor | None,
    progress: Progress | None,
) -> dict[tuple[str, int], Text]:
    """Return versions as texts to be paired, by document and version; none of those without sentences."""
    keys = ["doc_id", "version"]
    sentences = (
        workspace.scan("sentences")
        .join(versions.select(keys).lazy(), on=keys, how="semi")
        .filter(pl.col("text").str.strip_chars() != "")
        .sort(*keys, "sentence")
        .group_by(keys, maintain_order=True)
        .agg("text")
        .collect()
    )
    held: dict[tuple[str, int], list[str]] = {}
    for doc_id, version, found in sentences.iter_rows():
        held[doc_id, version] = [found[k] for k in spaced(len(found), MOST_SENTENCES).tolist()]
    cache = EmbeddingCache(workspace.path / EMBEDDINGS, encoder)
    by_lang = [
        (
            known_lang(str(lang)),
            [text for key in group.select(keys).iter_rows() for text in held.get(key, ())],
        )
        for (lang,), group in versions.group_by(["lang"], maintain_order=True)
    ]
    encode_in_shards(workspace, by_lang, encoder, executor, progress=progress)
    texts: dict[tuple[str, int], Text] = {}
    total, done = sum(map(len, held.values())), 0
    columns = ("doc_id", "version", "lang", "date_first", "date_last")
    for (lang,), group in versions.group_by(["lang"], maintain_order=True):
        for part in group.iter_slices(_ENCODED):
            rows = [row for row in part.select(columns).iter_rows() if row[:2] in held]
            own = [sentence for row in rows for sentence in held[row[:2]]]
            vectors = cache.encode(own, lang=known_lang(str(lang))).vectors
            at = 0
            for row in rows:
                beyond = at + len(held[row[:2]])
                mine = np.ascontiguousarray(vectors[at:beyond], dtype=np.float32)
                texts[row[:2]] = Text(row[0], row[1], row[2], held[row[:2]], mine, row[3], row[4])
                at = beyond
            done += len(own)
            if progress is not None:
                progress(done, total)
    return texts


def _confirm(workspace: Workspace, encoder: Encoder) -> Any:  # noqa: ANN401 - a `Confirm`
    weights = workspace_scorer(workspace, encoder.name)

    def confirm(a: Text, b: Text) -> Likeness:
        sides = workspace_sides(workspace, {a.doc_id, b.doc_id})
        pair = sides[a.doc_id, a.version], sides[b.doc_id, b.version]
        beads = align_sides(*pair, encoder=encoder, weights=weights)
        return likeness(pairs_frame(a.doc_id, *pair, beads), encoder)

    return confirm


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
        "aligned": None if one.likeness is None else one.likeness.share,
    }
