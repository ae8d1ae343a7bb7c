"""Everything in files to take along, and back: one JSON, one zip, or a folder of Parquet tables.

In: an export and the recordings folder. Out: files that appear when they are complete, and plain data of them
again. A zip holds ``diary.json``, ``tables/*.parquet`` and ``recordings/*.parquet``. Next file:
:mod:`unkink.diary.importing`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from unkink.diary.exporting import Export, to_json
from unkink.diary.import_checks import import_error, is_recording_name
from unkink.diary.problems import Translated

_DIARY = "diary.json"
_FOLDER = "recordings/"
_TABLES = "tables/"
_DIARY_BYTES = 1 << 30  # nobody writes this much; a file that claims more is not an export


# ---------------------------------------------------------------------------------------------------- save


def save_json(export: Export, path: Path) -> Path:
    """Write an export without its recordings."""
    return _save(path, lambda part: part.write_bytes(to_json(export)))


def save_tables(export: Export, folder: Path) -> Path:
    """Write an export as a folder of Parquet tables; an older one there is replaced file by file."""
    from unkink.diary.parquet import write_tables

    with Translated(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as made:
            for path in write_tables(export, Path(made)):
                _flush(path)
                path.replace(folder / path.name)
    return folder


def save(export: Export, recordings_dir: Path, path: Path, *, only_tables: bool = False) -> Path:
    """Write an export and its recordings into one zip file, or its tables alone."""

    def write(part: Path) -> None:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
            if not only_tables:
                file.writestr(_DIARY, to_json(export))
            _add_tables(export, file, part.parent)
            listed = [] if only_tables else [one.path for one in export.recordings]
            for recording in (recordings_dir / name for name in listed if is_recording_name(name)):
                if recording.is_file():
                    file.write(recording, _FOLDER + recording.name, zipfile.ZIP_STORED)

    return _save(path, write)


def _add_tables(export: Export, file: zipfile.ZipFile, folder: Path) -> None:
    from unkink.diary.parquet import write_tables

    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as made:
        for table in write_tables(export, Path(made)):
            file.write(table, _TABLES + table.name, zipfile.ZIP_STORED)


def _save(path: Path, write: Callable[[Path], object]) -> Path:
    part = path.with_name(f"{path.name}.part")
    with Translated(path):
        try:
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
            write(part)
            _flush(part)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return path


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


# ---------------------------------------------------------------------------------------------------- load


def load(path: Path) -> dict[str, Any]:
    """Read the diary out of a JSON file, a zip file or a folder of tables.

    Raises
    ------
    ExchangeError
        ``import-not-a-diary``, ``import-damaged``.
    """
    found: dict[str, Any] | None = None
    with Translated(path), contextlib.suppress(zipfile.BadZipFile, KeyError, ValueError):
        if path.is_dir():
            found = _load_folder(path)
        elif not zipfile.is_zipfile(path):
            found = _decode(path.read_bytes())
        else:
            found = _load_zip(path)
    if found is None:
        raise import_error(code="import-not-a-diary")
    return found


def _decode(data: bytes) -> dict[str, Any]:
    return msgspec.json.decode(data, type=dict[str, Any])


def _load_folder(path: Path) -> dict[str, Any]:
    from unkink.diary.parquet import read_tables

    inside = path / _TABLES
    return read_tables(inside if inside.is_dir() else path)


def _load_zip(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as file:
        names = set(file.namelist())
        tables = [name for name in names if is_recording_name(name.removeprefix(_TABLES))]
        wanted = [_DIARY] if _DIARY in names else tables
        if not wanted or sum(file.getinfo(name).file_size for name in wanted) > _DIARY_BYTES:
            raise KeyError(_DIARY)
        if wanted == [_DIARY]:
            return _decode(file.read(_DIARY))
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".part-") as folder:
            for name in wanted:
                (Path(folder) / name.removeprefix(_TABLES)).write_bytes(file.read(name))
            return _load_folder(Path(folder))


def extract(path: Path, recordings_dir: Path, names: Sequence[str]) -> int:
    """Bring back the recordings that the diary knows of and does not have; return how many."""
    if path.is_dir() or not zipfile.is_zipfile(path):
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
            try:
                with file.open(_FOLDER + name) as source, part.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
                _flush(part)
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            count += 1
    return count
