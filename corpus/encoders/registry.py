"""The encoders that ship: one TOML entry each in `models/`, and a model card beside it."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, fields
from importlib import metadata
from typing import TYPE_CHECKING, Any

from corpus.base.errors import EncoderError
from corpus.base.resources import models_dir

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = "use"
NOISE_MEASURED_ON = 120
"""How many sentences the encoders' noise levels were measured on: those of the seeds, about."""


@dataclass(frozen=True)
class EncoderEntry:
    """What `models/NAME.toml` says about an encoder.

    Attributes
    ----------
    name
        What `load_encoder` calls it.
    title
        The model's full name.
    version
        Of model and inference code together: vectors of two versions are never mixed.
    dim
        Length of a vector.
    languages
        ISO 639-1 codes.
    licence
        SPDX expression for the model.
    module
        Where its code is: a module with `open_encoder(entry) -> Encoder`.
    package
        Distribution that carries the weights.
    extra
        Extra of this distribution that installs it; empty if the base install does.
    size_mb
        Size of that package on disk, installed.
    centres
        File beside the entry with the per-language centres; empty if there is none.
    centre_common
        Whether the centres hold what all languages share, too.
    noise
        Score of a search hit (cosine of vectors corrected for their languages) below which it is no
        better than what a query gets that has no answer, among `NOISE_MEASURED_ON` sentences.
    noise_growth
        By how much that rises where ten times as many sentences are searched: the best of more draws is
        better.
    """

    name: str
    title: str
    version: str
    dim: int
    languages: tuple[str, ...]
    licence: str
    module: str
    package: str
    extra: str
    size_mb: int
    centres: str
    centre_common: bool
    noise: float
    noise_growth: float

    def described(self, version: str) -> dict[str, Any]:
        """Return the fields of a `BaseEncoder`; what tells the weights' version is added to the entry's."""
        facts = {key: getattr(self, key) for key in ("name", "dim", "languages", "licence")}
        return facts | {"version": self.version + version}


def entries() -> dict[str, EncoderEntry]:
    """Return all entries by name, the default first."""
    known = [_read(path) for path in sorted(models_dir().glob("*.toml"))]
    known.sort(key=lambda entry: (entry.name != DEFAULT, entry.name))
    return {entry.name: entry for entry in known}


def entry(name: str) -> EncoderEntry:
    """Return the entry of one shipped encoder.

    Raises
    ------
    EncoderError
        If there is none of that name; the message lists those there are.
    """
    known = entries()
    if name not in known:
        raise EncoderError(
            f"there is no encoder {name!r}; choose one of {', '.join(known)}, "
            "or st:MODEL for a sentence-transformers model (a hub name or a local folder)"
        )
    return known[name]


def is_installed(entry: EncoderEntry) -> bool:
    """Tell whether the package (or both packages, for a combination) that carries an encoder is there."""
    packages = [part.strip() for part in entry.package.split(",")]
    return all(_distribution_exists(package) for package in packages)


def _distribution_exists(package: str) -> bool:
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def card(name: str) -> str:
    """Return the model card of one shipped encoder, in Markdown.

    Raises
    ------
    EncoderError
        If there is no encoder of that name.
    """
    return (models_dir() / f"{entry(name).name}.md").read_text(encoding="utf-8")


def _read(path: Path) -> EncoderEntry:
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    expected = {field.name for field in fields(EncoderEntry)}
    if set(values) != expected:
        odd = ", ".join(sorted(expected ^ set(values)))
        raise EncoderError(f"{path}: missing or unknown fields: {odd}")
    values["languages"] = tuple(values["languages"])
    return EncoderEntry(**values)


_UNMEASURED = (0.25, 0.08)


def noise_level(encoder: str, sentences: int = NOISE_MEASURED_ON) -> float:
    """Return the score below which an encoder's hits are noise, where so many sentences are searched.

    The level that the encoder's entry in `models/` has was measured on the seeds. The best score of a query
    that has no answer rises with the logarithm of the number of sentences, as the largest of many draws
    does, and the level with it: by `noise_growth` for every factor of ten (`bench/noise.py --texts`).

    For a model without an entry neither is known (measure them), and those are taken that suit multilingual
    encoders whose unrelated texts have cosines around 0.
    """
    known = entries()
    level, growth = _UNMEASURED
    if encoder in known:
        level, growth = known[encoder].noise, known[encoder].noise_growth
    return level + growth * max(0.0, math.log10(max(sentences, 1) / NOISE_MEASURED_ON))
