"""Who may change a workspace: one process at a time, and the others can say which."""

from __future__ import annotations

import json
import logging
import os
import shlex
import sys
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import filelock

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
    try:
        signed = json.loads((folder / HOLDER).read_text("utf-8"))
        return f"another process ({signed['pid']}, since {signed['since']}: {signed['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _sign(folder: Path) -> None:
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    about = {
        "pid": os.getpid(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": command if len(command) <= 200 else command[:199] + "…",
    }
    with suppress(OSError):  # the lock holds without it
        (folder / HOLDER).write_text(json.dumps(about), encoding="utf-8", errors="replace")
