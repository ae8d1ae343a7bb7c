"""Landmarks of videos, kept so that they are looked for only once (extra ``video``).

In: a folder of videos. Out: ``NAME.MODEL.npz`` in the cache, as
:func:`unkink.acquire.recorded.load_recording` reads them. Next file: ``takes.py``.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

from unkink.acquire.landmarker import follow
from unkink.acquire.video import iterate_pictures
from validation.accuracy.takes import MODELS


def can_detect() -> bool:
    """Whether the extra ``video`` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("av", "mediapipe"))


def detect_missing(videos: Path, cache: Path) -> list[str]:
    """Look for landmarks in every video that the cache lacks; return the names of those done."""
    cache.mkdir(parents=True, exist_ok=True)
    done = []
    for video in sorted(videos.glob("*.mp4")):
        for model in MODELS:
            target = cache / f"{video.stem}.{model}.npz"
            if not target.is_file():
                detect(video, model, target)
                done.append(target.stem)
                print(target.stem, flush=True)
    return done


def detect(video: Path, model: str, target: Path) -> None:
    """Write the landmarks of one video by the very steps of ``unkink analyze``."""
    times, rows, size = [], [], (0, 0)

    def pictures():  # noqa: ANN202
        nonlocal size
        for picture in iterate_pictures(video, n_threads=1):
            size = picture.rgb.shape[1], picture.rgb.shape[0]
            yield picture

    for found in follow(pictures(), model):
        times.append(found.t_s)
        rows.append(np.full((33, 4), np.nan, np.float32) if found.image is None else found.image)
    part = target.with_suffix(".part.npz")
    np.savez_compressed(
        part, t_s=np.array(times), image=np.array(rows, np.float32), width_px=size[0], height_px=size[1]
    )
    part.replace(target)
