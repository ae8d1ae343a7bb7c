"""Check the truth against the drawn mesh: ``python -m validation.avatar.selfcheck``.

Segment rotations are found anew by fitting the skinned vertices (Kabsch); limbs must keep their length, feet
their place, angles must be those commanded. Prints the largest difference of each.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy import degrees

from validation.avatar import exercises as ex
from validation.avatar.rig import BODIES, Body, Pose
from validation.avatar.rotations import Array, rotvec
from validation.avatar.truth import truth

_SEGMENTS = {"pelvis": "root", "thorax": "spine01", "head": "head"}
_LIMBS = {
    "upper": ("shoulder", "elbow"),
    "fore": ("elbow", "wrist"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
}
_N_MOMENTS = 25
_FEW = 12
_WHOLE = 0.995


def fit_rotation(rest: Array, posed: Array) -> Array:
    """Rotation that brings points at rest nearest to where they are, shape (3, 3)."""
    a, b = rest - rest.mean(0), posed - posed.mean(0)
    u, _, vt = np.linalg.svd(b.T @ a)
    return u @ np.diag([1, 1, np.sign(np.linalg.det(u @ vt))]) @ vt


def _check_mesh(pose: Pose, note: Note) -> None:
    b = pose.b
    skin = pose.skin().reshape(-1, 12)
    at = np.einsum("nij,nj->ni", (b.W @ skin).reshape(-1, 3, 4), np.c_[b.V, np.ones(len(b.V))])
    for name, bone in _SEGMENTS.items():
        ids = np.where(b.skin_W[:, b.ix[bone]] > _WHOLE)[0]
        if len(ids) >= _FEW:
            fitted = fit_rotation(b.V[ids], at[ids])
            note(
                f"mesh against truth, {name}, degrees",
                degrees(np.linalg.norm(rotvec(fitted.T @ pose.g(bone)))),
            )


class Note:
    """Keeps the largest of each difference."""

    def __init__(self) -> None:
        self.worst: dict[str, float] = {}

    def __call__(self, name: str, value: float) -> None:
        """Take one more."""
        self.worst[name] = max(self.worst.get(name, 0.0), abs(float(value)))


def main() -> None:
    """Check all specs of ``clips.json``."""
    note = Note()
    for spec in json.loads((Path(__file__).parent / "clips.json").read_text(encoding="utf-8")):
        body, e = Body(BODIES / f"{spec['body']}.npz"), ex.EXERCISES[spec["exercise"]](**spec["params"])
        ankles = []
        for t in np.linspace(0, e["tl"].duration, _N_MOMENTS):
            q, *_ = e["tl"](t)
            q = ex.sway(q, t, spec["sway"], spec["seed"])
            pose = ex.build(body, q, e["base"], e["arms"])
            angles, points = truth(pose)
            _check_mesh(pose, note)
            for s, side in (("L", "left"), ("R", "right")):
                for limb, (start, end) in _LIMBS.items():
                    length = np.linalg.norm(points[f"{side}_{end}"] - points[f"{side}_{start}"])
                    note("limb length, metres", length - body.len[s][limb])
            ankles.append(points["left_ankle"])
            if e["base"] != "supine":
                note("twist commanded, degrees", angles["trunk_twist_left"] - q["twist"])
                note("side bend commanded, degrees", angles["trunk_side_bend_right"] - q["side"])
            if e["arms"] == "free":
                note("elbow commanded, degrees", angles["left_elbow_flexion"] - q["l_elbow"])
                note("elevation commanded, degrees", angles["left_shoulder_elevation"] - q["l_elev"])
        note("planted ankle, metres", np.ptp(np.array(ankles), 0).max())
    for name, value in note.worst.items():
        print(f"{name:40s} {value:.2e}")


if __name__ == "__main__":
    main()
