"""Calibrating the aligner's score on one's own texts: beads drawn to be marked, and read when they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

import align
from corpus.alignment.weights import weights_digest
from corpus.base.errors import InputError
from corpus.base.formulas import guarded
from corpus.quality.judgement_tables import COLUMN, is_null, read_mark, read_rows, read_score

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FEW = 5  # beads of one kind among the marked below which they are one-sided
_ROUNDING = 0.001  # by which scores in a table may be beyond those that weights give


@dataclass(frozen=True, slots=True)
class Marked:
    """Beads that someone has judged.

    Attributes
    ----------
    scores, right
        Score of each, and whether it is right.
    unmarked
        Beads without a mark, or that gold says nothing about.
    nulls
        Null beads, which have no score to calibrate.
    weights
        Digest of the weights that the scores come from, if the file says.
    """

    scores: tuple[float, ...]
    right: tuple[bool, ...]
    unmarked: int = 0
    nulls: int = 0
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """Weights with a calibration refitted.

    Attributes
    ----------
    weights
        The weights that the beads were scored with, but for their calibration.
    marked, right
        How many beads were marked, and how many of them as right.
    errors
        Expected calibration errors before, after, and by chance alone.
    warnings
        What to be careful about.
    """

    weights: align.Weights
    marked: int
    right: int
    errors: align.RecalibrationErrors
    warnings: tuple[str, ...]


def recalibrate(marked: Marked, weights: align.Weights, source: str) -> Recalibrated:
    """Refit the calibration of weights to marked beads.

    Parameters
    ----------
    marked
        At least twenty beads; a hundred are better.
    weights
        What the beads were scored with.
    source
        Where the beads come from, to be recorded.

    Raises
    ------
    InputError
        If fewer than twenty beads are marked, or their scores are not of these weights.
    """
    _check_scores(marked, weights, source)
    count, right = len(marked.right), sum(marked.right)
    basis = (
        f"{count} beads of {source} marked by hand, {right} right; before that: {weights.calibration.basis}"
    )
    try:
        calibration = align.recalibrate(weights.calibration, marked.scores, marked.right, basis)
        errors = align.recalibration_errors(marked.scores, marked.right)
    except ValueError:
        rest = f" ({marked.unmarked} are not marked)" if marked.unmarked else ""
        are = "bead is" if count == 1 else "beads are"
        raise InputError(
            f"{source}: {count} {are} marked{rest}; mark at least {align.FEWEST}, better a hundred"
        ) from None
    record = {
        "source": source,
        "marked": count,
        "right": right,
        "ece before": round(errors.before, 4),
        "ece after, held out": round(errors.after, 4),
        "ece by chance": round(errors.chance, 4),
        "date": datetime.now(tz=UTC).date().isoformat(),
        "weights before": weights_digest(weights),
    }
    new = replace(
        weights, calibration=calibration, provenance={**weights.provenance, "recalibration": record}
    )
    return Recalibrated(new, count, right, errors, tuple(_warnings(count, right, errors)))


def _check_scores(marked: Marked, weights: align.Weights, source: str) -> None:
    digest = weights_digest(weights)
    if marked.weights not in (None, digest):
        raise InputError(
            f"{source}: scored with the weights {marked.weights}, not {digest}: name those that the beads "
            "were aligned with: `weights=FILE`"
        )
    most, least = max(weights.calibration.probability), min(weights.calibration.probability)
    strange = [score for score in marked.scores if not least - _ROUNDING <= score <= most + _ROUNDING]
    if strange:
        raise InputError(
            f"{source}: a score of {strange[0]}, where these weights give {least:.4f} to {most:.4f}: name "
            "the weights that the beads were aligned with: `weights=FILE`"
        )


def _warnings(count: int, right: int, errors: align.RecalibrationErrors) -> Iterator[str]:
    fewer, kind = min((count - right, "wrong"), (right, "right"))
    if fewer < _FEW:
        yield (
            f"only {fewer} of {count} beads are marked as {kind}: scores are hardly told apart by so few; "
            "mark more, or leave the calibration as it is if scores look about right to you"
        )
    if errors.before <= errors.chance or errors.after > errors.before:
        yield f"as far as {count} beads can tell, the old scores fit as well: new ones may not be needed"


def read_marked(data: bytes, name: str, gold: Sequence[align.Bead] | None = None) -> Marked:
    """Read beads marked as right or wrong, or look them up in gold.

    Parameters
    ----------
    data, name
        A TSV as `corpus align` and `sample` write it, or what a spreadsheet makes of that: separated by tabs,
        commas or semicolons, with or without quotes. It has the column ``score``, and ``right`` with the
        marks of `corpus.quality.judgement_tables`.
    gold
        Gold beads of the one text in the file, which then needs the columns ``src_ids`` and ``tgt_ids``
        instead. A bead is right if gold has it; one of sentences that gold does not mention is left out.

    Raises
    ------
    InputError
        If a column is missing or a cell cannot be read; the message names the line.
    """
    rows = read_rows(data, name, ("score", *(("src_ids", "tgt_ids") if gold else (COLUMN,))))
    if gold and len({row["doc_id"] for _, row in rows if "doc_id" in row}) > 1:
        raise InputError(f"{name}: beads of several documents; gold is of one text")
    known = None if gold is None else _Gold(gold)
    scores: list[float] = []
    verdicts: list[bool] = []
    unmarked = nulls = 0
    for number, row in rows:
        where = f"{name}: line {number}"
        if is_null(row):
            nulls += 1
            continue
        verdict = read_mark(row[COLUMN], where) if known is None else known.verdict(row, where)
        if verdict is None:
            unmarked += 1
            continue
        scores.append(read_score(row["score"], where))
        verdicts.append(verdict)
    digests = {row["weights"] for _, row in rows if row.get("weights")}
    if len(digests) > 1:
        raise InputError(
            f"{name}: scored with several weights ({', '.join(sorted(digests))}); calibrate each on its own"
        )
    return Marked(tuple(scores), tuple(verdicts), unmarked, nulls, next(iter(digests), None))


class _Gold:
    """Gold, to look beads up in."""

    def __init__(self, gold: Sequence[align.Bead]) -> None:
        self._pairs = {(bead.src, bead.tgt) for bead in gold}
        self._src = {i for bead in gold for i in bead.src}
        self._tgt = {j for bead in gold for j in bead.tgt}

    def verdict(self, row: dict[str, str], where: str) -> bool | None:
        """Whether gold has a bead; None if it mentions none of its sentences."""
        src, tgt = (_ids(row[side], where) for side in ("src_ids", "tgt_ids"))
        if self._src.isdisjoint(src) and self._tgt.isdisjoint(tgt):
            return None
        return (src, tgt) in self._pairs


def _ids(cell: str, where: str) -> tuple[int, ...]:
    parts = cell.split()
    if not all(part.isdecimal() for part in parts):
        raise InputError(f"{where}: sentence numbers are like '3 4', not {cell[:40]!r}")
    return tuple(sorted(map(int, parts)))


SAMPLE_COLUMNS = (COLUMN, "src", "tgt", "bead", "score", "doc_id", "src_ids", "tgt_ids", "weights")
"""Columns of a file to mark."""


def sample_tsv(
    data: bytes, name: str, count: int, weights: align.Weights, seed: int = 7
) -> tuple[str, int, int, int]:
    """Draw beads to be marked from a TSV of beads.

    Parameters
    ----------
    data, name
        As for `read_marked`, with the columns ``score``, ``src`` and ``tgt``.
    count, seed
        See `sample`.
    weights
        What the beads were scored with, to be recorded.

    Returns
    -------
    text, drawn, of, said
        A TSV of `SAMPLE_COLUMNS`, how many beads are in it, and of how many they were drawn: of those that
        the weights scored, not of those that a person set or judged right, which are counted last.

    Raises
    ------
    InputError
        If a column is missing or a cell cannot be read.
    """
    rows = read_rows(data, name, ("score", "src", "tgt"))
    beads = [
        row | {"score": str(read_score(row["score"], f"{name}: line {k}"))}
        for k, row in rows
        if not is_null(row) and row["score"].strip()  # what came in aligned may have none
    ]
    given = len(beads)
    if max(weights.calibration.probability) + _ROUNDING < 1:
        beads = [row for row in beads if float(row["score"]) < 1]  # 1 is the score of what a person said
    drawn = [beads[place] for place in draw([float(row["score"]) for row in beads], count, seed)]
    digest = weights_digest(weights)
    lines = ["\t".join(SAMPLE_COLUMNS)]
    for row in drawn:
        cells = {**row, COLUMN: "", "weights": digest}
        told = (" ".join(cells.get(column, "").split("\t")) for column in SAMPLE_COLUMNS)
        lines.append("\t".join(map(guarded, told)))
    return "".join(f"{line}\n" for line in lines), len(drawn), len(beads), given - len(beads)


def draw(scores: Sequence[float], count: int, seed: int = 7) -> list[int]:
    """Draw beads from low scores to high ones, as they are frequent.

    Ordered by score, they are cut into `count` parts of equal size, and one is drawn of each: what holds of
    the sample holds of all, and chance has less part in it than in a plain draw.

    Returns
    -------
    list of int
        Places, ascending; all of them, if there are no more than `count`.
    """
    if len(scores) <= count:
        return list(range(len(scores)))
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(scores))  # beads of equal score come in no order
    ordered = shuffled[np.argsort(np.asarray(scores)[shuffled], kind="stable")]
    return sorted(int(rng.choice(part)) for part in np.array_split(ordered, count))
