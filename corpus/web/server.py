"""The server of a studio: a socket on this computer, the address that lets a browser in."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import threading
import webbrowser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.base.errors import CorpusError
from corpus.web.app import create_app
from corpus.web.security import Access
from corpus.web.studio import Studio

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from corpus.api.corpus import Corpus

LOOPBACK = "127.0.0.1"
PORT = 8017
_FEWEST = 8  # letters of a password


@dataclass(frozen=True, slots=True)
class Opened:
    """A studio that can be served.

    Attributes
    ----------
    studio, app, socket
        What is served, and where.
    address
        That a browser is let in by.
    """

    studio: Studio
    app: Starlette
    socket: socket.socket
    address: str


def open_studio(
    corpus: Corpus, *, host: str = LOOPBACK, port: int | None = None, password: str | None = None
) -> Opened:
    """Take a port for a studio; nothing is answered yet.

    Parameters
    ----------
    corpus
        What it shows.
    host
        The address to listen on; one that other computers reach needs a password.
    port
        Which port; None for `PORT`, or another one where that is taken.
    password
        That lets other browsers in, of eight letters at least.

    Raises
    ------
    CorpusError
        If the port is taken, or other computers would reach it without a password.
    """
    remote = not is_loopback(host)
    if remote and password is None:
        raise CorpusError(
            f"{host} is reached from other computers: that needs a password, `password_file=FILE`"
        )
    if password is not None and len(password) < _FEWEST:
        raise CorpusError(f"a password has {_FEWEST} letters at least")
    taken = _listen(host, port)
    number = int(taken.getsockname()[1])
    names = {"localhost"} | ({socket.gethostname().lower(), host.lower()} if remote else set())
    access = Access(secrets.token_urlsafe(32), number, frozenset(names), remote, password)
    studio = Studio(corpus, access)
    called = socket.gethostname() if remote and _is_any(host) else host
    shown = f"[{called}]" if ":" in called else called
    return Opened(studio, create_app(studio), taken, f"http://{shown}:{number}/?token={access.token}")


def is_loopback(host: str) -> bool:
    """Tell whether an address is this computer's own, which no other reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _listen(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in [port] if port is not None else [PORT, 0]:
        taken = socket.socket(family, socket.SOCK_STREAM)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, number))
            taken.listen(128)
        except (OSError, OverflowError) as error:
            taken.close()
            reason = getattr(error, "strerror", None) or str(error)
            continue
        return taken
    raise CorpusError(f"cannot listen on {host}, port {port if port is not None else PORT}: {reason}")


def serve(opened: Opened, *, browser: bool = True) -> None:
    """Answer until interrupted; jobs are cancelled then, and what they finished is kept."""
    import uvicorn

    config = uvicorn.Config(
        opened.app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
        ws="none", timeout_graceful_shutdown=2, lifespan="on", h11_max_incomplete_event_size=65_536,
    )  # fmt: skip
    server = uvicorn.Server(config)
    if browser:
        threading.Thread(target=_open_browser, args=(opened.address,), daemon=True).start()
    if opened.studio.holds_documents:
        opened.studio.prepare(0)  # while the reader looks at the first page
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[opened.socket])


def _open_browser(address: str) -> None:
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)
