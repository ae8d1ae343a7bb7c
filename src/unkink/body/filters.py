"""One-Euro: the low-pass filter for what a person sees live, never for what is measured.

In: values and their times. Out: smoothed values and the filter's next state. Next file:
:mod:`unkink.body.calibration`.

References
----------
.. [1] Casiez G., Roussel N., Vogel D. (2012) 1 Euro Filter. CHI '12, 2527-2530. doi:10.1145/2207676.2208639
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_TWO_PI = 2.0 * math.pi


@dataclass(frozen=True, slots=True, kw_only=True)
class OneEuro:
    """State of a bank of One-Euro filters, one per channel.

    A channel that is NaN in a frame keeps its state and answers NaN; the next finite value starts it where
    it is.
    """

    min_cutoff_hz: float = 1.0
    """Cut-off at rest, Hz: lower is steadier and slower."""
    beta: float = 0.02
    """How fast the cut-off rises with speed (Hz per unit per second)."""
    speed_cutoff_hz: float = 1.0
    """Cut-off of the speed's own filter, Hz."""
    t_s: float = math.nan
    value: NDArray[np.float64] | None = None
    """(C,), last smoothed values, or None before the first."""
    speed: NDArray[np.float64] | None = None
    """(C,), smoothed speed, units per second."""

    def smooth(self, t_s: float, values: NDArray[np.float64]) -> tuple[OneEuro, NDArray[np.float64]]:
        """Filter one more frame.

        Parameters
        ----------
        t_s : float, seconds; a time that does not increase repeats the last answer
        values : ndarray, shape (C,), any unit

        Returns
        -------
        tuple of OneEuro and ndarray, shape (C,), same unit
        """
        if self.value is None or self.speed is None:
            first = values.astype(np.float64)
            return replace(self, t_s=t_s, value=first, speed=np.zeros_like(first)), first
        dt_s = t_s - self.t_s
        if not dt_s > 0.0:
            return self, self.value
        fresh = np.isnan(self.value)
        lost = np.isnan(values)
        speed_now = np.where(fresh, 0.0, (values - self.value) / dt_s)
        speed = self.speed + _alpha(self.speed_cutoff_hz, dt_s) * (speed_now - self.speed)
        alpha = _alpha(self.min_cutoff_hz + self.beta * np.abs(speed), dt_s)
        value = np.where(fresh, values, self.value + alpha * (values - self.value))
        nxt = replace(
            self,
            t_s=t_s,
            value=np.where(lost, self.value, value),
            speed=np.where(lost, self.speed, np.where(fresh, 0.0, speed)),
        )
        return nxt, np.where(lost, np.nan, value)


def _alpha(cutoff_hz: float | NDArray[np.float64], dt_s: float) -> float | NDArray[np.float64]:
    """Share of the new value that a first-order low-pass takes, dimensionless 0..1."""
    r = _TWO_PI * cutoff_hz * dt_s
    return r / (r + 1.0)
