"""Texts that are no translations of each other: unrelated ones, and ones of one subject.

    python bench/unrelated.py --gold ../shared/gold [--pairs 200] [--weights FILE] [--show]
        [--pages FOLDER OTHER LANG OTHER_LANG]…

Unrelated texts are of one to five sentences of two works, articles or pages each. Texts of one subject are *sections* of an
article of XQuAD-R or a page of a manual, one in each language (paragraphs, other ones, of together 8 to 15 sentences);
*stretches* of twelve sentences of a chapter, and others, a stretch later, of its translation; and what two agencies tell of
one event (two_agencies.toml). Counted are pairs of texts with a bead above 0.2 and above 0.5, beads above 0.5 (of those with two
sides), `align.coverage`, and the pairs that as a whole are taken for translations (`corpus.alignment.likeness`, which
`corpus align` goes by). `--show` prints the beads above 0.2 of unrelated texts and above 0.5 of others, with their signs.

`--pages` takes HTML manuals as bench/parallel_pages.py does, and may be given several times; a paragraph that several pages
have is taken of the first alone, lest unrelated pages hold a translation. The default weights were trained on mac-dev and
text-berg, and on nothing of XQuAD-R or manuals.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from align_gold import LANGUAGES, parser, read_set
from parallel_pages import in_script, paragraphs

from align import coverage
from align.aligner import find_beads
from align.flags import LOW
from align.paths.windows import signs
from align.relatedness import relatedness, text_signs
from align.training.remembered import Remembered
from align.training.train import Example, ids_of, read_example
from corpus.alignment.align import align_sides
from corpus.alignment.likeness import likeness
from corpus.alignment.sources import side_of_sentences
from corpus.alignment.weights import read_weights
from corpus.documents.pairs import pairs_frame
from corpus.encoders import load_encoder
from corpus.segmentation.boundaries import pieces

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from align import Bead, Weights
    from align.encoder import Encoder

Work: TypeAlias = "tuple[list[str], list[str]]"

CHANCE: Final = 0.2
"""What unrelated texts should not score above."""
STRETCH: Final = 12  # sentences of a stretch, at most
SECTION: Final = (8, 15)  # sentences of a section, at least and at most
XQUAD: Final = (("zh", "en"), ("zh", "de"), ("de", "en"), ("ru", "en"))
UNRELATED, SECTIONS, STRETCHES, AGENCIES = "unrelated", "sections", "stretches", "two agencies"


@dataclass(frozen=True, slots=True)
class Kind:
    """Pairs of texts of a set that are no translations."""

    name: str
    what: str
    langs: tuple[str, str]
    pairs: list[Work]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the aligner makes of a pair."""

    beads: list[Bead]
    alike: bool

    @property
    def greatest(self) -> float:
        """Of the scores."""
        return max(bead.score for bead in self.beads)


class Judge:
    """Aligns pairs by the same weights."""

    def __init__(self, weights: Weights, encoder: Encoder) -> None:
        self.weights, self.encoder = weights, encoder

    def judge(self, pair: Work, langs: tuple[str, str]) -> Judged:
        """Align, as `corpus align` does."""
        sides = [side_of_sentences(text, lang) for text, lang in zip(pair, langs, strict=True)]
        beads = align_sides(sides[0], sides[1], encoder=self.encoder, weights=self.weights)
        alike = likeness(pairs_frame("", sides[0], sides[1], beads), self.encoder).is_translation
        return Judged(beads, alike)

    def explain(self, pair: Work, langs: tuple[str, str], found: Judged, least: float) -> Iterator[str]:
        """Say of the beads of some score what they are judged by."""
        example = Example(tuple(pair[0]), tuple(pair[1]), (), *langs)
        texts = read_example(example, self.encoder, self.weights.max_block)
        searched = find_beads(*texts, self.weights, lambda _: None)[0]
        of_text = text_signs(*texts, searched)
        related = relatedness(of_text, self.weights.relatedness)
        shown = "–" if of_text is None else f"cosine {of_text[1]:.2f}, in null beads {of_text[3]:.2f}"
        yield f"    {len(pair[0])} and {len(pair[1])} sentences; related {related:.2f} ({shown}), coverage {coverage(found.beads):.2f}"
        signs_of = dict(zip(map(ids_of, searched), signs(searched).tolist(), strict=True))
        for bead in found.beads:
            if bead.is_null or bead.score <= least:
                continue
            told = signs_of.get((bead.src, bead.tgt))
            if told is not None:
                names = ("posterior", "margin", "margin around", "cosine", "cosine around", "spare")
                told = ", ".join(f"{name} {value:.2f}" for name, value in zip(names, told, strict=False))
            yield f"      {bead.score:.2f} {bead.kind} ({told})"
            yield from (
                f"        {' '.join(text[k] for k in ids)}"
                for text, ids in zip(pair, (bead.src, bead.tgt), strict=True)
            )


def main() -> None:
    """Print the table."""
    options = parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    options.add_argument("--pairs", type=int, default=200, help="pairs of texts of each kind, at most")
    options.add_argument(
        "--pages", nargs=4, action="append", default=[], metavar=("FOLDER", "OTHER", "LANG", "OTHER_LANG")
    )
    options.add_argument("--show", action="store_true", help="print what scores too high")
    args = options.parse_args()
    judge = Judge(read_weights(args.weights), Remembered(load_encoder(args.encoder)))
    print(
        "set | what | pairs | with a bead above 0.2 | above 0.5 | greatest score | beads above 0.5 | "
        "coverage: mean, greatest | taken for translations"
    )
    for kind in kinds(args):
        found = [judge.judge(pair, kind.langs) for pair in kind.pairs]
        print(kind.name, "|", kind.what, "|", summary(found), flush=True)
        least = CHANCE if kind.what == UNRELATED else LOW
        for pair, one in zip(kind.pairs, found, strict=True):
            if args.show and one.greatest > least:
                print("\n".join(judge.explain(pair, kind.langs, one, least)), flush=True)


