"""The numbers of a report: scores, places, movements, what was done.

In: a period's history and measurements. Out: the values of :mod:`unkink.exchange.report_shapes`. What is
called a change is :mod:`unkink.coach.outcome`'s word.
Next file: :mod:`unkink.exchange.report_rules`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import msgspec

from unkink.body.uncertainty import Z_90
from unkink.coach.history import SIGNS, History, PastReview, PastSession, compute_local_day
from unkink.coach.mobility import MOBILITY_ID
from unkink.coach.outcome import Change, compare_pain, compute_pain_course
from unkink.coach.outcome_reviews import ReviewCourse, SleepQuantity, compute_activities, compute_sleep
from unkink.coach.progress import Taken, compute_detectable_change
from unkink.exchange.report_shapes import (
    About,
    ActivityChange,
    DayScore,
    Measure,
    Measured,
    MovementChange,
    NoteStated,
    PlaceCount,
    PopCount,
    Score,
    ScoreChange,
    StiffnessCount,
    TechniqueDone,
    Told,
    Verdict,
)

if TYPE_CHECKING:
    from unkink.coach.progress import ChangeNorms
    from unkink.coach.rulebook import Rulebook
    from unkink.diary import records
    from unkink.exchange.report_source import Source

MOST_POINTS = 120
"""Of a chart; longer courses are told by the median of several days."""

Answers = list[tuple[date, float]]


def describe_period(history: History) -> About:
    """Tell how much there is."""
    days = {compute_local_day(c.at, c.utc_offset_min) for c in history.check_ins}
    days |= {compute_local_day(r.at, r.utc_offset_min) for r in history.reviews}
    own = [s for s in history.sessions if s.is_work and not s.is_deleted]
    days |= {compute_local_day(s.started_at, s.utc_offset_min) for s in own}
    return About(
        n_days=len(days),
        n_check_ins=len(history.check_ins),
        n_reviews=len(history.reviews),
        n_sessions=len(own),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )


# ------------------------------------------------------------------------------------------------- scores


def find_scores(history: History, norms: ChangeNorms, now: datetime) -> tuple[ScoreChange, ...]:
    """Compare every score at the beginning and the end of a period.

    Parameters
    ----------
    history : History
        Of the period.
    norms : ChangeNorms
    now : datetime
        End of the period, aware UTC.
    """
    found = [_compare_pain_now(history, norms, now)]
    pains: dict[Measure, str] = {"average": "pain_average", "worst": "pain_worst"}
    for measure, name in pains.items():
        answers = _collect(history.reviews, name)
        found.append(_compare_pain(measure, answers, norms) if answers else None)
    nights: dict[Measure, tuple[str, SleepQuantity]] = {
        "sleep": ("sleep_disturbance", "disturbance"),
        "nights": ("nights_woken", "nights"),
    }
    for measure, (name, quantity) in nights.items():
        answers = _collect(history.reviews, name)
        course = compute_sleep(history.reviews, quantity, norms.sleep, now)
        if course is not None:
            score = _to_score(measure, answers, course.change, "V07")
            found.append(_take_ends(score, course) if course.change is not None else score)
    return tuple(one for one in found if one is not None)


def _collect(reviews: Iterable[PastReview], name: str) -> Answers:
    known = [(r, getattr(r, name)) for r in reviews]
    return sorted((compute_local_day(r.at, r.utc_offset_min), float(v)) for r, v in known if v is not None)


def _compare_pain_now(history: History, norms: ChangeNorms, now: datetime) -> ScoreChange | None:
    answers = sorted(
        (compute_local_day(c.at, c.utc_offset_min), c.pain_now)
        for c in history.check_ins
        if c.pain_now is not None
    )
    if not answers:
        return None
    course = compute_pain_course(history.check_ins, norms.pain, norms.course, now)
    score = _to_score("now", answers, course.change, "V01")
    width = timedelta(days=norms.course.window_days - 1)
    begin, end = answers[0][0], answers[-1][0]
    early = [one for one in answers if one[0] <= begin + width]
    late = [one for one in answers if one[0] >= end - width]
    return msgspec.structs.replace(
        score,
        first=None if course.change is None else _weigh(early, course.start),
        last=None if course.change is None else _weigh(late, course.latest),
        points=thin_out(answers),
    )


def _weigh(answers: Answers, value: float | None) -> Score | None:
    if value is None:
        return None
    return Score(value=value, from_day=answers[0][0], to_day=answers[-1][0], n=len(answers))


def _compare_pain(measure: Measure, answers: Answers, norms: ChangeNorms) -> ScoreChange:
    change = None
    if len(answers) > 1:
        change = compare_pain(answers[0][1], answers[-1][1], norms.pain)
    return _to_score(measure, answers, change, "V01")


def _to_score(measure: Measure, answers: Answers, change: Change | None, evidence: str) -> ScoreChange:
    """Return the first and the last answer with what became of it."""
    values = [value for _, value in answers]
    first, last = (Score(value=v, from_day=day, to_day=day, n=1) for day, v in (answers[0], answers[-1]))
    return ScoreChange(
        measure=measure,
        n=len(answers),
        lowest=min(values),
        highest=max(values),
        first=first,
        last=None if change is None else last,
        change=None if change is None else change.change,
        detectable=None if change is None else change.detectable,
        meaningful=None if change is None else max(change.detectable, change.meaningful),
        verdict=_word(change),
        evidence=evidence,
    )


def _take_ends(score: ScoreChange, course: ReviewCourse) -> ScoreChange:
    """Put what was compared in the place of the single answers: medians of the first and the last few."""
    ends = [float(course.sentence.params.get(name, math.nan)) for name in ("first", "latest")]
    first, last = (
        None if one is None or math.isnan(value) else msgspec.structs.replace(one, value=value, n=None)
        for one, value in zip((score.first, score.last), ends, strict=True)
    )
    return msgspec.structs.replace(score, first=first, last=last)


def _word(change: Change | None) -> Verdict:
    return "unknown" if change is None else cast("Verdict", change.word)


def thin_out(answers: Answers, most: int = MOST_POINTS) -> tuple[DayScore, ...]:
    """Return the median of each day or, where these are too many for a chart, of each few days.

    Parameters
    ----------
    answers : list of (date, float), oldest first
        Scores, 0 to 10.
    most : int
        Points that may come out.
    """
    if not answers:
        return ()
    begin = answers[0][0]
    n_days = (answers[-1][0] - begin).days + 1
    step = math.ceil(n_days / most)
    heaps: dict[int, list[float]] = defaultdict(list)
    for day, value in answers:
        heaps[(day - begin).days // step].append(value)
    middle = timedelta(days=step // 2)
    return tuple(
        DayScore(day=begin + timedelta(days=i * step) + middle, value=median(values), n=len(values))
        for i, values in heaps.items()
    )


def count_stiffness(history: History) -> StiffnessCount:
    """Count what was said of stiffness."""
    n = Counter(c.stiffness for c in history.check_ins)
    return StiffnessCount(no=n["no"], bit=n["bit"], very=n["very"])


def collect_told(reviews: Sequence[records.Review]) -> Told:
    """Take the newest answer to each question; None where it was not answered."""
    newest: dict[str, Any] = {}
    for review in reviews:
        day = None
        if review.at is not None:
            day = compute_local_day(review.at, review.utc_offset_min or 0)
        for name in _TOLD:
            value = getattr(review, name)
            if value is not None and value != ():
                newest[name] = value
                if name == "global_change":
                    newest["global_change_on"] = day
                if name == "since_weeks":
                    newest["since_told_on"] = day
    return Told(**newest)


_TOLD = (
    "global_change",
    "stiff_mornings",
    "pain_days",
    "is_constant",
    "since_weeks",
    "onset_age_years",
    "age_years",
    "brings_on",
    "wall_gap_cm",
    "height_loss_cm",
)


def find_activities(
    history: History, words: Mapping[str, str], norms: ChangeNorms, now: datetime
) -> tuple[ActivityChange, ...]:
    """Compare the first and the last score of each of the person's own activities."""
    told = dict.fromkeys(activity_id for review in history.reviews for activity_id in review.activities)
    known = [activity_id for activity_id in words if activity_id in told]
    ids = [*known, *sorted(set(told) - set(known))]
    answers: dict[str, Answers] = {activity_id: [] for activity_id in ids}
    for review in history.reviews:
        for activity_id, score in review.activities.items():
            answers[activity_id].append((compute_local_day(review.at, review.utc_offset_min), score))
    found: list[ActivityChange] = []
    for one in compute_activities(history.reviews, ids, norms.activities, now).each:
        some, change = sorted(answers[one.activity_id]), one.course.change
        ends = one.course.sentence.params
        found.append(
            ActivityChange(
                id=one.activity_id,
                text=words.get(one.activity_id),
                first=float(ends.get("first", some[0][1])),
                first_on=some[0][0],
                last=None if change is None else float(ends.get("latest", some[-1][1])),
                last_on=None if change is None else some[-1][0],
                change=None if change is None else change.change,
                detectable=None if change is None else change.detectable,
                meaningful=None if change is None else max(change.detectable, change.meaningful),
                verdict=_word(change),
            )
        )
    return tuple(found)


