"""Commands over a workspace with many ties, and what they print: for `tests.test_order`, in a process of its own."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path

import polars as pl

from corpus.cli import main
from corpus.store.schemas import SCHEMAS
from corpus.store.workspace import Workspace
from tests.align.chronicle import chronicle
from tests.conftest import SEEDS, seed_text
from tests.shuffling import shuffled

COMMANDS = (
    "similar|local industry|-k|30|--json", "similar|地方工业|--mode|dense|-k|30|--json",
    "similar|工厂|--mode|lexical|-k|30|--json", "similar|the bridge|--mode|lexical|-k|3|--json",
    "similar|a letter|--mode|dense|-k|3|--json", "similar|the bridge|--per-decade|3|--json",
    "words|-k|0|--min|1|--json", "words|-n|2|--stems|--once|-k|40|--json",
    "collocates|the|--json", "collocates|桥|--sort|near|--min|1|--json",
    "terms|--min|1|--min-g2|0|-k|0|--json", "terms|bridge|--examples|--min|1|--min-g2|0|--every|--json",
    "timeline|bridge|--by|year|--json", "timeline|local industry|--dense|--once|--json",
    "timeline|bridge|--by|year|-o|chart.svg",
    "trace|bridge|--json", "trace|工业|--by|decade|--once|--json", "trace|bridge|--tsv|--part|rows",
    "concordance|bridge|--sort|R1|--json", "concordance|the|--sort|node|--once|--json",
    "concordance|the|--sample|7|--json",
    "reprints|--threshold|0.6|--json", "status|--json", "show|--json", "show|d2|--json", "check|--json",
    "review|--list|--json", "cite|--json", "export|-|--nulls", "align|-o|-|--nulls", "calibrate|--sample|20|-o|-",
    "export|-|--columns|doc_id,src,tgt,src_source,src_date,src_file,src_start,src_end,review",
)  # fmt: skip


def write_texts(folder: Path) -> None:
    """Write texts in which sentences, dates, counts and scores are often equal to one another."""
    folder.mkdir(parents=True)
    for name in SEEDS:
        (folder / SEEDS[name]).write_text(seed_text(name), "utf-8")
    events = chronicle(14, seed=3)
    for number in range(7):
        chosen = [*events[number : number + 5], *events[:3], events[number]]
        dated = f"{1950 + number // 3}-05-0{number % 3 + 1}"
        chinese, english = "".join(event.zh for event in chosen), " ".join(event.en for event in chosen)
        (folder / f"d{number}.txt").write_text(f"{dated}\n\n{chinese}\n\n{english}", "utf-8")
    for number in range(4):
        chosen = events[::-1][number : number + 6]
        (folder / f"e{number}.txt").write_text(" ".join(event.en for event in chosen), "utf-8")


def ran(*args: str) -> str:
    """Run the command in this process; return what it prints."""
    sys.argv = ["corpus", *args]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    said = [file.buffer.getvalue().decode() for file in (out, err)]
    assert not code or args[0] == "check", f"{args}: {said}"
    return f"{code or 0}: {said[0]}"


def tables(workspace: Workspace) -> dict[str, str]:
    """Return the rows of each table of a workspace, and of each segment of its index, in their order."""
    held = {name: workspace.scan(name).collect().write_ndjson() for name in SCHEMAS}
    for file in sorted(workspace.path.rglob("rows.parquet")):
        held[f"rows {len(held)}"] = pl.read_parquet(file).write_ndjson()
    return held


def everything() -> dict[str, str]:
    """Make a workspace in this folder, change it, and return what each command prints of it."""
    texts, printed = Path("texts"), dict[str, str]()
    write_texts(texts)

    def step(name: str, *commands: str) -> None:
        for command in commands:
            printed[f"{name}: {command}"] = ran(*command.split("|"))
        held = tables(Workspace(Path(".corpus")))
        printed.update({f"{name}: table {table}": rows for table, rows in held.items()})

    files = [[f"texts/{path.name}" for path in sorted(texts.iterdir()) if path.name[0] == c] for c in "d0e"]
    step("some", "|".join(["ingest", *files[0], *files[2], "--json"]), "align", "similar|bridge|--json")
    step("all", "ingest|texts|--json", "align", "similar|bridge|--json")
    step("reviewed", "review|003|1|right|--json", "review|d2|1|wrong|--note|no|--json")
    step("linked", "pair|--json", "link|e0|000|--json", "link|e1|003", "align", "link")
    for command in COMMANDS:
        printed[command] = ran(*command.split("|"))
    (texts / "d1.txt").write_text((texts / "d3.txt").read_text("utf-8").replace("1951", "1952"), "utf-8")
    (texts / "d0.txt").rename(texts / "z0.txt")
    step("changed", "rm|d4", "ingest|texts|--json", "align", "similar|bridge|--mode|lexical|-k|5|--json")
    next(iter(sorted(Path(".corpus").rglob("beads*.parquet")))).write_bytes(b"PAR1")
    step("repaired", "check|--repair|--json", "similar|a letter|--json", "align", "check|--json")
    return printed


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir()
    os.chdir(sys.argv[1])
    seed = int(sys.argv[2])
    with shuffled(seed) if seed else nullcontext(lambda: 0) as number:
        found = everything()
        found["chart"] = Path("chart.svg").read_text("utf-8")
        sys.stdout.write(json.dumps({**found, "shuffled": number()}))
