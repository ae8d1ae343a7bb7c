"""The tables of a report: cells of text.

In: values of a report, a :class:`~unkink.exchange.report_teller.Teller`. Out: tables and blocks of
:mod:`unkink.exchange.report_sheet`. Next file: :mod:`unkink.exchange.report_html`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unkink.exchange.report_sheet import Block, Table
from unkink.exchange.report_teller import NOTHING, Teller, clean, minutes, number, signed
from unkink.exchange.wording import format_length

if TYPE_CHECKING:
    from unkink.exchange.report import Report
    from unkink.exchange.report_shapes import (
        ActivityChange,
        CheckAnswer,
        Evidenced,
        FiredRule,
        MovementChange,
        NoteStated,
        ScoreChange,
        TechniqueDone,
    )


def _heads(teller: Teller, area: str, *words: str) -> tuple[str, ...]:
    return tuple(teller.say(f"{area}.{word}") for word in words)


def table_scores(scores: Sequence[ScoreChange], teller: Teller) -> Table:
    """Scores at the start and at the end, and how large a change has to be."""
    rows = [
        (
            teller.say(f"measure.{one.measure}"),
            number(one.first.value if one.first else None),
            number(one.last.value if one.last else None),
            signed(one.change),
            number(one.detectable),
            number(one.meaningful),
            f"{number(one.lowest)}{NOTHING}{number(one.highest)}",
            str(one.n),
            teller.say(f"verdict.{one.verdict}"),
        )
        for one in scores
    ]
    heads = _heads(teller, "pain", "measure", "first", "last", "change", "noise", "from", "range", "n")
    return Table(columns=(*heads, teller.say("verdict")), rows=tuple(rows), wide=(*[0] * 8, 1))


def table_told(report: Report, teller: Teller) -> Table | None:
    """What was told besides the scores, as pairs; None: nothing."""
    told, stiff = report.told, report.stiffness
    pairs: list[tuple[str, str | None]] = []
    if stiff.no + stiff.bit + stiff.very:
        counts = teller.say("told.stiffness.value", very=stiff.very, bit=stiff.bit, no=stiff.no)
        pairs.append(("stiffness", counts))
    for word, n in (("mornings", told.stiff_mornings), ("pain-days", told.pain_days)):
        pairs.append((word, None if n is None else teller.say("told.of-seven", n=n)))
    if told.is_constant is not None:
        pairs.append(("constant", teller.say("told.yes" if told.is_constant else "told.no")))
    if told.since_weeks is not None:
        day = teller.day(told.since_told_on)
        pairs.append(("since", teller.say("told.since.value", weeks=number(told.since_weeks), day=day)))
    if told.brings_on:
        causes = [
            teller.name(f"check-in.causes.{one}", otherwise=clean(one).replace("-", " "))
            for one in told.brings_on
        ]
        pairs.append(("brings-on", ", ".join(causes)))
    for word, years in (("age", told.age_years), ("onset", told.onset_age_years)):
        pairs.append((word, None if years is None else number(years)))
    if told.global_change is not None:
        n, day = signed(told.global_change), teller.day(told.global_change_on)
        pairs.append(("global", teller.say("told.global.value", n=n, day=day)))
    for word, cm in (("wall", told.wall_gap_cm), ("height", told.height_loss_cm)):
        pairs.append((word, None if cm is None else teller.say("told.cm", n=number(cm))))
    rows = tuple((teller.say(f"told.{word}"), value) for word, value in pairs if value is not None)
    return Table(columns=(), rows=rows, wide=(0, 1)) if rows else None


def table_activities(activities: Sequence[ActivityChange], teller: Teller) -> Table:
    """Return the person's own activities."""
    rows = [
        (
            clean(one.text) if one.text else teller.say("activities.gone"),
            number(one.first),
            number(one.last),
            signed(one.change),
            teller.say(f"verdict.{one.verdict}"),
        )
        for one in activities
    ]
    heads = (
        teller.say("activities.what"),
        *_heads(teller, "pain", "first", "last", "change"),
        teller.say("verdict"),
    )
    return Table(columns=heads, rows=tuple(rows), wide=(1, 0, 0, 0, 0))


