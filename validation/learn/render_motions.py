"""Draw people who move, render them, and let both pose models follow them from picture to picture.

    LP_NUM_THREADS=1 python -m validation.learn.render_motions OUT MODELS BODIES N_SETUPS [--seed 12]

In: the generator (``validation/avatar``), a folder of baked bodies, and a folder with the pose models. Out:
one ``.npz`` a set-up, as :mod:`validation.learn.render_poses` writes them. A sequence begins at rest (three
pictures) and goes through a few postures, ten pictures a second, and the models follow it as they follow a
camera (VIDEO mode): their lag and jitter are in what is learned. About 0.2 s a picture. Next file:
:mod:`validation.learn.table`.
"""

from __future__ import annotations

import argparse
import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from validation.avatar import exercises as ex
from validation.avatar import make
from validation.avatar import render as gl
from validation.avatar.truth import truth

MODELS = ("full", "lite")
STEP_S = 0.1
N_NEUTRAL, N_MOVE, N_HOLD, N_POSTURES = 3, 4, 2, 4
KINDS = ("twist", "head", "side", "angels", "stand")
SHARES = (0.26, 0.18, 0.24, 0.18, 0.14)
TURNS_SHARES = (0.72, 0.28, 0.0, 0.0, 0.0)
"""The round ``--turns``: everybody sits, and half of them have their arms anywhere."""
Random = np.random.Generator
Posture = dict[str, float]


def _chance(r: Random, probability: float) -> bool:
    return bool(r.random() < probability)


def draw_setup(r: Random, bodies: tuple[str, ...], *, turns: bool = False) -> dict[str, Any]:
    """Draw what is done, body, clothes, room and camera (metres, degrees)."""
    kind = str(r.choice(KINDS, p=TURNS_SHARES if turns else SHARES))
    sits = kind in {"twist", "head"}
    if turns:
        arms = str(
            r.choice(["free", "crossed", "thighs", "chair", "behind_head"], p=[0.5, 0.18, 0.14, 0.14, 0.04])
        )
    elif kind == "head":
        arms = str(r.choice(["thighs", "crossed", "free"], p=[0.5, 0.3, 0.2]))
    elif sits:
        arms = str(r.choice(["crossed", "thighs", "chair", "behind_head"], p=[0.34, 0.28, 0.3, 0.08]))
    else:
        arms = "crossed" if kind == "stand" and _chance(r, 0.3) else "free"
    names = r.choice(bodies, min(3, len(bodies)), replace=False)
    shares = 1.2 * r.dirichlet([0.5] * len(names)) - 0.2 / len(names)
    width_deg = float(r.uniform(50, 90))
    # the wider the camera sees, the nearer one may be
    near = (1.0 if sits else 1.9) * 0.7 / np.tan(np.radians(width_deg / 2)) + 0.35
    distance = float(near + (5.0 - near) * r.random() ** 1.7)
    bearing = np.radians(r.uniform(-27, 27))
    eye = (distance * np.sin(bearing), -distance * np.cos(bearing), r.uniform(0.4, 1.75))
    target_z = r.uniform(0.75, 1.0) if sits else r.uniform(0.95, 1.2)
    camera = {
        "eye": tuple(float(v) for v in eye),
        "target": (float(r.uniform(-0.12, 0.12) * distance), 0.0, float(target_z)),
        "hfov": width_deg,
        "roll": float(r.normal(0, 3)),
    }
    return {
        "kind": kind,
        "sitting": sits,
        "arms": arms,
        "body": dict(zip((str(n) for n in names), (float(s) for s in shares), strict=True)),
        "body_size": float(r.uniform(0.95, 1.05)),
        "cam": camera,
        "size": (640, 480) if _chance(r, 0.55) else (640, 360),
        "look": str(r.choice(sorted(make.LOOKS))),
        "outfit": draw_clothes(r),
        "seed": int(r.integers(1_000_000)),
    }


