"""Shards: what was finished is not done again, and what is damaged, lost or half there is."""

from __future__ import annotations

import pkgutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import polars as pl
import pytest

from corpus import Corpus
from corpus.base.errors import CorpusError, WorkspaceError
from corpus.execution import shards
from corpus.execution.executor import Inline, executor_named
from corpus.execution.shards import Shard, Tables, digest_of, done_files, done_shards
from tests.conftest import reprinted_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from corpus.execution.executor import Workers

T = TypeVar("T")
R = TypeVar("R")
done: list[int] = []


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


def square(number: int) -> Tables:
    done.append(number)
    if number == 13:
        raise CorpusError("13: no number of ours")
    return {"square": pl.DataFrame({"n": [number], "square": [number * number]}), "none": pl.DataFrame()}


def numbers(*some: int) -> list[Shard[int]]:
    return [Shard(digest_of("square", number), number) for number in some]


def squares(folder: Path, *some: int) -> list[int]:
    results = done_shards(Inline(), folder, square, numbers(*some))
    return [result["square"]["square"].item() for _, result in results]


def test_results_come_in_order_and_are_gone_when_they_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "shards" / "square"
    assert squares(folder, 3, 1, 2) == [9, 1, 4]
    assert not folder.parent.exists()


@dataclass(frozen=True)
class Ahead(Inline):
    """Does three before the first is taken."""

    window: int = 3


def test_what_a_killed_driver_had_done_is_not_done_again(tmp_path: Path) -> None:
    taken = done_shards(Ahead(), tmp_path, square, numbers(*range(6)))
    assert next(taken)[0] == 0
    del taken  # before the result is committed
    assert done == [0, 1, 2]
    assert squares(tmp_path, *range(6)) == [0, 1, 4, 9, 16, 25]
    assert done == [0, 1, 2, 3, 4, 5]


def test_of_other_content_nothing_is_taken(tmp_path: Path) -> None:
    shard = numbers(2)[0]
    next(done_shards(Inline(), tmp_path, square, [shard]))
    assert digest_of("square", 2) == shard.digest
    assert digest_of("square", 3) != shard.digest
    assert digest_of("square", [2]) != digest_of("square", [[2]]) != digest_of("square2")


def test_an_error_keeps_what_was_done_before(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no number"):
        squares(tmp_path, 1, 2, 13, 4)
    assert done == [1, 2, 13]


@pytest.mark.parametrize("harm", ["cut", "changed", "lost", "about"])
def test_a_damaged_result_is_made_again(tmp_path: Path, harm: str) -> None:
    (shard,) = numbers(5)
    results = done_shards(Inline(), tmp_path, square, [shard])
    next(results)
    del results
    file = tmp_path / shard.digest / ("about.json" if harm == "about" else "square")
    data = file.read_bytes()
    if harm == "lost":
        file.unlink()
    else:
        file.write_bytes(data[:-9] if harm != "changed" else data[:-9] + b"damaged!!")
    assert squares(tmp_path, 5) == [25]
    assert done == [5, 5]


def write_square(number: int, folder: Path) -> None:
    done.append(number)
    (folder / "square").write_text(str(number * number))
    (folder / "more").mkdir()
    (folder / "more" / "root").write_text(str(number))


def files(folder: Path, *some: int) -> Iterator[tuple[int, Path]]:
    return done_files(Ahead(), folder / "files", write_square, numbers(*some))


def test_results_that_are_files_are_moved_by_the_driver(tmp_path: Path) -> None:
    for number, place in files(tmp_path, 3, 1, 2):
        (place / "square").rename(tmp_path / str(number))
        assert (place / "more" / "root").read_text() == str(number)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"1": "1", "2": "4", "3": "9"}


def test_files_that_a_killed_driver_had_moved_are_made_again(tmp_path: Path) -> None:
    begun = files(tmp_path, *range(4))
    (next(begun)[1] / "square").rename(tmp_path / "moved")
    del begun  # what was moved is lost, since it was not committed
    assert done == [0, 1, 2]
    assert [(place / "square").read_text() for _, place in files(tmp_path, *range(4))] == ["0", "1", "4", "9"]
    assert sorted(done) == [0, 0, 1, 2, 3]


def test_a_result_that_never_can_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "_read", lambda *_: None)
    with pytest.raises(WorkspaceError, match="cannot be read here"):
        squares(tmp_path, 5)


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Elsewhere(Inline):
        """Stands for a node that has no such folder."""

        @contextmanager
        def workers(self, tasks: int | None = None, *, gpu: bool = False) -> Iterator[Workers]:
            (tmp_path / "square").rmdir()
            with super().workers(tasks, gpu=gpu) as inline:
                yield inline

    with pytest.raises(CorpusError, match="storage that all nodes have"):
        next(done_shards(Elsewhere(), tmp_path / "square", square, numbers(1, 2)))


