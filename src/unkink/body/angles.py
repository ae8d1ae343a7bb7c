"""The quantities of one frame or a whole recording, against the camera (the neutral is subtracted later).

In: :class:`~unkink.body.arithmetic.Points`. Out: one lane per quantity in degrees or norm, with its standard
deviation. Every formula serves the live frame (floats) and the recording (columns). Movements in the picture
plane are measured in it, because a webcam's depth is a guess; turns and lean come from the learned
correction where it applies, else from the depth gain. Next file: :mod:`unkink.body.uncertainty`.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from unkink.body.arithmetic import ARRAY, TINY, Arithmetic, Lane, Points, to_columns
from unkink.body.axes import bend_right_deg, flexion_deg, tilt_right_deg, turn_right_deg, wrap_deg
from unkink.body.landmarks import Landmark, LandmarkSeries
from unkink.body.learned import Arm, Learned, judge_recorded_arms, judge_recording
from unkink.body.quantities import QUANTITIES, QuantitySeries
from unkink.body.turn import DepthMemory, compute_shoulder_turn_deg, remember, shoulder_line
from unkink.body.uncertainty import MIN_VISIBILITY, Z_90, compute_sd

_NOSE, _LEAR, _REAR = int(Landmark.NOSE), int(Landmark.LEFT_EAR), int(Landmark.RIGHT_EAR)
_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LE, _RE = int(Landmark.LEFT_ELBOW), int(Landmark.RIGHT_ELBOW)
_LW, _RW = int(Landmark.LEFT_WRIST), int(Landmark.RIGHT_WRIST)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)
_LK, _RK = int(Landmark.LEFT_KNEE), int(Landmark.RIGHT_KNEE)
_LA, _RA = int(Landmark.LEFT_ANKLE), int(Landmark.RIGHT_ANKLE)

_TRUNK_OF_BODY = 0.29
"""Hip to shoulder over body length."""
_SIDE_ON_DEG = 75.0
"""Turned farther than this, what happens in the picture plane is no longer a side bend."""
_LEARNED_WIDTH = 0.1
"""Shoulder line's width in trunk lengths below which the learned correction was never shown anybody."""
_UPPER_ARM2, _FOREARM2 = 0.75**2, 0.6**2
"""Squared lengths of upper arm and forearm over the shoulder line's, a little short: an arm in the picture
plane raises no doubt."""
_OUT_OF_PLANE_DEG = 50.0
"""SD of an arm's angle when the arm points at the camera."""
_IN_PLANE_DEG = 6.0
"""SD of an arm's angle in the picture plane."""
_HANGING_DEG = 12.0
"""SD of the elevation of an arm that hangs."""
_LAP_DEG = 25.0
"""SD of the flexion of an elbow above its hand: hands on the lap, arms crossed."""
_ARM_TRUST = 0.85
"""Errors in whole exercises over errors of single pictures."""
PELVIS_SHARE = 0.15
"""How much of a seated person's shoulder turn is the pelvis following, on average: it cannot be seen from one
webcam."""


class Frame(msgspec.Struct, frozen=True):
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


