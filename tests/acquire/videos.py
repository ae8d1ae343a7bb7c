"""Small videos, made when they are needed: of drawings, or of the rendered people of the page's own loops."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
LOOPS = ROOT / "ui" / "public" / "media" / "loops"
DEMOS = ROOT / "ui" / "public" / "media" / "demo"

UPRIGHT = (1, 0, 0, 1)


def write_video(
    path: Path,
    pictures: Iterable[np.ndarray],
    *,
    rate: float = 15.0,
    times_s: Sequence[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    matrix: tuple[int, int, int, int] = UPRIGHT,
    options: dict[str, str] | None = None,
) -> Path:
    """Encode RGB pictures; ``times_s`` gives each its own time, ``matrix`` how the camera was held."""
    with av.open(str(path), "w", options=options or {}) as container:
        stream: Any = None
        for i, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(codec, rate=Fraction(rate).limit_denominator(1000))
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = pix_fmt
                stream.codec_context.time_base = Fraction(1, 12_000)
                stream.codec_context.options = {"preset": "ultrafast", "bf": "0"} if "264" in codec else {}
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            t_s = i / rate if times_s is None else times_s[i]
            frame.pts, frame.time_base = round(t_s * 12_000), Fraction(1, 12_000)
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode(None))
    if matrix != UPRIGHT:
        _write_matrix(path, matrix)
    return path


def _write_matrix(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Put how the camera was held into the track header of an MP4 file, as phones do."""
    data = bytearray(path.read_bytes())
    header = data.index(b"tkhd")
    # version and flags, times, track, duration, reserved, layer, group, volume: 40 bytes of version 0
    cells = [65536 * cell for cell in (matrix[0], matrix[1], 0, matrix[2], matrix[3], 0, 0, 0)]
    data[header + 4 + 40 : header + 4 + 76] = struct.pack(">8iI", *cells, 1 << 30)
    path.write_bytes(data)


def write_sound(path: Path, seconds: float = 0.5) -> Path:
    """Write a tone without a picture."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=16_000)
        wave = np.sin(np.arange(int(seconds * 16_000)) / 10)
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def draw(n: int, width: int = 64, height: int = 48) -> Iterator[np.ndarray]:
    """Yield pictures that can be told from each other: red left above, and a bar that grows."""
    for i in range(n):
        picture = np.full((height, width, 3), 40, dtype=np.uint8)
        picture[: height // 2, : width // 2] = (220, 30, 30)
        picture[-8:, : max(1, (i + 1) * width // n)] = (240, 240, 240)
        yield picture


def load_people(
    name: str = "seated-twist", *, n: int = 30, step: int = 1, start: int = 0
) -> list[np.ndarray]:
    """Return pictures of a rendered person from the page's own loops, 640 x 480."""
    pictures = []
    with av.open(str(LOOPS / f"{name}.mp4")) as container:
        for i, frame in enumerate(container.decode(video=0)):
            if i >= start and (i - start) % step == 0:
                pictures.append(frame.to_ndarray(format="rgb24"))
            if len(pictures) == n:
                break
    return pictures
