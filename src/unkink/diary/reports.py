"""How the store is, for the doctor.

In: an open store. Out: :class:`StoreReport`. Next file: :mod:`unkink.front.command`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from unkink.diary import backups, tables
from unkink.diary.engine import Store, version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReport:
    """What the doctor says about the store. Counts and sizes, no content."""

    url: str
    """Without its password."""
    path: str | None
    """The file, None for a server."""
    version: str
    integrity: str
    """``ok``, or ``damaged``; ``unknown`` for a server."""
    n_sessions: int
    n_recordings: int
    n_backups: int
    size_bytes: int
    free_bytes: int | None


def check(store: Store, recordings_dir: Path) -> StoreReport:
    """Look at the store; reads every page of a SQLite file."""
    integrity = "unknown"
    with store.read() as connection:
        version = version_of(connection) or ""
        n_sessions = connection.execute(sa.select(sa.func.count()).select_from(tables.session)).scalar_one()
        n_recordings = connection.execute(
            sa.select(sa.func.count()).select_from(tables.recording)
        ).scalar_one()
        if store.path is not None:
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            integrity = "ok" if said == "ok" else "damaged"
    folder = recordings_dir.parent if store.path is None else store.path.parent
    files = [] if store.path is None else sorted(folder.glob(f"{store.path.name}*"))
    return StoreReport(
        url=store.engine.url.render_as_string(hide_password=True),
        path=None if store.path is None else str(store.path),
        version=version,
        integrity=integrity,
        n_sessions=n_sessions,
        n_recordings=n_recordings,
        n_backups=0 if store.path is None else len(backups.all_of(store.path)),
        size_bytes=sum(file.stat().st_size for file in files),
        free_bytes=shutil.disk_usage(folder).free if folder.exists() else None,
    )
