"""A workspace's index: every distinct sentence by its words and by its vector, kept in step with the tables.

In the workspace, of segment N (`corpus.search.index.segment`): the folder ``rows-N``, the file ``index-N``,
and for all of them ``removed``, the sentences that are gone. All of it is made from the tables and can be
made again.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.base.errors import CorpusWarning, WorkspaceError
from corpus.documents.distinct import distinct_sentences
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.execution import bucket
from corpus.search.index import vector_index
from corpus.search.index.differences import TABLES, Known, among, differences, held_ids, wanted_ids, without
from corpus.search.index.encoding import encode
from corpus.search.index.filling import KIND, ROWS, STAGE, VECTORS, filled, vectors_of
from corpus.search.index.segment import FULL, Ids, Segment, to_merge, write_rows
from corpus.search.index.stores import base as stores
from corpus.store.verified import ensure_whole
from corpus.store.workspace import EMBEDDINGS
from corpus.text import tokens

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.base.progress import Progress
    from corpus.execution.executor import Executor
    from corpus.store.state import State
    from corpus.store.transaction import Change
    from corpus.store.workspace import Workspace


DICTIONARY = "dictionary.txt"
"""A file in a workspace's folder: Chinese words to keep whole (`corpus.text.tokens.tokenise`)."""

_SENTENCES = {"text_id": pl.Int64, "lang": pl.String, "text": pl.String}


@dataclass(frozen=True, slots=True)
class Update:
    """An index in step with the tables.

    Attributes
    ----------
    segments
        The oldest, and largest, first.
    encoded
        How many sentences had to be encoded for it; vectors that were made before are kept and reused.
    """

    segments: tuple[Segment, ...]
    encoded: int


