"""Synthetic people: motions whose every angle is known in closed form.

In: a script of movements. Out: a :class:`SyntheticMotion` with landmarks, as a landmarker would give them,
and the truth beside them. For tests, and for trying a whole session without any camera or model. Next
file: :mod:`unkink.body.landmarks`.

The figure is a stick man seen through a pinhole; its depth is stretched as raw landmark depth is. It moves
on minimum-jerk ways, as people do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from unkink.body.landmarks import N_LANDMARKS, LandmarkSeries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RAW_DEPTH_GAIN = 2.0
"""How much too large a landmarker's image depth is for a person who fills half the picture."""
FOCAL_NORM = 1.2
"""Focal length over picture width: an ordinary webcam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One piece of a script: within ``duration_s`` the named angles go to their new values."""

    duration_s: float
    phase: str
    turn_deg: float | None = None
    bend_deg: float | None = None
    left_elevation_deg: float | None = None
    right_elevation_deg: float | None = None
    slide_m: float | None = None
    head_deg: float | None = None
    """Head against the shoulders, right +."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticMotion:
    """A synthetic recording with its truth."""

    series: LandmarkSeries
    phases: tuple[tuple[str, float, float], ...]
    """(phase, start, end) of each move, seconds."""
    turn_deg: NDArray[np.float64]
    """(N,), degrees, right +."""
    bend_deg: NDArray[np.float64]
    """(N,), degrees, right +."""
    elevation_deg: NDArray[np.float64]
    """(N, 2), degrees, left and right."""

    def frames(self) -> Iterator[LandmarkSeries]:
        """Yield the pictures one by one (``t_s`` in seconds)."""
        series = self.series
        for i in range(len(series)):
            yield LandmarkSeries(
                t_s=series.t_s[i : i + 1],
                image=series.image[i : i + 1],
                width_px=series.width_px,
                height_px=series.height_px,
            )


def make_motion(
    script: tuple[Move, ...],
    *,
    hz: float = 15.0,
    distance_m: float = 3.4,
    across_m: float = 0.0,
    size: float = 1.0,
    jitter_m: float = 0.0,
    seed: int = 0,
    is_lying: bool = False,
) -> SyntheticMotion:
    """Play a script.

    Parameters
    ----------
    script : tuple of Move
    hz : float, pictures a second
    distance_m, across_m : float, metres; where the person is
    size : float, 1 is a grown person
    jitter_m : float, metres; standard deviation of every landmark
    seed : int
    is_lying : bool
        On the back, seen from the side (for the roller), instead of upright and facing the camera.

    Returns
    -------
    SyntheticMotion
    """
    t_s, values, phases = _play(script, hz)
    n = t_s.shape[0]
    points = np.zeros((n, N_LANDMARKS, 3))
    for i in range(n):
        points[i] = _lying(values[i, 4]) if is_lying else _upright(*values[i, :4], head_deg=values[i, 5])
    points *= size
    if jitter_m > 0.0:
        points += np.random.default_rng(seed).normal(0.0, jitter_m, points.shape)
    series = _photograph(t_s, points, distance_m=distance_m, across_m=across_m)
    return SyntheticMotion(
        series=series,
        phases=phases,
        turn_deg=values[:, 0],
        bend_deg=values[:, 1],
        elevation_deg=values[:, 2:4],
    )


def _play(
    script: tuple[Move, ...], hz: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[tuple[str, float, float], ...]]:
    """Return times (N,), values (N, 6) and the phases, seconds."""
    names = ("turn_deg", "bend_deg", "left_elevation_deg", "right_elevation_deg", "slide_m", "head_deg")
    now = np.array([0.0, 0.0, 12.0, 12.0, 0.0, 0.0])
    phases: list[tuple[str, float, float]] = []
    keys = [(0.0, now)]
    for move in script:
        start_s = keys[-1][0]
        wanted = [getattr(move, name) for name in names]
        now = np.array([old if new is None else new for old, new in zip(now, wanted, strict=True)])
        keys.append((start_s + move.duration_s, now))
        phases.append((move.phase, start_s, start_s + move.duration_s))
    t_s = np.arange(0.0, keys[-1][0], 1.0 / hz)
    starts = np.array([k[0] for k in keys])
    which = np.clip(np.searchsorted(starts, t_s, side="right") - 1, 0, len(keys) - 2)
    levels = np.stack([k[1] for k in keys])
    x = (t_s - starts[which]) / np.maximum(starts[which + 1] - starts[which], 1e-9)
    share = x**3 * (10.0 + x * (6.0 * x - 15.0))  # minimum jerk
    values = levels[which] + (levels[which + 1] - levels[which]) * share[:, None]
    return t_s, values, tuple(phases)


def _spin(v: tuple[float, float, float], turn_deg: float) -> NDArray[np.float64]:
    """Turn a point to the person's right about the vertical (x right, y down, z away; facing the camera)."""
    a = math.radians(turn_deg)
    return np.array([v[0] * math.cos(a) + v[2] * math.sin(a), v[1], -v[0] * math.sin(a) + v[2] * math.cos(a)])


