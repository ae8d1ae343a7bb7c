"""Pictures from a video file, upright, with their true times.

In: a path. Out: one :class:`Picture` after the other, of any length in the same memory; :func:`decode_ahead`
decodes the next few while the landmarker works on one. Nothing but the file itself is ever opened: no
address, no playlist. Next file: :mod:`unkink.acquire.landmarker`.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from unkink.errors import MediaError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_PX = 1280
"""Larger pictures are made smaller: the landmarker looks at 256 pixels of a person, and 4K costs time."""
N_AHEAD = 4
"""Pictures that wait for the landmarker at most."""
VIDEO_SUFFIXES = frozenset(
    {
        *(".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg"),
        *(".mts", ".mxf", ".ogv", ".ts", ".webm", ".wmv", ".y4m"),
    }
)

_SUMMARY_PX = 48
"""Pictures are compared and judged for light on a grid of about this many points a side."""
_PLAYLISTS = frozenset({"hls", "dash", "concat", "sdp", "rtsp", "ffmetadata"})
_TEXTS_AND_STILLS = frozenset({"tty", "image2", "ico", "gif_pipe", "lrc", "srt", "webvtt", "ass"})
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32) / 255
_END: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFile:
    """What a video says of itself before it is decoded; it may be wrong."""

    path: Path
    duration_s: float | None
    n_frames: int | None
    """Frames as counted or estimated, for a progress bar; None where it cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of a video, upright."""

    t_s: float
    """Seconds since the first picture; strictly increasing."""
    rgb: NDArray[np.uint8]
    """(H, W, 3), contiguous, square pixels, at most ``LONGEST_PX`` long."""
    brightness_frac: float
    """Mean luminance, 0..1."""
    change_frac: float
    """Mean change of luminance since the picture before, 0..1; 0 for the first."""


@dataclass(slots=True, kw_only=True)
class DecodingReport:
    """What was noticed while decoding; whole when the last picture was given."""

    n_frames: int = 0
    n_damaged: int = 0
    """Packets that could not be decoded."""
    n_untimed: int = 0
    """Pictures left out because their time was not later than the one before."""
    end_s: float = 0.0
    first_s: float = 0.0
    """The first picture's time by the file's own clock."""


def open_video(path: Path) -> VideoFile:
    """Look whether a file is a video.

    Raises
    ------
    MediaError
        ``media-missing``, ``video-empty``, ``video-none`` (no video), ``video-sound`` (sound only),
        ``video-playlist`` or ``media-unreadable``.
    """
    import av

    with _open(path) as container:
        stream = _find_stream(path, container)
        duration_s = None
        if stream.duration and stream.time_base:
            duration_s = float(stream.duration * stream.time_base)
        elif container.duration:
            duration_s = container.duration / av.time_base
        n_frames = stream.frames or None
        rate = stream.average_rate or stream.guessed_rate
        if n_frames is None and duration_s and rate:
            n_frames = round(duration_s * float(rate))
    return VideoFile(path=path, duration_s=duration_s, n_frames=n_frames)


def iterate_pictures(
    path: Path, report: DecodingReport | None = None, *, longest_px: int = LONGEST_PX, n_threads: int = 2
) -> Iterator[Picture]:
    """Decode a video picture by picture.

    Parameters
    ----------
    path : Path
    report : DecodingReport, optional
        Filled in while decoding.
    longest_px : int, pixels
        Longer pictures are made smaller.
    n_threads : int
        Threads of the decoder; the pictures do not depend on it, its memory does.

    Yields
    ------
    Picture

    Raises
    ------
    MediaError
        As :func:`open_video`, and ``video-no-pictures`` where there was not one.
    """
    report = DecodingReport() if report is None else report
    with _open(path) as container:
        stream = _find_stream(path, container)
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = n_threads
        clock = _Clock(stream)
        upright = _Upright(stream, longest_px)
        before: NDArray[np.float32] | None = None
        for frame in _decode(container, stream, report):
            t_s = clock.read_s(frame)
            if t_s is None:
                report.n_untimed += 1
                continue
            rgb = upright.convert(frame)
            small = _summarise(rgb)
            change = 0.0 if before is None or before.shape != small.shape else _differ(small, before)
            before = small
            report.n_frames += 1
            report.end_s = t_s
            report.first_s = clock.first_s
            yield Picture(t_s=t_s, rgb=rgb, brightness_frac=float(small.mean()), change_frac=change)
    if report.n_frames == 0:
        raise _error(path, "video-no-pictures")


def decode_ahead(pictures: Iterator[Picture], n_ahead: int = N_AHEAD) -> Generator[Picture]:
    """Yield the same pictures, decoded on a thread of its own while the one before is worked on.

    Decoding gives Python's lock away, and so does the landmarker: both run at the same time. When the caller
    stops early, the thread ends with the picture that it is at.
    """
    waiting: queue.Queue[Any] = queue.Queue(maxsize=n_ahead)
    is_over = threading.Event()

    def put(item: object) -> bool:
        while not is_over.is_set():
            with contextlib.suppress(queue.Full):
                waiting.put(item, timeout=0.1)
                return True
        return False

    def work() -> None:
        try:
            for picture in pictures:
                if not put(picture):
                    return
            put(_END)
        except BaseException as exc:  # noqa: BLE001 - carried over to the thread that asked
            put(exc)
        finally:
            getattr(pictures, "close", lambda: None)()

    thread = threading.Thread(target=work, name="unkink-decoding", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not _END:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        is_over.set()
        thread.join()


class _Clock:
    """Reads the true time of a frame, in seconds since the first."""

    def __init__(self, stream: Any) -> None:
        rate = stream.average_rate or stream.guessed_rate or 30
        self._step_s = 1.0 / float(rate)
        self._time_base = stream.time_base
        self._first: int | None = None
        self._latest_s = -np.inf

    @property
    def first_s(self) -> float:
        """The first picture's time by the file's own clock."""
        return 0.0 if self._first is None else float(self._first * self._time_base)

    def read_s(self, frame: Any) -> float | None:
        """Return the time, or None where it is not later than the one before."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        if stamp is None:
            # raw streams carry no times: their frames follow each other evenly
            t_s = 0.0 if self._latest_s < 0 else self._latest_s + self._step_s
        else:
            if self._first is None:
                self._first = stamp
                self._time_base = frame.time_base or self._time_base
            t_s = float((stamp - self._first) * self._time_base)
        if t_s <= self._latest_s:
            return None
        self._latest_s = t_s
        return t_s


