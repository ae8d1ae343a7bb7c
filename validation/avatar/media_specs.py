"""Specifications of every rendered picture and recorded-landmark fixture of Unkink.

    python -m validation.avatar.media_specs render demo|loops|fixtures OUT [NAME ...]
    python -m validation.avatar.media_specs sheet demo|loops|fixtures OUT.png
    python -m validation.avatar.media_specs detect MODEL.task OUT CLIP.mp4 ...

See the README beside this file.  Axes of the generator: x to the person's left, -y towards the
camera, z up, metres; angles in degrees; durations in seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import mediapipe as mp
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from mediapipe.tasks.python import BaseOptions, vision

from validation.avatar import exercises as ex
from validation.avatar import make
from validation.avatar.rig import Body, Pose
from validation.avatar.rotations import Array, X, anat, rot
from validation.avatar.scenery import Props

PICTURES_PER_S = 15
Posture = dict[str, float]
Spec = dict[str, Any]

# One light for everything the app shows: bright, warm, an empty wall, so that the eye stays with the person.
make.LOOKS["warm"] = {
    "light": (-0.5, -1.0, 1.35),
    "grain": 0.5,
    "clutter": False,
    "chair": (0.30, 0.19, 0.11),
    "mat": (0.13, 0.30, 0.29),
    "uniforms": {
        "KEY": (0.92, 0.86, 0.76),
        "SKY": (0.52, 0.51, 0.50),
        "GROUND": (0.36, 0.31, 0.26),
        "FILL": (0.20, 0.19, 0.18),
        "C_WALL": (0.72, 0.66, 0.57),
        "C_FLOOR": (0.50, 0.34, 0.21),
    },
}


def _outfit(person: str, shirt: tuple[float, float, float], trousers: tuple[float, float, float]) -> None:
    fit = make.OUTFITS[person]
    colours = {"C_SHIRT": shirt, "C_TROU": trousers, "SHIRTPAT": 0}
    make.OUTFITS[f"{person}_media"] = {**fit, "u": {**fit["u"], **colours}}


_outfit("woman", (0.02, 0.24, 0.24), (0.05, 0.06, 0.08))
_outfit("woman_tall", (0.50, 0.30, 0.05), (0.06, 0.08, 0.11))
_outfit("man", (0.52, 0.15, 0.05), (0.07, 0.10, 0.17))
_outfit("man_heavy", (0.07, 0.20, 0.36), (0.12, 0.11, 0.10))


# ---------------------------------------------------------------------------------------------- timelines
OVERHEAD = {
    "l_elev": 165.0,
    "r_elev": 165.0,
    "l_plane": 12.0,
    "r_plane": 12.0,
    "l_elbow": 14.0,
    "r_elbow": 14.0,
    "up": 1.0,
}


def _twist_to(side: str, angle: float, head: float) -> dict[str, float]:
    sign = 1.0 if side == "L" else -1.0
    return {"twist": sign * angle, "ntwist": sign * head, "reach": sign}


def _lean_to(side: str, angle: float, forward: float = 0.0) -> dict[str, float]:
    sign = 1.0 if side == "R" else -1.0
    return {
        "side": sign * angle,
        "flex": forward,
        "pel_dx": sign * 0.045 * angle / 28,
        "pel_dy": 0.0025 * forward,
        "pel_tilt": -2.0 * sign,
        "nside": -0.25 * sign * angle,
    }


_NO_TWIST = {"twist": 0.0, "ntwist": 0.0, "reach": 0.0}
_NO_LEAN = {"side": 0.0, "flex": 0.0, "pel_dx": 0.0, "pel_dy": 0.0, "pel_tilt": 0.0, "nside": 0.0}
_NAME = {"L": "left", "R": "right"}


def guided_twist(  # noqa: PLR0913, PLR0917
    sides: str = "RLRL",
    angle: float = 38.0,
    head: float = 5.0,
    hold_s: float = 17.0,
    move_s: float = 3.5,
    between_s: float = 2.0,
    neutral_s: float = 3.0,
    slouch: float = 0.0,
    collapse_on: str = "",
    arms: str = "crossed",
) -> dict:
    """Hold each side in turn, coming back to the middle between; the head follows the breastbone.

    `slouch` (0 to 1) lasts from the first picture; on the sides named in `collapse_on` the person sags while
    turning.
    """
    timeline = ex.Timeline(**{**ex.NEUTRAL, **ex.slouch_q(slouch)}).to(neutral_s, "neutral")
    for rep, side in enumerate(sides, 1):
        posture = ex.slouch_q(1.0) if side in collapse_on else {}
        timeline.to(move_s, f"to_{_NAME[side]}", rep, **_twist_to(side, angle, head), **posture)
        timeline.to(hold_s, f"hold_{_NAME[side]}", rep)
        timeline.to(move_s, "return", rep, **_NO_TWIST, **ex.slouch_q(slouch)).to(between_s, "neutral", rep)
    return {"tl": timeline, "base": "sit", "arms": arms}


def guided_side_stretch(
    sides: str = "RLRL",
    angle: float = 26.0,
    hold_s: float = 17.0,
    move_s: float = 3.5,
    between_s: float = 2.0,
    neutral_s: float = 3.0,
    forward: float = 0.0,
) -> dict:
    """Both arms overhead, lean to each side in turn, upright between."""
    timeline = ex.Timeline(**ex.NEUTRAL).to(neutral_s, "neutral")
    timeline.to(2.5, "arms_up", 0, **OVERHEAD).to(between_s, "overhead", 0)
    for rep, side in enumerate(sides, 1):
        timeline.to(move_s, f"to_{_NAME[side]}", rep, **_lean_to(side, angle, forward))
        timeline.to(hold_s, f"hold_{_NAME[side]}", rep)
        timeline.to(move_s, "return", rep, **_NO_LEAN).to(between_s, "overhead", rep)
    timeline.to(2.5, "arms_down", 0, **{key: ex.NEUTRAL[key] for key in OVERHEAD}).to(1.5, "neutral")
    return {"tl": timeline, "base": "stand", "arms": "free"}


def guided_wall_angels(  # noqa: PLR0913, PLR0917
    reps: int = 7,
    top: float = 160.0,
    bottom: float = 90.0,
    top_elbow: float = 28.0,
    bottom_elbow: float = 90.0,
    down_s: float = 3.5,
    up_s: float = 3.5,
    neutral_s: float = 3.0,
    one_arm: bool = False,
) -> dict:
    """Slow repetitions from overhead to elbows at shoulder height and up again."""
    timeline = ex.Timeline(**ex.NEUTRAL).to(neutral_s, "neutral")
    high = {
        "l_elev": top,
        "r_elev": top,
        "l_plane": 0.0,
        "r_plane": 0.0,
        "l_elbow": top_elbow,
        "r_elbow": top_elbow,
        "up": 1.0,
    }
    low = {"r_elev": bottom, "r_elbow": bottom_elbow}
    if not one_arm:
        low |= {"l_elev": bottom, "l_elbow": bottom_elbow}
    timeline.to(3.0, "arms_up", 0, **high).to(1.5, "top", 0)
    for rep in range(1, reps + 1):
        timeline.to(down_s, "lowering", rep, **low).to(0.6, "bottom", rep)
        timeline.to(up_s, "raising", rep, **high).to(0.8, "top", rep)
    timeline.to(2.5, "arms_down", 0, **{key: ex.NEUTRAL[key] for key in high}).to(1.5, "neutral")
    return {"tl": timeline, "base": "stand", "arms": "free"}


# Hips near the floor, as a beginner does it; the upper back extends over the roller.
_ON_ROLLER = {"pel_pitch": 25.0, "flex": -32.0, "nflex": 22.0}


def guided_roller(
    sets: int = 2,
    set_s: float = 30.0,
    rest_s: float = 5.0,
    amp: float = 0.06,
    period: float = 6.0,
    still_s: float = 3.0,
) -> dict:
    """Roll slowly to and fro, with a rest between the sets."""
    timeline = ex.Timeline(**{**ex.NEUTRAL, **_ON_ROLLER, "slide": -amp}).to(still_s, "still")
    for number in range(sets):
        for rep in range(1, round(set_s / period) + 1):
            timeline.to(period / 2, "slide_to_feet", rep, slide=amp).to(
                period / 2, "slide_to_head", rep, slide=-amp
            )
        timeline.to(rest_s if number + 1 < sets else 2.0, "still")
    return {"tl": timeline, "base": "supine", "arms": "behind_head"}


def loop_twist(angle: float = 40.0, head: float = 4.0) -> dict:
    """Both sides in 10 s, starting and ending in the middle."""
    timeline = ex.Timeline(**ex.NEUTRAL)
    for rep, side in enumerate("RL", 1):
        timeline.to(0.3, "neutral", rep).to(1.9, f"to_{_NAME[side]}", rep, **_twist_to(side, angle, head))
        timeline.to(1.0, f"hold_{_NAME[side]}", rep).to(1.8, "return", rep, **_NO_TWIST)
    return {"tl": timeline, "base": "sit", "arms": "crossed"}


def loop_side_stretch(angle: float = 27.0) -> dict:
    """Arms stay overhead; both sides in 10 s."""
    timeline = ex.Timeline(**{**ex.NEUTRAL, **OVERHEAD, "l_elev": 170.0, "r_elev": 170.0})
    for rep, side in enumerate("RL", 1):
        timeline.to(0.3, "overhead", rep).to(1.9, f"to_{_NAME[side]}", rep, **_lean_to(side, angle))
        timeline.to(1.0, f"hold_{_NAME[side]}", rep).to(1.8, "return", rep, **_NO_LEAN)
    return {"tl": timeline, "base": "stand", "arms": "free"}


def loop_side_one_arm(angle: float = 18.0, elevation: float = 138.0) -> dict:
    """SS-1: left hand on the hip, right arm as high as is comfortable, lean to the left; 10 s."""
    timeline = ex.Timeline(**ex.NEUTRAL).to(0.2, "neutral")
    timeline.to(2.0, "arm_up", 1, r_elev=elevation, r_plane=10.0, r_elbow=34.0, up=1.0)
    timeline.to(2.0, "to_left", 1, **_lean_to("L", angle)).to(1.6, "hold_left", 1)
    timeline.to(2.0, "return", 1, **_NO_LEAN).to(
        2.2, "arm_down", 1, r_elev=12.0, r_plane=15.0, r_elbow=18.0, up=0.0
    )
    return {"tl": timeline, "base": "stand", "arms": "free", "hand_on_hip": "L"}


def loop_wall_angels(
    top: float = 160.0,
    bottom: float = 90.0,
    top_elbow: float = 28.0,
    bottom_elbow: float = 90.0,
    move_s: float = 3.4,
) -> dict:
    """One repetition at its real pace, from the top; 8 s."""
    start = {
        "l_elev": top,
        "r_elev": top,
        "l_plane": 0.0,
        "r_plane": 0.0,
        "l_elbow": top_elbow,
        "r_elbow": top_elbow,
    }
    low = {"l_elev": bottom, "r_elev": bottom, "l_elbow": bottom_elbow, "r_elbow": bottom_elbow}
    timeline = (
        ex.Timeline(**{**ex.NEUTRAL, **start, "up": 1.0}).to(0.6, "top", 1).to(move_s, "lowering", 1, **low)
    )
    timeline.to(0.6, "bottom", 1).to(move_s, "raising", 1, **start)
    return {"tl": timeline, "base": "stand", "arms": "free"}


def loop_roller(amp: float = 0.07, period: float = 6.0) -> dict:
    """One pass to and fro at its real pace, with a short stop at each end."""
    timeline = ex.Timeline(**{**ex.NEUTRAL, **_ON_ROLLER, "slide": -amp})
    timeline.to(0.2, "still").to(period / 2, "slide_to_feet", 1, slide=amp)
    timeline.to(0.2, "still").to(period / 2, "slide_to_head", 1, slide=-amp)
    return {"tl": timeline, "base": "supine", "arms": "behind_head"}


def loop_lying(duration_s: float = 8.0) -> dict:
    """FR-alt: two breaths, lying still, a rolled towel along the spine."""
    rest = {
        "l_elev": 52.0,
        "r_elev": 52.0,
        "l_plane": -14.0,
        "r_plane": -14.0,
        "l_elbow": 20.0,
        "r_elbow": 20.0,
    }
    timeline = ex.Timeline(**{**ex.NEUTRAL, **rest, "flex": -1.0, "nflex": 3.0, "protract": 2.0})
    for rep in (1, 2):
        timeline.to(duration_s * 0.22, "in", rep, flex=-4.0, protract=-5.0)
        timeline.to(duration_s * 0.28, "out", rep, flex=-1.0, protract=2.0)
    return {"tl": timeline, "base": "supine", "arms": "free", "towel": True}


def _turn_head(side: str, angle: float) -> dict[str, float]:
    return {"ntwist": angle if side == "L" else -angle}


def _bend_seated(side: str, angle: float) -> dict[str, float]:
    """Lean with the pelvis on the chair."""
    sign = 1.0 if side == "R" else -1.0
    return {"side": sign * angle, "nside": -0.2 * sign * angle, "pel_tilt": -1.0 * sign}


_UPRIGHT = {"twist": 0.0, "ntwist": 0.0, "side": 0.0, "nside": 0.0, "pel_tilt": 0.0}


def _excursions(
    timeline: ex.Timeline, name: str, postures: list[tuple[str, dict[str, float]]], times_s: Posture
) -> None:
    """Go out, wait, come back, wait, for each posture in turn."""
    for rep, (side, posture) in enumerate(postures, 1):
        timeline.to(times_s["move"], f"{name}_to_{_NAME[side]}", rep, **posture)
        timeline.to(times_s["hold"], f"{name}_hold_{_NAME[side]}", rep)
        timeline.to(times_s["move"], "return", rep, **_UPRIGHT).to(times_s["between"], "neutral", rep)


def guided_mobility(
    right_turn: float = 40.0,
    left_turn: float = 35.0,
    right_bend: float = 24.0,
    left_bend: float = 21.0,
    right_head: float = 50.0,
    left_head: float = 44.0,
) -> dict:
    """The mobility check: five easy turns, then three turns, side bends and head turns to each side."""
    timeline = ex.Timeline(**ex.NEUTRAL).to(4.0, "neutral")
    easy = {"move": 1.1, "hold": 0.4, "between": 0.4}
    far = {"move": 1.5, "hold": 1.5, "between": 0.5}
    _excursions(timeline, "warm_up", [(s, {"twist": 24.0 if s == "L" else -24.0}) for s in "RLRLR"], easy)
    timeline.to(2.5, "neutral")
    turns = {"R": {"twist": -right_turn, "ntwist": -3.0}, "L": {"twist": left_turn, "ntwist": 3.0}}
    _excursions(timeline, "turn", [(s, turns[s]) for s in "RLRLRL"], far)
    timeline.to(2.5, "neutral")
    bends = {"R": _bend_seated("R", right_bend), "L": _bend_seated("L", left_bend)}
    _excursions(timeline, "bend", [(s, bends[s]) for s in "RLRLRL"], far)
    timeline.to(2.5, "neutral")
    heads = {"R": _turn_head("R", right_head), "L": _turn_head("L", left_head)}
    _excursions(timeline, "head", [(s, heads[s]) for s in "RLRLRL"], far)
    timeline.to(3.0, "neutral")
    return {"tl": timeline, "base": "sit", "arms": "crossed"}


def loop_mobility() -> dict:
    """One turn, one side bend and one head turn to each side in 12 s."""
    timeline = ex.Timeline(**ex.NEUTRAL)
    times_s = {"move": 0.85, "hold": 0.2, "between": 0.1}
    for name, postures in (
        ("turn", [("R", {"twist": -38.0}), ("L", {"twist": 38.0})]),
        ("bend", [(s, _bend_seated(s, 22.0)) for s in "RL"]),
        ("head", [(s, _turn_head(s, 46.0)) for s in "RL"]),
    ):
        _excursions(timeline, name, postures, times_s)
    return {"tl": timeline, "base": "sit", "arms": "crossed"}


ex.EXERCISES.update(
    guided_mobility=guided_mobility,
    loop_mobility=loop_mobility,
    guided_twist=guided_twist,
    guided_side_stretch=guided_side_stretch,
    guided_wall_angels=guided_wall_angels,
    guided_roller=guided_roller,
    loop_twist=loop_twist,
    loop_side_stretch=loop_side_stretch,
    loop_side_one_arm=loop_side_one_arm,
    loop_wall_angels=loop_wall_angels,
    loop_roller=loop_roller,
    loop_lying=loop_lying,
)


# ------------------------------------------------------------------------------------------------ postures
TOWEL_RADIUS_M = 0.038


def lying_pose(body: Body, q: Posture) -> Pose:
    """Lie on the back, knees bent, spine along a rolled towel, arms on the floor."""
    pose = Pose(body)
    scale = body.height / 1.66
    hips = (body.rest("upperleg01.L") + body.rest("upperleg01.R")) / 2
    turn = ex.LIE @ anat(q["pel_pitch"], 0.0, 0.0)
    pose.root_R, pose.root_P = turn, np.array([-0.02, 0.0, 0.22]) - turn @ (hips - body.heads[0])
    pose.trunk(q["flex"], 0.0, 0.0)
    pose.neck(q["nflex"], 0.0, 0.0)
    pose.fk()
    skin = pose.skin()
    names = ("spine01", "spine02", "spine03", "spine04", "spine05", "root")
    weight = body.W[:13380, [body.ix[name] for name in names if name in body.ix]].sum(1)
    near = np.where((weight > 1 / 2) & (abs(body.V[:13380, 0]) < 0.05 * scale))[0]
    rest = np.concatenate([body.V[near], np.ones((len(near), 1))], 1)
    where = np.einsum("nij,nj->ni", (body.W[near] @ skin.reshape(-1, 12)).reshape(-1, 3, 4), rest)
    # Clothes lie 12 mm outside the skin and the towel gives a little under the weight.
    pose.root_P = pose.root_P - [0, 0, where[:, 2].min() - 0.012 * scale - 2 * TOWEL_RADIUS_M + 0.012]
    for side, sign in (("L", 1), ("R", -1)):
        pose.foot_heading = rot((0, 0, 1), 90)
        pose.leg_ik(
            side,
            [0.44 * scale, sign * 0.13 * scale, body.rest("foot.L")[2]],
            np.array([0.5, sign * 0.05, 1.0]),
        )
    pose.fk()
    pose.extra["protract"] = q["protract"]
    for side, prefix in (("L", "l_"), ("R", "r_")):
        ex.arm_fk(
            pose,
            side,
            q[prefix + "elev"],
            q[prefix + "plane"],
            q[prefix + "elbow"],
            np.array([-0.3, 0.2, 1.0]),
        )
    return pose.fk()


def hand_to_hip(pose: Pose, side: str) -> Pose:
    """Rest one hand on the hip bone, elbow out."""
    sign = 1 if side == "L" else -1
    scale = pose.b.height / 1.66
    pose.girdle(side, elev=3)
    pose.fk()
    hip = pose.p(f"upperleg01.{side}") + pose.root_R @ (np.array([sign * 0.115, 0.055, 0.125]) * scale)
    pose.arm_ik(side, hip, np.array([sign * 0.9, 0.75, 0.1]), wrist=rot(X, 18))
    return pose.fk()


class MediaClip(make.Clip):
    """A clip with a breath that closes with the loop, and the postures above."""

    def __init__(self, spec: Spec) -> None:
        self.towel = ex.EXERCISES[spec["exercise"]](**spec.get("params", {})).get("towel", False)
        super().__init__(spec)

    def make_prop(self) -> Props:
        """Return the rolled towel, or the roller."""
        return _towel(self.spec.get("towel_x", (-0.98, 0.02))) if self.towel else super().make_prop()

    def place_prop(self, q: Posture) -> Array:
        """Return where it is; the towel stays where it was made."""
        return np.eye(4) if self.towel else super().place_prop(q)

    def pose(self, t: float) -> tuple[Pose, Posture, str, int]:
        """Posture at `t` seconds with breath and sway."""
        q, phase, rep = self.e["tl"](t)
        amount = self.spec.get("sway", 0.7)
        if "loop" in self.spec:
            q = _closed_sway(q, t / self.e["tl"].duration, amount)
        else:
            # The neutral pose is taken in the first seconds: stand or sit still for it.
            q = ex.sway(q, t, amount * min(1.0, 0.2 + max(0.0, t - 1.5) / 2), self.spec.get("seed", 0))
        pose = (
            lying_pose(self.body, q) if self.towel else ex.build(self.body, q, self.e["base"], self.e["arms"])
        )
        if "hand_on_hip" in self.e:
            pose = hand_to_hip(pose, self.e["hand_on_hip"])
        return pose, q, phase, rep


def _closed_sway(q: Posture, turn: float, amount: float) -> Posture:
    """Breath and sway with whole numbers of waves in the loop, so that its end meets its start."""
    q = dict(q)
    for key, size, waves, phase in (
        ("flex", 0.5, 2, 0.0),
        ("side", 0.4, 1, 1.0),
        ("nflex", 0.5, 2, 2.0),
        ("l_elev", 0.8, 2, 0.4),
        ("r_elev", 0.8, 2, 0.9),
    ):
        q[key] += amount * size * np.sin(2 * np.pi * waves * turn + phase)
    return q


def _towel(extent_x: tuple[float, float]) -> Props:
    props = Props()
    props.cylinder_y(np.zeros(3), TOWEL_RADIUS_M, extent_x[1] - extent_x[0], 13, (0.82, 0.78, 0.70))
    middle = np.array([(extent_x[0] + extent_x[1]) / 2, 0.0, TOWEL_RADIUS_M + 0.008])
    props.v = [v[:, [1, 0, 2]] + middle for v in props.v]
    props.n = [n[:, [1, 0, 2]] for n in props.n]
    return props


# --------------------------------------------------------------------------------------------------- specs
def _spec(name: str, exercise: str, body: str, camera: Spec, seed: int, **more: Any) -> Spec:
    params = more.pop("params", {})
    return {
        "name": name,
        "exercise": exercise,
        "body": body,
        "outfit": f"{body}_media",
        "camera": camera,
        "look": "warm",
        "seed": seed,
        "params": params,
        **more,
    }


DESK = {"eye": (0.08, -1.75, 0.98), "target": (0, 0, 0.82), "hfov": 64.0}
ROOM = {"eye": (0.12, -2.75, 1.12), "target": (0, 0, 1.10), "hfov": 65.0}
FLOOR = {"eye": (-0.08, -1.80, 0.70), "target": (-0.14, 0, 0.32), "hfov": 65.0}

DEMO = [
    _spec("seated-twist", "guided_twist", "woman", DESK, 101),
    _spec("standing-side-stretch", "guided_side_stretch", "man", ROOM, 102),
    _spec("wall-angels", "guided_wall_angels", "woman", ROOM, 103),
    _spec("foam-roller", "guided_roller", "man", FLOOR, 104),
    _spec("mobility-check", "guided_mobility", "woman", DESK, 105),
]

SIT_VIEW = {"eye": (0.32, -3.10, 1.22), "target": (0, -0.05, 0.66), "hfov": 42.0}
STAND_VIEW = {"eye": (0.25, -4.10, 1.25), "target": (0, 0, 1.10), "hfov": 42.0}
FLOOR_VIEW = {"eye": (0.10, -2.60, 0.80), "target": (-0.12, 0, 0.30), "hfov": 40.0}
TOWEL_VIEW = {"eye": (-0.55, -2.45, 1.35), "target": (-0.14, 0, 0.12), "hfov": 42.0}

# `still_s` is the most telling moment, used for the still.
LOOPS = [
    _spec("seated-twist", "loop_twist", "man", SIT_VIEW, 111, loop=True, still_s=2.7),
    _spec(
        "tw-soft",
        "loop_twist",
        "woman",
        SIT_VIEW,
        112,
        loop=True,
        still_s=2.7,
        params={"angle": 20.0, "head": 0.0},
    ),
    _spec("standing-side-stretch", "loop_side_stretch", "woman", STAND_VIEW, 113, loop=True, still_s=2.7),
    _spec("ss-1", "loop_side_one_arm", "man", STAND_VIEW, 114, loop=True, still_s=5.0),
    _spec("wall-angels", "loop_wall_angels", "man", STAND_VIEW, 115, loop=True, still_s=2.6),
    _spec(
        "wa-low",
        "loop_wall_angels",
        "woman",
        STAND_VIEW,
        116,
        loop=True,
        still_s=0.3,
        params={"top": 88.0, "bottom": 42.0, "top_elbow": 90.0, "bottom_elbow": 128.0},
    ),
    _spec("foam-roller", "loop_roller", "woman", FLOOR_VIEW, 117, loop=True, still_s=1.7),
    _spec("fr-alt", "loop_lying", "man", TOWEL_VIEW, 118, loop=True, still_s=1.5),
    _spec("mobility-check", "loop_mobility", "woman", SIT_VIEW, 119, loop=True, still_s=0.95),
]
for _item in LOOPS:
    _item["size"] = (640, 480)

_SHORT = {"sides": "RL", "hold_s": 7.0, "move_s": 3.0, "neutral_s": 3.0}


def _fixture(name: str, technique: str, exercise: str, body: str, seed: int, **params: Any) -> Spec:
    camera = {"sit": DESK, "stand": ROOM, "supine": FLOOR}[ex.EXERCISES[exercise](**params)["base"]]
    return {
        **_spec(name, exercise, body, camera, seed, params=params),
        "technique": technique,
        "sway": 1.0,
        "samples": 0,
    }


# Landmarks of these go to tests/fixtures/landmarks.  Edges are not smoothed: half the time, and nobody looks.
FIXTURES = [
    _fixture("twist-correct", "seated-twist", "guided_twist", "man", 201, **_SHORT, angle=40.0),
    _fixture("twist-small", "seated-twist", "guided_twist", "woman_tall", 202, **_SHORT, angle=15.0),
    _fixture(
        "twist-slouched", "seated-twist", "guided_twist", "man_heavy", 203, **_SHORT, angle=32.0, slouch=1.0
    ),
    _fixture(
        "twist-collapses-left",
        "seated-twist",
        "guided_twist",
        "woman",
        210,
        **_SHORT,
        angle=35.0,
        collapse_on="L",
    ),
    _fixture(
        "side-correct",
        "standing-side-stretch",
        "guided_side_stretch",
        "woman_tall",
        204,
        **_SHORT,
        angle=25.0,
    ),
    _fixture(
        "side-forward",
        "standing-side-stretch",
        "guided_side_stretch",
        "woman",
        205,
        **_SHORT,
        angle=9.0,
        forward=30.0,
    ),
    _fixture("angels-correct", "wall-angels", "guided_wall_angels", "man_heavy", 206, reps=3),
    _fixture("angels-one-arm", "wall-angels", "guided_wall_angels", "man", 207, reps=2, one_arm=True),
    _fixture(
        "angels-not-overhead",
        "wall-angels",
        "guided_wall_angels",
        "woman_tall",
        208,
        reps=2,
        top=120.0,
        top_elbow=75.0,
    ),
    _fixture("roller", "foam-roller", "guided_roller", "woman", 209, sets=2, set_s=12.0, rest_s=5.0),
]


# ---------------------------------------------------------------------------------- pictures and landmarks
# crf and x264 preset per group: demos must stay detailed enough for the pose model, loops small.
ENCODING = {"demo": ("25", "veryslow"), "loops": ("26", "veryslow"), "fixtures": ("20", "veryfast")}


def encoder(path: Path, size: tuple[int, int], group: str, pictures_per_s: int) -> subprocess.Popen:
    """Start an H.264 encoder that takes raw RGB on its standard input."""
    crf, preset = ENCODING[group]
    source = [
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{size[0]}x{size[1]}",
        "-r",
        str(pictures_per_s),
        "-i",
        "-",
    ]
    # BT.709 is said and meant, so that every player shows the same colours.
    colour = [
        "-vf",
        "scale=out_color_matrix=bt709:out_range=tv",
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ]
    target = [
        "-c:v",
        "libx264",
        "-profile:v",
        "high",
        "-preset",
        preset,
        "-crf",
        crf,
        "-pix_fmt",
        "yuv420p",
        "-g",
        "150",
        "-threads",
        "1",
    ]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", str(path)]
    return subprocess.Popen(
        ["ffmpeg", "-y", "-loglevel", "error", *source, *colour, *target, *plain], stdin=subprocess.PIPE
    )


def render(spec: dict, out: Path, group: str) -> None:
    """Write NAME.mp4, NAME.truth.json and, except for loops, the truth per picture."""
    clip = MediaClip(spec)
    timeline = clip.e["tl"]
    count = round(timeline.duration * PICTURES_PER_S)
    video = encoder(out / f"{spec['name']}.mp4", (clip.cam.w, clip.cam.h), group, PICTURES_PER_S)
    rows = []
    for index in range(count):
        t_s = index / PICTURES_PER_S
        picture, row, pixels, camera = clip.frame(t_s)
        video.stdin.write(picture.tobytes())
        points = {
            f"{name}_{axis}": float(value)
            for name, pixel, point in zip(make.KP, pixels, camera, strict=True)
            for axis, value in zip(("px", "py", "x", "y", "z"), (*pixel, *point), strict=True)
        }
        rows.append({"frame": index, "t": round(t_s, 6), **row, **points})
    video.stdin.close()
    video.wait()
    if group == "loops":
        picture = clip.frame(spec["still_s"])[0]
        cv2.imwrite(str(out / f"{spec['name']}.png"), picture[:, :, ::-1])
    else:
        make.write_truth(rows, str(out / spec["name"]))
    phases = [
        {"phase": phase, "start_s": round(start, 3), "end_s": round(end, 3), "rep": rep}
        for start, end, phase, rep in timeline.seg
    ]
    truth = {
        "exercise": spec.get("technique", spec["name"]),
        "body": spec["body"],
        "duration_s": count / PICTURES_PER_S,
        "phases": phases,
    }
    (out / f"{spec['name']}.truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    size = (out / f"{spec['name']}.mp4").stat().st_size
    print(f"{spec['name']}: {count} pictures, {size / 1e3:.0f} kB", flush=True)


def sheet(clips: list[dict], path: Path, columns: int = 6) -> None:
    """Draw a contact sheet, one clip a line."""
    lines = []
    for spec in clips:
        clip = MediaClip(spec)
        times = np.linspace(0.02, 0.98, columns) * clip.e["tl"].duration
        lines.append(
            np.concatenate(
                [cv2.resize(clip.frame(t)[0], (320, 240), interpolation=cv2.INTER_AREA) for t in times], 1
            )
        )
    cv2.imwrite(str(path), np.concatenate(lines, 0)[:, :, ::-1])


# Landmarks are good to a pixel at best; 17 binary digits after the point (8e-6) let the files pack well.
STEP = 2.0**-17


def landmarks_of(model: Path, clip: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, int, int]:
    """Return times (N), image and world landmarks (N, 33, 4), NaN where nobody was found, and the size."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model)), running_mode=vision.RunningMode.VIDEO
    )
    times, image, world = [], [], []
    with vision.PoseLandmarker.create_from_options(options) as landmarker, av.open(str(clip)) as video:
        for picture in video.decode(video=0):
            t_s = float(picture.pts * picture.time_base)
            rgb = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture.to_ndarray(format="rgb24"))
            found = landmarker.detect_for_video(rgb, round(t_s * 1000))
            times.append(t_s)
            for target, people in ((image, found.pose_landmarks), (world, found.pose_world_landmarks)):
                points = (
                    [(p.x, p.y, p.z, p.visibility) for p in people[0]] if people else np.full((33, 4), np.nan)
                )
                target.append(points)
        width, height = picture.width, picture.height
    return np.array(times), np.array(image, "f4"), np.array(world, "f4"), width, height