def count_places(history: History) -> tuple[PlaceCount, ...]:
    """Count in how many check-ins each place was told."""
    n = Counter(place for c in history.check_ins for place in dict.fromkeys(c.places))
    return tuple(
        PlaceCount(id=place, n=many) for place, many in sorted(n.items(), key=lambda x: (-x[1], x[0]))
    )


def count_pops(history: History) -> PopCount:
    """Count pops."""
    return PopCount(
        n=len(history.pops),
        n_deliberate=sum(pop.deliberate for pop in history.pops),
        n_neck=sum(pop.region == "neck" for pop in history.pops),
    )


def collect_notes(period: Source) -> tuple[NoteStated, ...]:
    """Return what the person told by themselves."""
    from unkink.exchange.report_source import day_of

    techniques = {s.session_id: s.exercise_id for s in period.history.sessions if s.session_id}
    return tuple(
        NoteStated(
            at=note.at or period.now,
            day=day_of(note.at, note.utc_offset_min, period),
            kind=note.kind,
            text=(note.text or "").strip() or None,
            exercise_id=techniques.get(note.session_id or ""),
        )
        for note in period.notes
        if note.kind not in SIGNS  # told with the sessions
    )


# -------------------------------------------------------------------------------------------------- done


def find_done(history: History) -> tuple[TechniqueDone, ...]:
    """Sum up each technique, most sessions first."""
    by_id: dict[str, list[PastSession]] = defaultdict(list)
    for session in history.sessions:
        if session.mode != "demo" and not session.is_deleted and (session.is_work or session.stop_rule_ids):
            by_id[session.exercise_id].append(session)
    done = [_sum_up(exercise_id, sessions) for exercise_id, sessions in by_id.items()]
    return tuple(sorted(done, key=lambda one: (-one.n_sessions, one.exercise_id)))


