from __future__ import annotations

import math

import numpy as np
import pytest

from unkink.body import axes
from unkink.body.arithmetic import ARRAY, SCALAR


def test_turning_right_brings_the_left_end_nearer() -> None:
    assert axes.turn_right_deg(1.0, 1.0, SCALAR) == pytest.approx(45.0)
    assert axes.turn_right_deg(-1.0, math.sqrt(3.0), SCALAR) == pytest.approx(-30.0)


def test_bending_right_goes_to_the_left_of_the_picture() -> None:
    assert axes.bend_right_deg(-1.0, -1.0, SCALAR) == pytest.approx(45.0)
    assert axes.bend_right_deg(0.0, -1.0, SCALAR) == pytest.approx(0.0)


def test_the_right_shoulder_lower_is_positive() -> None:
    assert axes.tilt_right_deg(1.0, 1.0, SCALAR) == pytest.approx(45.0)


def test_flexion_is_nought_when_straight_and_has_no_side() -> None:
    assert axes.flexion_deg(0.0, 1.0, 0.0, 2.0, SCALAR) == pytest.approx(0.0)
    assert axes.flexion_deg(0.0, 1.0, 1.0, 0.0, SCALAR) == pytest.approx(90.0)
    assert axes.flexion_deg(0.0, 1.0, -1.0, 0.0, SCALAR) == pytest.approx(90.0)
    assert axes.flexion_deg(0.0, 1.0, 0.0, -1.0, SCALAR) == pytest.approx(180.0)


def test_wrap_keeps_the_direction() -> None:
    assert axes.wrap_deg(190.0) == pytest.approx(-170.0)
    assert axes.wrap_deg(-190.0) == pytest.approx(170.0)


def test_one_formula_serves_floats_and_arrays() -> None:
    rng = np.random.default_rng(0)
    a, b, c, d = rng.normal(size=(4, 50))
    batch = axes.flexion_deg(a, b, c, d, ARRAY)
    single = [axes.flexion_deg(*map(float, v), SCALAR) for v in zip(a, b, c, d, strict=True)]
    assert batch == pytest.approx(single)
