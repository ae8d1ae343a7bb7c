"""One live frame: landmarks in, a sample out, with the memory that the next frame needs.

In: a :class:`~unkink.body.landmarks.LandmarkSeries` of length 1. Out: all quantities against the camera,
their standard deviations, what is seen. Causal, pure, about a tenth of a millisecond. Next file:
:mod:`unkink.body.calibration`.
"""

from __future__ import annotations

import math

import msgspec

from unkink.body.angles import compute_frame, compute_seen, compute_values, steady_scale
from unkink.body.arithmetic import SCALAR, to_points
from unkink.body.change import carry_points
from unkink.body.glance import judge_picture
from unkink.body.landmarks import Landmark, LandmarkSeries
from unkink.body.learned import Arm, Learned
from unkink.body.quality import Surroundings, ViewNeeds, judge_view
from unkink.body.quantities import QUANTITIES, Sample, missing_values
from unkink.body.turn import DepthMemory, remember
from unkink.body.uncertainty import MIN_VISIBILITY, compute_sd

__all__ = ["TrackState", "ViewNeeds", "track"]

_MISSING = missing_values()
_NO_ARM = Arm(math.nan, math.nan, math.nan, math.nan, math.nan)
_UNASKED = (Learned(math.nan, math.nan, math.nan, math.nan), _NO_ARM, _NO_ARM)
_JUMP_WITHIN_S = 0.2
_N = len(QUANTITIES)
_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)


class TrackState(msgspec.Struct, frozen=True):
    """What one frame leaves for the next."""

    t_s: float = -math.inf
    memory: DepthMemory = msgspec.field(default_factory=DepthMemory)
    scale_px: float = 0.0
    """Steadied trunk length, pixels; 0 before the first."""
    middle_x_px: float = math.nan
    middle_y_px: float = math.nan

    @classmethod
    def start(cls) -> TrackState:
        """Return the state before the first frame."""
        return cls()


def track(state: TrackState, series: LandmarkSeries, needs: ViewNeeds) -> tuple[TrackState, Sample]:
    """Measure one frame against the camera.

    Parameters
    ----------
    state : TrackState
    series : LandmarkSeries of length 1 (of a longer one the last frame is taken)
    needs : ViewNeeds

    Returns
    -------
    tuple of TrackState and Sample
        Values in degrees or norm, NaN where unmeasured. A time that does not increase leaves the memory as
        it is.
    """
    t_s = float(series.t_s[-1])
    p = to_points(series, -1)
    around_light = None if series.brightness_frac is None else float(series.brightness_frac[-1])
    around_persons = None if series.n_persons is None else int(series.n_persons[-1])
    if not p.is_found:
        view = judge_view(p, 0.0, needs, Surroundings(around_light, around_persons))
        return state, Sample(t_s=t_s, values=_MISSING, sds=_MISSING, visible=(), view=view)
    frame = compute_frame(p, SCALAR)
    middle_x = 0.25 * (p.x[_LS] + p.x[_RS] + p.x[_LH] + p.x[_RH])
    middle_y = 0.25 * (p.y[_LS] + p.y[_RS] + p.y[_LH] + p.y[_RH])
    dt_s = t_s - state.t_s
    memory, scale_px, step_px = state.memory, state.scale_px, 0.0
    if dt_s > 0.0:
        if dt_s < math.inf and not frame.is_lying:
            memory = remember(memory, frame.width, frame.depth, dt_s)
        scale_px = steady_scale(scale_px, frame.trunk_px, dt_s)
        if dt_s <= _JUMP_WITHIN_S:
            step_px = math.hypot(middle_x - state.middle_x_px, middle_y - state.middle_y_px)
        state = TrackState(t_s, memory, scale_px, middle_x, middle_y)
    view = judge_view(p, frame.trunk_px, needs, Surroundings(around_light, around_persons, step_px))
    learned, left, right = _UNASKED if frame.is_lying else judge_picture(p, frame.trunk_px)
    values, doubts = compute_values(p, frame, memory.gain, scale_px, learned, (left, right), SCALAR)
    seen = compute_seen(p, SCALAR)
    kept, sds = [math.nan] * _N, [math.nan] * _N
    for i in range(_N):
        value, visibility = values[i], seen[i]
        if visibility >= MIN_VISIBILITY and -math.inf < value < math.inf and doubts[i] < math.inf:
            kept[i] = value
            sds[i] = compute_sd(i, value, doubts[i], visibility, SCALAR)
    sample = Sample(
        t_s=t_s,
        values=tuple(kept),
        sds=tuple(sds),
        visible=tuple(p.seen),
        view=view,
        points=carry_points(p),
    )
    return state, sample
