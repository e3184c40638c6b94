"""The different texts of a workspace, each once, in the order of its tables, some at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from corpus.store.workspace import Workspace

_READ = 100_000  # sentences read together


def distinct_sentences(workspace: Workspace, ids: npt.NDArray[np.int64], size: int) -> Iterator[pl.DataFrame]:
    """Yield text_id, lang and text of some distinct sentences: of each, where it stands first.

    The table is read once, from its beginning to its end; what is held is the ids, and one part.

    Parameters
    ----------
    workspace
        Pinned, if it may be changed meanwhile.
    ids
        Their `text_id`, in any order; none twice. Those that stand nowhere are passed over.
    size
        How many to yield at a time; of the last, fewer.
    """
    wanted = np.sort(ids)
    seen = np.zeros(len(wanted), np.bool_)
    versions = workspace.scan("versions").select("doc_id", "version", "lang").collect()
    chosen = pl.LazyFrame({"text_id": wanted}, schema={"text_id": pl.Int64})
    table = (
        workspace.scan("sentences")
        .select("doc_id", "version", "text_id", "text", "quoted")
        .join(chosen, on="text_id", how="semi", maintain_order="left")
    )
    held: list[pl.DataFrame] = []
    count = 0
    for batch in table.collect_batches(chunk_size=_READ):
        places = np.searchsorted(wanted, batch["text_id"].to_numpy())
        places, first = np.unique(places, return_index=True)
        first = np.sort(first[~seen[places]])
        seen[places] = True
        part = batch[first].join(versions, on=["doc_id", "version"], maintain_order="left")
        held.append(part.select("text_id", pl.coalesce("quoted", "lang").alias("lang"), "text"))
        count += len(part)
        while count >= size:
            together = pl.concat(held)
            yield together.head(size)
            held, count = [together.slice(size)], count - size
    if count:
        yield pl.concat(held)
