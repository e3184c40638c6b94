"""Walk from a folder of sixty mixed files to a corrected export, command by command, and print what each took.

    python bench/walkthrough.py GOLD [FOLDER]

The files are made of the gold set `mac-dev`, cut into items of some fifteen sentences: Chinese and English ones under
names that do not say what belongs together, as plain text and Markdown, in UTF-8 and GB18030; four items in both languages in one file;
two of each language without a partner. What is run is the command line, as a user would; what a person does between the commands (judge, correct, change a file) the script does.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from pairing import Item, gold_items

BILINGUAL, ALONE = 4, 2  # items in one file; and in each language, without partner
PAIRED = 26
COMMAND = Path(sys.executable).with_name("corpus")


def main() -> None:
    """Make the folder and run the commands."""
    items = gold_items(Path(sys.argv[1]))["mac-dev"]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(made)
        press = folder / "press"
        truth = write(press, items)
        walk(folder, press, truth)


def write(press: Path, items: list[Item]) -> set[tuple[str, str]]:
    """Write the files of a folder; return the names of those that translate each other."""
    press.mkdir(parents=True)
    rng = np.random.default_rng(15)
    chosen = [items[k] for k in rng.permutation(len(items))]
    names = [f"{name:03}" for name in rng.permutation(200)]
    truth = set()
    for number, item in enumerate(chosen[:PAIRED]):
        pair = []
        for side, lang in enumerate(item.langs):
            ending = ("txt", "md", "text")[(number + side) % 3]
            encoding = "gb18030" if lang == "zh" and number % 5 == 0 else "utf-8"
            pair.append(f"item-{names.pop()}")
            (press / f"{pair[-1]}.{ending}").write_text(text(item.sides[side], lang), encoding)
        truth.add((pair[0], pair[1]))
    for item in chosen[PAIRED:][:BILINGUAL]:
        chinese, english = (text(side, lang) for side, lang in zip(item.sides, item.langs, strict=True))
        whole = f"### English\n\n{english}\n\n<hr>\n\n### 中文\n\n{chinese}"
        (press / f"item-{names.pop()}.txt").write_text(whole, "utf-8")
    for number, item in enumerate(chosen[PAIRED + BILINGUAL :][: 2 * ALONE]):
        side = number % 2
        (press / f"item-{names.pop()}.txt").write_text(text(item.sides[side], item.langs[side]), "utf-8")
    return truth


def text(sentences: tuple[str, ...], lang: str) -> str:
    """Return the text of a file: paragraphs of five sentences."""
    between = "" if lang == "zh" else " "
    paragraphs = [between.join(sentences[k : k + 5]) for k in range(0, len(sentences), 5)]
    return "\n\n".join(paragraphs) + "\n"


def walk(folder: Path, press: Path, truth: set[tuple[str, str]]) -> None:
    """Run the commands, one after the other."""
    files = sorted(press.iterdir())
    print(f"{len(files)} files, {len(truth)} pairs of which translate each other")
    run(folder, "ingest", "press")
    run(folder, "align")
    run(folder, "pair", "-o", "pairs.tsv")
    found = {
        tuple(sorted((row["a"], row["b"])))
        for row in table(folder / "pairs.tsv")
        if row["accepted"] == "true"
    }
    right = {tuple(sorted(pair)) for pair in truth}
    print(f"  proposed and accepted: {len(found)}, of them right {len(found & right)}, of {len(right)}")
    run(folder, "link", "--from", "pairs.tsv")
    run(folder, "align", "-o", "first.tsv")
    run(folder, "review", "--next", "-k", "3")
    document, bead = doubtful(folder)
    run(folder, "review", document, bead, "wrong", "--note", "walkthrough")
    run(folder, "review", document, "-o", "beads.tsv")
    run(folder, "review", "beads.tsv")
    run(folder, "align", "-o", "second.tsv")
    run(folder, "mine", "--langs", "zh-en", "-o", "mined.tsv")
    changed = press / next(file.name for file in files if file.suffix == ".txt" and document not in file.name)
    changed.write_text(changed.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    run(folder, "ingest", "press")
    run(folder, "link")
    run(folder, "align")
    run(folder, "export", "corrected.tsv", "--langs", "zh-en", "--min-score", "0.5", "--dedup")
    run(folder, "status")


def table(file: Path) -> list[dict[str, str]]:
    """Read a table that a command wrote."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def doubtful(folder: Path) -> tuple[str, str]:
    """Return the document and the number of the least certain pair of a table."""
    rows = table(folder / "first.tsv")
    return min(rows, key=lambda row: float(row["score"]))["doc_id"], "0"


def processor() -> float:
    """Return the seconds of processor that the commands took until now."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(folder: Path, *arguments: str) -> str:
    """Run a command in a folder; print its time and what it said last."""
    began, before = time.perf_counter(), processor()
    done = subprocess.run(
        [COMMAND, *arguments], cwd=folder, capture_output=True, text=True, env=os.environ, check=False
    )
    took = time.perf_counter() - began
    said = done.stderr.strip().splitlines()
    print(
        f"{took:6.1f} s, of processor {processor() - before:5.1f} s  corpus {' '.join(arguments)[:100]}"
        + (f"   [exit {done.returncode}]" if done.returncode else "")
    )
    for line in said[:3]:
        print(f"          {line[:140]}")
    return done.stdout


if __name__ == "__main__":
    main()
