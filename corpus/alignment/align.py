"""Align two sides, or two files, that are in no workspace."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import align
from corpus.alignment.settings import check_encoder
from corpus.alignment.weights import shipped_weights
from corpus.documents.pairs import PAIRS, pair_batch
from corpus.encoders import load_encoder
from corpus.text.chinese import load_jieba
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from align.encoder import Encoder
    from corpus.documents.bitext import Side
    from corpus.documents.pairs import PairBatch


def align_sides(
    src: Side,
    tgt: Side,
    *,
    encoder: Encoder | str = "use",
    weights: align.Weights | None = None,
    fixed: Sequence[align.Bead] = (),
    forbidden: Sequence[align.Bead] = (),
    moved: bool = False,
) -> list[align.Bead]:
    """Align two sides.

    Parameters
    ----------
    src, tgt
        The sides.
    fixed, forbidden
        Beads to keep, and beads not to propose (`align.align`).
    moved
        Whether passages that stand in another place on the other side are looked for, too (`align.align`).
    encoder
        An encoder, or the name of one.
    weights
        Of the aligner; otherwise those that ship. These were trained, and scores calibrated, on the vectors
        of one encoder. With another they serve as they are: beads are usually right, but a score is a
        ranking, not a probability.

    Raises
    ------
    CorpusError
        If weights are given that belong to another encoder.
    """
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)
    if weights is None:
        weights = replace(shipped_weights(), encoder=encoder.name)
    check_encoder(weights, encoder.name)
    if "zh" in (src.lang, tgt.lang):
        load_jieba()  # the aligner cuts Chinese with it, and would read its whole dictionary
    return align.align(
        src.sentences,
        tgt.sentences,
        encoder=encoder,
        weights=weights,
        src_lang=known_lang(src.lang),
        tgt_lang=known_lang(tgt.lang),
        src_paragraphs=src.units(),
        tgt_paragraphs=tgt.units(),
        fixed=fixed,
        forbidden=forbidden,
        moved=moved,
        threads=1,
    )


def align_files(
    src: Path | str,
    tgt: Path | str | None = None,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    lines: bool = False,
    encoding: str | None = None,
    encoder: Encoder | str = "use",
    weights: align.Weights | None = None,
    moved: bool = True,
) -> pl.DataFrame:
    """Align two files, or the two versions in one, read by `corpus.alignment.sources.read_sides`.

    See `align_sides`; `moved` is so unless it is said otherwise.

    Returns
    -------
    polars.DataFrame
        `PAIRS`; `doc_id` is the stem of the source file's name.

    Raises
    ------
    InputError
        If a file cannot be read, or one file is given that does not hold two languages.
    CorpusError
        If weights are given that belong to another encoder.
    """
    batch = align_file_pair(
        src, tgt, src_lang=src_lang, tgt_lang=tgt_lang, lines=lines, encoding=encoding, encoder=encoder,
        weights=weights, moved=moved,
    )  # fmt: skip
    return batch.pairs.select(PAIRS.names())


def align_file_pair(
    src: Path | str,
    tgt: Path | str | None = None,
    *,
    src_lang: str | None = None,
    tgt_lang: str | None = None,
    lines: bool = False,
    encoding: str | None = None,
    encoder: Encoder | str = "use",
    weights: align.Weights | None = None,
    moved: bool = True,
) -> PairBatch:
    """Align as `align_files` does; return the pairs together with the texts, as writers take them.

    Raises
    ------
    InputError
        If a file cannot be read, or one file is given that does not hold two languages.
    CorpusError
        If weights are given that belong to another encoder.
    """
    if isinstance(encoder, str):
        encoder = load_encoder(encoder)  # first: a part of it loads beside what comes next
    from corpus.alignment.sources import read_sides
    from corpus.ingestion.reading.document import document_id

    sides = read_sides(src, tgt, src_lang=src_lang, tgt_lang=tgt_lang, lines=lines, encoding=encoding)
    beads = align_sides(*sides, encoder=encoder, weights=weights, moved=moved)
    return pair_batch(document_id(str(src)), *sides, beads)
