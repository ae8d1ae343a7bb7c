"""Take everything along, bring it back, erase it: the buttons in Settings.

In: the diary, a file from the page. Out: a file, or what was brought or erased. Nothing large is held in
memory by the server's loop: files go over the disk, in the data folder, and are gone afterwards. Next file:
:mod:`unkink.front.app`.
"""

from __future__ import annotations

import os
import secrets
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from unkink.diary.problems import Translated
from unkink.front import belongings
from unkink.front.problems import refuse
from unkink.front.routes import shapes
from unkink.front.routes.shapes_belongings import Erased, EraseWish, ExportFormat, Imported
from unkink.front.services import Here, Services

router = APIRouter(prefix="/api", tags=["person"])

_MEDIA: dict[str, str] = {"json": "application/json", "parquet": "application/zip", "zip": "application/zip"}
_TAKEN = frozenset({"application/octet-stream", "application/json", "application/zip"})
_PART = ".belongings-"
_ANY_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


def _part(here: Services) -> Path:
    """Return a new name for a file on its way, and remove what a crash has left of earlier ones."""
    folder = here.settings.data_dir
    with Translated(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.glob(f"{_PART}*"):
            if here.clock().timestamp() - old.stat().st_mtime > _OLD_S:
                old.unlink(missing_ok=True)
    return folder / f"{_PART}{secrets.token_hex(8)}"


_OLD_S = 3600.0


@router.get(
    "/export",
    response_class=FileResponse,
    responses={200: {"content": {"application/json": {}, "application/zip": _ANY_FILE}}},
)
def export_all(here: Here, format: Annotated[ExportFormat, Query()] = "json") -> FileResponse:  # noqa: A002
    """Download everything that is kept, as JSON, as Parquet tables, or both with the recordings."""
    part = _part(here)
    if format == "json":
        here.diary.export_json(part)
    else:
        here.diary.export_archive(part, only_tables=format == "parquet")
    ending = {"json": ".json", "parquet": "-tables.zip", "zip": ".zip"}[format]
    return FileResponse(
        part,
        media_type=_MEDIA[format],
        filename=f"unkink-{here.clock():%Y-%m-%d}{ending}",
        background=BackgroundTask(part.unlink, missing_ok=True),
    )


@router.post(
    "/import",
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/octet-stream": _ANY_FILE}},
    },
)
async def import_all(request: Request, here: Here) -> Imported:
    """Bring back what was exported: the file itself is the body; what is here stays as it is."""
    if request.headers.get("content-type", "").partition(";")[0].strip() not in _TAKEN:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if here.live:
        refuse("session-running")
    part = _part(here)
    try:
        with Translated(part):
            descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                async for piece in request.stream():
                    file.write(piece)
        imported = await anyio.to_thread.run_sync(here.diary.import_file, part)
    finally:
        part.unlink(missing_ok=True)
    return Imported(
        n_new=imported.n_new,
        n_recordings=imported.n_recordings,
        notes=[
            shapes.Sentence(key=line.key, params=line.params) for line in belongings.tell_imported(imported)
        ],
    )


@router.post("/erase")
def erase(wish: EraseWish, here: Here) -> Erased:
    """Erase everything that is kept, or what is older than a day of the person."""
    if here.live:
        refuse("session-running")
    if wish.before is None:
        erased = here.diary.erase_all()
    else:
        offset_min = here.utc_offset_min()
        if wish.before > here.clock().astimezone().date():
            refuse("input-invalid")
        erased = belongings.erase_before(here.diary, here.rulebook, wish.before, offset_min)
    kept = belongings.tell_kept(erased)
    return Erased(
        n_sessions=erased.n_sessions,
        n_recordings=erased.n_recordings,
        n_entries=erased.n_entries,
        kept=None if kept is None else shapes.Sentence(key=kept.key, params=kept.params),
    )
