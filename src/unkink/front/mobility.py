"""The mobility check at the door: who may do it now, what it found, how it went over time.

In: the diary and the rules. Out: an :class:`~unkink.coach.mobility.Opening`, shapes for Today, Summary and
Progress. Next file: :mod:`unkink.front.routes.shapes_mobility`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from unkink.coach import pain, progress
from unkink.coach.mobility import MOBILITY_ID, Opening, find_due_at, is_other_time, open_parts
from unkink.coach.remembering import remember, remember_each
from unkink.coach.safety import Reason
from unkink.coach.screening import Permission
from unkink.diary import records
from unkink.front.routes import shapes, shapes_mobility, wording
from unkink.front.services import Services

if TYPE_CHECKING:
    from unkink.front.day import Standing

Check = dict[tuple[str, str], records.Measurement]
"""What one check found, by quantity and side."""


# --------------------------------------------------------------------------------------- who may, and when


def open_check(here: Services, standing: Standing, *, is_demo: bool = False) -> Opening:
    """Return what of the check is open now; the demonstration person needs no check-in."""
    check = here.rulebook.mobility
    permissions: dict[str, Permission] = {}
    if is_demo:
        permissions = dict.fromkeys(here.rulebook.exercises, Permission())
        if standing.assessment is not None and standing.state == "valid":
            permissions = standing.assessment.permissions
    elif standing.today is not None:
        permissions = {i: t.permission for i, t in standing.today.techniques.items()}
    asked = {} if standing.assessment is None else standing.assessment.permissions
    gentle = {i for i, p in asked.items() if p.dose_frac < 1.0}
    # whom the safety questions ask to do only half shall not look for the end of the range either
    opening = open_parts(check, {i: p for i, p in permissions.items() if i not in gentle})
    rest = None if is_demo else _find_rest(here, standing)
    if rest is None:
        return opening
    closed = Permission(effect="block", reasons=(rest.rule_id,))
    return msgspec.structs.replace(opening, permission=closed, parts=())


def _find_rest(here: Services, standing: Standing) -> Reason | None:
    """Return why the check rests: it hurt the last time."""
    sessions = pain.find_settled(standing.history)
    course = pain.compute_course(MOBILITY_ID, sessions, here.rulebook.safety, standing.now)
    if course.rest_until is None:
        return None
    return Reason(rule_id=course.rest_rule, message_key="safety.today.resting")


def find_reasons(here: Services, standing: Standing, opening: Opening) -> tuple[Reason, ...]:
    """Return why the check is closed, most important first; empty when it is open."""
    if opening.permission.effect != "block":
        return ()
    rest = _find_rest(here, standing)
    if rest is not None:
        return (rest,)
    techniques = {part.technique for part in here.rulebook.mobility.parts}
    today = standing.today
    told = [] if today is None else [*today.reasons]
    if today is not None:
        told += [r for i, t in today.techniques.items() if i in techniques for r in t.reasons]
    fallback = Reason(rule_id="range", message_key="mobility.closed.range")
    return tuple({r.message_key: r for r in told}.values()) or (fallback,)


def show_today(here: Services, standing: Standing) -> shapes_mobility.CheckToday | None:
    """Return whether the check is due; None while the day's questions are not answered."""
    if standing.today is None:
        return None
    check = here.rulebook.mobility
    opening = open_check(here, standing)
    found = _collect_checks(here)
    last_at = max((_at(one) for one in found), default=None)
    due_at = find_due_at(last_at, check)
    state: Literal["first", "due", "later", "closed"] = "first" if due_at is None else "later"
    if due_at is not None and standing.now >= due_at:
        state = "due"
    if opening.permission.effect == "block":
        state = "closed"
    return shapes_mobility.CheckToday(
        state=state,
        due_at=due_at,
        last_at=last_at,
        minutes=check.minutes,
        left_out=[_left_out(part_id) for part_id in opening.left_out] if state != "closed" else [],
        reasons=[wording.to_note(r) for r in find_reasons(here, standing, opening)],
    )


def _left_out(part_id: str) -> shapes.Sentence:
    return shapes.Sentence(key="mobility.left-out", params={"part": f"mobility.part.{part_id}"})


# ------------------------------------------------------------------------------------------- what it found


def to_taken(value: records.Measurement) -> progress.Taken | None:
    """Return a stored value as the progress rules read it; None for one that could not be measured."""
    if value.value_deg is None or value.sd_deg is None:
        return None
    return progress.Taken(
        at=value.measured_at, value_deg=value.value_deg, sd_deg=value.sd_deg, repeats_deg=value.repeats_deg
    )


take_all = remember_each(to_taken, 64)
"""The same for each of a tuple of values; those that were read before stay the same."""


def to_point(value: records.Measurement) -> shapes_mobility.MeasuredPoint:
    """Return one point of a trend."""
    return shapes_mobility.MeasuredPoint(
        at=value.measured_at or datetime.min.replace(tzinfo=UTC),
        value_deg=value.value_deg,
        sd_deg=value.sd_deg,
        session_id=value.session_id,
    )


def compute_noise(taken: Sequence[progress.Taken], quantity: str, here: Services) -> float | None:
    """Return how large the next change of one side has to be, degrees; None before anything was measured."""
    if not taken:
        return None
    found = progress.compute_detectable_change(taken, taken[-1], quantity, here.rulebook.change.turning)
    return found.change_deg if math.isfinite(found.change_deg) else None


def _collect_checks(here: Services, until: str | None = None) -> list[Check]:
    """Return the person's checks in which something was measured, oldest first, up to one session."""
    found: list[Check] = []
    for session_id, check in _group_checks(here.diary.measurements(exercise_id=MOBILITY_ID)).items():
        if any(value.value_deg is not None for value in check.values()):
            found.append(check)
        if session_id == until:
            break
    return found


