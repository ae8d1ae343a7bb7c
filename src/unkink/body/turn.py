"""How far the shoulder line is turned: the depth gain, found by itself from what was seen so far.

In: the shoulder line's width and raw depth in trunk lengths, frame by frame. Out: a gain for the raw depth
and the turn.

The shoulder line is rigid: whatever the turn, width^2 + (gain * raw depth)^2 = length^2. So over a movement,
width^2 falls linearly with raw depth^2, and the slope is the gain squared. While only small turns were seen
the slope says nothing: a prior holds the gain until there is evidence. The turn is against the ray from the
camera to the person, so the neutral is subtracted before anybody reads it. This model stands alone where the
learned correction does not apply, and is its cross-check elsewhere. Next file: :mod:`unkink.body.learned`.
"""

from __future__ import annotations

import math

import msgspec

from unkink.body.arithmetic import TINY, Arithmetic, Lane, Points
from unkink.body.axes import turn_right_deg
from unkink.body.landmarks import Landmark

PRIOR_GAIN = 0.5
"""BlazePose's image depth of the shoulders is about twice too large."""
_PRIOR_GAIN2 = PRIOR_GAIN * PRIOR_GAIN
_PRIOR_GAIN2_VAR = 0.08**2
_RESIDUAL_VAR = 0.05**2
"""Scatter of width^2 + gain^2 depth^2 about length^2 (shoulder landmarks slide), trunk lengths to the fourth.
"""
_INDEPENDENT = 4.0
"""How many independent observations a long history is worth: neighbouring frames repeat each other's error.
"""
_MEMORY_S = 90.0
_MAX_STEP_S = 0.2

_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)


class DepthMemory(msgspec.Struct, frozen=True, gc=False):
    """What the history says about the depth gain.

    Seconds-weighted moments of a = width^2 and b = raw depth^2.
    """

    weight_s: float = 0.0
    mean_a: float = 0.0
    mean_b: float = 0.0
    var_b: float = 0.0
    cov_ab: float = 0.0

    @property
    def gain(self) -> float:
        """Depth gain (dimensionless): the prior, moved by the evidence."""
        if self.weight_s <= 0.0:
            return PRIOR_GAIN
        n = _INDEPENDENT * self.weight_s / (self.weight_s + 3.0)
        evidence = n * self.var_b / _RESIDUAL_VAR
        slope = -self.cov_ab / (self.var_b + TINY)
        gain2 = (_PRIOR_GAIN2 / _PRIOR_GAIN2_VAR + evidence * slope) / (1.0 / _PRIOR_GAIN2_VAR + evidence)
        return math.sqrt(min(max(gain2, 0.09), 0.64))


def remember(memory: DepthMemory, width: float, depth: float, dt_s: float) -> DepthMemory:
    """Add one frame to the history.

    Parameters
    ----------
    memory : DepthMemory
    width, depth : float, trunk lengths
        The shoulder line's horizontal extent in the picture and raw depth difference.
    dt_s : float, seconds since the frame before
    """
    dt_s = min(dt_s, _MAX_STEP_S)
    a, b = width * width, depth * depth
    if not dt_s > 0.0 or not a + b < 16.0:  # noqa: PLR2004  (four trunk lengths wide is nobody; NaN is refused too)
        return memory
    kept = memory.weight_s * (1.0 - dt_s / _MEMORY_S)
    total = kept + dt_s
    k = dt_s / total
    da, db = a - memory.mean_a, b - memory.mean_b
    return DepthMemory(
        total,
        memory.mean_a + k * da,
        memory.mean_b + k * db,
        (1.0 - k) * (memory.var_b + k * db * db),
        (1.0 - k) * (memory.cov_ab + k * da * db),
    )


def shoulder_line(p: Points, trunk_px: Lane) -> tuple[Lane, Lane]:
    """Width in the picture and raw depth (right end farther +) of the shoulder line, in trunk lengths."""
    return (p.x[_LS] - p.x[_RS]) / trunk_px, (p.z[_RS] - p.z[_LS]) / trunk_px


def compute_shoulder_turn_deg(width: Lane, depth: Lane, gain: Lane, m: Arithmetic) -> Lane:
    """Turn of the shoulder line against the ray to the person, degrees, to the right +.

    Parameters
    ----------
    width, depth : float or ndarray (N,), trunk lengths (any common unit will do)
    gain : float or ndarray (N,), dimensionless
    m : Arithmetic
    """
    return turn_right_deg(gain * depth, width, m)
