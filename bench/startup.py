"""How long `corpus --help` takes beside importing polars, run in turn so that noise hits both.

python bench/startup.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

COMMANDS = {
    "corpus --help": [str(Path(sys.executable).with_name("corpus")), "--help"],
    "import polars": [sys.executable, "-c", "import polars"],
}


def seconds(command: list[str]) -> float:
    """Return the wall time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Print both medians and the median of the ratios, pair by pair."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for command in COMMANDS.values():
        seconds(command)  # warm the file cache
    times = [{name: seconds(command) for name, command in COMMANDS.items()} for _ in range(runs)]
    for name in COMMANDS:
        print(f"{name:<14} median of {runs}: {statistics.median(run[name] for run in times):.3f} s")
    ratio = statistics.median(run["corpus --help"] / run["import polars"] for run in times)
    print(f"ratio, median of pairs: {ratio:.2f}")


if __name__ == "__main__":
    main()