def draw_clothes(r: Random) -> dict[str, Any]:
    """Hair, sleeves and colours, from all outfits mixed."""
    outfits = [make.OUTFITS[name] for name in sorted(make.OUTFITS)]
    colours = {k: outfits[r.integers(len(outfits))]["u"][k] for k in outfits[0]["u"]}
    for k in ("C_SHIRT", "C_TROU"):
        colours[k] = [float(v) for v in r.uniform(0.03, 0.6, 3)]
    hair = outfits[r.integers(len(outfits))]["hair"]
    return {"hair": hair, "sleeve": float(r.uniform(0.42, 0.8)), "u": colours}


def draw_neutral(r: Random, kind: str) -> tuple[Posture, float]:
    """Draw how somebody rests, and how slouched (0 to 1): half of those who sit are."""
    q = dict(ex.NEUTRAL)
    slouch = float(r.uniform(0.1, 1.1)) if kind in {"twist", "head"} and _chance(r, 0.4) else 0.0
    if slouch:
        for k, v in ex.slouch_q(slouch).items():
            q[k] = v * float(r.uniform(0.8, 1.2))
    for k, sd in {
        "flex": 2.5,
        "side": 1.5,
        "twist": 1.5,
        "ntwist": 3.0,
        "nflex": 4.0,
        "protract": 3.0,
    }.items():
        q[k] += float(r.normal(0, sd))
    q["pel_pitch"] += float(r.normal(0, 2))
    return q, slouch


def _put_arms(
    r: Random, q: Posture, raised: tuple[int, int], bent: tuple[int, int], ahead: tuple[int, int]
) -> None:
    """Put the arms anywhere within the ranges (degrees): both alike, or each by itself."""
    alike = _chance(r, 0.6)
    drawn = {"elev": raised, "elbow": bent, "plane": ahead}
    for s in "lr":
        for k, between in drawn.items():
            q[f"{s}_{k}"] = (
                q[f"l_{k}"] + float(r.normal(0, 4)) if s == "r" and alike else float(r.uniform(*between))
            )
        q[f"{s}_elbow"] = max(q[f"{s}_elbow"], 0.0)


def draw_posture(r: Random, kind: str, rest: Posture, *, moves_arms: bool = False) -> Posture:
    """Draw one posture of the kind, from the person's own rest."""
    q = dict(rest)
    if kind == "twist":
        turn = r.uniform(-58, 58)
        q["twist"] += turn * (1.0 if _chance(r, 0.8) else 0.3)
        q["ntwist"] += np.clip(turn * r.uniform(-0.3, 1.0) + r.normal(0, 12), -65, 65)
        q["pel_yaw"] += (_chance(r, 0.35)) * r.uniform(-25, 25)
        q["side"] += r.normal(0, 4)
        q["reach"] = float(np.clip(turn / 35, -1, 1)) if _chance(r, 0.8) else 0.0
        q["flex"] += r.normal(0, 3) + (_chance(r, 0.15)) * r.uniform(-4, 22)
        if moves_arms and _chance(r, 0.7):
            _put_arms(r, q, (5, 115), (0, 130), (-20, 95))
    elif kind == "head":
        q["ntwist"] += r.uniform(-72, 72)
        q["twist"] += (_chance(r, 0.35)) * r.uniform(-25, 25)
        q["nflex"] += r.normal(0, 6)
        q["nside"] += r.normal(0, 4)
        q["side"] += r.normal(0, 2)
    elif kind == "side":
        _bend(r, q)
    elif kind == "angels":
        _slide_arms(r, q)
    else:
        _stand(r, q)
    return {k: float(v) for k, v in q.items()}


