"""What sessions came to, in numbers with their noise and in words.

In: the diary. Out: shapes for the summary and for progress. A change smaller than its noise is told as no
clear change. Next file: :mod:`unkink.front.routes.sessions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from unkink.coach import progress
from unkink.diary import records
from unkink.front.routes import shapes, shapes_session, wording
from unkink.front.services import Services

Points = Mapping[str, Mapping[str, list[shapes_session.MeasuredPoint]]]


def show_session(
    details: records.SessionDetails, here: Services, symptom: str | None = None
) -> shapes_session.SessionDetails:
    """Return one session with everything that belongs to it.

    Parameters
    ----------
    details : SessionDetails
    here : Services
    symptom : str or None
        A stop rule that was just told; its help card is shown.
    """
    session = details.session
    exercise = here.rulebook.exercises.get(session.exercise_id)
    before = _before(details, here)
    measured = [_to_measured(m, before.get((m.quantity, m.side)), here) for m in details.measurements]
    quantity = session.summary.get("quantity")
    name_key = f"quantity.{quantity}"
    stop_rule_ids = (*session.stop_rule_ids, *((symptom,) if symptom else ()))
    return shapes_session.SessionDetails(
        session=wording.to_row(session),
        summary=session.summary,
        sentences=list(_sentences(details, before, here)),
        unseen_keys=[] if exercise is None else list(exercise.unseen),
        quantity_name_key=name_key if name_key in here.rulebook.texts["en"] else None,
        n_pops=sum(e.kind == "pop" for e in details.events),
        sets=[
            shapes_session.SetDone(
                set_idx=s.set_idx,
                side=s.side,
                started_s=s.started_s,
                ended_s=s.ended_s,
                held_s=s.held_s,
                rolled_s=s.rolled_s,
                repetitions=s.repetitions,
                n_faults=s.n_faults,
            )
            for s in details.sets
        ],
        measurements=measured,
        events=[
            shapes_session.SessionEvent(t_s=e.t_s, kind=e.kind, payload=e.payload) for e in details.events
        ],
        has_recording=details.recording is not None,
        card=_stop_card(stop_rule_ids, here),
    )


def _stop_card(stop_rule_ids: tuple[str, ...], here: Services) -> str | None:
    cards = {stop.id: stop.card for stop in here.rulebook.safety.stops.stops}
    return next((cards[i] for i in stop_rule_ids if i in cards), None)


def _before(details: records.SessionDetails, here: Services) -> dict[tuple[str, str], records.Measurement]:
    """Return the newest earlier value of each quantity and side, done the same way."""
    session = details.session
    if session.mode == "demo":
        return {}
    sessions = {s.id: s.seq for s in here.diary.sessions(None)}
    found: dict[tuple[str, str], records.Measurement] = {}
    for value in here.diary.measurements(exercise_id=session.exercise_id):
        is_earlier = sessions.get(value.session_id or "", session.seq) < session.seq
        if is_earlier and value.variant == session.variant and value.value_deg is not None:
            found[value.quantity, value.side] = value
    return found


def _noise_deg(one: records.Measurement, other: records.Measurement, here: Services) -> float | None:
    if one.sd_deg is None or other.sd_deg is None:
        return None
    return progress.compute_clear_change_deg(other.sd_deg, one.sd_deg, here.rulebook.change.turning)


def _to_measured(
    value: records.Measurement, before: records.Measurement | None, here: Services
) -> shapes_session.Measured:
    return shapes_session.Measured(
        quantity=value.quantity,
        side=value.side,
        value_deg=value.value_deg,
        sd_deg=value.sd_deg,
        n=value.n,
        reason=value.reason,
        before_deg=None if before is None else before.value_deg,
        noise_deg=None if before is None else _noise_deg(value, before, here),
    )


def _sentences(
    details: records.SessionDetails,
    before: Mapping[tuple[str, str], records.Measurement],
    here: Services,
) -> Iterator[shapes.Sentence]:
    """Yield what changed: pain since before the session, angles since the last time."""
    norms, session = here.rulebook.change, details.session
    if session.pain_after is not None:
        line = progress.describe_pain_change(session.pain_before, session.pain_after, norms.pain)
        yield wording.to_sentence(line)
    for value in details.measurements:
        last = before.get((value.quantity, value.side))
        if value.value_deg is None or value.sd_deg is None:
            continue
        line = progress.describe_angle_change(
            None if last is None else last.value_deg,
            value.value_deg,
            value.sd_deg if last is None or last.sd_deg is None else last.sd_deg,
            value.sd_deg,
            norms.turning,
        )
        yield shapes.Sentence(key=line.key, params={**line.params, "side": f"side.{value.side}"})


# ------------------------------------------------------------------------------------------------ progress


def collect_measurements(here: Services) -> dict[str, dict[str, list[shapes_session.MeasuredPoint]]]:
    """Return every measured value of the person, by quantity and side, oldest first."""
    points: dict[str, dict[str, list[shapes_session.MeasuredPoint]]] = {}
    for value in here.diary.measurements():
        if value.measured_at is None:
            continue
        side: Literal["right", "left", "both"] = value.side
        points.setdefault(value.quantity, {}).setdefault(side, []).append(
            shapes_session.MeasuredPoint(
                at=value.measured_at,
                value_deg=value.value_deg,
                sd_deg=value.sd_deg,
                session_id=value.session_id,
            )
        )
    return points


def collect_noise(points: Points, here: Services) -> dict[str, float]:
    """Return how large a change of each quantity has to be to be one, degrees: by its own typical noise."""
    noise: dict[str, float] = {}
    for quantity, sides in points.items():
        sds = sorted(p.sd_deg for part in sides.values() for p in part if p.sd_deg is not None)
        if sds:
            typical = sds[len(sds) // 2]
            norm = here.rulebook.change.turning
            noise[quantity] = progress.compute_clear_change_deg(typical, typical, norm)
    return noise


def pain_noise(here: Services) -> float:
    """Return by how many points pain has to change to be clear: the strictest step of the norm."""
    return max(step.change for step in here.rulebook.change.pain.steps)


def tell_progress(points: Points, here: Services) -> list[shapes.Sentence]:
    """Say what became of each angle from the first to the last time, with its noise."""
    told: list[shapes.Sentence] = []
    for quantity, sides in points.items():
        for side, part in sides.items():
            seen = [p for p in part if p.value_deg is not None and p.sd_deg is not None]
            if not seen:
                continue
            first, last = seen[0], seen[-1]
            is_first = len(seen) == 1
            line = progress.describe_angle_change(
                None if is_first else first.value_deg,
                last.value_deg,
                first.sd_deg or 0.0,
                last.sd_deg or 0.0,
                here.rulebook.change.turning,
            )
            params = {**line.params, "side": f"side.{side}", "quantity": f"quantity.{quantity}"}
            told.append(shapes.Sentence(key=line.key, params=params))
    return told
