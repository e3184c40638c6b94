"""Which words each version holds, and how often: counted when a document is read, and summed when asked.

A row of the table `counts` is of what of a version is in one language. Documents that were read before there
was such a table, or whose words another version of the rules cut, are counted when they are first asked for.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.base.errors import WorkspaceError
from corpus.documents.subcorpus import sentence_batches
from corpus.store.schemas import PART, SCHEMAS, frame
from corpus.text.tokens import tokenise, word_form
from corpus.text.tokens import version as tokens_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corpus.base.progress import Progress
    from corpus.store.transaction import Change
    from corpus.store.workspace import Workspace

NAME = "counts"
"""The table, and the note of which rules cut the words that are counted in it."""

_BEFORE = "wordcounts"  # a file that held the sums only
_BATCH = 20_000


def count_words(texts: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Count the words of sentences: the columns of `counts` that say how many and which.

    Parameters
    ----------
    texts
        The language and the text of each.
    """
    forms: Counter[str] = Counter()
    sentences = 0
    for lang, text in texts:
        forms.update(map(word_form, tokenise(text, lang)))
        sentences += 1
    return {
        "sentences": sentences,
        "words": forms.total(),
        "forms": list(forms),
        "times": list(forms.values()),
    }


def put_counts(change: Change, replaced: Iterable[str], rows: pl.DataFrame) -> None:
    """Put the counts of documents in place of those that there are of some.

    All that other rules counted goes.
    """
    made_by = {"tokens": tokens_version()}
    if change.before.about.get(NAME) != made_by:
        change.put_table(NAME, frame(NAME, []))
        change.note(NAME, made_by)
        change.drop_file(_BEFORE)
    change.replace(NAME, replaced, rows)


def word_counts(
    workspace: Workspace, versions: pl.DataFrame, *, progress: Progress | None = None
) -> pl.LazyFrame:
    """Return the rows of `counts` for some versions.

    What was not counted yet is, and is kept for the next time; a workspace that cannot be written is
    counted again each time. An interruption keeps what is counted by then.

    Parameters
    ----------
    workspace
        Pinned, if it may be changed meanwhile.
    versions
        With doc_id, version, quoted and lang.
    progress
        Called with how many sentences are counted.
    """
    documents = workspace.scan("documents").select("doc_id", "fingerprint").collect()
    wanted = versions.select(*PART, "lang").join(documents, on="doc_id")
    missing = wanted.join(_kept(workspace, wanted), on=PART, how="anti", nulls_equal=True)
    if missing.is_empty():
        return _of(workspace, wanted)
    unkept = [rows for rows in _counted(workspace, missing, progress) if not _keep(workspace, rows)]
    # What is read may be pinned to a state of before they were kept.
    now = type(workspace)(workspace.path).pin()
    kept = _kept(now, wanted)
    there = [_of(now, wanted)] if len(kept) else []
    return pl.concat([*there, *(rows.lazy() for rows in unkept), frame(NAME, []).lazy()])


def _of(workspace: Workspace, wanted: pl.DataFrame) -> pl.LazyFrame:
    """Return the counts of parts of documents, by the documents' fingerprints."""
    if workspace.state().about.get(NAME) != {"tokens": tokens_version()}:
        return frame(NAME, []).lazy()
    return workspace.scan(NAME).join(
        wanted.lazy().select(*PART, "fingerprint"), on=[*PART, "fingerprint"], how="semi", nulls_equal=True
    )


def _kept(workspace: Workspace, wanted: pl.DataFrame) -> pl.DataFrame:
    """Return which of some parts of documents are counted; none where the table is damaged."""
    try:
        return _of(workspace, wanted).select(PART).collect()
    except (OSError, WorkspaceError, pl.exceptions.PolarsError):
        return pl.DataFrame(schema={name: SCHEMAS[NAME][name] for name in PART})


def _is_damaged(workspace: Workspace) -> bool:
    """Whether a file of the table is lost or damaged."""
    try:
        workspace.scan(NAME)
    except WorkspaceError:
        return True
    return False


def _counted(
    workspace: Workspace, versions: pl.DataFrame, progress: Progress | None
) -> Iterator[pl.DataFrame]:
    """Yield the counts of versions, some documents at a time."""
    # A document of which one part is to be counted is counted whole.
    every = versions.join(versions.select("doc_id").unique(), on="doc_id", how="semi")
    whole = pl.DataFrame()
    left = every
    for batch in sentence_batches(workspace, every, ["text"], size=_BATCH, progress=progress):
        rows = batch.join(every, on=PART, nulls_equal=True, maintain_order="left")
        whole = pl.concat([whole, rows]) if len(whole) else rows
        # Rows of a document stand together: all but the last one's are there.
        last = pl.col("doc_id") == whole["doc_id"][-1]
        done, whole = whole.filter(~last), whole.filter(last)
        if len(done):
            yield _rows(done)
            left = left.join(done, on="doc_id", how="anti")
    if len(whole):
        yield _rows(whole)
        left = left.join(whole, on="doc_id", how="anti")
    # A version without text is counted, too: it holds nothing.
    if len(left):
        yield frame(NAME, [{**row, **count_words(())} for row in left.drop("lang").to_dicts()])


def _rows(sentences: pl.DataFrame) -> pl.DataFrame:
    """Return the counts of whole documents, by their sentences."""
    columns = [*PART, "fingerprint", "lang", "text"]
    ordered = sentences.select(columns).sort(PART, maintain_order=True).iter_rows()
    return frame(
        NAME,
        [
            dict(zip(columns[:4], key, strict=True)) | count_words(row[4:] for row in rows)
            for key, rows in groupby(ordered, key=itemgetter(0, 1, 2, 3))
        ],
    )


def _keep(workspace: Workspace, counts: pl.DataFrame) -> bool:
    """Keep counts in a workspace; return whether that could be."""
    current = type(workspace)(workspace.path)  # what is read may be pinned, which is not to be changed from
    try:
        with current.change() as change:
            if _is_damaged(current):
                change.put_table(NAME, frame(NAME, []))
            put_counts(change, counts["doc_id"].unique(), counts)
    except WorkspaceError:
        return False
    return True
