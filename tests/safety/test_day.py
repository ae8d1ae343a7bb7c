"""The day: check-in P01 to P05, pain rule L01 to L04, caps O01 to O05, D01, D03 to D05, D12, R07, R10."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from safety.cases import (
    IDS,
    NOW,
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
from unkink.coach.dose import CheckIn, Today, list_questions, needs_check_in, pop_card, signal_of
from unkink.coach.history import History, PastCheckIn, PastPop, drop_session
from unkink.coach.screening import Details

TW, SS, WA, FR = IDS.values()
DAY = timedelta(days=1)


def effects(today: Today) -> list[str]:
    for technique in today.techniques.values():
        for reason in technique.reasons:
            assert reason.message_key in TEXTS
    for reason in (*today.reasons, *today.nudges):
        assert reason.message_key in TEXTS
    return [today.techniques[i].permission.effect for i in IDS.values()]


def reasons(today: Today, exercise_id: str) -> set[str]:
    return {r.rule_id for r in today.techniques[exercise_id].reasons}


def is_full_open(today: Today, exercise_id: str) -> bool:
    technique = today.techniques[exercise_id]
    return technique.permission.effect != "block" and not technique.short_only


# ------------------------------------------------------------------------------------------------ check-in


@pytest.mark.parametrize(
    ("pain", "expected"),
    [
        (0, ["ok"] * 4),
        (3, ["ok"] * 4),
        (3.1, ["modify"] * 3 + ["block"]),
        (4, ["modify"] * 3 + ["block"]),
        (5, ["modify"] * 3 + ["block"]),
        (5.1, ["block"] * 4),
        (6, ["block"] * 4),
        (6.1, ["block"] * 4),
        (7, ["block"] * 4),
        (-1, ["block"] * 4),
        (float("nan"), ["block"] * 4),
        (None, ["block"] * 4),
    ],
)
def test_p01_bands(pain: float | None, expected: list[str]) -> None:
    today = day(checked(pain), past(*many_sessions()))
    assert effects(today) == expected
    if expected[0] == "modify":
        assert {today.techniques[i].permission.dose_frac for i in (TW, SS, WA)} == {0.5}
        assert "P01" in reasons(today, FR)


def test_p01_at_six_leaves_breathing_for_the_whole_day() -> None:
    assert day(checked(6)).breathing_only
    earlier = PastCheckIn(at=hours_ago(3), pain_now=6, answers={})
    assert effects(day(checked(1), past(check_ins=(earlier,)))) == ["block"] * 4
    yesterday = PastCheckIn(at=hours_ago(20), pain_now=6, answers={})
    assert effects(day(checked(1), past(*many_sessions(), check_ins=(yesterday,)))) == ["ok"] * 4


def test_p01_at_seven_locks_as_u16() -> None:
    today = day(checked(7))
    assert today.locked
    assert today.lock_ids == ("U16",)
    assert [card.id for card in today.cards] == ["advice"]
    assert not today.breathing_only


@pytest.mark.parametrize("word", ["yes", "unsure"])
@pytest.mark.parametrize(
    ("question", "cards"), [("P02", {"cauda", "cord"}), ("P03", {"heart", "lung", "advice"})]
)
def test_p02_p03_lock_and_show_their_cards(question: str, cards: set[str], word: str) -> None:
    today = day(checked(0, **{question: word}))
    assert today.locked
    assert today.lock_ids == (question,)
    assert today.tier == "emergency"
    assert {card.id for card in today.cards} == cards
    assert today.cards[0].tier == "emergency"
    assert effects(today) == ["block"] * 4


@pytest.mark.parametrize("word", ["yes", "unsure"])
def test_p04_asks_its_rows_before_anything(word: str) -> None:
    today = day(checked(0, P04=word))
    assert effects(today) == ["block"] * 4
    assert today.ask == ("U01", "U05", "U06", "U12", "C03", "C04", "C07", "C16")
    assert not today.locked


@pytest.mark.parametrize("word", ["yes", "unsure"])
def test_p05_goes_back_one_level(word: str) -> None:
    # Standard level: greens over more than two weeks, three for each step.
    greens = tuple(session(24 * days) for days in (20, 15, 6, 5, 4, 3, 2))
    assert day(checked(0), past(*greens)).techniques[TW].dose == "standard"
    after = day(checked(0, P05=word), past(*greens)).techniques[TW]
    assert after.dose == "middle"
    assert after.permission.dose_frac == 0.5


def test_p05_below_the_first_level_is_half_of_it() -> None:
    technique = day(checked(0, P05="yes"), past(session(30))).techniques[TW]
    assert technique.dose == "start"
    assert technique.permission.dose_frac == 0.5


@pytest.mark.parametrize("missing", ["P02", "P03", "P04", "P05"])
def test_question_left_out_closes_everything(missing: str) -> None:
    full = checked(0)
    part = replaced(full, answers={k: v for k, v in full.answers.items() if k != missing})
    today = day(part, past(session(30)))
    assert effects(today) == ["block"] * 4
    assert today.unanswered == (missing,)


def test_p05_is_asked_from_the_first_session_on() -> None:
    """Before it there is no last session that it could be about; P02 to P04 are asked all the same."""
    assert [q.id for q in list_questions(past(), RULES)] == ["P02", "P03", "P04"]
    assert [q.id for q in list_questions(past(session(30)), RULES)] == ["P02", "P03", "P04", "P05"]
    full = checked(0)
    part = replaced(full, answers={k: v for k, v in full.answers.items() if k != "P05"})
    assert day(part).unanswered == ()
    assert day(part).techniques[TW].permission.effect != "block"
    # said all the same, it would change nothing
    assert day(checked(0, P05="yes")) == day(checked(0))


def test_without_assessment_everything_is_closed() -> None:
    from unkink.coach.dose import check_in

    today = check_in(checked(0), History(), None, RULES, NOW)
    assert effects(today) == ["block"] * 4


def test_screening_and_check_in_go_together() -> None:
    today = day(checked(4), past(*many_sessions()), assessed(C13="yes"))
    permission = today.techniques[SS].permission
    assert permission.variants == ("ss-1",)
    assert permission.dose_frac == 0.5
    assert permission.reasons == ("C13", "P01")


@pytest.mark.parametrize(
    ("minutes", "is_needed"), [(0, False), (59, False), (60, False), (61, True), (-5, True)]
)
def test_check_in_holds_for_one_routine(minutes: float, is_needed: bool) -> None:
    given = checked(0, at=NOW - timedelta(minutes=minutes))
    assert needs_check_in(given, past(), RULES, NOW) == is_needed


def test_check_in_holds_on_while_the_routine_goes_on() -> None:
    given = checked(0, at=hours_ago(1.5))
    assert not needs_check_in(given, past(session(0.8, duration_s=600)), RULES, NOW)
    assert needs_check_in(None, past(), RULES, NOW)


# -------------------------------------------------------------------------------------------- traffic light


@pytest.mark.parametrize(
    ("more", "signal"),
    [
        ({"pain_during": 3}, "green"),
        ({"pain_during": 3.1}, "amber"),
        ({"pain_during": 5}, "amber"),
        ({"pain_during": 5.1}, "red"),
        ({"pain_after": 6}, "red"),
        ({"settled": "by-morning"}, "green"),
        ({"settled": "by-24h"}, "amber"),
        ({"settled": "later"}, "amber"),
        ({"settled": "later", "pain_before": 1, "pain_after": 2.9}, "amber"),
        ({"settled": "later", "pain_before": 1, "pain_after": 3}, "red"),
        ({"settled": "by-24h", "pain_before": 1, "pain_after": 3}, "amber"),
        ({"pain_kinds": ("stretch", "ache")}, "green"),
        ({"pain_kinds": ("sharp",)}, "red"),
        ({"pain_kinds": ("electric",)}, "black"),
        ({"pain_kinds": ("tingling",)}, "black"),
        ({"pain_kinds": ("dizzy",)}, "black"),
        ({"pain_kinds": ("breath",)}, "black"),
        ({"pain_kinds": ("spreading",)}, "red"),
        ({"pain_kinds": ("new-kind",)}, "red"),
        ({"stop_rule_ids": ("S05",)}, "red"),
        ({"stop_rule_ids": ("S04",)}, "red"),
        ({"stop_rule_ids": ("L03",)}, "red"),
        ({"stop_rule_ids": ("D03",)}, "green"),
        ({"stop_rule_ids": ("S01",)}, "black"),
        ({"stop_rule_ids": ("S99",)}, "black"),
        ({"signal": "red"}, "red"),
    ],
)
def test_l01_to_l04_signal(more: dict[str, Any], signal: str) -> None:
    assert signal_of(session(5, **more), RULES) == signal


def test_l02_halves_the_next_and_closes_the_roller() -> None:
    amber = session(30, pain_during=4)
    today = day(checked(0), past(*many_sessions(), amber))
    assert today.techniques[TW].permission.dose_frac == 0.5
    assert today.techniques[SS].permission.dose_frac == 1.0
    assert "L02" in reasons(today, FR)
    assert today.techniques[FR].permission.effect == "block"
    after_green = day(checked(0), past(*many_sessions(), amber, session(10)))
    assert after_green.techniques[TW].permission.dose_frac == 1.0
    assert after_green.techniques[FR].permission.effect == "ok"


def test_l02_twice_running_goes_back_one_level() -> None:
    greens = tuple(session(24 * days) for days in (30, 25, 12, 11, 10, 9))
    once = past(*greens, session(24 * 3, pain_during=4))
    assert day(checked(0), once).techniques[TW].dose == "standard"
    twice = past(*greens, session(24 * 3, pain_during=4), session(24 * 2, pain_during=4))
    assert day(checked(0), twice).techniques[TW].dose == "middle"
    apart = past(*greens, session(24 * 4, pain_during=4), session(24 * 3), session(24 * 2, pain_during=4))
    assert day(checked(0), apart).techniques[TW].dose == "standard"


@pytest.mark.parametrize(("hours", "is_open"), [(0.1, False), (47.9, False), (48, True), (48.1, True)])
def test_l03_rests_the_technique_for_48_h_then_one_level_lower(hours: float, is_open: bool) -> None:
    history = past(*many_sessions(), session(hours, pain_during=6))
    today = day(checked(0), history)
    assert (today.techniques[TW].permission.effect != "block") == is_open
    assert today.techniques[SS].permission.effect == "ok"
    assert today.techniques[TW].permission.dose_frac == 0.5
    if not is_open:
        assert "L03" in reasons(today, TW)
        assert today.techniques[TW].ready_at == hours_ago(hours) + 2 * DAY


@pytest.mark.parametrize(("hours", "is_open"), [(47.9, False), (48, True)])
def test_s04_rests_everything_for_48_h(hours: float, is_open: bool) -> None:
    today = day(checked(0), past(session(hours, stop_rule_ids=("S04",), status="stopped")))
    assert (today.techniques[SS].permission.effect != "block") == is_open


def test_l04_locks() -> None:
    today = day(checked(0), past(session(1, stop_rule_ids=("S02",), status="stopped")))
    assert today.locked
    assert today.lock_ids == ("S02",)
    assert today.cards[0].id == "nerves"


@pytest.mark.parametrize(
    ("reds", "ambers", "shows"),
    [
        ((3, 13), (), True),
        ((3, 15), (), False),
        ((), (1, 3, 6), True),
        ((), (1, 3, 8), False),
        # a red one is amber and more
        ((3,), (1, 2), True),
        ((3,), (1, 8), False),
        ((3,), (1,), False),
    ],
)
def test_r07_repeats_ask_for_somebody(reds: tuple[int, ...], ambers: tuple[int, ...], shows: bool) -> None:
    hurt = [session(24 * d, SS, pain_during=6) for d in reds] + [
        session(24 * d, pain_during=4) for d in ambers
    ]
    ids = [card.id for card in day(checked(0), past(*hurt)).cards]
    assert ("pain-repeats" in ids) == shows


@pytest.mark.parametrize(
    ("days", "dose"),
    [
        ((13, 5, 3), "start"),
        ((16, 5, 2), "middle"),
        ((16, 2), "start"),
        ((20, 19, 18), "start"),
        ((20, 8, 6), "middle"),
        ((20, 8, 6, 5, 4), "middle"),
        ((20, 8, 6, 5, 4, 3), "standard"),
    ],
)
def test_d12_a_step_after_three_greens_and_two_weeks(days: tuple[int, ...], dose: str) -> None:
    history = past(*(session(24 * d) for d in days))
    assert day(checked(0), history).techniques[TW].dose == dose


def test_d12_greens_need_a_word_on_pain() -> None:
    silent = tuple(session(24 * d, pain_after=None) for d in (20, 8, 6))
    assert day(checked(0), past(*silent)).techniques[TW].dose == "start"


# ------------------------------------------------------------------------------------------------- caps


def test_o01_two_routines_a_day() -> None:
    history = past(session(10), session(5))
    today = day(checked(0), history)
    for exercise_id in (TW, SS, WA):
        assert not is_full_open(today, exercise_id)
        assert today.techniques[exercise_id].short_only
        assert today.techniques[exercise_id].permission.effect == "ok"
    assert "O01" in reasons(today, SS)
    assert today.techniques[SS].ready_at == NOW.replace(hour=0) + DAY


@pytest.mark.parametrize(("hours", "is_open"), [(1.1, False), (3.99, False), (4, True), (4.1, True)])
def test_o01_four_hours_apart(hours: float, is_open: bool) -> None:
    today = day(checked(0), past(session(hours)))
    assert is_full_open(today, TW) == is_open
    assert is_full_open(today, SS) == is_open


@pytest.mark.parametrize(("minutes", "is_open"), [(0, True), (59, True), (60, True), (61, False)])
def test_o01_sessions_close_together_are_one_routine(minutes: float, is_open: bool) -> None:
    today = day(checked(0), past(session(minutes / 60)))
    assert is_full_open(today, SS) == is_open
    assert not is_full_open(today, TW)


def test_o01_short_breaks_and_demonstrations_do_not_count() -> None:
    history = past(session(10, short=True), session(5, short=True), session(2, mode="demo"))
    assert is_full_open(day(checked(0), history), TW)


def test_d05_sessions_of_one_technique_a_day() -> None:
    early = (session(11.5), session(11, SS))
    history = past(*early, session(6), session(5.5, SS))
    today = day(checked(0), history)
    assert "D05" in reasons(today, TW)
    assert (
        day(checked(0), past(*many_sessions(), session(9, FR, rolled_s=30))).techniques[FR].permission.effect
        == "block"
    )


@pytest.mark.parametrize(("rolled_s", "rule"), [(239.9, False), (240, True), (300, True)])
def test_o02_rolling_of_a_day(rolled_s: float, rule: bool) -> None:
    history = past(*many_sessions(), session(6, FR, held_s={}, rolled_s=rolled_s))
    today = day(checked(0), history)
    assert ("O02" in reasons(today, FR)) == rule
    assert today.techniques[FR].rolled_before_s == rolled_s
    assert today.techniques[FR].permission.effect == "block"  # D05: one a day


@pytest.mark.parametrize(("seconds", "shows"), [(599, False), (600, True)])
def test_o03_nudges_at_ten_minutes_a_week(seconds: float, shows: bool) -> None:
    history = past(session(6 * 24, held_s={"right": 300.0}), session(30, held_s={"right": seconds - 300.0}))
    today = day(checked(0), history)
    assert [note.rule_id for note in today.nudges] == (["O03"] if shows else ["D06"])
    assert is_full_open(today, TW)


def test_d03_short_breaks_add_up_too() -> None:
    shorts = [session(h, short=True, held_s={"right": 60.0}) for h in (9, 7, 5)]
    assert day(checked(0), past(*shorts)).techniques[TW].permission.effect == "ok"
    enough = [*shorts, session(3, short=True, held_s={"right": 60.0})]
    today = day(checked(0), past(*enough))
    assert today.techniques[TW].permission.effect == "block"
    assert "D03" in reasons(today, TW)


@pytest.mark.parametrize(("n", "is_open"), [(0, False), (2, False), (3, True), (4, True)])
def test_d01_roller_waits_for_three_sessions(n: int, is_open: bool) -> None:
    today = day(checked(0), past(*many_sessions(n)))
    assert (today.techniques[FR].permission.effect != "block") == is_open
    assert ("D01" in reasons(today, FR)) != is_open


def test_d01_only_finished_sessions_count() -> None:
    history = past(*many_sessions(2), session(200, status="left"), session(190, mode="demo"))
    assert day(checked(0), history).techniques[FR].permission.effect == "block"


@pytest.mark.parametrize(
    ("pain", "stiffness", "hours", "more", "is_open"),
    [
        (0, "no", 24, {}, True),
        (1, "no", 24, {}, False),
        (0, "bit", 24, {}, False),
        (0, "no", 24, {"pain_during": 4}, False),
        (3, "very", 48, {}, True),
    ],
)
def test_d04_roller_not_on_consecutive_days_if_sore(
    pain: float, stiffness: str, hours: float, more: dict[str, Any], is_open: bool
) -> None:
    rolled = session(hours, FR, held_s={}, rolled_s=60, **more)
    today = day(checked(pain, stiffness=stiffness), past(*many_sessions(), rolled))
    assert (today.techniques[FR].permission.effect != "block") == is_open


@pytest.mark.parametrize(
    ("days", "is_open"), [((6, 4, 2), True), ((6, 5, 4, 2), False), ((7, 5, 4, 2), True)]
)
def test_d04_roller_four_days_a_week(days: tuple[int, ...], is_open: bool) -> None:
    history = past(*many_sessions(), *(session(24 * d, FR, rolled_s=30) for d in days))
    technique = day(checked(0), history).techniques[FR]
    assert (technique.permission.effect != "block") == is_open
    if not is_open:
        assert technique.ready_at == NOW.replace(hour=0) + DAY


def test_going_on_with_a_session_is_not_closed_by_itself() -> None:
    history = past(session(0.2, status="interrupted", session_id="abc"))
    assert not is_full_open(day(checked(0), history), TW)
    assert is_full_open(day(checked(0), drop_session(history, "abc")), TW)


# ------------------------------------------------------------------------------------------- days and clocks


def test_days_are_the_persons_own() -> None:
    # 12:00 UTC is 22:00 in Sydney and 02:00 in Honolulu.
    two = past(session(11.5, utc_offset_min=600), session(6, utc_offset_min=600))
    east = replaced(checked(0), utc_offset_min=600)
    assert not is_full_open(day(east, two), SS)
    late = past(session(13, utc_offset_min=-600), session(8, utc_offset_min=-600))
    west = replaced(checked(0), utc_offset_min=-600)
    assert is_full_open(day(west, late), SS)


def test_travel_opens_nothing() -> None:
    two = past(session(11, utc_offset_min=600), session(6, utc_offset_min=600))
    for offset_min in (-720, -300, 0, 600):
        assert not is_full_open(day(replaced(checked(0), utc_offset_min=offset_min), two), SS)


@pytest.mark.parametrize("back", [timedelta(hours=2), timedelta(hours=5), 1 * DAY, 400 * DAY])
def test_clock_set_back_opens_nothing(back: timedelta) -> None:
    history = past(session(9), session(1.5))
    then = NOW - back
    today = day(checked(0, at=then), history, now=then)
    for exercise_id in (TW, SS, WA):
        assert not is_full_open(today, exercise_id)


def test_clock_set_back_does_not_join_a_routine_that_is_over() -> None:
    history = past(session(1.5))
    then = NOW - timedelta(hours=1.6)
    assert not is_full_open(day(checked(0, at=then), history, now=then), SS)


def test_clock_set_back_does_not_end_a_rest() -> None:
    history = past(session(1, pain_during=6))
    then = NOW - 3 * DAY
    assert day(checked(0, at=then), history, now=then).techniques[TW].permission.effect == "block"


# -------------------------------------------------------------------------------------------------- pops


def pop(hours: float, *, deliberate: bool = True, region: str | None = "upper-back") -> PastPop:
    return PastPop(at=hours_ago(hours), deliberate=deliberate, region=region)


@pytest.mark.parametrize(
    ("earlier", "card"),
    [
        ((), None),
        ((8, 5), None),
        ((9, 6, 3), "habit"),
        ((1.01,), None),
        ((1.0,), "habit"),
        ((0.2,), "habit"),
        ((20, 18, 16), None),
    ],
)
def test_o04_habit_card(earlier: tuple[float, ...], card: str | None) -> None:
    history = past(pops=tuple(pop(h) for h in earlier))
    found = pop_card(pop(0), history, NOW, RULES)
    assert (found.id if found else None) == card
    again = past(pops=(*history.pops, pop(0)))
    assert pop_card(pop(0), again, NOW, RULES) == found


def test_o04_unforced_pops_are_only_noted() -> None:
    history = past(pops=tuple(pop(h) for h in (0.1, 0.2, 0.3, 0.4)))
    assert pop_card(pop(0, deliberate=False), history, NOW, RULES) is None
    unforced = past(pops=tuple(pop(h, deliberate=False) for h in (0.1, 0.2, 0.3, 0.4)))
    assert pop_card(pop(0), unforced, NOW, RULES) is None


def test_o05_any_crack_of_the_neck_shows_the_neck_card() -> None:
    for deliberate in (True, False):
        found = pop_card(pop(0, deliberate=deliberate, region="neck"), past(), NOW, RULES)
        assert found is not None
        assert found.id == "neck"
        assert "K22" in found.rule_ids


@pytest.mark.parametrize(("n_days", "shows"), [(5, True), (4, False)])
def test_r10_urge_over_two_weeks(n_days: int, shows: bool) -> None:
    days = [*range(n_days), *range(7, 7 + n_days)]
    history = past(pops=tuple(pop(24 * d) for d in days if d > 0))
    assert (pop_card(pop(0), history, NOW, RULES) is not None) == shows


def test_o04_clock_set_back_counts_pops_as_now() -> None:
    history = past(pops=(pop(-30),))
    assert pop_card(pop(0), history, NOW, RULES) is not None


def test_check_in_keeps_details_apart() -> None:
    assert CheckIn(at=NOW).details == Details()
