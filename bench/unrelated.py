"""Texts that are no translations of each other: unrelated ones, and ones of one subject.

    python bench/unrelated.py --gold ../shared/gold [--pages FOLDER OTHER LANG OTHER_LANG] [--pairs 200] [--weights FILE]

Unrelated texts are of one to five sentences of two works, articles or pages each. Texts of one subject are two halves of one article
of XQuAD-R (five to twelve sentences, one in each language), neighbouring stretches of twelve sentences of a chapter, and neighbouring pages of
a manual. Counted are pairs of texts with a bead above 0.2 and above 0.5, the mean of `align.coverage`, and the pairs that as a whole are taken for
translations (`corpus.alignment.likeness`, which `corpus align` goes by). `--pages` takes HTML manuals as bench/parallel_pages.py does. The default
weights were trained on mac-dev and text-berg, and on nothing of XQuAD-R or manuals.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from align_gold import LANGUAGES, parser, read_set
from parallel_pages import in_script, paragraphs

from align import coverage
from align.flags import LOW
from corpus.alignment.align import align_sides
from corpus.alignment.likeness import likeness
from corpus.alignment.sources import side_of_sentences
from corpus.alignment.weights import read_weights
from corpus.documents.pairs import pairs_frame
from corpus.encoders import load_encoder
from corpus.segmentation.boundaries import pieces

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

Work: TypeAlias = "tuple[list[str], list[str]]"
Judged: TypeAlias = "tuple[float, float, bool]"

CHANCE = 0.2
"""What unrelated texts should not score above."""
STRETCH = 12  # sentences of texts of one subject, at most
XQUAD = (("zh", "en"), ("ru", "en"), ("de", "en"), ("zh", "de"))


def main() -> None:
    """Print the table."""
    options = parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    options.add_argument("--pairs", type=int, default=200, help="pairs of texts of each kind, at most")
    options.add_argument("--pages", nargs=4, metavar=("FOLDER", "OTHER", "LANG", "OTHER_LANG"))
    args = options.parse_args()
    weights, encoder = read_weights(args.weights), load_encoder(args.encoder)

    def judge(pair: Work, langs: tuple[str, str]) -> Judged:
        """Greatest score, coverage, and whether the two are taken for translations."""
        sides = [side_of_sentences(text, lang) for text, lang in zip(pair, langs, strict=True)]
        beads = align_sides(sides[0], sides[1], encoder=encoder, weights=weights)
        alike = likeness(pairs_frame("", sides[0], sides[1], beads), encoder).is_translation
        return max(bead.score for bead in beads), coverage(beads), alike

    print(
        "set | what | pairs | greatest score | above 0.2 | above 0.5 | mean coverage | taken for translations"
    )
    for name, langs, works in sets(args):
        rng = np.random.default_rng([args.seed, 2])
        for what, pairs in (
            ("unrelated", unrelated(works, args.pairs, rng)),
            ("of one subject", of_one_subject(works, args.pairs)),
        ):
            print(name, "|", what, "|", summary([judge(pair, langs) for pair in pairs]), flush=True)


def sets(args: argparse.Namespace) -> list[tuple[str, tuple[str, str], list[Work]]]:
    """Read all sets: name, languages, and works as sentences of both sides."""
    found = [
        (
            name,
            LANGUAGES[name],
            [(list(one.src), list(one.tgt)) for one in read_set(args.gold / name).examples],
        )
        for name in ("mac-dev", "text-berg")
    ]
    for pair in XQUAD:
        articles = [
            json.loads((args.gold / "xquad-r" / f"{lang}.json").read_text("utf-8"))["data"] for lang in pair
        ]
        works = [(_sentences(one), _sentences(other)) for one, other in zip(*articles, strict=True)]
        found.append((f"xquad-r {'-'.join(pair)}", pair, works))
    if args.pages:
        folder, other, lang, other_lang = args.pages
        langs = lang, other_lang
        found.append((f"manual {'-'.join(langs)}", langs, manual(Path(folder), Path(other), langs)))
    return found


def _sentences(article: dict[str, Any]) -> list[str]:
    return [text.strip("\ufeff \n") for part in article["paragraphs"] for text in part["sentences"]]


def manual(folder: Path, other: Path, langs: tuple[str, str]) -> list[Work]:
    """Read the pages of a manual that have as many paragraphs in both languages, and eight sentences or more."""
    works = []
    for page in sorted(folder.rglob("*.html")):
        if not (other / page.relative_to(folder)).exists():
            continue
        both = paragraphs(page), paragraphs(other / page.relative_to(folder))
        pairs = zip(*both, strict=True) if len(both[0]) == len(both[1]) else ()
        good = [pair for pair in pairs if pair[0] != pair[1] and all(map(in_script, pair, langs))]
        src, tgt = (
            [pair[k][start:stop] for pair in good for start, stop in pieces(pair[k], langs[k])]
            for k in (0, 1)
        )
        works += [(src, tgt)] if min(len(src), len(tgt)) >= 8 else []
    return works


def unrelated(works: Sequence[Work], count: int, rng: np.random.Generator) -> list[Work]:
    """Pair stretches of one to five sentences of two works."""
    out = []
    for _ in range(count):
        one, other = (works[k][side] for side, k in enumerate(rng.choice(len(works), 2, replace=False)))
        out.append((stretch(one, rng), stretch(other, rng)))
    return out


def stretch(text: list[str], rng: np.random.Generator) -> list[str]:
    """Take one to five sentences."""
    size = int(rng.integers(1, 6))
    start = int(rng.integers(0, max(1, len(text) - size + 1)))
    return text[start : start + size]


def of_one_subject(works: Sequence[Work], count: int) -> list[Work]:
    """Pair stretches of a work's source with later ones of its target, a stretch left out between them."""
    out = []
    for src, tgt in works:
        size = min(STRETCH, len(src) // 2, len(tgt) // 2)
        ratio = len(tgt) / len(src)
        for start in range(0, len(src) - 2 * size + 1, 3 * STRETCH):
            later = round((start + size) * ratio) + (size if len(tgt) > 3 * STRETCH else 0)
            out.append((src[start : start + size], tgt[later : later + size]))
    out = [pair for pair in out if min(map(len, pair)) >= 4]
    return out[:: max(1, -(-len(out) // count))]


def summary(found: Sequence[Judged]) -> str:
    """Say how many pairs there are, and how much is believed."""
    best, covered, alike = np.array(found, dtype=np.float64).T
    return (
        f"{len(best)} | {best.max():.3f} | {(best > CHANCE).mean():.3f} | {(best > LOW).mean():.3f} | "
        f"{covered.mean():.3f} | {alike.mean():.3f}"
    )


if __name__ == "__main__":
    main()
