"""The room, the chair, the mat and the roller (metres, linear colours), as triangles for the renderer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import degrees
from numpy.typing import ArrayLike

from validation.avatar.postures import ROLLER_RADIUS_M, SEAT_M, Posture, roller_x
from validation.avatar.rotations import Array, Y, rot

# Materials: what the fragment shader draws them as.
WALL, FLOOR, PLAIN, ROLLER, MAT, PAINTING = 11, 12, 13, 14, 15, 16
_NO_WALL_NEAR_M = 0.5


class Props:
    """Boxes, quads and cylinders as triangles with a material and a colour."""

    def __init__(self) -> None:
        self.v: list[Array] = []
        self.n: list[Array] = []
        self.r: list[Array] = []
        self.m: list[Array] = []
        self.c: list[Array] = []
        self.f: list[Array] = []
        self.k = 0

    def _add(self, v: Array, n: Array, r: Array, f: ArrayLike, mat: int, col: ArrayLike) -> None:
        self.v.append(v)
        self.n.append(n)
        self.r.append(r)
        self.m.append(np.full(len(v), mat))
        self.c.append(np.tile(col, (len(v), 1)))
        self.f.append(np.asarray(f) + self.k)
        self.k += len(v)

    def quad(self, corner: ArrayLike, side_a: ArrayLike, side_b: ArrayLike, mat: int, col: ArrayLike) -> None:
        """Draw a parallelogram from a corner and two sides, metres."""
        o, a, b = (np.asarray(x, float) for x in (corner, side_a, side_b))
        v = np.array([o, o + a, o + a + b, o + b])
        n = np.cross(a, b)
        n /= np.linalg.norm(n)
        r = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
        self._add(v, np.tile(n, (4, 1)), r, [[0, 1, 2], [0, 2, 3]], mat, col)

    def box(self, low: ArrayLike, high: ArrayLike, mat: int, col: ArrayLike) -> None:
        """Draw a box between two corners, metres."""
        lo, hi = np.asarray(low, float), np.asarray(high, float)
        x, y, z = np.diag(hi - lo)
        self.quad(lo, x, z, mat, col)
        self.quad(lo + y + x, -x, z, mat, col)
        self.quad(lo + y, -y, z, mat, col)
        self.quad(lo + x, y, z, mat, col)
        self.quad(lo + z, x, y, mat, col)
        self.quad(lo + y, x, -y, mat, col)

    def cylinder_y(self, centre: Array, radius: float, length: float, mat: int, col: ArrayLike) -> None:
        """Draw a cylinder along y, metres; its rest coordinates carry the angle, so that rolling shows."""
        n = 40
        t = np.linspace(0, 2 * np.pi, n + 1)
        ring = np.stack([np.cos(t), 0 * t, np.sin(t)], 1)
        ends = [ring * radius + [0, -length / 2, 0], ring * radius + [0, length / 2, 0]]
        rest = [np.stack([t / 6.2832, 0 * t, 0 * t], 1), np.stack([t / 6.2832, 0 * t + 1, 0 * t], 1)]
        i = np.arange(n)
        f = np.concatenate([np.stack([i, i + 1, i + n + 1], 1), np.stack([i + 1, i + n + 2, i + n + 1], 1)])
        self._add(
            np.concatenate(ends) + centre, np.concatenate([ring, ring]), np.concatenate(rest), f, mat, col
        )
        for sign in (-1, 1):
            v = np.concatenate([ring * radius, np.zeros((1, 3))]) + centre + [0, sign * length / 2, 0]
            f = np.stack([i, i + 1, np.full(n, n + 1)], 1)
            self._add(v, np.tile([0, sign, 0], (n + 2, 1)), v * 0 + 0.9, f, mat, np.asarray(col) * 0.8)

    def arrays(self) -> tuple[np.ndarray, ...]:
        """Vertices, normals, rest coordinates, materials, colours and faces."""
        v, n, r = (np.concatenate(x).astype("f4") for x in (self.v, self.n, self.r))
        m, c = np.concatenate(self.m).astype("f4"), np.concatenate(self.c).astype("f4")
        return v, n, r, m, c, np.concatenate(self.f).astype("i4")


def scenery(base: str, wall_y: float, look: dict[str, Any]) -> Props:
    """Room for who sits (``sit``), stands (``stand``) or lies (``supine``)."""
    props = Props()
    rng = np.random.default_rng(look.get("seed", 0))
    props.quad((-5, wall_y, 0), (10, 0, 0), (0, 0, 3.2), WALL, (1, 1, 1))
    props.quad((-5, -5, 0), (10, 0, 0), (0, 5 + wall_y, 0), FLOOR, (1, 1, 1))
    props.box((-5, wall_y - 0.018, 0), (5, wall_y, 0.09), PLAIN, (0.75, 0.74, 0.72))
    if look.get("clutter", True) and (base != "stand" or wall_y > _NO_WALL_NEAR_M):
        _furnish(props, wall_y, look, rng)
    if base == "sit":
        _place_chair(props, look.get("chair", (0.22, 0.16, 0.12)))
    if base == "supine":
        props.box((-1.2, -0.35, 0), (1.0, 0.35, 0.008), MAT, look.get("mat", (0.15, 0.35, 0.33)))
    return props


def _furnish(props: Props, wall_y: float, look: dict[str, Any], rng: np.random.Generator) -> None:
    x = look.get("picture_x", 0.85)
    props.box((x - 0.32, wall_y - 0.03, 1.35), (x + 0.32, wall_y, 1.85), PLAIN, (0.16, 0.12, 0.09))
    corner = (x - 0.28, wall_y - 0.034, 1.39)
    props.quad(corner, (0.56, 0, 0), (0, 0, 0.42), PAINTING, (0.5, 0.55, 0.45))
    xs = look.get("shelf_x", -1.35)
    props.box((xs - 0.35, wall_y - 0.32, 0), (xs + 0.35, wall_y, 0.78), PLAIN, (0.42, 0.30, 0.20))
    for i in range(9):
        height = rng.uniform(0.16, 0.27)
        low = (xs - 0.3 + i * 0.065, wall_y - 0.24, 0.78)
        high = (xs - 0.3 + i * 0.065 + 0.055, wall_y - 0.05, 0.78 + height)
        props.box(low, high, PLAIN, rng.uniform(0.1, 0.6, 3))


def _place_chair(props: Props, colour: ArrayLike) -> None:
    s = SEAT_M
    props.box((-0.23, -0.30, s - 0.05), (0.23, 0.20, s), PLAIN, np.array(colour) * 1.5)
    for x in (-0.22, 0.18):
        props.box((x, -0.29, 0), (x + 0.04, -0.25, s - 0.05), PLAIN, colour)
        props.box((x, 0.16, 0), (x + 0.04, 0.20, s + 0.38), PLAIN, colour)
    props.box((-0.22, 0.165, s + 0.20), (0.22, 0.195, s + 0.40), PLAIN, np.array(colour) * 1.4)


def roller() -> Props:
    """Foam roller about its own axis."""
    props = Props()
    props.cylinder_y(np.zeros(3), ROLLER_RADIUS_M, 0.62, ROLLER, (0.75, 0.35, 0.10))
    return props


def roller_model(q: Posture) -> Array:
    """Where the roller is and how far it has rolled, shape (4, 4)."""
    model = np.eye(4)
    model[:3, :3] = rot(Y, degrees(q["slide"] * 0.5 / ROLLER_RADIUS_M))
    model[:3, 3] = [roller_x(q), 0, ROLLER_RADIUS_M + 0.008]
    return model
