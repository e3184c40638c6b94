"""Folders of gold alignments (``src``, ``tgt``, ``gold``), read for training and measuring the aligner."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from align import parse_beads
from align.train import Example

LANGUAGES = {"mac-dev": ("zh", "en"), "text-berg": ("de", "fr")}


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A named set of gold texts."""

    name: str
    files: tuple[str, ...]
    examples: tuple[Example, ...]


def read_set(folder: Path) -> GoldSet:
    """Read a folder of gold; the same file name in each of its three parts."""
    names = sorted(path.name for path in (folder / "gold").iterdir())
    src_lang, tgt_lang = LANGUAGES.get(folder.name, (None, None))
    examples = []
    for name in names:
        src, tgt = (
            (folder / side / name).read_text(encoding="utf-8").rstrip("\n").split("\n")
            for side in ("src", "tgt")
        )
        gold = parse_beads((folder / "gold" / name).read_text(encoding="utf-8"))
        examples.append(Example(tuple(src), tuple(tgt), tuple(gold), src_lang, tgt_lang))
    return GoldSet(folder.name, tuple(names), tuple(examples))


def parser(description: str | None) -> argparse.ArgumentParser:
    """Make the options that all scripts on gold share."""
    out = argparse.ArgumentParser(description=description)
    out.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="folder of gold sets")
    out.add_argument("--sets", nargs="+", default=["mac-dev", "text-berg"], help="names of sets in it")
    out.add_argument("--encoder", default="use")
    out.add_argument("--seed", type=int, default=7)
    return out
