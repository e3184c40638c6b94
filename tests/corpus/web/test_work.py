"""What is done in the studio is done as the command line does it, and seen there."""

from __future__ import annotations

import json
import re
import shutil
import threading
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from align.paths import ties
from corpus import Corpus
from corpus.alignment.incremental import align_workspace
from corpus.base.resources import seeds_dir
from corpus.web.jobs import Jobs, Outcome
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from corpus.web.jobs import Job
    from tests.conftest import Ran
    from tests.corpus.web.conftest import Asking

ZH = "人民日报今天发表社论。工厂去年生产了八千五百三十三吨钢。工人们很高兴。明年要建三个新工厂。"
EN = (
    "The People's Daily published an editorial today. Last year the factory produced 8,353 tons of steel. "
    "The workers were very happy. Three new factories will be built next year."
)


def over(asking: Asking, kind: str) -> Job:
    job = next(job for job in asking.studio.jobs.all() if job.kind == kind)
    assert job.over.wait(120)
    assert job.state == "done", job.error
    return job


def test_an_empty_workspace_says_how_to_begin_and_every_page_leads_there(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path
) -> None:
    asking = open_studio_on(tmp_path / ".corpus")
    page = asking.get("/").text
    for action in ('action="/paste"', 'action="/upload"', 'action="/seeds"'):
        assert action in page
    for path in (
        "/search?q=a",
        "/documents",
        "/review",
        "/pair",
        "/words",
        "/timeline",
        "/trace",
        "/document/a",
    ):
        assert asking.client.get(path, follow_redirects=False).headers["location"] == "/"
    assert not (tmp_path / ".corpus").exists()  # looking makes nothing


def test_two_texts_are_aligned_without_a_file_and_kept_when_asked(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    asking = open_studio_on(tmp_path / ".corpus")
    page = asking.post("/paste", src=ZH, tgt=EN)
    over(asking, "paste")
    page = asking.get(page.url.path)
    assert page.text.count('role="listitem"') == 4
    assert not (tmp_path / ".corpus").exists()
    assert len(asking.get(f"{page.url.path}.tsv").text.splitlines()) == 5
    kept = asking.post(f"{page.url.path}/keep", name="../../An <editorial>")
    over(asking, "ingest")
    files = sorted(path.name for path in (tmp_path / ".corpus" / "texts").iterdir())
    assert files == ["An editorial .en.txt", "An editorial .zh.txt"]
    assert kept.status_code == 200
    pairs = json.loads(
        cli("export", "pairs.json", "-w", tmp_path / ".corpus").out or (tmp_path / "pairs.json").read_text()
    )
    assert len(pairs["pairs"] if isinstance(pairs, dict) else pairs) == 4
    assert len(json.loads(cli("link", "--json", "-w", tmp_path / ".corpus").out)) == 1


@pytest.mark.parametrize(("src", "tgt"), [("", EN), (ZH, "   "), ("。。", "..."), ("\x00", "a")])
def test_what_cannot_be_aligned_is_said_so(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path, src: str, tgt: str
) -> None:
    asking = open_studio_on(tmp_path / ".corpus")
    response = asking.post("/paste", src=src, tgt=tgt)
    for job in asking.studio.jobs.all():
        job.over.wait(60)
        response = asking.get(f"/pasted/{job.number}")
    assert response.status_code in (200, 400)
    assert "something failed" not in response.text


def test_files_are_read_and_what_cannot_be_is_named(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path
) -> None:
    asking = open_studio_on(tmp_path / ".corpus")
    files = [
        ("files", (SEEDS["003"], seed_text("003").encode())), ("files", ("..\\..\\evil.txt", seed_text("000").encode())),
        ("files", ("empty.txt", b"")), ("files", ("binary.txt", bytes(range(256)) * 8)),
    ]  # fmt: skip
    asking.post("/upload", files=files, source="A newspaper")
    over(asking, "ingest")
    page = asking.get("/jobs").text
    assert "2 documents are new" in page
    assert "2 files were not read" in page
    assert "empty.txt" in page
    assert sorted(path.name for path in (tmp_path / ".corpus" / "texts").iterdir()) == [
        SEEDS["003"],
        "evil.txt",
    ]
    assert "A newspaper" in asking.studio.corpus.documents()["source"].to_list()
    assert len(asking.studio.corpus.pairs(refresh=False)) > 5
    asking.post(f"/document/{SEEDS['003'].removesuffix('.txt')}/remove")
    assert asking.studio.corpus.documents()["doc_id"].n_unique() == 1


def test_the_seeds_make_room_for_own_texts(open_studio_on: Callable[[Path], Asking], tmp_path: Path) -> None:
    asking = open_studio_on(tmp_path / ".corpus")
    asking.post("/seeds")
    over(asking, "ingest")
    assert "the seeds" in asking.get("/").text
    assert asking.studio.corpus.documents()["doc_id"].n_unique() == 5
    asking.post("/upload", files={"files": ("mine.txt", seed_text("000").encode())})
    over(asking, "ingest")
    assert asking.studio.corpus.documents()["doc_id"].to_list() == ["mine"]


def fields(page: str) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index('id="judge"') :]
    )
    cuts = re.findall(r'<select name="(cut_\w+)".*?<option selected>(\d+)', page, re.DOTALL)
    return dict(found) | dict(cuts)


