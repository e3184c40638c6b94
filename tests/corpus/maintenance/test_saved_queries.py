"""Queries that a workspace keeps: saved, run again, checked, edited by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.alignment.incremental import align_workspace
from corpus.base.errors import CorpusError, InputError
from corpus.ingestion.seeds import ingest_seeds
from corpus.lexicons import written
from corpus.maintenance import saved_queries
from corpus.maintenance.repair import repair
from corpus.maintenance.saved_queries import (
    SavedQuery,
    basis,
    differences,
    find_query,
    keep_query,
    read_queries,
    remove_query,
)
from corpus.quality.reviews import take_back
from corpus.search.index import builder
from corpus.search.searcher import similar
from corpus.store.integrity import check
from corpus.store.snapshot import snapshot
from corpus.store.state import COPY, NAME
from corpus.store.workspace import EDITABLE, REFUSED, TEXTS, Workspace
from corpus.text import variants
from tests.conftest import SEEDS, seed_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

    Run = Callable[..., Ran]

SOAP = SavedQuery("soap", ("similar", "soap"), datetime(2026, 1, 2, tzinfo=UTC), {"texts": "1a", "beads": ""})
BY_HAND = """\
# of the second chapter
  command = [  # as Dr Kim asked for it
    'words', "--lang", "zh",
  ]
"""


@pytest.fixture
def here(seeded: Workspace) -> Path:
    """Have the commands find the seeds' workspace in the folder they run in."""
    return seeded.path


def write(workspace: Workspace, name: str, text: str) -> Path:
    file = workspace.path / saved_queries.FOLDER / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


# --- the file -----------------------------------------------------------------------------------------


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4), st.text("ab/\\ \x7f\"'"))
def test_what_is_kept_is_what_is_read(workspace: Workspace, arguments: list[str], path: str) -> None:
    query = SavedQuery("q", ("show", *arguments), rests_on={"texts": "12", path: "ab"})
    keep_query(workspace, query, overwrite=True)
    assert read_queries(workspace) == [query]


def test_what_a_person_wrote_stays(workspace: Workspace) -> None:
    file = write(workspace, "词", BY_HAND)
    by_hand = SavedQuery("词", ("words", "--lang", "zh"))
    keep_query(workspace, SOAP)
    assert read_queries(workspace) == [SOAP, by_hand]
    other = SavedQuery("soap", ("concordance", "soap"))
    keep_query(workspace, other, overwrite=True)
    keep_query(workspace, SavedQuery("last", ("status",)))
    assert [query.name for query in read_queries(workspace)] == ["last", "soap", "词"]
    assert find_query(workspace, "soap") == other
    remove_query(workspace, "soap")
    assert file.read_text("utf-8") == BY_HAND
    keep_query(workspace, replace(SOAP, name="词"), overwrite=True)
    assert find_query(workspace, "词") == replace(SOAP, name="词")
    assert file.read_text("utf-8").startswith("# of the second chapter\n")
    remove_query(workspace, "词")
    remove_query(workspace, "last")
    assert read_queries(workspace) == []


COMMENTED = """\
# above all

# of the command
command = [
  "status",  # inside
]  # behind
# between
{saved}
# above what it rests on
[rests_on]  # noted by the toolkit
# inside it
texts = "1a"

# at the end
"""


@pytest.mark.parametrize("saved", ["", "saved = 1999-12-31T23:00:00+09:00  # by Dr Kim", "# not saved"])
def test_comments_stay_when_a_query_is_replaced(workspace: Workspace, saved: str) -> None:
    def comments() -> list[str]:
        return [line.partition("#")[2] for line in file.read_text("utf-8").split("\n") if "#" in line]

    file = write(workspace, "soap", COMMENTED.format(saved=saved))
    every = comments()
    keep_query(workspace, SOAP, overwrite=True)
    assert read_queries(workspace) == [SOAP]
    kept = comments()
    lost = {" inside", " by Dr Kim"}  # those beside values that are replaced
    assert set(every) - lost <= set(kept)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[command\n", "not a TOML file"),
        ("\xff\x00", "not a TOML file"),
        ("", "`command` is a list of texts"),
        ("command = []\n", "`command` is a list of texts"),
        ("command = 'similar soap'\n", "`command` is a list of texts"),
        ("command = ['similar', 3]\n", "`command` is a list of texts"),
        ("command = ['status']\nsaved = 'today'\n", "`saved` is a date"),
        ("command = ['status']\nrests_on = ['texts']\n", "`rests_on` is a table"),
        ("command = ['status']\nrests_on = { texts = 1 }\n", "`rests_on` is a table"),
        ("command = ['status']\nnote = ''\n", "nothing else"),
    ],
)
def test_a_damaged_file_is_named_and_untouched(
    cli: Run, here: Path, seeded: Workspace, text: str, message: str
) -> None:
    file = write(seeded, "soap", text)
    for change in (lambda: read_queries(seeded), lambda: keep_query(seeded, SOAP, overwrite=True)):
        with pytest.raises(InputError, match=message) as raised:
            change()
        assert str(raised.value).startswith(str(file))
    assert file.read_text("utf-8") == text
    for command in (["queries"], ["run", "soap"]):
        ran = cli(*command)
        assert (ran.code, ran.out, "Traceback" in ran.err) == (1, "", False)