def kinds(args: argparse.Namespace) -> Iterator[Kind]:
    """Read all sets, and make pairs of them."""
    for name in args.sets:
        works = [(list(one.src), list(one.tgt)) for one in read_set(args.gold / name).examples]
        yield Kind(name, UNRELATED, LANGUAGES[name], unrelated(works, args.pairs, args.seed))
        yield Kind(name, STRETCHES, LANGUAGES[name], stretches(works, args.pairs))
    in_paragraphs = [
        (f"xquad-r {'-'.join(langs)}", langs, articles(args.gold / "xquad-r", langs)) for langs in XQUAD
    ]
    for folder, other, lang, other_lang in args.pages:
        langs = lang, other_lang
        in_paragraphs.append((f"manual {lang}-{other_lang}", langs, manual(Path(folder), Path(other), langs)))
    for name, langs, found in in_paragraphs:
        works = [joined(one) for one in found]
        long = [one for one in works if min(map(len, one)) >= SECTION[0]]
        yield Kind(name, UNRELATED, langs, unrelated(long, args.pairs, args.seed))
        yield Kind(name, SECTIONS, langs, sections(found, args.pairs))
    events = tomllib.loads(Path(__file__).with_name("two_agencies.toml").read_text("utf-8"))["event"]
    told = [(one["zh"].strip().split("\n"), one["en"].strip().split("\n")) for one in events]
    yield Kind("events zh-en", AGENCIES, ("zh", "en"), told)


def articles(folder: Path, langs: tuple[str, str]) -> list[list[Work]]:
    """Read the articles of XQuAD-R, their paragraphs in both languages."""
    sides = [json.loads((folder / f"{lang}.json").read_text("utf-8"))["data"] for lang in langs]
    return [
        [
            (
                [text.strip("\ufeff \n") for text in one["sentences"]],
                [text.strip("\ufeff \n") for text in other["sentences"]],
            )
            for one, other in zip(*(side["paragraphs"] for side in both), strict=True)
        ]
        for both in zip(*sides, strict=True)
    ]


def manual(folder: Path, other: Path, langs: tuple[str, str]) -> list[list[Work]]:
    """Read the translated paragraphs of a manual's pages that have as many paragraphs in both languages."""
    out = []
    seen = set[str]()
    for page in sorted(folder.rglob("*.html")):
        if not (other / page.relative_to(folder)).exists():
            continue
        both = paragraphs(page), paragraphs(other / page.relative_to(folder))
        pairs = zip(*both, strict=True) if len(both[0]) == len(both[1]) else ()
        good = [pair for pair in pairs if pair[0] != pair[1] and all(map(in_script, pair, langs))]
        new = [pair for pair in dict.fromkeys(good) if seen.isdisjoint(pair)]
        seen.update(*new)
        out.append([(_cut(one, langs[0]), _cut(two, langs[1])) for one, two in new])
    return out


def _cut(text: str, lang: str) -> list[str]:
    """Cut a paragraph into sentences."""
    return [text[start:stop].strip() for start, stop in pieces(text, lang)]


def joined(parts: Sequence[Work]) -> Work:
    """Put paragraphs together."""
    return [text for one, _ in parts for text in one], [text for _, other in parts for text in other]


def sections(found: Sequence[Sequence[Work]], count: int) -> list[Work]:
    """Pair sections of articles with other sections of their translations."""
    out = []
    for article in found:
        own: list[Work] = []
        part: list[Work] = []
        for paragraph in article:
            part.append(paragraph)
            sides = joined(part)
            if min(map(len, sides)) >= SECTION[0]:
                own += [sides] if max(map(len, sides)) <= SECTION[1] else []
                part = []
        out += [(one[0], other[1]) for one in own for other in own if one is not other]
    return _spread(out, count)


def unrelated(works: Sequence[Work], count: int, seed: int) -> list[Work]:
    """Pair stretches of one to five sentences of two works."""
    rng = np.random.default_rng([seed, 2])
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


def stretches(works: Sequence[Work], count: int) -> list[Work]:
    """Pair stretches of a work's source with later ones of its target, a stretch left out between them."""
    out = []
    for src, tgt in works:
        size = min(STRETCH, len(src) // 2, len(tgt) // 2)
        ratio = len(tgt) / len(src)
        for start in range(0, len(src) - 2 * size + 1, 3 * STRETCH):
            later = round((start + size) * ratio) + (size if len(tgt) > 3 * STRETCH else 0)
            out.append((src[start : start + size], tgt[later : later + size]))
    return _spread([pair for pair in out if min(map(len, pair)) >= 4], count)


def _spread(pairs: list[Work], count: int) -> list[Work]:
    """Take as many at most, evenly spaced."""
    return pairs[:: max(1, -(-len(pairs) // count))]


def summary(found: Sequence[Judged]) -> str:
    """Say how many pairs there are, and how much is believed."""
    best = np.array([one.greatest for one in found])
    scores = np.array([bead.score for one in found for bead in one.beads if not bead.is_null])
    covered = np.array([coverage(one.beads) for one in found])
    return (
        f"{len(best)} | {(best > CHANCE).sum()} | {(best > LOW).sum()} | {best.max():.3f} | "
        f"{(scores > LOW).sum()} of {len(scores)} | {covered.mean():.3f}, {covered.max():.2f} | "
        f"{sum(one.alike for one in found)}"
    )


if __name__ == "__main__":
    main()
