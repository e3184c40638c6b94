"""Taking over the reviews of a copy of a workspace: what contradicts one's own is listed, and not taken."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.alignment.constraints import beads_meant, clash
from corpus.alignment.incremental import align_missing
from corpus.quality.bead_specs import aligned_pairs, spec_of
from corpus.quality.review_store import REVIEWS, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from align import Bead
    from corpus.base.progress import Progress
    from corpus.quality.bead_specs import AlignedPair
    from corpus.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two reviews that cannot both be.

    Attributes
    ----------
    doc_id
        Of which document.
    ours, theirs
        What each says: ``wrong``, ``right 3:4``, ``set 3,4:5``.
    our_review, their_review
        The ids of the reviews.
    by
        Who said so there, if known.
    src, tgt
        The texts that theirs is of.
    """

    doc_id: str
    ours: str
    theirs: str
    our_review: str
    their_review: str
    by: str | None
    src: str
    tgt: str


@dataclass(slots=True)
class Merged:
    """What became of another workspace's reviews.

    Attributes
    ----------
    new, changed, same
        Ids of those that were taken, that added a place, a note or a name to one's own, and that say the
        same.
    conflicts
        Those that were not taken, as one's own say another thing.
    unknown
        How many were left out because there is no such document here, by document.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it, for JSON."""
        return asdict(self)


def merge_reviews(workspace: Workspace, other: Workspace, *, progress: Progress | None = None) -> Merged:
    """Take over the reviews of another workspace, and align documents anew around beads that were set there.

    Parameters
    ----------
    workspace
        Where they go.
    other
        A copy of it, or another workspace with documents of the same ids; it is not changed.
    progress
        Called after each document that is aligned anew.

    Notes
    -----
    Two judgements of one bead contradict each other if one says right and one wrong. So do a bead that was
    set and another that shares a sentence with it, or crosses it, and was set or judged right. Dates do not
    decide: a person does, by judging the bead once more.
    """
    theirs = other.pin().table(TABLE).sort("doc_id", "review").to_dicts()
    # Where nothing is aligned, nothing is seen to contradict anything.
    align_missing(workspace, docs={row["doc_id"] for row in theirs}, progress=progress)
    done = Merged()
    touched: set[str] = set()
    with workspace.change() as change:
        documents = set(workspace.scan("documents").select("doc_id").collect()["doc_id"])
        ours = {row["review"]: row for row in workspace.table(TABLE).iter_rows(named=True)}
        own = _Beads(workspace, ours)
        for row in theirs:
            if row["doc_id"] not in documents:
                done.unknown[row["doc_id"]] = done.unknown.get(row["doc_id"], 0) + 1
                continue
            before = ours.get(row["review"])
            conflict = own.contradicted(row)
            if conflict is not None:
                done.conflicts.append(conflict)
            elif before is None:
                ours[row["review"]] = row
                done.new.append(row["review"])
                touched.add(row["doc_id"])
            else:
                merged = _joined(before, row)
                ours[row["review"]] = merged
                (done.same if merged == before else done.changed).append(row["review"])
                if merged["places"] != before["places"]:
                    touched.add(row["doc_id"])
        if done.new or done.changed:
            REVIEWS.put(change, list(ours.values()))
    if touched:
        align_missing(workspace, docs=touched, progress=progress)
    return done


def _joined(ours: dict[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a review with what only the other one knows: a note, a name, places."""
    places = list(dict.fromkeys([*(ours["places"] or []), *(theirs["places"] or [])])) or None
    facts = {name: ours[name] or theirs[name] for name in ("note", "by", "date")}
    return ours | facts | {"places": places}


class _Beads:
    """The beads that one's own reviews are of, where they say that beads are right."""

    def __init__(self, workspace: Workspace, rows: Mapping[str, Mapping[str, Any]]) -> None:
        self._workspace = workspace
        self._rows = rows
        self._pairs: dict[str, list[AlignedPair]] = {}
        self._kept: dict[str, list[tuple[Mapping[str, Any], int, Bead]]] = {}

    def contradicted(self, row: Mapping[str, Any]) -> Conflict | None:
        """Return how one's own reviews contradict another one, None if they do not."""
        before = self._rows.get(row["review"])
        if before is not None and before["right"] != row["right"]:
            return self._conflict(before, row, None, None)
        if not row["right"]:
            return None
        for number, bead in self._meant(row):
            for known, place, kept in self._own(row["doc_id"]):
                either_set = row["places"] or known["places"]
                if known["review"] != row["review"] and place == number and either_set and clash(bead, kept):
                    return self._conflict(known, row, kept, bead)
        return None

    def _conflict(
        self, ours: Mapping[str, Any], theirs: Mapping[str, Any], kept: Bead | None, bead: Bead | None
    ) -> Conflict:
        kept = kept or next((one for _, one in self._meant(ours)), None)
        bead = bead or next((one for _, one in self._meant(theirs)), None)
        return Conflict(
            theirs["doc_id"], _said(ours, kept), _said(theirs, bead), ours["review"], theirs["review"],
            theirs["by"], theirs["src"], theirs["tgt"],
        )  # fmt: skip

    def _own(self, doc_id: str) -> list[tuple[Mapping[str, Any], int, Bead]]:
        if doc_id not in self._kept:
            rows = [row for row in self._rows.values() if row["doc_id"] == doc_id and row["right"]]
            self._kept[doc_id] = [(row, number, bead) for row in rows for number, bead in self._meant(row)]
        return self._kept[doc_id]

    def _meant(self, row: Mapping[str, Any]) -> list[tuple[int, Bead]]:
        """Return the beads that a review is of, with the number of the pair of versions."""
        doc_id = row["doc_id"]
        if doc_id not in self._pairs:
            self._pairs[doc_id] = aligned_pairs(self._workspace, doc_id)
        return [
            (number, bead)
            for number, pair in enumerate(self._pairs[doc_id])
            for bead in beads_meant(row, pair.src, pair.tgt)
        ]


def _said(row: Mapping[str, Any], bead: Bead | None) -> str:
    verdict = "set" if row["places"] else "right" if row["right"] else "wrong"
    return verdict if bead is None else f"{verdict} {spec_of(bead)}"
