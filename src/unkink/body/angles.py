"""The quantities of one frame or a whole recording, against the camera (the neutral is subtracted later).

In: :class:`~unkink.body.arithmetic.Points`. Out: one lane per quantity in degrees or norm, with its standard deviation. Every
formula serves the live frame (floats) and the recording (columns); movements in the picture plane are measured in it,
because a webcam's depth is a guess. Next file: :mod:`unkink.body.uncertainty`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unkink.body.arithmetic import ARRAY, TINY, Arithmetic, Lane, Points, to_columns
from unkink.body.axes import DEG, bend_right_deg, flexion_deg, tilt_right_deg, turn_right_deg, wrap_deg
from unkink.body.landmarks import Landmark, LandmarkSeries
from unkink.body.quantities import QUANTITIES, QuantitySeries
from unkink.body.slouch import compute_slouch_norm
from unkink.body.turn import DepthMemory, compute_shoulder_turn_deg, remember, shoulder_line
from unkink.body.uncertainty import MIN_VISIBILITY, compute_sd

_NOSE, _LEAR, _REAR = int(Landmark.NOSE), int(Landmark.LEFT_EAR), int(Landmark.RIGHT_EAR)
_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LE, _RE = int(Landmark.LEFT_ELBOW), int(Landmark.RIGHT_ELBOW)
_LW, _RW = int(Landmark.LEFT_WRIST), int(Landmark.RIGHT_WRIST)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)
_LK, _RK = int(Landmark.LEFT_KNEE), int(Landmark.RIGHT_KNEE)
_LA, _RA = int(Landmark.LEFT_ANKLE), int(Landmark.RIGHT_ANKLE)

_NOSE_REACH = 1.5
"""Distance between the ears over the nose's distance ahead of them: turns the nose's offset into an angle."""
_TRUNK_OF_BODY = 0.29
"""Hip to shoulder over body length."""
_SIDE_ON_DEG = 50.0
_PELVIS_SHARE = 0.15
"""How much of a seated person's shoulder turn is the pelvis following, on average: it cannot be seen from one webcam."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the formulas share, in pixels of one common scale."""

    trunk_px: Lane
    width: Lane
    """Shoulder line in the picture, trunk lengths, left end to the right +."""
    depth: Lane
    """Raw depth of the shoulder line, trunk lengths, right end farther +."""
    is_lying: Lane


def compute_frame(p: Points, m: Arithmetic) -> Frame:
    """Return what the formulas share: trunk length in pixels, shoulder line in trunk lengths."""
    dx = 0.5 * (p.x[_LS] + p.x[_RS] - p.x[_LH] - p.x[_RH])
    dy = 0.5 * (p.y[_LS] + p.y[_RS] - p.y[_LH] - p.y[_RH])
    trunk_px = m.hypot(dx, dy) + TINY
    width, depth = shoulder_line(p, trunk_px)
    return Frame(trunk_px, width, depth, m.absolute(dx) > m.absolute(dy))


def compute_values(p: Points, frame: Frame, gain: Lane, scale_px: Lane, m: Arithmetic) -> tuple[Lane, ...]:
    """All quantities against the camera.

    Parameters
    ----------
    p : Points, pixels
    frame : Frame
    gain : float or ndarray (N,), depth gain, dimensionless
    scale_px : float or ndarray (N,), steadied trunk length, pixels
    m : Arithmetic

    Returns
    -------
    tuple of float or ndarray (N,), one per name in ``QUANTITIES``, degrees or norm
    """
    x, y, z = p.x, p.y, p.z
    shoulder_x, shoulder_y = 0.5 * (x[_LS] + x[_RS]), 0.5 * (y[_LS] + y[_RS])
    hip_x, hip_y = 0.5 * (x[_LH] + x[_RH]), 0.5 * (y[_LH] + y[_RH])
    up_x, up_y = shoulder_x - hip_x, shoulder_y - hip_y

    turn_deg = compute_shoulder_turn_deg(frame.width, frame.depth, gain, m)
    is_side_on = (m.absolute(turn_deg) > _SIDE_ON_DEG) | frame.is_lying
    line_px = m.hypot(frame.width, gain * frame.depth) * frame.trunk_px + TINY
    # Where the chest points, as a direction in the picture and into it.
    ahead_x, ahead_z = -gain * frame.depth * frame.trunk_px / line_px, -frame.width * frame.trunk_px / line_px

    trunk_z = gain * 0.5 * (z[_LS] + z[_RS] - z[_LH] - z[_RH])
    lean_deg = turn_right_deg(up_x * ahead_x + trunk_z * ahead_z, -up_y, m)

    ear_x, ear_y, ear_z = (
        0.5 * (x[_LEAR] + x[_REAR]),
        0.5 * (y[_LEAR] + y[_REAR]),
        0.5 * (z[_LEAR] + z[_REAR]),
    )
    head_deg = turn_right_deg(_NOSE_REACH * (ear_x - x[_NOSE]), x[_LEAR] - x[_REAR], m)
    head_x, head_z = ear_x - shoulder_x, gain * (ear_z - 0.5 * (z[_LS] + z[_RS]))
    del ear_y

    feet_x = m.choose(hip_x > shoulder_x, 1.0, -1.0)
    slide = feet_x * (0.5 * (shoulder_x + hip_x) - 0.5 * p.width_px) * _TRUNK_OF_BODY / (scale_px + TINY)

    nan = math.nan
    return (
        turn_deg,
        (1.0 - _PELVIS_SHARE) * turn_deg,
        m.choose(is_side_on, nan, bend_right_deg(up_x, up_y, m)),
        lean_deg,
        m.choose(is_side_on, nan, tilt_right_deg(y[_RS] - y[_LS], line_px, m)),
        flexion_deg(-up_x, -up_y, x[_LE] - x[_LS], y[_LE] - y[_LS], m),
        flexion_deg(-up_x, -up_y, x[_RE] - x[_RS], y[_RE] - y[_RS], m),
        flexion_deg(x[_LE] - x[_LS], y[_LE] - y[_LS], x[_LW] - x[_LE], y[_LW] - y[_LE], m),
        flexion_deg(x[_RE] - x[_RS], y[_RE] - y[_RS], x[_RW] - x[_RE], y[_RW] - y[_RE], m),
        m.choose(frame.is_lying, nan, wrap_deg(head_deg - turn_deg)),
        m.choose(frame.is_lying, nan, (head_x * ahead_x + head_z * ahead_z) / line_px),
        m.choose(
            is_side_on,
            flexion_deg(x[_LK] - x[_LH], y[_LK] - y[_LH], x[_LA] - x[_LK], y[_LA] - y[_LK], m),
            nan,
        ),
        m.choose(
            is_side_on,
            flexion_deg(x[_RK] - x[_RH], y[_RK] - y[_RH], x[_RA] - x[_RK], y[_RA] - y[_RK], m),
            nan,
        ),
        m.choose(frame.is_lying, slide, nan),
        m.choose(is_side_on, nan, compute_slouch_norm(p, line_px, m)),
    )


