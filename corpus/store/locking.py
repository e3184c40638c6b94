"""Who may change a workspace: one process at a time, and the others can say which."""

from __future__ import annotations

import json
import logging
import os
import shlex
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.base.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = "lock"
HOLDER = "lock.json"

_PATIENCE = 60.0  # seconds to wait for another process
_SILENCE = 1.0  # seconds of that without a word

_log = logging.getLogger(__name__)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a workspace's lock, after waiting for another process that does; say so where that takes long.

    Raises
    ------
    WorkspaceError
        If the other process goes on holding it; the message names its id and command.
    OSError, NotImplementedError
        If the folder cannot be locked.
    """
    import filelock  # not at the top: who only reads needs none

    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=min(_SILENCE, _PATIENCE))
    except filelock.Timeout:
        _log.warning("%s: waiting for %s", folder, holder(folder))
        try:
            lock.acquire(timeout=_PATIENCE)
        except filelock.Timeout:
            raise WorkspaceError(
                f"{folder}: {holder(folder)} is changing this workspace; try again when it has ended"
            ) from None
    try:
        _sign(folder)
        yield
    finally:
        with suppress(OSError):
            (folder / HOLDER).unlink()
        lock.release()


def holder(folder: Path) -> str:
    """Say which process holds a workspace's lock, as far as it is known."""
    signed = _signed(folder)
    if signed is None:
        return "another process"
    return f"another process ({signed.pid}, since {signed.since}: {signed.command})"


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a workspace's lock.

    Attributes
    ----------
    pid
        Its number.
    since
        Since when, ISO 8601 with the offset from UTC.
    command
        Its command line, at most 200 characters.
    """

    pid: int
    since: str
    command: str


def lock_holder(folder: Path) -> Holder | None:
    """Return the other process that holds a workspace's lock now; None if none does, or it is this one.

    What a process left behind that was killed is not taken for a lock.
    """
    signed = _signed(folder)
    if signed is None or signed.pid == os.getpid():
        return None
    import filelock

    lock = filelock.FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return _signed(folder) or signed
    except (OSError, NotImplementedError):
        return None
    lock.release()
    return None


def _signed(folder: Path) -> Holder | None:
    try:
        signed = json.loads((folder / HOLDER).read_text("utf-8"))
        return Holder(int(signed["pid"]), str(signed["since"]), str(signed["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _sign(folder: Path) -> None:
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    about = {
        "pid": os.getpid(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": command if len(command) <= 200 else command[:199] + "…",
    }
    with suppress(OSError):  # the lock holds without it
        (folder / HOLDER).write_text(json.dumps(about), encoding="utf-8", errors="replace")
