"""Which technique to suggest, and why.

In: what is open today, the check-in, what happened before, the technique files. Out: one suggestion with
its reasons and the alternatives. It chooses only among what :mod:`unkink.coach.dose` left open. Next
file: :mod:`unkink.coach.session`.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from unkink.coach.history import History, PastSession, clamp
from unkink.coach.prescription import prescribe
from unkink.coach.screening import Params

if TYPE_CHECKING:
    from unkink.coach.dose import CheckIn, TechniqueToday, Today
    from unkink.coach.exercise import Exercise
    from unkink.coach.rulebook import Rulebook

_POSITIONS = {"chair": "sitting", "standing": "standing", "floor": "supine"}
_RELIEF = {"lot": 2.0, "bit": 1.0, "same": 0.0, "worse": -2.0}
_LEAST_HELPED = 2
"""So many sessions have to have helped before it is given as a reason."""
_ROWS = {
    "recommend.helped": "V05",
    "recommend.stiff": "T05",
    "recommend.short-time": "Y05",
    "recommend.short-only": "O01",
}
"""What reasons rest on; the others are our own judgement."""
_FEW_DAYS = timedelta(days=2)


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for a suggestion, as a sentence."""

    key: str
    params: Params = {}

    @property
    def rule_id(self) -> str:
        """The row that says so; ``D`` where it is our own judgement alone."""
        return _ROWS.get(self.key, "D")


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """What to do today."""

    exercise_id: str
    variant: str | None
    reasons: tuple[Why, ...]
    """The strongest first, at most three."""
    minutes: float
    """Of the version that is suggested."""
    short_minutes: float
    """Of the short version."""
    is_short: bool
    """Whether the short version is suggested: that is all the time there is, or all that is open."""
    alternatives: tuple[str, ...]
    """Ids of the other techniques that are open, best first."""


def recommend(
    today: Today,
    check_in: CheckIn,
    history: History,
    rulebook: Rulebook,
    now: datetime,
) -> Recommendation | None:
    """Suggest one technique among those that are open.

    Parameters
    ----------
    today : Today
    check_in : CheckIn
        Position, head turn and minutes are wishes; they open nothing.
    history : History
    rulebook : Rulebook
    now : datetime
        Aware UTC.

    Returns
    -------
    Recommendation or None
        None when nothing is open.
    """
    rules, exercises = rulebook.safety, rulebook.exercises
    # a mobility check is no technique that was tried
    worked = tuple(s for s in history.sessions if s.is_work and s.exercise_id in rules.codes)
    ranked: list[tuple[float, int, str, list[tuple[float, Why]]]] = []
    for idx, exercise_id in enumerate(rules.codes):
        technique = today.techniques.get(exercise_id)
        if technique is None or prescribe(exercise_id, today, rulebook, minutes=check_in.minutes) is None:
            continue
        weighed = _weigh(technique, exercises[exercise_id], check_in, worked, now)
        ranked.append((-sum(weight for weight, _ in weighed), idx, exercise_id, weighed))
    if not ranked:
        return None
    ranked.sort(key=lambda item: item[:2])
    _, _, best_id, weighed = ranked[0]
    reasons = [why for weight, why in sorted(weighed, key=lambda item: -item[0]) if weight > 0]
    planned = prescribe(best_id, today, rulebook, minutes=check_in.minutes)
    assert planned is not None  # noqa: S101 - it is one of those that are open
    is_short = planned.level == "short"
    if today.techniques[best_id].short_only:
        reasons.insert(0, Why(key="recommend.short-only"))
    elif is_short:
        most_s = rules.prescription.length.short_s
        reasons.append(Why(key="recommend.short-time", params={"minutes": round(most_s / 60)}))
    return Recommendation(
        exercise_id=best_id,
        variant=planned.variant,
        reasons=tuple(reasons[:3]) or (Why(key="recommend.simple"),),
        minutes=planned.total_s / 60,
        short_minutes=planned.short_s / 60,
        is_short=is_short,
        alternatives=tuple(exercise_id for _, _, exercise_id, _ in ranked[1:]),
    )


def _weigh(
    technique: TechniqueToday,
    exercise: Exercise,
    check_in: CheckIn,
    worked: tuple[PastSession, ...],
    now: datetime,
) -> list[tuple[float, Why]]:
    """Weigh what speaks for and against one technique; only what speaks for it is told."""
    weighed: list[tuple[float, Why]] = []
    if check_in.position is not None and _POSITIONS[check_in.position] == exercise.position:
        weighed.append((2.0, Why(key=f"recommend.position.{check_in.position}")))
    weighed += _weigh_relief([s for s in worked if s.exercise_id == exercise.id])
    if technique.code == "TW" and check_in.head_turn in ("left-smaller", "right-smaller"):
        weighed.append((1.5, Why(key=f"recommend.turn.{check_in.head_turn}")))
    if technique.code == "WA" and check_in.stiffness in ("bit", "very"):
        weighed.append((0.5, Why(key="recommend.stiff")))
    if worked:
        mine = [clamp(s.started_at, now) for s in worked if s.exercise_id == exercise.id]
        if not mine:
            weighed.append((0.4, Why(key="recommend.new")))
        elif now - max(mine) >= _FEW_DAYS and worked[-1].exercise_id != exercise.id:
            days = math.floor((now - max(mine)) / timedelta(days=1))
            weighed.append((0.6, Why(key="recommend.variety", params={"days": days})))
    # Not told: made gentler, only short, and the roller needs the most care.
    if technique.permission.effect == "modify":
        weighed.append((-0.5, Why(key="")))
    if technique.short_only:
        weighed.append((-1.0, Why(key="")))
    if technique.code == "FR":
        weighed.append((-0.5, Why(key="")))
    return weighed


def _weigh_relief(mine: list[PastSession]) -> list[tuple[float, Why]]:
    """How the last sessions of a technique felt, each told relief or change of pain."""
    felt: list[float] = []
    for session in mine[-5:]:
        if session.relief is not None:
            felt.append(_RELIEF[session.relief])
        elif session.pain_before is not None and session.pain_after is not None:
            felt.append(max(-2.0, min(2.0, session.pain_before - session.pain_after)))
    if not felt:
        return []
    mean, n_helped = sum(felt) / len(felt), sum(1 for one in felt if one > 0)
    if mean > 0 and n_helped >= _LEAST_HELPED:
        return [(1.0 + mean, Why(key="recommend.helped", params={"n": n_helped}))]
    return [(min(0.0, mean), Why(key=""))]
