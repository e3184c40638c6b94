"""Tables and text for a terminal, drawn with `rich`, which knows how wide Chinese characters are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from corpus.cli.display.terminal import result_console as _console

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl
    from rich.console import Console

    from align.study import Trained
    from corpus.encoders.registry import EncoderEntry
    from corpus.maintenance.status import Status
    from corpus.quality.evaluation import Evaluation

_UNKNOWN = "–"


def print_pairs(pairs: pl.DataFrame) -> None:
    """Print aligned pairs in two columns, a heading a document."""
    console = _console()
    for (doc_id, src_lang, tgt_lang), group in pairs.group_by(
        ["doc_id", "src_lang", "tgt_lang"], maintain_order=True
    ):
        table = Table(
            title=Text(_titled(str(doc_id), group["date"][0])), title_justify="left", show_lines=True
        )
        table.add_column("score", justify="right", no_wrap=True)
        table.add_column("bead", no_wrap=True)
        table.add_column(str(src_lang), ratio=1, overflow="fold")
        table.add_column(str(tgt_lang), ratio=1, overflow="fold")
        for row in group.iter_rows(named=True):
            flags = f"\n{', '.join(row['flags'])}" if row["flags"] else ""
            table.add_row(f"{row['score']:.2f}", row["bead"] + flags, Text(row["src"]), Text(row["tgt"]))
        console.print(table)


def _titled(doc_id: str, date: str | None) -> str:
    return f"{doc_id}  {date}" if date else doc_id


def print_heading(query: str, reason: str | None = None) -> None:
    """Print the query that results follow, and if there are none, why."""
    console = _console()
    console.print(Text(f"# {query}".rstrip(), style="bold"))
    if reason is not None:
        console.print(Padding(Text(f"no result: {reason}"), (0, 0, 0, 4), expand=False))


def print_hits(hits: pl.DataFrame, *, ranked: bool = False) -> None:
    """Print search results: score, date, language, source, document, why; the text; its translation.

    Parameters
    ----------
    hits
        `corpus.search.results.HITS`.
    ranked
        Whether they are in the order of two rankings together: the place in each is shown then.
    """
    console = _console()
    for hit in hits.iter_rows(named=True):
        console.print(Text(_hit_line(hit, ranked=ranked), style="bold"))
        console.print(Padding(Text(_marked(hit)), (0, 0, 0, 4), expand=False))
        if hit["translation"]:
            console.print(
                Padding(
                    Text(f"{hit['translation_lang']}: {hit['translation']}", style="dim"),
                    (0, 0, 0, 4),
                    expand=False,
                )
            )
        others = [place for place in hit["places"] if not _is_shown(place, hit)]
        if others:
            named = [
                f"{_dated(place['date'])} {place['doc_id']}:L{place['line']}{' (edited)' * place['reprint']}"
                for place in others
            ]
            console.print(Padding(Text(f"also: {'; '.join(named)}"), (0, 0, 0, 4), expand=False))


def _marked(hit: dict[str, Any]) -> str:
    """Return a hit's text with the sentences that were found in ⟦ ⟧, where others are shown, too."""
    text = str(hit["text"])
    if hit["translation"] or sum(span["end"] - span["start"] for span in hit["spans"]) >= len(text) - 1:
        return text
    for span in reversed(hit["spans"]):
        start, end = span["start"], span["end"]
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    return text


def _is_shown(place: dict[str, Any], hit: dict[str, Any]) -> bool:
    within = hit["start"] <= place["start"] < hit["end"]
    return within and (place["doc_id"], place["lang"]) == (hit["doc_id"], hit["lang"])


def _hit_line(hit: dict[str, Any], *, ranked: bool) -> str:
    date = _dated(hit["date"]) + (" (original)" if hit["date_basis"] == "original" else "")
    source = hit["source"] or "source unknown"
    place = f"{hit['doc_id']}:L{hit['line']}"
    score = hit["bm25"] if hit["score"] is None else hit["score"]
    line = (
        f"{hit['rank']:2d}. {score:.3f}  {date}  {hit['lang']}  {source}  {place}  {_why(hit, ranked=ranked)}"
    )
    return line.rstrip()