@remember
def _group_checks(values: tuple[records.Measurement, ...]) -> dict[str, Check]:
    by_session: dict[str, Check] = {}
    for value in values:
        by_session.setdefault(value.session_id or "", {})[value.quantity, value.side] = value
    return by_session


def _at(check: Check) -> datetime:
    times = [value.measured_at for value in check.values() if value.measured_at is not None]
    return max(times, default=datetime.min.replace(tzinfo=UTC))


def show_check(
    details: records.SessionDetails, measured: Sequence[shapes_mobility.Measured], here: Services
) -> shapes_mobility.CheckShown:
    """Return what one check found, beside the one before it."""
    session = details.session
    own: Check = {(m.quantity, m.side): m for m in details.measurements}
    checks = [own] if session.mode == "demo" else _collect_checks(here, until=session.id)
    if session.mode != "demo" and (
        not checks or not any(v.session_id == session.id for v in checks[-1].values())
    ):
        checks.append(own)
    by_key = {(m.quantity, m.side): m for m in measured}
    movements = [
        shapes_mobility.CheckMovement(
            part=part.id,
            name_key=f"mobility.part.{part.id}",
            quantity=part.counting.quantity,
            sides=[by_key[key] for key in by_key if key[0] == part.counting.quantity],
            sentences=list(_tell(part.counting.quantity, checks, here)) if session.mode != "demo" else [],
            norm=_to_range(part.counting.quantity, here),
        )
        for part in here.rulebook.mobility.parts
        if not part.warms_up and any(key[0] == part.counting.quantity for key in by_key)
    ]
    before_at = _at(checks[-2]) if len(checks) > 1 else None
    return shapes_mobility.CheckShown(
        movements=movements, before_at=before_at, notes=list(_note(details, before_at, here))
    )


def _tell(quantity: str, checks: Sequence[Check], here: Services) -> Iterator[shapes.Sentence]:
    """Say what became of each side, and whether one moves less."""
    norm = here.rulebook.change.turning
    taken: dict[str, list[progress.Taken]] = {}
    for side in ("right", "left"):
        values = [check.get((quantity, side)) for check in checks]
        if values[-1] is None:
            continue
        known = [t for v in values[:-1] if v is not None and (t := to_taken(v)) is not None]
        latest = to_taken(values[-1])
        line = (
            progress.describe_check_change([*known, latest], quantity, norm)
            if latest is not None
            else progress.describe_check_change([], quantity, norm)
        )
        yield shapes.Sentence(key=line.key, params={**line.params, "side": f"side.{side}"})
    both = [
        (right, left)
        for check in checks
        if (right := _taken_of(check, quantity, "right")) and (left := _taken_of(check, quantity, "left"))
    ]
    taken["right"], taken["left"] = [r for r, _ in both], [lf for _, lf in both]
    found = progress.describe_side_difference(taken["right"], taken["left"], norm)
    if found is not None:
        yield shapes.Sentence(key=found.key, params=dict(found.params))


def _taken_of(check: Check, quantity: str, side: str) -> progress.Taken | None:
    value = check.get((quantity, side))
    return None if value is None else to_taken(value)


def _note(
    details: records.SessionDetails, before_at: datetime | None, here: Services
) -> Iterator[shapes.Sentence]:
    """Say what was left out, and what makes the two checks less comparable."""
    session, check = details.session, here.rulebook.mobility
    parts = session.plan.get("parts") or ()
    for part in check.parts:
        if parts and not part.warms_up and part.id not in parts:
            yield _left_out(part.id)
    if before_at is not None:
        offset = timedelta(minutes=session.utc_offset_min)
        if is_other_time(session.started_at + offset, before_at + offset, check.same_time_within_h):
            yield shapes.Sentence(key="mobility.other-time", params={})


def _to_range(quantity: str, here: Services) -> shapes_mobility.RangeShown | None:
    norm = here.rulebook.ranges.find(quantity)
    if norm is None:
        return None
    return shapes_mobility.RangeShown(
        low_deg=norm.low,
        high_deg=norm.high,
        text_key=f"mobility.norm.{quantity}",
        evidence=wording.to_evidence(norm.evidence[0], here.rulebook),
    )


# ----------------------------------------------------------------------------------------------- over time


def show_trends(here: Services) -> list[shapes_mobility.CheckTrend]:
    """Return every movement over all checks of the person."""
    return _show_trends(here, here.diary.measurements(exercise_id=MOBILITY_ID))


@remember
def _show_trends(
    here: Services, _values: tuple[records.Measurement, ...]
) -> list[shapes_mobility.CheckTrend]:
    checks = _collect_checks(here)
    trends: list[shapes_mobility.CheckTrend] = []
    for part in here.rulebook.mobility.parts:
        quantity = part.counting.quantity
        if part.warms_up:
            continue
        sides: dict[Literal["right", "left", "both"], list[records.Measurement]] = {}
        for check in checks:
            for value in check.values():
                if value.quantity == quantity and value.value_deg is not None:
                    sides.setdefault(value.side, []).append(value)
        if not sides:
            continue
        known = [[t for t in take_all(tuple(values)) if t is not None] for values in sides.values()]
        noises = [n for taken in known if (n := compute_noise(taken, quantity, here)) is not None]
        trends.append(
            shapes_mobility.CheckTrend(
                part=part.id,
                name_key=f"mobility.part.{part.id}",
                quantity=quantity,
                sides={side: [to_point(v) for v in values] for side, values in sides.items()},
                noise_deg=max(noises, default=None),
                sentences=list(_tell(quantity, checks, here)),
                norm=_to_range(quantity, here),
            )
        )
    return trends
