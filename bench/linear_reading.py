"""How long reading takes as a file grows: fourteen shapes, at 1, 2 and 4 MB; twice the file, twice the time.

    python bench/linear_reading.py [--sizes 1 2 4] [--shapes NAME…]

Prints a table, and ends with status 1 where a doubling takes more than `MOST` times as long, or a megabyte more
than `LONGEST` seconds.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import sys
import time

from corpus.ingestion.reading.document import read_document

MOST = 2.3
LONGEST = 10.0
_MB = 1_000_000

# What a file is made of, again and again.
SHAPES = {
    "one line of letters": "abcdefghij",
    "one line of Chinese": "朝鲜地方工业发展",
    "words without a stop": "the workers of the factory ",
    "only digits": "1234567890",
    "only brackets": "(“「《【",
    "quotations": "他说：“我们前进！”",
    "datelines": "新华社平壤19日电　据朝鲜中央通讯社讯：工厂建成了。\n",
    "short lines": "工厂\n",
    "hyphens at line ends": "the indus-\ntry of the county-\n",
    "sentences on one line": "The factory was built in 1959. 工厂建成了。 ",
    "headings and bullets": "# The plan\n- the factory\n- 工厂\n\n",
    "remarks": "<!-- \n",
    "tables": "a | b\n--|--\n",
    "repeated paragraphs": "The modernization of local-industry factories is pushed ahead across the country, they say.\n\n",
}


def shape_of(unit: str, size: int) -> str:
    """Return a text of so many bytes of UTF-8, about."""
    return unit * (size // len(unit.encode()))


def seconds(text: str) -> float:
    """Return the processor's time that reading a text takes."""
    gc.collect()
    start = time.process_time()
    read_document(text, "shape.txt")
    return time.process_time() - start


def main() -> int:
    """Print the table; return 1 where reading is not linear."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--sizes", type=float, nargs="+", default=[1, 2, 4], help="megabytes, each twice the last"
    )
    parser.add_argument("--shapes", nargs="+", default=list(SHAPES), choices=list(SHAPES))
    options = parser.parse_args()
    read_document("Warm up. 热身。", "warm.txt")
    failed = False
    print("shape".ljust(24), *(f"{size:g} MB".rjust(8) for size in options.sizes), "ratios")
    for name in options.shapes:
        texts = [shape_of(SHAPES[name], int(size * _MB)) for size in options.sizes]
        taken = list(map(seconds, texts))
        ratios = [later / earlier for earlier, later in itertools.pairwise(taken)]
        if max(ratios, default=0) > MOST:  # neighbours take caches away: the least of two times counts
            taken = [min(once, seconds(text)) for once, text in zip(taken, texts, strict=True)]
            ratios = [later / earlier for earlier, later in itertools.pairwise(taken)]
        slow = any(ratio > MOST for ratio in ratios) or taken[0] / options.sizes[0] > LONGEST
        failed |= slow
        shown = (f"{value:8.2f}" for value in taken)
        print(name.ljust(24), *shown, *(f"{ratio:.2f}" for ratio in ratios), "!" if slow else "", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
