"""Take-out, import and erasing: nothing is lost, and nothing that locks or rests goes away by them."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.build import Clock, make_begin, make_summary
from diary.test_privacy import SECRET, _content, _found, fill
from safety.cases import IDS, RULES, is_as_strict
from unkink.coach import dose
from unkink.coach.referral import find_referrals
from unkink.coach.referral_limits import find_closing
from unkink.coach.screening import Assessment, Details, assess
from unkink.coach.standing import cleared_rows, find_locks, screening_state
from unkink.diary import Diary, erasing, open_diary
from unkink.diary.records import (
    CheckIn,
    Clearance,
    Note,
    Pop,
    ReferralAnswer,
    Review,
    Screening,
    SessionAfter,
    SessionEvent,
)
from unkink.errors import ExchangeError

FIXTURES = Path(__file__).parent / "fixtures"
ASKED = tuple(q.id for q in RULES.check.questions)
SOME = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


# ----------------------------------------------------------------------------------------- what the rules say


def screen(diary: Diary, **given: str) -> None:
    """Answer the Check: no to everything but what is given."""
    answers: dict[str, Any] = {row_id: given.get(row_id, "no") for row_id in RULES.rows}
    found = assess(answers, Details(), RULES, tuple(cleared_rows(diary.history(), RULES, is_fresh=True)))
    diary.save_screening(
        Screening(
            answers=answers,
            details={},
            assessment=msgspec.to_builtins(found),
            tier=found.tier,
            rules_version=RULES.version,
        )
    )


def check_in(diary: Diary, pain_now: int = 0, **given: str) -> None:
    answers: dict[str, Any] = {i: given.get(i, "no") for i in ASKED}
    diary.save_check_in(CheckIn(pain_now=pain_now, answers=answers, utc_offset_min=0))


def exercise(diary: Diary, clock: Clock, technique: str = "TW", pain_after: int = 0, **summary: Any) -> str:
    given = {"pain_during": None, "signal": None, **summary}
    session_id = diary.begin_session(make_begin(exercise_id=IDS[technique], utc_offset_min=0))
    clock.move(300)
    diary.finish_session(session_id, make_summary(**given), "finished")
    diary.save_after(session_id, SessionAfter(pain_after=pain_after))
    return session_id


def assessed(diary: Diary) -> Assessment | None:
    last = diary.current_screening()
    if last is None:
        return None
    return assess(last.answers, Details(), RULES, tuple(cleared_rows(diary.history(), RULES)))  # type: ignore[arg-type]


def verdicts(diary: Diary, now: datetime) -> tuple[Any, ...]:
    """Return everything that the rules say of a diary."""
    history, assessment = diary.history(), assessed(diary)
    answers = dose.CheckIn(at=now, pain_now=1, answers=dict.fromkeys(ASKED, "no"))
    return (
        msgspec.to_builtins(dose.check_in(answers, history, assessment, RULES, now)),
        screening_state(assessment, history, now, RULES),
        msgspec.to_builtins(find_locks(assessment, history, RULES)),
        msgspec.to_builtins(find_referrals(history, assessment, RULES, now, 0)),
    )


def locks(diary: Diary) -> set[str]:
    return {lock.rule_id for lock in find_locks(assessed(diary), diary.history(), RULES)}


def clear(diary: Diary, *rule_ids: str, on: date | None = None) -> None:
    diary.save_clearance(Clearance(assessed_on=on or diary.now().date(), gentle_ok=True, rule_ids=rule_ids))


@contextmanager
def two_diaries(clock: Clock) -> Iterator[tuple[Diary, Diary]]:
    with (
        TemporaryDirectory() as folder,
        open_diary(Path(folder) / "a", clock=clock) as one,
        open_diary(Path(folder) / "b", clock=clock) as other,
    ):
        yield one, other


# ------------------------------------------------------------------------------------------------- histories

_STEP = st.one_of(
    st.tuples(
        st.just("screen"), st.dictionaries(st.sampled_from(sorted(RULES.rows)), st.just("yes"), max_size=2)
    ),
    st.tuples(
        st.just("check-in"),
        st.integers(0, 10),
        st.dictionaries(st.sampled_from(ASKED), st.sampled_from(["yes", "unsure"]), max_size=1),
    ),
    st.tuples(
        st.just("exercise"),
        st.sampled_from(sorted(IDS)),
        st.integers(0, 9),
        st.sampled_from([(), ("S01",), ("S04",), ("S05",)]),
    ),
    st.tuples(
        st.just("clear"),
        st.lists(st.sampled_from(["U03", "U07", "U16", "P02", "S01", "E04"]), min_size=1, max_size=3),
        st.booleans(),
        st.integers(-40, 40),
    ),
    st.tuples(st.just("review"), st.integers(0, 10), st.integers(0, 7)),
    st.tuples(st.just("note"), st.sampled_from(["worried", "harm", "nerve", "fall", "surgery"])),
    st.tuples(st.just("pop"), st.booleans()),
    st.tuples(st.just("answer"), st.sampled_from(["R01", "R06", "R09"]), st.sampled_from(["seen", "booked"])),
)
HISTORIES = st.lists(st.tuples(st.integers(-3, 200), _STEP), max_size=14)


def live(diary: Diary, clock: Clock, steps: list[tuple[int, tuple[Any, ...]]]) -> None:
    """Live through steps, each so many hours after the one before; a clock may be set back."""
    for hours, (what, *more) in steps:
        clock.move(hours * 3600)
        match what:
            case "screen":
                screen(diary, **more[0])
            case "check-in":
                check_in(diary, more[0], **more[1])
            case "exercise":
                exercise(diary, clock, more[0], more[1], stop_rule_ids=more[2])
            case "clear":
                on = clock.now.date() + timedelta(days=more[2])
                diary.save_clearance(Clearance(assessed_on=on, gentle_ok=more[1], rule_ids=tuple(more[0])))
            case "review":
                diary.save_review(Review(pain_worst=more[0], nights_woken=more[1], is_constant=False))
            case "note":
                diary.save_note(Note(kind=more[0], text=SECRET))
            case "pop":
                diary.save_pop(Pop(deliberate=more[0], region="neck"))
            case "answer":
                diary.save_referral_answer(ReferralAnswer(rule_id=more[0], answer=more[1]))


# ------------------------------------------------------------------------------------------- versions, forms


@pytest.mark.parametrize("name", ["export-version-1.json", "export-version-1.zip"])
def test_files_of_version_1_are_still_taken_in(sqlite_diary: Diary, name: str) -> None:
    imported = sqlite_diary.import_file(FIXTURES / name)
    assert imported.n_new == 1 + 1 + 3 + 3 + 4
    assert imported.n_recordings == (1 if name.endswith(".zip") else 0)
    old = json.loads((FIXTURES / "export-version-1.json").read_text("utf-8"))
    new = sqlite_diary.export_all()
    assert (old["version"], new["version"]) == (1, 2)
    for part in ("person", "settings", "screening_draft", "recordings"):
        assert new[part] == old[part]
    for part in ("screenings", "clearances", "check_ins", "pops"):
        for was, now in zip(old[part], new[part], strict=True):
            assert {key: now[key] for key in was} == was
    for was, now in zip(old["sessions"], new["sessions"], strict=True):
        assert {key: now["session"][key] for key in was["session"]} == was["session"]
        assert {key: now[key] for key in was if key != "session"} == {
            key: value for key, value in was.items() if key != "session"
        }
    assert sqlite_diary.import_file(FIXTURES / name).n_new == 0


@pytest.mark.parametrize("form", ["json", "parquet", "zip", "zipped tables"])
def test_every_form_brings_everything_back(
    sqlite_diary: Diary, clock: Clock, tmp_path: Path, form: str
) -> None:
    ids = fill(sqlite_diary, clock)
    sqlite_diary.delete_session(ids[1])
    out = tmp_path / "out"
    if form == "json":
        sqlite_diary.export_json(out)
    elif form == "parquet":
        sqlite_diary.export_tables(out)
    else:
        sqlite_diary.export_archive(out, only_tables=form == "zipped tables")
    with open_diary(tmp_path / "other", clock=clock) as other:
        assert other.import_file(out).n_new == 15
        mine = _content(sqlite_diary.export_all())
        assert _content(other.export_all()) == mine
        assert other.history() == sqlite_diary.history()
        assert bool(list(other.recordings_dir.glob("*.parquet"))) == (form == "zip")


def test_tables_say_their_units(sqlite_diary: Diary, clock: Clock, tmp_path: Path) -> None:
    fill(sqlite_diary, clock)
    folder = sqlite_diary.export_tables(tmp_path / "tables")
    from unkink.diary import tables

    assert {path.stem for path in folder.iterdir()} == {*tables.metadata.tables} - {"counter", "touched"}
    measurement = pq.read_schema(folder / "measurement.parquet")
    units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in measurement}
    assert (units["value_deg"], units["measured_at"], units["n"]) == ("deg", "UTC", "count")
    assert units["repeats_deg"] == "JSON, deg"
    session = pq.read_schema(folder / "session.parquet")
    assert session.field("pain_after").metadata == {b"unit": b"0 to 10"}
    assert (session.metadata[b"format"], session.metadata[b"version"]) == (b"unkink-diary", b"2")
    assert str(pq.read_table(folder / "session.parquet").schema.field("started_at").type) == (
        "timestamp[us, tz=UTC]"
    )


@pytest.mark.parametrize("harm", ["missing", "cut", "foreign", "newer", "orphan"])
def test_damaged_tables_change_nothing(sqlite_diary: Diary, clock: Clock, tmp_path: Path, harm: str) -> None:
    fill(sqlite_diary, clock)
    folder = sqlite_diary.export_tables(tmp_path / "tables")
    path = folder / ("session.parquet" if harm == "orphan" else "check_in.parquet")
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:200])
    else:
        table = pq.read_table(path)
        metadata = {**table.schema.metadata}
        if harm == "foreign":
            metadata[b"format"] = b"recipes"
        if harm == "newer":
            for other in folder.iterdir():
                one = pq.read_table(other)
                pq.write_table(one.replace_schema_metadata({**one.schema.metadata, b"version": b"3"}), other)
        else:
            pq.write_table(
                (table.slice(0, 1) if harm == "orphan" else table).replace_schema_metadata(metadata), path
            )
    with open_diary(tmp_path / "other", clock=clock) as other:
        with pytest.raises(ExchangeError) as caught:
            other.import_file(folder)
        assert caught.value.code == ("import-newer" if harm == "newer" else "import-damaged")
        assert other.history() == type(other.history())()


@SOME
@given(steps=HISTORIES)
def test_an_import_of_an_export_gives_the_same_verdicts(steps: list[Any]) -> None:
    clock = Clock()
    with two_diaries(clock) as (one, other):
        live(one, clock, steps)
        other.import_all(one.export_all())
        assert other.history() == one.history()
        for hours in (0, 30, 24 * 40):
            now = clock.now + timedelta(hours=hours)
            assert verdicts(other, now) == verdicts(one, now)


# ----------------------------------------------------------------------------------------- no lock goes away


@SOME
@given(mine=HISTORIES, theirs=HISTORIES, shift=st.integers(-400, 400))
def test_an_import_takes_no_lock_away(mine: list[Any], theirs: list[Any], shift: int) -> None:
    clock, theirs_clock = Clock(), Clock()
    theirs_clock.move(shift * 3600)
    with two_diaries(clock) as (one, _), two_diaries(theirs_clock) as (other, _):
        live(one, clock, mine)
        live(other, theirs_clock, theirs)
        before = locks(one)
        if not one.history().check_ins and not one.history().screenings:
            return
        one.import_all(other.export_all())
        assert locks(one) >= before


def _locked(diary: Diary) -> None:
    screen(diary, U07="yes")


def _doctored(clock: Clock, **changes: Any) -> dict[str, Any]:
    """Return an export of somebody who was cleared of everything, with a clearance changed."""
    with two_diaries(clock) as (other, _):
        screen(other)
        clear(other, *RULES.rows, "P02", "S01", "U07")
        check_in(other)
        data = other.export_all()
    data["clearances"][0].update(changes)
    return data


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"saved_at": "2199-01-01T00:00:00Z", "assessed_on": "2199-01-01"},
        {"saved_at": "2199-01-01T00:00:00Z"},
        {"seq": 9_000_000_000},
        {"seq": 1},
        {"came_along": False},
        {"saved_at": "2026-03-05T12:00:00Z", "assessed_on": "2026-03-05"},
    ],
)
@pytest.mark.parametrize("lock", ["screening", "check-in", "session"])
def test_no_clearance_of_an_import_opens_a_lock(
    sqlite_diary: Diary, clock: Clock, changes: dict[str, Any], lock: str
) -> None:
    screen(sqlite_diary)
    clock.move(60)
    if lock == "screening":
        _locked(sqlite_diary)
    elif lock == "check-in":
        check_in(sqlite_diary, P02="yes")
    else:
        exercise(sqlite_diary, clock, stop_rule_ids=("S01",))
    before = locks(sqlite_diary)
    assert before
    data = _doctored(clock, **changes)
    sqlite_diary.import_all(data)
    assert locks(sqlite_diary) >= before
    assert len(sqlite_diary.clearances()) == 1  # kept as a record
    # ... and one that is told here opens it
    clock.move(3600)
    clear(sqlite_diary, *before)
    assert not locks(sqlite_diary) & before or lock == "screening"


def test_an_import_does_not_answer_the_check_anew(sqlite_diary: Diary, clock: Clock) -> None:
    """Also what no clearance opens (under 18) stays, however new the imported answers claim to be."""
    screen(sqlite_diary, U14="yes")
    before = locks(sqlite_diary)
    assert before == {"U14"}
    with two_diaries(clock) as (other, _):
        clock.move(86400)
        screen(other)
        data = other.export_all()
    data["screenings"][0]["answered_at"] = "2150-01-01T00:00:00Z"
    sqlite_diary.import_all(data)
    assert locks(sqlite_diary) == before
    current = sqlite_diary.current_screening()
    assert current is not None
    assert current.answers["U14"] == "yes"


def test_an_imported_check_in_is_not_that_of_today(sqlite_diary: Diary, clock: Clock) -> None:
    screen(sqlite_diary)
    check_in(sqlite_diary, 5)
    with two_diaries(clock) as (other, _):
        clock.move(600)
        check_in(other, 0)
        sqlite_diary.import_all(other.export_all())
    current = sqlite_diary.current_check_in(clock.now, 0)
    assert current is not None
    assert current.pain_now == 5


def test_an_imported_answer_closes_no_referral(sqlite_diary: Diary, clock: Clock) -> None:
    screen(sqlite_diary)
    sqlite_diary.save_note(Note(kind="nerve"))
    clock.move(60)
    with two_diaries(clock) as (other, _):
        for rule_id in ("R03", "R09", "R16"):
            other.save_referral_answer(ReferralAnswer(rule_id=rule_id, answer="seen"))
        data = other.export_all()
    before = find_referrals(sqlite_diary.history(), assessed(sqlite_diary), RULES, clock.now, 0)
    sqlite_diary.import_all(data)
    after = find_referrals(sqlite_diary.history(), assessed(sqlite_diary), RULES, clock.now, 0)
    assert {r.rule_id for r in after if r.is_open} >= {r.rule_id for r in before if r.is_open} != set()


def test_the_same_id_with_other_content_changes_nothing(sqlite_diary: Diary, clock: Clock) -> None:
    screen(sqlite_diary)
    _locked(sqlite_diary)
    exercise(sqlite_diary, clock, stop_rule_ids=("S01",))
    data = sqlite_diary.export_all()
    before, plain = locks(sqlite_diary), _content(data)
    doctored = copy.deepcopy(data)
    for screening in doctored["screenings"]:
        screening["answers"] = dict.fromkeys(screening["answers"], "no")
        screening["assessment"]["lock_ids"] = []
    doctored["sessions"][0]["session"]["stop_rule_ids"] = []
    assert sqlite_diary.import_file(_written(sqlite_diary, doctored)).n_new == 0
    assert _content(sqlite_diary.export_all()) == plain
    assert locks(sqlite_diary) == before >= {"U07", "S01"}


def _written(diary: Diary, data: dict[str, Any]) -> Path:
    path = diary.data_dir / "doctored.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("clearances", 0, "seq"), 0),
        (("clearances", 0, "seq"), -5),
        (("clearances", 0, "seq"), 2**62),
        (("screenings", 0, "answered_at"), "9999-12-31T23:59:59Z"),
        (("screenings", 0, "assessment"), {"lock_ids": 7}),
        (("check_ins", 0, "pain_now"), -1),
        (("check_ins", 0, "pain_now"), 11),
        (("check_ins", 0, "utc_offset_min"), 10**7),
        (("check_ins", 0, "answers"), {"P02": "perhaps"}),
        (("sessions", 0, "session", "duration_s"), 1e300),
        (("sessions", 0, "session", "held_s"), {"right": -5.0}),
        (("notes", 0, "kind"), "nothing"),
        (("reviews",), None),
    ],
)
def test_what_no_diary_has_is_refused(
    sqlite_diary: Diary, clock: Clock, tmp_path: Path, place: tuple[Any, ...], value: Any
) -> None:
    fill(sqlite_diary, clock)
    data = sqlite_diary.export_all()
    target = data
    for step in place[:-1]:
        target = target[step]
    if value is None:
        del target[place[-1]]
    else:
        target[place[-1]] = value
    with open_diary(tmp_path / "other", clock=clock) as other:
        with pytest.raises(ExchangeError) as caught:
            other.import_all(data)
        assert caught.value.code == "import-damaged"
        assert other.check_ins() == ()


def test_one_id_twice_in_a_file_is_refused(sqlite_diary: Diary, clock: Clock) -> None:
    with two_diaries(clock) as (other, _):
        fill(other, clock)
        data = other.export_all()
    data["clearances"].append({**data["clearances"][0], "seq": 4000})
    with pytest.raises(ExchangeError):
        sqlite_diary.import_all(data)


def test_a_diary_with_nothing_but_a_demonstration_is_still_new(sqlite_diary: Diary, clock: Clock) -> None:
    with two_diaries(clock) as (other, _):
        _locked(other)
        clock.move(3600)
        clear(other, "U07")
        data, before = other.export_all(), locks(other)
    assert not before
    session_id = sqlite_diary.begin_session(make_begin(mode="demo"))
    sqlite_diary.finish_session(session_id, make_summary(), "finished")
    sqlite_diary.import_all(data)
    assert not locks(sqlite_diary)


# --------------------------------------------------------------------------------------------- one session


@pytest.mark.parametrize("how", ["stop sign", "pain", "event of pain", "event of a sign"])
def test_a_deleted_session_leaves_its_lock_and_its_rest(diary: Diary, clock: Clock, how: str) -> None:
    screen(diary)
    if how == "stop sign":
        session_id = exercise(diary, clock, stop_rule_ids=("S01",))
    elif how == "pain":
        session_id = exercise(diary, clock, pain_after=8)
    else:
        # broken off before it was summed up: only its events know
        session_id = diary.begin_session(make_begin(pain_before=0, utc_offset_min=0))
        payload = {"score": 8, "pain": "sharp"} if how == "event of pain" else {"rule_id": "S01"}
        kind = "pain" if how == "event of pain" else "symptom"
        diary.append_events(session_id, [SessionEvent(t_s=1.0, kind=kind, payload=payload)])
        diary.interrupt_session(session_id)
    before = verdicts(diary, clock.now)
    twist = before[0]["techniques"][IDS["TW"]]["permission"]
    assert twist["effect"] == "block"
    assert diary.delete_session(session_id)
    assert diary.sessions() == ()
    assert diary.session(session_id) is None
    assert diary.interrupted_sessions() == ()
    assert verdicts(diary, clock.now) == before
    # taken along, too
    export = diary.export_all()
    diary.erase_all()
    diary.import_all(export)
    assert verdicts(diary, clock.now) == before
    assert diary.sessions() == ()


def test_a_deleted_session_leaves_nothing_but_its_line(sqlite_diary: Diary, clock: Clock) -> None:
    ids = fill(sqlite_diary, clock)
    for session_id in ids:
        sqlite_diary.delete_session(session_id)
    for one in sqlite_diary.export_all()["sessions"]:
        assert (one["sets"], one["measurements"], one["events"], one["recording"]) == ([], [], [], None)
        kept = one["session"]
        assert kept["deleted_at"] is not None
        assert (kept["plan"], kept["client"], kept["snapshot"], kept["summary"]) == ({}, {}, {}, {})
        assert kept["felt"] is None
        assert kept["status"] != "running"
    assert sqlite_diary.measurements() == ()
    assert [s.is_deleted for s in sqlite_diary.history().sessions] == [True] * 3


def test_an_old_session_without_pain_leaves_nothing(sqlite_diary: Diary, clock: Clock) -> None:
    session_id = exercise(sqlite_diary, clock)
    clock.move(40 * 86400)
    assert sqlite_diary.delete_session(session_id)
    assert sqlite_diary.history().sessions == ()


@SOME
@given(steps=HISTORIES, which=st.integers(0, 13), days=st.sampled_from([0, 1, 3, 35]))
def test_deleting_a_session_opens_nothing(steps: list[Any], which: int, days: int) -> None:
    clock = Clock()
    with two_diaries(clock) as (one, _):
        screen(one)
        live(one, clock, steps)
        clock.move(days * 86400)
        sessions = one.sessions()
        if not sessions:
            return
        _compare(one, clock, lambda: one.delete_session(sessions[which % len(sessions)].id))


def _compare(diary: Diary, clock: Clock, do: Any) -> None:
    """Do something and see that nothing is open that was not before."""
    now = clock.now
    answers = dose.CheckIn(at=now, pain_now=1, answers=dict.fromkeys(ASKED, "no"))
    before = dose.check_in(answers, diary.history(), assessed(diary), RULES, now)
    states = screening_state(assessed(diary), diary.history(), now, RULES)
    do()
    after = dose.check_in(answers, diary.history(), assessed(diary), RULES, now)
    assert set(after.lock_ids) >= set(before.lock_ids)
    if states != "valid":
        assert screening_state(assessed(diary), diary.history(), now, RULES) != "valid"
    for exercise_id, technique in before.techniques.items():
        assert is_as_strict(after.techniques[exercise_id].permission, technique.permission)


# --------------------------------------------------------------------------------------------- before a day


def _erase_before(diary: Diary, clock: Clock, days_ago: int = 0) -> Any:
    midnight = clock.now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    found = find_locks(assessed(diary), diary.history(), RULES)
    closing = find_closing(diary.history(), RULES, clock.now)
    return diary.erase_before(midnight, {lock.at for lock in found} | closing)


def test_erasing_before_a_day_leaves_no_byte_of_it(sqlite_diary: Diary, clock: Clock) -> None:
    ids = fill(sqlite_diary, clock)
    sqlite_diary.discard_screening_draft()
    clock.move(100 * 86400)
    screen(sqlite_diary)
    check_in(sqlite_diary)
    kept = exercise(sqlite_diary, clock)
    sqlite_diary.save_settings({"note": "x"})
    erased = _erase_before(sqlite_diary, clock)
    # the clearance is the newest word on its rules: it stays, all else is gone
    assert (erased.n_sessions, erased.n_recordings, erased.n_kept) == (3, 1, 1)
    assert erased.n_entries == 14
    assert [s.id for s in sqlite_diary.sessions()] == [kept]
    assert len(sqlite_diary.check_ins()) == 1
    assert (sqlite_diary.reviews(), sqlite_diary.notes(), sqlite_diary.pops()) == ((), (), ())
    assert not list(sqlite_diary.recordings_dir.glob("*.parquet"))
    assert _found(sqlite_diary.data_dir, [i.encode() for i in ids]) == []
    assert [c.note_kind for c in sqlite_diary.clearances()] == [SECRET]


def test_erasing_before_a_day_keeps_what_locks_and_the_last_check(diary: Diary, clock: Clock) -> None:
    screen(diary, U07="yes")
    clock.move(86400)
    check_in(diary, P02="yes")
    clock.move(86400)
    exercise(diary, clock, stop_rule_ids=("S01",))
    clock.move(60 * 86400)
    screen(diary)
    clock.move(10 * 86400)
    exercise(diary, clock)
    clock.move(40 * 86400)
    before = locks(diary)
    assert before >= {"U07", "P02", "S01"}
    erased = _erase_before(diary, clock)
    assert locks(diary) == before
    # three signs (that of the session also by when it was told) and the last round of questions
    assert (erased.n_kept, erased.n_entries) == (5, 1)
    assert len(diary.history().screenings) == 2
    # once cleared, they go
    clear(diary, *before)
    assert not locks(diary)
    clock.move(2 * 86400)
    _erase_before(diary, clock)
    assert not locks(diary)


@SOME
@given(steps=HISTORIES, days=st.integers(0, 60), ago=st.integers(0, 5))
def test_erasing_before_a_day_opens_nothing(steps: list[Any], days: int, ago: int) -> None:
    clock = Clock()
    with two_diaries(clock) as (one, _):
        screen(one)
        live(one, clock, steps)
        clock.move(days * 86400)
        before = locks(one)
        _compare(one, clock, lambda: _erase_before(one, clock, ago))
        assert locks(one) >= before


@pytest.mark.parametrize("told", ["note", "bones"])
def test_erasing_before_a_day_keeps_what_closes_a_technique(diary: Diary, clock: Clock, told: str) -> None:
    """R09 and R14 close until somebody has looked at it: also when the Check was answered since."""
    screen(diary)
    if told == "note":
        diary.save_note(Note(kind="nerve", text=SECRET))
    else:
        diary.save_review(Review(age_years=70))
        clock.move(7 * 86400)
        diary.save_review(Review(wall_gap_cm=20))
    clock.move(86400)
    screen(diary)
    clock.move(60 * 86400)
    screen(diary)
    answers = dose.CheckIn(at=clock.now, pain_now=1, answers=dict.fromkeys(ASKED, "no"))

    def closed_by() -> dict[str, tuple[str, ...]]:
        now = dose.check_in(answers, diary.history(), assessed(diary), RULES, clock.now)
        return {name: t.permission.reasons for name, t in now.techniques.items()}

    before = closed_by()
    assert {"R09" if told == "note" else "R14"} <= {i for ids in before.values() for i in ids}
    _erase_before(diary, clock)
    assert closed_by() == before
    assert not diary.notes() or diary.notes()[0].text is None


def test_erasing_before_a_day_keeps_nights_that_ask_for_the_check(diary: Diary, clock: Clock) -> None:
    """R08: woken by pain since the Check; what asks for a new one stays until it was answered."""
    screen(diary)
    clock.move(86400)
    diary.save_review(Review(nights_woken=3))
    clock.move(3 * 86400)
    assert screening_state(assessed(diary), diary.history(), clock.now, RULES) == "expired"
    _erase_before(diary, clock)
    assert screening_state(assessed(diary), diary.history(), clock.now, RULES) == "expired"
    screen(diary)
    clock.move(86400)
    _erase_before(diary, clock)
    assert diary.reviews() == ()
    assert screening_state(assessed(diary), diary.history(), clock.now, RULES) == "valid"


def test_what_erasing_keeps_of_pain_begins_no_later_than_the_rules_do() -> None:
    """The diary knows no rules: when one of them begins to act sooner, this must follow (P01, R03)."""
    assert RULES.check.pain_now.half_to + 1 >= erasing.MUCH_PAIN
    assert RULES.referral.severe.pain_from >= erasing.MUCH_PAIN


def test_erasing_everything_takes_locks_along(sqlite_diary: Diary, clock: Clock) -> None:
    _locked(sqlite_diary)
    assert sqlite_diary.erase_all().n_entries == 1
    assert not locks(sqlite_diary)


# ------------------------------------------------------------------------------------------ kept in memory


def test_what_another_process_writes_is_seen_at_once(tmp_path: Path, url: str | None, clock: Clock) -> None:
    with open_diary(tmp_path, url, clock=clock) as one, open_diary(tmp_path, url, clock=clock) as other:
        screen(one)
        session_id = exercise(one, clock)
        assert one.history() is one.history()
        for write, rule_id in (
            (lambda: other.save_after(session_id, SessionAfter(stop_rule_ids=("S01",))), "S01"),
            (lambda: check_in(other, P02="yes"), "P02"),
            (lambda: screen(other, U07="yes"), "U07"),
        ):
            assert rule_id not in locks(one)
            write()
            assert rule_id in locks(one)
        assert len(one.measurements()) == 2
        other.delete_session(session_id)
        assert one.measurements() == ()
        other.erase_all()


def test_a_running_session_is_looked_at_each_time(sqlite_diary: Diary, clock: Clock) -> None:
    sqlite_diary.begin_session(make_begin())
    assert sqlite_diary.history().sessions[0].status == "running"
    clock.move(60)
    assert sqlite_diary.history().sessions[0].status == "interrupted"


def test_a_zip_with_too_much_in_it_is_refused(sqlite_diary: Diary, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("unkink.diary.archive._DIARY_BYTES", 100)
    path = tmp_path / "big.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("diary.json", b" " * 101)
    with pytest.raises(ExchangeError) as caught:
        sqlite_diary.import_file(path)
    assert caught.value.code == "import-not-a-diary"
