"""Render the people of :mod:`validation.learn.wide`, and let both pose models look at the pictures.

    LP_NUM_THREADS=1 python -m validation.learn.render_wide OUT MODELS BODIES [--to 300] [--held-out]

In: the generator (``validation/avatar``), a folder of baked bodies, a folder with the pose models. Out: one
``.npz`` a set-up: what the models saw (``full``, ``lite``, ``full_world``, ``lite_world``), what was true
(``truth`` with ``keys``; ``points_px``, ``points_m``), ``meta`` as JSON. Next file:
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

from validation.avatar import make
from validation.avatar import render as gl
from validation.learn import wide

MODELS = ("full", "lite")
N_POSES = 14
FRAME_S = 0.1
_UNSEEN = (np.full((33, 4), np.nan), np.full((33, 3), np.nan))
Random = np.random.Generator


def _open_models(folder: Path, is_video: bool) -> dict[str, Any]:
    from mediapipe.tasks.python import BaseOptions, vision

    mode = vision.RunningMode.VIDEO if is_video else vision.RunningMode.IMAGE
    return {
        name: vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(folder / f"pose_landmarker_{name}.task")),
                running_mode=mode,
            )
        )
        for name in MODELS
    }


def _look(model: Any, picture: np.ndarray, time_ms: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks (33, 4) in picture widths and heights and (33, 3) in metres; NaN where nobody was found."""
    import mediapipe as mp

    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=picture)
    found = model.detect(image) if time_ms is None else model.detect_for_video(image, time_ms)
    if not found.pose_landmarks:
        return np.full((33, 4), np.nan), np.full((33, 3), np.nan)
    seen, world = found.pose_landmarks[0], found.pose_world_landmarks[0]
    return (
        np.array([(p.x, p.y, p.z, p.visibility) for p in seen]),
        np.array([(p.x, p.y, p.z) for p in world]),
    )


def draw_lens(r: Random) -> dict[str, float]:
    """Draw what a cheap camera does to all pictures of a set-up."""
    return {
        "brightness": float(np.clip(np.exp(r.normal(-0.05, 0.28)), 0.45, 1.4)),
        "gamma": float(np.exp(r.normal(0, 0.15))),
        "blur_px": float(r.uniform(0.4, 1.6)) if wide.chance(r, 0.45) else 0.0,
        "noise": float(r.uniform(1, 9)) if wide.chance(r, 0.4) else 0.0,
    }


def photograph(r: Random, picture: np.ndarray, lens: dict[str, float]) -> np.ndarray:
    """Blur, brighten, add noise and pack as JPEG, RGB in and out."""
    import cv2

    if lens["blur_px"]:
        picture = cv2.GaussianBlur(picture, (0, 0), lens["blur_px"])
    light = np.clip((np.arange(256) / 255) ** lens["gamma"] * lens["brightness"] * 255, 0, 255)
    picture = cv2.LUT(picture, light.astype(np.uint8))
    if lens["noise"]:
        grain = r.standard_normal(picture.shape[:2], dtype=np.float32) * lens["noise"]
        picture = np.clip(picture + grain[:, :, None], 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(r.integers(50, 93))]
    jpeg = cv2.imencode(".jpg", picture[:, :, ::-1], quality)[1]
    return np.asarray(cv2.imdecode(jpeg, 1))[:, :, ::-1].copy()


