"""The commands of the corpus linguist, as a user types them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.conftest import Ran

Run = Callable[..., Ran]


@pytest.fixture
def here(built: Path, tmp_path: Path) -> Path:
    """Put a built workspace of the seeds into the folder the command runs in."""
    return Path(shutil.copytree(built, tmp_path / ".corpus"))


def rows(tsv: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE))


# --- concordance, show, cite ------------------------------------------------------------------------


def test_a_concordance_lines_up_on_a_terminal(cli: Run, here: Path) -> None:
    ran = cli("concordance", "工业", "--width", "21", "--variants", "none")
    assert ran.code == 0
    lines = [line for line in ran.out.splitlines() if "  zh  " in line]
    assert len(lines) == 7
    columns = {cell_len(line[: line.index("1959-05-20")]) for line in lines}
    assert columns == {21 + 4 + 21 + 2}
    nodes = {
        cell_len(line[: line.index("工业", len(line) // 8)]) for line in lines if line.count("工业") == 1
    }
    assert nodes == {21}
    assert ran.out.count("    en: ") == 7
    assert "7 matches, in 1 of 5 documents" in ran.err
    assert "# snapshot texts " in ran.err


def test_a_concordance_says_what_it_looks_for(cli: Run, here: Path) -> None:
    ran = cli("concordance", "local industry", "--json")
    assert "also looking for: regional industr*" in ran.err
    found = json.loads(ran.out)
    assert found["matches"] == len(found["lines"]) > 40
    assert set(found["snapshot"]) == {"digest", "texts", "beads", "encoder"}
    assert {line["form"] for line in found["lines"]} == {"地方工业", "local industr*", "regional industr*"}
    alone = cli("concordance", "local industry", "--variants", "none", "--json")
    assert "also" not in alone.err
    assert {line["form"] for line in json.loads(alone.out)["lines"]} == {"local industry"}


def test_a_concordance_as_a_table(cli: Run, here: Path, tmp_path: Path) -> None:
    table = rows(cli("concordance", "factories", "--tsv", "--sample", "3").out)
    assert len(table) == 3
    assert all(row["left"] + row["node"] + row["right"] for row in table)
    ran = cli("concordance", "factories", "--sample", "3", "-o", "lines.tsv")
    assert (ran.out, rows((tmp_path / "lines.tsv").read_text("utf-8"))) == ("", table)
    cli("concordance", "factories", "--sample", "3", "-o", "lines.json")
    assert len(json.loads((tmp_path / "lines.json").read_text("utf-8"))["lines"]) == 3


def test_nothing_found_is_an_answer(cli: Run, here: Path) -> None:
    ran = cli("concordance", "penguin")
    assert (ran.code, ran.out) == (0, "")
    assert "0 matches, in 0 of 5 documents" in ran.err


def test_a_place_of_a_concordance_can_be_shown_and_cited(cli: Run, here: Path) -> None:
    place = cli("concordance", "滚珠轴承", "--lang", "zh").out.splitlines()[0].split()[-1]
    shown = cli("show", place)
    assert "> line 40" in shown.out
    assert "ball bearings" in shown.out
    assert json.loads(cli("show", place, "--json").out)["counterparts"][0]["lang"] == "en"
    items = json.loads(cli("cite", place, "--json").out)
    assert [item["language"] for item in items] == ["en", "zh"]
    assert cli("cite", place).out.count("@article{") == 2


def test_all_documents_are_cited(cli: Run, here: Path, tmp_path: Path) -> None:
    for ending in ("txt", "ris", "csv"):
        ran = cli("cite", "-o", f"press.{ending}")
        assert (ran.code, "BibTeX (.bib) or CSL-JSON (.json)" in ran.err) == (1, True)
    assert cli("cite", "-o", "press.bib").code == 0
    assert (tmp_path / "press.bib").read_text("utf-8").count("\n@") == 5
    cli("cite", "--since", "2022", "-o", "press.json")
    assert len(json.loads((tmp_path / "press.json").read_text("utf-8"))) == 4


# --- words, collocates, timeline --------------------------------------------------------------------


def test_words_for_a_reader_and_as_tables(cli: Run, here: Path, tmp_path: Path) -> None:
    ran = cli("words", "-k", "3")
    assert ran.out.splitlines()[0].split() == [
        "lang",
        "word",
        "n",
        "per",
        "10,000",
        "documents",
        "DP",
        "DPnorm",
    ]
    assert len(ran.out.splitlines()) == 7
    assert "zh: 182 words in 1 document; 112 different words, 3 shown" in ran.err
    (tmp_path / "stop.txt").write_text("factories\n工厂")
    table = rows(cli("words", "--stop", "stop.txt", "-n", "2", "-k", "0", "--min", "1", "--tsv").out)
    assert {"regional industry", "地方 工业"} <= {row["word"] for row in table}
    assert not any("factories" in (row["word"].split()[0], row["word"].split()[-1]) for row in table)
    assert table[-1]["dp_norm"] == ""
    found = json.loads(cli("words", "--json", "--lang", "zh").out)
    assert found["sizes"] == [{"lang": "zh", "documents": 1, "words": 182, "types": 112}]


def test_collocates_for_a_reader_and_as_tables(cli: Run, here: Path) -> None:
    ran = cli("collocates", "local industry", "-k", "2")
    assert "factories" in ran.out.splitlines()[1]
    assert "en: 50 matches, " in ran.err
    assert "also looking for: " in ran.err
    table = rows(cli("collocates", "local industry", "--sort", "near", "--tsv").out)
    assert float(table[0]["near"]) >= float(table[1]["near"])
    nothing = cli("collocates", "penguin")
    assert (nothing.code, "no match" in nothing.err) == (0, True)


def test_a_timeline_says_where_nothing_was_searched(cli: Run, here: Path) -> None:
    lines = cli("timeline", "local industry", "--by", "year").out.splitlines()
    assert any(line.split() == ["1960–2021", "no", "documents"] for line in lines)
    assert next(line for line in lines if line.startswith("1959       en")).split()[2] == "1°"
    months = cli("timeline", "local industry", "--by", "month").out
    assert "2024 (not known closer)" in months
    assert ["2024-01–2024-12", "none", "dated", "so", "closely"] in map(str.split, months.splitlines())


def test_a_timeline_as_files(cli: Run, here: Path, tmp_path: Path) -> None:
    for name in ("t.csv", "t.tsv", "t.json", "t.png", "t.svg", "t.html"):
        ran = cli("timeline", "地方工业", "-o", name)
        assert (ran.code, ran.out) == (0, ""), ran.err
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    same = rows((tmp_path / "t.tsv").read_text("utf-8"))
    assert [row | {"per_10k": ""} for row in table] == [row | {"per_10k": ""} for row in same]
    assert json.loads((tmp_path / "t.json").read_text("utf-8"))["rows"][0]["bin"] == "1950s"
    assert (tmp_path / "t.png").read_bytes().startswith(b"\x89PNG")


FORMS = "regional industr* | local industr* | 地方工业 | 지방공업"


@pytest.mark.parametrize(
    ("command", "pattern", "forms", "parts"),
    [
        ("timeline 地方工业", "地方工业", FORMS, ["texts"]),
        ("timeline 地方工业 --once", "地方工业", FORMS, ["texts"]),
        ("collocates 地方工业 --variants none", "地方工业", "地方工业", ["texts"]),
        ("concordance 地方工业", "地方工业", FORMS, ["texts", "beads"]),
        ("trace 地方工业 --part only", "地方工业", FORMS, ["texts", "beads"]),
        ("terms 地方工业", "地方工业", "地方工业", ["texts", "beads"]),
        ("terms", "", "", ["texts", "beads"]),
        ("words", None, None, ["texts"]),
    ],
)
def test_a_table_says_what_a_figure_was_made_of(
    cli: Run, here: Path, command: str, pattern: str | None, forms: str | None, parts: list[str]
) -> None:
    ran = cli(*command.split(), "--tsv")
    about = json.loads(cli(*command.split(), "--json").out)
    table = rows(ran.out)
    assert table
    snapshot = " ".join(f"{part} {about['snapshot'][part]}" for part in parts)
    stated = {} if pattern is None else {"pattern": pattern, "forms": forms}
    stated |= {"once": "true" if about["once"] else "false", "snapshot": snapshot}
    for row in table:
        assert list(row.items())[-len(stated) :] == list(stated.items())
    assert ("pattern" in table[0]) == (pattern is not None)
    assert f"# snapshot {snapshot}" in ran.err


def test_a_chart_names_the_forms_it_counts(cli: Run, here: Path, tmp_path: Path) -> None:
    for name in ("c.svg", "c.html"):
        assert cli("timeline", "local industry", "--once", "-o", name).code == 0
        drawing = " ".join((tmp_path / name).read_text("utf-8").split())
        assert "Counted: regional industr*, local industr*, 地方工业, 지방공업." in drawing
        assert "left out: " in drawing


def test_a_pattern_may_begin_with_a_dash(cli: Run, here: Path) -> None:
    ran = cli("concordance", "-27.5", "--lang", "zh")
    assert (ran.code, ran.out) == (2, "")
    assert "if -27.5 is what to look for, it comes last: corpus concordance --lang zh -- -27.5" in ran.err
    assert json.loads(cli("concordance", "--json", "--", "-27.5").out)["pattern"] == "-27.5"
    assert json.loads(cli("similar", "--json", "--", "-local industry").out)
    for wrong in ("--wide", "--onse"):
        assert "it comes last" not in cli("concordance", "x", wrong).err
    commands = ("concordance", "timeline", "trace", "collocates", "terms", "similar")
    assert all("-- -27.5" in " ".join(cli(command, "--help").out.split()) for command in commands)


def test_terms_for_a_reader_and_as_tables(cli: Run, here: Path) -> None:
    ran = cli("terms", "地方工业", "--examples", "-k", "1")
    assert ran.out.splitlines()[1].startswith("地方工业  local industries, local industrial")
    assert "    郡郡都办工厂" in ran.out
    assert "from 10 beads that score 0.9 or more; 0 score less" in ran.err
    assert "beads " in ran.err.splitlines()[-1]
    found = json.loads(cli("terms", "--json").out)
    assert found["limits"] == {"score": 0.9, "least": 2, "g2": 6.63, "share": 0.5}
    assert {row["src"] for row in rows(cli("terms", "--tsv").out)} == {row["src"] for row in found["pairs"]}


def test_a_trace_for_a_reader_and_as_tables(cli: Run, here: Path) -> None:
    ran = cli("trace", "local industry")
    assert ["1960–2021", "no", "documents"] in map(str.split, ran.out.splitlines())
    assert "in no text searched: 지방공업" in ran.out
    assert "derived" not in ran.out
    assert "2022, 2023  en  0." in ran.out
    assert "not counted for 1959 en, 2022 en" in ran.out
    found = json.loads(cli("trace", "local industry", "--json").out)
    assert {"snapshot", "rows", "forms", "near", "only", "keyness", "absent", "unborne"} <= set(found)
    assert len(rows(cli("trace", "local industry", "--tsv").out)) == len(found["forms"])
    near = rows(cli("trace", "local industry", "--tsv", "--part", "near").out)
    assert near[0]["shared"].split(" | ") == found["near"][0]["shared"]


# --- what goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["concordance", ""], "holds no letter or number"),
        (["concordance", "(a", "--regex"], "'(a' is not a regular expression"),
        (["concordance", "x", "--sort", "up"], "cannot sort by 'up'"),
        (["concordance", "x", "--lang", "xx"], "no text in 'xx' here; languages are en, zh"),
        (["concordance", "x", "--doc", "00"], "'00' is the beginning of 5 documents"),
        (["concordance", "x", "--json", "--tsv"], "choose one"),
        (["concordance", "x", "--variants", "absent.toml"], "absent.toml: no such file"),
        (["concordance", "x", "-o", "absent/x.tsv"], "cannot write"),
        (["timeline", "x", "--by", "week"], "--by is one of decade, year, month"),
        (["timeline", "x", "--cut", "2000,1990"], "--cut takes dates in order"),
        (["timeline", "x", "--cut", "May"], "'May' is not a date"),
        (["collocates", "x", "--sort", "up"], "--sort is one of g2, log_dice, near"),
        (["words", "--stop", "absent.txt"], "absent.txt: no such file"),
        (["terms", "--doc", "001"], "no pair of sentences to find terms in: none is aligned"),
        (["trace", "x", "--part", "all"], "--part all: there are forms, near, only, keyness"),
        (["timeline", "x", "-o", "t.pdf"], "t.pdf: this command writes .tsv, .json, .csv, .png, .svg, .html"),
        (["words", "-o", "w.csv"], "w.csv: this command writes .tsv, .json"),
        (["show", "003:L1000"], "no sentence begins on that line"),
        (["cite", "999"], "no document '999'"),
        (["cite", "--since", "1900", "--until", "1901"], "no document to cite"),
    ],
)
def test_errors_say_what_where_and_what_to_do(cli: Run, here: Path, args: list[str], message: str) -> None:
    ran = cli(*args)
    assert ran.code == 1
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_table_for_a_spreadsheet_holds_no_formula(cli: Run, here: Path, tmp_path: Path) -> None:
    assert cli("timeline", "=industry", "-o", "t.csv").code == 0
    table = (tmp_path / "t.csv").read_text("utf-8")
    assert {row["pattern"] for row in csv.DictReader(io.StringIO(table))} == {"'=industry"}
