"""What a file from outside may hold: values that the diary itself could have written.

In: an :class:`~unkink.diary.exporting.Export` of the right types. Out: nothing, or an error that names the
place and never the content. A value that no question offers could make a rule stumble on every later day.
Next file: :mod:`unkink.diary.importing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from unkink.diary import tables
from unkink.diary.exporting import Export
from unkink.diary.records import Session, SessionDetails
from unkink.errors import ExchangeError

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.parquet")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MOST_SEQ = 2**53
_MOST_S = 1e6
_MOST_OFFSET_MIN = 24 * 60
_MOST_PAIN = 10
_FIRST_AT, _LAST_AT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def import_error(code: str, where: str = "$") -> ExchangeError:
    """Make the error of a file that cannot be taken in."""
    return ExchangeError(code, f"store.{code}", params={"where": where})


def is_recording_name(name: str) -> bool:
    """Whether a name is that of a file right in the recordings folder."""
    return _FILE_NAME.fullmatch(name) is not None and ".." not in name


def check_values(export: Export) -> None:
    """Refuse an export with a value that no diary has.

    Raises
    ------
    ExchangeError
        ``import-damaged``, with the place.
    """
    if not all(is_recording_name(one.path) for one in export.recordings):
        raise import_error(code="import-damaged", where="$.recordings")
    if not _ID.fullmatch(export.person.id):
        raise import_error(code="import-damaged", where="$.person.id")
    for part, table in _PARTS.items():
        seen: set[str] = set()
        for idx, record in enumerate(getattr(export, part)):
            head = record.session if isinstance(record, SessionDetails) else record
            faults = (*_head_faults(head, table), *_faults(head))
            fault = "id" if head.id in seen else next(iter(faults), None)
            if fault is not None:
                raise import_error(code="import-damaged", where=f"$.{part}[{idx}].{fault}")
            seen.add(head.id)


_PARTS: dict[str, str] = {
    "screenings": "screening",
    "clearances": "clearance",
    "check_ins": "check_in",
    "sessions": "session",
    "pops": "pop",
    "reviews": "review",
    "notes": "note",
    "referral_answers": "referral_answer",
}
"""Parts of an export and their tables."""


def _head_faults(record: Any, table: str) -> Iterator[str]:
    """Yield which of identity, number and time are none."""
    if not _ID.fullmatch(record.id):
        yield "id"
    if not 1 <= record.seq <= _MOST_SEQ:
        yield "seq"
    for name in {tables.TIMES[table], "ended_at", "expires_at", "deleted_at"}:
        at = getattr(record, name, None)
        is_needed = name == tables.TIMES[table]
        if (at is None and is_needed) or (at is not None and not _is_time(at)):
            yield name
    offset = getattr(record, "utc_offset_min", 0)
    if offset is not None and abs(offset) > _MOST_OFFSET_MIN:
        yield "utc_offset_min"


def _is_time(at: datetime) -> bool:
    return at.tzinfo is not None and _FIRST_AT <= at <= _LAST_AT


def _faults(record: Any) -> Iterator[str]:
    """Yield which values of a kind are none."""
    for name in ("pain_now", "pain_before", "pain_during", "pain_after", "pain_worst", "pain_average"):
        value = getattr(record, name, None)
        if value is not None and not 0 <= value <= _MOST_PAIN:
            yield name
    if isinstance(record, Session):
        amounts = (record.duration_s, record.rolled_s, *record.held_s.values())
        if not all(0 <= amount <= _MOST_S for amount in amounts) or record.repetitions < 0:
            yield "held_s"
    lock_ids = getattr(record, "assessment", {}).get("lock_ids", ())
    if not isinstance(lock_ids, list | tuple) or not all(isinstance(i, str) for i in lock_ids):
        yield "assessment.lock_ids"
