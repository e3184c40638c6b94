"""Walk from a folder of sixty mixed files to a corrected export, command by command, and print what each took.

    python bench/walkthrough.py HELP [FOLDER]

The files are made of a manual, of which nothing here was trained: HELP has a folder a language (gimp-help-en, -ko and
-zh-cn: usr/share/gimp/2.0/help). It is cut into items of some twelve sentences: English, Chinese and Korean ones under
names that do not say what belongs together, as plain text and Markdown, in UTF-8 and GB18030; four items in both
languages in one file; four without a partner. What is run is the command line, as a user would. What a person
does between the commands the script does: it joins rows of a table, moves a cell, marks others, in TSV and XLSX; has
a colleague review a copy; changes a file, removes one. Afterwards it is checked what of that is in the export.
"""

from __future__ import annotations

import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
from pairing import Item, manual_items

BILINGUAL, ALONE = 4, 2  # items in one file; and in each language, without partner
PAIRED = 26
FILES, MOST_CHINESE, SIZE = 60, 22, 12
COMMAND = Path(sys.executable).with_name("corpus")


def main() -> None:
    """Make the folder and run the commands."""
    manual = Path(sys.argv[1])
    items = manual_items(manual / "en", manual / "zh_CN", ("en", "zh"), SIZE)[:MOST_CHINESE]
    items += manual_items(manual / "en", manual / "ko", ("en", "ko"), SIZE)[: 2 * (FILES - len(items)) : 2]
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
    corrected = correct(folder)
    told(folder, corrected, "after the tables were read")
    run(folder, "align", "--no-moved", "-o", "second.tsv")
    told(folder, corrected, "after all was aligned anew, with another aligner")
    run(folder, "align", "--moved")
    two_people(folder, corrected)
    files_change(folder, press, corrected)
    run(folder, "export", "corrected.tsv", "--langs", "zh-en", "--min-score", "0.5", "--dedup")
    run(folder, "status")


def correct(folder: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Correct beads of two documents in tables, and one by a command; return what should come of it.

    Of each document: numbers of source and of target sentences, and the review.
    """
    docs = documents(folder)
    rows = edited(folder, docs[0], "beads.tsv")
    rows[1]["src"] += "\n" + rows[2]["src"]  # joined
    rows[1]["tgt"] += "\n" + rows[2]["tgt"]
    rows[4]["right"], rows[5]["right"] = "yes", "no"
    done = {docs[0]: [joined(rows[1:3], "set"), joined(rows[4:5], "right"), joined(rows[5:6], "wrong")]}
    write_table(folder / "beads.tsv", [row for number, row in enumerate(rows) if number != 2])
    run(folder, "review", "beads.tsv")
    edited(folder, docs[1], "beads.xlsx")
    book = openpyxl.load_workbook(folder / "beads.xlsx")
    sheet = book.active
    assert sheet is not None
    columns = {cell.value: cell.column for cell in sheet[1]}
    cells = {
        name: [sheet.cell(row, column) for row in range(2, sheet.max_row + 1)]
        for name, column in columns.items()
    }
    before = [{name: str(own[number].value or "") for name, own in cells.items()} for number in range(8)]
    cells["src"][3].value = f"{cells['src'][3].value}\n{cells['src'][4].value}"  # moved up
    cells["src"][4].value = None
    cells["right"][6].value = "x"
    cells["tgt"][7].value = f"{cells['tgt'][7].value} (my own words)"  # not understood, and left as it was
    book.save(folder / "beads.xlsx")
    run(folder, "review", "beads.xlsx")
    moved = joined(before[3:5], "set")
    done[docs[1]] = [(moved[0], before[3]["tgt_ids"], "set"), joined(before[6:7], "right")]
    run(folder, "review", docs[2], "0", "wrong", "--note", "walkthrough")
    run(folder, "review", docs[2], "0", "--undo")
    return done


def edited(folder: Path, document: str, name: str) -> list[dict[str, str]]:
    """Have a table of a document's beads written; return its rows, of a TSV."""
    run(folder, "review", document, "-o", name)
    return table(folder / name) if name.endswith(".tsv") else []


def joined(rows: list[dict[str, str]], review: str) -> tuple[str, str, str]:
    """Return the numbers of the sentences of some rows, and a review."""
    ids = [" ".join(row[f"{side}_ids"] for row in rows if row[f"{side}_ids"]) for side in ("src", "tgt")]
    return ids[0], ids[1], review


def told(folder: Path, corrected: dict[str, list[tuple[str, str, str]]], when: str) -> None:
    """Say whether what was corrected is in the alignment."""
    run(folder, "export", "all.tsv", "--keep-wrong", "--columns", "doc_id,src_ids,tgt_ids,review")
    there = {
        (row["doc_id"], row["src_ids"], row["tgt_ids"], row["review"]) for row in table(folder / "all.tsv")
    }
    wanted = {(doc, *one) for doc, some in corrected.items() for one in some}
    lost = sorted(one for one in wanted - there if one[3] != "wrong")  # a wrong one is not proposed again
    print(
        f"  {when}: {len(wanted & there)} of {len(wanted)} corrections are in the alignment; lost: {lost or 'none'}"
    )


def two_people(folder: Path, corrected: dict[str, list[tuple[str, str, str]]]) -> None:
    """Have a colleague review a copy, and take over what does not contradict."""
    docs = documents(folder)
    other = folder / "colleague"
    shutil.copytree(folder / ".corpus", other / ".corpus")
    shutil.copytree(folder / "press", other / "press")
    first = corrected[docs[0]][0][0].split()[0]
    run(other, "review", docs[0], "0", "right", "--by", "B")
    run(other, "review", docs[0], "1", "--undo", "--by", "B")
    run(
        other, "review", docs[0], "1", "--set", f"{first}:{first}", "--by", "B"
    )  # contradicts what was joined
    run(other, "review", docs[3], "2", "wrong", "--by", "B")
    run(folder, "review", "--from", str(other / ".corpus"))
    corrected[docs[0]].append(("0", "0", "right"))
    told(folder, corrected, "after the colleague's reviews were taken over")
    shutil.rmtree(other)


def files_change(folder: Path, press: Path, corrected: dict[str, list[tuple[str, str, str]]]) -> None:
    """Put a sentence before a corrected text, remove the file of another link, and bring that back."""
    docs = documents(folder)
    changed = next(press.glob(f"{docs[0]}.*"))
    encoding = "gb18030" if b"\x81" < changed.read_bytes()[:1] < b"\xe4" else "utf-8"
    changed.write_text("A sentence that was not here before.\n\n" + changed.read_text(encoding), encoding)
    gone = next(press.glob(f"{docs[4]}.*"))
    content = gone.read_bytes()
    gone.unlink()
    run(folder, "ingest", "press")
    run(folder, "rm", docs[4])
    run(folder, "link")
    run(folder, "align")
    corrected[docs[0]] = [
        (" ".join(str(int(k) + 1) for k in one.split()), other, review)
        for one, other, review in corrected[docs[0]]
    ]
    told(folder, corrected, "after a sentence was put before them")
    gone.write_bytes(content)
    run(folder, "ingest", "press")
    run(folder, "link")
    run(folder, "align")


def documents(folder: Path) -> list[str]:
    """Return the documents that are sources, those with the most pairs first."""
    counts = Counter(row["doc_id"] for row in table(folder / "first.tsv"))
    return [doc for doc, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def table(file: Path) -> list[dict[str, str]]:
    """Read a table that a command wrote."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def write_table(file: Path, rows: list[dict[str, str]]) -> None:
    """Write a table as a spreadsheet would: cells with line ends in quotes."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


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
