"""Write the reference pages of `docs/` from what they describe: the commands, and the public Python names.

    python bench/reference_pages.py

A test says when they are not up to date; `make docs` writes them.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
_WRITTEN = "<!-- Written by `python bench/reference_pages.py`: change that, or what it reads. -->\n"

# What a notebook calls, by job. Each name is looked up by a test, so that none goes stale.
NAMES = {
    "The front door": (
        "corpus.api.corpus.Corpus",
        "corpus.api.base.CorpusBase",
        "corpus.api.aligning.Aligning",
        "corpus.api.looking.Looking",
        "corpus.api.counting.Counting",
        "corpus.api.time.FollowingTime",
        "corpus.api.reviewing.Reviewing",
        "corpus.api.desk.WorkingAtADesk",
        "corpus.api.corpus.align_texts",
        "corpus.api.tables.Table",
    ),
    "Texts in": (
        "corpus.ingestion.ingest.ingest",
        "corpus.ingestion.ingest.remove",
        "corpus.ingestion.report.IngestReport",
        "corpus.documents.catalogue.list_documents",
        "corpus.documents.catalogue.find_document",
        "corpus.documents.catalogue.document",
        "corpus.documents.catalogue.dropped",
        "corpus.documents.subcorpus.Selection",
        "corpus.readers.base",
        "corpus.readers.registry",
    ),
    "Alignment": (
        "corpus.documents.links.Link",
        "corpus.documents.links.add_links",
        "corpus.documents.links.remove_links",
        "corpus.documents.links.list_links",
        "corpus.mining.proposals.propose",
        "corpus.mining.proposals.accept",
        "corpus.mining.mine.mine",
        "corpus.mining.mine.mined",
        "corpus.alignment.incremental.align_workspace",
        "corpus.alignment.align.align_files",
        "corpus.documents.pairs.workspace_pairs",
        "corpus.documents.pair_selection.select_pairs",
    ),
    "Pairs out": (
        "corpus.export.export.export_pairs",
        "corpus.export.split.split_works",
        "corpus.export.datasheet.datasheet",
        "corpus.writers.base",
        "corpus.writers.tsv.to_tsv",
        "corpus.writers.beads.to_beads",
    ),
    "Quality": (
        "corpus.quality.evaluation.evaluate_files",
        "corpus.quality.evaluation.evaluate_folder",
        "corpus.quality.evaluation.Evaluation",
        "corpus.quality.reviews.list_reviews",
        "corpus.quality.reviews.record",
        "corpus.quality.corrections",
        "corpus.quality.bead_specs.Correction",
        "corpus.quality.calibration.recalibrate",
        "corpus.quality.training.train_aligner",
    ),
    "Search": (
        "corpus.search.searcher.similar",
        "corpus.search.searcher.open_searcher",
        "corpus.search.searcher.Searcher",
        "corpus.search.searcher.Similar",
        "corpus.lexicons.entries.entries_of",
        "corpus.lexicons.entries.lexicons_in_use",
    ),
    "Reading and counting": (
        "corpus.linguistics.patterns.compile_pattern",
        "corpus.linguistics.concordance.concordance",
        "corpus.linguistics.frequencies.word_list",
        "corpus.linguistics.collocations.collocates",
        "corpus.linguistics.terms.term_pairs",
        "corpus.linguistics.measures",
    ),
    "Time, reprints, citations": (
        "corpus.diachrony.timeline.timeline",
        "corpus.diachrony.timeline.similar_timeline",
        "corpus.diachrony.trace.trace",
        "corpus.reuse.reprints.update_reprints",
        "corpus.reuse.reprints.reprint_groups",
        "corpus.documents.citations.cite",
        "corpus.writers.bibtex.to_bibtex",
    ),
    "The workspace": (
        "corpus.store.workspace.open_workspace",
        "corpus.store.workspace.Workspace",
        "corpus.store.snapshot.Snapshot",
        "corpus.maintenance.status.status",
        "corpus.maintenance.saved_queries",
        "corpus.store.schemas",
    ),
    "Encoders": (
        "corpus.encoders.loading.load_encoder",
        "corpus.encoders.registry",
        "corpus.encoders.embedding_cache.EmbeddingCache",
        "corpus.encoders.as_sentence_transformer.ShippedEncoder",
    ),
    "Where work runs": (
        "corpus.execution.executor",
        "corpus.execution.processes.Processes",
        "corpus.execution.ray.Ray",
        "corpus.execution.shards.done_shards",
    ),
    "Errors": ("corpus.base.errors",),
    "The aligner alone": (
        "align.aligner.align",
        "align.beads",
        "align.encoder",
        "align.weights",
        "align.calibrate",
        "align.evaluate",
    ),
}


def commands_page() -> str:
    """Write the page of all commands: what `corpus COMMAND --help` says."""
    import typer.main  # noqa: PLC0415 - only this page needs it

    from corpus.cli import app  # noqa: PLC0415

    group: Any = typer.main.get_command(app)
    root = group.context_class(group, info_name="corpus", max_content_width=100)
    parts = [
        _WRITTEN,
        "# Commands\n",
        "Every command prints its result on stdout and messages on stderr. It ends with code 0, with 1 where "
        "something is wrong (the message says what to do), with 2 where the command line is mistaken.\n",
    ]
    for name in group.list_commands(root):
        command = group.commands[name]
        context = command.context_class(command, info_name=name, parent=root)
        usage = " ".join([f"corpus {name}", *command.collect_usage_pieces(context)])
        parts += [f"## corpus {name}\n", f"```text\n{usage}\n```\n", _prose(command.help)]
        records = [
            (param.param_type_name, record)
            for param in command.get_params(context)
            if param.name != "help" and (record := param.get_help_record(context)) is not None
        ]
        for kind, title in (("argument", "Argument"), ("option", "Option")):
            rows = [record for its_kind, record in records if its_kind == kind]
            if rows:
                # Of an argument, help shows its Python type, too.
                rows = [
                    (re.sub(r" <.+>$", "", names) if kind == "argument" else names, said)
                    for names, said in rows
                ]
                table = "\n".join(f"| `{_cell(names)}` | {_prosaic(_cell(said))} |" for names, said in rows)
                parts.append(f"| {title} | |\n|---|---|\n{table}\n")
    return "\n".join(parts)


def python_page() -> str:
    """Write the page of public Python names; `mkdocstrings` puts their docstrings in when the site is built."""
    import align  # noqa: PLC0415
    import corpus  # noqa: PLC0415

    parts = [
        _WRITTEN,
        "# Python\n",
        "What `corpus` and `align` offer, from the docstrings. Importing either costs nothing: a name is imported "
        "when it is first used. Tables are [polars](https://docs.pola.rs) frames; their columns are in "
        "[the schemas](#corpus.store.schemas).\n",
    ]
    for package, note in ((corpus, ""), (align, " It takes strings and arrays, and reads no file.")):
        names = ", ".join(f"`{name}`" for name in package.__all__ if not name.startswith("_"))
        parts.append(f"Names of `{package.__name__}`: {names}.{note}\n")
    for title, names_of in NAMES.items():
        parts += [f"## {title}\n", *(f"::: {name}\n" for name in names_of)]
    return "\n".join(parts)


def _prose(text: str) -> str:
    """Turn a command's help into Markdown: paragraphs, and what was set as it stands as code."""
    blocks = []
    for block in text.replace("\b\n", "\b").split("\n\n"):
        if block.startswith("\b"):
            title, _, rest = block.removeprefix("\b").partition("\n")
            blocks.append(f"{title.strip()}\n\n```sh\n{textwrap.dedent(rest.rstrip())}\n```\n")
        else:
            blocks.append(_prosaic(" ".join(block.split())) + "\n")
    return "\n".join(blocks)


_LITERAL = re.compile(r"(?<![\w`-])(--?[a-z][\w-]*(?: (?:[A-Z]+|none|shipped))?\b|\[0, 1\]:\[2\])")
_MARKUP = re.compile(r"([*_<>\[\]])")


def _prosaic(text: str) -> str:
    """Escape what Markdown would read as its own, and set options as code."""
    pieces = _LITERAL.split(text)
    return "".join(f"`{piece}`" if k % 2 else _MARKUP.sub(r"\\\1", piece) for k, piece in enumerate(pieces))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


PAGES = {"commands.md": commands_page, "python.md": python_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
        print(REFERENCE / name)
