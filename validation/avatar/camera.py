"""Pinhole cameras and projections (metres, degrees, pixels)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from validation.avatar.rotations import Array

_NEAR_M, _FAR_M = 0.1, 12.0


def lookat(eye: ArrayLike, target: ArrayLike, up: ArrayLike = (0, 0, 1)) -> Array:
    """World to camera (x right, y up, looking along -z), shape (4, 4)."""
    eye, target = np.asarray(eye, float), np.asarray(target, float)
    f = target - eye
    f /= np.linalg.norm(f)
    s = np.cross(f, up)
    s /= np.linalg.norm(s)
    m = np.eye(4)
    m[0, :3], m[1, :3], m[2, :3] = s, np.cross(s, f), -f
    m[:3, 3] = -m[:3, :3] @ eye
    return m


def ortho(half: float, near: float, far: float) -> Array:
    """Parallel projection of a square of twice ``half`` metres, shape (4, 4)."""
    m = np.eye(4)
    m[0, 0], m[1, 1], m[2, 2] = 2 / (half - -half), 2 / (half - -half), -2 / (far - near)
    m[0, 3], m[1, 3], m[2, 3] = 0.0, 0.0, -(far + near) / (far - near)
    return m


class Camera:
    """A pinhole camera: place and target in metres, horizontal field of view and roll in degrees."""

    def __init__(
        self,
        eye: ArrayLike,
        target: ArrayLike,
        hfov: float = 65.0,
        width: int = 640,
        height: int = 480,
        roll: float = 0.0,
    ) -> None:
        self.eye = np.asarray(eye, float)
        self.w, self.h = width, height
        self.view = lookat(eye, target)
        if roll:
            t = np.radians(roll)
            turn = np.eye(4)
            turn[:2, :2] = [[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]
            self.view = turn @ self.view
        self.f = width / 2 / np.tan(np.radians(hfov) / 2)
        n, f = _NEAR_M, _FAR_M
        self.proj = np.array(
            [
                [2 * self.f / width, 0, 0, 0],
                [0, 2 * self.f / height, 0, 0],
                [0, 0, -(f + n) / (f - n), -2 * f * n / (f - n)],
                [0, 0, -1, 0],
            ]
        )

    def project(self, points: ArrayLike) -> tuple[Array, Array]:
        """World points to pixels (x right, y down) and to camera axes (x right, y down, z ahead, metres)."""
        c = np.asarray(points) @ self.view[:3, :3].T + self.view[:3, 3]
        cam = c * [1, -1, -1]
        x = self.w / 2 + self.f * cam[:, 0] / cam[:, 2]
        y = self.h / 2 + self.f * cam[:, 1] / cam[:, 2]
        return np.stack([x, y], 1), cam
