"""Training on a user's own gold, on the command line, and weights that are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

import align
from align import Bead, format_beads
from corpus.alignment.incremental import align_missing, align_workspace
from corpus.alignment.settings import workspace_aligner, workspace_encoder, workspace_weights
from corpus.alignment.weights import read_weights, shipped_weights, weights_digest, write_weights
from corpus.base.errors import CorpusError, EncoderError, InputError, WorkspaceError
from corpus.encoders import load_encoder
from corpus.maintenance.status import status
from corpus.quality.evaluation import evaluate_folder
from corpus.quality.training import train_aligner
from corpus.search.searcher import similar
from tests.align.chronicle import chronicle
from tests.conftest import Ran

if TYPE_CHECKING:
    from pathlib import Path

    from align.encoder import Encoder
    from corpus.store.workspace import Workspace

Run = Callable[..., Ran]


def write_gold(folder: Path, texts: int, sentences: int = 12) -> Path:
    """Write a gold set of invented texts, one sentence of each cut in two on the English side."""
    for part in ("src", "tgt", "gold"):
        (folder / part).mkdir(parents=True)
    for number in range(texts):
        events = chronicle(2 * sentences, seed=number)
        src = [event.zh for event in events[:sentences]]
        tgt = [event.en for event in events[:sentences]]
        beads = [Bead((k,), (k,)) for k in range(sentences)]
        src[5] = events[5].zh_joined(events[-1])
        tgt.insert(6, events[-1].en)
        beads[5:] = [Bead((5,), (5, 6)), *(Bead((k,), (k + 1,)) for k in range(6, sentences))]
        name = f"text-{number}"
        (folder / "src" / name).write_text("\n".join(src) + "\n", "utf-8")
        (folder / "tgt" / name).write_text("\n".join(tgt) + "\n", "utf-8")
        (folder / "gold" / name).write_text(format_beads(beads))
    return folder


def test_training_on_the_command_line(cli: Run, tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine", 2)
    ran = cli("train-aligner", folder, "-o", "my.json", "--src-lang", "zh", "--tgt-lang", "en", "--seed", "3")
    assert ran.code == 0, ran.err
    assert "mine, each text left out" in ran.out
    assert "wrote my.json" in ran.err
    made = read_weights(tmp_path / "my.json")
    assert made.provenance["script"] == "corpus train-aligner"
    assert made.provenance["seed"] == 3
    assert made.provenance["texts"] == [2]
    assert "held-out texts of mine" in made.calibration.basis
    found = json.loads(cli("eval", folder, "--weights", "my.json", "--json").out)
    assert found["strict"]["f1"] > 0.8
    assert weights_digest(made) in found["signature"]
    assert weights_digest(shipped_weights()) in evaluate_folder(folder).signature


def test_a_single_text_says_what_could_not_be_done(cli: Run, tmp_path: Path) -> None:
    ran = cli("train-aligner", write_gold(tmp_path / "mine", 1), "-o", "my.json", "--json")
    assert ran.code == 0, ran.err
    assert "note: there is one gold text only" in ran.err
    assert json.loads(ran.out)["report"] == {}


def test_nothing_is_written_when_gold_is_malformed(cli: Run, tmp_path: Path) -> None:
    folder = write_gold(tmp_path / "mine", 2)
    (folder / "gold" / "text-1").write_text("[0]:[0]\n[400]:[1]\n")
    ran = cli("train-aligner", folder, "-o", "my.json")
    assert ran.code == 1
    assert "gold/text-1: line 2: there is no sentence 400" in ran.err
    assert not (tmp_path / "my.json").exists()


def test_where_to_write_is_asked_first(cli: Run, tmp_path: Path) -> None:
    assert "-o my.json" in cli("train-aligner", tmp_path).err
    assert "no folder" in cli("train-aligner", tmp_path, "-o", "nowhere/my.json").err


def test_two_sets_of_one_name_are_refused(tmp_path: Path) -> None:
    folders = [write_gold(tmp_path / name / "mine", 1) for name in ("a", "b")]
    with pytest.raises(CorpusError, match="two gold sets are named mine"):
        train_aligner(folders)


# --- files of weights -------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', "a text"])
def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "my.json").write_text(content)
    with pytest.raises(InputError, match=r"my\.json"):
        read_weights(tmp_path / "my.json")


def test_weights_survive_a_file(tmp_path: Path) -> None:
    write_weights(tmp_path / "my.json", shipped_weights())
    assert read_weights(tmp_path / "my.json") == shipped_weights() == read_weights("shipped")


def test_weights_of_another_encoder_are_refused(cli: Run, tmp_path: Path) -> None:
    write_weights(tmp_path / "my.json", replace(shipped_weights(), encoder="e5"))
    ran = cli("align", "--weights", "my.json")
    assert ran.code == 1
    assert "say --encoder e5" in ran.err
    assert "say --encoder e5" in cli("eval", write_gold(tmp_path / "set", 1), "--weights", "my.json").err


def test_a_workspace_keeps_the_weights_it_was_aligned_with(seeded: Workspace) -> None:
    shipped = shipped_weights()
    mine = replace(shipped, features={**shipped.features, "size": -2.5})
    before = seeded.state().change
    align_workspace(seeded, weights=shipped)
    assert seeded.state().change == before  # nothing new
    align_workspace(seeded, weights=mine)
    assert workspace_weights(seeded) == mine
    assert seeded.table("beads")["aligner"].unique().to_list() == [f"use {weights_digest(mine)}"]
    after = seeded.state().change
    align_workspace(seeded)  # as export and similar do
    assert seeded.state().change == after
    align_workspace(seeded, weights=shipped)
    assert seeded.table("beads")["aligner"].unique().to_list() == [f"use {weights_digest(shipped)}"]
    assert not any(file.suffix == ".part" for file in seeded.path.iterdir())


class Namesake:
    """The encoder that ships under another's name, to stand for one that takes long to load."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, attribute: str) -> object:
        return getattr(load_encoder(), attribute)


