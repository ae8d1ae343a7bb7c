"""A report as PDF, set by typst.

In: a :class:`~unkink.exchange.report_sheet.Sheet`. Out: bytes, the same for the same sheet. The words go in
as JSON beside the template, never into its markup. The fonts are those within the package; only where these
lack a character (a name in another script) the computer's own are asked. Next file:
:mod:`unkink.front.reporting`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from unkink.errors import ExchangeError

if TYPE_CHECKING:
    from unkink.exchange.report_sheet import Sheet

_TEMPLATE = Path(__file__).with_name("report.typ")


def make_pdf(sheet: Sheet) -> bytes:
    """Return the page as PDF, accessible (PDF/UA-1) wherever its fonts have every character.

    Parameters
    ----------
    sheet : Sheet

    Raises
    ------
    ExchangeError
        ``report-unsettable``: the page cannot be set.
    """
    import typst

    inputs = {"sheet": msgspec.json.encode(sheet).decode()}
    template, root = str(_TEMPLATE), str(_TEMPLATE.parent)
    try:
        return typst.compile(
            template,
            root=root,
            sys_inputs=inputs,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except RuntimeError:
        pass  # most likely a character that no font within has
    try:
        return typst.compile(template, root=root, sys_inputs=inputs, timestamp=0)
    except RuntimeError:
        code = "report-unsettable"
        raise ExchangeError(code, "problem.report-unsettable", hint="unkink report --format html") from None
