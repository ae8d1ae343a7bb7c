"""A stick figure of known angles, seen through a pinhole: landmarks with closed-form answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unkink.body.landmarks import N_LANDMARKS, Landmark, LandmarkSeries

RAW_DEPTH = 2.0
"""How much too large BlazePose's image depth is: the figure's depth is stretched by as much."""

MIRRORED = [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21]
MIRRORED += [24, 23, 26, 25, 28, 27, 30, 29, 32, 31]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Angles in degrees, our signs."""

    turn: float = 0.0
    bend: float = 0.0
    head: float = 0.0
    """Head against the camera."""
    left_elevation: float = 10.0
    right_elevation: float = 10.0
    left_elbow: float = 5.0
    right_elbow: float = 5.0
    across: float = 0.0
    """Where the person stands, metres to the picture's right."""
    distance: float = 60.0
    """From the camera, metres: far away with a long lens, a picture is without perspective."""


def _spin(v: NDArray[np.float64], turn_deg: float) -> NDArray[np.float64]:
    """Turn a point to the person's right about the vertical (x right, y down, z away, facing the camera)."""
    a = math.radians(turn_deg)
    return np.array([v[0] * math.cos(a) + v[2] * math.sin(a), v[1], -v[0] * math.sin(a) + v[2] * math.cos(a)])


def points_m(pose: Pose) -> NDArray[np.float64]:
    """(33, 3) metres, hip-middle at the origin: x right, y down, z away from the camera."""
    p = np.zeros((N_LANDMARKS, 3))
    b = math.radians(pose.bend)
    # To the person's right is to the picture's left.
    up = np.array([-math.sin(b), -math.cos(b), 0.0])
    chest = 0.5 * up
    left = np.array([math.cos(b), -math.sin(b), 0.0])
    for hip, knee, ankle, shoulder, elbow, wrist, s, elevation, flexion in (
        (23, 25, 27, 11, 13, 15, 1, pose.left_elevation, pose.left_elbow),
        (24, 26, 28, 12, 14, 16, -1, pose.right_elevation, pose.right_elbow),
    ):
        p[hip], p[knee], p[ankle] = [0.12 * s, 0, 0], [0.12 * s, 0.42, 0], [0.12 * s, 0.84, 0]
        p[shoulder] = chest + _spin(0.18 * s * left, pose.turn)
        for angle, a, c in ((elevation, shoulder, elbow), (elevation + flexion, elbow, wrist)):
            e = math.radians(angle)
            p[c] = p[a] + 0.28 * (-math.cos(e) * up + math.sin(e) * s * left)
    for idx, (x, y, z) in {
        0: (0, -0.02, -0.11),
        2: (0.03, -0.05, -0.09),
        5: (-0.03, -0.05, -0.09),
        7: (0.075, -0.03, 0),
        8: (-0.075, -0.03, 0),
        9: (0.025, 0.03, -0.09),
        10: (-0.025, 0.03, -0.09),
    }.items():
        p[idx] = chest + 0.22 * up + _spin(np.array([x, y, z]), pose.head)
    for copy, of in {1: 2, 3: 2, 4: 5, 6: 5, 17: 15, 19: 15, 21: 15, 18: 16, 20: 16, 22: 16}.items():
        p[copy] = p[of]
    for copy, of in {29: 27, 31: 27, 30: 28, 32: 28}.items():
        p[copy] = p[of]
    return p


def make_series(*poses: Pose, hz: float = 15.0, width_px: int = 640, height_px: int = 480) -> LandmarkSeries:
    """The poses as a recording, one frame each."""
    image = np.ones((len(poses), N_LANDMARKS, 4))
    for i, pose in enumerate(poses):
        p = points_m(pose)
        focal_px = 200.0 * pose.distance
        depth = pose.distance + p[:, 2]
        image[i, :, 0] = 0.5 + focal_px * (pose.across + p[:, 0]) / depth / width_px
        image[i, :, 1] = 0.5 + focal_px * p[:, 1] / depth / height_px
        image[i, :, 2] = RAW_DEPTH * focal_px * p[:, 2] / pose.distance / width_px
    return LandmarkSeries(t_s=np.arange(len(poses)) / hz, image=image, width_px=width_px, height_px=height_px)


def lying(shift_m: float, *, feet: int = 1, knee_deg: float = 80.0) -> NDArray[np.float64]:
    """(33, 4) image landmarks of a person on their back from the side, feet to the right (1) or left (-1)."""
    image = np.ones((N_LANDMARKS, 4))
    a = math.radians(knee_deg / 2)
    # Along the floor towards the feet, and height above the hips.
    spots = {23: (0.0, 0.0), 25: (0.4 * math.cos(a), 0.4 * math.sin(a)), 27: (0.8 * math.cos(a), 0.0)}
    spots |= {
        11: (-0.5, 0.02),
        13: (-0.7, 0.1),
        15: (-0.75, 0.0),
        0: (-0.75, 0.1),
        7: (-0.73, 0.0),
        2: (-0.77, 0.1),
    }
    spots |= {
        9: (-0.7, 0.1),
        17: (-0.75, 0.0),
        19: (-0.75, 0.0),
        21: (-0.75, 0.0),
        29: (0.8 * math.cos(a), 0.0),
    }
    spots |= {31: (0.9 * math.cos(a), 0.0), 1: (-0.77, 0.1), 3: (-0.77, 0.1)}
    for idx, (x, y) in spots.items():
        for k, depth in ((idx, -0.2), (MIRRORED[idx], 0.2)):
            image[k, :3] = [0.5 + feet * (shift_m + x) * 300 / 640, 0.7 - y * 300 / 480, depth]
    return image


def mirror(series: LandmarkSeries) -> LandmarkSeries:
    """The same person in a mirror: left and right change places."""
    image = series.image[:, MIRRORED].copy()
    image[:, :, 0] = 1.0 - image[:, :, 0]
    return LandmarkSeries(t_s=series.t_s, image=image, width_px=series.width_px, height_px=series.height_px)


def one(series: LandmarkSeries, i: int) -> LandmarkSeries:
    """Frame i of a recording as a live frame."""
    return LandmarkSeries(
        t_s=series.t_s[i : i + 1],
        image=series.image[i : i + 1],
        width_px=series.width_px,
        height_px=series.height_px,
    )


assert Landmark.LEFT_HIP == 23
