from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.body.stick_figure import MIRRORED, Pose, lying, make_series, mirror
from unkink.body.angles import compute_all
from unkink.body.landmarks import LandmarkSeries
from unkink.body.learned import Arm
from unkink.body.quantities import INDEX, QUANTITIES


def measure(pose: Pose, name: str) -> float:
    return float(compute_all(make_series(pose)).column(name)[0])


@pytest.mark.parametrize("bend", [-35.0, -12.0, 0.0, 5.0, 28.0])
def test_side_bend_to_the_right_is_positive(bend: float) -> None:
    assert measure(Pose(bend=bend), "trunk_side_bend_deg") == pytest.approx(bend, abs=0.3)


@pytest.mark.parametrize("bend", [-20.0, 0.0, 15.0])
def test_the_shoulder_on_the_side_of_the_bend_is_lower(bend: float) -> None:
    assert measure(Pose(bend=bend), "shoulder_line_tilt_deg") == pytest.approx(bend, abs=0.5)


@pytest.fixture
def far_from_all_learned(monkeypatch):
    """Arms as nobody was ever shown: the picture plane stands alone."""

    def know_nothing(p, trunk_px):
        nothing = Arm(*(np.full(len(trunk_px), v) for v in (0.0, 0.0, 60.0, 60.0, 1e3)))
        return nothing, nothing

    monkeypatch.setattr("unkink.body.angles.judge_recorded_arms", know_nothing)


@pytest.mark.usefixtures("far_from_all_learned")
@pytest.mark.parametrize("bend", [0.0, 20.0])
@pytest.mark.parametrize(("left", "right"), [(10.0, 10.0), (90.0, 165.0), (150.0, 30.0)])
def test_shoulder_elevation_is_against_the_trunk(left: float, right: float, bend: float) -> None:
    q = compute_all(make_series(Pose(bend=bend, left_elevation=left, right_elevation=right)))
    assert q.column("left_shoulder_elevation_deg")[0] == pytest.approx(left, abs=0.5)
    assert q.column("right_shoulder_elevation_deg")[0] == pytest.approx(right, abs=0.5)


@pytest.mark.usefixtures("far_from_all_learned")
@pytest.mark.parametrize(("left", "right"), [(0.5, 90.0), (110.0, 45.0)])
def test_elbow_flexion_is_nought_when_straight(left: float, right: float) -> None:
    q = compute_all(
        make_series(Pose(left_elbow=left, right_elbow=right, left_elevation=80, right_elevation=80))
    )
    assert q.column("left_elbow_flexion_deg")[0] == pytest.approx(left, abs=0.5)
    assert q.column("right_elbow_flexion_deg")[0] == pytest.approx(right, abs=0.5)


@pytest.mark.parametrize("turn", [25.0, 45.0])
def test_turns_have_the_right_sign_and_rank(turn: float) -> None:
    # A stick figure is no person: the learned correction is only asked for order and side here.
    small, large = (measure(Pose(turn=t), "shoulder_turn_deg") for t in (0.4 * turn, turn))
    assert 0.0 < small < large < 90.0
    assert measure(Pose(turn=-turn), "shoulder_turn_deg") == pytest.approx(-large, abs=1.0)


def test_a_head_turned_right_is_positive() -> None:
    assert measure(Pose(head=35.0), "head_rotation_deg") > 10.0
    assert measure(Pose(head=-35.0), "head_rotation_deg") < -10.0


@pytest.mark.parametrize("feet", [1, -1])
def test_slide_towards_the_feet_is_positive_whichever_way_the_person_lies(feet: int) -> None:
    image = np.stack([lying(shift, feet=feet) for shift in np.linspace(0.0, 0.17, 18)])
    q = compute_all(LandmarkSeries(t_s=np.arange(18) / 15.0, image=image))
    slide = q.column("slide_norm")
    # Half a metre from hip to shoulder is 0.29 of a body length.
    assert slide[-1] - slide[0] == pytest.approx(0.17 / (0.5 / 0.29), rel=0.02)
    assert np.isnan(q.column("trunk_side_bend_deg")).all()


@pytest.mark.parametrize("knee", [20.0, 95.0])
def test_knee_flexion_from_the_side(knee: float) -> None:
    q = compute_all(LandmarkSeries(t_s=np.zeros(1), image=lying(0.0, knee_deg=knee)[None]))
    assert q.column("left_knee_flexion_deg")[0] == pytest.approx(knee, abs=0.5)


def test_knees_are_not_measured_from_the_front() -> None:
    assert math.isnan(measure(Pose(), "left_knee_flexion_deg"))


