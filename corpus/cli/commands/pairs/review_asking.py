"""Beads judged one after the other on a terminal: what `review --next` does there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusError
from corpus.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.store.workspace import Workspace

KEYS = (
    "y right · n wrong · 3,4:5 what it should be · s or Enter leaves it · u takes the last one back · q ends"
)
_RIGHT, _WRONG = frozenset({"y", "yes", "right", "1"}), frozenset({"n", "no", "wrong", "0", "x"})
_LEAVE, _END, _BACK = frozenset({"", "s", "skip"}), frozenset({"q", "quit", "end"}), frozenset({"u", "undo"})


def ask(
    space: Workspace, count: int, note: str | None, by: str | None, read: Callable[[str], str]
) -> dict[str, int]:
    """Show the least certain beads one by one, and keep what is said of each at once.

    Parameters
    ----------
    space
        Aligned.
    count
        How many beads at most.
    note, by
        What is remarked with each review, and who judges.
    read
        Asks with a prompt and returns what was typed; EOFError ends, as q does.

    Returns
    -------
    dict of str to int
        How many beads were judged right and wrong, set, and left.
    """
    from corpus.cli.display.reviews import print_beads
    from corpus.quality.review_queue import next_beads

    told = {"right": 0, "wrong": 0, "set": 0, "left": 0}
    last: list[tuple[str, dict[str, Any]]] = []
    seen: set[str] = set()
    say(KEYS)
    while len(seen) < count:
        queue = next_beads(space, len(seen) + count)
        fresh = queue.filter(~queue["review"].is_in(list(seen))).head(1)
        if fresh.is_empty():
            say("every other bead with two sides was judged")
            break
        row = fresh.row(0, named=True)
        print_beads(fresh, documents=True)
        answer = _answered(space, row, note, by, read, last)
        if answer == "end":
            break
        if answer == "back":
            kind, before = last.pop()
            told[kind] -= 1
            seen.discard(before["review"])
            continue
        told[answer] += 1
        seen.add(row["review"])
        last.append((answer, row))
    say(", ".join(f"{number} {what}" for what, number in told.items()))
    return told


def _answered(
    space: Workspace,
    row: dict[str, Any],
    note: str | None,
    by: str | None,
    read: Callable[[str], str],
    last: list[tuple[str, dict[str, Any]]],
) -> str:
    """Ask about a bead until the answer is understood; return what was done, back and end among it."""
    while True:
        try:
            typed = read("right? [y/n/s/u/q/3,4:5] ").strip()
        except EOFError:
            return "end"
        word = typed.casefold()
        if word in _END:
            return "end"
        if word in _LEAVE:
            return "left"
        try:
            if word in _BACK:
                if not last:
                    say("nothing to take back")
                    continue
                _take_back(space, *last[-1])
                return "back"
            if word in _RIGHT | _WRONG:
                _judge(space, row, note, by, right=word in _RIGHT)
                return "right" if word in _RIGHT else "wrong"
            if ":" not in typed:
                say(KEYS)
                continue
            _set(space, row, typed, note, by)
        except CorpusError as error:
            say(f"corpus: {error}")
            continue
        return "set"


def _judge(space: Workspace, row: dict[str, Any], note: str | None, by: str | None, *, right: bool) -> None:
    from corpus.quality.reviews import Review, record

    record(space, [Review(row["doc_id"], row["src"], row["tgt"], right, note, by)])


def _set(space: Workspace, row: dict[str, Any], beads: str, note: str | None, by: str | None) -> None:
    from corpus.cli.display.reviews import print_beads
    from corpus.quality.bead_specs import Correction
    from corpus.quality.corrections import correct

    done = correct(space, row["doc_id"], _name(space, row), Correction(set=beads), note=note, by=by)
    row["now"] = _name(space, done.beads.filter("set").row(0, named=True))
    print_beads(done.beads)


def _name(space: Workspace, row: dict[str, Any]) -> str:
    """Return how a bead is called where its document is aligned with several."""
    from corpus.quality.reviews import document_beads

    beads = document_beads(space, row["doc_id"])
    same = beads.filter(beads["number"] == row["number"])
    if len(same) == 1:
        return str(row["number"])
    doc = row["tgt_doc"] if same["tgt_lang"].is_duplicated().any() else row["tgt_lang"]
    return f"{doc}:{row['number']}"


def _take_back(space: Workspace, kind: str, row: dict[str, Any]) -> None:
    """Take back what was said last."""
    from corpus.quality.bead_specs import Correction
    from corpus.quality.corrections import correct
    from corpus.quality.reviews import take_back

    if kind in ("right", "wrong"):
        take_back(space, [row["review"]])
    elif kind == "set":
        correct(space, row["doc_id"], row["now"], Correction(undo=True))
