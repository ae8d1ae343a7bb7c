"""Recorded landmarks from disk: the app's own Parquet and a researcher's NumPy archive.

In: a path. Out: a :class:`Recording` with its landmarks and, where the app made it, the person's events.
Damaged files raise :class:`~unkink.errors.MediaError` with a sentence. Next file: :mod:`unkink.pipeline`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.acquire.archive import LARGEST_PX, NUMBERS, make_damaged, make_shape, read_arrays, read_size_px
from unkink.body.landmarks import N_LANDMARKS, LandmarkSeries
from unkink.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = "unkink-landmarks"
VERSION = "1"
COLUMN_TIME, COLUMN_IMAGE, COLUMN_WORLD = "t_s", "image", "world"
COLUMN_BRIGHTNESS, COLUMN_PERSONS = "brightness_frac", "n_persons"
N_VALUES = N_LANDMARKS * 4
CHUNK = 4096
"""Frames that are read at once."""
_SIZE_PX = {"width_px": 640, "height_px": 480}
"""Taken where a file does not tell it."""
_MAX_FRAMES = 5_000_000
_LARGEST = 1e4
"""No landmark of a person is this far away; beyond it (infinity, too) a point is unknown."""
_OUTSIDE = 10.0
"""Parts of the picture: points that lie in the middle this far from its corner are told in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Landmarks from a file."""

    series: LandmarkSeries
    events: tuple[dict[str, Any], ...] = ()
    """The person's events as the app wrote them, each with ``t_s`` (seconds) and ``kind``.

    Empty for other files.
    """
    metadata: Mapping[str, str]
    n_untimed: int = 0
    """Pictures that were left out: their time is not later than the one before."""
    name: str = ""
    """Of the file."""

    def frames(self) -> Iterator[LandmarkSeries]:
        """Yield the pictures one by one, as the browser would have sent them."""
        return iterate_frames(self.series)

    def chunks(self) -> Iterator[LandmarkSeries]:
        """Yield the pictures in pieces of at most ``CHUNK`` frames."""
        for start in range(0, len(self.series), CHUNK):
            yield cut(self.series, start, start + CHUNK)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFile:
    """A recording that stays on disk: read piece by piece, as often as wanted, however long it is."""

    n_frames: int
    """In the file; the few whose time does not increase are left out when it is read."""
    width_px: int
    height_px: int
    events: tuple[dict[str, Any], ...] = ()
    metadata: Mapping[str, str]
    n_untimed: int = 0
    """Left out before (``.npz``); of a Parquet file it is known once it was read."""
    name: str = ""
    read: Callable[[], Iterator[LandmarkSeries]]

    def chunks(self) -> Iterator[LandmarkSeries]:
        """Yield the pictures in pieces of at most ``CHUNK`` frames, in the order of time."""
        return self.read()


def cut(series: LandmarkSeries, start: int, stop: int) -> LandmarkSeries:
    """Return the pictures ``start`` to ``stop`` (exclusive) as views of the same arrays."""
    piece = slice(start, stop)
    return LandmarkSeries(
        t_s=series.t_s[piece],
        image=series.image[piece],
        world=None if series.world is None else series.world[piece],
        width_px=series.width_px,
        height_px=series.height_px,
        brightness_frac=None if series.brightness_frac is None else series.brightness_frac[piece],
        n_persons=None if series.n_persons is None else series.n_persons[piece],
    )


def iterate_frames(series: LandmarkSeries) -> Iterator[LandmarkSeries]:
    """Yield the pictures of a series one by one (series of length 1)."""
    for i in range(len(series)):
        yield cut(series, i, i + 1)


def open_recording(path: Path) -> RecordingFile:
    """Open recorded landmarks without reading them all (an ``.npz`` is read whole: NumPy packs it so).

    Parameters
    ----------
    path : Path
        As for :func:`load_recording`.

    Returns
    -------
    RecordingFile

    Raises
    ------
    MediaError
        As :func:`load_recording`; damage further inside the file is found while reading.
    """
    if path.suffix.lower() == ".parquet" and path.is_file():
        return _open_parquet(path)
    recording = load_recording(path)
    series = recording.series
    return RecordingFile(
        n_frames=len(series),
        width_px=series.width_px,
        height_px=series.height_px,
        events=recording.events,
        metadata=recording.metadata,
        n_untimed=recording.n_untimed,
        name=recording.name,
        read=recording.chunks,
    )


def load_recording(path: Path) -> Recording:
    """Read recorded landmarks.

    Parameters
    ----------
    path : Path
        ``.parquet`` as the app writes it, or ``.npz`` with ``t_s`` (N), ``image`` (N, 33, 4: x, y
        normalised, z in the scale of x, visibility; NaN where unknown), optional ``world`` (N, 33, 4),
        ``width_px``, ``height_px``.

    Returns
    -------
    Recording
        Frames in the order of time; frames whose time is not later than the one before are dropped.

    Raises
    ------
    MediaError
        ``media-missing``, ``media-kind``, ``media-damaged``, ``media-shape``, ``media-pixels``,
        ``media-times`` (most times do not increase) or ``media-empty``.
    """
    if not path.is_file():
        msg = "media-missing"
        raise MediaError(msg, "problem.media-missing", params={"name": path.name})
    kind = path.suffix.lower()
    if kind == ".parquet":
        return _load_parquet(path)
    if kind == ".npz":
        return _load_npz(path)
    msg = "media-kind"
    raise MediaError(msg, "problem.media-kind", params={"name": path.name})


def _load_npz(path: Path) -> Recording:
    arrays = read_arrays(path, (COLUMN_TIME, COLUMN_IMAGE, COLUMN_WORLD, *_SIZE_PX))
    for name in (COLUMN_TIME, COLUMN_IMAGE):
        if name not in arrays:
            raise make_shape(path, name)
    size = {name: read_size_px(path, name, arrays.get(name), default) for name, default in _SIZE_PX.items()}
    series = _make_series(path, arrays["t_s"], arrays["image"], arrays.get("world"), **size)
    n_untimed = arrays[COLUMN_TIME].size - len(series)
    return Recording(series=series, metadata={}, n_untimed=n_untimed, name=path.name)


def _load_parquet(path: Path) -> Recording:
    opened = _open_parquet(path)
    pieces = list(opened.chunks())
    if not pieces:
        raise _empty(path)
    worlds = [piece.world for piece in pieces if piece.world is not None]
    series = LandmarkSeries(
        t_s=np.concatenate([piece.t_s for piece in pieces]),
        image=np.concatenate([piece.image for piece in pieces]),
        world=np.concatenate(worlds) if worlds else None,
        width_px=opened.width_px,
        height_px=opened.height_px,
        brightness_frac=_join([piece.brightness_frac for piece in pieces]),
        n_persons=_join([piece.n_persons for piece in pieces]),
    )
    return Recording(
        series=series,
        events=opened.events,
        metadata=opened.metadata,
        n_untimed=opened.n_frames - len(series),
        name=opened.name,
    )


def _join(columns: list[NDArray[Any] | None]) -> NDArray[Any] | None:
    """Join the pieces of an optional column; None where it is not in the file."""
    known = [column for column in columns if column is not None]
    return np.concatenate(known) if len(known) == len(columns) else None


def _open_parquet(path: Path) -> RecordingFile:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        n_frames = pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException) as error:
        raise make_damaged(path) from error
    metadata = {
        k.decode(errors="replace"): v.decode(errors="replace") for k, v in (schema.metadata or {}).items()
    }
    if metadata.get("format") != FORMAT or metadata.get("version") != VERSION:
        raise make_shape(path, "format")
    for name in (COLUMN_TIME, COLUMN_IMAGE):
        if name not in schema.names:
            raise make_shape(path, name)
    try:
        events = json.loads(metadata.get("events", "[]"))
        width_px, height_px = int(metadata.get("width_px", "640")), int(metadata.get("height_px", "480"))
    except ValueError as error:
        raise make_shape(path, "metadata") from error
    if not (0 < width_px <= LARGEST_PX and 0 < height_px <= LARGEST_PX):
        raise make_shape(path, "width_px, height_px")
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise make_shape(path, "events")
    if n_frames == 0:
        raise _empty(path)
    if n_frames > _MAX_FRAMES:
        raise make_shape(path, COLUMN_IMAGE)
    return RecordingFile(
        n_frames=n_frames,
        width_px=width_px,
        height_px=height_px,
        events=tuple(events),
        metadata=metadata,
        name=path.name,
        read=lambda: _read_parquet(path, (width_px, height_px)),
    )


def _read_parquet(path: Path, size_px: tuple[int, int]) -> Iterator[LandmarkSeries]:
    """Yield a Parquet recording piece by piece, times strictly increasing over the pieces.

    Raises
    ------
    MediaError
        Where it is damaged or none; ``media-times`` only when all of it was read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    latest_s = -np.inf
    n_frames = n_kept = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=CHUNK):
                t_s = _read_numbers(path, batch[COLUMN_TIME], COLUMN_TIME)
                image = _column(path, batch, COLUMN_IMAGE)
                has_world = COLUMN_WORLD in batch.schema.names
                world = _column(path, batch, COLUMN_WORLD) if has_world else None
                light, persons = (
                    _read_numbers(path, batch[name], name) if name in batch.schema.names else None
                    for name in (COLUMN_BRIGHTNESS, COLUMN_PERSONS)
                )
                keep = _find_increasing(t_s, latest_s)
                n_frames, n_kept = n_frames + len(keep), n_kept + int(keep.sum())
                if not keep.any():
                    continue
                latest_s = float(t_s[keep][-1])
                yield LandmarkSeries(
                    t_s=t_s[keep],
                    image=_clean(path, image[keep]),
                    world=None if world is None else world[keep],
                    width_px=size_px[0],
                    height_px=size_px[1],
                    brightness_frac=None if light is None else light[keep],
                    n_persons=None
                    if persons is None
                    else np.nan_to_num(persons[keep], nan=-1).astype(np.int64),
                )
    except (OSError, pa.ArrowException) as error:
        raise make_damaged(path) from error
    _require_times(path, n_kept, n_frames)


