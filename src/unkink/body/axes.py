"""Axes and signs, stated once: every other file of this folder calls these.

In: pixel coordinates of two or three points (see :class:`unkink.body.arithmetic.Points`). Out: signed angles
in degrees.

Picture axes: x right, y down, z away from the camera. Left and right are the person's own, the picture is
not mirrored: who faces the camera has the left shoulder at the picture's right. Flexion is +, side bend to
the right +, rotation to the right + (``docs/axes.md``, after Wu et al. 2002 and 2005). Next file:
:mod:`unkink.body.turn`.

References
----------
.. [1] Wu G. et al. (2002) J Biomech 35(4):543-548. doi:10.1016/S0021-9290(01)00222-6
.. [2] Wu G. et al. (2005) J Biomech 38(5):981-992. doi:10.1016/j.jbiomech.2004.05.042
"""

from __future__ import annotations

import math

from unkink.body.arithmetic import Arithmetic, Lane

DEG = 180.0 / math.pi


def turn_right_deg(ahead: Lane, across: Lane, m: Arithmetic) -> Lane:
    """Heading of a left-right line about the vertical, degrees, to the right +, 0 when it faces the camera.

    ``across`` is how far the left end lies to the picture's right of the right end, ``ahead`` how far the
    left end lies nearer to the camera than the right end (turning right brings the left shoulder forward);
    both in the same unit.
    """
    return m.atan2(ahead, across) * DEG


def bend_right_deg(dx: Lane, dy: Lane, m: Arithmetic) -> Lane:
    """Side bend of a line that goes (dx, dy) pixels from its lower to its upper end, degrees, to the right +.

    The person faces the camera, so that their right is the picture's left; 0 when the line is upright in the
    picture.
    """
    return m.atan2(-dx, -dy) * DEG


def tilt_right_deg(drop: Lane, length: Lane, m: Arithmetic) -> Lane:
    """Tilt of a left-right line whose right end lies ``drop`` pixels lower, degrees, right lower +."""
    return m.atan2(drop, length) * DEG


def flexion_deg(ax: Lane, ay: Lane, bx: Lane, by: Lane, m: Arithmetic) -> Lane:
    """Angle between two directions in the picture plane, degrees 0..180, 0 when both point the same way."""
    return m.atan2(m.absolute(ax * by - ay * bx), ax * bx + ay * by) * DEG


def wrap_deg(angle_deg: Lane) -> Lane:
    """The same direction in degrees within -180..180."""
    return (angle_deg + 180.0) % 360.0 - 180.0
