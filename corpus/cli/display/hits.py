"""Tables and text for a terminal, drawn with `rich`, which knows how wide Chinese characters are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from corpus.cli.display.terminal import date_of, indented, place_of, result_console

if TYPE_CHECKING:
    import polars as pl


_NOT_CLOSE = "--- the nearest besides: each is likelier about something else ---"


def print_heading(query: str, reason: str | None = None) -> None:
    """Print the query that results follow, and if there are none, why."""
    console = result_console()
    console.print(Text(f"# {query}".rstrip(), style="bold"))
    if reason is not None:
        console.print(indented(f"no result: {reason}"))


def print_hits(hits: pl.DataFrame, *, ranked: bool = False, close: int | None = None) -> None:
    """Print search results: score, date, language, source, document, why; the text; its translation.

    Parameters
    ----------
    hits
        `corpus.search.results.HITS`.
    ranked
        Whether they are in the order of two rankings together: the place in each is shown then.
    close
        How many of them are close to the query; a line parts the others from them. All, unless given.
    """
    console = result_console()
    for number, hit in enumerate(hits.iter_rows(named=True)):
        if number == close:
            console.print(Text(_NOT_CLOSE, style="dim"))
        console.print(Text(_hit_line(hit, ranked=ranked), style="bold"))
        console.print(indented(_marked(hit)))
        if hit["translation"]:
            console.print(indented(f"{hit['translation_lang']}: {hit['translation']}", style="dim"))
        others = [place for place in hit["places"] if not _is_shown(place, hit)]
        if others:
            named = [
                f"{place['date'] or 'undated'} {place_of(place)}" + " (edited)" * place["reprint"]
                for place in others
            ]
            console.print(indented(f"also: {'; '.join(named)}"))


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
    within = hit["text_start"] <= place["start"] < hit["text_end"]
    return within and (place["doc_id"], place["lang"]) == (hit["doc_id"], hit["lang"])


def _hit_line(hit: dict[str, Any], *, ranked: bool) -> str:
    source = hit["source"] or "source unknown"
    place = place_of(hit)
    score = hit["bm25"] if hit["score"] is None else hit["score"]
    evidence = _why(hit, ranked=ranked)
    line = f"{hit['rank']:2d}. {score:.3f}  {date_of(hit)}  {hit['lang']}  {source}  {place}  {evidence}"
    return line.rstrip()


def _why(hit: dict[str, Any], *, ranked: bool) -> str:
    """Return the evidence for a hit and its rank."""
    parts = []
    if ranked:
        ranks = {"meaning": hit["dense_rank"], "words": hit["lexical_rank"]}
        parts = [f"{name} #{rank}" for name, rank in ranks.items() if rank is not None]
    if hit["literal"]:
        parts.append("word for word")
    elif hit["variant"]:
        parts.append(f"has {hit['variant']!r}")
    elif hit["because"]:
        parts.append(", ".join(hit["because"]))
    if hit["meaning"] is not None:
        parts.append(f"meaning {hit['meaning']:.2f}")
    return "; ".join(parts)
