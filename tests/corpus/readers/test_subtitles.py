"""Subtitles come out as what is said, whole sentences, with the times as places."""

from __future__ import annotations

from pathlib import Path

import pysubs2
import pytest

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.subtitles import read_subtitles


def items(text: str | bytes, name: str = "a.srt") -> list[Extract | AlignedSegments]:
    return list(read_subtitles(text.encode() if isinstance(text, str) else text, Path(name)))


def read(text: str | bytes) -> Extract:
    (extract,) = items(text)
    assert isinstance(extract, Extract)
    return extract


def srt(*cues: str, gap: float = 0.1) -> str:
    """Write cues of two seconds each."""
    subs = pysubs2.SSAFile()
    for number, cue in enumerate(cues):
        start = round(number * (2000 + gap * 1000))
        subs.append(pysubs2.SSAEvent(start=start, end=start + 2000, text=cue.replace("\n", "\\N")))
    return subs.to_string("srt")


def said(*cues: str, gap: float = 0.1) -> list[str]:
    return read(srt(*cues, gap=gap)).text.rstrip("\n").split("\n\n")


def test_sentences_are_joined_over_cues_and_each_piece_keeps_its_time() -> None:
    extract = read(srt("I thought you\nwere coming", "at seven.", "It is eight."))
    assert extract.text == "I thought you were coming at seven.\n\nIt is eight.\n"
    assert [(extract.text[locus.start : locus.end], locus.place) for locus in extract.loci] == [
        ("I thought you were coming ", "cue 1 00:00:00.000"),
        ("at seven.", "cue 2 00:00:02.100"),
        ("It is eight.", "cue 3 00:00:04.200"),
    ]


@pytest.mark.parametrize(
    ("cues", "lines"),
    [
        (("- Are you in?", "- Yes.\n- No."), ["Are you in?", "Yes.", "No."]),
        (("He said...", "...nothing."), ["He said... nothing."]),
        (("He left...", "She stayed."), ["He left...", "She stayed."]),
        (("Yes, Mr.", "Smith."), ["Yes, Mr.", "Smith."]),
        (("PARIS, 1948", "She was there.", "He was not."), ["PARIS, 1948", "She was there.", "He was not."]),
        (("♪ Over the hill ♪", "♪ and far away ♪", "What was that?"), ["Over the hill", "and far away", "What was that?"]),
        (("[DOOR SLAMS]\nWho is it?", "(SIGHS)", "I know."), ["Who is it?", "I know."]),
        (("1984", "was the year."), ["1984 was the year."]),
        (("In\n1984",), ["In 1984"]),
        (("<i>Tags</i> and {\\an8}places.", '<font color="red">Red.</font> 1 < 2'), ["Tags and places.", "Red. 1 < 2"]),
        (("他来了", "我知道", "走吧"), ["他来了", "我知道", "走吧"]),  # Chinese without full stops: a line a cue
        (("他来了，带着", "很多礼物。", "请进！"), ["他来了，带着很多礼物。", "请进！"]),
        (("Он пришёл и", "принёс подарки."), ["Он пришёл и принёс подарки."]),
    ],
)  # fmt: skip
def test_what_is_said(cues: tuple[str, ...], lines: list[str]) -> None:
    assert said(*cues) == lines


def test_a_pause_ends_what_is_said() -> None:
    assert said("It is", "late.", gap=5) == ["It is", "late."]


def test_numbers_of_cues_are_never_text() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n2\n00:00:02,000 --> 00:00:03,000\nTwo\n\nlines.\n\n\n7\n00:00:03,000 --> 00:00:04,000\n\n8\n00:00:05.000 --> 00:00:06.000 X1:1\nThree, in\n1984\n"
    assert read(text).text == "One.\n\nTwo lines.\n\nThree, in 1984\n"
    assert read(text.replace("\n", "\r\n")).text == "One.\n\nTwo lines.\n\nThree, in 1984\n"
    assert read(text.encode("utf-8-sig")).text == "One.\n\nTwo lines.\n\nThree, in 1984\n"


