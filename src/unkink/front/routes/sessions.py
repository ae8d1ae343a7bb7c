"""Sessions, how they felt, pops, progress.

In: the diary. Out: what was done and what changed, each change with its noise. Next file:
:mod:`unkink.front.routes.person`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from unkink.coach import dose
from unkink.coach.history import SIGNS, NoteKind, PastPop
from unkink.coach.lately import list_work
from unkink.coach.remembering import remember
from unkink.diary import records
from unkink.front import mobility, outcomes, results
from unkink.front.keeping import close_broken
from unkink.front.problems import refuse
from unkink.front.routes import shapes_session, wording
from unkink.front.services import Here, Services

router = APIRouter(prefix="/api", tags=["sessions"])

SessionId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
PROGRESS_SESSIONS = 10
PROGRESS_DAYS = 366
"""A year of pain, and the day that it began."""


def _load(here: Services, session_id: str) -> records.SessionDetails:
    found = here.diary.session(session_id)
    if found is None:
        refuse("session-unknown")
    return found


def _refuse_if_running(here: Services, session_id: str) -> None:
    """Leave alone what runs here or on another device: what is told in it would have no place to go."""
    if session_id in here.live or _load(here, session_id).session.status == "running":
        refuse("session-running")


@router.get("/sessions")
def list_sessions(
    here: Here,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=0, le=2**53)] = None,
) -> shapes_session.Sessions:
    """List sessions, newest first."""
    found = here.diary.sessions(limit + 1, before)
    shown = found[:limit]
    return shapes_session.Sessions(
        sessions=[wording.to_row(s) for s in shown],
        next_before=shown[-1].seq if len(found) > limit else None,
    )


@router.get("/sessions/{session_id}")
def read_session(session_id: SessionId, here: Here) -> shapes_session.SessionDetails:
    """Read one session with everything that belongs to it."""
    return results.show_session(_load(here, session_id), here)


@router.delete("/sessions/{session_id}", status_code=204)
def delete_session(session_id: SessionId, here: Here) -> None:
    """Delete one session with everything that belongs to it."""
    _refuse_if_running(here, session_id)
    if not here.diary.delete_session(session_id):
        refuse("session-unknown")


@router.post("/sessions/{session_id}/dismiss", status_code=204)
def dismiss_session(session_id: SessionId, here: Here) -> None:
    """Close a session that broke off; nothing of it is lost."""
    _refuse_if_running(here, session_id)
    close_broken(here, session_id)


@router.post("/sessions/{session_id}/after")
def save_after(
    session_id: SessionId, told: shapes_session.AfterAnswers, here: Here
) -> shapes_session.SessionDetails:
    """Say how it was."""
    details = _load(here, session_id)
    sign: NoteKind | None = next((kind for kind in SIGNS if kind == told.symptom), None)
    if sign is not None and details.session.mode != "demo":
        # dated by now: the session may be older than a clearance that came in between
        here.diary.save_note(records.Note(kind=sign, session_id=session_id, at=here.clock()))
    here.diary.save_after(session_id, _to_after(told, details.session.stop_rule_ids))
    past = next((s for s in reversed(here.diary.history().sessions) if s.session_id == session_id), None)
    if past is not None:
        signal = dose.signal_of(past, here.rulebook.safety)
        here.diary.save_after(session_id, records.SessionAfter(signal=signal))
    return results.show_session(_load(here, session_id), here, symptom=told.symptom)


def _to_after(told: shapes_session.AfterAnswers, known: tuple[str, ...]) -> records.SessionAfter:
    stops = known if told.symptom is None else tuple(dict.fromkeys((*known, told.symptom)))
    return records.SessionAfter(
        pain_after=told.pain_after,
        stiffness_after=told.stiffness_after,
        relief=told.relief,
        felt=told.felt,
        settled=told.settled,
        stop_rule_ids=stops,
    )


@router.post("/pops")
def save_pop(told: shapes_session.PopTold, here: Here) -> shapes_session.PopAnswer:
    """Tell of a pop; it is logged neutrally."""
    if told.session_id is not None:
        _load(here, told.session_id)
    now = here.clock()
    offset_min = here.utc_offset_min() if told.utc_offset_min is None else told.utc_offset_min
    history = here.diary.history()
    here.diary.save_pop(
        records.Pop(
            deliberate=told.deliberate,
            region=told.region,
            session_id=told.session_id,
            at=now,
            utc_offset_min=offset_min,
        )
    )
    pop = PastPop(at=now, deliberate=told.deliberate, utc_offset_min=offset_min, region=told.region)
    card = dose.pop_card(pop, history, now, here.rulebook.safety)
    return shapes_session.PopAnswer(cards=[] if card is None else [wording.to_help(card)])


@router.get("/progress")
def read_progress(here: Here) -> shapes_session.Progress:
    """Read what changed, with its noise."""
    history, now = here.diary.history(), here.clock()
    real = [s for s in list_work(history.sessions) if not s.is_deleted]
    return shapes_session.Progress(
        n_sessions=len(real),
        sessions=[wording.to_row(s) for s in here.diary.sessions(PROGRESS_SESSIONS)],
        pain=outcomes.show_pain_course(history, now, here, days=PROGRESS_DAYS),
        relief=outcomes.show_relief(history, now, here),
        activities=outcomes.show_activities(history, now, here),
        sleep=outcomes.show_sleep(history, now, here),
        whole=outcomes.show_whole(history, here),
        **_show_measured(here, here.diary.all_measurements()),
    )


@remember
def _show_measured(here: Services, _values: tuple[records.Measurement, ...]) -> dict[str, Any]:
    """Return what becomes of what was measured; again only when something was measured since."""
    points = results.collect_measurements(here)
    return {
        "measurements": results.show_points(points),
        "mobility": mobility.show_trends(here),
        "noise_deg": results.collect_noise(points, here),
        "sentences": results.tell_progress(points, here),
    }
