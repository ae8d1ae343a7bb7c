"""When to talk to somebody: R01 to R16, each at, just under and just over its limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.cases import (
    IDS,
    NOW,
    ORDER,
    RULES,
    TEXTS,
    assessed,
    checked,
    day,
    hours_ago,
    many_sessions,
    past,
    replaced,
    session,
)
from unkink.coach.history import (
    History,
    PastCheckIn,
    PastClearance,
    PastNote,
    PastPop,
    PastReferralAnswer,
    PastReview,
    PastScreening,
    PastSession,
)
from unkink.coach.referral import Referral, find_referrals
from unkink.coach.standing import find_locks, screening_state

TW, SS, WA, FR = IDS.values()
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def check(days: float, pain: float | None, **more: Any) -> PastCheckIn:
    return PastCheckIn(at=ago(days), pain_now=pain, **more)


def review(days: float, **more: Any) -> PastReview:
    return PastReview(at=ago(days), **more)


def note(days: float, kind: Any, **more: Any) -> PastNote:
    return PastNote(at=ago(days), kind=kind, **more)


def told(days: float, rule_id: str, answer: Any, **more: Any) -> PastReferralAnswer:
    return PastReferralAnswer(rule_id=rule_id, answered_at=ago(days), answer=answer, **more)


def referrals(
    history: History, assessment: Any = None, now: datetime = NOW, **given: str
) -> dict[str, Referral]:
    found = find_referrals(history, assessment or assessed(**given), RULES, now)
    for one in found:
        assert one.reason.message_key in TEXTS, one.reason.message_key
        assert "{" not in TEXTS[one.reason.message_key].format_map(one.reason.params)
    return {one.rule_id: one for one in found}


def is_open(rule_id: str, history: History, now: datetime = NOW, **given: str) -> bool:
    one = referrals(history, now=now, **given).get(rule_id)
    return one is not None and one.is_open


# ---------------------------------------------------------------------------------------------- R01 to R03


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        pytest.param({"E05": "yes"}, {"R01"}, id="R01-at"),
        pytest.param({"E05": "unsure"}, {"R02"}, id="R01-under"),
        pytest.param({"E05": "yes", "E01": "yes"}, {"R01"}, id="R01-over"),
        pytest.param({}, set(), id="R01-none"),
    ],
)
def test_r01(given_: dict[str, str], expected: set[str]) -> None:
    found = referrals(past(), **given_)
    assert {i for i in found if i in ("R01", "R02")} == expected
    for one in found.values():
        assert one.is_open
        assert not one.can_snooze
    if "R01" in expected:
        assert found["R01"].urgency == "now"
        assert found["R01"].whom == "emergency"


@pytest.mark.parametrize(
    ("given_", "urgency"),
    [
        pytest.param({"U05": "yes"}, "same-day", id="R02-at"),
        pytest.param({"U07": "yes"}, "days", id="R02-slower"),
        pytest.param({"U07": "unsure"}, "days", id="R02-over"),
        pytest.param({"C18": "yes"}, None, id="R02-under"),
    ],
)
def test_r02(given_: dict[str, str], urgency: str | None) -> None:
    one = referrals(past(), **given_).get("R02")
    assert (one.urgency if one else None) == urgency


def test_r01_r02_signs_outside_the_questions() -> None:
    """A check-in and a stop sign of a session count like an answer."""
    by_check = past(check_ins=(check(0.1, 1, answers={"P03": "yes"}),))
    assert referrals(by_check)["R01"].rows == ("P03",)
    stopped = past(session(2, stop_rule_ids=("S01",), status="stopped"))
    assert referrals(stopped)["R01"].rows == ("S01",)
    assert referrals(past(check_ins=(check(0.1, 7),)))["R02"].rows == ("U16",)


@pytest.mark.parametrize(
    ("entries", "is_met"),
    [
        pytest.param(((0, 7),), False, id="R03-under-entries"),
        pytest.param(((0, 7), (24, 7)), True, id="R03-at"),
        pytest.param(((0, 7), (24.1, 7)), False, id="R03-under-hours"),
        pytest.param(((0, 7), (23, 6.9)), False, id="R03-under-pain"),
        pytest.param(((0, 7), (23, 7), (1, 7)), True, id="R03-over-entries"),
        pytest.param(((0, 7.9),), False, id="R03-under-at-once"),
        pytest.param(((0, 8),), True, id="R03-at-once"),
        pytest.param(((0, 8.1),), True, id="R03-over-at-once"),
    ],
)
def test_r03(entries: tuple[tuple[float, float], ...], is_met: bool) -> None:
    history = past(check_ins=tuple(check(h / 24, pain) for h, pain in sorted(entries, reverse=True)))
    assert is_open("R03", history) == is_met
    assert ("R03" in {lock.rule_id for lock in find_locks(assessed(), history, RULES)}) == is_met
    if is_met:
        today = day(checked(0), history)
        assert today.locked
        assert "R03" in today.lock_ids
        assert [card.id for card in today.cards] == ["advice"]
        assert all(t.permission.effect == "block" for t in today.techniques.values())


def test_r03_stays_locked_until_cleared_whatever_is_answered() -> None:
    strong = check(2, 8, seq=5)
    history = past(check_ins=(strong,), referral_answers=(told(1, "R03", "seen", seq=6),))
    assert screening_state(assessed(), history, NOW, RULES) == "locked"
    assert not is_open("R03", history)
    cleared = PastClearance(
        saved_at=ago(0.5), assessed_on=ago(1).date(), gentle_ok=True, rule_ids=("R03", "U16"), seq=7
    )
    after = replaced(history, clearances=(cleared,))
    assert find_locks(assessed(), after, RULES) == ()
    # what hurt after it locks again, and is told again
    again = replaced(after, check_ins=(strong, check(0.1, 8, seq=8)))
    assert "R03" in {lock.rule_id for lock in find_locks(assessed(), again, RULES)}
    assert is_open("R03", again)


@pytest.mark.parametrize("pain", [pytest.param(7.9, id="R03-under"), pytest.param(8, id="R03-at")])
def test_r03_counts_pain_after_a_session(pain: float) -> None:
    assert is_open("R03", past(session(5, pain_after=pain))) == (pain == 8)
    assert not is_open("R03", past(session(5, pain_after=pain, mode="demo")))


# ---------------------------------------------------------------------------------------------- R04 and R05


@pytest.mark.parametrize(
    ("days", "before", "now", "change", "is_met"),
    [
        pytest.param(14, 4, 3.5, 0, True, id="R04-at"),
        pytest.param(13.9, 4, 3.5, 0, False, id="R04-under-day"),
        pytest.param(15, 4, 3.5, 0, True, id="R04-over-day"),
        pytest.param(14, 4, 3.4, 0, False, id="R04-at-15-percent"),
        pytest.param(14, 4, 3.41, 0, True, id="R04-under-15-percent"),
        pytest.param(14, 8, 7, 0, False, id="R04-at-1-point"),
        pytest.param(14, 8, 7.01, 0, True, id="R04-under-1-point"),
        pytest.param(14, 4, 4, 1, False, id="R04-over-global"),
        pytest.param(14, 4, 4, None, True, id="R04-global-not-told"),
        pytest.param(14, 4, 6, -2, True, id="R04-worse"),
        pytest.param(14, 0, 0, 0, False, id="R04-no-pain"),
        pytest.param(14, 0, 2, 0, True, id="R04-at-new-pain"),
        pytest.param(14, 0, 1.9, 0, False, id="R04-under-new-pain"),
    ],
)
def test_r04(days: float, before: float, now: float, change: float | None, is_met: bool) -> None:
    first, last = review(days, pain_average=before), review(0, pain_average=now, global_change=change)
    assert is_open("R04", past(reviews=(first, last))) == is_met


ABLE = {"a1": 4.0, "a2": 6.0}


@pytest.mark.parametrize(
    ("days", "before", "now", "is_met"),
    [
        pytest.param(28, 6, 5, True, id="R05-at"),
        pytest.param(27.9, 6, 5, False, id="R05-under-day"),
        pytest.param(42, 6, 5, True, id="R05-at-last-day"),
        pytest.param(42.1, 6, 5, False, id="R05-over-day"),
        pytest.param(28, 8, 6.01, True, id="R05-under-2-points"),
        pytest.param(28, 8, 6, False, id="R05-at-2-points"),
        pytest.param(28, 5, 3.51, True, id="R05-under-30-percent"),
        pytest.param(28, 5, 3.5, False, id="R05-at-30-percent"),
        pytest.param(28, 2, 1.9, False, id="R05-under-pain"),
        pytest.param(28, 2, 2, True, id="R05-at-pain"),
    ],
)
def test_r05(days: float, before: float, now: float, is_met: bool) -> None:
    history = past(reviews=(review(days, pain_average=before), review(0, pain_average=now)))
    assert is_open("R05", history) == is_met


@pytest.mark.parametrize(
    ("gain", "is_met"),
    [
        pytest.param(1.29, True, id="R05-under-activities"),
        pytest.param(1.3, False, id="R05-at-activities"),
        pytest.param(1.4, False, id="R05-over-activities"),
    ],
)
def test_r05_activities(gain: float, is_met: bool) -> None:
    later = {i: score + gain for i, score in ABLE.items()}
    history = past(reviews=(review(30, activities=ABLE), review(0, activities=later)))
    assert is_open("R05", history) == is_met
    # who can do nearly all has nothing to gain, but something to lose
    for now, is_lost in ((9.5, False), (8.3, False), (8.2, True)):
        able = past(reviews=(review(30, activities={"a1": 9.5}), review(0, activities={"a1": now})))
        assert is_open("R05", able) == is_lost


def greens(*days: float, exercise_id: str = TW) -> tuple[PastSession, ...]:
    return tuple(session(24 * d, exercise_id) for d in days)


def dose_of(history: History, exercise_id: str = TW) -> str:
    return day(checked(0), history).techniques[exercise_id].dose


@pytest.mark.parametrize(
    ("answers_", "is_held"),
    [
        pytest.param((), True, id="R05-at"),
        pytest.param((told(5, "R05", "booked"),), True, id="R05-booked"),
        pytest.param((told(5, "R05", "later"),), True, id="R05-later"),
        pytest.param((told(5, "R05", "seen"),), False, id="R05-seen"),
    ],
)
def test_r05_holds_the_level(answers_: tuple[PastReferralAnswer, ...], is_held: bool) -> None:
    sessions = greens(50, 20, 8, 6, 4)
    reviews = (review(45, pain_average=6), review(10, pain_average=6))
    free = dose_of(past(*sessions))
    assert free != "start"
    history = past(*sessions, reviews=reviews, referral_answers=answers_)
    assert (dose_of(history) == "start") == is_held
    reasons = {r.rule_id for r in day(checked(0), history).techniques[TW].reasons}
    assert ("R05" in reasons) == is_held
    # it ends when it gets better
    better = past(*sessions, reviews=(*reviews, review(1, pain_average=2)), referral_answers=answers_)
    assert dose_of(better) == free


# ---------------------------------------------------------------------------------------------------- R06


def weeks_of(before: float, now: float, *, n_before: int = 4, n_now: int = 4, end: float = 0) -> History:
    """Return a week of the one score, then a week of the other that ended so many days ago."""
    first = [check(end + 7.5 + i, before) for i in reversed(range(n_before))]
    second = [check(end + 0.5 + i, now) for i in reversed(range(n_now))]
    return past(*many_sessions(), check_ins=(*first, *second))


def is_half(history: History) -> bool:
    today = day(checked(history.check_ins[-1].pain_now), history)
    return "R06" in {r.rule_id for r in today.techniques[SS].reasons}


@pytest.mark.parametrize(
    ("history", "is_met"),
    [
        pytest.param(weeks_of(1, 3), True, id="R06-at"),
        pytest.param(weeks_of(1, 2.9), False, id="R06-under-points"),
        pytest.param(weeks_of(0, 3), True, id="R06-over-points"),
        pytest.param(weeks_of(1, 3, n_now=2), False, id="R06-under-entries"),
        pytest.param(weeks_of(1, 3, n_before=3), False, id="R06-under-entries-before"),
        pytest.param(weeks_of(1, 3, n_before=5, n_now=5), True, id="R06-over-entries"),
    ],
)
def test_r06_halves(history: History, is_met: bool) -> None:
    assert is_half(history) == is_met
    if is_met:
        for code in (TW, SS, WA):
            assert day(checked(3), history).techniques[code].permission.dose_frac <= 0.5
        # a professional has looked at it
        seen = replaced(history, referral_answers=(told(0.01, "R06", "seen"),))
        assert not is_half(seen)


@pytest.mark.parametrize(
    ("days", "score", "is_met"),
    [
        pytest.param(7, 3, True, id="R06-at"),
        pytest.param(6.9, 3, False, id="R06-under"),
        pytest.param(8, 3, True, id="R06-over"),
        pytest.param(7, 2.9, False, id="R06-under-points"),
    ],
)
def test_r06_refers_when_it_lasts(days: float, score: float, is_met: bool) -> None:
    start = 20.0
    begun = weeks_of(1, 3, end=start).check_ins
    # the fourth entry of the worse week shows it
    more = [check(start + 0.5 - d, score) for d in (2, 3, 4, 5, days)]
    assert is_open("R06", past(check_ins=(*begun, *more))) == is_met


@pytest.mark.parametrize(
    ("told_", "is_locked"),
    [
        pytest.param({"is_constant": True}, True, id="R06-constant"),
        pytest.param({"nights_woken": 1}, True, id="R06-night-at"),
        pytest.param({"nights_woken": 2}, True, id="R06-night-over"),
        pytest.param({"nights_woken": 0, "is_constant": False}, False, id="R06-night-under"),
    ],
)
def test_r06_with_constant_or_night_pain_is_u07(told_: dict[str, Any], is_locked: bool) -> None:
    history = replaced(weeks_of(1, 3), reviews=(review(1, **told_),))
    assert ("U07" in {lock.rule_id for lock in find_locks(assessed(), history, RULES)}) == is_locked
    calm = replaced(weeks_of(1, 1), reviews=(review(1, **told_),))
    assert find_locks(assessed(), calm, RULES) == ()
    if is_locked:
        assert is_open("R02", history)
        cleared = PastClearance(
            saved_at=ago(0.1), assessed_on=ago(0).date(), gentle_ok=True, rule_ids=("U07",)
        )
        assert find_locks(assessed(), replaced(history, clearances=(cleared,)), RULES) == ()


# ---------------------------------------------------------------------------------------------------- R07


def hurt(*days: float, pain: float, exercise_id: str = TW) -> list[PastSession]:
    return [session(24 * d, exercise_id, pain_during=pain) for d in days]


def as_past(sessions: Iterable[PastSession]) -> History:
    return past(*sorted(sessions, key=lambda s: s.started_at))


@pytest.mark.parametrize(
    ("sessions", "is_back"),
    [
        pytest.param(hurt(13.9, 3, pain=6), True, id="R07-at-red"),
        pytest.param(hurt(14.1, 3, pain=6), False, id="R07-under-red"),
        pytest.param(hurt(6.9, 4, 3, pain=4), True, id="R07-at-amber"),
        pytest.param(hurt(7.1, 4, 3, pain=4), False, id="R07-under-amber"),
        pytest.param(hurt(6, 5, 4, 3, pain=4), True, id="R07-over-amber"),
        pytest.param([*hurt(6, 3, pain=4), *hurt(4, pain=6)], True, id="R07-mixed"),
    ],
)
def test_r07_goes_a_level_back(sessions: list[PastSession], is_back: bool) -> None:
    today = day(checked(0), as_past([*greens(60, 40, 30, 29, 28, 27, 26, 25, exercise_id=SS), *sessions]))
    reasons = {r.rule_id for r in today.techniques[SS].reasons}
    assert ("R07" in reasons) == is_back
    assert ("pain-repeats" in {c.id for c in today.cards}) == is_back


@pytest.mark.parametrize(
    ("days", "is_met"),
    [
        pytest.param((20, 18), False, id="R07-once"),
        pytest.param((20, 18, 5), False, id="R07-under-again"),
        pytest.param((20, 18, 6, 3), True, id="R07-again"),
        pytest.param((20, 18, 17.5, 3), False, id="R07-under-window"),
        pytest.param((60, 58, 6, 3), False, id="R07-long-after"),
    ],
)
def test_r07_refers_when_repeated_after_going_back(days: tuple[float, ...], is_met: bool) -> None:
    assert is_open("R07", as_past(hurt(*days, pain=6))) == is_met


# ---------------------------------------------------------------------------------------------- R08 and R09


@pytest.mark.parametrize(
    ("nights", "is_met"),
    [
        pytest.param(2, False, id="R08-under"),
        pytest.param(3, True, id="R08-at"),
        pytest.param(4, True, id="R08-over"),
    ],
)
def test_r08(nights: int, is_met: bool) -> None:
    history = past(reviews=(review(0.5, nights_woken=nights),))
    assert is_open("R08", history) == is_met
    # U07 is asked again before anything opens
    assert (screening_state(assessed(), history, NOW, RULES) == "expired") == is_met
    today = day(checked(0), history)
    assert (today.ask == ("U07",)) == is_met
    assert all(t.permission.effect == "block" for t in today.techniques.values()) == is_met
    if is_met:
        words = referrals(history)["R08"].reason
        assert words.params["n"] == nights
        again = PastScreening(answered_at=hours_ago(1), tier="clear")
        asked = replaced(history, screenings=(*history.screenings, again))
        assert screening_state(assessed(), asked, NOW, RULES) == "valid"
        # the reason to see somebody stays
        assert is_open("R08", asked)


@pytest.mark.parametrize(
    ("more", "is_met"),
    [
        pytest.param({"notes": (note(0.1, "nerve"),)}, True, id="R09-at-note"),
        pytest.param({"notes": (note(0.1, "worried"),)}, False, id="R09-under-note"),
        pytest.param({"check_ins": (check(0.1, 1, answers={"P02": "yes"}),)}, True, id="R09-at-P02"),
        pytest.param({"check_ins": (check(0.1, 1, answers={"P02": "no"}),)}, False, id="R09-under-P02"),
        pytest.param({"sessions": (session(3, pain_kinds=("tingling",)),)}, True, id="R09-at-tingling"),
        pytest.param({"sessions": (session(3, pain_kinds=("ache",)),)}, False, id="R09-under-tingling"),
        pytest.param({"sessions": (session(3, stop_rule_ids=("S02",)),)}, True, id="R09-over-S02"),
    ],
)
def test_r09(more: dict[str, Any], is_met: bool) -> None:
    sessions = (*many_sessions(), *more.pop("sessions", ()))
    history = past(*sessions, **more)
    assert is_open("R09", history) == is_met
    # asked again at once; what the answers are, twist and roller wait for somebody's look
    asked = replaced(history, screenings=(*history.screenings, PastScreening(answered_at=NOW, tier="clear")))
    today = day(checked(0), asked)
    closed = {c for c, i in IDS.items() if "R09" in {r.rule_id for r in today.techniques[i].reasons}}
    assert closed == ({"TW", "FR"} if is_met else set())
    for code in closed:
        assert today.techniques[IDS[code]].permission.effect == "block"
    if is_met:
        one = referrals(history)["R09"]
        assert (one.urgency, one.can_snooze, one.card) == ("same-day", False, "nerves")
        assert screening_state(assessed(), history, NOW, RULES) in ("expired", "locked")
        seen = replaced(asked, referral_answers=(told(0.01, "R09", "seen"),))
        today = day(checked(0), seen)
        assert "R09" not in {r.rule_id for r in today.techniques[TW].reasons}
        booked = replaced(asked, referral_answers=(told(0.01, "R09", "booked"),))
        assert day(checked(0), booked).techniques[TW].permission.effect == "block"


# ---------------------------------------------------------------------------------------------------- R10


def pops(n_days: int, n_weeks: int, *, deliberate: bool = True) -> History:
    days = [7 * week + d + 0.1 for week in range(n_weeks) for d in range(n_days)]
    return past(pops=tuple(PastPop(at=ago(d), deliberate=deliberate) for d in sorted(days, reverse=True)))


@pytest.mark.parametrize(
    ("n_days", "n_weeks", "urgency"),
    [
        pytest.param(5, 1, None, id="R10-under-2-weeks"),
        pytest.param(5, 2, "info", id="R10-at-2-weeks"),
        pytest.param(4, 4, None, id="R10-under-days"),
        pytest.param(5, 3, "info", id="R10-under-4-weeks"),
        pytest.param(5, 4, "routine", id="R10-at-4-weeks"),
        pytest.param(6, 5, "routine", id="R10-over-4-weeks"),
    ],
)
def test_r10(n_days: int, n_weeks: int, urgency: str | None) -> None:
    one = referrals(pops(n_days, n_weeks)).get("R10")
    assert (one.urgency if one else None) == urgency
    assert "R10" not in referrals(pops(n_days, n_weeks, deliberate=False))
    if urgency == "info":
        assert one is not None
        assert one.whom == "self"
        assert one.card == "habit"


# --------------------------------------------------------------------------------------------- R11 to R14


@pytest.mark.parametrize(
    ("n_weeks", "pain_days", "is_met"),
    [
        pytest.param(12, 4, False, id="R11-at-weeks"),
        pytest.param(11, 4, False, id="R11-under-weeks"),
        pytest.param(13, 4, True, id="R11-over-weeks"),
        pytest.param(13, 3, False, id="R11-under-days"),
        pytest.param(13, 5, True, id="R11-over-days"),
    ],
)
def test_r11_by_looks_back(n_weeks: int, pain_days: int, is_met: bool) -> None:
    reviews = tuple(review(7 * i, pain_days=pain_days) for i in reversed(range(n_weeks)))
    assert is_open("R11", past(reviews=reviews)) == is_met
    if is_met:
        # a week without pain begins it anew
        broken = tuple(replaced(r, pain_days=0) if i == 6 else r for i, r in enumerate(reviews))
        assert not is_open("R11", past(reviews=broken))


@pytest.mark.parametrize(
    ("since_weeks", "is_met"),
    [
        pytest.param(12, False, id="R11-at-since"),
        pytest.param(12.2, True, id="R11-over-since"),
        pytest.param(11, False, id="R11-under-since"),
    ],
)
def test_r11_by_how_long_it_has_been(since_weeks: float, is_met: bool) -> None:
    assert is_open("R11", past(reviews=(review(0, pain_days=6, since_weeks=since_weeks),))) == is_met


@pytest.mark.parametrize(
    ("n_weeks", "is_met"),
    [pytest.param(12, False, id="R11-at-check-ins"), pytest.param(14, True, id="R11-over-check-ins")],
)
def test_r11_by_check_ins(n_weeks: int, is_met: bool) -> None:
    check_ins = tuple(check(7 * n_weeks - 1 - i, 2) for i in range(7 * n_weeks))
    assert is_open("R11", past(check_ins=check_ins)) == is_met


@pytest.mark.parametrize(
    ("mornings", "n_weeks", "onset", "is_met"),
    [
        pytest.param(4, 4, 44.9, True, id="R12-at"),
        pytest.param(3, 4, 44.9, False, id="R12-under-mornings"),
        pytest.param(5, 5, 30, True, id="R12-over"),
        pytest.param(4, 3, 44.9, False, id="R12-under-weeks"),
        pytest.param(4, 4, 45, False, id="R12-over-age"),
        pytest.param(4, 4, None, False, id="R12-age-not-told"),
    ],
)
def test_r12(mornings: int, n_weeks: int, onset: float | None, is_met: bool) -> None:
    reviews = tuple(
        review(7 * i, stiff_mornings=mornings, onset_age_years=onset) for i in reversed(range(n_weeks))
    )
    one = referrals(past(reviews=reviews)).get("R12")
    assert (one is not None) == is_met
    if one is not None:
        assert one.card == "inflammatory"


def flares(n_flares: int, *, rise: float = 2, hours: float = 49, every_days: int = 14) -> History:
    entries: dict[float, float] = {}
    for i in range(n_flares):
        begun = 1 + every_days * i
        for d in range(3, every_days - 2):
            entries[begun + d] = 1
        for h in (0.0, hours / 2, hours):
            entries[begun + hours / 24 - h / 24] = 1 + rise
    return past(check_ins=tuple(check(d, entries[d]) for d in sorted(entries, reverse=True)))


@pytest.mark.parametrize(
    ("history", "is_met"),
    [
        pytest.param(flares(3), True, id="R13-at"),
        pytest.param(flares(2), False, id="R13-under-flares"),
        pytest.param(flares(4), True, id="R13-over-flares"),
        pytest.param(flares(3, rise=1.9), False, id="R13-under-points"),
        pytest.param(flares(3, hours=48), False, id="R13-at-48-hours"),
        pytest.param(flares(3, hours=48.1), True, id="R13-over-48-hours"),
        pytest.param(flares(3, every_days=28), True, id="R13-at-8-weeks"),
        pytest.param(flares(3, every_days=29), False, id="R13-over-8-weeks"),
    ],
)
def test_r13(history: History, is_met: bool) -> None:
    assert is_open("R13", history) == is_met


@pytest.mark.parametrize(
    ("told_", "is_met"),
    [
        pytest.param({"wall_gap_cm": 5, "age_years": 60}, False, id="R14-at-gap"),
        pytest.param({"wall_gap_cm": 5.1, "age_years": 60}, True, id="R14-over-gap"),
        pytest.param({"wall_gap_cm": 4.9, "age_years": 60}, False, id="R14-under-gap"),
        pytest.param({"height_loss_cm": 4, "age_years": 60}, True, id="R14-at-height"),
        pytest.param({"height_loss_cm": 3.9, "age_years": 60}, False, id="R14-under-height"),
        pytest.param({"wall_gap_cm": 6, "age_years": 50}, True, id="R14-at-age"),
        pytest.param({"wall_gap_cm": 6, "age_years": 49}, False, id="R14-under-age"),
        pytest.param({"wall_gap_cm": 6}, True, id="R14-age-not-told"),
    ],
)
def test_r14(told_: dict[str, Any], is_met: bool) -> None:
    history = past(*many_sessions(), reviews=(review(1, **told_),))
    assert is_open("R14", history) == is_met
    roller = day(checked(0), history).techniques[FR]
    assert (roller.permission.effect == "block") == is_met
    assert ("R14" in {r.rule_id for r in roller.reasons}) == is_met
    if is_met:
        later = replaced(history, reviews=(*history.reviews, review(0.1, pain_average=1)))
        assert day(checked(0), later).techniques[FR].permission.effect == "block"
        seen = replaced(history, referral_answers=(told(0.01, "R14", "seen"),))
        assert day(checked(0), seen).techniques[FR].permission.effect == "ok"


# ---------------------------------------------------------------------------------------------- R15 and R16


@pytest.mark.parametrize(
    ("kind", "urgency", "whom"),
    [
        pytest.param("worried", "days", "doctor", id="R15-at-worried"),
        pytest.param("low-mood", "days", "doctor", id="R15-at-low-mood"),
        pytest.param("crisis", "now", "crisis-line", id="R15-over-crisis"),
        pytest.param("fall", None, None, id="R15-under"),
    ],
)
def test_r15(kind: str, urgency: str | None, whom: str | None) -> None:
    one = referrals(past(notes=(note(0.1, kind),))).get("R15")
    assert (one.urgency if one else None) == urgency
    assert (one.whom if one else None) == whom
    if one is not None:
        assert one.card == kind
        assert one.can_snooze == (kind != "crisis")


def test_r15_the_gravest_word_stays_until_it_is_answered() -> None:
    history = past(notes=(note(3, "crisis", seq=4), note(1, "worried", seq=5)))
    one = referrals(history)["R15"]
    assert (one.card, one.can_snooze) == ("crisis", False)
    later = replaced(history, referral_answers=(told(0.5, "R15", "later", seq=6),))
    assert referrals(later)["R15"].is_open


@pytest.mark.parametrize(
    ("days", "is_met"),
    [
        pytest.param(27.9, False, id="R16-under"),
        pytest.param(28, True, id="R16-at"),
        pytest.param(29, True, id="R16-over"),
    ],
)
def test_r16_age(days: float, is_met: bool) -> None:
    history = past(
        *many_sessions(days_ago=5), screenings=(PastScreening(answered_at=ago(days), tier="clear"),)
    )
    assert is_open("R16", history) == is_met


@pytest.mark.parametrize("kind", [pytest.param(k, id=f"R16-{k}") for k in RULES.referral.rescreen.note_kinds])
def test_r16_news(kind: str) -> None:
    history = past(notes=(note(0.1, kind),))
    assert screening_state(assessed(), history, NOW, RULES) == "expired"
    one = referrals(history)["R16"]
    assert one.is_open
    assert not one.can_snooze
    # an answer to the card is none to the questions
    assert is_open("R16", replaced(history, referral_answers=(told(0, "R16", "seen"),)))
    before = past(notes=(note(2, kind),))
    assert screening_state(assessed(), before, NOW, RULES) == "valid"
    assert "R16" not in referrals(before)


# --------------------------------------------------------------------------------------- answers and clocks


def nights(*days: float, **more: Any) -> History:
    return past(reviews=tuple(review(d, nights_woken=3, seq=10 + i) for i, d in enumerate(days)), **more)


@pytest.mark.parametrize("word", ["booked", "seen"])
def test_an_answer_closes_it_until_it_happens_again(word: str) -> None:
    answered = nights(20, referral_answers=(told(19, "R08", word, seq=11),))
    one = referrals(answered)["R08"]
    assert not one.is_open
    assert one.answer == word
    again = replaced(answered, reviews=(*answered.reviews, review(1, nights_woken=4, seq=12)))
    assert is_open("R08", again)
    assert referrals(again)["R08"].reason.params["n"] == 4


def test_it_stays_until_it_is_answered() -> None:
    assert is_open("R08", nights(300))


@pytest.mark.parametrize(("days", "is_back"), [(6.9, False), (7, True), (7.1, True)])
def test_later_puts_off_for_a_week(days: float, is_back: bool) -> None:
    put_off = nights(20, referral_answers=(told(days, "R08", "later", seq=11),))
    one = referrals(put_off)["R08"]
    assert one.is_open == is_back
    assert (one.snoozed_until is None) == is_back


def test_what_happens_again_ends_a_putting_off() -> None:
    history = nights(20, 2, referral_answers=(told(3, "R08", "later", seq=10),))
    assert is_open("R08", history)


@pytest.mark.parametrize("word", ["later"])
@pytest.mark.parametrize("rule_id", ["R01", "R02", "R03", "R09", "R15"])
def test_an_urgent_one_cannot_be_put_off(rule_id: str, word: str) -> None:
    strong = check(1, 9, seq=4, answers={"P03": "yes"})
    history = past(
        check_ins=(strong,),
        notes=(note(1, "nerve", seq=5), note(1, "crisis", seq=6)),
        referral_answers=tuple(
            told(0.1, i, word, seq=7 + n) for n, i in enumerate(("R01", "R02", "R03", "R09", "R15"))
        ),
    )
    one = referrals(history, U05="yes")[rule_id]
    assert one.is_open
    assert not one.can_snooze
    assert one.snoozed_until is None


@pytest.mark.parametrize("back_days", [0.1, 3, 400])
def test_a_clock_set_back_hides_nothing(back_days: float) -> None:
    """Whatever was open at one time is open at any earlier time of the clock."""
    rich = past(
        check_ins=(*weeks_of(1, 4, end=10).check_ins, *(check(d, 4) for d in range(9, 2, -1)), check(2, 8)),
        reviews=(
            review(80, pain_average=6, stiff_mornings=5, onset_age_years=30, pain_days=7, since_weeks=20),
            review(73, stiff_mornings=5, pain_days=7),
            review(66, stiff_mornings=5, pain_days=7),
            review(59, stiff_mornings=5, pain_days=7),
            review(50, pain_average=6, wall_gap_cm=9, nights_woken=5),
        ),
        notes=(note(5, "worried"), note(4, "nerve"), note(4, "medicine")),
        pops=pops(6, 5).pops,
    )
    now = {i for i, one in referrals(rich).items() if one.is_open}
    assert now >= {"R03", "R05", "R06", "R08", "R09", "R10", "R11", "R12", "R14", "R15"}
    then = {i for i, one in referrals(rich, now=NOW - back_days * DAY).items() if one.is_open}
    assert then >= now - {"R16"}


def test_a_clock_set_back_ends_a_putting_off() -> None:
    put_off = nights(20, referral_answers=(told(1, "R08", "later", seq=11),))
    assert not is_open("R08", put_off)
    assert is_open("R08", put_off, now=ago(300))


def test_what_was_written_after_an_answer_counts_whatever_its_time() -> None:
    """The clock was set back between the answer and the next nights: the order of writing decides."""
    history = past(
        reviews=(
            review(20, nights_woken=3, seq=10),
            review(40, nights_woken=0, seq=12),
            review(39, nights_woken=3, seq=13),
        ),
        referral_answers=(told(19, "R08", "seen", seq=11),),
    )
    assert is_open("R08", history)


def test_the_most_urgent_comes_first() -> None:
    history = past(
        notes=(note(1, "worried"), note(0.5, "nerve")), pops=pops(6, 5).pops, check_ins=(check(0.2, 9),)
    )
    found = find_referrals(history, assessed(E01="yes"), RULES, NOW)
    order = ("now", "same-day", "days", "weeks", "routine", "info")
    assert [order.index(r.urgency) for r in found] == sorted(order.index(r.urgency) for r in found)
    assert found[0].urgency == "now"
    assert len({r.rule_id for r in found}) == len(found)


def test_a_healthy_past_refers_nobody() -> None:
    history = past(
        *(session(24 * d) for d in range(60, 0, -2)),
        check_ins=tuple(check(d, d % 3 // 2) for d in range(60, 0, -1)),
        reviews=tuple(
            review(
                7 * i,
                pain_average=0,
                pain_days=1,
                nights_woken=0,
                stiff_mornings=1,
                is_constant=False,
                onset_age_years=30,
                age_years=40,
                wall_gap_cm=1,
                height_loss_cm=0,
                activities={"a1": 9.0},
            )
            for i in reversed(range(8))
        ),
    )
    assert referrals(history) == {}


# --------------------------------------------------------------------------------- D12 after strong pain


@pytest.mark.parametrize(
    ("pain", "is_held"),
    [
        pytest.param(5, False, id="D12-at"),
        pytest.param(5.1, True, id="D12-over"),
        pytest.param(4.9, False, id="D12-under"),
    ],
)
def test_no_progression_follows_pain_above_five(pain: float, is_held: bool) -> None:
    sessions = greens(30, 20, 4)
    free = dose_of(past(*sessions))
    held = past(*sessions, check_ins=(check(6, pain),))
    assert (dose_of(held) != free) == is_held
    # three easy ones later it goes on
    more = past(*greens(30, 20, 4, 3, 2), check_ins=(check(6, pain),))
    assert dose_of(more) == dose_of(past(*greens(30, 20, 4, 3, 2)))


# -------------------------------------------------------------------------------------------- properties

few = settings(max_examples=60, deadline=None)
pains = st.lists(st.integers(0, 6), min_size=0, max_size=16)
review_days = st.lists(
    st.fixed_dictionaries(
        {
            "pain_average": st.none() | st.integers(0, 6),
            "nights_woken": st.none() | st.integers(0, 7),
            "wall_gap_cm": st.none() | st.integers(0, 8),
        }
    ),
    max_size=6,
)
session_days = st.lists(st.tuples(st.sampled_from(list(IDS.values())), st.integers(0, 7)), max_size=8)


def load(history: History, pain: float) -> dict[str, tuple[int, int, float]]:
    """Return how much each technique may be: whether at all, at which level, which share."""
    # answered just now, so that what is not about the questions shows
    fresh = replaced(history, screenings=(*history.screenings, PastScreening(answered_at=NOW, tier="clear")))
    today = day(checked(pain), fresh)
    doses = ("start", "middle", "standard")
    return {
        i: (
            -ORDER.index((t.permission.effect == "block" and "block") or "ok"),
            -1 if t.permission.effect == "block" else doses.index(t.dose),
            0.0 if t.permission.effect == "block" else t.permission.dose_frac,
        )
        for i, t in today.techniques.items()
    }


def make_life(
    scores: list[int], told_: list[dict[str, Any]], done: list[tuple[str, int]], **more: Any
) -> History:
    return past(
        *(
            session(24 * (40 - 2 * i), exercise_id, pain_during=pain)
            for i, (exercise_id, pain) in enumerate(done)
        ),
        check_ins=tuple(check(len(scores) - i, s) for i, s in enumerate(scores)),
        reviews=tuple(review(6 * (len(told_) - i), **r) for i, r in enumerate(told_)),
        **more,
    )


def is_no_more(after: dict[str, Any], before: dict[str, Any]) -> bool:
    return all(a <= b for i in after for a, b in zip(after[i], before[i], strict=True))


@few
@given(scores=pains, told_=review_days, done=session_days, low=st.integers(0, 6), high=st.integers(0, 10))
def test_more_pain_now_never_gives_more_load(
    scores: list[int], told_: list[dict[str, Any]], done: list[tuple[str, int]], low: int, high: int
) -> None:
    low, high = sorted((low, high))
    history = make_life(scores, told_, done)
    assert is_no_more(load(history, high), load(history, low))


@few
@given(scores=pains, told_=review_days, done=session_days, idx=st.integers(0, 7), more=st.integers(0, 7))
def test_a_worse_session_never_gives_more_load(
    scores: list[int], told_: list[dict[str, Any]], done: list[tuple[str, int]], idx: int, more: int
) -> None:
    if not done:
        return
    idx %= len(done)
    worse = [*done]
    worse[idx] = (done[idx][0], min(10, done[idx][1] + more))
    assert is_no_more(load(make_life(scores, told_, worse), 0), load(make_life(scores, told_, done), 0))


@few
@given(
    scores=pains,
    told_=review_days,
    done=session_days,
    kind=st.sampled_from(["nerve", "worried", "crisis", "fall", "medicine"]),
)
def test_one_more_flag_never_gives_more_load(
    scores: list[int], told_: list[dict[str, Any]], done: list[tuple[str, int]], kind: str
) -> None:
    calm = make_life(scores, told_, done)
    flagged = make_life(scores, told_, done, notes=(note(0.01, kind),))
    assert is_no_more(load(flagged, 0), load(calm, 0))
    told_more = [*told_, {"nights_woken": 7, "is_constant": True, "wall_gap_cm": 9}]
    shifted = replaced(calm, reviews=(*calm.reviews, review(0.01, **told_more[-1])))
    assert is_no_more(load(shifted, 0), load(calm, 0))


@few
@given(scores=pains, told_=review_days, done=session_days, back=st.integers(0, 60))
def test_what_was_open_stays_open_when_the_clock_is_set_back(
    scores: list[int], told_: list[dict[str, Any]], done: list[tuple[str, int]], back: int
) -> None:
    history = make_life(scores, told_, done)
    now = {i for i, one in referrals(history).items() if one.is_open}
    then = {i for i, one in referrals(history, now=NOW - back * DAY).items() if one.is_open}
    assert then >= now - {"R16"}
