"""Beads drawn to be marked, read when they are, and the weights that come of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from align import Bead, calibration_error
from corpus.alignment.weights import (
    read_weights,
    shipped_weights,
    weights_digest,
    weights_text,
    write_weights,
)
from corpus.base.errors import InputError
from corpus.quality.calibration import Marked, draw, read_marked, recalibrate
from tests.conftest import Ran

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

Run = Callable[..., Ran]


def table(scores: list[float], marks: list[str]) -> str:
    rows = [
        f'{mark}\t„Satz“ {k}\t"phrase" {k}\t1:1\t{score:.4f}'
        for k, (score, mark) in enumerate(zip(scores, marks, strict=True))
    ]
    return "right\tsrc\ttgt\tbead\tscore\n" + "".join(f"{row}\n" for row in rows)


def beads(n: int, seed: int) -> tuple[list[float], list[bool]]:
    """Scores, and whether beads are right that are so less often than the scores say."""
    rng = np.random.default_rng(seed)
    scores = np.clip(rng.beta(4, 1, size=n), 0.01, 0.99)
    return scores.tolist(), (rng.random(n) < scores**3).tolist()


# --- reading marks ----------------------------------------------------------------------------------


def test_marks_are_read_in_many_forms() -> None:
    marks = ["1", "x", "Yes", "RIGHT", "对", "0", "no", "Wrong", "错", "", " "]
    found = read_marked(table([0.5] * 11, marks).encode(), "f")
    assert found.right == (True,) * 5 + (False,) * 4
    assert (found.unmarked, found.nulls, found.weights) == (2, 0, None)


def test_what_a_spreadsheet_makes_of_it_is_read() -> None:
    """Commas or semicolons, quotes, a byte-order mark, CRLF, decimal commas, numbers as floats, short rows."""
    rows = list(csv.reader(io.StringIO(table([0.25, 0.75, 0.5], ["1", "0.0", ""])), delimiter="\t"))
    for separator in ",;":
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(rows)
        found = read_marked(b"\xef\xbb\xbf" + out.getvalue().encode(), "f")
        assert (found.scores, found.right, found.unmarked) == ((0.25, 0.75), (True, False), 1)
    german = 'right;src;tgt;bead;score\r\nx;"a;b";"c";1:1;"0,25"\r\n0;d;e;1:1;0,75\r\n;;;;\r\n;d;e\r\n'
    found = read_marked(german.encode(), "f")
    assert (found.scores, found.right, found.unmarked) == ((0.25, 0.75), (True, False), 1)


def test_null_beads_are_counted_and_left_out() -> None:
    text = "right\tsrc\ttgt\tbead\tscore\n1\ta\t\t1:0\t0.0\n0\ta\tb\t1:01:00\t0.4\n1\t\tb\t0:2\t0\n"
    found = read_marked(text.encode(), "f")
    assert (found.scores, found.nulls) == ((0.4,), 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("right\tscore\n1\t0.5\nmaybe\t0.5\n", r"f: line 3: 'maybe' is no mark; right is 1, x, yes"),
        ("right\tscore\n1\t0.5\n\n1\thigh\n", r"f: line 4: the score is a number from 0 to 1, not 'high'"),
        ("right\tscore\n1\t1.5\n", r"f: line 2: the score"),
        ("src\ttgt\tscore\na\tb\t0.5\n", r"f: no column right in the first line; .*sample=N"),
        ("right,src\n1,a\n", r"f: no column score"),
        ("right\tscore\tweights\n1\t0.5\taa\n1\t0.5\tbb\n", r"f: scored with several weights \(aa, bb\)"),
        ('right,score\n1,"' + "a" * 200_000 + '"\n', r"f: line 2: field larger than"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_marked(text.encode(), "f")


def test_gold_takes_the_place_of_marks() -> None:
    text = (
        "doc_id\tsrc_ids\ttgt_ids\tbead\tscore\n"
        "d\t0\t0\t1:1\t0.9\nd\t1 2\t1\t2:1\t0.8\nd\t3\t2\t1:1\t0.3\nd\t8\t9\t1:1\t0.2\n"
    )
    gold = [Bead((0,), (0,)), Bead((1, 2), (1,)), Bead((3,), (2, 3))]
    found = read_marked(text.encode(), "f", gold)
    assert found.right == (True, True, False)
    assert found.unmarked == 1  # gold says nothing of the last
    with pytest.raises(InputError, match="several documents"):
        read_marked(text.replace("d\t8", "e\t8").encode(), "f", gold)
    with pytest.raises(InputError, match="line 2: sentence numbers"):
        read_marked(text.replace("d\t0\t0", "d\tzero\t0").encode(), "f", gold)


# --- refitting --------------------------------------------------------------------------------------


def test_a_hundred_marks_bring_scores_nearer_to_the_truth() -> None:
    scores, right = beads(100, seed=1)
    made = recalibrate(Marked(tuple(scores), tuple(right)), shipped_weights(), "mine.tsv")
    assert made.errors.after < made.errors.before
    assert made.errors.chance < made.errors.before
    basis = made.weights.calibration.basis
    assert basis.startswith(f"100 beads of mine.tsv marked by hand, {sum(right)} right; before that: ")
    assert shipped_weights().calibration.basis in basis
    record = made.weights.provenance["recalibration"]
    assert record["weights before"] == weights_digest(shipped_weights())
    assert made.weights.features == shipped_weights().features
    new, truth = beads(3000, seed=2)
    old_map, new_map = shipped_weights().calibration, made.weights.calibration
    raw = np.interp(new, old_map.probability, old_map.raw)
    rescored = np.interp(raw, new_map.raw, new_map.probability)
    assert calibration_error(rescored, truth) < calibration_error(new, truth) / 2
    assert not made.warnings


def test_scores_that_fit_already_are_said_to() -> None:
    scores = np.clip(np.random.default_rng(11).beta(4, 1, size=100), 0.01, 0.99)
    right = np.arange(100) * 0.618 % 1 < scores  # as many as the scores say, everywhere
    made = recalibrate(Marked(tuple(scores.tolist()), tuple(right.tolist())), shipped_weights(), "mine.tsv")
    assert made.errors.before < made.errors.chance
    assert "the old scores fit as well" in made.warnings[-1]


def test_one_sided_marks_are_warned_of() -> None:
    rng = np.random.default_rng(3)
    scores = tuple(rng.uniform(0.5, 0.99, 60).tolist())
    made = recalibrate(Marked(scores, (True,) * 58 + (False,) * 2), shipped_weights(), "mine.tsv")
    assert "only 2 of 60 beads are marked as wrong" in made.warnings[0]
    made = recalibrate(Marked(scores, (False,) * 60), shipped_weights(), "mine.tsv")
    assert "only 0 of 60 beads are marked as right" in made.warnings[0]


def test_too_few_and_foreign_scores_are_refused() -> None:
    weights = shipped_weights()
    with pytest.raises(InputError, match=r"f: 19 beads are marked \(81 are not marked\); mark at least 20"):
        recalibrate(Marked((0.5,) * 19, (True,) * 19, unmarked=81), weights, "f")
    with pytest.raises(InputError, match="scored with the weights abcd"):
        recalibrate(Marked((0.5,) * 30, (True,) * 30, weights="abcd"), weights, "f")
    low = replace(weights, calibration=replace(weights.calibration, raw=(0.0, 1.0), probability=(0.0, 0.6)))
    with pytest.raises(InputError, match=r"a score of 0\.9, where these weights give 0\.0000 to 0\.6000"):
        recalibrate(Marked((0.9,) * 30, (True,) * 30), low, "f")


# --- drawing ----------------------------------------------------------------------------------------


def test_a_sample_is_spread_over_the_scores() -> None:
    scores = np.random.default_rng(4).random(1000)
    places = draw(scores.tolist(), 100)
    assert places == sorted(set(places))
    assert len(places) == 100
    drawn, there = (np.histogram(some, bins=10, range=(0, 1))[0] for some in (scores[places], scores))
    assert np.abs(drawn - there / 10).max() <= 2
    assert draw(scores.tolist(), 100) == places != draw(scores.tolist(), 100, seed=8)
    assert draw([0.5] * 7, 20) == list(range(7))
    assert len(set(draw([0.5] * 40, 20))) == 20


# --- the command ------------------------------------------------------------------------------------


def test_draw_mark_calibrate_and_align(cli: Run, tmp_path: Path) -> None:
    scores, right = beads(300, seed=5)
    marks = ["1" if one else "0" for one in right]
    (tmp_path / "aligned.tsv").write_text(table(scores, [""] * 300), "utf-8")
    ran = cli("calibrate", "aligned.tsv", "--sample", "100", "-o", "to_mark.tsv")
    assert ran.code == 0, ran.err
    assert "100 beads drawn of 300 from aligned.tsv" in ran.err
    lines = (tmp_path / "to_mark.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t")[:3] == ["right", "src", "tgt"]
    assert "\t„Satz“ " in lines[1]
    assert '\t"phrase" ' in lines[1]  # its own quotation marks, untouched
    filled = [marks[int(line.split("\t")[1].split()[-1])] + line for line in lines[1:]]
    (tmp_path / "to_mark.tsv").write_text("\n".join([lines[0], *filled]) + "\n", "utf-8")
    ran = cli("calibrate", "to_mark.tsv", "-o", "my.json")
    assert ran.code == 0, ran.err
    assert "100 beads marked" in ran.err
    assert (
        "to_mark.tsv is there already"
        in cli("calibrate", "aligned.tsv", "--sample", "20", "-o", "to_mark.tsv").err
    )
    assert "to_mark.tsv is an input" in cli("calibrate", "to_mark.tsv", "-o", "to_mark.tsv").err
    assert "before" in ran.out
    assert "after, on beads held out" in ran.out
    assert "100 beads of to_mark.tsv" in read_weights(tmp_path / "my.json").calibration.basis
    before = cli("align", "--json")
    after = cli("align", "--weights", "my.json", "--json")
    assert [row["src_ids"] for row in json.loads(before.out)] == [
        row["src_ids"] for row in json.loads(after.out)
    ]
    assert json.loads(before.out)[0]["score"] > json.loads(after.out)[0]["score"]
    # The workspace goes on with these; a sample of it says so, and other weights are told apart.
    assert cli("export", "-").out.splitlines()[1].split("\t")[6] == f"{json.loads(after.out)[0]['score']:.4f}"
    drawn = cli("calibrate", "--sample", "20").out
    assert weights_digest(read_weights(tmp_path / "my.json")) in drawn
    facts = json.loads(cli("calibrate", "to_mark.tsv", "-o", "again.json", "--json").out)
    assert facts["marked"] == 100
    write_weights(tmp_path / "other.json", replace(shipped_weights(), max_block=3))
    assert (
        "scored with the weights"
        in cli("calibrate", "to_mark.tsv", "-o", "x.json", "--weights", "other.json").err
    )
    assert not (tmp_path / "x.json").exists()


def test_a_sample_names_the_weights_that_scored_it(cli: Run, seeded: Workspace, tmp_path: Path) -> None:
    """Where the workspace keeps weights of another encoder than it is aligned with, those did not."""
    use, e5 = shipped_weights(), replace(shipped_weights(), encoder="e5")
    with seeded.change() as change:
        change.put_file("weights", "json", weights_text(e5).encode(), {"shipped": False})
    write_weights(tmp_path / "e5.json", e5)
    assert cli("calibrate", "--sample", "20", "-o", "to_mark.tsv").code == 0
    assert weights_digest(use) in (tmp_path / "to_mark.tsv").read_text("utf-8")
    assert seeded.table("beads")["aligner"].unique().to_list() == [f"use {weights_digest(use)}"]

    marked = (tmp_path / "to_mark.tsv").read_text("utf-8").splitlines()
    beads = [f"{k % 2}{line}" for k, line in enumerate(marked[1:] * 3)]
    (tmp_path / "marked.tsv").write_text("\n".join([marked[0], *beads]) + "\n", "utf-8")
    ran = cli("calibrate", "marked.tsv", "-o", "x.json", "--weights", "e5.json")
    assert (ran.code, "scored with the weights" in ran.err) == (1, True)
    assert not (tmp_path / "x.json").exists()
    ran = cli("calibrate", "marked.tsv", "-o", "x.json")
    assert ran.code == 0, ran.err
    assert read_weights(tmp_path / "x.json").encoder == "use"


def test_beads_that_a_person_set_are_not_drawn(cli: Run, tmp_path: Path) -> None:
    """Their score is no score of the weights, by which `calibrate` would refuse the whole file."""
    scores, _ = beads(30, seed=5)
    (tmp_path / "aligned.tsv").write_text(table([*scores, 1.0], [""] * 31), "utf-8")
    ran = cli("calibrate", "aligned.tsv", "--sample", "100", "-o", "to_mark.tsv")
    assert "30 beads drawn of 30 from aligned.tsv; left out: 1 that a person set" in ran.err
    marked = (tmp_path / "to_mark.tsv").read_text("utf-8").splitlines()
    filled = [marked[0], *(f"{k % 2}{line}" for k, line in enumerate(marked[1:]))]
    (tmp_path / "marked.tsv").write_text("\n".join(filled) + "\n", "utf-8")
    ran = cli("calibrate", "marked.tsv", "-o", "my.json")
    assert ran.code == 0, ran.err


def test_what_to_type_is_said(cli: Run, tmp_path: Path) -> None:
    assert "corpus calibrate to_mark.tsv -o my.json" in cli("calibrate").err
    (tmp_path / "f.tsv").write_text(table([0.5] * 30, [""] * 30), "utf-8")
    ran = cli("calibrate", "f.tsv", "-o", "my.json")
    assert (ran.code, ran.out) == (1, "")
    assert "f.tsv: 0 beads are marked (30 are not marked); mark at least 20" in ran.err
    assert not (tmp_path / "my.json").exists()


def test_a_sample_too_small_to_calibrate_on_says_so_at_once(cli: Run, tmp_path: Path) -> None:
    for count, drawn in (
        (1, "1 bead drawn of 1"),
        (19, "19 beads drawn of 19"),
        (20, "20 beads drawn of 20"),
    ):
        scores, _ = beads(count, seed=5)
        (tmp_path / "aligned.tsv").write_text(table(scores, [""] * count), "utf-8")
        ran = cli("calibrate", "aligned.tsv", "--sample", "100", "-o", f"{count}.tsv")
        assert ran.code == 0, ran.err
        assert drawn in ran.err
        assert ("warning: 20 are needed to calibrate" in ran.err) == (count < 20)
        assert ("calibrate 20.tsv" in ran.err) == (count == 20)


def test_one_bead_is_one_bead(cli: Run, tmp_path: Path) -> None:
    scores, _ = beads(1, seed=5)
    (tmp_path / "marked.tsv").write_text(table(scores, ["1"]), "utf-8")
    assert "1 bead is marked" in cli("calibrate", "marked.tsv", "-o", "my.json").err
