"""How the centres that ship were estimated: `python bench/centres.py NAME`.

On the same sentences said in several languages (`models/centring`), so that the subject cancels out. From a
few dozen sentences the offset of a language is noisy: each is scaled by its reliability, the correlation of
estimates from either half of the sentences, stepped up to the full number (Spearman-Brown). That leaves
alone a language that has no bias to speak of.
"""

from __future__ import annotations

import csv
import io
import sys
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpus.base.resources import models_dir
from corpus.encoders.centring import Centres
from corpus.encoders.loading import load_encoder
from corpus.encoders.registry import entry

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Encoder, Vectors

SENTENCES = "centring/sentences.tsv"


def estimate(vectors: dict[str, Vectors], *, common: bool) -> Centres:
    """Estimate centres from the vectors of the same sentences in several languages.

    Parameters
    ----------
    vectors
        By language, the vectors of the sentences, in the same order: shape (n, dim), n at least 4.
    common
        Whether to subtract what all languages have in common, too. It helps an encoder whose vectors all
        lie in a narrow cone.

    Returns
    -------
    Centres
        Of those languages.
    """
    stacked = np.stack(list(vectors.values()))
    mean = stacked.mean(axis=(0, 1)) if common else np.zeros(stacked.shape[2], dtype=np.float32)
    biases = _biases(stacked)
    halves = zip(_biases(stacked[:, ::2]), _biases(stacked[:, 1::2]), strict=True)
    agreement = np.array([a @ b / (np.linalg.norm(a) * np.linalg.norm(b)) for a, b in halves])
    reliability = np.clip(2 * agreement / (1 + agreement), 0, 1)
    offsets = (mean + reliability[:, None] * biases).astype(np.float32)
    return Centres(tuple(vectors), offsets, mean.astype(np.float32))


def _biases(stacked: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean of each language less the mean of all: shape (languages, dim)."""
    biases: npt.NDArray[np.float32] = stacked.mean(axis=1) - stacked.mean(axis=(0, 1))
    return biases


def write(centres: Centres, path: Path) -> None:
    """Write centres to a file, as `Centres.read` reads it."""
    np.savez(path, languages=" ".join(centres.languages), offsets=centres.offsets, other=centres.other)


def estimate_for(encoder: Encoder, *, common: bool) -> Centres:
    """Estimate an encoder's centres on the sentences in `models/centring`."""
    text = (models_dir() / SENTENCES).read_text(encoding="utf-8")
    languages, *rows = csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = dict(zip(languages, zip(*rows, strict=True), strict=True))
    vectors = {lang: encoder.encode(sentences) for lang, sentences in columns.items()}
    return estimate(vectors, common=common)


if __name__ == "__main__":
    chosen = entry(sys.argv[1])
    estimated = estimate_for(load_encoder(chosen.name), common=chosen.centre_common)
    write(estimated, models_dir() / chosen.centres)
