"""Render clips with exact truth: ``python -m validation.avatar.make SPECS.json OUT``.

In: specs (``clips.json``). Out: ``NAME.mp4``, ``NAME.parquet`` (truth per frame) and ``NAME.json`` (what was
commanded). Axes: x to the person's left, -y towards the camera, z up, metres.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from validation.avatar import exercises as ex
from validation.avatar import scenery
from validation.avatar.avatar import Avatar
from validation.avatar.camera import Camera
from validation.avatar.postures import Posture
from validation.avatar.render import Renderer
from validation.avatar.rig import BODIES, Body, Pose, mix_bodies
from validation.avatar.rotations import Array
from validation.avatar.truth import truth

Spec = dict[str, Any]
CACHE = os.environ.get("AVATAR_CACHE", str(BODIES))
_WARDROBE = json.loads((Path(__file__).parent / "wardrobe.json").read_text(encoding="utf-8"))
LOOKS: dict[str, Any] = _WARDROBE["looks"]
"""Lights and rooms by name; colours are linear."""
OUTFITS: dict[str, Any] = _WARDROBE["outfits"]
CAMERAS: dict[str, Any] = _WARDROBE["cameras"]
"""Heights are for a person of 1.70 m."""
KP = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder"),
    *("left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_index", "right_index"),
    *("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle"),
    *("left_foot_index", "right_foot_index", "c7", "sacrum"),
)
_USUAL_CAMERA = {"sit": "sit", "stand": "stand", "supine": "side"}
_WALL_M = {"sit": 0.95, "stand": 1.0, "supine": 1.1}


class Clip:
    """One clip: a body, its clothes, a room, a camera and a timeline."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.e = ex.EXERCISES[spec["exercise"]](**spec.get("params", {}))
        self.body = _find_body(spec["body"])
        outfit = spec.get("outfit", spec["body"])
        fit = OUTFITS[outfit] if isinstance(outfit, str) else outfit
        self.av = Avatar(self.body, hair=fit["hair"], sleeve=fit["sleeve"])
        base = self.e["base"]
        look = _choose_look(spec, fit["u"], base)
        camera = spec.get("camera", _USUAL_CAMERA[base])
        cam = dict(CAMERAS[camera]) if isinstance(camera, str) else dict(camera)
        w, h = spec.get("size", (640, 480))
        self.cam = Camera(cam["eye"], cam["target"], cam.get("hfov", 65.0), w, h, cam.get("roll", 0.0))
        self.camera_spec = {**cam, "width": w, "height": h, "focal_px": self.cam.f}
        self.r = Renderer(self.cam, look, samples=spec.get("samples", 4))
        self.r.add_static(scenery.scenery(base, self._place_wall(base), look))
        if base == "supine":
            self.r.add_static(self.make_prop(), "roller")
        self.r.add_avatar(self.av)

    def _place_wall(self, base: str) -> float:
        if "wall_y" in self.spec:
            return self.spec["wall_y"]
        if "wall_angels" in self.spec["exercise"]:  # the back touches the wall
            return float(self.body.skin_V[:, 1].max()) + 0.035
        return _WALL_M[base]

    def make_prop(self) -> scenery.Props:
        """Return what lies under the back."""
        return scenery.roller()

    def place_prop(self, q: Posture) -> Array:
        """Return where it is, shape (4, 4)."""
        return scenery.roller_model(q)

    def pose(self, t: float) -> tuple[Pose, Posture, str, int]:
        """Solved pose, posture, phase and repetition at ``t`` seconds."""
        q, phase, rep = self.e["tl"](t)
        q = ex.sway(q, t, self.spec.get("sway", 1.0), self.spec.get("seed", 0))
        return ex.build(self.body, q, self.e["base"], self.e["arms"]), q, phase, rep

    def observe(self, t: float) -> tuple[Pose, Posture, dict[str, Any], Array, Array]:
        """Return pose, posture, truth, pixels and camera coordinates at ``t`` seconds, without a picture."""
        pose, q, phase, rep = self.pose(t)
        angles, points = truth(pose)
        pixels, camera = self.cam.project(np.array([points[k] for k in KP]))
        row = {"phase": phase, "rep": rep, **angles}
        row["slide_m"] = q["slide"] if self.e["base"] == "supine" else 0.0
        return pose, q, row, pixels, camera

    def frame(self, t: float) -> tuple[np.ndarray, dict[str, Any], Array, Array]:
        """Picture, truth, pixels and camera coordinates at ``t`` seconds."""
        pose, q, row, pixels, camera = self.observe(t)
        self.r.update_avatar(*self.av.posed(pose))
        if self.e["base"] == "supine":
            self.r.set_model("roller", self.place_prop(q))
        return self.r.draw(), row, pixels, camera


