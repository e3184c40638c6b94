"""Subtitles (.srt, .vtt, .ass, .ssa): what is said, its sentences whole, with the times as places."""

from __future__ import annotations

import html
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.base.errors import InputError
from corpus.readers.base import AlignedSegments, Extract
from corpus.readers.blocks import Block, clean_block, extract_of
from corpus.readers.packages import content_of, reading
from corpus.text.decoding import decode
from corpus.text.joining import separator
from corpus.text.languages import UNDETERMINED, detect_language, main_script
from corpus.text.spans import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_KIND = "subtitles"
_MAX_LINE = 20_000  # characters; what is longer is no subtitle, and takes the library long
_MAX_CUES = 100_000


@dataclass(frozen=True, slots=True)
class _Cue:
    """Lines shown at a time.

    Attributes
    ----------
    number
        Its place among the cues of the file, from 1.
    start, end
        In milliseconds.
    lines
        As they are shown, without tags.
    sung
        Whether a note of music says so.
    """

    number: int
    start: int
    end: int
    lines: tuple[str, ...]
    sung: bool = False

    @property
    def place(self) -> str:
        """Its place, such as ``cue 14 00:01:02.300``."""
        return f"cue {self.number} {_clock(self.start)}"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


def read_subtitles(data: bytes, path: Path) -> Iterator[Extract | AlignedSegments]:
    """Yield what subtitles say, a sentence or an utterance a line; bilingual ones as aligned segments.

    Cues that break off go on in the next one, where that follows at once. Numbers, tags, dashes of speakers
    and notes of music are no text; sounds in brackets, drawings and comments are left out and counted.
    Subtitles that show a line in each of two languages are aligned, cue by cue. Places are
    ``cue 14 00:01:02.300``: the number among the cues of the file, and when it is shown.

    Parameters
    ----------
    data, path
        As in `corpus.readers.base.Reader`.

    Raises
    ------
    InputError
        If it is in no known encoding, has no cue, or is something else than its name says.
    """
    name = str(path)
    if data.startswith((b"PK", b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")):
        raise InputError(f"{name}: not {_KIND} but {content_of(data)}")
    text = decode(data, name).removeprefix("\ufeff")
    left: dict[str, int] = {}
    with reading(name, _KIND):
        cues = _spoken(_cues(text, name, left), left)
    if not any(cue.lines for cue in cues):
        raise InputError(
            f"{name}: no cue with text in it; a cue has a line like 00:01:02,300 --> 00:01:04,000"
        )
    notes = [f"{what} left out: {count}" for what, count in left.items()]
    bilingual = _bilingual(cues)
    if bilingual is not None:
        yield _aligned(bilingual, notes)
        return
    yield extract_of(list(_utterances(cues)), {}, notes)


# --- cues ------------------------------------------------------------------------------------------------

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}")
_TAG = re.compile(
    r"</?[A-Za-z0-9:][^<>]*>|\{[^{}]*\}"
)  # neither opens within itself, so that none takes long
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}")
_BREAK = re.compile(r"\\[Nn]|\n")


def _cues(text: str, name: str, left: dict[str, int]) -> list[_Cue]:
    """Return the cues of a file in the order of time, each with its lines."""
    lines = text.splitlines()
    if (longest := max(map(len, lines), default=0)) > _MAX_LINE:
        number = next(n for n, line in enumerate(lines, start=1) if len(line) == longest)
        raise InputError(f"{name}: line {number} has {longest:,} characters: not {_KIND}")
    if sum("-->" in line or line.startswith("Dialogue:") for line in lines) > _MAX_CUES:
        raise InputError(f"{name}: more than {_MAX_CUES:,} cues; cut it into several files")
    if any(line.strip().lower() in ("[script info]", "[events]") for line in lines):
        found = _events(lines, name, left)
    else:
        found = list(_timed(lines, is_vtt=text.lstrip().startswith("WEBVTT")))
    cues: list[_Cue] = []
    for number, (start, end, shown) in enumerate(found, start=1):
        plain = html.unescape(_TAG.sub("", shown).replace("\\h", " "))
        kept = tuple(line for part in _BREAK.split(plain) if (line := clean_block(part)))
        cues.append(_Cue(number, start, end, kept))
    return sorted(cues, key=lambda cue: cue.start)


