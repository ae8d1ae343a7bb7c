from __future__ import annotations

import errno
import json
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from diary.build import Clock, make_begin, make_events, make_summary, make_update
from unkink.diary import Diary, backups, engine, migrations, open_diary, problems, tables
from unkink.diary.engine import FILE_NAME, open_store
from unkink.diary.migrations import fresh
from unkink.errors import ContractError, StoreError


def _code(data_dir: Path, url: str | None = None) -> StoreError:
    with pytest.raises(StoreError) as caught, open_diary(data_dir, url):
        pass
    assert caught.value.exit_code == 5
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


# ----------------------------------------------------------------------------------------------- migrations


def test_tables_and_migrations_are_the_same(tmp_path: Path, url: str | None) -> None:
    store = open_store(tmp_path, url)
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    store.close()


def _describe(data_dir: Path) -> str:
    """Return what makes a diary like this one: its tables, indices and triggers, and the rows it has."""
    store = engine.Store(engine.make_engine(engine.to_url(data_dir, None)), data_dir / FILE_NAME)
    engine.migrate(store)
    store.close()
    with closing(sqlite3.connect(data_dir / FILE_NAME)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        parts = [re.sub(r"[ \t]+$", "", row[0], flags=re.MULTILINE) for row in made]
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 (our own names)
            parts += [f"INSERT INTO {table} VALUES ({', '.join(map(repr, row))})" for row in rows]  # noqa: S608 (text)
    return "".join(f"{part};\n\n" for part in parts)


def test_diary_that_is_made_at_once_is_what_the_steps_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    upgrade = engine._upgrade

    def note(connection: sa.Connection, target: str) -> None:
        steps.append(target)
        upgrade(connection, target)

    monkeypatch.setattr(engine, "_upgrade", note)
    folders = [tmp_path / name for name in ("by-steps", "at-once")]
    for folder in folders:
        folder.mkdir()
    with monkeypatch.context() as without:
        without.setattr(engine, "read_fresh", tuple)
        by_steps = _describe(folders[0])
    assert steps == [migrations.HEAD]
    if os.environ.get("UNKINK_BLESS"):
        fresh.FRESH_FILE.write_text(by_steps, encoding="utf-8", newline="\n")
    assert _describe(folders[1]) == by_steps
    assert steps == [migrations.HEAD], "nothing was left to do for the steps"


def test_list_of_revisions_is_that_of_the_files() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    found = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(found)) == migrations.REVISIONS


def test_tables_compile_for_postgresql() -> None:
    made = [
        str(sa.schema.CreateTable(t).compile(dialect=postgresql.dialect()))
        for t in tables.metadata.sorted_tables
    ]
    text = "\n".join(made)
    assert "started_at TIMESTAMP WITH TIME ZONE NOT NULL" in text
    assert "ON DELETE CASCADE" in text


_OLD_ROWS = """
INSERT INTO person VALUES ('p', 1, NULL, '2025-12-01 08:00:00.000000');
INSERT INTO session VALUES ('s', 2, 'p', 'wall-angels', NULL, 'camera', 0, 'finished', 'r0',
  '2025-12-01 08:00:00.000000', NULL, '2025-12-01 08:00:00.000000', '', 61.5, '{}', '{}', '{}', '{"a": 1}',
  '{"both": 12.5}', 0, 10, 2, NULL, 1, NULL, NULL, NULL, 'green', '[]');
INSERT INTO measurement VALUES ('s', 0, 'left_shoulder_elevation_deg', 'left', 150.5, 4.0, 10,
  '2025-12-01 08:01:00.000000');
UPDATE counter SET value = 2;
"""


def _make_older(folder: Path) -> Path:
    """Make a diary of the first shape, as the first version left it."""
    open_store(folder, target="0001").close()
    path = folder / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_OLD_ROWS)
    return path


def test_older_diary_is_brought_up_to_date_and_copied_before(tmp_path: Path) -> None:
    path = _make_older(tmp_path)
    with open_diary(tmp_path) as diary:
        assert diary.person().id == "p"
        (session,) = diary.sessions()
        assert (session.held_s, session.repetitions, session.signal) == ({"both": 12.5}, 10, "green")
        assert (session.utc_offset_min, session.pain_kinds, session.settled) == (0, (), None)
        assert diary.measurements()[0].value_deg == 150.5
        diary.finish_session(diary.begin_session(make_begin()), make_summary(), "finished")
        assert [s.seq for s in diary.sessions()] == [3, 2]
    (copy,) = backups.all_of(path)
    assert copy.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert connection.execute("SELECT repetitions FROM session").fetchone() == (10,)
    # A second start has nothing to do and copies nothing.
    open_diary(tmp_path).close()
    assert backups.all_of(path) == (copy,)


