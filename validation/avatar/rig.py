"""Skeleton: bodies, forward and inverse kinematics, skinning.

In: a baked body (``bodies/*.npz``). Out: a solved pose. A bone's rotation leads from rest to posture, in
world axes (``rotations.py``); children inherit it. Next file: ``truth.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from validation.avatar.rotations import Array, X, Y, Z, anat, between, frac, rot, unit

BODIES = Path(__file__).parent / "bodies"
SKIN_VERTICES = 13380
"""The first so many vertices are skin; the others are helper meshes for clothes and eyes."""
REST_HEIGHT_M = 1.66
"""Lengths in this folder are for a person of this height and are scaled to the others."""

SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
SHARE = {
    "flex": (0.30, 0.28, 0.22, 0.14, 0.06),
    "side": (0.16, 0.24, 0.26, 0.22, 0.12),
    "twist": (0.10, 0.16, 0.26, 0.28, 0.20),
}
"""Share of the trunk's rotation at each joint of the spine, pelvis to thorax; each sums to 1."""
NECK = ("neck01", "neck02", "neck03", "head")
_HINGED = 0.08
_LEG_HINGED = 0.02


def mix_bodies(shares: Mapping[str, float], size: float, folder: Path = BODIES) -> dict[str, np.ndarray]:
    """Mix baked bodies by their shares (all have the same vertices and bones), resize, stand on the floor."""
    loaded = {name: load_arrays(folder / f"{name}.npz") for name in shares}
    mixed = dict(next(iter(loaded.values())))
    for k in ("V", "heads", "tails"):
        mixed[k] = sum(share * loaded[name][k].astype(float) for name, share in shares.items()) * size
    floor = mixed["V"][:SKIN_VERTICES, 2].min()
    for k in ("V", "heads", "tails"):
        mixed[k][:, 2] -= floor
    mixed["V"] = mixed["V"].astype(np.float32)
    return mixed


def load_arrays(path: Path | str) -> dict[str, np.ndarray]:
    """Read a baked body; what it does not bring (weights, faces) all bodies have in common."""
    with np.load(path) as data:
        arrays = dict(data)
    if "W" not in arrays:
        with np.load(BODIES / "woman.npz") as common:
            arrays = {**common, **arrays}
    return arrays


class Body:
    """A person at rest: vertices, bones, skinning weights."""

    def __init__(self, source: Path | str | Mapping[str, np.ndarray]) -> None:
        d = source if isinstance(source, Mapping) else load_arrays(source)
        self.V = d["V"].astype(np.float64)
        self.heads, self.tails, self.parents = d["heads"], d["tails"], d["parents"]
        self.labels = [str(label) for label in d["labels"]]
        self.ix = {label: i for i, label in enumerate(self.labels)}
        self.W = np.ascontiguousarray(d["W"].astype(np.float32))
        self.W /= self.W.sum(1, keepdims=True)
        self.lip = d["lip"]
        self.faces = {k[2:]: v for k, v in d.items() if k.startswith("f_")}
        self.skin_V, self.skin_W = self.V[:SKIN_VERTICES], self.W[:SKIN_VERTICES]
        self.height = float(self.skin_V[:, 2].max())
        self.scale = self.height / REST_HEIGHT_M
        self.len = {s: self._limb_lengths(s) for s in "LR"}
        self.v_nose = self._find_nose()
        self.v_ear = {s: self._find_ear(sign) for s, sign in (("L", 1), ("R", -1))}

    def rest(self, bone: str) -> Array:
        """Where a bone starts at rest, metres."""
        return self.heads[self.ix[bone]]

    def _limb_lengths(self, s: str) -> dict[str, float]:
        bones = {
            "upper": (f"upperarm01.{s}", f"lowerarm01.{s}"),
            "fore": (f"lowerarm01.{s}", f"wrist.{s}"),
            "thigh": (f"upperleg01.{s}", f"lowerleg01.{s}"),
            "shank": (f"lowerleg01.{s}", f"foot.{s}"),
        }
        return {
            k: float(np.linalg.norm(self.rest(end) - self.rest(start))) for k, (start, end) in bones.items()
        }

    def _find_nose(self) -> int:
        """Vertex at the tip of the nose: the foremost below the eyes."""
        b, eye = self.skin_V, self.rest("eye.L")
        in_head = self.skin_W[:, self.ix["head"]] > 3 / 10
        near = in_head & (abs(b[:, 0]) < 1 / 100) & (abs(b[:, 2] - (eye[2] - 0.035)) < 3 / 100)
        return int(np.where(near)[0][np.argmin(b[near, 1])])

    def _find_ear(self, sign: int) -> int:
        """Vertex at the tragus: found from the outermost point of the ear."""
        b, k = self.skin_V, self.scale
        level = abs(b[:, 2] - (self.rest("eye.L")[2] - 0.015)) < 45 / 1000
        behind = b[:, 1] > self.rest("head")[1] - 0.03
        m = level & behind & (abs(b[:, 0]) < 13 / 100)
        rim = b[np.where(m)[0][np.argmax(sign * b[m, 0])]]
        tragus = np.array([rim[0] - sign * 0.014 * k, rim[1] - 0.020 * k, rim[2] - 0.014 * k])
        return int(np.argmin(np.linalg.norm(b - tragus, axis=1)))


