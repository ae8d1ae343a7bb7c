"""A diary as Parquet tables with units, and back.

In: an :class:`~unkink.diary.exporting.Export` and a folder. Out: one file for each table of the diary,
whose columns say their unit and whose metadata says format and version; and plain data of them again. What
is a list or a mapping in the diary is JSON in a column of text. Next file: :mod:`unkink.diary.archive`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from unkink.diary import tables
from unkink.diary.exporting import FORMAT, VERSION, Export
from unkink.diary.import_checks import import_error

if TYPE_CHECKING:
    import pyarrow as pa

_INNER = frozenset({"person_id", "owner", "seen_at"})
"""Columns that mean nothing outside of this database."""

_ENTRIES: dict[str, str] = {
    "screening": "screenings",
    "clearance": "clearances",
    "check_in": "check_ins",
    "pop": "pops",
    "recording": "recordings",
    "review": "reviews",
    "note": "notes",
    "referral_answer": "referral_answers",
}
"""Tables of which an entry of an export is one row, and their part of it."""

_OF_SESSION: dict[str, str] = {
    "exercise_set": "sets",
    "measurement": "measurements",
    "session_event": "events",
}
_NAMES: tuple[str, ...] = (
    "person",
    "setting",
    "screening_draft",
    "session",
    *_OF_SESSION,
    *_ENTRIES,
)
_MOST_BYTES = 1 << 30

_UNIT_OF_SUFFIX: dict[str, str] = {
    "_s": "s",
    "_deg": "deg",
    "_cm": "cm",
    "_min": "min",
    "_weeks": "week",
    "_years": "year",
}
_UNIT_OF_NAME: dict[str, str] = {
    **dict.fromkeys(
        ("pain_now", "pain_before", "pain_during", "pain_after", "pain_worst", "pain_average"), "0 to 10"
    ),
    "sleep_disturbance": "0 to 10",
    "global_change": "-5 to 5",
    "pain_days": "days of 7",
    "nights_woken": "nights of 7",
    "stiff_mornings": "mornings of 7",
    **dict.fromkeys(("n", "n_frames", "n_faults", "repetitions"), "count"),
    **dict.fromkeys(("seq", "idx", "set_idx"), "order"),
}


def unit_of(column: sa.Column[Any]) -> str:
    """Return the unit of a column; empty for words."""
    if isinstance(column.type, sa.JSON):
        inner = next((u for s, u in _UNIT_OF_SUFFIX.items() if column.name.endswith(s)), "")
        return f"JSON, {inner}" if inner else "JSON"
    if isinstance(column.type, tables.UtcDateTime):
        return "UTC"
    by_suffix = next((u for s, u in _UNIT_OF_SUFFIX.items() if column.name.endswith(s)), "")
    return _UNIT_OF_NAME.get(column.name, by_suffix)


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if column.name not in _INNER]


def _arrow_type(column: sa.Column[Any]) -> pa.DataType:
    import pyarrow as pa

    match column.type:
        case tables.UtcDateTime():
            return pa.timestamp("us", tz="UTC")
        case sa.Date():
            return pa.date32()
        case sa.Boolean():
            return pa.bool_()
        case sa.Double():
            return pa.float64()
        case sa.Integer():
            return pa.int64()
        case _:
            return pa.string()


def _schema(table: sa.Table, export: Export) -> pa.Schema:
    import pyarrow as pa

    fields = [
        pa.field(column.name, _arrow_type(column), metadata={"unit": unit_of(column)})
        for column in _columns(table)
    ]
    return pa.schema(
        fields,
        metadata={
            "format": FORMAT,
            "version": str(export.version),
            "table": table.name,
            "exported_at": export.exported_at.isoformat(),
        },
    )


def write_tables(export: Export, folder: Path) -> Iterator[Path]:
    """Write every table into a folder; yield the files, each when it is written.

    Parameters
    ----------
    export : Export
    folder : Path
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name in _NAMES:
        table = tables.metadata.tables[name]
        schema = _schema(table, export)
        columns = _columns(table)
        rows = list(_rows(name, export))
        arrays = [
            pa.array([_plain(column, row) for row in rows], type=schema.field(column.name).type)
            for column in columns
        ]
        path = folder / f"{name}.parquet"
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path, compression="zstd")
        yield path


