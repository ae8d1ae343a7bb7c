"""How much memory ``unkink analyze`` takes for long videos; the longest takes about ten minutes to run.

The demonstration clip is put behind itself as often as it takes, packet by packet, without coding it anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from benchmarks.analysis import CLIP, analyze
from benchmarks.figures import Figure

MINUTES = (2, 10, 30)
MODEL = "lite"
"""The fastest; the others take no more memory for a longer video either."""


def measure() -> Iterator[Figure]:
    """Measure one video after the other."""
    with tempfile.TemporaryDirectory() as name:
        for minutes in MINUTES:
            path = Path(name) / f"{minutes}-minutes.mp4"
            n_pictures = write_long(path, 60.0 * minutes)
            run = analyze([path], Path(name) / "out", "--model", MODEL)
            yield Figure(
                name=f"peak memory, video of {minutes} minutes",
                value=run.peak_mb,
                unit="MB",
                budget=600,
                method=f"all programs together, {n_pictures} pictures, {run.wall_s:.0f} s, model {MODEL}",
            )


def write_long(path: Path, duration_s: float) -> int:
    """Write the clip over and over; return the number of pictures."""
    n_pictures = 0
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy: Any = target.add_stream_from_template(stream)
        clip = [packet for packet in source.demux(stream) if packet.dts is not None]
        base = Fraction(stream.time_base or Fraction(1, 1000))
        length = max(packet.pts or 0 for packet in clip) + (clip[-1].duration or 1)
        contents = [(bytes(packet), packet.pts or 0, packet.dts or 0, packet.is_keyframe) for packet in clip]
        turn = 0
        while float(turn * length * base) < duration_s:
            for content, pts, dts, is_key in contents:
                if float((pts + turn * length) * base) >= duration_s:
                    continue
                packet = av.Packet(content)
                packet.pts, packet.dts, packet.time_base = pts + turn * length, dts + turn * length, base
                packet.is_keyframe = is_key
                packet.stream = copy
                target.mux(packet)
                n_pictures += 1
            turn += 1
    return n_pictures