def test_webvtt() -> None:
    extract = read(
        "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE two\nlines\n\nintro\n"
        "00:01.000 --> 00:02.000 align:start position:0%\n<v Mary>Hello <00:00:01.500><c.x>world</c> &amp; co.\n\n"
        "100:00:03.000 --> 100:00:04.000\n- <b>Hi.</b>\n\nREGION\nid:x\n"
    )
    assert extract.text == "Hello world & co.\n\nHi.\n"
    assert [locus.place for locus in extract.loci] == ["cue 1 00:00:01.000", "cue 2 100:00:03.000"]


def test_lines_that_roll_up_are_read_once() -> None:
    extract = read(
        srt(
            "so this is",
            "so this is\nthe first thing",
            "the first thing\nwe looked at.",
            "the first thing\nwe looked at.",
            gap=0,
        )
    )
    assert extract.text == "so this is the first thing we looked at.\n"
    assert set(extract.notes) == {"lines shown again left out: 2", "cues shown twice left out: 1"}


def test_substation_alpha() -> None:
    subs = pysubs2.SSAFile()
    subs.append(pysubs2.SSAEvent(start=3000, end=4000, text="{\\i1}Second{\\i0}\\Nline."))
    subs.append(pysubs2.SSAEvent(start=1000, end=2000, text="First, with a comma.", name="Bob"))
    subs.append(pysubs2.SSAEvent(start=1000, end=2000, text="a translator's remark", type="Comment"))
    subs.append(pysubs2.SSAEvent(start=1000, end=2000, text="{\\p1}m 0 0 l 100 100{\\p0}"))
    for form in ("ass", "ssa"):
        extract = read(subs.to_string(form))
        assert extract.text == "First, with a comma.\n\nSecond line.\n"
        assert extract.loci[0].place == "cue 2 00:00:01.000"
        assert "drawings left out: 1" in extract.notes


def test_a_line_in_each_of_two_languages_is_aligned() -> None:
    pairs = [
        ("他来了。", "He has come."),
        ("是吗？", "Has he?"),
        ("带着\n很多礼物。", "With many gifts."),
        ("好！", ""),
    ]
    (item,) = items(srt(*(f"{zh}\n{en}".strip() for zh, en in pairs)))
    assert isinstance(item, AlignedSegments)
    assert item.segments["zh"] == ("他来了。", "是吗？", "带着很多礼物。", "好！")
    assert item.segments["en"] == ("He has come.", "Has he?", "With many gifts.")
    assert item.beads == (*({"zh": (n,), "en": (n,)} for n in range(3)), {"zh": (3,)})
    assert item.places["en"] == ("cue 1 00:00:00.000", "cue 2 00:00:02.100", "cue 3 00:00:04.200")
    assert len(item.scores) == len(item.beads)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Only a text.\n",
        "<html><body></body></html>",
        "WEBVTT\n\nNOTE nothing\n",
        srt("♪♪"),
        "1\n00:00:01,000 --> 00:00:02,000\n\n",
    ],
)
def test_what_has_no_cues_is_named(text: str) -> None:
    with pytest.raises(InputError, match=r"a\.srt: (no cue with text in it|empty file)"):
        items(text)


def test_encodings() -> None:
    text = srt("他来了，带着很多礼物，孩子们非常高兴。", "请进！她说，大家都在等你们呢。")
    assert read(text.encode("gb18030")).text == read(text).text


@pytest.mark.parametrize(
    "line",
    [
        "<" * 19_000,
        "{" * 19_000,
        "<a" * 9_000,
        "[" * 19_000,
        "(A " * 6_000,
        "♪ # " * 4000,
        "- " * 9_000,
        ". " * 9000,
    ],
)
def test_lines_made_to_take_long_do_not(line: str) -> None:
    cue = f"00:00:01,000 --> 00:00:02,000\n{line}\n\n"
    assert items("00:00:00,000 --> 00:00:00,900\nHello.\n\n" + 20 * cue)
    event = f"Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{line}\n"
    assert items(f"[Script Info]\n[Events]\nFormat: {FIELDS}\n{20 * event}{event[:50]}Hello.\n")


FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"


def test_lines_without_end_are_refused() -> None:
    with pytest.raises(InputError, match=r"line 3 has 30,000 characters: not subtitles"):
        items(srt("x" * 30_000))
