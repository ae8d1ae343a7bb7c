"""What must hold for every person, camera and frame rate."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_engine, make_person, make_recording, make_rulebook, make_test_plan, play
from unkink.acquire.recorded import Recording
from unkink.body.landmarks import LandmarkSeries
from unkink.coach.events import PainReported, SymptomReported, Tap
from unkink.pipeline import Engine, replay

SOME = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MIRRORED = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21]
MIRRORED += [24, 23, 26, 25, 28, 27, 30, 29, 32, 31]


def _held(motion, exercise_id="seated-twist"):
    summary = replay(make_recording(motion), make_rulebook(), exercise_id=exercise_id)
    return {side: value["held_s"] for side, value in summary["sides"].items()}, summary["repetitions"]


def _mirror(motion):
    image = motion.series.image[:, MIRRORED].copy()
    image[:, :, 0] = 1.0 - image[:, :, 0]
    return replace(motion, series=replace(motion.series, image=image))


@pytest.mark.parametrize("exercise_id", ["seated-twist", "standing-side-stretch"])
def test_a_mirror_swaps_the_sides(exercise_id):
    motion = make_person(exercise_id, hold_s=10.0, jitter_m=0.002)
    plain, _ = _held(motion, exercise_id)
    swapped, _ = _held(_mirror(motion), exercise_id)
    assert swapped["left"] == pytest.approx(plain["right"], abs=0.1)
    assert swapped["right"] == pytest.approx(plain["left"], abs=0.1)


@SOME
@given(
    distance_m=st.floats(2.8, 4.5),
    across_m=st.floats(-0.4, 0.4),
    size=st.floats(0.85, 1.12),
    level_deg=st.floats(15.0, 45.0),
)
def test_neither_where_one_stands_nor_how_tall_one_is_changes_what_is_held(
    distance_m, across_m, size, level_deg
):
    motion = make_person(
        hold_s=8.0, level_deg=level_deg, distance_m=distance_m, across_m=across_m, size=size, jitter_m=0.002
    )
    held, _ = _held(motion)
    assert held["right"] == pytest.approx(8.0, abs=0.7)
    assert held["left"] == pytest.approx(8.0, abs=0.7)


@SOME
@given(
    hz=st.sampled_from([8.0, 12.0, 20.0, 30.0]), exercise_id=st.sampled_from(["wall-angels", "foam-roller"])
)
def test_the_frame_rate_changes_no_count(hz, exercise_id):
    _, repetitions = _held(make_person(exercise_id, hz=hz, jitter_m=0.002), exercise_id)
    assert repetitions == 6


@SOME
@given(seed=st.integers(0, 1000), share=st.floats(0.05, 0.3), score=st.integers(6, 10))
def test_dropped_frames_never_turn_a_stop_into_a_go(seed, share, score):
    motion = make_person(hold_s=6.0)
    keep = np.random.default_rng(seed).random(len(motion.series)) >= share
    series = LandmarkSeries(t_s=motion.series.t_s[keep], image=motion.series.image[keep])
    engine, _ = play(
        make_engine(), replace(motion, series=series), (PainReported(t_s=7.0, score=score, pain="ache"),)
    )
    assert engine.session.status == "stopped"
    assert max(said.t_s for said in engine.session.said) <= 7.0


@SOME
@given(worse=st.integers(0, 10), score=st.integers(0, 10), kind=st.sampled_from(["ache", "stretch"]))
def test_more_pain_is_never_more_load(worse, score, kind):
    motion = make_person(hold_s=6.0, hz=8.0)
    low, high = min(worse, score), max(worse, score)
    loads = []
    for value in (low, high):
        engine, _ = play(make_engine(), motion, (PainReported(t_s=7.0, score=value, pain=kind),))
        loads.append(sum(hold.held_s for hold in engine.session.holds))
    assert loads[1] <= loads[0] + 1e-9


def test_live_equals_recorded():
    """What the app wrote down, replayed, gives what was live: pictures, taps, pain and all."""
    plan = make_test_plan("standing-side-stretch", level="short")
    motion = make_person("standing-side-stretch", hold_s=17.0, jitter_m=0.003)
    events = (
        Tap(t_s=12.0, action="pause"),
        PainReported(t_s=13.0, score=2, pain="stretch"),
        Tap(t_s=15.0, action="resume"),
        Tap(t_s=20.0, action="pop"),
    )
    live, _ = play(Engine.start(plan, make_rulebook()), motion, events)
    recording = Recording(
        series=motion.series,
        events=tuple(msgspec.to_builtins(e) for e in events),
        metadata={"plan": msgspec.json.encode(plan).decode()},
    )
    assert replay(recording, make_rulebook(), exercise_id="standing-side-stretch") == live.summary()


def test_time_may_start_anywhere():
    motion = make_person(hold_s=8.0)
    later = replace(motion, series=replace(motion.series, t_s=motion.series.t_s + 86400.0))
    plain, shifted = _held(motion), _held(later)
    assert shifted[0]["right"] == pytest.approx(plain[0]["right"], abs=1e-3)
    assert shifted[0]["left"] == pytest.approx(plain[0]["left"], abs=1e-3)


@SOME
@given(
    actions=st.lists(
        st.one_of(
            st.builds(
                Tap,
                t_s=st.floats(0, 60),
                action=st.sampled_from(["pause", "resume", "next", "done", "pop", "ready"]),
            ),
            st.builds(
                SymptomReported, t_s=st.floats(0, 60), rule_id=st.sampled_from(["S01", "S03", "nonsense"])
            ),
            st.builds(
                PainReported,
                t_s=st.floats(0, 60),
                score=st.integers(-3, 99),
                pain=st.sampled_from(["ache", "sharp"]),
            ),
        ),
        max_size=8,
    )
)
def test_whatever_is_pressed_the_session_stays_sound(actions):
    motion = make_person(hold_s=6.0, hz=8.0)
    engine, _ = play(make_engine(), motion, tuple(actions))
    summary = engine.summary()
    assert summary["reason"] != "fault"
    assert sum(side["held_s"] for side in summary["sides"].values()) <= summary["duration_s"] + 1e-6
    ordered = sorted((h["start_s"], h["end_s"]) for side in summary["sides"].values() for h in side["holds"])
    assert all(a[1] <= b[0] + 1e-6 for a, b in itertools.pairwise(ordered))
    if any(isinstance(a, SymptomReported) for a in actions):
        assert summary["status"] == "stopped"
