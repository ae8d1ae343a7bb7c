"""Whether a frame can be measured for an exercise, and if not, what to move.

In: the landmarks of one frame and what the exercise needs to see. Out: a judgement of this frame alone with
reasons, most important first; patience (seconds) is the coach's. Next file: :mod:`unkink.body.track`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from unkink.body.arithmetic import Points
from unkink.body.landmarks import Landmark
from unkink.body.quantities import Tracking, ViewQuality

MIN_SEEN = 0.3
"""Below this visibility a landmark counts as not seen."""
_DARK_FRAC = 0.10
_FAR_TRUNK_FRAC = 0.07
"""Trunk length over picture height: smaller, and a degree is less than the landmarks' jitter."""
_NEAR_SHOULDER_FRAC = 0.55
"""Shoulder line over picture width: wider, and elbows and hips leave the picture."""
_SIDE_ON_RATIO = 0.14
"""Shoulder line's width over the trunk's length: narrower is seen from the side."""
_FRONT_ON_RATIO = 0.5
_JUMP_TRUNKS = 0.5
"""A step of the trunk's middle within one frame (up to 0.2 s), trunk lengths, that no exercise makes."""

_N_HEAD, _N_UPPER = 11, 23
_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LH, _RH = int(Landmark.LEFT_HIP), int(Landmark.RIGHT_HIP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewNeeds:
    """What an exercise needs to see."""

    facing: Literal["front", "side"] = "front"
    required: tuple[Landmark, ...] = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    """Without these the exercise is not measured."""
    preferred: tuple[Landmark, ...] = ()
    """Without these some of it is not measured: a reason is given, the exercise goes on."""
    position: Literal["sitting", "standing", "supine"] = "sitting"


class Surroundings(msgspec.Struct, frozen=True):
    """What a frame brings beside the landmarks."""

    brightness_frac: float | None = None
    n_persons: int | None = None
    step_px: float = 0.0
    """How far the trunk's middle moved since the frame before, pixels; 0 when that was long ago."""


_NOBODY = ViewQuality(tracking=Tracking.LOST, reasons=("nobody",))
_NOBODY_DARK = ViewQuality(tracking=Tracking.LOST, reasons=("dark", "nobody"))
_TOO_CLOSE = ViewQuality(tracking=Tracking.LOST, reasons=("too-close",))
_SEEN = ViewQuality(tracking=Tracking.SEEN)


def judge_view(p: Points, trunk_px: float, needs: ViewNeeds, around: Surroundings) -> ViewQuality:
    """Judge one frame.

    Parameters
    ----------
    p : Points, floats, pixels
    trunk_px : float, hip-middle to shoulder-middle, pixels
    needs : ViewNeeds
    around : Surroundings

    Returns
    -------
    ViewQuality
        ``LOST`` when nobody can be measured, ``PARTLY`` when a required landmark or the view is missing, else
        ``SEEN``; a ``SEEN`` may carry reasons that cost only part of the measurement.
    """
    is_dark = around.brightness_frac is not None and around.brightness_frac < _DARK_FRAC
    seen = p.seen
    if not p.is_found or (seen[_LS] < MIN_SEEN and seen[_RS] < MIN_SEEN):
        if abs(p.x[_LS] - p.x[_RS]) > _NEAR_SHOULDER_FRAC * p.width_px:
            return _TOO_CLOSE
        return _NOBODY_DARK if is_dark else _NOBODY
    hard = ["two-people"] if around.n_persons is not None and around.n_persons > 1 else []
    hard += [_name_missing(p, idx) for idx in needs.required if seen[idx] < MIN_SEEN]
    soft = [_name_missing(p, idx) for idx in needs.preferred if seen[idx] < MIN_SEEN]
    hard += _judge_placement(p, trunk_px, needs)
    if around.step_px > _JUMP_TRUNKS * trunk_px:
        hard.append("jumpy")
    if is_dark:
        (hard or soft).append("dark")
    if hard:
        return ViewQuality(tracking=Tracking.PARTLY, reasons=tuple(dict.fromkeys(hard + soft)))
    return ViewQuality(tracking=Tracking.SEEN, reasons=tuple(dict.fromkeys(soft))) if soft else _SEEN


def _judge_placement(p: Points, trunk_px: float, needs: ViewNeeds) -> list[str]:
    """Reasons why the person stands at the wrong distance or faces the wrong way."""
    width_px = abs(p.x[_LS] - p.x[_RS])
    reasons: list[str] = []
    if width_px > _NEAR_SHOULDER_FRAC * p.width_px:
        reasons.append("too-close")
    elif trunk_px < _FAR_TRUNK_FRAC * p.height_px:
        reasons.append("too-far")
    if p.seen[_LH] >= MIN_SEEN or p.seen[_RH] >= MIN_SEEN:
        if needs.facing == "front" and width_px < _SIDE_ON_RATIO * trunk_px:
            reasons.append("side-on")
        elif needs.facing == "side" and width_px > _FRONT_ON_RATIO * trunk_px:
            reasons.append("front-on")
    return reasons


def _name_missing(p: Points, idx: int) -> str:
    """The reason for which a landmark is missing."""
    if idx < _N_HEAD:
        return "cropped-head"
    if idx in (_LS, _RS):
        return "cropped-arms" if 0.0 <= p.x[idx] <= p.width_px else "too-close"
    if idx < _N_UPPER:
        return "cropped-arms"
    return "cropped-hips" if idx in (_LH, _RH) else "cropped-legs"
