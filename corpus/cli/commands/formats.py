"""The command that lists the formats of files: formats."""

from __future__ import annotations

from corpus.cli import options as opt
from corpus.cli.console import print_json


def formats(as_json: opt.Json = False) -> None:
    """List the formats that ingest reads and export writes, by the endings of files, and what each takes.

    What a file is, its content tells before its name does. A format that is not installed says what to
    type. Packages may bring more, by the entry points duizhao.readers and duizhao.writers.

    \b
    Examples:
      corpus formats
      corpus formats --json
    """
    from corpus.api.formats import list_formats

    found = list_formats()
    if as_json:
        print_json(found.to_dicts())
        return
    from corpus.cli.display.tables import print_formats

    print_formats(found)
