"""A full disk, and ``kill -9`` in the middle of a write, a migration or an import."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from diary.build import Clock, make_begin, make_events, make_summary, make_update
from diary.test_engine import _make_older
from diary.test_privacy import _content, fill
from unkink.diary import Diary, migrations, open_diary
from unkink.diary.engine import FILE_NAME
from unkink.diary.records import CheckIn, Note
from unkink.errors import StoreError

N_KILLS = 6

_WRITE = """
import sys
from pathlib import Path
from unkink.diary import open_diary
from unkink.diary.records import CheckIn, Note, SessionBegin, SessionEvent, SessionSummary

diary = open_diary(Path(sys.argv[1]), sys.argv[2] or None)
print("open", flush=True)
for i in range(10_000):
    diary.save_check_in(CheckIn(pain_now=i % 11, details={"i": i}))
    print("check-in", i, flush=True)
    diary.save_note(Note(kind="harm", text=str(i)))
    print("note", i, flush=True)
    session_id = diary.begin_session(
        SessionBegin(exercise_id="seated-twist", variant=None, mode="camera", rules_version="r1")
    )
    diary.append_events(session_id, [SessionEvent(t_s=1.0, kind="pain", payload={"score": 7})])
    diary.finish_session(session_id, SessionSummary(t_s=9.0, stop_rule_ids=("S01",)), "stopped")
    print("session", session_id, flush=True)
    if i % 3 == 0:
        diary.delete_session(session_id)
        print("deleted", session_id, flush=True)
"""

_IMPORT = """
import sys
from pathlib import Path
from unkink.diary import open_diary

with open_diary(Path(sys.argv[1])) as diary:
    print("open", flush=True)
    diary.import_file(Path(sys.argv[3]))
    print("imported", flush=True)
"""

_OPEN = """
import sys
from pathlib import Path
print("open", flush=True)
from unkink.diary import open_diary
open_diary(Path(sys.argv[1])).close()
print("migrated", flush=True)
"""


def _kill(program: str, after_s: float, *arguments: Any) -> list[list[str]]:
    """Run a program, kill it some time after it is open; return what it has acknowledged."""
    words = [str(argument) for argument in arguments]
    process = subprocess.Popen([sys.executable, "-c", program, *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline().split()]
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    said += [line.split() for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait(timeout=60)
    assert said[0] == ["open"]
    return said[1:]


@pytest.mark.parametrize("seed", range(N_KILLS))
def test_killed_at_any_moment_of_writing_keeps_what_was_acknowledged(
    tmp_path: Path, url: str | None, seed: int
) -> None:
    if url is not None and seed > 0:
        pytest.skip("once is enough: the server was not killed")
    after_s = random.Random(seed).uniform(0.05, 0.6)
    said = _kill(_WRITE, after_s, tmp_path, url or "")
    with open_diary(tmp_path, url) as diary:
        if url is None:
            assert diary.check().integrity == "ok"
        numbers = {c.details["i"] for c in diary.check_ins(None)}
        texts = {n.text for n in diary.notes(None)}
        past = {s.session_id: s for s in diary.history().sessions}
        shown = {s.id for s in diary.sessions(None)}
        for what, name in said:
            if what == "check-in":
                assert int(name) in numbers
            elif what == "note":
                assert name in texts
            else:
                assert past[name].stop_rule_ids == ("S01",)
                assert past[name].pain_during == 7
            if what == "deleted":
                assert name not in shown
        diary.save_check_in(CheckIn(pain_now=1))


@pytest.mark.parametrize("seed", range(N_KILLS))
def test_killed_in_a_migration_loses_nothing(tmp_path: Path, seed: int) -> None:
    path = _make_older(tmp_path)
    after_s = random.Random(seed).uniform(0.2, 0.9)
    _kill(_OPEN, after_s, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        # all of the steps or none of them
        assert version in {"0001", migrations.HEAD}
    with open_diary(tmp_path) as diary:
        (session,) = diary.sessions()
        assert (session.held_s, session.repetitions, session.signal) == ({"both": 12.5}, 10, "green")
        assert diary.check().version == migrations.HEAD
        assert [s.seq for s in diary.history().sessions] == [2]


@pytest.mark.parametrize("step", range(1, 14))
def test_stopped_at_any_statement_of_a_migration_loses_nothing(
    tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power fails at the n-th statement that changes the shape."""
    from alembic.ddl import impl

    path = _make_older(tmp_path)
    execute, n_done = impl.DefaultImpl._exec, 0

    class PowerFailure(BaseException):
        pass

    def fail(self: Any, *args: Any, **kwargs: Any) -> Any:
        nonlocal n_done
        n_done += 1
        if n_done == step:
            raise PowerFailure
        return execute(self, *args, **kwargs)

    monkeypatch.setattr(impl.DefaultImpl, "_exec", fail)
    with pytest.raises(PowerFailure):
        open_diary(tmp_path).close()
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert connection.execute("SELECT repetitions FROM session").fetchone() == (10,)
    with open_diary(tmp_path) as diary:
        assert diary.sessions()[0].repetitions == 10


def _make_large_export(folder: Path, clock: Clock) -> tuple[Path, dict[str, Any]]:
    with open_diary(folder, clock=clock) as diary:
        for i in range(60):
            clock.move(3600)
            diary.save_note(Note(kind="worried", text=f"{i}" * 300))
            session_id = diary.begin_session(make_begin())
            diary.save_progress(session_id, make_events(60), make_update())
            diary.finish_session(session_id, make_summary(), "finished")
        return diary.export_json(folder / "export.json"), diary.export_all()


