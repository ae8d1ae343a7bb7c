"""The built page: its files, and its one HTML page for every address of its own.

In: the folder that the build makes. Out: routes. Files with a hash in their name never change; everything
else is asked for anew. Next file: :mod:`unkink.front.app`.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, HTMLResponse, Response

from unkink.front.doorway import plain_page
from unkink.front.problems import problem_of

STATIC_DIR = Path(__file__).resolve().parent / "static"
BUILD_COMMAND = "make ui"
_NEVER_CHANGES = "public, max-age=31536000, immutable"
_ASK_ANEW = "no-cache"
_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".task": "application/octet-stream",
    ".binarypb": "application/octet-stream",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""Said by us: the computer's own table of kinds may be wrong, and with ``nosniff`` a wrong kind is an
unread file."""


def is_built(static_dir: Path = STATIC_DIR) -> bool:
    """Whether the page has been built."""
    return (static_dir / "index.html").is_file()


def page_router(static_dir: Path) -> APIRouter:
    """Return the routes of the page."""
    router = APIRouter(include_in_schema=False)
    root = static_dir.resolve()

    @router.get("/{path:path}")
    @router.head("/{path:path}")
    def read_page(path: str) -> Response:
        if path == "api" or path.startswith("api/"):
            raise HTTPException(404)
        file = _find(root, path)
        if file is not None:
            return _file(file, immutable=path.startswith("assets/"))
        if "." in path.rsplit("/", 1)[-1]:
            raise HTTPException(404)
        if not is_built(root):
            return HTMLResponse(plain_page(problem_of("page-not-built", hint=BUILD_COMMAND)), status_code=503)
        return _file(root / "index.html", immutable=False)

    return router


def _find(root: Path, path: str) -> Path | None:
    """Return the file of an address, None where there is none or it would lead out of the folder."""
    if not path or "\0" in path or "\\" in path:
        return None
    try:
        file = (root / path).resolve()
    except (OSError, ValueError):
        return None
    return file if file.is_relative_to(root) and file.is_file() else None


def _file(file: Path, *, immutable: bool) -> Response:
    kind = _KINDS.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return FileResponse(
        file, media_type=kind, headers={"cache-control": _NEVER_CHANGES if immutable else _ASK_ANEW}
    )
