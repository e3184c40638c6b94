"""Beads that a person sets: joined, split, moved or written down, kept as reviews, heeded by the aligner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from align import Bead
from corpus.alignment.constraints import clash, place_of, set_beads
from corpus.alignment.incremental import align_missing
from corpus.base.errors import CorpusError
from corpus.quality.bead_specs import (
    check_bead,
    clashing,
    ids_text,
    numbers_of,
    pair_named,
    parse_beads,
    spec_of,
)
from corpus.quality.review_store import REVIEWS, TABLE, review_id
from corpus.quality.reviews import bead_named, document_beads, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpus.quality.bead_specs import AlignedPair, Correction
    from corpus.store.workspace import Workspace

_SENTENCES = re.compile(r"(?P<side>[a-z]+)\s*(?P<ids>\d[\d\s,–-]*)")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of a correction.

    Attributes
    ----------
    set
        The beads that were set, ``3,4:5``; empty where one was undone.
    undone
        Beads that are no longer set.
    beads
        The document's beads now (`corpus.quality.reviews.document_beads`) that were not there before, and
        those that were set.
    before
        How many beads of before are no more.
    """

    set: tuple[str, ...]
    undone: tuple[str, ...]
    beads: pl.DataFrame
    before: int


def correct(
    workspace: Workspace,
    doc_id: str,
    bead: str | None,
    change: Correction,
    *,
    note: str | None = None,
    by: str | None = None,
) -> Corrected:
    """Put a bead right, as is asked for.

    Parameters
    ----------
    workspace, doc_id, bead, note, by
        See `set_bead`.
    change
        What is asked for.

    Raises
    ------
    CorpusError
        If it is nothing, or several things; or as the function that does it says.
    """
    name = change.name
    if change.set is not None:
        return set_bead(workspace, doc_id, bead, change.set, note=note, by=by)
    if name is None:
        raise CorpusError("nothing is asked for")
    if bead is None:
        raise CorpusError(
            f"`{name}={getattr(change, name)!r}`: of which bead? To see them: `review({doc_id!r})`"
        )
    if change.split is not None:
        return split_bead(workspace, doc_id, bead, change.split, note=note, by=by)
    if change.move is not None and change.to is not None:
        return move_sentences(workspace, doc_id, bead, change.move, change.to, note=note, by=by)
    if change.other:
        return take_other(workspace, doc_id, bead, note=note, by=by)
    return (
        merge_next(workspace, doc_id, bead, note=note, by=by)
        if change.merge_next
        else undo(workspace, doc_id, bead)
    )


def set_bead(
    workspace: Workspace,
    doc_id: str,
    name: str | None,
    beads: str,
    *,
    note: str | None = None,
    by: str | None = None,
) -> Corrected:
    """Set one bead, or several, and align the document anew around them.

    Parameters
    ----------
    workspace, doc_id
        Where, and of which document.
    name
        The bead that is wrong (`corpus.quality.reviews.bead_named`); None where the document has one pair of
        versions. One that was set before is set anew.
    beads
        Numbers of source sentences, a colon, numbers of target sentences: ``3,4:5``, ``3-6:5``, ``3:`` for
        one without a counterpart. Several are separated by ``;``.
    note, by
        Kept with the review.

    Raises
    ------
    CorpusError
        If it is no bead, names sentences that there are not or that do not follow each other, or does not go
        with a bead that was set before.
    """
    pair, number = pair_named(workspace, doc_id, name)
    new = parse_beads(pair, beads)
    old = [pair.beads[number]] if number >= 0 else []
    for bead in old:
        if all(_apart(bead, one) for one in new):
            raise CorpusError(
                f"{doc_id}: bead {name} is {spec_of(bead)}; {', '.join(map(spec_of, new))} has none of its "
                f"sentences; to set it all the same, name no bead: `review({doc_id!r}, set={beads!r})`"
            )
    return put_beads(workspace, pair, new, old, note=note, by=by)


def merge_next(
    workspace: Workspace, doc_id: str, name: str, *, note: str | None = None, by: str | None = None
) -> Corrected:
    """Join a bead with the one after it; see `set_bead`."""
    pair, number = pair_named(workspace, doc_id, name)
    later = [other for other in pair.beads if other > number]
    if not later:
        raise CorpusError(f"{doc_id}: bead {name} is the last; join the one before it with it")
    old = [pair.beads[number], pair.beads[min(later)]]
    joined = Bead(old[0].src + old[1].src, old[0].tgt + old[1].tgt)
    return put_beads(workspace, pair, [joined], old, note=note, by=by)


