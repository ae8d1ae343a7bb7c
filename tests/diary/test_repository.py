from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.build import NOON, Clock, make_begin, make_events, make_summary
from unkink.coach.history import PastCheckIn, PastClearance, PastPop, PastScreening
from unkink.diary import Diary, open_diary
from unkink.diary.records import CheckIn, Clearance, Pop, Screening, ScreeningDraft, SessionEvent
from unkink.errors import ContractError


def make_screening(**changes: Any) -> Screening:
    values: dict[str, Any] = {
        "answers": {"E01": "no", "U00": "unsure"},
        "details": {"pain_now": 3},
        "assessment": {"tier": "caution", "lock_ids": ["U12"]},
        "tier": "caution",
        "rules_version": "r1",
    }
    return Screening(**(values | changes))


def test_new_diary_is_one_persons(diary: Diary) -> None:
    assert diary.person().created_at == NOON
    assert diary.settings() == {}
    assert diary.sessions() == ()
    assert diary.current_screening() is None
    assert diary.screening_draft() is None
    assert diary.current_check_in() is None
    assert diary.history().sessions == ()


def test_two_that_open_a_new_diary_at_once_agree_whose_it_is(tmp_path: Path, url: str | None) -> None:
    gate = threading.Barrier(4)

    def open_one(_: int) -> str:
        gate.wait()
        with open_diary(tmp_path, url) as diary:
            return diary.person().id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(open_one, range(4)))) == 1


def test_settings_are_merged(diary: Diary) -> None:
    diary.save_settings({"sound": "voice", "mirrored": True, "voice_name": None})
    saved = diary.save_settings({"sound": "bell", "sizes": [1, 2.5]})
    assert saved == {"sound": "bell", "mirrored": True, "voice_name": None, "sizes": [1, 2.5]}
    assert diary.settings() == saved
    assert diary.save_settings({}) == saved


def test_draft_goes_when_the_answers_are_finished(diary: Diary) -> None:
    diary.save_screening_draft(ScreeningDraft(answers={"E01": "no"}))
    diary.save_screening_draft(ScreeningDraft(answers={"E01": "no", "E02": "unsure"}, details={"a": 1}))
    draft = diary.screening_draft()
    assert draft == ScreeningDraft(answers={"E01": "no", "E02": "unsure"}, details={"a": 1}, saved_at=NOON)
    diary.save_screening(make_screening())
    assert diary.screening_draft() is None
    diary.save_screening_draft(ScreeningDraft(answers={}))
    diary.discard_screening_draft()
    assert diary.screening_draft() is None


def test_last_screening_counts_even_when_the_clock_was_set_back(diary: Diary, clock: Clock) -> None:
    diary.save_screening(make_screening(tier="clear"))
    clock.move(-86_400)
    expires_at = clock.now + timedelta(days=90)
    saved = diary.save_screening(make_screening(expires_at=expires_at))
    current = diary.current_screening()
    assert current == saved
    assert current is not None
    assert (current.tier, current.answered_at, current.expires_at) == ("caution", clock.now, expires_at)
    assert current.answers == {"E01": "no", "U00": "unsure"}
    assert [s.tier for s in diary.screenings()] == ["caution", "clear"]


