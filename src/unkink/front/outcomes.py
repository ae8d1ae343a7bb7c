"""What came of it, for the pages: the pain course, relief by technique, activities, sleep, one session.

In: the diary's past. Out: shapes for Today, Progress and the summary; the numbers and words are
:mod:`unkink.coach.outcome`'s. Next file: :mod:`unkink.front.routes.sessions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from unkink.coach import outcome, outcome_reviews, relief
from unkink.coach.history import History
from unkink.diary import records
from unkink.front import reviewing
from unkink.front.routes import shapes, shapes_day, shapes_outcome, wording
from unkink.front.services import Services


def show_pain_course(
    history: History, now: datetime, here: Services, *, days: float | None = None
) -> shapes_day.Trend:
    """Return pain over weeks with its noise and what it comes to.

    Parameters
    ----------
    history : History
    now : datetime
        Aware UTC.
    here : Services
    days : float or None
        How far to look back; None: over all there is.
    """
    norms = here.rulebook.change
    course = outcome.compute_pain_course(history.check_ins, norms.pain, norms.course, now, days=days)
    noise_sentence = None
    if course.noise is not None:
        key = f"outcome.noise.{course.noise_of}"
        noise_sentence = shapes.Sentence(key=key, params={"noise": round(course.noise, 1)})
    return shapes_day.Trend(
        pain=_to_points(course.reports),
        line=_to_points(course.line),
        start=None if course.noise is None else course.start,
        noise=course.noise,
        noise_sentence=noise_sentence,
        sentence=wording.to_sentence(course.sentence),
        n_reports=course.n_reports,
    )


def _to_points(reports: Iterable[outcome.Report]) -> list[shapes_day.TrendPoint]:
    return [shapes_day.TrendPoint(at=r.at, value=round(r.value, 2)) for r in reports]


def show_relief(history: History, now: datetime, here: Services) -> shapes_outcome.ReliefsShown:
    """Return how it was straight after each technique, and whether one helped most."""
    found = relief.compute_relief(history.sessions, here.rulebook.safety.codes, here.rulebook.change, now)
    return shapes_outcome.ReliefsShown(
        techniques=[_to_relief(one) for one in found.techniques],
        standing=found.standing,
        best_id=found.best_id,
        sentence=wording.to_sentence(found.sentence),
        days=found.days,
    )


def _to_relief(one: relief.Relief) -> shapes_outcome.ReliefShown:
    return shapes_outcome.ReliefShown(
        exercise_id=one.exercise_id,
        name_key=f"exercise.{one.exercise_id}.name",
        n=one.n,
        n_better=one.n_better,
        n_same=one.n_same,
        n_worse=one.n_worse,
        mean=one.mean,
        low=one.low,
        high=one.high,
        verdict=one.verdict,
        sentence=wording.to_sentence(one.sentence),
        pain_change=one.pain_change,
        pain_low=one.pain_low,
        pain_high=one.pain_high,
    )


def show_activities(history: History, now: datetime, here: Services) -> shapes_outcome.ActivitiesShown:
    """Return the person's own activities over time, in their own words."""
    texts = {activity.id: activity.text for activity in reviewing.load_activities(here)}
    norm = here.rulebook.change.activities
    found = outcome_reviews.compute_activities(history.reviews, texts, norm, now)
    return shapes_outcome.ActivitiesShown(
        each=[
            shapes_outcome.ActivityShown(
                id=one.activity_id,
                text=texts[one.activity_id],
                points=_to_points(one.course.reports),
                noise=None if one.course.change is None else one.course.change.detectable,
                sentence=wording.to_sentence(one.course.sentence),
            )
            for one in found.each
        ],
        sentence=wording.to_sentence(found.sentence),
    )


def show_sleep(history: History, now: datetime, here: Services) -> shapes_outcome.SleepShown | None:
    """Return nights woken by pain over time, and what became of them; None when it was never told."""
    norm = here.rulebook.change.sleep
    nights = outcome_reviews.compute_sleep(history.reviews, "nights", norm, now)
    disturbance = outcome_reviews.compute_sleep(history.reviews, "disturbance", norm, now)
    told = [course for course in (nights, disturbance) if course is not None]
    if not told:
        return None
    return shapes_outcome.SleepShown(
        points=[] if nights is None else _to_points(nights.reports),
        noise=None if nights is None or nights.change is None else nights.change.detectable,
        sentences=[wording.to_sentence(line) for line in _lines(told)],
    )


def _lines(courses: Iterable[outcome_reviews.ReviewCourse]) -> Iterable[Any]:
    seen: dict[str, Any] = {course.sentence.key: course.sentence for course in courses}
    return seen.values()


def show_outcome(
    session: records.Session, history: History, now: datetime, here: Services
) -> shapes_outcome.Outcome:
    """Return what one session came to: pain and stiffness, and how the technique went so far."""
    norms = here.rulebook.change
    before = outcome.find_stiffness_before(history.check_ins, session.started_at)
    stiffness = outcome.describe_stiffness(before, session.stiffness_after)
    found = relief.compute_relief(history.sessions, here.rulebook.safety.codes, norms, now)
    mine = found.find(session.exercise_id)
    earlier = [
        s.started_at
        for s in history.sessions
        if s.exercise_id == session.exercise_id
        and s.is_work
        and s.started_at < session.started_at
        and not s.is_deleted
    ]
    has_pain = session.pain_after is not None and session.mode != "demo"
    pain = outcome.describe_pain(session.pain_before, session.pain_after, norms.pain)
    return shapes_outcome.Outcome(
        pain=wording.to_sentence(pain) if has_pain else None,
        pain_noise=norms.pain.detectable,
        stiffness_before=before,  # type: ignore[arg-type]
        stiffness=None if stiffness is None else wording.to_sentence(stiffness),
        relief=None if mine is None or session.mode == "demo" else _to_relief(mine),
        last_at=max(earlier, default=None),
    )


def show_whole(history: History, here: Services) -> shapes.Sentence | None:
    """Return how the person sees the change since the beginning; None when it was never told."""
    line = outcome_reviews.describe_whole(history.reviews, here.rulebook.change.whole)
    return None if line is None else wording.to_sentence(line)