def test_older_diary_whose_process_was_killed_loses_nothing(tmp_path: Path) -> None:
    """What is in the log only is in the copy, too."""
    path = _make_older(tmp_path)
    writer = sqlite3.connect(path)
    writer.execute("UPDATE session SET repetitions = 11")
    writer.commit()
    with open_diary(tmp_path) as diary:
        assert diary.sessions()[0].repetitions == 11
    (copy,) = backups.all_of(path)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT repetitions FROM session").fetchone() == (11,)
    writer.close()


def test_older_diary_in_postgresql(tmp_path: Path, new_postgres_url: str) -> None:
    store = open_store(tmp_path, new_postgres_url, target="0001")
    with store.write() as connection:
        for statement in _OLD_ROWS.replace("'camera', 0,", "'camera', false,").split(";\n")[:-1]:
            connection.exec_driver_sql(statement)
    store.close()
    with open_diary(tmp_path, new_postgres_url) as diary:
        assert diary.sessions()[0].held_s == {"both": 12.5}


def test_only_the_last_copies_stay(tmp_path: Path) -> None:
    path = _make_older(tmp_path)
    made = [backups.save(path, "0001") for _ in range(4)]
    assert list(backups.all_of(path)) == made[-backups.KEEP :]


def test_migration_that_breaks_off_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _make_older(tmp_path)
    upgrade = engine._upgrade

    def break_off(connection: sa.Connection, target: str) -> None:
        upgrade(connection, target)
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(engine, "_upgrade", break_off)
    assert _code(tmp_path).code == "store-full"
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert "settled" not in {row[1] for row in connection.execute("PRAGMA table_info(session)")}
    with open_diary(tmp_path) as diary:
        assert len(diary.sessions()) == 1


def test_copy_that_cannot_be_made_stops_the_migration(tmp_path: Path) -> None:
    path = _make_older(tmp_path)
    (tmp_path / "backups").write_text("a file in the place of the folder")
    assert _code(tmp_path).code == "store-folder"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_many_that_open_an_older_diary_at_once(tmp_path: Path) -> None:
    path = _make_older(tmp_path)
    script = (
        "import sys, pathlib, unkink.diary as d\nwith d.open_diary(pathlib.Path(sys.argv[1])) as diary:\n"
    )
    script += "    print(len(diary.sessions()))"
    running = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=300)[0].strip() for process in running] == ["1", "1", "1"]
    assert len(backups.all_of(path)) == 1


def test_many_that_open_a_new_postgresql_at_once(tmp_path: Path, new_postgres_url: str) -> None:
    gate = threading.Barrier(3)

    def open_one(_: int) -> str:
        gate.wait()
        with open_diary(tmp_path, new_postgres_url) as diary:
            return diary.person().id

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(open_one, range(3)))) == 1


def test_newer_diary_is_left_alone(tmp_path: Path) -> None:
    open_diary(tmp_path).close()
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
    before = path.read_bytes()
    error = _code(tmp_path)
    assert (error.code, error.params["version"]) == ("store-newer", "0099")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_newer_diary_in_postgresql(tmp_path: Path, new_postgres_url: str) -> None:
    store = open_store(tmp_path, new_postgres_url)
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    store.close()
    assert _code(tmp_path, new_postgres_url).code == "store-newer"


# ------------------------------------------------------------------------------------- what can be in the way


def test_folder_and_file_are_the_persons_own(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "unkink"
    open_diary(folder).close()
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / FILE_NAME).stat().st_mode & 0o077 == 0


def test_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_S", 0.2)
    with open_diary(tmp_path) as diary, closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
        session_id = diary.begin_session(make_begin())
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            diary.append_events(session_id, make_events(1))
        assert caught.value.code == "store-locked"
        # reading goes on, and so does writing once the other is gone
        assert len(diary.sessions()) == 1
        other.rollback()
        assert diary.append_events(session_id, make_events(1)) == 1


def test_locked_by_a_thread_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_S", 0.1)
    with open_diary(tmp_path) as diary, diary.store.alone():
        with ThreadPoolExecutor(1) as pool, pytest.raises(StoreError) as caught:
            pool.submit(diary.begin_session, make_begin()).result()
        assert caught.value.code == "store-locked"


