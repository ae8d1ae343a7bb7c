"""The list of a run over many recordings: a table for programs and a page for people.

In: one row per recording, read or not. Out: ``index.csv`` and ``index.html``. Names come from anywhere: in
the table no cell can become a formula of a spreadsheet, in the page no name can become markup. Columns are
told in ``docs/output.md``. Next file: :mod:`unkink.exchange.index_page`.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from unkink.exchange.wording import load_wording

if TYPE_CHECKING:
    from unkink.exchange.wording import Wording

Status = Literal["done", "failed", "skipped"]

CSV_NAME, PAGE_NAME = "index.csv", "index.html"
_FORMULA_STARTS = frozenset("=+-@\t\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One recording of a run. A number that was not measured, or makes no sense here, is None."""

    name: str
    """As people know it, usually the name of the file."""
    source: str
    """Path as it was given."""
    status: Status
    reason: str = ""
    """Why it failed or was left out: one sentence."""
    exercise_id: str | None = None
    variant: str | None = None
    duration_s: float | None = None
    n_frames: int | None = None
    seen_share: float | None = None
    """0..1 of the pictures in which the person could be measured."""
    held_right_s: float | None = None
    held_left_s: float | None = None
    held_both_s: float | None = None
    """Time in form of techniques without sides."""
    repetitions: int | None = None
    peak_right_deg: float | None = None
    peak_right_sd_deg: float | None = None
    peak_left_deg: float | None = None
    peak_left_sd_deg: float | None = None
    warnings: tuple[str, ...] = ()
    """Sentences."""
    folder: str | None = None
    """Where its results are, relative to the index, with ``/``."""
    thumbnail: bytes | None = None
    """A small picture, JPEG."""


COLUMNS: tuple[str, ...] = (
    "name",
    "source",
    "status",
    "reason",
    "exercise",
    "variant",
    "duration_s",
    "n_frames",
    "seen_share",
    "held_right_s",
    "held_left_s",
    "held_both_s",
    "repetitions",
    "peak_right_deg",
    "peak_right_sd_deg",
    "peak_left_deg",
    "peak_left_sd_deg",
    "warnings",
    "folder",
)
"""Columns of ``index.csv``, in order."""


def make_done_row(
    summary: Mapping[str, Any],
    *,
    name: str,
    source: str,
    folder: str,
    warnings: Sequence[str] = (),
    thumbnail: bytes | None = None,
) -> IndexRow:
    """Return the row of a recording that was analysed.

    Parameters
    ----------
    summary : mapping
        As :func:`unkink.coach.summary.summarise` makes it, or as it was read back from ``summary.json``.
    name, source, folder : str
    warnings : sequence of str
        Sentences.
    thumbnail : bytes, optional
        JPEG.
    """
    sides, tracking = summary.get("sides", {}), summary.get("tracking", {})
    right, left, both = (sides.get(side, {}) for side in ("right", "left", "both"))
    return IndexRow(
        name=name,
        source=source,
        status="done",
        exercise_id=summary.get("exercise"),
        variant=summary.get("variant"),
        duration_s=summary.get("duration_s"),
        n_frames=tracking.get("n_frames"),
        seen_share=tracking.get("seen_share"),
        held_right_s=right.get("held_s"),
        held_left_s=left.get("held_s"),
        held_both_s=both.get("held_s"),
        repetitions=summary.get("repetitions"),
        peak_right_deg=right.get("peak_deg"),
        peak_right_sd_deg=right.get("peak_sd_deg"),
        peak_left_deg=left.get("peak_deg"),
        peak_left_sd_deg=left.get("peak_sd_deg"),
        warnings=tuple(warnings),
        folder=folder,
        thumbnail=thumbnail,
    )


def write_index(rows: Sequence[IndexRow], folder: Path, *, wording: Wording | None = None) -> None:
    """Write ``index.csv`` and ``index.html`` into ``folder``, each whole or not at all.

    Parameters
    ----------
    rows : sequence of IndexRow
        In the order in which they shall stand.
    folder : Path
        The page links to those results that are there when it is written.
    wording : Wording, optional
        English unless given.
    """
    from unkink.exchange.index_page import make_page

    for name, text in (
        (CSV_NAME, make_csv(rows)),
        (PAGE_NAME, make_page(rows, folder, wording or load_wording())),
    ):
        part = folder / f".{name}.part"
        try:
            # names of files may hold bytes that are no text
            part.write_bytes(text.encode("utf-8", errors="replace"))
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)


def make_csv(rows: Sequence[IndexRow]) -> str:
    """Return the table as CSV: UTF-8, commas, point as decimal sign; what was not measured is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = {column: getattr(row, column, None) for column in COLUMNS}
        cells |= {"exercise": row.exercise_id, "warnings": " | ".join(row.warnings)}
        writer.writerow([_to_cell(cells[column]) for column in COLUMNS])
    return out.getvalue()


def _to_cell(value: str | float | None) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, int | float):
        return f"{round(value, 4):g}" if isinstance(value, float) else str(value)
    text = value.encode("utf-8", errors="replace").decode("utf-8")
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text
