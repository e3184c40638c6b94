"""Measures of corpus linguistics, as polars expressions over counts and as functions of numbers.

Every formula is stated with its source. A measure that a count does not bear is null, never zero.
"""

from __future__ import annotations

import polars as pl

PER = 10_000
"""Frequencies are given per so many words."""

CRITICAL = {0.05: 3.84, 0.01: 6.63, 0.001: 10.83}
"""Chi-squared with one degree of freedom: what G² exceeds with this probability if words are independent.
It is the level of one test; a list of a thousand words holds ten above the second by chance."""


def per_10k(count: pl.Expr, words: pl.Expr) -> pl.Expr:
    """Return occurrences per 10,000 words; null where there are no words."""
    return pl.when(words > 0).then(count.cast(pl.Float64) * PER / words)


def log_likelihood(both: pl.Expr, first: pl.Expr, second: pl.Expr, total: pl.Expr) -> pl.Expr:
    r"""Return G² of a two-by-two table (Dunning 1993), negative where less is seen than expected.

    With cells O and expectations E from the margins, G² = 2 Σ O ln(O / E); an empty cell adds nothing.
    The sign is a convention of ours; Dunning's statistic is its absolute value.

    Parameters
    ----------
    both
        How many of the observations have both properties.
    first, second
        How many have the one, how many the other (margins).
    total
        How many observations there are.

    Notes
    -----
    T. Dunning, Accurate methods for the statistics of surprise and coincidence, Computational
    Linguistics 19 (1993).
    """
    cells = (
        (both, first, second),
        (first - both, first, total - second),
        (second - both, total - first, second),
        (total - first - second + both, total - first, total - second),
    )
    g2 = pl.lit(0.0)
    for seen, row, column in cells:
        observed = seen.cast(pl.Float64)
        expected = row.cast(pl.Float64) * column / total
        g2 += pl.when(observed > 0).then(observed * (observed / expected).log()).otherwise(0.0)
    more = both.cast(pl.Float64) * total >= first.cast(pl.Float64) * second
    # Rounding may leave a value a hair below nought where seen and expected are equal.
    return (2 * g2).clip(lower_bound=0.0) * pl.when(more).then(1.0).otherwise(-1.0)


def log_dice(both: pl.Expr, first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Return logDice = 14 + log₂(2 f(x, y) / (f(x) + f(y))), at most 14 (Rychlý 2008).

    It does not depend on the size of the corpus. P. Rychlý, A lexicographer-friendly association score,
    RASLAN 2008.
    """
    return 14 + (2 * both.cast(pl.Float64) / (first + second)).log(2)


def dice(both: pl.Expr, first: pl.Expr, second: pl.Expr) -> pl.Expr:
    """Return the coefficient of Dice (1945), 2 f(x, y) / (f(x) + f(y)), in 0..1."""
    return 2 * both.cast(pl.Float64) / (first + second)


def log_ratio(count: pl.Expr, words: pl.Expr, other_count: pl.Expr, other_words: pl.Expr) -> pl.Expr:
    """Return the binary logarithm of the ratio of two relative frequencies (Hardie 2014): 1 is twice as much.

    Half an occurrence is put for none, so that a word of one side only has a value; A. Hardie, Log
    Ratio – an informal introduction, CASS, Lancaster University.
    """
    one, other = (pl.when(n > 0).then(n.cast(pl.Float64)).otherwise(0.5) for n in (count, other_count))
    return ((one / words) / (other / other_words)).log(2)


def dispersion(counts: pl.DataFrame, sizes: pl.DataFrame) -> pl.DataFrame:
    r"""Return Gries's deviation of proportions of each word, and its normalised form.

    DP = ½ Σ |v / f − s| over the parts, where v is the word's count in a part, f its count in all and s
    the part's share of the corpus: 0 is spread as the parts' sizes are, 1 is all in one small part.
    DPnorm = DP / (1 − min s) reaches 1; it is null where there is one part only.

    Parameters
    ----------
    counts
        Columns `word`, `part`, `n`; one row a word and part it is in.
    sizes
        Columns `part`, `words`; one row a part, those without the word included.

    Returns
    -------
    polars.DataFrame
        word, dp, dp_norm; in no particular order.

    Notes
    -----
    S. Th. Gries, Dispersions and adjusted frequencies in corpora, International Journal of Corpus
    Linguistics 13 (2008); J. Lijffijt and S. Th. Gries, Correction to it, ibid. 17 (2012), for DPnorm.
    """
    total, least = int(sizes["words"].sum()), sizes["words"].min()
    widest = 1.0 - (int(least) / total if isinstance(least, int) and total else 1.0)
    # In whole numbers, times f and all words: sums of fractions differ by the order that parts come in.
    n, words = (pl.col(name).cast(pl.Int128) for name in ("n", "words"))
    return (
        counts.join(sizes.select("part", "words"), on="part")
        .with_columns(f=n.sum().over("word"))
        .group_by("word", "f")
        # A part without the word differs by its whole share.
        .agg(difference=(n * total - words * pl.col("f")).abs().sum(), absent=total - words.sum())
        .with_columns(dp=(pl.col("difference") + pl.col("absent") * pl.col("f")) / (2 * pl.col("f") * total))
        .select("word", "dp", dp_norm=pl.col("dp") / widest if widest > 0 else pl.lit(None, dtype=pl.Float64))
    )