def _events(lines: Sequence[str], name: str, left: dict[str, int]) -> list[tuple[int, int, str]]:
    """Return start, end and text of the cues of a file of SubStation Alpha (.ass, .ssa)."""
    import pysubs2

    old = any(line.strip().lower() == "[v4 styles]" for line in lines)
    try:
        events = pysubs2.SSAFile.from_string("\n".join(lines), format_="ssa" if old else "ass")
    except pysubs2.Pysubs2Error as error:
        raise InputError(f"{name}: subtitles that are damaged ({error})") from None
    found: list[tuple[int, int, str]] = []
    for event in events:
        drawn = _DRAWING.search(event.text) is not None
        if event.is_comment or drawn:
            what = "drawings" if drawn else "comments"
            left[what] = left.get(what, 0) + 1
        found.append(
            (max(event.start, 0), max(event.end, 0), "" if event.is_comment or drawn else event.text)
        )
    return found


def _timed(lines: Sequence[str], *, is_vtt: bool) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and text of the cues of a file of SRT or VTT, which have them in the same form.

    `pysubs2` takes notes, styles and names of cues for text, and a year in the last line for a number. What
    stands above the times is a number or name. In VTT an empty line ends a cue; in SRT it may be part of it.
    """
    opening = [place for place, line in enumerate(lines) if _TIMES.match(line)]
    for place, end in itertools.pairwise([*opening, len(lines)]):
        cue = list(lines[place + 1 : end])
        filled = [number for number, line in enumerate(cue) if line.strip()]
        if is_vtt:
            blank = next((number for number, line in enumerate(cue) if not line.strip()), len(cue))
            cue = cue[:blank]
        elif filled and end < len(lines) and cue[filled[-1]].strip().isdecimal():
            cue = cue[: filled[-1]]
        times = _TIMES.match(lines[place])
        start, stop = (_milliseconds(times.groups()[n : n + 4]) for n in (0, 4)) if times else (0, 0)
        yield start, stop, "\n".join(cue)


def _milliseconds(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, rest = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((rest or "0").ljust(3, "0"))


# --- what is said ----------------------------------------------------------------------------------------

_MUSIC = re.compile(r"[♩-♯\U0001f3b5\U0001f3b6]+|^#+(?=\s)|(?<=\s)#+$")
_SOUND = re.compile(r"[\[【［][^\[\]【】［］]*[\]】］]|\([A-Z][A-Z ,.'’!-]*\)|（[^（）]{1,12}声）")
_DASH = re.compile(r"^\s*(?:[-‐-―－]|>>+)\s*(?=\S)")


def _spoken(cues: Sequence[_Cue], left: dict[str, int]) -> list[_Cue]:
    """Return cues without sounds, notes of music, and lines that are shown again as others roll up."""
    spoken: list[_Cue] = []
    before: _Cue | None = None
    for cue in cues:
        lines = cue.lines
        if before is not None and cue.start - before.end <= _AT_ONCE and lines and before.lines:
            if lines == before.lines:
                left["cues shown twice"] = left.get("cues shown twice", 0) + 1
                lines = ()
            elif len(lines) > 1 and lines[0] == before.lines[-1]:
                left["lines shown again"] = left.get("lines shown again", 0) + 1
                lines = lines[1:]
        kept: list[str] = []
        sung = any(map(_MUSIC.search, lines))
        for line in lines:
            said = _SOUND.sub(" ", line)
            if said != line:
                left["sounds in brackets"] = left.get("sounds in brackets", 0) + 1
            said = re.sub(" {2,}", " ", _MUSIC.sub(" ", said)).strip()
            if any(map(str.isalnum, said)):
                kept.append(said)
        spoken.append(_Cue(cue.number, cue.start, cue.end, tuple(kept), sung))
        before = cue
    return [cue for cue in spoken if cue.lines]


_AT_ONCE = 100  # milliseconds between two cues of which the second repeats the first
_PAUSE = 3_000  # milliseconds that a sentence may pause
_MOST_JOINED = 8
_PUNCTUATED = 0.3  # of the cues end as sentences do
_GOES_ON = re.compile(
    r"[,，、;；:：—–-]$|\b(?:and|or|the|a|of|to|in|that|und|der|die|et|de|la|le)$", re.IGNORECASE
)
_OPENING = re.compile(r"^(?:\.\.\.|…)")


def _utterances(cues: Sequence[_Cue]) -> Iterator[Block]:
    """Yield what is said, a line each, joined over the cues that it is divided into."""
    sep = separator([line for cue in cues for line in cue.lines], None)
    said = [(cue, piece, new) for cue in cues for piece, new in _pieces(cue.lines, sep)]
    ends = sum(ends_sentence(piece) for _, piece, _ in said)
    punctuated = ends >= _PUNCTUATED * len(said)
    held: list[str] = []
    shown: list[_Cue] = []
    last = said[0][0]
    for cue, piece, new in said:
        if held and (
            new
            or (cue.sung or last.sung)
            or cue.start - last.end > _PAUSE
            or len(held) == _MOST_JOINED
            or not _continues(held[-1], piece, punctuated=punctuated)
        ):
            yield _utterance(held, shown, sep)
            held, shown = [], []
        held.append(_OPENING.sub("", piece).strip() or piece if held else piece)
        shown.append(cue)
        last = cue
    if held:
        yield _utterance(held, shown, sep)


def _utterance(pieces: Sequence[str], cues: Sequence[_Cue], sep: str) -> Block:
    starts = itertools.accumulate((len(piece) + len(sep) for piece in pieces), initial=0)
    turns = [(start, cue.place) for start, cue in zip(starts, cues, strict=False)]
    return Block(sep.join(pieces), cues[0].place, turns=tuple(turns[1:]))


def _pieces(lines: Sequence[str], sep: str) -> Iterator[tuple[str, bool]]:
    """Yield what each speaker says in a cue, with whether a dash says that it is another one."""
    held: list[str] = []
    new = False
    for line in lines:
        if (dash := _DASH.match(line)) is not None:
            if held:
                yield sep.join(held), new
            held, new, line = [], True, line[dash.end() :]  # noqa: PLW2901
        held.append(line)
    if held:
        yield sep.join(held), new


def _continues(before: str, after: str, *, punctuated: bool) -> bool:
    """Whether what a cue says goes on in the next one."""
    opening = _OPENING.match(after)
    letter = next((character for character in after if character.isalpha()), "")
    if before.endswith(("...", "…")):
        return opening is not None or letter.islower()
    if ends_sentence(before) and not before.endswith((",", ":", ";", "：", "；")):
        return False
    if _GOES_ON.search(before) or letter.islower() or opening is not None:
        return True
    captioned = before.isupper() or after.isupper()  # "PARIS, 1948"; in one case, neither is
    return punctuated and (not captioned or before.isupper() == after.isupper())


# --- two languages at a time -----------------------------------------------------------------------------

_BILINGUAL = 0.6  # of the cues


def _bilingual(cues: Sequence[_Cue]) -> list[tuple[_Cue, dict[str, list[str]]]] | None:
    """Return the lines of each cue by script, if most cues have lines in two scripts, the same two."""
    by_script: list[tuple[_Cue, dict[str, list[str]]]] = []
    counts: dict[frozenset[str], int] = {}
    for cue in cues:
        lines: dict[str, list[str]] = {}
        for line in cue.lines:
            script = main_script(line) or next(reversed(lines), "")
            lines.setdefault(script, []).append(line)
        lines.pop("", None)
        by_script.append((cue, lines))
        counts[frozenset(lines)] = counts.get(frozenset(lines), 0) + 1
    both, count = max(counts.items(), key=lambda item: item[1], default=(frozenset[str](), 0))
    if len(both) != 2 or count < _BILINGUAL * len(cues) or count < 3:
        return None
    return by_script


def _aligned(cues: Sequence[tuple[_Cue, dict[str, list[str]]]], notes: Sequence[str]) -> AlignedSegments:
    """Return bilingual cues as aligned segments: a cue is a bead."""
    texts: dict[str, list[str]] = {}
    for _, lines in cues:
        for script, found in lines.items():
            texts.setdefault(script, []).extend(found)
    main = sorted(texts, key=lambda script: -len(texts[script]))[:2]
    langs = {script: detect_language("\n".join(texts[script])) for script in main}
    langs = {script: lang if lang != UNDETERMINED else script[:2] for script, lang in langs.items()}
    segments: dict[str, list[str]] = {lang: [] for lang in langs.values()}
    places: dict[str, list[str]] = {lang: [] for lang in langs.values()}
    beads: list[dict[str, tuple[int, ...]]] = []
    for cue, lines in cues:
        bead: dict[str, tuple[int, ...]] = {}
        for script, found in lines.items():
            if (lang := langs.get(script)) is None:
                continue
            sep = separator(found, lang)
            bead[lang] = (len(segments[lang]),)
            segments[lang].append(sep.join(_DASH.sub("", line) for line in found))
            places[lang].append(cue.place)
        if bead:
            beads.append(bead)
    said = f"a line in each of two languages ({', '.join(segments)}), taken as aligned cue by cue"
    return AlignedSegments(
        segments={lang: tuple(found) for lang, found in segments.items()},
        beads=tuple(beads),
        scores=(None,) * len(beads),
        places={lang: tuple(names) for lang, names in places.items()},
        notes=(*notes, said),
    )