def test_a_file_with_a_name_that_is_none_is_named(cli: Run, here: Path, seeded: Workspace) -> None:
    write(seeded, "a b", "command = ['status']\n")
    ran = cli("queries")
    assert (ran.code, ran.out) == (1, "")
    assert "'a b' is no name for a query" in ran.err


def test_a_name_is_the_same_however_it_is_composed(workspace: Workspace) -> None:
    keep_query(workspace, SavedQuery("e\u0301tude", ("status",)))
    assert find_query(workspace, "étude") == find_query(workspace, "e\u0301tude")
    with pytest.raises(CorpusError, match="already"):
        keep_query(workspace, SavedQuery("étude", ("status",)))


def test_a_disk_that_is_full_leaves_the_old_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_query(workspace, SOAP)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CorpusError, match=r"cannot write .*queries.b\.toml: No space"):
        keep_query(workspace, SavedQuery("b", ("status",)))
    assert read_queries(workspace) == [SOAP]


def test_files_of_the_users_make_no_folder_foreign(workspace: Workspace) -> None:
    files = {variants.FILE_NAME, written.FILE_NAME, builder.DICTIONARY}
    assert files | {saved_queries.FOLDER, REFUSED, TEXTS} == EDITABLE
    keep_query(workspace, SOAP)
    (workspace.path / variants.FILE_NAME).write_text('[[variant]]\nforms = ["a", "b"]\n')
    left = workspace.path / saved_queries.FOLDER / ".soap.toml.x1.part"
    left.write_text("left by a process that was killed")
    ingest_seeds(workspace)
    assert {path.name for path in workspace.path.iterdir()} & EDITABLE == {"variants.toml", "queries"}
    assert check(workspace) == []
    assert read_queries(workspace) == [SOAP]


def test_queries_outlive_a_repair(seeded: Workspace) -> None:
    keep_query(seeded, SOAP)
    (seeded.path / NAME).write_bytes(b"{")
    assert (seeded.path / COPY).exists()
    repair(seeded, check(seeded))
    assert check(seeded) == []
    assert read_queries(seeded) == [SOAP]


# --- what a result rests on -----------------------------------------------------------------------------


def test_a_basis_changes_with_what_it_is_of(seeded: Workspace, tmp_path: Path) -> None:
    stop = tmp_path / "stop.txt"
    names = [*saved_queries.LOOKING["similar"], "toolkit", str(stop)]
    before = basis(seeded, names)
    assert list(before) == names
    assert {name for name, value in before.items() if not value} == {
        "lexicon.tsv",
        "dictionary.txt",
        str(stop),
    }
    assert differences(before, basis(seeded, names)) == {}
    stop.write_text("the\n")
    (seeded.path / "variants.toml").write_text('[[variant]]\nforms = ["a", "b"]\n')
    changed = differences(before, basis(seeded, names))
    assert set(changed) == {"variants.toml", str(stop)}
    (seeded.path / "lexicon.tsv").write_text("zh\t工厂\ten\tworks\n", "utf-8")
    assert set(differences(before, basis(seeded, names))) == {"variants.toml", "lexicon.tsv", str(stop)}
    assert changed[str(stop)][0] == ""


def test_what_a_command_makes_is_no_change_before_it_ran(seeded: Workspace) -> None:
    before = basis(seeded, ["texts", "beads", "encoder"])
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads").head(0))
        for name in seeded.state().files:
            if name.startswith("index"):
                change.drop_file(name)
    now = basis(seeded, before)
    assert set(differences(before, now)) == {"beads", "encoder"}
    assert differences(before, now, before=True) == {}
    align_workspace(seeded)
    similar(seeded, "soap")
    assert differences(before, basis(seeded, before)) == {}


# --- the commands ---------------------------------------------------------------------------------------


COMMANDS = [
    ["similar", "local industry", "--since", "2022", "-k", "2", "--json"],
    ["concordance", "local industry", "--sample", "3", "--tsv"],
    ["words", "--lang", "zh", "-k", "5", "--json"],
    ["collocates", "factories", "-k", "5", "--tsv"],
    ["terms", "-k", "5", "--tsv"],
    ["timeline", "地方工业", "--by", "year", "--json"],
    ["trace", "local industry", "--json"],
    ["reprints", "--json"],
    ["show", "003:L33", "--json"],
    ["cite", "003:L33", "--json"],
    ["export", "-", "--columns", "src,tgt"],
    ["status"],
]


