"""Reprints: passages that stand in several documents, word for word or lightly edited, in order of time.

News agencies repeat themselves, and newspapers repeat them. Sentences are compared by the character
n-grams they have in common (Jaccard: of those in either, the share in both). MinHash signatures, banded
(Broder 1997, "On the resemblance and containment of documents"; Leskovec, Rajaraman & Ullman 2014, "Mining of
massive datasets", 3.4), propose pairs; each is then measured exactly. Nothing is removed from the corpus.

New texts are signed, some at a time; then those that are signed look up who shares a band with them
(`corpus.reuse.buckets`). So a day's issue costs what the issue does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus.base.errors import CorpusError, WorkspaceError
from corpus.documents.distinct import distinct_sentences
from corpus.reuse.buckets import Ids, Run, proposed, read_run, to_merge, write_run
from corpus.reuse.figures import figures
from corpus.reuse.minhash import _LETTERS, _ROWS, _SHORTEST, _SIGNS, LEAST, signatures, similarity
from corpus.store.schemas import BANDS, frame

if TYPE_CHECKING:
    import numpy.typing as npt

    from corpus.base.progress import Progress
    from corpus.store.state import State
    from corpus.store.transaction import Change
    from corpus.store.workspace import Workspace


THRESHOLD = 0.7
"""The similarity from which two sentences count as one text reprinted, unless another is asked for.

