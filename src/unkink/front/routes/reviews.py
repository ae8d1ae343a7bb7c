"""The longer look back, what a person tells by themselves, and the map of where it hurts.

In: answers. Out: what the page asks next. Next file: :mod:`unkink.front.routes.today`.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response

from unkink.coach.reviewing import is_look
from unkink.coach.worry import WORDS_KEY, is_crisis
from unkink.diary import records
from unkink.front import reviewing
from unkink.front.routes import shapes_day, shapes_review
from unkink.front.routes.today import show_today
from unkink.front.services import Here

router = APIRouter(prefix="/api", tags=["reviews"])


@router.get("/body-map")
def read_body_map(here: Here, answer: Response) -> shapes_review.BodyMap:
    """Read the outline of a person and its regions."""
    answer.headers["cache-control"] = "private, max-age=86400"
    drawn = here.rulebook.body_map
    return shapes_review.BodyMap(
        width=drawn.width,
        height=drawn.height,
        outline=drawn.outline,
        contour=drawn.contour,
        lines=shapes_review.MapLines(front=list(drawn.lines.front), back=list(drawn.lines.back)),
        regions=[shapes_review.MapRegion(id=r.id, view=r.view, path=r.path) for r in drawn.regions],
    )


@router.get("/reviews")
def read_review(here: Here) -> shapes_review.Review:
    """Read what the longer look asks now, and what is known already."""
    now, history = here.clock(), here.diary.history()
    looks = [review.at for review in history.reviews if is_look(review)]
    return shapes_review.Review(
        due=reviewing.find_due(here, history, now),
        parts=[
            shapes_review.ReviewPart(id=part.id, rule_ids=list(part.evidence))
            for part in here.rulebook.reviews.parts
        ],
        activities=reviewing.load_activities(here),
        usual=reviewing.find_usual(here, history, now),
        last_at=looks[-1] if looks else None,
    )


@router.post("/reviews")
def save_review(told: shapes_review.ReviewAnswers, here: Here) -> shapes_day.Today:
    """Look back; what was not answered stays open."""
    answers = told.model_dump(exclude={"brings_on", "utc_offset_min"})
    here.diary.save_review(
        records.Review(
            **answers,
            brings_on=tuple(told.brings_on),
            at=here.clock(),
            utc_offset_min=here.utc_offset_min() if told.utc_offset_min is None else told.utc_offset_min,
        )
    )
    return show_today(here)


@router.post("/reviews/later")
def put_review_off(here: Here) -> shapes_day.Today:
    """Say "not now" to the longer look: it comes again in a week."""
    here.diary.save_settings({reviewing.PUT_OFF: here.clock().isoformat()})
    return show_today(here)


@router.get("/activities")
def read_activities(here: Here) -> shapes_review.Activities:
    """Read the person's own activities."""
    return shapes_review.Activities(activities=reviewing.load_activities(here))


@router.put("/activities")
def save_activities(told: shapes_review.Activities, here: Here) -> shapes_review.Activities:
    """Name up to three activities of one's own."""
    plain = [activity.model_dump() for activity in told.activities]
    here.diary.save_settings({reviewing.ACTIVITIES: plain})
    return shapes_review.Activities(activities=reviewing.load_activities(here))


@router.post("/notes")
def save_note(told: shapes_review.NoteGiven, here: Here) -> shapes_day.Today:
    """Tell something outside of any question."""
    # A session that was taken out of the diary is no reason to lose what is told.
    known = told.session_id is not None and here.diary.session(told.session_id) is not None
    session_id = told.session_id if known else None
    note = records.Note(
        kind=told.kind,
        text=told.text,
        session_id=session_id,
        at=here.clock(),
        utc_offset_min=here.utc_offset_min() if told.utc_offset_min is None else told.utc_offset_min,
    )
    here.diary.save_note(note)
    if told.kind != "crisis" and is_crisis(told.text, here.rulebook.texts["en"].get(WORDS_KEY, "")):
        here.diary.save_note(replace(note, kind="crisis", text=None))
    return show_today(here)
