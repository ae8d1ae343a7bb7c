"""What a database says, in our words.

In: an exception of a driver. Out: a :class:`~unkink.errors.StoreError` whose sentence says what happened and
what to do. The driver's own text is left behind on purpose: it can quote the rows, and the rows are about
somebody's health. Next file: :mod:`unkink.diary.engine`.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlalchemy.exc as sa_exc

from unkink.errors import ContractError, StoreError, UnkinkError

RETRY_CODES: frozenset[str] = frozenset(
    {"store-locked", "store-full", "store-readonly", "store-folder", "store-io", "store-unreachable"}
)
"""Problems that can pass by themselves or by what the person does: worth trying again."""

_FREE_ENOUGH_BYTES = 4 << 20

_SQLITE: dict[int, str] = {
    sqlite3.SQLITE_PERM: "store-readonly",
    sqlite3.SQLITE_BUSY: "store-locked",
    sqlite3.SQLITE_LOCKED: "store-locked",
    sqlite3.SQLITE_READONLY: "store-readonly",
    sqlite3.SQLITE_IOERR: "store-io",
    sqlite3.SQLITE_CORRUPT: "store-damaged",
    sqlite3.SQLITE_FULL: "store-full",
    sqlite3.SQLITE_CANTOPEN: "store-folder",
    sqlite3.SQLITE_PROTOCOL: "store-locked",
    sqlite3.SQLITE_NOTADB: "store-damaged",
}

_POSTGRES: dict[str, str] = {
    "25006": "store-readonly",
    "40001": "store-locked",
    "40P01": "store-locked",
    "42501": "store-readonly",
    "53100": "store-full",
    "55P03": "store-locked",
    "57014": "store-locked",
    "58030": "store-io",
    "XX001": "store-damaged",
    "XX002": "store-damaged",
}


def store_error(code: str, *, path: str = "", **params: Any) -> StoreError:
    """Make the error of a code; its sentence has the key ``store.<code>`` without the ``store-``."""
    hint = {"store-newer": "pip install --upgrade unkink", "store-driver": 'pip install "unkink[postgres]"'}
    return StoreError(
        code,
        f"store.{code.removeprefix('store-')}",
        params={"path": path, **params},
        hint=hint.get(code, "unkink doctor"),
    )


def _sqlite_code(exc: sqlite3.Error, path: Path | None) -> str | None:
    number = getattr(exc, "sqlite_errorcode", None)
    if number is None:
        # Python raises this one itself, without a number: the database is gone under an open connection.
        return "store-damaged" if "not a database" in str(exc) else None
    code = _SQLITE.get(number & 0xFF)
    if code == "store-io" and path is not None and is_full(path):
        return "store-full"
    return code


def is_full(path: Path) -> bool:
    """Whether there is next to no room left where a file lies."""
    try:
        return shutil.disk_usage(path.parent).free < _FREE_ENOUGH_BYTES
    except OSError:
        return False


def from_database(exc: BaseException, path: Path | None) -> UnkinkError:
    """Translate the exception of a driver; what is not known is a bug of ours."""
    where = "" if path is None else str(path)
    if isinstance(exc, sa_exc.TimeoutError):
        return store_error(code="store-locked", path=where)
    origin = exc.orig if isinstance(exc, sa_exc.StatementError) else exc
    if isinstance(origin, UnkinkError):
        return origin
    code: str | None = None
    if isinstance(origin, sqlite3.Error):
        code = _sqlite_code(origin, path)
    elif origin is not None and hasattr(origin, "sqlstate"):
        state = getattr(origin, "sqlstate", None)
        unreachable = state is None or state[:2] in {"08", "28", "3D", "53", "57"}
        is_operational = type(origin).__name__ in {"OperationalError", "AdminShutdown", "InterfaceError"}
        code = _POSTGRES.get(state or "")
        if code is None and unreachable and (is_operational or state is not None):
            code = "store-unreachable"
    if code is None:
        return ContractError(code="store-bug", kind=type(origin).__name__)
    return store_error(code, path=where)


def from_system(exc: OSError, path: Path) -> StoreError:
    """Translate what the operating system says about a file or folder of ours."""
    if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
        return store_error(code="store-full", path=str(path))
    if exc.errno == errno.EROFS:
        return store_error(code="store-readonly", path=str(path))
    if exc.errno in {errno.EACCES, errno.EPERM, errno.EEXIST, errno.ENOTDIR, errno.ENOENT}:
        return store_error(code="store-folder", path=str(path))
    return store_error(code="store-io", path=str(path))


class Translated(AbstractContextManager[None]):
    """Block in which errors of the database and of its files become ours, with nothing of theirs attached.

    Parameters
    ----------
    path : Path or None
        The database file, for the sentence.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Raise our error in place of a driver's."""
        if exc is None or isinstance(exc, UnkinkError):
            return
        error: UnkinkError
        if isinstance(exc, (sa_exc.SQLAlchemyError, sqlite3.Error)):
            error = from_database(exc, self._path)
        elif isinstance(exc, OSError):
            error = from_system(exc, self._path or Path())
        else:
            return
        # Neither cause nor context: both can hold rows of the diary, and both end up in logs.
        error.__cause__ = None
        error.__suppress_context__ = True
        try:
            raise error
        finally:
            error.__context__ = None
