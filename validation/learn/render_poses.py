"""Draw random people, render them, and let both pose models look at the pictures.

    LP_NUM_THREADS=1 python -m validation.learn.render_poses ROUND OUT MODELS BODIES N

In: the avatar generator (``validation/avatar``), the folder of its ``bodies``, and a folder with
``pose_landmarker_full.task`` and ``pose_landmarker_lite.task``. Out: ``OUT/SSS_CCC.npz``, one a set-up (body,
clothes, room, camera): ``full`` and ``lite`` (N, 33, 4) as the pose models give them (x, y, z in picture
widths and heights, visibility), ``truth`` (N, K) float32 with ``keys``, ``meta`` as JSON. About 0.2 s a
picture. What is drawn depends on the seed and on the order of the draws alone: keep both. Later rounds:
:mod:`validation.learn.wide`.
Next file: :mod:`validation.learn.table`, which packs these.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

BODIES = ("woman", "man", "man_heavy", "woman_tall")
LOOKS = ("day", "evening", "bright")
MODELS = ("full", "lite")
Random = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of pictures; each was made when the one before had shown what was missing."""

    seed: int
    n_poses: int
    sitting: float
    """Chance that a set-up is of somebody who sits."""
    sit_m: tuple[float, float] = (1.2, 3.6)
    stand_m: tuple[float, float] = (1.9, 4.4)
    bearing_deg: float | None = 27.0
    """Camera to either side, by angle; None: by 0.30 of the distance."""
    target: float = 0.15
    """How far beside the middle the camera looks, by distance."""
    width_deg: float = 86.0
    height_m: float = 1.65
    side_deg: float = 32.0
    side_share: float = 0.6
    head_shares: tuple[float, float] = (0.45, 0.8)
    head_deg: float = 65.0
    overhead_share: float = 0.68
    overhead_deg: float = 175.0
    flex_deg: float = 38.0
    flex_share: float = 0.3
    turn: tuple[float, float, float] = (0.5, 0.6, 1.0)
    """Who stands turns less: with the first chance by the second factor, else by the third."""
    n_neutral: int = 0
    """So many first pictures of a set-up show the person standing upright: something to compare with."""


_FIRST = {
    "sit_m": (1.3, 3.0),
    "stand_m": (2.0, 3.8),
    "bearing_deg": None,
    "target": 0.18,
    "width_deg": 80.0,
    "height_m": 1.55,
    "side_deg": 30.0,
    "side_share": 0.5,
    "head_shares": (0.6, 0.8),
    "head_deg": 60.0,
    "overhead_share": 0.6,
    "overhead_deg": 172.0,
}
ROUNDS = {
    "trial": Round(seed=0, n_poses=6, sitting=0.68, **_FIRST),
    "first": Round(seed=1, n_poses=20, sitting=0.68, **_FIRST),
    "wider": Round(seed=2, n_poses=14, sitting=0.62),
    "leaning": Round(
        seed=3, n_poses=14, sitting=0.0, flex_deg=42.0, flex_share=0.6, turn=(0.6, 0.3, 0.7), n_neutral=2
    ),
}


def _chance(r: Random, probability: float) -> bool:
    return r.random() < probability