class _Upright:
    """Turns frames into upright RGB pictures of square pixels, no longer than wanted."""

    def __init__(self, stream: Any, longest_px: int) -> None:
        self._longest_px = longest_px
        self._shape = float(stream.sample_aspect_ratio or 1) or 1.0
        self._matrix: tuple[int, int, int, int] | None = None

    def convert(self, frame: Any) -> NDArray[np.uint8]:
        """Return the picture, shape (H, W, 3)."""
        width, height = float(frame.width) * self._shape, float(frame.height)
        scale = min(1.0, self._longest_px / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if size == (frame.width, frame.height):
            small = frame.reformat(format="rgb24")
        else:
            small = frame.reformat(width=size[0], height=size[1], format="rgb24", interpolation="AREA")
        if self._matrix is None:
            # Once: a frame that was asked for it refers to itself, and stays until Python looks for such
            # rings; asking every frame holds 100 MB of pictures that nobody needs.
            self._matrix = _read_display_matrix(frame)
        return _turn(small.to_ndarray(), self._matrix)


def _turn(rgb: NDArray[np.uint8], matrix: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """Apply the camera's note of how it was held: quarter turns and mirrors."""
    right_x, right_y, down_x, down_y = matrix
    if abs(right_x) + abs(down_y) < abs(right_y) + abs(down_x):
        # what was a row becomes a column
        rgb = rgb.transpose(1, 0, 2)
        mirrors = (right_y < 0, down_x < 0)
    else:
        mirrors = (down_y < 0, right_x < 0)
    for axis, is_mirrored in enumerate(mirrors):
        if is_mirrored:
            rgb = np.flip(rgb, axis)
    return np.ascontiguousarray(rgb)


def _read_display_matrix(frame: Any) -> tuple[int, int, int, int]:
    """Return where the frame's own right (x, y) and down (x, y) point on the screen."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return 1, 0, 0, 1
    cells = np.frombuffer(bytes(data), dtype=np.int32)
    return int(cells[0]), int(cells[1]), int(cells[3]), int(cells[4])


def _summarise(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return luminance on a coarse grid, 0..1."""
    step = max(1, min(rgb.shape[:2]) // _SUMMARY_PX)
    small = rgb[step // 2 :: step, step // 2 :: step].astype(np.float32) @ _LUMA
    return small.astype(np.float32, copy=False)


def _differ(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.abs(a - b).mean())


def _decode(container: Any, stream: Any, report: DecodingReport) -> Iterator[Any]:
    """Yield the frames; what is damaged is counted and left out, and a file that breaks off just ends."""
    from av.error import FFmpegError

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except FFmpegError:
            report.n_damaged += 1
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except FFmpegError:
            report.n_damaged += 1
            continue
        for frame in frames:
            if frame.is_corrupt:
                report.n_damaged += 1
            else:
                yield frame


def _open(path: Path) -> Any:
    """Open a container: this file, and nothing that it names."""
    try:
        import av
        from av import logging
        from av.error import FFmpegError
    except ImportError:
        code = "video-extra"
        raise MediaError(code, "problem.video-extra", hint='pip install "unkink[video]"') from None
    logging.set_level(None)
    try:
        if not path.is_file():
            raise _error(path, "media-missing")
        if path.stat().st_size == 0:
            raise _error(path, "video-empty")
        container = av.open(f"file:{os.path.realpath(path)}", options={"protocol_whitelist": "file"})
    except PermissionError:
        raise _error(path, "media-unreadable") from None
    except (FFmpegError, OSError, ValueError, UnicodeError):
        raise _error(path, "video-none") from None
    kinds = set(container.format.name.split(","))
    is_still = any(kind.endswith("_pipe") for kind in kinds) or kinds & _TEXTS_AND_STILLS
    if kinds & _PLAYLISTS or is_still:
        container.close()
        raise _error(path, "video-playlist" if kinds & _PLAYLISTS else "video-none")
    return container


def _find_stream(path: Path, container: Any) -> Any:
    """Return the video stream; a cover picture of a song is none."""
    from av.stream import Disposition

    covers = Disposition.attached_pic
    for stream in container.streams.video:
        if not stream.disposition & covers and stream.codec_context is not None:
            return stream
    raise _error(path, "video-sound" if container.streams.audio else "video-none")


def _error(path: Path, code: str) -> MediaError:
    return MediaError(code, f"problem.{code}", params={"name": path.name})
