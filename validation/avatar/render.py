"""Pictures by software OpenGL (moderngl, EGL): shadow map, three lights, smoothed edges, sensor noise.

In: layers and props as triangles. Out: RGB pictures. The shaders are in ``shaders/``. Next file: ``make.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import moderngl
import numpy as np

from validation.avatar.avatar import Avatar
from validation.avatar.camera import Camera, lookat, ortho
from validation.avatar.rotations import Array
from validation.avatar.scenery import Props

_SHADERS = Path(__file__).parent / "shaders"
_NOISE_CELLS = ((16, 0.55), (32, 0.3), (64, 0.15))
_STEEP = 0.95
_TEXTURES = ("TA", "TK", "TW", "TD")


def _read_shader(name: str, material: int | None = None) -> str:
    text = (_SHADERS / name).read_text(encoding="utf-8")
    text = text.replace("//COMMON\n", (_SHADERS / "common.glsl").read_text(encoding="utf-8"))
    return text if material is None else text.replace("@MAT@", str(material))


class Renderer:
    """One room, one camera, one person."""

    def __init__(self, cam: Camera, look: dict[str, Any], samples: int = 4, shadow: int = 1024) -> None:
        self.cam, self.look = cam, look
        self.ctx = ctx = moderngl.create_context(standalone=True, backend="egl")
        w, h = cam.w, cam.h
        self.msaa = ctx.framebuffer(
            [ctx.renderbuffer((w, h), 3, samples=samples)], ctx.depth_renderbuffer((w, h), samples=samples)
        )
        self.out = ctx.framebuffer([ctx.renderbuffer((w, h), 3)])
        self.sh = ctx.depth_texture((shadow, shadow))
        self.sh.compare_func = "<="
        self.sh.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.sh.repeat_x = self.sh.repeat_y = False
        self.shf = ctx.framebuffer(depth_attachment=self.sh)
        self.room = ctx.program(_read_shader("room.vert"), _read_shader("room.frag"))
        self.progs: dict[int, tuple[moderngl.Program, moderngl.Program]] = {}
        self.state: dict[str, Any] = {}
        self.noise = ctx.texture3d((64, 64, 64), 4, noise_volume().tobytes())
        self.noise.repeat_x = self.noise.repeat_y = self.noise.repeat_z = True
        self.noise.filter = (moderngl.LINEAR, moderngl.LINEAR)
        screen = np.array([-1, -1, 3, -1, -1, 3], "f4").tobytes()
        self.quad = ctx.vertex_array(self.room, [(ctx.buffer(screen), "2f", "q")])
        self.baked: list[moderngl.Texture] | None = None
        self.items: list[dict[str, Any]] = []
        self.VP = cam.proj @ cam.view
        self._light(1.0 / shadow)
        self.rng = np.random.default_rng(look.get("seed", 0))
        grain = np.round(self.rng.normal(0, look.get("grain", 1.2), (h, w, 1)))
        self.static_noise = np.repeat(grain, 3, 2).astype("i2")

    def _light(self, shadow_texel: float) -> None:
        look = self.look
        light = np.asarray(look["light"], float)
        light /= np.linalg.norm(light)
        centre = np.asarray(look.get("centre", (0, 0, 0.9)), float)
        up = (0, 0, 1) if abs(light[2]) < _STEEP else (0, 1, 0)
        self.LVP = ortho(look.get("shadow_half", 1.7), 0.5, 10) @ lookat(centre + light * 5, centre, up)
        self.put("EYE", self.cam.eye)
        self.put("LDIR", light)
        self.put("SHTEX", shadow_texel)
        for name, value in look["uniforms"].items():
            self.put(name, value)
        _write_matrix("LVP", self.LVP, self.room)
        self.room["SHTEX"].value = shadow_texel

    def _programs(self, material: int) -> tuple[moderngl.Program, moderngl.Program]:
        """Programs of a material, picture and shadow: software OpenGL runs every branch of a shader."""
        if material not in self.progs:
            vertex = _read_shader("surface.vert")
            pair = (
                self.ctx.program(vertex, _read_shader("surface.frag", material)),
                self.ctx.program(vertex, _read_shader("shadow.frag", material)),
            )
            self.progs[material] = pair
            for name, value in self.state.items():
                _put(pair, name, value)
            _write_matrix("VP", self.VP, pair[0])
            _write_matrix("VP", self.LVP, pair[1])
            for program in pair:
                _write_matrix("LVP", self.LVP, program)
                for name, unit in (("NOISE", 1), ("SH", 0)):
                    if name in program:
                        program[name].value = unit
        return self.progs[material]

    def put(self, name: str, value: Any) -> None:
        """Give a value to all programs that know it."""
        self.state[name] = value
        for pair in self.progs.values():
            _put(pair, name, value)

    def add_static(self, props: Props, group: str = "static") -> None:
        """Add what does not change its form."""
        v, n, r, m, c, f = props.arrays()
        still = np.concatenate([r, np.zeros((len(v), 4), "f4"), m[:, None], c], 1)
        self._add_item(np.concatenate([v, n], 1), still, f, group)

    def add_avatar(self, av: Avatar) -> None:
        """Add the person."""
        still = np.concatenate([av.R0, av.A0, av.M0[:, None], np.ones((len(av.R0), 3), "f4")], 1)
        self._add_item(np.zeros((len(av.R0), 6), "f4"), still, av.F, "avatar")
        for name, value in (
            ("SLEEVE", av.sleeve),
            ("ZWAIST", av.z_waist),
            ("ZHEM", av.z_hem),
            ("ZANKLE", av.z_ankle),
            ("KS", av.scale),
            ("NKZ", av.nk[2]),
            ("HEADF", av.head_frame),
            ("EYEL", av.eye_c["L"]),
            ("EYER", av.eye_c["R"]),
        ):
            self.put(name, value)

    def _add_item(self, moving: np.ndarray, still: np.ndarray, faces: np.ndarray, group: str) -> None:
        ctx = self.ctx
        d = ctx.buffer(np.ascontiguousarray(moving, "f4").tobytes(), dynamic=True)
        materials = still[faces[:, 0], 7].astype(int)
        s = ctx.buffer(np.ascontiguousarray(np.delete(still, 7, 1), "f4").tobytes())
        content = [(d, "3f 3f", "pos", "nrm"), (s, "3f 4f 3f", "rest", "attr", "col")]
        arrays = []
        for m in np.unique(materials):
            index = ctx.buffer(np.ascontiguousarray(faces[materials == m], "i4").tobytes())
            arrays.append(
                tuple(
                    (p, ctx.vertex_array(p, content, index, skip_errors=True)) for p in self._programs(int(m))
                )
            )
        self.items.append({"group": group, "moving": d, "arrays": arrays, "model": np.eye(4)})

    def _draw_item(self, item: dict[str, Any], which: int) -> None:
        for pair in item["arrays"]:
            program, array = pair[which]
            _write_matrix("MODEL", item["model"], program)
            array.render()

    def update_avatar(self, p: np.ndarray, n: np.ndarray) -> None:
        """Move the person: vertices in metres, normals."""
        for item in self.items:
            if item["group"] == "avatar":
                item["moving"].write(np.concatenate([p, n], 1).astype("f4").tobytes())

    def set_model(self, group: str, model: Array) -> None:
        """Place a prop, shape (4, 4)."""
        for item in self.items:
            if item["group"] == group:
                item["model"] = model

    def _bake(self) -> list[moderngl.Texture]:
        """Draw the room once into textures; only the shadows on it change from picture to picture."""
        ctx, w, h = self.ctx, self.cam.w, self.cam.h
        textures = [ctx.texture((w, h), 4, dtype="f4") for _ in range(3)]
        depth = ctx.depth_texture((w, h))
        depth.compare_func = ""
        for t in (*textures, depth):
            t.filter = (moderngl.NEAREST, moderngl.NEAREST)
        target = ctx.framebuffer(textures, depth)
        target.use()
        target.clear(0, 0, 0, 1)
        ctx.enable(moderngl.DEPTH_TEST)
        self.put("BAKE", 1)
        self.noise.use(1)
        self.sh.use(0)
        for item in self.items:
            if item["group"] == "static":
                self._draw_item(item, 0)
        self.put("BAKE", 0)
        for i, name in enumerate(_TEXTURES):
            self.room[name].value = 2 + i
        self.room["SH"].value = 0
        return [*textures, depth]

    def draw(self) -> np.ndarray:
        """One picture, shape (height, width, 3), RGB."""
        ctx = self.ctx
        ctx.enable(moderngl.DEPTH_TEST)
        if self.baked is None:
            self.baked = self._bake()
        for i, t in enumerate(self.baked):
            t.use(2 + i)
        self.noise.use(1)
        self.shf.use()
        self.shf.clear(depth=1.0)
        for item in self.items:
            self._draw_item(item, 1)
        self.msaa.use()
        self.msaa.clear(0.55, 0.57, 0.6, 1.0)
        self.sh.use(0)
        ctx.depth_func = "<="
        self.quad.render(moderngl.TRIANGLES, 3)
        for item in self.items:
            if item["group"] != "static":
                self._draw_item(item, 0)
        ctx.copy_framebuffer(self.out, self.msaa)
        raw = np.frombuffer(self.out.read(components=3, alignment=1), np.uint8)
        picture = np.ascontiguousarray(raw.reshape(self.cam.h, self.cam.w, 3)[::-1])
        if self.look.get("grain", 1.2):
            shift = self.rng.integers(0, 64, 2) if self.look.get("live_grain", False) else (0, 0)
            noise = np.roll(self.static_noise, shift, (0, 1)) if any(shift) else self.static_noise
            picture = cv2.add(picture, noise, dtype=cv2.CV_8U)
        return np.ascontiguousarray(picture)


def _put(pair: tuple[moderngl.Program, ...], name: str, value: Any) -> None:
    for program in pair:
        if name in program:
            if np.ndim(value):
                program[name].value = tuple(float(x) for x in value)
            else:
                program[name].value = int(value) if isinstance(value, (int, np.integer)) else float(value)


def _write_matrix(name: str, matrix: Array, program: moderngl.Program) -> None:
    if name in program:
        program[name].write(np.asarray(matrix, "f4").T.tobytes())


def noise_volume(n: int = 64, seed: int = 1) -> np.ndarray:
    """Smooth noise that can be tiled, shape (n, n, n, 4); the first channel sums three octaves."""
    from scipy.ndimage import zoom

    rng = np.random.default_rng(seed)
    out = np.zeros((n, n, n, 4), np.float32)
    for channel in range(4):
        total = 0
        for cells, weight in _NOISE_CELLS:
            k = n // cells
            g = np.pad(rng.random((cells,) * 3).astype("f4"), 2, mode="wrap")
            z = zoom(g, k, order=1, grid_mode=True, mode="nearest")
            inner = slice(2 * k, 2 * k + n)
            total = total + weight * z[inner, inner, inner]
        total = (total - total.mean()) / (total.std() * 4) + 0.5
        out[..., channel] = np.clip(total, 0, 1)
    return (out * 255).astype(np.uint8)
