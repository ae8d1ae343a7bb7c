"""From pictures to landmarks of one person: MediaPipe's pose landmarker, and whom it follows.

In: pictures in the order of time. Out: per picture the person's landmarks, or none. Nothing is fetched: the
models lie in the package, and the pinned version talks to nobody. Next file: :mod:`unkink.acquire.recorded`.

Looking for several people in every picture would make the landmarker 1.6 times slower, and worse for the one
who matters. So it follows one; now and then a second landmarker counts who is there. Whoever is nearest is
followed, and somebody who only walks by in front is not: that takes three counts in a row.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from unkink.body.landmarks import N_LANDMARKS, Landmark
from unkink.errors import MediaError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unkink.acquire.video import Picture

MODELS = ("lite", "full", "heavy")
MODEL_DIR = Path(__file__).resolve().parents[1] / "front" / "static" / "pose"
"""The build puts the models where the page finds them too."""

_COUNT_MODEL = "lite"
_MOST_PEOPLE = 4
_COUNTS_AT_FIRST = (0, 15, 45)
"""Pictures after the first sight of a person at which people are counted."""
_COUNT_EVERY = 120
"""Pictures between counts afterwards: about 1 % of the time."""
_NEARER = 1.25
"""How much larger somebody has to be to count as nearer."""
_N_STEADY = 3

_CUT_FRAC = 0.03
_CUT_RATIO = 6.0
_N_QUIET = 15

_TRUNK = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
_ROOM = 0.6
"""Room around a person's landmarks, in trunk lengths, when all others are painted over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in one picture."""

    t_s: float
    image: NDArray[np.float32] | None
    """(33, 4): x, y, z, visibility as in :class:`~unkink.body.landmarks.LandmarkSeries`; None: nobody."""
    world: NDArray[np.float32] | None
    """(33, 4), metres."""
    n_persons: int
    """People at the last count, 0 where nobody is followed."""
    brightness_frac: float | None


@dataclass(slots=True, kw_only=True)
class FollowingReport:
    """What was noticed on the way."""

    n_seen: int = 0
    most_people: int = 0
    cuts_s: list[float] = field(default_factory=list)
    """Times at which the whole picture changed at once."""
    n_switched: int = 0
    """How often somebody nearer was followed instead."""


def find_model(name: str, folder: Path = MODEL_DIR) -> Path:
    """Return the file of a model, ``lite``, ``full`` or ``heavy``.

    Raises
    ------
    MediaError
        ``model-missing``: the package was not built whole.
    """
    path = folder / f"pose_landmarker_{name}.task"
    if not path.is_file():
        code = "model-missing"
        raise MediaError(code, "problem.model-missing", params={"name": name}, hint="make ui")
    return path


