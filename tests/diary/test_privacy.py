from __future__ import annotations

import copy
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diary.build import Clock, make_begin, make_events, make_summary, make_update
from unkink.diary import Diary, backups, migrations, open_diary, tables
from unkink.diary.recordings import RecordingWriter
from unkink.diary.records import (
    CheckIn,
    Clearance,
    Note,
    Pop,
    Recording,
    ReferralAnswer,
    Review,
    Screening,
    ScreeningDraft,
    SessionAfter,
    SessionEvent,
)
from unkink.errors import ExchangeError, StoreError

SECRET = "tingling-in-the-left-hand"


def fill(diary: Diary, clock: Clock, n: int = 3) -> list[str]:
    """Put something of everything into a diary."""
    diary.save_settings({"sound": "bell", "note": SECRET})
    diary.save_screening(
        Screening(
            answers={"E01": "no"},
            details={"said": SECRET},
            assessment={"lock_ids": []},
            tier="clear",
            rules_version="r1",
        )
    )
    diary.save_screening_draft(ScreeningDraft(answers={"E01": "unsure"}, details={"said": SECRET}))
    diary.save_clearance(
        Clearance(assessed_on=date(2026, 3, 1), gentle_ok=True, rule_ids=("U12", "U13"), note_kind=SECRET)
    )
    ids = []
    for i in range(n):
        clock.move(3600 if i != 1 else -7200)
        diary.save_check_in(CheckIn(pain_now=i, places=(SECRET,), utc_offset_min=60))
        session_id = diary.begin_session(make_begin(client={"said": SECRET}))
        ids.append(session_id)
        diary.save_progress(session_id, make_events(4), make_update())
        diary.append_events(session_id, [SessionEvent(t_s=9.5, kind="pain", payload={"said": SECRET})])
        diary.save_pop(Pop(deliberate=i == 0, region="neck", session_id=session_id))
        if i < n - 1:
            diary.finish_session(session_id, make_summary(summary={"said": SECRET}), "finished")
            diary.save_after(session_id, SessionAfter(pain_after=1, felt=SECRET))
        else:
            diary.interrupt_session(session_id)
    diary.save_pop(Pop(deliberate=False))
    diary.save_review(Review(pain_worst=4, is_constant=False, since_weeks=2.5, activities={"a1": 7}))
    diary.save_note(Note(kind="harm", text=SECRET, session_id=ids[0]))
    diary.save_referral_answer(ReferralAnswer(rule_id="R01", answer="booked"))
    path = diary.recordings_dir / f"{ids[0]}.parquet"
    with RecordingWriter(path, width_px=640, height_px=480) as writer:
        for i in range(20):
            writer.add(i / 10, np.full((33, 4), i, np.float32))
        writer.event({"t_s": 1.0, "said": SECRET})
    diary.save_recording(Recording(session_id=ids[0], path=path.name, n_frames=20, finished=True))
    return ids


def _content(export: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in export.items() if key != "exported_at"}


def test_export_is_plain_and_complete(diary: Diary, clock: Clock) -> None:
    ids = fill(diary, clock)
    export = diary.export_all()
    assert json.loads(json.dumps(export)) == export
    assert (export["format"], export["version"]) == ("unkink-diary", 2)
    assert [s["session"]["id"] for s in export["sessions"]] == ids
    assert [len(s["events"]) for s in export["sessions"]] == [5, 5, 5]
    assert len(export["sessions"][0]["measurements"]) == 2
    assert len(export["pops"]) == 4
    assert export["recordings"][0]["path"] == f"{ids[0]}.parquet"
    assert export["screening_draft"]["answers"] == {"E01": "unsure"}


