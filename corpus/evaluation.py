"""Score alignments against gold, with a signature that says how the figures were made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import align
from corpus import __version__
from corpus.encoders import load_encoder
from corpus.errors import CorpusError, InputError
from corpus.files import decode, read_bytes
from corpus.parallel import align_sides, load_weights
from corpus.sides import read_side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from align.encoder import Encoder


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
            how: {"precision": m.precision, "recall": m.recall, "f1": m.f1}
            for how, m in (("strict", self.scores.strict), ("lax", self.scores.lax))
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
        msg = f"{folder} is a folder and {file} a file: name two of a kind"
        raise InputError(msg)
    pairs = [(gold, test)]
    if gold.is_dir():
        pairs = [(path, test / path.name) for path in _files(gold)]
    scores = [align.evaluate(read_beads(one), read_beads(other)) for one, other in pairs]
    return Evaluation(sum(scores, align.Scores()), len(pairs), f"duizhao {__version__}, beads from files")


def evaluate_folder(
    folder: Path,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    encoder: Encoder | str = "use",
    progress: Callable[[int, int], None] | None = None,
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
    progress
        Called after each pair.

    Raises
    ------
    InputError
        If a folder or file is missing or unreadable.
    """
    names = [path.name for path in _files(folder / "gold")]
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    scores = align.Scores()
    for number, name in enumerate(names, start=1):
        gold = read_beads(folder / "gold" / name)
        src, tgt = (
            read_side(read_bytes(path), str(path), lang=lang, lines=True)
            for path, lang in ((folder / "src" / name, src_lang), (folder / "tgt" / name, tgt_lang))
        )
        scores += align.evaluate(gold, align_sides(src, tgt, encoder=encoder))
        if progress is not None:
            progress(number, len(names))
    return Evaluation(scores, len(names), f"{aligner_signature(encoder)}, set {folder.resolve().name}")


def aligner_signature(encoder: Encoder) -> str:
    """Return version, encoder and weights in one line."""
    weights = json.dumps(load_weights().to_dict(), sort_keys=True).encode()
    digest = hashlib.sha256(weights).hexdigest()[:8]
    return f"duizhao {__version__}, encoder {encoder.name} {encoder.version}, weights {digest}"


def read_beads(path: Path) -> list[align.Bead]:
    """Read a file of beads, one a line: ``[0, 1]:[2]`` (InputError if it is none)."""
    try:
        return align.parse_beads(decode(read_bytes(path), str(path), "utf-8"))
    except ValueError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from None


def _files(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        msg = f"{folder}: no such folder; a gold set has the folders src, tgt and gold"
        raise InputError(msg)
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        msg = f"{folder}: no files"
        raise CorpusError(msg)
    return files
