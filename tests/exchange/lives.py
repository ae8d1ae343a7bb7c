"""Diaries to report on: people whose answers are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from builders import make_rulebook
from unkink.coach.screening import Details, assess, to_plain
from unkink.diary import Diary, open_diary, records

FIRST = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = FIRST

    def __call__(self) -> datetime:
        return self.now


def answer_check(diary: Diary, clock: Clock, **given: str) -> None:
    rules = make_rulebook().safety
    answers = {row: given.get(row, "no") for row in rules.rows}
    found = assess(answers, Details(), rules)
    diary.save_screening(
        records.Screening(
            answers=answers,
            details={},
            assessment=to_plain(found),
            tier=found.tier,
            rules_version=rules.version,
            answered_at=clock.now,
        )
    )


def check_in(diary: Diary, clock: Clock, pain: int, *places: str, **answers: str) -> None:
    diary.save_check_in(
        records.CheckIn(
            pain_now=pain,
            stiffness="bit",
            answers=dict.fromkeys(("P02", "P03", "P04", "P05"), "no") | answers,
            places=places,
            at=clock.now,
            utc_offset_min=0,
        )
    )


def exercise(diary: Diary, clock: Clock, exercise_id: str = "seated-twist", **end: object) -> str:
    begin = records.SessionBegin(
        exercise_id=exercise_id,
        variant=None,
        mode="camera",
        rules_version="r1",
        pain_before=4,
        started_at=clock.now,
        utc_offset_min=0,
    )
    session_id = diary.begin_session(begin)
    values: dict[str, object] = {"t_s": 300.0, "held_s": {"right": 30.0, "left": 31.0}, "signal": "green"}
    diary.finish_session(session_id, records.SessionSummary(**(values | end)), "finished")
    diary.save_after(session_id, records.SessionAfter(pain_after=2, relief="bit"))
    return session_id


def measure(diary: Diary, clock: Clock, right_deg: float, sd_deg: float = 2.0) -> None:
    turn = records.Measurement(
        quantity="shoulder_turn_deg",
        side="right",
        value_deg=right_deg,
        sd_deg=sd_deg,
        n=3,
        repeats_deg=(right_deg - 1, right_deg, right_deg + 1),
    )
    exercise(diary, clock, "mobility-check", held_s={}, measurements=(turn,))


def live_month(folder: Path, clock: Clock) -> Diary:
    """Four weeks with everything in it, from 6 down to 2."""
    diary = open_diary(folder, clock=clock)
    diary.save_settings({"activities": [{"id": "a1", "text": "Sit through a film"}]})
    answer_check(diary, clock, C09="yes")
    for day in range(28):
        clock.now = FIRST + timedelta(days=day)
        check_in(diary, clock, round(6 - 4 * day / 27), "neck", *(("mid-back",) if day % 2 else ()))
        if day % 3 == 0:
            exercise(diary, clock)
        if day % 7 == 1:
            diary.save_review(
                records.Review(
                    pain_worst=7 - day // 7,
                    pain_average=5 - day // 7,
                    nights_woken=3 if day == 8 else 0,
                    activities={"a1": 3 + day // 5},
                    global_change=2,
                    at=clock.now,
                    utc_offset_min=0,
                )
            )
        if day in (2, 16):
            measure(diary, clock, 36.0 if day == 2 else 41.0)
    diary.save_pop(records.Pop(deliberate=False, region="upper-back", at=clock.now, utc_offset_min=0))
    return diary
