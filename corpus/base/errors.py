"""Errors a user can act on. The command line prints them without a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class CorpusError(Exception):
    """What was wrong, where, and what to do, in one message."""

    exit_code = 1


class CorpusWarning(UserWarning):
    """What a user should know of a result that is one all the same."""


class InputError(CorpusError):
    """A file that cannot be read as what it was given as."""


class WorkspaceError(CorpusError):
    """A workspace that cannot be opened, read or written."""


class FormatError(WorkspaceError):
    """A workspace that another version of the toolkit wrote: whole, and not to be repaired by this one."""


class EmptyWorkspaceError(WorkspaceError):
    """A workspace that was named, and holds no document.

    Attributes
    ----------
    folder
        The workspace's.
    """

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder = folder


class EncoderError(CorpusError):
    """An encoder that is unknown, not installed, or whose model cannot be read."""
