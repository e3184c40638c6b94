"""Pairs of terms that translate each other, proposed from aligned sentences.

Terms are runs of one to three words. Two terms go together where one stands on the one side of a bead
and the other on the other; how much more often than chance has it is G² over beads (Dunning 1993).
What goes together only because both go with a third (地方 and "industry", by way of "local" and 工业) is
suppressed by competitive linking (`corpus.linguistics.term_linking`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.linguistics.term_counts import candidates, occurrences, side_texts
from corpus.linguistics.term_linking import Limits, Occurrences, linked, strongest
from corpus.reuse.repeats import EARLIEST
from corpus.reuse.reprints import reprint_groups
from corpus.reuse.subcorpus import open_subcorpus
from corpus.store.beads import scan_beads
from corpus.store.schemas import KEYS, DataType

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.documents.subcorpus import Selection
    from corpus.execution.executor import Executor
    from corpus.linguistics.patterns import Pattern
    from corpus.store.snapshot import Snapshot
    from corpus.store.workspace import Workspace

_TERMS: dict[str, DataType] = {
    "src_lang": pl.String,
    "tgt_lang": pl.String,
    "src": pl.String,
    "tgt": pl.String,
    "both": pl.UInt32,
    "linked": pl.UInt32,
    "src_n": pl.UInt32,
    "tgt_n": pl.UInt32,
    "g2": pl.Float64,
    "dice": pl.Float64,
    "words": pl.Float64,
    "src_forms": pl.List(pl.String),
    "tgt_forms": pl.List(pl.String),
    "example_src": pl.String,
    "example_tgt": pl.String,
    "example_doc": pl.String,
    "example_line": pl.Int32,
}
TERMS = pl.Schema(_TERMS)
"""One row a pair, the strongest first. `src` and `tgt` are the terms in their most frequent form, `…_forms`
all forms seen in up to twenty beads; forms of a stem are one term. Counts are of beads: `both` with both
terms, `linked` of these where the two were linked, `src_n` and `tgt_n` with the one, with the other.
`g2` is of beads, `dice` of occurrences, paired within beads; `words` is how well the words of the terms
match each other, 0 to 1. The example is the shortest bead of those, and the line of its source side."""

_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """Pairs of terms, and what they were counted over.

    Attributes
    ----------
    pairs
        `TERMS`.
    beads
        How many beads were counted.
    excluded
        How many were left out because of their score.
    repeats
        How many pair the same texts as an earlier one, on both sides: as they are, or lightly edited.
    once
        Whether these were left out.
    snapshot
        Of the workspace.
    """

    pairs: pl.DataFrame
    beads: int
    excluded: int
    repeats: int
    once: bool
    snapshot: Snapshot


def term_pairs(
    workspace: Workspace,
    *,
    selection: Selection | None = None,
    pattern: Pattern | None = None,
    limits: Limits | None = None,
    once: bool = True,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Terms:
    """Propose pairs of terms.

    G² takes beads for independent observations, which a pair of sentences and its reprint are not: counted
    each time, two words of a report that ten papers printed would be as sure a pair as two that ten reports
    have. So each pair of texts counts once, unless `once` says otherwise.

    Parameters
    ----------
    workspace
        Its beads are taken as they are; aligning is `corpus.alignment.incremental.align_missing`'s.
    selection
        Of beads, by their source side; its `lang` is the source's.
    pattern
        Only pairs in which one term holds a match; all are counted nevertheless.
    limits
        What beads and pairs must reach.
    once
        Count beads that pair the same texts once, the earliest of them. Texts are the same if they differ
        in marks, case and spacing only, or are lightly edited reprints with the same figures
        (`corpus.reuse.repeats`). Sentences that were not compared yet are
        (`corpus.reuse.repeats.ensure_compared`, which see for errors).
    executor
        Whose workers count, in shards; None counts here.
    progress
        Called with how many beads are read, of how many.

    Raises
    ------
    CorpusError
        If no bead passes, or what is found out about reprints cannot be kept (`repeats.ensure_compared`).
    """
    over = open_subcorpus(workspace, selection, once=once)
    limits = limits or Limits()
    every, excluded = _beads(over.workspace, over.versions, limits.score)
    different = _different(over.workspace, every, over.versions)
    beads = different if once else every
    if beads.is_empty():
        why = f"the {excluded} there are score less than {limits.score}" if excluded else "none is aligned"
        raise CorpusError(f"no pair of sentences to find terms in: {why}")
    frames = [pl.DataFrame(schema=TERMS)]
    done = 0
    for (src_lang, tgt_lang), group in beads.group_by("src_lang", "tgt_lang", maintain_order=True):
        own = group.drop("row").with_row_index("row")
        sides = {}
        for side, lang in (("src", str(src_lang)), ("tgt", str(tgt_lang))):
            sides[side] = occurrences(workspace, own, side, lang, limits.least, executor)
            done += len(own)
            if progress is not None:
                progress(done, 2 * len(beads))
        found = strongest(sides["src"], sides["tgt"], len(own), limits)
        found = linked(found, sides["src"], sides["tgt"], limits)
        frames.append(
            _described(workspace, found, sides, own)
            .with_columns(src_lang=pl.lit(src_lang), tgt_lang=pl.lit(tgt_lang))
            .select(pl.col(name).cast(kind) for name, kind in TERMS.items())
        )
    pairs = pl.concat(frames)
    if pattern is not None:
        pairs = pairs.filter([_names(pattern, row) for row in pairs.iter_rows(named=True)])
    return Terms(pairs, len(beads), excluded, len(every) - len(different), once, over.snapshot)


def _names(pattern: Pattern, row: dict[str, list[str]]) -> bool:
    forms = [*row["src_forms"], *row["tgt_forms"]]
    return any(next(pattern.matches(form), None) is not None for form in forms)


def _beads(workspace: Workspace, versions: pl.DataFrame, score: float) -> tuple[pl.DataFrame, int]:
    """Return the beads to count, numbered, with the languages of their sides, and how many score less.

    Where documents are translated both ways between two languages, the rarer way is turned round.
    """
    langs = workspace.scan("versions").select(*KEYS, "lang").collect()
    own = versions.filter(pl.col("quoted").is_null())
    full = (
        scan_beads(workspace)
        .filter((pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0))
        .select("src_version", "tgt_version", "src_ids", "tgt_ids", "score", "tgt_doc", src_doc="doc_id")
        .collect()
        .join(own.select(src_doc="doc_id", src_version="version"), on=["src_doc", "src_version"], how="semi")
        .join(
            langs.select(src_doc="doc_id", src_version="version", src_lang="lang"),
            on=["src_doc", "src_version"],
        )
        .join(
            langs.select(tgt_doc="doc_id", tgt_version="version", tgt_lang="lang"),
            on=["tgt_doc", "tgt_version"],
        )
        .filter(pl.col("src_lang") != pl.col("tgt_lang"))
    )
    kept = full.filter(pl.col("score").fill_null(1.0) >= score)  # null: it came in without one
    ways = {(src, tgt): n for src, tgt, n in kept.group_by("src_lang", "tgt_lang").len().iter_rows()}
    turned = [way for way, n in ways.items() if (n, way) < (ways.get(way[::-1], 0), way[::-1])]
    rarer = pl.struct("src_lang", "tgt_lang").is_in(
        [{"src_lang": src, "tgt_lang": tgt} for src, tgt in turned]
    )
    swap = {
        f"{one}_{name}": pl.when(rarer).then(f"{other}_{name}").otherwise(f"{one}_{name}")
        for one, other in (("src", "tgt"), ("tgt", "src"))
        for name in ("doc", "version", "ids", "lang")
    }
    if turned:
        kept = kept.with_columns(**swap)
    ordered = kept.sort("src_lang", "tgt_lang", "src_doc", "src_version", "tgt_doc", "tgt_version", "src_ids")
    return ordered.with_row_index("row"), len(full) - len(kept)


def _different(workspace: Workspace, beads: pl.DataFrame, versions: pl.DataFrame) -> pl.DataFrame:
    """Return beads without those that pair the same texts as an earlier one, numbered anew."""
    groups = reprint_groups(workspace, same_figures=True)
    dates = versions.sort(*EARLIEST).group_by("doc_id").agg(pl.first("date_first", "date_last"))
    first = (
        beads.select("row", "src_lang", "tgt_lang", doc_id="src_doc")
        .join(_texts(workspace, beads, groups, "src"), on="row")
        .join(_texts(workspace, beads, groups, "tgt"), on="row")
        .join(dates, on="doc_id", how="left")
        .sort(*EARLIEST, "row")
        .unique(["src_lang", "tgt_lang", "src_texts", "tgt_texts"], keep="first", maintain_order=True)
    )
    return beads.join(first, on="row", how="semi", maintain_order="left").drop("row").with_row_index("row")


def _texts(workspace: Workspace, beads: pl.DataFrame, groups: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return row, and a number for what stands on a side of that bead: one for equal texts and reprints."""
    places = beads.select("row", doc_id=f"{side}_doc", version=f"{side}_version", sentence=f"{side}_ids")
    return (
        workspace.scan("sentences")
        .select(*KEYS, "sentence", "text_id")
        .join(places.explode("sentence").lazy(), on=[*KEYS, "sentence"])
        .join(groups.lazy(), on="text_id", how="left")
        .select("row", "sentence", text=pl.coalesce("group", "text_id"))
        .sort("row", "sentence")
        .group_by("row", maintain_order=True)
        .agg("text")
        .select("row", pl.col("text").hash(seed=0).alias(f"{side}_texts"))
        .collect()
    )


