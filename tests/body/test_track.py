from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.body.stick_figure import Pose, lying, make_series, one
from unkink.body.angles import compute_all
from unkink.body.landmarks import Landmark, LandmarkSeries
from unkink.body.quantities import QUANTITIES, Sample, Tracking
from unkink.body.track import TrackState, ViewNeeds, track

FRONT = ViewNeeds(
    required=(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    preferred=(Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST),
)


def live(series: LandmarkSeries, needs: ViewNeeds = FRONT) -> list[Sample]:
    state, samples = TrackState.start(), []
    for i in range(len(series)):
        state, sample = track(state, one(series, i), needs)
        samples.append(sample)
    return samples


def swing(hz: float, seconds: float = 6.0) -> LandmarkSeries:
    """A turn to and fro with a bend, at a given frame rate."""
    times = np.arange(0.0, seconds, 1.0 / hz)
    return make_series(*(Pose(turn=40 * math.sin(t), bend=10 * math.sin(0.5 * t)) for t in times), hz=hz)


def test_live_equals_recorded() -> None:
    rng = np.random.default_rng(1)
    series = swing(20.0)
    image = series.image + rng.normal(0, 0.002, series.image.shape)
    image[:, :, 3] = rng.uniform(0.2, 1.1, image.shape[:2])
    image[30] = np.nan
    image[40, 5:20, 0] = np.inf
    image[50:60] = lying(0.1)
    times = np.cumsum(rng.uniform(0.03, 0.1, len(series)))
    times[70] = times[69]
    noisy = replace(series, image=image, t_s=times)
    samples, batch = live(noisy), compute_all(noisy)
    assert np.array([s.values for s in samples]) == pytest.approx(batch.values, abs=1e-9, nan_ok=True)
    assert np.array([s.sds for s in samples]) == pytest.approx(batch.sds, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("hz", [10.0, 30.0])
def test_the_frame_rate_does_not_matter(hz: float) -> None:
    slow, fast = live(swing(5.0)), live(swing(hz))
    step = round(hz / 5.0)
    a = np.array([s.values for s in slow])
    b = np.array([s.values for s in fast[::step][: len(slow)]])
    assert b == pytest.approx(a, abs=0.5, nan_ok=True)


def test_a_repeated_picture_changes_no_memory() -> None:
    series = swing(15.0)
    state, _ = track(TrackState.start(), one(series, 0), FRONT)
    state, first = track(state, one(series, 1), FRONT)
    again, second = track(state, one(series, 1), FRONT)
    assert again == state
    assert second.values == pytest.approx(first.values, nan_ok=True)


def test_time_running_backwards_is_measured_and_forgotten() -> None:
    series = swing(15.0)
    state, _ = track(TrackState.start(), one(series, 20), FRONT)
    back, sample = track(state, one(series, 3), FRONT)
    assert back == state
    assert not math.isnan(sample.value("trunk_side_bend_deg"))


def test_nobody_is_lost_and_not_measured() -> None:
    nobody = LandmarkSeries(t_s=np.zeros(1), image=np.full((1, 33, 4), np.nan))
    state, sample = track(TrackState.start(), nobody, FRONT)
    assert state == TrackState.start()
    assert sample.view.tracking is Tracking.LOST
    assert sample.view.reasons == ("nobody",)
    assert all(math.isnan(v) for v in sample.values)
    assert sample.visible == ()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e300])
@pytest.mark.parametrize("axis", [0, 1, 2, 3])
def test_nonsense_never_raises(bad: float, axis: int) -> None:
    for idx in (*range(33), slice(None)):
        series = make_series(Pose())
        series.image[0, idx, axis] = bad
        _, sample = track(TrackState.start(), series, FRONT)
        assert len(sample.values) == len(QUANTITIES)
        assert not any(math.isinf(v) for v in (*sample.values, *sample.sds))
        assert all(0.0 <= v <= 1.0 for v in sample.visible)


def test_nonsense_does_not_poison_what_follows() -> None:
    good = swing(15.0)
    image = good.image.copy()
    image[5:8, 11] = np.inf
    image[9] = np.nan
    dirty = live(replace(good, image=image))
    clean = live(good)
    assert dirty[-1].values == pytest.approx(clean[-1].values, abs=0.7, nan_ok=True)


def test_all_points_in_one_place_do_not_raise() -> None:
    flat = LandmarkSeries(t_s=np.zeros(1), image=np.full((1, 33, 4), 0.5))
    _, sample = track(TrackState.start(), flat, FRONT)
    assert sample.view.tracking is not Tracking.SEEN
