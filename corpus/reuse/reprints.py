"""Reprints: passages that stand in several documents, word for word or lightly edited, in order of time.

News agencies repeat themselves, and newspapers repeat them. Sentences are compared by the character
n-grams they have in common (Jaccard: of those in either, the share in both). MinHash signatures, banded
(Broder 1997, "On the resemblance and containment of documents"; Leskovec, Rajaraman & Ullman 2014, "Mining of
massive datasets", 3.4), propose pairs; each is then measured exactly. Nothing is removed from the corpus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.base.errors import CorpusError
from corpus.reuse.figures import figures
from corpus.reuse.minhash import (
    _LETTERS,
    _ROWS,
    _SHORTEST,
    _SIGNS,
    LEAST,
    _Places,
    _proposed,
    signatures,
    similarity,
)
from corpus.store.schemas import BANDS, frame

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.store.state import State
    from corpus.store.workspace import Workspace


THRESHOLD = 0.7
"""The similarity from which two sentences count as one text reprinted, unless another is asked for.

A sentence of 25 Chinese characters in which a word of two is replaced is 0.78 similar to what it was; one
of 100 letters in which a word of six is, 0.83."""

_BATCH = 50_000  # texts compared, then stored, at a time
_COMPARED = "compared"
_PARAMETERS = f"{BANDS}x{_ROWS} {_LETTERS}/{_SIGNS} {_SHORTEST[True]}/{_SHORTEST[False]}"


def update_reprints(workspace: Workspace, *, progress: Progress | None = None) -> int:
    """Compare the sentences that were not compared yet with all others.

    Works in batches, each stored when it is done; nothing is locked while sentences are compared.

    Parameters
    ----------
    workspace
        Where.
    progress
        Called with how many different sentences are done, of those that are new.

    Returns
    -------
    int
        How many pairs of similar sentences were found.
    """
    import rensa

    made_by = {"parameters": _PARAMETERS, "rensa": rensa.RMinHash.ALGORITHM_VERSION}
    if workspace.state().about.get("reprints") != made_by:
        with workspace.change() as change:
            change.put_table("minhashes", frame("minhashes", []))
            change.put_table("reprints", frame("reprints", []))
            change.note("reprints", made_by)
    if _is_compared(workspace.state()):
        return 0
    total = int(_new_ids(workspace).select(pl.len()).collect().item())
    if total:
        _forget_gone(workspace, total)
    similar_pairs = done = 0
    while total:
        pinned = workspace.pin()
        batch = _new_texts(pinned)
        if batch.is_empty():
            break
        is_last = len(batch) < _BATCH
        rows = batch.select("text_id", bands=signatures(batch["text"].to_list()))
        known = pinned.scan("minhashes").drop_nulls("bands").collect()
        both = pl.concat([known, rows.drop_nulls("bands")])
        pairs = _proposed(both["bands"].to_numpy(), len(known))
        similar = _measured(pinned, both["text_id"].to_numpy()[pairs])
        with workspace.change() as change:
            if change.before.segments("minhashes") != pinned.state().segments("minhashes"):
                continue  # another process compared them meanwhile
            change.add("minhashes", rows)
            change.add("reprints", similar)
            if is_last:
                before = pinned.state()
                change.note(_COMPARED, _compared(before, before.rows("minhashes") + len(rows)))
        similar_pairs += len(similar)
        done += len(batch)
        if progress is not None:
            progress(min(done, total), max(done, total))
        if is_last:
            break
    return similar_pairs


def _is_compared(state: State) -> bool:
    """Tell from a workspace's state alone whether all its sentences are compared.

    It is not always noted that they are (not where some were only removed), but what is noted holds: files
    of tables never change.
    """
    return state.about.get(_COMPARED) == _compared(state, state.rows("minhashes"))


def _compared(state: State, signatures: int) -> dict[str, Any]:
    """Return the note that the sentences of a state are compared."""
    return {"sentences": state.files_digest("sentences"), "signatures": signatures}


def reprint_groups(
    workspace: Workspace, threshold: float = THRESHOLD, *, same_figures: bool = False
) -> pl.DataFrame:
    """Return groups of reprints: the connected components of pairs of similar texts.

    A text may be in a group through another, without being as similar as that to all of it. Reads what
    `update_reprints` found; sentences that came later are not compared yet.

    Parameters
    ----------
    workspace
        Where.
    threshold
        The least similarity of a pair, from `LEAST` to 1.
    same_figures
        Only by pairs that give the same figures (`figures`), so that all of a group give the same. Reads the
        texts of these pairs; a text that was removed connects nothing then.

    Returns
    -------
    polars.DataFrame
        `text_id`, and `group`: the least `text_id` in it. Texts that are like no other are not in it, and
        those that were removed may be.

    Raises
    ------
    CorpusError
        If the threshold is not in its range.
    """
    if not LEAST <= threshold <= 1:
        raise CorpusError(f"threshold {threshold}: pairs are known from {LEAST} to 1")
    similar = workspace.scan("reprints").filter(pl.col("similarity") >= threshold)
    pairs = similar.select("text_id", "other").collect()
    if same_figures:
        pairs = _with_same_figures(workspace, pairs)
    leader: dict[int, int] = {}

    def find(text: int) -> int:
        while (above := leader.setdefault(text, text)) != text:
            leader[text] = leader[above]
            text = above
        return text

    for one, other in pairs.iter_rows():
        low, high = sorted((find(one), find(other)))
        leader[high] = low
    rows = [(text, find(text)) for text in list(leader)]
    return pl.DataFrame(rows, schema={"text_id": pl.Int64, "group": pl.Int64}, orient="row")


def _with_same_figures(workspace: Workspace, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of text ids of which both are there, and give the same figures."""
    texts = _texts(workspace, pl.concat([pairs["text_id"], pairs["other"]]).unique())
    given = {text_id: figures(text) for text_id, text in texts.iter_rows()}
    same = [one in given and given[one] == given.get(other) for one, other in pairs.iter_rows()]
    return pairs.filter(pl.Series(same, dtype=pl.Boolean))