def test_a_single_shard_is_not_given_away(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Busy(Inline):
        """Nobody is to be asked for workers."""

        @contextmanager
        def workers(self, tasks: int | None = None, *, gpu: bool = False) -> Iterator[Workers]:
            assert tasks or gpu, "asked for workers"
            yield self

    assert [task for task, _ in done_shards(Busy(), tmp_path, square, numbers(7))] == [7]
    with pytest.raises(AssertionError, match="asked for workers"):
        next(done_shards(Busy(), tmp_path, square, numbers(7, 8)))


def test_what_another_run_left_goes_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = done_shards(Inline(), tmp_path / "square", square, numbers(1))
    next(left)
    del left
    squares(tmp_path / "square", 2)
    assert (tmp_path / "square" / numbers(1)[0].digest).exists()
    monkeypatch.setattr(shards, "_OLD", -1.0)
    squares(tmp_path / "square", 2)
    assert not (tmp_path / "square").exists()


@dataclass(frozen=True)
class Twice(Inline):
    """Does all twice, as a cluster may that lost sight of a worker."""

    def submit(self, function: Callable[[T], R], task: T, /) -> Future[R]:
        super().submit(function, task).result()
        return super().submit(function, task)


class Killed(BaseException):
    """Stands for a signal: nobody catches it."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[tuple[object, ...]]]]:
    """Return where texts are, and what one process makes of them, without shards."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, archive(folder / "w", None)


def test_the_result_is_one_process_s(
    whole: tuple[Path, dict[str, list[tuple[object, ...]]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch)
    assert archive(whole[0] / "sharded", Twice()) == whole[1]
    assert not (whole[0] / "sharded" / "shards").exists()


@pytest.mark.parametrize(
    ("stage", "committing"),
    [
        ("ingest", "corpus.ingestion.ingest.store"),
        ("align", "corpus.alignment.shards.store"),
        ("encode", "corpus.encoders.embedding_cache.EmbeddingCache.put"),
    ],
)
def test_a_driver_that_is_killed_in_a_stage_goes_on(
    whole: tuple[Path, dict[str, list[tuple[object, ...]]]],
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    committing: str,
) -> None:
    small_shards(monkeypatch)
    folder, calls = whole[0] / stage, 0
    commit = pkgutil.resolve_name(committing)

    def killing(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:  # one shard is committed; others are finished
            raise Killed
        return commit(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(committing, killing)
        with pytest.raises(Killed):
            archive(folder, Ahead(), ask=False)
    assert len(list((folder / "shards" / stage).iterdir())) >= 2
    made = archive(folder, Ahead(), ask=False)
    assert made == {table: whole[1][table] for table in made}
    assert not (folder / "shards").exists()


def small_shards(patch: pytest.MonkeyPatch) -> None:
    """Cut the few texts of `archive` into shards."""
    patch.setattr("corpus.ingestion.ingest._BATCH_FILES", 1)
    patch.setattr("corpus.alignment.shards._SIZE", 1)
    patch.setattr("corpus.encoders.shards._SIZE", 16)
    patch.setattr("corpus.linguistics.term_counts._BEADS", 3)


def archive(folder: Path, executor: object, *, ask: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Make an archive of the seeds and two reprints from files to answers; return these, and its tables.

    With `ask=False`, it is made and not asked.

    In which order rows stand in a file of a table is of no account, and depends on how many came at a time.
    """
    texts = folder.parent / "texts"
    if not texts.exists():
        texts.mkdir()
        for name, text in zip(("a", "b", "c"), reprinted_item(), strict=True):
            (texts / f"{name}.txt").write_text(text, "utf-8")
    made = Corpus(folder, executor=executor)  # type: ignore[arg-type]
    report = made.ingest(texts, seeds=True, source="Xinhua")
    report.notes += made.ingest(texts, seeds=True).unchanged
    made.align()
    made.index()
    answers: dict[str, list[tuple[object, ...]]] = {}
    if ask:
        answers = {
            "report": [(report.new, report.undated, report.notes, str(report.overruled))],
            "terms": made.terms(min_count=1, k=0).rows(),
            "search": made.search("地方工业", details=True).rows(),
            "mined": made.mine(min_score=0.0, aligned=True).rows(),
        }
    for name in ("documents", "versions", "sentences", "dropped", "beads", "paragraphs"):
        answers[name] = sorted(made.workspace.scan(name).collect().rows(), key=repr)
    return answers


def test_a_file_that_moves_while_it_is_read_elsewhere_is_read_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_shards(monkeypatch)
    made = []
    for name, executor in (("sharded", Twice(window=3)), ("whole", None)):
        texts = tmp_path / name / "texts"
        texts.mkdir(parents=True)
        for file, text in zip("abc", reprinted_item(), strict=True):
            (texts / f"{file}.txt").write_text(text, "utf-8")
        own = Corpus(tmp_path / name / "w", executor=executor)
        own.ingest(texts)
        (texts / "a.txt").rename(texts / "z.txt")
        (texts / "b.txt").write_text("Nothing is left.\nOf the old text.\n", "utf-8")
        report = own.ingest(texts)
        rows = own.workspace.scan("documents").collect().sort("doc_id").select("doc_id", "file", "content")
        made.append((report.moved, report.changed, report.unchanged, rows.rows()))
    assert made[0] == made[1]
    assert made[0][0] == ["a"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match="a folder with other things in it"):
        Corpus(tmp_path, executor=Inline()).ingest(seeds=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_executor_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="processes, ray"):
        Corpus(tmp_path / "w", executor="slurm")
    assert executor_named(None) is None
    assert executor_named("processes") is not None