def who_looks(setup: wide.Setup, number: int, idx: int) -> tuple[str, ...]:
    """Both models look at the neutral pictures, and at the others in turn: more pictures in the same time."""
    if setup.is_tracked:
        return (MODELS[number // 7 % 2],)
    return MODELS if idx < wide.N_NEUTRAL else (MODELS[(idx + number) % 2],)


def render_setup(
    number: int, setup: wide.Setup, r: Random, models: Path, open_models: dict[str, Any]
) -> dict[str, Any]:
    """Render one set-up and let the models look, as arrays by name."""
    clip = make.Clip(setup.spec)
    eyes = _open_models(models, is_video=True) if setup.is_tracked else open_models
    lens, spread_m = draw_lens(r), float(r.uniform(0.0, 0.12))
    seen: dict[str, list[np.ndarray]] = {f"{m}{part}": [] for m in MODELS for part in ("", "_world")}
    rows, pixels, camera = [], [], []
    for i, wish in enumerate(wide.draw_wishes(r, setup, N_POSES)):
        pose = wide.solve(clip.body, setup, wish, spread_m)
        clip.r.update_avatar(*clip.av.posed(pose))
        picture = photograph(r, clip.r.draw(), lens)
        looking = who_looks(setup, number, i)
        for name in MODELS:
            time_ms = round(1000 * FRAME_S * i) if setup.is_tracked else None
            image, world = _look(eyes[name], picture, time_ms) if name in looking else _UNSEEN
            seen[name].append(image)
            seen[f"{name}_world"].append(world)
        angles, points = wide.describe(pose, clip.cam.eye)
        marks = {"is_neutral": float(wish.is_neutral), "tracked": float(setup.is_tracked)}
        looked = {f"{name}_looked": float(name in looking) for name in MODELS}
        rows.append(
            {
                **angles,
                **marks,
                **looked,
                "slouch": wish.slouch,
                "clasp": wish.clasp,
                "brightness": lens["brightness"],
                "blur_px": lens["blur_px"],
            }
        )
        at = clip.cam.project(np.array([points[k] for k in make.KP]))
        pixels.append(at[0])
        camera.append(at[1])
    if setup.is_tracked:
        for eye in eyes.values():
            eye.close()
    clip.r.ctx.release()
    keys = sorted(rows[0])
    return {
        **{name: np.array(values, "f4") for name, values in seen.items()},
        "keys": np.array(keys),
        "truth": np.array([[row[k] for k in keys] for row in rows], "f4"),
        "points_px": np.array(pixels, "f4"),
        "points_m": np.array(camera, "f4"),
        "point_names": np.array(make.KP),
        "meta": np.array(json.dumps(_note(setup, lens))),
    }


def _note(setup: wide.Setup, lens: dict[str, float]) -> dict[str, Any]:
    spec = setup.spec
    return {
        "round": setup.round,
        "kind": setup.kind,
        "sitting": setup.is_sitting,
        "arms": setup.arms,
        "tracked": setup.is_tracked,
        "cam": spec["camera"],
        "size": spec["size"],
        "body": spec["body"]["mix"],
        "body_size": spec["body"]["size"],
        "outfit": spec["outfit"],
        "look": spec["look"],
        "lens": lens,
        "habits": setup.habits,
    }


def main() -> None:
    """Render set-ups until a number or an hour, as asked for; those that are there are kept."""
    parser = argparse.ArgumentParser(prog="validation.learn.render_wide")
    parser.add_argument("out", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("bodies", type=Path)
    parser.add_argument("--held-out", action="store_true", help="with the bodies that are kept apart")
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--to", type=int, default=10_000)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--until", default="99:99", help="stop before the set-up that starts after HH:MM")
    wish = parser.parse_args()
    wish.out.mkdir(parents=True, exist_ok=True)
    make.CACHE = str(wish.bodies)
    gl.noise_volume = cache(gl.noise_volume)
    open_models = _open_models(wish.models, is_video=False)
    names = wide.find_bodies(wish.bodies, held_out=wish.held_out)
    for number in range(wish.first, wish.to, wish.step):
        if time.strftime("%H:%M") >= wish.until:
            break
        path = wish.out / f"{wide.round_of(number)}_{number:04d}.npz"
        if path.exists():
            continue
        start = time.monotonic()
        r = np.random.default_rng((wish.seed, number))
        setup = wide.draw_setup(r, number, names)
        done = render_setup(number, setup, r, wish.models, open_models)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez_compressed(file, **done)
        part.rename(path)
        print(path.stem, len(done["truth"]), f"{time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
