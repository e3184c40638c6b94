from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from corpus.store.locking import lock_holder

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

HOLD = """
import sys, time
from pathlib import Path
from corpus.store.workspace import Workspace
with Workspace(Path(sys.argv[1])).locked():
    print("held", flush=True)
    time.sleep(60)
"""


def test_who_holds_the_lock_is_told_while_it_lives(workspace: Workspace) -> None:
    assert lock_holder(workspace.path) is None
    with workspace.locked():
        assert lock_holder(workspace.path) is None  # oneself
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(workspace.path)], stdout=subprocess.PIPE)
    try:
        assert other.stdout is not None
        other.stdout.readline()
        found = lock_holder(workspace.path)
        assert found is not None
        assert found.pid == other.pid
        assert found.since[:2] == "20"
    finally:
        other.kill()
        other.wait()
    time.sleep(0.05)
    assert (workspace.path / "lock.json").exists()  # what it left behind
    assert lock_holder(workspace.path) is None


def test_a_note_that_cannot_be_read_is_no_holder(workspace: Workspace) -> None:
    workspace.path.mkdir()
    for text in (
        "",
        "{",
        "[]",
        json.dumps({"pid": "x"}),
        json.dumps({"pid": os.getpid(), "since": 1, "command": 2}),
    ):
        (workspace.path / "lock.json").write_text(text)
        assert lock_holder(workspace.path) is None
