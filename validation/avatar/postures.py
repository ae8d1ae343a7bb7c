"""Posture parameters (degrees, metres) to a solved pose.

In: one flat dictionary for every posture (``NEUTRAL`` has all keys; right is the person's). Out: a pose.
Next file: ``exercises.py``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from validation.avatar.rig import Body, Pose
from validation.avatar.rotations import Array, X, Y, Z, anat, rot, unit

Posture = dict[str, float]

NEUTRAL: Posture = {
    "pel_pitch": 0.0,
    "pel_tilt": 0.0,
    "pel_yaw": 0.0,
    "pel_dx": 0.0,
    "pel_dy": 0.0,
    "flex": 0.0,
    "side": 0.0,
    "twist": 0.0,
    "nflex": 0.0,
    "nside": 0.0,
    "ntwist": 0.0,
    "nfwd": 0.0,
    "protract": 0.0,
    "l_elev": 12.0,
    "l_plane": 15.0,
    "l_elbow": 18.0,
    "r_elev": 12.0,
    "r_plane": 15.0,
    "r_elbow": 18.0,
    "up": 0.0,
    "reach": 0.0,
    "slide": 0.0,
}
SEAT_M = 0.45
ROLLER_RADIUS_M = 0.075
LIE = np.stack([Y, -Z, -X], 1)
"""On the back: left becomes back, forward becomes up, the head lies to the left of the picture."""
_SWAY_DEG = {
    "flex": 0.6,
    "side": 0.5,
    "twist": 0.6,
    "ntwist": 0.8,
    "nflex": 0.7,
    "pel_yaw": 0.25,
    "pel_tilt": 0.25,
    "l_elev": 1.0,
    "r_elev": 1.0,
    "l_elbow": 1.2,
    "r_elbow": 1.2,
}
_SIDES = (("L", 1), ("R", -1))
_OTHER = {"L": "R", "R": "L"}


def slouch_q(amount: float) -> Posture:
    """Slouched as people sit: 0 upright, 1 slouched."""
    return {
        "pel_pitch": -20.0 * amount,
        "flex": 40.0 * amount,
        "nflex": -14.0 * amount,
        "nfwd": 16.0 * amount,
        "protract": 16.0 * amount,
    }


def sway(q: Posture, t: float, amp: float, seed: int) -> Posture:
    """Breath and sway at ``t`` seconds, so that a hold is never a frozen picture."""
    if amp <= 0:
        return q
    q = dict(q)
    r = np.random.default_rng(seed)
    for k, a in _SWAY_DEG.items():
        f, p = r.uniform(0.08, 0.35, 3), r.uniform(0, 6.28, 3)
        q[k] = q[k] + amp * a * np.sin(2 * np.pi * f * t + p).sum() / 1.7
    q["flex"] = q["flex"] + amp * 0.35 * np.sin(2 * np.pi * 0.25 * t)
    return q


def arm_fk(pose: Pose, s: str, elev: float, plane: float, elbow: float, toward: ArrayLike) -> None:
    """Arm against the thorax: elevation, its plane (0 sideways, 90 forward), where the elbow bends to."""
    pose.girdle(s, elev=27 * np.clip((elev - 40) / 130, 0, 1), protract=pose.extra.get("protract", 0.0))
    pose.fk()
    thorax = pose.g("spine01")
    sign = 1 if s == "L" else -1
    down, lat, ant = -thorax @ Z, sign * (thorax @ X), -thorax @ Y
    e, pl, el = np.radians([elev, plane, elbow])
    u = np.cos(e) * down + np.sin(e) * (np.cos(pl) * lat + np.sin(pl) * ant)
    tw = toward[0] * lat + toward[1] * ant - toward[2] * down
    n = unit(tw - (tw @ u) * u)
    pose.arm_dirs(s, u, np.cos(el) * u + np.sin(el) * n, np.cross(u, n))


def build(body: Body, q: Posture, base: str, arms: str) -> Pose:
    """Solve a posture.

    ``base`` is ``sit``, ``stand`` or ``supine``; ``arms`` is ``free``, ``crossed``, ``thighs``, ``chair`` or
    ``behind_head``.
    """
    pose = Pose(body)
    _place_pelvis(pose, q, base)
    pose.trunk(q["flex"], q["side"], q["twist"])
    pose.neck(q["nflex"], q["nside"], q["ntwist"])
    if q["nfwd"]:  # the lower neck bends forward, the head comes back up
        pose.local["neck01"] = pose.local["neck01"] @ anat(q["nfwd"])
        pose.local["neck02"] = pose.local["neck02"] @ anat(0.4 * q["nfwd"])
        pose.local["head"] = anat(-1.4 * q["nfwd"]) @ pose.local["head"]
    if base == "supine":
        _lay_on_roller(pose, q)
    _plant_feet(pose, base)
    pose.fk()
    pose.extra["protract"] = q["protract"]
    if arms == "free":
        _arms_free(pose, q)
    elif arms == "crossed":
        _arms_crossed(pose, q)
    elif arms in {"thighs", "chair"}:
        _arms_on_lap(pose, q, q["reach"] if arms == "chair" else 0.0)
    elif arms == "behind_head":
        _arms_behind_head(pose)
    return pose.fk()


def _place_pelvis(pose: Pose, q: Posture, base: str) -> None:
    b, k = pose.b, pose.b.scale
    hips = (b.rest("upperleg01.L") + b.rest("upperleg01.R")) / 2
    turn = anat(q["pel_pitch"], q["pel_tilt"], q["pel_yaw"])
    if base == "sit":
        centre = np.array([q["pel_dx"], q["pel_dy"], SEAT_M + 0.088 * k])
    elif base == "stand":
        centre = hips + np.array([q["pel_dx"], q["pel_dy"], -0.008 * k])
    else:
        turn = LIE @ turn
        centre = np.array([-0.02 + q["slide"], 0, 0.22])
    pose.root_R = turn
    pose.root_P = centre - turn @ (hips - b.heads[0])


def roller_x(q: Posture) -> float:
    """Where the roller lies, metres: it goes half as far as the body."""
    return -0.42 + 0.5 * q["slide"]


def _lay_on_roller(pose: Pose, q: Posture) -> None:
    """Lower the body until the upper back touches the roller."""
    b, k = pose.b, pose.b.scale
    pose.fk()
    skin = pose.skin()
    bones = ("spine01", "spine02", "spine03", "clavicle.L", "clavicle.R", "shoulder01.L", "shoulder01.R")
    weight = b.skin_W[:, [b.ix[x] for x in bones]].sum(1)
    ids = np.where((weight > 1 / 2) & (abs(b.skin_V[:, 0]) < 0.10 * k))[0]
    rest = np.concatenate([b.V[ids], np.ones((len(ids), 1))], 1)
    v = np.einsum("nij,nj->ni", (b.W[ids] @ skin.reshape(-1, 12)).reshape(-1, 3, 4), rest)
    dx = v[:, 0] - roller_x(q)
    m = abs(dx) < ROLLER_RADIUS_M * 0.95
    top = ROLLER_RADIUS_M + np.sqrt(ROLLER_RADIUS_M**2 - dx[m] ** 2)
    gap = (v[m, 2] - 0.012 * k - top).min()
    pose.root_P = pose.root_P - [0, 0, gap + 0.006]


def _plant_feet(pose: Pose, base: str) -> None:
    b, k = pose.b, pose.b.scale
    ankle_z = b.rest("foot.L")[2]
    for s, sign in _SIDES:
        if base == "sit":
            ankle = [sign * 0.12 * k, -b.len[s]["thigh"] * 0.97 + 0.02, ankle_z]
            pose.leg_ik(s, ankle, np.array([sign * 0.12, -1, 0.6]))
        elif base == "stand":
            pose.leg_ik(s, b.rest(f"foot.{s}") * [0.82, 1, 1], np.array([sign * 0.15, -1, 0]))
        else:
            pose.foot_heading = rot(Z, 90)
            pose.leg_ik(s, [0.46 * k, sign * 0.13 * k, ankle_z], np.array([0.5, sign * 0.05, 1.0]))


def _arms_free(pose: Pose, q: Posture) -> None:
    for s, p in (("L", "l_"), ("R", "r_")):
        toward = np.array([0, 1.0, 0]) * (1 - q["up"]) + np.array([-0.12, 0.06, 1.0]) * q["up"]
        arm_fk(pose, s, q[p + "elev"], q[p + "plane"], q[p + "elbow"], toward)


def _arms_crossed(pose: Pose, q: Posture) -> None:
    k, thorax = pose.b.scale, pose.g("spine01")
    for s, _ in _SIDES:
        pose.girdle(s, elev=2, protract=14 + q["protract"])
    pose.fk()
    for (s, sign), depth in zip(_SIDES, (0.145, 0.185), strict=True):
        target = pose.p(f"upperarm01.{_OTHER[s]}") + thorax @ (np.array([sign * 0.055, -depth, -0.10]) * k)
        pose.arm_ik(s, target, thorax @ np.array([sign * 0.55, -0.25, -1.0]), wrist=rot(X, -10))


def _arms_on_lap(pose: Pose, q: Posture, reach: float) -> None:
    """Hands on the thighs; ``reach`` -1 (right) to 1 (left) brings the near hand to the chair's back."""
    thorax = pose.g("spine01")
    for s, _ in _SIDES:
        pose.girdle(s, elev=0.0, protract=q["protract"])
    pose.fk()
    lap = {s: _find_lap(pose, s, sign) for s, sign in _SIDES}
    for s, sign in _SIDES:
        same, opposite = max(0.0, sign * reach), max(0.0, -sign * reach)
        across = lap[_OTHER[s]] + np.array([-sign * 0.045, -0.02, -0.01])
        back = np.array([sign * 0.20, 0.20, SEAT_M + 0.36])
        target = lap[s] * (1 - same - opposite) + opposite * across + same * back
        pose.arm_ik(s, target, thorax @ np.array([sign * 0.45, 1.0, -0.3]), wrist=rot(Z, sign * 6))


def _find_lap(pose: Pose, s: str, sign: int) -> Array:
    above = np.array([0.015 * sign, 0.02, 0.105]) * pose.b.scale
    return pose.p(f"upperleg01.{s}") * 0.48 + pose.p(f"lowerleg01.{s}") * 0.52 + above


def _arms_behind_head(pose: Pose) -> None:
    k, thorax = pose.b.scale, pose.g("spine01")
    for s, _ in _SIDES:
        pose.girdle(s, elev=14, protract=-4)
    pose.fk()
    turn, at = pose.g("head"), pose.p("head")
    for s, sign in _SIDES:
        target = at + turn @ (np.array([sign * 0.095, 0.085, 0.055]) * k)
        pose.arm_ik(s, target, thorax @ np.array([sign * 1.0, -0.55, 0.8]))
