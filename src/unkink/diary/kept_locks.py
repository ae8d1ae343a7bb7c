"""What locks, noted once more beside the diary: an older copy of the diary put in its place opens nothing.

In: the locks of now. Out: the locks that were noted last. The note has no answers, only which rule locks
since when; it goes with everything else when everything is erased. Next file: :mod:`unkink.diary.repository`.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Literal

import msgspec

from unkink.coach.history import KeptLock
from unkink.diary.problems import Translated

NAME = "locks.json"


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is in the file."""

    format: Literal[1]
    person_id: str
    locks: tuple[KeptLock, ...]


def load(folder: Path, person_id: str) -> tuple[KeptLock, ...]:
    """Return the locks of a person that were noted last; none when there is no note, or it is another's.

    A note that cannot be read tells nothing: the diary itself has its locks.
    """
    try:
        note = msgspec.json.decode((folder / NAME).read_bytes(), type=Note)
    except (OSError, msgspec.DecodeError):
        return ()
    return note.locks if note.person_id == person_id else ()


def save(folder: Path, person_id: str, locks: tuple[KeptLock, ...]) -> None:
    """Note the locks of now, completely or not at all; without locks there is no note.

    Raises
    ------
    StoreError
        When the note cannot be written.
    """
    path = folder / NAME
    if not locks:
        erase(folder)
        return
    part = path.with_name(f"{NAME}.{os.getpid()}.part")
    data = msgspec.json.encode(Note(format=1, person_id=person_id, locks=locks))
    with Translated(path):
        try:
            with open(part, "wb", opener=_open_private) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def erase(folder: Path) -> None:
    """Remove the note."""
    with contextlib.suppress(OSError):
        (folder / NAME).unlink(missing_ok=True)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
