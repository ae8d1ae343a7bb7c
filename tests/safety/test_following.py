"""After a session: what next in plain words, and the question of the next day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from safety.cases import NOW, RULES, TEXTS, checked, day, hours_ago, past, replaced, session
from unkink.coach.caps import Day, find_caps
from unkink.coach.following import describe_next, find_follow_up
from unkink.coach.history import PastCheckIn


def last(hours: float, **more: Any) -> Any:
    return session(hours, session_id="s1", **more)


# ------------------------------------------------------------------------------------- P05, the next day


@pytest.mark.parametrize(
    ("hours", "is_asked"),
    [(0.5, False), (11.9, False), (12.1, True), (24, True), (7 * 24 - 0.1, True), (7 * 24 + 0.1, False)],
)
def test_asked_from_the_next_day_on_for_a_week(hours: float, is_asked: bool) -> None:
    # now is noon: twelve hours ago was yesterday
    found = find_follow_up(past(last(hours)), NOW, 0, RULES)
    assert (found is not None) == is_asked


@pytest.mark.parametrize("settled", ["by-morning", "by-24h", "later"])
def test_asked_only_once(settled: Any) -> None:
    assert find_follow_up(past(last(24, settled=settled)), NOW, 0, RULES) is None


def test_not_asked_when_a_check_in_has_told_it() -> None:
    told = PastCheckIn(at=hours_ago(2), pain_now=1, answers={"P05": "no"})
    earlier = PastCheckIn(at=hours_ago(30), pain_now=1, answers={"P05": "no"})
    assert find_follow_up(past(last(24), check_ins=(told,)), NOW, 0, RULES) is None
    assert find_follow_up(past(last(24), check_ins=(earlier,)), NOW, 0, RULES) is not None
    # the clock was set back: the diary's own order counts
    by_order = past(last(24, seq=5), check_ins=(replaced(earlier, seq=6),))
    assert find_follow_up(by_order, NOW, 0, RULES) is None


def test_of_demonstrations_and_deleted_sessions_nothing_is_asked() -> None:
    for more in ({"mode": "demo"}, {"is_deleted": True}, {"status": "left", "held_s": {}}):
        assert find_follow_up(past(last(24, **more)), NOW, 0, RULES) is None


def test_next_day_is_the_persons_own() -> None:
    # ten in the evening in Sydney, and two hours later
    late = last(2)
    assert find_follow_up(past(late), NOW, 0, RULES) is None
    assert find_follow_up(past(late), NOW, 13 * 60, RULES) is not None


@pytest.mark.parametrize(("settled", "dose_frac"), [("by-morning", 1.0), ("by-24h", 0.5), ("later", 0.5)])
def test_what_is_answered_counts(settled: Any, dose_frac: float) -> None:
    technique = day(checked(0), past(last(24, settled=settled))).techniques["seated-twist"]
    assert technique.permission.dose_frac == dose_frac


# ----------------------------------------------------------------------------------------------- what next


@pytest.mark.parametrize(
    ("more", "key", "rule_id", "asks", "until_h"),
    [
        ({"pain_during": 4}, "next.amber", "L02", True, None),
        ({"pain_during": 6}, "next.red", "L03", True, 47),
        ({"pain_kinds": ("spreading",)}, "next.red", "L03", True, 47),
        ({"pain_kinds": ("sharp",)}, "next.red-all", "S04", True, 47),
        ({"stop_rule_ids": ("S04",)}, "next.red-all", "S04", True, 47),
        ({"pain_kinds": ("dizzy",)}, "next.black", "S03", False, None),
        ({"stop_rule_ids": ("S01",)}, "next.black", "S01", False, None),
    ],
)
def test_what_next(more: dict[str, Any], key: str, rule_id: str, asks: bool, until_h: float | None) -> None:
    hurt = last(1, **more)
    found = describe_next(hurt, past(hurt), NOW, RULES)
    assert found is not None
    assert [(r.message_key, r.rule_id) for r in found.reasons] == [(key, rule_id)]
    assert key in TEXTS
    assert bool(found.ask) == asks
    assert found.until == (None if until_h is None else NOW + timedelta(hours=until_h))
    stops = {stop.id for stop in RULES.stops.stops if stop.until_cleared}
    for question, sign in found.ask:
        assert f"check-in.{question}.question" in TEXTS
        assert sign in stops


@pytest.mark.parametrize("more", [{}, {"pain_during": 3}, {"mode": "demo", "stop_rule_ids": ("S01",)}])
def test_after_a_good_session_nothing_is_said(more: dict[str, Any]) -> None:
    fine = last(1, **more)
    assert describe_next(fine, past(fine), NOW, RULES) is None


# ------------------------------------------------------------------- days that are an hour longer or shorter


@pytest.mark.parametrize(("before_min", "after_min"), [(60, 120), (120, 60), (-300, -240), (-240, -300)])
@pytest.mark.parametrize(("hours", "is_open"), [(3.99, False), (4.0, True)])
def test_o01_over_a_change_of_the_clocks(
    before_min: int, after_min: int, hours: float, is_open: bool
) -> None:
    """Four hours are four hours, whatever the clock on the wall did meanwhile."""
    done = session(hours, utc_offset_min=before_min)
    seen = Day(now=NOW, utc_offset_min=after_min, sessions=(done,))
    ids = {c.rule_id for c in find_caps("wall-angels", seen, RULES)}
    assert ("O01" not in ids) == is_open


@pytest.mark.parametrize(("before_min", "after_min"), [(60, 120), (120, 60)])
def test_o01_midnight_of_a_day_with_23_or_25_hours(before_min: int, after_min: int) -> None:
    two = (session(13, utc_offset_min=before_min), session(5, utc_offset_min=after_min))
    seen = Day(now=NOW, utc_offset_min=after_min, sessions=two)
    local: datetime = NOW + timedelta(minutes=after_min)
    n_today = sum(seen.day_of(s) == local.date() for s in two)
    found = [c for c in find_caps("wall-angels", seen, RULES) if c.rule_id == "O01"]
    assert bool(found) == (n_today >= 2)
    for cap in found:
        assert cap.ready_at is not None
        assert cap.ready_at > NOW
        assert (cap.ready_at + timedelta(minutes=after_min)).hour == 0