class Landmarker:
    """MediaPipe's landmarker, on the processor; to be closed.

    Parameters
    ----------
    model : Path
    is_following : bool
        Pictures follow each other and one person is tracked, or every picture stands for itself.
    n_persons : int
        The most people looked for.
    """

    def __init__(self, model: Path, *, is_following: bool = True, n_persons: int = 1) -> None:
        vision = _load_mediapipe()
        options = vision.PoseLandmarkerOptions(
            base_options=vision.BaseOptions(model_asset_path=str(model)),
            running_mode=vision.RunningMode.VIDEO if is_following else vision.RunningMode.IMAGE,
            num_poses=n_persons,
        )
        self._image = vision.Image
        self._format = vision.ImageFormat.SRGB
        self._is_following = is_following
        self._landmarker = vision.PoseLandmarker.create_from_options(options)
        self._latest_ms = -1

    def find(
        self, rgb: NDArray[np.uint8], t_s: float = 0.0
    ) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Return image and world landmarks, (33, 4) each, of everybody found in a picture (H, W, 3)."""
        picture = self._image(image_format=self._format, data=rgb)
        if self._is_following:
            # It counts in whole milliseconds, and every picture needs a later one; ours keep their own time.
            self._latest_ms = max(self._latest_ms + 1, round(t_s * 1000))
            result = self._landmarker.detect_for_video(picture, self._latest_ms)
        else:
            result = self._landmarker.detect(picture)
        return [
            (_to_array(image), _to_array(world))
            for image, world in zip(result.pose_landmarks, result.pose_world_landmarks, strict=True)
        ]

    def close(self) -> None:
        """Give back what it holds."""
        self._landmarker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def follow(pictures: Iterator[Picture], model: str, report: FollowingReport | None = None) -> Iterator[Found]:
    """Find the landmarks of one person in every picture.

    Parameters
    ----------
    pictures : iterator of Picture
    model : ``lite``, ``full`` or ``heavy``
    report : FollowingReport, optional
        Filled in on the way.

    Yields
    ------
    Found
        One for each picture, in the same order; the same pictures give the same numbers.
    """
    follower = _Follower(find_model(model), report or FollowingReport())
    try:
        for picture in pictures:
            yield follower.see(picture)
    finally:
        follower.close()


class _Follower:
    """Follows the nearest and steadiest person through a video."""

    def __init__(self, model: Path, report: FollowingReport) -> None:
        self._model = model
        self._report = report
        self._landmarker = Landmarker(model)
        self._counter: Landmarker | None = None
        self._quiet: deque[float] = deque(maxlen=_N_QUIET)
        self._n_since_found = -1
        """Pictures since the person was found; -1: nobody is followed."""
        self._n_persons = 0
        self._n_nearer = 0

    def see(self, picture: Picture) -> Found:
        """Take the next picture."""
        if self._is_cut(picture.change_frac):
            self._report.cuts_s.append(round(picture.t_s, 3))
            self._restart()
        found = self._landmarker.find(picture.rgb, picture.t_s)
        if not found:
            self._n_since_found, self._n_persons, self._n_nearer = -1, 0, 0
            return self._tell(picture, None)
        self._n_since_found += 1
        if self._n_since_found in _COUNTS_AT_FIRST or self._n_since_found % _COUNT_EVERY == 0:
            found = self._count(picture, found[0]) or found
        return self._tell(picture, found[0])

    def close(self) -> None:
        self._landmarker.close()
        if self._counter is not None:
            self._counter.close()

    def _tell(self, picture: Picture, pose: tuple[NDArray[np.float32], NDArray[np.float32]] | None) -> Found:
        self._report.n_seen += pose is not None
        self._report.most_people = max(self._report.most_people, self._n_persons)
        image, world = pose if pose is not None else (None, None)
        return Found(
            t_s=picture.t_s,
            image=image,
            world=world,
            n_persons=self._n_persons,
            brightness_frac=picture.brightness_frac,
        )

    def _is_cut(self, change_frac: float) -> bool:
        usual = median(self._quiet) if self._quiet else 0.0
        is_cut = change_frac > max(_CUT_FRAC, _CUT_RATIO * usual)
        self._quiet.append(change_frac)
        return is_cut

    def _restart(self) -> None:
        """Forget whom it followed."""
        self._landmarker.close()
        self._landmarker = Landmarker(self._model)
        self._n_since_found, self._n_persons, self._n_nearer = -1, 0, 0

    def _count(self, picture: Picture, followed: Any) -> Any:
        """Count the people, and follow another one if that one is nearer; gives the new one's landmarks."""
        if self._counter is None:
            self._counter = Landmarker(find_model(_COUNT_MODEL), is_following=False, n_persons=_MOST_PEOPLE)
        others = [
            pose for pose in self._counter.find(picture.rgb) if not _is_same(pose[0], followed[0], picture)
        ]
        self._n_persons = 1 + len(others)
        nearest = max(others, key=lambda pose: _measure_size_px(pose[0], picture), default=None)
        is_nearer = nearest is not None and (
            _measure_size_px(nearest[0], picture) > _NEARER * _measure_size_px(followed[0], picture)
        )
        self._n_nearer = self._n_nearer + 1 if is_nearer else 0
        if nearest is None or not is_nearer or (self._n_since_found > 0 and self._n_nearer < _N_STEADY):
            return None
        return self._switch(picture, nearest[0])

    def _switch(self, picture: Picture, person: NDArray[np.float32]) -> Any:
        """Show a new landmarker this person alone: it then stays with whom it has found."""
        n_persons, n_since_found = self._n_persons, self._n_since_found
        self._restart()
        found = self._landmarker.find(_paint_over_others(picture.rgb, person), picture.t_s)
        self._report.n_switched += 1
        # where it finds nobody, it looks again at the whole next picture
        self._n_persons, self._n_since_found = n_persons, n_since_found if found else -1
        return found


