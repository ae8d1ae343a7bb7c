from __future__ import annotations

import numpy as np
import pytest

from unkink.body.quantities import QUANTITIES, RELATIVE
from validation.accuracy.truth import (
    COLUMNS,
    KEPT,
    bend_of_line_deg,
    find_phases,
    to_truth,
    turn_of_line_deg,
)


def make_columns(n=60, **changed):
    return {name: np.zeros(n) for name in KEPT} | changed


def make_truth(columns, **wanted):
    n = len(next(iter(columns.values())))
    wanted = {"n_repetitions": 0, "bearing_left_deg": 0.0, "is_lying": False} | wanted
    return to_truth(np.arange(n) / 30, columns, ["neutral"] * n, **wanted)


def test_every_mapped_quantity_exists():
    assert set(COLUMNS) <= set(QUANTITIES)


def test_left_of_the_generator_is_negative_here_and_the_first_second_is_the_neutral():
    yaw = np.concatenate([np.full(30, 3.0), np.full(30, 43.0)])
    truth = make_truth(make_columns(shoulder_line_yaw_left=yaw))
    turn = truth.values["shoulder_turn_deg"]
    assert turn[:30] == pytest.approx(0.0)
    assert turn[30:] == pytest.approx(-40.0)


def test_what_is_not_relative_keeps_its_offset():
    truth = make_truth(make_columns(trunk_lean_right=np.full(60, 4.0)))
    assert "trunk_side_bend_deg" not in RELATIVE
    assert truth.values["trunk_side_bend_deg"] == pytest.approx(4.0)


def test_who_lies_has_knees_and_a_slide_only():
    truth = make_truth(make_columns(slide_m=np.linspace(0, 1, 60)), is_lying=True)
    assert set(truth.values) == {"left_knee_flexion_deg", "right_knee_flexion_deg"}
    assert truth.slide_m is not None
    assert truth.slide_m[-1] == 1.0


def test_the_face_is_seen_from_where_the_camera_stands():
    heading = np.concatenate([np.full(30, -50.0), np.full(30, 50.0)])
    from_front = make_truth(make_columns(head_yaw_left=heading))
    from_left = make_truth(make_columns(head_yaw_left=heading), bearing_left_deg=20.0)
    assert from_front.is_face_seen is not None
    assert from_left.is_face_seen is not None
    assert from_front.is_face_seen.all()
    assert not from_left.is_face_seen[:30].any()
    assert from_left.is_face_seen[30:].all()


def test_phases_are_joined_and_half_open():
    t_s = np.arange(6) / 10
    phases = find_phases(t_s, ["a", "a", "b", "b", "b", "a"])
    assert [p.name for p in phases] == ["a", "b", "a"]
    assert [(p.start_s, p.end_s) for p in phases] == [
        (0.0, pytest.approx(0.2)),
        (pytest.approx(0.2), pytest.approx(0.5)),
        (pytest.approx(0.5), pytest.approx(0.6)),
    ]


def test_a_line_that_turns_clockwise_from_above_turns_right():
    # z up, the left shoulder along y: whoever looks along x turns to the right when it comes forward.
    line = np.array([[0.0, 1.0, 0.0], [np.sin(np.radians(30)), np.cos(np.radians(30)), 0.0]])
    assert turn_of_line_deg(line, line[0]) == pytest.approx([0.0, 30.0])


def test_the_turn_does_not_jump_at_half_a_circle():
    angles = np.radians([179.0, 181.0])
    line = np.stack([np.cos(angles), np.sin(angles), [0, 0]], 1)
    assert turn_of_line_deg(line, line[0]) == pytest.approx([0.0, -2.0])


def test_leaning_away_from_the_left_is_leaning_right():
    up = np.array([[0.0, 0.0, 1.0], [0.0, -np.sin(np.radians(20)), np.cos(np.radians(20))]])
    assert bend_of_line_deg(up, np.array([0.0, 2.0, 0.3])) == pytest.approx([0.0, 20.0])