def _sum_up(exercise_id: str, sessions: Iterable[PastSession]) -> TechniqueDone:
    sessions = list(sessions)
    pairs = [
        (s.pain_before, s.pain_after)
        for s in sessions
        if s.pain_before is not None and s.pain_after is not None
    ]
    relief = Counter(s.relief for s in sessions if s.relief is not None)
    signals = Counter(s.signal for s in sessions if s.signal is not None)
    return TechniqueDone(
        exercise_id=exercise_id,
        n_sessions=len(sessions),
        n_timed=sum(s.mode == "timer" for s in sessions),
        duration_s=math.fsum(s.duration_s for s in sessions),
        held_s=math.fsum(held for s in sessions for held in s.held_s.values()),
        rolled_s=math.fsum(s.rolled_s for s in sessions),
        repetitions=sum(s.repetitions for s in sessions),
        relief={word: relief[word] for word in ("worse", "same", "bit", "lot") if relief[word]},
        n_before_after=len(pairs),
        before=median(b for b, _ in pairs) if pairs else None,
        after=median(a for _, a in pairs) if pairs else None,
        n_stopped=sum(s.status == "stopped" or bool(s.stop_rule_ids) for s in sessions),
        n_signal={word: signals[word] for word in ("amber", "red", "black") if signals[word]},
    )


