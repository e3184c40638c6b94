"""Links, and documents proposed to be linked, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.cli.display.terminal import plain_table, print_table

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 200


def print_links(found: pl.DataFrame) -> None:
    """Print links (`corpus.documents.links.LISTED`)."""
    if found.is_empty():
        return
    rows = []
    for row in found.iter_rows(named=True):
        sides = [_called(row, side) for side in ("a", "b")]
        rows.append((*sides, row["original"] or "", row["state"], row["by"] or "", row["note"] or ""))
    print_table(plain_table(("document", "and", "original", "state", "by", "note"), rows, wrapped="note"))


def _called(row: dict[str, str | None], side: str) -> str:
    """Return what a side of a link is called: its document, its language if that is said, its new name."""
    name = f"{row[side]}" + (f" ({row[f'{side}_lang']})" if row[f"{side}_lang"] else "")
    now = row[f"{side}_now"]
    return name if now in (row[side], None) else f"{name}, now {now}"


def print_proposals(found: pl.DataFrame) -> None:
    """Print documents that may be translations of each other (`corpus.mining.proposals.PROPOSALS`)."""
    if found.is_empty():
        return
    rows = [
        (
            {"whole": "yes", "part": "part"}.get(row["kind"] or "", ""),
            f"{row['score']:.3f}",
            f"{row['a']} ({row['a_lang']})",
            f"{row['b']} ({row['b_lang']})",
            _why(row),
        )
        for row in found.head(_SHOWN).iter_rows(named=True)
    ]
    print_table(plain_table(("accepted", "score", "document", "and", "why"), rows, wrapped="why"))


def _why(row: dict[str, float | None]) -> str:
    said = [f"sentences {row['a_matched']:.0%} and {row['b_matched']:.0%}", f"in order {row['order']:.0%}"]
    said += [f"{name} {row[name]:.0%}" for name in ("figures", "names") if row[name] is not None]
    if row["days"] is not None:
        said.append(f"{row['days']:.0f} day{'' if row['days'] == 1 else 's'} apart")
    if row["aligned"] is not None:
        said.append(f"aligned {row['aligned']:.0%}")
    return ", ".join(said)
