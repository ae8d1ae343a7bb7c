"""What the person may do now: the diary and the safety rules brought together.

In: the services of the server. Out: :class:`Standing`, computed afresh for every request and at the start
of every session: neither the page nor an earlier answer is trusted. Next file:
:mod:`unkink.front.routes.today`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from unkink.coach import dose, screening, standing
from unkink.coach.history import History, drop_session
from unkink.coach.prescription import Prescription, prescribe
from unkink.coach.recommendation import THINGS, Means, Recommendation, Thing, recommend
from unkink.coach.rulebook import Rulebook
from unkink.coach.safety_rules import SafetyRules
from unkink.diary import Diary, records
from unkink.front.services import Services

ScreeningState = Literal["none", "draft", "valid", "expired", "locked"]

_LOOKS = 8
"""So often the past is read again when a round of questions was finished meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the person stands today."""

    now: datetime
    state: ScreeningState
    draft: records.ScreeningDraft | None
    alarm: screening.Assessment | None
    """What unfinished answers come to where they would lock: nothing opens until they are finished."""
    last: records.Screening | None
    assessment: screening.Assessment | None
    """Of the last finished round, by the rules and clearances of now."""
    history: History
    lock_ids: tuple[str, ...]
    """What a clinician's clearance has to name; empty when nothing is locked."""
    check_in: records.CheckIn | None
    """That still holds; None when the short questions have to be asked (again)."""
    today: dose.Today | None
    """None until the safety questions are valid and the check-in is there; locked: what locks."""
    recommendation: Recommendation | None

    @property
    def is_shut(self) -> bool:
        """Whether a danger sign closes everything, the demonstration too."""
        return self.state == "locked" or self.alarm is not None


def compute_standing(services: Services, *, without: str | None = None) -> Standing:
    """Look at everything that decides what may be done now.

    Parameters
    ----------
    services : Services
    without : str or None
        A session to leave out of what was done: one that is about to go on must not be in its own way.
    """
    diary, rules = services.diary, services.rulebook.safety
    now = services.clock()
    history, last = load_past(diary)
    if without is not None:
        history = drop_session(history, without)
    draft = diary.screening_draft()
    assessment = None if last is None else assess_again(last, history, services.rulebook)
    state: ScreeningState = standing.screening_state(assessment, history, now, rules)
    alarm = None if draft is None else find_alarm(draft, history, rules)
    if state != "locked" and (alarm is not None or (state != "valid" and draft is not None)):
        state = "draft"
    check_in = diary.current_check_in(now)
    told = None if check_in is None else to_check_in(check_in)
    if dose.needs_check_in(told, history, rules, now):
        check_in = told = None
    if last is not None and told is not None:
        # What the check-in says about today stands in the place of the earlier answer.
        assessment = assess_again(last, history, services.rulebook, dict(told.answers))
    locks = standing.find_locks(assessment, history, rules)
    if without is None:
        diary.keep_locks(standing.choose_kept(locks, rules))
    today = recommendation = None
    if state == "locked" or (state == "valid" and told is not None):
        answers = told or dose.CheckIn(at=now, utc_offset_min=services.utc_offset_min())
        today = dose.check_in(answers, history, assessment, rules, now)
        recommendation = recommend(today, answers, history, services.rulebook, now, load_means(services))
    return Standing(
        now=now,
        state=state,
        draft=draft,
        alarm=alarm,
        last=last,
        assessment=assessment,
        history=history,
        lock_ids=_lock_ids(assessment, history, rules),
        check_in=check_in,
        today=today,
        recommendation=recommendation,
    )


def load_past(diary: Diary) -> tuple[History, records.Screening | None]:
    """Return the past and the last round of questions that is in it.

    They are read one after the other: a round that another window finishes in between would be taken for
    the one before, whose locks it does not have. As long as they differ it is looked again.
    """
    for _ in range(_LOOKS):
        history, last = diary.history(), diary.current_screening()
        told = history.screenings[-1].seq if history.screenings else None
        if told == (None if last is None else last.seq):
            return history, last
    return diary.history(), None


def find_alarm(
    draft: records.ScreeningDraft, history: History, rules: SafetyRules
) -> screening.Assessment | None:
    """Return what unfinished answers come to if they would lock: told is told, also half way."""
    answers = {row: answer for row, answer in draft.answers.items() if row in rules.rows}
    cleared = standing.cleared_rows(history, rules, is_fresh=True)
    found = screening.assess(answers, to_details(draft.details), rules, cleared)
    return found if found.locked else None


def load_means(services: Services) -> Means:
    """Return what the person has at hand; what was never set is there."""
    settings = services.diary.settings()
    things, floor = settings.get("equipment"), settings.get("floor")
    known: list[Thing] = [t for t in THINGS if not isinstance(things, list) or t in things]
    return Means(equipment=frozenset(known), has_floor=floor is not False)


def find_minutes(standing: Standing) -> float | None:
    """Return the time that the person said there is, minutes."""
    return None if standing.check_in is None else to_check_in(standing.check_in).minutes


def prescribe_today(
    services: Services,
    standing: Standing,
    exercise_id: str,
    *,
    variant: str | None = None,
    is_short: bool = False,
) -> Prescription | None:
    """Return what today's session of a technique is, for the pages and for the session alike."""
    if standing.today is None:
        return None
    minutes = find_minutes(standing)
    return prescribe(
        exercise_id,
        standing.today,
        services.rulebook,
        minutes=minutes,
        variant=variant,
        is_short=is_short,
    )


def _lock_ids(
    assessment: screening.Assessment | None, history: History, rules: SafetyRules
) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lock.rule_id for lock in standing.find_locks(assessment, history, rules)))


def assess_again(
    last: records.Screening,
    history: History,
    rulebook: Rulebook,
    check_in_answers: dict[str, str] | None = None,
) -> screening.Assessment:
    """Assess stored answers by the rules of now; answers that are no longer understood count as not given."""
    rules = rulebook.safety
    known: dict[str, str] = {row: answer for row, answer in last.answers.items() if row in rules.rows}
    answers = standing.apply_today(known, check_in_answers or {}, rules)
    cleared = standing.cleared_rows(history, rules)
    return screening.assess(answers, to_details(last.details), rules, cleared)  # type: ignore[arg-type]


def to_details(plain: dict[str, Any]) -> screening.Details:
    """Read details back; what does not fit counts as not told, the stricter case."""
    try:
        return msgspec.convert(plain, screening.Details)
    except msgspec.ValidationError:
        return screening.Details()


def to_check_in(stored: records.CheckIn) -> dose.CheckIn:
    """Return a stored check-in as the dose rules read it."""
    more = stored.details
    return dose.CheckIn(
        at=stored.at or datetime.min.replace(tzinfo=UTC),
        utc_offset_min=stored.utc_offset_min or 0,
        pain_now=stored.pain_now,
        answers=dict(stored.answers),
        details=to_details(more.get("rows") or {}),
        stiffness=stored.stiffness,
        places=stored.places,
        position=more.get("position"),
        head_turn=more.get("head_turn"),
        minutes=more.get("minutes"),
    )
