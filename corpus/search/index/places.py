"""In which documents sentences stand, by their `text_id`: to be asked again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.store.workspace import Workspace

_READ = 500_000  # sentences read together


@dataclass(frozen=True)
class Places:
    """Where the sentences of a workspace stand: twelve bytes each.

    Attributes
    ----------
    ids
        The `text_id` of every sentence, ascending.
    documents
        The number of the document that each stands in: the same shape.
    names
        The `doc_id` of each number.
    """

    ids: npt.NDArray[np.int64]
    documents: npt.NDArray[np.uint32]
    names: pl.Series

    def of(self, ids: Sequence[int]) -> pl.Series:
        """Return the documents that some sentences stand in, each once."""
        wanted = np.array(ids, np.int64)
        left, right = (np.searchsorted(self.ids, wanted, side=side) for side in ("left", "right"))
        rows = [self.documents[a:b] for a, b in zip(left.tolist(), right.tolist(), strict=True)]
        return self.names.gather(np.unique(np.concatenate([*rows, np.empty(0, np.uint32)])))


def read_places(workspace: Workspace) -> Places:
    """Read where the sentences of a workspace stand, some at a time."""
    ids = [np.empty(0, np.int64)]
    documents = [np.empty(0, np.uint32)]
    names = [pl.Series("doc_id", [], dtype=pl.String)]
    count = 0
    table = workspace.scan("sentences").select("doc_id", "text_id")
    for batch in table.collect_batches(chunk_size=_READ):
        # Rows of a document stand together; one that goes on in the next batch is there twice.
        run = batch["doc_id"].rle_id()
        ids.append(batch["text_id"].to_numpy())
        documents.append((run + count).cast(pl.UInt32).to_numpy())
        names.append(batch["doc_id"].filter(run.is_first_distinct()))
        count += len(names[-1])
    together = np.concatenate(ids)
    order = np.argsort(together, kind="stable")
    return Places(together[order], np.concatenate(documents)[order], pl.concat(names, rechunk=True))