def draw_setup(r: Random, rnd: Round) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw body, clothes, room and camera: what the generator wants, and what is kept (metres, degrees)."""
    sitting = _chance(r, rnd.sitting) if rnd.sitting else False
    # A little beyond the hull of the four bodies.
    shares = 1.15 * r.dirichlet([0.6] * 4) - 0.15 / 4
    size = r.uniform(0.93, 1.07)
    outfit, look = BODIES[r.integers(4)], LOOKS[r.integers(3)]
    arms = ("crossed", "thighs", "chair")[r.integers(3)] if sitting else "free"
    d = r.uniform(*(rnd.sit_m if sitting else rnd.stand_m))
    if rnd.bearing_deg is None:
        x, y = r.uniform(-0.30, 0.30) * d, -d
    else:
        bearing = np.radians(r.uniform(-rnd.bearing_deg, rnd.bearing_deg))
        x, y = d * np.sin(bearing), -d * np.cos(bearing)
    target_x = float(r.uniform(-rnd.target, rnd.target) * d)
    width_deg = float(r.uniform(54, rnd.width_deg))
    target_z = float(r.uniform(0.72, 0.98) if sitting else r.uniform(0.9, 1.15))
    cam = {
        "eye": (float(x), float(y), float(r.uniform(0.45, rnd.height_m))),
        "target": (target_x, 0.0, target_z),
        "hfov": width_deg,
        "roll": float(r.normal(0, 3)),
    }
    picture = (640, 480) if _chance(r, 0.6) else (640, 360)
    exercise = "seated_twist" if sitting else "wall_angels" if _chance(r, 0.4) else "side_stretch"
    spec = {
        "name": "x",
        "exercise": exercise,
        "body": "x",
        "outfit": outfit,
        "camera": cam,
        "look": look,
        "seed": int(r.integers(1_000_000)),
        "sway": 0.0,
        "size": picture,
        "params": {"arms": arms} if sitting else {},
    }
    r.random()  # drawn once and used for nothing; the draws after it depend on it
    kept = {
        "sitting": sitting,
        "arms": arms,
        "cam": cam,
        "size": picture,
        "body": [float(s) for s in shares],
        "body_size": float(size),
        "outfit": outfit,
        "look": look,
    }
    return spec, kept


def draw_pose(r: Random, rnd: Round, idx: int, arms: str, ex: Any) -> tuple[dict[str, float], float]:
    """Draw one posture of the generator's (degrees), and how slouched it is (0 upright, 1 slouched)."""
    q: dict[str, float] = dict(ex.NEUTRAL)
    turn = 0.0 if _chance(r, 0.2) else float(r.uniform(-58, 58))
    slouch = 0.0
    if arms != "free":
        slouch = _sit(r, q, ex)
        q["twist"], q["side"] = turn, float(r.normal(0, 4))
    else:
        q["flex"] = float(r.normal(0, 2)) + (
            float(r.uniform(0, rnd.flex_deg)) if _chance(r, rnd.flex_share) else 0.0
        )
        q["nflex"], q["protract"] = float(r.normal(0, 5)), float(r.normal(0, 3))
        q["pel_dy"] = 0.0025 * q["flex"]
        turn *= rnd.turn[1] if _chance(r, rnd.turn[0]) else rnd.turn[2]
        q["twist"] = turn
        q["side"] = float(r.normal(0, 4)) + (
            float(r.uniform(-rnd.side_deg, rnd.side_deg)) if _chance(r, rnd.side_share) else 0.0
        )
        q["pel_dx"] = 0.045 * q["side"] / 28
    kind = bisect_right(rnd.head_shares, r.random())
    if kind == 0:
        head = np.sign(turn) * r.uniform(-5, 45) + r.normal(0, 8)
    else:
        head = r.uniform(-rnd.head_deg, rnd.head_deg) if kind == 1 else r.normal(0, 6)
    q["ntwist"] = float(np.clip(head, -70, 70))
    q["pel_yaw"] = float(_chance(r, 0.35) * r.uniform(-22, 22))
    if arms == "chair":
        q["reach"] = float(np.clip(turn / 35, -1, 1)) if _chance(r, 0.7) else 0.0
    if arms == "free":
        _raise_arms(r, rnd, q)
    if idx < rnd.n_neutral:
        q = dict(ex.NEUTRAL)
        q["flex"], q["side"], q["twist"] = (float(r.normal(0, sd)) for sd in (2, 2, 3))
    return q, slouch


def _sit(r: Random, q: dict[str, float], ex: Any) -> float:
    """Sit: 45 in 100 upright, 15 between, 40 slouched."""
    kind = bisect_right((0.45, 0.6), r.random())
    slouch = 0.0 if kind == 0 else float(r.uniform(0, 0.6) if kind == 1 else r.uniform(0.6, 1.25))
    for k, v in ex.slouch_q(slouch).items():
        q[k] = v * float(r.uniform(0.8, 1.2))
    q["flex"] += float(r.normal(0, 3))
    if _chance(r, 0.12):
        q["flex"] += float(r.uniform(0, 18))
    for k, sd in (("pel_pitch", 3), ("nflex", 5), ("nfwd", 3), ("protract", 4)):
        q[k] += float(r.normal(0, sd))
    return slouch


