"""What a person said of a pair's beads, as the aligner is to heed it: beads to keep, beads that are wrong.

Reviews are of texts, not of numbers: here they are found again in the sentences that there are now.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from align import Bead
from align.beads import MOVED
from corpus.store.beads import PAIR, beads_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from corpus.documents.bitext import Side
    from corpus.store.workspace import Workspace

_PLACE = re.compile(
    r"(?P<langs>\w+-\w+) (?:(?P<src>\d+)/(?P<src_of>\d+)|-):(?:(?P<tgt>\d+)/(?P<tgt_of>\d+)|-)"
)
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Constraints:
    """Beads of one pair of texts that an alignment is to keep, and those it is not to propose.

    Attributes
    ----------
    fixed
        Beads that were set, and those that were judged right as far as they fit the former.
    forbidden
        Beads that were judged wrong.
    """

    fixed: tuple[Bead, ...] = ()
    forbidden: tuple[Bead, ...] = ()


class Runs:
    """The sentences of a side, in which a bead's text is looked for; white space does not count."""

    def __init__(self, sentences: Sequence[str]) -> None:
        parts = ["".join(sentence.split()) for sentence in sentences]
        self._whole = "".join(parts)
        self._starts: list[int] = []
        at = 0
        for part in parts:
            self._starts.append(at)
            at += len(part)
        self._ends = [*self._starts[1:], at]

    def find(self, text: str) -> list[tuple[int, ...]]:
        """Return all runs of whole sentences that have this text, in order."""
        wanted = "".join(text.split())
        found: list[tuple[int, ...]] = []
        at = self._whole.find(wanted) if wanted else -1
        while at >= 0:
            first = bisect_left(self._starts, at)
            last = bisect_left(self._ends, at + len(wanted))
            # Of sentences of white space only, none that stands before or after belongs to it.
            while first < last and self._ends[first] == at:
                first += 1
            if (
                first < len(self._starts)
                and self._starts[first] == at
                and self._ends[last] == at + len(wanted)
            ):
                found.append(tuple(range(first, last + 1)))
            at = self._whole.find(wanted, at + 1)
        return found


def runs_of(side: Side) -> Runs:
    """Return the sentences of a side to look for texts in."""
    return _runs(tuple(side.sentences))


@lru_cache(maxsize=4)  # many reviews of one pair are looked for in a row
def _runs(sentences: tuple[str, ...]) -> Runs:
    return Runs(sentences)


def place_of(bead: Bead, src: Side, tgt: Side, texts: tuple[str, str]) -> str:
    """Return where a bead stands, as reviews keep it: ``zh-en 1/1:2/3``.

    That is the languages, and of each side which of the runs of sentences with this text it is, and of how
    many; ``-`` for a side without text.
    """
    parts = []
    for ids, side, text in ((bead.src, src, texts[0]), (bead.tgt, tgt, texts[1])):
        runs = runs_of(side).find(text) if ids else []
        parts.append(f"{runs.index(ids) + 1}/{len(runs)}" if ids else "-")
    return f"{src.lang}-{tgt.lang} {parts[0]}:{parts[1]}"


def set_beads(row: Mapping[str, Any], src: Side, tgt: Side) -> list[tuple[str, Bead]]:
    """Return the places of a review, with the bead that stands there now; places that are gone are left out.

    A text that now stands more or less often than when the bead was set is not taken for the one that was
    meant, unless there is one only.
    """
    if not row["places"]:
        return []
    runs = runs_of(src), runs_of(tgt)
    out = []
    for place in row["places"]:
        match = _PLACE.fullmatch(place)
        if match is None:
            continue
        for texts, langs, names in (
            ((row["src"], row["tgt"]), f"{src.lang}-{tgt.lang}", ("src", "tgt")),
            ((row["tgt"], row["src"]), f"{tgt.lang}-{src.lang}", ("tgt", "src")),
        ):
            if not (row["src"] and row["tgt"]) and match["langs"] != langs:
                continue
            sides = [
                _nth(own.find(text), match[name], match[f"{name}_of"]) if text else ()
                for own, text, name in zip(runs, texts, names, strict=True)
            ]
            if sides[0] is not None and sides[1] is not None:
                out.append((place, Bead(sides[0], sides[1])))
                break
    return out


def _nth(runs: list[tuple[int, ...]], which: str | None, of: str | None) -> tuple[int, ...] | None:
    if len(runs) == 1:
        return runs[0]
    return runs[int(which) - 1] if which and of and len(runs) == int(of) else None


def beads_meant(row: Mapping[str, Any], src: Side, tgt: Side) -> list[Bead]:
    """Return the beads that a review is of, where they stand now; none where that is not sure."""
    if row["places"]:
        return [bead for _, bead in set_beads(row, src, tgt)]
    found = list(_matches(row, (runs_of(src), runs_of(tgt))))
    return found if len(found) == 1 else []


