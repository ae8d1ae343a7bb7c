"""A researcher's NumPy archive, read with care: nothing in it is run, and what is not of numbers is refused.

In: a path. Out: arrays by name. Next file: :mod:`unkink.acquire.recorded`.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

NUMBERS = "iuf"
"""Kinds of NumPy arrays: whole numbers and fractions, not dates, texts, complex numbers or objects."""
LARGEST_PX = 1 << 16
"""No picture is longer."""


def make_damaged(path: Path) -> MediaError:
    """Return what to raise when a file cannot be read at all."""
    return MediaError("media-damaged", "problem.media-damaged", params={"name": path.name})


def make_shape(path: Path, what: str) -> MediaError:
    """Return what to raise when a file can be read and holds something else; ``what`` says where."""
    return MediaError("media-shape", "problem.media-shape", params={"name": path.name, "what": what})


def read_arrays(path: Path, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Return arrays of an archive; what else is in it is not even read.

    Parameters
    ----------
    path : Path
    names : iterable of str
        Those that are not there are left out.

    Raises
    ------
    MediaError
        ``media-damaged``, or ``media-shape`` where one of them is not of numbers.
    """
    try:
        # a single array, or a pickle, under this name is no archive: told before numpy opens it as one
        with zipfile.ZipFile(path):
            pass
        with np.load(path, allow_pickle=False) as archive:
            arrays: dict[str, NDArray[Any]] = {}
            for name in [name for name in names if name in archive.files]:
                arrays[name] = _read_array(path, archive, name)
    # RuntimeError: locked with a password, or packed in a way that Python does not know
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, zlib.error, RuntimeError) as error:
        raise make_damaged(path) from error
    return arrays


def _read_array(path: Path, archive: Any, name: str) -> NDArray[Any]:
    """Return one array of numbers; objects would have to be unpickled, which can run anything."""
    try:
        array = np.asarray(archive[name])
    except ValueError as error:
        raise make_shape(path, name) from error
    if array.dtype.kind not in NUMBERS:
        raise make_shape(path, name)
    return array


def read_size_px(path: Path, name: str, value: NDArray[Any] | None, default: int) -> int:
    """Return a length of the picture in pixels; ``default`` where it is not told."""
    if value is None:
        return default
    try:
        number = int(np.asarray(value).reshape(-1)[0])
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise make_shape(path, name) from error
    if not 0 < number <= LARGEST_PX:
        raise make_shape(path, name)
    return number
