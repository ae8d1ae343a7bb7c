"""Recordings: smoothed without delay, in memory that does not grow, against the same neutral as live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from unkink.acquire.recorded import load_recording
from unkink.body.calibration import Calibration, Neutral, calibrate, relate
from unkink.body.landmarks import Landmark
from unkink.body.quality import ViewNeeds
from unkink.body.quantities import INDEX, QUANTITIES, RELATIVE, sd_name
from unkink.body.recording import join_series, measure_blocks, relate_block, smooth, smooth_blocks
from unkink.body.track import TrackState, track

FIXTURE = Path(__file__).parent.parent / "fixtures" / "landmarks" / "twist-correct.parquet"
NEEDS = ViewNeeds(facing="front", required=(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER), preferred=())


def test_a_straight_line_passes_unchanged_whatever_the_times():
    t_s = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.09, 200))
    line = np.stack([3.0 * t_s - 2.0, -0.5 * t_s], axis=1)
    np.testing.assert_allclose(smooth(t_s, line), line, atol=1e-9)


def test_a_slow_wave_has_no_delay_and_hardly_loses_height():
    t_s = np.arange(0, 20, 1 / 30)
    wave = np.sin(2 * np.pi * 0.25 * t_s)[:, None]
    smoothed = smooth(t_s, wave)
    inner = slice(30, -30)
    assert np.max(np.abs(smoothed[inner] - wave[inner])) < 0.01


def test_jitter_shrinks():
    t_s = np.arange(0, 20, 1 / 30)
    jitter = np.random.default_rng(2).normal(0, 1, (len(t_s), 1))
    assert np.std(smooth(t_s, jitter)) < 0.5


def test_gaps_are_neither_filled_nor_bridged():
    t_s = np.concatenate([np.arange(0, 1, 0.05), np.arange(2, 3, 0.05)])
    x = np.concatenate([np.zeros(20), np.full(20, 10.0)])[:, None]
    x[5] = np.nan
    smoothed = smooth(t_s, x)
    assert np.isnan(smoothed[5, 0])
    assert np.nanmax(np.abs(smoothed[:20])) < 1e-9
    np.testing.assert_allclose(smoothed[20:], 10.0)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_pictures(n):
    assert smooth(np.arange(n) * 0.1, np.ones((n, 3))).tolist() == np.ones((n, 3)).tolist()


def test_pieces_give_the_same_as_the_whole(monkeypatch):
    recording = load_recording(FIXTURE)
    whole = join_series(
        [relate_block(b, None) for b in smooth_blocks(measure_blocks([recording.series], NEEDS))]
    )
    monkeypatch.setattr("unkink.acquire.recorded.CHUNK", 37)
    pieces = list(smooth_blocks(measure_blocks(recording.chunks(), NEEDS)))
    assert len(pieces) > 5
    joined = join_series([relate_block(b, None) for b in pieces])
    np.testing.assert_array_equal(joined.t_s, whole.t_s)
    np.testing.assert_allclose(joined.values, whole.values, atol=1e-9)


def test_recorded_is_live_but_for_the_jitter():
    recording = load_recording(FIXTURE)
    state, calibration, live = TrackState.start(), Calibration.start("front"), []
    neutral = None
    for frame in recording.frames():
        state, sample = track(state, frame, NEEDS)
        if neutral is None:
            calibration, found = calibrate(calibration, sample)
            neutral = found if isinstance(found, Neutral) else None
        live.append(sample)
    assert neutral is not None
    turn = np.array([relate(s, neutral).value("shoulder_turn_deg") for s in live])
    blocks = smooth_blocks(measure_blocks(recording.chunks(), NEEDS))
    recorded = join_series([relate_block(b, neutral) for b in blocks]).column("shoulder_turn_deg")
    assert np.nanmean(np.abs(turn - recorded)) < 1.0
    assert np.nanstd(np.diff(recorded)) < np.nanstd(np.diff(turn))


def test_without_a_neutral_what_needs_it_is_unmeasured():
    block = next(smooth_blocks(measure_blocks(load_recording(FIXTURE).chunks(), NEEDS)))
    series = relate_block(block, None)
    for name in QUANTITIES:
        if name in RELATIVE:
            assert np.isnan(series.column(name)).all(), name
    assert np.isfinite(series.values[:, INDEX["trunk_side_bend_deg"]]).any()


def test_the_column_of_a_standard_deviation():
    assert sd_name("shoulder_turn_deg") == "shoulder_turn_sd_deg"
    assert sd_name("slide_norm") == "slide_sd_norm"