def test_there_is_a_case_for_every_command_that_can_be_saved() -> None:
    assert [command for command, *_ in COMMANDS] == list(saved_queries.LOOKING)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_saved_query_is_run_again_exactly(cli: Run, here: Path, command: list[str]) -> None:
    saved = cli("save", "q", *command)
    assert saved.code == 0, saved.err
    assert "saved in .corpus/queries/q.toml; to run it again: corpus run q" in saved.err
    again = cli("run", "q", "--check")
    assert again.code == 0, again.err
    assert "# q: corpus " in again.err
    taken = snapshot(Workspace(here))
    assert saved.err.count(f"# snapshot texts {taken.texts}") == 1
    assert (f" beads {taken.beads}" in saved.err) == ("beads" in saved_queries.LOOKING[command[0]])
    assert "# made of what it was saved with" in again.err
    if command != ["status"]:  # which counts bytes and changes
        assert saved.out == again.out != ""


def test_aligning_again_changes_only_what_shows_alignments(cli: Run, here: Path, seeded: Workspace) -> None:
    for name, command in {"list": ["words"], "text": ["show", "003"], "place": ["show", "003:L33"]}.items():
        assert cli("save", name, *command).code == 0
    with seeded.change() as change:
        change.put_table("beads", seeded.table("beads").with_columns(aligner=pl.lit("another")))
    assert [cli("run", name, "--check").code for name in ("list", "text", "place")] == [0, 0, 3]


def test_reviews_are_what_shows_them_rests_on(cli: Run, here: Path, seeded: Workspace) -> None:
    names = {"list": ["words"], "all": ["export", "-", "--keep-wrong"], "count": ["status"]}
    names["plain"] = ["export", "-"]  # from which what is wrong is left out
    names["judged"] = ["export", "-", "--columns", "src, tgt ,review"]
    assert cli("review", "003", "5", "right").code == 0
    for name, command in names.items():
        assert cli("save", name, *command).code == 0
    assert [cli("run", name, "--check").code for name in names] == [0, 0, 0, 0, 0]
    assert cli("review", "003", "5", "wrong").code == 0
    assert [cli("run", name, "--check").code for name in names] == [0, 0, 3, 3, 3]
    take_back(seeded, [seeded.table("reviews")["review"][0]])
    ran = cli("run", "judged", "--check")
    assert ran.out == ""
    assert ", now none)" in ran.err


def test_what_has_changed_is_said_and_has_a_code(cli: Run, here: Path, tmp_path: Path) -> None:
    assert cli("save", "soap", "concordance", "soap", "-o", "soap.tsv").code == 0
    assert cli("save", "list", "words").code == 0
    (tmp_path / "soap.tsv").unlink()
    (tmp_path / "en.txt").write_text(seed_text("000"), "utf-8")
    assert cli("ingest", "en.txt").code == 0
    checked = cli("run", "soap", "--check")
    assert (checked.code, checked.out) == (3, "")
    assert "# changed since it was saved" in checked.err
    assert "texts (then " in checked.err
    assert not (tmp_path / "soap.tsv").exists()
    ran = cli("run", "soap")
    assert ran.code == 0
    assert "texts (then " in ran.err
    assert (tmp_path / "soap.tsv").exists()
    rows = json.loads(cli("queries", "--json").out)
    assert [(row["name"], row["command"][0]) for row in rows] == [("list", "words"), ("soap", "concordance")]
    assert all("texts" in row["changed"] for row in rows)
    assert "soap" in cli("queries").out


def test_a_change_that_only_running_shows_has_the_code_too(cli: Run, here: Path) -> None:
    assert cli("save", "soap", "similar", "soap").code == 0
    file = here / saved_queries.FOLDER / "soap.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace('encoder = "', 'encoder = "older '), "utf-8")
    ran = cli("run", "soap", "--check")
    assert ran.code == 3
    assert "Kumsongchon" in ran.out
    assert "encoder (then older " in ran.err


def test_one_that_exists_is_replaced_only_if_that_is_said(cli: Run, here: Path) -> None:
    assert cli("save", "q", "show").code == 0
    ran = cli("save", "q", "show", "003")
    assert (ran.code, ran.out) == (1, "")
    assert "there is a query 'q' already; to put another in its place: corpus save --replace q" in ran.err
    assert cli("save", "--replace", "q", "show", "003").code == 0
    assert find_query(Workspace(here), "q").command == ("show", "003")
    assert cli("queries", "--remove", "q").code == 0
    assert "no query is saved" in cli("queries").err
    assert "no query 'q'" in cli("queries", "--remove", "q").err


