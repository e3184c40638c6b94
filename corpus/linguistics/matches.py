"""Where a pattern matches in a workspace: the places, and the sentences and beads around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from corpus.documents.subcorpus import sentence_batches
from corpus.store.schemas import SENTENCE

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.linguistics.patterns import Pattern
    from corpus.store.workspace import Workspace


MATCHES = pl.Schema(
    {
        "doc_id": pl.String,
        "version": pl.Int32,
        "sentence": pl.Int32,
        "quoted": pl.String,
        "form": pl.Int32,
        "from": pl.Int32,
        "to": pl.Int32,
    }
)
"""One row a match, by document, version, sentence and place. `form` numbers the pattern's forms; `from`
and `to` are code-point offsets into the sentence's text."""


def find_matches(
    workspace: Workspace,
    pattern: Pattern,
    versions: pl.DataFrame,
    *,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Find a pattern in the sentences of some versions.

    A match does not reach over the end of a sentence.

    Parameters
    ----------
    workspace
        Pinned, if it may be changed meanwhile.
    versions
        With `doc_id`, `version` and `quoted`.
    progress
        Called with how many sentences are done with, of how many.

    Returns
    -------
    polars.DataFrame
        `MATCHES`.
    """
    parts: list[pl.DataFrame] = []
    batches = sentence_batches(workspace, versions, ["text"], where=pattern.possible(), progress=progress)
    for batch in batches:
        rows = [
            (place, match.form, match.start, match.end)
            for place, text in enumerate(batch["text"])
            for match in pattern.matches(text)
        ]
        found = pl.DataFrame(
            rows,
            schema={"place": pl.UInt32, "form": pl.Int32, "from": pl.Int32, "to": pl.Int32},
            orient="row",
        )
        parts.append(
            batch.drop("text").with_row_index("place").join(found, on="place").select(MATCHES.names())
        )
    if not parts:
        return pl.DataFrame(schema=MATCHES)
    return pl.concat(parts).sort(*SENTENCE, "from")
