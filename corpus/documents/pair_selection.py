"""Which pairs go into an export, and which side comes first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.pairs import without_nulls
from corpus.store.schemas import PROVENANCE
from corpus.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Sequence

FLAGS = ("numbers", "length", "merge", "low", "moved", "unlike")
"""The flags that there are: `align.flags.bead_flags`, and `corpus.alignment.likeness.UNLIKE`."""

_NUMBERS = "numbers: "
_DIFFERS = " ≠ "


@dataclass(frozen=True, slots=True)
class PairFilter:
    """What is asked of pairs.

    Attributes
    ----------
    langs
        Languages of the first side and the second, whichever is the original; None for all as they are.
    min_score
        The least score, 0 to 1.
    no_flags
        Pairs with any of these flags (`FLAGS`) are left out.
    dedup
        Whether of pairs whose texts are the same the one with the greatest score stays, of equals the first.
    keep_wrong
        Whether to keep what was judged wrong.
    """

    langs: tuple[str, str] | None = None
    min_score: float = 0.0
    no_flags: tuple[str, ...] = ()
    dedup: bool = False
    keep_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Selected:
    """Pairs that were asked for.

    Attributes
    ----------
    pairs
        The pairs, null beads among them as before.
    left_out
        How many beads with two sides were left out, by the reason; reasons for none are not in it.
    """

    pairs: pl.DataFrame
    left_out: dict[str, int] = field(default_factory=dict)

    def told(self) -> str:
        """Say what was left out; empty for nothing."""
        return ", ".join(f"{count} {reason}" for reason, count in self.left_out.items())


def pair_filter(
    *,
    langs: str | None = None,
    min_score: float = 0.0,
    no_flags: Sequence[str] = (),
    dedup: bool = False,
    keep_wrong: bool = False,
) -> PairFilter:
    """Check what is asked of pairs.

    Parameters
    ----------
    langs
        Two codes, ``zh-en``.
    min_score, no_flags, dedup, keep_wrong
        See `PairFilter`.

    Raises
    ------
    CorpusError
        If a language, a flag or a score is none.
    """
    if not 0.0 <= min_score <= 1.0:
        raise CorpusError(f"`min_score={min_score}`: a score is from 0 to 1")
    if unknown := [flag for flag in no_flags if flag not in FLAGS]:
        raise CorpusError(f"no flag {', '.join(unknown)}; there are {', '.join(FLAGS)}")
    return PairFilter(_languages(langs), min_score, tuple(no_flags), dedup=dedup, keep_wrong=keep_wrong)


def _languages(langs: str | None) -> tuple[str, str] | None:
    if langs is None:
        return None
    codes = langs.replace(",", "-").split("-")
    if len(codes) != 2:
        raise CorpusError(f"{langs!r} is no pair of languages; one is like zh-en")
    return language_code(codes[0].strip()), language_code(codes[1].strip())


def select_pairs(pairs: pl.DataFrame, wanted: PairFilter) -> Selected:
    """Return the pairs that are asked for.

    Parameters
    ----------
    pairs
        `corpus.documents.pairs.PAIRS`, and the column `review`
        (`corpus.quality.reviews.with_verdicts`).
    wanted
        What is asked for. Of null beads nothing is asked but the languages, and that they were not judged
        wrong.

    Raises
    ------
    CorpusError
        If there are pairs, but none in these languages.
    """
    kept = pairs if wanted.langs is None else in_languages(pairs, *wanted.langs)
    left_out: dict[str, int] = {}
    two_sided = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)
    names = pl.col("flags").list.eval(pl.element().str.split(":").list.first())
    low = pl.col("score") < wanted.min_score
    tests = {
        "judged wrong": pl.lit(not wanted.keep_wrong) & pl.col("review").eq_missing("wrong"),
        f"with a score below {wanted.min_score:g}": two_sided & low,
    } | {f"with the flag {flag}": two_sided & names.list.contains(pl.lit(flag)) for flag in wanted.no_flags}
    for reason, test in tests.items():
        before, kept = kept, kept.filter(~test)
        left_out[reason] = len(without_nulls(before)) - len(without_nulls(kept))
    if wanted.dedup:
        before, kept = kept, _once(kept, two_sided)
        left_out["repeated"] = len(before) - len(kept)
    return Selected(kept, {reason: count for reason, count in left_out.items() if count})


def in_languages(pairs: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Return the pairs in two languages, the first of them as source, whichever was the original."""
    src, tgt = pl.col("src_lang"), pl.col("tgt_lang")
    order = pairs.with_row_index("order")
    as_is = order.filter((src == first) & (tgt == second))
    turned = order.filter((src == second) & (tgt == first)) if first != second else order.clear()
    found = pl.concat([as_is, swapped(turned)]).sort("order", maintain_order=True).drop("order")
    if found.is_empty() and len(pairs):
        known = pairs.select(pl.concat_str(src, tgt, separator="-"))["src_lang"].unique().sort().to_list()
        raise CorpusError(f"no pairs in {first} and {second}; there are {', '.join(known)}")
    return found


def swapped(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the target as source: texts, numbers, provenance, and what flags say of each side."""
    sides = ["", "_lang", "_ids", *(f"_{name}" for name in PROVENANCE)]
    names = {f"src{name}": f"tgt{name}" for name in sides}
    both = {name: other for one, two in names.items() for name, other in ((one, two), (two, one))}
    present = {name: other for name, other in both.items() if name in pairs.columns}
    turned = pairs.rename(present).select(pairs.columns)
    kind = pl.col("bead").str.split(":").list.reverse().list.join(":")
    flags = [[_turned(flag) for flag in flags] for flags in turned["flags"].to_list()]
    date = pl.col("src_date") if "src_date" in pairs.columns else pl.col("date")
    return turned.with_columns(bead=kind, date=date, flags=pl.Series(flags, dtype=pl.List(pl.String)))


def _turned(flag: str) -> str:
    """Return a flag of a bead whose sides are exchanged: ``numbers: 8533 ≠ 8353`` names both."""
    if not flag.startswith(_NUMBERS):
        return flag
    left, _, right = flag.removeprefix(_NUMBERS).partition(_DIFFERS)
    return f"{_NUMBERS}{right}{_DIFFERS}{left}"


def _once(pairs: pl.DataFrame, two_sided: pl.Expr) -> pl.DataFrame:
    """Return pairs of which each two texts stand once; white space does not count."""
    rows = pairs.with_row_index("order").with_columns(
        plain_src=pl.col("src").str.replace_all(r"\s+", " ").str.strip_chars(),
        plain_tgt=pl.col("tgt").str.replace_all(r"\s+", " ").str.strip_chars(),
    )
    best = (
        rows.filter(two_sided)
        .sort("score", "order", descending=[True, False])
        .unique(["src_lang", "tgt_lang", "plain_src", "plain_tgt"], keep="first", maintain_order=True)
    )
    kept = pl.concat([best, rows.filter(~two_sided)]).sort("order", maintain_order=True)
    return kept.drop("order", "plain_src", "plain_tgt")
