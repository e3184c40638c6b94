"""The command that cites: cite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.cli import options as opt
from corpus.cli.console import json_text, say, say_snapshot
from corpus.cli.output import put_text
from corpus.cli.subcorpus import open_corpus


def cite(
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DOC|PLACE…]",
            help="Documents, or places in them: DOC:OFFSET, DOC:L33; without any, every document.",
        ),
    ] = None,
    lang: opt.Lang = None,
    since: opt.Since = None,
    until: opt.Until = None,
    doc: opt.Doc = None,
    source: opt.Source = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write CSL-JSON.")] = False,
    out: Annotated[
        str | None,
        typer.Option("-o", "--out", metavar="FILE", help="Write to FILE: BibTeX to .bib, CSL-JSON to .json."),
    ] = None,
    workspace: opt.Workspace = None,
) -> None:
    """Cite documents, or a place and its translation, as BibTeX or CSL-JSON.

    A document is cited once a language, as original or as translation of it. A place is a sentence, the
    one that begins or goes on there; what it is aligned with is cited, too. The notes name file, code
    points and snapshot, so that a reader can find the passage again. Dates stay as partial as they are;
    what is unknown is left out.

    \b
    Examples:
      corpus cite 003
      corpus cite 003:L33 --json
      corpus cite --since 2022 -o press.bib
    """
    from corpus.cli.display.passage import say_if_settled
    from corpus.documents.locations import find_place, settled
    from corpus.store.snapshot import snapshot
    from corpus.writers.bibtex import to_bibtex

    form = "json" if as_json else _form_of(out)
    corpus = open_corpus(workspace)
    items = corpus.cite(*(places or []), lang=lang, since=since, until=until, doc=doc, source=source)
    space = corpus.workspace.pin()
    for name in places or []:
        if (asked := find_place(space, name)) is not None:
            say_if_settled(asked, settled(space, asked))
    if form == "json":
        put_text(json_text(items), out)
    else:
        put_text(to_bibtex(items), out)
    say(f"{len(items)} item{'' if len(items) == 1 else 's'}")
    say_snapshot(snapshot(space).to_dict(), beads=True)


def _form_of(out: str | None) -> str:
    """Return what a file's ending asks for: citations of any other form would be taken for what it says."""
    from corpus.base.errors import CorpusError

    ending = Path(out).suffix.lower() if out is not None and out != "-" else ""
    if ending not in ("", ".bib", ".json"):
        raise CorpusError(f"{out}: cite writes BibTeX (.bib) or CSL-JSON (.json)")
    return ending.removeprefix(".") or "bib"
