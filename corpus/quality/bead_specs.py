"""Beads as a person writes them, ``3,4:5``, read against the two texts that they are of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from align import Bead
from corpus.alignment.constraints import clash
from corpus.base.errors import CorpusError
from corpus.documents.bitext import workspace_sides
from corpus.quality.reviews import bead_named
from corpus.store.beads import PAIR, beads_of
from corpus.text.joining import passage_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.documents.bitext import Side
    from corpus.store.workspace import Workspace

_SPEC = re.compile(r"([\d\s,–-]*):([\d\s,–-]*)")


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """Two versions that are aligned, and their beads now, by number.

    Attributes
    ----------
    doc_id
        The document of the source side, which reviews of its beads go by.
    tgt_doc
        That of the target side: the same, unless the two are linked.
    versions
        By number, each of its document.
    src, tgt
        Their texts.
    beads
        By number.
    """

    doc_id: str
    tgt_doc: str
    versions: tuple[int, int]
    src: Side
    tgt: Side
    beads: dict[int, Bead]

    @property
    def sides(self) -> tuple[str, int, str, int]:
        """Document and version of either side, as `corpus.store.beads.PAIR`."""
        return self.doc_id, self.versions[0], self.tgt_doc, self.versions[1]

    @property
    def name(self) -> str:
        """What tells it from other pairs with this source: ``zh-en``, and a linked document's id after it."""
        langs = f"{self.src.lang}-{self.tgt.lang}"
        return langs if self.tgt_doc == self.doc_id else f"{langs} {self.tgt_doc}"

    def text(self, bead: Bead) -> tuple[str, str]:
        """Return the texts of a bead's two sides, as `corpus.documents.pairs.PAIRS` has them."""
        src, tgt = (
            passage_text([side.sentences[k] for k in ids], [side.paragraphs[k] for k in ids], side.lang)
            for side, ids in ((self.src, bead.src), (self.tgt, bead.tgt))
        )
        return src, tgt


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is to become of a bead: one of these things.

    Attributes
    ----------
    set
        The bead that it should be (`corpus.quality.corrections.set_bead`).
    merge_next
        Whether to join it with the bead after it (`merge_next`).
    split
        Its parts (`split_bead`).
    move, to
        Sentences to move, and the bead that they go to (`move_sentences`).
    other
        Whether to take what it could as well be (`take_other`).
    undo
        Whether to take back what was said of it (`undo`).
    """

    set: str | None = None
    merge_next: bool = False
    split: str | None = None
    move: str | None = None
    to: str | None = None
    other: bool = False
    undo: bool = False

    @property
    def name(self) -> str | None:
        """The one that is asked for, None for none (CorpusError for several)."""
        given = {
            "set": self.set, "merge_next": self.merge_next or None, "split": self.split, "move": self.move,
            "other": self.other or None, "undo": self.undo or None,
        }  # fmt: skip
        named = [name for name, value in given.items() if value is not None]
        if (self.move is None) != (self.to is None):
            raise CorpusError("`move='en7'` and `to=BEAD`: say both which sentence, and into which bead")
        if len(named) > 1:
            raise CorpusError(f"{' and '.join(f'`{name}={given[name]!r}`' for name in named)}: one at a time")
        return named[0] if named else None


def aligned_pairs(workspace: Workspace, doc_id: str) -> list[AlignedPair]:
    """Return the aligned pairs of versions of which one is a document's."""
    workspace = workspace.pin()
    table = beads_of(workspace, [doc_id]).collect()
    sides = workspace_sides(workspace, {*table["doc_id"], *table["tgt_doc"]})
    pairs = []
    for names, group in table.sort(*PAIR, "bead").group_by(PAIR, maintain_order=True):
        beads = {
            number: Bead(tuple(src_ids), tuple(tgt_ids))
            for number, src_ids, tgt_ids in group.select("bead", "src_ids", "tgt_ids").iter_rows()
        }
        src_doc, one, tgt_doc, other = str(names[0]), int(str(names[1])), str(names[2]), int(str(names[3]))
        pairs.append(
            AlignedPair(src_doc, tgt_doc, (one, other), sides[src_doc, one], sides[tgt_doc, other], beads)
        )
    return pairs


def pair_named(workspace: Workspace, doc_id: str, name: str | None) -> tuple[AlignedPair, int]:
    """Return the pair of versions that a bead is of, and the bead's number; -1 where none is named.

    Raises
    ------
    CorpusError
        If no bead, or several, are called so; or none is named and there is more than one pair.
    """
    if name is None:
        pairs = aligned_pairs(workspace, doc_id)
        if len(pairs) == 1:
            return pairs[0], -1
        if pairs:
            others = (min({pair.doc_id, pair.tgt_doc} - {doc_id}, default=None) for pair in pairs)
            versions = [f"{pair.src.lang}-{pair.tgt.lang}" for pair in pairs]
            which = ", ".join(f"{a or b}:0" for a, b in zip(others, versions, strict=True))
            raise CorpusError(f"{doc_id}: aligned with several texts; name a bead, such as {which}")
        name = "0"  # which says that there are none
    row = bead_named(workspace, doc_id, name)
    bead = Bead(tuple(row["src_ids"]), tuple(row["tgt_ids"]))
    for pair in aligned_pairs(workspace, doc_id):
        same = (pair.doc_id, pair.tgt_doc) == (row["doc_id"], row["tgt_doc"])
        langs = (pair.src.lang, pair.tgt.lang) == (row["src_lang"], row["tgt_lang"])
        if same and langs and pair.beads.get(row["number"]) == bead:
            return pair, int(row["number"])
    raise CorpusError(f"{doc_id}: the beads have changed meanwhile; to see them: `review({doc_id!r})`")


