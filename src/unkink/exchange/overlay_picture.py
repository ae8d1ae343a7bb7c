"""What is drawn on one picture of a video: skeleton, angle with its noise, hold, fault.

In: a picture, its landmarks, its numbers. Out: the picture with the drawing on it, in the calm look of the
session page (``ui/src/session/overlay.ts``). Drawn by matplotlib's own rasteriser straight into the picture's
memory, so that it keeps up with several times real time. Next file: :mod:`unkink.exchange.overlay`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from unkink.body.landmarks import Landmark
from unkink.exchange.lettering import fit, measure_px, to_printable

if TYPE_CHECKING:
    from unkink.exchange.overlay_script import Moment

LIGHT, LIT, DARK, WARM = "#EAF1F2", "#6CC7C2", "#0D1416", "#F0A35E"
_FAINT_VISIBILITY = 0.5
_LS, _RS, _LE, _RE = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_ELBOW,
    Landmark.RIGHT_ELBOW,
)
_LW, _RW, _LH, _RH = Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST, Landmark.LEFT_HIP, Landmark.RIGHT_HIP
_BONES = (
    (_LS, _RS),
    (_LH, _RH),
    (_LS, _LE),
    (_LE, _LW),
    (_RS, _RE),
    (_RE, _RW),
    (_LH, Landmark.LEFT_KNEE),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (_RH, Landmark.RIGHT_KNEE),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
)
_LIT_BONES: dict[str, tuple[tuple[Landmark, Landmark], ...]] = {
    "shoulder_turn_deg": ((_LS, _RS),),
    "trunk_rotation_deg": ((_LS, _RS),),
    "left_shoulder_elevation_deg": ((_LS, _LE), (_LE, _LW), (_RS, _RE), (_RE, _RW)),
}
_LIT_TRUNK = ("trunk_side_bend_deg", "slide_norm")
_RANGE_DEG = {"shoulder_turn_deg": 60.0, "trunk_rotation_deg": 60.0, "trunk_side_bend_deg": 45.0}
"""Degrees to both sides that a gauge shows; more is drawn at its end."""

_SMALLEST_LETTERS_PX = 4.0
"""Smaller letters cannot be read, and are not written."""

Line = NDArray[np.float64]
"""(M, 2), pixels from the top left corner."""


@lru_cache(maxsize=512)
def _draw_text(text: str, size_px: float, is_bold: bool) -> tuple[NDArray[np.float32], int, int]:
    """Return how much of each pixel a text covers (0..1), and where it starts from the line it stands on."""
    from matplotlib.font_manager import FontProperties, findfont
    from PIL import Image, ImageDraw, ImageFont

    weight = "bold" if is_bold else "normal"
    path = findfont(FontProperties(family="DejaVu Sans", weight=weight))
    font = ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text, anchor="ls"))
    image = Image.new("L", (max(right - left + 2, 1), max(bottom - top + 2, 1)))
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, fill=255, font=font, anchor="ls")
    return np.asarray(image, dtype=np.float32) / 255.0, left - 1, top - 1


@cache
def _to_rgb(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@dataclass(slots=True, kw_only=True)
class Painter:
    """Draws on pictures of one size."""

    width_px: int
    """Even, as video wants it; a picture that is one pixel narrower keeps its place at the left."""
    height_px: int
    quantity: str
    unit_px: float
    """A hundredth of the shorter side."""
    pixels: NDArray[np.uint8]
    """(H, W, 4), the memory that is drawn into."""
    _renderer: Any
    _flip: Any

    @classmethod
    def make(cls, width_px: int, height_px: int, quantity: str) -> Painter:
        """Return a painter for pictures of ``width_px`` by ``height_px``, rounded up to even numbers."""
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.transforms import Affine2D

        width_px, height_px = width_px + width_px % 2, height_px + height_px % 2
        renderer = RendererAgg(width_px, height_px, 72)
        pixels = np.asarray(renderer.buffer_rgba())
        pixels[..., 3] = 255
        return cls(
            width_px=width_px,
            height_px=height_px,
            quantity=quantity,
            unit_px=min(width_px, height_px) / 100.0,
            pixels=pixels,
            _renderer=renderer,
            # the rasteriser counts from the bottom
            _flip=Affine2D().scale(1.0, -1.0).translate(0.0, height_px),
        )

    def paint(self, rgb: NDArray[np.uint8], points: NDArray[np.float64] | None, moment: Moment) -> None:
        """Draw one picture into ``pixels``.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (H, W, 3)
        points : ndarray, shape (33, 4), or None
            Normalised x and y, z, visibility; None when nobody was found.
        moment : Moment
        """
        height, width = rgb.shape[:2]
        for channel in range(3):  # four times as fast as all at once
            self.pixels[:height, :width, channel] = rgb[..., channel]
        self.pixels[height:, :width, :3] = rgb[-1:]
        self.pixels[:, width:, :3] = self.pixels[:, width - 1 : width, :3]
        if points is not None:
            spots = points[:, :2] * (width, height)
            is_seen = (points[:, 3] >= _FAINT_VISIBILITY) & np.isfinite(spots).all(axis=1)
            self._draw_bones(spots, is_seen)
            self._draw_gauge(spots, is_seen, moment)
        self._draw_chips(moment)
        self._draw_ring(moment)
        self._draw_foot(moment)

    def _stroke(self, lines: Sequence[Line], width_px: float, colour: str, alpha: float = 1.0) -> None:
        """Draw lines with round ends."""
        from matplotlib.path import Path

        lines = [line for line in lines if len(line) > 1]
        if not lines:
            return
        codes = np.concatenate([[Path.MOVETO, *[Path.LINETO] * (len(line) - 1)] for line in lines])
        context = self._context(colour, alpha, width_px)
        path = Path(np.concatenate(lines), codes.astype(np.uint8))
        self._renderer.draw_path(context, path, self._flip)

    def _line(self, lines: Sequence[Line], width_px: float, colour: str, alpha: float = 1.0) -> None:
        """Draw lines with a dark rim, which keeps them legible on every picture."""
        self._stroke(lines, 1.45 * width_px, DARK, 0.3 * alpha)
        self._stroke(lines, width_px, colour, alpha)

    def _fill(self, shape: Any, colour: str, alpha: float = 1.0) -> None:
        face = (*(part / 255.0 for part in _to_rgb(colour)), alpha)
        self._renderer.draw_path(self._context(colour, alpha, 0.0), shape, self._flip, face)

    def _context(self, colour: str, alpha: float, width_px: float) -> Any:
        context = self._renderer.new_gc()
        context.set_foreground(colour)
        context.set_alpha(alpha)
        context.set_linewidth(width_px)
        context.set_capstyle("round")
        context.set_joinstyle("round")
        return context

    def _dot(self, at: Line, radius_px: float, colour: str) -> None:
        from matplotlib.path import Path

        circle = Path.unit_circle()
        shape = np.asarray(circle.vertices, dtype=np.float64)
        self._fill(Path(shape * (1.25 * radius_px) + at, circle.codes), DARK, 0.6)
        self._fill(Path(shape * radius_px + at, circle.codes), colour)

    def _write(
        self,
        x_px: float,
        y_px: float,
        text: str,
        size_px: float,
        colour: str = LIGHT,
        *,
        is_bold: bool = False,
    ) -> None:
        """Write from ``x_px``; ``y_px`` is the line that letters stand on."""
        if size_px < _SMALLEST_LETTERS_PX or not text:
            return
        mask, left_px, top_px = _draw_text(to_printable(text), round(size_px, 1), is_bold)
        x, y = round(x_px) + left_px, round(y_px) + top_px
        height, width = mask.shape
        a, b = max(y, 0), min(y + height, self.height_px)
        c, d = max(x, 0), min(x + width, self.width_px)
        if a < b and c < d:
            part = mask[a - y : b - y, c - x : d - x, None]
            under = self.pixels[a:b, c:d, :3]
            under[:] = np.rint(under + (np.array(_to_rgb(colour)) - under) * part)

    def _panel(self, left: float, top: float, right: float, bottom: float, alpha: float = 0.62) -> None:
        from matplotlib.path import Path

        r = min(1.6 * self.unit_px, 0.5 * (bottom - top), 0.5 * (right - left))
        corners = [
            (left + r, top),
            (right - r, top),
            (right, top),
            (right, top + r),
            (right, bottom - r),
            (right, bottom),
            (right - r, bottom),
            (left + r, bottom),
            (left, bottom),
            (left, bottom - r),
            (left, top + r),
            (left, top),
            (left + r, top),
        ]
        codes = [Path.MOVETO, *[Path.LINETO, Path.CURVE3, Path.CURVE3] * 4]
        self._fill(Path(corners, codes), DARK, alpha)

    def _draw_bones(self, spots: Line, is_seen: NDArray[np.bool_]) -> None:
        unit = self.unit_px
        lit = _LIT_BONES.get(self.quantity, ())
        lines = [spots[[a, b]] for a, b in _BONES if (a, b) not in lit and is_seen[a] and is_seen[b]]
        has_trunk = bool(is_seen[[_LS, _RS, _LH, _RH]].all())
        trunk = np.array([0.5 * (spots[_LS] + spots[_RS]), 0.5 * (spots[_LH] + spots[_RH])])
        is_trunk_lit = self.quantity in _LIT_TRUNK
        if has_trunk and not is_trunk_lit:
            lines.append(trunk)
        self._line(lines, 0.8 * unit, LIGHT, 0.8)
        bright = [spots[[a, b]] for a, b in lit if is_seen[a] and is_seen[b]]
        joints = [spots[joint] for joint in sorted({j for bone in lit for j in bone}) if is_seen[joint]]
        if has_trunk and is_trunk_lit:
            bright, joints = [trunk], list(trunk)
        self._line(bright, 1.6 * unit, LIT)
        for joint in joints:
            self._dot(joint, 1.5 * unit, LIT)

    def _draw_gauge(self, spots: Line, is_seen: NDArray[np.bool_], moment: Moment) -> None:
        """Draw the measured angle as an arc with its noise, where the movement is."""
        range_deg = _RANGE_DEG.get(self.quantity)
        if range_deg is None or not moment.readings or not is_seen[[_LS, _RS, _LH, _RH]].all():
            return
        reading = moment.readings[0]
        if not math.isfinite(reading.value):
            return
        top, bottom = 0.5 * (spots[_LS] + spots[_RS]), 0.5 * (spots[_LH] + spots[_RH])
        length = float(np.hypot(*(top - bottom)))

        def arc(from_deg: float, to_deg: float) -> Line:
            a, b = (min(max(deg, -range_deg), range_deg) for deg in (from_deg, to_deg))
            angles = np.radians(np.linspace(a, b, max(2, int(abs(b - a) / 2.0))))
            # the person faces the camera: their right is at the picture's left
            if self.quantity == "trunk_side_bend_deg":
                # over the head, as far as the picture goes
                radius = max(min(1.75 * length, bottom[1] - 0.06 * self.height_px), 1.1 * length)
                return bottom + radius * np.stack([-np.sin(angles), -np.cos(angles)], axis=1)
            radius, flat = 0.95 * length, 0.285 * length
            y = max(top[1] - 0.62 * length, flat + 0.14 * self.height_px)
            return np.stack([top[0] - radius * np.sin(angles), y - flat * np.cos(angles)], axis=1)

        value, noise = reading.value, reading.noise
        colour = LIT if moment.hold is not None else LIGHT
        self._line([arc(-range_deg, range_deg)], 1.9 * self.unit_px, LIGHT, 0.25)
        if noise > 0.0:
            self._stroke([arc(value - noise, value + noise)], 1.9 * self.unit_px, LIT, 0.45)
        self._line([arc(0.0, value)], 1.9 * self.unit_px, colour, 0.95)
        self._dot(arc(value, value)[0], 1.7 * self.unit_px, colour)

    def _draw_chips(self, moment: Moment) -> None:
        """Write the phase and what is in the way, from the top left corner down."""
        unit = self.unit_px
        y = 3.0 * unit
        for text, colour in moment.chips:
            size = 3.6 * unit
            shown = fit(text, size, self.width_px - 26.0 * unit, is_bold=True)
            self._panel(3 * unit, y, 6.6 * unit + measure_px(shown, size, is_bold=True), y + 6.4 * unit)
            self._write(
                4.8 * unit, y + 4.5 * unit, shown, size, WARM if colour == "warm" else LIGHT, is_bold=True
            )
            y += 7.4 * unit

    def _draw_ring(self, moment: Moment) -> None:
        """Draw the running hold as a ring that fills, or the repetitions as a number, at the top right."""
        if moment.ring is None:
            return
        unit, ring = self.unit_px, moment.ring
        radius = 7.0 * unit
        at = np.array([self.width_px - 12.5 * unit, 12.0 * unit])

        def arc(share: float) -> Line:
            angles = 2.0 * math.pi * np.linspace(0.0, share, max(2, int(60 * share)))
            return at + radius * np.stack([np.sin(angles), -np.cos(angles)], axis=1)

        size = 3.0 * unit
        word_px = measure_px(ring.word, size)
        half_px = max(9.5 * unit, 0.5 * word_px + 1.6 * unit)
        at[0] = self.width_px - 3.0 * unit - half_px
        self._panel(at[0] - half_px, 3.0 * unit, at[0] + half_px, 26.4 * unit)
        self._stroke([arc(1.0)], 1.7 * unit, LIGHT, 0.25)
        if ring.share > 0.0:
            self._stroke([arc(min(ring.share, 1.0))], 1.7 * unit, LIT)
        big = 6.0 * unit
        big *= min(1.0, 10.8 * unit / measure_px(ring.number, big, is_bold=True))
        number_px = measure_px(ring.number, big, is_bold=True)
        self._write(at[0] - 0.5 * number_px, at[1] + 0.36 * big, ring.number, big, is_bold=True)
        self._write(at[0] - 0.5 * word_px, 24.4 * unit, ring.word, size)

    def _draw_foot(self, moment: Moment) -> None:
        """Write the numbers at the bottom left, and draw the whole recording as a line with its holds."""
        unit = self.unit_px
        width, bottom = float(self.width_px), float(self.height_px)
        if moment.readings:
            size = 4.6 * unit
            texts = [to_printable(reading.text) for reading in moment.readings]
            gap = 4.0 * unit
            total = sum(measure_px(text, size, is_bold=True) for text in texts) + gap * (len(texts) - 1)
            size *= min(1.0, (width - 10.0 * unit) / total)
            total = sum(measure_px(text, size, is_bold=True) for text in texts) + gap * (len(texts) - 1)
            self._panel(3 * unit, bottom - 14 * unit, 7 * unit + total, bottom - 5.6 * unit)
            x = 5.0 * unit
            for text in texts:
                self._write(x, bottom - 8.1 * unit, text, size, is_bold=True)
                x += measure_px(text, size, is_bold=True) + gap
        y = bottom - 2.4 * unit
        left, right = 3.0 * unit, width - 3.0 * unit

        def along(from_share: float, to_share: float) -> Line:
            return np.array([(left + share * (right - left), y) for share in (from_share, to_share)])

        self._line([along(0.0, 1.0)], 0.9 * unit, LIGHT, 0.35)
        self._stroke([along(a, b) for a, b in moment.marks], 0.9 * unit, LIT)
        self._dot(along(moment.share, moment.share)[0], 1.1 * unit, LIGHT)
