"""What sessions came to, in numbers with their noise and in words.

In: the diary. Out: shapes for the summary and for progress. A change smaller than its noise is told as no
clear change. Next file: :mod:`unkink.front.routes.sessions`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import TypeAlias

from unkink.coach import progress
from unkink.coach.following import describe_next
from unkink.coach.history import PastSession
from unkink.coach.mobility import MOBILITY_ID
from unkink.coach.remembering import remember
from unkink.diary import records
from unkink.front import mobility
from unkink.front.mobility import compute_noise, take_all, to_point, to_taken
from unkink.front.outcomes import show_outcome
from unkink.front.routes import shapes, shapes_mobility, shapes_session, wording
from unkink.front.services import Services

MOST_POINTS = 40
"""Of one side in a chart."""
Points: TypeAlias = dict[str, dict[str, list[records.Measurement]]]
Earlier: TypeAlias = Mapping[tuple[str, str], list[progress.Taken]]


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
    exercise = here.rulebook.find_exercise(session.exercise_id)
    earlier = collect_earlier(details, here)
    measured = [to_measured(m, earlier.get((m.quantity, m.side), []), here) for m in details.measurements]
    is_check = session.exercise_id == MOBILITY_ID
    quantity = session.summary.get("quantity")
    name_key = f"quantity.{quantity}"
    stop_rule_ids = (*session.stop_rule_ids, *((symptom,) if symptom else ()))
    return shapes_session.SessionDetails(
        session=wording.to_row(session),
        summary=session.summary,
        sentences=list(_sentences(details, earlier, here)),
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
        mobility=mobility.show_check(details, measured, here) if is_check else None,
        events=[
            shapes_session.SessionEvent(t_s=e.t_s, kind=e.kind, payload=e.payload) for e in details.events
        ],
        has_recording=details.recording is not None,
        card=_stop_card(stop_rule_ids, here),
        next=_show_next(session.id, here),
        outcome=show_outcome(session, here.diary.history(), here.clock(), here),
    )


def _show_next(session_id: str, here: Services) -> shapes_session.WhatNext | None:
    """Return what a session that hurt means for the next ones."""
    history = here.diary.history()
    past = next((s for s in reversed(history.sessions) if s.session_id == session_id), None)
    found = None if past is None else describe_next(past, history, here.clock(), here.rulebook.safety)
    if found is None:
        return None
    return shapes_session.WhatNext(
        signal=found.signal,
        notes=[wording.to_note(r) for r in found.reasons],
        until=found.until,
        ask=[
            shapes_session.AskAgain(id=i, text_key=f"check-in.{i}.question", symptom=sign)
            for i, sign in found.ask
        ],
    )


def _stop_card(stop_rule_ids: tuple[str, ...], here: Services) -> str | None:
    cards = {stop.id: stop.card for stop in here.rulebook.safety.stops.stops}
    return next((cards[i] for i in stop_rule_ids if i in cards), None)


def collect_earlier(details: records.SessionDetails, here: Services) -> Earlier:
    """Return the earlier values of each quantity and side that were measured the same way, oldest first."""
    session = details.session
    if session.mode == "demo":
        return {}
    order = _number(here.diary.history().sessions)
    values = here.diary.measurements(exercise_id=session.exercise_id)
    found: dict[tuple[str, str], list[progress.Taken]] = {}
    for value, taken in zip(values, take_all(values), strict=True):
        is_earlier = order.get(value.session_id or "", session.seq) < session.seq
        if is_earlier and value.variant == session.variant and taken is not None:
            found.setdefault((value.quantity, value.side), []).append(taken)
    return found


@remember
def _number(sessions: tuple[PastSession, ...]) -> dict[str, int]:
    return {session.session_id: session.seq for session in sessions}


def to_measured(
    value: records.Measurement, earlier: Sequence[progress.Taken], here: Services
) -> shapes_mobility.Measured:
    """Return a value beside the one before it, with how large a change has to be to be one."""
    latest = to_taken(value)
    norm = here.rulebook.change.turning
    noise = (
        None
        if latest is None or not earlier
        else progress.compute_detectable_change(earlier, latest, value.quantity, norm)
    )
    return shapes_mobility.Measured(
        quantity=value.quantity,
        side=value.side,
        value_deg=value.value_deg,
        sd_deg=value.sd_deg,
        n=value.n,
        reason=value.reason,
        before_deg=earlier[-1].value_deg if earlier else None,
        noise_deg=None if noise is None else noise.change_deg,
        noise_because=None if noise is None else noise.because,
        repeats_deg=list(value.repeats_deg),
    )


def _sentences(
    details: records.SessionDetails, earlier: Earlier, here: Services
) -> Iterator[shapes.Sentence]:
    """Yield what changed since the last time."""
    norms, session = here.rulebook.change, details.session
    if session.exercise_id == MOBILITY_ID:  # it has sentences of its own
        return
    for value in details.measurements:
        latest = to_taken(value)
        if latest is None:
            continue
        past = earlier.get((value.quantity, value.side), [])
        line = progress.describe_angle_change(past, latest, value.quantity, norms.turning)
        yield shapes.Sentence(key=line.key, params={**line.params, "side": f"side.{value.side}"})


# ------------------------------------------------------------------------------------------------ progress


def collect_measurements(here: Services) -> Points:
    """Return every value measured in a technique, by quantity and side, oldest first."""
    points: Points = {}
    for value in here.diary.measurements():
        if value.exercise_id != MOBILITY_ID:
            points.setdefault(value.quantity, {}).setdefault(value.side, []).append(value)
    return points


def show_points(points: Points) -> dict[str, dict[str, list[shapes_mobility.MeasuredPoint]]]:
    """Return values for the page, many of them as the medians of neighbours."""
    return {
        quantity: {side: _thin(part) for side, part in sides.items()} for quantity, sides in points.items()
    }


def _thin(values: list[records.Measurement]) -> list[shapes_mobility.MeasuredPoint]:
    """Return at most so many points as can be told apart; the newest stays what it is."""
    known = [v for v in values if v.value_deg is not None]
    if len(known) <= MOST_POINTS:
        return [to_point(v) for v in known]
    size = math.ceil((len(known) - 1) / (MOST_POINTS - 1))
    groups = [known[i : min(i + size, len(known) - 1)] for i in range(0, len(known) - 1, size)]
    return [*(_to_middle(group) for group in groups), to_point(known[-1])]


def _to_middle(group: list[records.Measurement]) -> shapes_mobility.MeasuredPoint:
    sds = [p.sd_deg for p in group if p.sd_deg is not None]
    return shapes_mobility.MeasuredPoint(
        at=to_point(group[len(group) // 2]).at,
        value_deg=median(p.value_deg for p in group if p.value_deg is not None),
        sd_deg=median(sds) if sds else None,
        session_id=None,
    )


def collect_noise(points: Points, here: Services) -> dict[str, float]:
    """Return how large a change of each quantity has to be to be one, degrees: that of its noisier side."""
    noise: dict[str, float] = {}
    for quantity, sides in points.items():
        found = [compute_noise(list(_known(part)), quantity, here) for part in sides.values()]
        known = [n for n in found if n is not None]
        if known:
            noise[quantity] = max(known)
    return noise


def _known(values: Sequence[records.Measurement]) -> Iterator[progress.Taken]:
    return (taken for taken in take_all(tuple(values)) if taken is not None)


def tell_progress(points: Points, here: Services) -> list[shapes.Sentence]:
    """Say what became of each angle from the first times to the latest, with its noise."""
    told: list[shapes.Sentence] = []
    for quantity, sides in points.items():
        for side, part in sides.items():
            seen = list(_known(part))
            if not seen:
                continue
            line = progress.describe_angle_course(seen, quantity, here.rulebook.change.turning)
            params = {**line.params, "side": f"side.{side}", "quantity": f"quantity.{quantity}"}
            told.append(shapes.Sentence(key=line.key, params=params))
    return told