def test_what_fails_is_not_saved(cli: Run, here: Path) -> None:
    assert cli("save", "q", "show", "999").code == 1
    assert cli("save", "q", "similar", "soap", "-k", "none").code == 2
    helped = cli("save", "q", "similar", "soap", "--help")
    assert helped.code == 0
    assert "Examples:" in helped.out
    assert read_queries(Workspace(here)) == []


def test_files_that_are_read_are_found_from_anywhere(
    cli: Run, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "v.toml").write_text('[[variant]]\nforms = ["Seife", "soap"]\n')
    assert cli("save", "a", "similar", "--variants=v.toml", "Seife", "--mode", "lexical").code == 0
    query = find_query(Workspace(here), "a")
    assert query.command[1:3] == ("--variants", str(tmp_path / "v.toml"))
    assert str(tmp_path / "v.toml") in query.rests_on
    assert not {"encoder", "variants.toml"} & set(query.rests_on)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "Kumsongchon" in cli("run", "a", "-w", here).out
    (tmp_path / "v.toml").write_text('[[variant]]\nforms = ["Seife", "savon"]\n')
    assert cli("run", "a", "-w", here, "--check").code == 3


def test_a_workspace_is_where_a_query_is_kept_and_no_part_of_it(
    cli: Run, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = here.rename(tmp_path / "archive")
    assert cli("save", "a", "show", "003", "-w", "archive").code == 0
    assert cli("save", "-w", other, "b", "show", "--workspace=archive").code == 0
    assert cli("save", "c", "concordance", "soap", "-o", "-w", "-w", "archive").code == 0  # a file called -w
    assert [query.command for query in read_queries(Workspace(other))] == [
        ("show", "003"),
        ("show",),
        ("concordance", "soap", "-o", "-w"),
    ]
    assert "two workspaces" in cli("save", "-w", "archive", "d", "show", "-w", "elsewhere").err
    assert "name it once" in cli("save", "d", "show", "-w", "archive", "-w", "archive").err
    other.rename(tmp_path / "moved")
    assert SEEDS["003"].removesuffix(".txt") in cli("run", "a", "-w", "moved").out
    monkeypatch.setenv("CORPUS_WORKSPACE", str(tmp_path / "moved"))
    assert cli("run", "b").code == 0
    assert not (tmp_path / ".corpus").exists()


def test_what_a_person_wrote_runs_and_cannot_be_checked(cli: Run, here: Path, seeded: Workspace) -> None:
    write(seeded, "词", BY_HAND)
    write(seeded, "w", "command = ['show', '-w', 'x']\n")
    ran = cli("run", "词")
    assert ran.code == 0
    assert "nothing is kept of what it rested on" in ran.err
    checked = cli("run", "词", "--check")
    assert (checked.code, checked.out) == (1, "")
    assert "to keep that: corpus save --replace '词' words --lang zh" in checked.err
    assert "take --workspace out" in cli("run", "w").err
    assert "–" in cli("queries").out
    write(seeded, "away", "command = ['rm', '003']\n")
    assert "'rm' cannot be saved" in cli("run", "away").err
    assert seeded.state().rows("documents") == 5


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["save", "similar", "soap"], "'similar' is a command; the name comes before it"),
        (["save", "a b", "status"], "'a b' is no name for a query"),
        (["save", "../a", "status"], "'../a' is no name for a query"),
        (["save", "", "status"], "'' is no name for a query"),
        (["save", "a" * 65, "status"], "up to 64 of them"),
        (["save", "a", "rm", "003"], "'rm' cannot be saved; commands that only look can: similar"),
        (["save", "a", "save", "b", "status"], "'save' cannot be saved"),
        (["save", "a", "similr", "soap"], "did you mean similar?"),
        (["save", "a", "--replace", "status"], "options of save come before the name"),
        (["save", "a", "similar", "-"], "queries on standard input are not kept"),
        (["save", "a", "similar", "\udcff"], "not valid UTF-8"),
        (["run", "industri"], "did you mean industry?"),
        (["run", "x"], "saved are: industry, soap"),
        (["queries", "--remove", "nothing"], "no query 'nothing' in .corpus"),
    ],
)
def test_errors_say_what_to_do(
    cli: Run, here: Path, seeded: Workspace, args: list[str], message: str
) -> None:
    for name in ("industry", "soap"):
        keep_query(seeded, SavedQuery(name, ("status",)))
    ran = cli(*args)
    assert (ran.code, ran.out) == (1, "")
    assert message in ran.err
    assert len(read_queries(seeded)) == 2


def test_nothing_is_made_where_nothing_is_kept(cli: Run, tmp_path: Path) -> None:
    assert "saved are: none" in cli("run", "a").err
    assert cli("queries").code == 0
    assert json.loads(cli("queries", "--json").out) == []
    assert [*tmp_path.iterdir()] == []
