"""Embeddings kept on disk by the text they are of, so that a text is encoded once.

Three files a model: `keys`, 16 bytes a text (a digest of role, language and text), `vectors`, one row of
float32 numbers for each, and `checksums`, four bytes for each. All only grow. A row counts once its key is
complete, and keys are written after the others have reached the disk, so a process killed at any moment
leaves at worst rows without a key, which the next writer overwrites; the file `appending` holds the count of
rows before, and is there until all three are whole. Writers take turns by a lock held for
the appending only; readers take none. A row is compared with its checksum whenever it is used: one that is
damaged is encoded again and put in its place.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from corpus.store.row_checksums import APPENDING, row_checksums

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from align.encoder import Encoder, Role, Vectors
    from corpus.base.progress import Progress

Rows = npt.NDArray[np.int64]
_Words = npt.NDArray[np.uint64]

_KEY_BYTES = 16
# Texts encoded, then stored, at a time: what a killed process loses, and what is held in memory.
_BATCH = 4096
_LOCK_SECONDS = 60


class Cached(NamedTuple):
    """Embeddings, and how many of them had to be made.

    Attributes
    ----------
    vectors
        Shape (n, dim), float32, in the order of the texts.
    new
        How many different texts were encoded now; the others were known.
    """

    vectors: Vectors
    new: int


class CachedRows(NamedTuple):
    """Where embeddings are in `EmbeddingCache.matrix`, and how many of them had to be made."""

    rows: Rows
    new: int


@dataclass(frozen=True)
class _Index:
    """Known keys: their first words in order, with the second word and the row of each."""

    first: _Words
    second: _Words
    row: Rows

    @classmethod
    def of(cls, keys: _Words, row: int = 0) -> _Index:
        order = np.argsort(keys[:, 0], kind="stable")
        return cls(keys[order, 0], keys[order, 1], order + row)

    def joined(self, other: _Index) -> _Index:
        places = np.searchsorted(self.first, other.first)
        return _Index(
            np.insert(self.first, places, other.first),
            np.insert(self.second, places, other.second),
            np.insert(self.row, places, other.row),
        )

    def find(self, keys: _Words) -> Rows:
        """Return the row of each key, -1 where it is not known."""
        rows = np.full(len(keys), -1, dtype=np.int64)
        left = np.arange(len(keys))
        places = np.searchsorted(self.first, keys[:, 0])
        while len(left):  # once, but where two keys begin alike: that of a text, and one that is damaged
            inside = places < len(self.first)
            left, places = left[inside], places[inside]
            alike = self.first[places] == keys[left, 0]
            left, places = left[alike], places[alike]
            known = self.second[places] == keys[left, 1]
            rows[left[known]] = self.row[places[known]]
            left, places = left[~known], places[~known] + 1
        return rows


class EmbeddingCache:
    """Embeddings of one encoder, kept in a folder that several encoders may share.

    Safe against being killed, and for several processes at a time; within a process, for one thread.

    Parameters
    ----------
    folder
        Where they are kept; made when there is something to keep.
    encoder
        What makes them. Its name, version and dimension choose the sub-folder: vectors of two versions
        are never mixed.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        identity = {"name": encoder.name, "version": encoder.version, "dim": encoder.dim, "layout": 1}
        self._identity = json.dumps(identity, sort_keys=True, ensure_ascii=False)
        slug = re.sub(r"[^\w.+-]+", "_", encoder.name)[:40]
        self._folder = folder / f"{slug}-{blake2b(self._identity.encode(), digest_size=6).hexdigest()}"
        self._keys = self._folder / "keys"
        self._vectors = self._folder / "vectors"
        self._checksums = self._folder / "checksums"
        self._sums = np.zeros(0, dtype=np.uint32)
        self._index = _Index.of(np.zeros((0, 2), dtype=np.uint64))
        self._count = 0
        self._refresh()

    def __len__(self) -> int:
        return self._count

    @property
    def matrix(self) -> Vectors:
        """All embeddings kept, mapped read-only: shape (len(self), dim), float32."""
        if not self._count:
            return np.zeros((0, self._encoder.dim), dtype=np.float32)
        shape = (self._count, self._encoder.dim)
        return np.memmap(self._vectors, dtype=np.float32, mode="r", shape=shape)

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role = "passage",
        lang: str | None = None,
        progress: Progress | None = None,
    ) -> Cached:
        """Embed texts, encoding only those not met before.

        Parameters
        ----------
        texts
            n texts.
        role, lang
            As for `align.encoder.Encoder.encode`; the same text in another role or language is another.
        progress
            Called after every batch with the number of texts encoded and of those to be encoded.

        Returns
        -------
        Cached
            Vectors of shape (n, dim), and how many texts were encoded.

        Notes
        -----
        Where the folder cannot be written, the texts are encoded and not kept.
        """
        try:
            rows, new = self.rows(texts, role=role, lang=lang, progress=progress)
        except OSError:
            return Cached(self._encoder.encode(texts, role=role, lang=lang), len(set(texts)))
        return Cached(self.matrix[rows], new)

    def rows(
        self,
        texts: Sequence[str],
        *,
        role: Role = "passage",
        lang: str | None = None,
        progress: Progress | None = None,
    ) -> CachedRows:
        """Embed texts and return where in `matrix` they are, without holding their vectors in memory.

        Parameters
        ----------
        texts
            n texts.
        role, lang, progress
            As for `encode`.

        Returns
        -------
        CachedRows
            Row numbers, shape (n,), int64, and how many texts were encoded.

        Raises
        ------
        OSError
            If the folder cannot be written and there is something new.
        """
        keys = _digests(texts, role, lang)
        known = self._find_whole(keys)
        missing = np.flatnonzero(known < 0)
        _, first = np.unique(keys[missing], axis=0, return_index=True)
        # In the order of the texts, not of their digests: neighbours on disk are then neighbours in the text.
        chosen = missing[np.sort(first)]
        for start in range(0, len(chosen), _BATCH):
            batch = chosen[start : start + _BATCH]
            vectors = self._encoder.encode([texts[int(i)] for i in batch], role=role, lang=lang)
            self._append(keys[batch], vectors)
            if progress is not None:
                progress(start + len(batch), len(chosen))
        return CachedRows(self._index.find(keys) if len(chosen) else known, len(chosen))

    def missing(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> list[str]:
        """Return the texts that `rows` would encode, each once, in order."""
        keys = _digests(texts, role, lang)
        unknown = np.flatnonzero(self._find_whole(keys) < 0)
        _, first = np.unique(keys[unknown], axis=0, return_index=True)
        return [texts[int(i)] for i in unknown[np.sort(first)]]

    def put(
        self, texts: Sequence[str], vectors: Vectors, *, role: Role = "passage", lang: str | None = None
    ) -> None:
        """Keep embeddings that the encoder made elsewhere.

        Parameters
        ----------
        texts, role, lang
            n texts, none twice, as they were encoded.
        vectors
            Shape (n, dim), float32.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        self._append(_digests(texts, role, lang), vectors)

    def _find_whole(self, keys: _Words) -> Rows:
        """Return the row of each key, -1 where it is not known or its vector is damaged."""
        rows = self._index.find(keys)
        known = np.flatnonzero(rows >= 0)
        matrix = self.matrix
        for start in range(0, len(known), _BATCH):
            part = known[start : start + _BATCH]
            sums = row_checksums(keys[part], matrix[rows[part]])
            rows[part[sums != self._sums[rows[part]]]] = -1
        return rows

    def _refresh(self) -> None:
        """Take up what has been added to the files since they were last looked at, by whomever."""
        try:
            size = min(
                self._keys.stat().st_size // _KEY_BYTES,
                self._vectors.stat().st_size // (4 * self._encoder.dim),
                self._checksums.stat().st_size // 4,
            )
        except OSError:
            return
        if size > self._count:
            with self._keys.open("rb") as file:
                file.seek(self._count * _KEY_BYTES)
                data = file.read((size - self._count) * _KEY_BYTES)
            keys = np.frombuffer(data, dtype="<u8").reshape(-1, 2)
            sums = np.fromfile(self._checksums, dtype="<u4", count=len(keys), offset=4 * self._count)
            self._sums = np.concatenate([self._sums, sums])
            self._index = self._index.joined(_Index.of(keys, self._count))
            self._count += len(keys)

    def _append(self, keys: _Words, vectors: Vectors) -> None:
        """Add rows, but for those that another process has added meanwhile; put damaged ones right."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "lock", timeout=_LOCK_SECONDS):
            self._refresh()
            places = self._index.find(keys)
            fresh = places < 0
            sums = row_checksums(keys, vectors)
            row = 4 * self._encoder.dim
            for at in np.flatnonzero(~fresh & (self._find_whole(keys) < 0)):
                place = int(places[at])
                _write_at(self._vectors, place * row, np.ascontiguousarray(vectors[at], "<f4").tobytes())
                _write_at(self._checksums, place * 4, sums[at : at + 1].astype("<u4").tobytes())
                self._sums[place] = sums[at]
            if not fresh.any():
                return
            about = self._folder / "encoder.json"
            if not about.exists():
                draft = about.with_suffix(".part")  # a full disk or a kill leaves no half of it
                draft.write_text(self._identity + "\n", encoding="utf-8")
                draft.replace(about)
            begun = self._folder / APPENDING
            begun.write_text(f"{self._count}\n", encoding="ascii")
            for path, size, rows in (
                (self._vectors, row, vectors[fresh].astype("<f4")),
                (self._checksums, 4, sums[fresh].astype("<u4")),
                (self._keys, _KEY_BYTES, keys[fresh].astype("<u8")),
            ):
                _write_at(path, self._count * size, np.ascontiguousarray(rows).tobytes(), ends=True)
            begun.unlink()
            self._refresh()


def _write_at(path: Path, offset: int, data: bytes, *, ends: bool = False) -> None:
    """Write at a place in a file, cut off what a killed process left if it ends there; see it to the disk."""
    path.touch()
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)
        if ends:
            file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _digests(texts: Sequence[str], role: Role, lang: str | None) -> _Words:
    """Return the keys of texts: shape (n, 2), two words each."""
    head = f"{role}\0{lang or ''}\0".encode()
    digests = (
        blake2b(head + text.encode("utf-8", "surrogatepass"), digest_size=_KEY_BYTES).digest()
        for text in texts
    )
    return np.frombuffer(b"".join(digests), dtype="<u8").reshape(-1, 2).astype(np.uint64)
