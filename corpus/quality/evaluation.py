"""Score alignments against gold, with a signature that says how the figures were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import align
from corpus.alignment.align import align_sides
from corpus.alignment.weights import shipped_weights, weights_digest
from corpus.base.errors import InputError
from corpus.base.version import __version__
from corpus.encoders import load_encoder
from corpus.quality.gold import files_in, read_beads, read_gold, text_names

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.base.progress import Progress


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Pooled counts of one file or several.

    Attributes
    ----------
    scores
        Counts, and measures as properties; see `align.Scores`.
    files
        How many pairs of files were pooled.
    signature
        Version, encoder, weights and options, in one line that makes figures comparable.
    """

    scores: align.Scores
    files: int
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        measures = {
            measure: {"precision": m.precision, "recall": m.recall, "f1": m.f1}
            for measure, m in (("strict", self.scores.strict), ("lax", self.scores.lax))
        }
        types = {
            kind: {
                "gold": self.scores.expected_by_type.get(kind, align.Counts()).total,
                "test": self.scores.proposed_by_type.get(kind, align.Counts()).total,
                "precision": self.scores.strict_of(kind).precision,
                "recall": self.scores.strict_of(kind).recall,
            }
            for kind in self.scores.types
        }
        return measures | {"types": types, "files": self.files, "signature": self.signature}


def evaluate_files(gold: Path, test: Path) -> Evaluation:
    """Score a file of beads against a gold file, or a folder against the same-named files of another.

    Raises
    ------
    InputError
        If a file is missing or is not a file of beads; the message names file and line.
    """
    if gold.is_dir() != test.is_dir():
        folder, file = (gold, test) if gold.is_dir() else (test, gold)
        raise InputError(f"{folder} is a folder and {file} a file: name two of a kind")
    pairs = [(gold, test)]
    if gold.is_dir():
        pairs = [(path, test / path.name) for path in files_in(gold)]
    scores = [align.evaluate(read_beads(one), read_beads(other)) for one, other in pairs]
    return Evaluation(sum(scores, align.Scores()), len(pairs), f"duizhao {__version__}, beads from files")


def evaluate_folder(
    folder: Path,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    encoder: Encoder | str = "use",
    weights: align.Weights | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Align the files of a gold set and score the result.

    Parameters
    ----------
    folder
        Holds the folders `src` and `tgt`, with one sentence a line, and `gold`, with beads, each with a
        file of the same name for a pair.
    src_lang, tgt_lang
        ISO 639-1 codes; otherwise detected, file by file.
    encoder
        An encoder, or the name of one.
    weights
        Of the aligner; otherwise those that ship.
    progress
        Called after each pair.

    Raises
    ------
    InputError
        If a folder or file is missing or unreadable, or gold names a sentence that is not there.
    CorpusError
        If weights are given that belong to another encoder.
    """
    names = text_names(folder)
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    scores = align.Scores()
    for number, name in enumerate(names, start=1):
        gold = read_gold(folder, name, src_lang=src_lang, tgt_lang=tgt_lang)
        scores += align.evaluate(
            gold.beads, align_sides(gold.src, gold.tgt, encoder=encoder, weights=weights)
        )
        if progress is not None:
            progress(number, len(names))
    signature = aligner_signature(encoder, weights or shipped_weights())
    return Evaluation(scores, len(names), f"{signature}, set {folder.resolve().name}")


def aligner_signature(encoder: Encoder, weights: align.Weights) -> str:
    """Return version, encoder and weights in one line."""
    digest = weights_digest(weights)
    return f"duizhao {__version__}, encoder {encoder.name} {encoder.version}, weights {digest}"
