"""How well texts are aligned whose languages put words in another order: translated manuals, cut into sentences.

    python bench/word_order.py MANUAL… --gold ../shared/gold [--pairs ja-en ko-en] [--weights FILE]
        [--without FEATURE] [--against FILE] [--show 10]

A MANUAL is a folder that holds a folder of HTML pages for each language, as Debian's packages have them: gimp-help-en, …-ko
(usr/share/gimp/2.0/help), debian-handbook (usr/share/doc/debian-handbook/html), libreoffice-help-en-us, …-ko
(usr/share/libreoffice/help). Paragraphs correspond by name, where pages have such, or by their place on the page. Of those that
are translated, what the toolkit cuts into as many sentences on both sides, of like lengths, is taken, and sentence k taken to
translate sentence k. That is nearly always so, and not quite: a translator may join two sentences and divide the next, and pages
are not always translated from the same edition. So the figures are not those of gold: they compare weights on the same texts.

Pages are drawn at random and put one after the other, until a text has `--beads` beads. So that not all beads are 1:1, a quarter
of neighbours are joined on one side, and a quarter of other sentences with a comma are divided there on one side, as translators
do. Each text is also taken with 5 and 15 % of beads that lack a side. The same seed gives the same texts: the checksum of a set
says so. XQuAD-R is added in pairs of other languages. Printed is strict F1, by set and by pair of languages; with `--without`, also
with a feature's weight set to 0 (in the second look, too), and with `--against`, by other weights: then how many of the sets' beads
the weights win, and lose, as compared to these. `--show` prints some of those lost. The default weights were trained on nothing of
all this.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from zlib import crc32

import numpy as np
from align_gold import joined_beads, read_xquad
from mining_sets import SHORTEST, alike, is_in, sections
from parallel_pages import Paragraphs

from align import Bead
from align.aligner import find_beads
from align.evaluate import Scores, evaluate
from align.training.remembered import Remembered
from align.training.train import NULL_RATES, Example, ids_of, read_example, with_nulls
from corpus.alignment.weights import read_weights
from corpus.encoders import load_encoder
from corpus.segmentation.boundaries import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from align import Weights
    from align.encoder import Encoder

Sides: TypeAlias = "tuple[list[str], list[str]]"
Langs: TypeAlias = "tuple[str, str]"

PAIRS: Final = ("ja-en", "ko-en", "zh-ko", "zh-en", "ru-en", "de-fr")
XQUAD: Final = ("ru-en", "zh-de", "de-en")
JOINED: Final = 0.25  # share of neighbours that are joined on one side
DIVIDED: Final = 0.25  # share of other sentences with a comma that are divided there, on one side
COMMA: Final = re.compile(r"(?<=[,;]) |(?<=[，；、])")
LEAST: Final = 60  # beads of a text, else it is left out
SHORT: Final = 60  # bytes of a paragraph: below it are names of menus


@dataclass(slots=True)
class Result:
    """What some weights make of sets: scores by null rate, and the gold beads found, by place."""

    scores: list[Scores] = field(default_factory=lambda: [Scores()] * len(NULL_RATES))
    right: list[set[tuple[int, Bead]]] = field(default_factory=lambda: [set() for _ in NULL_RATES])

    def __add__(self, other: Result) -> Result:
        """Pool two sets; what was found where is only of use within one, and is dropped."""
        return Result([one + two for one, two in zip(self.scores, other.scores, strict=True)])


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("manuals", nargs="*", type=Path, metavar="MANUAL")
    options.add_argument("--gold", type=Path, help="folder that xquad-r is in")
    options.add_argument("--pairs", nargs="+", default=PAIRS, help="of languages of the manuals")
    options.add_argument("--texts", type=int, default=4, help="texts of a manual and pair, at most")
    options.add_argument("--beads", type=int, default=200, help="beads of a text, at least")
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    options.add_argument("--without", metavar="FEATURE", help="also with its weight set to 0")
    options.add_argument("--against", type=Path, metavar="FILE", help="other weights to compare with")
    options.add_argument("--show", type=int, default=0, help="print so many beads of a set that are lost")
    options.add_argument("--encoder", default="use")
    options.add_argument("--seed", type=int, default=7)
    args = options.parse_args()
    weights, encoder = variants(args), load_encoder(args.encoder)
    rates = " | ".join(f"{rate:.0%} null" for rate in NULL_RATES)
    print(f"set | pair | beads | texts | weights | F1: {rates} | won, lost: {rates}")
    pooled: dict[str, dict[str, Result]] = {}
    for name, examples in sets(args):
        pair = "-".join(map(str, (examples[0].src_lang, examples[0].tgt_lang)))
        rows = with_nulls(examples, args.seed)
        found = judge(rows, weights, encoder)
        print_rows(f"{name} | {pair}", checksum(rows), found)
        before = pooled.get(pair, {})
        pooled[pair] = {key: before.get(key, Result()) + one for key, one in found.items()}
        if args.show:
            print("\n".join(lost(rows, found, args.show)), flush=True)
    for pair, found in pooled.items():
        print_rows(f"all | {pair}", "", found)


def variants(args: argparse.Namespace) -> dict[str, Weights]:
    """Return the weights asked for, by what is said of them; what they are compared with follows them."""
    weights = read_weights(args.weights)
    out = {args.weights.stem: weights}
    if args.without:
        if args.without not in weights.features:
            raise SystemExit(f"{args.weights} has no weight of {args.without}")
        features = {**weights.features, args.without: 0.0}
        second = {name: value for name, value in weights.omissions.items() if name != args.without}
        out[f"without {args.without}"] = replace(weights, features=features, omissions=second)
    if args.against:
        out[f"against {args.against.stem}"] = read_weights(args.against)
    return out


def sets(args: argparse.Namespace) -> Iterator[tuple[str, list[Example]]]:
    """Make the texts, by set: of each manual in each pair of languages that it has, and of XQuAD-R."""
    for pair in args.pairs:
        langs = (pair.split("-")[0], pair.split("-")[1])
        for manual in args.manuals:
            folders = {lang: folder_of(manual, lang) for lang in (*langs, "en")}
            if all(folders.values()):
                name = next(part for part in reversed(manual.parts) if part not in {"help", "html", "2.0"})
                texts = make_texts(folders, langs, args)
                if texts:
                    yield name, texts
    for pair in XQUAD if args.gold else ():
        yield (
            "xquad-r",
            read_xquad(args.gold / "xquad-r", (pair[:2], pair[3:]), joined=JOINED, seed=args.seed),
        )


def folder_of(manual: Path, lang: str) -> Path | None:
    """Return the folder of a language, such as zh, zh-CN or zh_CN; the first in order of the alphabet."""
    return next(
        (one for one in sorted(manual.iterdir()) if one.name.replace("_", "-").split("-")[0] == lang), None
    )


def make_texts(folders: Mapping[str, Path], langs: Langs, args: argparse.Namespace) -> list[Example]:
    """Put the pages of a manual together to texts."""
    rng = np.random.default_rng([args.seed, 3])
    pages = sorted(page.relative_to(folders[langs[0]]) for page in folders[langs[0]].rglob("*.html"))
    seen = set[str]()
    out: list[Example] = []
    text = Example((), (), (), *langs)
    for k in rng.permutation(len(pages)).tolist():
        if not all((folder / pages[k]).exists() for folder in folders.values()):
            continue
        page = {lang: read_page(folder / pages[k]) for lang, folder in folders.items()}
        left, right = translated(page, langs, seen)
        own = np.random.default_rng([args.seed, k])
        for together in joined_beads(left, right, langs, JOINED, own):
            sides = divided(*together, own)
            ids = [
                tuple(range(len(all_), len(all_) + len(new)))
                for all_, new in zip((text.src, text.tgt), sides, strict=True)
            ]
            text = replace(
                text,
                src=(*text.src, *sides[0]),
                tgt=(*text.tgt, *sides[1]),
                gold=(*text.gold, Bead(ids[0], ids[1])),
            )
        if len(text.gold) >= args.beads:
            out.append(text)
            text = Example((), (), (), *langs)
            if len(out) == args.texts:
                return out
    return [*out, text] if len(text.gold) >= LEAST else out


class _Named(Paragraphs):
    """Gathers the text of paragraphs, and what the page calls them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph."""
        super().handle_starttag(tag, attrs)
        if tag == "p":
            self.names.append(dict(attrs).get("id"))


def divided(src: list[str], tgt: list[str], rng: np.random.Generator) -> Sides:
    """Divide a side of some 1:1 beads at the comma nearest to its middle."""
    sides = (src, tgt)
    one = int(rng.integers(2))
    if len(src) == len(tgt) == 1 and rng.random() < DIVIDED:
        text = sides[one][0]
        places = [match.span() for match in COMMA.finditer(text)]
        start, stop = min(places, key=lambda place: abs(sum(place) - len(text)), default=(0, 0))
        if min(start, len(text) - stop) >= SHORTEST:
            sides[one][:] = [text[:start], text[stop:]]
    return sides


def read_page(path: Path) -> dict[str, list[str]]:
    """Return the paragraphs of a page, by their section, or by their own name, where it tells these."""
    found = {name: texts for name, texts in sections(path).items() if texts}
    if found:
        return found
    parser = _Named()
    parser.feed(path.read_text("utf-8", "replace"))
    texts = [" ".join(text.split()) for text in parser.found]
    named = {name: [text] for name, text in zip(parser.names, texts, strict=True) if name}
    return named or {"": texts}


def translated(page: Mapping[str, dict[str, list[str]]], langs: Langs, seen: set[str]) -> Sides:
    """Return the sentences of a page's paragraphs that seem to be translated sentence by sentence.

    `seen` are paragraphs of other pages, which are not taken again.
    """
    out: Sides = ([], [])
    english = {text for texts in page["en"].values() for text in texts}
    for name, own in page[langs[0]].items():
        others = page[langs[1]].get(name, [])
        for pair in zip(own, others, strict=True) if len(own) == len(others) else ():
            left_as_it_was = any(
                lang != "en" and text in english for lang, text in zip(langs, pair, strict=True)
            )
            short = any(len(text.encode()) < SHORT for text in pair)
            if short or left_as_it_was or not seen.isdisjoint(pair):
                continue
            cut = [
                [text[start:stop].strip() for start, stop in pieces(text, lang)]
                for text, lang in zip(pair, langs, strict=True)
            ]
            if len(cut[0]) == len(cut[1]) and usable(cut, langs) and alike(*cut):
                seen.update(pair)
                out[0].extend(cut[0])
                out[1].extend(cut[1])
    return out


def usable(cut: Iterable[list[str]], langs: Langs) -> bool:
    """Whether all sentences of a paragraph are long enough, and in their language."""
    return all(
        len(text) >= SHORTEST and is_in(text, lang)
        for texts, lang in zip(cut, langs, strict=True)
        for text in texts
    )


def judge(rows: list[list[Example]], weights: Mapping[str, Weights], encoder: Encoder) -> dict[str, Result]:
    """Align the texts of a set at every null rate, by all weights."""
    remembered = Remembered(encoder)
    out: dict[str, Result] = defaultdict(Result)
    for k, row in enumerate(rows):
        for rate, one in enumerate(row):
            sizes = {own.max_block for own in weights.values()}
            read = {size: read_example(one, remembered, size) for size in sizes}
            for name, own in weights.items():
                found = find_beads(*read[own.max_block], own, lambda _: None)[0]
                beads = [Bead(*ids_of(bead)) for bead in found]
                result = out[name]
                result.scores[rate] += evaluate(one.gold, beads)
                exact = {(bead.src, bead.tgt) for bead in beads}
                result.right[rate] |= {
                    (k, bead) for bead in one.gold if not bead.is_null and (bead.src, bead.tgt) in exact
                }
    return out


def checksum(rows: list[list[Example]]) -> str:
    """Tell texts, and their gold, from others."""
    return f"{crc32(repr([(one.src, one.tgt, one.gold) for row in rows for one in row]).encode()):08x}"


def print_rows(what: str, texts: str, found: Mapping[str, Result]) -> None:
    """Print the rows of one set or pair."""
    first = next(iter(found.values()))
    for name, one in found.items():
        figures = " | ".join(f"{scores.strict.f1:.3f}" for scores in one.scores)
        changes = [f"{len(a - b)}, {len(b - a)}" for a, b in zip(first.right, one.right, strict=True)]
        told = " | ".join(changes if one is not first and any(first.right) else [""] * len(changes))
        print(f"{what} | {one.scores[0].expected.total} | {texts} | {name} | {figures} | {told}", flush=True)


def lost(rows: list[list[Example]], found: Mapping[str, Result], count: int) -> Iterator[str]:
    """Print beads that the weights lose, as compared with the others."""
    first, *others = found.items()
    for name, other in others:
        for rate, share in enumerate(NULL_RATES):
            gone = sorted(other.right[rate] - first[1].right[rate], key=lambda one: (one[0], one[1].src))
            for k, bead in gone[:count]:
                one = rows[k][rate]
                yield f"    lost by {first[0]}, not by {name}; {share:.0%} null, text {k}, {bead.src}:{bead.tgt}"
                for text, ids in ((one.src, bead.src), (one.tgt, bead.tgt)):
                    yield from (
                        f"      {i} {text[i]}" for i in range(max(0, ids[0] - 1), min(len(text), ids[-1] + 2))
                    )


if __name__ == "__main__":
    main()
