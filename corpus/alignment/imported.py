"""Beads that came in with their documents: kept, around what a person set, until they are to be made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from align import Bead
from corpus.alignment.constraints import constraints, same_aligner
from corpus.base.errors import CorpusError
from corpus.documents.imported_beads import ImportedBead, in_order
from corpus.store.beads import IMPORTED, PAIR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from corpus.documents.bitext import Side
    from corpus.store.workspace import Workspace

ALL = "all"
"""Stands for every document with beads that came in."""

_KEYS = ["doc_id", "src_version", "tgt_version"]


def imported_pairs(workspace: Workspace) -> pl.DataFrame:
    """Return the pairs of versions that came in aligned: doc_id, src_version, tgt_version."""
    return workspace.scan("imported").select(_KEYS).unique().collect().sort(_KEYS)


def imported_documents(workspace: Workspace, named: Collection[str] | str) -> frozenset[str]:
    """Return the documents meant, of those with beads that came in.

    Parameters
    ----------
    workspace, named
        Where, and ids of documents, or `ALL`; one is like a list of one.

    Raises
    ------
    CorpusError
        If one of them did not come in aligned.
    """
    if not named:
        return frozenset()
    named = (named,) if isinstance(named, str) else named
    held = frozenset(imported_pairs(workspace)["doc_id"])
    if ALL in named:
        return held
    if other := [name for name in named if name not in held]:
        raise CorpusError(
            f"{other[0]} did not come in aligned: to align it, nothing need be said; "
            + (f"those that did: {', '.join(sorted(held)[:5])}" if held else "no document here did")
        )
    return frozenset(named)


def imported_beads_of(
    workspace: Workspace, doc_ids: Iterable[str]
) -> dict[tuple[str, int, int], list[ImportedBead]]:
    """Return the beads that came in with some documents, by document and versions."""
    wanted = pl.Series(list(doc_ids), dtype=pl.String).implode()
    rows = workspace.scan("imported").filter(pl.col("doc_id").is_in(wanted)).collect()
    found: dict[tuple[str, int, int], list[ImportedBead]] = {}
    for doc_id, src, tgt, src_ids, tgt_ids, score in (
        rows.sort("doc_id", "src_version", "tgt_version", "bead")
        .select(*_KEYS, "src_ids", "tgt_ids", "score")
        .iter_rows()
    ):
        bead = ImportedBead(src, tgt, tuple(src_ids), tuple(tgt_ids), score)
        found.setdefault((doc_id, src, tgt), []).append(bead)
    return found


def keep_imported(
    beads: Sequence[ImportedBead], src: Side, tgt: Side, reviews: Sequence[Mapping[str, Any]]
) -> list[Bead]:
    """Return the beads that came in, but for those that share a sentence with one that a person set.

    Parameters
    ----------
    beads
        Of the pair.
    src, tgt
        The sides.
    reviews
        Of the document. Those that only judge a bead change nothing here.

    Returns
    -------
    list of Bead
        Every sentence of both sides in exactly one; what is in none any more has no counterpart.
    """
    given = constraints([row for row in reviews if row["places"]], src, tgt).fixed
    versions = beads[0].src_version, beads[0].tgt_version
    made = [ImportedBead(*versions, bead.src, bead.tgt, 1.0) for bead in given]
    used = _used(given)
    for bead in beads:
        if used[0].isdisjoint(bead.src_ids) and used[1].isdisjoint(bead.tgt_ids):
            made.append(bead)
        else:
            made += [ImportedBead(*versions, (k,), (), None) for k in bead.src_ids if k not in used[0]]
            made += [ImportedBead(*versions, (), (k,), None) for k in bead.tgt_ids if k not in used[1]]
    return [_bead(bead) for bead in in_order(made)]


def _used(beads: Iterable[Bead]) -> tuple[set[int], set[int]]:
    used: tuple[set[int], set[int]] = (set(), set())
    for bead in beads:
        used[0].update(bead.src)
        used[1].update(bead.tgt)
    return used


def _bead(bead: ImportedBead) -> Bead:
    return Bead(bead.src_ids, bead.tgt_ids, bead.score)  # type: ignore[arg-type] # null where none is stated


def kept_or_current(
    aligner: str, *, wrong: bool, realign: Collection[str], as_imported: Collection[str]
) -> pl.Expr:
    """Tell of pairs of versions that have beads whether these may stay.

    Parameters
    ----------
    aligner
        The aligner's id, with which the column `expected` begins.
    wrong, realign, as_imported
        See `corpus.alignment.incremental.align_missing`. What came in stays, even if it was judged wrong.

    Of rows with doc_id, `aligner`, `expected`, and `imported`, which is true of pairs that came in aligned.
    """
    kept = pl.col("aligner").str.starts_with(IMPORTED)
    own = pl.concat_str(pl.lit(IMPORTED), pl.col("expected").str.strip_prefix(aligner))
    back = pl.col("imported").fill_null(value=False) & pl.col("doc_id").is_in(list(as_imported))
    as_set = same_aligner(pl.col("aligner"), own, wrong=False) & ~pl.col("doc_id").is_in(list(realign))
    current = same_aligner(pl.col("aligner"), pl.col("expected"), wrong=wrong) & ~back
    return pl.when(kept).then(as_set).otherwise(current)


def to_keep(
    imported: pl.DataFrame, known: pl.DataFrame, *, realign: Collection[str], as_imported: Collection[str]
) -> pl.DataFrame:
    """Return those of the pairs that came in whose beads are to be what they were then.

    Parameters
    ----------
    imported, known
        These pairs; and pairs that have beads, with their `aligner`.
    realign, as_imported
        See `kept_or_current`. What was aligned anew before stays so.
    """
    anew = known.filter(~pl.col("aligner").str.starts_with(IMPORTED)).filter(
        ~pl.col("doc_id").is_in(list(as_imported))
    )
    others = imported.filter(~pl.col("doc_id").is_in(list(realign)))
    return others.join(anew, on=PAIR, how="anti", maintain_order="left").select(PAIR)