def compute_values(
    p: Points,
    frame: Frame,
    gain: Lane,
    scale_px: Lane,
    learned: Learned,
    arms: tuple[Arm, Arm],
    m: Arithmetic,
) -> tuple[tuple[Lane, ...], tuple[Lane, ...]]:
    """All quantities against the camera, and how far each is open to doubt beyond its usual error.

    Parameters
    ----------
    p : Points, pixels
    frame : Frame
    gain : float or ndarray (N,), depth gain, dimensionless
    scale_px : float or ndarray (N,), steadied trunk length, pixels
    learned : Learned, degrees and norm
    arms : tuple of Arm, left and right, degrees
    m : Arithmetic

    Returns
    -------
    tuple of values and doubts
        Each one float or ndarray (N,) per name in ``QUANTITIES``, degrees or norm.
    """
    x, y = p.x, p.y
    choose, nan = m.choose, math.nan
    shoulder_x = 0.5 * (x[_LS] + x[_RS])
    hip_x = 0.5 * (x[_LH] + x[_RH])
    up_x, up_y = shoulder_x - hip_x, 0.5 * (y[_LS] + y[_RS] - y[_LH] - y[_RH])

    simple_deg = compute_shoulder_turn_deg(frame.width, frame.depth, gain, m)
    is_known = (frame.width > _LEARNED_WIDTH) & (learned.shoulder_turn_deg == learned.shoulder_turn_deg)
    turn_deg = choose(is_known, learned.shoulder_turn_deg, simple_deg)
    is_side_on = (m.absolute(turn_deg) > _SIDE_ON_DEG) | frame.is_lying
    line_px = m.hypot(frame.width, gain * frame.depth) * frame.trunk_px + TINY

    simple_lean_deg, head_forward = _compute_sagittal(p, frame, gain, line_px, m)
    lean_deg = choose(is_known, learned.lean_forward_deg, simple_lean_deg)
    head_deg = choose(is_known, learned.head_turn_deg, nan)

    feet_x = choose(hip_x > shoulder_x, 1.0, -1.0)
    slide = feet_x * (0.5 * (shoulder_x + hip_x) - 0.5 * p.width_px) * _TRUNK_OF_BODY / (scale_px + TINY)

    left, right = (
        _compute_arm(p, (_LS, _LE, _LW), (up_x, up_y), line_px, arms[0], m),
        _compute_arm(p, (_RS, _RE, _RW), (up_x, up_y), line_px, arms[1], m),
    )
    values = (
        turn_deg,
        (1.0 - PELVIS_SHARE) * turn_deg,
        choose(is_side_on, nan, bend_right_deg(up_x, up_y, m)),
        choose(frame.is_lying, nan, lean_deg),
        choose(is_side_on, nan, tilt_right_deg(y[_RS] - y[_LS], line_px, m)),
        choose(frame.is_lying, nan, left[0]),
        choose(frame.is_lying, nan, right[0]),
        choose(frame.is_lying, nan, left[2]),
        choose(frame.is_lying, nan, right[2]),
        choose(is_side_on, nan, head_deg - turn_deg),
        choose(frame.is_lying, nan, head_forward),
        choose(is_side_on, _compute_knee(p, _LH, _LK, _LA, m), nan),
        choose(is_side_on, _compute_knee(p, _RH, _RK, _RA, m), nan),
        choose(frame.is_lying, slide, nan),
        choose(is_side_on | (is_known == 0), nan, learned.slouch_norm),
    )
    # What makes the turn worse: the two models disagree, the head is turned otherwise, arms are overhead.
    apart_deg = m.absolute(wrap_deg(simple_deg - turn_deg))
    head_apart_deg = choose(is_known, m.absolute(head_deg - turn_deg), 40.0)
    has_arms_up = (y[_LE] < y[_LS]) | (y[_RE] < y[_RS])
    turn_doubt = 0.15 * apart_deg + 0.2 * head_apart_deg + choose(has_arms_up, 5.0, 0.0)
    off_plane_deg = m.absolute(turn_deg)
    lean_doubt = 0.04 * off_plane_deg + choose(is_known, 0.0, 10.0)
    tilt_doubt, bend_doubt, head_doubt = 0.1 * off_plane_deg, 0.04 * off_plane_deg, 0.2 * off_plane_deg
    doubts = (
        turn_doubt,
        turn_doubt,
        bend_doubt,
        lean_doubt,
        tilt_doubt,
        left[1],
        right[1],
        left[3],
        right[3],
    )
    knee_doubt = 0.8 * m.absolute(90.0 - off_plane_deg)
    return values, (*doubts, head_doubt, 0.0, knee_doubt, knee_doubt, 0.0, 0.0)


def _compute_sagittal(p: Points, frame: Frame, gain: Lane, line_px: Lane, m: Arithmetic) -> tuple[Lane, Lane]:
    """Trunk lean (degrees) and how far the ears are ahead of the shoulders (shoulder widths), by depth."""
    x, z = p.x, p.z
    # Where the chest points, as a direction in the picture and into it.
    ahead_x, ahead_z = -gain * frame.depth * frame.trunk_px / line_px, -frame.width * frame.trunk_px / line_px
    shoulder_x, shoulder_z = 0.5 * (x[_LS] + x[_RS]), 0.5 * (z[_LS] + z[_RS])
    up_x = shoulder_x - 0.5 * (x[_LH] + x[_RH])
    up_y = 0.5 * (p.y[_LS] + p.y[_RS] - p.y[_LH] - p.y[_RH])
    up_z = gain * (shoulder_z - 0.5 * (z[_LH] + z[_RH]))
    head_x = 0.5 * (x[_LEAR] + x[_REAR]) - shoulder_x
    head_z = gain * (0.5 * (z[_LEAR] + z[_REAR]) - shoulder_z)
    lean_deg = turn_right_deg(up_x * ahead_x + up_z * ahead_z, -up_y, m)
    return lean_deg, (head_x * ahead_x + head_z * ahead_z) / line_px


