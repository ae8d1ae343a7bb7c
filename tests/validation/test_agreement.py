from __future__ import annotations

import numpy as np
import pytest

from validation.accuracy.agreement import compare, find_lag, shift


def test_constant_error_is_all_bias():
    true = np.linspace(-40, 40, 101)
    found = compare(true + 2.0, np.full(101, 1.0), true)
    assert found is not None
    assert (found.n, found.bias, found.mae, found.rmse) == (101, *(pytest.approx(2.0),) * 3)
    assert found.r == pytest.approx(1.0)
    assert found.coverage_frac == 0.0
    assert (found.low, found.high) == (pytest.approx(2.0), pytest.approx(2.0))


def test_true_standard_deviations_cover_nine_in_ten():
    rng = np.random.default_rng(1)
    true = rng.uniform(-40, 40, 20_000)
    sds = rng.uniform(0.5, 5, 20_000)
    found = compare(true + sds * rng.standard_normal(20_000), sds, true)
    assert found is not None
    assert found.coverage_frac == pytest.approx(0.9, abs=0.01)
    assert abs(found.bias) < 0.1


def test_limits_of_agreement_hold_95_percent_of_normal_errors():
    error = 1.5 + 3.0 * np.random.default_rng(2).standard_normal(50_000)
    found = compare(error, np.ones_like(error), np.zeros_like(error))
    assert found is not None
    assert np.mean((error > found.low) & (error < found.high)) == pytest.approx(0.95, abs=0.005)
    assert found.low == pytest.approx(1.5 - 1.96 * 3.0, abs=0.1)
    assert np.isnan(found.r)  # the truth does not move


def test_what_was_not_measured_is_left_out():
    true = np.arange(6.0)
    measured = np.array([0.0, np.nan, 2.0, 3.0, 4.0, 5.0])
    sds = np.array([1.0, 1.0, np.nan, 1.0, 1.0, 1.0])
    found = compare(measured, sds, true)
    assert found is not None
    assert found.n == 4
    assert compare(np.full(6, np.nan), sds, true) is None


@pytest.mark.parametrize("lag", [-11, -1, 0, 4, 15])
def test_lag_is_found_and_taken_off(lag):
    t = np.arange(400)
    wave = np.sin(t / 23.0) * 30 + np.sin(t / 7.0) * 5
    measured, true = wave[50 - lag : 350 - lag], wave[50:350]
    found, rmse = find_lag(measured, true, 15)
    assert found == lag
    assert rmse == pytest.approx(0.0, abs=1e-9)
    cut = shift(measured, true, found)
    np.testing.assert_allclose(*cut)


def test_lag_beyond_the_limit_is_not_hunted_for():
    wave = np.sin(np.arange(300) / 23.0)
    found, rmse = find_lag(wave[:200], wave[40:240], 15)
    assert abs(found) <= 15
    assert rmse > 0.1
