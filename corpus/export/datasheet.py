"""What is said of an export: what is in it, what it was made of and with, and what may be done with it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.documents.pairs import PairCounts, without_nulls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from corpus.documents.pairs import PairBatch
    from corpus.store.workspace import Workspace

_STEPS = (0.0, 0.5, 0.7, 0.85, 0.95)


@dataclass(slots=True)
class Tally:
    """What is counted of pairs while they are written.

    Attributes
    ----------
    counts
        Pairs, and sentences in none.
    langs, kinds, flags, reviews
        Pairs by their languages (``zh-en``), kind (``2:1``), flags, and what was judged of them.
    scores
        Pairs by the greatest of 0, .5, .7, .85 and .95 that their score reaches.
    documents
        Ids of the documents that pairs are of.
    """

    counts: PairCounts = field(default_factory=PairCounts)
    langs: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    scores: Counter[float] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)

    def count(self, batches: Iterable[PairBatch]) -> Iterator[PairBatch]:
        """Yield batches, and count what is in them."""
        for batch in batches:
            self.counts.add(batch.pairs)
            pairs = without_nulls(batch.pairs)
            step = pl.lit(_STEPS[0])
            for least in _STEPS[1:]:
                step = pl.when(pl.col("score") >= least).then(pl.lit(least)).otherwise(step)
            named = pairs.select(
                langs=pl.concat_str("src_lang", "tgt_lang", separator="-"), kinds="bead", scores=step,
                reviews="review",
            )  # fmt: skip
            for name in ("langs", "kinds", "scores", "reviews"):
                getattr(self, name).update(dict(named[name].drop_nulls().value_counts().iter_rows()))
            flags = pairs["flags"].explode().drop_nulls().str.split(":").list.first()
            self.flags.update(dict(flags.value_counts().iter_rows()))
            self.documents.update(pairs["doc_id"].unique(), pairs["tgt_doc"].unique())
            yield batch


def datasheet(
    workspace: Workspace,
    tallies: Mapping[str, Tally],
    *,
    title: str,
    made: Mapping[str, str],
    works: Mapping[str, int],
) -> str:
    """Return a datasheet in Markdown (Gebru et al. 2021, "Datasheets for datasets", in short).

    Parameters
    ----------
    workspace
        What was exported.
    tallies
        What was counted, by the part; one that is called ``""`` where nothing was parted.
    title
        Its first line.
    made
        What it was made with, by name: tool, aligner, filters and so on.
    works
        How many works each part has; empty where nothing was parted.
    """
    ids = sorted(set().union(*(tally.documents for tally in tallies.values())))
    about = _documents(workspace, ids)
    pairs = sum(tally.counts.pairs for tally in tallies.values())
    lines = [f"# {_cell(title)}", "", f"{_many(pairs, 'aligned pair')} of {_many(len(ids), 'document')}.", ""]
    lines += ["## How it was made", "", *_table(("what", "how"), made.items()), ""]
    if works:
        rows = [
            (name, works[name], len(tally.documents), tally.counts.pairs) for name, tally in tallies.items()
        ]
        lines += [
            "## Parts", "",
            "A work (documents that are linked, translated or reprinted) is in one part as a whole.", "",
            *_table(("part", "works", "documents", "pairs"), rows), "",
        ]  # fmt: skip
    lines += ["## Pairs", "", *_counted("languages", _sum(tallies, "langs"))]
    lines += _counted("sentences", _sum(tallies, "kinds"))
    steps = sorted(_sum(tallies, "scores").items(), reverse=True)
    scores = {f"{step:g} or more": count for step, count in steps}
    lines += ["A score is the aligner's probability that a pair is right.", ""]
    lines += _counted("score", scores, sort=False)
    flags = _sum(tallies, "flags")
    lines += _counted("flag", flags) if flags else ["No pair is flagged.", ""]
    reviews = _sum(tallies, "reviews")
    lines += _counted("judged by a person", reviews) if reviews else ["Nobody has judged a pair yet.", ""]
    lines += ["## Sources", "", *_sources(about)]
    lines += ["## Rights", "", *_rights(about)]
    lines += ["## Documents", "", *_table(_COLUMNS, about.select(_COLUMNS.keys()).iter_rows()), ""]
    return "\n".join(lines)


_COLUMNS = {
    "doc_id": "document",
    "langs": "languages",
    "dates": "dates",
    "file": "file",
    "content": "SHA-256 of the file",
}


def card(sheet: str, tallies: Mapping[str, Tally], paths: Mapping[str, str], *, rights: Sequence[str]) -> str:
    """Return a datasheet as the card of a data set: README.md as Hugging Face reads it.

    Parameters
    ----------
    sheet
        `datasheet`.
    tallies
        See `datasheet`.
    paths
        The file of each part, by its name.
    rights
        What the documents' rights are said to be.
    """
    langs = sorted({lang for name in _sum(tallies, "langs") for lang in name.split("-")} - {"und"})
    pairs = sum(tally.counts.pairs for tally in tallies.values())
    limits = ((1e3, "n<1K"), (1e4, "1K<n<10K"), (1e5, "10K<n<100K"), (1e6, "100K<n<1M"), (1e7, "1M<n<10M"))
    size = next((name for limit, name in limits if pairs < limit), "n>10M")
    lines = ["---", *_listed("language", langs)]
    lines += _listed("license", ["other" if rights else "unknown"])
    lines += _listed("multilinguality", ["translation" if len(langs) == 2 else "multilingual"])
    lines += _listed("task_categories", ["translation"]) + _listed("size_categories", [size])
    lines += _listed("tags", ["parallel-corpus", "sentence-alignment"])
    lines += ["configs:", "- config_name: default", "  data_files:"]
    for name, path in paths.items():
        lines += [f"  - split: {json.dumps(name or 'train')}", f"    path: {json.dumps(path)}"]
    return "\n".join([*lines, "---", "", sheet])


def _listed(name: str, values: Sequence[str]) -> list[str]:
    return [f"{name}:", *(f"- {json.dumps(value, ensure_ascii=False)}" for value in values)] if values else []


def rights_of(workspace: Workspace, doc_ids: Iterable[str]) -> list[str]:
    """Return what is said of the rights in some documents, without those of which nothing is."""
    wanted = pl.col("doc_id").is_in(pl.Series(list(doc_ids), dtype=pl.String).implode())
    return (
        workspace.scan("documents").filter(wanted).collect()["rights"].drop_nulls().unique().sort().to_list()
    )


def _sum(tallies: Mapping[str, Tally], name: str) -> Counter[Any]:
    return sum((getattr(tally, name) for tally in tallies.values()), Counter())


def _documents(workspace: Workspace, ids: Sequence[str]) -> pl.DataFrame:
    """Return the documents with what is known of each: rights, content, and of their versions."""
    wanted = pl.col("doc_id").is_in(pl.Series(ids, dtype=pl.String).implode())
    versions = (
        workspace.scan("versions")
        .filter(wanted)
        .sort("doc_id", "version")
        .group_by("doc_id", maintain_order=True)
        .agg(
            langs=pl.col("lang").unique(maintain_order=True).str.join(" "),
            dates=pl.col("date").drop_nulls().unique(maintain_order=True).str.join(" "),
            sources=pl.col("source").drop_nulls().unique(maintain_order=True),
            first=pl.col("date_first").min(),
            last=pl.col("date_last").max(),
        )
    )
    documents = workspace.scan("documents").filter(wanted).select("doc_id", "file", "content", "rights")
    return documents.join(versions, on="doc_id", how="left").sort("doc_id").collect()


def _sources(about: pl.DataFrame) -> list[str]:
    found: dict[str, list[tuple[Any, Any]]] = defaultdict(list)
    for sources, first, last in about.select("sources", "first", "last").iter_rows():
        for source in sources or ["not known"]:
            found[source].append((first, last))
    rows = []
    for source, dates in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        firsts = [first for first, _ in dates if first is not None]
        lasts = [last for _, last in dates if last is not None]
        rows.append((source, len(dates), min(firsts, default=None), max(lasts, default=None)))
    return [*_table(("source", "documents", "from", "to"), rows), ""]


def _rights(about: pl.DataFrame) -> list[str]:
    said: Counter[str] = Counter(about["rights"].drop_nulls())
    unknown = about["rights"].null_count()
    lines = _table(("rights, as stated", "documents"), said.most_common()) if said else []
    if unknown:
        lines += [""] if lines else []
        lines.append(
            f"Of {_many(unknown, 'document')} nothing is stated. That a text can be read does not mean that "
            "it may be passed on: ask who holds the rights, or pass on places and scores only."
        )
    return [*lines, ""]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _counted(name: str, counts: Mapping[Any, int], *, sort: bool = True) -> list[str]:
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0])) if sort else counts.items()
    return [*_table((name, "pairs"), rows), ""]


def _table(names: Iterable[str] | Mapping[str, str], rows: Iterable[Sequence[Any]]) -> list[str]:
    head = list(names.values() if isinstance(names, dict) else names)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return lines


def _cell(value: object) -> str:
    """Return a value as one cell of a table of Markdown: nothing in it is markup."""
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    return "".join(f"\\{letter}" if letter in "\\|<>&`*_[]#" else letter for letter in " ".join(text.split()))
