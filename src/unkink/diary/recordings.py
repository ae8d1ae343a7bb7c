"""Landmark recordings, kept only when the person asks for it.

In: landmarks as they come. Out: a Parquet file that :mod:`unkink.acquire.recorded` reads and ``unkink
replay`` replays. While it runs it is an Arrow stream that is flushed to disk every few seconds; a crash
leaves all of it but the last few seconds, and :func:`recover` makes the file of it at the next start.
Pictures are never recorded. Next file: :mod:`unkink.acquire.recorded`.

Columns: ``t_s`` float64, ``image`` and ``world`` lists of 132 float32 (33 landmarks, 4 values each; ``image``
is NaN and ``world`` null where nobody was seen), ``brightness_frac`` float32 and ``n_persons`` int16 (null
where the page did not know). Metadata: ``format``, ``version``, ``width_px``,
``height_px``, ``events`` (JSON list of what the person did).
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from unkink.diary import lease
from unkink.diary.problems import Translated
from unkink.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "unkink-landmarks"
VERSION = "1"
N_VALUES = 132
PART = ".part"

FLUSH_S = 3.0
"""Seconds of landmarks that a crash can lose at most, with a little room to 5."""

_ROW_GROUP = 4096
_GONE = np.full(N_VALUES, np.nan, dtype=np.float32)


def _stream_schema(width_px: int, height_px: int, plan: str) -> pa.Schema:
    import pyarrow as pa

    landmarks = pa.list_(pa.float32(), N_VALUES)
    return pa.schema(
        [
            ("t_s", pa.float64()),
            ("image", landmarks),
            ("world", landmarks),
            ("brightness_frac", pa.float32()),
            ("n_persons", pa.int16()),
            ("event", pa.string()),
        ],
        metadata={
            "format": FORMAT,
            "version": VERSION,
            "owner": lease.owner(),
            "width_px": str(width_px),
            "height_px": str(height_px),
        }
        | ({"plan": plan} if plan else {}),
    )


def _landmark_array(rows: list[NDArray[np.float32] | None]) -> pa.Array:
    import pyarrow as pa

    flat = (
        np.concatenate([_GONE if row is None else row for row in rows]) if rows else np.empty(0, np.float32)
    )
    missing = pa.array([row is None for row in rows], pa.bool_())
    return pa.FixedSizeListArray.from_arrays(pa.array(flat, pa.float32()), N_VALUES, mask=missing)


def _flat(landmarks: NDArray[np.floating[Any]] | None) -> NDArray[np.float32] | None:
    if landmarks is None:
        return None
    return np.array(landmarks, dtype=np.float32).reshape(N_VALUES)


class _Row(NamedTuple):
    """One picture, or one event."""

    t_s: float
    image: NDArray[np.float32] | None = None
    world: NDArray[np.float32] | None = None
    brightness_frac: float | None = None
    n_persons: int | None = None
    event: str | None = None


class RecordingWriter:
    """Writes the landmarks of one session, on a thread of its own: ``add`` and ``event`` return at once.

    A recording never disturbs its session: when it cannot be written it stops, and ``error`` says why.

    Parameters
    ----------
    path : Path
        The Parquet file to be; ``<path>.part`` while it runs.
    width_px, height_px : int
        Size of the picture.
    plan : str
        The session's plan as JSON, so that a replay knows the dose; empty: none.
    """

    def __init__(self, path: Path, *, width_px: int, height_px: int, plan: str = "") -> None:
        self.path = path
        self.error: StoreError | None = None
        self.n_frames = 0
        self.duration_s = 0.0
        self._about = (width_px, height_px, plan)
        self._rows: list[_Row] = []
        self._flushed_s = -math.inf
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="unkink-recording")
        self._is_closed = False
        self._sink: Any = None
        self._stream: pa.RecordBatchStreamWriter | None = None

    def add(
        self,
        t_s: float,
        image: NDArray[np.floating[Any]] | None,
        world: NDArray[np.floating[Any]] | None = None,
        *,
        brightness_frac: float | None = None,
        n_persons: int | None = None,
    ) -> None:
        """Add one picture's landmarks.

        Parameters
        ----------
        t_s : float
            Seconds, the page's time.
        image : array, shape (33, 4), unitless, or None
            None: nobody was seen.
        world : array, shape (33, 4), metres, or None
        brightness_frac : float, 0..1, or None
            Mean luminance of the picture.
        n_persons : int or None
            Persons seen.
        """
        flat = _flat(image)
        self._keep(_Row(t_s, _GONE if flat is None else flat, _flat(world), brightness_frac, n_persons))
        self.n_frames += 1
        self.duration_s = max(self.duration_s, t_s)

    def event(self, event: Mapping[str, Any]) -> None:
        """Add what the person did, as plain data with its ``t_s``."""
        t_s = event.get("t_s")
        text = msgspec.json.encode(event).decode()
        self._keep(_Row(t_s if isinstance(t_s, (int, float)) else self.duration_s, event=text))

    def _keep(self, row: _Row) -> None:
        if self.error is not None or self._is_closed:
            return
        with self._lock:
            self._rows.append(row)
            if abs(row.t_s - self._flushed_s) < FLUSH_S:
                return
            self._flushed_s = row.t_s
        self._pool.submit(self._flush)

    def _flush(self) -> None:
        """Write what was added, on the writing thread."""
        with self._lock:
            rows, self._rows = self._rows, []
        if self.error is not None or not rows:
            return
        try:
            with Translated(self.path):
                self._append(rows)
        except StoreError as exc:
            self.error = exc

    def _append(self, rows: list[_Row]) -> None:
        import pyarrow as pa

        if self._stream is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if part_of(self.path).exists():
                finish(part_of(self.path))
            handle = os.open(part_of(self.path), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            self._sink = os.fdopen(handle, "wb")
            self._stream = pa.ipc.new_stream(self._sink, _stream_schema(*self._about))
        times, images, worlds, lights, persons, events = zip(*rows, strict=True)
        batch = pa.record_batch(
            [
                pa.array(times, pa.float64()),
                _landmark_array(list(images)),
                _landmark_array(list(worlds)),
                pa.array(lights, pa.float32()),
                pa.array(persons, pa.int16()),
                pa.array(events, pa.string()),
            ],
            schema=_stream_schema(*self._about),
        )
        self._stream.write_batch(batch)
        self._sink.flush()
        os.fsync(self._sink.fileno())

    def close(self) -> Path | None:
        """Finish the file and return it; None when nothing was recorded or it could not be written."""
        if self._is_closed:
            return self.path if self.path.exists() else None
        self._is_closed = True
        self._pool.submit(self._flush).result()
        self._pool.shutdown()
        if self._stream is None:
            return None
        try:
            with Translated(self.path):
                with contextlib.suppress(OSError):
                    self._stream.close()
                self._sink.close()
                return finish(part_of(self.path))
        except StoreError as exc:
            self.error = self.error or exc
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def part_of(path: Path) -> Path:
    """Return the name of a recording while it runs."""
    return path.with_name(path.name + PART)


def _batches(file: Any) -> Iterator[pa.RecordBatch]:
    """Read a stream as far as it is whole."""
    import pyarrow as pa

    with contextlib.suppress(pa.ArrowInvalid, OSError, EOFError, StopIteration):
        reader = pa.ipc.open_stream(file)
        while True:
            yield reader.read_next_batch()


def _landmarks(path: Path, part: Path) -> Iterator[pa.RecordBatch]:
    """Read the landmarks recorded before the session broke off, then those of the stream."""
    import pyarrow.parquet as pq

    if path.exists():
        yield from pq.ParquetFile(path).iter_batches(batch_size=_ROW_GROUP)
    with part.open("rb") as file:
        for batch in _batches(file):
            frames = batch.filter(batch["event"].is_null()).drop_columns(["event"])
            if frames.num_rows:
                yield frames


def _events(path: Path, part: Path) -> list[Any]:
    """Read what the person did, in the same order."""
    import pyarrow.parquet as pq

    events: list[Any] = []
    if path.exists():
        stored = (pq.read_schema(path).metadata or {}).get(b"events", b"[]")
        events += msgspec.json.decode(stored)
    with part.open("rb") as file:
        for batch in _batches(file):
            events += [msgspec.json.decode(text) for text in batch["event"].drop_null().to_pylist()]
    return events


def finish(part: Path) -> Path | None:
    """Make the Parquet file of a running or broken-off recording; None when there is nothing in it.

    What was recorded before the session broke off comes first. Runs in constant memory whatever the length.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = part.with_name(part.name.removesuffix(PART))
    made = path.with_name(f"{path.name}.tmp")
    writer: pq.ParquetWriter | None = None
    try:
        events = msgspec.json.encode(_events(path, part)).decode()
        for batch in _landmarks(path, part):
            if writer is None:
                writer = pq.ParquetWriter(made, _file_schema(batch.schema, events), compression="zstd")
            table = _fit(pa.Table.from_batches([batch]), writer.schema)
            writer.write_table(table, row_group_size=_ROW_GROUP)
        if writer is not None:
            writer.close()
    except pa.ArrowException:
        # Neither file is lost: the part stays where it is.
        made.unlink(missing_ok=True)
        return None
    if writer is None:
        part.unlink()
        return None
    with made.open("rb+") as done:
        os.fsync(done.fileno())
    made.chmod(0o600)
    made.replace(path)
    part.unlink()
    return path


