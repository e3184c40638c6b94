"""Gold sets on disk: the folders `src`, `tgt` and `gold`, with a file of the same name in each for a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import align
from align.training.study import GoldSet
from align.training.train import Example
from corpus.alignment.sources import read_side
from corpus.base.errors import InputError
from corpus.base.files import read_bytes
from corpus.text.decoding import decode
from corpus.text.languages import known_lang

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.documents.bitext import Side


@dataclass(frozen=True, slots=True)
class GoldText:
    """A pair of texts, a sentence a line, and its gold beads, in file order."""

    name: str
    src: Side
    tgt: Side
    beads: tuple[align.Bead, ...]


def text_names(folder: Path) -> list[str]:
    """Return the names of a gold set's texts (InputError if the folder is no gold set, or has none)."""
    return [path.name for path in files_in(folder / "gold")]


def read_gold(
    folder: Path, name: str, *, src_lang: str | None = None, tgt_lang: str | None = None
) -> GoldText:
    """Read a text of a gold set.

    Gold may be partial, crossing and discontiguous.

    Parameters
    ----------
    folder, name
        The set, and the name of a file in each of its folders.
    src_lang, tgt_lang
        ISO 639-1 codes; otherwise detected.

    Raises
    ------
    InputError
        If a file is missing or unreadable, a line is no bead, or a bead names a sentence that is not there;
        the message names file and line.
    """
    src, tgt = (
        read_side(read_bytes(path), str(path), lang=lang, lines=True)
        for path, lang in ((folder / "src" / name, src_lang), (folder / "tgt" / name, tgt_lang))
    )
    file = folder / "gold" / name
    text = _text(file).removeprefix("\ufeff")
    beads = _parse(text, file)
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    for bead, line in zip(beads, lines, strict=True):
        for ids, side, part in ((bead.src, src, "src"), (bead.tgt, tgt, "tgt")):
            if ids and ids[-1] >= len(side.sentences):
                raise InputError(
                    f"{file}: line {line}: there is no sentence {ids[-1]} in {folder / part / name}, "
                    f"which has {len(side.sentences)}, numbered from 0"
                )
    return GoldText(name, src, tgt, tuple(beads))


def read_gold_set(folder: Path, *, src_lang: str | None = None, tgt_lang: str | None = None) -> GoldSet:
    """Read a gold set to train on; see `read_gold`. Blank sentences are taken out, and gold renumbered."""
    texts = [read_gold(folder, name, src_lang=src_lang, tgt_lang=tgt_lang) for name in text_names(folder)]
    return GoldSet(folder.resolve().name, tuple(_example(text) for text in texts))


def _example(text: GoldText) -> Example:
    numbers: list[dict[int, int]] = []
    for side in (text.src, text.tgt):
        kept = [i for i, sentence in enumerate(side.sentences) if sentence.strip()]
        numbers.append({old: new for new, old in enumerate(kept)})
    src, tgt = numbers
    beads = [
        align.Bead(tuple(src[i] for i in bead.src if i in src), tuple(tgt[j] for j in bead.tgt if j in tgt))
        for bead in text.beads
    ]
    return Example(
        src=tuple(text.src.sentences[i] for i in src),
        tgt=tuple(text.tgt.sentences[j] for j in tgt),
        gold=tuple(bead for bead in beads if bead.src or bead.tgt),
        src_lang=known_lang(text.src.lang),
        tgt_lang=known_lang(text.tgt.lang),
    )


def read_beads(path: Path) -> list[align.Bead]:
    """Read a file of beads, one a line: ``[0, 1]:[2]`` (InputError if it is none)."""
    return _parse(_text(path), path)


def _text(path: Path) -> str:
    return decode(read_bytes(path), str(path), "utf-8")


def _parse(text: str, path: Path) -> list[align.Bead]:
    try:
        return align.parse_beads(text)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None


def files_in(folder: Path) -> Sequence[Path]:
    """Return a folder's files but hidden ones, in order of their names (InputError if there are none)."""
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; a gold set has the folders src, tgt and gold")
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    if not files:
        raise InputError(f"{folder}: no files")
    return files
