"""Angles as a table: what a researcher opens first.

In: the quantities of a recording and what belongs to them (summary, technique, versions). Out: a Parquet
file that says all of it again when it is read, or a CSV file for spreadsheets. The same input gives the same
bytes. Columns, units and signs are told in ``docs/output.md``. Next file: :mod:`unkink.exchange.charts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.body.quantities import QUANTITIES, QuantitySeries, sd_name
from unkink.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

FORMAT = "unkink-angles"
VERSION = "1"
COLUMN_TIME = "t_s"
_ROW_GROUP = 65_536
_CSV_DIGITS = 4
"""Far below the noise of any quantity."""


def list_columns() -> tuple[str, ...]:
    """Return the names of all columns in order: time, then each quantity followed by its SD."""
    return (COLUMN_TIME, *(name for q in QUANTITIES for name in (q, sd_name(q))))


def write_angles(quantities: QuantitySeries, path: Path, metadata: Mapping[str, str]) -> None:
    """Write the angles as Parquet.

    Parameters
    ----------
    quantities : QuantitySeries, degrees and norm; NaN where unmeasured
    path : Path
        Written as it is named; the caller moves it to its final name.
    metadata : mapping of str to str
        Kept in the file, beside ``format`` and ``version``. ``unkink plot`` reads ``summary`` (JSON).
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {**metadata, "format": FORMAT, "version": VERSION}
    names, columns = zip(*_iterate_columns(quantities), strict=True)
    arrays = [pa.array(column) for column in columns]
    fields = [pa.field(name, array.type, nullable=False) for name, array in zip(names, arrays, strict=True)]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    # without the Arrow schema, which would say the same again; dictionaries gain nothing on measured numbers
    with pq.ParquetWriter(
        path, table.schema, compression="zstd", store_schema=False, use_dictionary=False
    ) as writer:
        writer.write_table(table, row_group_size=_ROW_GROUP)
        writer.add_key_value_metadata({key: about[key] for key in sorted(about)})


def write_angles_csv(quantities: QuantitySeries, path: Path) -> None:
    """Write the same columns as CSV (UTF-8, point as decimal sign); what was not measured is an empty cell.

    Parameters
    ----------
    quantities : QuantitySeries, degrees and norm; NaN where unmeasured
    path : Path
    """
    import pyarrow as pa
    import pyarrow.csv as pc

    names, columns = zip(*_iterate_columns(quantities), strict=True)
    arrays = [pa.array(np.round(c.astype(np.float64), _CSV_DIGITS), from_pandas=True) for c in columns]
    table = pa.Table.from_arrays(arrays, names=list(names))
    pc.write_csv(table, path, pc.WriteOptions(quoting_style="none"))


def _iterate_columns(quantities: QuantitySeries) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield name and values of every column, in order."""
    yield COLUMN_TIME, np.ascontiguousarray(quantities.t_s, dtype=np.float64)
    for i, name in enumerate(QUANTITIES):
        yield name, quantities.values[:, i].astype(np.float32)
        yield sd_name(name), quantities.sds[:, i].astype(np.float32)


def read_angles(path: Path) -> tuple[QuantitySeries, dict[str, str]]:
    """Read what :func:`write_angles` wrote.

    Parameters
    ----------
    path : Path

    Returns
    -------
    quantities : QuantitySeries, degrees and norm
        A quantity that another version did not have is NaN.
    metadata : dict of str to str

    Raises
    ------
    MediaError
        ``media-missing``, ``media-damaged`` or ``angles-format``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        code = "media-missing"
        raise MediaError(code, "problem.media-missing", params={"name": path.name})
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        code = "media-damaged"
        raise MediaError(code, "problem.media-damaged", params={"name": path.name}) from error
    about = {
        k.decode(errors="replace"): v.decode(errors="replace")
        for k, v in (table.schema.metadata or {}).items()
    }
    if about.get("format") != FORMAT or about.get("version") != VERSION:
        raise _no_angles(path)
    n = table.num_rows
    values, sds = np.full((n, len(QUANTITIES)), np.nan), np.full((n, len(QUANTITIES)), np.nan)
    for i, name in enumerate(QUANTITIES):
        values[:, i] = _read_column(path, table, name, missing=np.nan)
        sds[:, i] = _read_column(path, table, sd_name(name), missing=np.nan)
    t_s = _read_column(path, table, COLUMN_TIME)
    return QuantitySeries(t_s=t_s, values=values, sds=sds), about


def _read_column(
    path: Path, table: pa.Table, name: str, *, missing: float | None = None
) -> NDArray[np.float64]:
    """Return one column, shape (N,); ``missing`` throughout where the file has none."""
    import pyarrow.types as pt

    if name not in table.column_names:
        if missing is None:
            raise _no_angles(path)
        return np.full(table.num_rows, missing)
    column = table[name]
    if not (pt.is_floating(column.type) or pt.is_integer(column.type)):
        raise _no_angles(path)
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _no_angles(path: Path) -> MediaError:
    return MediaError(
        "angles-format",
        "problem.angles-format",
        params={"name": path.name},
        hint="unkink analyze --help",
    )
