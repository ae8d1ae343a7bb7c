"""Landmarks that the pose model found in rendered people, against what the people really did."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from tests.body.stick_figure import one
from unkink.body.calibration import Calibration, Neutral, calibrate, relate
from unkink.body.landmarks import N_LANDMARKS, Landmark, LandmarkSeries
from unkink.body.quantities import INDEX, Tracking
from unkink.body.track import TrackState, ViewNeeds, track

FOLDER = Path(__file__).parents[1] / "fixtures" / "landmarks"
TRUNK = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
FRONT = ViewNeeds(required=TRUNK)
SIDE = ViewNeeds(facing="side", required=(Landmark.LEFT_HIP, Landmark.LEFT_KNEE), position="supine")


@dataclass(frozen=True)
class Measured:
    """A whole recording, frame by frame as live, against the neutral."""

    t_s: NDArray[np.float64]
    values: NDArray[np.float64]
    seen_share: float
    calibrated_s: float
    phases: list[dict[str, float | str]]

    def during(self, phase: str, name: str, trim_s: float = 0.5) -> NDArray[np.float64]:
        """Values of a quantity within a phase, without its edges."""
        mask = np.zeros(len(self.t_s), dtype=bool)
        for p in self.phases:
            if p["phase"] == phase:
                mask |= (self.t_s >= float(p["start_s"]) + trim_s) & (self.t_s < float(p["end_s"]) - trim_s)
        assert mask.any(), phase
        return self.values[mask, INDEX[name]]

    def column(self, name: str) -> NDArray[np.float64]:
        """A quantity since the neutral was found."""
        return self.values[self.t_s > self.calibrated_s, INDEX[name]]


@cache
def measure(name: str) -> Measured:
    path = FOLDER / f"{name}.parquet"
    if not path.exists():
        pytest.skip(
            f"{path.name} is not among the fixtures; validation/avatar/README.md tells how it is made"
        )
    table = pq.read_table(path)
    about = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    flat = table.column("image").combine_chunks().flatten().to_numpy(zero_copy_only=False)
    series = LandmarkSeries(
        t_s=table.column("t_s").to_numpy(),
        image=flat.reshape(-1, N_LANDMARKS, 4).astype(np.float64),
        width_px=int(about["width_px"]),
        height_px=int(about["height_px"]),
    )
    state, calibration, neutral, rows, seen = TrackState.start(), Calibration.start(), None, [], 0
    for i in range(len(series)):
        state, sample = track(state, one(series, i), SIDE if name.startswith("roller") else FRONT)
        seen += sample.view.tracking is Tracking.SEEN
        if neutral is None:
            calibration, found = calibrate(calibration, sample)
            neutral = found if isinstance(found, Neutral) else None
        rows.append((relate(sample, neutral) if neutral else sample).values)
    assert neutral is not None
    truth = json.loads((FOLDER / f"{name}.truth.json").read_text())
    return Measured(series.t_s, np.array(rows), seen / len(series), neutral.t_end_s, truth["phases"])


UPRIGHT = ("twist-correct", "twist-small")
ALL_FRONT = (
    *UPRIGHT,
    "twist-slouched",
    "twist-collapses-left",
    "side-correct",
    "side-forward",
    "angels-correct",
    "angels-one-arm",
    "angels-not-overhead",
)


@pytest.mark.parametrize("name", [*ALL_FRONT, "roller"])
def test_the_person_is_seen_throughout_and_the_neutral_found_at_once(name: str) -> None:
    m = measure(name)
    assert m.seen_share > 0.995
    assert m.calibrated_s < 1.5


@pytest.mark.parametrize(
    ("name", "turn", "bound"), [("twist-correct", 40.0, 15.0), ("twist-small", 15.0, 7.0)]
)
def test_held_turns(name: str, turn: float, bound: float) -> None:
    m = measure(name)
    right, left = m.during("hold_right", "shoulder_turn_deg"), m.during("hold_left", "shoulder_turn_deg")
    assert np.median(right) == pytest.approx(turn, abs=bound)
    assert np.median(left) == pytest.approx(-turn, abs=bound)
    assert max(np.std(right), np.std(left)) < 2.0


@pytest.mark.parametrize("name", UPRIGHT)
def test_who_sits_upright_is_not_called_slouched(name: str) -> None:
    assert np.mean(measure(name).column("slouch_norm") > 0.5) < 0.01


def test_who_slouches_from_the_first_picture_is_told() -> None:
    m = measure("twist-slouched")
    assert np.median(m.during("hold_right", "slouch_norm")) > 0.5
    assert np.median(m.during("hold_left", "slouch_norm")) > 0.5


def test_who_collapses_on_the_way_is_told_from_then_on() -> None:
    m = measure("twist-collapses-left")
    assert np.median(m.during("hold_right", "slouch_norm")) < 0.5
    assert np.median(m.during("hold_left", "slouch_norm")) > 0.5


def test_a_side_stretch_bends_to_its_side_and_not_forward() -> None:
    m = measure("side-correct")
    # The bend of 25 degrees is spread along the spine: hip-middle to shoulder-middle leans six tenths of it.
    assert np.median(m.during("hold_right", "trunk_side_bend_deg")) == pytest.approx(15.3, abs=3.5)
    assert np.median(m.during("hold_left", "trunk_side_bend_deg")) == pytest.approx(-15.3, abs=3.5)
    assert np.percentile(m.column("trunk_lean_forward_deg"), 99) < 12.0


def test_tipping_forward_is_told() -> None:
    m = measure("side-forward")
    for phase in ("hold_right", "hold_left"):
        assert np.percentile(m.during(phase, "trunk_lean_forward_deg"), 5) > 12.0


def test_arms_at_the_wall() -> None:
    m = measure("angels-correct")
    for side in ("left", "right"):
        elevation = m.column(f"{side}_shoulder_elevation_deg")
        assert np.percentile(elevation, 98) == pytest.approx(160.0, abs=12.0)
    one_arm = measure("angels-one-arm")
    low = {
        s: np.percentile(one_arm.during("bottom", f"{s}_shoulder_elevation_deg", 0.1), 50)
        for s in ("left", "right")
    }
    assert low["left"] - low["right"] > 40.0
    low_top = measure("angels-not-overhead")
    assert np.percentile(low_top.column("left_shoulder_elevation_deg"), 98) < 135.0


def test_rolling_to_and_fro() -> None:
    slide = measure("roller").column("slide_norm")
    # 6 cm either way of a body of about 1.7 m.
    assert 0.04 < np.percentile(slide, 99) - np.percentile(slide, 1) < 0.12
