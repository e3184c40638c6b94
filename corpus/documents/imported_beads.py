"""Beads that come in with their document: those that a file states, every segment in exactly one."""

from __future__ import annotations

from bisect import bisect_left
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from align.flags import LOW, numbers_flag
from align.scoring.numerals import quantities
from corpus.store.beads import IMPORTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.readers.base import AlignedSegments


class ImportedBead(NamedTuple):
    """A bead of two versions, as a file states it; see `corpus.store.schemas`."""

    src_version: int
    tgt_version: int
    src_ids: tuple[int, ...]
    tgt_ids: tuple[int, ...]
    score: float | None


def imported_beads(
    aligned: AlignedSegments, langs: Sequence[str], original: str | None = None
) -> list[ImportedBead]:
    """Return the beads of each two languages that are linked, every segment of both in exactly one.

    Parameters
    ----------
    aligned
        What a file holds.
    langs
        The languages, in the order of the versions.
    original
        That of the original, which is the source; of others the source comes first in `langs`.

    Returns
    -------
    list of ImportedBead
        By their sources; a segment that no bead has is alone in one. Of beads that share a segment, the
        first.
    """
    scores = aligned.scores or (None,) * len(aligned.beads)
    out: list[ImportedBead] = []
    for one, other in combinations(range(len(langs)), 2):
        src, tgt = (other, one) if langs[other] == original else (one, other)
        used: tuple[set[int], set[int]] = (set(), set())
        beads: list[ImportedBead] = []
        for alone in (False, True):  # what has a counterpart comes before what has none
            for bead, score in zip(aligned.beads, scores, strict=True):
                ids = tuple(tuple(bead.get(langs[side], ())) for side in (src, tgt))
                if all(ids) == alone or not any(ids):
                    continue
                if any(set(own) & taken for own, taken in zip(ids, used, strict=True)):
                    continue
                for own, taken in zip(ids, used, strict=True):
                    taken.update(own)
                beads.append(ImportedBead(src, tgt, ids[0], ids[1], score))
            if not alone and not beads and len(langs) > 2:
                break  # nothing links the two
        else:
            counts = [len(aligned.segments[langs[side]]) for side in (src, tgt)]
            beads += [ImportedBead(src, tgt, (k,), (), None) for k in range(counts[0]) if k not in used[0]]
            beads += [ImportedBead(src, tgt, (), (k,), None) for k in range(counts[1]) if k not in used[1]]
            out += in_order(beads)
    return out


def in_order(beads: Sequence[ImportedBead]) -> list[ImportedBead]:
    """Return beads by their source sentences; those without any where their target sentences stand."""
    ordered = sorted((bead for bead in beads if bead.src_ids), key=lambda bead: bead.src_ids)
    paired = sorted((bead.tgt_ids[-1], place) for place, bead in enumerate(ordered) if bead.tgt_ids)
    after: dict[int, list[ImportedBead]] = {}
    for bead in sorted((bead for bead in beads if not bead.src_ids), key=lambda bead: bead.tgt_ids):
        at = bisect_left(paired, (bead.tgt_ids[0],)) - 1
        after.setdefault(paired[at][1] if at >= 0 else -1, []).append(bead)
    out = list(after.get(-1, ()))
    for place, bead in enumerate(ordered):
        out += [bead, *after.get(place, ())]
    return out


def with_flags(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the flags of those that came in, which no aligner looked at.

    Parameters
    ----------
    pairs
        With the columns src, tgt, src_ids, tgt_ids, score, flags and aligner of
        `corpus.documents.pairs.PAIRS`.

    Returns
    -------
    polars.DataFrame
        Of beads with two sides, `flags` has what `align.flags.bead_flags` tells by their texts and numbers:
        ``numbers``, ``merge`` and ``low``. It takes a millisecond or two a bead.
    """
    came_in = pl.col("aligner").fill_null("").str.starts_with(IMPORTED)
    if not pairs.select(came_in.any()).item():
        return pairs
    rows = pairs.select("src", "tgt", "src_ids", "tgt_ids", "score", "flags", came_in.alias("came_in"))
    flags = [
        _flags(src, tgt, (src_ids, tgt_ids), score) if ours and src_ids and tgt_ids else known
        for src, tgt, src_ids, tgt_ids, score, known, ours in rows.iter_rows()
    ]
    return pairs.with_columns(flags=pl.Series(flags, dtype=pl.List(pl.String)))


def _flags(src: str, tgt: str, ids: tuple[list[int], list[int]], score: float | None) -> list[str]:
    numbers = numbers_flag(quantities(src), quantities(tgt))
    found = [] if numbers is None else [numbers]
    found += ["merge"] if min(map(len, ids)) > 1 else []
    return [*found, "low"] if score is not None and score < LOW else found
