from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tests.body.stick_figure import Pose, make_series, mirror, one
from unkink.body import weights
from unkink.body.arithmetic import to_columns, to_points
from unkink.body.calibration import Neutral, relate
from unkink.body.change import Change, carry_points, judge_change, share_reach
from unkink.body.glance import judge_picture
from unkink.body.landmarks import LandmarkSeries
from unkink.body.learned import Arm, judge_recorded_arms, judge_recording
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
        judge_picture(to_points(LEANING, 0), 90.0)[0],
        judge_recording(to_columns(LEANING), np.array([90.0])),
    )
    for name in ("shoulder_turn_deg", "head_turn_deg", "lean_forward_deg", "slouch_norm"):
        assert getattr(frame, name) == pytest.approx(float(getattr(recording, name)[0]), abs=1e-9)


def test_the_mirrored_person_turns_the_other_way() -> None:
    here, there = (judge_picture(to_points(s, 0), 90.0)[0] for s in (LEANING, mirror(LEANING)))
    assert there.shoulder_turn_deg == pytest.approx(-here.shoulder_turn_deg, abs=1e-9)
    assert there.head_turn_deg == pytest.approx(-here.head_turn_deg, abs=1e-9)
    assert there.lean_forward_deg == pytest.approx(here.lean_forward_deg, abs=1e-9)
    assert there.slouch_norm == pytest.approx(here.slouch_norm, abs=1e-9)


def told(change: Change) -> tuple[float, ...]:
    return tuple(getattr(change, name) for name in Change.__struct_fields__)


def test_no_movement_is_no_change() -> None:
    still = judge_change(points(LEANING), points(LEANING))
    assert told(still)[:5] == (0.0,) * 5
    assert min(told(still)[5:9]) > 0.0


def test_change_of_the_mirrored_person_is_the_mirrored_change() -> None:
    there = judge_change(points(LEANING), points(STILL))
    back = judge_change(points(mirror(LEANING)), points(mirror(STILL)))
    sign = (-1, -1, 1, -1, 1, 1, 1, 1, 1)
    assert [a * b for a, b in zip(sign, told(back), strict=False)] == pytest.approx(told(there)[:9], abs=1e-9)
    assert abs(there.turn_deg) > 1.0


def test_arms_of_the_mirrored_person_are_exchanged() -> None:
    here, there = (judge_picture(to_points(s, 0), 90.0)[1:] for s in (LEANING, mirror(LEANING)))
    for name in Arm.__struct_fields__:
        assert getattr(here[0], name) == pytest.approx(getattr(there[1], name), abs=1e-9)
        assert getattr(here[1], name) == pytest.approx(getattr(there[0], name), abs=1e-9)
    assert here[0].elevation_deg > here[1].elevation_deg


def test_arms_of_one_frame_and_of_a_recording_are_the_same() -> None:
    frame = judge_picture(to_points(LEANING, 0), 90.0)[1:]
    recording = judge_recorded_arms(to_columns(LEANING), np.array([90.0]))
    for a, b in zip(frame, recording, strict=True):
        for name in Arm.__struct_fields__:
            assert getattr(a, name) == pytest.approx(float(getattr(b, name)[0]), abs=1e-9)


def test_a_missing_wrist_hides_that_arm_alone() -> None:
    whole = to_points(LEANING, 0)
    y = list(whole.y)
    y[16] = math.nan  # the right wrist
    before, after = judge_picture(whole, 90.0), judge_picture(replace(whole, y=y), 90.0)
    assert after[0].shoulder_turn_deg == pytest.approx(before[0].shoulder_turn_deg, abs=1e-9)
    assert after[1].elevation_deg == pytest.approx(before[1].elevation_deg, abs=1e-9)
    assert math.isnan(after[2].elbow_deg)


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_change_is_the_same_in_a_larger_picture(scale: float) -> None:
    large = [tuple(scale * v + 40.0 for v in points(s)) for s in (LEANING, STILL)]
    small = judge_change(points(LEANING), points(STILL))
    assert told(judge_change(*large)) == pytest.approx(told(small), abs=1e-9)


