"""Which pairs go into an export, and which side comes first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError
from corpus.documents.imported_beads import with_flags
from corpus.documents.pairs import without_nulls
from corpus.store.schemas import PROVENANCE
from corpus.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from corpus.documents.pairs import PairBatch

FLAGS = ("numbers", "length", "merge", "low", "moved", "unlike")
"""The flags that there are: `align.flags.bead_flags`, and `corpus.alignment.likeness.UNLIKE`."""

_NUMBERS = "numbers: "
_REPEATED = "repeated"
_DIFFERS = " ≠ "


@dataclass(frozen=True, slots=True)
class PairFilter:
    """What is asked of pairs.

    Attributes
    ----------
    langs
        Languages of the first side and the second, whichever is the original; None for all as they are.
    min_score
        The least score, 0 to 1; beads that came in without one pass.
    no_flags
        Pairs with any of these flags (`FLAGS`) are left out. Those that came in aligned are looked at then,
        but for ``length`` and ``unlike``, which take an aligner.
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
    moved: bool = True,
) -> PairFilter:
    """Check what is asked of pairs.

    Parameters
    ----------
    langs
        Two codes, ``zh-en``.
    min_score, no_flags, dedup, keep_wrong
        See `PairFilter`.
    moved
        Whether to keep pairs whose sides stand in different places (flag ``moved``).

    Raises
    ------
    CorpusError
        If a language, a flag or a score is none.
    """
    if not 0.0 <= min_score <= 1.0:
        raise CorpusError(f"`min_score={min_score}`: a score is from 0 to 1")
    if unknown := [flag for flag in no_flags if flag not in FLAGS]:
        raise CorpusError(f"no flag {', '.join(unknown)}; there are {', '.join(FLAGS)}")
    flags = (*no_flags, *(() if moved or "moved" in no_flags else ("moved",)))
    return PairFilter(_languages(langs), min_score, flags, dedup=dedup, keep_wrong=keep_wrong)


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
    kept, left_out = _passing(kept, wanted)
    if wanted.dedup:
        before, kept = kept, _once(kept)
        left_out[_REPEATED] = len(before) - len(kept)
    return Selected(kept, {reason: count for reason, count in left_out.items() if count})


_TWO_SIDED = (pl.col("src_ids").list.len() > 0) & (pl.col("tgt_ids").list.len() > 0)


