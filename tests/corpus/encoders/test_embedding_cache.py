"""Content-addressed embeddings: only what is new is encoded, and nothing that happens spoils them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.encoders.embedding_cache import EmbeddingCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Role, Vectors


@dataclass
class HashEncoder:
    """Unit vectors drawn from a digest of what was asked for; counts what it is asked."""

    name: str = "hash"
    version: str = "1"
    dim: int = 8
    languages: tuple[str, ...] = ()
    licence: str = "MIT"
    seen: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        self.seen += texts
        return self.vectors(texts, role, lang)

    def vectors(self, texts: Sequence[str], role: str = "passage", lang: str | None = None) -> Vectors:
        out = np.empty((len(texts), self.dim), dtype=np.float32)
        for i, text in enumerate(texts):
            key = f"{self.version} {role} {lang} {text}".encode("utf-8", "surrogatepass")
            seed = int.from_bytes(blake2b(key, digest_size=8).digest(), "little")
            out[i] = np.random.default_rng(seed).normal(size=self.dim)
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        return out

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        raise NotImplementedError


def test_a_second_run_encodes_only_what_is_new(tmp_path: Path) -> None:
    encoder = HashEncoder()
    first = EmbeddingCache(tmp_path, encoder).encode(["a", "b", "a"])
    assert first.new == 2
    again = EmbeddingCache(tmp_path, encoder)
    second = again.encode(["b", "c", "a", "c"])
    assert (second.new, len(again), encoder.seen) == (1, 3, ["a", "b", "c"])
    np.testing.assert_array_equal(second.vectors, encoder.vectors(["b", "c", "a", "c"]))


def test_role_language_and_version_are_kept_apart(tmp_path: Path) -> None:
    encoder = HashEncoder()
    cache = EmbeddingCache(tmp_path, encoder)
    settings_: list[tuple[Role, str | None]] = [("passage", None), ("query", None), ("passage", "zh")]
    for role, lang in settings_:
        assert cache.encode(["x"], role=role, lang=lang).new == 1
    for role, lang in settings_:
        found = cache.encode(["x"], role=role, lang=lang)
        np.testing.assert_array_equal(found.vectors, encoder.vectors(["x"], role, lang))
    assert EmbeddingCache(tmp_path, HashEncoder(version="2")).encode(["x"]).new == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.text(st.characters(codec=None), max_size=3), max_size=6), max_size=5))
def test_any_sequence_of_batches_gives_the_encoders_vectors(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]]
) -> None:
    encoder = HashEncoder()
    folder = tmp_path_factory.mktemp("cache")
    cache = EmbeddingCache(folder, encoder)
    for number, batch in enumerate(batches):
        if number % 2:
            rows, _ = cache.rows(batch)
            found = cache.matrix[rows]
        else:
            found = cache.encode(batch).vectors
        np.testing.assert_array_equal(found, encoder.vectors(batch))
    assert len(encoder.seen) == len(set(encoder.seen)) == len(EmbeddingCache(folder, encoder))


def test_progress_counts_what_is_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.encoders.embedding_cache._BATCH", 2)
    calls: list[tuple[int, int]] = []
    cache = EmbeddingCache(tmp_path, HashEncoder())
    cache.encode(["a"])
    texts = ["a", "b", "c", "d", "b"]
    found = cache.encode(texts, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(2, 3), (3, 3)]
    np.testing.assert_array_equal(found.vectors, HashEncoder().vectors(texts))


@pytest.mark.parametrize(("keys", "vectors"), [(7, 0), (0, 11), (16, 0), (7, 45)])
def test_half_written_rows_are_written_over(tmp_path: Path, keys: int, vectors: int) -> None:
    EmbeddingCache(tmp_path, HashEncoder()).encode(["a", "b"])
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    for name, size in (("keys", keys), ("vectors", vectors)):
        with (folder / name).open("ab") as file:
            file.write(b"\xff" * size)
    cache = EmbeddingCache(tmp_path, HashEncoder())
    assert len(cache) == 2
    assert cache.encode(["c", "a"]).new == 1
    np.testing.assert_array_equal(
        EmbeddingCache(tmp_path, HashEncoder()).encode(["a", "b", "c"]).vectors,
        HashEncoder().vectors(["a", "b", "c"]),
    )


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    cache = EmbeddingCache(blocked, HashEncoder())
    found = cache.encode(["a"])
    assert (found.new, len(cache)) == (1, 0)
    np.testing.assert_array_equal(found.vectors, HashEncoder().vectors(["a"]))
    with pytest.raises(OSError, match=r"."):
        cache.rows(["a"])


_WRITER = """
    import sys
    from pathlib import Path
    sys.path[:0] = {path!r}
    from test_embedding_cache import HashEncoder
    import corpus.encoders.embedding_cache as module
    module._BATCH = 5
    cache = module.EmbeddingCache(Path({folder!r}), HashEncoder())
    print("ready", flush=True)
    for first in range({first}, {last}, 10):
        cache.encode([str(i) for i in range(first, first + 20)])
"""


def _writer(folder: Path, first: int, last: int) -> subprocess.Popen[str]:
    here = Path(__file__).resolve()
    path = [str(here.parent), str(here.parents[3])]
    code = textwrap.dedent(_WRITER).format(path=path, folder=str(folder), first=first, last=last)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_two_writers_and_a_killed_one(tmp_path: Path) -> None:
    killed = _writer(tmp_path, 0, 10**9)
    others = [_writer(tmp_path, 0, 300), _writer(tmp_path, 100, 400)]
    assert killed.stdout is not None
    killed.stdout.readline()
    time.sleep(0.3)
    os.kill(killed.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    killed.wait()
    killed.stdout.close()
    for process in others:
        out, _ = process.communicate(timeout=60)
        assert (process.returncode, out) == (0, "ready\n")
    cache = EmbeddingCache(tmp_path, HashEncoder())
    texts = [str(i) for i in range(410)]
    found = cache.encode(texts)
    assert found.new == 0
    np.testing.assert_array_equal(found.vectors, HashEncoder().vectors(texts))
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    keys = np.fromfile(folder / "keys", dtype="V16")
    assert len(np.unique(keys)) == len(keys)


@pytest.mark.parametrize("name", ["vectors", "keys", "checksums"])
@pytest.mark.parametrize("how", ["flipped", "zeros", "negated", "truncated", "empty", "missing"])
def test_a_damaged_row_is_never_taken_for_a_vector(tmp_path: Path, name: str, how: str) -> None:
    texts = [f"text {number}" for number in range(9)]
    EmbeddingCache(tmp_path, HashEncoder()).encode(texts)
    (path,) = tmp_path.glob(f"*/{name}")
    data = path.read_bytes()
    middle = len(data) // 2
    altered = {
        "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "zeros": bytes(len(data)),
        "negated": (-np.frombuffer(data, np.float32)).tobytes(),
        "truncated": data[:-5],
        "empty": b"",
    }
    path.unlink() if how == "missing" else path.write_bytes(altered[how])
    encoder = HashEncoder()
    found = EmbeddingCache(tmp_path, encoder).encode(texts)
    np.testing.assert_array_equal(found.vectors, encoder.vectors(texts))
    assert 0 < found.new <= len(texts)
    after = HashEncoder()
    again = EmbeddingCache(tmp_path, after).encode(texts)
    np.testing.assert_array_equal(again.vectors, encoder.vectors(texts))
    assert again.new == 0