def _raise_arms(r: Random, rnd: Round, q: dict[str, float]) -> None:
    """Arms of somebody who stands: hanging, overhead, or anywhere between with the elbows bent."""
    kind = bisect_right((0.3, rnd.overhead_share), r.random())
    if kind == 0:
        left = right = r.uniform(5, 30)
        elbow, plane = r.uniform(5, 30), r.uniform(0, 25)
    elif kind == 1:
        left = r.uniform(140, rnd.overhead_deg)
        right = left + r.normal(0, 5)
        elbow, plane = r.uniform(5, 40), r.uniform(0, 25)
    else:
        left = r.uniform(80, 165)
        right = left if _chance(r, 0.7) else r.uniform(20, 165)
        elbow = float(np.clip(90 - (left - 90) * 0.9 + r.normal(0, 15), 0, 110))
        plane = r.uniform(0, 20)
    both = {"plane": plane, "elbow": elbow}
    q.update({f"{side}_{k}": float(v) for side in "lr" for k, v in both.items()})
    q.update(l_elev=float(left), r_elev=float(right), up=float(kind > 0))


def _mix_bodies(bodies: Path, out: Path, shares: list[float], size: float) -> None:
    """Mix the four bodies by their shares; all have the same vertices and bones."""
    loaded = {b: dict(np.load(bodies / f"{b}.npz", allow_pickle=True)) for b in BODIES}
    mixed = dict(loaded["woman"])
    for k in ("V", "heads", "tails"):
        mixed[k] = sum(w * loaded[b][k].astype(float) for w, b in zip(shares, BODIES, strict=True))
        mixed[k] = mixed[k] * size
    mixed["V"] = mixed["V"].astype(np.float32)
    np.savez(out, **mixed)


def _load_models(folder: Path) -> dict[str, Any]:
    from mediapipe.tasks.python import BaseOptions, vision

    return {
        name: vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(folder / f"pose_landmarker_{name}.task")),
                running_mode=vision.RunningMode.IMAGE,
            )
        )
        for name in MODELS
    }


def _look(model: Any, picture: np.ndarray) -> np.ndarray:
    """Landmarks (33, 4) in picture widths and heights; NaN where nobody was found."""
    import mediapipe as mp

    found = model.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)).pose_landmarks
    if not found:
        return np.full((33, 4), np.nan)
    return np.array([(p.x, p.y, p.z, p.visibility) for p in found[0]])


def render_round(rnd: Round, out: Path, models: Path, bodies: Path, n_setups: int) -> None:
    """Render and detect so many set-ups of a round; one file each."""
    import cv2

    from validation.avatar import exercises as ex
    from validation.avatar import make
    from validation.avatar.truth import truth

    out.mkdir(parents=True, exist_ok=True)
    eyes = _load_models(models)
    r = np.random.default_rng(rnd.seed)
    make.CACHE = tempfile.mkdtemp()
    for c in range(n_setups):
        spec, kept = draw_setup(r, rnd)
        _mix_bodies(bodies, Path(make.CACHE) / "x.npz", kept["body"], kept["body_size"])
        clip = make.Clip(spec)
        seen: dict[str, list[np.ndarray]] = {name: [] for name in MODELS}
        rows: list[dict[str, float]] = []
        for i in range(rnd.n_poses):
            q, slouch = draw_pose(r, rnd, i, kept["arms"], ex)
            pose = ex.build(clip.body, q, clip.e["base"], clip.e["arms"])
            clip.r.update_avatar(*clip.av.posed(pose))
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(r.integers(55, 92))]
            jpeg = cv2.imencode(".jpg", clip.r.draw()[:, :, ::-1], quality)[1]
            picture = np.asarray(cv2.imdecode(jpeg, 1))[:, :, ::-1].copy()
            for name in MODELS:
                seen[name].append(_look(eyes[name], picture))
            angles, _ = truth(pose)
            rows.append({**angles, "slouch": slouch})
        keys = sorted(rows[0])
        np.savez_compressed(
            out / f"{rnd.seed:03d}_{c:03d}.npz",
            allow_pickle=False,
            **{name: np.array(seen[name], "f4") for name in MODELS},
            keys=np.array(keys),
            truth=np.array([[row[k] for k in keys] for row in rows], "f4"),
            meta=json.dumps(kept),
        )
        print(f"{rnd.seed:03d}_{c:03d}", flush=True)
        del clip


def main() -> None:
    """Render one round, as asked for on the command line."""
    parser = argparse.ArgumentParser(prog="validation.learn.render_poses")
    parser.add_argument("round", choices=tuple(ROUNDS))
    parser.add_argument("out", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("bodies", type=Path)
    parser.add_argument("n_setups", type=int)
    wish = parser.parse_args()
    render_round(ROUNDS[wish.round], wish.out, wish.models, wish.bodies, wish.n_setups)


if __name__ == "__main__":
    main()
