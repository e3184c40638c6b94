"""A workspace's own lexicon: the terms that its aligned beads pair, kept for searching across languages."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from corpus.base.errors import CorpusError, WorkspaceError
from corpus.lexicons.format import Link, write_lexicon
from corpus.lexicons.own import NAME, OF_BEADS, PREFIX, made_of
from corpus.lexicons.words import RULES, normal_form
from corpus.linguistics.term_linking import Limits
from corpus.linguistics.terms import term_pairs

if TYPE_CHECKING:
    from corpus.base.progress import Progress
    from corpus.store.workspace import Workspace

_LIMITS = Limits(least=3)  # of pairs in two beads, one in three is chance
_MOST_BYTES = 250  # of a term


def update_lexicon(workspace: Workspace, *, progress: Progress | None = None) -> bool:
    """Make a workspace's own lexicon of its beads (`corpus.lexicons.own.is_stale` tells when).

    A term's translation is as probable as the share of the term's beads in which the two are linked, two
    beads more without it taken for granted: three of three are .6, thirty of thirty .94.

    Parameters
    ----------
    workspace
        Not pinned.
    progress
        Called with how many beads are read, of how many.

    Returns
    -------
    bool
        Whether it was made: not in a workspace that cannot be written, which is searched without.
    """
    of = made_of(workspace)
    try:
        with workspace.locked():  # first: what cannot be kept would be counted by every search
            pass
        try:
            pairs = term_pairs(workspace, limits=_LIMITS, progress=progress).pairs
        except WorkspaceError:
            raise
        except CorpusError:  # nothing is aligned
            pairs = None
        _keep(workspace, pairs, of)
    except WorkspaceError:
        return False
    return True


def _keep(workspace: Workspace, pairs: pl.DataFrame | None, of: dict[str, object]) -> None:
    with workspace.change() as change, tempfile.TemporaryDirectory() as folder:
        for name in [name for name in change.before.files if name.startswith(PREFIX)]:
            change.drop_file(name)
        names = []
        for (src, tgt), group in () if pairs is None else pairs.group_by("src_lang", "tgt_lang"):
            if all(isinstance(code, str) and code.isalpha() and len(code) in (2, 3) for code in (src, tgt)):
                names.append(f"{PREFIX}{src}-{tgt}")
                file = Path(folder) / names[-1]
                _write(file, (str(src), str(tgt)), group)
                about = {"pairs": len(group)}
                change.put_file(names[-1], "lexicon", file.read_bytes(), about)
        change.note(NAME, of | {"files": sorted(names)})


def _write(file: Path, langs: tuple[str, str], pairs: pl.DataFrame) -> None:
    rows = (
        pairs.select("src", "tgt", "linked", "src_n", "tgt_n")
        .sort("linked", "src", "tgt", descending=[True, False, False])
        .unique(["src", "tgt"], keep="first", maintain_order=True)
        .filter(pl.all_horizontal(pl.col("src", "tgt").str.len_bytes() <= _MOST_BYTES))
    )
    counts = sorted({_rounded(count) for count in rows["linked"]})
    number = {count: place for place, count in enumerate(counts)}
    links = [
        Link(src, tgt, linked / (src_n + 2), linked / (tgt_n + 2), number[_rounded(linked)])
        for src, tgt, linked, src_n, tgt_n in rows.iter_rows()
    ]
    write_lexicon(file, langs, links, [f"{OF_BEADS}{count}" for count in counts], normal_form, RULES)


def _rounded(count: int) -> int:
    """Return a count, above 100 by halves of its first digit: so that there are fewer than 256 of them."""
    if count <= 100:
        return count
    step: int = 10 ** (len(str(count)) - 1) // 2
    return count // step * step