def constraints(
    rows: Iterable[Mapping[str, Any]], src: Side, tgt: Side, *, moved: Iterable[Bead] = ()
) -> Constraints:
    """Find what was said of a document's beads in a pair of its versions.

    Parameters
    ----------
    rows
        The document's reviews (`corpus.store.schemas`).
    src, tgt
        The pair.
    moved
        Beads of it that were found across: one of them that was judged right is kept as such, and nothing
        is aligned around it.

    Returns
    -------
    Constraints
        Fixed beads fit each other: of two that do not, the one that was set, or dated later, is kept.
    """
    known = sorted(
        rows, key=lambda row: (bool(row["places"]), row["date"] or "", row["review"]), reverse=True
    )
    if not known:
        return Constraints()
    runs = runs_of(src), runs_of(tgt)
    across = {(bead.src, bead.tgt) for bead in moved}
    fixed: list[Bead] = []
    forbidden: list[Bead] = []
    for row in known:
        if not row["right"]:
            forbidden += _matches(row, runs)
        elif row["places"] or (row["src"] and row["tgt"]):
            for bead in beads_meant(row, src, tgt):
                known_as = (
                    Bead(bead.src, bead.tgt, flags=(MOVED,)) if (bead.src, bead.tgt) in across else bead
                )
                if fits(known_as, fixed):
                    fixed.append(known_as)
    kept = {(bead.src, bead.tgt) for bead in fixed}
    return Constraints(tuple(fixed), tuple(bead for bead in forbidden if (bead.src, bead.tgt) not in kept))


def _matches(row: Mapping[str, Any], runs: tuple[Runs, Runs]) -> Iterator[Bead]:
    """Yield all beads that have a review's texts, whichever of the two is the source."""
    for texts in dict.fromkeys([(row["src"], row["tgt"]), (row["tgt"], row["src"])]):
        src, tgt = (own.find(text) if text else [()] for own, text in zip(runs, texts, strict=True))
        yield from (Bead(one, other) for one in src for other in tgt)


def fits(bead: Bead, others: Iterable[Bead]) -> bool:
    """Tell whether a bead shares no sentence with others, and crosses none of them."""
    return all(clash(bead, other) is None for other in others)


def clash(bead: Bead, other: Bead) -> str | None:
    """Say how two beads contradict each other: ``src`` or ``tgt`` if they share a sentence, or ``cross``."""
    if not set(bead.src).isdisjoint(other.src):
        return "src"
    if not set(bead.tgt).isdisjoint(other.tgt):
        return "tgt"
    both = not any(one.is_null or MOVED in one.flags for one in (bead, other))
    return "cross" if both and (bead.src < other.src) != (bead.tgt < other.tgt) else None


def document_reviews(workspace: Workspace, doc_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the reviews of some documents, by document."""
    wanted = pl.col("doc_id").is_in(pl.Series(list(doc_ids), dtype=pl.String).implode())
    found: dict[str, list[dict[str, Any]]] = {}
    for row in workspace.scan("reviews").filter(wanted).collect().sort("review").iter_rows(named=True):
        found.setdefault(row["doc_id"], []).append(row)
    return found


_NOT = " not "  # and the digest of what was judged wrong, after the aligner's id


def constrained(aligner: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the id of an aligner as it is stored with beads made under constraints.

    It tells when a document is to be aligned again: ``use 3f… set 0a… not 77…``.
    """
    for word, said in (
        (" set ", [[row["review"], *row["places"]] for row in rows if row["right"] and row["places"]]),
        (_NOT, [row["review"] for row in rows if not row["right"]]),
    ):
        if said:
            data = json.dumps(sorted(said)).encode()
            aligner += word + hashlib.sha256(data).hexdigest()[:_DIGITS]
    return aligner


def aligners(workspace: Workspace, aligner: str) -> pl.DataFrame:
    """Return doc_id and `expected`, the id that its beads would have now, of documents with constraints."""
    rows = workspace.scan("reviews").filter(~pl.col("right") | (pl.col("places").list.len() > 0)).collect()
    parts = {
        str(doc_id): constrained(aligner, list(group.iter_rows(named=True)))
        for (doc_id,), group in rows.group_by(["doc_id"], maintain_order=True)
    }
    return pl.DataFrame(
        {"doc_id": list(parts), "expected": list(parts.values())},
        schema={"doc_id": pl.String, "expected": pl.String},
    )


def same_aligner(made: pl.Expr, expected: pl.Expr, *, wrong: bool) -> pl.Expr:
    """Tell whether the ids of aligners that made beads are those that would make them now.

    Parameters
    ----------
    made, expected
        The ids (`constrained`).
    wrong
        Whether what was judged wrong since counts, too: not where somebody only wants to see what there is.
    """
    if wrong:
        return made == expected
    verdicts = f"{_NOT}[0-9a-f]+$"
    return made.str.replace(verdicts, "") == expected.str.replace(verdicts, "")


def moved_beads(
    workspace: Workspace, docs: Collection[str]
) -> dict[tuple[tuple[str, int], tuple[str, int]], list[Bead]]:
    """Return the beads with the flag ``moved`` that documents have, by source and target version."""
    rows = (
        beads_of(workspace, docs)
        .filter(pl.col("flags").list.contains(MOVED))
        .select(*PAIR, "src_ids", "tgt_ids")
        .collect()
    )
    out: dict[tuple[tuple[str, int], tuple[str, int]], list[Bead]] = {}
    for doc_id, src, tgt_doc, tgt, *ids in rows.iter_rows():
        bead = Bead(tuple(ids[0]), tuple(ids[1]), flags=(MOVED,))
        out.setdefault(((doc_id, src), (tgt_doc, tgt)), []).append(bead)
    return out
