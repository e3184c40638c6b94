"""What stands at a place, for a terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.cli.console import print_json, say, say_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.documents.locations import Passage, Place
    from corpus.store.workspace import Workspace


def show_place(workspace: Workspace, place: Place, *, as_json: bool) -> None:
    """Print the sentence at a place, what is around it, and what it is aligned with."""
    from corpus.documents.locations import passage_at
    from corpus.quality.reviews import verdicts_of

    passage = passage_at(workspace, place)
    said = verdicts_of(workspace, place.doc_id)
    judged = [other | {"review": said.get((other["bead"], other["text"]))} for other in passage.counterparts]
    say_if_settled(place, passage.place)
    if as_json:
        print_json(
            {
                "snapshot": passage.snapshot.to_dict(),
                "asked": str(place),
                "place": str(passage.place),
                "version": passage.version,
                "paragraph": passage.paragraph,
                "sentences": passage.sentences.to_dicts(),
                "counterparts": judged,
            }
        )
    else:
        _print_passage(passage, judged)
    say_snapshot(passage.snapshot.to_dict(), beads=True)


def say_if_settled(asked: Place, place: Place) -> None:
    """Say that no sentence begins on the line asked for, and which one goes on there."""
    if place != asked:
        say(f"{asked}: in the middle of the sentence that begins on line {place.number}: {place}")


def _print_passage(passage: Passage, counterparts: Sequence[Mapping[str, Any]]) -> None:
    import polars as pl
    from rich.text import Text

    from corpus.cli.display.terminal import date_of, indented, result_console, score_text

    console = result_console()
    version = passage.version
    source = version["source"] or "source unknown"
    heading = f"{passage.place}  {date_of(version)}  {version['lang']}  {version['relation']}  {source}"
    console.print(Text(heading, style="bold"))
    console.print(Text(f"  file: {version['file']}"))
    here = passage.sentences.row(by_predicate=pl.col("here"), named=True)
    paragraph = passage.paragraph
    number = here["sentence"] - paragraph["sentence"] + 1
    where = _where(paragraph)
    console.print(Text(f"  {paragraph['kind']}: {where}; sentence {number} of {paragraph['sentences']}"))
    for row in passage.sentences.iter_rows(named=True):
        mark, style = (">", "bold") if row["here"] else (" ", "")
        place = f"{mark} {_where(row)}"
        console.print(Text(place, style=style))
        console.print(indented(row["text"], style=style))
        for other in counterparts if row["here"] else []:
            said = f", {other['review']}" if other["review"] else ""
            bead = f"(bead {other['bead']}, score {score_text(other['score'])}{said})"
            text = f"{other['lang']}: {other['text']}  {bead}"
            console.print(indented(text, style="dim"))


def _where(row: Mapping[str, Any]) -> str:
    place = f"{row['place']}: " if row["place"] else ""
    return f"{place}line {row['line']}, {row['start']}–{row['end']}"
