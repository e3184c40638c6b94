"""Errors a user can act on. The command line prints them without a traceback."""

from __future__ import annotations


class CorpusError(Exception):
    """What was wrong, where, and what to do, in one message."""

    exit_code = 1


class InputError(CorpusError):
    """A file that cannot be read as what it was given as."""


class WorkspaceError(CorpusError):
    """A workspace that cannot be opened, read or written."""


class EncoderError(CorpusError):
    """An encoder that is unknown, not installed, or whose model cannot be read."""
