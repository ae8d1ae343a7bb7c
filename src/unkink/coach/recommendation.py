"""Which technique to suggest, and why.

In: what is open today, the check-in, what happened before, the technique files. Out: one suggestion with
its reasons and the alternatives. It chooses only among what :mod:`unkink.coach.dose` left open. Next
file: :mod:`unkink.coach.session`.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.coach.exercise import Strict
from unkink.coach.history import History, PastSession, clamp
from unkink.coach.pain import by_technique
from unkink.coach.prescription import Prescription, prescribe
from unkink.coach.relief import ReliefOverview, compute_relief
from unkink.coach.remembering import remember_some
from unkink.coach.safety_grammar import Code
from unkink.coach.screening import Params

if TYPE_CHECKING:
    from unkink.coach.dose import CheckIn, TechniqueToday, Today
    from unkink.coach.exercise import Exercise
    from unkink.coach.rulebook import Rulebook
    from unkink.coach.safety_rules import SafetyRules

Thing: TypeAlias = Literal["chair", "wall", "roller", "towel"]
THINGS: tuple[Thing, ...] = ("chair", "wall", "roller", "towel")
_POSITIONS = {"chair": "sitting", "standing": "standing", "floor": "supine"}
_ROWS = {
    "recommend.helped": "V05",
    "recommend.helped-most": "V05",
    "recommend.stiff": "T05",
    "recommend.short-time": "Y05",
    "recommend.short-only": "O01",
}
"""What reasons rest on; the others are our own judgement."""
_FEW_DAYS = timedelta(days=2)


class Suggesting(Strict, frozen=True, kw_only=True):
    """What a suggestion goes by (``rules/suggesting.yaml``)."""

    format: Literal[1]
    places: dict[Code, tuple[str, ...]]
    """Regions of the body map that a technique moves most."""
    equipment: dict[str, Thing]
    """What technique files ask for, in the words of the settings."""
    source: tuple[str, ...]
    grade: Literal["A", "B", "C", "D"]
    evidence: tuple[str, ...]


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What the person has at hand."""

    equipment: frozenset[Thing] = frozenset(THINGS)
    has_floor: bool = True
    """Whether lying down on the floor is possible."""


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
    means: Means | None = None,
) -> Recommendation | None:
    """Suggest one technique among those that are open.

    Parameters
    ----------
    today : Today
    check_in : CheckIn
        Places, position, head turn and minutes are wishes; they open nothing.
    history : History
    rulebook : Rulebook
    now : datetime
        Aware UTC.
    means : Means or None
        What cannot be done with it comes last, and is suggested only when nothing else is open. None:
        everything is at hand.

    Returns
    -------
    Recommendation or None
        None when nothing is open.
    """
    rules, exercises = rulebook.safety, rulebook.exercises
    # a mobility check is no technique that was tried
    worked = _choose_tried(history.sessions, rules)
    relief = compute_relief(worked, rules.codes, rulebook.change, now)
    ranked: list[tuple[bool, float, int, Prescription, list[tuple[float, Why]]]] = []
    for idx, exercise_id in enumerate(rules.codes):
        technique = today.techniques.get(exercise_id)
        if technique is None:
            continue
        planned, is_possible = _plan(exercise_id, today, rulebook, check_in.minutes, means or Means())
        if planned is None:
            continue
        exercise = exercises[exercise_id]
        weighed = [
            *_weigh(technique, exercise, check_in, worked, now),
            *_weigh_relief(relief, exercise_id, rulebook),
            *_weigh_places(exercise.code, check_in.places, rulebook.suggesting),
        ]
        if is_possible and planned.variant is not None and _is_instead(exercise, planned, rulebook, means):
            weighed.append((0.1, Why(key="recommend.towel")))
        ranked.append((not is_possible, -sum(weight for weight, _ in weighed), idx, planned, weighed))
    if not ranked:
        return None
    ranked.sort(key=lambda item: item[:3])
    _, _, _, planned, weighed = ranked[0]
    reasons = [why for weight, why in sorted(weighed, key=lambda item: -item[0]) if weight > 0 and why.key]
    is_short = planned.level == "short"
    if today.techniques[planned.exercise_id].short_only:
        reasons.insert(0, Why(key="recommend.short-only"))
    elif is_short:
        most_s = rules.prescription.length.short_s
        reasons.append(Why(key="recommend.short-time", params={"minutes": round(most_s / 60)}))
    return Recommendation(
        exercise_id=planned.exercise_id,
        variant=planned.variant,
        reasons=tuple(reasons[:3]) or (Why(key="recommend.simple"),),
        minutes=planned.total_s / 60,
        short_minutes=planned.short_s / 60,
        is_short=is_short,
        alternatives=tuple(other.exercise_id for _, _, _, other, _ in ranked[1:]),
    )


