"""Whether two texts look like translations of each other, by how they align."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from align import Bead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.documents.bitext import Side

LEAST = 0.5
"""The least `paired_share` of translations.

Of the six texts in the gold set of literature it is 0.77 or more, of texts that say different things 0.32 or
less."""

UNLIKE = "unlike"
"""The flag of null beads that stand for a pair of versions which do not look like translations."""


def paired_share(pairs: pl.DataFrame) -> float:
    """Return the share of two texts that is likely paired, 0 to 1: of characters, the mean of both sides.

    Each bead counts with its score, the probability that it is right.

    Parameters
    ----------
    pairs
        `corpus.documents.pairs.PAIRS` of one pair of texts, null beads included.
    """
    paired = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    sides = []
    for side in ("src", "tgt"):
        length = pl.col(side).str.len_chars()
        found = pairs.select(whole=length.sum(), likely=(length * pl.col("score")).filter(paired).sum())
        whole, likely = found.row(0)
        sides.append(likely / whole if whole else 0.0)
    return float(sum(sides) / 2)


def unpaired_beads(src: Side, tgt: Side) -> list[Bead]:
    """Return null beads for all sentences of two texts, flagged `UNLIKE`."""
    return [Bead((place,), (), 0.0, (UNLIKE,)) for place in range(len(src.sentences))] + [
        Bead((), (place,), 0.0, (UNLIKE,)) for place in range(len(tgt.sentences))
    ]


def unlike_documents(pairs: pl.DataFrame) -> Sequence[str]:
    """Return the documents among some pairs whose versions do not look like translations, in order."""
    flagged = pairs.filter(pl.col("flags").list.contains(UNLIKE))
    return flagged["doc_id"].unique(maintain_order=True).to_list()
