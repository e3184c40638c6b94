"""The lexicons of a workspace: its own terms and the user's pairs, over those that ship.

Its own terms are found in its beads (`corpus.linguistics.own_terms`) and kept as ``lexicon-SRC-TGT`` of the
workspace, a file that is mapped like those that ship. The number of beads that speak for a pair is part of
its source's name, ``workspace:14``.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corpus.base.errors import CorpusWarning, WorkspaceError
from corpus.lexicons.format import read_lexicon
from corpus.lexicons.lexicon import FileLexicon, langs_of, lexicon_files, merged, open_lexicon
from corpus.lexicons.words import RULES
from corpus.lexicons.written import FILE_NAME, Line, Without, Written, one_way, read_written
from corpus.text.tokens import version

if TYPE_CHECKING:
    from corpus.lexicons.format import LexiconFile
    from corpus.lexicons.lexicon import Lexicon
    from corpus.store.workspace import Workspace

PREFIX = "lexicon-"
"""Of the names of files with a workspace's own terms."""

OF_BEADS = "workspace:"
"""What the source of such a term begins with; then comes how many beads speak for it."""

NAME = "lexicon"
"""Under which a workspace notes what its own terms were made of."""

_GROWN = 0.05  # share of beads that must be new for a search to have them all counted again
_NAME = re.compile(rf"{PREFIX}([a-z]{{2,3}})-([a-z]{{2,3}})")


def made_of(workspace: Workspace) -> dict[str, Any]:
    """Return what a workspace's own terms would be made of now: its beads, and the rules of words."""
    state = workspace.state()
    return {
        "beads": state.files_digest("beads"), "count": state.rows("beads"), "rules": f"{RULES}, {version()}",
    }  # fmt: skip


def is_stale(workspace: Workspace, *, always: bool) -> bool:
    """Tell whether a workspace's own terms are to be made, or made again; it costs a search nothing.

    Parameters
    ----------
    always
        If its beads are others than they were made of; otherwise only if there are none yet, or one bead in
        twenty is new: counting costs what all beads do.
    """
    state = workspace.state()
    noted, now = state.about.get(NAME, {}), made_of(workspace)
    if not noted:
        return bool(now["count"])
    if noted["rules"] != now["rules"] or not set(noted["files"]) <= set(state.files):
        return True
    grown = abs(now["count"] - noted["count"])
    return noted["beads"] != now["beads"] and (always or grown >= _GROWN * max(now["count"], noted["count"]))


@dataclass(frozen=True)
class OwnLexicons:
    """What a workspace knows of words across languages.

    Attributes
    ----------
    workspace
        Where.
    """

    workspace: Workspace
    _opened: dict[tuple[str, str], Lexicon | None] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[Line]:
        """What the user wrote down (InputError if the file is wrong)."""
        path = self.workspace.path / FILE_NAME
        return read_written(path) if path.exists() else []

    @cached_property
    def of_beads(self) -> dict[tuple[str, str], LexiconFile]:
        """The workspace's own terms, by their languages; a damaged file is said, and passed over."""
        found: dict[tuple[str, str], LexiconFile] = {}
        for name in self.workspace.state().files:
            if (langs := _NAME.fullmatch(name)) is None:
                continue
            try:
                path = self.workspace.whole_file(name)
            except WorkspaceError as error:
                msg = f"{error}; searching without the workspace's own terms"
                warnings.warn(msg, CorpusWarning, stacklevel=2)
                continue
            if path is not None:
                found[langs[1], langs[2]] = read_lexicon(path)
        return found

    def written(self, src: str, tgt: str) -> Written | None:
        """Return what the user wrote down for a direction."""
        return one_way(self.lines, src, tgt) if self.lines else None

    def terms(self, src: str, tgt: str) -> Lexicon | None:
        """Return the workspace's own terms in a direction."""
        if (src, tgt) in self.of_beads:
            return FileLexicon(self.of_beads[src, tgt])
        turned = self.of_beads.get((tgt, src))
        return None if turned is None else FileLexicon(turned, turned=True)

    def know(self, word: str) -> bool:
        """Tell whether any lexicon that is read has a word, in whatever language."""
        both = [*map(langs_of, lexicon_files()), *self.of_beads, *((one.lang, one.to) for one in self.lines)]
        ways = dict.fromkeys(way for src, tgt in both for way in ((src, tgt), (tgt, src)))
        return any((found := self.open(*way)) is not None and found.translations(word) for way in ways)

    def open(self, src: str, tgt: str) -> Lexicon | None:
        """Open all that is known in a direction, as `open_lexicon` does what ships."""
        if (src, tgt) not in self._opened:
            written = self.written(src, tgt)
            found = merged([written, self.terms(src, tgt), open_lexicon(src, tgt)])
            self._opened[src, tgt] = found if found is None or written is None else Without(found, written)
        return self._opened[src, tgt]
