"""Recordings with known content for what leaves."""

from __future__ import annotations

from typing import Any

import numpy as np

from unkink.body.quantities import INDEX, QUANTITIES, QuantitySeries


def make_twist(
    length_s: float = 40.0, rate_hz: float = 15.0, *, unmeasured_s: tuple[tuple[float, float], ...] = ()
) -> QuantitySeries:
    """A turn of 40 degrees to the right from 10 to 20 s, of 30 to the left from 25 to 35 s; SD 2 degrees."""
    t_s = np.arange(round(length_s * rate_hz)) / rate_hz
    values = np.zeros((len(t_s), len(QUANTITIES)))
    sds = np.full(values.shape, 2.0)
    turn = np.interp(t_s, [0, 8, 10, 20, 22, 23, 25, 35, 37], [0, 0, 40, 40, 0, 0, -30, -30, 0])
    values[:, INDEX["shoulder_turn_deg"]] = turn
    values[:, INDEX["slide_norm"]] = np.nan
    for start_s, end_s in unmeasured_s:
        gone = (t_s >= start_s) & (t_s < end_s)
        values[gone], sds[gone] = np.nan, np.nan
    return QuantitySeries(t_s=t_s, values=values, sds=sds)


def make_side(start_s: float, end_s: float, level_deg: float) -> dict[str, Any]:
    """One side of a summary with one hold."""
    hold = {"start_s": start_s, "end_s": end_s, "level_deg": level_deg, "level_sd_deg": 2.0}
    return {
        "held_s": end_s - start_s,
        "holds": [{**hold, "set_idx": 0, "is_measured": True}],
        "peak_deg": level_deg,
        "peak_sd_deg": 2.0,
        "level_deg": level_deg,
        "level_sd_deg": 2.0,
    }


def make_summary(**changes: Any) -> dict[str, Any]:
    """The summary of :func:`make_twist`."""
    summary: dict[str, Any] = {
        "format": 1,
        "exercise": "seated-twist",
        "variant": None,
        "duration_s": 40.0,
        "quantity": "shoulder_turn_deg",
        "neutral": {"start_s": 0.0, "end_s": 1.0},
        "sides": {"right": make_side(10.0, 20.0, 40.0), "left": make_side(25.0, 35.0, 30.0)},
        "repetitions": 0,
        "repetition_times": [],
        "faults": [],
        "tracking": {"seen_share": 1.0, "n_frames": 600, "pauses": []},
    }
    return summary | changes
