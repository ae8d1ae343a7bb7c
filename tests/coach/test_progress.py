"""Whether something changed: known answers, one repeat only, nothing known."""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from builders import make_rulebook
from unkink.coach.progress import (
    Taken,
    compute_detectable_change,
    compute_level,
    describe_angle_change,
    describe_check_change,
    describe_side_difference,
)

NORM = make_rulebook().change.turning
TURN, BEND = "shoulder_turn_deg", "trunk_side_bend_deg"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def _taken(*values, sd=1.0, spread=0.0, days=14):
    return [
        Taken(
            at=START + timedelta(days=days * i),
            value_deg=v,
            sd_deg=sd,
            repeats_deg=(v - spread, v, v + spread) if spread else (),
        )
        for i, v in enumerate(values)
    ]


# ----------------------------------------------------------------------------------- one measurement


def test_the_level_is_the_median_and_carries_the_scatter_of_the_repeats():
    level = compute_level([38.0, 40.0, 42.0], [3.0, 3.0, 3.0])
    assert level.level_deg == 40.0
    assert level.repeat_sd_deg == pytest.approx(2.0)
    assert level.sd_deg == pytest.approx(math.hypot(3.0, 0.6698 * 2.0))


def test_the_standard_error_of_a_median_of_three_is_what_chance_says():
    medians = np.median(np.random.default_rng(0).normal(size=(200_000, 3)), axis=1)
    assert compute_level([0, 1, 2], [0, 0, 0]).sd_deg == pytest.approx(float(medians.std()), abs=0.005)


@pytest.mark.parametrize(("levels", "sds"), [([], []), ([math.nan], [1.0]), ([40.0], [math.nan])])
def test_nothing_known_is_nan(levels, sds):
    level = compute_level(levels, sds)
    assert math.isnan(level.level_deg)
    assert math.isnan(level.sd_deg)


def test_one_repeat_has_no_scatter_of_its_own():
    level = compute_level([40.0, math.nan], [3.0, 3.0])
    assert (level.level_deg, level.sd_deg) == (40.0, 3.0)
    assert math.isnan(level.repeat_sd_deg)


# ------------------------------------------------------------------------------------ what is a change


def test_a_quiet_instrument_and_person_leave_it_to_the_norm():
    first, last = _taken(40, 45)
    found = compute_detectable_change([first], last, TURN, NORM)
    assert (found.change_deg, found.because) == (10, "norm")


def test_the_instruments_noise_by_its_closed_form():
    first, last = _taken(40, 45, sd=6.0)
    found = compute_detectable_change([first], last, TURN, NORM)
    assert found.change_deg == pytest.approx(1.645 * math.sqrt(6**2 + 6**2))
    assert found.because == "instrument"


def test_repeats_that_scatter_by_their_closed_form():
    first, last = _taken(40, 45, spread=12.0)
    found = compute_detectable_change([first], last, TURN, NORM)
    assert found.change_deg == pytest.approx(1.645 * math.sqrt(2) * 12.0 * 0.6698)
    assert found.because == "repeats"


def test_sessions_that_differ_by_their_closed_form():
    *earlier, last = _taken(30, 50, 30, 40)
    found = compute_detectable_change(earlier, last, TURN, NORM)
    # typical error: differences of 20 between neighbours over the root of two
    assert found.change_deg == pytest.approx(1.645 * math.sqrt(2) * 20 / math.sqrt(2))
    assert found.because == "sessions"


def test_a_real_change_does_not_hide_itself():
    *earlier, last = _taken(30, 31, 30, 60)
    assert compute_detectable_change(earlier, last, TURN, NORM).change_deg == 10


def test_a_side_bend_has_only_its_own_noise():
    first, last = _taken(20, 24, sd=1.0)
    found = compute_detectable_change([first], last, BEND, NORM)
    assert found.change_deg == pytest.approx(1.645 * math.sqrt(2))


def test_only_one_measurement_and_none_at_all():
    (only,) = _taken(40, sd=6.0)
    assert compute_detectable_change([], only, TURN, NORM).change_deg == pytest.approx(
        1.645 * math.sqrt(2) * 6
    )
    nothing = Taken(value_deg=math.nan, sd_deg=math.nan)
    assert compute_detectable_change([], nothing, TURN, NORM).change_deg == math.inf
    found = compute_detectable_change([nothing], only, TURN, NORM)
    assert found.change_deg == pytest.approx(1.645 * math.sqrt(2) * 6)


def test_nine_in_ten_repetitions_of_the_same_are_no_change():
    rng = np.random.default_rng(3)
    sd, n = 5.0, 4000
    inside = 0
    for _ in range(n):
        first, last = (Taken(value_deg=40 + rng.normal(0, sd), sd_deg=sd) for _ in range(2))
        inside += (
            abs(last.value_deg - first.value_deg)
            < compute_detectable_change([first], last, BEND, NORM).change_deg
        )
    assert inside / n == pytest.approx(0.9, abs=0.02)


# ------------------------------------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ((40,), "progress.angle.first"),
        ((40, 49), "progress.angle.same"),
        ((40, 51), "progress.angle.more"),
        ((40, 29), "progress.angle.less"),
    ],
)
def test_a_session_is_compared_with_the_one_before(values, key):
    *earlier, last = _taken(*values)
    assert describe_angle_change(earlier, last, TURN, NORM).key == key


@pytest.mark.parametrize(
    ("values", "days", "key"),
    [
        ((40,), 14, "first"),
        ((40, 45), 14, "same"),
        ((40, 52), 14, "once.more"),
        ((40, 28), 14, "once.less"),
        ((40, 52, 53), 14, "confirmed.more"),
        ((40, 28, 27), 14, "confirmed.less"),
        # three days apart, they do not confirm each other: what is left is the last step
        ((40, 52, 53), 3, "same"),
        # who went up by 12 and down again within a month varies by that much
        ((40, 52, 41), 14, "same"),
    ],
)
def test_a_check_is_called_a_change_only_when_a_second_one_agrees(values, days, key):
    assert describe_check_change(_taken(*values, days=days), TURN, NORM).key == f"mobility.change.{key}"


def test_what_was_not_measured_is_said_so():
    assert describe_check_change([], TURN, NORM).key == "mobility.change.unmeasured"
    unknown = Taken(value_deg=math.nan, sd_deg=math.nan)
    assert describe_check_change([*_taken(40), unknown], TURN, NORM).key == "mobility.change.unmeasured"
    assert describe_angle_change(_taken(40), None, TURN, NORM).key == "progress.angle.first"


@pytest.mark.parametrize(
    ("right", "left", "key"),
    [
        ((40, 41, 42), (30, 29, 31), "mobility.sides.left-less"),
        ((30, 29, 31), (40, 41, 42), "mobility.sides.right-less"),
        ((40, 41, 42), (30, 29, 33), None),
        ((40, 41), (30, 29), None),
        ((40, 41, 30), (30, 29, 42), None),
    ],
)
def test_a_side_moves_less_only_when_three_checks_say_so(right, left, key):
    line = describe_side_difference(_taken(*right), _taken(*left), NORM)
    assert (line and line.key) == key


def test_every_sentence_is_in_the_catalogue():
    texts = make_rulebook().texts["en"]
    keys = {"first", "same", "unmeasured"}
    keys |= {f"{a}.{b}" for a, b in itertools.product(("once", "confirmed"), ("more", "less"))}
    assert {f"mobility.change.{key}" for key in keys} <= texts.keys()
    assert {"mobility.sides.right-less", "mobility.sides.left-less"} <= texts.keys()
