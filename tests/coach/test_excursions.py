"""Excursions: levels and sides of movements whose every angle is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unkink.coach.excursions import ExcursionTracker, track_excursion
from unkink.coach.exercise import ExcursionCounting

RULE = ExcursionCounting(
    quantity="shoulder_turn_deg",
    smallest_deg=10,
    back_frac=0.5,
    level_frac=0.9,
    top_s=1.0,
    shortest_s=0.5,
    linger_s=1.3,
    drawn_to_deg=60,
)


def _way(*legs, hz=15.0):
    """Minimum-jerk legs: (seconds, degrees at their end)."""
    values, now = [], 0.0
    for seconds, to in legs:
        n = round(seconds * hz)
        x = np.arange(1, n + 1) / n
        share = x**3 * (10 + x * (6 * x - 15))
        values += list(now + (to - now) * share)
        now = to
    return [(i / hz, v) for i, v in enumerate(values)]


def _track(points, rule=RULE, sd=2.0):
    tracker, reached = ExcursionTracker(), []
    for t, x in points:
        step = track_excursion(tracker, t, x, sd, rule)
        tracker = step.tracker
        reached += [step.reached] if step.reached else []
    return tracker, reached


@pytest.mark.parametrize(("level", "side"), [(40.0, "right"), (-35.0, "left")])
@pytest.mark.parametrize("hz", [6.0, 15.0, 30.0])
def test_the_level_is_that_of_the_wait_at_the_end(level, side, hz):
    tracker, (one,) = _track(_way((0.5, 0), (1.5, level), (1.5, level), (1.5, 0), (0.5, 0), hz=hz))
    assert one.side == side
    assert one.level_deg == pytest.approx(abs(level), abs=0.3)
    assert one.level_sd_deg >= 2.0
    assert one.stay_s == pytest.approx(2.3, abs=0.5)
    assert tracker.side is None


def test_noise_does_not_make_it_further():
    rng = np.random.default_rng(1)
    levels = []
    for _ in range(40):
        points = _way((1.5, 40), (1.5, 40), (1.5, 0), (0.5, 0))
        _, found = _track([(t, x + rng.normal(0, 2)) for t, x in points])
        levels += [one.level_deg for one in found if one.stay_s >= RULE.shortest_s]
    assert len(levels) == 40
    # the furthest single picture would be about 4 degrees too far
    assert np.mean(levels) == pytest.approx(40, abs=0.7)


def test_one_picture_that_slipped_neither_ends_nor_stretches_it():
    points = _way((1.5, 40), (1.5, 40), (1.5, 0), (0.5, 0))
    points[30] = (points[30][0], 5.0)
    points[35] = (points[35][0], 75.0)
    _, (one,) = _track(points)
    assert one.level_deg == pytest.approx(40, abs=0.5)


def test_the_way_back_is_no_second_excursion_even_to_a_middle_that_is_off():
    _, found = _track(
        _way((1.5, 40), (1.5, 40), (1.5, 12), (2, 12), (1.5, -35), (1.5, -35), (1.5, 0), (1, 0))
    )
    assert [(one.side, round(one.level_deg)) for one in found] == [("right", 40), ("left", 35)]


def test_twice_to_the_same_side_without_reaching_the_middle_is_two():
    _, found = _track(
        _way((1.5, 40), (1.5, 40), (1.5, 12), (0.5, 12), (1.5, 38), (1.5, 38), (1.5, 0), (1, 0))
    )
    assert [round(one.level_deg) for one in found] == [40, 38]


def test_how_long_the_end_was_held_is_known_while_it_lasts():
    tracker, _ = _track(_way((1.5, 40), (2.0, 40)))
    assert tracker.compute_end_s(3.5 - 1 / 15) == pytest.approx(2.4, abs=0.3)
    tracker, _ = _track(_way((1.5, 40))[:15])
    assert tracker.compute_end_s(1.0) < 0.3


def test_small_movements_are_none():
    tracker, found = _track(_way((1, 8), (1, 8), (1, 0), (1, -9), (1, 0)))
    assert found == []
    assert tracker.side is None


def test_readings_without_an_uncertainty_are_not_measured():
    _, (one,) = _track(_way((1.5, 40), (1.5, 40), (1.5, 0), (0.5, 0)), sd=math.nan)
    assert math.isnan(one.level_deg)
    assert one.n_samples == 0