def compute_seen(p: Points, m: Arithmetic) -> tuple[Lane, ...]:
    """Visibility 0..1 of the worst landmark that each quantity stands on, one per name in ``QUANTITIES``."""
    v, least, most = p.seen, m.least, m.most
    shoulders, hips = least(v[_LS], v[_RS]), least(v[_LH], v[_RH])
    trunk = least(shoulders, hips)
    side = least(most(v[_LS], v[_RS]), most(v[_LH], v[_RH]))
    head = least(v[_NOSE], most(v[_LEAR], v[_REAR]))
    left_arm, right_arm = least(v[_LS], v[_LE]), least(v[_RS], v[_RE])
    both = least(shoulders, head)
    return (
        shoulders,
        shoulders,
        trunk,
        trunk,
        shoulders,
        least(left_arm, hips),
        least(right_arm, hips),
        least(left_arm, v[_LW]),
        least(right_arm, v[_RW]),
        both,
        both,
        least(least(v[_LH], v[_LK]), v[_LA]),
        least(least(v[_RH], v[_RK]), v[_RA]),
        side,
        both,
    )


def steady_scale(scale_px: float, trunk_px: float, dt_s: float) -> float:
    """Follow the trunk's length in pixels slowly (time constant 5 s), so that its jitter does not move the slide."""
    if not trunk_px > 1.0:
        return scale_px
    if not scale_px > 0.0:
        return trunk_px
    return scale_px + min(max(dt_s, 0.0), 0.5) / 5.0 * (trunk_px - scale_px)


def compute_all(series: LandmarkSeries) -> QuantitySeries:
    """All quantities of a recording against the camera, by the same formulas and the same memory as live.

    Parameters
    ----------
    series : LandmarkSeries, N frames

    Returns
    -------
    QuantitySeries
        (N, Q) degrees or norm; NaN where unmeasured.
    """
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        p = to_columns(series)
        frame = compute_frame(p, ARRAY)
        gain, scale_px = _replay_memory(series.t_s, frame)
        values = compute_values(p, frame, gain, scale_px, ARRAY)
        seen = compute_seen(p, ARRAY)
        n = len(series)
        out, sds = np.empty((n, len(QUANTITIES))), np.empty((n, len(QUANTITIES)))
        for i, (value, visibility) in enumerate(zip(values, seen, strict=True)):
            ok = np.asarray(visibility >= MIN_VISIBILITY) & np.isfinite(value)
            out[:, i] = np.where(ok, value, np.nan)
            sds[:, i] = np.where(ok, compute_sd(i, value, visibility, ARRAY), np.nan)
    return QuantitySeries(t_s=series.t_s, values=out, sds=sds)


def _replay_memory(t_s: NDArray[np.float64], frame: Frame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Depth gain and steadied trunk length of every frame, each knowing only its past, shape (N,) each."""
    n = len(t_s)
    gain, scale = np.empty(n), np.empty(n)
    memory, scale_px, last_s = DepthMemory(), 0.0, math.nan
    times, widths = t_s.tolist(), frame.width.tolist()
    depths, trunks, lying = frame.depth.tolist(), frame.trunk_px.tolist(), frame.is_lying.tolist()
    for i in range(n):
        dt_s = times[i] - last_s
        if dt_s > 0.0 and not lying[i]:
            memory = remember(memory, widths[i], depths[i], dt_s)
        scale_px = steady_scale(scale_px, trunks[i], dt_s if dt_s > 0.0 else 0.0)
        last_s = times[i] if not times[i] <= last_s else last_s
        gain[i], scale[i] = memory.gain, scale_px
    return gain, scale


__all__ = ["DEG", "Frame", "compute_all", "compute_frame", "compute_seen", "compute_values", "steady_scale"]
