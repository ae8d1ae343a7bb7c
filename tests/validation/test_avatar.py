from __future__ import annotations

import json

import numpy as np
import pytest

from validation.avatar import exercises as ex
from validation.avatar.rig import BODIES, Body, mix_bodies
from validation.avatar.rotations import anat, anat_angles
from validation.avatar.truth import truth


@pytest.fixture(scope="module")
def body():
    return Body(BODIES / "man.npz")


def test_rotations_come_back_as_they_were_put_in():
    assert anat_angles(anat(20.0, -11.0, 35.0)) == pytest.approx((20.0, -11.0, 35.0))


@pytest.mark.parametrize(("twist", "side"), [(30.0, 0.0), (-42.0, 5.0), (0.0, 25.0)])
def test_what_is_commanded_is_what_the_truth_says(body, twist, side):
    posture = {**ex.NEUTRAL, "twist": twist, "side": side}
    angles, _ = truth(ex.build(body, posture, "sit", "crossed"))
    assert angles["trunk_twist_left"] == pytest.approx(twist, abs=1e-6)
    assert angles["trunk_side_bend_right"] == pytest.approx(side, abs=1e-6)


def test_a_turn_to_the_left_brings_the_right_shoulder_forward(body):
    _, points = truth(ex.build(body, {**ex.NEUTRAL, "twist": 40.0}, "sit", "thighs"))
    assert points["right_shoulder"][1] < points["left_shoulder"][1]  # -y is towards the camera


def test_arms_go_where_they_are_told(body):
    posture = {**ex.NEUTRAL, "l_elev": 150.0, "r_elev": 90.0, "l_plane": 0.0, "r_plane": 0.0, "up": 1.0}
    posture |= {"l_elbow": 20.0, "r_elbow": 80.0}
    angles, _ = truth(ex.build(body, posture, "stand", "free"))
    assert angles["left_shoulder_elevation"] == pytest.approx(150.0, abs=1.2)
    assert angles["right_shoulder_elevation"] == pytest.approx(90.0, abs=1.2)
    assert angles["right_elbow_flexion"] == pytest.approx(80.0, abs=1.2)


def test_limbs_keep_their_length_while_the_person_moves(body):
    e = ex.EXERCISES["side_stretch"]()
    for t in np.linspace(0, e["tl"].duration, 7):
        q, *_ = e["tl"](t)
        _, points = truth(ex.build(body, ex.sway(q, t, 1.0, 3), e["base"], e["arms"]))
        upper = np.linalg.norm(points["left_elbow"] - points["left_shoulder"])
        assert upper == pytest.approx(body.len["L"]["upper"], abs=1e-3)


def test_a_mixture_of_one_body_is_that_body(body):
    mixed = Body(mix_bodies({"man": 1.0}, 1.0))
    assert mixed.height == pytest.approx(body.height, abs=1e-3)
    assert Body(mix_bodies({"man": 1.0}, 1.1)).height == pytest.approx(1.1 * body.height, abs=1e-3)


def test_every_listed_clip_can_be_posed():
    for spec in json.loads((BODIES.parent / "clips.json").read_text(encoding="utf-8")):
        e = ex.EXERCISES[spec["exercise"]](**spec["params"])
        assert e["tl"].duration > 5
