"""Everything in one file to take along: the diary as JSON and the recordings beside it.

In: an export and the recordings folder. Out: a zip file, and the way back. Next file:
:mod:`unkink.diary.privacy`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from unkink.diary.privacy import is_recording_name
from unkink.diary.problems import Translated
from unkink.errors import ExchangeError

_DIARY = "diary.json"
_FOLDER = "recordings/"
_DIARY_BYTES = 1 << 30  # nobody writes this much; a file that claims more is not an export


def save(export: Mapping[str, Any], recordings_dir: Path, path: Path) -> Path:
    """Write an export and its recordings; the file appears when it is complete."""
    part = path.with_name(f"{path.name}.part")
    listed = [one["path"] for one in export["recordings"]]
    files = [recordings_dir / name for name in listed if is_recording_name(name)]
    with Translated(path):
        try:
            with part.open("wb") as raw:
                with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
                    file.writestr(_DIARY, msgspec.json.format(msgspec.json.encode(export), indent=1))
                    for recording in files:
                        if recording.is_file():
                            file.write(recording, _FOLDER + recording.name, zipfile.ZIP_STORED)
                raw.flush()
                os.fsync(raw.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return path


def load(path: Path) -> dict[str, Any]:
    """Read the diary out of the file, or out of a bare JSON file."""
    found: dict[str, Any] | None = None
    with Translated(path), contextlib.suppress(zipfile.BadZipFile, KeyError, ValueError):
        found = msgspec.json.decode(_read(path), type=dict[str, Any])
    if found is None:
        raise ExchangeError(
            code="import-not-a-diary", message_key="store.import-not-a-diary", params={"where": "$"}
        )
    return found


def _read(path: Path) -> bytes:
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as file:
        is_sound = file.getinfo(_DIARY).file_size <= _DIARY_BYTES
        return file.read(_DIARY) if is_sound else b""


def extract(path: Path, recordings_dir: Path, names: Sequence[str]) -> int:
    """Bring back the recordings that the diary knows of and does not have; return how many."""
    if not zipfile.is_zipfile(path):
        return 0
    count = 0
    with Translated(recordings_dir), zipfile.ZipFile(path) as file:
        inside = set(file.namelist())
        for name in names:
            target = recordings_dir / name
            if _FOLDER + name not in inside or not is_recording_name(name) or target.exists():
                continue
            recordings_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = target.with_name(f"{name}.tmp")
            with file.open(_FOLDER + name) as source, part.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            part.replace(target)
            count += 1
    return count
