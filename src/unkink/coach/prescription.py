"""What today's session of one technique is: how many sets, how long, how slowly, with which rests.

In: today's permissions and levels, the technique file, the rules that every session keeps to. Out:
:class:`Prescription`, the only place that turns a dose into a session: what a page shows and what a session
does come from here. Next file: :mod:`unkink.coach.session`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.coach.exercise import HoldCounting, RepetitionCounting
from unkink.coach.safety import Reason

if TYPE_CHECKING:
    from unkink.coach.dose import TechniqueToday, Today
    from unkink.coach.exercise import Coaching, Dose, Doses, Exercise, PhaseName
    from unkink.coach.limits_grammar import Least
    from unkink.coach.rulebook import Rulebook
    from unkink.coach.screening import Permission

Level: TypeAlias = Literal["short", "start", "middle", "standard"]

_TINY = 1e-9


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """How much: one of ``hold_s`` (a side), ``repetitions``, ``roll_s``, per set."""

    n_sets: int
    hold_s: float | None = None
    repetitions: int | None = None
    roll_s: float | None = None
    rest_s: float = 0.0
    """Between two sets."""


class Prescription(msgspec.Struct, frozen=True, kw_only=True):
    """One session of one technique, as it is to be done today."""

    exercise_id: str
    variant: str | None
    level: Level
    amount: Amount
    warm_up_s: float
    """Easy small movements before the first set; 0 in the short version."""
    total_s: float
    """All of it, with rests and the ways into and out of each hold."""
    effort: tuple[float, float]
    """How much it may be felt, of 10: least and most (D08)."""
    move_s: tuple[float, float]
    """Seconds into a hold, for half a repetition, or for a pass: least and most (D07)."""
    reasons: tuple[Reason, ...]
    """Why it is as much as it is, and no more; most important first."""
    short: Amount | None
    """The smallest version of today; None where this is it."""
    short_s: float
    """How long that takes."""


_RULE_OF: dict[Level, str] = {"short": "Y05", "start": "D01", "middle": "D13", "standard": "D02"}


def prescribe(
    exercise_id: str,
    today: Today,
    rulebook: Rulebook,
    *,
    minutes: float | None = None,
    variant: str | None = None,
    is_short: bool = False,
) -> Prescription | None:
    """Tell what today's session of a technique is.

    Parameters
    ----------
    exercise_id : str
    today : Today
        Everything that is known of the person, judged.
    rulebook : Rulebook
    minutes : float or None
        Time that there is; None: as much as it takes. It only ever makes a session shorter.
    variant : str or None
        The way of doing it that is wished for; taken where it is allowed.
    is_short : bool
        Whether the smallest version is wished for.

    Returns
    -------
    Prescription or None
        None when the technique is closed today, or no way of doing it is open.
    """
    technique = today.techniques.get(exercise_id)
    exercise = rulebook.exercises.get(exercise_id)
    if technique is None or exercise is None or technique.permission.effect == "block":
        return None
    is_known, way = choose_variant(exercise, technique.permission, variant)
    if not is_known:
        return None
    level: Level = "short" if is_short or technique.short_only else technique.dose
    least = compute_amount(rulebook, exercise_id, way, "short", technique.permission)
    short_s = compute_total_s(rulebook, exercise_id, way, least)
    if level != "short" and minutes is not None:
        fitting = compute_amount(rulebook, exercise_id, way, level, technique.permission, minutes=minutes)
        full_s = compute_total_s(rulebook, exercise_id, way, fitting) + warm_up_of(rulebook, level)
        if full_s > max(minutes * 60.0, 0.0) and short_s <= full_s:
            level = "short"
    amount = compute_amount(rulebook, exercise_id, way, level, technique.permission, minutes=minutes)
    warm_up_s = warm_up_of(rulebook, level)
    rules = rulebook.safety.prescription
    return Prescription(
        exercise_id=exercise_id,
        variant=way,
        level=level,
        amount=amount,
        warm_up_s=warm_up_s,
        total_s=compute_total_s(rulebook, exercise_id, way, amount) + warm_up_s,
        effort=rules.effort.of_ten[exercise.code],
        move_s=rules.speed.move_s[exercise.code],
        reasons=_explain(technique, level),
        short=None if level == "short" else least,
        short_s=short_s,
    )


def choose_variant(
    exercise: Exercise, permission: Permission, wished: str | None = None
) -> tuple[bool, str | None]:
    """Choose the way of doing a technique.

    Parameters
    ----------
    exercise : Exercise
    permission : Permission
    wished : str or None

    Returns
    -------
    is_open, variant
        The wished one where it is allowed, else the first that is; False when none is open.
    """
    known = tuple(v.id for v in exercise.variants)
    if not permission.variants:
        return (wished is None or wished in known), wished
    if wished in permission.variants and wished in known:
        return True, wished
    first = next((v for v in permission.variants if v in known), None)
    return first is not None, first


def compute_amount(
    rulebook: Rulebook,
    exercise_id: str,
    variant: str | None,
    level: Level,
    permission: Permission,
    *,
    minutes: float | None = None,
) -> Amount:
    """Turn a dose of the technique file into sets and seconds for this person.

    Parameters
    ----------
    rulebook : Rulebook
    exercise_id, variant : str
    level : ``short``, ``start``, ``middle`` or ``standard``
    permission : Permission
        ``dose_frac`` below 1 takes whole sets first, then shortens them to whole seconds and repetitions;
        ``max_hold_s`` shortens each hold.
    minutes : float or None
        Time that there is; takes sets away, never the last one.

    Returns
    -------
    Amount
        Never more than the dose of the file, nor longer than a session may be.

    Raises
    ------
    KeyError
        If there is no such technique, variant or level.
    """
    exercise = rulebook.exercise(exercise_id, variant)
    dose = _dose_of(exercise.doses, level)
    rules = rulebook.safety.prescription
    n_sets, share = _share_sets(dose.sets, permission.dose_frac)
    amount = _shorten(dose, n_sets, share, rules.least, permission.max_hold_s)
    most_s = rules.length.short_s if level == "short" else rules.length.most_s
    if minutes is not None and math.isfinite(minutes):
        most_s = min(most_s, minutes * 60.0)
    extra_s = warm_up_of(rulebook, level)
    while amount.n_sets > 1 and _total_s(exercise, rulebook.coaching, amount) + extra_s > most_s:
        amount = msgspec.structs.replace(amount, n_sets=amount.n_sets - 1)
    return amount


def compute_total_s(rulebook: Rulebook, exercise_id: str, variant: str | None, amount: Amount) -> float:
    """Tell how long a session takes, without the warm-up.

    Parameters
    ----------
    rulebook : Rulebook
    exercise_id, variant : str
    amount : Amount

    Returns
    -------
    float
        Seconds.
    """
    return _total_s(rulebook.exercise(exercise_id, variant), rulebook.coaching, amount)


def warm_up_of(rulebook: Rulebook, level: Level) -> float:
    """Return how long to move easily before the first set.

    Parameters
    ----------
    rulebook : Rulebook
    level : ``short``, ``start``, ``middle`` or ``standard``

    Returns
    -------
    float
        Seconds.
    """
    return 0.0 if level == "short" else rulebook.safety.prescription.warm_up_s


def _dose_of(doses: Doses, level: Level) -> Dose:
    if level == "middle":
        return doses.start if doses.middle is None else doses.middle
    return {"short": doses.short, "start": doses.start, "standard": doses.standard}[level]


def _share_sets(n_sets: int, dose_frac: float) -> tuple[int, float]:
    """Return the sets, and the share of each, that together are a share of the dose: whole sets go first."""
    sound = dose_frac if math.isfinite(dose_frac) and dose_frac > 0 else 0.0
    fewer = min(n_sets, max(1, math.floor(n_sets * sound + _TINY)))
    return fewer, min(1.0, n_sets * sound / fewer)


def _shorten(dose: Dose, n_sets: int, share: float, least: Least, max_hold_s: float | None) -> Amount:
    """Shorten each set to whole seconds and repetitions, but not to nothing."""
    hold_s = _whole(dose.hold_s, share, least.hold_s)
    if hold_s is not None and max_hold_s is not None:
        hold_s = min(hold_s, max_hold_s)
    repetitions = _whole(dose.repetitions, share, least.repetitions)
    return Amount(
        n_sets=n_sets,
        hold_s=hold_s,
        repetitions=None if repetitions is None else round(repetitions),
        roll_s=_whole(dose.roll_s, share, least.roll_s),
        rest_s=dose.rest_s,
    )


def _whole(full: float | None, share: float, least: float) -> float | None:
    if full is None:
        return None
    if share >= 1.0:
        return full
    return min(full, max(least, float(math.floor(full * share + _TINY))))


def _total_s(exercise: Exercise, coaching: Coaching, amount: Amount) -> float:
    n_sides = len(exercise.sides)
    work_s = _guided_s(exercise, "lengthen")
    if isinstance(exercise.counting, HoldCounting):
        way_s = work_s + _guided_s(exercise, "move") + _guided_s(exercise, "return")
        set_s = n_sides * (way_s + (amount.hold_s or 0.0)) + (n_sides - 1) * coaching.switch_s
    elif isinstance(exercise.counting, RepetitionCounting):
        set_s = work_s + (amount.repetitions or 0) * _guided_s(exercise, "work")
    else:
        set_s = work_s + (amount.roll_s or 0.0)
    return coaching.get_ready_s + amount.n_sets * set_s + (amount.n_sets - 1) * amount.rest_s


def _guided_s(exercise: Exercise, phase: PhaseName) -> float:
    guide = exercise.guide(phase)
    return 0.0 if guide is None or guide.duration_s is None else guide.duration_s


def _explain(technique: TechniqueToday, level: Level) -> tuple[Reason, ...]:
    """Say why: what made it smaller first, then the rule of its level."""
    own = Reason(rule_id=_RULE_OF[level], message_key=f"prescription.level.{level}")
    return (*technique.reasons, own)


__all__ = [
    "Amount",
    "Level",
    "Prescription",
    "choose_variant",
    "compute_amount",
    "compute_total_s",
    "prescribe",
    "warm_up_of",
]
