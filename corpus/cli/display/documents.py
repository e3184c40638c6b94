"""Documents, what was left out of them, and the workspace's state, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from corpus.cli.display.terminal import date_of, indented, place_of, plain_table, result_console

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl
    from rich.console import Console

    from corpus.encoders.registry import EncoderEntry
    from corpus.maintenance.status import Status


def print_status(status: Status) -> None:
    """Print what is in a workspace: counts, a table by language and decade, what is stale, disk."""
    console = result_console()
    texts = "; the seeds: nothing is ingested" if status.seeds and status.documents else ""
    console.print(Text(f"{status.workspace}: {_counted(status.documents, 'document')}{texts}", style="bold"))
    if len(status.counts):
        counts = [*status.counts.iter_rows(), ("all", "", status.versions, status.sentences)]
        rows = ([f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in counts)
        numbers = ("versions", "sentences")
        console.print(plain_table(("lang", "decade", *numbers), rows, right=numbers))
    unlike = f", {status.unlike:,} left unpaired as no translations" if status.unlike else ""
    console.print(
        Text(
            f"aligned: {status.pairs:,} pairs; of {_counted(status.bilingual, 'bilingual document')} "
            f"{status.unaligned:,} not aligned, {status.outdated:,} by another aligner than {status.aligner}"
            f"{unlike}"
        )
    )
    if status.reviews:
        lost = status.lost_reviews
        note = f", {lost:,} set or right, but no longer in the alignment" if lost else ""
        console.print(Text(f"reviews: {status.reviews:,}{note}"))
    if status.links:
        note = (
            f", {status.lost_links:,} of texts that are not here or have changed" if status.lost_links else ""
        )
        console.print(Text(f"links: {status.links:,}{note}"))
    # Of what is noted of each file of the index, numbers differ, and what made it should not.
    made = {
        ", ".join(f"{key} {value}" for key, value in about.items() if isinstance(value, str))
        for about in status.indexes.values()
    }
    files = f" ({_counted(len(status.indexes), 'file')})" if made else ""
    lacking = _counted(status.unindexed, "different sentence")
    console.print(Text(f"index: {'; '.join(sorted(made)) or 'none'}{files}; {lacking} not indexed"))
    parts = ", ".join(f"{name} {_megabytes(size)}" for name, size in status.disk.items())
    console.print(Text(f"disk: {_megabytes(sum(status.disk.values()))} ({parts})"))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def print_histories(histories: pl.DataFrame) -> None:
    """Print reprinted passages: the earliest text, then its places, and the text where it differs."""
    console = result_console()
    for (number,), places in histories.group_by(["passage"], maintain_order=True):
        first = places.row(0, named=True)
        count = places["doc_id"].n_unique()
        size = _counted(first["sentences"], "sentence")
        if first["paragraphs"]:
            size += f", {_counted(first['paragraphs'], 'whole paragraph')}"
        console.print(Text(f"{number}. {count} documents, {first['lang']}, {size}", style="bold"))
        console.print(indented(first["text"]))
        for place in places.iter_rows(named=True):
            source = place["source"] or "source unknown"
            line = f"{place['similarity']:.2f}  {date_of(place)}  {source}  {place_of(place)}"
            console.print(indented(line, 2))
            if place["similarity"] < 1:
                console.print(indented(place["text"], 8, "dim"))


def print_documents(documents: pl.DataFrame) -> None:
    """Print the list of documents, a line a version."""
    names = ("lang", "relation", "date", "source", "sentences", "title")
    rows = documents.select("doc_id", *names).iter_rows()
    table = plain_table(("document", *names), rows, right=("sentences",), wrapped="title")
    result_console().print(table)


def print_document(about: dict[str, Any], versions: pl.DataFrame, text: pl.DataFrame) -> None:
    """Print a document: what is known of it, then each version's provenance and paragraphs."""
    console = result_console()
    console.print(Text(about["doc_id"], style="bold"))
    # Of a file that is no plain text, the encoding is the format's business unless it was stated.
    given = [name for name in ("part", "format", "encoding") if about[name] or about["format"] is None]
    names = ["file", *(name for name in given if about[name] or name == "encoding"), "captured", "rights"]
    _print_facts(console, {name: about[name] for name in names})
    for note in about["notes"]:
        console.print(Text(f"  note: {note}"))
    for version in versions.iter_rows(named=True):
        console.print()
        console.print(Text(f"[{version['lang']}] {version['relation']}", style="bold"))
        date = version["date"] and f"{version['date']} ({version['date_basis']})"
        facts = {name: version[name] for name in ("source", "relay", "author", "page", "url")}
        _print_facts(console, {"date": date} | facts)
        for paragraph in text.filter(version=version["version"]).iter_rows(named=True):
            style = "bold" if paragraph["kind"] == "heading" else ""
            console.print()
            console.print(Text(paragraph["text"], style=style))


def _print_facts(console: Console, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        console.print(Text(f"  {name}: {'unknown' if value is None else value}"))


def print_dropped(dropped: pl.DataFrame) -> None:
    """Print what was left out of a document: line, offsets, reason, text."""
    rows = (
        (line, f"{start}–{end}", reason, text)
        for line, start, end, reason, text in dropped.select(
            "line", "start", "end", "reason", "text"
        ).iter_rows()
    )
    table = plain_table(("line", "offsets", "reason", "text"), rows, right=("line",), wrapped="text")
    result_console().print(table)


def print_encoders(entries: Iterable[EncoderEntry]) -> None:
    """Print the encoders that the toolkit knows by name, a line each."""
    from corpus.encoders.registry import is_installed

    rows = []
    for one in entries:
        facts = (one.dim, len(one.languages), one.licence, one.size_mb, one.title)
        rows.append((one.name, "yes" if is_installed(one) else "no", *facts))
    names = ("encoder", "installed", "dim", "languages", "licence", "MB", "model")
    result_console().print(plain_table(names, rows, right=("dim", "languages", "MB")))