def parse_beads(pair: AlignedPair, text: str) -> list[Bead]:
    """Read beads as a person writes them (`set_bead`), and check that they fit the texts and each other."""
    beads: list[Bead] = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        match = _SPEC.fullmatch(part)
        if match is None:
            raise CorpusError(
                f"{part!r} is no bead: write numbers of {pair.src.lang} sentences, a colon, and numbers of "
                f"{pair.tgt.lang} sentences, as 3,4:5; nothing after the colon for one without a counterpart"
            )
        bead = Bead(numbers_of(match[1], part), numbers_of(match[2], part))
        check_bead(pair, bead)
        for other in beads:
            if (why := clash(bead, other)) is not None:
                shared = set(getattr(bead, why)) & set(getattr(other, why)) if why != "cross" else set()
                told = (
                    f"both hold {getattr(pair, why).lang} sentence {ids_text(sorted(shared))}" if shared
                    else "cross: beads follow the order of both texts"
                )  # fmt: skip
                raise CorpusError(f"{spec_of(other)} and {spec_of(bead)} {told}")
        beads.append(bead)
    if not beads:
        raise CorpusError("no bead is given; one is like 3,4:5")
    return beads


def numbers_of(text: str, spec: str) -> tuple[int, ...]:
    """Read numbers of sentences: ``3,4``, ``3-6``."""
    ids: list[int] = []
    for part in filter(None, re.split(r"[\s,]+", text.replace("–", "-").strip())):
        first, dash, last = part.partition("-")
        if not (first.isdecimal() and (last.isdecimal() or not dash)):
            raise CorpusError(f"{spec!r}: {part!r} is no number of a sentence; they are like 3,4 or 3-6")
        ids += range(int(first), int(last or first) + 1)
    if len(set(ids)) < len(ids):
        raise CorpusError(f"{spec!r}: a sentence is named twice")
    return tuple(sorted(ids))


def check_bead(pair: AlignedPair, bead: Bead) -> None:
    """Refuse a bead that names sentences there are not, or leaves one out between its own (CorpusError)."""
    if not bead.src and not bead.tgt:
        raise CorpusError("a bead has a sentence at least; one without a counterpart is 3: or :5")
    for side, ids in ((pair.src, bead.src), (pair.tgt, bead.tgt)):
        count = len(side.sentences)
        if outside := [k for k in ids if k >= count]:
            raise CorpusError(
                f"{spec_of(bead)}: there is no {side.lang} sentence {ids_text(outside)}; they are "
                f"numbered 0 to {count - 1}"
            )
        if left_out := sorted(set(range(ids[0], ids[-1])) - set(ids)) if ids else []:
            raise CorpusError(
                f"{spec_of(bead)} leaves out {side.lang} sentence {ids_text(left_out)}: the sentences of "
                "a bead follow each other"
            )


def clashing(pair: AlignedPair, bead: Bead, other: Bead) -> CorpusError:
    """Return the error that says how a bead contradicts one that was set before."""
    why = clash(bead, other)
    number = next((number for number, known in pair.beads.items() if known == other), None)
    called = spec_of(other) if number is None else f"bead {number}, {spec_of(other)}"
    if why == "cross":
        told = f"crosses {called}"
    else:
        shared = sorted(set(getattr(bead, str(why))) & set(getattr(other, str(why))))
        told = f"has {getattr(pair, str(why)).lang} sentence {ids_text(shared)}, which is in {called}"
    back = "" if number is None else f"; to undo that first: `review({pair.doc_id!r}, '{number}', undo=True)`"
    return CorpusError(f"{spec_of(bead)} {told}, set before{back}")


def spec_of(bead: Bead) -> str:
    """Return a bead as a person writes it."""
    return f"{ids_text(bead.src)}:{ids_text(bead.tgt)}"


def ids_text(ids: Sequence[int]) -> str:
    """Return numbers of sentences as a person writes them."""
    return ",".join(map(str, ids))


def likely_cut(src: str, tgt: str, src_count: int, tgt_count: int) -> tuple[int, int]:
    """Return after which sentence of source and target a bead is likeliest to be cut.

    Sentences are taken to be equally long: this is a proposal that a person looks at. Both parts have a
    sentence; where a side has but one, the other is cut after its first, and the rest has no counterpart.

    Parameters
    ----------
    src, tgt
        The two texts.
    src_count, tgt_count
        How many sentences they have.

    Returns
    -------
    int, int
        Counts of sentences of the first part.
    """
    if src_count > 1 and tgt_count > 1:
        cuts = [(i, j) for i in range(1, src_count) for j in range(1, tgt_count)]
        return min(
            cuts,
            key=lambda cut: (abs(cut[0] / src_count - cut[1] / tgt_count), abs(0.5 - cut[0] / src_count)),
        )
    if src_count > 1 or tgt_count > 1:
        return 1, 1
    return (1, 0) if src or tgt else (0, 0)
