"""The database below the diary: how it is opened, brought up to date, read and written.

In: a file or a URL. Out: :class:`Store`, which gives connections for reading and for writing whose errors are
already ours. SQLite keeps a write-ahead log, foreign keys, zeroed deletions and a flush to disk at every
commit; PostgreSQL is used as it is. Next file: :mod:`unkink.diary.repository`.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
import sqlalchemy.exc as sa_exc
from sqlalchemy import event

from unkink.diary import backups
from unkink.diary.migrations import HEAD, REVISIONS
from unkink.diary.migrations.fresh import read_fresh
from unkink.diary.problems import Translated, store_error
from unkink.diary.tables import CHANGE, SEQUENCE, counter

BUSY_S = 5.0
"""How long a write waits for another one before it gives up."""

MIGRATE_WAIT_S = 60.0
"""How long a start waits for another start that brings the diary up to date."""

FILE_NAME = "diary.sqlite3"

_WRITES = "unkink_writes"
_LOCK_KEY = 0x756E6B696E6B  # "unkink", the advisory lock of migrations in PostgreSQL


def _surrogate_free(value: Any) -> Any:
    """Replace what cannot be written as UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_surrogate_free(key): _surrogate_free(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_surrogate_free(item) for item in value]
    return value


def to_json(value: Any) -> str:
    """Write plain data as JSON; numbers that JSON does not have (NaN, infinities) become null."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_surrogate_free(value)).decode()


def file_of(url: sa.URL) -> Path | None:
    """Return the file of a SQLite URL, None for a server."""
    if url.get_backend_name() != "sqlite":
        return None
    name = (url.database or "").removeprefix("file:")
    if not name or name == ":memory:":
        raise store_error(code="store-url", path=url.render_as_string())
    return Path(name)


def to_url(data_dir: Path, url: str | None) -> sa.URL:
    """Return the URL of the database: the given one, or the file in the data folder."""
    if not url:
        return sa.URL.create("sqlite", database=str(data_dir / FILE_NAME))
    try:
        parsed = sa.make_url(url)
        name = parsed.get_backend_name()
    except sa_exc.ArgumentError:
        parsed, name = sa.URL.create("invalid"), "invalid"
    if name in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if name != "sqlite":
        raise store_error(code="store-url")
    return parsed.set(drivername="sqlite")


class Store:
    """An open database, of the right version.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    path : Path or None
        The file, None for a server.
    """

    def __init__(self, engine: sa.Engine, path: Path | None) -> None:
        self.engine = engine
        self.path = path
        # SQLite has one writer; our own threads wait here, in order, instead of polling the file.
        self._lock = threading.Lock() if path is not None else None

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one state of the diary."""
        with Translated(self.path), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction: all of the block is on disk at its end, or nothing."""
        with self.alone(), Translated(self.path), self.engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection
                # Last, so that on a server other writers wait for this row as shortly as can be.
                connection.execute(_RAISE_CHANGE)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep our other writing threads out."""
        if self._lock is None:
            yield
            return
        if not self._lock.acquire(timeout=BUSY_S):
            raise store_error(code="store-locked", path=str(self.path))
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close all connections; SQLite folds its log into the file when the last one goes."""
        self.engine.dispose()


def next_seq(connection: sa.Connection, n: int = 1) -> int:
    """Take the next numbers of the diary's order of writing; return the first of them."""
    mine = counter.c.name == SEQUENCE
    connection.execute(counter.update().where(mine).values(value=counter.c.value + n))
    last = connection.execute(sa.select(counter.c.value).where(mine)).scalar_one()
    return last - n + 1


_RAISE_CHANGE = counter.update().where(counter.c.name == CHANGE).values(value=counter.c.value + 1)
_STAND = sa.select(counter.c.name, counter.c.value).where(counter.c.name.in_((SEQUENCE, CHANGE)))


class Stand(NamedTuple):
    """Where the diary is: while it is the same, everything that was read before is still so."""

    n_changes: int
    last_seq: int


def read_stand(connection: sa.Connection) -> Stand:
    """Read the counters.

    It has to be the first thing that is read in its transaction. What follows is then as new or newer, so
    that something kept under these numbers is at worst thrown away too early.
    """
    values: dict[str, int] = {row.name: row.value for row in connection.execute(_STAND)}
    return Stand(n_changes=values.get(CHANGE, 0), last_seq=values.get(SEQUENCE, 0))


