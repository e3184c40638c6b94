"""How much memory reading takes at its worst: the greatest of each shape, in a process of its own.

    python bench/memory.py [--shapes NAME…]

Prints the most memory that each run held (the resident set), and ends with status 1 where that is more than
`MOST` megabytes.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus.base.errors import CorpusError
from corpus.base.limits import MAX_LINES, MAX_TEXT
from corpus.ingestion.ingest import ingest
from corpus.store.workspace import Workspace

MOST = 800
_SHAPES = {
    "300 bad files at once": "",
    "the longest text, on one line": "sentences",
    "the longest text, without a stop": "letters",
    "the longest text, in Chinese": "chinese",
    "300,000 headings": "# The plan of the county\n",
    "300,000 short lines": "工厂\n",
    "300,000 datelines": "新华社平壤19日电　工厂建成了。\n",
    "300,000 quotations": "“The plan,” he said.\n\n",
    "475,000 headings, more than is read": "# The plan\n",
    "brackets inside each other": "(“「《【",
    "marks of Markdown": "**[*_`~~<b>|\n",
    "quotation marks": "“",
    "divided words": "the indus-\ntry of the county-\n",
}
_BAD_BYTES = 400_000


def write(folder: Path, shape: str) -> None:
    """Write the files of a shape."""
    folder.mkdir()
    unit = _SHAPES[shape]
    if shape.startswith("300 bad"):
        rng = random.Random(1)
        for number in range(300):  # no text, text that breaks off into none, and text that is all markup
            kinds = (
                rng.randbytes(_BAD_BYTES),
                "工厂建成了。\n".encode() * (_BAD_BYTES // 20) + b"\xff\xfe\x81" + rng.randbytes(99),
                b"# [\xe2\x80\x9c](<b>|\n- ``` **a\n" * (_BAD_BYTES // 100),
            )
            (folder / f"bad{number}.txt").write_bytes(kinds[number % 3])
        return
    if unit in ("sentences", "letters", "chinese"):
        said = {
            "sentences": "The factory was built in 1959. ",
            "letters": "abcdefghij",
            "chinese": "朝鲜地方工业发展了。",
        }[unit]
        count = MAX_TEXT // len(said.encode())
    elif "\n" in unit:
        said = unit
        lines = 475_000 if shape.startswith("475") else MAX_LINES
        count = min(lines // unit.count("\n"), MAX_TEXT // len(unit.encode()))
    else:
        said, count = unit, MAX_TEXT // len(unit.encode())
    (folder / "text.txt").write_text(said * count, "utf-8")


def read(folder: Path) -> None:
    """Ingest a folder as `corpus ingest` does, and print the most memory that took, in megabytes."""
    said = ""
    try:
        report = ingest(Workspace(folder.parent / "workspace"), [folder])
        said = "; ".join([skipped.reason for skipped in report.skipped][:1])
    except CorpusError as error:
        said = str(error)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, said[:80])


def main() -> int:
    """Print a line a shape; return 1 where one takes too much."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shapes", nargs="+", default=list(_SHAPES), choices=list(_SHAPES))
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        read(options.read)
        return 0
    failed = False
    for shape in options.shapes:
        with tempfile.TemporaryDirectory(prefix="memory-") as name:
            folder = Path(name) / "texts"
            write(folder, shape)
            command = [sys.executable, __file__, "--read", str(folder)]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            print(f"{shape}: {ran.stderr[-500:]}")
            failed = True
            continue
        most, _, said = ran.stdout.strip().partition(" ")
        failed |= float(most) > MOST
        print(f"{shape:38}{float(most):8.0f} MB{'  !' if float(most) > MOST else ''}  {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
