"""Draw people in the techniques' own postures: set-ups and postures of the rounds ``over`` to ``far``.

In: a seed and a number. Out: what the generator wants, and solved poses. Every set-up is drawn from its own
seed, so that any of them can be made alone. Axes as the generator's: x to the person's left, -y forward, z
up, metres and degrees. Next file: :mod:`validation.learn.render_wide`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from validation.avatar import exercises as ex
from validation.avatar.rig import Body, Pose
from validation.avatar.truth import truth, wrap

_WARDROBE = Path(ex.__file__).parent / "wardrobe.json"
OUTFITS: dict[str, Any] = json.loads(_WARDROBE.read_text(encoding="utf-8"))["outfits"]
LOOKS = tuple(sorted(json.loads(_WARDROBE.read_text(encoding="utf-8"))["looks"]))
ROUNDS = ("over", "angels", "head", "twist", "far")
_CYCLE = (*("over",) * 7, *("angels",) * 4, *("head",) * 4, *("twist",) * 3, *("far",) * 2)
"""Shares of the rounds: 35, 20, 20, 15 and 10 of 100."""
N_NEUTRAL = 2
_TRACKED_EVERY = 7
_HIGH_M = {"over": 2.15, "angels": 2.0, "head": 1.45, "twist": 1.45}
_STANDING_M = 1.95
"""What the picture has to reach up to: the hands overhead, or the head of a tall person."""
_PURE = 0.3
"""Share of set-ups with one baked body as it is; the others mix three."""
Random = np.random.Generator
Posture = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """A body, clothes, a room, a camera, and how this person does the technique."""

    round: str
    kind: str
    """What is done: of ``ROUNDS``, ``far`` does any of the others."""
    arms: str
    is_sitting: bool
    is_tracked: bool
    spec: dict[str, Any]
    """What :class:`make.Clip` wants."""
    rest: Posture
    habits: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One posture to render."""

    q: Posture
    slouch: float = 0.0
    clasp: float = 0.0
    """Hands joined overhead: 0 apart, 1 joined."""
    is_neutral: bool = False


def find_bodies(folder: Path, *, held_out: bool = False) -> tuple[str, ...]:
    """Names of the bodies to learn from, or of those that are kept apart."""
    names = sorted(path.stem for path in folder.glob("*.npz"))
    return tuple(name for name in names if name.startswith("held_") == held_out)


def chance(r: Random, probability: float) -> bool:
    """Tell whether something of this probability happens."""
    return bool(r.random() < probability)


def _mostly_small(r: Random, most: float, small: float, share: float) -> float:
    """Draw within ``most``, but with this share from a normal distribution of deviation ``small``."""
    return float(r.normal(0, small) if chance(r, share) else r.uniform(-most, most))


def round_of(number: int) -> str:
    """Round of a set-up; any stretch of numbers has all rounds in their shares."""
    return _CYCLE[(7 * number) % len(_CYCLE)]