def _fit(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Bring a piece of an older version's recording into the columns of this one."""
    import pyarrow as pa

    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _file_schema(schema: pa.Schema, events: str) -> pa.Schema:
    """Return the schema of the finished file: without its writer, with the events."""
    kept = {k: v for k, v in (schema.metadata or {}).items() if k not in {b"owner", b"ARROW:schema"}}
    return schema.with_metadata(kept | {b"events": events.encode()})


def _is_written(part: Path) -> bool:
    """Whether another process, or this one, still writes a recording."""
    import pyarrow as pa

    owner = ""
    with part.open("rb") as file, contextlib.suppress(pa.ArrowInvalid, OSError, EOFError):
        owner = (pa.ipc.open_stream(file).schema.metadata or {}).get(b"owner", b"").decode()
    flushed_at = datetime.fromtimestamp(part.stat().st_mtime, UTC)
    return lease.is_alive(owner, flushed_at, datetime.now(UTC))


def measure(path: Path) -> tuple[int, float]:
    """Return how many pictures a finished recording has, and its last time in seconds."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    times = file.read(columns=["t_s"])["t_s"].to_pylist()
    return len(times), max(times, default=0.0)


def recover(folder: Path) -> tuple[Path, ...]:
    """Finish the recordings that a crash left behind, but none that another process still writes."""
    if not folder.is_dir():
        return ()
    parts = [part for part in sorted(folder.glob(f"*{PART}")) if not _is_written(part)]
    found = [finish(part) for part in parts]
    return tuple(path for path in found if path is not None)
