"""The person's own neutral: found while they hold still in the first seconds, then subtracted.

In: samples against the camera. Out: a :class:`Neutral`, or why there is none yet; and samples against it.
Next file: :mod:`unkink.coach`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from unkink.body.angles import PELVIS_SHARE
from unkink.body.arithmetic import SCALAR
from unkink.body.change import judge_change
from unkink.body.landmarks import Landmark
from unkink.body.quantities import INDEX, QUANTITIES, RELATIVE, Sample, Tracking
from unkink.body.uncertainty import Z_90, widen
from unkink.errors import Unmeasured

STILL_S = 0.8
"""How long the person must hold still."""
_WINDOW_S = 1.5
_MIN_FRAMES = 5
_MAX_GAP_S = 0.4
_MAX_TURN_DEG = 36.0
_MAX_BEND_DEG = 15.0

# How far a quantity may wander within STILL_S, but for its highest and lowest eighth (a tracker slips).
_STILL_RANGE: tuple[tuple[int, float], ...] = (
    (INDEX["shoulder_turn_deg"], 7.0),
    (INDEX["trunk_side_bend_deg"], 3.0),
    (INDEX["left_shoulder_elevation_deg"], 25.0),
    (INDEX["right_shoulder_elevation_deg"], 25.0),
    (INDEX["slide_norm"], 0.03),
)
_TURN, _BEND = INDEX["shoulder_turn_deg"], INDEX["trunk_side_bend_deg"]
_TILT = INDEX["shoulder_line_tilt_deg"]
_ROTATION, _HEAD = INDEX["trunk_rotation_deg"], INDEX["head_rotation_deg"]
_TRUNK = tuple(
    int(Landmark[f"{side}_{joint}"]) for side in ("LEFT", "RIGHT") for joint in ("SHOULDER", "HIP")
)
_LEAN, _SLOUCH = INDEX["trunk_lean_forward_deg"], INDEX["slouch_norm"]
_SLOUCH_EVIDENCE = 2.5
"""How much a whole slump since the neutral adds to the log odds of being slouched."""
_TRUST = {_TURN: 0.75, _HEAD: 0.6, _LEAN: 0.7, _BEND: 0.3}
"""Errors in whole exercises over errors of single pictures, by quantity: the neutral is a median of many
pictures, and nobody moves as wildly as the people who were learned from. Of turn, head and lean a sixth less
would do for rendered people; a real person's errors asked for this."""
_GROWTH = {_TURN: 0.0, _HEAD: 0.0, _LEAN: 0.0, _BEND: 0.16}
"""SD per degree: of a real person's large side bend, an eighth was not seen, up to a quarter."""
_LEAST = {_TURN: 0.0, _HEAD: 0.0, _LEAN: 0.0, _BEND: 0.4}
"""SD of a quantity that hardly moves."""
_WOBBLE = {_TURN: 1.0, _HEAD: 1.0, _LEAN: 1.0, _BEND: 5.0}
"""How far a neutral may be off, over how far it wandered while it was taken. A rendered person's side bend
wanders by 0.1 degrees and a real one's by 0.2 to 1.2; where it was 1.2, the neutral was 3 degrees off."""
_APART_SHARE = 0.15
_PELVIS_DEG, _PELVIS_GROWTH = 4.0, 0.22
"""SD of a seated pelvis that cannot be seen: degrees, and share of the shoulders' turn."""
_RELATIVE_IDX = tuple(INDEX[name] for name in QUANTITIES if name in RELATIVE)
_MOST_ROLL = {_BEND: 6.0, _TILT: 12.0}
"""A camera set crooked, or low and to one side, shows an upright person bent and tilted by as much, degrees.
Of more than this, less and less is the camera's; of twice this, nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral:
    """The person at rest, against the camera."""

    t_start_s: float
    t_end_s: float
    values: tuple[float, ...]
    """Medians, one per name in ``QUANTITIES``, degrees or norm; NaN where unmeasured."""
    sds: tuple[float, ...]
    """How well each median is known, same units."""
    points: tuple[float, ...] = ()
    """Median landmarks, pixels, as a sample carries them; empty where unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Samples of the last second or so, while the neutral is looked for."""

    facing: Literal["front", "side", "any"] = "any"
    """What the exercise wants. ``any``: who stands or sits must face the camera, who lies is seen from the
    side."""
    samples: tuple[Sample, ...] = ()

    @classmethod
    def start(cls, facing: Literal["front", "side", "any"] = "any") -> Calibration:
        """Return the state before the first sample."""
        return cls(facing=facing)


def calibrate(state: Calibration, sample: Sample) -> tuple[Calibration, Neutral | Unmeasured]:
    """Look for the neutral: at least ``STILL_S`` seconds still, well seen, facing as the exercise wants.

    Parameters
    ----------
    state : Calibration
    sample : Sample, against the camera

    Returns
    -------
    tuple of Calibration and (Neutral or Unmeasured)
        The reason is that of the view, or ``turned-away``, ``bent``, ``moving``, ``waiting``.
    """
    if sample.view.tracking is not Tracking.SEEN:
        reason = sample.view.reasons[0] if sample.view.reasons else "nobody"
        return replace(state, samples=()), Unmeasured(reason=reason)
    last_s = state.samples[-1].t_s if state.samples else -math.inf
    if sample.t_s <= last_s:
        return state, Unmeasured(reason="waiting")
    kept = (
        tuple(s for s in state.samples if sample.t_s - s.t_s <= _WINDOW_S)
        if sample.t_s - last_s <= _MAX_GAP_S
        else ()
    )
    state = replace(state, samples=(*kept, sample))
    window = [s for s in state.samples if sample.t_s - s.t_s <= STILL_S + 0.1]
    if sample.t_s - window[0].t_s < STILL_S - 1e-6 or len(window) < _MIN_FRAMES:
        return state, Unmeasured(reason="waiting")
    for idx, limit in _STILL_RANGE:
        if _is_moving([s.values[idx] for s in window if not math.isnan(s.values[idx])], limit):
            return state, Unmeasured(reason="moving")
    neutral = _summarise(window)
    if state.facing != "side":
        turn, bend = neutral.values[_TURN], neutral.values[_BEND]
        is_lying = not math.isnan(neutral.values[INDEX["slide_norm"]])
        if not (is_lying and state.facing == "any"):
            if not abs(turn) <= _MAX_TURN_DEG:
                return state, Unmeasured(reason="turned-away")
            if not (math.isnan(bend) or abs(bend) <= _MAX_BEND_DEG):
                return state, Unmeasured(reason="bent")
    return state, neutral


def _is_moving(column: list[float], limit: float) -> bool:
    """Whether a quantity wanders by more than the limit (its own unit), or drifts by half of it."""
    n = len(column)
    if n < _MIN_FRAMES:
        return False
    ordered, cut = sorted(column), n // 8
    drift = abs(median(column[: n // 2]) - median(column[n - n // 2 :]))
    return ordered[-1 - cut] - ordered[cut] > limit or drift > 0.5 * limit


def _summarise(window: list[Sample]) -> Neutral:
    """Medians of a still second, and their spread: neighbouring frames repeat each other, so it stays."""
    values: list[float] = []
    sds: list[float] = []
    for idx in range(len(QUANTITIES)):
        column = [s.values[idx] for s in window if not math.isnan(s.values[idx])]
        if len(column) < _MIN_FRAMES:
            values.append(math.nan)
            sds.append(math.nan)
            continue
        middle = median(column)
        values.append(middle)
        sds.append(1.4826 * median([abs(v - middle) for v in column]))
    carried = [s.points for s in window if s.points]
    return Neutral(
        t_start_s=window[0].t_s,
        t_end_s=window[-1].t_s,
        values=tuple(values),
        sds=tuple(sds),
        points=tuple(median(column) for column in zip(*carried, strict=True)),
    )


def relate(sample: Sample, neutral: Neutral) -> Sample:
    """The sample against the neutral.

    Relative quantities lose the neutral's value and gain its uncertainty; upright quantities lose the
    camera's roll, as far as the neutral shows it. Lean and slouch are compared with the neutral's landmarks.

    Parameters
    ----------
    sample : Sample, against the camera
    neutral : Neutral

    Returns
    -------
    Sample
        Degrees or norm; a relative quantity without a neutral is NaN.
    """
    values, sds = list(sample.values), list(sample.sds)
    for idx in _RELATIVE_IDX:
        values[idx] -= neutral.values[idx]
        sds[idx] = math.nan if math.isnan(values[idx]) else math.hypot(sds[idx], neutral.sds[idx])
    for idx in _MOST_ROLL:
        roll, _ = _split_roll(neutral, idx)
        if roll != 0.0:
            values[idx] -= roll
            sds[idx] = math.hypot(sds[idx], neutral.sds[idx])
    if sample.points and len(sample.points) == len(neutral.points):
        _compare_with_neutral(sample, neutral, values, sds)
    return Sample(
        t_s=sample.t_s,
        values=tuple(values),
        sds=tuple(sds),
        visible=sample.visible,
        view=sample.view,
        points=sample.points,
    )


def _compare_with_neutral(sample: Sample, neutral: Neutral, values: list[float], sds: list[float]) -> None:
    """Put in what the person's own neutral tells better than one picture."""
    change = judge_change(sample.points, neutral.points)
    if math.isnan(change.turn_deg):
        return
    # Outside of what was learned, the difference of two single pictures takes over; where both apply, how far
    # they are apart is part of the doubt.
    plain = min(change.outside, 1.0)
    wider = 1.0 + change.outside
    blur = widen(_see_worst(sample.visible), SCALAR)
    head_deg = change.head_deg - change.turn_deg
    for idx, learned, error_deg in (
        (_TURN, change.turn_deg, change.turn_error_deg),
        (_HEAD, head_deg, change.head_error_deg),
        (_LEAN, change.lean_deg, change.lean_error_deg),
        (_BEND, change.bend_deg + _split_roll(neutral, _BEND)[1], change.bend_error_deg),
    ):
        if math.isnan(values[idx]):
            continue
        apart = values[idx] - learned
        values[idx] = learned + plain * apart
        usual = math.hypot(_TRUST[idx] * error_deg / Z_90, _APART_SHARE * apart)
        sd = math.hypot(math.hypot(usual, _LEAST[idx]), _GROWTH[idx] * values[idx]) * wider * blur
        rest = neutral.sds[idx]
        sds[idx] = sd if math.isnan(rest) else math.hypot(sd, _WOBBLE[idx] * rest)
    if not math.isnan(values[_ROTATION]):
        values[_ROTATION] = (1.0 - PELVIS_SHARE) * values[_TURN]
        sds[_ROTATION] = math.hypot(sds[_TURN], math.hypot(_PELVIS_DEG, _PELVIS_GROWTH * values[_TURN]))
    slouch = change.slouch
    if not math.isnan(values[_SLOUCH] + slouch):
        odds = math.exp(-_SLOUCH_EVIDENCE * min(max(slouch, -1.0), 1.0))
        values[_SLOUCH] = values[_SLOUCH] / (values[_SLOUCH] + (1.0 - values[_SLOUCH]) * odds)


def _split_roll(neutral: Neutral, idx: int) -> tuple[float, float]:
    """What of the neutral's bend or tilt is the camera's, and what the person's own, degrees."""
    seen, most = neutral.values[idx], _MOST_ROLL[idx]
    if math.isnan(seen):
        return 0.0, 0.0
    roll = math.copysign(min(abs(seen), max(0.0, 2.0 * most - abs(seen))), seen)
    return roll, seen - roll


def _see_worst(visible: tuple[float, ...]) -> float:
    """Visibility 0..1 of the worst of shoulders and hips; 1 where it is not known."""
    return min(visible[i] for i in _TRUNK) if visible else 1.0