def draw_setup(r: Random, number: int, names: tuple[str, ...]) -> Setup:
    """Draw body, clothes, room, camera and habits."""
    name = round_of(number)
    kind = str(r.choice(ROUNDS[:4], p=(0.35, 0.25, 0.2, 0.2))) if name == "far" else name
    is_sitting = kind == "twist" or (kind == "head" and chance(r, 0.6))
    arms = "free"
    if kind == "twist":
        arms = str(r.choice(["crossed", "thighs", "chair"]))
    elif kind == "head":
        arms = str(r.choice(["thighs", "crossed"] if is_sitting else ["free", "crossed"], p=(0.7, 0.3)))
    size = (640, 480) if name == "far" or chance(r, 0.15) else (480, 360) if chance(r, 0.6) else (512, 288)
    spec = {
        "name": f"{name}_{number:04d}",
        "exercise": "seated_twist" if is_sitting else "wall_angels" if kind == "angels" else "side_stretch",
        "body": _draw_body(r, names),
        "outfit": _draw_clothes(r),
        "camera": _draw_camera(r, name, kind, is_sitting, size),
        "look": str(r.choice(LOOKS)),
        "look_extra": {"grain": float(r.uniform(0.5, 5.0)), "clutter": chance(r, 0.7)},
        "seed": int(r.integers(1_000_000)),
        "sway": 0.0,
        "samples": 0,
        "size": size,
    }
    if kind != "angels":
        spec["wall_y"] = float(r.uniform(0.5, 1.6))
    rest = dict(ex.NEUTRAL)
    for key, sd in {"flex": 2.5, "nflex": 4, "protract": 3, "pel_pitch": 2, "l_plane": 8}.items():
        rest[key] += float(r.normal(0, sd))
    rest["r_plane"] = rest["l_plane"]
    for s in "lr":
        rest[f"{s}_elev"], rest[f"{s}_elbow"] = float(r.uniform(6, 22)), float(r.uniform(5, 30))
    habits = {
        "clasp": float(chance(r, 0.55)),
        "raise": float(r.uniform(130, 175)),
        "elbow": float(r.uniform(3, 60)),
        "plane": float(r.uniform(-5, 35)),
        "one_arm": float(chance(r, 0.2)),
        "wide": float(r.normal(0, 22)),
        "pelvis": float(chance(r, 0.4)),
        "follow": float(r.uniform(-0.2, 1.0)),
        "slouch": float(r.uniform(0.4, 1.25)) if chance(r, 0.4) else 0.0,
    }
    return Setup(
        round=name,
        kind=kind,
        arms=arms,
        is_sitting=is_sitting,
        is_tracked=number % _TRACKED_EVERY == _TRACKED_EVERY - 1,
        spec=spec,
        rest=rest,
        habits=habits,
    )


def _draw_body(r: Random, names: tuple[str, ...]) -> dict[str, Any]:
    chosen = r.choice(names, 1 if chance(r, _PURE) else min(3, len(names)), replace=False)
    # A little beyond the hull of the bodies mixed.
    shares = 1.15 * r.dirichlet([0.6] * len(chosen)) - 0.15 / len(chosen) if len(chosen) > 1 else [1.0]
    mix = {str(n): float(s) for n, s in zip(chosen, shares, strict=True)}
    return {"mix": mix, "size": float(r.uniform(0.95, 1.05))}


def _draw_clothes(r: Random) -> dict[str, Any]:
    """Draw one of the outfits, or one of mixed parts and other colours."""
    outfits = [OUTFITS[name] for name in sorted(OUTFITS)]
    if chance(r, 0.4):
        return outfits[r.integers(len(outfits))]
    colours = {k: outfits[r.integers(len(outfits))]["u"][k] for k in outfits[0]["u"]}
    for k in ("C_SHIRT", "C_TROU"):
        colours[k] = [float(v) for v in r.uniform(0.03, 0.6, 3)]
    worn = outfits[r.integers(len(outfits))]
    colours["HAIRSTYLE"] = worn["u"]["HAIRSTYLE"]
    return {"hair": worn["hair"], "sleeve": float(r.uniform(0.42, 0.8)), "u": colours}


def _draw_camera(r: Random, name: str, kind: str, is_sitting: bool, size: tuple[int, int]) -> dict[str, Any]:
    width_deg = float(r.uniform(78, 90) if name == "far" and chance(r, 0.6) else r.uniform(50, 90))
    half = np.tan(np.radians(width_deg / 2)) * size[1] / size[0]
    # What has to be in the picture: the hands overhead, or only head and shoulders.
    high = _HIGH_M[kind] if kind != "head" or is_sitting else _STANDING_M
    low = r.uniform(0.45, 0.75) if is_sitting else r.uniform(0.0, 0.85)
    is_far = name == "far"
    low, far_m = (0.0, float(r.uniform(3, 5))) if is_far else (low, 0.0)
    near = max(1.0, (high - low) / 2 / half * 0.95)
    distance = far_m if is_far else float(min(5.0, near * (1 + 0.9 * r.random() ** 2)))
    distance = max(distance, min(near, 5.0))
    bearing = np.radians(_mostly_small(r, 30, 9, 0.5))
    height = r.uniform(0.4, 1.8)
    roll_deg = float(r.normal(0, 6 if name == "far" else 3))
    slack = max(0.0, distance * half - (high - low) / 2)
    middle = (high + low) / 2 + float(r.uniform(-0.6, 0.6)) * slack
    beside = 0.45 * max(0.0, distance * np.tan(np.radians(width_deg / 2)) - 0.75)
    return {
        "eye": (float(distance * np.sin(bearing)), float(-distance * np.cos(bearing)), float(height)),
        "target": (float(np.clip(r.normal(0, 0.5), -1, 1) * beside), 0.0, float(middle)),
        "hfov": width_deg,
        "roll": roll_deg,
    }