@remember_some
def _choose_tried(session: PastSession, rules: SafetyRules) -> bool:
    return session.is_work and not session.is_deleted and session.exercise_id in rules.codes


def _plan(
    exercise_id: str, today: Today, rulebook: Rulebook, minutes: float | None, means: Means
) -> tuple[Prescription | None, bool]:
    """Return today's session of a technique, done with what is at hand if there is such a way."""
    planned = prescribe(exercise_id, today, rulebook, minutes=minutes)
    if planned is None:
        return None, False
    exercise = rulebook.exercises[exercise_id]
    if _is_possible(exercise, planned.variant, rulebook, means):
        return planned, True
    for variant in exercise.variants:
        if _is_possible(exercise, variant.id, rulebook, means):
            other = prescribe(exercise_id, today, rulebook, minutes=minutes, variant=variant.id)
            if other is not None and other.variant == variant.id:
                return other, True
    return planned, False


def _is_possible(exercise: Exercise, variant_id: str | None, rulebook: Rulebook, means: Means) -> bool:
    way = rulebook.exercise(exercise.id, variant_id)
    needed = {thing for name in way.equipment if (thing := rulebook.suggesting.equipment.get(name))}
    return needed <= means.equipment and (means.has_floor or way.position != "supine")


def _is_instead(exercise: Exercise, planned: Prescription, rulebook: Rulebook, means: Means | None) -> bool:
    """Whether a rolled towel stands in for a roller that is not there."""
    given = means or Means()
    return "roller" not in given.equipment and "rolled-towel" in (
        rulebook.exercise(exercise.id, planned.variant).equipment
    )


def _weigh_places(code: Code, places: tuple[str, ...], suggesting: Suggesting) -> list[tuple[float, Why]]:
    """Weigh where it hurts: the first place told that a technique moves."""
    moved = suggesting.places.get(code, ())
    place = next((one for one in places if one in moved), None)
    return [] if place is None else [(0.8, Why(key="recommend.place", params={"place": f"place.{place}"}))]


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
    if technique.code == "TW" and check_in.head_turn in ("left-smaller", "right-smaller"):
        weighed.append((1.5, Why(key=f"recommend.turn.{check_in.head_turn}")))
    if technique.code == "WA" and check_in.stiffness in ("bit", "very"):
        weighed.append((0.5, Why(key="recommend.stiff")))
    if worked:
        mine = by_technique(worked).get(exercise.id, ())
        last_at = clamp(max((s.started_at for s in mine), default=now), now)
        if not mine:
            weighed.append((0.4, Why(key="recommend.new")))
        elif now - last_at >= _FEW_DAYS and worked[-1].exercise_id != exercise.id:
            days = math.floor((now - last_at) / timedelta(days=1))
            weighed.append((0.6, Why(key="recommend.variety", params={"days": days})))
    # Not told: made gentler, only short, and the roller needs the most care.
    if technique.permission.effect == "modify":
        weighed.append((-0.5, Why(key="")))
    if technique.short_only:
        weighed.append((-1.0, Why(key="")))
    if technique.code == "FR":
        weighed.append((-0.5, Why(key="")))
    return weighed


def _weigh_relief(overview: ReliefOverview, exercise_id: str, rulebook: Rulebook) -> list[tuple[float, Why]]:
    """Weigh how it was straight after a technique; told only where it is more than chance."""
    found = overview.find(exercise_id)
    if found is None:
        return []
    # a few answers weigh little
    weight = 2.0 * found.mean * found.n / (found.n + rulebook.change.relief.prior_weight)
    if overview.best_id == exercise_id:
        return [(weight + 1.0, Why(key="recommend.helped-most"))]
    if found.verdict == "better":
        return [(weight, Why(key="recommend.helped", params={"n_better": found.n_better, "n": found.n}))]
    return [(weight, Why(key=""))]