def test_what_was_exported_is_what_is_imported(
    diary: Diary, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    fill(diary, clock)
    export = diary.export_all()
    history = diary.history()
    with open_diary(tmp_path / "other", clock=clock) as other:
        n_new = other.import_all(json.loads(json.dumps(export)))
        assert n_new == 1 + 1 + 3 + 3 + 4 + 3
        assert _content(other.export_all()) == _content(export)
        assert other.history() == history
        # again: nothing new, nothing changed
        assert other.import_all(export) == 0
        assert _content(other.export_all()) == _content(export)
        # and it goes on counting
        session_id = other.begin_session(make_begin())
        assert other.sessions()[0].id == session_id


def test_import_into_the_same_database_after_erasing(diary: Diary, clock: Clock) -> None:
    fill(diary, clock)
    export = diary.export_all()
    diary.erase_all()
    diary.import_all(export)
    assert _content(diary.export_all()) == _content(export)


def test_import_into_a_diary_that_has_something(sqlite_diary: Diary, tmp_path: Path, clock: Clock) -> None:
    with open_diary(tmp_path / "other", clock=clock) as other:
        theirs = fill(other, clock)
        export = other.export_all()
    clock.move(-1800)
    sqlite_diary.save_settings({"sound": "voice"})
    mine = sqlite_diary.begin_session(make_begin())
    sqlite_diary.finish_session(mine, make_summary(), "finished")
    clock.move(7200)
    later = sqlite_diary.begin_session(make_begin())
    sqlite_diary.finish_session(later, make_summary(), "finished")
    assert sqlite_diary.import_all(export) == 15
    # each keeps its own order, the clock says only how they interleave
    assert [s.id for s in sqlite_diary.sessions()][::-1] == [mine, *theirs, later]
    assert sqlite_diary.settings() == {"sound": "voice", "note": SECRET}
    assert sqlite_diary.import_all(export) == 0
    seqs = [s.seq for s in sqlite_diary.sessions()] + [p.seq for p in sqlite_diary.pops()]
    assert len(set(seqs)) == len(seqs)
    assert sqlite_diary.begin_session(make_begin())


def _broken(export: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(export)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("format",), "recipes", "import-not-a-diary"),
        (("version",), 3, "import-newer"),
        (("version",), "one", "import-damaged"),
        (("sessions", 0, "session", "status"), "victorious", "import-damaged"),
        (("sessions", 0, "session", "started_at"), "2026-03-04T12:00:00", "import-damaged"),
        (("sessions", 0, "session", "started_at"), SECRET, "import-damaged"),
        (("sessions", 0, "events", 0, "t_s"), SECRET, "import-damaged"),
        (("sessions", 0, "sets", 0, "side"), SECRET, "import-damaged"),
        (("sessions",), None, "import-damaged"),
        (("check_ins", 0, "id"), "", "import-damaged"),
        (("recordings", 0, "path"), "../../etc/passwd", "import-damaged"),
        (("recordings", 0, "path"), "/etc/passwd", "import-damaged"),
        (("sessions", 0, "session", "repetitions"), 2**80, "import-damaged"),
    ],
)
def test_damaged_export_changes_nothing(
    sqlite_diary: Diary, clock: Clock, tmp_path: Path, path: tuple[Any, ...], value: Any, code: str
) -> None:
    fill(sqlite_diary, clock)
    export = sqlite_diary.export_all()
    with open_diary(tmp_path / "other", clock=clock) as other:
        person = other.person()
        with pytest.raises(ExchangeError) as caught:
            other.import_all(_broken(export, path, value))
        assert caught.value.code == code
        assert SECRET not in f"{caught.value} {caught.value.params} {caught.value.__context__!r}"
        assert other.sessions() == ()
        assert other.settings() == {}
        assert other.person() == person


@pytest.mark.parametrize("data", [{}, {"format": "unkink-diary"}, {"format": "unkink-diary", "version": 1}])
def test_anything_else_is_no_export(sqlite_diary: Diary, data: dict[str, Any]) -> None:
    with pytest.raises(ExchangeError):
        sqlite_diary.import_all(data)


def test_archive_brings_the_recordings_too(sqlite_diary: Diary, clock: Clock, tmp_path: Path) -> None:
    ids = fill(sqlite_diary, clock)
    path = sqlite_diary.export_archive(tmp_path / "mine.zip")
    inside = zipfile.ZipFile(path).namelist()
    assert [name for name in inside if not name.startswith("tables/")] == [
        "diary.json",
        f"recordings/{ids[0]}.parquet",
    ]
    name = f"{ids[0]}.parquet"
    with open_diary(tmp_path / "other", clock=clock) as other:
        assert other.import_archive(path) == 15
        assert _content(other.export_all()) == _content(sqlite_diary.export_all())
        assert (other.recordings_dir / name).read_bytes() == (sqlite_diary.recordings_dir / name).read_bytes()
        assert other.import_archive(path) == 0


def test_archive_that_wants_out_of_its_folder(sqlite_diary: Diary, clock: Clock, tmp_path: Path) -> None:
    fill(sqlite_diary, clock)
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("diary.json", json.dumps(sqlite_diary.export_all()))
        file.writestr("recordings/../../evil.parquet", "x")
        file.writestr("../evil.txt", "x")
    with open_diary(tmp_path / "a" / "other", clock=clock) as other:
        other.import_archive(path)
    assert not [p for p in tmp_path.rglob("*evil*") if p != path]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not really", b"[]", b"\xff\xfe"])
