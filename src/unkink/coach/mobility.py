"""The mobility check: what is done in it, who may do it, and when it is due.

In: the file ``rules/mobility/check.yaml``, today's permissions, past checks. Out: the check as one more
exercise whose variants are its parts, done one after the other; the permission for it; whether it is due.
Next file: :mod:`unkink.coach.mobility_script`.

Each part moves as a technique does, and is open only where that technique is open today and nobody said to
stay away from the end of the range: measuring how far somebody comes would ask for just that.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from unkink.coach.exercise import (
    CameraView,
    Dose,
    Doses,
    ExcursionCounting,
    Exercise,
    ExerciseCode,
    FaultRule,
    Guide,
    Kebab,
    Key,
    Positive,
    SideName,
    Strict,
    Variant,
)
from unkink.coach.progress import compute_level
from unkink.coach.screening import Permission, combine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unkink.coach.session_state import SessionState

MOBILITY_ID = "mobility-check"


class MobilityPart(Strict, frozen=True, kw_only=True):
    """One movement of the check."""

    id: Kebab
    technique: Kebab
    """Whose permission this movement needs."""
    warms_up: bool = False
    """Not measured; the first warm-up that is open is the only one that is done."""
    sides: tuple[SideName, ...]
    repetitions: Annotated[int, msgspec.Meta(ge=1, le=10)]
    """To each side; with ``both``, altogether."""
    counting: ExcursionCounting
    guides: tuple[Guide, ...]
    faults: tuple[FaultRule, ...]
    evidence: tuple[str, ...]


class MobilityCheck(Strict, frozen=True, kw_only=True):
    """The standard test."""

    format: Literal[1]
    id: Kebab
    code: ExerciseCode
    """By whose ceilings a session of it is judged."""
    position: Literal["sitting", "standing"]
    equipment: tuple[Kebab, ...]
    minutes: Positive
    camera: CameraView
    parts: tuple[MobilityPart, ...]
    retest_days: Positive
    """Between two checks."""
    patience_s: Positive
    """Without a repetition for so long, it goes on with the next part."""
    same_time_within_h: Positive
    """Checks whose times of day are further apart are told to be less comparable, hours."""
    unseen: tuple[Key, ...]
    setup: tuple[Key, ...]
    dont: tuple[Key, ...]
    evidence: tuple[str, ...]

    def part(self, part_id: str) -> MobilityPart | None:
        """Return the part of an id, or None."""
        return next((part for part in self.parts if part.id == part_id), None)

    def usual_parts(self) -> tuple[str, ...]:
        """Return the ids of what is done when everything is open: one warm-up and all that is measured."""
        warm_up = [part.id for part in self.parts if part.warms_up][:1]
        return (*warm_up, *(part.id for part in self.parts if not part.warms_up))

    def to_exercise(self) -> Exercise:
        """Return the check as the session's engine runs it: each part is a variant."""
        first = self.parts[0]
        return Exercise(
            format=1,
            id=self.id,
            code=self.code,
            position=self.position,
            equipment=self.equipment,
            minutes=self.minutes,
            camera=self.camera,
            sides=first.sides,
            counting=first.counting,
            guides=first.guides,
            faults=first.faults,
            unseen=self.unseen,
            doses=_to_doses(first),
            ladder=(),
            setup=self.setup,
            dont=self.dont,
            variants=tuple(
                Variant(
                    id=part.id,
                    evidence_name=part.id,
                    counting=part.counting,
                    guides=part.guides,
                    faults=part.faults,
                    doses=_to_doses(part),
                    sides=part.sides,
                    setup=self.setup,
                    evidence=part.evidence,
                )
                for part in self.parts
            ),
            parts=self.usual_parts(),
            patience_s=self.patience_s,
            evidence=self.evidence,
        )


