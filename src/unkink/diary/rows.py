"""From values to rows and back.

In: a record. Out: the columns of its table, without what a database or JSON cannot keep; and the way back.
The names of the fields are the names of the columns. Next file: :mod:`unkink.diary.sessions`.
"""

from __future__ import annotations

import dataclasses
import math
import secrets
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from unkink.errors import ContractError

R = TypeVar("R")


def new_id() -> str:
    """Make an identity that no other diary has."""
    return secrets.token_hex(12)


def local_offset_min() -> int:
    """Return the computer's local time minus UTC, in minutes."""
    return time.localtime().tm_gmtoff // 60


def _storable(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return value


def to_row(record: Any, table: sa.Table, **more: Any) -> dict[str, Any]:
    """Return the columns of a record.

    Parameters
    ----------
    record : dataclass
    table : sqlalchemy.Table
    **more : object
        Columns that the record does not have or that replace its own.
    """
    row = {name: _storable(getattr(record, name)) for name in _columns_of(type(record), table)}
    return row | more


def from_row(kind: type[R], row: Mapping[Any, Any], **more: Any) -> R:
    """Make a record from the columns of a row."""
    values: dict[str, Any] = {}
    for name in _names_of(kind):
        if name in row:
            value = row[name]
            # The lists of JSON are tuples in the records.
            values[name] = tuple(value) if isinstance(value, list) else value
    return kind(**(values | more))


@cache
def _columns_of(kind: type[Any], table: sa.Table) -> tuple[str, ...]:
    return tuple(name for name in _names_of(kind) if name in table.c)


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    if not dataclasses.is_dataclass(kind):
        raise ContractError(code="not-a-record", kind=kind.__name__)
    return tuple(field.name for field in dataclasses.fields(kind))


def finite(value: float) -> float:
    """Return a time or an amount, 0 when it is not a number."""
    return float(value) if math.isfinite(value) else 0.0


def finite_all(values: Mapping[str, float]) -> dict[str, float]:
    """Return amounts by name, without those that are not numbers."""
    return {str(name): float(value) for name, value in values.items() if math.isfinite(value)}