def _tune(connection: sqlite3.Connection, _record: object) -> None:
    """Set up one SQLite connection."""
    connection.isolation_level = None  # transactions are ours to begin
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    # The change does not wait for others by itself.
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: sa.Connection) -> None:
    """Begin a SQLite transaction; one that writes takes its place at once and never fails half-way."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def make_engine(url: sa.URL) -> sa.Engine:
    """Make the SQLAlchemy engine of a database."""
    shared: dict[str, Any] = {
        # Parameters are health data: never in the text of an exception.
        "hide_parameters": True,
        "json_serializer": to_json,
        "json_deserializer": msgspec.json.decode,
        "pool_size": 5,
        "max_overflow": 40,
        "pool_timeout": BUSY_S,
    }
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url, poolclass=sa.QueuePool, connect_args={"check_same_thread": False}, **shared
        )
        event.listen(engine, "connect", _tune)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        waits = f"-c lock_timeout={int(BUSY_S * 1000)}"
        return sa.create_engine(
            url, pool_pre_ping=True, connect_args={"connect_timeout": 5, "options": waits}, **shared
        )
    except ModuleNotFoundError:
        pass
    raise store_error(code="store-driver")


def _make_folder(path: Path) -> None:
    """Make the folder and an empty file that only this user can read."""
    with Translated(path.parent):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        with Translated(path):
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _peek(path: Path) -> str | None:
    """Read the version of a SQLite diary without touching it; None when it is new or cannot be told yet."""
    if not path.is_file() or path.stat().st_size == 0:
        return None
    tables: set[str] = set()
    with Translated(path):
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
                if "alembic_version" in tables:
                    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                    return None if row is None else str(row[0])
        except sqlite3.OperationalError:
            # The log of a crash can need a writer to be read; the version is looked at again then.
            return None
    if tables:
        raise store_error(code="store-foreign", path=str(path))
    return None


def version_of(connection: sa.Connection) -> str | None:
    """Read the version of the diary, None when it is new."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _refuse_newer(version: str | None, path: Path | None) -> None:
    if version is not None and version not in REVISIONS:
        raise store_error(code="store-newer", path="" if path is None else str(path), version=version)


def _make_fresh(connection: sa.Connection) -> str | None:
    """Make the tables of a new SQLite diary; return the version it then has."""
    for statement in read_fresh():
        connection.exec_driver_sql(statement)
    return version_of(connection)


def _upgrade(connection: sa.Connection, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "unkink.diary:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def migrate(store: Store, target: str = HEAD) -> None:
    """Bring the diary up to date, one process at a time, all or nothing; keep a copy of an older file."""
    with store.read() as connection:
        version = version_of(connection)
    _refuse_newer(version, store.path)
    if version == target:
        return
    with store.alone(), Translated(store.path), store.engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        if store.path is not None:
            raw = plain.connection.dbapi_connection
            assert raw is not None  # noqa: S101 - open since the line above
            raw.cursor().execute(f"PRAGMA busy_timeout = {int(MIGRATE_WAIT_S * 1000)}")
        with connection.begin():
            if store.path is None:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            # Another start may have done it while this one waited.
            version = version_of(connection)
            _refuse_newer(version, store.path)
            if version == target:
                return
            if version is not None and store.path is not None:
                backups.save(store.path, version)
            if version is None and store.path is not None and target == HEAD:
                version = _make_fresh(connection)
            if version != target:
                _upgrade(connection, target)
        plain.connection.invalidate()  # with its long patience


def open_store(data_dir: Path, url: str | None = None, *, target: str = HEAD) -> Store:
    """Open the database, make it when there is none, and bring it up to date.

    Parameters
    ----------
    data_dir : Path
        Unkink's folder; the database is in it unless ``url`` says otherwise.
    url : str or None
        ``postgresql://...`` or ``sqlite:///...``.
    target : str
        Version to bring it to; tests make older ones.

    Raises
    ------
    StoreError
        ``store-folder``, ``store-readonly``, ``store-full``, ``store-locked``, ``store-damaged``,
        ``store-foreign``, ``store-newer``, ``store-io``, ``store-unreachable``, ``store-driver``,
        ``store-url``.
    """
    parsed = to_url(data_dir, url)
    path = file_of(parsed)
    if path is not None:
        is_uri = "uri" in parsed.query
        if not is_uri:
            _refuse_newer(_peek(path), path)
            _make_folder(path)
    store = Store(make_engine(parsed), path)
    try:
        migrate(store, target)
        with store.write() as connection:
            # What cannot be written is told now, not after a session.
            connection.execute(counter.update().values(value=counter.c.value))
    except BaseException:
        store.close()
        raise
    return store