def test_killed_at_any_moment_of_an_import_has_all_or_nothing(tmp_path: Path, clock: Clock) -> None:
    path, export = _make_large_export(tmp_path / "source", clock)
    target = tmp_path / "target"
    with open_diary(target, clock=clock) as diary:
        diary.save_note(Note(kind="harm", text="here already"))
        mine = _content(diary.export_all())
    n_imported = 0
    for seed in range(N_KILLS):
        folder = tmp_path / f"copy-{seed}"
        shutil.copytree(target, folder)
        # once at the very beginning, however fast the machine
        after_s = random.Random(seed).uniform(0.0, 0.5) if seed else 0.0
        said = _kill(_IMPORT, after_s, folder, "", path)
        with open_diary(folder, clock=clock) as diary:
            assert diary.check().integrity == "ok"
            is_all = len(diary.sessions(None)) == len(export["sessions"])
            assert is_all or _content(diary.export_all()) == mine
            assert is_all or said == []
            n_imported += is_all
            assert "here already" in {n.text for n in diary.notes(None)}
            diary.import_file(path)
            assert len(diary.sessions(None)) == len(export["sessions"])
    assert n_imported < N_KILLS


# ----------------------------------------------------------------------------------------------- a full disk


def _fill_up(diary: Diary) -> None:
    """Let the file grow no more, as on a full disk."""
    import sqlalchemy as sa

    @sa.event.listens_for(diary.store.engine, "checkout")
    def limit(connection: Any, _record: Any, _proxy: Any) -> None:
        n_pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {n_pages}")

    @sa.event.listens_for(diary.store.engine, "checkin")
    def free(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1073741823")


def test_a_full_disk_takes_nothing_that_was_acknowledged(tmp_path: Path, clock: Clock) -> None:
    path, _ = _make_large_export(tmp_path / "source", clock)
    with open_diary(tmp_path / "target", clock=clock) as diary:
        fill(diary, clock)
        _fill_up(diary)
        kept = _content(diary.export_all())
        n_notes, codes = 0, set[str]()
        for attempt in (
            lambda: diary.import_file(path),
            *[lambda: diary.save_note(Note(kind="harm", text="x" * 4000))] * 12,
        ):
            try:
                attempt()
                n_notes += 1
            except StoreError as exc:
                codes.add(exc.code)
        assert codes == {"store-full"}
        found = _content(diary.export_all())
        assert found["sessions"] == kept["sessions"]
        assert len(found["notes"]) == len(kept["notes"]) + n_notes
    with open_diary(tmp_path / "target", clock=clock) as diary:
        assert diary.check().integrity == "ok"
        assert _content(diary.export_all()) == found
        assert diary.import_file(path).n_new > 0


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX")
def test_a_disk_that_fills_up_while_an_export_is_written_leaves_no_half_file(
    tmp_path: Path, clock: Clock
) -> None:
    _make_large_export(tmp_path, clock)
    code = (
        "import resource, signal, sys; from pathlib import Path; from unkink.diary import open_diary\n"
        "diary = open_diary(Path(sys.argv[1]))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "failed = 0\n"
        "for write in (diary.export_json, diary.export_archive, diary.export_tables):\n"
        "    try: write(Path(sys.argv[2]) / write.__name__)\n"
        "    except Exception as exc: failed += type(exc).__name__ == 'StoreError'\n"
        "print(failed)\n"
    )
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path, out], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 2
    assert [p.name for p in out.iterdir() if p.is_file()] == []
    assert not list(out.rglob("*.part*"))
    with open_diary(tmp_path) as diary:
        assert len(diary.sessions(None)) == 60


def _tmpfs() -> Path | None:
    """Return a folder in memory with a few megabytes; None where that cannot be mounted."""
    folder = Path("/dev/shm")  # noqa: S108 - only looked at
    return folder if folder.is_dir() else None


@pytest.mark.skipif(shutil.which("mount") is None or _tmpfs() is None, reason="no disk in memory here")
def test_a_really_full_disk(tmp_path: Path, clock: Clock) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a disk in memory may not be mounted here")
    try:
        saved: list[str] = []

        def write_on(diary: Diary) -> None:
            for i in range(2000):
                diary.save_note(Note(kind="harm", text=f"{i}:{'x' * 3000}"))
                saved.append(str(i))

        with open_diary(disk, clock=clock) as diary, pytest.raises(StoreError) as caught:
            write_on(diary)
        assert caught.value.code == "store-full"
        with closing(sqlite3.connect(disk / FILE_NAME)) as connection:
            found = {row[0].partition(":")[0] for row in connection.execute("SELECT text FROM note")}
        assert found == set(saved) != set()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_an_interrupted_export_is_no_import(sqlite_diary: Diary, clock: Clock, tmp_path: Path) -> None:
    fill(sqlite_diary, clock)
    path = sqlite_diary.export_json(tmp_path / "all.json")
    whole = path.read_bytes()
    assert json.loads(whole)
    path.write_bytes(whole[: len(whole) // 2])
    before = _content(sqlite_diary.export_all())
    from unkink.errors import ExchangeError

    with pytest.raises(ExchangeError):
        sqlite_diary.import_file(path)
    assert _content(sqlite_diary.export_all()) == before
