from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.body.stick_figure import Pose, lying, make_series
from unkink.body.landmarks import Landmark, LandmarkSeries
from unkink.body.quality import ViewNeeds
from unkink.body.quantities import Tracking, ViewQuality
from unkink.body.track import TrackState, track

TRUNK = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
FRONT = ViewNeeds(required=TRUNK, preferred=(Landmark.LEFT_WRIST,))
SIDE = ViewNeeds(facing="side", required=(Landmark.LEFT_KNEE,), position="supine")


def view(series: LandmarkSeries, needs: ViewNeeds = FRONT) -> ViewQuality:
    return track(TrackState.start(), series, needs)[1].view


def zoom(series: LandmarkSeries, scale: float) -> LandmarkSeries:
    image = series.image.copy()
    image[:, :, :2] = 0.5 + scale * (image[:, :, :2] - 0.5)
    image[:, :, 2] *= scale
    return replace(series, image=image)


def test_a_person_in_full_view_is_seen_without_reasons() -> None:
    assert view(make_series(Pose())) == ViewQuality(tracking=Tracking.SEEN)


@pytest.mark.parametrize(
    ("landmark", "reason"),
    [
        (Landmark.LEFT_HIP, "cropped-hips"),
        (Landmark.LEFT_KNEE, "cropped-legs"),
        (Landmark.LEFT_ELBOW, "cropped-arms"),
        (Landmark.NOSE, "cropped-head"),
    ],
)
def test_a_required_landmark_outside_the_picture_has_its_reason(landmark: Landmark, reason: str) -> None:
    series = make_series(Pose())
    series.image[0, landmark, 1] = 1.2
    got = view(series, ViewNeeds(required=(*TRUNK, landmark)))
    assert got.tracking is Tracking.PARTLY
    assert got.reasons[0] == reason


def test_a_preferred_landmark_costs_only_a_remark() -> None:
    series = make_series(Pose())
    series.image[0, Landmark.LEFT_WRIST, 3] = 0.0
    assert view(series) == ViewQuality(tracking=Tracking.SEEN, reasons=("cropped-arms",))


def test_both_shoulders_hidden_is_nobody() -> None:
    series = make_series(Pose())
    series.image[0, 11:13, 3] = 0.1
    assert view(series).tracking is Tracking.LOST


@pytest.mark.parametrize(("scale", "reason"), [(5.5, "too-close"), (0.25, "too-far")])
def test_distance(scale: float, reason: str) -> None:
    got = view(zoom(make_series(Pose()), scale), ViewNeeds())
    assert got.tracking is not Tracking.SEEN
    assert got.reasons == (reason,)


def test_side_on_when_the_front_is_wanted() -> None:
    assert "side-on" in view(make_series(Pose(turn=85))).reasons
    assert view(make_series(Pose(turn=45))).tracking is Tracking.SEEN


def test_front_on_when_the_side_is_wanted() -> None:
    lie = LandmarkSeries(t_s=np.zeros(1), image=lying(0.0)[None])
    assert view(lie, SIDE).tracking is Tracking.SEEN
    assert "front-on" in view(make_series(Pose()), SIDE).reasons


def test_dark_is_said_but_does_not_stop_what_is_seen() -> None:
    series = replace(make_series(Pose()), brightness_frac=np.array([0.03]))
    assert view(series) == ViewQuality(tracking=Tracking.SEEN, reasons=("dark",))
    nobody = replace(series, image=np.full((1, 33, 4), np.nan))
    assert view(nobody) == ViewQuality(tracking=Tracking.LOST, reasons=("dark", "nobody"))


def test_two_people_are_named_first() -> None:
    got = view(replace(make_series(Pose()), n_persons=np.array([2])))
    assert got.tracking is Tracking.PARTLY
    assert got.reasons == ("two-people",)


def test_a_jump_to_somebody_else_is_jumpy_but_a_pause_is_not() -> None:
    here, there = make_series(Pose()), make_series(Pose(across=0.8))
    state, _ = track(TrackState.start(), here, FRONT)
    _, soon = track(state, replace(there, t_s=np.array([0.07])), FRONT)
    _, later = track(state, replace(there, t_s=np.array([2.0])), FRONT)
    assert "jumpy" in soon.view.reasons
    assert later.view.tracking is Tracking.SEEN