def draw_neutral(r: Random, setup: Setup, first: bool) -> Wish:
    """Draw the person at rest: arms down, or where the technique begins."""
    q, h = dict(setup.rest), setup.habits
    for key, sd in (("flex", 1.0), ("side", 1.2), ("nflex", 1.5), ("ntwist", 1.5), ("l_elev", 1.5)):
        q[key] += float(r.normal(0, sd))
    q["twist"], q["pel_yaw"] = (
        float(np.clip(r.normal(0, 1.2), -3, 3)),
        float(np.clip(r.normal(0, 0.6), -1, 1)),
    )
    if first or setup.kind not in {"over", "angels"}:
        return Wish(q=q, is_neutral=True)
    if setup.kind == "angels":
        _place_arms(q, "lr", r.uniform(145, 170), r.uniform(10, 40), r.normal(0, 4))
        return Wish(q=q, is_neutral=True)
    _place_arms(q, "lr", h["raise"], h["elbow"], h["plane"])
    return Wish(q=q, clasp=h["clasp"], is_neutral=True)


def draw_wish(r: Random, setup: Setup) -> Wish:
    """Draw one posture on the way of the technique, its faults among them."""
    q = dict(setup.rest)
    for key, sd in (("flex", 1.5), ("side", 1.5), ("nflex", 3.0), ("nside", 2.0), ("protract", 2.0)):
        q[key] += float(r.normal(0, sd))
    if setup.kind == "over":
        return _draw_over(r, setup, q)
    if setup.kind == "angels":
        return _draw_angels(r, setup, q)
    if setup.kind == "head":
        return _draw_head(r, setup, q)
    return _draw_twist(r, setup, q)


def _place_arms(q: Posture, sides: str, elev: float, elbow: float, plane: float) -> None:
    q["up"] = 1.0
    for s in sides:
        q[f"{s}_elev"], q[f"{s}_elbow"], q[f"{s}_plane"] = float(elev), float(max(elbow, 0.0)), float(plane)


def _draw_over(r: Random, setup: Setup, q: Posture) -> Wish:
    """Arms overhead, leaning to a side; some turn, some lean forward or back."""
    h = setup.habits
    side = _mostly_small(r, 35, 4, 0.25)
    raised = float(np.clip(h["raise"] + r.normal(0, 6), 115, 178))
    if chance(r, 0.2):
        raised = float(r.uniform(90, 178))
    _place_arms(q, "lr", raised, h["elbow"] + r.normal(0, 8), h["plane"] + r.normal(0, 5))
    clasp = h["clasp"] if chance(r, 0.85) else 1 - h["clasp"]
    if h["one_arm"] and chance(r, 0.8):  # the other one hangs or holds the hip
        clasp, s = 0.0, "lr"[int(side < 0)]
        q[f"{s}_elev"], q[f"{s}_elbow"] = float(r.uniform(8, 45)), float(r.uniform(5, 95))
    q["side"] += side
    q["pel_dx"] = float(0.05 * side / 28 * r.uniform(0, 1.5))
    q["pel_tilt"] = float(-side / 14 * r.uniform(-0.5, 2))
    q["nside"] += float(-r.uniform(-0.3, 0.6) * side)
    turn = _mostly_small(r, 30, 4, 0.65)
    q["pel_yaw"] = float(turn * r.uniform(0, 1) * h["pelvis"])
    q["twist"] = turn - q["pel_yaw"]
    q["flex"] += float(r.uniform(-10, 35)) if chance(r, 0.4) else float(r.normal(0, 4))
    q["pel_dy"] = 0.0025 * max(q["flex"], 0.0)
    q["ntwist"] += _mostly_small(r, 50, 5, 0.75)
    q["nflex"] += float(r.uniform(-15, 20)) * chance(r, 0.3)
    return Wish(q=q, clasp=clasp)


