"""Landmarks of one file: looked for in a video, or brought from a researcher's archive.

In: a file. Out: a Parquet file of landmarks and, of a video, a small picture of the person and notes on what
was noticed. Next file: :mod:`unkink.front.analysing_warnings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from unkink.acquire.landmarker import FollowingReport, Found, follow
from unkink.acquire.recorded import open_recording
from unkink.acquire.video import (
    DecodingReport,
    Picture,
    VideoFile,
    decode_ahead,
    iterate_pictures,
    open_video,
)
from unkink.errors import MediaError
from unkink.front.analysing_landmarks import LandmarkFile
from unkink.front.analysing_warnings import N_UNTIMED, VideoNotes

Tell = Callable[[str, float], None]
"""Hears of progress: the stage, and how much of it is done (0..1)."""

_BLACK_FRAC = 0.03
_THUMBNAIL_PX = 320
_TELL_EVERY = 15


def convert(source: Path, made: Path, metadata: Mapping[str, str]) -> None:
    """Write a researcher's archive in the form of all others."""
    opened = open_recording(source)
    file = LandmarkFile(
        made,
        width_px=opened.width_px,
        height_px=opened.height_px,
        metadata={**metadata, N_UNTIMED: str(opened.n_untimed)},
    )
    try:
        for series in opened.chunks():
            for i in range(len(series)):
                is_gone = not np.isfinite(series.image[i, :, :2]).any()
                world = None if series.world is None else series.world[i].astype(np.float32)
                light = None if series.brightness_frac is None else float(series.brightness_frac[i])
                file.add(
                    Found(
                        t_s=float(series.t_s[i]),
                        image=None if is_gone else series.image[i].astype(np.float32),
                        world=None if is_gone else world,
                        n_persons=int(not is_gone),
                        brightness_frac=light,
                    )
                )
    except BaseException:
        file.give_up()
        raise
    file.close()


def look(
    source: Path,
    made: Path,
    metadata: Mapping[str, str],
    *,
    model: str,
    n_threads: int,
    thumbnail: Path,
    tell: Tell,
) -> VideoNotes:
    """Look through a video: the long part.

    Parameters
    ----------
    source : Path
        The video.
    made, thumbnail : Path
        Landmarks (Parquet) and a small picture (JPEG), written as they are named.
    metadata : mapping of str to str
        Kept with the landmarks.
    model : str
    n_threads : int
        Of the decoder.
    tell : callable
        Hears of progress.

    Raises
    ------
    MediaError
        When it is no video, or nobody was seen.
    """
    video = open_video(source)
    decoded, followed = DecodingReport(), FollowingReport()
    pictures = decode_ahead(iterate_pictures(source, decoded, n_threads=n_threads))
    latest: list[Picture] = []

    def remember() -> Iterator[Picture]:
        for picture in pictures:
            latest[:] = [picture]
            yield picture

    file: LandmarkFile | None = None
    portrait: Picture | None = None
    brightest = 0.0
    tell("looking", 0.0)
    try:
        for i, found in enumerate(follow(remember(), model, followed)):
            picture = latest[0]
            if file is None:
                height, width = picture.rgb.shape[:2]
                file = LandmarkFile(made, width_px=width, height_px=height, metadata=metadata)
            file.add(found)
            brightest = max(brightest, found.brightness_frac or 0.0)
            if found.image is not None and (portrait is None or _is_half(found.t_s, portrait, video)):
                portrait = picture
            if i % _TELL_EVERY == 0:
                tell("looking", _estimate_share(i, found.t_s, video))
        portrait = _require_seen(portrait, source, brightest_frac=brightest)
        notes = VideoNotes.collect(video, decoded, followed)
        if file is not None:
            file.close({"notes": msgspec.json.encode(notes).decode()})
    except BaseException:
        if file is not None:
            file.give_up()
        raise
    finally:
        pictures.close()
    _save_thumbnail(portrait, thumbnail)
    return notes


def _is_half(t_s: float, portrait: Picture, video: VideoFile) -> bool:
    """Whether this is the first picture of the second half."""
    half_s = (video.duration_s or 0.0) / 2
    return portrait.t_s < half_s <= t_s


def _estimate_share(i: int, t_s: float, video: VideoFile) -> float:
    if video.duration_s:
        return min(1.0, t_s / video.duration_s)
    return min(1.0, i / video.n_frames) if video.n_frames else 0.0


def _save_thumbnail(picture: Picture, path: Path) -> None:
    """Write a small picture as JPEG; the pictures themselves are not kept."""
    import av

    height, width = picture.rgb.shape[:2]
    scale = min(1.0, _THUMBNAIL_PX / max(width, height))
    size = max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
    frame = av.VideoFrame.from_ndarray(picture.rgb, format="rgb24").reformat(
        width=size[0], height=size[1], format="yuvj420p", interpolation="AREA"
    )
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = size[0], size[1], "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    packets = [*encoder.encode(frame), *encoder.encode(None)]
    path.write_bytes(b"".join(bytes(packet) for packet in packets))


def _require_seen(portrait: Picture | None, source: Path, *, brightest_frac: float) -> Picture:
    """Return the picture of the person; without one, nobody was seen in any."""
    if portrait is None:
        code = "video-dark" if brightest_frac < _BLACK_FRAC else "video-nobody"
        raise MediaError(code, f"problem.{code}", params={"name": source.name})
    return portrait
