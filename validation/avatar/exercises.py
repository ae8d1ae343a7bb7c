"""Exercises as timelines of posture parameters (seconds, degrees), with the phase of every moment.

Each function gives ``{"tl": timeline, "base": ..., "arms": ...}``, see :func:`postures.build`. Next file:
``make.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from validation.avatar.postures import LIE, NEUTRAL, Posture, arm_fk, build, slouch_q, sway

__all__ = ["EXERCISES", "LIE", "NEUTRAL", "Posture", "Timeline", "arm_fk", "build", "slouch_q", "sway"]

Exercise = dict[str, Any]
_NAME = {"L": "left", "R": "right"}


class Timeline:
    """Postures at moments, minimum-jerk movement between them, a phase and a repetition for each stretch."""

    def __init__(self, **start: float) -> None:
        self.k: list[tuple[float, Posture]] = [(0.0, dict(start))]
        self.seg: list[tuple[float, float, str, int]] = []

    def to(self, duration_s: float, phase: str, rep: int = 0, **changes: float) -> Self:
        """Move to a posture in so many seconds."""
        t, q = self.k[-1]
        self.k.append((t + duration_s, {**q, **changes}))
        self.seg.append((t, t + duration_s, phase, rep))
        return self

    @property
    def duration(self) -> float:
        """Length, seconds."""
        return self.k[-1][0]

    def __call__(self, t: float) -> tuple[Posture, str, int]:
        """Posture, phase and repetition at ``t`` seconds."""
        t = min(max(t, 0.0), self.duration - 1e-9)
        i = next(i for i, (end, _) in enumerate(self.k[1:]) if t < end)
        (t0, a), (t1, b) = self.k[i], self.k[i + 1]
        x = (t - t0) / (t1 - t0)
        s = x * x * x * (10 + x * (6 * x - 15))
        return {k: a[k] + (b[k] - a[k]) * s for k in a}, self.seg[i][2], self.seg[i][3]


def _ex_seated_twist(  # noqa: PLR0913, PLR0917
    angle: float = 42.0,
    hold_s: float = 20.0,
    move_s: float = 3.0,
    head: float = 22.0,
    pelvis: float = 0.0,
    slouch: float = 0.0,
    sides: str = "RL",
    arms: str = "crossed",
    neutral_s: float = 3.0,
) -> Exercise:
    """Turn of the thorax against the pelvis; ``pelvis`` turns along (a fault); ``slouch`` 0 to 1."""
    timeline = Timeline(**{**NEUTRAL, **slouch_q(slouch)}).to(neutral_s, "neutral")
    still = {"twist": 0.0, "ntwist": 0.0, "pel_yaw": 0.0, "reach": 0.0}
    for rep, side in enumerate(sides, 1):
        sign, name = (1 if side == "L" else -1), _NAME[side]
        turned = {
            "twist": sign * angle,
            "ntwist": sign * head,
            "pel_yaw": sign * pelvis,
            "reach": float(sign),
        }
        timeline.to(move_s, f"to_{name}", rep, **turned).to(hold_s, f"hold_{name}", rep)
        timeline.to(move_s, "return", rep, **still).to(1.5, "neutral", rep)
    return {"tl": timeline, "base": "sit", "arms": arms}


def _ex_side_stretch(
    angle: float = 28.0,
    hold_s: float = 20.0,
    move_s: float = 3.0,
    forward: float = 0.0,
    sides: str = "RL",
    elev: float = 165.0,
    twist: float = 0.0,
    neutral_s: float = 2.0,
) -> Exercise:
    """Lean to the sides with both arms overhead; ``forward`` and ``twist`` are faults, degrees."""
    timeline = Timeline(**NEUTRAL).to(neutral_s, "neutral")
    high = {
        "l_elev": elev,
        "r_elev": elev,
        "l_plane": 12.0,
        "r_plane": 12.0,
        "l_elbow": 14.0,
        "r_elbow": 14.0,
        "up": 1.0,
    }
    timeline.to(2.5, "arms_up", 0, **high).to(1.0, "overhead", 0)
    moved = ("side", "flex", "twist", "pel_dx", "pel_dy", "pel_tilt", "nside")
    for rep, side in enumerate(sides, 1):
        sign, name = (1 if side == "R" else -1), _NAME[side]
        leaning = {
            "side": sign * angle,
            "flex": forward,
            "twist": -sign * twist,
            "pel_dx": sign * 0.045 * angle / 28,
            "pel_dy": 0.0025 * forward,
            "pel_tilt": -sign * 2.0 * (angle > 0),
            "nside": -sign * 0.25 * angle,
        }
        timeline.to(move_s, f"to_{name}", rep, **leaning).to(hold_s, f"hold_{name}", rep)
        timeline.to(move_s, "return", rep, **dict.fromkeys(moved, 0.0)).to(1.0, "overhead", rep)
    timeline.to(2.0, "arms_down", 0, **{k: NEUTRAL[k] for k in high}).to(0.5, "neutral")
    return {"tl": timeline, "base": "stand", "arms": "free"}


def _ex_wall_angels(
    reps: int = 5,
    top: float = 160.0,
    bottom: float = 90.0,
    top_elbow: float = 28.0,
    bottom_elbow: float = 90.0,
    down_s: float = 4.0,
    up_s: float = 3.0,
    fault: str | None = None,
) -> Exercise:
    """Arms up and down; faults: ``one_arm`` (the left stays up), ``not_overhead``, ``elbows_wide``."""
    if fault == "not_overhead":
        top, top_elbow = 120.0, 75.0
    elbow = 45.0 if fault == "elbows_wide" else bottom_elbow
    timeline = Timeline(**NEUTRAL).to(1.5, "neutral")
    high = {
        "l_elev": top,
        "r_elev": top,
        "l_plane": 0.0,
        "r_plane": 0.0,
        "l_elbow": top_elbow,
        "r_elbow": top_elbow,
        "up": 1.0,
    }
    timeline.to(3.0, "arms_up", 0, **high).to(1.0, "top", 0)
    low = {"r_elev": bottom, "r_elbow": elbow}
    if fault != "one_arm":
        low |= {"l_elev": bottom, "l_elbow": elbow}
    for rep in range(1, reps + 1):
        timeline.to(down_s, "lowering", rep, **low).to(0.6, "bottom", rep)
        timeline.to(up_s, "raising", rep, **high).to(0.8, "top", rep)
    timeline.to(2.5, "arms_down", 0, **{k: NEUTRAL[k] for k in high}).to(0.5, "neutral")
    return {"tl": timeline, "base": "stand", "arms": "free"}


def _ex_foam_roller(
    duration: float = 30.0, amp: float = 0.06, period: float = 4.0, extension: float = 12.0
) -> Exercise:
    """On the back over a roller, hands behind the head, sliding ``amp`` metres to and fro."""
    timeline = Timeline(**{**NEUTRAL, "flex": -extension, "nflex": 18.0, "pel_pitch": 4.0})
    timeline.to(1.0, "still", 0, slide=-amp)
    for rep in range(1, round(duration / period) + 1):
        timeline.to(period / 2, "slide_to_feet", rep, slide=amp)
        timeline.to(period / 2, "slide_to_head", rep, slide=-amp)
    return {"tl": timeline, "base": "supine", "arms": "behind_head"}


def _ex_posture(
    kind: str = "neutral", duration: float = 8.0, amount: float = 1.0, arms: str = "thighs"
) -> Exercise:
    """Sit ``neutral``, ``slouched``, or ``change`` from one to the other."""
    if kind == "change":
        timeline = Timeline(**NEUTRAL).to(duration, "neutral")
        timeline.to(2.0, "collapsing", 1, **slouch_q(amount)).to(duration, "slouched", 1)
    else:
        slouch = slouch_q(amount if kind == "slouched" else 0.0)
        timeline = Timeline(**{**NEUTRAL, **slouch}).to(duration, kind)
    return {"tl": timeline, "base": "sit", "arms": arms}


def _ex_neck_rotation(
    angle: float = 55.0,
    hold_s: float = 3.0,
    move_s: float = 2.0,
    trunk: float = 0.0,
    arms: str = "thighs",
    reps: int = 2,
) -> Exercise:
    """Head turns to the right, then to the left; ``trunk`` follows (a fault), degrees."""
    timeline = Timeline(**NEUTRAL).to(2.0, "neutral")
    for rep in range(1, reps + 1):
        for name, sign in (("right", -1), ("left", 1)):
            timeline.to(move_s, f"to_{name}", rep, ntwist=sign * angle, twist=sign * trunk)
            timeline.to(hold_s, f"hold_{name}", rep)
            timeline.to(move_s, "return", rep, ntwist=0.0, twist=0.0).to(0.7, "neutral", rep)
    return {"tl": timeline, "base": "sit", "arms": arms}


EXERCISES: dict[str, Callable[..., Exercise]] = {
    "seated_twist": _ex_seated_twist,
    "side_stretch": _ex_side_stretch,
    "wall_angels": _ex_wall_angels,
    "foam_roller": _ex_foam_roller,
    "posture": _ex_posture,
    "neck_rotation": _ex_neck_rotation,
}
