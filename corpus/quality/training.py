"""Training the aligner on gold sets: the folders in, weights out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from align.training.study import GoldSet, Recipe, Trained, train_on_sets
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError
from corpus.base.version import __version__
from corpus.encoders import load_encoder
from corpus.quality.gold import read_gold_set

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.base.progress import Progress


def train_aligner(
    folders: Sequence[Path],
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    encoder: Encoder | str = "use",
    recipe: Recipe | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train and calibrate the aligner on one's own gold sets.

    Parameters
    ----------
    folders
        Gold sets: each holds the folders `src` and `tgt`, with one sentence a line, and `gold`, with beads,
        with a file of the same name in each for a text.
    src_lang, tgt_lang
        ISO 639-1 codes for all texts; otherwise detected, file by file.
    encoder
        An encoder, or the name of one; the weights serve for it alone.
    recipe
        See `align.training.study.Recipe`.
    progress
        Called with the number of steps done, and of all.

    Returns
    -------
    align.training.study.Trained
        Write its `weights` with `corpus.alignment.weights.write_weights`.

    Raises
    ------
    InputError
        If a file is missing or malformed; the message names file and line.
    CorpusError
        If two folders have one name.
    """
    sets = [read_gold_set(folder, src_lang=src_lang, tgt_lang=tgt_lang) for folder in folders]
    twice = [name for name, count in Counter(gold.name for gold in sets).items() if count > 1]
    if twice:
        raise CorpusError(
            f"two gold sets are named {twice[0]}: the report names them by their folders; rename one"
        )
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    return train_on_gold(sets, encoder, recipe or Recipe(), made_by="corpus train-aligner", progress=progress)


def train_on_gold(
    sets: Sequence[GoldSet],
    encoder: Encoder,
    recipe: Recipe,
    *,
    made_by: str,
    left_out: Collection[str] | None = None,
    progress: Progress | None = None,
    note: Callable[[str], None] | None = None,
) -> Trained:
    """Train on sets already read, and record who did; see `align.training.study.train_on_sets`."""
    shipped = shipped_weights()
    return train_on_sets(
        sets,
        encoder,
        recipe,
        left_out=left_out,
        fallback=shipped.calibration,
        provenance={
            "script": made_by,
            "release": __version__,
            "date": datetime.now(tz=UTC).date().isoformat(),
        },
        progress=progress,
        note=note,
    )
