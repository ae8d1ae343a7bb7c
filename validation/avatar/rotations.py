"""Rotations of a person's segments, in degrees.

World axes, metres, right-handed: x to the person's left, -y forward at rest, z up. A segment's rotation
leads from rest to the posture. Next file: ``rig.py``.
"""

from __future__ import annotations

import numpy as np
from numpy import arccos, arcsin, arctan2, cos, degrees, radians, sin
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
X, Y, Z = np.eye(3)
_TINY = 1e-9
_STILL_RAD = 1e-7
_NEARLY_X = 0.9


def rot(axis: ArrayLike, angle_deg: float) -> Array:
    """Right-handed rotation about an axis, shape (3, 3)."""
    a = np.asarray(axis, float)
    a = a / np.linalg.norm(a)
    t = radians(angle_deg)
    k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    return np.eye(3) + sin(t) * k + (1 - cos(t)) * k @ k


def unit(v: Array) -> Array:
    """Direction of a vector."""
    return v / max(np.linalg.norm(v), 1e-12)


def between(a: Array, b: Array) -> Array:
    """Smallest rotation that takes direction ``a`` to direction ``b``."""
    a, b = unit(a), unit(b)
    c = np.cross(a, b)
    s = np.linalg.norm(c)
    if s < _TINY:
        return np.eye(3) if a @ b > 0 else rot(unit(np.cross(a, X if abs(a[0]) < _NEARLY_X else Y)), 180)
    return rot(c / s, degrees(arctan2(s, a @ b)))


def rotvec(rotation: Array) -> Array:
    """Axis of a rotation times its angle in radians."""
    c = np.clip((np.trace(rotation) - 1) / 2, -1, 1)
    t = arccos(c)
    if t < _STILL_RAD:
        return np.zeros(3)
    r = rotation
    v = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]])
    n = np.linalg.norm(v)
    return np.zeros(3) if n < _TINY else v / n * t


def frac(rotation: Array, k: float) -> Array:
    """``k`` (0 to 1) of the way from no rotation to this one."""
    v = rotvec(rotation)
    n = np.linalg.norm(v)
    return np.eye(3) if n < _TINY else rot(v / n, degrees(n) * k)


def anat(flex: float = 0.0, side: float = 0.0, twist: float = 0.0) -> Array:
    """Rotation from angles in degrees: bend forward +, to the right +, turn to the left +."""
    return rot(Z, twist) @ rot(Y, -side) @ rot(X, flex)


def anat_angles(rotation: Array) -> tuple[float, float, float]:
    """Flexion, side bend to the right and turn to the left in degrees: the inverse of :func:`anat`."""
    side = -degrees(arcsin(np.clip(-rotation[2, 0], -1, 1)))
    flex = degrees(arctan2(rotation[2, 1], rotation[2, 2]))
    twist = degrees(arctan2(rotation[1, 0], rotation[0, 0]))
    return flex, side, twist