def _why(hit: dict[str, Any], *, ranked: bool) -> str:
    """Return why a hit is one, and why it is where it is."""
    parts = []
    if ranked:
        ranks = {"meaning": hit["dense_rank"], "words": hit["lexical_rank"]}
        parts = [f"{name} #{rank}" for name, rank in ranks.items() if rank is not None]
    if hit["literal"]:
        parts.append("word for word")
    elif hit["variant"]:
        parts.append(f"has {hit['variant']!r}")
    return ", ".join(parts)


def _dated(date: str | None) -> str:
    return date or "undated"


def print_status(found: Status) -> None:
    """Print what is in a workspace: counts, a table by language and decade, what is stale, disk."""
    console = _console()
    texts = "; the seeds: nothing is ingested" if found.seeds and found.documents else ""
    console.print(Text(f"{found.workspace}: {_counted(found.documents, 'document')}{texts}", style="bold"))
    table = Table(box=None, pad_edge=False)
    for name in ("lang", "decade", "versions", "sentences"):
        table.add_column(name, justify="right" if name in ("versions", "sentences") else "left")
    for row in found.counts.iter_rows():
        table.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else cell) for cell in row))
    if len(found.counts):
        table.add_row("all", "", f"{found.versions:,}", f"{found.sentences:,}")
        console.print(table)
    console.print(
        Text(
            f"aligned: {found.pairs:,} pairs; of {_counted(found.bilingual, 'bilingual document')} "
            f"{found.unaligned:,} not aligned, {found.outdated:,} by another aligner than {found.aligner}"
        )
    )
    if found.reviews:
        lost = f", {found.lost_reviews:,} of what is no longer in the alignment" if found.lost_reviews else ""
        console.print(Text(f"reviews: {found.reviews:,}{lost}"))
    if found.unparagraphed and not found.seeds:
        read = f"{_counted(found.unparagraphed, 'document')} read by an earlier version of the toolkit"
        console.print(Text(f"{read}; corpus ingest their folder to have them read again"))
    # Of what is noted of each file of the index, numbers differ, and what made it should not.
    made = {
        ", ".join(f"{key} {value}" for key, value in about.items() if isinstance(value, str))
        for about in found.indexes.values()
    }
    files = f" ({_counted(len(found.indexes), 'file')})" if made else ""
    lacking = _counted(found.unindexed, "different sentence")
    console.print(Text(f"index: {'; '.join(sorted(made)) or 'none'}{files}; {lacking} not indexed"))
    parts = ", ".join(f"{name} {_megabytes(size)}" for name, size in found.disk.items())
    console.print(Text(f"disk: {_megabytes(sum(found.disk.values()))} ({parts})"))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def print_histories(histories: pl.DataFrame) -> None:
    """Print reprinted passages: the earliest text, then its places, and the text where it differs."""
    console = _console()
    for (number,), places in histories.group_by(["passage"], maintain_order=True):
        first = places.row(0, named=True)
        count = places["doc_id"].n_unique()
        size = _counted(first["sentences"], "sentence")
        if first["paragraphs"]:
            size += f", {_counted(first['paragraphs'], 'whole paragraph')}"
        console.print(Text(f"{number}. {count} documents, {first['lang']}, {size}", style="bold"))
        console.print(Padding(Text(first["text"]), (0, 0, 0, 4), expand=False))
        for place in places.iter_rows(named=True):
            date = _dated(place["date"]) + (" (original)" if place["date_basis"] == "original" else "")
            source = place["source"] or "source unknown"
            line = f"{place['similarity']:.2f}  {date}  {source}  {place['doc_id']}:L{place['line']}"
            console.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
            if place["similarity"] < 1:
                console.print(Padding(Text(place["text"], style="dim"), (0, 0, 0, 8), expand=False))


