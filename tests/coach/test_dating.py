"""When movements ended: exact for exact movements, and robust against jitter."""

from __future__ import annotations

import numpy as np
import pytest

from unkink.coach.dating import date_movement_end, date_movement_start, fit_movement


def move(t_s, start_s, duration_s, level):
    u = np.clip((t_s - start_s) / duration_s, 0.0, 1.0)
    return level * (10 * u**3 - 15 * u**4 + 6 * u**5)


def make_points(*, level=30.0, duration_s=2.5, rate_hz=15, noise=0.0, seed=0):
    t_s = np.arange(0, 6, 1 / rate_hz)
    x = move(t_s, 1.0, duration_s, level) + np.random.default_rng(seed).normal(0, noise, len(t_s))
    return list(zip(t_s.tolist(), x.tolist(), strict=True))


@pytest.mark.parametrize("rate_hz", [8, 15, 30])
@pytest.mark.parametrize("duration_s", [1.0, 2.0, 3.5])
@pytest.mark.parametrize("level", [8.0, 40.0])
def test_an_exact_movement_is_dated_exactly(rate_hz, duration_s, level):
    points = make_points(level=level, duration_s=duration_s, rate_hz=rate_hz)
    ended = date_movement_end(points, base=0.0, level=level)
    assert ended == pytest.approx(1.0 + duration_s, abs=0.15)
    mirrored = [(6.0 - t, x) for t, x in reversed(points)]
    assert date_movement_start(mirrored, base=0.0, level=level) == pytest.approx(6.0 - ended, abs=0.05)


def test_jitter_moves_the_date_little():
    dates = [
        date_movement_end(make_points(level=15.0, noise=0.7, seed=seed), base=0.0, level=15.0)
        for seed in range(20)
    ]
    errors = np.array(dates) - 3.5
    assert np.abs(errors).max() < 0.5
    assert np.abs(errors).mean() < 0.2


def test_a_movement_that_is_not_there_has_no_date():
    assert date_movement_end([(0.0, 0.0), (1.0, 1.0)], base=0.0, level=30.0) is None
    assert date_movement_start([(0.0, 0.0), (1.0, 1.0)], base=0.0, level=30.0) is None


def test_too_few_points_stay_with_the_first_look():
    assert fit_movement([(0.0, 0.0), (1.0, 1.0)], 0.5, 1.0) == (0.5, 1.0)


def test_a_movement_the_other_way_does_not_fit():
    t_s = np.arange(0, 6, 1 / 15)
    falling = list(zip(t_s.tolist(), (30.0 - move(t_s, 1.0, 2.0, 30.0)).tolist(), strict=True))
    middle_s, _ = fit_movement(falling, 2.0, 2.0)
    assert middle_s == pytest.approx(2.0, abs=1.0)
