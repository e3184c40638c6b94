"""Ray where it is not installed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from corpus.ingestion.seeds import seed_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.conftest import Ran


def test_the_error_names_the_extra(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    ran = cli("ingest", *seed_files(), "--executor", "ray", "-w", tmp_path / "w")
    assert ran.code == 1
    assert ran.err.startswith(
        "corpus: --executor ray needs Ray, which is not installed: pip install 'duizhao[ray]'"
    )
    assert "Traceback" not in ran.err


def test_the_environment_names_an_executor(
    cli: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUIZHAO_EXECUTOR", "slurm")
    ran = cli("ingest", *seed_files(), "-w", tmp_path / "w")
    assert (ran.code, ran.err) == (1, "corpus: --executor slurm: there are processes, ray\n")