def test_file_that_is_no_archive(sqlite_diary: Diary, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(data)
    with pytest.raises(ExchangeError) as caught:
        sqlite_diary.import_archive(path)
    assert caught.value.code == "import-not-a-diary"


def _found(folder: Path, words: list[bytes]) -> list[str]:
    """Look for words in every byte of every file."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files for word in words if word in path.read_bytes()]


def test_erased_is_in_no_byte_of_any_file(sqlite_diary: Diary, clock: Clock) -> None:
    ids = fill(sqlite_diary, clock, n=5)
    folder = sqlite_diary.data_dir
    assert sqlite_diary.store.path is not None
    backups.save(sqlite_diary.store.path, "0001")
    (sqlite_diary.recordings_dir / "x.parquet.part").write_bytes(SECRET.encode())
    words = [SECRET.encode(), b"seated-twist", *(i.encode() for i in ids)]
    assert _found(folder, words)
    person = sqlite_diary.person()
    erased = sqlite_diary.erase_all()
    assert (erased.n_sessions, erased.n_recordings, erased.n_backups) == (5, 1, 1)
    assert _found(folder, [*words, person.id.encode()]) == []
    assert not sqlite_diary.recordings_dir.exists()
    # the diary is new and works
    assert sqlite_diary.person().id != person.id
    assert sqlite_diary.sessions() == ()
    assert sqlite_diary.settings() == {}
    assert sqlite_diary.begin_session(make_begin())


def test_erasing_waits_for_a_reader_and_says_so(
    sqlite_diary: Diary, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unkink.diary.compacting.BUSY_S", 0.1)
    fill(sqlite_diary, clock)
    assert sqlite_diary.store.path is not None
    with closing(sqlite3.connect(sqlite_diary.store.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM session").fetchone()
        with pytest.raises(StoreError) as caught:
            sqlite_diary.erase_all()
        assert caught.value.code == "store-locked"
        reader.rollback()
    sqlite_diary.erase_all()
    assert _found(sqlite_diary.data_dir, [SECRET.encode()]) == []


def test_erased_in_postgresql(tmp_path: Path, postgres_url: str, clock: Clock) -> None:
    with open_diary(tmp_path, postgres_url, clock=clock) as diary:
        fill(diary, clock)
        assert diary.erase_all().n_sessions == 3
        assert diary.sessions() == ()
        assert diary.export_all()["pops"] == []


def test_deleted_session_takes_everything_of_it_along(diary: Diary, clock: Clock) -> None:
    ids = fill(diary, clock)
    assert diary.delete_session(ids[0])
    assert not diary.delete_session(ids[0])
    assert diary.session(ids[0]) is None
    assert [s.id for s in diary.sessions()] == [ids[2], ids[1]]
    assert len(diary.pops()) == 4  # they count by themselves
    assert diary.recordings() == ()
    assert not (diary.recordings_dir / f"{ids[0]}.parquet").exists()
    assert len(diary.measurements()) == 2


def test_deleted_session_is_in_no_byte_of_any_file(sqlite_diary: Diary, clock: Clock) -> None:
    kept = sqlite_diary.begin_session(make_begin())
    sqlite_diary.append_events(kept, make_events(300))
    sqlite_diary.finish_session(kept, make_summary(), "finished")
    session_id = sqlite_diary.begin_session(make_begin(client={"said": SECRET}))
    sqlite_diary.append_events(
        session_id, [SessionEvent(t_s=1.0, kind="x", payload={"said": SECRET * 100})] * 50
    )
    sqlite_diary.finish_session(session_id, make_summary(), "finished")
    assert sqlite_diary.delete_session(session_id)
    assert _found(sqlite_diary.data_dir, [SECRET.encode()]) == []
    details = sqlite_diary.session(kept)
    assert details is not None
    assert len(details.events) == 300


def test_report_for_the_doctor(diary: Diary, clock: Clock, url: str | None) -> None:
    fill(diary, clock)
    report = diary.check()
    assert (report.n_sessions, report.n_recordings, report.version) == (3, 1, migrations.HEAD)
    assert report.integrity == ("ok" if url is None else "unknown")
    assert SECRET not in repr(report)


def test_privacy_notice_names_every_table() -> None:
    notice = (Path(__file__).parents[2] / "PRIVACY.md").read_text("utf-8")
    for name in tables.metadata.tables:
        assert f"| `{name}` |" in notice