def test_a_mirror_swaps_the_sides() -> None:
    series = make_series(
        Pose(
            turn=30, bend=12, head=15, left_elevation=100, right_elevation=40, left_elbow=20, right_elbow=80
        ),
        Pose(turn=-10, bend=3, head=-20),
    )
    there, back = compute_all(series), compute_all(mirror(series))
    for name in QUANTITIES:
        if name.startswith(("left_", "right_")):
            other = name.replace("left_", "@").replace("right_", "left_").replace("@", "right_")
            assert back.column(other) == pytest.approx(there.column(name), abs=1e-6, nan_ok=True)
        elif name in {"trunk_lean_forward_deg", "head_forward_norm", "slouch_norm", "slide_norm"}:
            assert back.column(name) == pytest.approx(there.column(name), abs=1e-6, nan_ok=True)
        else:
            assert back.column(name) == pytest.approx(-there.column(name), abs=1e-6, nan_ok=True)


def test_the_mirror_of_this_test_is_its_own_inverse() -> None:
    assert [MIRRORED[MIRRORED[i]] for i in range(33)] == list(range(33))


@pytest.mark.parametrize(("scale", "dx", "dy"), [(0.6, 0.0, 0.0), (1.0, 0.12, -0.08), (1.3, -0.05, 0.05)])
def test_size_and_place_in_the_picture_do_not_matter(scale: float, dx: float, dy: float) -> None:
    series = make_series(Pose(turn=20, bend=10, head=25, left_elevation=60))
    image = series.image.copy()
    image[:, :, 0] = 0.5 + scale * (image[:, :, 0] - 0.5) + dx
    image[:, :, 1] = 0.5 + scale * (image[:, :, 1] - 0.5) + dy
    image[:, :, 2] *= scale
    moved = LandmarkSeries(t_s=series.t_s, image=image)
    assert compute_all(moved).values == pytest.approx(compute_all(series).values, abs=1e-6, nan_ok=True)


def test_the_shape_of_the_picture_does_not_matter() -> None:
    pose = Pose(turn=20, bend=10, left_elevation=60)
    wide = compute_all(make_series(pose, width_px=960, height_px=540))
    assert wide.values == pytest.approx(compute_all(make_series(pose)).values, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300, -1e9])
@pytest.mark.parametrize("where", [(slice(None),), (11,), (23, 0), (0, 2), (15, 1), (12, 3)])
def test_nonsense_never_raises_and_never_looks_measured(bad: float, where: tuple[object, ...]) -> None:
    series = make_series(Pose(), Pose(turn=10))
    image = series.image.copy()
    image[(0, *where)] = bad
    q = compute_all(LandmarkSeries(t_s=series.t_s, image=image))
    assert np.isfinite(q.values[~np.isnan(q.values)]).all()
    assert (np.isnan(q.values) == np.isnan(q.sds)).all()
    if where == (slice(None),):
        assert np.isnan(q.values[0]).all()
    assert q.column("trunk_side_bend_deg")[1] == pytest.approx(0.0, abs=0.3)


def test_what_is_hidden_is_not_measured() -> None:
    image = make_series(Pose()).image.copy()
    image[0, [13, 23, 24], 3] = 0.1
    q = compute_all(LandmarkSeries(t_s=np.zeros(1), image=image))
    assert math.isnan(q.column("left_shoulder_elevation_deg")[0])
    assert math.isnan(q.column("trunk_side_bend_deg")[0])
    assert not math.isnan(q.column("shoulder_turn_deg")[0])


def test_poorly_seen_is_less_sure() -> None:
    clear, murky = make_series(Pose()), make_series(Pose()).image.copy()
    murky[0, :, 3] = 0.5
    sure, unsure = compute_all(clear).sds, compute_all(LandmarkSeries(t_s=np.zeros(1), image=murky)).sds
    known = ~np.isnan(sure)
    assert (unsure[known] > 1.5 * sure[known]).all()


@pytest.mark.usefixtures("far_from_all_learned")
def test_an_arm_towards_the_camera_is_less_sure() -> None:
    flat = make_series(Pose(left_elevation=90, right_elevation=90))
    image = flat.image.copy()
    image[0, 13, :2] = image[0, 11, :2] + 0.3 * (image[0, 13, :2] - image[0, 11, :2])
    i = INDEX["left_elbow_flexion_deg"]
    q = compute_all(LandmarkSeries(t_s=np.zeros(1), image=image))
    assert q.sds[0, i] > 3.0 * compute_all(flat).sds[0, i]


def test_unknown_visibility_counts_as_seen() -> None:
    image = make_series(Pose(bend=9)).image.copy()
    image[:, :, 3] = math.nan
    q = compute_all(LandmarkSeries(t_s=np.zeros(1), image=image))
    assert q.column("trunk_side_bend_deg")[0] == pytest.approx(9.0, abs=0.3)


def test_an_empty_recording_is_measured_as_empty() -> None:
    nothing: NDArray[np.float64] = np.zeros((0, 33, 4))
    assert compute_all(LandmarkSeries(t_s=np.zeros(0), image=nothing)).values.shape == (0, len(QUANTITIES))


def test_the_trunk_rotation_is_never_surer_than_the_shoulder_turn() -> None:
    q = compute_all(make_series(*(Pose(turn=t) for t in (0, 20, 40))))
    turn, trunk = INDEX["shoulder_turn_deg"], INDEX["trunk_rotation_deg"]
    assert (q.sds[:, trunk] > q.sds[:, turn]).all()
