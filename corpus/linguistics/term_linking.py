"""Which terms of two languages go together: association over beads, then links, each term once a bead.

How much more often than chance two terms stand in the same beads is G² over beads (Dunning 1993). What goes
together only because both go with a third is suppressed by competitive linking: in each bead the strongest
pair is linked first, and each term once (I. D. Melamed, Models of translational equivalence among words,
Computational Linguistics 26, 2000; one round of it, over types of terms). Pairs of equal G², which are many
where beads are few, stand in the order of how well the words of the one match the words of the other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from corpus.linguistics.measures import dice, log_likelihood

_BEST = 20  # partners that are kept of a term
_CHUNK = 4_000_000  # rows of a join, about
_BEADS = 20_000  # linked at a time


@dataclass(frozen=True, slots=True)
class Limits:
    """What a pair of terms must reach.

    Attributes
    ----------
    score
        Least score of a bead. At .9 the shipped weights are right 99 times in a hundred
        (`docs/concepts/alignment.md`).
    least
        In how many beads both terms must stand, and be linked.
    g2
        Least G² of a pair; 6.63 is reached by one pair in a hundred that have nothing to do with each
        other, and many are looked at.
    share
        In which share of the beads with both terms they must be linked with each other.
    """

    score: float = 0.9
    least: int = 2
    g2: float = 6.63
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The terms of one side of all beads.

    Attributes
    ----------
    rows
        row, term, times: a bead's number, the hash of a term in it, and how often it stands there; only
        terms of enough beads.
    counts
        term, name, n, times: the hash, the stems, in how many beads, and how often in all.
    """

    rows: pl.DataFrame
    counts: pl.DataFrame


def strongest(src: Occurrences, tgt: Occurrences, beads: int, limits: Limits) -> pl.DataFrame:
    """Return src, tgt, both, src_n, tgt_n, g2, dice: of each source term its best partners."""
    width = tgt.rows.group_by("row").agg(width=pl.len())
    # Source terms in portions whose joins stay small, however frequent the terms are.
    costs = (
        src.rows.join(width, on="row")
        .group_by("term")
        .agg(cost=pl.col("width").sum())
        .sort("term")
        .with_columns(portion=pl.col("cost").cum_sum() // _CHUNK)
    )
    portions = [_associated(src, tgt, portion, beads, limits) for _, portion in costs.group_by("portion")]
    return pl.concat(portions) if portions else pl.DataFrame(schema=_PAIR)


_PAIR = {
    "src": pl.UInt64, "tgt": pl.UInt64, "both": pl.UInt32, "src_n": pl.UInt32, "tgt_n": pl.UInt32,
    "g2": pl.Float64, "dice": pl.Float64,
}  # fmt: skip


def _associated(
    src: Occurrences, tgt: Occurrences, terms: pl.DataFrame, beads: int, limits: Limits
) -> pl.DataFrame:
    """Return the columns of `_PAIR` for some source terms and their best partners."""
    own = src.rows.join(terms, on="term", how="semi").rename({"term": "src"})
    return (
        own.join(tgt.rows.rename({"term": "tgt"}), on="row")
        .group_by("src", "tgt")
        .agg(both=pl.len(), times=pl.min_horizontal("times", "times_right").sum())
        .filter(pl.col("both") >= limits.least)
        .join(src.counts.select(src="term", src_n="n", src_times="times"), on="src")
        .join(tgt.counts.select(tgt="term", tgt_n="n", tgt_times="times"), on="tgt")
        .with_columns(
            g2=log_likelihood(pl.col("both"), pl.col("src_n"), pl.col("tgt_n"), pl.lit(beads)).round(9),
            dice=dice(pl.col("times"), pl.col("src_times"), pl.col("tgt_times")),
        )
        .filter(pl.col("g2") >= limits.g2)
        .sort("g2", "dice", "tgt", descending=[True, True, False])
        .group_by("src", maintain_order=True)
        .head(_BEST)
        .select(pl.col(name).cast(kind) for name, kind in _PAIR.items())
    )


def _lexical_weights(pairs: pl.DataFrame, src: Occurrences, tgt: Occurrences) -> pl.DataFrame:
    """Return pairs with `words`: how well the words of the one match the words of the other.

    Each word has the best Dice that it has with a word of the other term; the mean over the words of
    each side, and of both sides. After the lexical weighting of P. Koehn, F. J. Och and D. Marcu,
    Statistical phrase-based translation (2003), with Dice in place of translation probabilities.
    """
    names = [dict(side.counts.select("term", "name").iter_rows()) for side in (src, tgt)]
    single: dict[tuple[str, str], float] = {
        (names[0][one], names[1][other]): value
        for one, other, value in pairs.select("src", "tgt", "dice").iter_rows()
        if " " not in names[0][one] and " " not in names[1][other]
    }

    def weight(one: str, other: str) -> float:
        grid = [[single.get((a, b), 0.0) for b in other.split(" ")] for a in one.split(" ")]
        rows, columns = ([max(line) for line in lines] for lines in (grid, zip(*grid, strict=True)))
        return (sum(rows) / len(rows) + sum(columns) / len(columns)) / 2

    terms = [(names[0][one], names[1][other]) for one, other in pairs.select("src", "tgt").iter_rows()]
    return pairs.with_columns(
        words=pl.Series([weight(*term) for term in terms], dtype=pl.Float64),
        length=pl.Series([" ".join(term).count(" ") for term in terms], dtype=pl.Int32),
        name=pl.Series(["\t".join(term) for term in terms], dtype=pl.String),
    )


def linked(pairs: pl.DataFrame, src: Occurrences, tgt: Occurrences, limits: Limits) -> pl.DataFrame:
    """Return the pairs that are linked in enough beads, with `linked`, how many those are."""
    # Equal ones in the order of how well their words match; then the longer term, which says more.
    ranked = (
        _lexical_weights(pairs, src, tgt)
        .with_columns(match=pl.col("words") * pl.col("dice"))
        .sort("g2", "match", "length", "name", descending=[True, True, True, False])
        .with_row_index("rank")
    )
    links: Counter[int] = Counter()
    names = ranked.select("rank", "src", "tgt")
    last = src.rows["row"].max()
    for begin in range(0, (last + 1) if isinstance(last, int) else 0, _BEADS):
        here = pl.col("row").is_between(begin, begin + _BEADS - 1)
        triples = (
            src.rows.filter(here)
            .rename({"term": "src"})
            .join(names, on="src")
            .join(tgt.rows.filter(here).rename({"term": "tgt"}), on=["row", "tgt"])
            .sort("row", "rank")
        )
        row_before: int | None = None
        taken: set[tuple[str, int]] = set()
        for row, rank, one, other in triples.select("row", "rank", "src", "tgt").iter_rows():
            if row != row_before:
                row_before, taken = row, set()
            if ("src", one) not in taken and ("tgt", other) not in taken:
                taken |= {("src", one), ("tgt", other)}
                links[rank] += 1
    counted = pl.DataFrame(
        {"rank": list(links), "linked": list(links.values())},
        schema={"rank": ranked.schema["rank"], "linked": pl.UInt32},
    )
    enough = (pl.col("linked") >= limits.least) & (pl.col("linked") >= limits.share * pl.col("both"))
    return ranked.join(counted, on="rank").filter(enough).sort("rank")
