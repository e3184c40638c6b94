"""Parts of a corpus for training and testing: whole works each, so that nothing of one is in another.

What is tested on must not be known from training. A document stays with those that it is linked or aligned
with, and with those that it reprints or that reprint it, in whichever language. What single sentences other
documents still have in common (a slogan, a quotation) stays in one part, too: its pairs are left out of the
others, first of all of the first part.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.links import linked_pairs
from corpus.reuse.reprints import reprint_groups
from corpus.store.beads import scan_beads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.store.workspace import Workspace

REPRINTED = 0.2
"""The share of a version's text, by characters, that stands in another document from which both are one work.

Of the sentences that are long enough to compare. A report that quotes a paragraph of another stays a work of
its own; an abridged reprint does not."""

SEED = 7

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Split:
    """Which documents are in which part.

    Attributes
    ----------
    parts
        Documents by the part's name, in the order in which the parts were named.
    works
        How many works are in each part.
    shared
        Sentences that stand in several parts: doc_id, version, sentence, and `home`, the part that keeps
        them.
    """

    parts: dict[str, list[str]]
    works: dict[str, int]
    shared: pl.DataFrame


def read_shares(text: str) -> dict[str, float]:
    """Read ``train=.9,dev=.05,test=.05``: names and shares, which are to add up to 1, or to 100.

    Raises
    ------
    CorpusError
        If it is not like that.
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, share = (piece.strip() for piece in part.partition("="))
        try:
            number = float(share.removesuffix("%"))
        except ValueError:
            number = -1.0
        if not _NAME.fullmatch(name) or name in shares or not 0 < number < float("inf"):
            raise CorpusError(f"{text!r}: parts are like train=.9,dev=.05,test=.05, each named once")
        shares[name] = number
    total = sum(shares.values())
    if not any(abs(total - whole) < whole * 1e-6 for whole in (1, 100)):
        raise CorpusError(f"{text!r}: the shares add up to {total:g}, not to 1")
    return {name: share / total for name, share in shares.items()}


def split_works(workspace: Workspace, shares: Mapping[str, float], *, seed: int = SEED) -> Split:
    """Part the documents that have beads, whole works at a time.

    Works are taken in an order that a seed and their names give, and each goes to the part that lacks most
    of its share of beads: the same texts, links and seed make the same parts.

    Parameters
    ----------
    workspace
        Whose sentences are compared with each other (`corpus.reuse.reprints.update_reprints`).
    shares
        Of beads with two sides, by the part's name (`read_shares`).
    seed
        Any whole number.

    Raises
    ------
    CorpusError
        If there are fewer works than parts.
    """
    workspace = workspace.pin()
    two_sided = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    beads = scan_beads(workspace).group_by("doc_id", "tgt_doc").agg(beads=two_sided.sum()).collect()
    documents = sorted({*beads["doc_id"], *beads["tgt_doc"]})
    repeated = _repeated(workspace, documents)
    joined = [(a, b) for a, b in beads.select("doc_id", "tgt_doc").iter_rows() if a != b]
    joined += [(pair.src[0], pair.tgt[0]) for pair in linked_pairs(workspace)]
    joined += _reprinting(workspace, repeated)
    works = _components(documents, joined)
    if len(works) < len(shares):
        what = "1 work" if len(works) == 1 else f"{len(works)} works"
        raise CorpusError(
            f"{what} cannot be parted in {len(shares)}: what is linked, translated, reprinted stays together"
        )
    sizes: dict[str, int] = defaultdict(int)
    for doc_id, count in beads.select("doc_id", "beads").iter_rows():
        sizes[doc_id] += count
    parts: dict[str, list[str]] = {name: [] for name in shares}
    held = dict.fromkeys(shares, 0)
    counts = dict.fromkeys(shares, 0)
    total = sum(sizes.values())
    ordered = sorted(works, key=lambda work: hashlib.sha256(f"{seed}\0{work[0]}".encode()).digest())
    for at, work in enumerate(ordered):
        # What is left must do for the parts that have nothing yet.
        empty = [name for name in shares if not counts[name]]
        open_ = empty if len(empty) >= len(ordered) - at else list(shares)
        lacking = max(open_, key=lambda name: shares[name] * total - held[name])
        parts[lacking] += work
        held[lacking] += sum(sizes[doc_id] for doc_id in work)
        counts[lacking] += 1
    parts = {name: sorted(ids) for name, ids in parts.items()}
    return Split(parts, counts, _shared(repeated, parts))


