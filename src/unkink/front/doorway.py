"""The outermost layer: who is let in, what every answer carries, and what happens on a bug.

In: every HTTP request and WebSocket. Out: the same to the app, or a problem. Every answer, errors too,
carries the Content-Security-Policy and its relatives. Nothing that a person said is logged: of an exception
only its kind and place. Next file: :mod:`unkink.front.app`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unkink.front.access import Gate
from unkink.front.problems import MEDIA_TYPE, Problem, problem_from, problem_of

_DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
CSP = "; ".join(_DIRECTIVES)
SECURITY_HEADERS: dict[str, str] = {
    "content-security-policy": CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
INSTANCE_HEADER = "unkink-instance"
"""On refusals for want of a key: tells another start of Unkink whether it is the same data folder that is
served here."""

MAX_BODY_BYTES = 256 * 1024
MAX_IMPORT_BYTES = 2 << 30
"""What an import may have: it goes to the disk piece by piece."""
SAFE_METHODS = frozenset({"GET", "HEAD"})
GUARDED = ("/api", "/live")
"""What needs a key. The page itself holds nothing of anybody."""


def _is_guarded(path: str) -> bool:
    return any(path == start or path.startswith(f"{start}/") for start in GUARDED)


def _most_bytes(scope: Scope) -> int:
    is_import = scope["path"] == "/api/import" and scope.get("method") == "POST"
    return MAX_IMPORT_BYTES if is_import else MAX_BODY_BYTES


def read_cookies(headers: Headers) -> dict[str, str]:
    """Return the cookies of a request; a damaged header has none."""
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


class Doorway:
    """ASGI layer around the whole app.

    Parameters
    ----------
    app : ASGI application
    gate : Gate
    wall_s : callable
        Seconds since 1970, for the expiry of cookies.
    """

    def __init__(self, app: ASGIApp, *, gate: Gate, wall_s: Callable[[], float]) -> None:
        self._app = app
        self._gate = gate
        self._wall_s = wall_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in or refuse."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        n_bytes = 0
        most_bytes = _most_bytes(scope)
        is_api = _is_guarded(scope["path"])

        async def counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > most_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _dress(message, is_api=is_api)
            await send(message)

        try:
            problem = self._refuse(scope)
            if problem is not None:
                await self._tell(problem, scope, dressed)
            elif self._wants_key_exchange(scope):
                await self._exchange(scope, dressed)
            else:
                await self._app(scope, counted, dressed)
        except Exception as exc:  # noqa: BLE001 - the outermost door: a bug becomes a problem with an identity
            problem = problem_from(exc)
            if not started:
                await self._tell(problem, scope, dressed)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem = self._refuse(scope)
        if problem is None:
            try:
                await self._app(scope, receive, send)
            except Exception as exc:  # noqa: BLE001 - as above
                problem_from(exc)
                await _close(send, 1011)
            return
        # Accepted and closed with a code: a page cannot read why a handshake was refused.
        await receive()
        if problem.code == "no-key":
            await send({"type": "websocket.accept"})
            await _close(send, 4003, problem.code)
        else:
            await _close(send, 4003)

    def _refuse(self, scope: Scope) -> Problem | None:
        """Return why a request may not pass, or None."""
        headers = Headers(scope=scope)
        if not self._gate.is_host(headers.get("host", "")):
            return problem_of("other-host")
        origin = headers.get("origin")
        is_read = scope["type"] == "http" and scope["method"] in SAFE_METHODS
        needs_origin = not is_read
        if (origin is None and needs_origin) or (origin is not None and not self._gate.is_own_origin(origin)):
            return problem_of("other-origin")
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"} and _is_guarded(
            scope["path"]
        ):
            return problem_of("other-origin")
        if _is_guarded(scope["path"]) and not self._gate.is_known(read_cookies(headers), self._wall_s()):
            return problem_of("no-key", hint="unkink")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _most_bytes(scope):
            return problem_of("body-too-big")
        return None

    def _wants_key_exchange(self, scope: Scope) -> bool:
        return scope["path"] == "/" and scope["method"] == "GET" and b"token=" in scope["query_string"]

    async def _exchange(self, scope: Scope, send: Send) -> None:
        """Give a cookie for the one-time token of the address and lead to the page without it."""
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        cookie = self._gate.ring.exchange(token, self._wall_s())
        headers = [(b"location", b"/"), (b"content-length", b"0"), (b"cache-control", b"no-store")]
        if cookie is not None:
            headers.append((b"set-cookie", self._gate.cookie_header(cookie).encode()))
        elif not self._gate.is_known(read_cookies(Headers(scope=scope)), self._wall_s()):
            await self._tell(problem_of("key-used", hint="unkink"), scope, send)
            return
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, problem: Problem, scope: Scope, send: Send) -> None:
        """Send a problem: as a document, or as a plain page where a person opened an address."""
        wants_page = "text/html" in Headers(scope=scope).get("accept", "") and not _is_guarded(scope["path"])
        body = plain_page(problem) if wants_page else json.dumps(problem.document()).encode()
        kind = "text/html; charset=utf-8" if wants_page else MEDIA_TYPE
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        if problem.code == "no-key":
            headers.append((INSTANCE_HEADER.encode(), self._gate.ring.instance.encode()))
        await send({"type": "http.response.start", "status": problem.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _dress(message: Message, *, is_api: bool) -> None:
    """Add the headers that every answer carries."""
    headers = MutableHeaders(raw=message["headers"])
    for name, value in SECURITY_HEADERS.items():
        # only a report, which holds its style, brings a policy of its own, stricter than this in all else
        if name != "content-security-policy" or name not in headers:
            headers[name] = value
    if is_api and "cache-control" not in headers:
        headers["cache-control"] = "no-store"
    message["headers"] = headers.raw


async def _close(send: Send, code: int, reason: str = "") -> None:
    await send({"type": "websocket.close", "code": code, "reason": reason})


def plain_page(problem: Problem) -> bytes:
    """Return a page that says one thing, without script or style."""
    from html import escape

    hint = f"<p><code>{escape(problem.hint)}</code></p>" if problem.hint else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Unkink</title>'
        f"<main><h1>Unkink</h1><p>{escape(problem.detail())}</p>{hint}</main></html>"
    ).encode()
