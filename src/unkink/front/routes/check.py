"""Safety questions, a clinician's word, the day's check-in.

In: answers. Out: what follows from them, assessed here and never in the page. Next file:
:mod:`unkink.front.routes.today`.
"""

from __future__ import annotations

from fastapi import APIRouter

from unkink.coach import screening, standing
from unkink.diary import records
from unkink.front import day
from unkink.front.routes import shapes_day, wording
from unkink.front.routes.today import show_today
from unkink.front.services import Here

router = APIRouter(prefix="/api", tags=["check"])


@router.get("/screening")
def read_screening(here: Here) -> shapes_day.Screening:
    """Read the safety questions and where the person stands with them."""
    now = day.compute_standing(here)
    rulebook, draft, last = here.rulebook, now.draft, now.last
    return shapes_day.Screening(
        state=now.state,
        cards=wording.to_cards(rulebook),
        draft=None
        if draft is None
        else shapes_day.Draft(
            answers=dict(draft.answers), details=wording.to_details(day.to_details(draft.details))
        ),
        answers=None if last is None else dict(last.answers),
        details=None if last is None else wording.to_details(day.to_details(last.details)),
        answered_at=None if last is None else last.answered_at,
        expires_at=None if last is None else last.expires_at,
        assessment=None
        if now.assessment is None
        else wording.to_assessment(now.assessment, rulebook, now.lock_ids),
    )


@router.put("/screening/draft", status_code=204)
def save_draft(told: shapes_day.ScreeningAnswers, here: Here) -> None:
    """Keep the answers given so far."""
    here.diary.save_screening_draft(
        records.ScreeningDraft(answers=dict(told.answers), details=told.details.model_dump())
    )


@router.delete("/screening/draft", status_code=204)
def discard_draft(here: Here) -> None:
    """Forget the answers given so far."""
    here.diary.discard_screening_draft()


@router.post("/screening")
def save_screening(told: shapes_day.ScreeningAnswers, here: Here) -> shapes_day.Screening:
    """Answer the safety questions."""
    rules = here.rulebook.safety
    now = here.clock()
    details = told.details.model_dump()
    cleared = standing.cleared_rows(here.diary.history(), rules, is_fresh=True)
    assessment = screening.assess(dict(told.answers), day.to_details(details), rules, cleared)
    here.diary.save_screening(
        records.Screening(
            answers=dict(told.answers),
            details=details,
            assessment=screening.to_plain(assessment),
            tier=assessment.tier,
            rules_version=rules.version,
            answered_at=now,
            expires_at=standing.compute_expiry(now, rules),
        )
    )
    return read_screening(here)


@router.post("/screening/clearance")
def save_clearance(told: shapes_day.ClearanceGiven, here: Here) -> shapes_day.Screening:
    """Keep what a clinician said."""
    here.diary.save_clearance(
        records.Clearance(
            assessed_on=told.assessed_on,
            gentle_ok=told.gentle_ok,
            rule_ids=tuple(told.rule_ids),
            note_kind=told.note_kind,
            saved_at=here.clock(),
        )
    )
    return read_screening(here)


@router.get("/check-in")
def read_check_in(here: Here) -> shapes_day.CheckInState:
    """Read today's check-in and its questions."""
    now = day.compute_standing(here)
    stored = now.check_in
    return shapes_day.CheckInState(
        check_in=None if stored is None else wording.to_check_in(stored, day.to_check_in(stored)),
        questions=wording.to_check_in_questions(here.rulebook, now.last, now.history),
    )


@router.post("/check-in")
def save_check_in(told: shapes_day.CheckInAnswers, here: Here) -> shapes_day.Today:
    """Say how the back is today."""
    here.diary.save_check_in(
        records.CheckIn(
            pain_now=told.pain_now,
            stiffness=told.stiffness,
            answers=dict(told.answers),
            places=tuple(told.places),
            details={
                "rows": told.details.model_dump(),
                "head_turn": told.head_turn,
                "position": told.position,
                "minutes": told.minutes,
            },
            at=here.clock(),
            utc_offset_min=here.utc_offset_min() if told.utc_offset_min is None else told.utc_offset_min,
        )
    )
    return show_today(here)