def _bend(r: Random, q: Posture) -> None:
    """Side bend with the arms overhead, hands joined or not; some turn, some lean along."""
    side = r.uniform(-35, 35)
    raise_deg = r.uniform(135, 176)
    elbow, plane = r.uniform(3, 55), r.uniform(0, 40)
    for s in "lr":
        q[f"{s}_elev"] = raise_deg + r.normal(0, 4)
        q[f"{s}_elbow"] = max(0.0, elbow + r.normal(0, 6))
        q[f"{s}_plane"] = plane + r.normal(0, 4)
    q["up"] = 1.0
    q["side"] += side
    q["pel_dx"], q["pel_tilt"] = 0.05 * side / 28 * r.uniform(0, 1.5), -side / 14 * r.uniform(-0.5, 2)
    q["nside"] += -r.uniform(-0.3, 0.5) * side
    q["twist"] += r.normal(0, 3) + (_chance(r, 0.4)) * r.uniform(-32, 32)
    q["pel_yaw"] += (_chance(r, 0.25)) * r.uniform(-15, 15)
    q["flex"] += r.normal(0, 3) + (_chance(r, 0.3)) * r.uniform(0, 40)
    q["ntwist"] += r.normal(0, 6) + (_chance(r, 0.3)) * r.uniform(-45, 45)
    q["pel_dy"] = 0.0025 * q["flex"]


def _slide_arms(r: Random, q: Posture) -> None:
    """Arms somewhere on the way of a wall angel, both or one."""
    for s in "lr":
        raise_deg = q["l_elev"] if s == "r" and _chance(r, 0.5) else r.uniform(60, 172)
        q[f"{s}_elev"] = raise_deg + r.normal(0, 3)
        q[f"{s}_elbow"] = float(np.clip(90 - (raise_deg - 90) * 0.9 + r.normal(0, 15), 0, 125))
        q[f"{s}_plane"] = r.normal(3, 8)
    q["up"] = 1.0
    q["twist"] += r.normal(0, 3) + (_chance(r, 0.25)) * r.uniform(-20, 20)
    q["side"] += r.normal(0, 3)
    q["flex"] += r.normal(0, 2)
    q["ntwist"] += r.normal(0, 5) + (_chance(r, 0.25)) * r.uniform(-50, 50)


def _stand(r: Random, q: Posture) -> None:
    """Anything somebody does who stands."""
    q["twist"] += r.uniform(-50, 50) * (1.0 if _chance(r, 0.7) else 0.2)
    q["ntwist"] += r.uniform(-60, 60) * (1.0 if _chance(r, 0.6) else 0.1)
    q["pel_yaw"] += (_chance(r, 0.4)) * r.uniform(-25, 25)
    q["side"] += r.normal(0, 4) + (_chance(r, 0.3)) * r.uniform(-28, 28)
    q["flex"] += r.normal(0, 3) + (_chance(r, 0.35)) * r.uniform(0, 42)
    q["pel_dy"] = 0.0025 * q["flex"]
    for s in "lr":
        q[f"{s}_elev"], q[f"{s}_elbow"], q[f"{s}_plane"] = (
            r.uniform(5, 150),
            r.uniform(0, 110),
            r.uniform(0, 90),
        )
    q["up"] = float(_chance(r, 0.5))


def draw_motion(r: Random, kind: str, *, moves_arms: bool = False) -> tuple[list[Posture], list[float]]:
    """Draw a sequence of postures, and how slouched each is."""
    rest, slouch = draw_neutral(r, kind)
    if moves_arms:
        _put_arms(r, rest, (3, 35), (10, 105), (5, 80))
    path = [rest] * N_NEUTRAL
    before = rest
    for _ in range(N_POSTURES):
        after = draw_posture(r, kind, rest, moves_arms=moves_arms)
        for i in range(1, N_MOVE + 1):
            x = i / N_MOVE
            s = x * x * x * (10 + x * (6 * x - 15))
            path.append({k: before[k] + (after[k] - before[k]) * s for k in after})
        path += [{k: v + float(r.normal(0, 0.3)) * (abs(v) > 1) for k, v in after.items()}] * N_HOLD
        before = after
    return path, [slouch] * len(path)