def _measure_size_px(image: NDArray[np.float32], picture: Picture) -> float:
    """Return how large a person is: the extent of the trunk, in pixels; it survives a turn and a bend."""
    height, width = picture.rgb.shape[:2]
    points = image[list(_TRUNK), :2] * np.array([width, height], dtype=np.float32)
    return float(np.hypot(*(points.max(axis=0) - points.min(axis=0))))


def _is_same(a: NDArray[np.float32], b: NDArray[np.float32], picture: Picture) -> bool:
    """Tell whether two finds are one person: their trunks lie over each other."""
    height, width = picture.rgb.shape[:2]
    size = np.array([width, height], dtype=np.float32)
    apart_px = np.linalg.norm((a[list(_TRUNK), :2] - b[list(_TRUNK), :2]) * size, axis=1).mean()
    return bool(apart_px < 0.5 * max(_measure_size_px(a, picture), _measure_size_px(b, picture)))


def _paint_over_others(rgb: NDArray[np.uint8], person: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the picture with everything grey but the surroundings of one person."""
    height, width = rgb.shape[:2]
    points = person[:, :2] * np.array([width, height], dtype=np.float32)
    trunk = points[list(_TRUNK)]
    room = _ROOM * float(np.hypot(*(trunk.max(axis=0) - trunk.min(axis=0))))
    left, top = np.floor(points.min(axis=0) - room).astype(int).clip(0)
    right, bottom = np.ceil(points.max(axis=0) + room).astype(int)
    painted = np.full_like(rgb, 128)
    painted[top:bottom, left:right] = rgb[top:bottom, left:right]
    return painted


def _to_array(landmarks: Any) -> NDArray[np.float32]:
    return np.array([(p.x, p.y, p.z, p.visibility) for p in landmarks], dtype=np.float32).reshape(
        N_LANDMARKS, 4
    )


def _load_mediapipe() -> Any:
    """Import MediaPipe without its chatter.

    Raises
    ------
    MediaError
        ``video-extra`` where it is not installed, ``video-libraries`` where the system lacks what it needs.
    """
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from mediapipe import Image, ImageFormat
        from mediapipe.tasks.python import BaseOptions
        from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode
    except ModuleNotFoundError:
        code = "video-extra"
        raise MediaError(code, "problem.video-extra", hint='pip install "unkink[video]"') from None
    except (ImportError, OSError):
        code = "video-libraries"
        hint = "sudo apt-get install libegl1 libgles2 libgl1 libglib2.0-0"
        raise MediaError(code, "problem.video-libraries", hint=hint) from None
    return _Vision(
        Image=Image,
        ImageFormat=ImageFormat,
        BaseOptions=BaseOptions,
        PoseLandmarker=PoseLandmarker,
        PoseLandmarkerOptions=PoseLandmarkerOptions,
        RunningMode=RunningMode,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vision:
    """The parts of MediaPipe that are used."""

    Image: Any
    ImageFormat: Any
    BaseOptions: Any
    PoseLandmarker: Any
    PoseLandmarkerOptions: Any
    RunningMode: Any
