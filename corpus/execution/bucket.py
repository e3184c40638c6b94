"""Results of shards in an object store: for workers that share no file system with the command (S3, GCS, …).

Nothing is renamed there, since object stores cannot: a result is whole once the list of its files is there,
which is written last.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

ABOUT = "about.json"
"""The list of a result's files: where it is, the result is whole."""

VARIABLE = "DUIZHAO_SHARDS"
"""The environment variable that says where results of shards go instead of the workspace: a URL that fsspec
knows, as ``s3://bucket/folder``."""


def chosen(stage: str) -> Bucket | None:
    """Return where results of a stage go, if the environment says so."""
    url = os.environ.get(VARIABLE, "").strip()
    return Bucket(f"{url.rstrip('/')}/{stage}") if url else None


@dataclass(frozen=True, slots=True)
class Bucket:
    """A folder of results in an object store.

    Attributes
    ----------
    url
        Of the folder. What else is needed to reach it, each machine has.
    """

    url: str

    def __str__(self) -> str:
        """Return the URL."""
        return self.url

    def ensure(self) -> None:
        """Raise CorpusError if the store cannot be written from this machine."""
        files, root = self._files()
        try:
            files.makedirs(root, exist_ok=True)
        except Exception as error:  # each store has its own
            raise CorpusError(f"{VARIABLE}: {self.url}: {error}") from None

    def holds(self, digest: str) -> bool:
        """Whether a result is there."""
        files, root = self._files()
        return bool(files.exists(f"{root}/{digest}/{ABOUT}"))

    def store(self, digest: str, write: Callable[[Path], None]) -> None:
        """Have a result written into a folder of this machine, and bring it there."""
        files, root = self._files()
        with tempfile.TemporaryDirectory() as name:
            write(Path(name))
            files.makedirs(f"{root}/{digest}", exist_ok=True)
            for path in sorted(Path(name).iterdir(), key=lambda path: path.name == ABOUT):
                files.put_file(str(path), f"{root}/{digest}/{path.name}")

    def read(self, digest: str, name: str) -> bytes:
        """Read a file of a result, or raise OSError."""
        files, root = self._files()
        data: bytes = files.cat_file(f"{root}/{digest}/{name}")
        return data

    def remove(self, digest: str) -> None:
        """Remove a result."""
        files, root = self._files()
        with suppress(OSError):
            files.rm(f"{root}/{digest}", recursive=True)

    def _files(self) -> tuple[Any, str]:
        try:
            # Listings are not kept: other machines write.
            found: tuple[Any, str] = import_module("fsspec.core").url_to_fs(
                self.url, use_listings_cache=False
            )
        except ImportError as error:
            reason = "pip install 'duizhao[ray]'" if error.name == "fsspec" else error
            raise CorpusError(f"{VARIABLE}: {self.url} needs a package: {reason}") from None
        except ValueError as error:
            raise InputError(f"{VARIABLE}: {self.url}: {error}") from None
        return found
