"""Judging beads and putting them right, the least certain first, a key each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from corpus.base.errors import CorpusError
from corpus.quality.bead_specs import Correction, ids_text
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.api.desk import ToJudge


def review(asked: Asked) -> View | Response:
    """Show the next bead to be judged, or one of a document."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    skip = asked.number("skip", 0)
    doc, bead = asked.text("doc"), asked.text("bead")
    try:
        found = studio.corpus.to_judge(doc, bead) if doc else studio.corpus.next_to_judge(skip)
    except CorpusError as error:
        if doc:
            raise
        return View("review.html", {"found": None, "skip": skip, "unaligned": str(error)}, {"bead": None})
    data: dict[str, Any] = {
        "found": found,
        "skip": skip,
        "doc": doc,
        "undo": len(studio.steps),
        "unaligned": None,
    }
    if found is not None:
        data |= {"cuts": _cuts(found)}
    twin = {"bead": None} if found is None else _twin(found)
    return View("parts/review.html" if asked.partial else "review.html", data, twin)


def _twin(found: ToJudge) -> dict[str, Any]:
    facts = {"bead": found.bead, "judged": found.judged, "total": found.total}
    return facts | {"numbers": found.numbers, "sentences": found.sentences}


def _cuts(found: ToJudge) -> dict[str, int]:
    """Return after which sentence of either side a bead is likeliest to be cut."""
    from corpus.quality.bead_specs import likely_cut

    bead = found.bead
    src, tgt = likely_cut(bead["src"], bead["tgt"], len(bead["src_ids"]), len(bead["tgt_ids"]))
    return {"src": src, "tgt": tgt}


def judge(asked: Asked) -> Response:
    """Keep what was said of a bead, or undo what was said last, and go on to the next one."""
    studio = asked.studio
    holder = studio.corpus.lock_holder()
    if holder is not None:
        raise CorpusError(
            asked.told(
                "Another process is changing this workspace ({pid}): try again when it has ended.",
                pid=holder.pid,
            )
        )
    said = asked.text("say")
    skip = asked.number("skip", 0)
    if said == "undo":
        if not studio.steps:
            raise CorpusError(asked.told("There is nothing to undo."))
        step = studio.steps[-1]
        studio.corpus.take_back(step)
        studio.steps.pop()
    elif said == "later":
        skip += 1
    else:
        doc, bead = asked.text("doc"), asked.text("bead")
        bead, verdict = _verdict(asked, said, doc, bead)
        step = studio.corpus.judge(
            doc, bead, verdict, note=asked.text("note") or None, by=asked.text("by") or None
        )
        studio.steps.append(step)
    back = asked.text("back")
    if back and said not in ("undo", "later"):  # from a page about one document
        return RedirectResponse(f"/document/{quote(back, safe='')}?first={asked.number('first', 0)}", 303)
    return RedirectResponse(f"/review?skip={skip}&said={quote(said)}", 303)


def _verdict(asked: Asked, said: str, doc: str, name: str) -> tuple[str, bool | Correction]:
    """Return what a key says, and of which bead."""
    if said in ("right", "wrong"):
        return name, said == "right"
    whole = {"other": Correction(other=True), "join-down": Correction(merge_next=True)}
    if said in whole:
        return name, whole[said]
    found = asked.studio.corpus.to_judge(doc, name, context=1)
    bead = found.bead
    before = found.before[-1] if found.before else None
    after = found.after[0] if found.after else None
    if said == "join-up":
        return _name(_there(asked, before)), Correction(merge_next=True)
    if said == "split":
        return name, Correction(split=_part(asked, bead))
    if said == "shift-down":
        return name, Correction(move=f"tgt {_one(asked, bead, -1)}", to=_name(_there(asked, after)))
    if said == "shift-up":
        return name, Correction(move=f"tgt {_one(asked, bead, 0)}", to=_name(_there(asked, before)))
    raise CorpusError(asked.told("Nothing was said of the bead."))


def _there(asked: Asked, bead: dict[str, Any] | None) -> dict[str, Any]:
    if bead is None:
        raise CorpusError(asked.told("There is no bead on that side."))
    return bead


def _name(bead: dict[str, Any]) -> str:
    return str(bead["name"])


def _one(asked: Asked, bead: dict[str, Any], place: int) -> int:
    if not bead["tgt_ids"]:
        raise CorpusError(asked.told("The bead has no sentence to shift."))
    return int(bead["tgt_ids"][place])


def _part(asked: Asked, bead: dict[str, Any]) -> str:
    """Return the first part of a bead that is cut after so many sentences of either side."""
    cuts = {side: asked.number(f"cut_{side}", 0, most=len(bead[f"{side}_ids"])) for side in ("src", "tgt")}
    return ":".join(ids_text(bead[f"{side}_ids"][: cuts[side]]) for side in ("src", "tgt"))