def _read_numbers(path: Path, column: Any, name: str) -> NDArray[np.float64]:
    """Return a column of numbers, NaN where it is null."""
    values = column.to_numpy(zero_copy_only=False)
    if values.dtype.kind not in NUMBERS:
        raise make_shape(path, name)
    return np.asarray(values, dtype=np.float64)


def _require_times(path: Path, n_kept: int, n_frames: int) -> None:
    """Refuse a recording most of which would be left out without a word.

    Raises
    ------
    MediaError
        ``media-times``.
    """
    if 2 * n_kept < n_frames:
        code = "media-times"
        raise MediaError(code, "problem.media-times", params={"name": path.name})


def _clean(path: Path, image: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points (N, 33, 4) with those that can be nowhere unknown; look whether they are in pixels.

    Raises
    ------
    MediaError
        ``media-pixels``.
    """
    is_far = np.abs(image) > _LARGEST
    some = np.abs(image[:: max(1, len(image) // 64), :, :2])
    known = some[np.isfinite(some)]
    if known.size and float(np.median(known)) > _OUTSIDE:
        code = "media-pixels"
        raise MediaError(code, "problem.media-pixels", params={"name": path.name})
    return np.where(is_far, np.nan, image) if is_far.any() else image


def _find_increasing(t_s: NDArray[np.float64], after_s: float) -> NDArray[np.bool_]:
    """Tell which times are later than all before them, shape (N,)."""
    finite = np.isfinite(t_s)
    latest = np.maximum.accumulate(np.where(finite, t_s, -np.inf))
    before = np.maximum(np.concatenate(([-np.inf], latest[:-1])), after_s)
    return finite & (t_s > before)


def _empty(path: Path) -> MediaError:
    return MediaError("media-empty", "problem.media-empty", params={"name": path.name})


def _column(path: Path, batch: Any, name: str) -> NDArray[np.float64]:
    """Return a list column as (N, 33, 4); a null row is NaN."""
    column = batch[name]
    if len(column) == 0:
        return np.empty((0, N_LANDMARKS, 4))
    import pyarrow.compute as pc

    lengths = pc.call_function("list_value_length", [column]).to_numpy(zero_copy_only=False)
    is_null = column.is_null().to_numpy(zero_copy_only=False)
    if np.any(lengths[~is_null] != N_VALUES):
        raise make_shape(path, name)
    values = np.full((len(column), N_VALUES), np.nan)
    values[~is_null] = _read_numbers(path, column.drop_null().flatten(), name).reshape(-1, N_VALUES)
    return values.reshape(-1, N_LANDMARKS, 4)


def _make_series(
    path: Path,
    t_s: NDArray[Any],
    image: NDArray[Any],
    world: NDArray[Any] | None,
    *,
    width_px: int,
    height_px: int,
) -> LandmarkSeries:
    times = np.asarray(t_s, dtype=np.float64).reshape(-1)
    points = np.asarray(image, dtype=np.float64)
    metres = None if world is None else np.asarray(world, dtype=np.float64)
    n = times.shape[0]
    if n == 0:
        raise _empty(path)
    if points.shape != (n, N_LANDMARKS, 4) or n > _MAX_FRAMES:
        raise make_shape(path, "image")
    if metres is not None and metres.shape != (n, N_LANDMARKS, 4):
        raise make_shape(path, "world")
    keep = _find_increasing(times, -np.inf)
    _require_times(path, int(keep.sum()), n)
    return LandmarkSeries(
        t_s=times[keep],
        image=_clean(path, points[keep]),
        world=None if metres is None else metres[keep],
        width_px=width_px,
        height_px=height_px,
    )