def _passing(kept: pl.DataFrame, wanted: PairFilter) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the pairs that pass each on its own, and how many do not, by the reason."""
    kept = with_flags(kept) if wanted.no_flags and "aligner" in kept.columns else kept
    left_out: dict[str, int] = {}
    names = pl.col("flags").list.eval(pl.element().str.split(":").list.first())
    low = pl.col("score").fill_null(1.0) < wanted.min_score
    tests = {
        "judged wrong": pl.lit(not wanted.keep_wrong) & pl.col("review").eq_missing("wrong"),
        f"with a score below {wanted.min_score:g}": _TWO_SIDED & low,
    } | {f"with the flag {flag}": _TWO_SIDED & names.list.contains(pl.lit(flag)) for flag in wanted.no_flags}
    for reason, test in tests.items():
        before, kept = kept, kept.filter(~test)
        left_out[reason] = len(without_nulls(before)) - len(without_nulls(kept))
    return kept, left_out


class BatchSelection:
    """Selects pairs as `select_pairs` does, of batches that are read one after the other.

    Attributes
    ----------
    left_out
        How many beads with two sides the last reading left out, by the reason.
    """

    def __init__(
        self,
        batches: Callable[[], Iterable[PairBatch]],
        wanted: PairFilter,
        known: Iterable[tuple[str, str]],
        others: Mapping[str, Callable[[PairBatch], tuple[PairBatch, int]]] | None = None,
    ) -> None:
        """Check that there are pairs in the languages wanted.

        Parameters
        ----------
        batches
            Reads all batches, the same each time, with the column `review`.
        wanted
            What is asked for.
        known
            The pairs of languages that there are.
        others
            Further filters, by the reason why they leave pairs out: each returns what it lets pass of a
            batch, and how many pairs it does not.

        Raises
        ------
        CorpusError
            If there are pairs, but none in these languages.
        """
        self._batches = batches
        self._wanted = wanted
        self._others = others or {}
        self._best: pl.Series | None = None
        self.left_out: dict[str, int] = {}
        there = sorted(set(known))
        if wanted.langs is not None and there and not {wanted.langs, wanted.langs[::-1]} & set(there):
            raise _no_such_languages(*wanted.langs, [f"{src}-{tgt}" for src, tgt in there])

    def __iter__(self) -> Iterator[PairBatch]:
        """Yield the batches, with what is asked for of each; of repeated pairs only the best."""
        if self._wanted.dedup and self._best is None:
            self._best = self._best_of_each()
        before = 0
        self.left_out = {}
        for batch in self._passing():
            rows = batch.pairs.with_row_index("order", before)
            before += len(rows)
            if self._best is not None:
                kept = rows.filter(~_TWO_SIDED | pl.col("order").is_in(self._best.implode()))
                self._count(_REPEATED, len(rows) - len(kept))
                rows = kept
            yield replace(batch, pairs=rows.drop("order"))

    def _passing(self) -> Iterator[PairBatch]:
        langs = self._wanted.langs
        for read in self._batches():
            batch = read
            for reason, passing in self._others.items():
                batch, gone = passing(batch)
                self._count(reason, gone)
            pairs = batch.pairs if langs is None else _turned_to(batch.pairs, *langs)
            pairs, left_out = _passing(pairs, self._wanted)
            for reason, count in left_out.items():
                self._count(reason, count)
            yield replace(batch, pairs=pairs)

    def _count(self, reason: str, count: int) -> None:
        if count:
            self.left_out[reason] = self.left_out.get(reason, 0) + count
            if reason != _REPEATED and _REPEATED in self.left_out:  # what is told last, as it is tested last
                self.left_out[_REPEATED] = self.left_out.pop(_REPEATED)

    def _best_of_each(self) -> pl.Series:
        """Return the places, among what passes, of the pairs that stay: of texts only digests are held."""
        rows = []
        before = 0
        for batch in self._passing():
            order = batch.pairs.with_row_index("order", before)
            before += len(order)
            texts = pl.concat_str(*_SAME, separator="\x1f")
            rows.append(
                order.filter(_TWO_SIDED).select(
                    "order", "score", one=texts.hash(seed=1), other=texts.hash(seed=2)
                )
            )
        if not rows:
            return pl.Series([], dtype=pl.UInt32)
        ranked = pl.concat(rows).sort("score", "order", descending=[True, False])
        return ranked.unique(["one", "other"], keep="first", maintain_order=True)["order"].sort()


def in_languages(pairs: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Return the pairs in two languages, the first of them as source, whichever was the original."""
    found = _turned_to(pairs, first, second)
    if found.is_empty() and len(pairs):
        known = pairs.select(pl.concat_str("src_lang", "tgt_lang", separator="-"))["src_lang"].unique().sort()
        raise _no_such_languages(first, second, known.to_list())
    return found


def _no_such_languages(first: str, second: str, known: Sequence[str]) -> CorpusError:
    return CorpusError(f"no pairs in {first} and {second}; there are {', '.join(known)}")


def _turned_to(pairs: pl.DataFrame, first: str, second: str) -> pl.DataFrame:
    """Return the pairs in two languages, perhaps none, the first of them as source."""
    src, tgt = pl.col("src_lang"), pl.col("tgt_lang")
    order = pairs.with_row_index("order")
    as_is = order.filter((src == first) & (tgt == second))
    turned = order.filter((src == second) & (tgt == first)) if first != second else order.clear()
    return pl.concat([as_is, swapped(turned)]).sort("order", maintain_order=True).drop("order")


def swapped(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with the target as source: texts, numbers, provenance, and what flags say of each side."""
    sides = ["", "_lang", "_ids", "_version", "_segments", *(f"_{name}" for name in PROVENANCE)]
    names = {f"src{name}": f"tgt{name}" for name in sides} | {"doc_id": "tgt_doc"}
    there = [two for two in names.items() if {*two} <= {*pairs.columns}]
    turned = pairs.rename({name: other for one, two in there for name, other in ((one, two), (two, one))})
    turned = turned.select(pairs.columns)
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


def _same(side: str) -> pl.Expr:
    return pl.col(side).str.replace_all(r"\s+", " ").str.strip_chars()


_SAME = (pl.col("src_lang"), pl.col("tgt_lang"), _same("src"), _same("tgt"))
"""What two pairs have in common that are one: white space does not count."""


def _once(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of which each two texts stand once."""
    rows = pairs.with_row_index("order")
    ranked = rows.filter(_TWO_SIDED).sort("score", "order", descending=[True, False])
    best = ranked.filter(
        pl.struct(*(same.alias(f"same_{k}") for k, same in enumerate(_SAME))).is_first_distinct()
    )
    kept = pl.concat([best, rows.filter(~_TWO_SIDED)]).sort("order", maintain_order=True)
    return kept.drop("order")
