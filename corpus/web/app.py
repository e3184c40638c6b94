"""The application: which address is which page, and what is answered where something is wrong."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from corpus.base.errors import CorpusError
from corpus.base.limits import MAX_TEXT
from corpus.web.language import LANGUAGES, chosen_language
from corpus.web.pages import documents, jobs, mining, pairing, reading, review, search, start, time, words
from corpus.web.paths import without_paths
from corpus.web.security import Guard
from corpus.web.views import Asked, View, answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from corpus.web.studio import Studio

    Handler: TypeAlias = Callable[[Asked], View | Response]

_log = logging.getLogger(__name__)
_FORMS = ("json", "tsv", "xlsx", "svg", "bib")
_MOST_FILES = 1_000

_PAGES: dict[str, Handler] = {
    "/": start.start,
    "/search": search.search,
    "/documents": documents.documents,
    "/review": review.review,
    "/pair": pairing.pair,
    "/mine": mining.mine,
    "/concordance": words.concordance,
    "/words": words.words,
    "/collocates": words.collocates,
    "/terms": words.terms,
    "/timeline": time.timeline,
    "/trace": time.trace,
    "/jobs": jobs.jobs,
    "/gloss": reading.gloss,
    "/pasted/{number:int}": start.pasted,
    "/document/{doc}": reading.document,
}
_ACTIONS: dict[str, Handler] = {
    "/upload": start.upload,
    "/paste": start.paste,
    "/seeds": start.seeds,
    "/pasted/{number:int}/keep": start.keep,
    "/review": review.judge,
    "/mine": mining.look,
    "/pair": pairing.propose,
    "/pair/accept": pairing.accept,
    "/pair/refuse": pairing.refuse,
    "/pair/link": pairing.link,
    "/pair/unlink": pairing.unlink,
    "/document/{doc}/remove": documents.remove,
    "/jobs/align": jobs.align,
    "/jobs/{number:int}/cancel": jobs.cancel,
}


def create_app(studio: Studio) -> Starlette:
    """Return the application of a studio."""
    routes: list[Route | Mount] = [
        Route("/language", partial(_language), methods=["POST"]),
        Route("/login", partial(_login, studio), methods=["GET", "POST"]),
        Route("/jobs/events", partial(jobs.events, studio)),
    ]
    for path, action in _ACTIONS.items():
        routes.append(Route(path, partial(_asked, studio, action), methods=["POST"]))
    for path, page in _PAGES.items():
        if path != "/":
            routes += [Route(f"{path}.{form}", partial(_asked, studio, page, form=form)) for form in _FORMS]
        routes.append(Route(path, partial(_asked, studio, page)))
    routes.append(Route("/index.json", partial(_asked, studio, start.start, form="json")))
    routes.append(Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(studio.end)

    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, access=studio.access)],
        exception_handlers={HTTPException: partial(_http_error, studio), Exception: _failed},
        lifespan=lifespan,
    )


async def _asked(studio: Studio, handler: Handler, request: Request, form: str = "html") -> Response:
    """Ask a page, in a thread: what it calls takes its time."""
    sent: FormData | None = None
    if request.method == "POST":
        sent = await request.form(max_files=_MOST_FILES, max_part_size=MAX_TEXT)
    asked = _read(studio, request, form, sent)
    response = await run_in_threadpool(_answered, handler, asked, form)
    if sent is not None:
        await sent.close()
    return response


def _read(studio: Studio, request: Request, form: str, sent: FormData | None) -> Asked:
    path = request.url.path if form == "html" else request.url.path.removesuffix(f".{form}")
    language = chosen_language(
        request.cookies.get("duizhao-language"), request.headers.get("accept-language", "")
    )
    partial_ = request.headers.get("hx-request") == "true" and "hx-boosted" not in request.headers
    return Asked(studio, path, request.path_params, request.query_params, sent, language, partial_)


def _answered(handler: Handler, asked: Asked, form: str) -> Response:
    try:
        view = handler(asked)
        return view if isinstance(view, Response) else answer(view, asked, form)
    except CorpusError as error:
        return _refused(asked, form, str(error), 400)
    except Exception as error:
        _log.exception("%s failed", asked.path)
        damaged = type(error).__module__.startswith("polars")
        told = "a file of the workspace is damaged; to see which: corpus check" if damaged else _FAILED
        return _refused(asked, form, told, 500)


_FAILED = "something failed here that should not; the terminal says what"


def _refused(asked: Asked, form: str, message: str, status: int) -> Response:
    told = without_paths(message, asked.studio.corpus.workspace.path)
    if form != "html":
        return JSONResponse({"error": told}, status)
    template = "parts/error.html" if asked.partial else "error.html"
    return answer(View(template, {"message": told, "status": status}, status=status), asked, "html")


async def _http_error(studio: Studio, request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    asked = _read(studio, request, "html", None)
    message = asked.told("There is no such page.") if error.status_code == 404 else error.detail
    return await run_in_threadpool(_refused, asked, "html", message, error.status_code)


async def _failed(_request: Request, _error: Exception) -> Response:
    return Response(_FAILED + "\n", 500, media_type="text/plain")


async def _language(request: Request) -> Response:
    """Keep the language of the interface that was chosen, and go back."""
    sent = await request.form()
    code, back = str(sent.get("language", "")), str(sent.get("back", "/"))
    if not back.startswith("/") or back.startswith(("//", "/\\")):
        back = "/"
    response = RedirectResponse(back, 303)
    if code in LANGUAGES:
        response.set_cookie("duizhao-language", code, max_age=31_536_000, httponly=True, samesite="strict")
    return response


_WRONG_PAUSE = 1.0  # seconds, one wrong password at a time


async def _login(studio: Studio, request: Request) -> Response:
    """Ask for the password, where one is set, and let in who knows it."""
    import anyio

    asked = _read(studio, request, "html", None)
    wrong = False
    if request.method == "POST":
        given: Any = (await request.form()).get("password", "")
        async with studio.access_limit:
            if studio.access.is_password(str(given)):
                return studio.access.admit(RedirectResponse("/", 303))
            await anyio.sleep(_WRONG_PAUSE)
        wrong = True
    return answer(View("login.html", {"wrong": wrong}, status=401 if wrong else 200), asked, "html")
