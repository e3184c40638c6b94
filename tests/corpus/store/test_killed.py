"""A process that is killed at any moment loses nothing that was there; the long form is bench/kill_store.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench.kill_store import run


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_nothing_is_lost_when_writers_are_killed() -> None:
    kills = run(10, actions=("ingest", "ingest", "ingest", "rm", "review"))
    assert kills.total() >= 10
