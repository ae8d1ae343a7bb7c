"""The report for a professional at the doors: a period, a format, a file.

In: the diary, the rules, what was asked for. Out: bytes of a PDF, a page or data; the text of a problem. From
the terminal and from the page. Next file: :mod:`unkink.front.routes.report`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unkink.errors import AccessError, ExchangeError

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook
    from unkink.diary import Diary
    from unkink.exchange.report import Report
    from unkink.exchange.report_sheet import Sheet

USUAL_DAYS = 56
"""Eight weeks, today included."""
NAME = "report_name"
"""Setting: the name on the report, if the person wants one."""
_HARM = "harm"


class ReportKind(StrEnum):
    """What a report is written as."""

    PDF = "pdf"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of the person, both inclusive."""

    from_day: date
    to_day: date


def choose_period(from_day: date | None, to_day: date | None, today: date) -> Period:
    """Fill in what was not said: eight weeks up to today.

    Raises
    ------
    AccessError
        ``report-period``: it ends before it begins, or lies in the future.
    """
    to_day = min(to_day or today, today)
    from_day = from_day or date.fromordinal(max(1, to_day.toordinal() - USUAL_DAYS + 1))
    if from_day > to_day:
        code = "report-period"
        raise AccessError(code, "problem.report-period", hint="unkink report --help")
    return Period(from_day=from_day, to_day=to_day)


def collect_report(
    diary: Diary, rulebook: Rulebook, period: Period, now: datetime, offset_min: int, name: str | None
) -> Report:
    """Put a report together from the diary."""
    from unkink.exchange.report import make_report
    from unkink.exchange.report_source import read_source

    source = read_source(diary, now, offset_min)
    return make_report(source, rulebook, period.from_day, period.to_day, name=name)


def word_report(report: Report, rulebook: Rulebook) -> Sheet:
    """Put a report into words."""
    from unkink.exchange.report_words import make_sheet

    return make_sheet(report, rulebook)


def set_report(report: Report, rulebook: Rulebook, kind: ReportKind) -> bytes:
    """Return a report as a file's bytes."""
    if kind is ReportKind.JSON:
        return report.to_json()
    sheet = word_report(report, rulebook)
    if kind is ReportKind.HTML:
        from unkink.exchange.report_html import make_html

        return make_html(sheet).encode()
    from unkink.exchange.report_pdf import make_pdf

    return make_pdf(sheet)


def read_name(diary: Diary) -> str | None:
    """Return the name that the person wants on reports."""
    name = diary.settings().get(NAME)
    return name if isinstance(name, str) and name.strip() else None


def tell_problems(diary: Diary, rules_version: str, now: datetime, offset_min: int) -> list[str]:
    """Return every problem after exercise that was written down, newest first, as text."""
    from unkink.exchange.report_problem import make_problem_text
    from unkink.exchange.report_source import read_source

    source = read_source(diary, now, offset_min)
    texts: list[str] = []
    for note in reversed(source.notes):
        if note.kind == _HARM:
            found = None if note.session_id is None else diary.session(note.session_id)
            session = None if found is None else found.session
            texts.append(make_problem_text(note, session, source, rules_version))
    return texts


# ----------------------------------------------------------------------------------------- from the terminal

_DAY = ["%Y-%m-%d"]


def write_report(
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DAY, metavar="DATE", help="First day. [default: 8 weeks back]"),
    ] = None,
    to: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, metavar="DATE", help="Last day. [default: today]")
    ] = None,
    kind: Annotated[ReportKind, typer.Option("--format", help="What to write.")] = ReportKind.PDF,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file; - is the terminal. [default: unkink-report-...]"),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Name on the report. [default: that of Settings]"),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the diary. [default: your user's data folder]")
    ] = None,
    *,
    problem: Annotated[
        bool,
        typer.Option("--problem", help="Instead, the problems after exercise you wrote down."),
    ] = False,
) -> None:
    """Write a page for your doctor or physiotherapist: what you told, what was measured, what was done."""
    from unkink.diary import open_diary
    from unkink.diary.rows import local_offset_min
    from unkink.front.serving import load_settings
    from unkink.pipeline import load_rulebook

    settings = load_settings(data_dir=data_dir)
    offset_min = local_offset_min()
    rulebook = load_rulebook()
    with open_diary(settings.data_dir, settings.database_url) as diary:
        now = diary.now()
        if problem:
            texts = tell_problems(diary, rulebook.safety.version, now, offset_min)
            _deliver(_join(texts), out or Path("-"))
            return
        today = (now + timedelta(minutes=offset_min)).date()
        period = choose_period(from_ and from_.date(), to and to.date(), today)
        report = collect_report(diary, rulebook, period, now, offset_min, name or read_name(diary))
    data = set_report(report, rulebook, kind)
    _deliver(data, out or Path(f"unkink-report-{period.to_day}.{kind.value}"))


def _join(texts: list[str]) -> bytes:
    from unkink.front.problems import english

    how = english("report.problem.how", {}) if texts else english("report.problem.none", {})
    return "\n".join([*texts, how + "\n"]).encode()


def _deliver(data: bytes, out: Path) -> None:
    """Write a file whole or not at all, or to the terminal.

    Raises
    ------
    ExchangeError
        ``output-unwritable``.
    """
    if str(out) == "-":
        typer.get_binary_stream("stdout").write(data)
        return
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(data)
        part.replace(out)
    except OSError:
        code = "output-unwritable"
        raise ExchangeError(code, "problem.output-unwritable", params={"path": str(out)}) from None
    finally:
        part.unlink(missing_ok=True)
    typer.echo(f"Written: {out}")