def write(
    path: Path, t_s: np.ndarray, image: np.ndarray, world: np.ndarray, width_px: int, height_px: int
) -> None:
    """Write one recording in the documented format."""

    def column(points: np.ndarray) -> pa.FixedSizeListArray:
        flat = (np.round(points.astype("f8") / STEP) * STEP).astype("f4").reshape(-1)
        return pa.FixedSizeListArray.from_arrays(pa.array(flat), 33 * 4)

    table = pa.table({"t_s": pa.array(t_s, pa.float64()), "image": column(image), "world": column(world)})
    about = {
        "format": "unkink-landmarks",
        "version": "1",
        "width_px": str(width_px),
        "height_px": str(height_px),
    }
    pq.write_table(
        table.replace_schema_metadata(about),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        use_byte_stream_split=True,
    )


def main() -> None:
    """Do what the command line asks."""
    what, first, out, *rest = sys.argv[1:]
    if what == "detect":
        Path(out).mkdir(parents=True, exist_ok=True)
        for name in rest:
            write(Path(out) / f"{Path(name).stem}.parquet", *landmarks_of(Path(first), Path(name)))
        return
    clips = {"demo": DEMO, "loops": LOOPS, "fixtures": FIXTURES}[first]
    if what == "sheet":
        sheet(clips, Path(out))
        return
    Path(out).mkdir(parents=True, exist_ok=True)
    for spec in clips:
        if not rest or spec["name"] in rest:
            render(spec, Path(out), first)


if __name__ == "__main__":
    main()
