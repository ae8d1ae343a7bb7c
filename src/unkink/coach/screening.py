"""Answers to the safety questions in, what each technique is allowed to be out.

In: answers (``yes``, ``no``, ``unsure``) by row id, a few details, the rules. Out: :class:`Assessment` with
one :class:`Permission` per technique. What is missing or unknown makes it stricter. Next file:
:mod:`unkink.coach.dose`.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

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
    """Ids of the rows that made it so, in order."""


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
    """Rows that lock and are not cleared."""
    missing: tuple[str, ...]
    """Rows that were not answered; while there are any, everything is blocked."""
    rules_version: str


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
