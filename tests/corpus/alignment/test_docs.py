"""The commands in docs/guides/fit-the-aligner.md are run as a reader would type them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from align import Bead, format_beads
from corpus.alignment.weights import read_weights
from tests.align.chronicle import chronicle

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

DOCS = Path(__file__).parents[3] / "docs" / "guides" / "fit-the-aligner.md"


def commands(section: str) -> list[str]:
    """Return the commands of a section's shell block."""
    (text,) = re.findall(
        rf"^## {section}\n(.*?)(?=^## |\Z)", DOCS.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (block,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.removeprefix("corpus ") for line in block.splitlines() if line.startswith("corpus ")]


def test_calibrating_on_your_own_texts(cli: Callable[..., Ran], tmp_path: Path) -> None:
    events = chronicle(40, seed=20)
    (tmp_path / "book.zh").write_text("".join(f"{event.zh}\n" for event in events), "utf-8")
    (tmp_path / "book.en").write_text("".join(f"{event.en}\n" for event in events), "utf-8")
    for command in commands("Calibrating on your own texts"):
        if command.startswith("calibrate to_mark.tsv"):
            lines = (tmp_path / "to_mark.tsv").read_text("utf-8").splitlines()
            marked = [f"{int(k % 3 > 0)}{line}" for k, line in enumerate(lines[1:])]
            (tmp_path / "to_mark.tsv").write_text("\n".join([lines[0], *marked]) + "\n", "utf-8")
        ran = cli(*shlex.split(command))
        assert ran.code == 0, ran.err
    assert "beads of to_mark.tsv marked by hand" in read_weights(tmp_path / "my.json").calibration.basis
    scores = [
        float(line.split("\t")[6]) for line in (tmp_path / "aligned.tsv").read_text("utf-8").splitlines()[1:]
    ]
    assert max(scores) < 0.95  # a third were marked as wrong


def test_training_on_your_own_gold(cli: Callable[..., Ran], tmp_path: Path) -> None:
    for folder in ("mine", "other"):
        for part in ("src", "tgt", "gold"):
            (tmp_path / folder / part).mkdir(parents=True)
        for seed in (21, 22):
            events = chronicle(12, seed=seed)
            name = f"text-{seed}"
            (tmp_path / folder / "src" / name).write_text(
                "".join(f"{event.zh}\n" for event in events), "utf-8"
            )
            (tmp_path / folder / "tgt" / name).write_text(
                "".join(f"{event.en}\n" for event in events), "utf-8"
            )
            beads = [Bead((k,), (k,)) for k in range(12)]
            (tmp_path / folder / "gold" / name).write_text(format_beads(beads))
    for command in commands("Training on your own gold"):
        ran = cli(*shlex.split(command))
        assert ran.code == 0, ran.err
    assert "strict" in ran.out
