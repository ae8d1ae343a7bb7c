"""Live equals recorded: what is judged picture by picture agrees with what is judged as a whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from unkink.acquire.recorded import load_recording, open_recording
from unkink.pipeline import analyse, load_rulebook, replay

FIXTURES = Path(__file__).parent / "fixtures" / "landmarks"
EXERCISES = {
    "twist-correct": "seated-twist",
    "twist-slouched": "seated-twist",
    "side-correct": "standing-side-stretch",
    "side-forward": "standing-side-stretch",
    "angels-correct": "wall-angels",
    "angels-one-arm": "wall-angels",
    "roller": "foam-roller",
}


@pytest.fixture(scope="module")
def rulebook():
    return load_rulebook()


@pytest.mark.parametrize("name", EXERCISES)
def test_holds_and_repetitions_of_both_agree(name, rulebook):
    path = FIXTURES / f"{name}.parquet"
    live = replay(load_recording(path), rulebook, exercise_id=EXERCISES[name])
    analysis = analyse(open_recording(path), rulebook, exercise_id=EXERCISES[name])
    whole = analysis.summary
    assert whole.keys() == live.keys()
    assert whole["repetitions"] == live["repetitions"]
    assert [f["id"] for f in whole["faults"]] == [f["id"] for f in live["faults"]]
    for side, part in live["sides"].items():
        other = whole["sides"][side]["holds"]
        assert len(other) == len(part["holds"])
        for a, b in zip(part["holds"], other, strict=True):
            assert abs(a["start_s"] - b["start_s"]) <= 0.3
            assert abs(a["end_s"] - b["end_s"]) <= 0.3


def test_an_analysis_has_every_picture_once(rulebook):
    recording = load_recording(FIXTURES / "twist-correct.parquet")
    analysis = analyse(recording, rulebook, exercise_id="seated-twist")
    np.testing.assert_array_equal(analysis.quantities.t_s, recording.series.t_s)
    turn = analysis.quantities.column("shoulder_turn_deg")
    start_s = analysis.summary["neutral"]["start_s"]
    end_s = analysis.summary["neutral"]["end_s"]
    at_rest = (recording.series.t_s >= start_s) & (recording.series.t_s <= end_s)
    assert abs(np.nanmedian(turn[at_rest])) < 1.0
    assert np.nanmax(turn) > 30
    assert np.nanmin(turn) < -30


def test_an_analysis_is_the_same_twice(rulebook):
    path = FIXTURES / "side-correct.parquet"
    first, second = (
        analyse(open_recording(path), rulebook, exercise_id="standing-side-stretch") for _ in range(2)
    )
    assert first.summary == second.summary
    np.testing.assert_array_equal(first.quantities.values, second.quantities.values)
