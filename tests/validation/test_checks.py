from __future__ import annotations

import math

import numpy as np
import pytest

from unkink.acquire.recorded import Recording
from unkink.body.landmarks import LandmarkSeries
from unkink.body.quantities import INDEX, QUANTITIES, QuantitySeries
from validation.accuracy.checks import check_take, check_variants
from validation.accuracy.measuring import Measured
from validation.accuracy.paired import iterate_pairs
from validation.accuracy.takes import Take, find_view, resample
from validation.accuracy.truth import Phase, Truth

N = 300
T_S = np.arange(N) / 30


def make_take(turn, **changed):
    series = LandmarkSeries(t_s=T_S, image=np.zeros((N, 33, 4)))
    phases = (
        Phase(name="hold_right", start_s=1.0, end_s=4.0),
        Phase(name="hold_left", start_s=5.0, end_s=8.0),
    )
    about = {
        "name": "x",
        "collection": "held-out",
        "model": "full",
        "exercise": "seated_twist",
        "view": "front",
        "has_fault": False,
        "recording": Recording(series=series, metadata={}),
        "truth": Truth(values={"shoulder_turn_deg": turn}, phases=phases),
    }
    return Take(**(about | changed))


def make_measured(turn, right=((1.0, 4.0),), left=((5.0, 8.0),)):
    values = np.full((N, len(QUANTITIES)), np.nan)
    values[:, INDEX["shoulder_turn_deg"]] = turn
    sides = {
        side: {"holds": [{"start_s": a, "end_s": b} for a, b in holds]}
        for side, holds in (("right", right), ("left", left))
    }
    return Measured(
        variant="recorded",
        quantities=QuantitySeries(t_s=T_S, values=values, sds=np.ones_like(values)),
        summary={"neutral": None, "sides": sides, "repetitions": 0, "repetition_times": []},
    )


def run(take, found):
    return {check.name: check for check in check_take(take, list(iterate_pairs(take, found)), found)}


def test_figures_of_a_turn_that_reads_three_degrees_high():
    turn = 30 * np.sin(T_S)
    checks = run(make_take(turn), make_measured(turn + 3.0, right=((1.2, 4.4),), left=((4.9, 8.0),)))
    assert checks["turn-mae"].value == pytest.approx(3.0)
    assert checks["held-turn-right"].value == pytest.approx(3.0)
    assert checks["hold-sd"].value == pytest.approx(0.0)
    assert checks["hold-start"].value == pytest.approx(0.2)
    assert checks["hold-end"].value == pytest.approx(0.4)
    assert all(check.is_met for check in checks.values())


def test_a_hold_that_was_not_found_fails():
    turn = np.zeros(N)
    checks = run(make_take(turn), make_measured(turn, left=()))
    assert math.isnan(checks["hold-start"].value)
    assert not checks["hold-start"].is_met


def test_a_short_stop_is_measured_but_not_dated():
    phases = (Phase(name="hold_right", start_s=2.0, end_s=4.0),)
    truth = Truth(values={"shoulder_turn_deg": np.zeros(N)}, phases=phases)
    checks = run(make_take(np.zeros(N), truth=truth), make_measured(np.full(N, 2.0), right=()))
    assert checks["held-turn-right"].value == pytest.approx(2.0)
    assert "hold-start" not in checks


def test_a_fault_is_told_but_not_checked():
    turn = np.zeros(N)
    assert run(make_take(turn, has_fault=True), make_measured(turn)) == {}


def test_too_large_an_error_is_no_success_for_its_sign():
    turn = np.zeros(N)
    checks = run(make_take(turn), make_measured(turn - 9.0))
    assert checks["held-turn-left"].value == pytest.approx(-9.0)
    assert not checks["held-turn-left"].is_met


def test_variants_are_compared_by_their_dates():
    a, b = make_measured(np.zeros(N)).summary, make_measured(np.zeros(N), right=((1.1, 4.25),)).summary
    assert check_variants(a, b).value == pytest.approx(0.25)
    fewer = make_measured(np.zeros(N), right=()).summary
    assert not check_variants(a, fewer).is_met


def test_of_head_turns_only_what_the_camera_sees_counts():
    seen = T_S < 5.0
    head = np.zeros(N)
    truth = Truth(values={"head_rotation_deg": head}, is_face_seen=seen)
    values = np.full((N, len(QUANTITIES)), np.nan)
    values[:, INDEX["head_rotation_deg"]] = np.where(seen, 2.0, 50.0)
    found = make_measured(head)
    found = Measured(
        variant="live",
        quantities=QuantitySeries(t_s=T_S, values=values, sds=np.ones_like(values)),
        summary=found.summary,
    )
    (pair,) = iterate_pairs(make_take(head, truth=truth), found)
    assert np.nanmax(pair.measured) == 2.0


def test_optical_rows_are_stretched_to_the_video():
    rows = np.stack([np.linspace(0, 10, 41), np.linspace(5, -5, 41)], 1)
    np.testing.assert_allclose(resample(rows, 21), rows[::2])


def test_views():
    assert find_view("seated_twist", {"eye": [0.2, -2.0, 1.0]}) == "front"
    assert find_view("seated_twist", {"eye": [-0.8, -2.0, 1.0]}) == "off-axis"
    assert find_view("foam_roller", {"eye": [0.0, -2.0, 1.0]}) == "side"
