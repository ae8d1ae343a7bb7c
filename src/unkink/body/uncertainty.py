"""How sure each quantity is: standard deviations of one frame, and robust figures of a hold.

In: the values of a frame and what was seen of the landmarks they stand on. Out: standard deviations in the
same units.

The base figures are errors measured on rendered people with exact truth and on real people beside optical
motion capture (``docs/axes.md`` names the quantities; the validation names the errors). Single frames of a
tracker share their error over seconds, so averaging a hold removes the jitter but not the bias: the base
stays. Next file: :mod:`unkink.body.filters`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unkink.body.arithmetic import Arithmetic, Lane
from unkink.body.quantities import INDEX, QUANTITIES

Z_90 = 1.645
"""Half width of a 90 % interval in standard deviations."""
MIN_VISIBILITY = 0.4
"""A quantity that stands on a landmark seen worse than this is not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SdModel:
    """SD = hypot(base, growth * |value|), widened where its landmarks are poorly seen."""

    base: float
    """Unit of the quantity."""
    growth: float = 0.0
    """SD per unit of the value, dimensionless."""


SD_MODELS: dict[str, SdModel] = {
    "shoulder_turn_deg": SdModel(base=2.5, growth=0.08),
    "trunk_rotation_deg": SdModel(base=4.0, growth=0.22),
    "trunk_side_bend_deg": SdModel(base=1.4, growth=0.06),
    "trunk_lean_forward_deg": SdModel(base=3.2, growth=0.12),
    "shoulder_line_tilt_deg": SdModel(base=2.2, growth=0.16),
    "left_shoulder_elevation_deg": SdModel(base=1.0),
    "right_shoulder_elevation_deg": SdModel(base=1.0),
    "left_elbow_flexion_deg": SdModel(base=1.0),
    "right_elbow_flexion_deg": SdModel(base=1.0),
    "head_rotation_deg": SdModel(base=4.5, growth=0.35),
    "head_forward_norm": SdModel(base=0.12, growth=0.3),
    "left_knee_flexion_deg": SdModel(base=6.0, growth=0.04),
    "right_knee_flexion_deg": SdModel(base=6.0, growth=0.04),
    "slide_norm": SdModel(base=0.008, growth=0.1),
    "slouch_norm": SdModel(base=0.15),
}
"""One per quantity, in its own unit."""

_BASES = tuple(SD_MODELS[name].base for name in QUANTITIES)
_GROWTHS = tuple(SD_MODELS[name].growth for name in QUANTITIES)


def compute_sd(quantity_idx: int, value: Lane, doubt: Lane, seen: Lane, m: Arithmetic) -> Lane:
    """Standard deviation of one frame's value, in the quantity's own unit (degrees or norm).

    Parameters
    ----------
    quantity_idx : int, index into ``QUANTITIES``
    value : float or ndarray (N,)
    doubt : float or ndarray (N,), same unit, what this frame adds (an arm that leaves the picture plane, say)
    seen : float or ndarray (N,), visibility 0..1 of the worst landmark that the value stands on
    m : Arithmetic
    """
    usual = m.hypot(_BASES[quantity_idx], _GROWTHS[quantity_idx] * value)
    return m.hypot(usual, doubt) * widen(seen, m)


def widen(seen: Lane, m: Arithmetic) -> Lane:
    """Factor by which a standard deviation grows when its worst landmark is poorly seen (visibility 0..1)."""
    return 1.0 + 3.0 * m.most(0.9 - seen, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldStatistics:
    """One number for a hold, with its standard deviation."""

    value: float
    """Median over the hold, the quantity's own unit; NaN when nothing was measured."""
    sd: float
    """Same unit: tracker's bias, unsteadiness of the hold and the neutral's own uncertainty, combined."""
    n: int
    """Frames measured."""


def compute_hold(
    quantity: str, values: Sequence[float] | NDArray[np.float64], sds: Sequence[float] | NDArray[np.float64]
) -> HoldStatistics:
    """Robust value of a quantity over a hold.

    Parameters
    ----------
    quantity : str, one of ``QUANTITIES``
    values, sds : sequence of float, shape (N,), degrees or norm
        Frames of the hold, against the neutral where the quantity is relative (then the SDs hold the
        neutral's share).

    Returns
    -------
    HoldStatistics
        In the quantity's unit. The jitter shrinks with the number of frames (ten neighbouring frames count
        as one), the bias does not.
    """
    value = np.asarray(values, dtype=np.float64)
    sd = np.asarray(sds, dtype=np.float64)
    ok = np.isfinite(value) & np.isfinite(sd)
    n = int(ok.sum())
    if n == 0 or quantity not in INDEX:
        return HoldStatistics(value=math.nan, sd=math.nan, n=0)
    middle = float(np.median(value[ok]))
    spread = 1.4826 * float(np.median(np.abs(value[ok] - middle)))
    bias = float(np.median(sd[ok]))
    return HoldStatistics(value=middle, sd=math.hypot(bias, spread / math.sqrt(max(1.0, n / 10.0))), n=n)
