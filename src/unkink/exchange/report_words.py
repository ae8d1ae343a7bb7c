"""A report in words: from values to the page that both HTML and PDF are set from.

In: a :class:`~unkink.exchange.report.Report`, the rules, the message catalogue. Out:
:class:`~unkink.exchange.report_sheet.Sheet`. What the person typed passes through as plain text, without
characters that could change how the rest is read. Next file: :mod:`unkink.exchange.report_html`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from unkink.exchange import report_pictures, report_tables
from unkink.exchange.report_sheet import Block, Picture, Sheet
from unkink.exchange.report_teller import Teller, clean, minutes, number
from unkink.exchange.wording import load_wording

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.exchange.report import Report


def make_sheet(report: Report, rulebook: Rulebook, language: str = "en") -> Sheet:
    """Put a report into words.

    Parameters
    ----------
    report : Report
    rulebook : Rulebook
    language : str
    """
    teller = Teller(load_wording(language))
    period = teller.say("period", **{"from": teller.day(report.from_day), "to": teller.day(report.to_day)})
    facts = [(teller.say("name"), clean(report.name))] if report.name else []
    facts += [
        (teller.say("period.label"), period),
        (teller.say("made"), teller.day(report.made_at.date())),
    ]
    blocks = [_tell_short(report, teller), *_tell_left(report, teller, rulebook)]
    blocks += [*_tell_right(report, teller, rulebook), *report_tables.tell_full(report, teller)]
    return Sheet(
        language=language,
        title=teller.say("title"),
        subtitle=teller.say("subtitle"),
        facts=tuple(facts),
        blocks=tuple(blocks),
        use=teller.say("use"),
        versions=teller.say("versions", program=report.program_version, rules=report.rules_version),
        page=teller.say("page"),
        made_at=report.made_at.astimezone(UTC).isoformat(),
    )


def _tell_short(report: Report, teller: Teller) -> Block:
    return Block(
        id="short", title=teller.say("short.title"), place="top", lines=tuple(_shorten(report, teller))
    )


def _shorten(report: Report, teller: Teller) -> Iterator[str]:
    """Say the main thing in at most five lines."""
    if not report.about.n_days:
        yield teller.say("short.nothing")
    pain = next((score for score in report.scores if score.measure == "now"), None)
    if pain is not None and pain.last is not None and pain.first is not None:
        verdict = teller.say(f"verdict.{pain.verdict}")
        first, last = number(pain.first.value), number(pain.last.value)
        yield teller.say("short.pain", first=first, last=last, verdict=verdict)
    elif pain is not None:
        lowest, highest = number(pain.lowest), number(pain.highest)
        if lowest == highest:
            yield teller.say("short.pain.same", pain=lowest)
        else:
            yield teller.say("short.pain.one", lowest=lowest, highest=highest)
    if report.about.n_sessions:
        time = minutes(sum(one.duration_s for one in report.done))
        yield teller.say("short.done", sessions=report.about.n_sessions, minutes=time)
    elif report.about.n_days:
        yield teller.say("short.done.none")
    waiting = [one.rule_id for one in report.rules if one.is_open]
    if waiting:
        yield teller.say("short.rules", rules=", ".join(waiting))
    elif report.rules:
        yield teller.say("short.rules.answered")
    else:
        yield teller.say("short.rules.none")
    if report.locks:
        yield teller.say("short.locked", rules=", ".join(lock.rule_id for lock in report.locks))


# ---------------------------------------------------------------------------------------- the left column


def _tell_left(report: Report, teller: Teller, rulebook: Rulebook) -> Iterator[Block]:
    if report.scores:
        norm = rulebook.change.pain
        pain = report.scores[0]
        yield Block(
            id="pain",
            title=teller.say("pain.title"),
            place="left",
            picture=_draw_pain(report, teller),
            table=report_tables.table_scores(report.scores, teller),
            note=teller.say("pain.note", row=pain.evidence, sources=", ".join(norm.source), grade=norm.grade),
        )
    told = report_tables.table_told(report, teller)
    if told is not None:
        yield Block(id="told", title=teller.say("told.title"), place="left", table=told)
    if report.activities:
        own = rulebook.change.activities
        note = teller.say(
            "activities.note",
            detectable=number(own.detectable_one),
            sources=", ".join(own.source),
            grade=own.grade,
        )
        table = report_tables.table_activities(report.activities, teller)
        yield Block(
            id="activities", title=teller.say("activities.title"), place="left", table=table, note=note
        )


def _draw_pain(report: Report, teller: Teller) -> Picture | None:
    pain = next((score for score in report.scores if score.measure == "now"), None)
    if pain is None or len(pain.points) < 2:  # noqa: PLR2004 - one dot is no course
        return None
    ends = (teller.day(report.from_day), teller.day(report.to_day))
    return Picture(
        svg=report_pictures.draw_course(pain.points, report.from_day, report.to_day, ends),
        alt=teller.say(
            "pain.alt",
            n=len(pain.points),
            lowest=number(pain.lowest),
            highest=number(pain.highest),
            **{"from": ends[0], "to": ends[1]},
        ),
    )


# --------------------------------------------------------------------------------------- the right column


def _tell_right(report: Report, teller: Teller, rulebook: Rulebook) -> Iterator[Block]:
    if report.places:
        counts = {place.id: place.n for place in report.places}
        told = ", ".join(f"{teller.place(place.id)} {place.n}" for place in report.places)
        names = (teller.say("places.front"), teller.say("places.back"))
        yield Block(
            id="places",
            title=teller.say("places.title"),
            place="right",
            picture=Picture(
                svg=report_pictures.draw_body(rulebook.body_map, counts, names),
                alt=teller.say("places.alt", places=told),
                width_frac=0.6,
            ),
            lines=tuple(f"{teller.place(place.id)} {place.n}" for place in report.places),
            note=teller.say("places.note", n=report.n_place_check_ins),
        )
    if report.movements:
        labels = [_label(one.quantity, one.side, teller) for one in report.movements]
        ends = [m.day for one in report.movements for m in (one.first, one.last) if m is not None]
        first = report.movements[0]
        table = report_tables.table_movements(report.movements, labels, teller)
        yield Block(
            id="mobility",
            title=teller.say("mobility.title"),
            place="right",
            picture=Picture(
                svg=report_pictures.draw_movements(report.movements, labels),
                alt=teller.say("mobility.alt", values="; ".join(" ".join(row[:3]) for row in table.rows)),
            ),
            table=table,
            note=teller.say(
                "mobility.note",
                first=teller.day(min(ends)),
                last=teller.day(max(ends)),
                sources=", ".join(first.sources),
                grade=first.grade,
            ),
        )


def _label(quantity: str, side: str, teller: Teller) -> str:
    name = teller.name(f"quantity.{quantity}", otherwise=quantity)
    return teller.say("mobility.side", quantity=name, side=teller.name(f"ui.side.{side}", otherwise=side))
