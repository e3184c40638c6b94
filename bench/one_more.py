"""What one new document costs in an archive of thousands, command by command.

    python bench/one_more.py FOLDER [--documents 10000]

FOLDER gets an invented archive: Chinese and English documents of twelve sentences under names that do not say what
belongs together, a tenth without partner, with a date each. Vectors are drawn (a sentence's and its translation's
are near), and the links' beads are made without aligning, so that the archive is there in minutes; a folder
that has one is used as it is. Then a document and its translation come in, one after the other, as files whose
sentences are encoded and aligned as always, and every command is timed in a shell of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from archive import Archive

from align import Bead
from corpus.alignment import incremental
from corpus.encoders import load_encoder
from corpus.encoders.embedding_cache import EmbeddingCache
from corpus.ingestion.ingest import ingest
from corpus.store.workspace import EMBEDDINGS, Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Encoder, Role, Vectors
    from corpus.documents.bitext import Side

SENTENCES, PARAGRAPH = 12, 4
COMMAND = Path(sys.executable).with_name("corpus")
NEW = {
    "zh": "新桥在江城通车\n\n1962年5月3日\n\n江城五月三日电　江城新桥今天通车，全长一千二百米。这座桥用了十八个月建成。"
    "参加建设的有八百名工人。\n\n桥上有两条铁路和四条车道。过去过江要坐一小时渡船。\n",
    "en": "New Bridge Opens in Jiangcheng\n\nMay 3, 1962\n\nJiangcheng, May 3: The new bridge of Jiangcheng, 1,200 metres "
    "long, was opened to traffic today. It was built in eighteen months. Eight hundred workers took part.\n\nIt "
    "carries two railway tracks and four lanes for cars. Crossing the river used to take an hour by ferry.\n",
}  # fmt: skip


class Drawn:
    """The encoder `use`, but of these sentences the vectors are drawn: near those of their translations."""

    def __init__(self, encoder: Encoder, keys: dict[tuple[str, str], tuple[int, int]]) -> None:
        self.name, self.version, self.dim = encoder.name, encoder.version, encoder.dim
        self.languages, self.licence = encoder.languages, encoder.licence
        self._encoder, self._keys = encoder, keys

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Draw vectors of known sentences; have others encoded."""
        out = np.empty((len(texts), self.dim), np.float32)
        for place, text in enumerate(texts):
            key = self._keys.get((lang or "", text))
            if key is None:
                out[place] = self._encoder.encode([text], role=role, lang=lang)[0]
                continue
            drawn = np.random.default_rng(key)
            subject = np.random.default_rng(key[0] // 5).normal(size=self.dim) * 0.7
            one = drawn.normal(size=self.dim) + subject
            one += np.random.default_rng([*key, lang == "zh"]).normal(size=self.dim) * 0.6
            out[place] = one / np.linalg.norm(one)
        return out

    def encode_blocks(self, texts: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Have runs of sentences encoded."""
        return self._encoder.encode_blocks(texts, k, lang=lang)


def write(folder: Path, documents: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Write the files; return of every sentence which one of which work it is."""
    archive, rng = Archive(1), random.Random(7)
    names = [f"item-{number:06}" for number in rng.sample(range(documents * 3), documents)]
    keys: dict[tuple[str, str], tuple[int, int]] = {}
    folder.mkdir(parents=True, exist_ok=True)
    for work in range(documents // 2):
        pairs = [archive._pair() for _ in range(SENTENCES)]
        alone = work % 10 == 0
        for side, lang in enumerate(("en", "zh")):
            if alone and side:
                pairs = [archive._pair() for _ in range(SENTENCES)]
            lines = [pair[side] for pair in pairs]
            between = " " if lang == "en" else ""
            text = "\n\n".join(between.join(lines[k : k + PARAGRAPH]) for k in range(0, SENTENCES, PARAGRAPH))
            date = f"{1946 + work % 70}-{1 + work % 12:02d}-{1 + work % 28:02d}"
            (folder / f"{names.pop()}.txt").write_text(f"{date}\n\n{text}\n", "utf-8")
            number = work + documents if alone and side else work
            keys |= {(lang, line): (number, k) for k, line in enumerate(lines)}
    return keys


def build(folder: Path, documents: int) -> None:
    """Make the archive and its workspace: read, encode, pair and link, and beads for the links."""
    keys = write(folder / "press", documents)
    space = Workspace(folder / ".corpus")
    ingest(space, [folder / "press"])
    encoder = Drawn(load_encoder("use"), keys)
    cache = EmbeddingCache(space.path / EMBEDDINGS, encoder)
    for (lang,), rows in space.table("sentences").join(
        space.table("versions").select("doc_id", "version", "lang"), on=["doc_id", "version"]
    ).group_by("lang"):  # fmt: skip
        for part in rows.iter_slices(4096):
            cache.encode(part["text"].to_list(), lang=str(lang))
    run(folder, "pair", "--accept")
    vars(incremental)["align_sides"] = one_by_one
    incremental.align_missing(space)
    run(folder, "similar", "new bridge")


def one_by_one(src: Side, tgt: Side, **_: object) -> list[Bead]:
    """Pair sentences by their numbers."""
    both = min(len(src.sentences), len(tgt.sentences))
    return [Bead((k,), (k,), 0.9) for k in range(both)] + [
        Bead((k,), (), 0.0) for k in range(both, len(src.sentences))
    ] + [Bead((), (k,), 0.0) for k in range(both, len(tgt.sentences))]  # fmt: skip


def main() -> None:
    """Build, then add."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    asked = parser.parse_args()
    if not (asked.folder / ".corpus").exists():
        build(asked.folder, asked.documents)
    tag = f"{time.time_ns() // 10**9}"
    for lang, text in NEW.items():
        said = text.replace("1,200", tag).replace("一千二百", tag)  # another one each time
        (asked.folder / "press" / f"new-{lang}-{tag}.txt").write_text(said, "utf-8")
        for command in (["ingest", "press"], ["pair"], ["pair", "--accept"], ["align", "-o", "all.tsv"],
                        ["similar", "new bridge"], ["status"]):  # fmt: skip
            run(asked.folder, *command)


def run(folder: Path, *arguments: str) -> None:
    """Run a command in a folder; print what it took and said."""

    def used() -> float:
        taken = resource.getrusage(resource.RUSAGE_CHILDREN)
        return taken.ru_utime + taken.ru_stime

    before, began = used(), time.perf_counter()
    done = subprocess.run(
        [COMMAND, *arguments], cwd=folder, capture_output=True, text=True, env=os.environ, check=False
    )
    print(
        f"{used() - before:6.1f} s of processor, {time.perf_counter() - began:6.1f} s   corpus {' '.join(arguments)}"
        f"   {' | '.join(done.stderr.strip().splitlines()[-2:])[:160]}",
        flush=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    main()
