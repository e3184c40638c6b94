"""Whether two texts look like translations of each other, by how they align."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from align import Bead
from align.exact import exact_dots
from corpus.documents.pairs import without_nulls
from corpus.encoders.registry import entries
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder
    from corpus.documents.bitext import Side
    from corpus.store.workspace import Workspace

LEAST_SHARE = 0.5
"""The least `Likeness.share` of translations: 0.77 or more in a gold set of literature, 0.32 or less of long
texts that say different things."""

LEAST_CLOSENESS = 0.3
"""The least `Likeness.closeness`: 0.42 or more in two gold sets of literature, 0.22 or less of texts that say
different things, short ones and such of one subject among them."""

UNLIKE = "unlike"
"""The flag of null beads that stand for a pair of versions which do not look like translations."""

_MOST_COMPARED = 16  # beads, evenly spaced


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two texts look like translations of each other.

    Attributes
    ----------
    share
        What of both texts is likely paired, 0 to 1: of characters, the mean of both sides, each bead counted
        with its score, the probability that it is right.
    closeness
        How much nearer the sides of beads are to each other than to those of other beads: the mean of their
        cosines less that of the others, divided by one less the latter; about 0 of texts that have nothing
        to do with each other, 1 of equal ones. None where the encoder does not know the languages.
    """

    share: float
    closeness: float | None

    @property
    def is_translation(self) -> bool:
        """Whether they look like translations."""
        close = self.closeness is None or self.closeness >= LEAST_CLOSENESS
        return self.share >= LEAST_SHARE and close


def likeness(pairs: pl.DataFrame, encoder: Encoder) -> Likeness:
    """Tell how much two texts look like translations.

    Parameters
    ----------
    pairs
        `corpus.documents.pairs.PAIRS` of one pair of texts, null beads included, with scores that are
        probabilities: made with weights of the encoder's own.
    encoder
        What they were aligned with.
    """
    return Likeness(_share(pairs), _closeness(without_nulls(pairs), encoder))


def _share(pairs: pl.DataFrame) -> float:
    paired = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    sides = []
    for side in ("src", "tgt"):
        length = pl.col(side).str.len_chars()
        found = pairs.select(whole=length.sum(), likely=(length * pl.col("score")).filter(paired).sum())
        whole, likely = found.row(0)
        sides.append(likely / whole if whole else 0.0)
    return float(sum(sides) / 2)


def _closeness(beads: pl.DataFrame, encoder: Encoder) -> float | None:
    if beads.is_empty():
        return 0.0
    langs = [str(beads[f"{side}_lang"][0]) for side in ("src", "tgt")]
    known = entries().get(encoder.name)
    if known is not None and not set(langs) <= set(known.languages):
        return None
    chosen = beads.gather_every(-(-len(beads) // _MOST_COMPARED))
    one, other = (
        encoder.encode(chosen[side].to_list(), lang=known_lang(lang))
        for side, lang in zip(("src", "tgt"), langs, strict=True)
    )
    cosines = exact_dots(one, other)
    weights = chosen["src"].str.len_chars().to_numpy().astype(np.float64)
    paired = float(np.average(np.diag(cosines), weights=weights))
    apart = len(chosen) * (len(chosen) - 1)
    others = float(cosines.sum() - np.trace(cosines)) / apart if apart else 0.0
    return (paired - others) / max(1 - others, 1e-6)


def unpaired_beads(src: Side, tgt: Side) -> list[Bead]:
    """Return null beads for all sentences of two texts, flagged `UNLIKE`."""
    return [Bead((place,), (), 0.0, (UNLIKE,)) for place in range(len(src.sentences))] + [
        Bead((), (place,), 0.0, (UNLIKE,)) for place in range(len(tgt.sentences))
    ]


def unlike_documents(pairs: pl.DataFrame) -> Sequence[str]:
    """Return the documents among some pairs whose versions do not look like translations, in order.

    Parameters
    ----------
    pairs
        With the columns ``doc_id`` and ``flags``, such as the workspace's table of beads.
    """
    flagged = pairs.filter(pl.col("flags").list.contains(UNLIKE))
    return flagged["doc_id"].unique(maintain_order=True).to_list()


def unlike_in(workspace: Workspace) -> Sequence[str]:
    """Return the documents of a workspace whose versions do not look like translations, by their ids."""
    flagged = workspace.scan("beads").filter(pl.col("flags").list.contains(UNLIKE))
    return flagged.select(pl.col("doc_id").unique().sort()).collect()["doc_id"].to_list()
