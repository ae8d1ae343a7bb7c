"""Exact angles (degrees) and points (metres) of a solved pose.

Definitions and signs: ``README.md`` beside this file. Next file: ``exercises.py``.
"""

from __future__ import annotations

import numpy as np
from numpy import arccos, arctan2, degrees

from validation.avatar.rig import Pose
from validation.avatar.rotations import Array, X, Y, Z, anat_angles, unit

_JOINTS = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "index": "finger2-1",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
    "foot_index": "toe2-1",
    "eye": "eye",
}
_SIDES = (("L", "left", 1), ("R", "right", -1))
_NO_LINE_M = 1e-6


def wrap(angle_deg: float) -> float:
    """Angle brought to -180 to 180 degrees."""
    return (angle_deg + 180) % 360 - 180


def find_points(pose: Pose) -> dict[str, Array]:
    """Joint centres and points of the head, metres."""
    body, head = pose.b, pose.b.ix["head"]

    def on_head(vertex: int) -> Array:
        return pose.P[head] + pose.G[head] @ (body.V[vertex] - body.heads[head])

    points = {}
    for s, name, _ in _SIDES:
        points |= {f"{name}_{joint}": pose.p(f"{bone}.{s}") for joint, bone in _JOINTS.items()}
        points[f"{name}_ear"] = on_head(body.v_ear[s])
    return {**points, "nose": on_head(body.v_nose), "c7": pose.p("neck01"), "sacrum": pose.p("root")}


def _angle(a: Array, b: Array) -> float:
    return degrees(arccos(np.clip(a @ b, -1, 1)))


def _segments(pose: Pose) -> dict[str, float]:
    """Orientations of segments: what the posture was commanded to be."""
    pelvis, thorax, head = pose.root_R, pose.g("spine01"), pose.g("head")
    a = {}
    a["trunk_flexion"], a["trunk_side_bend_right"], a["trunk_twist_left"] = anat_angles(pelvis.T @ thorax)
    a["neck_flexion"], a["neck_side_bend_right"], a["neck_rotation_left"] = anat_angles(thorax.T @ head)
    a["pelvis_pitch"], a["pelvis_tilt_right"], a["pelvis_yaw_left"] = anat_angles(pelvis)
    a["thorax_pitch"], a["thorax_lean_right"], a["thorax_yaw_left"] = anat_angles(thorax)
    a["head_pitch"], a["head_tilt_right"], a["head_yaw_left"] = anat_angles(head)
    return a


def _trunk(p: dict[str, Array]) -> dict[str, float]:
    """Angles between points of the trunk: what an ideal landmark detector would give."""
    shoulders, hips = p["left_shoulder"] - p["right_shoulder"], p["left_hip"] - p["right_hip"]
    a = {
        "shoulder_line_yaw_left": degrees(arctan2(shoulders[1], shoulders[0])),
        "hip_line_yaw_left": degrees(arctan2(hips[1], hips[0])),
    }
    a["axial_rotation_left"] = wrap(a["shoulder_line_yaw_left"] - a["hip_line_yaw_left"])
    up = (p["left_shoulder"] + p["right_shoulder"] - p["left_hip"] - p["right_hip"]) / 2
    across = unit(hips * [1, 1, 0]) if np.linalg.norm(hips[:2]) > _NO_LINE_M else X
    back = np.cross(Z, across)
    a["trunk_lean_right"] = degrees(arctan2(-(up @ across), up @ Z))
    a["trunk_lean_forward"] = degrees(arctan2(-(up @ back), up @ Z))
    a["shoulder_line_tilt_right"] = degrees(arctan2(shoulders[2], np.hypot(shoulders[0], shoulders[1])))
    return a


def _limbs(p: dict[str, Array], thorax: Array) -> dict[str, float]:
    down, lateral, ahead = -thorax @ Z, thorax @ X, -thorax @ Y
    a = {}
    for _, n, sign in _SIDES:
        upper, fore = unit(p[f"{n}_elbow"] - p[f"{n}_shoulder"]), unit(p[f"{n}_wrist"] - p[f"{n}_elbow"])
        thigh, shank = unit(p[f"{n}_knee"] - p[f"{n}_hip"]), unit(p[f"{n}_ankle"] - p[f"{n}_knee"])
        a[f"{n}_shoulder_elevation"] = _angle(upper, down)
        a[f"{n}_shoulder_plane"] = degrees(arctan2(upper @ ahead, sign * (upper @ lateral)))
        a[f"{n}_shoulder_angle_hse"] = _angle(upper, unit(p[f"{n}_hip"] - p[f"{n}_shoulder"]))
        a[f"{n}_elbow_flexion"] = _angle(upper, fore)
        a[f"{n}_knee_flexion"] = _angle(thigh, shank)
    return a


def _head(p: dict[str, Array], thorax: Array) -> dict[str, float]:
    ears = (p["left_ear"] + p["right_ear"]) / 2
    ahead = -thorax @ Y
    heading = np.array([ahead[0], ahead[1], 0]) / max(np.hypot(ahead[0], ahead[1]), 1e-6)
    forward_m = float((ears - p["c7"]) @ heading)
    return {
        "head_forward_m": forward_m,
        "craniovertebral": degrees(arctan2((ears - p["c7"])[2], forward_m)),
    }


def truth(pose: Pose) -> tuple[dict[str, float], dict[str, Array]]:
    """Angles (degrees; ``head_forward_m`` metres) and points (metres) of a solved pose."""
    points, thorax = find_points(pose), pose.g("spine01")
    angles = {**_segments(pose), **_trunk(points), **_limbs(points, thorax), **_head(points, thorax)}
    return {k: float(v) for k, v in angles.items()}, points
