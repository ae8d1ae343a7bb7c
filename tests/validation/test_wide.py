from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from validation.avatar.rig import BODIES, Body
from validation.learn import wide

NAMES = ("man", "woman")


@pytest.fixture(scope="module")
def body():
    return Body(BODIES / "woman.npz")


def draw(number, n=14):
    r = np.random.default_rng((5, number))
    setup = wide.draw_setup(r, number, NAMES)
    return setup, wide.draw_wishes(r, setup, n)


def first_of(name, *, tracked=False):
    numbers = (n for n in range(200) if wide.round_of(n) == name)
    return next(n for n in numbers if draw(n)[0].is_tracked == tracked)


@pytest.mark.parametrize("start", [0, 13])
def test_any_twenty_set_ups_have_all_rounds_in_their_shares(start):
    assert Counter(map(wide.round_of, range(start, start + 20))) == {
        "over": 7,
        "angels": 4,
        "head": 4,
        "twist": 3,
        "far": 2,
    }


def test_a_set_up_is_drawn_from_its_own_seed_alone():
    setup, wishes = draw(9)
    draw(3)
    assert draw(9) == (setup, wishes)


@pytest.mark.parametrize("number", range(10))
def test_neutral_means_upright_and_straight_ahead(body, number):
    setup, wishes = draw(number)
    neutral = [w for w in wishes if w.is_neutral]
    assert len(neutral) == wide.N_NEUTRAL
    for wish in neutral:
        angles, _ = wide.describe(wide.solve(body, setup, wish, 0.05), np.array([0.0, -2.0, 1.0]))
        assert abs(angles["shoulder_line_yaw_left"]) < 5
        assert abs(angles["head_turn_shoulders_left"]) < 8
        assert abs(angles["trunk_side_bend_right"]) < 5
        assert wish.slouch == 0


def test_joined_hands_meet_overhead_and_arms_keep_their_length(body):
    setup, wishes = draw(first_of("over"))
    wish = wide.Wish(q={**wishes[1].q, "side": 15.0}, clasp=1.0)
    _, points = wide.describe(wide.solve(body, setup, wish, 0.05), np.array([0.0, -2.0, 1.0]))
    assert np.linalg.norm(points["left_wrist"] - points["right_wrist"]) < 0.2
    assert points["left_wrist"][2] > points["nose"][2]
    upper = np.linalg.norm(points["left_elbow"] - points["left_shoulder"])
    assert upper == pytest.approx(body.len["L"]["upper"], abs=1e-3)


def test_the_trunk_keeps_still_while_the_head_turns(body):
    setup, wishes = draw(first_of("head"), n=40)
    eye = np.array([0.0, -2.0, 1.0])
    seen = [wide.describe(wide.solve(body, setup, w, 0.05), eye)[0] for w in wishes]
    assert max(abs(a["thorax_yaw_left"]) for a in seen) < 9
    assert max(a["head_yaw_left"] for a in seen) > 30
    assert min(a["head_yaw_left"] for a in seen) < -30


def test_a_camera_to_the_left_sees_the_person_turned_to_the_right(body):
    setup, wishes = draw(first_of("head"))
    far = 200.0 * np.array([np.sin(np.radians(20)), -np.cos(np.radians(20)), 0.0])
    angles, _ = wide.describe(wide.solve(body, setup, wishes[0], 0.05), far)
    assert angles["camera_azimuth_left"] == pytest.approx(20, abs=0.2)
    assert angles["shoulder_turn_camera_left"] == pytest.approx(
        angles["shoulder_line_yaw_left"] - 20, abs=0.2
    )


def test_a_tracked_set_up_is_one_movement_without_jumps():
    _, wishes = draw(first_of("twist", tracked=True))
    twist = np.array([w.q["twist"] for w in wishes[wide.N_NEUTRAL - 1 :]])
    whole = np.ptp(twist)
    assert whole > 1
    assert abs(np.diff(twist)).max() < 0.6 * whole


def test_bodies_kept_apart_are_never_learned_from():
    learned, kept = wide.find_bodies(BODIES), wide.find_bodies(BODIES, held_out=True)
    assert len(kept) == 3
    assert not set(learned) & set(kept)
    assert {"man", "woman", "t_man_old"} <= set(learned)


@pytest.mark.parametrize("name", ["t_woman_old", "held_man_slim"])
def test_a_body_without_what_all_have_in_common_stands(name):
    person = Body(BODIES / f"{name}.npz")
    assert 1.5 < person.height < 2.0
    assert person.W.shape[0] == len(person.V)
