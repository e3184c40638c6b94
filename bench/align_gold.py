"""What the scripts on gold alignments share: options, and the sets with their languages."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from align import Bead
from align.training.study import GoldSet, Recipe
from align.training.train import Example
from corpus.quality.gold import read_gold_set
from corpus.text.joining import separator

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = {"mac-dev": ("zh", "en"), "text-berg": ("de", "fr")}

XQUAD = (("zh", "en"), ("ru", "en"))
"""Pairs of languages of `xquad-r` that are read where no pair is named."""


def read_set(folder: Path) -> GoldSet:
    """Read a gold set, its languages as they are known or else detected; `xquad-r` is made into one."""
    if folder.name == "xquad-r":
        return GoldSet(folder.name, tuple(one for pair in XQUAD for one in read_xquad(folder, pair)))
    src_lang, tgt_lang = LANGUAGES.get(folder.name, (None, None))
    return read_gold_set(folder, src_lang=src_lang, tgt_lang=tgt_lang)


def read_xquad(
    folder: Path, pair: tuple[str, str], texts: int = 6, joined: float = 0.25, seed: int = 7
) -> list[Example]:
    """Make bitexts of XQuAD-R: news-like articles, translated sentence by sentence.

    Paragraphs of which both languages have as many sentences are taken, and a share of neighbours joined on one side,
    so that not all beads are 1:1. Every sixth article is put in one text: the same articles in all pairs.
    """
    articles = [json.loads((folder / f"{lang}.json").read_text("utf-8"))["data"] for lang in pair]
    out = []
    for first in range(texts):
        rng = np.random.default_rng([seed, first])
        src: list[str] = []
        tgt: list[str] = []
        gold: list[Bead] = []
        for both in zip(*(side[first::texts] for side in articles), strict=True):
            for paragraphs in zip(*(side["paragraphs"] for side in both), strict=True):
                left, right = ([text.strip("\ufeff \n") for text in one["sentences"]] for one in paragraphs)
                if len(left) == len(right) and all(left) and all(right):
                    for sides in joined_beads(left, right, pair, joined, rng):
                        ids = [
                            range(len(all_), len(all_) + len(new))
                            for all_, new in zip((src, tgt), sides, strict=True)
                        ]
                        gold.append(Bead(tuple(ids[0]), tuple(ids[1])))
                        src += sides[0]
                        tgt += sides[1]
        out.append(Example(tuple(src), tuple(tgt), tuple(gold), *pair))
    return out


def joined_beads(
    left: list[str], right: list[str], pair: tuple[str, str], share: float, rng: np.random.Generator
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the sides of the beads of a paragraph: a share of neighbours is joined on one side."""
    k = 0
    while k < len(left):
        sides = [left[k : k + 1], right[k : k + 1]]
        if k + 1 < len(left) and rng.random() < share:
            sides = [left[k : k + 2], right[k : k + 2]]
            one = int(rng.integers(2))
            sides[one] = [separator(sides[one], pair[one]).join(sides[one])]
        yield sides[0], sides[1]
        k += max(map(len, sides))


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
        "--left-out", nargs="+", help="sets whose texts are left out and calibrated on (default: all)"
    )
    return out


def recipe(args: argparse.Namespace) -> Recipe:
    """How to train, from the options of `training_parser`."""
    return Recipe(strength=args.strength, drop=tuple(args.drop), seed=args.seed)
