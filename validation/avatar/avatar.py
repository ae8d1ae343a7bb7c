"""Skin, T-shirt, trousers, shoes, hair and eyes as layers of one skinned mesh.

In: a body (``rig.py``). Out: vertices with attributes for the fragment shader, which trims every layer.
Next file: ``render.py``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from validation.avatar.rig import SKIN_VERTICES, Body, Pose
from validation.avatar.rotations import Array, unit

SKIN, SHIRT, TROUSERS, HAIR, EYE = 0, 1, 2, 3, 4
_HEAD_BONES = ("special", "eye", "orbic", "oculi", "tongue", "risor", "levator", "oris", "temporalis")
_ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
_LEG_HEM_M = -0.03
_HAIR_M = {"short": 0.009, "tied": 0.010, "bald": 0.0}
HAIRLINE = (
    (0.0, 0.16, 0.27, 0.36, 0.42, 0.50, 0.60, 0.75, 1.0),
    (0.60, 0.60, 0.42, 0.05, -0.22, -0.15, -0.60, -0.88, -0.95),
)
"""Height of the hairline over the angle from the face to the back of the head; the shader has the same."""


def normals(v: Array, f: np.ndarray, n: int) -> Array:
    """Normals of ``n`` vertices from the faces about them."""
    out = np.zeros((n, 3))
    c = np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]])
    for k in range(3):
        np.add.at(out, f[:, k], c)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


class _Layers:
    """Vertices of all layers, one after the other."""

    def __init__(self, body: Body, attributes: Array) -> None:
        self.b, self.attributes = body, attributes
        self.columns: dict[str, list[np.ndarray]] = {k: [] for k in "PNRAMWF"}
        self.n = 0

    def add(self, faces: np.ndarray, push: Array | float, nrm: Array, material: int) -> None:
        """Add faces of the body, pushed out along their normals by so many metres."""
        v = self.b.V
        used = np.unique(faces)
        where = -np.ones(len(v), int)
        where[used] = np.arange(len(used))
        out = push[used] if isinstance(push, np.ndarray) else np.full(len(used), push)
        self._append(
            (v[used] + nrm[used] * out[:, None], nrm[used], v[used], self.attributes[used]),
            material,
            self.b.W[used],
            where[faces],
        )

    def add_ball(self, at: Array, rest: Array, normal: Array, faces: np.ndarray) -> None:
        """Add a bun of hair, which moves with the head."""
        attributes = np.zeros((len(at), 4))
        attributes[:, 3] = 9
        weights = np.zeros((len(at), len(self.b.labels)), np.float32)
        weights[:, self.b.labels.index("head")] = 1
        self._append((at, normal, rest, attributes), HAIR, weights, faces)

    def _append(
        self, vertex: tuple[Array, ...], material: int, weights: np.ndarray, faces: np.ndarray
    ) -> None:
        for k, x in zip("PNRA", vertex, strict=True):
            self.columns[k].append(x)
        self.columns["M"].append(np.full(len(vertex[0]), material))
        self.columns["W"].append(weights)
        self.columns["F"].append(faces + self.n)
        self.n += len(vertex[0])

    def join(self, name: str) -> np.ndarray:
        return np.concatenate(self.columns[name])


class Avatar:
    """Layers at rest, and their skinning to a posture.

    ``sleeve`` is where the sleeve ends along the arm: 0 shoulder, 1 elbow, 2 wrist.
    """

    def __init__(self, body: Body, hair: str = "short", sleeve: float = 0.62) -> None:
        self.b = b = body
        self.scale = k = b.scale
        self.sleeve = sleeve
        self.nk = b.rest("neck01")
        self.eye_c = {s: b.rest(f"eye.{s}") for s in "LR"}
        self.eye = (self.eye_c["L"] + self.eye_c["R"]) / 2
        w_head = self._weigh(lambda label: label in {"head", "jaw"} or label.startswith(_HEAD_BONES))
        w_neck = self._weigh(lambda label: label.startswith("neck")) + w_head
        arm = self._along_arm()
        head = b.skin_V[w_head[:SKIN_VERTICES] > 1 / 2]
        self.y_back = head[:, 1].max()
        front, top = head[:, 1].min(), b.skin_V[:, 2].max()
        self.head_frame = (
            self.eye[2],
            top - self.eye[2],
            front + 0.02 * k,
            self.y_back - front - 0.02 * k,
        )
        self.z_waist = b.rest("spine04")[2] - 0.01 * k
        self.z_hem = b.rest("root")[2] + _LEG_HEM_M * k - 0.02
        self.z_ankle = b.rest("foot.L")[2]
        attributes = self._attributes(arm, w_neck)
        layers = _Layers(b, attributes)
        self._dress(layers, arm, (w_head, w_neck))
        self._add_hair(layers, w_head, hair)
        for s in ("l", "r"):
            faces = b.faces[f"eye_{s}"]
            layers.add(faces, 0.0, normals(b.V, faces, len(b.V)), EYE)
        if hair == "tied":
            self._add_bun(layers)
        at = layers.join("P")
        self.N0, self.R0 = layers.join("N").astype(np.float32), layers.join("R").astype(np.float32)
        self.A0, self.M0 = layers.join("A").astype(np.float32), layers.join("M").astype(np.float32)
        self.F = layers.join("F").astype(np.int32)
        weights = layers.join("W")
        self.cols = np.where(weights.sum(0) > 0)[0]
        self.W = np.ascontiguousarray(weights[:, self.cols], dtype=np.float32)
        self.P0h = np.concatenate([at, np.ones((len(at), 1))], 1).astype(np.float32)

    def _weigh(self, is_wanted: Callable[[str], bool]) -> np.ndarray:
        """How far each vertex hangs on certain bones, 0 to 1."""
        b = self.b
        return b.W[:, [i for i, label in enumerate(b.labels) if is_wanted(label)]].sum(1)

    def _along_arm(self) -> Array:
        """Where each vertex lies along its arm: 0 shoulder, 1 elbow, 2 wrist."""
        b = self.b
        v = b.V
        arm = np.zeros(len(v))
        for s, sign in (("L", 1), ("R", -1)):
            weight = self._weigh(lambda label, s=s: label.endswith("." + s) and label.startswith(_ARM_BONES))
            a, e, w = b.rest(f"upperarm01.{s}"), b.rest(f"lowerarm01.{s}"), b.rest(f"wrist.{s}")
            t1 = (v - a) @ (e - a) / ((e - a) @ (e - a))
            t2 = 1 + (v - e) @ (w - e) / ((w - e) @ (w - e))
            t = np.where(t1 < 1, t1, np.maximum(t2, 1))
            t = np.where(weight > 35 / 100, t, np.minimum(t, 0.1))
            arm = np.where(np.sign(v[:, 0]) == sign, np.maximum(t, 0), arm)
        return arm

    def _attributes(self, arm: Array, w_neck: np.ndarray) -> Array:
        """Along the arm, height over the collar, lips, distance from the ears, shape (n, 4)."""
        b, v, k = self.b, self.b.V, self.scale
        a = np.zeros((len(v), 4))
        a[:, 0] = arm
        collar = unit(np.array([0, -0.42, 1.0]))
        a[:, 1] = (v - (self.nk + np.array([0, 0.0, -0.012 * k]))) @ collar
        near_neck = (w_neck > 2 / 100) | (abs(v[:, 0]) < 0.09 * k)
        a[:, 1] = np.where(near_neck, a[:, 1], -0.05)
        a[:, 2] = b.lip
        ears = (np.linalg.norm((v - v[b.v_ear[s]]) / [1, 1.0, 1.25], axis=1) for s in "LR")
        a[:, 3] = np.minimum(*ears) / k
        return a

    def _dress(self, layers: _Layers, arm: Array, weights: tuple[np.ndarray, np.ndarray]) -> None:
        """Add skin where it shows, trousers and shirt."""
        b, k, v = self.b, self.scale, self.b.V
        w_head, w_neck = weights
        body, tights, z = b.faces["body"], b.faces["tights"], v[:, 2]
        shows = (
            (w_head[body] + w_neck[body] * 0.3 > 1 / 4).all(1)
            | (arm[body] > self.sleeve - 0.12).all(1)
            | (layers.attributes[body][:, :, 1] > -0.045 * k).all(1)
        )
        layers.add(body[shows], 0.0, normals(v, body, len(v)), SKIN)
        nrm = normals(v, tights, len(v))
        legs = (
            (z[tights] < self.z_hem + 0.12).all(1)
            & (arm[tights] < 2 / 10).all(1)
            & (abs(v[tights][:, :, 0]) < 3 / 10).all(1)
        )
        flare = 0.004 * k + 0.012 * k * np.clip((b.rest("lowerleg01.L")[2] + 0.1 - z) / 0.45, 0, 1)
        flare = np.where(z < self.z_ankle + 0.03 * k, 0.007 * k, flare)  # shoes
        layers.add(tights[legs], flare, nrm, TROUSERS)
        shirt = ((z[tights] > self.z_hem - 0.06) | (arm[tights] > 1 / 10)).all(1) & (
            arm[tights] < max(self.sleeve + 0.25, 0.9)
        ).all(1)
        # Looser towards the hem and at the sleeves.
        to_hem = np.clip((self.z_waist + 0.12 * k - z) / (0.2 * k), 0, 1)
        loose = 0.009 * k + 0.010 * k * to_hem + 0.010 * k * np.clip((arm - 0.1) / 0.5, 0, 1)
        layers.add(tights[shirt], loose, nrm, SHIRT)

    def _add_hair(self, layers: _Layers, w_head: np.ndarray, hair: str) -> None:
        """Add a copy of the scalp, pushed out; the shader trims it."""
        thick = _HAIR_M[hair] * self.scale
        if not thick:
            return
        b, v, faces = self.b, self.b.V, self.b.faces["body"]
        corners = v[faces[:, 0]], v[faces[:, 1]], v[faces[:, 2]]
        has_area = np.linalg.norm(np.cross(corners[1] - corners[0], corners[2] - corners[0]), axis=1) > 0
        centre = v[faces].mean(1)
        on_head = (w_head[faces] > 3 / 10).all(1)
        is_face = (centre[:, 2] < self.eye[2] + 0.02) & (centre[:, 1] < b.rest("head")[1] - 0.01)
        mask = np.min([self._hair_mask(layers.attributes, d) for d in (-0.07, -0.035, 0.0, 0.035)], 0)
        from_ear = np.clip((layers.attributes[:, 3] - 0.02) / 0.03, 0.1, 1)
        push = thick * from_ear * np.clip(mask / 0.22, 0.06, 1) ** 0.7
        layers.add(faces[on_head & has_area & ~is_face], push, normals(v, faces, len(v)), HAIR)

    def _hair_mask(self, attributes: Array, shift: float) -> Array:
        """Positive on the hairy scalp."""
        v = self.b.V
        eye_z, height, y0, length = self.head_frame
        angle = np.arctan2(abs(v[:, 0]), -(v[:, 1] - (y0 + 0.52 * length))) / np.pi + shift
        m = (v[:, 2] - eye_z) / height - np.interp(angle, *HAIRLINE)
        ear = attributes[:, 3]
        return np.where(ear < 3 / 100, np.minimum(m, (ear - 0.030) * 20), m)

    def _add_bun(self, layers: _Layers) -> None:
        """Add a bun on the back of the head."""
        k = self.scale
        centre, radius = np.array([0, self.y_back + 0.012 * k, self.eye[2] + 0.045 * k]), 0.042 * k
        u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 24, endpoint=False), np.linspace(0, np.pi, 14))
        d = np.stack([np.cos(u) * np.sin(v), np.sin(u) * np.sin(v), np.cos(v)], -1).reshape(-1, 3)
        i = np.arange(13 * 24).reshape(13, 24)
        j = np.roll(i, -1, 1)
        faces = np.concatenate(
            [
                np.stack([i, i + 24, j], -1).reshape(-1, 3),
                np.stack([j, i + 24, j + 24], -1).reshape(-1, 3),
            ]
        )
        at = centre + radius * d
        layers.add_ball(at, at + np.array([0, 0, 1.0]), d, faces)

    def posed(self, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Vertices (metres) and normals in a posture, shape (n, 3) each."""
        m = pose.skin()[self.cols].reshape(len(self.cols), 12)
        t = (self.W @ m).reshape(-1, 3, 4)
        p = np.einsum("nij,nj->ni", t, self.P0h)
        n = np.einsum("nij,nj->ni", t[:, :, :3], self.N0)
        return p.astype(np.float32), n.astype(np.float32)