def _upright(
    turn_deg: float, bend_deg: float, left_deg: float, right_deg: float, head_deg: float = 0.0
) -> NDArray[np.float64]:
    """Return (33, 3) metres, origin between the hips."""
    p = np.zeros((N_LANDMARKS, 3))
    b = math.radians(bend_deg)
    up = np.array([-math.sin(b), -math.cos(b), 0.0])  # the person's right is on the picture's left
    across = (math.cos(b), -math.sin(b), 0.0)
    chest = 0.5 * up
    for hip, knee, ankle, shoulder, elbow, wrist, sign, elevation_deg in (
        (23, 25, 27, 11, 13, 15, 1.0, left_deg),
        (24, 26, 28, 12, 14, 16, -1.0, right_deg),
    ):
        p[hip], p[knee], p[ankle] = (
            (0.12 * sign, 0.0, 0.0),
            (0.12 * sign, 0.42, 0.0),
            (0.12 * sign, 0.84, 0.0),
        )
        p[shoulder] = chest + _spin(tuple(0.18 * sign * c for c in across), turn_deg)  # type: ignore[arg-type]
        out = _spin(tuple(sign * c for c in across), turn_deg)  # type: ignore[arg-type]
        e = math.radians(elevation_deg)
        arm = -math.cos(e) * up + math.sin(e) * out
        p[elbow] = p[shoulder] + 0.28 * arm
        p[wrist] = p[elbow] + 0.26 * arm
        for finger in (17, 19, 21) if sign > 0 else (18, 20, 22):
            p[finger] = p[wrist] + 0.08 * arm
        for foot in (29, 31) if sign > 0 else (30, 32):
            p[foot] = p[ankle] + (0.0, 0.06, -0.05)
    head = {0: (0.0, -0.02, -0.11), 7: (0.075, -0.03, 0.0), 8: (-0.075, -0.03, 0.0)}
    head |= dict.fromkeys((1, 2, 3), (0.03, -0.05, -0.09)) | dict.fromkeys((4, 5, 6), (-0.03, -0.05, -0.09))
    head |= {9: (0.025, 0.03, -0.09), 10: (-0.025, 0.03, -0.09)}
    for idx, place in head.items():
        p[idx] = chest + 0.22 * up + _spin(place, turn_deg + head_deg)
    return p


def _lying(slide_m: float) -> NDArray[np.float64]:
    """Return (33, 3) metres: on the back, head to the picture's left, knees bent, feet flat."""
    p = np.zeros((N_LANDMARKS, 3))
    places = {23: (0.0, 0.0), 25: (0.31, -0.31), 27: (0.62, 0.0), 29: (0.6, 0.03), 31: (0.7, 0.02)}
    places |= {
        11: (-0.5, -0.05),
        13: (-0.72, -0.14),
        15: (-0.78, -0.05),
        17: (-0.8, -0.03),
        19: (-0.8, -0.03),
    }
    places |= {21: (-0.8, -0.03), 0: (-0.76, -0.16), 7: (-0.74, -0.05), 9: (-0.72, -0.15)}
    places |= dict.fromkeys((1, 2, 3), (-0.78, -0.15))
    twins = {23: 24, 25: 26, 27: 28, 29: 30, 31: 32, 11: 12, 13: 14, 15: 16, 17: 18, 19: 20, 21: 22}
    twins |= {7: 8, 9: 10, 1: 4, 2: 5, 3: 6}
    for idx, (x, y) in places.items():
        near = 0.0 if idx == 0 else -0.15
        p[idx] = (x + slide_m, y, near)
        if idx in twins:
            p[twins[idx]] = (x + slide_m, y, 0.15)
    return p


