"""Whether the trunk is rounded forward, judged from one picture without a neutral.

In: landmarks of a person who faces the camera. Out: 0 (upright) .. 1 (as slouched as people sit).

Who slumps brings the head forward and down between the shoulders and shortens the trunk: in the picture the eyes come nearer
to the shoulder line while the shoulder line keeps its length. Next file: :mod:`unkink.body.angles`.
"""

from __future__ import annotations

from unkink.body.arithmetic import TINY, Arithmetic, Lane, Points
from unkink.body.landmarks import Landmark

_UPRIGHT_RATIO = 0.78
_STEEPNESS = 40.0

_LS, _RS = int(Landmark.LEFT_SHOULDER), int(Landmark.RIGHT_SHOULDER)
_LE, _RE = int(Landmark.LEFT_EYE), int(Landmark.RIGHT_EYE)


def compute_slouch_norm(p: Points, shoulder_px: Lane, m: Arithmetic) -> Lane:
    """How rounded the trunk is, 0 upright .. 1 slouched.

    Parameters
    ----------
    p : Points, pixels
    shoulder_px : float or ndarray (N,), length of the shoulder line, pixels
    m : Arithmetic
    """
    rise = 0.5 * (p.y[_LS] + p.y[_RS] - p.y[_LE] - p.y[_RE]) / (shoulder_px + TINY)
    return 1.0 / (1.0 + m.exp(_STEEPNESS * (rise - _UPRIGHT_RATIO)))
