"""Diaries to test with: a clock that obeys, SQLite always, PostgreSQL where a server can be started."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from diary.build import Clock
from unkink.diary import Diary, open_diary


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def _server() -> Iterator[str | None]:
    """Run a PostgreSQL of our own on a socket in a folder of its own; None where that cannot be done."""
    found = shutil.which("postgres")
    if found is None:
        yield None
        return
    tools = Path(found).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="unkink-pg-"))
    user: str | None = None
    if os.geteuid() == 0:  # the server refuses to run as root
        user = "postgres"
        try:
            shutil.chown(folder, pwd.getpwnam(user).pw_uid)
        except KeyError:
            yield None
            return

    def run(tool: str, *arguments: str | Path) -> None:
        command = [tools / tool, "-D", folder / "db", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)

    try:
        run("initdb", "-A", "trust", "-U", "unkink", "-N", "-E", "UTF8")
        run("pg_ctl", "-w", "-o", f"-c listen_addresses='' -k {folder} -F", "start")
        try:
            yield f"postgresql://unkink@/%s?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_numbers = count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    with _server() as pattern:
        if pattern is None:
            pytest.skip("no PostgreSQL server to start here")
        psycopg.connect(pattern % "postgres").close()
        yield pattern


def _make_database(server: str) -> str:
    import psycopg

    name = f"diary_{next(_numbers)}"
    with psycopg.connect(server % "postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server % name


@pytest.fixture
def new_postgres_url(server: str) -> str:
    """A database without tables."""
    return _make_database(server)


@pytest.fixture(scope="session")
def shared_postgres_url(server: str) -> str:
    return _make_database(server)


@pytest.fixture
def postgres_url(shared_postgres_url: str) -> str:
    """A database without rows; making one for every test takes longer than the tests."""
    import psycopg

    with psycopg.connect(shared_postgres_url, autocommit=True) as connection:
        found = connection.execute("SELECT to_regclass('person')").fetchone()
        if found is not None and found[0] is not None:
            connection.execute("TRUNCATE person CASCADE")
            connection.execute("UPDATE counter SET value = 0")
    return shared_postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Every test that asks for this runs on both databases."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def diary(tmp_path: Path, url: str | None, clock: Clock) -> Iterator[Diary]:
    with open_diary(tmp_path, url, clock=clock) as opened:
        yield opened


@pytest.fixture
def sqlite_diary(tmp_path: Path, clock: Clock) -> Iterator[Diary]:
    with open_diary(tmp_path, clock=clock) as opened:
        yield opened
