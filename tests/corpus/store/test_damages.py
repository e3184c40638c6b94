"""Every file of a workspace, damaged in every way: named, mended or said to be lost, and no answer is wrong."""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.base.errors import CorpusError, CorpusWarning
from corpus.base.files import json_digest
from corpus.maintenance.repair import repair
from corpus.search.searcher import similar
from corpus.store.integrity import check
from corpus.store.state import FORMAT, NAME
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

HOW = ("flipped", "truncated", "empty", "missing", "zeros", "another version's")

FILES = (
    "workspace.json",
    "workspace.json.copy",
    "documents-*.parquet",
    "versions-*.parquet",
    "sentences-*.parquet",
    "paragraphs-*.parquet",
    "dropped-*.parquet",
    "beads-*.parquet",
    "minhashes-*.parquet",
    "reprints-*.parquet",
    "removed-*.parquet",
    "index-*.faiss",
    "rows-*/rows.parquet",
    "rows-*/terms.parquet",
    "rows-*/scores.npy",
    "rows-*/texts.npy",
    "rows-*/starts.npy",
    "rows-*/lengths.npy",
    "embeddings/*/encoder.json",
    "embeddings/*/vectors",
    "embeddings/*/checksums",
    "embeddings/*/keys",
    "embeddings/*/lock",
    "verified",
    "lock",
)

UNNAMED = {
    "embeddings/*/keys": {"empty", "truncated"},  # as a killed process leaves them: encoded again
    "embeddings/*/lock": set(HOW),  # holds nothing
    "lock": set(HOW),
    "verified": set(HOW),  # says which files were compared: all are compared again
}
"""What `check` does not name, as nothing rests on it."""


def damage(path: Path, how: str) -> bool:
    """Damage a file; return whether it is another than it was."""
    data = path.read_bytes()
    if how == "missing":
        path.unlink()
        return True
    middle = len(data) // 2
    made = {
        "flipped": data[:middle] + bytes([data[middle] ^ 0x20 if data else 0]) + data[middle + 1 :],
        "truncated": data[:middle],
        "empty": b"",
        "zeros": bytes(len(data)),
        "another version's": data[: middle - middle % 16] + data[: len(data) - (middle - middle % 16)],
    }[how]
    path.write_bytes(made if data else b"")
    return path.read_bytes() != data


def answers(folder: Path) -> list[object]:
    """Return what a fixed set of queries finds, by words and by meaning."""
    found: list[object] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CorpusWarning)
        for query, words_only in (("工业", True), ("local industry", False)):
            hits = similar(Workspace(folder), query, mode="lexical" if words_only else "hybrid").hits
            found += hits.select("doc_id", "lang", "line", "text", "score", "bm25", "translation").rows()
    return found


@pytest.fixture(scope="session")
def whole(built: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    found = answers(Path(shutil.copytree(built, tmp_path_factory.mktemp("whole") / ".corpus")))
    assert len(found) > 5
    return found


def test_every_file_of_a_workspace_is_in_the_table(built: Path) -> None:
    listed = {file for pattern in FILES for file in built.glob(pattern)}
    assert listed == {file for file in built.rglob("*") if file.is_file()}
    assert all(list(built.glob(pattern)) for pattern in FILES)


@pytest.mark.parametrize("pattern", FILES)
@pytest.mark.parametrize("how", HOW)
def test_a_damaged_file_is_named_and_mended_and_no_answer_is_wrong(
    built: Path, whole: list[object], tmp_path: Path, pattern: str, how: str
) -> None:
    searched, mended = (Path(shutil.copytree(built, tmp_path / name)) for name in ("searched", "mended"))
    changed = [damage(next(folder.glob(pattern)), how) for folder in (searched, mended)]

    try:  # a search finds what it did, or says what is damaged
        assert answers(searched) == whole
    except CorpusError as error:
        assert "check(" in str(error) or next(built.glob(pattern)).name in str(error)  # noqa: PT017

    faults = check(Workspace(mended))
    if how not in UNNAMED.get(pattern, set()) and all(changed):
        assert [fault.file.startswith(pattern.partition("*")[0]) for fault in faults] == [True]
    repair(Workspace(mended), faults)
    assert check(Workspace(mended)) == []
    assert answers(mended) == whole


def test_a_workspace_of_a_newer_format_is_not_repaired(seeded: Workspace, cli: Callable[..., Ran]) -> None:
    old = (seeded.path / NAME).read_bytes()
    content = json.loads(old) | {"format": FORMAT + 1}
    content.pop("digest")
    (seeded.path / NAME).write_text(json.dumps(content | {"digest": json_digest(content)}))
    new = (seeded.path / NAME).read_bytes()
    for command in (["check"], ["check", "--repair"], ["status"]):
        ran = cli(*command, "-w", seeded.path)
        assert ran.code == 1
        assert f"format {FORMAT + 1}" in ran.err
        assert "--repair" not in ran.err
    assert (seeded.path / NAME).read_bytes() == new
    assert (seeded.path / f"{NAME}.copy").read_bytes() == old


@pytest.mark.parametrize("format_", [1, 9])
def test_a_format_that_is_a_damaged_byte_is_damage(seeded: Workspace, format_: int) -> None:
    file = seeded.path / NAME
    content = json.loads(file.read_bytes())
    file.write_text(json.dumps(content | {"format": format_}))
    faults = check(seeded)
    assert [fault.kind for fault in faults] == ["state"]
    repair(seeded, faults)
    assert check(seeded) == []


@pytest.mark.parametrize(
    "state", ["[" * 100_000, '{"digest": ' + "7" * 5000 + "}", '{"format": {"a": ' * 99, "5"]
)
def test_a_state_of_whatever_content_is_repaired_from_its_copy(
    seeded: Workspace, cli: Callable[..., Ran], state: str
) -> None:
    before = (seeded.path / NAME).read_bytes()
    (seeded.path / NAME).write_text(state)
    ran = cli("status", "-w", seeded.path)
    assert ran.code == 1
    assert "damaged or unreadable" in ran.err
    assert cli("check", "--repair", "-w", seeded.path).code == 0
    assert (seeded.path / NAME).read_bytes() == before


def test_a_copy_that_a_killed_change_left_behind_is_nothing_wrong_and_an_older_one_is(
    seeded: Workspace,
) -> None:
    copy = seeded.path / f"{NAME}.copy"
    older = copy.read_bytes()
    with seeded.change() as change:
        change.note("test", {})
    whole, before = copy.read_bytes(), older
    copy.write_bytes(before)
    assert check(seeded) == []
    with seeded.change() as change:
        change.note("test", {"again": 1})
    copy.write_bytes(before)
    (fault,) = check(seeded)
    assert (fault.kind, fault.file) == ("copy", copy.name)
    repair(seeded, [fault])
    assert check(seeded) == []
    assert copy.read_bytes() == (seeded.path / NAME).read_bytes() != whole


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names there")
@pytest.mark.parametrize(
    "name", ["workspace.json", "variants.toml", "dictionary.txt", "queries/q.toml", "verified"]
)
def test_a_file_without_an_end_is_no_end_of_waiting(
    seeded: Workspace, cli: Callable[..., Ran], name: str
) -> None:
    (seeded.path / "queries").mkdir()
    file = seeded.path / name
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    for command in (["similar", "soap", "--mode", "lexical"], ["queries"], ["check"]):
        ran = cli(*command, "-w", seeded.path)
        assert "Traceback" not in ran.err
        assert ran.code == 0 or file.name in ran.err + ran.out
