"""Landmarks on their way to disk, in the form that the app writes them too.

In: what the landmarker found, picture by picture. Out: a Parquet file that
:func:`unkink.acquire.recorded.open_recording` reads, in pieces of ``CHUNK`` frames, whatever the length. How
many people were there is told in its report, not per picture: the coach pauses where it cannot know whom to
watch, and here it is known. Next file: :mod:`unkink.front.analysing_looking`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.acquire.recorded import CHUNK, COLUMN_IMAGE, COLUMN_TIME, COLUMN_WORLD, FORMAT, N_VALUES, VERSION

if TYPE_CHECKING:
    from unkink.acquire.landmarker import Found


class LandmarkFile:
    """A landmark file while it grows; it is whole once it was closed.

    Parameters
    ----------
    path : Path
        Written as it is named.
    width_px, height_px : int
        Size of the upright picture.
    metadata : mapping of str to str
        Kept in the file beside what belongs to the format.
    """

    def __init__(self, path: Path, *, width_px: int, height_px: int, metadata: Mapping[str, str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        landmarks = pa.list_(pa.float32(), N_VALUES)
        about = {
            **metadata,
            "format": FORMAT,
            "version": VERSION,
            "width_px": str(width_px),
            "height_px": str(height_px),
            "events": "[]",
        }
        self._schema = pa.schema(
            [
                (COLUMN_TIME, pa.float64()),
                (COLUMN_IMAGE, landmarks),
                (COLUMN_WORLD, landmarks),
                ("brightness_frac", pa.float32()),
            ],
            metadata={key: about[key] for key in sorted(about)},
        )
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd", use_dictionary=False)
        self._t_s = np.empty(CHUNK)
        self._image = np.empty((CHUNK, N_VALUES), dtype=np.float32)
        self._world = np.empty((CHUNK, N_VALUES), dtype=np.float32)
        self._is_gone = np.empty(CHUNK, dtype=bool)
        self._brightness = np.empty(CHUNK, dtype=np.float32)
        self._n = 0

    def add(self, found: Found) -> None:
        """Add what was found in one picture; where nobody was, ``image`` is NaN and ``world`` null."""
        i = self._n
        is_gone = found.image is None or found.world is None
        self._t_s[i] = found.t_s
        self._image[i] = np.nan if found.image is None else found.image.reshape(-1)
        self._world[i] = np.nan if found.world is None else found.world.reshape(-1)
        self._is_gone[i] = is_gone
        self._brightness[i] = np.nan if found.brightness_frac is None else found.brightness_frac
        self._n += 1
        if self._n == CHUNK:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        n, self._n = self._n, 0
        if n == 0:
            return
        image = pa.FixedSizeListArray.from_arrays(pa.array(self._image[:n].reshape(-1)), N_VALUES)
        world = pa.FixedSizeListArray.from_arrays(
            pa.array(self._world[:n].reshape(-1)), N_VALUES, mask=pa.array(self._is_gone[:n])
        )
        columns = [
            pa.array(self._t_s[:n]),
            image,
            world,
            pa.array(self._brightness[:n]),
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema), row_group_size=CHUNK)

    def close(self, report: Mapping[str, str] | None = None) -> None:
        """Write what is left and the end of the file, with what is known only now."""
        self._flush()
        if report:
            self._writer.add_key_value_metadata(dict(report))
        self._writer.close()

    def give_up(self) -> None:
        """Let go of the file; what is there of it is nobody's any more."""
        import pyarrow as pa

        self._n = 0
        with contextlib.suppress(OSError, pa.ArrowException):
            self._writer.close()


def read_report(path: Path) -> dict[str, str]:
    """Return all that a landmark file says of itself; empty where it is not there or not whole."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException):
        return {}
    return {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in found.items()
        if key != b"ARROW:schema"
    }