def test_locked_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_S", 0.2)
    open_diary(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert _code(tmp_path).code == "store-locked"


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        error = _code(folder)
        assert error.code == "store-folder"
        assert str(tmp_path) in error.params["path"]
    assert (tmp_path / "data").read_text() == "mine"


def test_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    assert _code(tmp_path).code == "store-folder"


def test_readonly_url(tmp_path: Path) -> None:
    open_diary(tmp_path).close()
    url = f"sqlite:///file:{tmp_path / FILE_NAME}?mode=ro&uri=true"
    assert _code(tmp_path, url).code == "store-readonly"


@contextmanager
def _without_rights() -> Iterator[None]:
    """Root may write everywhere, so another user tries."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(
    ("has_diary", "code"), [(True, "store-readonly"), (False, "store-folder")], ids=["diary", "empty"]
)
def test_readonly_folder(*, has_diary: bool, code: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="unkink-readonly-"))
    try:
        if has_diary:
            open_diary(folder).close()
            (folder / FILE_NAME).chmod(0o444)
        folder.chmod(0o555)
        before = {p.name: p.read_bytes() for p in folder.iterdir()}
        with _without_rights():
            assert _code(folder).code == code
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def _limit_pages(diary: Diary, n_more: int) -> None:
    """Let the file grow by a few pages only."""
    with diary.store.read() as connection:
        n_pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = f"PRAGMA max_page_count = {n_pages + n_more}"
    sa.event.listen(diary.store.engine, "connect", lambda connection, _: connection.execute(limit))
    diary.store.engine.dispose()


def test_full(sqlite_diary: Diary) -> None:
    session_id = sqlite_diary.begin_session(make_begin())
    sqlite_diary.append_events(session_id, make_events(3))
    _limit_pages(sqlite_diary, 2)
    big = make_update(snapshot={"x": "y" * 100_000})
    with pytest.raises(StoreError) as caught:
        sqlite_diary.save_progress(session_id, make_events(2), big)
    assert caught.value.code == "store-full"
    # all or nothing: the events of the write that failed are not there, those before are
    details = sqlite_diary.session(session_id)
    assert details is not None
    assert len(details.events) == 3
    assert sqlite_diary.save_progress(session_id, make_events(1), make_update()) == 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_full_disk(small_disk: Path) -> None:
    with open_diary(small_disk) as diary:
        session_id = diary.begin_session(make_begin())
        diary.append_events(session_id, make_events(3))
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(b"x" * 4096):
                pass
        with pytest.raises(StoreError) as caught:
            diary.save_progress(session_id, make_events(2), make_update(snapshot={"x": "y" * 50_000}))
        assert caught.value.code == "store-full"
        ballast.unlink()
        assert diary.append_events(session_id, make_events(1)) == 4


def test_damaged(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"not a diary at all" * 400)
    assert _code(tmp_path).code == "store-damaged"
    assert path.read_bytes() == b"not a diary at all" * 400


def test_damaged_in_the_middle(tmp_path: Path) -> None:
    with open_diary(tmp_path) as diary:
        session_id = diary.begin_session(make_begin())
        diary.append_events(session_id, make_events(2000))
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    assert _code(tmp_path).code == "store-damaged"


def test_foreign_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
        connection.commit()
    before = (tmp_path / FILE_NAME).read_bytes()
    assert _code(tmp_path).code == "store-foreign"
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b", "sqlite://", "sqlite:///:memory:"])
def test_address_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    assert _code(tmp_path, url).code == "store-url"


def test_server_that_does_not_answer(tmp_path: Path) -> None:
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    error = _code(tmp_path, f"postgresql://me:secret@/diary?host={tmp_path}")
    assert error.code == "store-unreachable"
    assert "secret" not in f"{error!r} {error.params} {error.hint}"


def test_missing_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    error = _code(tmp_path, "postgresql://localhost/diary")
    assert error.code == "store-driver"
    assert "postgres" in error.hint


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "store-full"),
        (errno.EROFS, "store-readonly"),
        (errno.EACCES, "store-folder"),
        (errno.EIO, "store-io"),
    ],
)
def test_what_the_system_says(number: int, code: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught, problems.Translated(tmp_path):
        raise OSError(number, "x")
    assert caught.value.code == code


def test_no_row_is_in_any_exception(diary: Diary, caplog: pytest.LogCaptureFixture) -> None:
    """What is not foreseen is a bug of ours, and its text has nothing of the person's."""
    secret = "numbness in my left arm"
    with pytest.raises(ContractError) as caught, diary.store.write() as connection:
        connection.execute(
            tables.pop.insert().values(id="x", seq=1, person_id="nobody", region=secret, deliberate=None)
        )
    chain: BaseException | None = caught.value
    while chain is not None:
        assert secret not in f"{chain!r} {chain} {vars(chain)}"
        chain = chain.__context__ or chain.__cause__
    assert secret not in caplog.text


def test_every_problem_has_its_sentence(tmp_path: Path, clock: Clock) -> None:
    folder = Path(problems.__file__).parents[1] / "rules" / "locales" / "en"
    texts = json.loads((folder / "store.json").read_text("utf-8"))
    source = "\n".join(p.read_text("utf-8") for p in Path(problems.__file__).parent.glob("*.py"))
    codes = {f"store.{code}" for code in re.findall(r'"store-([a-z-]+)"', source)}
    codes |= {f"store.{code}" for code in re.findall(r'code="(session-[a-z]+|import-[a-z-]+)"', source)}
    spoken = {"store.retrying", "store.failed", "store.saved-again"}
    assert set(texts) - spoken == codes - {"store.bug"}
    for text in texts.values():
        assert set(re.findall(r"{(\w+)}", text)) <= {"path", "where", "version"}