def _described(
    workspace: Workspace, pairs: pl.DataFrame, sides: dict[str, Occurrences], beads: pl.DataFrame
) -> pl.DataFrame:
    """Return pairs with the forms of their terms and an example, from a sample of the beads of each."""
    sample = (
        sides["src"]
        .rows.rename({"term": "src"})
        .join(pairs.select("rank", "src", "tgt"), on="src")
        .join(sides["tgt"].rows.rename({"term": "tgt"}), on=["row", "tgt"])
        .sort("rank", "row")
        .group_by("rank", maintain_order=True)
        .head(_SAMPLE)
    )
    wanted = beads.filter(pl.col("row").is_in(sample["row"].unique().to_list()))
    texts: dict[str, dict[int, str]] = {}
    forms: dict[str, dict[tuple[int, int], Counter[str]]] = {}
    for side in ("src", "tgt"):
        places = set(sample.select("row", side).iter_rows())
        texts[side], forms[side] = _forms(workspace, wanted, side, places)
    where = {row: (doc, version, ids[0]) for row, doc, version, ids in
             wanted.select("row", "src_doc", "src_version", "src_ids").iter_rows()}  # fmt: skip
    described = []
    for (rank, src, tgt), group in sample.group_by("rank", "src", "tgt", maintain_order=True):
        rows = group["row"].to_list()
        shortest = min(rows, key=lambda row: len(texts["src"][row]) + len(texts["tgt"][row]))
        seen = {
            side: [form for form, _ in sum((forms[side][row, term] for row in rows), Counter()).most_common()]
            for side, term in (("src", src), ("tgt", tgt))
        }
        doc_id, version, sentence = where[shortest]
        described.append(
            {
                "rank": rank, "src": seen["src"][0], "tgt": seen["tgt"][0],
                "src_forms": seen["src"], "tgt_forms": seen["tgt"],
                "example_src": texts["src"][shortest], "example_tgt": texts["tgt"][shortest],
                "example_doc": doc_id, "version": version, "sentence": sentence,
            }
        )  # fmt: skip
    table = pl.DataFrame(described, schema=_DESCRIBED)
    lines = (
        workspace.scan("sentences")
        .join(table.lazy(), left_on="doc_id", right_on="example_doc", how="semi")
        .select(*KEYS, "sentence", "line")
        .collect()
    )
    return (
        pairs.drop("src", "tgt")
        .join(table, on="rank")
        .join(lines, left_on=["example_doc", "version", "sentence"], right_on=[*KEYS, "sentence"], how="left")
        .rename({"line": "example_line"})
        .sort("rank")
    )


