"""Segments that are written twice (`corpus.store.state.TWICE`): one of the two files mends the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.base.files import write_atomically
from corpus.store.locking import locked

if TYPE_CHECKING:
    from collections.abc import Container

    from corpus.store.workspace import Workspace


def restore_copies(workspace: Workspace, damaged: Container[str]) -> list[str]:
    """Put the whole one of two equal files in the place of the damaged one; return what was done.

    Parameters
    ----------
    workspace
        Where.
    damaged
        The names of the damaged files. Where both are, nothing is done.
    """
    done: list[str] = []
    with locked(workspace.path):
        for name, table in workspace.state().tables.items():
            for segment in table:
                if segment.copy is None:
                    continue
                lost = [one.file for one in (segment.stored, segment.copy) if one.file in damaged]
                if len(lost) == 1:
                    whole = segment.copy if lost[0] == segment.stored.file else segment.stored
                    write_atomically(workspace.path / lost[0], (workspace.path / whole.file).read_bytes())
                    done.append(f"{lost[0]}: taken from the other file of the same {name}")
    return done