def _photograph(
    t_s: NDArray[np.float64], points: NDArray[np.float64], *, distance_m: float, across_m: float
) -> LandmarkSeries:
    """Project (N, 33, 3) metres through a pinhole."""
    width_px, height_px = 640, 480
    depth = distance_m + points[:, :, 2]
    image = np.ones((points.shape[0], N_LANDMARKS, 4))
    image[:, :, 0] = 0.5 + FOCAL_NORM * (across_m + points[:, :, 0]) / depth
    image[:, :, 1] = 0.5 + FOCAL_NORM * width_px / height_px * points[:, :, 1] / depth
    image[:, :, 2] = RAW_DEPTH_GAIN * FOCAL_NORM * points[:, :, 2] / distance_m
    inside = np.all((image[:, :, :2] > 0.0) & (image[:, :, :2] < 1.0), axis=2)
    image[:, :, 3] = np.where(inside, 1.0, 0.0)
    return LandmarkSeries(t_s=t_s, image=image, width_px=width_px, height_px=height_px)


def _side_script(quantity: str, level: float, hold_s: float, move_s: float) -> tuple[Move, ...]:
    moves: list[Move] = []
    for sign, side in ((1.0, "right"), (-1.0, "left")):
        moves += [
            Move(duration_s=move_s, phase=f"to_{side}", **{quantity: sign * level}),  # type: ignore[arg-type]
            Move(duration_s=hold_s, phase=f"hold_{side}"),
            Move(duration_s=move_s, phase="return", **{quantity: 0.0}),  # type: ignore[arg-type]
            Move(duration_s=1.5, phase="neutral"),
        ]
    return tuple(moves)


def make_check_script(
    *,
    turn_deg: tuple[float, float] = (40.0, 35.0),
    bend_deg: tuple[float, float] = (20.0, 17.0),
    head_deg: tuple[float, float] = (40.0, 35.0),
    warm_up_s: float = 0.4,
    wait_s: float = 1.5,
    move_s: float = 1.5,
) -> tuple[Move, ...]:
    """Return the script of a mobility check: right and left of each movement, degrees; seconds."""
    moves = [Move(duration_s=2.0, phase="neutral")]

    def go(name: str, quantity: str, level: float, hold_s: float) -> None:
        moves.extend(
            (
                Move(duration_s=move_s, phase=f"{name}_to", **{quantity: level}),  # type: ignore[arg-type]
                Move(duration_s=hold_s, phase=f"{name}_hold"),
                Move(duration_s=move_s, phase="return", **{quantity: 0.0}),  # type: ignore[arg-type]
                Move(duration_s=0.6, phase="neutral"),
            )
        )

    for level in (24.0, -24.0, 24.0, -24.0, 24.0):
        go("warm_up", "turn_deg", level, warm_up_s)
    for name, (right, left) in (("turn", turn_deg), ("bend", bend_deg), ("head", head_deg)):
        moves.append(Move(duration_s=2.0, phase="neutral"))
        for _ in range(3):
            go(name, f"{name}_deg", right, wait_s)
            go(name, f"{name}_deg", -left, wait_s)
    moves.append(Move(duration_s=2.0, phase="neutral"))
    return tuple(moves)


def make_script(
    exercise_id: str, *, level_deg: float = 30.0, hold_s: float = 15.0, move_s: float = 3.0
) -> tuple[Move, ...]:
    """Return the script of a correct performance of a technique (degrees, seconds).

    Raises
    ------
    KeyError
        If there is no such technique.
    """
    still = Move(duration_s=2.0, phase="neutral")
    if exercise_id == "seated-twist":
        return (still, *_side_script("turn_deg", level_deg, hold_s, move_s))
    if exercise_id == "standing-side-stretch":
        up = Move(duration_s=2.5, phase="arms_up", left_elevation_deg=165.0, right_elevation_deg=165.0)
        return (still, up, *_side_script("bend_deg", min(level_deg, 25.0), hold_s, move_s))
    if exercise_id == "wall-angels":
        up = Move(duration_s=3.0, phase="raising", left_elevation_deg=160.0, right_elevation_deg=160.0)
        down = Move(duration_s=4.0, phase="lowering", left_elevation_deg=90.0, right_elevation_deg=90.0)
        return (still, up, *(down, up) * 6)
    if exercise_id == "foam-roller":
        pair = (
            Move(duration_s=3.0, phase="to_feet", slide_m=0.12),
            Move(duration_s=3.0, phase="to_head", slide_m=0.0),
        )
        return (still, *pair * 6)
    raise KeyError(exercise_id)