def _compute_arm(
    p: Points, joints: tuple[int, int, int], up: tuple[Lane, Lane], line_px: Lane, arm: Arm, m: Arithmetic
) -> tuple[Lane, Lane, Lane, Lane]:
    """Elevation, its doubt, elbow flexion, its doubt, degrees.

    The angles in the picture plane and what was learned, each by how sure it is: the plane's are doubted as
    far as the arm leaves it, the learned ones as far as the arm is from anything learned.
    """
    x, y = p.x, p.y
    shoulder, elbow, wrist = joints
    ux, uy = x[elbow] - x[shoulder], y[elbow] - y[shoulder]
    fx, fy = x[wrist] - x[elbow], y[wrist] - y[elbow]
    upper2, fore2, line2 = ux * ux + uy * uy, fx * fx + fy * fy, line_px * line_px + TINY
    # How short each bone looks tells how far it points at the camera.
    upper_out = m.most(1.0 - upper2 / (_UPPER_ARM2 * line2), 0.0)
    fore_out = m.most(1.0 - fore2 / (_FOREARM2 * line2), 0.0)
    # A hanging arm may well reach forward, which the picture does not show.
    hangs = m.most(uy / (m.sqrt(upper2) + TINY), 0.0)
    elevation_doubt = _OUT_OF_PLANE_DEG * upper_out + _HANGING_DEG * hangs
    elbow_doubt = _OUT_OF_PLANE_DEG * m.least(upper_out + fore_out, 1.0) + m.choose(fy > 0.0, _LAP_DEG, 0.0)
    trust = _ARM_TRUST * (1.0 + 5.0 * arm.outside) / Z_90
    elevation = _combine(
        (flexion_deg(-up[0], -up[1], ux, uy, m), elevation_doubt + _IN_PLANE_DEG),
        (arm.elevation_deg, trust * arm.elevation_error_deg),
        m,
    )
    flexion = _combine(
        (flexion_deg(ux, uy, fx, fy, m), elbow_doubt + _IN_PLANE_DEG),
        (arm.elbow_deg, trust * arm.elbow_error_deg),
        m,
    )
    return (*elevation, *flexion)


def _combine(plain: tuple[Lane, Lane], learned: tuple[Lane, Lane], m: Arithmetic) -> tuple[Lane, Lane]:
    """Mean of two values with their standard deviations, weighted by them, and its doubt, degrees.

    Their errors come from the same landmarks, so the mean is not taken for surer than the surer of the two.
    """
    a, b = plain[1] * plain[1], learned[1] * learned[1]
    share = a / (a + b)
    return plain[0] + share * (learned[0] - plain[0]), m.least(learned[1], plain[1])


def _compute_knee(p: Points, hip: int, knee: int, ankle: int, m: Arithmetic) -> Lane:
    """Knee flexion in the picture plane, degrees, 0 straight."""
    x, y = p.x, p.y
    return flexion_deg(x[knee] - x[hip], y[knee] - y[hip], x[ankle] - x[knee], y[ankle] - y[knee], m)


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
    """Follow the trunk's length in pixels slowly (time constant 5 s): its jitter shall not move the slide."""
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
    n = len(series)
    out, sds = np.full((n, len(QUANTITIES)), np.nan), np.full((n, len(QUANTITIES)), np.nan)
    if n == 0:
        return QuantitySeries(t_s=series.t_s, values=out, sds=sds)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        p = to_columns(series)
        frame = compute_frame(p, ARRAY)
        gain, scale_px = _replay_memory(series.t_s, p.is_found, frame)
        learned, arms = judge_recording(p, frame.trunk_px), judge_recorded_arms(p, frame.trunk_px)
        values, doubts = compute_values(p, frame, gain, scale_px, learned, arms, ARRAY)
        for i, (value, doubt, visibility) in enumerate(
            zip(values, doubts, compute_seen(p, ARRAY), strict=True)
        ):
            ok = np.asarray(visibility >= MIN_VISIBILITY) & np.isfinite(value) & np.isfinite(doubt)
            out[ok, i] = value[ok]
            sds[ok, i] = compute_sd(i, value, doubt, visibility, ARRAY)[ok]
    return QuantitySeries(t_s=series.t_s, values=out, sds=sds)


def _replay_memory(
    t_s: NDArray[np.float64], is_found: NDArray[np.bool_], frame: Frame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Depth gain and steadied trunk length of every frame, each knowing only its past, shape (N,) each."""
    n = len(t_s)
    gain, scale = np.empty(n), np.empty(n)
    memory, scale_px, last_s = DepthMemory(), 0.0, -math.inf
    times, found, widths = t_s.tolist(), is_found.tolist(), frame.width.tolist()
    depths, trunks, lying = frame.depth.tolist(), frame.trunk_px.tolist(), frame.is_lying.tolist()
    for i in range(n):
        dt_s = times[i] - last_s
        if dt_s > 0.0 and found[i]:
            if dt_s < math.inf and not lying[i]:
                memory = remember(memory, widths[i], depths[i], dt_s)
            scale_px = steady_scale(scale_px, trunks[i], dt_s)
            last_s = times[i]
        gain[i], scale[i] = memory.gain, scale_px
    return gain, scale
