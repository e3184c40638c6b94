"""The limits on what is read from outside; what is beyond one is refused by name, with the limit.

Settings are the files that a person or another program writes: manifests, variants, saved queries, weights,
the state of a workspace.
"""

from __future__ import annotations

import sys
from typing import Final

MAX_FILE: Final = 1_000_000_000
"""Bytes of a file that is read at once, such as a table of beads, or either side of `align SRC TGT`."""

MAX_SHEET: Final = 200_000_000
"""Bytes of a spreadsheet when it is unpacked: some hundred thousand rows. A small file may hold more."""

MAX_TEXT: Final = 16_000_000
"""Bytes of a text to ingest: about five times *War and Peace*. Reading it takes 700 MB at most."""

MAX_LINES: Final = 300_000
"""Lines of a text to ingest; there is no limit on the length of one but the text's."""

MAX_SECONDS: Final = 5.0
"""Seconds that a pattern is looked for in one sentence: some expressions take longer than anyone lives."""

MAX_DEPTH: Final = 64
"""Tables and lists inside each other in a file of settings (TOML or JSON)."""

MAX_DIGITS: Final = sys.int_info.default_max_str_digits
"""Digits of a whole number in a file of settings: Python's own limit, 4300."""

MAX_QUERY_NAME: Final = 64
"""Letters in the name of a saved query."""

MAX_BLOCK: Final = 64
"""Sentences in a block that an aligner's weights may ask for; the weights that ship ask for four."""

MAX_PACKED_FILES: Final = 10_000
"""Files in a document that is a zip of them (DOCX, ODT, EPUB)."""

MAX_PART: Final = 64_000_000
"""Bytes of one such file when it is unpacked; its tree takes about eight times as much."""

MAX_PACKAGE: Final = 256_000_000
"""Bytes of all such files that are read, together, when unpacked."""

MAX_PAGES: Final = 10_000
"""Pages of a PDF."""

MAX_PDF_SECONDS: Final = 300
"""Seconds of a processor that taking the text out of a PDF may take: a book takes ten."""

MAX_PDF_MEMORY: Final = 2_000_000_000
"""Bytes of memory that the process which reads a PDF may take."""

MAX_DOCUMENT: Final = 200_000_000
"""Bytes of a file to ingest that is no plain text: a book of scanned pages with their text."""

MAX_PARTS: Final = 20_000
"""Texts in one file to ingest."""

MAX_ENTRIES: Final = 100_000
"""Files in an archive."""

MAX_UNPACKED: Final = 10_000_000_000
"""Bytes that an archive unpacks to; never more than one file of it is in memory."""

MAX_RATIO: Final = 500
"""Times its packed size that a file may unpack to; of text it is below thirty, of a bomb above a thousand."""

MAX_NESTED: Final = 3
"""Archives inside each other."""

MAX_ELEMENTS: Final = 50_000
"""Elements in a page of HTML; what tells its article from its menus takes time by their square."""
