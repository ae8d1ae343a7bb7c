"""Answers to the safety questions in, what each technique is allowed to be out.

In: answers (``yes``, ``no``, ``unsure``) by row id, a few details, the rules. Out: :class:`Assessment`
with one :class:`Permission` per technique. What is missing or unknown makes it stricter. Next file:
:mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from unkink.coach.standing import cleared_rows, screening_state

if TYPE_CHECKING:
    # Only for annotations: safety_rules needs safety, and safety needs Permission.
    from unkink.coach.safety_grammar import Code, Effects, Row, RowEffect
    from unkink.coach.safety_rules import SafetyRules

Answer: TypeAlias = Literal["yes", "no", "unsure"]
Tier: TypeAlias = Literal["clear", "caution", "urgent", "emergency"]
Effect: TypeAlias = Literal["ok", "modify", "block"]
Params: TypeAlias = dict[str, str | int | float]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence on how to do a technique, with the row that it comes from."""

    rule_id: str
    message_key: str


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """What one technique may be for this person."""

    effect: Effect = "ok"
    variants: tuple[str, ...] = ()
    """Variants that alone are allowed (``tw-soft``); empty: the technique as it is, and all its variants."""
    dose_frac: float = 1.0
    """Share of the planned dose and of the ceilings."""
    range_frac: float = 1.0
    """Share of the comfortable range to go to; spoken and shown, a camera cannot enforce it."""
    max_hold_s: float | None = None
    """Longest single hold, seconds; None: no limit of its own."""
    pain_limit: float | None = None
    """Pain score (0 to 10) above which to stop, where it is lower than the general one."""
    notes: tuple[Note, ...] = ()
    reasons: tuple[str, ...] = ()
    """Ids of the rules that made it so, in order."""


