"""The report for a professional, and the text of a problem: shown, saved, never sent.

In: the diary, a period. Out: a file, or the report in words. Next file:
:mod:`unkink.front.routes.belongings`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from unkink.front import reporting
from unkink.front.problems import refuse
from unkink.front.reporting import Period, ReportKind
from unkink.front.routes.shapes_report import ProblemTold, ReportName, ReportShown
from unkink.front.services import Here, Services

if TYPE_CHECKING:
    from unkink.exchange.report import Report

router = APIRouter(prefix="/api", tags=["report"])

FromDay = Annotated[date | None, Query(alias="from")]
ToDay = Annotated[date | None, Query(alias="to")]

_MEDIA = {
    ReportKind.PDF: "application/pdf",
    ReportKind.HTML: "text/html; charset=utf-8",
    ReportKind.JSON: "application/json",
}
_ANY_FILE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]+)"')


def _collect(here: Services, from_day: date | None, to_day: date | None) -> tuple[Report, Period]:
    now, offset_min = here.clock(), here.utc_offset_min()
    period = reporting.choose_period(from_day, to_day, (now + timedelta(minutes=offset_min)).date())
    name = reporting.read_name(here.diary)
    report = reporting.collect_report(here.diary, here.rulebook, period, now, offset_min, name)
    return report, period


@router.get(
    "/report",
    response_class=Response,
    responses={200: {"content": {"application/pdf": _ANY_FILE, "text/html": {}, "application/json": {}}}},
)
def read_report(
    here: Here,
    from_day: FromDay = None,
    to_day: ToDay = None,
    format: Annotated[ReportKind, Query()] = ReportKind.PDF,  # noqa: A002
) -> Response:
    """Save the report of a period (by default the last eight weeks); as a page it is shown, to print it."""
    report, period = _collect(here, from_day, to_day)
    data = reporting.set_report(report, here.rulebook, format)
    headers: dict[str, str] = {}
    if format is ReportKind.HTML:
        # its one style is within it: the page's own policy names it by its digest
        found = _POLICY.search(data)
        policy = "default-src 'none'" if found is None else found[1].decode().replace("&#x27;", "'")
        headers["content-security-policy"] = f"{policy}; base-uri 'none'; frame-ancestors 'none'"
    else:
        name = f"unkink-report-{period.to_day}.{format.value}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(data, media_type=_MEDIA[format], headers=headers)


@router.get("/report/page")
def show_report(here: Here, from_day: FromDay = None, to_day: ToDay = None) -> ReportShown:
    """Read the report of a period in words, as it would be saved."""
    report, period = _collect(here, from_day, to_day)
    sheet = reporting.word_report(report, here.rulebook)
    plain = msgspec.to_builtins(sheet)
    return ReportShown.model_validate(
        {
            "from_day": period.from_day,
            "to_day": period.to_day,
            "name": report.name or "",
            **{field: plain[field] for field in ("title", "subtitle", "use", "versions")},
            "blocks": [_to_block(block) for block in plain["blocks"]],
        }
    )


def _to_block(block: dict[str, Any]) -> dict[str, Any]:
    table = block["table"]
    return block | {"table": table and {"columns": table["columns"], "rows": table["rows"]}}


@router.put("/report/name")
def save_report_name(told: ReportName, here: Here) -> ReportName:
    """Say which name stands on reports; empty: none."""
    here.diary.save_settings({reporting.NAME: told.name})
    return ReportName(name=reporting.read_name(here.diary) or "")


@router.get("/report/problem")
def read_problem(here: Here) -> ProblemTold:
    """Read the last problem after exercise that was written down, as a text to send by oneself."""
    texts = _tell(here)
    return ProblemTold(text=texts[0] if texts else None, address=here.settings.report_address)


@router.get("/report/problem.txt", response_class=PlainTextResponse)
def save_problem(here: Here) -> PlainTextResponse:
    """Save that text."""
    texts = _tell(here)
    if not texts:
        refuse("not-found")
    headers = {"content-disposition": 'attachment; filename="unkink-problem.txt"'}
    return PlainTextResponse(texts[0], headers=headers)


def _tell(here: Services) -> list[str]:
    rules_version = here.rulebook.safety.version
    return reporting.tell_problems(here.diary, rules_version, here.clock(), here.utc_offset_min())
