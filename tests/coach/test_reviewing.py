"""When the longer look back asks what: at, just under and just over each interval, by the row's id."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from builders import make_rulebook
from unkink.coach.history import History, PastCheckIn, PastReview, PastSession
from unkink.coach.mobility import MOBILITY_ID
from unkink.coach.reviewing import FIELDS, Part, PartId, find_age, find_due, find_start

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
RULES = make_rulebook().reviews
SLACK = timedelta(hours=RULES.slack_h)
SECOND = timedelta(seconds=1)
FULL = PastReview(
    at=START,
    pain_worst=4,
    pain_average=3,
    pain_days=2,
    nights_woken=0,
    sleep_disturbance=1,
    stiff_mornings=1,
    is_constant=False,
    since_weeks=3,
    onset_age_years=30,
    global_change=0,
    activities={"a1": 5},
    age_years=34,
)


def make_history(*reviews: PastReview, **parts: object) -> History:
    return History(
        check_ins=(PastCheckIn(at=START, pain_now=3),),
        reviews=reviews,
        sessions=(PastSession(exercise_id=MOBILITY_ID, started_at=START, repetitions=3),),
        **parts,  # type: ignore[arg-type]
    )


def look(days: float, **fields: object) -> PastReview:
    """Return a look with only the fields given, so many days after the start."""
    bare = PastReview(at=START + timedelta(days=days))
    return msgspec.structs.replace(bare, **fields)


def due(history: History, at: datetime, **more: datetime) -> tuple[PartId, ...]:
    return find_due(history, RULES, at, **more)


def test_nothing_is_asked_of_somebody_who_never_checked_in() -> None:
    assert due(History(), START + timedelta(days=90)) == ()


def test_nothing_is_asked_on_the_first_day() -> None:
    first = timedelta(days=RULES.first_after_days)
    assert due(make_history(), START + first - SECOND) == ()
    assert "pain" in due(make_history(), START + first)


def test_the_first_look_asks_all_that_is_not_known() -> None:
    asked = due(make_history(), START + timedelta(days=2))
    assert asked == ("pain", "sleep", "mornings", "activities", "start", "person")


@pytest.mark.parametrize(
    ("row", "part", "days"),
    [("V01", "pain", 7), ("V07", "sleep", 7), ("R12", "mornings", 7), ("V02", "activities", 14)],
)
def test_interval(row: str, part: str, days: int) -> None:
    rule = next(p for p in RULES.parts if p.id == part)
    assert rule.every_days == days
    assert row in rule.evidence
    history = make_history(FULL)
    due_at = START + timedelta(days=days) - SLACK
    assert part not in due(history, due_at - SECOND)
    assert part in due(history, due_at)
    assert part in due(history, due_at + SECOND)


@pytest.mark.parametrize("week", [2, 4, 8])
def test_v03_is_asked_in_week(week: int) -> None:
    before = look(week * 7 - 14, pain_average=3, global_change=1)
    history = make_history(before)
    due_at = START + timedelta(weeks=week) - SLACK
    assert "change" not in due(history, due_at - SECOND)
    assert "change" in due(history, due_at)
    assert "change" in due(history, due_at + timedelta(days=3))


def test_v03_is_asked_once_a_week_that_it_is_for_and_never_after_the_eighth() -> None:
    for week, days in ((2, 14), (4, 28), (8, 56)):
        told = make_history(look(days, pain_average=3, global_change=2))
        assert "change" not in due(told, START + timedelta(days=days + 8)), week
    assert "change" not in due(make_history(look(56, global_change=2)), START + timedelta(days=900))


def test_somebody_who_answers_every_week_is_asked_v03_three_times_in_a_year() -> None:
    history, n = make_history(), 0
    for day in range(1, 366):
        at = START + timedelta(days=day, hours=3)
        asked = due(history, at)
        if not asked:
            continue
        n += "change" in asked
        answers = {name: getattr(FULL, name) for part in asked for name in FIELDS[part]}
        told = msgspec.structs.replace(PastReview(at=at), **answers)
        history = msgspec.structs.replace(history, reviews=(*history.reviews, told))
    assert n == 3
    looks = [review.at for review in history.reviews]
    assert len(looks) in (52, 53)
    assert all((b - a) >= timedelta(days=7) - SLACK for a, b in itertools.pairwise(looks))


def test_not_now_is_kept_for_a_week_and_no_clock_that_was_ahead_makes_it_longer() -> None:
    now = START + timedelta(days=30)
    history = make_history()
    spacing = timedelta(days=RULES.spacing_days) - SLACK
    assert due(history, now, put_off_at=now - spacing + SECOND) == ()
    assert due(history, now, put_off_at=now - spacing) != ()
    # said while the clock was a year ahead
    assert due(history, now, put_off_at=now + timedelta(days=365)) != ()
    ahead = msgspec.structs.replace(FULL, at=now + timedelta(days=365))
    assert "pain" in due(make_history(ahead), now)
    assert "person" not in due(make_history(ahead), now)


def test_a_look_that_left_all_but_one_thing_open_is_not_asked_again_the_same_week() -> None:
    history = make_history(look(2, nights_woken=1))
    assert due(history, START + timedelta(days=8)) == ()
    assert "pain" in due(history, START + timedelta(days=9))


def test_what_the_check_in_asks_once_is_no_longer_look() -> None:
    history = make_history(look(0, since_weeks=3.0))
    asked = due(history, START + timedelta(days=2))
    assert "pain" in asked
    assert "start" not in asked


def test_what_is_asked_once_is_dropped_after_two_looks_that_left_it_open() -> None:
    one = make_history(look(2, pain_average=3))
    two = make_history(look(2, pain_average=3), look(10, pain_average=3))
    assert "person" in due(one, START + timedelta(days=20))
    assert "person" not in due(two, START + timedelta(days=20))


@pytest.mark.parametrize(("age_years", "is_asked"), [(None, False), (49, False), (50, True), (51, True)])
def test_q05_is_asked_from_fifty(age_years: float | None, is_asked: bool) -> None:
    history = make_history(look(2, pain_average=3, age_years=age_years))
    assert ("posture" in due(history, START + timedelta(days=10))) is is_asked


def test_q05_counts_the_years_since_the_age_was_told() -> None:
    history = make_history(look(0, pain_average=3, age_years=49.0))
    almost, over = START + timedelta(days=364), START + timedelta(days=367)
    assert find_age(history, almost) == pytest.approx(49.997, abs=0.01)
    assert "posture" not in due(history, almost)
    assert "posture" in due(history, over)


def test_q05_is_asked_twice_a_year() -> None:
    history = make_history(look(2, pain_average=3, age_years=60, wall_gap_cm=2.0))
    due_at = START + timedelta(days=2 + 182) - SLACK
    assert "posture" not in due(history, due_at - SECOND)
    assert "posture" in due(history, due_at)


def test_v08_comes_along_when_the_last_check_is_two_weeks_old() -> None:
    history = make_history()
    due_at = START + timedelta(days=14) - SLACK
    assert "mobility" not in due(history, due_at - SECOND)
    assert "mobility" in due(history, due_at)


def test_what_only_comes_along_is_no_reason_for_a_look() -> None:
    # everything that recurs was told yesterday: the mobility check alone calls nobody
    told = msgspec.structs.replace(FULL, at=START + timedelta(days=13))
    assert due(make_history(told), START + timedelta(days=15)) == ()


def test_start_is_the_first_check_in_and_never_later_than_now() -> None:
    assert find_start(make_history(), START + timedelta(days=9)) == START
    assert find_start(make_history(), START - timedelta(days=9)) == START - timedelta(days=9)


def test_every_part_is_there_once_with_its_rows_of_evidence() -> None:
    assert [part.id for part in RULES.parts] == list(FIELDS)
    evidence = make_rulebook().evidence
    assert all(row in evidence for part in RULES.parts for row in part.evidence)
    # a claim is never stronger than its grade: the grade shown is that of the row
    for part in RULES.parts:
        assert part.grade == evidence[part.evidence[0]].grade, part.id


@pytest.mark.parametrize(
    "fields",
    [{}, {"every_days": 7, "is_once": True}, {"every_days": 7, "weeks": (2.0,)}, {"weeks": (4.0, 2.0)}],
)
def test_a_part_says_in_one_way_when_it_is_asked(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"every_days|weeks"):
        Part(id="pain", source=("D",), grade="D", evidence=("V01",), **fields)  # type: ignore[arg-type]