class Details(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What some rows need to know beyond yes and no. None means not told, and counts as the stricter case."""

    pain_now: float | None = None
    """0 to 10 (U00, U16)."""
    constant: bool | None = None
    """Whether the pain is there all the time (U00)."""
    linked_to_movement: bool | None = None
    """Whether posture or movement clearly brings it on or eases it (U00)."""
    trimester: int | None = None
    """1 to 3 (C04)."""
    disc_region: Literal["neck", "mid", "low"] | None = None
    """Where the slipped disc is (C08)."""
    agreed: tuple[str, ...] = ()
    """Rows (U18, C07, C10) for which the person's own clinician has agreed to gentle exercise."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One row that was answered with yes or not sure, and what the person is told."""

    rule_id: str
    tier: Tier
    message_key: str
    """Key of what is told, e.g. ``screening.E01.told``; for tier ``urgent`` ``.when`` says how soon."""
    params: Params = {}
    when_key: str | None = None
    within_h: float | None = None
    """How soon a clinician is to be asked, hours; 0 is now."""
    unsure: bool = False
    """Whether it rests on a ``not sure``."""
    cleared: bool = False
    """Whether a clinician has since cleared the person for gentle exercise."""
    card: str | None = None
    """Id of the help card to show."""


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a round of safety questions."""

    tier: Tier
    findings: tuple[Finding, ...]
    """Most urgent first."""
    permissions: dict[str, Permission]
    """By exercise id, all four always."""
    locked: bool
    """Whether exercise content stays closed until a clinician's clearance is recorded."""
    lock_ids: tuple[str, ...]
    """Rows that close everything and are not cleared."""
    missing: tuple[str, ...]
    """Rows that were not answered; while there are any, everything is blocked."""
    rules_version: str


_EFFECT_ORDER: tuple[Effect, ...] = ("ok", "modify", "block")
_TIER_ORDER: tuple[Tier, ...] = ("clear", "caution", "urgent", "emergency")
_TIER_OF: dict[str, Tier] = {"E": "emergency", "U": "urgent", "C": "caution"}


def combine(*permissions: Permission) -> Permission:
    """Take the most restrictive of everything.

    Parameters
    ----------
    permissions : Permission
        Of one technique.

    Returns
    -------
    Permission
        Closed when two of them allow no variant in common.
    """
    variants: tuple[str, ...] = ()
    is_impossible = False
    for permission in permissions:
        if permission.variants and variants:
            variants = tuple(v for v in variants if v in permission.variants)
            is_impossible = is_impossible or not variants
        else:
            variants = variants or permission.variants
    effects: list[Effect] = ["block" if is_impossible else "ok", *(p.effect for p in permissions)]
    return Permission(
        effect=max(effects, key=_EFFECT_ORDER.index),
        variants=variants,
        dose_frac=min((p.dose_frac for p in permissions), default=1.0),
        range_frac=min((p.range_frac for p in permissions), default=1.0),
        max_hold_s=min((p.max_hold_s for p in permissions if p.max_hold_s is not None), default=None),
        pain_limit=min((p.pain_limit for p in permissions if p.pain_limit is not None), default=None),
        notes=tuple(dict.fromkeys(note for p in permissions for note in p.notes)),
        reasons=tuple(dict.fromkeys(reason for p in permissions for reason in p.reasons)),
    )


def make_permission(effect: RowEffect, rule_id: str, trimester: int | None = None) -> Permission:
    """Return the permission that one row's effect on one technique gives.

    Parameters
    ----------
    effect : "ok", "block" or Modify
    rule_id : str
    trimester : int or None
        1 to 3; None is not told, and leaves every note in.

    Returns
    -------
    Permission
        An ``ok`` carries no reason.
    """
    if effect == "ok":
        return Permission()
    if effect == "block":
        return Permission(effect="block", reasons=(rule_id,))
    names = (
        note if isinstance(note, str) else note.note
        for note in effect.notes
        if isinstance(note, str) or trimester not in note.unless_trimester
    )
    return Permission(
        effect="modify",
        variants=effect.variants,
        dose_frac=effect.dose_frac,
        range_frac=effect.range_frac,
        max_hold_s=effect.max_hold_s,
        pain_limit=effect.pain_limit,
        notes=tuple(Note(rule_id=rule_id, message_key=f"screening.note.{name}") for name in names),
        reasons=(rule_id,),
    )


def assess(
    answers: Mapping[str, str],
    details: Details,
    rules: SafetyRules,
    cleared: Iterable[str] = (),
) -> Assessment:
    """Turn answers into what is allowed.

    Parameters
    ----------
    answers : mapping of row id to "yes", "no" or "unsure"
        Another word counts as ``unsure``; a row that is missing, or that is not known, closes everything.
    details : Details
    rules : SafetyRules
    cleared : iterable of str
        Rows that a clinician has cleared for gentle exercise since they were answered.

    Returns
    -------
    Assessment
    """
    rows = rules.rows
    said: dict[str, Answer] = {row_id: _read(answers[row_id]) for row_id in rows if row_id in answers}
    missing = tuple(i for i in rows if i not in said) + tuple(i for i in answers if i not in rows)
    lock_row = rules.check.pain_now.lock_row
    if details.pain_now is not None and not details.pain_now <= rules.check.pain_now.rest_to:
        said[lock_row] = "yes"
    for escalation in rules.engine.escalations:
        is_met = said.get(escalation.row, "no") != "no" and any(
            said.get(i, "no") != "no" for i in escalation.with_any
        )
        if is_met and details.disc_region not in escalation.unless_disc_region:
            said[escalation.becomes] = "yes"

    raised: dict[str, Answer] = {row_id: answer for row_id, answer in said.items() if answer != "no"}
    covered = frozenset(i for i in cleared if i in rows and rows[i].is_clearable)
    findings = sorted((_make_finding(rows[i], raised, is_cleared=i in covered) for i in raised), key=_urgency)
    parts: dict[str, list[Permission]] = {exercise_id: [Permission()] for exercise_id in rules.codes}
    lock_ids: list[str] = []
    for row_id in raised:
        effects = _choose_effects(rows[row_id], said, details, rules, is_cleared=row_id in covered)
        if effects is None:
            lock_ids.append(row_id)
        for exercise_id, code in rules.codes.items():
            effect: RowEffect = "block" if effects is None else effects.of(code)
            parts[exercise_id].append(make_permission(effect, row_id, details.trimester))
    if missing:
        closed = Permission(effect="block", reasons=("unanswered",))
        parts = {exercise_id: [*some, closed] for exercise_id, some in parts.items()}
    quiet: Tier = "caution" if findings else "clear"
    tiers: list[Tier] = [quiet, *(f.tier for f in findings if not f.cleared)]
    return Assessment(
        tier=max(tiers, key=_TIER_ORDER.index),
        findings=tuple(findings),
        permissions={exercise_id: combine(*some) for exercise_id, some in parts.items()},
        locked=bool(lock_ids),
        lock_ids=tuple(lock_ids),
        missing=missing,
        rules_version=rules.version,
    )


def _read(answer: str) -> Answer:
    if answer == "yes":
        return "yes"
    return "no" if answer == "no" else "unsure"


def _tier_of(row_id: str) -> Tier:
    return _TIER_OF.get(row_id[:1], "emergency")


def _urgency(finding: Finding) -> tuple[bool, int, float]:
    """Sorts findings: not yet cleared first, then by tier, then by how soon."""
    soon_h = float("inf") if finding.within_h is None else finding.within_h
    return finding.cleared, -_TIER_ORDER.index(finding.tier), soon_h


def _make_finding(row: Row, raised: Mapping[str, Answer], *, is_cleared: bool) -> Finding:
    tier: Tier = _tier_of(row.id)
    is_unsure = raised[row.id] == "unsure"
    # Not sure about an emergency: its card is shown all the same, and it counts as urgent.
    told_tier: Tier = "urgent" if tier == "emergency" and is_unsure else tier
    within_h = row.within_h
    if row.within_h_combined is not None and any(_tier_of(i) == "urgent" for i in raised if i != row.id):
        within_h = row.within_h_combined
    return Finding(
        rule_id=row.id,
        tier=told_tier,
        message_key=f"screening.{row.id}.told",
        when_key=f"screening.{row.id}.when" if tier == "urgent" else None,
        within_h=within_h,
        unsure=is_unsure,
        cleared=is_cleared,
        card=row.card,
    )


def _choose_effects(
    row: Row, said: Mapping[str, Answer], details: Details, rules: SafetyRules, *, is_cleared: bool
) -> Effects | None:
    """Return what a raised row does to the techniques; None closes them all."""
    is_agreed = is_cleared or row.id in details.agreed
    if is_agreed and row.agreed is not None:
        return row.agreed
    if is_cleared and not row.needs_agreement and (_tier_of(row.id) != "caution" or _is_all_closed(row)):
        return rules.engine.cleared
    if (row.needs_agreement and not is_agreed) or any(said.get(i) != "no" for i in row.closed_unless_no):
        return None
    is_closed = _is_all_closed(row) or not _is_gate_open(row, said, details)
    return None if is_closed else row.effects


def _is_all_closed(row: Row) -> bool:
    codes: tuple[Code, ...] = ("TW", "SS", "WA", "FR")
    return all(row.effects.of(code) == "block" for code in codes)


def _is_gate_open(row: Row, said: Mapping[str, Answer], details: Details) -> bool:
    gate = row.gate
    if gate is None:
        return True
    is_mild = details.pain_now is not None and 0 <= details.pain_now <= gate.pain_at_most
    is_alone = all(answer == "no" for row_id, answer in said.items() if row_id != row.id)
    return (
        is_mild
        and details.constant is gate.constant
        and details.linked_to_movement is gate.linked_to_movement
        and (is_alone or not gate.no_other_yes)
    )


def to_plain(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as plain data for the diary and the wire.

    Parameters
    ----------
    assessment : Assessment

    Returns
    -------
    dict
        JSON-able, unitless; :func:`from_plain` reads it back.
    """
    plain: dict[str, Any] = msgspec.to_builtins(assessment)
    return plain


def from_plain(plain: dict[str, Any]) -> Assessment:
    """Read back what :func:`to_plain` wrote.

    Parameters
    ----------
    plain : dict

    Returns
    -------
    Assessment

    Raises
    ------
    msgspec.ValidationError
        If it is not an assessment.
    """
    return msgspec.convert(plain, Assessment)


__all__ = [
    "Answer",
    "Assessment",
    "Details",
    "Effect",
    "Finding",
    "Note",
    "Params",
    "Permission",
    "Tier",
    "assess",
    "cleared_rows",
    "combine",
    "from_plain",
    "make_permission",
    "screening_state",
    "to_plain",
]