def _draw_angels(r: Random, setup: Setup, q: Posture) -> Wish:
    """Back to the wall, arms on their way from a low W to overhead, together or one."""
    h = setup.habits
    for s in "lr":
        if s == "r" and chance(r, 0.6):
            q["r_elev"] = float(q["l_elev"] + r.normal(0, 4))
        else:
            q[f"{s}_elev"] = float(r.uniform(40, 100) if chance(r, 0.5) else r.uniform(95, 174))
        if chance(r, 0.08):
            q[f"{s}_elev"] = float(r.uniform(5, 30))
    bend = float(r.normal(0, 10)) + h["wide"]
    for s in "lr":
        up = max(q[f"{s}_elev"] - 90, 0)
        q[f"{s}_elbow"] = float(np.clip(92 - 0.85 * up + bend + r.normal(0, 7), 0, 135))
        q[f"{s}_plane"] = float(r.normal(3, 9))
    q["up"] = 1.0
    turn = _mostly_small(r, 20, 3, 0.65)
    q["pel_yaw"] = float(turn * r.uniform(0, 1) * h["pelvis"])
    q["twist"] = turn - q["pel_yaw"]
    q["side"] += _mostly_small(r, 12, 2, 0.8)
    q["flex"] += float(r.uniform(-8, 12)) * chance(r, 0.2)
    q["ntwist"] += _mostly_small(r, 50, 4, 0.75)
    return Wish(q=q)


def _draw_head(r: Random, setup: Setup, q: Posture) -> Wish:
    """The trunk keeps still, the head turns, nods and tilts a little."""
    q["twist"] = float(r.uniform(-6, 6))
    q["pel_yaw"] = float(r.uniform(-2, 2))
    q["ntwist"] += float(r.uniform(-70, 70)) - q["twist"]
    q["ntwist"] = float(np.clip(q["ntwist"], -72, 72))
    q["nflex"] += float(r.normal(0, 6)) + float(r.uniform(-18, 22)) * chance(r, 0.2)
    q["nside"] += float(r.normal(0, 4))
    slouch = _slump(r, q, setup.habits["slouch"] * r.uniform(0, 1)) if chance(r, 0.4) else 0.0
    return Wish(q=q, slouch=slouch if setup.is_sitting else 0.0)


def _draw_twist(r: Random, setup: Setup, q: Posture) -> Wish:
    """Turn of who sits; the head with, against or ahead of the trunk."""
    h = setup.habits
    turn = float(r.uniform(-60, 60)) if chance(r, 0.85) else 0.0
    q["pel_yaw"] = float(turn * r.uniform(0, 0.45) * h["pelvis"])
    q["twist"] = float(np.clip(turn - q["pel_yaw"], -55, 55))
    ways = (r.normal(0, 6), turn * h["follow"], r.uniform(-60, 60), np.sign(turn) * r.uniform(0, 50))
    q["ntwist"] += float(ways[r.choice(4, p=(0.25, 0.3, 0.2, 0.25))] + r.normal(0, 4))
    q["ntwist"] = float(np.clip(q["ntwist"], -70, 70))
    q["side"] += float(r.normal(0, 4))
    q["flex"] += float(r.uniform(-6, 22)) * chance(r, 0.2)
    q["reach"] = float(np.clip(turn / 35, -1, 1)) if chance(r, 0.8) else 0.0
    slouch = _slump(r, q, h["slouch"] * r.uniform(0.3, 1)) if chance(r, 0.5) else 0.0
    return Wish(q=q, slouch=slouch)