def table_movements(movements: Sequence[MovementChange], labels: Sequence[str], teller: Teller) -> Table:
    """Movements with their 90 % intervals."""

    def value(one: MovementChange, which: str) -> str:
        measured = getattr(one, which)
        if measured is None:
            return NOTHING
        params = {"value": round(measured.value_deg), "plus_minus": _up(measured.plus_minus_deg)}
        return teller.say("mobility.value", **params)

    def verdict(one: MovementChange) -> str:
        if one.verdict in {"clear.less", "clear.more"}:
            return teller.say(f"mobility.verdict.{one.verdict}")
        return teller.say(f"verdict.{one.verdict}")

    rows = [
        (
            label if one.way == "mobility-check" else teller.say("mobility.in-session", name=label),
            value(one, "first"),
            value(one, "last"),
            NOTHING if one.change_deg is None else signed(one.change_deg),
            NOTHING if one.detectable_deg is None else str(_up(one.detectable_deg)),
            verdict(one),
        )
        for one, label in zip(movements, labels, strict=True)
    ]
    heads = _heads(teller, "mobility", "movement", "first", "last", "change", "detectable")
    return Table(columns=(*heads, teller.say("verdict")), rows=tuple(rows), wide=(0, 0, 0, 0, 0, 1))


def _up(degrees: float) -> int:
    """Round an uncertainty up: never narrower than it is."""
    return int(-(-degrees // 1))


# ------------------------------------------------------------------------------------------- full width


def tell_full(report: Report, teller: Teller) -> Iterator[Block]:
    """Everything below the two columns."""
    if report.done or report.pops.n:
        yield _tell_done(report, teller)
    yield _tell_check(report, teller)
    yield _tell_rules(report, teller)
    if report.clearances:
        lines = tuple(
            teller.say(
                "clearance.yes" if one.gentle_ok else "clearance.no",
                day=teller.day(one.assessed_on),
                recorded=teller.day(one.recorded_on),
                rules=", ".join(one.rule_ids),
            )
            for one in report.clearances
        )
        yield Block(id="clearances", title=teller.say("clearances.title"), place="full", lines=lines)
    if report.notes:
        lines = tuple(_tell_note(note, teller) for note in report.notes)
        yield Block(id="notes", title=teller.say("notes.title"), place="full", lines=lines)
    missing = " ".join(teller.say(f"missing.{word}") for word in report.missing)
    yield Block(id="missing", title=teller.say("missing.title"), place="full", note=missing)


def _tell_done(report: Report, teller: Teller) -> Block:
    columns = ("technique", "sessions", "minutes", "amount", "before-after", "relief", "signals")
    table = None
    if report.done:
        table = Table(
            columns=_heads(teller, "done", *columns),
            rows=tuple(_tell_technique(one, teller) for one in report.done),
            wide=(0, 0, 0, 3, 0, 3, 2),
        )
    pops = report.pops
    lines: list[str] = []
    if pops.n:
        lines.append(teller.say("done.pops", n=pops.n, deliberate=pops.n_deliberate, neck=pops.n_neck))
    n_timed = sum(one.n_timed for one in report.done)
    if n_timed:
        lines.append(teller.say("done.timed", n=n_timed))
    title = teller.say("done.title")
    return Block(id="done", title=title, place="full", table=table, note=" ".join(lines) or None)


def _tell_technique(one: TechniqueDone, teller: Teller) -> tuple[str, ...]:

    amounts: list[str] = []
    if one.held_s >= 1:
        amounts.append(teller.say("done.held", time=_long(format_length(one.held_s), one.held_s)))
    if one.rolled_s >= 1:
        amounts.append(teller.say("done.rolled", time=_long(format_length(one.rolled_s), one.rolled_s)))
    if one.repetitions:
        amounts.append(teller.say("done.repetitions", n=one.repetitions))
    pair = NOTHING
    if one.n_before_after:
        before, after = number(one.before), number(one.after)
        pair = teller.say("done.pair", before=before, after=after, n=one.n_before_after)
    relief = ", ".join(teller.say(f"done.relief.{word}", n=n) for word, n in one.relief.items())
    signals = [teller.say(f"done.signal.{word}", n=n) for word, n in one.n_signal.items()]
    if one.n_stopped:
        signals.append(teller.say("done.stopped", n=one.n_stopped))
    return (
        teller.technique(one.exercise_id),
        str(one.n_sessions),
        minutes(one.duration_s),
        ", ".join(amounts) or NOTHING,
        pair,
        relief or NOTHING,
        ", ".join(signals) or NOTHING,
    )


def _long(short: str, seconds: float) -> str:
    """Return ``4 min`` for what would be read as a time of day."""
    return short if seconds < 120 else minutes(seconds)  # noqa: PLR2004


def tell_evidence(one: Evidenced, teller: Teller) -> str:
    """Say on what a rule rests, and mark judgement and memory as such."""
    if one.grade is None:
        return teller.say("rests.unknown")
    word = {"D": "rests.judgement", "M": "rests.memory"}.get(one.provenance or "", "rests.grade")
    return teller.say(word, sources=", ".join(one.sources), grade=one.grade)


def _tell_check(report: Report, teller: Teller) -> Block:
    title = teller.say("check.title")
    if report.check is None:
        lines = (teller.say("check.never"),)
        return Block(id="check", title=title, place="full", lines=lines)
    day = teller.day(report.check.answered_on)
    rows = [
        (one.rule_id, teller.row(one.rule_id), _tell_answer(one, teller), tell_evidence(one, teller))
        for one in report.answers
    ]
    rows += [
        (
            one.rule_id,
            teller.row(one.rule_id),
            teller.say("check.daily", n=one.n, day=teller.day(one.last_on)),
            tell_evidence(one, teller),
        )
        for one in report.daily
    ]
    if not rows:
        return Block(id="check", title=title, place="full", lines=(teller.say("check.none", day=day),))
    return Block(
        id="check",
        title=title,
        place="full",
        table=Table(
            columns=_heads(teller, "check", "id", "told", "answer", "rests"),
            rows=tuple(rows),
            wide=(0, 5, 4, 3),
        ),
        note=teller.say("check.note", day=day),
    )


def _tell_answer(one: CheckAnswer, teller: Teller) -> str:
    answer = teller.say(f"check.{one.answer}")
    if one.is_past:
        return teller.say("check.past", answer=answer, day=teller.day(one.told_on))
    if one.cleared_on is not None:
        return teller.say("check.cleared", answer=answer, day=teller.day(one.cleared_on))
    return answer


def _tell_rules(report: Report, teller: Teller) -> Block:
    rows = [
        (
            teller.day(one.raised_on),
            one.rule_id,
            tell_reason(one, teller),
            tell_evidence(one, teller),
            _tell_word(one, teller),
        )
        for one in report.rules
    ]
    for stop in report.stops:
        names = ", ".join(teller.technique(name) for name in stop.exercise_ids)
        what = teller.say("rules.stop", what=teller.row(stop.rule_id), n=stop.n, names=names)
        rows.append((teller.day(stop.last_on), stop.rule_id, what, tell_evidence(stop, teller), ""))
    for lock in report.locks:
        what = teller.say("rules.lock", what=teller.row(lock.rule_id))
        rows.append((teller.day(lock.since), lock.rule_id, what, tell_evidence(lock, teller), ""))
    note = teller.say("rules.note", rules=report.rules_version)
    title = teller.say("rules.title")
    if not rows:
        return Block(id="rules", title=title, place="full", lines=(teller.say("rules.none"),), note=note)
    table = Table(
        columns=_heads(teller, "rules", "date", "id", "reason", "rests", "answer"),
        rows=tuple(rows),
        wide=(0, 0, 5, 2, 0),
    )
    return Block(id="rules", title=title, place="full", table=table, note=note)


def tell_reason(one: FiredRule, teller: Teller) -> str:
    """Return the sentence that the person is shown."""
    # what was ticked is itself the key of a text
    spoken = {
        name: teller.wording.say(value) if isinstance(value, str) else number(value)
        for name, value in one.reason_params.items()
    }
    return teller.wording.say(one.reason_key, **spoken)


def _tell_word(one: FiredRule, teller: Teller) -> str:
    if one.answer is not None:
        return teller.say(f"rules.answer.{one.answer}", day=teller.day(one.answered_on))
    return teller.say("rules.answer.none" if one.is_open else "rules.answer.over")


def _tell_note(note: NoteStated, teller: Teller) -> str:

    kind = teller.name(f"report.note.kind.{note.kind}", otherwise=note.kind)
    day = teller.day(note.day)
    head = teller.say("note", day=day, kind=kind)
    if note.exercise_id is not None:
        head = teller.say("note.about", day=day, kind=kind, name=teller.technique(note.exercise_id))
    return head if note.text is None else teller.say("note.text", head=head, text=clean(note.text))