def _components(documents: Sequence[str], joined: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the documents in groups that are joined, each sorted, by their first ones."""
    above = {doc_id: doc_id for doc_id in documents}

    def find(doc_id: str) -> str:
        while (up := above[doc_id]) != doc_id:
            above[doc_id] = above[up]
            doc_id = up
        return doc_id

    for one, other in joined:
        for doc_id in (one, other):  # one that is linked, but has no beads, may stand between two that have
            above.setdefault(doc_id, doc_id)
        low, high = sorted((find(one), find(other)))
        above[high] = low
    groups: dict[str, list[str]] = defaultdict(list)
    for doc_id in documents:
        groups[find(doc_id)].append(doc_id)
    return sorted(groups.values())


def _repeated(workspace: Workspace, documents: Sequence[str]) -> pl.DataFrame:
    """Return the sentences that stand in several documents: doc_id, version, sentence, group, length."""
    compared = workspace.scan("minhashes").drop_nulls("bands").select("text_id")
    groups = reprint_groups(workspace).lazy()
    return (
        workspace.scan("sentences")
        .filter(pl.col("doc_id").is_in(pl.Series(documents, dtype=pl.String).implode()))
        .select("doc_id", "version", "sentence", "text_id", length=pl.col("text").str.len_chars())
        .join(compared, on="text_id", how="semi")
        .join(groups, on="text_id", how="left")
        .with_columns(group=pl.coalesce("group", "text_id"))
        .filter(pl.col("doc_id").n_unique().over("group") > 1)
        .drop("text_id")
        .collect()
        .sort("doc_id", "version", "sentence")
    )


def _reprinting(workspace: Workspace, repeated: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the documents of which one holds much of a version of the other."""
    places = repeated.select("doc_id", "version", "group", "length")
    # A sentence that stands in hundreds of documents would make all pairs of them.
    common = places.filter(pl.col("doc_id").n_unique().over("group") <= _COMMON)
    others = places.select("group", other="doc_id").unique()
    chained = places.filter(pl.col("doc_id").n_unique().over("group") > _COMMON)
    shared = pl.concat([
        common.join(others, on="group").filter(pl.col("doc_id") != pl.col("other")),
        _to_first(chained),
    ])  # fmt: skip
    sizes = (
        workspace.scan("sentences")
        .filter(pl.col("doc_id").is_in(repeated["doc_id"].unique().implode()))
        .join(workspace.scan("minhashes").drop_nulls("bands").select("text_id"), on="text_id", how="semi")
        .group_by("doc_id", "version")
        .agg(whole=pl.col("text").str.len_chars().sum())
        .collect()
    )
    found = (
        shared.group_by("doc_id", "version", "other")
        .agg(pl.col("length").sum())
        .join(sizes, on=["doc_id", "version"])
        .filter(pl.col("length") >= REPRINTED * pl.col("whole"))
        .select("doc_id", "other")
        .unique()
        .sort("doc_id", "other")
    )
    return [(one, other) for one, other in found.iter_rows()]


_COMMON = 50  # documents


def _to_first(places: pl.DataFrame) -> pl.DataFrame:
    """Return places with the first document that their group stands in as the other one."""
    first = places.with_columns(other=pl.col("doc_id").min().over("group"))
    return first.filter(pl.col("doc_id") != pl.col("other"))


def _shared(repeated: pl.DataFrame, parts: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return the sentences that stand in several parts, and the part that keeps each: the last named."""
    where = pl.DataFrame(
        [(doc_id, order) for order, ids in enumerate(parts.values()) for doc_id in ids],
        schema={"doc_id": pl.String, "order": pl.Int32},
        orient="row",
    )
    names = pl.Series(list(parts), dtype=pl.String)
    return (
        repeated.join(where, on="doc_id", maintain_order="left")
        .with_columns(home=pl.col("order").max().over("group"), least=pl.col("order").min().over("group"))
        .filter(pl.col("home") != pl.col("least"))
        .select("doc_id", "version", "sentence", home=pl.lit(names).gather(pl.col("home")))
    )


def without_shared(pairs: pl.DataFrame, part: str, shared: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return a part's pairs without those that stand in the part that keeps them, and how many those are.

    Parameters
    ----------
    pairs
        `corpus.documents.pairs.NUMBERED`.
    part
        Which part they are of.
    shared
        `Split.shared`.
    """
    kept_elsewhere = shared.filter(pl.col("home") != part)
    if kept_elsewhere.is_empty():
        return pairs, 0
    order = pairs.with_row_index("order")
    known = []
    for side, doc in (("src", "doc_id"), ("tgt", "tgt_doc")):
        places = order.select(
            "order", doc_id=doc, version=f"{side}_version", sentence=f"{side}_ids", other=pl.lit(side)
        ).explode("sentence")
        known.append(places.join(kept_elsewhere, on=["doc_id", "version", "sentence"], how="semi")["order"])
    gone = pl.concat(known).unique()
    two_sided = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    left_out = order.filter(pl.col("order").is_in(gone.implode()))
    kept = order.filter(~pl.col("order").is_in(gone.implode()))
    return kept.drop("order"), len(left_out.filter(two_sided))
