"""What the scripts on gold alignments share: options, and the sets with their languages."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from align.training.study import Recipe
from corpus.quality.gold import read_gold_set

if TYPE_CHECKING:
    from align.training.study import GoldSet

LANGUAGES = {"mac-dev": ("zh", "en"), "text-berg": ("de", "fr")}


def read_set(folder: Path) -> GoldSet:
    """Read a gold set, its languages as they are known or else detected."""
    src_lang, tgt_lang = LANGUAGES.get(folder.name, (None, None))
    return read_gold_set(folder, src_lang=src_lang, tgt_lang=tgt_lang)


def parser(description: str | None) -> argparse.ArgumentParser:
    """Make the options that all scripts on gold share."""
    out = argparse.ArgumentParser(description=description, formatter_class=argparse.RawTextHelpFormatter)
    out.add_argument("--gold", type=Path, default=Path("../shared/gold"), help="folder of gold sets")
    out.add_argument("--sets", nargs="+", default=["mac-dev", "text-berg"], help="names of sets in it")
    out.add_argument("--encoder", default="use")
    out.add_argument("--seed", type=int, default=7)
    return out


def training_parser(description: str | None) -> argparse.ArgumentParser:
    """Make the options of the scripts that train."""
    out = parser(description)
    out.add_argument(
        "--strength", type=float, default=Recipe().strength, help="of the pull to the weights set by hand"
    )
    out.add_argument("--drop", nargs="*", default=[], help="features to do without")
    out.add_argument(
        "--left-out", nargs="+", help="sets whose texts are left out and calibrated on (default: the first)"
    )
    return out


def recipe(args: argparse.Namespace) -> Recipe:
    """How to train, from the options of `training_parser`."""
    return Recipe(strength=args.strength, drop=tuple(args.drop), seed=args.seed)
