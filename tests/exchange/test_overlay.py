"""The video again with what was measured on it: same times, same size, the same bytes twice."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builders import make_rulebook
from exchange.cases import make_summary, make_twist
from unkink.acquire.recorded import Recording, RecordingFile
from unkink.body.landmarks import LandmarkSeries
from unkink.body.quantities import INDEX, QuantitySeries
from unkink.exchange.overlay import write_overlay
from unkink.exchange.overlay_picture import Painter
from unkink.exchange.overlay_script import Script
from unkink.exchange.wording import load_wording

av = pytest.importorskip("av", reason="videos are read and written with the extra `video`")

WORDING = load_wording()


def make_points(n: int = 1) -> np.ndarray:
    """Somebody who stands in the middle with arms out, every landmark seen."""
    points = np.zeros((n, 33, 4))
    points[..., 3] = 1.0
    points[..., :2] = 0.5
    spots = {
        11: (0.6, 0.3),
        12: (0.4, 0.3),
        13: (0.7, 0.35),
        14: (0.3, 0.35),
        15: (0.8, 0.4),
        16: (0.2, 0.4),
        23: (0.55, 0.6),
        24: (0.45, 0.6),
        25: (0.55, 0.75),
        26: (0.45, 0.75),
        27: (0.55, 0.9),
        28: (0.45, 0.9),
    }
    for idx, spot in spots.items():
        points[:, idx, :2] = spot
    return points


def make_recording(times_s: list[float]) -> RecordingFile:
    series = LandmarkSeries(
        t_s=np.array(times_s), image=make_points(len(times_s)), world=None, width_px=320, height_px=240
    )
    recording = Recording(series=series, metadata={})
    return RecordingFile(
        n_frames=len(times_s), width_px=320, height_px=240, metadata={}, read=recording.chunks
    )


def make_video(path: Path, times_s: list[float], width: int = 320, height: int = 240) -> Path:
    """A grey video whose pictures come at the given times; FFV1, which takes any size."""
    with av.open(str(path), "w", format="matroska") as container:
        stream: Any = container.add_stream("ffv1", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv444p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for t_s in times_s:
            frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), 90, np.uint8), format="rgb24")
            frame = frame.reformat(format="yuv444p")
            frame.pts, frame.time_base = round(t_s * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def draw(path: Path, video: Path, times_s: list[float], **more: Any) -> Path:
    exercise = make_rulebook().exercise("seated-twist")
    recording = more.pop("recording", None) or make_recording(times_s)
    write_overlay(video, recording, make_twist(), make_summary(), exercise, path, **more)
    return path


def read(path: Path) -> tuple[list[float], list[np.ndarray], Any]:
    with av.open(str(path)) as container:
        assert not container.streams.audio
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        about = (stream.codec_context.name, stream.codec_context.pix_fmt, stream.width, stream.height)
    return [float(f.time) for f in frames], [f.to_ndarray(format="rgb24") for f in frames], about


def script(summary: dict[str, Any] | None = None, exercise_id: str = "seated-twist") -> Script:
    exercise = make_rulebook().exercise(exercise_id)
    return Script.make(make_twist(), make_summary() if summary is None else summary, exercise, WORDING)


def test_uneven_times_are_kept_to_the_millisecond(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.05, 0.31, 0.32, 1.5, 1.533, 4.0]
    video = make_video(tmp_path / "a.mkv", times)
    found, _, about = read(draw(tmp_path / "b.mp4", video, times))
    np.testing.assert_allclose(found, times, atol=6e-4)
    assert about == ("h264", "yuv420p", 320, 240)


def test_odd_sizes_become_even_and_nothing_is_lost(tmp_path: Path) -> None:
    times = [i / 10 for i in range(5)]
    video = make_video(tmp_path / "a.mkv", times, 161, 121)
    found, pictures, about = read(draw(tmp_path / "b.mp4", video, times))
    assert about[2:] == (162, 122)
    assert len(found) == 5
    # the padding repeats the edge: no dark line
    assert abs(int(pictures[2][60, 161, 0]) - 90) < 12


def test_the_same_video_gives_the_same_bytes(tmp_path: Path) -> None:
    times = [i / 15 for i in range(30)]
    video = make_video(tmp_path / "a.mkv", times)
    first, second = draw(tmp_path / "b.mp4", video, times), draw(tmp_path / "c.mp4", video, times)
    assert first.read_bytes() == second.read_bytes()


def test_it_plays_while_it_loads(tmp_path: Path) -> None:
    times = [i / 15 for i in range(10)]
    data = draw(tmp_path / "b.mp4", make_video(tmp_path / "a.mkv", times), times).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_a_picture_without_landmarks_has_no_skeleton(tmp_path: Path) -> None:
    times = [i / 10 for i in range(20)]
    video = make_video(tmp_path / "a.mkv", times)
    recording = make_recording(times[:10])
    told: list[float] = []
    _, pictures, _ = read(draw(tmp_path / "b.mp4", video, times, recording=recording, tell=told.append))
    # between the shoulders, where the lit line goes
    assert abs(int(pictures[5][72, 160, 0]) - int(pictures[5][72, 160, 2])) > 30
    assert abs(int(pictures[18][72, 160, 0]) - int(pictures[18][72, 160, 2])) < 12
    assert told == pytest.approx(times)


def test_the_moment_of_a_hold_says_side_seconds_and_noise() -> None:
    moment = script().at(15.0)
    assert moment.hold == "right"
    assert moment.ring is not None
    assert (moment.ring.number, moment.ring.word) == ("5 s", "held right")
    assert moment.ring.share == pytest.approx(0.5)
    assert [reading.text for reading in moment.readings] == ["40° ± 3° to the right"]
    assert script().at(30.0).readings[0].text == "30° ± 3° to the left"
    assert script().at(22.5).ring is None


def test_faults_and_pauses_are_said_while_they_last() -> None:
    summary = make_summary(
        faults=[{"id": "slouched", "start_s": 5.0, "end_s": 6.0, "blocks_count": True}],
        tracking={"pauses": [{"reason": "lost", "start_s": 7.0, "end_s": 8.0}]},
    )
    moments = script(summary)
    assert moments.at(5.5).chips == (("Rounded forward", "warm"),)
    assert moments.at(7.5).chips == (("Nobody to be seen", "warm"),)
    assert moments.at(6.5).chips == ()
    assert moments.at(0.5).chips == (("Resting position", "plain"),)


def test_repetitions_are_counted_as_they_end() -> None:
    times = [{"start_s": 5.0, "end_s": 9.0}, {"start_s": 9.0, "end_s": 13.0}]
    moments = script(make_summary(sides={}, repetition_times=times), "wall-angels")
    numbers = [moments.at(t).ring for t in (4.0, 7.0, 9.5, 20.0)]
    assert [ring.number for ring in numbers if ring] == ["0", "0", "1", "2"]
    assert [reading.text for reading in moments.at(4.0).readings] == ["left arm 0° ± 3°", "right arm 0° ± 3°"]


def test_numbers_that_are_not_near_are_not_said() -> None:
    moments = script()
    assert moments.at(45.0).readings[0].text == "\N{EN DASH}"
    blank = make_twist()
    blank.values[:, INDEX["shoulder_turn_deg"]] = np.nan
    exercise = make_rulebook().exercise("seated-twist")
    assert Script.make(blank, {}, exercise, WORDING).at(3.0).readings[0].text == "\N{EN DASH}"
    none = QuantitySeries(t_s=blank.t_s[:0], values=blank.values[:0], sds=blank.sds[:0])
    assert Script.make(none, {}, exercise, WORDING).at(3.0).readings == ()


@pytest.mark.parametrize("size", [(640, 480), (17, 9), (1, 1), (90, 1280), (1280, 90)])
@pytest.mark.parametrize(
    "exercise_id", ["seated-twist", "standing-side-stretch", "wall-angels", "foam-roller"]
)
def test_any_size_and_any_landmarks_can_be_drawn(size: tuple[int, int], exercise_id: str) -> None:
    from unkink.coach.counting import main_quantities

    painter = Painter.make(*size, main_quantities(make_rulebook().exercise(exercise_id))[0])
    rgb = np.full((size[1], size[0], 3), 90, np.uint8)
    moments = script(exercise_id=exercise_id)
    points = make_points()[0]
    partly = points.copy()
    partly[11:17] = np.nan
    far = points * 50.0 - 20.0
    faint = points * (1, 1, 1, 0.1)
    for case in (points, partly, far, faint, np.full((33, 4), np.nan), None):
        painter.paint(rgb, case, moments.at(15.0))
        assert (painter.pixels[..., 3] == 255).all()