def _new_ids(workspace: Workspace) -> pl.LazyFrame:
    """Return the ids of texts that have no signature yet."""
    texts = workspace.scan("sentences").select("text_id").unique()
    return texts.join(workspace.scan("minhashes").select("text_id"), on="text_id", how="anti")


def _forget_gone(workspace: Workspace, new: int) -> None:
    """Forget the texts that are gone, once they are more than those that are there.

    What was removed may come back, and need not be compared again then. What is under other ids since a later
    version of the toolkit read it will not.
    """
    pinned = workspace.pin()
    texts = pinned.scan("sentences").select("text_id").unique().collect().lazy()
    count = texts.select(pl.len()).collect().item()
    if pinned.state().rows("minhashes") - (count - new) <= count:
        return
    rows = pinned.scan("minhashes").join(texts, on="text_id", how="semi").collect()
    pairs = pinned.scan("reprints").join(texts, on="text_id", how="semi")
    kept = pairs.join(texts, left_on="other", right_on="text_id", how="semi").collect()
    with workspace.change() as change:
        if change.before.segments("minhashes") == pinned.state().segments("minhashes"):
            change.put_table("minhashes", rows)
            change.put_table("reprints", kept)


def _new_texts(workspace: Workspace) -> pl.DataFrame:
    """Return some texts that have no signature yet: text_id, text."""
    ids = _new_ids(workspace).sort("text_id").head(_BATCH).collect()["text_id"]
    return _texts(workspace, ids)


def _texts(workspace: Workspace, ids: pl.Series) -> pl.DataFrame:
    wanted = pl.col("text_id").is_in(ids.implode())
    texts = workspace.scan("sentences").filter(wanted).select("text_id", "text")
    return texts.unique("text_id", keep="any").sort("text_id").collect()


def _measured(workspace: Workspace, pairs: _Places) -> pl.DataFrame:
    """Return the rows of `reprints` for those pairs of text ids that are similar."""
    texts = dict(_texts(workspace, pl.Series(np.unique(pairs))).iter_rows())
    rows: list[dict[str, Any]] = []
    for one, other in pairs.tolist():
        if one in texts and other in texts:  # a text may have been removed since it got its signature
            measured = similarity(texts[one], texts[other])
            if measured >= LEAST:
                rows.append({"text_id": one, "other": other, "similarity": measured})
    return frame("reprints", rows)
