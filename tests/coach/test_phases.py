"""Holds are dated from the steep middle of the movement."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unkink.coach.exercise import HoldCounting
from unkink.coach.phases import HoldTracker, compute_speed_deg_per_s, finish_hold, track_hold

RULE = HoldCounting(
    quantity="shoulder_turn_deg",
    smallest_deg=7,
    leave_frac=0.75,
    still_deg_per_s=4,
    settle_s=0.5,
    shortest_s=2,
    drawn_to_deg=60,
)


def _min_jerk(x):
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10 + x * (6 * x - 15))


def _excursion(t, level, *, move_s=3.0, hold_s=15.0, start_s=2.0):
    """Neutral, a minimum-jerk way out, a hold, and the way back."""
    out = _min_jerk((t - start_s) / move_s)
    back = _min_jerk((t - start_s - move_s - hold_s) / move_s)
    return level * (out - back)


def _holds(t, x, rule=RULE):
    tracker, holds = HoldTracker(), []
    for ti, xi in zip(t, x, strict=True):
        step = track_hold(tracker, float(ti), float(xi), rule)
        tracker = step.tracker
        if step.ended is not None:
            holds.append(step.ended)
    last = finish_hold(tracker, rule).ended
    return [*holds, *([last] if last is not None else [])]


@pytest.mark.parametrize("level", [-45.0, -12.0, 9.0, 20.0, 50.0])
@pytest.mark.parametrize("hz", [10.0, 15.0, 30.0])
@pytest.mark.parametrize("move_s", [1.5, 3.0, 4.5])
def test_a_hold_is_as_long_as_it_was(level, hz, move_s):
    t = np.arange(0.0, 30.0, 1.0 / hz)
    noise = np.random.default_rng(1).normal(0.0, 0.4, t.shape)
    (hold,) = _holds(t, _excursion(t, level, move_s=move_s) + noise)
    assert hold.side == ("right" if level > 0 else "left")
    # a slow way into a small stretch has no steep middle: its ends are known less well
    tolerance_s = 0.7 if abs(level) / move_s > 4.0 else 1.1
    assert hold.end_s - hold.start_s == pytest.approx(15.0, abs=tolerance_s)
    assert hold.start_s == pytest.approx(2.0 + move_s, abs=0.5)
    assert hold.level_deg == pytest.approx(level, abs=1.0)


def test_a_turn_smaller_than_the_smallest_is_no_hold():
    t = np.arange(0.0, 30.0, 1 / 15)
    assert _holds(t, _excursion(t, 6.5)) == []


def test_a_dip_is_taken_out_and_the_hold_goes_on():
    t = np.arange(0.0, 30.0, 1 / 15)
    x = _excursion(t, 40.0)
    x = x - 22.0 * np.exp(-(((t - 12.0) / 0.6) ** 2))
    holds = _holds(t, x)
    assert [h.side for h in holds] in (["right"], ["right", "right"])
    # the dip lasted about two seconds
    assert sum(h.end_s - h.start_s for h in holds) == pytest.approx(13.0, abs=1.5)


def test_easing_to_half_way_is_a_second_hold_at_its_own_level():
    t = np.arange(0.0, 40.0, 1 / 15)
    x = _excursion(t, 40.0, hold_s=10.0) * 1.0
    x = np.where(t < 16.0, x, 40.0 - 22.0 * _min_jerk((t - 16.0) / 2.0))
    first, second = _holds(t, x)
    assert first.level_deg == pytest.approx(40.0, abs=2.0)
    assert second.level_deg == pytest.approx(18.0, abs=2.0)


def test_speed_is_unknown_until_there_is_something_to_fit():
    assert math.isinf(compute_speed_deg_per_s(((0.0, 1.0),)))
    points = tuple((0.1 * i, 3.0 * 0.1 * i) for i in range(10))
    assert compute_speed_deg_per_s(points) == pytest.approx(3.0)


def test_a_recording_that_ends_in_a_hold_keeps_it():
    t = np.arange(0.0, 12.0, 1 / 15)
    (hold,) = _holds(t, _excursion(t, 30.0))
    assert hold.end_s == pytest.approx(12.0, abs=0.2)


@pytest.mark.parametrize("noise_deg", [0.0, 1e-9, 0.3, 0.8])
def test_who_is_in_the_stretch_when_counting_begins_is_counted_from_then(noise_deg):
    # after a pause there is no way in to be dated: a date would be one of rounding or of jitter
    t = np.arange(14.0, 24.0, 1.0 / 15.0)
    x = 35.0 + np.random.default_rng(3).normal(0.0, 1.0, t.shape) * noise_deg
    (hold,) = _holds(t, x)
    assert hold.start_s == pytest.approx(14.0, abs=1e-6)
    assert hold.end_s == pytest.approx(t[-1])
    assert hold.level_deg == pytest.approx(35.0, abs=0.5)


def test_a_hold_after_another_one_never_begins_before_it_ended():
    t = np.arange(0.0, 40.0, 1.0 / 15.0)
    x = _excursion(t, 40.0, hold_s=12.0) + _excursion(t, 40.0, hold_s=12.0, start_s=20.0)
    first, second = _holds(t, x)
    assert first.end_s <= second.start_s
    assert second.start_s == pytest.approx(23.0, abs=0.3)
