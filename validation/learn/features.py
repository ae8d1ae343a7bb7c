"""What the networks look at: landmarks in trunk lengths, the mirrored person, and honest variations.

In: landmarks in pixels (N, 33, 3), x to the right, y down, z away from the camera. Out: features (N, F),
dimensionless. The same arithmetic runs in ``src/unkink/body/learned.py``.
Next file: :mod:`validation.learn.table`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CARRIAGE = (11, 12, 23, 24, 0, 7, 8, 2, 5, 9, 10)
"""Shoulders, hips, nose, ears, eyes, corners of the mouth (MediaPipe's numbers)."""
SLOUCH = (*CARRIAGE, 13, 14)
"""The same and the elbows."""

ARM = (11, 13, 15, 12, 23, 24)
"""Own shoulder, elbow, wrist, other shoulder, own hip, other hip (of the left arm)."""

LEAST_REACH, REACH_FROM, REACH_OVER = 0.2, -0.05, 0.25
"""Least share of the network that knows the elbows; where its share begins to rise, and over how much: the
higher elbow above its shoulder, trunk lengths."""

_PAIRS = ((1, 4), (2, 5), (3, 6), (7, 8), (9, 10), *((i, i + 1) for i in range(11, 33, 2)))
_SWAP = np.arange(33)
for _a, _b in _PAIRS:
    _SWAP[_a], _SWAP[_b] = _b, _a


def mirror(points: Floats) -> Floats:
    """The mirrored person, (N, 33, 3) pixels: sides swapped, x reversed."""
    swapped = points[:, _SWAP].copy()
    swapped[:, :, 0] *= -1
    return swapped


def carriage(points: Floats, landmarks: tuple[int, ...]) -> Floats:
    """Landmarks about the trunk's middle, in trunk lengths, (N, 3K)."""
    shoulders, hips = points[:, 11:13, :3].mean(1), points[:, 23:25, :3].mean(1)
    middle = (shoulders + hips) / 2
    trunk = np.hypot(*(shoulders - hips)[:, :2].T)
    centred = (points[:, list(landmarks), :3] - middle[:, None]) / trunk[:, None, None]
    return centred.reshape(len(points), -1)


def change(points: Floats, neutral: Floats, landmarks: tuple[int, ...] = SLOUCH) -> Floats:
    """How landmarks moved since the neutral, then the neutral's, (N, 6K), trunk lengths.

    Both about their own hips' middle, both in the neutral's trunk lengths.
    """
    now, then = (_about_hips(p, neutral, landmarks) for p in (points, neutral))
    return np.concatenate([now - then, then], 1)


def _about_hips(points: Floats, neutral: Floats, landmarks: tuple[int, ...]) -> Floats:
    hips = points[:, 23:25, :3].mean(1)
    centred = (points[:, list(landmarks), :3] - hips[:, None]) / _trunk(neutral)[:, None, None]
    return centred.reshape(len(points), -1)


def _trunk(points: Floats) -> Floats:
    return np.hypot(*(points[:, 11:13, :2].mean(1) - points[:, 23:25, :2].mean(1)).T)


def arm(points: Floats) -> Floats:
    """The left arm and the trunk about the left shoulder, in trunk lengths, (N, 15)."""
    centred = (points[:, list(ARM[1:]), :3] - points[:, [ARM[0]], :3]) / _trunk(points)[:, None, None]
    return centred.reshape(len(points), -1)


def reach_share(points: Floats, neutral: Floats) -> Floats:
    """How much the network that knows the elbows counts for the turn, (N,): 0.2 arms down, 1 arms up."""
    lift = (points[:, 11:13, 1] - points[:, 13:15, 1]).max(1) / _trunk(neutral)
    up = np.clip((lift - REACH_FROM) / REACH_OVER, 0, 1)
    return LEAST_REACH + (1 - LEAST_REACH) * up * up * (3 - 2 * up)


def vary_depth(points: Floats, r: np.random.Generator, depth: float, trunk: float) -> Floats:
    """Other depth gains and trunk lengths, log-normal with these standard deviations.

    The pose model's depth is in no unit, and where it sees hips under loose clothes is uncertain.
    """
    points = points.copy()
    points[:, :, 2] *= np.exp(r.normal(0, depth, (len(points), 1)))
    if trunk:
        shoulders = points[:, 11:13].mean(1, keepdims=True)
        hips = points[:, 23:25]
        k = np.exp(r.normal(0, trunk, (len(points), 1, 1)))
        points[:, 23:25, :2] = shoulders[:, :, :2] + (hips[:, :, :2] - shoulders[:, :, :2]) * k
    return points


def vary_distance(points: Floats, r: np.random.Generator, size: float) -> Floats:
    """The person a little nearer or farther than in the neutral: log-normal with this standard deviation."""
    return points * np.exp(r.normal(0, size, (len(points), 1, 1)))
