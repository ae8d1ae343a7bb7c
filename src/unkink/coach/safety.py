"""The last word: go on, ease, pause or stop.

In: the situation of a session and the limits from ``rules/safety``. Out: a :class:`Verdict` with its reasons.
It fails closed: what is missing, unknown, stale or not a number pauses or stops. Only
:func:`unkink.coach.session.reduce` calls it while a session runs, and turns an exception in it into
:func:`make_fault_verdict`. Next file: :mod:`unkink.coach.session`.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from unkink.coach.screening import Params, Permission

Mode: TypeAlias = Literal["camera", "demo", "timer"]


class VerdictKind(StrEnum):
    """What may happen next, from the freest to the strictest."""

    CONTINUE = "continue"
    EASE = "ease"
    PAUSE = "pause"
    STOP = "stop"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why: the rule and a sentence by its key."""

    rule_id: str
    message_key: str
    params: Params = {}


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What may happen next, and why."""

    kind: VerdictKind
    reasons: tuple[Reason, ...] = ()
    """Reasons of this kind only, most important first; empty when the kind is ``continue``."""
    card: str | None = None
    """Id of the help card to show (:class:`unkink.coach.safety_rules.HelpCard`)."""
    lock_s: float = 0.0
    """For how long this technique rests, seconds."""
    until_cleared: bool = False
    """Whether everything rests until a clinician's clearance is recorded."""


class PainReport(msgspec.Struct, frozen=True, kw_only=True):
    """Pain that the person reported in this session."""

    t_s: float
    score: float
    """0 to 10."""
    kind: str
    """``ache``, ``stretch``, ``sharp``, ``electric``, ``spreading``, ``tingling``, ``dizzy``, ``breath``."""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the last word looks at."""

    t_s: float
    t_last_seen_s: float | None
    """Time of the last landmarks; None: none yet."""
    mode: Mode
    permission: Permission | None
    """None: nobody asked. That stops."""
    exercise_code: str
    """``TW``, ``SS``, ``WA``, ``FR``."""
    variant: str | None = None
    held_s: dict[str, float] = {}
    """Seconds held in this session, by side."""
    running_hold_s: float = 0.0
    """Seconds of the hold that is running, 0 outside a hold."""
    rolled_s: float = 0.0
    """Seconds rolled in this session."""
    rolled_before_s: float = 0.0
    """Seconds rolled earlier today, in other sessions."""
    repetitions: int = 0
    """In this session, all sets."""
    pain_before: float | None = None
    """Pain at the check-in."""
    pain: tuple[PainReport, ...] = ()
    symptoms: tuple[str, ...] = ()
    """Stop rules that the person ticked (``S01`` to ``S05``)."""
    rules_version: str


class StopLimit(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticked stop sign does."""

    card: str
    lock_s: float
    until_cleared: bool

    @property
    def gravity(self) -> tuple[bool, float]:
        """Sorts from the mildest to the gravest."""
        return self.until_cleared, self.lock_s


class Ceiling(msgspec.Struct, frozen=True, kw_only=True):
    """Most that one session of a technique may be; None: does not apply."""

    hold_s_per_side: float | None = None
    repetitions: int | None = None
    roll_s_per_day: float | None = None
    roll_s_recommended: float | None = None
    rule_id: str = "D03"


class SafetyLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits that the last word judges by; :func:`unkink.coach.safety_rules.make_limits` makes them."""

    rules_version: str
    stale_s: float
    ease_above: float
    """Pain score above which the session eases (L02)."""
    stop_above: float
    """Pain score above which it stops (L03)."""
    stop_kinds: tuple[str, ...]
    """Kinds of pain that stop at any score (L03)."""
    pain_kinds: tuple[str, ...]
    """All kinds that are known; another one stops."""
    pain_signs: dict[str, str] = {}
    """Kinds that are a stop sign as well, with its id."""
    red_lock_s: float
    near_frac: float
    """Share of a ceiling from which the session eases."""
    stops: dict[str, StopLimit]
    """By stop rule."""
    ceilings: dict[str, Ceiling]
    """By technique code."""


_WORST_PAIN = 10.0


def make_fault_verdict(error_id: str) -> Verdict:
    """Return the stop that follows an exception.

    Parameters
    ----------
    error_id : str
        Under which the log has the exception.

    Returns
    -------
    Verdict
    """
    reason = Reason(rule_id="fault", message_key="safety.stop.fault", params={"error_id": error_id})
    return Verdict(kind=VerdictKind.STOP, reasons=(reason,))


def judge(situation: Situation, limits: SafetyLimits | None) -> Verdict:
    """Decide whether the session may go on.

    Parameters
    ----------
    situation : Situation
        Times in seconds, pain 0 to 10.
    limits : SafetyLimits or None
        None stops.

    Returns
    -------
    Verdict
        The strictest kind that applies, with all reasons of that kind.
    """
    if limits is None:
        return _stop("limits-missing", "safety.stop.limits")
    # Signs come first: whatever else stops, somebody who told of one sees what to do about it.
    closed = (
        _judge_symptoms(situation, limits) or _judge_rules(situation, limits) or _judge_permission(situation)
    )
    if closed is not None or situation.permission is None:
        return closed or _stop("permission", "safety.stop.not-allowed")
    return _judge_course(situation, situation.permission, limits)


def _judge_course(situation: Situation, permission: Permission, limits: SafetyLimits) -> Verdict:
    """Judge pain, load and view of a session that was allowed to begin."""
    pain_stops, pain_eases = _judge_pain(situation, permission, limits)
    load_stops, load_eases = _judge_load(situation, permission, limits)
    if pain_stops:
        return Verdict(kind=VerdictKind.STOP, reasons=pain_stops, card="pain", lock_s=limits.red_lock_s)
    if load_stops:
        return Verdict(kind=VerdictKind.STOP, reasons=load_stops)
    if _is_stale(situation, limits):
        reason = Reason(rule_id="stale", message_key="safety.pause.stale")
        return Verdict(kind=VerdictKind.PAUSE, reasons=(reason,))
    if pain_eases or load_eases:
        return Verdict(kind=VerdictKind.EASE, reasons=pain_eases + load_eases)
    return Verdict(kind=VerdictKind.CONTINUE)


def _stop(rule_id: str, message_key: str) -> Verdict:
    reason = Reason(rule_id=rule_id, message_key=message_key)
    return Verdict(kind=VerdictKind.STOP, reasons=(reason,))


def _is_sound(*numbers: float | None) -> bool:
    return all(n is not None and math.isfinite(n) and n >= 0 for n in numbers)


def _judge_rules(situation: Situation, limits: SafetyLimits) -> Verdict | None:
    """Stop when situation and limits do not belong together or hold nonsense."""
    if situation.rules_version != limits.rules_version:
        return _stop("rules-unknown", "safety.stop.rules")
    if situation.exercise_code not in limits.ceilings:
        return _stop("exercise-unknown", "safety.stop.exercise")
    sound_limits = _is_sound(
        limits.stale_s, limits.ease_above, limits.stop_above, limits.red_lock_s, limits.near_frac
    )
    if not sound_limits or not limits.stops:
        return _stop("limits-missing", "safety.stop.limits")
    sound = _is_sound(
        situation.t_s,
        situation.running_hold_s,
        situation.rolled_s,
        situation.rolled_before_s,
        situation.repetitions,
        *situation.held_s.values(),
    )
    return None if sound else _stop("numbers", "safety.stop.numbers")


def _judge_permission(situation: Situation) -> Verdict | None:
    permission = situation.permission
    if permission is None or permission.effect not in ("ok", "modify"):
        ids = permission.reasons if permission is not None and permission.reasons else ("permission",)
        reasons = tuple(Reason(rule_id=i, message_key="safety.stop.not-allowed") for i in ids)
        return Verdict(kind=VerdictKind.STOP, reasons=reasons)
    if permission.variants and situation.variant not in permission.variants:
        return _stop(permission.reasons[0] if permission.reasons else "permission", "safety.stop.variant")
    return None


def _judge_symptoms(situation: Situation, limits: SafetyLimits) -> Verdict | None:
    felt = (limits.pain_signs[p.kind] for p in situation.pain if p.kind in limits.pain_signs)
    told = (*situation.symptoms, *felt)
    if not told:
        return None
    # An unknown sign is treated as the gravest known one.
    gravest = max(limits.stops, key=lambda i: limits.stops[i].gravity)
    known = [i if i in limits.stops else gravest for i in told]
    worst = max(known, key=lambda i: limits.stops[i].gravity)
    reasons = tuple(Reason(rule_id=i, message_key=f"safety.stop.{i}") for i in dict.fromkeys(known))
    stop = limits.stops[worst]
    return Verdict(
        kind=VerdictKind.STOP,
        reasons=reasons,
        card=stop.card,
        lock_s=stop.lock_s,
        until_cleared=stop.until_cleared,
    )


def _judge_pain(
    situation: Situation, permission: Permission, limits: SafetyLimits
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Return reasons to stop and reasons to ease; what was reported once counts to the end of the session."""
    stop_above = limits.stop_above
    if permission.pain_limit is not None:
        stop_above = min(stop_above, permission.pain_limit)
    stops: list[Reason] = []
    eases: list[Reason] = []
    for report in situation.pain:
        is_score = _is_sound(report.score) and report.score <= _WORST_PAIN
        if report.kind in limits.stop_kinds or report.kind not in limits.pain_kinds:
            stops.append(Reason(rule_id="L03", message_key="safety.stop.pain-kind"))
        elif not is_score or report.score > stop_above:
            stops.append(
                Reason(rule_id="L03", message_key="safety.stop.pain", params={"score": report.score})
            )
        elif report.score > limits.ease_above:
            eases.append(
                Reason(rule_id="L02", message_key="safety.ease.pain", params={"score": report.score})
            )
    return _unique(stops), _unique(eases)


