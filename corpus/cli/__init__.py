"""The `corpus` command: options in, calls to the package, text out.

Nothing heavy is imported at the top: `--help` must answer at once, and a command imports what it uses.
"""

from __future__ import annotations

import atexit
import gc
import shlex
import sys
import warnings
from collections.abc import Callable
from copy import copy
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_name

from corpus.base.errors import CorpusError, CorpusWarning, EmptyWorkspaceError
from corpus.cli.commands import (
    cite,
    concordance,
    documents,
    formats,
    ingest,
    models,
    queries,
    search,
    serve,
    timeline,
    words,
    workspace,
)
from corpus.cli.commands.pairs import align, export, link, mine, review, train
from corpus.cli.console import prepare_streams, say

_INTERRUPTED = "corpus: interrupted; what was finished is kept: run the same command again to go on"
_INTERRUPTED_CODE = 130
_OBJECTS_A_COLLECTION = 50_000
_READ_OTHERS = frozenset({"save", "run"})  # commands that read, or run, another one


class _Commands(TyperGroup):
    """The commands; where a pattern like -27.5 is taken for an option, the error says how to write it."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer does not export its context's own base
        try:
            return super().invoke(ctx)
        except Exception as error:
            if type(error).__name__ == "NoSuchOption":  # nor this
                error.message += _dashed(error.option_name, sys.argv[1:])  # type: ignore[attr-defined]
            raise


def _dashed(option: str, arguments: list[str]) -> str:
    """Return advice on a pattern taken for a short option; empty for long ones."""
    taken = next((one for one in arguments if one.startswith(option)), None)
    if taken is None or option.startswith("--"):
        return ""
    others = list(arguments)
    others.remove(taken)
    return f"; if {taken} is what to look for, it comes last: corpus {shlex.join([*others, '--', taken])}"


app = typer.Typer(
    name="corpus",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # importing rich would double the time of --help
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def corpus(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Duizhao: align and search press texts across languages and decades, offline.

    \b
    Examples:
      corpus align                      # align the bilingual documents (at first: the seeds)
      corpus similar "local industry"   # find passages like this, in any language
      corpus trace "local industry"     # see how the wording moved, by year
      corpus ingest articles/           # put your own texts in the workspace
      corpus COMMAND --help             # options and examples of a command
    """
    if version:
        from corpus.base.version import __version__

        print(f"corpus {__version__}")
        raise typer.Exit


app.command()(ingest.ingest)
app.command()(link.link)
app.command()(link.pair)
app.command()(align.align)
app.command()(mine.mine)
app.command()(search.similar)
app.command()(export.export)
app.command()(review.review)
app.command()(documents.show)
app.command()(documents.rm)
app.command()(workspace.status)
app.command()(workspace.check)
app.command()(workspace.index)
app.command()(workspace.reprints)
app.command()(concordance.concordance)
app.command()(words.words)
app.command()(words.collocates)
app.command()(words.terms)
app.command()(words.lexicon)
app.command()(timeline.timeline)
app.command()(timeline.trace)
app.command()(cite.cite)
app.command(context_settings={"allow_interspersed_args": False})(queries.save)
app.command()(queries.run)
app.command("queries")(queries.list_queries)
app.command("eval")(train.evaluate)
app.command()(train.calibrate)
app.command()(train.train_aligner)
app.command()(models.models)
app.command()(serve.serve)
app.command()(formats.formats)


def _app_of(arguments: list[str]) -> typer.Typer:
    """Return the one command that is named first, or all: to make all takes longer than `--version`."""
    named = arguments[0] if arguments else ""
    chosen = [one for one in app.registered_commands if named == (one.name or _name_of(one.callback))]
    if not chosen or named in _READ_OTHERS:
        return app
    only = copy(app)
    only.registered_commands = chosen
    return only


def _name_of(function: Callable[..., Any] | None) -> str:
    """Return what Typer calls a function's command."""
    return get_command_name(function.__name__) if function else ""


def main() -> None:
    """Run the command line; errors a user can act on are one message and exit code 1."""
    # Imports make objects by the hundred thousand that all stay: to look for what to free takes a tenth of a
    # short command's time. Nor is there anything to look for at the end.
    gc.set_threshold(_OBJECTS_A_COLLECTION)
    atexit.register(gc.freeze)
    prepare_streams()
    warnings.showwarning = _say_warning  # type: ignore[assignment]
    try:
        _app_of(sys.argv[1:])()
    except CorpusError as error:
        say(f"corpus: {error}{_advice(error)}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say(_INTERRUPTED)
        sys.exit(_INTERRUPTED_CODE)
    except SystemExit as ended:  # what Typer makes of an interrupt, and says nothing
        if ended.code == _INTERRUPTED_CODE:
            say(_INTERRUPTED)
        raise
    except OSError as error:  # of results that cannot be printed; files and folders are dealt with above
        say(f"corpus: {error.strerror or error}")
        sys.exit(1)
    except Exception as error:
        if not _is_of_polars(error):
            raise
        say(f"corpus: a file of the workspace is damaged: {error}; to see which: corpus check")
        sys.exit(1)


def _say_warning(message: Warning | str, category: type[Warning], *_where: Any) -> None:  # noqa: ANN401
    """Print the package's own warnings as it prints other messages; others are no business of the user's."""
    if issubclass(category, CorpusWarning):
        say(str(message))


def _advice(error: CorpusError) -> str:
    """Return what to type next, where the library cannot know it."""
    if not isinstance(error, EmptyWorkspaceError):
        return ""
    name = shlex.quote(str(error.folder))
    return (
        f"; to fill it: corpus ingest PATH… -w {name}, or corpus ingest --seeds -w {name} to try things with"
    )


def _is_of_polars(error: Exception) -> bool:
    """Tell whether an error is of a table whose file is damaged inside, which is met when it is read."""
    polars = sys.modules.get("polars")  # not imported unless a table was read
    return polars is not None and isinstance(error, polars.exceptions.PolarsError)


if __name__ == "__main__":
    main()