def test_far_from_everything_learned_the_difference_of_pictures_takes_over_and_the_interval_widens() -> None:
    here, there = sample(LEANING), sample(STILL)
    odd = tuple(v * (1.0 if i % 3 else 9.0) for i, v in enumerate(here.points))
    assert judge_change(here.points, there.points).outside == 0.0
    assert judge_change(odd, there.points).outside > 1.0
    name = "shoulder_turn_deg"
    usual = relate(here, neutral(there))
    far = relate(replace(here, points=odd), neutral(there))
    assert far.value(name) == pytest.approx(here.value(name) - there.value(name))
    assert far.sd(name) > 1.5 * usual.sd(name)


def test_landmarks_that_are_hardly_seen_widen_the_interval() -> None:
    here, there = sample(LEANING), sample(STILL)
    dim = relate(replace(here, visible=(0.5,) * 33), neutral(there))
    assert dim.sd("shoulder_turn_deg") > 1.5 * relate(here, neutral(there)).sd("shoulder_turn_deg")


def test_a_neutral_that_wandered_widens_the_side_bend_most() -> None:
    here, there = sample(LEANING), sample(STILL)
    steady = neutral(there)
    wandered = replace(steady, sds=tuple(0.6 for _ in steady.sds))
    calm, unsure = relate(here, steady), relate(here, wandered)
    bend, turn = "trunk_side_bend_deg", "shoulder_turn_deg"
    assert unsure.sd(turn) == pytest.approx(math.hypot(calm.sd(turn), 0.6))
    assert unsure.sd(bend) == pytest.approx(math.hypot(calm.sd(bend), 5 * 0.6))
    assert unsure.value(bend) == calm.value(bend)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e300])
def test_nonsense_does_not_raise(bad: float) -> None:
    spoiled = (bad, *points(STILL)[1:])
    with np.errstate(all="ignore"):
        answers = told(judge_change(spoiled, points(STILL)))
    assert all(isinstance(answer, float) for answer in answers)


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


def test_elbows_count_fully_only_where_they_are_high() -> None:
    low, high = points(STILL), points(make_series(Pose(left_elevation=150, right_elevation=150)))
    hidden = [i for k in (11, 12) for i in (3 * k, 3 * k + 1, 3 * k + 2)]

    def move_elbows(carried: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(v + (4.0 if i in hidden and i % 3 == 0 else 0.0) for i, v in enumerate(carried))

    shifts = [
        abs(judge_change(move_elbows(p), points(STILL)).turn_deg - judge_change(p, points(STILL)).turn_deg)
        for p in (low, high)
    ]
    assert shifts[0] > 0.0
    assert shifts[0] != pytest.approx(shifts[1])


@pytest.mark.parametrize("height", [-0.4, -0.1, 0.0, 0.1, 0.3, 1.0])
def test_the_share_of_the_elbows_has_no_step(height: float) -> None:
    shares = [share_reach(at) for at in (height, height + 1e-4)]
    assert weights.LEAST_REACH <= shares[0] <= 1.0
    assert shares[1] == pytest.approx(shares[0], abs=1e-3)
    assert shares[1] >= shares[0]


def test_provenance_is_complete() -> None:
    text = " ".join(weights.PROVENANCE.values())
    assert all(word in text for word in ("numpy", "mediapipe", "sha256", "validation/learn"))
    assert {"format", "made_on", "made_by", "versions", "seeds", "ranges"} <= set(weights.PROVENANCE)


def test_one_frame_takes_few_steps_of_the_processor() -> None:
    # Counted, not timed, beside the budget of 50 microseconds: multiplications of all networks of one frame.
    # The neutral's half of the first layers is worked out once; most of the time goes with numpy's calls.
    sizes = {name: getattr(weights, name) for name in dir(weights) if name.endswith("_SIZES")}
    neutral = [sizes[f"{net}_SIZES"] for net in ("CHANGE", "REACH", "CHANGE_DOUBT")]
    n = sum(2 * a * b for layers in sizes.values() for a, b in pairwise(layers))
    n -= sum(inputs * units for inputs, units, *_ in neutral)
    assert n < 81_000
