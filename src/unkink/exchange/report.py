"""A report for the professional, as plain data: what was told, measured and done over a period.

In: what the diary holds (:mod:`unkink.exchange.report_source`), the rules, a period. Out: :class:`Report`,
which can be written as JSON; documented in ``docs/report.md``. It tells what was told and what the rules say
of it, never what it might be. Next file: :mod:`unkink.exchange.report_parts`.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from unkink.exchange.report_shapes import (
    About,
    ActivityChange,
    CheckAnswer,
    CheckRound,
    ClearanceStated,
    DailyAnswer,
    FiredRule,
    LockStated,
    MovementChange,
    NoteStated,
    PlaceCount,
    PopCount,
    ScoreChange,
    StiffnessCount,
    StopStated,
    TechniqueDone,
    Told,
)

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.exchange.report_source import Source

FORMAT_VERSION = 1
"""Raised whenever a reader of the JSON would have to change."""

Missing: TypeAlias = Literal[
    "examination",
    "camera",
    "no-entries",
    "no-check",
    "no-pain-worst",
    "no-pain-average",
    "no-activities",
    "no-global-change",
    "no-sleep",
    "no-places",
    "no-mobility",
    "no-relief",
    "timed",
    "rules-then",
]
"""What a reader might miss: sentences ``report.missing.<word>``."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page shows, and a little more; times are aware UTC, days are the person's own."""

    kind: Literal["unkink-report"] = "unkink-report"
    format: int = FORMAT_VERSION
    program_version: str
    rules_version: str
    made_at: datetime
    from_day: date
    to_day: date
    """Inclusive."""
    name: str | None
    """Only where the person wants one on it."""
    about: About
    scores: tuple[ScoreChange, ...]
    """Pain now, worst and average of 24 h, sleep disturbance (0 to 10), nights woken of 7."""
    stiffness: StiffnessCount
    told: Told
    """What the longer look back last said."""
    activities: tuple[ActivityChange, ...]
    places: tuple[PlaceCount, ...]
    """Most often first."""
    n_place_check_ins: int
    """Check-ins in which at least one place was told."""
    check: CheckRound | None
    """The round of safety questions in force at the end of the period; None: there was none."""
    answers: tuple[CheckAnswer, ...]
    """What was not answered with no."""
    daily: tuple[DailyAnswer, ...]
    """What was not answered with no in the short questions before sessions."""
    movements: tuple[MovementChange, ...]
    done: tuple[TechniqueDone, ...]
    pops: PopCount
    stops: tuple[StopStated, ...]
    rules: tuple[FiredRule, ...]
    """R01 to R16 as they stood at the end of the period: raised in it, or still open then."""
    locks: tuple[LockStated, ...]
    clearances: tuple[ClearanceStated, ...]
    notes: tuple[NoteStated, ...]
    missing: tuple[Missing, ...]

    def to_json(self) -> bytes:
        """Return it as indented JSON (UTF-8), the same bytes for the same report."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def make_report(
    source: Source, rulebook: Rulebook, from_day: date, to_day: date, *, name: str | None = None
) -> Report:
    """Put together what a professional should know of a period.

    Parameters
    ----------
    source : Source
        What the diary holds, up to now.
    rulebook : Rulebook
        The rules of now: they judge the end of the period.
    from_day, to_day : date
        The person's own days, both inclusive.
    name : str, optional
        Whose report it is, if they want that on it.
    """
    from unkink import __version__
    from unkink.exchange import report_parts, report_rules
    from unkink.exchange.report_source import cut

    whole = cut(source, None, to_day)
    period = cut(source, from_day, to_day)
    history = period.history
    now = min(source.now, whole.end_at)
    assessment = report_rules.assess_then(whole, rulebook)
    scores = report_parts.find_scores(history, rulebook.change, now)
    movements = report_parts.find_movements(whole.measurements, from_day, source.offset_min, rulebook)
    answers = report_rules.find_answers(whole, from_day, rulebook)
    done = report_parts.find_done(history)
    report = Report(
        program_version=__version__,
        rules_version=rulebook.safety.version,
        made_at=source.now.replace(microsecond=0),
        from_day=from_day,
        to_day=to_day,
        name=(name or "").strip() or None,
        about=report_parts.describe_period(history),
        scores=scores,
        stiffness=report_parts.count_stiffness(history),
        told=report_parts.collect_told(period.reviews),
        activities=report_parts.find_activities(history, source.activities, rulebook.change, now),
        places=report_parts.count_places(history),
        n_place_check_ins=sum(bool(c.places) for c in history.check_ins),
        check=report_rules.describe_check(whole),
        answers=answers,
        daily=report_rules.find_daily(history, rulebook),
        movements=movements,
        done=done,
        pops=report_parts.count_pops(history),
        stops=report_rules.find_stops(history, rulebook),
        rules=report_rules.find_rules(whole.history, assessment, rulebook, now, from_day, source.offset_min),
        locks=report_rules.find_open_locks(whole.history, assessment, rulebook),
        clearances=report_rules.find_clearances(whole, from_day, answers),
        notes=report_parts.collect_notes(period),
        missing=(),
    )
    return msgspec.structs.replace(report, missing=tuple(_find_missing(report)))


def _find_missing(report: Report) -> list[Missing]:
    """Tell what was not measured or not asked, so that a gap is not taken for a zero."""
    scores = {score.measure for score in report.scores if score.n}
    is_known: dict[Missing, bool] = {
        "no-entries": bool(report.about.n_days),
        "no-check": report.check is not None,
        "no-pain-worst": "worst" in scores,
        "no-pain-average": "average" in scores,
        "no-sleep": bool({"nights", "sleep"} & scores),
        "no-activities": bool(report.activities),
        "no-global-change": report.told.global_change is not None,
        "no-places": report.n_place_check_ins > 0,
        "no-mobility": bool(report.movements),
        "no-relief": any(sum(one.relief.values()) for one in report.done),
    }
    missing: list[Missing] = [word for word, known in is_known.items() if not known]
    if "no-entries" in missing:
        missing = [word for word in missing if word in {"no-entries", "no-check"}]
    if any(one.n_timed for one in report.done):
        missing.append("timed")
    if report.movements:
        missing.append("camera")
    return [*missing, "examination", "rules-then"]


def write_json(report: Report, out: Path) -> Path:
    """Write the report as data."""
    out.write_bytes(report.to_json())
    return out