def _plain(column: sa.Column[Any], row: Mapping[str, Any]) -> Any:
    value = row.get(column.name)
    if isinstance(column.type, sa.JSON):
        return msgspec.json.encode(value).decode()
    return value


def _rows(name: str, export: Export) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a table."""
    if name == "setting":
        yield from ({"key": key, "value": value} for key, value in export.settings.items())
    elif name == "person":
        yield {**_fields(export.person), "seq": 0}
    elif name == "screening_draft":
        if export.screening_draft is not None:
            yield _fields(export.screening_draft)
    elif name == "session":
        yield from (_fields(details.session) for details in export.sessions)
    elif name in _OF_SESSION:
        for details in export.sessions:
            for idx, one in enumerate(getattr(details, _OF_SESSION[name])):
                yield {**_fields(one), "session_id": details.session.id, "idx": idx}
    else:
        yield from (_fields(one) for one in getattr(export, _ENTRIES[name]))


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


# ---------------------------------------------------------------------------------------------------- read


def read_tables(folder: Path) -> dict[str, Any]:
    """Read the tables back as the plain data of an export.

    Raises
    ------
    ExchangeError
        ``import-not-a-diary`` when they are none of ours, ``import-damaged`` when one is missing or broken.
    """
    if not (folder / "person.parquet").is_file():
        raise import_error(code="import-not-a-diary")
    found: dict[str, list[dict[str, Any]]] = {}
    metadata: Mapping[bytes, bytes] = {}
    for name in _NAMES:
        metadata, found[name] = _read(folder / f"{name}.parquet", tables.metadata.tables[name])
    sessions = [
        {"session": session, "sets": [], "measurements": [], "events": [], "recording": None}
        for session in found["session"]
    ]
    by_id = {one["session"].get("id"): one for one in sessions}
    for name, part in _OF_SESSION.items():
        for row in sorted(found[name], key=lambda row: row.get("idx") or 0):
            owner = by_id.get(row.get("session_id"))
            if owner is None:
                raise import_error(code="import-damaged", where=f"$.{name}")
            owner[part].append(row)
    return {
        "format": metadata[b"format"].decode(),
        "version": int(metadata[b"version"]),
        "exported_at": metadata[b"exported_at"].decode(),
        "person": next(iter(found["person"]), None),
        "settings": {row.get("key"): row.get("value") for row in found["setting"]},
        "screening_draft": next(iter(found["screening_draft"]), None),
        "sessions": sessions,
        **{part: found[name] for name, part in _ENTRIES.items()},
    }


def _read(path: Path, table: sa.Table) -> tuple[Mapping[bytes, bytes], list[dict[str, Any]]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] | None = None
    metadata: Mapping[bytes, bytes] = {}
    try:
        # Opened by its name: what it says of itself is checked before a row is read.
        with pq.ParquetFile(path) as file:
            groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
            is_small = sum(group.total_byte_size for group in groups) <= _MOST_BYTES
            metadata = file.schema_arrow.metadata or {}
            is_ours = metadata.get(b"format") == FORMAT.encode() and metadata.get(b"version", b"").isdigit()
            if is_small and is_ours and b"exported_at" in metadata:
                rows = file.read().to_pylist() if int(metadata[b"version"]) <= VERSION else []
    except (pa.ArrowException, OSError, ValueError):
        rows = None
    if rows is None:
        raise import_error(code="import-damaged", where=f"$.{table.name}")
    for row in rows:
        _from_plain(row, table)
    return metadata, rows


def _from_plain(row: dict[str, Any], table: sa.Table) -> None:
    """Read the JSON of a row in place."""
    for column in _columns(table):
        if isinstance(column.type, sa.JSON) and isinstance(row.get(column.name), str):
            try:
                row[column.name] = msgspec.json.decode(row[column.name])
            except msgspec.DecodeError:
                row[column.name] = None
        value = row.get(column.name)
        if isinstance(value, float) and not math.isfinite(value):
            row[column.name] = None


__all__: Sequence[str] = ("read_tables", "unit_of", "write_tables")
