"""What is at work in the background, as a page and as events."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response, StreamingResponse

from corpus.web.jobs import Outcome
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from corpus.api.corpus import Corpus
    from corpus.store.locking import Holder
    from corpus.web.studio import Studio

_PAUSE = 0.25  # seconds between looks
_SIGN_OF_LIFE = 15.0


def jobs(asked: Asked) -> View:
    """Show the jobs, and who else is changing the workspace."""
    studio = asked.studio
    found = studio.jobs.all()
    holder = studio.corpus.lock_holder()
    data = {"jobs": found, "holder": holder, "command": None if holder is None else command_of(holder)}
    twin = {"jobs": [job.to_dict() for job in found], "holder": None if holder is None else {
        "pid": holder.pid, "since": holder.since, "command": data["command"]}}  # fmt: skip
    return View("jobs.html", data, twin)


def command_of(holder: Holder) -> str:
    """Return which command a process runs, without what follows: that may name folders of this computer."""
    name, *others = holder.command.split(" ")
    verb = others[0] if others and others[0].replace("-", "").isalpha() else ""
    return f"{name.strip(chr(39)).rsplit('/', 1)[-1]} {verb}".strip()


def align(asked: Asked) -> Response:
    """Align what is not aligned yet, and what was judged wrong since, in the background."""

    def run(corpus: Corpus) -> Outcome:
        pairs = corpus.align()
        corpus.refresh(files=False)
        return Outcome("{n} pairs of sentences are aligned.", {"n": len(pairs)}, href="/documents")

    job = asked.studio.jobs.current("align") or asked.studio.jobs.start("align", run)
    return RedirectResponse(f"/jobs#job-{job.number}", 303)


def cancel(asked: Asked) -> Response:
    """Stop a job."""
    asked.studio.jobs.cancel(int(asked.params["number"]))
    return RedirectResponse("/jobs", 303)


async def events(studio: Studio, request: Request) -> Response:
    """Send how the jobs stand whenever that changes."""

    async def stream() -> AsyncIterator[str]:
        last, quiet = "", 0.0
        while not await request.is_disconnected():
            now = json.dumps([job.to_dict() | {"seconds": 0} for job in studio.jobs.all()[:5]])
            if now != last:
                last, quiet = now, 0.0
                yield f"data: {now}\n\n"
            elif quiet > _SIGN_OF_LIFE:
                quiet = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(_PAUSE)
            quiet += _PAUSE

    return StreamingResponse(stream(), media_type="text/event-stream")
