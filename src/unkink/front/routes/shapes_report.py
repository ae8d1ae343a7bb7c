"""The shapes of the report in words, as the page shows it before it is saved.

In: nothing. Out: pydantic models. Next file: :mod:`unkink.front.routes.report`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from unkink.front.routes.shapes import Shape, Wish


class ReportTable(Shape):
    """Rows of text; without columns: pairs."""

    columns: list[str]
    rows: list[list[str]]


class ReportPicture(Shape):
    """A drawing and what it shows in words."""

    svg: str
    alt: str
    width_frac: float


class ReportBlock(Shape):
    """One titled part."""

    id: str
    title: str
    place: Literal["top", "left", "right", "full"]
    picture: ReportPicture | None
    table: ReportTable | None
    lines: list[str]
    note: str | None


class ReportShown(Shape):
    """The report as it would be saved."""

    from_day: date
    to_day: date
    name: str
    """Empty: none."""
    title: str
    subtitle: str
    blocks: list[ReportBlock]
    use: str
    versions: str


class ReportName(Wish):
    """The name on the report; empty: none."""

    name: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]


class ProblemTold(Shape):
    """The last problem after exercise as text, and where it can be sent."""

    text: str | None
    address: str | None
    """An e-mail address or a web page, where the one who runs this has named one."""