def _find_body(body: str | dict[str, Any]) -> Body:
    """Return a baked body by its name, or a mixture: ``{"mix": {name: share}, "size": 1.0}``."""
    if isinstance(body, str):
        return Body(Path(CACHE) / f"{body}.npz")
    return Body(mix_bodies(body["mix"], body["size"], Path(CACHE)))


def _choose_look(spec: Spec, colours: dict[str, Any], base: str) -> dict[str, Any]:
    name = spec.get("look", "day")
    look = copy.deepcopy(LOOKS[name] if isinstance(name, str) else name)
    look["uniforms"].update(colours)
    look.update(spec.get("look_extra", {}))
    look["seed"] = spec.get("seed", 0)
    look["centre"] = (0, 0, 0.35) if base == "supine" else (0, 0, 0.95)
    look["shadow_half"] = 1.5 if base == "supine" else 1.45
    return look


def flatten(row: dict[str, Any], pixels: Array, camera: Array) -> dict[str, Any]:
    """Truth of one frame as one row: angles, then five numbers a point."""
    points = {
        f"{name}_{axis}": float(value)
        for name, pixel, at in zip(KP, pixels, camera, strict=True)
        for axis, value in zip(("px", "py", "x", "y", "z"), (*pixel, *at), strict=True)
    }
    return {**row, **points}


def _start_encoder(path: Path, size: tuple[int, int], fps: int, crf: int) -> subprocess.Popen[bytes]:
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(fps), "-i", "-"]
    target = ["-c:v", "libx264", "-preset", "slow", "-crf", str(crf), "-pix_fmt", "yuv420p", "-g", "150"]
    plain = ["-movflags", "+faststart", "-threads", "1", str(path)]
    return subprocess.Popen(
        ["ffmpeg", "-y", "-loglevel", "error", *source, *target, *plain], stdin=subprocess.PIPE
    )


def render(spec: Spec, out: Path, fps: int = 30, step: int = 2) -> None:
    """Write a clip; each picture and its truth stand for ``step`` frames, as with a slow camera."""
    clip = Clip(spec)
    n, name = round(clip.e["tl"].duration * fps), spec["name"]
    video = _start_encoder(out / f"{name}.mp4", (clip.cam.w, clip.cam.h), fps, spec.get("crf", 27))
    rows, last = [], None
    for i in range(n):
        if i % step == 0:
            last = clip.frame(i / fps)
        rows.append({"frame": i, "t": round(i / fps, 6), **flatten(*last[1:])})
        video.stdin.write(last[0].tobytes())
    video.stdin.close()
    video.wait()
    write_truth(rows, str(out / name))
    info = {
        **spec,
        "frames": n,
        "fps": fps,
        "picture_step": step,
        "camera": clip.camera_spec,
        "duration_s": n / fps,
        "base": clip.e["base"],
        "arms": clip.e["arms"],
        "body_height_m": clip.body.height,
    }
    (out / f"{name}.json").write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")
    print(f"{name}: {n} frames", flush=True)


def write_truth(rows: Sequence[dict[str, Any]], stem: str) -> None:
    """Write the truth per frame as Parquet: float32, but for the time."""
    columns = {k: [row[k] for row in rows] for k in rows[0]}

    def pack(name: str, values: list[Any]) -> pa.Array:
        return (
            pa.array(values, pa.float32())
            if isinstance(values[0], float) and name != "t"
            else pa.array(values)
        )

    table = pa.table({k: pack(k, v) for k, v in columns.items()})
    pq.write_table(table, f"{stem}.parquet", compression="zstd")


def sheet(spec: Spec, out: Path, n: int = 6) -> None:
    """Write a few moments of a clip side by side, to look at first."""
    clip = Clip(spec)
    times = np.linspace(0.02, 0.98, n) * clip.e["tl"].duration
    size = (clip.cam.w // 2, clip.cam.h // 2)
    pictures = [cv2.resize(clip.frame(t)[0], size, interpolation=cv2.INTER_AREA) for t in times]
    cv2.imwrite(str(out / f"{spec['name']}.sheet.png"), np.concatenate(pictures, 1)[:, :, ::-1])


def main() -> None:
    """Render what is asked for on the command line."""
    parser = argparse.ArgumentParser(prog="validation.avatar.make")
    parser.add_argument("specs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--sheet", action="store_true")
    parser.add_argument("--step", type=int, default=2)
    wish = parser.parse_args()
    wish.out.mkdir(parents=True, exist_ok=True)
    for spec in json.loads(wish.specs.read_text(encoding="utf-8")):
        if wish.only and spec["name"] not in wish.only:
            continue
        if wish.sheet:
            sheet(spec, wish.out)
        else:
            render(spec, wish.out, step=wish.step)


if __name__ == "__main__":
    main()