def test_beads_are_judged_as_the_command_line_keeps_it_and_each_step_is_undone(
    open_studio_on: Callable[[Path], Asking], seeded: Workspace, cli: Callable[..., Ran]
) -> None:
    asking = open_studio_on(seeded.path)

    def listed() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(cli("review", "--list", "--json", "-w", seeded.path).out)
        return rows

    before = asking.studio.corpus.review("003").select("src_ids", "tgt_ids", "right").rows()
    for say, count in (("wrong", 1), ("split", 2), ("shift-down", 2)):
        page = asking.get("/review?doc=003&bead=5" if say != "split" else "/review?doc=003&bead=0").text
        given = fields(page) | {"say": say, "note": "seen in the studio", "by": "A. Reader"}
        assert asking.post("/review", **given).status_code == 200, say
        rows = listed()
        assert 1 <= len(rows) <= count, say
        assert {row["by"] for row in rows} == {"A. Reader"}
        assert {row["right"] for row in rows} == {say != "wrong"}
        if say != "wrong":
            assert asking.studio.corpus.review("003").select("src_ids", "tgt_ids", "right").rows() != before
        assert "z" in asking.get("/review").text
        asking.post("/review", say="undo")
        assert listed() == []
        assert asking.studio.corpus.review("003").select("src_ids", "tgt_ids", "right").rows() == before, say
    assert "nothing to undo" in asking.post("/review", say="undo").text


