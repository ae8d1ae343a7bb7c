"""The browser's stream: packed landmarks from the wire.

In: the bytes of one ``frame`` message. Out: a :class:`~unkink.body.landmarks.LandmarkSeries` of length 1,
or None when the bytes are not landmarks. Nothing raises: what comes from a socket may be anything. Next
file: :mod:`unkink.body.track`.
"""

from __future__ import annotations

import math

import numpy as np

from unkink.body.landmarks import N_LANDMARKS, LandmarkSeries

N_BYTES = N_LANDMARKS * 4 * 4
_LARGEST = 1e4
_MIN_SIDE_PX, _MAX_SIDE_PX = 16, 16384
_NOBODY = np.full((1, N_LANDMARKS, 4), np.nan)


def make_series(
    t_s: float,
    image: bytes | None,
    world: bytes | None,
    *,
    width_px: int,
    height_px: int,
    brightness_frac: float | None = None,
    n_persons: int | None = None,
) -> LandmarkSeries | None:
    """Unpack one frame.

    Parameters
    ----------
    t_s : float, seconds
    image, world : 132 little-endian float32 each (33 landmarks: x, y, z, visibility), or None: nobody was
    found, none known width_px, height_px : int, pixels
    brightness_frac : float, 0..1, or None
    n_persons : int or None

    Returns
    -------
    LandmarkSeries of length 1, or None where the bytes, the time or the size make no sense
    """
    if not math.isfinite(t_s) or not (
        _MIN_SIDE_PX <= width_px <= _MAX_SIDE_PX and _MIN_SIDE_PX <= height_px <= _MAX_SIDE_PX
    ):
        return None
    image_points = _unpack(image)
    if image is not None and image_points is None:
        return None
    world_points = _unpack(world)
    brightness = brightness_frac if brightness_frac is not None and 0.0 <= brightness_frac <= 1.0 else None
    return LandmarkSeries(
        t_s=np.array([t_s]),
        image=_NOBODY if image_points is None else image_points,
        world=world_points,
        width_px=width_px,
        height_px=height_px,
        brightness_frac=None if brightness is None else np.array([brightness]),
        n_persons=None if n_persons is None or n_persons < 0 else np.array([n_persons], dtype=np.int64),
    )


def _unpack(data: bytes | None) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]] | None:
    """Return (1, 33, 4) float64, or None when these are not finite landmarks."""
    if data is None or len(data) != N_BYTES:
        return None
    points = np.frombuffer(data, dtype="<f4").astype(np.float64).reshape(1, N_LANDMARKS, 4)
    largest = float(np.abs(points).max())  # NaN and infinity fail the comparison
    return points if largest <= _LARGEST else None
