"""What is true, in the names and signs of :mod:`unkink.body.quantities`.

In: the generator's columns per frame (left +), or the optical markers of a recording. Out: :class:`Truth`.
Next file: ``takes.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from unkink.body.quantities import RELATIVE

COLUMNS: dict[str, tuple[str, float]] = {
    "shoulder_turn_deg": ("shoulder_line_yaw_left", -1.0),
    "trunk_rotation_deg": ("axial_rotation_left", -1.0),
    "trunk_side_bend_deg": ("trunk_lean_right", 1.0),
    "trunk_lean_forward_deg": ("trunk_lean_forward", 1.0),
    "shoulder_line_tilt_deg": ("shoulder_line_tilt_right", 1.0),
    "left_shoulder_elevation_deg": ("left_shoulder_elevation", 1.0),
    "right_shoulder_elevation_deg": ("right_shoulder_elevation", 1.0),
    "left_elbow_flexion_deg": ("left_elbow_flexion", 1.0),
    "right_elbow_flexion_deg": ("right_elbow_flexion", 1.0),
    "head_rotation_deg": ("neck_rotation_left", -1.0),
    "left_knee_flexion_deg": ("left_knee_flexion", 1.0),
    "right_knee_flexion_deg": ("right_knee_flexion", 1.0),
}
"""Our quantity: the generator's column and the sign that makes it ours."""
SLIDE, HEAD_HEADING = "slide_m", "head_yaw_left"
KEPT = (*(column for column, _ in COLUMNS.values()), SLIDE, HEAD_HEADING)
"""All columns of the generator that are needed."""
NEUTRAL_S = 1.0
"""The first second is the person's neutral."""
FACE_SEEN_DEG = 60.0
"""The face counts as seen while the head is turned less than this from the camera."""
MEANINGLESS_LYING = frozenset(COLUMNS) - {"left_knee_flexion_deg", "right_knee_flexion_deg"}
"""Of who lies, angles against the room or measured from the front mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of a clip, seconds, half open."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a take shows, one row per frame of its landmarks."""

    values: Mapping[str, NDArray[np.float64]]
    """(N,) by quantity, degrees; against the neutral where the quantity is."""
    slide_m: NDArray[np.float64] | None = None
    """(N,), metres along the floor."""
    is_face_seen: NDArray[np.bool_] | None = None
    """(N,)."""
    phases: tuple[Phase, ...] = ()
    n_repetitions: int = 0


def to_truth(
    t_s: NDArray[np.float64],
    columns: Mapping[str, NDArray[np.float64]],
    phases: Sequence[str],
    *,
    n_repetitions: int,
    bearing_left_deg: float,
    is_lying: bool,
) -> Truth:
    """Turn the generator's columns, (N,) each, into ours.

    ``bearing_left_deg`` is where the camera stands, seen from the person: to the person's left +.
    """
    first = t_s - t_s[0] < NEUTRAL_S
    values = {}
    for quantity, (column, sign) in COLUMNS.items():
        if is_lying and quantity in MEANINGLESS_LYING:
            continue
        value = sign * columns[column]
        values[quantity] = value - np.median(value[first]) if quantity in RELATIVE else value
    from_camera_deg = (columns[HEAD_HEADING] - bearing_left_deg + 180.0) % 360.0 - 180.0
    return Truth(
        values=values,
        slide_m=columns[SLIDE] if is_lying else None,
        is_face_seen=np.abs(from_camera_deg) <= FACE_SEEN_DEG,
        phases=find_phases(t_s, phases),
        n_repetitions=n_repetitions,
    )


def find_phases(t_s: NDArray[np.float64], names: Sequence[str]) -> tuple[Phase, ...]:
    """Join equal neighbours, one name per frame (N,), into stretches of time."""
    edges = [0, *(i for i in range(1, len(names)) if names[i] != names[i - 1]), len(names)]
    step_s = float(np.median(np.diff(t_s)))
    ends = np.append(t_s, t_s[-1] + step_s)
    return tuple(
        Phase(name=str(names[a]), start_s=float(ends[a]), end_s=float(ends[b])) for a, b in pairwise(edges)
    )


def turn_of_line_deg(line: NDArray[np.float64], neutral: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn of a line from right to left (N, 3) about the vertical, against a neutral (3,), right +."""
    heading = np.arctan2(line[:, 1], line[:, 0]) - np.arctan2(neutral[1], neutral[0])
    return -np.degrees((heading + np.pi) % (2 * np.pi) - np.pi)


def bend_of_line_deg(up: NDArray[np.float64], to_left: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lean of a line upwards (N, 3) away from the person's left (3,), in the frontal plane, right +."""
    left = to_left[:2] / np.hypot(to_left[0], to_left[1])
    return np.degrees(np.arctan2(-(up[:, :2] @ left), up[:, 2]))