# ---------------------------------------------------------------------------------------------- movements


def find_movements(
    measurements: Iterable[records.Measurement],
    from_day: date,
    offset_min: int,
    rulebook: Rulebook,
) -> tuple[MovementChange, ...]:
    """Compare the first and the last measurement of the period, of each movement and side.

    Where the mobility check has measured a quantity, what sessions have measured of it is left out: only the
    same way of measuring compares. A single check in the period is compared with the last one before it.

    Parameters
    ----------
    measurements : iterable of Measurement, oldest first
        Up to the end of the period.
    from_day : date
    offset_min : int
        Local time minus UTC, minutes.
    rulebook : Rulebook
    """
    taken: dict[tuple[str, str, str], list[tuple[date, records.Measurement]]] = defaultdict(list)
    for one in measurements:
        if one.value_deg is not None and one.sd_deg is not None and one.measured_at is not None:
            key = (one.exercise_id or "", one.quantity, one.side)
            taken[key].append((compute_local_day(one.measured_at, offset_min), one))
    recent = {key: some for key, some in taken.items() if some[-1][0] >= from_day}
    checked = {quantity for way, quantity, _ in recent if way == MOBILITY_ID}
    wanted = [part.counting.quantity for part in rulebook.mobility.parts]
    found = [
        _compare_movement(way, quantity, side, some, from_day, rulebook)
        for (way, quantity, side), some in recent.items()
        if way == MOBILITY_ID or (quantity in wanted and quantity not in checked)
    ]
    sides = ("right", "left", "both")
    return tuple(sorted(found, key=lambda m: (wanted.index(m.quantity), m.way, sides.index(m.side))))


def _compare_movement(
    way: str,
    quantity: str,
    side: Any,
    some: list[tuple[date, records.Measurement]],
    from_day: date,
    rulebook: Rulebook,
) -> MovementChange:
    begin = next(i for i, (day, _) in enumerate(some) if day >= from_day)
    n = len(some) - begin
    if n == 1 and begin > 0:
        begin -= 1
    norm = rulebook.change.turning
    first, last = some[begin], some[-1]
    change = detectable = because = None
    verdict: Verdict = "unknown"
    if begin < len(some) - 1:
        change = (last[1].value_deg or 0.0) - (first[1].value_deg or 0.0)
        noise = compute_detectable_change([_take(m) for _, m in some[:-1]], _take(last[1]), quantity, norm)
        if math.isfinite(noise.change_deg):
            detectable, because = noise.change_deg, noise.because
            less_or_more: Verdict = "clear.less" if change < 0 else "clear.more"
            verdict = "same" if abs(change) < detectable else less_or_more
    evidence = rulebook.evidence[norm.evidence[0]]
    return MovementChange(
        quantity=quantity,
        side=side,
        way=way,
        first=_measured(*first),
        last=_measured(*last) if change is not None else None,
        n=n,
        change_deg=change,
        detectable_deg=detectable,
        because=because,
        verdict=verdict,
        sources=evidence.sources,
        references=evidence.references,
        grade=evidence.grade,
        provenance=evidence.provenance,
    )


def _take(one: records.Measurement) -> Taken:
    return Taken(
        at=one.measured_at,
        value_deg=math.nan if one.value_deg is None else one.value_deg,
        sd_deg=math.nan if one.sd_deg is None else one.sd_deg,
        repeats_deg=one.repeats_deg,
    )


def _measured(day: date, one: records.Measurement) -> Measured:
    return Measured(
        day=day,
        value_deg=round(one.value_deg or 0.0, 2),
        plus_minus_deg=round(Z_90 * (one.sd_deg or 0.0), 2),
        n=one.n,
    )