_DESCRIBED: dict[str, DataType] = {
    "rank": pl.UInt32, "src": pl.String, "tgt": pl.String,
    "src_forms": pl.List(pl.String), "tgt_forms": pl.List(pl.String),
    "example_src": pl.String, "example_tgt": pl.String,
    "example_doc": pl.String, "version": pl.Int32, "sentence": pl.Int32,
}  # fmt: skip


def _forms(
    workspace: Workspace, beads: pl.DataFrame, side: str, wanted: set[tuple[int, int]]
) -> tuple[dict[int, str], dict[tuple[int, int], Counter[str]]]:
    """Return the text of a side of beads, and the forms of wanted terms there, by bead and term."""
    langs = dict(beads.select("row", f"{side}_lang").iter_rows())
    texts: dict[int, str] = {}
    forms: dict[tuple[int, int], Counter[str]] = {}
    for part in side_texts(workspace, beads, side):
        found: list[tuple[int, str, str]] = []
        for row, sentences in part.iter_rows():
            texts[row] = " ".join(sentences)
            found += [
                (row, term, text[start:end].casefold())
                for text in sentences
                for term, start, end in candidates(text, langs[row])
            ]
        hashes = pl.Series([term for _, term, _ in found], dtype=pl.String).hash(seed=0).to_list()
        for (row, _, form), term in zip(found, hashes, strict=True):
            if (row, term) in wanted:
                forms.setdefault((row, term), Counter())[form] += 1
    return texts, forms
