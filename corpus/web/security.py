"""Who may ask the studio: the address, the token, where a request comes from, how large it is.

Any page that a browser has open can send requests to this computer. So a request has to name an address of
the studio's own (a name that an attacker's DNS points here is refused), carry the token of this start as a
cookie that is never sent from other sites, and, if it changes something, come from a page of the studio.
"""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_UPLOAD = 200_000_000
"""Bytes of a request: some dozen texts of the largest size that is read."""

_SAFE = ("GET", "HEAD", "OPTIONS")
_OPEN = ("/static/", "/login")
"""What is answered without the token: nothing of the workspace."""

_POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    )
)  # fmt: skip
_HEADERS = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask.

    Attributes
    ----------
    token
        Made anew at each start; it is the cookie's value, too.
    port
        That the studio listens on.
    names
        The names that it may be called by, in small letters, besides addresses.
    remote
        Whether it may be asked from other computers: then every address is one of its own, as no DNS is
        asked for these.
    password
        That lets a browser in that has not the token; None for none.
    """

    token: str = field(repr=False)
    port: int
    names: frozenset[str] = frozenset({"localhost"})
    remote: bool = False
    password: str | None = field(default=None, repr=False)

    @property
    def cookie(self) -> str:
        """The cookie's name; cookies are not told apart by ports, so that it has the port in it."""
        return f"duizhao-{self.port}"

    def knows(self, host: str) -> bool:
        """Tell whether a header Host names the studio."""
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname, parts.port or 80
        except ValueError:
            return False
        if name is None or port != self.port or "@" in host or "/" in host:
            return False
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return name in self.names
        return self.remote or address.is_loopback

    def lets_in(self, given: str | None) -> bool:
        """Tell whether a token is the right one."""
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def is_password(self, given: str) -> bool:
        """Tell whether a password is the right one."""
        return self.password is not None and hmac.compare_digest(given.encode(), self.password.encode())

    def admit(self, response: Response) -> Response:
        """Give a browser the cookie."""
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return response


class _TooLargeError(Exception):
    pass


class Guard:
    """The studio's door: refuses what is not for it, and says on every answer what a page may do."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = False

        async def secured(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if not scope["path"].startswith("/static/"):
                    headers["cache-control"] = "no-store"
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, secured)
            return
        try:
            await self._app(scope, _capped(receive), secured)
        except _TooLargeError:
            if not started:
                await _too_large()(scope, receive, secured)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return the answer to a request that is not to be let through, None for others."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._access.knows(host):
            return _plain("This is not an address of the studio.", 421)
        if not _is_from_here(scope["method"], headers, host):
            return _plain("This request comes from another site.", 403)
        length = headers.get("content-length")
        if length is not None and (not length.isdigit() or int(length) > MAX_UPLOAD):
            return _too_large()
        return self._unknown(scope, headers)

    def _unknown(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the answer to who has not the cookie: it, for the token, or how to come by that."""
        access, path = self._access, str(scope["path"])
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = dict(query).get("token")
        if given is not None and scope["method"] == "GET":
            if not access.lets_in(given):
                return _plain(_ASK, 401)
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            here = "/" + quote(path.lstrip("/\\"))  # //host is another site to a browser
            return access.admit(RedirectResponse(here + (f"?{rest}" if rest else ""), 303))
        if path.startswith(_OPEN) or access.lets_in(_cookie(headers.get("cookie", ""), access.cookie)):
            return None
        if access.password is not None and scope["method"] == "GET":
            return RedirectResponse("/login", 303)
        return _plain(_ASK, 401)


_ASK = "Open the address that corpus serve printed: it holds the key to this studio, another at each start."


def _is_from_here(method: str, headers: Headers, host: str) -> bool:
    """Tell whether a request comes from a page of the studio, or a browser's user; by what browsers say."""
    origin = headers.get("origin")
    own = origin is not None and origin == f"http://{host}"
    site = headers.get("sec-fetch-site", "none")
    if method not in _SAFE:
        return own and site in ("same-origin", "none")
    if origin is not None and not own:
        return False
    # What a user follows from another site is a page; nothing else may be asked from there.
    is_page = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return site in ("same-origin", "none") or is_page


def _capped(receive: Receive) -> Receive:
    """Return a body that ends where it gets too large, whatever its header says."""
    seen = 0

    async def capped() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > MAX_UPLOAD:
                raise _TooLargeError
        return message

    return capped


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return None if found is None else found.value


def _plain(text: str, status: int) -> Response:
    return PlainTextResponse(text + "\n", status)


def _too_large() -> Response:
    return _plain(f"That is more than {MAX_UPLOAD:,} bytes, the most that is taken at once.", 413)
