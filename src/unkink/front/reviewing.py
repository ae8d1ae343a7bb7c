"""The longer look back at the door: what is due, what was told once.

In: the diary and the rules. Out: shapes for Today and for the page of the longer look. Next file:
:mod:`unkink.front.routes.reviews`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from unkink.coach import reviewing
from unkink.coach.history import History, clamp
from unkink.front.routes import shapes_review
from unkink.front.services import Services

PUT_OFF = "review_put_off_at"
"""Setting: when the person last said "not now"."""
ACTIVITIES = "activities"
"""Setting: the person's own activities."""
_FEW, _MANY = 4, 100
"""Looks back that are read for what was told once."""
_WEEK_S = 7 * 86_400.0


def find_due(here: Services, history: History, now: datetime) -> list[reviewing.PartId]:
    """Return the parts of the longer look to ask now."""
    put_off_at = read_time(here.diary.settings().get(PUT_OFF))
    return list(reviewing.find_due(history, here.rulebook.reviews, now, put_off_at=put_off_at))


def read_time(saved: Any) -> datetime | None:
    """Read a saved time; None where there is none or it cannot be read."""
    try:
        at = datetime.fromisoformat(saved)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo is not None else None


def load_activities(here: Services) -> list[shapes_review.Activity]:
    """Return the person's own activities; what cannot be read counts as none."""
    try:
        return shapes_review.Activities(activities=here.diary.settings().get(ACTIVITIES) or []).activities
    except ValidationError:
        return []


def find_usual(here: Services, history: History, now: datetime) -> shapes_review.Usual:
    """Return what was told once, brought up to now."""
    places = next((c.places for c in reversed(history.check_ins) if c.places), ())
    began = next((r for r in reversed(history.reviews) if r.since_weeks is not None), None)
    since_weeks = None
    if began is not None and began.since_weeks is not None:
        since_weeks = began.since_weeks + (now - clamp(began.at, now)).total_seconds() / _WEEK_S
    brings_on: tuple[str, ...] = ()
    # nearly always the newest tells; years of them need not be read
    for limit in (_FEW, _MANY) if history.reviews else ():
        brings_on = brings_on or next((r.brings_on for r in here.diary.reviews(limit) if r.brings_on), ())
    age_years = reviewing.find_age(history, now)
    return shapes_review.Usual(
        places=list(places),
        since_weeks=since_weeks,
        brings_on=list(brings_on),
        age_years=None if age_years is None else int(age_years),
    )
