"""What was measured beside what is true, frame by frame, ready to be compared.

In: a take and what was measured. Out: :class:`Pair` per quantity; neutral and lag are taken care of. Next
file: ``tables.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from unkink.body.quantities import INDEX, QuantitySeries
from validation.accuracy.agreement import find_lag, shift
from validation.accuracy.measuring import Measured
from validation.accuracy.takes import N_FIRST, Take

MOST_LAG = 15
"""Frames by which video and optical recording may be apart: they share no clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One quantity of one take, (N,) each, in its own unit."""

    quantity: str
    measured: NDArray[np.float64]
    sds: NDArray[np.float64]
    true: NDArray[np.float64]
    lag: int = 0
    """Frames that were taken off."""


def iterate_pairs(take: Take, found: Measured) -> Iterator[Pair]:
    """Yield a pair for every quantity whose truth is known."""
    for quantity, true in take.truth.values.items():
        value = found.quantities.values[:, INDEX[quantity]]
        sds = found.quantities.sds[:, INDEX[quantity]]
        if take.collection == "motion-capture":
            yield _without_lag(quantity, value, sds, _against_neutral(true, found))
            continue
        if quantity == "head_rotation_deg" and take.truth.is_face_seen is not None:
            value = np.where(take.truth.is_face_seen, value, np.nan)
        yield Pair(quantity=quantity, measured=value, sds=sds, true=true)


def _against_neutral(true: NDArray[np.float64], found: Measured) -> NDArray[np.float64]:
    """Truth less its median where the engine took the neutral, and at the start where it took none."""
    neutral, t_s = found.summary["neutral"], found.quantities.t_s
    first = np.arange(len(t_s)) < N_FIRST
    at = first if neutral is None else (t_s >= neutral["start_s"]) & (t_s <= neutral["end_s"])
    return true - np.median(true[at])


def _without_lag(
    quantity: str, value: NDArray[np.float64], sds: NDArray[np.float64], true: NDArray[np.float64]
) -> Pair:
    lag, _ = find_lag(value, true, MOST_LAG)
    measured, cut = shift(value, true, lag)
    return Pair(quantity=quantity, measured=measured, sds=shift(sds, true, lag)[0], true=cut, lag=lag)


def read_slide(take: Take, series: QuantitySeries) -> float:
    """Correlation of the measured slide with the true one; NaN where there is none."""
    if take.truth.slide_m is None:
        return float("nan")
    value = series.values[:, INDEX["slide_norm"]]
    ok = np.isfinite(value)
    return float(np.corrcoef(value[ok], take.truth.slide_m[ok])[0, 1])
