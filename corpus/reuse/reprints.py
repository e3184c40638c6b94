"""Reprints: passages that stand in several documents, word for word or lightly edited, in order of time.

News agencies repeat themselves, and newspapers repeat them. Sentences are compared by the character
n-grams they have in common (Jaccard: of those in either, the share in both). MinHash signatures, banded
(Broder 1997, "On the resemblance and containment of documents"; Leskovec, Rajaraman & Ullman 2014, "Mining of
massive datasets", 3.4), propose pairs; each is then measured exactly. Nothing is removed from the corpus.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from align.numerals import quantities
from corpus.base.errors import CorpusError
from corpus.store.schemas import BANDS, frame
from corpus.text.languages import main_script
from corpus.text.normalization import count_minus_signs
from corpus.text.spans import normalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.base.progress import Progress
    from corpus.store.state import State
    from corpus.store.workspace import Workspace

_Places = npt.NDArray[np.int64]

LEAST = 0.5
"""The least similarity that is kept; a threshold may be anything from here to 1."""

THRESHOLD = 0.7
"""The similarity from which two sentences count as one text reprinted, unless another is asked for.

A sentence of 25 Chinese characters in which a word of two is replaced is 0.78 similar to what it was; one
of 100 letters in which a word of six is, 0.83."""

_ROWS = 4  # signature values a band: a pair of similarity s is proposed with probability 1 - (1 - s^4)^20,
# which is .996 at .7, .94 at .6 and .73 at .5
_LETTERS, _SIGNS = 4, 2  # length of an n-gram in letters, and in Chinese, Japanese and Korean
_SHORTEST = {True: 12, False: 36}  # characters, of signs and of letters; shorter sentences repeat by chance
_BATCH = 50_000  # texts compared, then stored, at a time
_SLICE = 4096  # of them hashed at a time
_SLOTS = 1 << 22
_SEED = 1
_PRIMES = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x27D4EB2F165667C5)
_COMPARED = "compared"
# 1,234 is 1234, and 一千余 is 一千多: ways of writing a figure, not other figures.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_AND_MORE = re.compile(r"(?<=[\d十百千万萬亿億])[余餘]")
_MAY_BE_MINUS = re.compile(r"[-‐‑‒–—―−]\D?\d")  # to look closer takes half of the time
_PARAMETERS = f"{BANDS}x{_ROWS} {_LETTERS}/{_SIGNS} {_SHORTEST[True]}/{_SHORTEST[False]}"

Figures: TypeAlias = tuple[int, tuple[tuple[float, ...], ...]]
"""How many figures of a text are below zero, and what each may mean, in order of size."""


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
    found = done = 0
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
        found += len(similar)
        done += len(batch)
        if progress is not None:
            progress(min(done, total), max(done, total))
        if is_last:
            break
    return found


def _is_compared(state: State) -> bool:
    """Tell from a workspace's state alone whether all its sentences are compared.

    It is not always noted that they are (not where some were only removed), but what is noted holds: files
    of tables never change.
    """
    return state.about.get(_COMPARED) == _compared(state, state.rows("minhashes"))


def _compared(state: State, signatures: int) -> dict[str, Any]:
    """Return what is noted once the sentences of a state are compared, and have so many signatures."""
    return {"sentences": state.files_digest("sentences"), "signatures": signatures}


def signatures(texts: Sequence[str]) -> pl.Series:
    """Return the banded MinHash signature of each text, null for one too short to compare.

    Returns
    -------
    polars.Series
        `BANDS` numbers each, unsigned, 32 bits: texts that have one in common in the same place may be
        similar.
    """
    import rensa

    keys = [normalised(text) for text in texts]
    sizes = [_size(key) for key in keys]
    places = [place for place, size in enumerate(sizes) if size]
    bands = np.zeros((len(texts), BANDS), dtype=np.uint32)
    for size in (_SIGNS, _LETTERS):
        own = [place for place in places if sizes[place] == size]
        for start in range(0, len(own), _SLICE):
            part = own[start : start + _SLICE]
            hashes, offsets = _ngrams([keys[place] for place in part], size)
            made = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
                hashes, offsets, num_perm=BANDS * _ROWS, seed=_SEED
            )
            values = np.array(made.to_rows(), dtype=np.uint64).reshape(len(part), BANDS, _ROWS)
            bands[part] = _mixed(values @ np.array(_PRIMES, dtype=np.uint64)) >> np.uint64(32)
    rows = pl.Series("bands", bands, dtype=pl.Array(pl.UInt32, BANDS))
    compared = pl.Series([size > 0 for size in sizes], dtype=pl.Boolean)
    return pl.select(pl.when(compared).then(rows)).to_series()


def similarity(one: str, other: str) -> float:
    """Return the Jaccard similarity of the character n-grams of two texts, 0 to 1.

    Letters, digits and marks count, in one form; case, width, spaces and punctuation do not. An n-gram has
    two characters where the first text is Chinese, Japanese or Korean, four otherwise.
    """
    keys = normalised(one), normalised(other)
    size = _SIGNS if _is_of_signs(keys[0]) else _LETTERS
    first, second = ({key[at : at + size] for at in range(max(1, len(key) - size + 1))} for key in keys)
    return len(first & second) / len(first | second)


def figures(text: str) -> Figures:
    """Return what figures a text gives: two texts that give different ones say different things.

    Number words count (`align.numerals`), and so do those that may be none: 一 in 一起, "one" in "one of".
    """
    written = unicodedata.normalize("NFKC", text)
    below_zero = count_minus_signs(text) if _MAY_BE_MINUS.search(written) else 0
    read = quantities(_AND_MORE.sub("多", _THOUSANDS.sub("", written)))
    return below_zero, tuple(sorted(tuple(sorted(number.values)) for number in read))


def reprint_groups(
    workspace: Workspace, threshold: float = THRESHOLD, *, same_figures: bool = False
) -> pl.DataFrame:
    """Return which texts are one reprinted: the groups that pairs of similar sentences connect.

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
        msg = f"threshold {threshold}: pairs are known from {LEAST} to 1"
        raise CorpusError(msg)
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
    there = pinned.scan("sentences").select("text_id").unique().collect().lazy()
    count = there.select(pl.len()).collect().item()
    if pinned.state().rows("minhashes") - (count - new) <= count:
        return
    rows = pinned.scan("minhashes").join(there, on="text_id", how="semi").collect()
    pairs = pinned.scan("reprints").join(there, on="text_id", how="semi")
    kept = pairs.join(there, left_on="other", right_on="text_id", how="semi").collect()
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


