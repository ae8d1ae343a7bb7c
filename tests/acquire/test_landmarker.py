"""Whom the landmarker follows, and that it tells nobody."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from unkink.acquire import landmarker
from unkink.acquire.landmarker import MODEL_DIR, MODELS, FollowingReport, Found, find_model, follow
from unkink.acquire.video import Picture
from unkink.body.landmarks import Landmark
from unkink.errors import MediaError

pytest.importorskip("av")
pytest.importorskip("mediapipe")

from acquire.videos import load_people

pytestmark = pytest.mark.skipif(
    not all((MODEL_DIR / f"pose_landmarker_{m}.task").is_file() for m in MODELS),
    reason="the pose models are not built: make ui",
)

BLACK = np.zeros((480, 640, 3), dtype=np.uint8)


def show(
    pictures: Iterable[np.ndarray], rate: float = 15.0, *, is_one_scene: bool = False
) -> Iterator[Picture]:
    """Give pictures as the decoder would."""
    before = None
    for i, rgb in enumerate(pictures):
        light = rgb[::10, ::10].mean(axis=2) / 255
        change = 0.0 if before is None or is_one_scene else float(np.abs(light - before).mean())
        before = light
        yield Picture(t_s=i / rate, rgb=rgb, brightness_frac=float(light.mean()), change_frac=change)


def find(
    pictures: Iterable[np.ndarray], model: str = "lite", rate: float = 15.0, *, is_one_scene: bool = False
) -> tuple[list[Found], FollowingReport]:
    report = FollowingReport()
    return list(follow(show(pictures, rate, is_one_scene=is_one_scene), model, report)), report


def middle(found: Found) -> float:
    """Where the person's shoulders are, 0 (left edge) to 1."""
    assert found.image is not None
    return float(found.image[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 0].mean())


def shrink(picture: np.ndarray) -> np.ndarray:
    """Show the same scene from about one and a half times as far."""
    small = np.full_like(picture, 200)
    rows, columns = np.linspace(0, 479, 320).astype(int), np.linspace(0, 639, 427).astype(int)
    small[100:420, 100:527] = picture[rows][:, columns]
    return small


def beside(left: list[np.ndarray], right: list[np.ndarray]) -> list[np.ndarray]:
    return [np.hstack([a[:, 100:540], b[:, 100:540]]) for a, b in zip(left, right, strict=True)]


@pytest.fixture(scope="module")
def twist() -> list[np.ndarray]:
    return load_people("seated-twist", n=24, step=2)


@pytest.fixture(scope="module")
def stretch() -> list[np.ndarray]:
    return load_people("standing-side-stretch", n=24, step=2)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_sees_the_person(twist: list[np.ndarray], model: str) -> None:
    found, report = find(twist[:4], model)

    assert report.n_seen == 4
    for one in found:
        assert one.image is not None
        assert one.world is not None
        assert one.image.shape == one.world.shape == (33, 4)
        assert one.image[Landmark.NOSE, 1] < one.image[Landmark.LEFT_HIP, 1]


def test_the_same_pictures_give_the_same_numbers(twist: list[np.ndarray]) -> None:
    first, again = find(twist[:10])[0], find(twist[:10])[0]

    for a, b in zip(first, again, strict=True):
        assert np.array_equal(a.image, b.image)
        assert np.array_equal(a.world, b.world)


def test_true_times_are_kept_where_milliseconds_are_too_coarse(twist: list[np.ndarray]) -> None:
    found, report = find(twist[:12], rate=2400.0)

    assert [one.t_s for one in found] == [i / 2400 for i in range(12)]
    assert report.n_seen == 12


@pytest.mark.parametrize("picture", [BLACK, np.full((480, 640, 3), 128, np.uint8)])
def test_nobody_is_nobody(picture: np.ndarray) -> None:
    found, report = find([picture] * 3)

    assert [one.image for one in found] == [None] * 3
    assert report.n_seen == report.most_people == 0


def test_portrait_is_followed_as_well(twist: list[np.ndarray]) -> None:
    found, report = find([np.ascontiguousarray(picture[:, 160:480]) for picture in twist[:5]])

    assert report.n_seen == 5
    assert 0.2 < middle(found[-1]) < 0.8


