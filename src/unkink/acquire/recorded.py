"""Recorded landmarks from disk: the app's own Parquet and a researcher's NumPy archive.

In: a path. Out: a :class:`Recording` with its landmarks and, where the app made it, the person's events.
Damaged files raise :class:`~unkink.errors.MediaError` with a sentence. Next file: :mod:`unkink.pipeline`.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.body.landmarks import N_LANDMARKS, LandmarkSeries
from unkink.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = "unkink-landmarks"
VERSION = "1"
COLUMN_TIME, COLUMN_IMAGE, COLUMN_WORLD = "t_s", "image", "world"
N_VALUES = N_LANDMARKS * 4
_MAX_FRAMES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Landmarks from a file."""

    series: LandmarkSeries
    events: tuple[dict[str, Any], ...] = ()
    """The person's events as the app wrote them, each with ``t_s`` (seconds) and ``kind``.

    Empty for other files.
    """
    metadata: Mapping[str, str]

    def frames(self) -> Iterator[LandmarkSeries]:
        """Yield the pictures one by one, as the browser would have sent them."""
        series = self.series
        for i in range(len(series)):
            yield LandmarkSeries(
                t_s=series.t_s[i : i + 1],
                image=series.image[i : i + 1],
                world=None if series.world is None else series.world[i : i + 1],
                width_px=series.width_px,
                height_px=series.height_px,
                brightness_frac=None if series.brightness_frac is None else series.brightness_frac[i : i + 1],
                n_persons=None if series.n_persons is None else series.n_persons[i : i + 1],
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
        ``media-missing``, ``media-kind``, ``media-damaged``, ``media-shape`` or ``media-empty``.
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


def _damaged(path: Path) -> MediaError:
    return MediaError("media-damaged", "problem.media-damaged", params={"name": path.name})


def _shape(path: Path, what: str) -> MediaError:
    return MediaError("media-shape", "problem.media-shape", params={"name": path.name, "what": what})


def _load_npz(path: Path) -> Recording:
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: np.asarray(archive[name]) for name in archive.files}
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as error:
        raise _damaged(path) from error
    for name in ("t_s", "image"):
        if name not in arrays:
            raise _shape(path, name)
    size = {
        name: _as_int(path, name, arrays.get(name), default)
        for name, default in (("width_px", 640), ("height_px", 480))
    }
    return Recording(
        series=_make_series(path, arrays["t_s"], arrays["image"], arrays.get("world"), **size), metadata={}
    )


def _as_int(path: Path, name: str, value: NDArray[Any] | None, default: int) -> int:
    if value is None:
        return default
    try:
        number = int(np.asarray(value).reshape(-1)[0])
    except (TypeError, ValueError, IndexError) as error:
        raise _shape(path, name) from error
    if number <= 0:
        raise _shape(path, name)
    return number


def _load_parquet(path: Path) -> Recording:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path) from error
    metadata = {
        k.decode(errors="replace"): v.decode(errors="replace")
        for k, v in (table.schema.metadata or {}).items()
    }
    if metadata.get("format") != FORMAT or metadata.get("version") != VERSION:
        raise _shape(path, "format")
    for name in (COLUMN_TIME, COLUMN_IMAGE):
        if name not in table.column_names:
            raise _shape(path, name)
    t_s = np.asarray(table[COLUMN_TIME].to_numpy(zero_copy_only=False), dtype=np.float64)
    image = _column(path, table, COLUMN_IMAGE)
    world = _column(path, table, COLUMN_WORLD) if COLUMN_WORLD in table.column_names else None
    try:
        events = json.loads(metadata.get("events", "[]"))
        width_px, height_px = int(metadata.get("width_px", "640")), int(metadata.get("height_px", "480"))
    except ValueError as error:
        raise _shape(path, "metadata") from error
    series = _make_series(path, t_s, image, world, width_px=width_px, height_px=height_px)
    return Recording(series=series, events=tuple(events), metadata=metadata)


def _column(path: Path, table: Any, name: str) -> NDArray[np.float64]:
    """Return a list column as (N, 33, 4); a null row is NaN."""
    column = table[name].combine_chunks()
    if len(column) == 0:
        return np.empty((0, N_LANDMARKS, 4))
    import pyarrow.compute as pc

    lengths = pc.call_function("list_value_length", [column]).to_numpy(zero_copy_only=False)
    is_null = column.is_null().to_numpy(zero_copy_only=False)
    if np.any(lengths[~is_null] != N_VALUES):
        raise _shape(path, name)
    values = np.full((len(column), N_VALUES), np.nan)
    flat = column.drop_null().flatten().to_numpy(zero_copy_only=False)
    values[~is_null] = flat.reshape(-1, N_VALUES)
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
    try:
        times = np.asarray(t_s, dtype=np.float64).reshape(-1)
        points = np.asarray(image, dtype=np.float64)
        metres = None if world is None else np.asarray(world, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise _shape(path, "image") from error
    n = times.shape[0]
    if n == 0:
        msg = "media-empty"
        raise MediaError(msg, "problem.media-empty", params={"name": path.name})
    if points.shape != (n, N_LANDMARKS, 4) or n > _MAX_FRAMES:
        raise _shape(path, "image")
    if metres is not None and metres.shape != (n, N_LANDMARKS, 4):
        raise _shape(path, "world")
    finite = np.isfinite(times)
    latest = np.maximum.accumulate(np.where(finite, times, -np.inf))
    keep = finite & np.concatenate(([True], times[1:] > latest[:-1]))
    if not keep.any():
        raise _shape(path, "t_s")
    return LandmarkSeries(
        t_s=times[keep],
        image=points[keep],
        world=None if metres is None else metres[keep],
        width_px=width_px,
        height_px=height_px,
    )