def _judge_load(
    situation: Situation, permission: Permission, limits: SafetyLimits
) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Return reasons to stop and reasons to ease from how much was done."""
    ceiling = limits.ceilings[situation.exercise_code]
    share = min(1.0, max(0.0, permission.dose_frac)) if math.isfinite(permission.dose_frac) else 0.0
    rolled_s = situation.rolled_s + situation.rolled_before_s
    done_and_most = (
        (max(situation.held_s.values(), default=0.0), ceiling.hold_s_per_side, ceiling.rule_id),
        (float(situation.repetitions), ceiling.repetitions, ceiling.rule_id),
        (rolled_s, ceiling.roll_s_per_day, "O02"),
    )
    stops: list[Reason] = []
    eases: list[Reason] = []
    for done, most, rule_id in done_and_most:
        if most is None:
            continue
        if done >= most * share:
            stops.append(Reason(rule_id=rule_id, message_key="safety.stop.ceiling"))
        elif done >= most * share * limits.near_frac:
            eases.append(Reason(rule_id=rule_id, message_key="safety.ease.ceiling"))
    recommended = ceiling.roll_s_recommended
    if recommended is not None and rolled_s > recommended * share:
        eases.append(Reason(rule_id="O02", message_key="safety.ease.rolled-enough"))
    if permission.max_hold_s is not None and situation.running_hold_s >= permission.max_hold_s:
        rule_id = permission.reasons[0] if permission.reasons else "permission"
        eases.append(Reason(rule_id=rule_id, message_key="safety.ease.long-hold"))
    return _unique(stops), _unique(eases)


def _unique(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Keep the last reason of each sentence: the newest score is the one to tell."""
    by_key = {(r.rule_id, r.message_key): r for r in reasons}
    return tuple(by_key.values())


def _is_stale(situation: Situation, limits: SafetyLimits) -> bool:
    if situation.mode == "timer":
        return False
    seen_s = situation.t_last_seen_s
    if seen_s is None or not math.isfinite(seen_s):
        return True
    return not 0 <= situation.t_s - seen_s <= limits.stale_s