def test_a_bead_that_is_tied_has_a_key_for_its_other_reading(
    open_studio_on: Callable[[Path], Asking], seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'data-key="o"' not in open_studio_on(seeded.path).get("/review?doc=003&bead=1").text
    monkeypatch.setattr(ties, "ODDS", 1e12)
    align_workspace(seeded, moved=False)  # another setting than before: all is aligned anew
    asking = open_studio_on(seeded.path)
    tied = asking.studio.corpus.review("003").filter(pl.col("other").is_not_null()).row(0, named=True)
    page = asking.get(f"/review?doc=003&bead={tied['number']}").text
    assert f"or {tied['other']} <kbd>o</kbd>" in page
    assert asking.post("/review", **fields(page), say="other").status_code == 200
    kept = asking.studio.corpus.reviews()
    spelt = [
        ":".join(",".join(map(str, ids)) for ids in row) for row in kept.select("src_ids", "tgt_ids").rows()
    ]
    assert spelt == tied["other"].split("; ")
    asking.post("/review", say="undo")
    assert asking.studio.corpus.reviews().is_empty()


def test_the_queue_goes_on_and_ends(open_studio_on: Callable[[Path], Asking], seeded: Workspace) -> None:
    asking = open_studio_on(seeded.path)
    total = asking.json("/review.json")["total"]
    first = asking.json("/review.json")["bead"]
    assert first["score"] == asking.studio.corpus.next_to_review(1)["score"][0]
    later = asking.post("/review", say="later", skip="0")
    assert later.url.query == b"skip=1&said=later"
    for _ in range(total):
        page = asking.get("/review").text
        if "judged" not in page or 'id="judge"' not in page:
            break
        asking.post("/review", say="right", **{k: v for k, v in fields(page).items() if k in ("doc", "bead")})
    assert "Every bead with two sides was judged" in asking.get("/review").text


def test_numbers_that_differ_are_marked(open_studio_on: Callable[[Path], Asking], tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / ".corpus")
    corpus.add_pair(("a.zh.txt", ZH), ("a.en.txt", EN))
    page = open_studio_on(tmp_path / ".corpus").get("/review?doc=a.zh&bead=1").text
    assert '<mark class="differs">8,353</mark>' in page
    assert '<mark class="differs">八千五百三十三</mark>' in page


def test_sentences_are_mined_from_documents_that_do_not_translate_each_other(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path
) -> None:
    corpus = Corpus(tmp_path / ".corpus")
    corpus.add_texts(
        {"a.zh.txt": f"今天下雨。{ZH}", "b.en.txt": f"{EN} Nobody came to the theatre last night."}
    )
    asking = open_studio_on(tmp_path / ".corpus")
    assert asking.json("/mine.json")["pairs"] is None
    asking.post("/mine")
    over(asking, "mine")
    found = asking.json("/mine.json")["pairs"]
    assert found
    assert found == corpus.mine().to_dicts()
    page = asking.get("/mine").text
    assert all(row["tgt"] in page for row in found)
    assert "look like translations" not in page


def test_documents_are_paired_refused_and_linked_by_hand(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    corpus = Corpus(tmp_path / ".corpus")
    corpus.add_texts({"a.zh.txt": ZH * 2, "b.en.txt": EN * 2})
    asking = open_studio_on(tmp_path / ".corpus")
    asking.post("/pair")
    over(asking, "pair")
    page = asking.get("/pair").text
    proposals = asking.json("/pair.json")["proposals"]
    assert len(proposals) == 1
    assert "matched" in page
    both = {name: proposals[0][name] for name in ("a", "b", "a_lang", "b_lang")}
    asking.post("/pair/refuse", **both)
    assert asking.json("/pair.json")["proposals"] == []
    assert json.loads(cli("pair", "--json", "-w", tmp_path / ".corpus").out) == []
    asking.post("/pair/refuse", **both, back="1")
    asking.post("/pair/accept", **both)
    assert len(json.loads(cli("link", "--json", "-w", tmp_path / ".corpus").out)) == 1
    asking.post("/pair/unlink", a=both["a"], b=both["b"])
    assert asking.post("/pair/link", a=both["a"], b=both["b"], original="1").status_code == 200
    links = corpus.links()
    assert links["original"].to_list() == [both["a"]]
    assert asking.post("/pair/link", a=both["a"], b=both["a"]).status_code == 400
    assert asking.post("/pair/link", a="", b="").status_code == 400


def test_a_job_tells_how_far_it_is_and_can_be_cancelled(tmp_path: Path) -> None:
    jobs = Jobs(Corpus(tmp_path / ".corpus"))
    going, go = threading.Event(), threading.Event()

    def run(corpus: Corpus) -> Outcome:
        with corpus._progress("counting") as progress:
            assert progress is not None
            for k in range(100):
                progress(k, 100)
                going.set()
                go.wait(0.05)
        return Outcome("done")

    job = jobs.start("count", run)
    waiting = jobs.start("count", lambda _: Outcome("done"))
    assert going.wait(10)
    assert (job.state, job.task, job.total, waiting.state) == ("running", "counting", 100, "queued")
    assert jobs.current() is job
    jobs.cancel(job.number)
    assert job.over.wait(10)
    assert waiting.over.wait(10)
    assert (job.state, waiting.state) == ("cancelled", "done")
    failing = jobs.start("count", lambda _: 1 / 0)  # type: ignore[arg-type, return-value]
    assert failing.over.wait(10)
    assert failing.state == "failed"
    assert "terminal" in str(failing.error)
    jobs.end()


def test_cancelling_a_reading_keeps_what_was_read(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path / ".corpus")
    jobs = Jobs(corpus)
    for number in SEEDS.values():
        shutil.copy(seeds_dir() / number, tmp_path)
    held: list[Any] = []

    def run(corpus: Corpus) -> Outcome:
        held.append(corpus.ingest(tmp_path))
        return Outcome("done")

    reporting = corpus.reporting
    job = jobs.start("ingest", run)
    assert reporting is not None
    while job.done < 1 and not job.over.is_set():
        pass
    jobs.cancel(job.number)
    assert job.over.wait(60)
    if job.state == "cancelled":
        assert 1 <= corpus.documents()["doc_id"].n_unique() <= 5
    jobs.end()


def test_a_page_says_who_else_changes_the_workspace(
    open_studio_on: Callable[[Path], Asking], seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = open_studio_on(seeded.path)
    with seeded.locked():
        held = json.loads((seeded.path / "lock.json").read_text())
        other = held | {"pid": 1, "command": "corpus ingest /home/someone/private"}
        (seeded.path / "lock.json").write_text(json.dumps(other))
        page = asking.get("/jobs").text
        assert "process 1" in page
        assert "corpus ingest" in page
        assert "private" not in page
        assert asking.post("/review", say="right", doc="003", bead="5").status_code == 400
        assert asking.json("/jobs.json")["holder"]["command"] == "corpus ingest"
    assert "process 1" not in asking.get("/jobs").text


def test_the_command_prints_the_address_first(
    cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    monkeypatch.setattr("corpus.web.server.serve", lambda opened, browser: served.append((opened, browser)))
    ran = cli("serve", "--no-browser", "--port", "0")
    opened, browser = served[0]
    assert ran.out.splitlines() == [opened.address]
    assert not browser
    opened.socket.close()
    opened.studio.end()
    refused = cli("serve", "--host", "0.0.0.0")
    assert refused.code == 1
    assert "--password-file" in refused.err
