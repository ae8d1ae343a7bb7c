"""Landmarks: MediaPipe's 33 points of one person over time.

In: what a landmarker found (browser, recording, synthetic motion). Out: :class:`LandmarkSeries`, the only
form in which the rest of Unkink sees a person. Left and right are the person's own. Next file:
:mod:`unkink.body.quality`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_LANDMARKS = 33


class Landmark(IntEnum):
    """Index of each landmark in the second axis of the arrays."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkSeries:
    """One person's landmarks over time. A live frame is a series of length 1."""

    t_s: NDArray[np.float64]
    """(N,), seconds of media time, strictly increasing."""
    image: NDArray[np.float64]
    """(N, 33, 4): x right and y down in fractions of width and height, z depth in the scale of x (farther
    from the camera +), visibility 0..1. NaN rows: nobody found."""
    world: NDArray[np.float64] | None = None
    """(N, 33, 4): metres, origin between the hips, same axes, visibility; or None when the source has none.
    """
    width_px: int = 640
    height_px: int = 480
    brightness_frac: NDArray[np.float64] | None = None
    """(N,), mean luminance of the picture 0..1 where the source knows it."""
    n_persons: NDArray[np.int64] | None = None
    """(N,), persons seen where the source knows it."""

    def __len__(self) -> int:
        """Return the number of frames N."""
        return int(self.t_s.shape[0])

    def points_px(self) -> NDArray[np.float64]:
        """Image landmarks in pixels of one common scale.

        Returns
        -------
        ndarray, shape (N, 33, 3)
            x right, y down, z away from the camera, all in pixels (z shares the scale of x).
        """
        return self.image[:, :, :3] * np.array(
            [self.width_px, self.height_px, self.width_px], dtype=np.float64
        )
