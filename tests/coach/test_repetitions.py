"""Repetitions of both arms, and passes on the roller."""

from __future__ import annotations

import numpy as np
import pytest

from unkink.coach.exercise import RepetitionCounting, RollingCounting
from unkink.coach.repetitions import RepetitionTracker, RollTracker, close_roll, track_repetition, track_roll

ARMS = RepetitionCounting(
    quantities=("left_shoulder_elevation_deg", "right_shoulder_elevation_deg"),
    top_deg=140,
    bottom_deg=112,
    floor_deg=60,
    release_deg=8,
)
ROLL = RollingCounting(quantity="slide_norm", smallest_travel_norm=0.03, longest_rest_s=2.5)


def _repetitions(left, right, hz=15.0):
    tracker, done = RepetitionTracker(), 0
    for i, (a, b) in enumerate(zip(left, right, strict=True)):
        step = track_repetition(tracker, i / hz, float(a), float(b), ARMS)
        tracker = step.tracker
        done += step.finished_s is not None
    return done


def _arms(n, top=158.0, bottom=92.0, hz=15.0):
    up = np.concatenate([np.linspace(12, top, int(3 * hz)), np.full(int(hz), top)])
    one = np.concatenate([np.linspace(top, bottom, int(4 * hz)), np.linspace(bottom, top, int(3 * hz))])
    return np.concatenate([up, *[one] * n, np.linspace(top, 12, int(3 * hz))])


@pytest.mark.parametrize("n", [0, 1, 5, 12])
@pytest.mark.parametrize("hz", [8.0, 15.0, 30.0])
def test_every_repetition_counts_once(n, hz):
    arms = _arms(n, hz=hz)
    noise = np.random.default_rng(0).normal(0.0, 2.0, (2, arms.shape[0]))
    assert _repetitions(arms + noise[0], arms + noise[1], hz) == n


def test_one_arm_alone_is_no_repetition():
    arms = _arms(3)
    assert _repetitions(np.maximum(arms, 158.0), arms) == 0


def test_below_the_top_is_no_repetition():
    assert _repetitions(_arms(3, top=126.0), _arms(3, top=126.0)) == 0


def test_hanging_arms_close_what_was_open():
    half = _arms(1)[: (15 * 8)]  # up, and down to the bottom
    assert (
        _repetitions(
            np.concatenate([half, np.full(30, 20.0), np.full(30, 158.0)]),
            np.concatenate([half, np.full(30, 20.0), np.full(30, 158.0)]),
        )
        == 0
    )


@pytest.mark.parametrize("period_s", [4.0, 6.0])
def test_rolling_is_as_long_as_it_was(period_s):
    t = np.arange(0.0, 34.0, 1 / 15)
    rolling = np.clip((t - 2.0) / period_s, 0.0, 4.0)
    x = 0.05 * (1 - np.cos(2 * np.pi * rolling)) + np.random.default_rng(2).normal(0, 0.0005, t.shape)
    tracker, passes, started, stopped = RollTracker(), 0, None, None
    for ti, xi in zip(t, x, strict=True):
        step = track_roll(tracker, float(ti), float(xi), ROLL)
        tracker = step.tracker
        passes += step.pass_s is not None
        started = step.started_s if step.started_s is not None else started
        stopped = step.stopped_s if step.stopped_s is not None else stopped
    if stopped is None:
        step = close_roll(tracker, ROLL)
        passes += step.pass_s is not None
        stopped = step.stopped_s
    assert passes == 8
    assert started == pytest.approx(2.0, abs=0.35)
    assert stopped == pytest.approx(2.0 + 4 * period_s, abs=0.35)
