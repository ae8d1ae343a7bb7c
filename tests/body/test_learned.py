from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.body.stick_figure import Pose, make_series, mirror, one
from unkink.body import weights
from unkink.body.arithmetic import to_columns, to_points
from unkink.body.calibration import Neutral, relate
from unkink.body.landmarks import LandmarkSeries
from unkink.body.learned import carry_points, judge_change, judge_frame, judge_recording
from unkink.body.quantities import QUANTITIES, Sample
from unkink.body.track import TrackState, ViewNeeds, track

STILL = make_series(Pose())
LEANING = make_series(Pose(bend=15, turn=20, head=30, left_elevation=120))


def points(series: LandmarkSeries) -> tuple[float, ...]:
    return carry_points(to_points(series, 0))


def sample(series: LandmarkSeries) -> Sample:
    return track(TrackState.start(), one(series, 0), ViewNeeds())[1]


def neutral(of: Sample) -> Neutral:
    return Neutral(
        t_start_s=0.0, t_end_s=1.0, values=of.values, sds=tuple(0.0 for _ in QUANTITIES), points=of.points
    )


def test_one_frame_and_a_recording_get_the_same_answers() -> None:
    frame, recording = (
        judge_frame(to_points(LEANING, 0), 90.0),
        judge_recording(to_columns(LEANING), np.array([90.0])),
    )
    for name in ("shoulder_turn_deg", "head_turn_deg", "lean_forward_deg", "slouch_norm"):
        assert getattr(frame, name) == pytest.approx(float(getattr(recording, name)[0]), abs=1e-9)


def test_the_mirrored_person_turns_the_other_way() -> None:
    here, there = (judge_frame(to_points(s, 0), 90.0) for s in (LEANING, mirror(LEANING)))
    assert there.shoulder_turn_deg == pytest.approx(-here.shoulder_turn_deg, abs=1e-9)
    assert there.head_turn_deg == pytest.approx(-here.head_turn_deg, abs=1e-9)
    assert there.lean_forward_deg == pytest.approx(here.lean_forward_deg, abs=1e-9)
    assert there.slouch_norm == pytest.approx(here.slouch_norm, abs=1e-9)


def test_no_movement_is_no_change() -> None:
    assert judge_change(points(LEANING), points(LEANING)) == (0.0, 0.0)


def test_change_does_not_know_left_from_right() -> None:
    there = judge_change(points(LEANING), points(STILL))
    back = judge_change(points(mirror(LEANING)), points(mirror(STILL)))
    assert back == pytest.approx(there, abs=1e-9)
    assert there != (0.0, 0.0)


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_change_is_the_same_in_a_larger_picture(scale: float) -> None:
    large = [[scale * v + 40.0 for v in points(s)] for s in (LEANING, STILL)]
    assert judge_change(*large) == pytest.approx(judge_change(points(LEANING), points(STILL)), abs=1e-9)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e300])
def test_nonsense_does_not_raise(bad: float) -> None:
    spoiled = (bad, *points(STILL)[1:])
    with np.errstate(all="ignore"):
        lean, slouch = judge_change(spoiled, points(STILL))
    assert isinstance(lean, float)
    assert isinstance(slouch, float)


def test_the_neutral_itself_leans_nowhere_and_keeps_its_slouch() -> None:
    here = sample(LEANING)
    against = relate(here, neutral(here))
    assert against.value("trunk_lean_forward_deg") == pytest.approx(0.0, abs=1e-9)
    assert against.value("slouch_norm") == pytest.approx(here.value("slouch_norm"), abs=1e-9)


def test_without_landmarks_the_change_is_a_difference() -> None:
    here, there = sample(LEANING), sample(STILL)
    plain = relate(replace(here, points=()), neutral(there))
    name = "trunk_lean_forward_deg"
    assert plain.value(name) == pytest.approx(here.value(name) - there.value(name))
    assert plain.value("slouch_norm") == here.value("slouch_norm")


def test_slouch_stays_within_nought_and_one() -> None:
    for series in (STILL, LEANING, make_series(Pose(bend=-30, head=50))):
        assert 0.0 <= relate(sample(series), neutral(sample(STILL))).value("slouch_norm") <= 1.0


def test_the_weights_fill_their_nets() -> None:
    assert weights.SLOUCH_LANDMARKS[: len(weights.CARRIAGE_LANDMARKS)] == weights.CARRIAGE_LANDMARKS
    assert weights.CARRIAGE_LANDMARKS[:4] == (11, 12, 23, 24)
    for landmarks, sizes in (
        (weights.CARRIAGE_LANDMARKS, weights.CARRIAGE_SIZES),
        (weights.SLOUCH_LANDMARKS, weights.SLOUCH_SIZES),
    ):
        assert sizes[0] == 3 * len(landmarks)
    assert weights.CHANGE_SIZES[0] == 6 * len(weights.CARRIAGE_LANDMARKS)
