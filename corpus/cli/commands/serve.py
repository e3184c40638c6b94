"""The command that shows a workspace in the browser: serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import say

PASSWORD = "CORPUS_STUDIO_PASSWORD"


def serve(
    workspace: opt.Workspace = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", min=0, max=65535, help="Port; 0 for any.  [default: 8017, or any]"
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Address to listen on; not of this computer: with a password."
        ),
    ] = "127.0.0.1",
    password_file: Annotated[
        Path | None,
        typer.Option(
            "--password-file",
            metavar="FILE",
            help=f"File whose first line is a password.  [default: ${PASSWORD}]",
        ),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Whether to open the browser.")
    ] = True,
    executor: opt.Executor = None,
) -> None:
    """Open a workspace in the browser: read, search, pair, correct without typing commands.

    The first line printed is the address; it holds a key that is another at each start, so that nobody else,
    and no other page that your browser has open, gets in. It runs until Ctrl-C; what a job has finished by
    then is kept. Everything comes from this computer, and nothing leaves it.

    An empty workspace is offered files by drop, two boxes to paste texts into, or the seeds. What is put in
    there is kept in the folder texts of the workspace.

    With --host other computers can be let in, who need the password. What is sent is not encrypted: do that
    only in a network that you trust, or behind a tunnel (ssh -L 8017:127.0.0.1:8017).

    \b
    Examples:
      corpus serve
      corpus serve -w archive/.corpus --port 9000 --no-browser
      corpus serve --host 0.0.0.0 --password-file password.txt
      corpus serve --executor processes   # who hold a large index
    """
    try:
        from corpus.web.server import open_studio
        from corpus.web.server import serve as run
    except ImportError as error:
        raise CorpusError(f"the studio needs {error.name}: pip install 'duizhao[studio]'") from None
    from corpus.api.corpus import Corpus

    opened = open_studio(
        Corpus(workspace, executor=executor), host=host, port=port, password=_password(password_file)
    )
    print(opened.address, flush=True)
    if opened.studio.access.remote:
        say("other computers can reach it: what is sent is not encrypted")
    say("to stop: Ctrl-C")
    run(opened, browser=browser)


def _password(file: Path | None) -> str | None:
    import os

    from corpus.base.files import read_bytes
    from corpus.text.decoding import decode

    if file is None:
        return os.environ.get(PASSWORD) or None
    lines = decode(read_bytes(file), str(file)).splitlines()
    if not lines or not lines[0].strip():
        raise CorpusError(f"{file}: its first line is empty, where a password is expected")
    return lines[0].strip()
