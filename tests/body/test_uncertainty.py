from __future__ import annotations

import math

import numpy as np
import pytest

from unkink.body.quantities import QUANTITIES
from unkink.body.uncertainty import SD_MODELS, compute_hold


def test_every_quantity_has_its_sd() -> None:
    assert set(SD_MODELS) == set(QUANTITIES)
    assert all(model.base > 0.0 for model in SD_MODELS.values())


def test_a_hold_is_its_median_and_a_slip_does_not_move_it() -> None:
    values = [40.0] * 50 + [400.0] * 5
    hold = compute_hold("shoulder_turn_deg", values, [4.0] * 55)
    assert hold.value == pytest.approx(40.0)
    assert hold.sd == pytest.approx(4.0)
    assert hold.n == 55


def test_jitter_shrinks_with_the_hold_but_the_bias_stays() -> None:
    rng = np.random.default_rng(0)
    short = compute_hold("shoulder_turn_deg", rng.normal(40, 6, 20), [3.0] * 20)
    long = compute_hold("shoulder_turn_deg", rng.normal(40, 6, 2000), [3.0] * 2000)
    assert 3.0 < long.sd < short.sd


def test_what_was_not_seen_is_left_out() -> None:
    hold = compute_hold("shoulder_turn_deg", [math.nan, 20.0, 22.0], [math.nan, 3.0, 3.0])
    assert (hold.value, hold.n) == (21.0, 2)


@pytest.mark.parametrize("values", [[], [math.nan], [math.inf]])
def test_nothing_measured_is_nan(values: list[float]) -> None:
    hold = compute_hold("shoulder_turn_deg", values, [1.0] * len(values))
    assert math.isnan(hold.value)
    assert hold.n == 0
