"""The 1959 Xinhua item with the encoder that ships: text from the seeds, gold from the issue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from align import Bead, Encoder, Weights, align, evaluate, parse_beads

SEED = Path(__file__).parents[2] / "seeds" / "003_ed76d6293c6aeeaa.txt"
GOLD = parse_beads(
    "[0, 1]:[0]\n[2]:[1]\n[3]:[2]\n[4]:[3]\n[5]:[4]\n[6]:[5, 6]\n[7]:[7]\n[8]:[8]\n[9]:[9]\n[10]:[10]\n"
)
# Of each sentence; the two lines of the Chinese headline are one paragraph.
PARAGRAPHS = [0, 0, 1, 2, 3, 3, 4, 5, 5, 6, 7], [0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 7]


@pytest.fixture(scope="module")
def use() -> Encoder:
    return pytest.importorskip("corpus.encoders").load_encoder("use")  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def item() -> tuple[list[str], list[str]]:
    """Chinese and English sentences, cut by hand-made rules that fit this item alone."""
    if not SEED.is_file():
        pytest.skip("no seeds")
    english, chinese = SEED.read_text(encoding="utf-8").split("<hr />")
    zh = [line.strip() for line in chinese.split("专栏：")[1].splitlines() if line.strip()]
    zh = [part for line in zh for part in re.split(r"(?<=。)", line) if part]
    body = english.split("\n\n", 1)[1]
    en = [re.match("Title: (.*)", english)[1]]  # type: ignore[index]
    en += [part for part in re.split(r"\n+|(?<=[a-z]\.) (?=[A-Z(])", body) if part.strip()]
    assert (len(zh), len(en)) == (11, 11)
    return zh, en


def without(
    item: tuple[list[str], list[str]], side: int, gone: set[int]
) -> tuple[list[list[str]], list[Bead]]:
    """The item with sentences left out of one side, and its gold."""
    kept = [[i for i in range(11) if not (k == side and i in gone)] for k in range(2)]
    number = [{old: new for new, old in enumerate(ids)} for ids in kept]
    gold = []
    for bead in GOLD:
        src = tuple(number[0][i] for i in bead.src if i in number[0])
        tgt = tuple(number[1][j] for j in bead.tgt if j in number[1])
        if src and tgt:
            gold.append(Bead(src, tgt))
        else:
            gold += [Bead((i,), ()) for i in src] + [Bead((), (j,)) for j in tgt]
    return [[text[i] for i in ids] for text, ids in zip(item, kept, strict=True)], gold


def same(beads: list[Bead], gold: list[Bead]) -> bool:
    return {(bead.src, bead.tgt) for bead in beads} == {(bead.src, bead.tgt) for bead in gold}


def test_as_it_is_and_swapped(use: Encoder, weights: Weights, item: tuple[list[str], list[str]]) -> None:
    beads = align(*item, encoder=use, weights=weights, src_lang="zh", tgt_lang="en")
    assert evaluate(GOLD, beads).strict.f1 == 1.0
    assert not any(flag.startswith("numbers") for bead in beads for flag in bead.flags)
    assert all(bead.score > 0.5 for bead in beads)
    back = align(item[1], item[0], encoder=use, weights=weights, src_lang="en", tgt_lang="zh")
    assert same([Bead(bead.tgt, bead.src) for bead in back], GOLD)


def test_two_english_sentences_joined(
    use: Encoder, weights: Weights, item: tuple[list[str], list[str]]
) -> None:
    en = [*item[1][:5], " ".join(item[1][5:7]), *item[1][7:]]
    beads = align(item[0], en, encoder=use, weights=weights)
    gold = [*GOLD[:5], Bead((6,), (5,)), *(Bead((i,), (i - 1,)) for i in range(7, 11))]
    assert same(beads, gold)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("paragraph", range(1, 7))
def test_a_paragraph_removed(
    use: Encoder, weights: Weights, item: tuple[list[str], list[str]], side: int, paragraph: int
) -> None:
    gone = {n for n, number in enumerate(PARAGRAPHS[side]) if number == paragraph}
    (src, tgt), gold = without(item, side, gone)
    src_paragraphs, tgt_paragraphs = (
        [number for number in numbers if side != k or number != paragraph]
        for k, numbers in enumerate(PARAGRAPHS)
    )
    beads = align(
        src, tgt, encoder=use, weights=weights, src_paragraphs=src_paragraphs, tgt_paragraphs=tgt_paragraphs
    )
    assert same(beads, gold)


@pytest.mark.parametrize(
    ("old", "new"), [("176", "167"), ("2.6", "6.2"), ("27.5%", "25.7%"), ("2,000", "3,000")]
)
def test_a_changed_figure_is_flagged(
    use: Encoder, weights: Weights, item: tuple[list[str], list[str]], old: str, new: str
) -> None:
    en = [text.replace(old, new) for text in item[1]]
    changed = next(j for j, text in enumerate(en) if text != item[1][j])
    beads = align(item[0], en, encoder=use, weights=weights)
    old_value, new_value = (figure.strip("%").replace(",", "") for figure in (old, new))
    flagged = [(bead.tgt, flag) for bead in beads for flag in bead.flags if flag.startswith("numbers")]
    assert [(changed in tgt, flag) for tgt, flag in flagged] == [
        (True, f"numbers: {old_value} ≠ {new_value}")
    ]
