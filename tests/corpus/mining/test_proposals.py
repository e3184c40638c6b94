"""Links are proposed in a workspace, and again after a document came in, was changed or linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.alignment.quick import Encoded, paired_shares
from corpus.documents.links import Link, add_links
from corpus.ingestion.ingest import ingest
from corpus.mining import pairing, proposals
from corpus.mining.proposals import propose
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pytest

    from align import Weights
    from corpus.base.progress import Progress

TEXTS = {
    "a": "江城新纱厂今天开工，第一批纱锭有一万二千枚。这座工厂用了十八个月建成。参加建设的有八百名工人。",
    "b": "A new cotton mill went into operation in Jiangcheng today with 12,000 spindles. The factory was built in "
    "eighteen months. Eight hundred workers took part in the construction.",
    "c": "昨天晚上下了大雪。山上的路不能走了。学校放假两天。",
    "d": "Heavy snow fell last night. The road over the mountain is closed. Schools have two days off.",
    "e": "渔船三月五日救起了十一名水手。船长今年五十四岁。有两个人受伤。",
    "f": "A fishing boat rescued eleven sailors on March 5. Its captain is 54 years old. Two men were injured.",
}


def write(folder: Path, names: str) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.txt").write_text(TEXTS[name] + "\n", "utf-8")


def fresh(tmp_path: Path, press: Path) -> Workspace:
    """Return a workspace of the same files in which nothing was paired."""
    space = Workspace(tmp_path / f"fresh-{len([*tmp_path.iterdir()])}")
    ingest(space, [press])
    return space


def test_a_new_document_costs_its_own_comparison_and_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aligned: list[int] = []

    def counted(
        texts: Iterable[tuple[Encoded, Encoded]], count: int, by: Weights, encoder: str, done: Progress | None
    ) -> list[float]:
        aligned.append(count)
        return paired_shares(texts, count, by, encoder, done)

    monkeypatch.setattr(proposals, "paired_shares", counted)
    monkeypatch.setattr(pairing, "UNLIKELY", 0.0)
    press, space = tmp_path / "press", Workspace(tmp_path / "w")
    write(press, "abcde")
    ingest(space, [press])
    found = propose(space)
    taken = {(row["a"], row["b"]) for row in found.filter("accepted").iter_rows(named=True)}
    assert taken == {("b", "a"), ("d", "c")}
    before = space.state().change
    aligned.clear()
    write(press, "f")
    ingest(space, [press])
    again = propose(space)
    assert {"e", "f"} <= {*again["a"], *again["b"]}
    assert again.equals(propose(fresh(tmp_path, press)))
    assert 0 < aligned[0] < aligned[1]  # of what is new only; then of all
    assert before < space.state().change
    (press / "d.txt").write_text(TEXTS["d"].replace("two days", "three days"), "utf-8")
    (press / "e.txt").rename(press / "g.txt")
    ingest(space, [press])
    assert propose(space).select("a", "score").equals(propose(fresh(tmp_path, press)).select("a", "score"))
    add_links(space, [Link("a", "b")])
    left = propose(space)
    assert not {"a", "b"} & {*left["a"], *left["b"]}
    other = fresh(tmp_path, press)
    add_links(other, [Link("a", "b")])
    assert left.select("score", "aligned").equals(propose(other).select("score", "aligned"))


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "w")
    write(tmp_path / "press", "abcd")
    ingest(space, [tmp_path / "press"])
    found = propose(space)
    change = space.state().change
    assert propose(space).equals(found)
    assert space.state().change == change