def split_bead(
    workspace: Workspace,
    doc_id: str,
    name: str,
    parts: str,
    *,
    note: str | None = None,
    by: str | None = None,
) -> Corrected:
    """Split a bead into several; see `set_bead`.

    Parameters
    ----------
    workspace, doc_id, name, note, by
        See there.
    parts
        Its parts, separated by ``;``; what is left of the bead after them is a part as well.
    """
    pair, number = pair_named(workspace, doc_id, name)
    old = pair.beads[number]
    new = parse_beads(pair, parts)
    for side, ids, own in (("src", [k for one in new for k in one.src], old.src),
                           ("tgt", [k for one in new for k in one.tgt], old.tgt)):  # fmt: skip
        if outside := sorted(set(ids) - set(own)):
            lang = getattr(pair, side).lang
            raise CorpusError(
                f"{doc_id}: {lang} sentence {ids_text(outside)} is not in bead {name}, which is "
                f"{spec_of(old)}: its parts are of its own sentences; to set any bead: "
                f"`review({doc_id!r}, {name!r}, set={parts!r})`"
            )
    used = {(0, k) for one in new for k in one.src} | {(1, k) for one in new for k in one.tgt}
    rest = Bead(
        tuple(k for k in old.src if (0, k) not in used), tuple(k for k in old.tgt if (1, k) not in used)
    )
    new += [rest] if rest.src or rest.tgt else []
    if len(new) == 1:
        raise CorpusError(
            f"{doc_id}: {spec_of(old)} is the whole of bead {name}: say how its first part ends"
        )
    return put_beads(workspace, pair, new, [old], note=note, by=by)


def take_other(
    workspace: Workspace, doc_id: str, name: str, *, note: str | None = None, by: str | None = None
) -> Corrected:
    """Set what a bead that is tied could as well be (`align.beads.other_reading`); see `set_bead`."""
    other = bead_named(workspace, doc_id, name)["other"]
    if other is None:
        raise CorpusError(
            f"{doc_id}: bead {name} is not tied with another reading; to set what it should be: "
            f"`review({doc_id!r}, {name!r}, set='3,4:5')`"
        )
    pair, _ = pair_named(workspace, doc_id, name)
    new = parse_beads(pair, other)
    old = [bead for bead in pair.beads.values() if not all(_apart(bead, one) for one in new)]
    return put_beads(workspace, pair, new, old, note=note, by=by)


def move_sentences(
    workspace: Workspace,
    doc_id: str,
    name: str,
    sentences: str,
    to: str,
    *,
    note: str | None = None,
    by: str | None = None,
) -> Corrected:
    """Move sentences of one side from a bead into another; see `set_bead`.

    Parameters
    ----------
    workspace, doc_id, name, note, by
        See there.
    sentences
        Language and number, as ``en7`` or ``zh 3,4``; ``src`` and ``tgt`` name the sides as well.
    to
        The bead that they go to.
    """
    pair, number = pair_named(workspace, doc_id, name)
    target_pair, target = pair_named(workspace, doc_id, to if ":" in to else _as_in(name, to))
    if target_pair.sides != pair.sides or target == number:
        raise CorpusError(f"{doc_id}: bead {to} is no other bead of the same two versions as bead {name}")
    match = _SENTENCES.fullmatch(sentences.strip())
    known = {"src": 0, "tgt": 1, pair.tgt.lang: 1, pair.src.lang: 0}
    if match is None or match["side"] not in known:
        raise CorpusError(
            f"{sentences!r} names no sentence: say its language and number, as {pair.tgt.lang}7 or "
            f"{pair.src.lang}3"
        )
    moved, side = numbers_of(match["ids"], sentences), known[match["side"]]
    old = [pair.beads[number], pair.beads[target]]
    if outside := sorted(set(moved) - set((old[0].src, old[0].tgt)[side])):
        raise CorpusError(
            f"{doc_id}: {match['side']} sentence {ids_text(outside)} is not in bead {name}, which is "
            f"{spec_of(old[0])}"
        )
    ids = [list(ids) for bead in old for ids in (bead.src, bead.tgt)]
    ids[side] = [k for k in ids[side] if k not in moved]
    ids[2 + side] = sorted([*ids[2 + side], *moved])
    new = [Bead(tuple(ids[k]), tuple(ids[k + 1])) for k in (0, 2) if ids[k] or ids[k + 1]]
    for bead in new:
        check_bead(pair, bead)
    if len(new) == 2 and clash(*new) is not None:
        raise CorpusError(
            f"{doc_id}: {spec_of(new[0])} and {spec_of(new[1])} would cross: beads follow the order of both "
            "texts"
        )
    return put_beads(workspace, pair, new, old, note=note, by=by)


