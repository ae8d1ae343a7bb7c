"""The quantities that Unkink measures, their names and their samples.

In: nothing. Out: the column names used everywhere (live, recorded, stored, plotted) and the value types that
carry numbers with their standard deviation and the quality of the view. A quantity that cannot be measured
is NaN, and the view says why. Next file: :mod:`unkink.body.angles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUANTITIES: tuple[str, ...] = (
    "shoulder_turn_deg",
    "trunk_rotation_deg",
    "trunk_side_bend_deg",
    "trunk_lean_forward_deg",
    "shoulder_line_tilt_deg",
    "left_shoulder_elevation_deg",
    "right_shoulder_elevation_deg",
    "left_elbow_flexion_deg",
    "right_elbow_flexion_deg",
    "head_rotation_deg",
    "head_forward_norm",
    "left_knee_flexion_deg",
    "right_knee_flexion_deg",
    "slide_norm",
    # whether the trunk is rounded forward, judged from one picture without a neutral:
    # 0 upright, 1 as slouched as people sit
    "slouch_norm",
)
"""Names, in column order. Signs: flexion +, side bend to the right +, rotation to the right +, right shoulder
lower +."""

INDEX: dict[str, int] = {name: i for i, name in enumerate(QUANTITIES)}

RELATIVE: frozenset[str] = frozenset(
    {
        "shoulder_turn_deg",
        "trunk_rotation_deg",
        "trunk_lean_forward_deg",
        "head_rotation_deg",
        "head_forward_norm",
        "slide_norm",
    }
)
"""Quantities that are reported against the person's own neutral once it is known (before that, against the
camera)."""


def sd_name(name: str) -> str:
    """Return the column name of a quantity's standard deviation: ``slide_norm`` -> ``slide_sd_norm``."""
    stem, unit = name.rsplit("_", 1)
    return f"{stem}_sd_{unit}"


class Tracking(StrEnum):
    """How well the person is seen."""

    SEEN = "seen"
    PARTLY = "partly"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewQuality:
    """Whether one frame can be measured for one exercise, and if not, what to move."""

    tracking: Tracking
    reasons: tuple[str, ...] = ()
    """Kebab-case, most important first: ``nobody``, ``two-people``, ``too-close``, ``too-far``,
    ``cropped-hips``, ``cropped-legs``, ``cropped-arms``, ``cropped-head``, ``side-on`` (wants front),
    ``front-on`` (wants side), ``dark``, ``jumpy``, ``stale``.
    The sentence for each has the key ``tracking.<reason>``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """All quantities of one frame."""

    t_s: float
    values: tuple[float, ...]
    """One per name in ``QUANTITIES``, degrees or norm; NaN where unmeasured."""
    sds: tuple[float, ...]
    """Standard deviation of each, same unit; NaN where unmeasured."""
    visible: tuple[float, ...]
    """(33,) visibility 0..1 of each landmark, 0 outside the picture; empty when nobody was found."""
    view: ViewQuality
    points: tuple[float, ...] = ()
    """Landmarks to compare with the neutral's (:func:`unkink.body.change.carry_points`), pixels; empty when
    nobody was found."""

    def value(self, name: str) -> float:
        """Return the named quantity in its own unit, NaN where unmeasured."""
        return self.values[INDEX[name]]

    def sd(self, name: str) -> float:
        """Return the standard deviation of the named quantity in its own unit, NaN where unmeasured."""
        return self.sds[INDEX[name]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantitySeries:
    """All quantities of a recording."""

    t_s: NDArray[np.float64]
    """(N,), seconds."""
    values: NDArray[np.float64]
    """(N, Q), columns in the order of ``QUANTITIES``, degrees or norm; NaN where unmeasured."""
    sds: NDArray[np.float64]
    """(N, Q), standard deviations, same units."""

    def column(self, name: str) -> NDArray[np.float64]:
        """Return one quantity, shape (N,), in its own unit."""
        return self.values[:, INDEX[name]]


def missing_values() -> tuple[float, ...]:
    """Return NaN (dimensionless) for every quantity, shape (Q,)."""
    return (float(np.nan),) * len(QUANTITIES)