class Pose:
    """Rotation of every bone against its parent, and where the pelvis is; :meth:`fk` walks the chain."""

    def __init__(self, body: Body) -> None:
        self.b = body
        self.local: dict[str, Array] = {}
        self.root_R = np.eye(3)
        self.root_P = body.heads[0].copy()
        self.foot_heading = np.eye(3)
        self.extra: dict[str, float] = {}

    def fk(self) -> Self:
        """Place all bones."""
        b = self.b
        n = len(b.labels)
        g, p = np.empty((n, 3, 3)), np.empty((n, 3))
        g[0], p[0] = self.root_R, self.root_P
        for i in range(1, n):
            parent = b.parents[i]
            p[i] = p[parent] + g[parent] @ (b.heads[i] - b.heads[parent])
            local = self.local.get(b.labels[i])
            g[i] = g[parent] if local is None else g[parent] @ local
        self.G, self.P = g, p
        return self

    def p(self, bone: str) -> Array:
        """Where a bone starts, metres."""
        return self.P[self.b.ix[bone]]

    def g(self, bone: str) -> Array:
        """Rotation of a bone, shape (3, 3)."""
        return self.G[self.b.ix[bone]]

    def trunk(self, flex: float = 0.0, side: float = 0.0, twist: float = 0.0) -> None:
        """Thorax against pelvis: the sum over the joints of the spine is exactly that, degrees."""
        target = anat(flex, side, twist)
        so_far = np.eye(3)
        for k, bone in enumerate(SPINE):
            if k < len(SPINE) - 1:
                local = anat(flex * SHARE["flex"][k], side * SHARE["side"][k], twist * SHARE["twist"][k])
            else:
                local = so_far.T @ target
            self.local[bone] = local
            so_far = so_far @ local

    def neck(self, flex: float = 0.0, side: float = 0.0, twist: float = 0.0) -> None:
        """Head against thorax: the total is exactly that, degrees."""
        target = anat(flex, side, twist)
        so_far = np.eye(3)
        for bone in NECK:
            local = so_far.T @ target if bone == NECK[-1] else anat(flex * 0.25, side * 0.25, twist * 0.25)
            self.local[bone] = local
            so_far = so_far @ local

    def girdle(self, s: str, elev: float = 0.0, protract: float = 0.0) -> None:
        """Shoulder blade and collar bone: up and forward, degrees, over two bones."""
        sign = 1 if s == "L" else -1
        whole = rot(Y, -sign * elev) @ rot(Z, -sign * protract)
        self.local[f"clavicle.{s}"] = frac(whole, 0.55)
        self.local[f"shoulder01.{s}"] = frac(whole, 0.45)

    def _aim_arm(self, s: str, upper: Array, fore: Array, hinge: Array) -> None:
        """Aim an arm: directions of both segments and the axis about which it bends, all in the world."""
        up1, up2 = f"upperarm01.{s}", f"upperarm02.{s}"
        lo1, lo2, end = f"lowerarm01.{s}", f"lowerarm02.{s}", f"wrist.{s}"
        b = self.b
        r_u, r_f = unit(b.rest(lo1) - b.rest(up1)), unit(b.rest(end) - b.rest(lo1))
        r_h = unit(np.cross(r_u, r_f))
        u, f = unit(upper), unit(fore)
        h = np.cross(u, f)
        h = unit(h) if np.linalg.norm(h) > _HINGED else unit(hinge - (hinge @ u) * u)
        g_u = _frame(u, h) @ _frame(r_u, r_h).T
        # The hinge of the lower segment must be at right angles to both.
        g_f = _frame(f, unit(h - (h @ f) * f)) @ _frame(r_f, unit(r_h - (r_h @ r_f) * r_f)).T
        l_u = self.G[b.parents[b.ix[up1]]].T @ g_u
        swing = between(r_u, l_u @ r_u)
        twist = swing.T @ l_u
        first = swing @ frac(twist, 0.35)
        self.local[up1] = first
        self.local[up2] = first.T @ l_u
        self.local[lo1] = g_u.T @ g_f
        self.local[lo2] = np.eye(3)
        self.local[end] = np.eye(3)

    def arm_dirs(
        self, s: str, upper: Array, fore: Array, hinge: ArrayLike = X, wrist: Array | None = None
    ) -> None:
        """Aim an arm by the directions of its segments."""
        self.fk()
        self._aim_arm(s, upper, fore, np.asarray(hinge, float))
        if wrist is not None:
            self.local[f"wrist.{s}"] = self.local[f"wrist.{s}"] @ wrist

    def arm_ik(self, s: str, wrist_at: ArrayLike, pole: ArrayLike, wrist: Array | None = None) -> None:
        """Bring the wrist to a point (metres), the elbow towards the direction ``pole``."""
        self.fk()
        lengths = self.b.len[s]
        u, f, h = two_bone(
            self.p(f"upperarm01.{s}"),
            np.asarray(wrist_at, float),
            lengths["upper"],
            lengths["fore"],
            np.asarray(pole, float),
        )
        self.arm_dirs(s, u, f, h, wrist)

    def leg_ik(self, s: str, ankle_at: ArrayLike, pole: ArrayLike) -> None:
        """Bring the ankle to a point (metres), the knee towards ``pole``; the foot stays flat."""
        self.fk()
        b = self.b
        up, lo, foot = f"upperleg01.{s}", f"lowerleg01.{s}", f"foot.{s}"
        u, f, h = two_bone(
            self.p(up),
            np.asarray(ankle_at, float),
            b.len[s]["thigh"],
            b.len[s]["shank"],
            np.asarray(pole, float),
        )
        # Legs are straight at rest: their hinge is the sideways axis, kept in the plane of the limb.
        r_u = unit(b.rest(lo) - b.rest(up))
        r_f = unit(b.rest(foot) - b.rest(lo))
        bent = np.cross(u, f)
        h = unit(bent) if np.linalg.norm(bent) > _LEG_HINGED else h
        if h @ (self.root_R @ X) < 0:
            h = -h
        g_u = _frame(u, _upright(h, u)) @ _frame(r_u, _upright(X, r_u)).T
        g_f = _frame(f, _upright(h, f)) @ _frame(r_f, _upright(X, r_f)).T
        self.local[up] = frac(self.G[b.parents[b.ix[up]]].T @ g_u, 1.0)
        self.local[f"upperleg02.{s}"] = np.eye(3)
        self.local[lo] = g_u.T @ g_f
        self.local[f"lowerleg02.{s}"] = np.eye(3)
        self.local[foot] = g_f.T @ self.foot_heading

    def skin(self) -> np.ndarray:
        """Affine map of every bone, shape (bones, 3, 4): from rest to posture."""
        self.fk()
        m = np.empty((len(self.b.labels), 3, 4), np.float32)
        m[:, :, :3] = self.G
        m[:, :, 3] = self.P - np.einsum("nij,nj->ni", self.G, self.b.heads)
        return m


def _frame(axis: Array, hinge: Array) -> Array:
    return np.stack([axis, hinge, np.cross(axis, hinge)], 1)


def _upright(hinge: Array, axis: Array) -> Array:
    return unit(hinge - (hinge @ axis) * axis)


def two_bone(start: Array, end: Array, l1: float, l2: float, pole: Array) -> tuple[Array, Array, Array]:
    """Directions of two bones that lead from start towards end (metres), and their hinge."""
    d = end - start
    length = min(np.linalg.norm(d), (l1 + l2) * 0.9995)
    dn = unit(d)
    ca = np.clip((l1 * l1 + length * length - l2 * l2) / (2 * l1 * length), -1, 1)
    pp = unit(pole - (pole @ dn) * dn)
    u = dn * ca + pp * np.sqrt(1 - ca * ca)
    f = unit(start + dn * length - (start + u * l1))
    return u, f, unit(np.cross(u, f))