def _is_of_signs(key: str) -> bool:
    return main_script(key) in ("cjk", "kana", "hangul")


def _size(key: str) -> int:
    """Return the length of a normalised text's n-grams, 0 where it is too short to compare."""
    if len(key) < _SHORTEST[True]:
        return 0
    signs = _is_of_signs(key)
    return 0 if len(key) < _SHORTEST[signs] else _SIGNS if signs else _LETTERS


def _ngrams(keys: Sequence[str], size: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return a 64-bit hash of every n-gram of texts, one text after another, and where each text begins."""
    points = np.frombuffer("".join(keys).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(key) for key in keys])
    windows = len(points) - size + 1
    hashes = np.zeros(windows, dtype=np.uint64)
    for at in range(size):
        hashes += _mixed(points[at : at + windows] * np.uint64(_PRIMES[at]))
    # What begins in one text and ends in the next is none of its n-grams.
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(points))
    offsets = np.concatenate([[0], np.cumsum(lengths - size + 1)]).astype(np.uint64)
    return hashes[left[:windows] >= size], offsets


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread the bits of numbers (the finaliser of splitmix64: Steele, Lea & Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _proposed(bands: npt.NDArray[np.uint32], known: int) -> _Places:
    """Return pairs of rows, one of them new at least, that share a band; shape (n, 2).

    Of many that share one, each is paired with the one before it and with the first, so that the number
    of pairs stays near that of rows.
    """
    found = [np.empty((0, 2), dtype=np.int64)]
    for band in range(bands.shape[1]):
        values = bands[:, band]
        # Most rows share nothing with a new one, which a look at some bits tells; others are sorted.
        taken = np.zeros(_SLOTS, dtype=np.bool_)
        taken[values[known:] % _SLOTS] = True
        rows = np.flatnonzero(taken[values % _SLOTS])
        rows = rows[np.argsort(values[rows], kind="stable")]
        starts = np.flatnonzero(np.diff(values[rows], prepend=values[rows[:1]] ^ np.uint32(1)))
        first = np.repeat(rows[starts], np.diff(starts, append=len(rows)))
        before = np.concatenate([rows[:1], rows[:-1]])
        before = np.where(first == rows, rows, before)
        for other in (first, before):
            pair = np.stack([other, rows], axis=1)
            found.append(pair[(other != rows) & (rows >= known)])
    return np.unique(np.concatenate(found), axis=0)


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
