"""The command about encoders: models."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import print_json


def models(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="An encoder; without it, a list.")
    ] = None,
    as_json: opt.Json = False,
) -> None:
    """List the encoders that need no download, or show one's card.

    Any sentence-transformers model works too: --encoder st:NAME, where NAME is a hub name or a folder.

    \b
    Examples:
      corpus models
      corpus models use
      corpus similar "local industry" --encoder st:sentence-transformers/LaBSE
    """
    from corpus.encoders.registry import card, entries, entry

    if name is None:
        found = entries().values()
        if as_json:
            print_json([asdict(item) for item in found])
            return
        from corpus.cli.display.documents import print_encoders

        print_encoders(found)
    elif as_json:
        print_json(asdict(entry(name)) | {"card": card(name)})
    else:
        print(card(name).rstrip())
