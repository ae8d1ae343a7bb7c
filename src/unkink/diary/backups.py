"""Copies of an older diary, made before it is brought up to date.

In: a SQLite file. Out: a copy beside it, complete or not there at all. Next file: :mod:`unkink.diary.engine`.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from unkink.diary.problems import Translated

KEEP = 2
"""How many copies stay."""


def folder_of(path: Path) -> Path:
    """Return the folder of the copies of a diary."""
    return path.parent / "backups"


def all_of(path: Path) -> tuple[Path, ...]:
    """Return the copies of a diary, oldest first, with what is left of interrupted ones."""
    return tuple(sorted(folder_of(path).glob(f"{path.stem}-*{path.suffix}*")))


def save(path: Path, version: str) -> Path:
    """Copy what is committed, while the caller keeps other writers out.

    Parameters
    ----------
    path : Path
        The diary.
    version : str
        Its version, for the name of the copy.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    copy = folder_of(path) / f"{path.stem}-{stamp}-v{version}{path.suffix}"
    part = copy.with_name(f"{copy.name}.part")
    with Translated(copy):
        copy.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
            with (
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(part)) as target,
            ):
                source.backup(target)
                # One file that can be opened on its own, without a log beside it.
                target.execute("PRAGMA journal_mode = DELETE")
            _flush(part)
            part.replace(copy)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    complete = [p for p in all_of(path) if p.suffix == path.suffix]
    for old in complete[:-KEEP]:
        old.unlink(missing_ok=True)
    return copy


def erase(path: Path) -> int:
    """Delete all copies; return how many there were."""
    copies = all_of(path)
    for copy in copies:
        copy.unlink(missing_ok=True)
    return len(copies)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