def _follow(folder: Path) -> dict[str, Any]:
    from mediapipe.tasks.python import BaseOptions, vision

    return {
        name: vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(folder / f"pose_landmarker_{name}.task")),
                running_mode=vision.RunningMode.VIDEO,
            )
        )
        for name in MODELS
    }


def _look(model: Any, picture: np.ndarray, time_ms: int) -> np.ndarray:
    """Landmarks (33, 4) in picture widths and heights; NaN where nobody was found."""
    import mediapipe as mp

    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
    found = model.detect_for_video(image, time_ms).pose_landmarks
    if not found:
        return np.full((33, 4), np.nan)
    return np.array([(p.x, p.y, p.z, p.visibility) for p in found[0]])


def render_setup(
    r: Random, out: Path, models: Path, names: tuple[str, ...], samples: int, *, turns: bool = False
) -> int:
    """Render one set-up (``samples`` a pixel) and let the models follow it; return the number of pictures."""
    import cv2

    kept = draw_setup(r, names, turns=turns)
    path, slouch = draw_motion(r, kept["kind"], moves_arms=turns and kept["arms"] == "free")
    quality = int(r.integers(55, 92))
    clip = make.Clip(
        {
            "exercise": "seated_twist" if kept["sitting"] else "side_stretch",
            "body": {"mix": kept["body"], "size": kept["body_size"]},
            "outfit": kept["outfit"],
            "camera": kept["cam"],
            "look": kept["look"],
            "seed": kept["seed"],
            "size": kept["size"],
            "wall_y": 0.3 if kept["kind"] == "angels" else 1.0,
            "samples": samples,
        }
    )
    eyes = _follow(models)
    seen: dict[str, list[np.ndarray]] = {name: [] for name in MODELS}
    rows: list[dict[str, float]] = []
    for i, q in enumerate(path):
        pose = ex.build(clip.body, q, clip.e["base"], kept["arms"])
        clip.r.update_avatar(*clip.av.posed(pose))
        jpeg = cv2.imencode(".jpg", clip.r.draw()[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        picture = np.asarray(cv2.imdecode(jpeg, 1))[:, :, ::-1].copy()
        for name in MODELS:
            seen[name].append(_look(eyes[name], picture, round(1000 * STEP_S * i)))
        rows.append({**truth(pose)[0], "slouch": slouch[i]})
    for eye in eyes.values():
        eye.close()
    clip.r.ctx.release()
    keys = sorted(rows[0])
    np.savez_compressed(
        out,
        allow_pickle=False,
        **{name: np.array(seen[name], "f4") for name in MODELS},
        keys=np.array(keys),
        truth=np.array([[row[k] for k in keys] for row in rows], "f4"),
        meta=json.dumps(kept),
    )
    return len(rows)


def main() -> None:
    """Render so many set-ups, as asked for on the command line; those that are there are kept."""
    parser = argparse.ArgumentParser(prog="validation.learn.render_motions")
    parser.add_argument("out", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("bodies", type=Path)
    parser.add_argument("n_setups", type=int)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--samples", type=int, default=0, help="edges: 4 smooth (seed 11), 0 plain (seed 12)")
    parser.add_argument(
        "--turns", action="store_true", help="only who sits and turns, arms anywhere (seed 15)"
    )
    parser.add_argument("--until", default="99:99", help="stop before the set-up that starts after HH:MM")
    wish = parser.parse_args()
    wish.out.mkdir(parents=True, exist_ok=True)
    make.CACHE = str(wish.bodies)
    gl.noise_volume = cache(gl.noise_volume)
    names = tuple(sorted(path.stem for path in wish.bodies.glob("*.npz")))
    for i in range(wish.n_setups):
        if time.strftime("%H:%M") >= wish.until:
            break
        path = wish.out / f"{wish.seed:03d}_{i:03d}.npz"
        if not path.exists():
            r = np.random.default_rng((wish.seed, i))
            n = render_setup(r, path, wish.models, names, wish.samples, turns=wish.turns)
            print(path.stem, n, flush=True)


if __name__ == "__main__":
    main()
