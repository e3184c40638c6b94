"""Every file of a workspace, damaged in every way: named, mended or said to be lost, and no answer is wrong."""

from __future__ import annotations

import json
import os
import shutil
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus import Corpus
from corpus.alignment.incremental import align_missing
from corpus.alignment.weights import shipped_weights
from corpus.base.converted import Arrays, converted
from corpus.base.errors import CorpusError, CorpusWarning
from corpus.base.files import json_digest
from corpus.base.resources import seeds_dir
from corpus.documents.catalogue import find_document, list_documents
from corpus.documents.links import Link, add_links, list_links
from corpus.documents.subcorpus import select_versions
from corpus.ingestion.ingest import ingest, remove
from corpus.linguistics.word_counts import version_words
from corpus.maintenance.repair import check, repair
from corpus.quality.reviews import Review, document_beads, list_reviews, record
from corpus.store.state import FORMAT, NAME
from corpus.store.workspace import Workspace
from tests.align.chronicle import chronicle
from tests.conftest import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    import align
    from tests.conftest import Ran

HOW = ("flipped", "truncated", "empty", "missing", "zeros", "another version's")

FILES = (
    "workspace.json",
    "workspace.json.copy",
    "documents-*[0-9].parquet",
    "documents-*.copy.parquet",
    "versions-*.parquet",
    "sentences-*.parquet",
    "paragraphs-*.parquet",
    "dropped-*.parquet",
    "beads-*.parquet",
    "counts-*.parquet",
    "minhashes-*.parquet",
    "buckets-*/ids.npy",
    "buckets-*/values.npy",
    "buckets-*/rows.npy",
    "reprints-*.parquet",
    "removed-*.parquet",
    "index-*.faiss",
    "lexicon-*",
    "rows-*/rows.parquet",
    "rows-*/terms.parquet",
    "rows-*/scores.npy",
    "rows-*/texts.npy",
    "rows-*/starts.npy",
    "rows-*/lengths.npy",
    "rows-*/different.npy",
    "rows-*/folded-text.npy",
    "rows-*/folded-ends.npy",
    "rows-*/letters-rows.npy",
    "rows-*/letters-ends.npy",
    "rows-*/letters-text.npy",
    "rows-*/letters-starts.npy",
    "embeddings/*/encoder.json",
    "embeddings/*/vectors",
    "embeddings/*/checksums",
    "embeddings/*/keys",
    "embeddings/*/lock",
    "verified",
    "lock",
)

KEPT = (
    "reviews-*.parquet",
    "reviews-*.jsonl",
    "links-*.parquet",
    "links-*.jsonl",
    "weights-*.json",
    *(
        f"{name}-*.gone.parquet"
        for name in ("documents", "versions", "sentences", "paragraphs", "dropped", "beads")
    ),
)
"""What is in a workspace besides, once it is worked with."""

