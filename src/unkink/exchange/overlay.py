"""The video again, with what was measured drawn on it.

In: a video, its landmarks, its quantities and summary. Out: an H.264 video with the same times, whatever the
frame rate; no sound. It is decoded, drawn and encoded picture by picture, in the same memory for any length.
Next file: :mod:`unkink.exchange.index`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from unkink.acquire.video import decode_ahead, iterate_pictures
from unkink.coach.counting import main_quantities
from unkink.exchange.overlay_picture import Painter
from unkink.exchange.overlay_script import LONGEST_APART_S, Script
from unkink.exchange.wording import load_wording

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from unkink.acquire.recorded import RecordingFile
    from unkink.acquire.video import Picture
    from unkink.body.landmarks import LandmarkSeries
    from unkink.body.quantities import QuantitySeries
    from unkink.coach.exercise import Exercise
    from unkink.exchange.wording import Wording

_TIME_BASE = Fraction(1, 90_000)
"""Fine enough for every frame rate there is."""
_X264 = {
    "preset": "veryfast",
    "crf": "25",
    # a fixed number: the result depends on it
    "threads": "2",
    # with it the same pictures became two different files, by turns (x264 core 165)
    "x264-params": "mbtree=0",
}
_BT709, _LIMITED = 1, 1


def write_overlay(
    video_path: Path,
    landmarks: RecordingFile,
    quantities: QuantitySeries,
    summary: Mapping[str, Any],
    exercise: Exercise,
    path: Path,
    *,
    wording: Wording | None = None,
    tell: Callable[[float], None] | None = None,
) -> None:
    """Draw what was measured onto a video.

    Parameters
    ----------
    video_path : Path
    landmarks : RecordingFile
        Of this video: times are seconds since its first picture.
    quantities : QuantitySeries, degrees and norm, against the neutral
    summary : mapping
        As :func:`unkink.coach.summary.summarise` makes it.
    exercise : Exercise
    path : Path
        Written as it is named (MP4 whatever its suffix); the caller moves it to its final name.
    wording : Wording, optional
        English unless given.
    tell : callable, optional
        Called with the time of each picture that is done, seconds.

    Raises
    ------
    MediaError
        When the video cannot be read.
    OSError
        When the result cannot be written.
    """
    script = Script.make(quantities, summary, exercise, wording or load_wording())
    pictures = decode_ahead(iterate_pictures(video_path))
    spots = _Follower(landmarks.chunks())
    try:
        _encode(_paint(pictures, spots, script, main_quantities(exercise)[0], tell), path)
    finally:
        pictures.close()


class _Follower:
    """Landmarks of the picture at a time; times only go forward."""

    def __init__(self, chunks: Iterable[LandmarkSeries]) -> None:
        self._rows = ((float(c.t_s[i]), c.image[i]) for c in chunks for i in range(len(c.t_s)))
        self._before: tuple[float, NDArray[np.float64]] | None = None
        self._after = next(self._rows, None)

    def at(self, t_s: float) -> NDArray[np.float64] | None:
        """Return the nearest landmarks, shape (33, 4), or None where nobody was found near that time."""
        while self._after is not None and self._after[0] <= t_s:
            self._before, self._after = self._after, next(self._rows, None)
        near = [row for row in (self._before, self._after) if row is not None]
        best = min(near, key=lambda row: abs(row[0] - t_s), default=None)
        if best is None or abs(best[0] - t_s) > LONGEST_APART_S or not np.isfinite(best[1][:, :2]).any():
            return None
        return best[1]


def _paint(
    pictures: Iterable[Picture],
    spots: _Follower,
    script: Script,
    quantity: str,
    tell: Callable[[float], None] | None,
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield time and drawn picture, shape (H, W, 4); its memory is used again for the next."""
    painter: Painter | None = None
    size: tuple[int, int] = 0, 0
    for picture in pictures:
        rgb = picture.rgb
        if painter is None:
            size = rgb.shape[0], rgb.shape[1]
            painter = Painter.make(size[1], size[0], quantity)
        elif rgb.shape[:2] != size:
            rgb = _resize(rgb, size)
        painter.paint(rgb, spots.at(picture.t_s), script.at(picture.t_s))
        yield picture.t_s, painter.pixels
        if tell is not None:
            tell(picture.t_s)


def _resize(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A video may change its size on the way; its overlay may not."""
    import av

    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    return frame.reformat(width=size[1], height=size[0]).to_ndarray().astype(np.uint8, copy=False)


def _encode(pictures: Iterator[tuple[float, NDArray[np.uint8]]], path: Path) -> None:
    """Write pictures with their own times as H.264 that plays while it still loads."""
    import av

    first = next(pictures)
    height, width = first[1].shape[:2]
    with av.open(
        f"file:{path.resolve()}", "w", format="mp4", options={"movflags": "+faststart"}
    ) as container:
        stream = container.add_stream("libx264", rate=30, options=_X264)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        codec = stream.codec_context
        codec.time_base = _TIME_BASE
        codec.color_range, codec.colorspace = _LIMITED, _BT709
        codec.color_primaries, codec.color_trc = _BT709, _BT709
        for t_s, pixels in _again(first, pictures):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(
                format="yuv420p", dst_colorspace="ITU709"
            )
            frame.pts, frame.time_base = round(t_s / _TIME_BASE), _TIME_BASE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _again(
    first: tuple[float, NDArray[np.uint8]], rest: Iterator[tuple[float, NDArray[np.uint8]]]
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    yield first
    yield from rest