@pytest.fixture
def e5(monkeypatch: pytest.MonkeyPatch) -> align.Weights:
    """Have the aligner load a namesake for e5; return weights for it."""

    def load(name: str) -> Encoder:
        return cast("Encoder", Namesake(name)) if name == "e5" else load_encoder(name)

    monkeypatch.setattr("corpus.alignment.incremental.load_encoder", load)
    return replace(shipped_weights(), encoder="e5", max_block=3)


def aligners(workspace: Workspace) -> list[str]:
    return workspace.table("beads")["aligner"].unique().to_list()


def test_a_workspace_keeps_the_encoder_it_was_aligned_with(seeded: Workspace, e5: align.Weights) -> None:
    use = aligners(seeded)
    align_workspace(seeded, encoder="e5", weights=e5)
    mine = [f"e5 {weights_digest(e5)}"]
    assert aligners(seeded) == mine
    after = seeded.state().change
    align_missing(seeded)
    align_workspace(seeded)
    similar(seeded, "local industry")
    assert seeded.state().change == after
    assert ([status(seeded).aligner], status(seeded).outdated) == (mine, 0)
    align_workspace(seeded, encoder="use")  # e5 keeps its weights
    assert aligners(seeded) == use == [workspace_aligner(seeded)]
    align_missing(seeded)
    assert aligners(seeded) == use
    align_workspace(seeded, encoder="e5")
    assert aligners(seeded) == mine
    align_workspace(seeded, weights=shipped_weights())
    assert (aligners(seeded), workspace_weights(seeded)) == (use, shipped_weights())
    align_workspace(seeded, encoder="e5")  # with what ships
    align_missing(seeded)
    assert aligners(seeded) == [f"e5 {weights_digest(shipped_weights())}"]


def test_an_encoder_that_cannot_be_loaded_is_not_kept(seeded: Workspace, e5: align.Weights) -> None:
    before = seeded.state().change
    with pytest.raises(EncoderError, match="no encoder 'e6'"):
        align_workspace(seeded, encoder="e6")
    with pytest.raises(CorpusError, match="say `encoder='e5'`"):
        align_workspace(seeded, weights=e5)
    assert seeded.state().change == before


def test_an_encoder_that_is_gone_is_named(seeded: Workspace) -> None:
    with seeded.change() as change:
        change.note("aligner", {"encoder": "e4"})
    with pytest.raises(
        CorpusError, match=r"aligned with e4: .*; to go back to use: `align\(encoder='use'\)`"
    ):
        align_missing(seeded)
    align_workspace(seeded, encoder="use")
    align_missing(seeded)
    assert workspace_encoder(seeded) == "use"


def test_commands_go_on_with_the_workspaces_encoder(
    cli: Run, seeded: Workspace, tmp_path: Path, e5: align.Weights
) -> None:
    write_weights(tmp_path / "e5.json", e5)
    ran = cli("align", "--encoder", "e5", "--weights", "e5.json", "-o", "a.tsv")
    assert (ran.code, "ranking only" in ran.err) == (0, False)
    mine = aligners(seeded)
    for command in (["align", "-o", "b.tsv"], ["export", "c.tsv"], ["similar", "soap"]):
        ran = cli(*command)
        assert (ran.code, "ranking only" in ran.err) == (0, False), ran.err
        assert aligners(seeded) == mine == [f"e5 {weights_digest(e5)}"]
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "c.tsv").read_bytes()
    assert cli("align", "--weights", "shipped", "-o", "d.tsv").code == 0
    assert aligners(seeded) == [f"use {weights_digest(shipped_weights())}"]
    assert "with e5 they are a ranking only" in cli("align", "--encoder", "e5", "-o", "e.tsv").err
    assert "with e5 they are a ranking only" in cli("align", "-o", "f.tsv").err


def test_damaged_weights_in_a_workspace_are_named(seeded: Workspace) -> None:
    mine = replace(shipped_weights(), max_block=3)
    align_workspace(seeded, weights=mine)
    file = seeded.file("weights")
    assert file is not None
    file.write_text("{")
    with pytest.raises(WorkspaceError, match="weights=FILE"):
        align_workspace(seeded)
    align_workspace(seeded, weights=mine)  # naming weights again replaces the file
    assert workspace_weights(seeded) == mine
