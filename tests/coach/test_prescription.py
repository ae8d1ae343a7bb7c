"""What is prescribed: within the evidence, whole numbers, never too long, never nothing; shown is done."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import make_rulebook
from safety.cases import IDS, assessed, checked, day, many_sessions, past, replaced, session
from unkink.coach.prescription import Amount, Prescription, compute_amount, compute_total_s, prescribe
from unkink.coach.screening import Permission
from unkink.coach.session import make_plan

BOOK = make_rulebook()
TW, SS, WA, FR = IDS.values()
LEVELS = ("short", "start", "middle", "standard")
WAYS = [(e.id, v) for e in BOOK.exercises.values() for v in (None, *(one.id for one in e.variants))]
LENGTH = BOOK.safety.prescription.length


def load_of(amount: Amount) -> float:
    each = amount.hold_s or amount.roll_s or amount.repetitions or 0.0
    return amount.n_sets * each


def planned(exercise_id: str = TW, **more: Any) -> Prescription | None:
    today = more.pop("today", None) or day(checked(0), past(*many_sessions()))
    return prescribe(exercise_id, today, BOOK, **more)


# ----------------------------------------------------------------------------- the numbers of D01, D02, D13


@pytest.mark.parametrize(
    ("exercise_id", "level", "n_sets", "each"),
    [
        pytest.param(TW, "start", 2, 15, id="D01-at-TW"),
        pytest.param(SS, "start", 2, 15, id="D01-at-SS"),
        pytest.param(WA, "start", 1, 8, id="D01-at-WA"),
        pytest.param(FR, "start", 2, 30, id="D01-at-FR"),
        pytest.param(TW, "middle", 2, 20, id="D13-at-TW"),
        pytest.param(SS, "middle", 2, 20, id="D13-at-SS"),
        pytest.param(WA, "middle", 2, 8, id="D01-at-WA-most"),
        pytest.param(FR, "middle", 2, 30, id="D13-at-FR"),
        pytest.param(TW, "standard", 2, 30, id="D02-at-TW"),
        pytest.param(SS, "standard", 2, 30, id="D02-at-SS"),
        pytest.param(WA, "standard", 2, 10, id="D02-at-WA"),
        pytest.param(FR, "standard", 2, 60, id="D02-at-FR"),
    ],
)
def test_dose_of_each_level(exercise_id: str, level: Any, n_sets: int, each: float) -> None:
    amount = compute_amount(BOOK, exercise_id, None, level, Permission())
    assert amount.n_sets == n_sets
    assert (amount.hold_s or amount.repetitions or amount.roll_s) == each


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_step_of_the_ladder_is_more(way: tuple[str, str | None]) -> None:
    loads = [load_of(compute_amount(BOOK, *way, level, Permission())) for level in LEVELS]  # type: ignore[arg-type]
    assert loads == sorted(loads)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_d07_the_guidance_is_as_slow_as_the_row_says(way: tuple[str, str | None]) -> None:
    exercise = BOOK.exercise(*way)
    least, most = BOOK.safety.prescription.speed.move_s[exercise.code]
    move = exercise.guide("move")
    if move is not None:
        assert move.duration_s is not None
        assert least <= move.duration_s <= most
    elif exercise.code == "WA":
        work = exercise.guide("work")
        assert work is not None
        assert work.duration_s is not None
        assert least <= work.duration_s / 2 <= most


@pytest.mark.parametrize("exercise_id", [TW, SS, WA, FR])
def test_d08_effort_is_told_and_small(exercise_id: str) -> None:
    found = planned(exercise_id)
    assert found is not None
    least, most = found.effort
    assert 0 <= least < most <= 6
    assert found.effort == BOOK.safety.prescription.effort.of_ten[BOOK.exercises[exercise_id].code]


# --------------------------------------------------------------------------------------- how long, how little


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("level", LEVELS)
def test_y05_under_eight_and_two_minutes(way: tuple[str, str | None], level: Any) -> None:
    amount = compute_amount(BOOK, *way, level, Permission())
    total_s = compute_total_s(BOOK, *way, amount)
    assert total_s + BOOK.safety.prescription.warm_up_s <= LENGTH.most_s
    if level == "short":
        assert total_s <= LENGTH.short_s


def test_y05_takes_sets_away_where_a_dose_is_too_long() -> None:
    rules = replaced(BOOK.safety.prescription, length=replaced(LENGTH, most_s=100))
    tight = _with(BOOK, rules)
    amount = compute_amount(tight, TW, None, "standard", Permission())
    assert amount.n_sets == 1
    assert amount.hold_s == 30


def _with(book: Any, prescription: Any) -> Any:
    from dataclasses import replace

    return replace(book, safety=replaced(book.safety, prescription=prescription))


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "dose_frac", [0.0001, 0.05, 0.1, 0.25, 0.34, 0.5, 0.75, 0.99, 1.0, float("nan"), -1.0]
)
def test_a_small_share_is_small_but_never_nothing(
    way: tuple[str, str | None], level: Any, dose_frac: float
) -> None:
    full = compute_amount(BOOK, *way, level, Permission())
    amount = compute_amount(BOOK, *way, level, Permission(effect="modify", dose_frac=dose_frac))
    least = BOOK.safety.prescription.least
    assert 1 <= amount.n_sets <= full.n_sets
    assert load_of(amount) <= load_of(full)
    for value, bottom, whole in (
        (amount.hold_s, least.hold_s, full.hold_s),
        (amount.repetitions, least.repetitions, full.repetitions),
        (amount.roll_s, least.roll_s, full.roll_s),
    ):
        assert (value is None) == (whole is None)
        if value is not None and whole is not None:
            assert min(bottom, whole) <= value <= whole
            assert value == int(value)


@settings(max_examples=200, deadline=None)
@given(
    way=st.sampled_from(WAYS),
    level=st.sampled_from(LEVELS),
    less=st.floats(0.01, 1),
    more=st.floats(0.01, 1),
    most_s=st.none() | st.floats(5, 60),
)
def test_less_is_never_more(way: Any, level: Any, less: float, more: float, most_s: float | None) -> None:
    less, more = sorted((less, more))
    small = compute_amount(BOOK, *way, level, Permission(dose_frac=less, max_hold_s=most_s))
    large = compute_amount(BOOK, *way, level, Permission(dose_frac=more))
    assert load_of(small) <= load_of(large)
    assert small.n_sets <= large.n_sets


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("dose_frac", [0.5, 1.0])
def test_nothing_prescribed_runs_into_its_ceiling(
    way: tuple[str, str | None], level: Any, dose_frac: float
) -> None:
    amount = compute_amount(BOOK, *way, level, Permission(dose_frac=dose_frac))
    ceiling = BOOK.limits.ceilings[BOOK.exercise(*way).code]
    for value, most in ((amount.hold_s, ceiling.hold_s_per_side), (amount.repetitions, ceiling.repetitions)):
        if value is not None and most is not None:
            assert amount.n_sets * value < most * dose_frac * BOOK.limits.near_frac
    if amount.roll_s is not None and ceiling.roll_s_per_day is not None:
        assert amount.n_sets * amount.roll_s < ceiling.roll_s_per_day * dose_frac


# ------------------------------------------------------------------------------------------- today's session


def test_half_a_day_is_half_the_work() -> None:
    usual, half = planned(), planned(today=day(checked(4), past(*many_sessions())))
    assert usual is not None
    assert half is not None
    assert load_of(half.amount) == load_of(usual.amount) / 2
    assert [r.rule_id for r in half.reasons] == ["P01", "D01"]


def test_what_is_closed_has_no_prescription() -> None:
    assert planned(today=day(checked(6))) is None
    assert planned(FR, today=day(checked(0), past())) is None
    assert prescribe("no-such", day(checked(0)), BOOK) is None


def test_variant_is_one_that_is_allowed() -> None:
    soft = day(checked(0), past(*many_sessions()), assessed(C01="yes"))
    for wish in (None, "tw-soft"):
        found = planned(today=soft, variant=wish)
        assert found is not None
        assert found.variant == "tw-soft"
    assert planned(variant="tw-soft") is not None
    assert planned(variant="ss-1") is None


@pytest.mark.parametrize(
    ("minutes", "level", "n_sets"),
    [
        (0.5, "short", 1),
        (1.28, "short", 1),
        (1.29, "start", 1),
        (2.29, "start", 1),
        (2.3, "start", 2),
        (60, "start", 2),
    ],
)
def test_time_that_there_is_takes_sets_away(minutes: float, level: str, n_sets: int) -> None:
    found = planned(minutes=minutes)
    assert found is not None
    assert (found.level, found.amount.n_sets) == (level, n_sets)
    if level != "short":
        assert found.total_s <= minutes * 60


def test_short_is_short_and_has_no_shorter_one() -> None:
    found = planned(is_short=True)
    assert found is not None
    assert found.level == "short"
    assert found.short is None
    assert found.warm_up_s == 0
    assert found.total_s == found.short_s <= LENGTH.short_s
    usual = planned()
    assert usual is not None
    assert usual.short is not None
    assert load_of(usual.short) == load_of(found.amount) < load_of(usual.amount)
    assert usual.warm_up_s > 0


def test_c15_shortens_each_hold() -> None:
    found = planned(SS, today=day(checked(0), past(*many_sessions()), assessed(C15="yes")))
    assert found is not None
    assert found.amount.hold_s == 15


@pytest.mark.parametrize(("way", "level"), list(product(WAYS, LEVELS)), ids=str)
def test_the_plan_of_a_session_is_the_prescription(way: tuple[str, str | None], level: str) -> None:
    permission = Permission(effect="modify", dose_frac=0.5, variants=() if way[1] is None else (way[1],))
    plan = make_plan(
        BOOK, exercise_id=way[0], variant=way[1], mode="camera", permission=permission, level=level
    )
    amount = compute_amount(BOOK, *way, level, permission)  # type: ignore[arg-type]
    assert (plan.n_sets, plan.hold_s, plan.repetitions, plan.roll_s, plan.rest_s) == (
        amount.n_sets,
        amount.hold_s,
        amount.repetitions,
        amount.roll_s,
        amount.rest_s,
    )


def test_unknown_level_is_refused() -> None:
    with pytest.raises(KeyError):
        make_plan(
            BOOK,
            exercise_id=TW,
            variant=None,
            mode="camera",
            permission=Permission(),
            level="as-much-as-you-can",
        )


# -------------------------------------------------------------------------------- no progression after pain


@settings(max_examples=80, deadline=None)
@given(
    days=st.lists(st.floats(2.1, 60), min_size=0, max_size=12, unique=True),
    hurt=st.sampled_from(["pain_during", "pain_after"]),
    score=st.floats(5.01, 10),
)
def test_never_more_after_pain_above_five(days: list[float], hurt: str, score: float) -> None:
    before = tuple(session(24 * d) for d in sorted(days, reverse=True))
    painful = session(24 * 2.05, **{hurt: score})
    now = planned(today=day(checked(0), past(*before)))
    later = planned(today=day(checked(0), past(*before, painful)))
    assert now is not None
    assert later is None or load_of(later.amount) <= load_of(now.amount)