def _to_doses(part: MobilityPart) -> Doses:
    dose = Dose(sets=1, repetitions=part.repetitions, rest_s=0.0, evidence=part.evidence)
    return Doses(short=dose, start=dose, standard=dose)


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What of the check is open."""

    permission: Permission
    """``variants`` are the open parts; closed when nothing can be measured."""
    parts: tuple[str, ...]
    left_out: tuple[str, ...]
    """Measured parts that are closed."""


def open_parts(check: MobilityCheck, permissions: Mapping[str, Permission]) -> Opening:
    """Choose the parts that a person may do.

    Parameters
    ----------
    check : MobilityCheck
    permissions : mapping of technique id to Permission
        Of now; a technique that is missing is closed.

    Returns
    -------
    Opening
    """
    is_open = {p.id: _is_open(permissions.get(p.technique)) for p in check.parts}
    warm_up = next((p.id for p in check.parts if p.warms_up and is_open[p.id]), None)
    measured = tuple(p.id for p in check.parts if not p.warms_up and is_open[p.id])
    parts = ((warm_up,) if warm_up is not None else ()) + measured
    left_out = tuple(p.id for p in check.parts if not p.warms_up and not is_open[p.id])
    used = [permissions[p.technique] for p in check.parts if p.id in parts]
    told = [permissions[p.technique] for p in check.parts if p.id in left_out and p.technique in permissions]
    whole = combine(*used)
    permission = Permission(
        effect=whole.effect if measured else "block",
        # the last word lets nothing but these parts run
        variants=parts,
        range_frac=whole.range_frac,
        max_hold_s=whole.max_hold_s,
        pain_limit=whole.pain_limit,
        notes=whole.notes,
        reasons=whole.reasons if measured else combine(*told).reasons,
    )
    return Opening(permission=permission, parts=parts if measured else (), left_out=left_out)


def _is_open(permission: Permission | None) -> bool:
    return permission is not None and permission.effect != "block" and permission.range_frac >= 1.0


def summarise_parts(state: SessionState, exercise: Exercise) -> list[dict[str, Any]]:
    """Return what was measured in each part: the median of its repetitions to each side.

    Parameters
    ----------
    state : SessionState
    exercise : Exercise
        The check, as any of its parts has it.

    Returns
    -------
    list of dict
        Seconds and degrees; a number that was not measured is None. Warm-ups are left out.
    """
    found: list[dict[str, Any]] = []
    for part_id in state.plan.parts:
        part = exercise.with_variant(part_id)
        if part.sides == ("both",):
            continue
        sides: dict[str, Any] = {}
        for side in part.sides:
            mine = [e for e in state.excursions if e.part == part_id and e.side == side and e.counts]
            level = compute_level(
                [e.level_deg for e in mine if e.level_deg is not None],
                [e.level_sd_deg for e in mine if e.level_sd_deg is not None],
            )
            sides[side] = {
                "level_deg": _round(level.level_deg),
                "level_sd_deg": _round(level.sd_deg),
                "repeat_sd_deg": _round(level.repeat_sd_deg),
                "repetitions": [
                    {
                        "start_s": _round(e.start_s),
                        "end_s": _round(e.end_s),
                        "level_deg": _round(e.level_deg),
                        "level_sd_deg": _round(e.level_sd_deg),
                    }
                    for e in mine
                ],
            }
        counting = part.counting
        quantity = counting.quantity if isinstance(counting, ExcursionCounting) else ""
        found.append({"part": part_id, "quantity": quantity, "sides": sides})
    return found


def _round(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else round(number, 3)


def find_due_at(last_at: datetime | None, check: MobilityCheck) -> datetime | None:
    """Return from when the next check is due (aware UTC); None: there was none yet."""
    return None if last_at is None else last_at + timedelta(days=check.retest_days)


def is_other_time(one: datetime, other: datetime, within_h: float) -> bool:
    """Tell whether two checks were at different times of the person's day.

    Parameters
    ----------
    one, other : datetime
        Each in the person's own time of that day.
    within_h : float
        Hours that may lie between.

    Returns
    -------
    bool
    """
    apart = abs((one.hour + one.minute / 60) - (other.hour + other.minute / 60))
    return min(apart, 24.0 - apart) > within_h
