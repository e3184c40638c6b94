"""The pages that look for a pattern, and count words: concordance, words, collocates, terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from starlette.responses import RedirectResponse, Response

from corpus.web.forms import choices, pattern_options, selection
from corpus.web.paths import shown
from corpus.web.tables import Column, paged
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpus.api.tables import Table

_LEAST, _MOST = 1, 100_000


def _page(
    asked: Asked,
    template: str,
    options: Mapping[str, Any],
    make: Callable[..., Table],
    columns: Sequence[Column],
    *,
    needs: str = "pattern",
    beads: bool = False,
) -> View | Response:
    """Show a form, and under it the table that it asks for."""
    studio = asked.studio
    if not studio.holds_documents:
        return RedirectResponse("/", 303)
    waiting = studio.prepare()
    data: dict[str, Any] = {
        "waiting": waiting, "choices": choices(asked), "options": options, "found": None, "shown": None,
    }  # fmt: skip
    if needs and not options[needs]:
        return View(template, data, {"options": options})
    found: Table = studio.kept(template, options, lambda: make(**options))
    from corpus.writers.tsv import stating

    rows = shown(pl.DataFrame(found))
    data |= {"found": found, "shown": paged(rows, asked, columns)}
    named = "-".join(str(part) for part in (template.removesuffix(".html"), options.get("pattern")) if part)
    return View(
        template, data, {"options": options} | found.about | {"rows": rows.to_dicts()},
        stating(rows, found.about, beads=beads), name=named,
    )  # fmt: skip


def concordance(asked: Asked) -> View | Response:
    """Show every match in its context."""
    options = selection(asked) | pattern_options(asked) | {
        "pattern": asked.text("pattern"), "sort": asked.text("sort", "date") or "date",
        "sample": asked.number("sample", 0) or None, "seed": asked.number("seed", 0),
    }  # fmt: skip
    return _page(asked, "concordance.html", options, asked.studio.corpus.concordance, (), beads=True)


_COUNTS = (Column("n", "Count", ","), Column("documents", "Documents", ","))


def words(asked: Asked) -> View | Response:
    """Count the words of each language."""
    options = selection(asked) | {
        "n": asked.number("n", 1, least=1, most=5), "stems": asked.on("stems"),
        "min_count": asked.number("min_count", 2, least=1), "stop": "none" if asked.on("all_words") else None,
        "once": asked.on("once"), "refresh": False, "k": asked.number("k", 0),
    }  # fmt: skip
    columns = (
        Column("word", "Word", lang="lang"), Column("lang", "Language"), _COUNTS[0],
        Column("per_10k", "Per 10,000", ",.1f"), _COUNTS[1],
        Column(
            "dp", "DP", ".2f", help="Deviation of proportions over documents: 0 is even, 1 all in one place"
        ),
        Column("dp_norm", "DPnorm", ".2f", help="The same, with 1 as its greatest value"),
    )  # fmt: skip
    return _page(asked, "words.html", options, asked.studio.corpus.words, columns, needs="")


def collocates(asked: Asked) -> View | Response:
    """List the words that stand near a pattern."""
    options = selection(asked) | pattern_options(asked) | {
        "pattern": asked.text("pattern"), "span": asked.number("span", 5, least=1, most=50),
        "min_count": asked.number("min_count", 2, least=1), "sort": asked.text("sort", "g2") or "g2",
        "stop": "none" if asked.on("all_words") else None,
    }  # fmt: skip
    columns = (
        Column("word", "Word", lang="lang"), Column("lang", "Language"), Column("near", "Near", ","),
        Column("expected", "Expected", ",.1f"), *_COUNTS,
        Column("g2", "G2", ",.1f", help="Log-likelihood: above 10.83 for one word in a thousand by chance"),
        Column("log_dice", "logDice", ".2f", help="At most 14; does not depend on the size of the corpus"),
    )  # fmt: skip
    return _page(asked, "collocates.html", options, asked.studio.corpus.collocates, columns)


def terms(asked: Asked) -> View | Response:
    """Propose pairs of terms that translate each other."""
    options = selection(asked) | {
        "pattern": asked.text("pattern") or None, "regex": asked.on("regex"),
        "min_score": asked.decimal("min_score", 0.9), "min_count": asked.number("min_count", 2, least=1),
        "min_g2": asked.decimal("min_g2", 6.63), "once": not asked.on("every"), "refresh": False,
    }  # fmt: skip
    columns = (
        Column("src", "Term", lang="src_lang"), Column("tgt", "Translation", lang="tgt_lang"),
        Column("both", "Both", ",", help="Beads that hold both terms"),
        Column("linked", "Linked", ",", help="Beads in which they are linked, each term once"),
        Column("src_n", "Term in", ","), Column("tgt_n", "Translation in", ","),
        Column("g2", "G2", ",.1f"), Column("dice", "Dice", ".2f"),
    )  # fmt: skip
    return _page(asked, "terms.html", options, asked.studio.corpus.terms, columns, needs="", beads=True)
