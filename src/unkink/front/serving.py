"""The server as a program: port, rules, diary, browser, and a kind end.

In: settings. Out: nothing, until it is stopped. Whatever hinders it is a problem with one sentence. Next
file: :mod:`unkink.front.doctor`.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import http.client
import logging
import signal
import socket
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from unkink.errors import AccessError
from unkink.settings import DEFAULT_PORT, ServerSettings

if TYPE_CHECKING:
    import uvicorn

    from unkink.front.access import KeyRing
    from unkink.front.services import Services

HOST = "127.0.0.1"
STOP_WITHIN_S = 5
_WS_MAX_BYTES = 64 * 1024
_ASK_WITHIN_S = 2.0


def load_settings(*, port: int | None = None, data_dir: Path | None = None) -> ServerSettings:
    """Return the settings of command line and environment.

    Raises
    ------
    AccessError
        ``settings-invalid``, naming the settings that do not fit.
    """
    from pydantic import ValidationError

    try:
        given: dict[str, Any] = {"port": port, "data_dir": data_dir}
        return ServerSettings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as exc:
        names = ", ".join(sorted({str(error["loc"][0]) for error in exc.errors() if error["loc"]}))
        code = "settings-invalid"
        raise AccessError(
            code, "problem.settings-invalid", params={"names": names}, hint="unkink serve --help"
        ) from None


def serve_here(settings: ServerSettings, *, is_opened: bool) -> None:
    """Serve until stopped; when Unkink runs already, only open it.

    Raises
    ------
    UnkinkError
        Whatever hinders it, with its sentence and exit code.
    """
    from unkink.front.access import KeyRing

    try:
        listener = open_port(settings.port)
    except AccessError as exc:
        if exc.code == "port-in-use" and is_ours(settings.port, KeyRing(settings.data_dir)):
            typer.echo("Unkink is running already.")
            show_address(settings.port, KeyRing(settings.data_dir), is_opened=is_opened)
            return
        raise
    with contextlib.closing(listener):
        real = settings.model_copy(update={"port": listener.getsockname()[1]})
        _run(real, listener, is_opened=is_opened)


def _run(settings: ServerSettings, listener: socket.socket, *, is_opened: bool) -> None:
    import uvicorn

    from unkink.diary import open_diary
    from unkink.front.access import KeyRing
    from unkink.front.app import create_app
    from unkink.pipeline import load_rulebook

    rulebook = load_rulebook()
    with open_diary(settings.data_dir, settings.database_url) as diary:
        ring = KeyRing(settings.data_dir)
        ring.forget_tokens()
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        app = create_app(settings, diary, rulebook, ring=ring)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            ws_max_size=_WS_MAX_BYTES,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=STOP_WITHIN_S,
        )
        server = uvicorn.Server(config)
        threading.Thread(
            target=_announce, args=(server, app.state.services, ring, is_opened), daemon=True
        ).start()
        signal.signal(signal.SIGTERM, _interrupt)
        # The server takes the signals itself, ends kindly, and then hands them on.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    typer.echo("Unkink has stopped. What was recorded is kept.")


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _announce(server: uvicorn.Server, services: Services, ring: KeyRing, is_opened: bool) -> None:
    """Say the address as soon as the server answers, then read what the first page will ask."""
    waiting = threading.Event()
    while not server.started and not server.should_exit:
        waiting.wait(0.01)
    if server.started:
        show_address(services.settings.port, ring, is_opened=is_opened)
        look_back(services)
        # What was read stays: looking through it for garbage stops an answer for a twentieth of a second.
        gc.collect()
        gc.freeze()


def look_back(services: Services) -> None:
    """Read the past while the browser opens: after ten years that takes half a second."""
    from unkink.front.routes.sessions import read_progress
    from unkink.front.routes.today import show_today

    # What goes wrong here goes wrong again when the page asks, and is told there.
    with contextlib.suppress(Exception):
        show_today(services)
        read_progress(services)


def show_address(port: int, ring: KeyRing, *, is_opened: bool) -> None:
    """Print the address with a new one-time key, and open it."""
    address = f"http://{HOST}:{port}/?token={ring.issue_token()}"
    typer.echo(f"Unkink: {address}")
    typer.echo("This address works once. Stop with Ctrl-C.")
    if is_opened:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(address)


def open_port(port: int) -> socket.socket:
    """Take the port.

    Raises
    ------
    AccessError
        ``port-in-use`` or ``port-not-allowed``.
    """
    # Its protocol named, asyncio sends small packets at once; else every answer waits 40 ms for a receipt.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as exc:
        listener.close()
        other = 0 if port >= 65535 else port + 1 if port > 1024 else DEFAULT_PORT  # noqa: PLR2004 - port numbers
        code = "port-in-use" if exc.errno == errno.EADDRINUSE else "port-not-allowed"
        raise AccessError(
            code, f"problem.{code}", params={"port": port}, hint=f"unkink serve --port {other}"
        ) from None
    return listener


def is_ours(port: int, ring: KeyRing) -> bool:
    """Whether the program on a port is Unkink with this very data folder."""
    from unkink.front.doorway import INSTANCE_HEADER

    if not ring.exists:
        return False
    link = http.client.HTTPConnection(HOST, port, timeout=_ASK_WITHIN_S)
    try:
        link.request("GET", "/api/status")
        return link.getresponse().getheader(INSTANCE_HEADER) == ring.instance
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
