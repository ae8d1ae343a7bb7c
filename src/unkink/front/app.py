"""The web application: routes, page, live wire, behind one doorway.

In: settings, diary, rulebook, clock. Out: an ASGI application that binds nothing and opens nothing itself.
Next file: :mod:`unkink.front.live`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from unkink import __version__
from unkink.front import problems
from unkink.front.access import Gate, KeyRing
from unkink.front.doorway import Doorway
from unkink.front.pages import STATIC_DIR, page_router
from unkink.front.routes import (
    belongings,
    check,
    learn,
    person,
    referrals,
    report,
    reviews,
    rules,
    sessions,
    shapes,
    techniques,
    today,
)
from unkink.front.services import Services, read_clock

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.diary import Diary
    from unkink.settings import ServerSettings

_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
    },
}


def create_app(
    settings: ServerSettings,
    diary: Diary,
    rulebook: Rulebook,
    clock: Callable[[], datetime] = read_clock,
    *,
    ring: KeyRing | None = None,
    static_dir: Path = STATIC_DIR,
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings : ServerSettings
        ``port`` is the port that is really listened on.
    diary : Diary
        Open; the caller closes it.
    rulebook : Rulebook
    clock : callable
        Time of day, aware UTC.
    ring : KeyRing, optional
        Keys of the door; by default those in the data folder.
    static_dir : Path
        The built page.

    Returns
    -------
    FastAPI
        With ``state.services`` for whoever serves it.
    """
    gate = Gate(ring or KeyRing(settings.data_dir), port=settings.port, extra_hosts=settings.extra_hosts)
    services = Services(settings=settings, rulebook=rulebook, diary=diary, gate=gate, clock=clock)
    app = _bare_app()
    app.state.services = services
    app.add_api_websocket_route("/live", _live)
    app.include_router(page_router(static_dir))
    app.add_middleware(Doorway, gate=gate, wall_s=lambda: clock().timestamp())
    return app


def describe_api() -> Mapping[str, Any]:
    """Return the OpenAPI description, without opening anything."""
    return _bare_app().openapi()


def _bare_app() -> FastAPI:
    """Return the app with its REST routes and its way of telling problems."""
    app = FastAPI(
        title="Unkink",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses=_PROBLEM,
        generate_unique_id_function=_operation_id,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    for module in (
        person,
        belongings,
        check,
        today,
        reviews,
        referrals,
        report,
        techniques,
        sessions,
        learn,
        rules,
    ):
        app.include_router(module.router)
    app.add_exception_handler(RequestValidationError, _tell_validation)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(problems.UnkinkError, _tell)
    plain_openapi = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain_openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["ProblemDocument"] = shapes.ProblemDocument.model_json_schema()
        for verbs in document["paths"].values():
            for operation in verbs.values():
                operation["responses"].pop("422", None)
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """End live sessions kindly when the server stops: what they hold is flushed."""
    yield
    services: Services | None = getattr(app.state, "services", None)
    if services is not None:
        from unkink.front.live import close_all

        await close_all(services)


async def _live(socket: WebSocket) -> None:
    from unkink.front.live import serve_live

    await serve_live(socket, socket.app.state.services)


def _respond(problem: problems.Problem) -> Response:
    return JSONResponse(problem.document(), status_code=problem.status, media_type=problems.MEDIA_TYPE)


async def _tell(_request: Request, exc: Exception) -> Response:
    return _respond(problems.problem_from(exc))


async def _tell_http(_request: Request, exc: Exception) -> Response:
    status = exc.status_code if isinstance(exc, HTTPException) else 500
    return _respond(problems.problem_from_http(status))


async def _tell_validation(_request: Request, exc: Exception) -> Response:
    errors = exc.errors() if isinstance(exc, RequestValidationError) else ()
    return _respond(problems.problem_of("input-invalid", faults=problems.validation_faults(errors)))
