"""Training the aligner on gold sets: the folders in, weights out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from align import Bead
from align.training.study import GoldSet, Recipe, Trained, train_on_sets
from align.training.train import Example
from corpus.alignment.constraints import constraints, document_reviews
from corpus.alignment.settings import workspace_encoder, workspace_scorer
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError
from corpus.base.version import __version__
from corpus.encoders import load_encoder
from corpus.quality.bead_specs import aligned_pairs
from corpus.quality.gold import read_gold_set
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.quality.bead_specs import AlignedPair
    from corpus.store.workspace import Workspace


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


def train_on_reviews(
    workspace: Workspace,
    *,
    encoder: Encoder | None = None,
    recipe: Recipe | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train the aligner on what a person said of a workspace's beads: those judged right, and those set.

    What is fitted starts from the weights that the workspace is aligned with, and is drawn to them: a hundred
    beads say where these go wrong, not all that an aligner needs to know.

    Parameters
    ----------
    workspace
        Of the reviews.
    encoder
        Otherwise the one that the workspace is aligned with.
    recipe, progress
        See `train_aligner`.

    Raises
    ------
    CorpusError
        If no bead that is in the alignment was set or judged right.
    """
    scorer = workspace_scorer(workspace)
    gold = reviewed_gold(workspace)
    count = sum(len(one.gold) for one in gold.examples)
    if not count:
        raise CorpusError(
            "nothing to train on: no bead of the alignment was set or judged right; name folders of gold, or "
            "judge beads first: `review(next=True)`"
        )
    chosen = load_encoder(workspace_encoder(workspace)) if encoder is None else encoder
    prior = scorer.features if scorer.encoder == chosen.name else None
    asked = recipe or Recipe()
    return train_on_gold(
        [gold],
        chosen,
        replace(asked, prior=prior, strength=_HELD * asked.strength),
        made_by="corpus train-aligner, on reviews",
        progress=progress,
    )


def reviewed_gold(workspace: Workspace) -> GoldSet:
    """Return the beads of a workspace that were set or judged right, with the texts around them.

    Of a long text, those stretches that hold such a bead: so many beads before the first, and after the last.
    """
    workspace = workspace.pin()
    reviews = workspace.table("reviews")
    said = document_reviews(workspace, reviews.filter("right")["doc_id"].unique().sort().to_list())
    examples: list[Example] = []
    for doc_id, rows in said.items():
        for pair in aligned_pairs(workspace, doc_id):
            fixed = set(constraints(rows, pair.src, pair.tgt).fixed)
            examples += _stretches(pair, fixed)
    return GoldSet("reviews", tuple(examples))


# Weights trained on thousands of beads are held more strongly than those set by hand. With a hundred
# beads of three texts of a gold set, F1 on three others went from .943 to .946 (the least certain beads) and
# to .948 (any); held ten times less, to .934 and .946.
_HELD = 10.0
_AROUND = 40  # beads before and after one that was reviewed


def _stretches(pair: AlignedPair, fixed: Collection[Bead]) -> Iterator[Example]:
    beads = list(pair.beads.values())
    places = [k for k, bead in enumerate(beads) if bead in fixed]
    while places:
        first, last = places[0], places[0]
        while places and places[0] <= last + 2 * _AROUND:
            last = places.pop(0)
        part = beads[max(0, first - _AROUND) : last + _AROUND + 1]
        src, tgt = [i for bead in part for i in bead.src], [j for bead in part for j in bead.tgt]
        new = {i: k for k, i in enumerate(src)}, {j: k for k, j in enumerate(tgt)}
        yield Example(
            src=tuple(pair.src.sentences[i] for i in src),
            tgt=tuple(pair.tgt.sentences[j] for j in tgt),
            gold=tuple(
                Bead(tuple(new[0][i] for i in bead.src), tuple(new[1][j] for j in bead.tgt))
                for bead in part
                if bead in fixed
            ),
            src_lang=known_lang(pair.src.lang),
            tgt_lang=known_lang(pair.tgt.lang),
            partial=True,
        )


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