def print_documents(documents: pl.DataFrame) -> None:
    """Print the list of documents, a line a version."""
    table = Table(box=None, pad_edge=False)
    for name in ("document", "lang", "relation", "date", "source", "sentences", "title"):
        table.add_column(
            name, justify="right" if name == "sentences" else "left", no_wrap=name != "title", overflow="fold"
        )
    for row in documents.iter_rows(named=True):
        cells = (
            row["doc_id"],
            row["lang"],
            row["relation"],
            row["date"],
            row["source"],
            row["sentences"],
            row["title"],
        )
        table.add_row(*(Text(_UNKNOWN if cell is None else str(cell)) for cell in cells))
    _console().print(table)


def print_document(about: dict[str, Any], versions: pl.DataFrame, text: pl.DataFrame) -> None:
    """Print a document: what is known of it, then each version's provenance and paragraphs."""
    console = _console()
    console.print(Text(about["doc_id"], style="bold"))
    _print_facts(console, {name: about[name] for name in ("file", "encoding", "captured", "rights")})
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
    table = Table(box=None, pad_edge=False)
    for name in ("line", "offsets", "reason", "text"):
        table.add_column(name, justify="right" if name == "line" else "left", no_wrap=name != "text")
    for row in dropped.iter_rows(named=True):
        cells: Iterable[str] = (str(row["line"]), f"{row['start']}–{row['end']}", row["reason"], row["text"])
        table.add_row(*(Text(cell) for cell in cells))
    _console().print(table)


def print_evaluation(found: Evaluation) -> None:
    """Print precision, recall and F1, overall and by bead type, and the signature."""
    table = Table(box=None, pad_edge=False)
    for name in ("", "precision", "recall", "F1", "gold", "test"):
        table.add_column(name, justify="right" if name else "left")
    scores = found.scores
    for name, measures in (("strict", scores.strict), ("lax", scores.lax)):
        cells = [f"{value:.4f}" for value in (measures.precision, measures.recall, measures.f1)]
        table.add_row(name, *cells, str(scores.expected.total), str(scores.proposed.total))
    for kind, counts in found.to_dict()["types"].items():
        measures = scores.strict_of(kind)
        cells = [f"{value:.4f}" for value in (measures.precision, measures.recall, measures.f1)]
        table.add_row(kind, *cells, str(counts["gold"]), str(counts["test"]))
    console = _console()
    console.print(table)
    files = f"{found.files} file{'' if found.files == 1 else 's'}"
    console.print(Text(f"{files}; {found.signature}"))


def print_training(trained: Trained) -> None:
    """Print strict F1 on left-out texts at each share of null beads, and how good the calibration is."""
    from align.train import NULL_RATES

    table = Table(box=None, pad_edge=False)
    table.add_column("strict F1, with beads cut to null beads")
    for rate in NULL_RATES:
        table.add_column(f"{rate:.0%}", justify="right")
    for label, row in trained.report.items():
        table.add_row(Text(label), *(f"{f1:.4f}" for f1 in row))
    console = _console()
    if trained.report:
        console.print(table)
    if trained.quality is not None:
        for name, value in trained.quality.items():
            console.print(Text(f"{name}: {_UNKNOWN if value is None else value}"))


def print_encoders(entries: Iterable[EncoderEntry]) -> None:
    """Print the encoders that the toolkit knows by name, a line each."""
    from corpus.encoders.registry import is_installed

    table = Table(box=None, pad_edge=False)
    for name in ("encoder", "installed", "dim", "languages", "licence", "MB", "model"):
        table.add_column(name, justify="right" if name in ("dim", "languages", "MB") else "left")
    for entry in entries:
        installed = "yes" if is_installed(entry) else "no"
        cells = (
            entry.name,
            installed,
            entry.dim,
            len(entry.languages),
            entry.licence,
            entry.size_mb,
            entry.title,
        )
        table.add_row(*(str(cell) for cell in cells))
    _console().print(table)