UNNAMED = {
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


def answers(folder: Path, said: list[str] | None = None) -> list[object]:
    """Return what a fixed set of queries finds, by words and by meaning; and add what is warned of to `said`."""
    found: list[object] = []
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", CorpusWarning)
        for query, words_only in (("工业", True), ("local industry", False)):
            mode = "lexical" if words_only else "hybrid"
            hits = Corpus(folder).search(query, mode=mode, details=True)
            found += hits.select("doc_id", "lang", "line", "text", "score", "bm25", "translation").rows()
    if said is not None:
        said += [str(one.message) for one in warned if issubclass(one.category, CorpusWarning)]
    return found


@pytest.fixture(scope="session")
def whole(built: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    found = answers(Path(shutil.copytree(built, tmp_path_factory.mktemp("whole") / ".corpus")))
    assert len(found) > 5
    return found


@pytest.fixture
def sound_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not compare the models that are kept, beside the workspaces: that takes longer than all else."""
    monkeypatch.setattr("corpus.maintenance.repair.damaged_models", list)


def test_every_file_of_a_workspace_is_in_the_table(built: Path) -> None:
    listed = {file for pattern in FILES for file in built.glob(pattern)}
    assert listed == {file for file in built.rglob("*") if file.is_file()}
    assert all(list(built.glob(pattern)) for pattern in FILES)


@pytest.mark.usefixtures("sound_models")
@pytest.mark.parametrize("pattern", FILES)
@pytest.mark.parametrize("how", HOW)
def test_a_damaged_file_is_named_and_mended_and_no_answer_is_wrong(
    built: Path, whole: list[object], tmp_path: Path, pattern: str, how: str
) -> None:
    searched, mended = (Path(shutil.copytree(built, tmp_path / name)) for name in ("searched", "mended"))
    changed = [damage(next(folder.glob(pattern)), how) for folder in (searched, mended)]

    said: list[str] = []
    try:  # a search finds what it did, or says what is damaged
        found = answers(searched, said)
        assert found == whole or any("own terms" in one for one in said)
    except CorpusError as error:
        assert "check(" in str(error) or next(built.glob(pattern)).name in str(error)  # noqa: PT017

    faults = check(Workspace(mended))
    if how not in UNNAMED.get(pattern, set()) and all(changed):
        assert [fault.file.startswith(pattern.partition("*")[0]) for fault in faults] == [True]
    repair(Workspace(mended), faults)
    assert check(Workspace(mended)) == []
    assert answers(mended) == whole


def judged(folder: Path) -> list[object]:
    """Return what is searched, listed, counted and judged in a workspace."""
    workspace = Workspace(folder)
    versions = select_versions(workspace).versions
    lists = [list_documents(workspace), list_reviews(workspace), version_words(workspace, versions)]
    lists.append(list_links(workspace))
    return [*answers(folder), *(frame.rows() for frame in lists)]


def users_weights() -> align.Weights:
    weights = shipped_weights()
    return replace(weights, provenance={**weights.provenance, "by": "the user"})


@pytest.fixture(scope="session")
def kept(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of texts in files, with reviews, weights and counts, and one of its texts removed."""
    folder = tmp_path_factory.mktemp("kept")
    for name in SEEDS.values():
        shutil.copy(seeds_dir() / name, folder / name)
    events = chronicle(3, seed=3)
    sides = "".join(event.zh for event in events), " ".join(event.en for event in events)
    (folder / "small.txt").write_text("\n\n".join(["1950-05-01", *sides, "责任编辑：王五"]), "utf-8")
    workspace = Workspace(folder / ".corpus")
    ingest(workspace, [folder])
    shutil.copytree(built / "embeddings", workspace.path / "embeddings")
    (bead,) = document_beads(Workspace(built), find_document(workspace, "003")).head(1).iter_rows(named=True)
    one, other = (find_document(workspace, name) for name in ("000", "002"))
    add_links(workspace, [Link(one, other, note="a second report")])
    record(workspace, [Review(bead["doc_id"], bead["src"], bead["tgt"], right=False, note="no")])
    align_missing(workspace, weights=users_weights())  # which heeds that, as when beads are made again
    remove(workspace, [find_document(workspace, "small")])
    judged(workspace.path)
    assert {pattern: len(list(workspace.path.glob(pattern))) for pattern in KEPT} == dict.fromkeys(KEPT, 1)
    return workspace.path


@pytest.fixture(scope="session")
def all_judged(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    return judged(Path(shutil.copytree(kept, tmp_path_factory.mktemp("judged") / ".corpus")))


@pytest.mark.usefixtures("sound_models")
@pytest.mark.parametrize("pattern", KEPT)
@pytest.mark.parametrize("how", HOW)
def test_what_is_kept_of_work_is_named_and_mended(
    kept: Path, all_judged: list[object], tmp_path: Path, pattern: str, how: str
) -> None:
    folder = Path(shutil.copytree(kept, tmp_path / ".corpus"))
    if not damage(next(folder.glob(pattern)), how):
        return
    faults = check(Workspace(folder))
    assert [fault.file.startswith(pattern.partition("*")[0]) for fault in faults] == [True]
    repair(Workspace(folder), faults)
    assert check(Workspace(folder)) == []
    if pattern.startswith("weights"):  # which are the user's alone to give
        with pytest.raises(CorpusError, match="name weights again"):
            judged(folder)
        align_missing(Workspace(folder), weights=users_weights())
    assert judged(folder) == all_judged


def test_a_model_made_ready_that_is_damaged_is_named_and_made_again(
    seeded: Workspace, cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CORPUS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "model").write_bytes(b"m")
    arrays: Arrays = {"a": np.arange(6, dtype=np.float32), "b": np.ones(3, np.uint8)}
    made = converted("m", tmp_path / "model", lambda: arrays)
    assert check(seeded) == []
    del made
    (folder,) = (tmp_path / "cache" / "models").iterdir()
    for file, how in [("a.npy", "flipped"), ("b.npy", "missing"), ("names", "empty"), ("a.npy", "truncated")]:
        time = (folder / file).stat().st_mtime_ns
        assert damage(folder / file, how)
        if how == "flipped":  # which the use of it does not tell
            os.utime(folder / file, ns=(time, time))
        ran = cli("check", "-w", seeded.path)
        assert (ran.code, ran.out.startswith(f"{folder / file}: ")) == (1, True)
        assert cli("check", "--repair", "-w", seeded.path).code == 0
        assert check(seeded) == []
        again = converted("m", tmp_path / "model", lambda: arrays)
        assert [again[name].tolist() for name in arrays] == [array.tolist() for array in arrays.values()]
        del again


def test_vectors_without_keys_are_named_unless_a_process_was_killed_over_them(
    seeded: Workspace, cli: Callable[..., Ran]
) -> None:
    (keys,) = seeded.path.glob("embeddings/*/keys")
    whole = keys.read_bytes()
    keys.write_bytes(whole[:-32])
    (fault,) = check(seeded)
    assert fault.file.endswith("/keys")
    (keys.parent / "appending").write_text(f"{len(whole) // 16 - 2}")
    assert check(seeded) == []
    (keys.parent / "appending").write_text(f"{len(whole) // 16 - 1}")
    assert [fault.file for fault in check(seeded)] == [fault.file]
    repair(seeded, [fault])
    assert check(seeded) == []


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
