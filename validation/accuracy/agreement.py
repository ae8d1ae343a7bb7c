"""How well two series agree: bias, errors, correlation, coverage, limits of agreement, lag.

In: what was measured with its standard deviation, and what is true. Out: :class:`Agreement`. Next file:
``checks.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z_90 = 1.6448536269514722
"""Half width of a 90 % interval in standard deviations."""
Z_95 = 1.959963984540054
_FEW = 3
_FLAT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Errors of one quantity, in its own unit."""

    n: int
    """Frames compared."""
    bias: float
    """Mean of measured less true."""
    mae: float
    rmse: float
    r: float
    """Pearson's; NaN where the truth does not move."""
    coverage_frac: float
    """Share of the errors within the stated 90 % interval."""
    low: float
    """Limits of agreement: bias less and plus 1.96 standard deviations of the error."""
    high: float


def compare(
    measured: NDArray[np.float64], sds: NDArray[np.float64], true: NDArray[np.float64]
) -> Agreement | None:
    """Compare what was measured, (N,) each; None when less than three frames are finite."""
    ok = np.isfinite(measured) & np.isfinite(sds) & np.isfinite(true)
    n = int(ok.sum())
    if n < _FEW:
        return None
    m, s, t = measured[ok], sds[ok], true[ok]
    error = m - t
    bias, spread = float(error.mean()), float(error.std(ddof=1))
    moves = min(float(m.std()), float(t.std())) > _FLAT
    return Agreement(
        n=n,
        bias=bias,
        mae=float(np.abs(error).mean()),
        rmse=float(np.sqrt(np.mean(error**2))),
        r=float(np.corrcoef(m, t)[0, 1]) if moves else math.nan,
        coverage_frac=float(np.mean(np.abs(error) <= Z_90 * s)),
        low=bias - Z_95 * spread,
        high=bias + Z_95 * spread,
    )


def join(columns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Join series of several takes."""
    return np.concatenate(columns) if columns else np.empty(0)


def find_lag(measured: NDArray[np.float64], true: NDArray[np.float64], most: int) -> tuple[int, float]:
    """Lag of smallest RMSE in frames (measured is later +), at most ``most`` either way; and that RMSE."""
    best = (0, math.inf)
    for lag in sorted(range(-most, most + 1), key=abs):
        m, t = shift(measured, true, lag)
        ok = np.isfinite(m) & np.isfinite(t)
        if ok.sum() >= _FEW:
            rmse = float(np.sqrt(np.mean((m[ok] - t[ok]) ** 2)))
            if rmse < best[1]:
                best = (lag, rmse)
    return best


def shift(
    measured: NDArray[np.float64], true: NDArray[np.float64], lag: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut two series (N,) so that a lag of so many frames is gone (measured is later +)."""
    n = len(true)
    return (measured[lag:], true[: n - lag]) if lag >= 0 else (measured[: n + lag], true[-lag:])