def test_person_leaves_and_returns(twist: list[np.ndarray]) -> None:
    empty = np.full_like(twist[0], 200)
    found, _ = find([*twist[:6], *[empty] * 5, *twist[6:12]])

    assert [one.image is None for one in found[8:11]] == [True] * 3
    assert all(one.image is not None for one in (*found[:6], *found[12:]))


def test_cut_is_noticed_and_the_person_looked_for_anew(
    twist: list[np.ndarray], stretch: list[np.ndarray]
) -> None:
    found, report = find([*twist[:12], *stretch[:6]])
    alone, _ = find(stretch[:6])

    assert report.cuts_s == [pytest.approx(12 / 15, abs=1e-3)]
    # nothing of the scene before is left in the one after
    assert np.array_equal(found[12].image, alone[0].image)


def test_one_scene_has_no_cut(twist: list[np.ndarray], stretch: list[np.ndarray]) -> None:
    assert find(twist)[1].cuts_s == find(stretch)[1].cuts_s == []


def test_two_people_are_counted(twist: list[np.ndarray], stretch: list[np.ndarray]) -> None:
    _, report = find(beside(twist[:18], stretch[:18]))

    assert report.most_people == 2


@pytest.mark.parametrize("is_left", [True, False])
def test_the_nearest_is_followed(twist: list[np.ndarray], is_left: bool) -> None:
    far = [shrink(picture) for picture in twist]
    pictures = beside(twist, far) if is_left else beside(far, twist)
    found, report = find(pictures)

    assert report.most_people == 2
    assert all((middle(one) < 0.5) == is_left for one in found)


def test_somebody_who_walks_by_in_front_is_not_followed(twist: list[np.ndarray]) -> None:
    far = [shrink(picture) for picture in twist]
    empty = [np.full_like(picture, 200) for picture in twist]
    # alone at first; then somebody nearer for a few pictures
    pictures = beside(far[:12], empty[:12]) + beside(far[12:20], twist[12:20]) + beside(far[20:], empty[20:])
    found, report = find(pictures, is_one_scene=True)

    assert report.most_people == 2
    assert report.n_switched == 0
    assert all(middle(one) < 0.5 for one in found)


def test_somebody_nearer_who_stays_is_followed(
    twist: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landmarker, "_COUNT_EVERY", 4)
    far = [shrink(picture) for picture in twist]
    empty = [np.full_like(picture, 200) for picture in twist]
    found, report = find(beside(far[:4], empty[:4]) + beside(far[4:], twist[4:]), is_one_scene=True)

    assert report.n_switched == 1
    assert all(middle(one) < 0.5 for one in found[:12])
    assert all(middle(one) > 0.5 for one in found[20:])


def test_missing_model_says_what_builds_it(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="model-missing") as error:
        find_model("heavy", tmp_path)
    assert error.value.hint == "make ui"


NETWORK_IS_OFF = """
import socket, sys
def refuse(*args, **kwargs):
    print("asked", args, file=sys.stdout)
    raise OSError("no network here")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
import numpy as np
from unkink.acquire.landmarker import Landmarker, find_model
with Landmarker(find_model("lite")) as landmarker:
    for i in range(3):
        landmarker.find(np.zeros((48, 64, 3), np.uint8), i / 10)
print("done")
"""


def test_nothing_is_asked_of_the_network(tmp_path: Path) -> None:
    """MediaPipe's own code is not Python: where the system can, its calls are looked at as well."""
    calls = tmp_path / "calls"
    watched = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o", str(calls)]
    is_watched = shutil.which("strace") is not None and (
        subprocess.run([*watched, "true"], capture_output=True, check=False).returncode == 0
    )
    told = subprocess.run(
        [*(watched if is_watched else []), sys.executable, "-c", NETWORK_IS_OFF],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert told.stdout == "done\n"
    if is_watched:
        assert [line for line in calls.read_text("utf-8").splitlines() if "AF_INET" in line] == []