def test_check_in_is_todays_by_the_persons_own_day(diary: Diary, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-03-04T23:30:00+00:00")
    diary.save_check_in(CheckIn(pain_now=4, places=("left", "mid"), utc_offset_min=60))
    # half past midnight in Berlin: the fifth
    later = datetime.fromisoformat("2026-03-05T20:00:00+00:00")
    found = diary.current_check_in(later, 60)
    assert found is not None
    assert (found.pain_now, found.places) == (4, ("left", "mid"))
    assert diary.current_check_in(datetime.fromisoformat("2026-03-05T23:10:00+00:00"), 60) is None
    assert diary.current_check_in(datetime.fromisoformat("2026-03-04T22:00:00+00:00"), 60) is None


def test_history_is_what_was_remembered(diary: Diary, clock: Clock) -> None:
    screening = diary.save_screening(make_screening())
    clearance = diary.save_clearance(
        Clearance(assessed_on=date(2026, 3, 1), gentle_ok=True, rule_ids=("U12",), note_kind="physio")
    )
    check_in = diary.save_check_in(
        CheckIn(pain_now=3, stiffness="bit", answers={"P02": "no"}, utc_offset_min=60)
    )
    session_id = diary.begin_session(make_begin(variant="tw-soft"))
    diary.append_events(
        session_id,
        [SessionEvent(t_s=3.0, kind="pain", payload={"score": 6, "kind": "sharp"}), *make_events(2)],
    )
    diary.finish_session(session_id, make_summary(stop_rule_ids=("L03",), signal="red"), "stopped")
    diary.save_pop(Pop(deliberate=False, region="mid-back", utc_offset_min=60, session_id=session_id))
    past = diary.history()
    assert past.screenings == (
        PastScreening(answered_at=NOON, tier="caution", lock_ids=("U12",), seq=screening.seq),
    )
    assert past.last_screening_at == NOON
    assert past.clearances == (
        PastClearance(
            saved_at=NOON, assessed_on=date(2026, 3, 1), gentle_ok=True, rule_ids=("U12",), seq=clearance.seq
        ),
    )
    assert past.check_ins == (
        PastCheckIn(
            at=NOON, pain_now=3, utc_offset_min=60, stiffness="bit", answers={"P02": "no"}, seq=check_in.seq
        ),
    )
    assert past.pops == (PastPop(at=NOON, deliberate=False, utc_offset_min=60, region="mid-back"),)
    (session,) = past.sessions
    assert (session.exercise_id, session.variant, session.started_at, session.utc_offset_min) == (
        "seated-twist",
        "tw-soft",
        NOON,
        60,
    )
    assert (session.status, session.signal, session.stop_rule_ids) == ("stopped", "red", ("L03",))
    # the pain told on the way counts, though the summary says less
    assert (session.pain_during, session.pain_kinds) == (6, ("sharp",))
    assert session.held_s == {"right": 20.5, "left": 19.0}


def test_pain_of_a_session_that_broke_off_is_in_the_history(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())
    diary.append_events(
        session_id, [SessionEvent(t_s=1.0, kind="pain", payload={"score": 8, "pain": "electric"})]
    )
    (session,) = diary.history().sessions
    assert (session.status, session.pain_during, session.pain_kinds) == ("running", 8, ("electric",))


def test_naive_time_is_a_bug_of_ours(diary: Diary) -> None:
    with pytest.raises(ContractError) as caught:
        diary.save_pop(Pop(deliberate=True, at=NOON.replace(tzinfo=None)))
    assert caught.value.code == "naive-time"
    assert diary.pops() == ()


def test_other_zones_come_back_as_utc(diary: Diary) -> None:
    at = datetime.fromisoformat("2026-03-04T14:00:00+02:00")
    diary.save_pop(Pop(deliberate=True, at=at))
    (pop,) = diary.pops()
    assert pop.at == NOON
    assert pop.at is not None
    assert pop.at.utcoffset() == timedelta(0)


def test_many_threads_write_at_once(diary: Diary) -> None:
    session_id = diary.begin_session(make_begin())

    def work(number: int) -> None:
        for _ in range(5):
            diary.save_pop(Pop(deliberate=False, region=f"r{number}"))
            diary.append_events(session_id, make_events(2))
            diary.history()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    pops = diary.pops(limit=None)
    assert len(pops) == 40
    assert len({pop.seq for pop in pops}) == 40
    assert diary.sessions()[0].n_events == 80


_plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
_payload = st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=8), _plain, max_size=4)
_events = st.lists(
    st.builds(
        SessionEvent,
        t_s=st.floats(0, 1e5),
        kind=st.sampled_from(["hold", "pause", "cue"]),
        payload=_payload,
    ),
    max_size=5,
)


@given(events=_events, snapshot=_payload)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_comes_back(
    sqlite_diary: Diary, events: list[SessionEvent], snapshot: Any
) -> None:
    session_id = sqlite_diary.begin_session(make_begin(plan=snapshot), take_over=True)
    sqlite_diary.append_events(session_id, events)
    sqlite_diary.finish_session(session_id, make_summary(summary=snapshot), "finished")
    details = sqlite_diary.session(session_id)
    assert details is not None
    assert list(details.events) == events
    assert details.session.plan == snapshot
    assert details.session.summary == snapshot