A sentence of 25 Chinese characters in which a word of two is replaced is 0.78 similar to what it was; one
of 100 letters in which a word of six is, 0.83."""

_BATCH = 50_000  # texts signed, then stored, at a time
_LOOKED_UP = 1_000_000  # texts that look up who shares a band with them at a time
_MEASURED = 500_000  # pairs whose texts are held at a time
_COMPARED = "compared"
_BUCKETS = "buckets"
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
            _start_anew(change)
            change.note("reprints", made_by)
    if _is_compared(workspace.state()):
        return 0
    _mend_buckets(workspace)
    similar_pairs = 0
    while True:
        new = _new_ids(workspace)
        if len(new):
            _forget_gone(workspace, len(new))
        signed = _sign(workspace, new, progress)
        found, compared = _compare(workspace, note=len(new) > 0) if signed else (0, False)
        similar_pairs += found
        if compared:
            return similar_pairs


def _sign(workspace: Workspace, ids: Ids, progress: Progress | None) -> bool:
    """Store the signatures of texts; False if another process changed texts or signatures meanwhile."""
    if not len(ids):
        return True
    pinned = workspace.pin()
    expected = pinned.state()
    done = 0
    for part in distinct_sentences(pinned, ids, _BATCH):
        rows = part.select("text_id", bands=signatures(part["text"].to_list()))
        with workspace.change() as change:
            if change.before.segments("minhashes") != expected.segments("minhashes"):
                return False
            change.add("minhashes", rows)
        now = workspace.state()
        same_texts = now.segments("sentences") == expected.segments("sentences")
        if now.change != change.before.change + 1 or not same_texts:
            return False
        expected = now
        done += len(part)
        if progress is not None:
            progress(done, len(ids))
    return True


def _compare(workspace: Workspace, *, note: bool) -> tuple[int, bool]:
    """Compare the texts that have a signature and are in no bucket yet.

    Parameters
    ----------
    note
        Whether there is something to note even if there are none: texts too short to be in a bucket.

    Returns
    -------
    tuple
        How many pairs were found, and whether that is all: False if another process compared meanwhile.
    """
    similar_pairs = 0
    while True:
        pinned = workspace.pin()
        state = pinned.state()
        runs = _runs(pinned)
        waiting = _without(_signed(pinned), np.concatenate([np.empty(0, np.int64), *(r.ids for r in runs)]))
        part = waiting[:_LOOKED_UP]
        if not len(part) and not note:
            return similar_pairs, True
        ids, bands = _bands(pinned, part)
        similar = _measured(pinned, proposed(runs, ids, bands))
        with workspace.change() as change:
            before = change.before
            if (before.segments("minhashes"), before.about.get(_BUCKETS)) != (
                state.segments("minhashes"),
                state.about.get(_BUCKETS),
            ):
                return similar_pairs, False
            change.add("reprints", similar)
            if len(ids):
                _put_run(change, runs, ids, bands)
            if len(part) == len(waiting):
                change.note(_COMPARED, _compared(state, state.rows("minhashes")))
        similar_pairs += len(similar)
        if len(part) == len(waiting):
            return similar_pairs, True


def _numbers(state: State) -> list[int]:
    kind = f"{_BUCKETS}-"
    return sorted(int(name.removeprefix(kind)) for name in state.files if name.startswith(kind))


def _runs(workspace: Workspace) -> list[Run]:
    """Open the runs of a workspace (WorkspaceError, OSError or ValueError if one is damaged)."""
    names = [f"{_BUCKETS}-{number:06d}" for number in _numbers(workspace.state())]
    return [read_run(file) for name in names if (file := workspace.whole_file(name)) is not None]


def _put_run(change: Change, runs: list[Run], ids: Ids, bands: npt.NDArray[np.uint32]) -> None:
    """Put texts into the buckets, together with the small runs at the end."""
    numbers = _numbers(change.before)
    merged = to_merge(runs, len(ids))
    for number in numbers[len(numbers) - merged :]:
        change.drop_file(f"{_BUCKETS}-{number:06d}")
    name = f"{_BUCKETS}-{max(numbers, default=0) + 1:06d}"
    kept, taken = runs[: len(runs) - merged], runs[len(runs) - merged :]
    write_run(change.new_path(name, "", {"texts": len(ids) + sum(map(len, taken))}), taken, ids, bands)
    change.note(_BUCKETS, {"texts": sum(map(len, [*kept, *taken])) + len(ids)})


def _start_anew(change: Change) -> None:
    """Do away with what was found, so that all texts that have a signature are compared again."""
    change.put_table("reprints", frame("reprints", []))
    for number in _numbers(change.before):
        change.drop_file(f"{_BUCKETS}-{number:06d}")
    change.note(_BUCKETS, {"texts": 0})


def _mend_buckets(workspace: Workspace) -> None:
    """See that the buckets hold what was compared.

    A workspace of before there were buckets is given them: all its signatures are compared. Where one is
    lost, or signatures are, all are compared anew.
    """
    pinned = workspace.pin()
    noted = pinned.state().about.get(_BUCKETS)
    if noted is None:
        _fill_buckets(workspace)
        return
    try:
        held = sum(map(len, _runs(pinned)))
    except (OSError, ValueError, WorkspaceError):
        held = -1
    if held != noted["texts"] or held > len(_signed(pinned)):
        with workspace.change() as change:
            _start_anew(change)


def _fill_buckets(workspace: Workspace) -> None:
    """Put all texts that have a signature into buckets, in the order of their table."""
    with workspace.change() as change:
        table = workspace.scan("minhashes").drop_nulls("bands").collect()
        if table.is_empty():
            change.note(_BUCKETS, {"texts": 0})
        else:
            _put_run(change, [], table["text_id"].to_numpy(), table["bands"].to_numpy())


def _signed(workspace: Workspace) -> Ids:
    """Return the texts that have a signature, ascending."""
    table = workspace.scan("minhashes").filter(pl.col("bands").is_not_null()).select("text_id")
    return np.sort(table.collect(engine="streaming")["text_id"].to_numpy())


def _without(ids: Ids, others: Ids) -> Ids:
    """Return those of ids, which ascend, that are not among others."""
    if not len(others):
        return ids
    others = np.sort(others)
    places = np.minimum(np.searchsorted(others, ids), len(others) - 1)
    left: Ids = ids[others[places] != ids]
    return left


def _bands(workspace: Workspace, ids: Ids) -> tuple[Ids, npt.NDArray[np.uint32]]:
    """Return some texts that have a signature, by their ids, and their bands: shape (n, `BANDS`)."""
    if not len(ids):
        return ids, np.empty((0, BANDS), np.uint32)
    table = (
        workspace.scan("minhashes")
        .filter(pl.col("text_id").is_between(int(ids[0]), int(ids[-1])))
        .join(pl.LazyFrame({"text_id": ids}), on="text_id", how="semi")
        .collect(engine="streaming")
        .sort("text_id")
    )
    return table["text_id"].to_numpy(), table["bands"].to_numpy()


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


def _new_ids(workspace: Workspace) -> Ids:
    """Return the ids of texts that have no signature yet."""
    texts = workspace.scan("sentences").select(pl.col("text_id").unique())
    signed = workspace.scan("minhashes").select("text_id")
    new = texts.join(signed, on="text_id", how="anti").collect(engine="streaming")
    return new["text_id"].to_numpy()


def _forget_gone(workspace: Workspace, new: int) -> None:
    """Forget the texts that are gone, once they are more than those that are there.

    What was removed may come back, and need not be compared again then. What is under other ids since a later
    version of the toolkit read it will not.
    """
    pinned = workspace.pin()
    texts = pinned.scan("sentences").select(pl.col("text_id").unique()).collect(engine="streaming").lazy()
    count = texts.select(pl.len()).collect().item()
    if pinned.state().rows("minhashes") - (count - new) <= count:
        return
    in_buckets = np.concatenate([np.empty(0, np.int64), *(run.ids for run in _runs(pinned))])
    compared = pl.col("bands").is_null() | pl.col("text_id").is_in(pl.Series(in_buckets).implode())
    rows = pinned.scan("minhashes").join(texts, on="text_id", how="semi").filter(compared).collect()
    pairs = pinned.scan("reprints").join(texts, on="text_id", how="semi")
    kept = pairs.join(texts, left_on="other", right_on="text_id", how="semi").collect()
    with workspace.change() as change:
        if change.before.segments("minhashes") != pinned.state().segments("minhashes"):
            return
        change.put_table("minhashes", rows)
        _start_anew(change)
        change.put_table("reprints", kept)
        known = rows.drop_nulls("bands")
        if len(known):
            _put_run(change, [], known["text_id"].to_numpy(), known["bands"].to_numpy())


def _texts(workspace: Workspace, ids: pl.Series) -> pl.DataFrame:
    wanted = pl.col("text_id").is_in(ids.implode())
    texts = workspace.scan("sentences").filter(wanted).select("text_id", "text")
    return texts.unique("text_id", keep="any").sort("text_id").collect()


def _measured(workspace: Workspace, pairs: Ids) -> pl.DataFrame:
    """Return the rows of `reprints` for those pairs of text ids that are similar."""
    rows: list[dict[str, Any]] = []
    for start in range(0, len(pairs), _MEASURED):
        part = pairs[start : start + _MEASURED]
        texts = dict(_texts(workspace, pl.Series(np.unique(part))).iter_rows())
        for one, other in part.tolist():
            if one in texts and other in texts:  # a text may have been removed since it got its signature
                measured = similarity(texts[one], texts[other])
                if measured >= LEAST:
                    rows.append({"text_id": one, "other": other, "similarity": measured})
    return frame("reprints", rows)