def update_index(
    workspace: Workspace,
    encoder: Encoder | None,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Update:
    """Bring the index of a workspace in step with its tables: add what is new, remove what is gone.

    An interruption keeps what is encoded by then.

    Parameters
    ----------
    workspace
        Its distinct sentences are indexed, by `text_id`.
    encoder
        Makes the vectors; similarity is their inner product. Vectors that another encoder, or another
        version of it, made are made anew. None leaves vectors as they are and updates words only.
    executor
        Whose workers encode, in shards (`corpus.encoders.shards`), and make the segments where there are
        several (`corpus.search.index.filling`); None does all here.
    progress
        Called with how many sentences of those missing are done.

    Raises
    ------
    WorkspaceError
        If the index cannot be written, or a store that holds vectors of it does not answer.
    CorpusError
        If the environment names a store of vectors that is not known or not installed.
    InputError
        If the workspace's dictionary of Chinese words is damaged.

    Warns
    -----
    CorpusWarning
        If a file of the index was damaged or lost, and is made again.
    """
    stores.chosen()
    dictionary = _dictionary(workspace)
    cut_by = tokens.version(dictionary)
    known: Known = {}
    if (segments := _up_to_date(workspace, encoder, cut_by, known)) is not None:
        return Update(segments, 0)
    if lacking := _damage(workspace, encoder):
        warnings.warn(f"{lacking}; made again of the texts", CorpusWarning, stacklevel=2)
    encoded = 0
    if encoder is not None:  # before anything is locked: this is what takes long
        pinned = workspace.pin()
        encoded = encode(pinned, _to_encode(pinned, encoder, cut_by, known), encoder, executor, progress)
    with workspace.change() as change:
        before = _places(workspace, change.before)
        try:
            _Builder(workspace, change, encoder, dictionary, cut_by, executor).build(known)
        except (OSError, RuntimeError) as error:  # FAISS raises the latter where it cannot write
            reason = re.findall(r"\(([^()]+)\)$", str(error)) or [error]
            msg = (
                f"cannot write the index in {workspace.path}: {reason[0]}; the workspace is as it was before"
            )
            raise WorkspaceError(msg) from None
    # What is replaced now may be in use: it goes when the index is next changed.
    stores.clear(before, [one.table for one in (*before, *_places(workspace, workspace.state()))])
    return Update(_open(workspace, workspace.state(), encoder), encoded)


def open_index(workspace: Workspace, encoder: Encoder | None) -> tuple[Segment, ...]:
    """Open the index as it is: the segments that are whole, with vectors of this encoder if one is given.

    Warns
    -----
    CorpusWarning
        If a file of the index is damaged or lost, so that sentences are not found.
    """
    if lacking := _damage(workspace, encoder):
        warnings.warn(f"{lacking}; not all texts are searched", CorpusWarning, stacklevel=2)
    found = _open(workspace, workspace.state(), encoder)
    return found if encoder is None else tuple(segment for segment in found if _readable(segment))


def count_missing(workspace: Workspace) -> int:
    """Return how many distinct sentences are in no segment yet; no encoder is needed to know."""
    held = held_ids(_open(workspace, workspace.state(), None))
    return len(without(wanted_ids(workspace), held))


def _dictionary(workspace: Workspace) -> Path | None:
    file = workspace.path / DICTIONARY
    return file if file.exists() else None


def _numbers(state: State) -> list[int]:
    return sorted(int(name.removeprefix("rows-")) for name in state.files if name.startswith("rows-"))


def _name(kind: str, number: int) -> str:
    return f"{kind}-{number:06d}"


def _made_by(encoder: Encoder) -> dict[str, Any]:
    return {"encoder": encoder.name, "version": encoder.version}


def _has_vectors(state: State, number: int, encoder: Encoder) -> bool:
    about = state.about.get(_name("index", number), {})
    return all(about.get(key) == value for key, value in _made_by(encoder).items())


def _open(workspace: Workspace, state: State, encoder: Encoder | None) -> tuple[Segment, ...]:
    """Open the segments whose words are there, with their vectors if this encoder made them."""
    gone = _removed(workspace, state)
    found = []
    for number in _numbers(state):
        folder = _whole(workspace, state, _name("rows", number))
        vectors = None
        if encoder is not None and _has_vectors(state, number, encoder):
            vectors = _whole(workspace, state, _name("index", number))
        if folder is not None and _has_words(segment := Segment(number, folder, vectors, gone)):
            found.append(segment)
    return tuple(found)


def _whole(workspace: Workspace, state: State, name: str) -> Path | None:
    """Return a file of the index; None if it is not there, or not what was written."""
    if (stored := state.files.get(name)) is None:
        return None
    try:
        ensure_whole(workspace.path, stored)
    except WorkspaceError:
        return None
    return workspace.path / stored.file


def _damage(workspace: Workspace, encoder: Encoder | None) -> str:
    """Say what of the index that was made for the texts as they are is not there now; empty if all is."""
    state = workspace.state()
    names = [_name("rows", number) for number in _numbers(state)]
    if encoder is not None:
        names += [_name("index", n) for n in _numbers(state) if _has_vectors(state, n, encoder)]
    names += ["removed"] if "removed" in state.files else []
    damaged = [name for name in names if _whole(workspace, state, name) is None]
    if damaged:
        return f"{workspace.path}: damaged or lost of the index: {', '.join(damaged)}"
    noted = state.about.get("removed", {})
    if noted.get("tables") != state.files_digest(*TABLES) or "sentences" not in noted:
        return ""  # texts were added or removed since
    rows = _row_count(_open(workspace, state, None))
    return (
        ""
        if rows == noted["sentences"]
        else (
            f"{workspace.path}: the index holds {rows} of the {noted['sentences']} sentences it was made of"
        )
    )


def _places(workspace: Workspace, state: State) -> list[stores.Place]:
    """Return where vectors are that are in no file of the workspace."""
    indexes = [name for name in state.files if name.startswith("index-")]
    named = [name for name in indexes if state.files[name].file.endswith(".json")]
    files = [_whole(workspace, state, name) for name in named]
    return [stores.read_place(file) for file in files if file is not None]


def _row_count(segments: tuple[Segment, ...]) -> int:
    """Return how many distinct sentences are in an index; what is in `removed` stands in some segment."""
    return sum(len(one.ids) for one in segments) - (len(segments[0].removed) if segments else 0)


def _removed(workspace: Workspace, state: State) -> Ids:
    file = _whole(workspace, state, "removed")
    try:
        return np.empty(0, np.int64) if file is None else pl.read_parquet(file)["text_id"].to_numpy()
    except (OSError, pl.exceptions.PolarsError):  # what is gone is then seen from the tables again
        return np.empty(0, np.int64)


def _up_to_date(
    workspace: Workspace, encoder: Encoder | None, cut_by: str, known: Known
) -> tuple[Segment, ...] | None:
    """Return the segments if nothing is to be done, else None."""
    state = workspace.state()
    about = state.about.get("removed", {})
    segments = _open(workspace, state, encoder)
    if len(segments) < len(_numbers(state)) or about.get("cut_by") != cut_by:
        return None
    if "removed" in state.files and _whole(workspace, state, "removed") is None:
        return None
    if encoder is not None and not all(_readable(segment) for segment in segments):
        return None
    if about.get("tables") == state.files_digest(*TABLES) and about.get("sentences") == _row_count(segments):
        return segments
    new, gone = differences(workspace, segments, known)
    return None if len(new) or len(gone) else segments


def _has_words(segment: Segment) -> bool:
    """Whether a segment's rows and words are there and whole (what is damaged is made anew)."""
    try:
        return segment.words.size == len(segment.ids)
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return False


def _readable(segment: Segment) -> bool:
    """Whether a segment's vectors are there and whole."""
    try:
        return segment.vectors is not None and segment.dense.ntotal == len(segment.ids)
    except (RuntimeError, OSError):
        return False


def _sentences(workspace: Workspace, ids: Ids) -> pl.DataFrame:
    """Return text_id, lang and text of distinct sentences, in the order of the tables."""
    return next(distinct_sentences(workspace, ids, max(len(ids), 1)), pl.DataFrame(schema=_SENTENCES))


def _to_encode(workspace: Workspace, encoder: Encoder, cut_by: str, known: Known) -> Ids:
    """Return the sentences whose vectors will be needed and may not be kept yet."""
    state = workspace.state()
    segments = _open(workspace, state, encoder)
    if state.about.get("removed", {}).get("cut_by") != cut_by:
        segments = ()
    whole = tuple(segment for segment in segments if _readable(segment))
    return differences(workspace, whole, known)[0]


class _Builder:
    """Makes what a change of the index needs, with the workspace locked."""

    def __init__(
        self,
        workspace: Workspace,
        change: Change,
        encoder: Encoder | None,
        dictionary: Path | None,
        cut_by: str,
        executor: Executor | None = None,
    ) -> None:
        self._workspace = workspace
        self._change = change
        self._encoder = encoder
        self._dictionary = dictionary
        self._cut_by = cut_by
        self._executor = executor
        self._cache = None if encoder is None else EmbeddingCache(workspace.path / EMBEDDINGS, encoder)

    def build(self, known: Known) -> None:
        """Look again at what is missing, now that nobody else can change it, and make it."""
        state = self._change.before
        present = _open(self._workspace, state, self._encoder)
        kept = present if state.about.get("removed", {}).get("cut_by") == self._cut_by else ()
        new, gone = differences(self._workspace, kept, known)
        held = np.concatenate([one.ids for one in kept]) if kept else np.empty(0, np.int64)
        # What was removed from a segment that is lost is in no segment any more: it is new again.
        before = among(kept[0].removed, held) if kept else held
        # A sentence that comes back is still in its segment: it is seen again.
        new, removed = without(new, before), np.concatenate([without(before, new), gone])
        kept = tuple(Segment(one.number, one.folder, one.vectors, removed) for one in kept)
        merged = to_merge(kept, len(new))
        for number in _numbers(state):
            if number not in {one.number for one in kept if one not in merged}:
                self._change.drop_file(_name("rows", number))
                self._change.drop_file(_name("index", number))
        kept = tuple(one for one in kept if one not in merged)
        ids = np.concatenate([new, held_ids(tuple(merged))])
        self._add_all(max(_numbers(state), default=0) + 1, ids)
        if self._encoder is not None:
            for segment in kept:
                if not _readable(segment):
                    self._put_vectors(segment.number, segment.ids)
        rows = np.concatenate([one.ids for one in kept]) if kept else np.empty(0, np.int64)
        removed = among(removed, rows)
        self._put_removed(removed, len(rows) + len(ids) - len(removed))

    def _add_all(self, first: int, ids: Ids) -> None:
        """Add segments of sentences, numbered from the first on."""
        parts = distinct_sentences(self._workspace, ids, FULL) if len(ids) else iter(())
        executor = None if stores.chosen() or bucket.chosen(STAGE) else self._executor
        if executor is None or len(ids) <= FULL:
            for number, part in enumerate(parts, start=first):
                self._add(number, part)
            return
        made = filled(self._workspace, parts, executor, self._encoder, self._dictionary, self._cut_by)
        for number, (rows, place) in enumerate(made, start=first):
            (place / ROWS).rename(self._change.new_path(_name("rows", number), "", {"rows": rows}))
            if self._encoder is not None:
                about = {"kind": (place / KIND).read_text("utf-8"), "vectors": rows}
                about = _made_by(self._encoder) | about
                (place / VECTORS).rename(self._change.new_path(_name("index", number), "faiss", about))

    def _add(self, number: int, sentences: pl.DataFrame) -> None:
        folder = self._change.new_path(_name("rows", number), "", {"rows": len(sentences)})
        write_rows(folder, sentences, self._dictionary)
        if self._encoder is not None:
            self._put_vectors(number, sentences["text_id"].to_numpy(), sentences)

    def _put_vectors(self, number: int, ids: Ids, sentences: pl.DataFrame | None = None) -> None:
        """Make the FAISS index of a segment's rows; of a sentence that is gone, the vector is zeros."""
        encoder, cache = self._encoder, self._cache
        assert encoder is not None
        assert cache is not None
        if sentences is None:
            sentences = pl.DataFrame({"text_id": ids}).join(
                _sentences(self._workspace, ids), on="text_id", how="left", maintain_order="left"
            )
        vectors = vectors_of(cache, sentences, encoder.dim)
        if (store := stores.chosen()) is not None:
            place = stores.new_place(
                self._workspace.path, store, _places(self._workspace, self._change.before)
            )
            kind = place.backend.put(place, vectors, len(ids), encoder.dim)
            about = _made_by(encoder) | {"kind": kind, "vectors": len(ids)}
            stores.write_place(place, self._change.new_path(_name("index", number), "json", about), len(ids))
            return
        index = vector_index.build(vectors, len(ids), encoder.dim)
        about = _made_by(encoder) | {"kind": vector_index.kind(index), "vectors": len(ids)}
        vector_index.write(index, self._change.new_path(_name("index", number), "faiss", about))

    def _put_removed(self, removed: Ids, sentences: int) -> None:
        data = io.BytesIO()
        pl.DataFrame({"text_id": removed}, schema={"text_id": pl.Int64}).write_parquet(data)
        about = {
            "tables": self._change.before.files_digest(*TABLES),
            "cut_by": self._cut_by,
            "sentences": sentences,
        }
        self._change.put_file("removed", "parquet", data.getvalue(), about)