def undo(workspace: Workspace, doc_id: str, name: str) -> Corrected:
    """Take back what was said of a bead: that it was set, else that it was judged; align anew.

    Raises
    ------
    CorpusError
        If nothing was said of it.
    """
    pair, number = pair_named(workspace, doc_id, name)
    bead = pair.beads[number]
    before = document_beads(workspace, doc_id)
    with workspace.change() as change:
        rows = workspace.table(TABLE).to_dicts()
        key = review_id(pair.doc_id, *pair.text(bead))
        row = next((row for row in rows if row["review"] == key), None)
        if row is None:
            raise CorpusError(
                f"{doc_id}: bead {name} was neither set nor judged; to see what was: `review(list=True)`"
            )
        here = [place for place, found in set_beads(row, pair.src, pair.tgt) if found == bead]
        REVIEWS.put(change, _without(rows, {(key, place) for place in here}, None if here else key))
    return _realigned(workspace, doc_id, pair, before, [], [bead] if here else [])


def put_beads(
    workspace: Workspace,
    pair: AlignedPair,
    new: Sequence[Bead],
    old: Sequence[Bead],
    *,
    replace: bool = False,
    note: str | Mapping[Bead, str | None] | None = None,
    by: str | None = None,
) -> Corrected:
    """Keep beads as a person's, and align the document anew around them.

    Parameters
    ----------
    workspace, pair
        Where, and of which versions.
    new
        The beads, checked (`parse_beads`).
    old
        Beads that they stand in place of.
    replace
        Whether they also stand in place of any that were set and do not go with them.
    note, by
        Kept with the reviews; the note may be another for each bead.

    Raises
    ------
    CorpusError
        If a bead does not go with one that was set before, and is not in place of it.
    """
    before = document_beads(workspace, pair.doc_id)
    today = datetime.now(tz=UTC).date().isoformat()
    with workspace.change() as change:
        rows = workspace.table(TABLE).to_dicts()
        gone: set[tuple[str, str]] = set()
        undone: list[Bead] = []
        for row in rows:
            if row["doc_id"] != pair.doc_id:
                continue
            for place, bead in set_beads(row, pair.src, pair.tgt):
                hits = [one for one in new if clash(bead, one) is not None]
                if bead in new:
                    continue
                if bead in old or (replace and hits):
                    gone.add((row["review"], place))
                    undone.append(bead)
                elif hits:
                    raise clashing(pair, hits[0], bead)
        known = {row["review"]: row for row in _without(rows, gone, None)}
        for bead in new:
            src, tgt = pair.text(bead)
            key = review_id(pair.doc_id, src, tgt)
            row = known.get(key) or {"review": key, "doc_id": pair.doc_id, "src": src, "tgt": tgt}
            place = place_of(bead, pair.src, pair.tgt, (src, tgt))
            if row.get("right") and place in (row.get("places") or []):
                continue
            remark = note if note is None or isinstance(note, str) else note[bead]
            given = {name: one_line(text or "") or None for name, text in (("note", remark), ("by", by))}
            places = list(dict.fromkeys([*(row.get("places") or []), place]))
            known[key] = (
                row
                | {"right": True, "date": today, "places": places}
                | {name: text for name, text in given.items() if text is not None}
            )
        REVIEWS.put(change, list(known.values()))
    return _realigned(workspace, pair.doc_id, pair, before, new, undone)


def _without(
    rows: Iterable[dict[str, Any]], gone: set[tuple[str, str]], review: str | None
) -> list[dict[str, Any]]:
    """Return reviews without some places, and without one review; one that has no place left goes with it."""
    left = []
    for row in rows:
        places = [place for place in row["places"] or [] if (row["review"], place) not in gone]
        if row["review"] == review or (row["places"] and not places):
            continue
        left.append(row | {"places": places or None})
    return left


def _realigned(
    workspace: Workspace, doc_id: str, pair: AlignedPair, before: pl.DataFrame,
    new: Sequence[Bead], undone: Sequence[Bead],
) -> Corrected:  # fmt: skip
    align_missing(workspace, docs=[doc_id])
    after = document_beads(workspace, doc_id)
    keys = ["doc_id", "tgt_doc", "src_lang", "tgt_lang", "src_ids", "tgt_ids"]
    was = {repr(row) for row in before.select(keys).rows()}
    now = {repr(row) for row in after.select(keys).rows()}
    of = (pair.doc_id, pair.tgt_doc, pair.src.lang, pair.tgt.lang)
    given = {repr((*of, list(bead.src), list(bead.tgt))) for bead in new}
    shown = [repr(row) not in was or repr(row) in given for row in after.select(keys).rows()]
    return Corrected(
        tuple(map(spec_of, new)),
        tuple(map(spec_of, undone)),
        after.filter(pl.Series(shown, dtype=pl.Boolean)),
        len(was - now),
    )


def _apart(bead: Bead, other: Bead) -> bool:
    return set(bead.src).isdisjoint(other.src) and set(bead.tgt).isdisjoint(other.tgt)


def _as_in(name: str, number: str) -> str:
    lang, colon, _ = name.rpartition(":")
    return f"{lang}{colon}{number}"
