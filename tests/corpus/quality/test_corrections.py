"""Beads that a person sets are kept through every alignment, found again by text, and undone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from align import Bead
from align.paths import ties
from corpus import Corpus
from corpus.alignment.constraints import Runs, constraints
from corpus.alignment.incremental import align_missing, align_workspace, missing_pairs
from corpus.alignment.settings import workspace_aligner
from corpus.alignment.weights import shipped_weights
from corpus.base.errors import CorpusError
from corpus.documents.bitext import workspace_sides
from corpus.documents.pairs import workspace_pairs
from corpus.ingestion.ingest import ingest
from corpus.maintenance.repair import repair
from corpus.quality.bead_specs import Correction
from corpus.quality.corrections import correct, set_bead, undo
from corpus.quality.reviews import Review, document_beads, list_reviews, record, take_back, with_verdicts
from corpus.store.integrity import check
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corpus.store.workspace import Workspace
    from tests.conftest import Ran

DOC = SEEDS["003"].removesuffix(".txt")


def beads(workspace: Workspace, doc_id: str = DOC) -> dict[str, str]:
    """Return the beads of a document as a person writes them, with what was said of each."""
    rows = with_verdicts(workspace, workspace_pairs(workspace, [doc_id])).iter_rows(named=True)
    return {
        f"{','.join(map(str, row['src_ids']))}:{','.join(map(str, row['tgt_ids']))}": row["review"]
        for row in rows
    }


def judge(workspace: Workspace, number: int, *, right: bool) -> None:
    row = document_beads(workspace, DOC).row(number, named=True)
    record(workspace, [Review(DOC, row["src"], row["tgt"], right=right)])


def said(workspace: Workspace) -> dict[str, str]:
    return {bead: verdict for bead, verdict in beads(workspace).items() if verdict is not None}


def test_the_other_reading_is_shown_and_taken(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch, cli: Callable[..., Ran]
) -> None:
    """Where beads tie, one command sets what they could as well be; a bead without is refused."""
    with pytest.raises(CorpusError, match="not tied"):
        correct(seeded, DOC, "1", Correction(other=True))
    monkeypatch.setattr(ties, "ODDS", 1e12)
    align_workspace(seeded, moved=False)  # another setting than before: all is aligned anew
    shown = document_beads(seeded, DOC)
    tied = shown.filter(shown["other"].is_not_null())
    assert len(tied)
    row = tied.row(0, named=True)
    ran = cli("review", DOC)
    assert row["other"] in ran.out
    assert "--other" in ran.out
    done = correct(seeded, DOC, str(row["number"]), Correction(other=True))
    assert "; ".join(done.set) == row["other"]
    assert said(seeded) == dict.fromkeys(done.set, "set")


@pytest.mark.parametrize(
    ("bead", "change", "result"),
    [
        ("5", Correction(set="6:6"), ["6:6"]),
        ("5", Correction(set="6:6; :5"), [":5", "6:6"]),
        (None, Correction(set="2-4:1-3"), ["2,3,4:1,2,3"]),
        ("5", Correction(merge_next=True), ["6,7:5,6,7"]),
        ("0", Correction(split="0:0"), ["0:0", "1:"]),
        ("5", Correction(split=":5; 6:6"), [":5", "6:6"]),
        ("5", Correction(move="en6", to="6"), ["6:5", "7:6,7"]),
        ("en:4", Correction(move="src 5", to="5"), [":4", "5,6:5,6"]),
    ],
)
def test_a_bead_is_set_in_words_of_many_kinds(
    seeded: Workspace, bead: str | None, change: Correction, result: list[str]
) -> None:
    done = correct(seeded, DOC, bead, change, by="A. Reader")
    assert sorted(done.set) == sorted(result)
    assert said(seeded) == dict.fromkeys(result, "set")
    shown = [f"{','.join(map(str, src))}:{','.join(map(str, tgt))}"
             for src, tgt in done.beads.select("src_ids", "tgt_ids").iter_rows()]  # fmt: skip
    assert set(result) <= set(shown)


def test_what_is_set_is_kept_whatever_aligns(seeded: Workspace) -> None:
    set_bead(seeded, DOC, None, "6:6; 2-4:1-3")
    align_missing(seeded, weights=replace(shipped_weights(), max_block=3))
    assert said(seeded) == {"2,3,4:1,2,3": "set", "6:6": "set"}
    found = workspace_pairs(seeded, [DOC])
    assert found["src_ids"].explode().drop_nulls().to_list() == list(range(11))
    assert found["tgt_ids"].explode().drop_nulls().to_list() == list(range(11))
    assert list_reviews(seeded)["state"].unique().to_list() == ["aligned"]


def test_an_undone_bead_leaves_what_was_there(seeded: Workspace) -> None:
    before = beads(seeded)
    set_bead(seeded, DOC, "5", "6:6")
    assert ":5" in beads(seeded)
    number = document_beads(seeded, DOC).filter(set=True)["number"].item()
    done = undo(seeded, DOC, str(number))
    assert done.undone == ("6:6",)
    assert beads(seeded) == before
    assert list_reviews(seeded).is_empty()
    with pytest.raises(CorpusError, match="neither set nor judged"):
        undo(seeded, DOC, "5")
    judge(seeded, 5, right=False)
    undo(seeded, DOC, "5")
    assert list_reviews(seeded).is_empty()
    set_bead(seeded, DOC, "5", "6:6")
    take_back(seeded, list_reviews(seeded)["review"].to_list())
    align_missing(seeded)
    assert beads(seeded) == before


def test_a_bead_that_was_set_is_set_anew(seeded: Workspace) -> None:
    set_bead(seeded, DOC, "5", "6:6", note="a clause", by="A. Reader")
    (first,) = document_beads(seeded, DOC).filter(set=True).to_dicts()
    done = set_bead(seeded, DOC, str(first["number"]), "6,7:6,7")
    assert (done.set, done.undone) == (("6,7:6,7",), ("6:6",))
    assert said(seeded) == {"6,7:6,7": "set"}
    state = list_reviews(seeded)
    assert set_bead(seeded, DOC, None, "6,7:6,7").beads.height == 1  # what is set already
    assert list_reviews(seeded).equals(state)


CONTRADICTIONS = [
    ("6", "'6' is no bead"),
    ("a:b", "'a:b' is no bead"),
    (":", "has a sentence at least"),
    ("", "no bead is given"),
    ("6:99", "6:99: there is no en sentence 99; they are numbered 0 to 10"),
    ("12:3", "there is no zh sentence 12"),
    ("3,5:4", "3,5:4 leaves out zh sentence 4"),
    ("6-:3", "'6-' is no number"),
    ("3,3:4", "a sentence is named twice"),
    ("3:4; 3:5", "3:4 and 3:5 both hold zh sentence 3"),
    ("3:4; 4:3", "3:4 and 4:3 cross"),
    ("7:8", "7:8 crosses bead 9, 8,9:7, set before; to undo that first: .*DOC.*'9', undo=True"),
    ("9:9", "9:9 has zh sentence 9, which is in bead 9, 8,9:7"),
    (":7", ":7 has en sentence 7, which is in bead 9"),
]


def test_what_contradicts_the_texts_or_what_was_set_is_refused(seeded: Workspace) -> None:
    set_bead(seeded, DOC, None, "8,9:7")
    number = document_beads(seeded, DOC).filter(set=True)["number"].item()
    state = seeded.state()
    for spec, message in CONTRADICTIONS:
        told = message.replace("bead 9", f"bead {number}").replace("'9'", f"'{number}'").replace("DOC", DOC)
        with pytest.raises(CorpusError, match=told):
            set_bead(seeded, DOC, None, spec)
    assert seeded.state() == state


MISTAKES = [
    ("5", Correction(set="1:0"), "bead 5 is 6:5,6; 1:0 has none of its sentences"),
    ("77", Correction(set="6:6"), "no bead 77"),
    ("9", Correction(merge_next=True), "bead 9 is the last"),
    ("5", Correction(split="6:5,6"), "is the whole of bead 5"),
    ("5", Correction(split="5:5"), "zh sentence 5 is not in bead 5, which is 6:5,6"),
    ("5", Correction(move="en7", to="6"), "en sentence 7 is not in bead 5"),
    ("5", Correction(move="en5", to="6"), "leaves out en sentence 6"),
    ("5", Correction(move="en5", to="5"), "is no other bead"),
    ("5", Correction(move="ko5", to="6"), "'ko5' names no sentence"),
    (None, Correction(merge_next=True), "of which bead"),
    ("5", Correction(), "nothing is asked for"),
    ("5", Correction(set="6:6", undo=True), "one at a time"),
    ("5", Correction(move="en5"), "say both"),
]


def test_mistakes_are_named(seeded: Workspace) -> None:
    state = seeded.state()
    for bead, change, message in MISTAKES:
        with pytest.raises(CorpusError, match=message):
            correct(seeded, DOC, bead, change)
    assert seeded.state() == state


def test_a_move_that_would_cross_is_refused(seeded: Workspace) -> None:
    set_bead(seeded, DOC, None, "6:; 7:5-7")
    rows = document_beads(seeded, DOC).filter(set=True)
    alone, whole = (rows.filter(bead=kind)["number"].item() for kind in ("1:0", "1:3"))
    with pytest.raises(CorpusError, match="7:5,6 and 6:7 would cross"):
        correct(seeded, DOC, str(whole), Correction(move="en7", to=str(alone)))
    done = correct(seeded, DOC, str(whole), Correction(move="en5", to=str(alone)))
    assert (done.set, set(done.undone)) == (("7:6,7", "6:5"), {"6:", "7:5,6,7"})


def test_what_is_wrong_is_not_proposed_by_the_next_alignment(seeded: Workspace) -> None:
    judge(seeded, 5, right=False)
    align_workspace(seeded)  # who only looks sees what was judged
    assert said(seeded) == {"6:5,6": "wrong"}
    align_workspace(seeded, wrong=True)
    assert "6:5,6" not in beads(seeded)
    assert missing_pairs(seeded, workspace_aligner(seeded), wrong=True).is_empty()
    again = beads(seeded)
    align_missing(seeded)
    assert beads(seeded) == again
    take_back(seeded, list_reviews(seeded)["review"].to_list())
    align_workspace(seeded, wrong=True)
    assert "6:5,6" in beads(seeded)


def test_a_bead_judged_right_stays_when_its_neighbour_is_set(seeded: Workspace) -> None:
    judge(seeded, 4, right=True)
    set_bead(seeded, DOC, "5", "6:6")
    assert said(seeded) == {"5:4": "right", "6:6": "set"}
    # A bead that is set takes the place of one that was judged: the later word counts.
    set_bead(seeded, DOC, None, "5:4,5")
    assert said(seeded) == {"5:4,5": "set", "6:6": "set"}


def test_what_is_set_is_found_again_in_a_changed_file(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "item.txt"
    file.write_text(seed_text("003"), "utf-8")
    ingest(workspace, [file])
    align_missing(workspace)
    number = document_beads(workspace, "item")["bead"].to_list().index("1:2")
    ids = document_beads(workspace, "item").row(number, named=True)
    (src,), (_, second) = ids["src_ids"], ids["tgt_ids"]
    set_bead(workspace, "item", str(number), f"{src}:{second}")
    text = document_beads(workspace, "item").filter(set=True).select("src", "tgt").row(0)
    changed = seed_text("003").replace("新华社平壤19日电", "今天天气很好。新华社平壤19日电", 1)
    file.write_text(changed, "utf-8")
    ingest(workspace, [file])
    align_missing(workspace)
    (found,) = document_beads(workspace, "item").filter(set=True).to_dicts()
    assert (found["src"], found["tgt"]) == text
    assert found["src_ids"] == [src + 1]
    file.write_text(changed.replace(text[0][:12], "别的话"), "utf-8")  # the sentence itself
    ingest(workspace, [file])
    align_missing(workspace)
    assert list_reviews(workspace)["state"].to_list() == ["not aligned"]
    file.write_text(changed, "utf-8")
    ingest(workspace, [file])
    align_missing(workspace)
    assert list_reviews(workspace)["state"].to_list() == ["aligned"]


def test_a_repair_loses_no_bead_that_was_set(seeded: Workspace) -> None:
    set_bead(seeded, DOC, "5", "6:6")
    before = (beads(seeded), seeded.table("reviews").to_dicts())
    for name in ("reviews", "beads", "sentences"):
        (seeded.path / seeded.state().segments(name)[0].stored.file).unlink()
        repair(seeded, check(seeded))
        align_missing(seeded)
        assert (beads(seeded), seeded.table("reviews").to_dicts()) == before
        assert check(seeded) == []


def test_texts_that_stand_several_times_are_told_apart(workspace: Workspace, tmp_path: Path) -> None:
    lines = ["同志们好。", "天气很好。", "同志们好。", "我们走吧。", "同志们好。"]
    english = ["Hello comrades.", "The weather is fine.", "Hello comrades.", "Let us go.", "Hello comrades."]
    file = tmp_path / "item.txt"
    file.write_text("\n".join(lines) + "\n\nTranslation:\n\n" + "\n".join(english), "utf-8")
    ingest(workspace, [file])
    align_missing(workspace)
    set_bead(workspace, "item", None, "2:2")
    set_bead(workspace, "item", None, "4:")
    (sides,) = [tuple(workspace_sides(workspace, ["item"]).values())]
    rows = workspace.table("reviews").to_dicts()
    assert set(constraints(rows, *sides).fixed) == {Bead((2,), (2,)), Bead((4,), ())}
    assert sorted(place for row in rows for place in row["places"]) == ["zh-en 2/3:2/3", "zh-en 3/3:-"]
    # With one more, nobody knows which was meant: neither is kept, and both are listed.
    shorter = replace(sides[0], sentences=[*sides[0].sentences, "同志们好。"],
                      paragraphs=[*sides[0].paragraphs, 99])  # fmt: skip
    assert constraints(rows, shorter, sides[1]).fixed == ()
    # What has no counterpart in one language may have one in another.
    assert constraints(rows, sides[0], replace(sides[1], lang="ko")).fixed == (Bead((2,), (2,)),)
    swapped = constraints(rows, sides[1], sides[0]).fixed
    assert set(swapped) == {Bead((2,), (2,)), Bead((), (4,))}


@pytest.mark.parametrize(
    ("text", "runs"),
    [("ab", [(0,)]), ("ab c", [(0, 1)]), ("abc d", [(0, 1, 3)]), ("b", []), ("c", [(1,), (4,)]), ("", [])],
)
def test_runs_of_whole_sentences_are_found(text: str, runs: list[tuple[int, ...]]) -> None:
    found = Runs(["a b", "c", " ", "d", "c"]).find(text)
    assert [tuple(k for k in run if k != 2) for run in found] == runs


def test_the_command_sets_shows_and_undoes(cli: Callable[..., Ran], seeded: Workspace) -> None:
    ran = cli("review", "003", "5", "--set", "6:6", "--json")
    assert ran.code == 0
    facts = json.loads(ran.out)
    assert (facts["set"], facts["replaced"]) == (["6:6"], 1)
    assert [(row["src_ids"], row["tgt_ids"], row["set"]) for row in facts["beads"]] == [
        ([], [5], False), ([6], [6], True),
    ]  # fmt: skip
    assert " zh 6 " in cli("review", "003").out
    assert "\tset\n" in cli("export", "-", "--columns", "bead,review").out
    (line,) = [row["line"] for row in Corpus(seeded.path).sentences(doc="003", lang="zh").to_dicts()
               if row["sentence"] == 6]  # fmt: skip
    assert ", set)" in cli("show", f"003:L{line}").out
    shown = json.loads(cli("show", f"003:L{line}", "--json").out)
    assert [other["review"] for other in shown["counterparts"]] == ["set"]
    ran = cli("review", "003", "6", "--undo")
    assert "undone; no longer set: 6:6; 1 bead in place of 2" in ran.err
    for args, message in (
        (("003", "5", "right", "--set", "6:6"), "need not be judged"),
        (("003", "--undo"), "--undo: of which bead"),
        (("003", "5", "--undo", "--merge-next"), "--merge-next and --undo: one at a time"),
        (("003", "5", "--move", "en6"), "--move en7 and --to BEAD"),
        (("003", "5", "--set", "1:0"), "corpus review 003_ed76d6293c6aeeaa --set 1:0"),
    ):
        ran = cli("review", *args)
        assert (ran.code, message in ran.err) == (1, True), ran.err