def _slump(r: Random, q: Posture, amount: float) -> float:
    for k, v in ex.slouch_q(float(amount)).items():
        q[k] += v * float(r.uniform(0.8, 1.2))
    return float(amount)


def draw_wishes(r: Random, setup: Setup, n: int) -> list[Wish]:
    """Draw all postures of a set-up, the neutral ones first; a tracked one is one movement through a few."""
    wishes = [draw_neutral(r, setup, first=i == 0) for i in range(N_NEUTRAL)]
    if not setup.is_tracked:
        return wishes + [draw_wish(r, setup) for _ in range(n - N_NEUTRAL)]
    while len(wishes) < n:
        before, after = wishes[-1], draw_wish(r, setup)
        steps = 5
        wishes += [_between(before, after, i / steps) for i in range(1, steps + 1)]
        wishes += [after] * 2
    return wishes[:n]


def _between(before: Wish, after: Wish, x: float) -> Wish:
    """A posture on the way, with the course of least jerk."""
    s = x * x * x * (10 + x * (6 * x - 15))
    return Wish(
        q={k: before.q[k] + (v - before.q[k]) * s for k, v in after.q.items()},
        slouch=before.slouch + (after.slouch - before.slouch) * s,
        clasp=before.clasp + (after.clasp - before.clasp) * s,
    )


def solve(body: Body, setup: Setup, wish: Wish, spread_m: float) -> Pose:
    """Solve a posture; joined hands are ``spread_m`` apart."""
    q = wish.q
    pose = ex.build(body, q, "sit" if setup.is_sitting else "stand", setup.arms)
    if wish.clasp > 0 and min(q["l_elev"], q["r_elev"]) > 80:  # noqa: PLR2004
        _join_hands(pose, q, wish.clasp, spread_m)
    return pose.fk()


def _join_hands(pose: Pose, q: Posture, clasp: float, spread_m: float) -> None:
    """Bring both wrists together where they are, above the middle of the shoulders."""
    thorax = pose.g("spine01")
    wrists = {s: pose.p(f"wrist.{s}") for s in "LR"}
    middle = (wrists["L"] + wrists["R"]) / 2
    lateral = thorax[:, 0]
    bend = np.clip(q["l_plane"], 0, 60)
    for s, sign in (("L", 1), ("R", -1)):
        goal = middle + sign * (spread_m / 2 + 0.02) * lateral
        target = wrists[s] * (1 - clasp) + goal * clasp
        pole = thorax @ np.array([sign * np.cos(np.radians(bend)), -np.sin(np.radians(bend)), 0.25])
        pose.arm_ik(s, target, pole)


def describe(pose: Pose, eye_m: np.ndarray) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """What is true: angles against the room and against a camera at ``eye_m`` (degrees), points (metres)."""
    angles, points = truth(pose)
    middle = np.mean([points[f"{s}_{j}"] for s in ("left", "right") for j in ("shoulder", "hip")], axis=0)
    to_eye = eye_m - middle
    azimuth = float(np.degrees(np.arctan2(to_eye[0], -to_eye[1])))
    seen_from = {
        "camera_azimuth_left": azimuth,
        "camera_elevation": float(np.degrees(np.arctan2(to_eye[2], np.hypot(to_eye[0], to_eye[1])))),
        "camera_distance_m": float(np.linalg.norm(to_eye)),
        "shoulder_turn_camera_left": wrap(angles["shoulder_line_yaw_left"] - azimuth),
        "head_turn_camera_left": wrap(angles["head_yaw_left"] - azimuth),
        "head_turn_shoulders_left": wrap(angles["head_yaw_left"] - angles["shoulder_line_yaw_left"]),
    }
    return {**angles, **seen_from}, points
