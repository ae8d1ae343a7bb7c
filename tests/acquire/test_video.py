"""Videos as they come from phones, cameras and other people: true times, upright, and a reason where not."""

from __future__ import annotations

import gc
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from unkink.acquire.video import (
    LONGEST_PX,
    DecodingReport,
    Picture,
    decode_ahead,
    iterate_pictures,
    open_video,
)
from unkink.errors import MediaError

av = pytest.importorskip("av")

from acquire.videos import LOOPS, draw, write_sound, write_video  # noqa: E402 - after the packages it needs


def decode(path: Path, report: DecodingReport | None = None) -> list[Picture]:
    return list(iterate_pictures(path, report))


def why(path: Path) -> str:
    with pytest.raises(MediaError) as error:
        list(decode_ahead(iterate_pictures(path)))
    assert error.value.exit_code == 3
    return error.value.code


# ------------------------------------------------------------------------------------------------ true times


@pytest.mark.parametrize("rate", [5.0, 15.0, 29.97, 60.0, 240.0])
def test_times_are_those_of_the_file(tmp_path: Path, rate: float) -> None:
    pictures = decode(write_video(tmp_path / "a.mp4", draw(12), rate=rate))

    assert [p.t_s for p in pictures] == pytest.approx(np.arange(12) / rate, abs=1e-4)


def test_variable_rate_keeps_every_time(tmp_path: Path) -> None:
    times_s = [0.0, 0.05, 0.06, 0.4, 0.41, 2.0, 2.004, 2.5]
    pictures = decode(write_video(tmp_path / "a.mp4", draw(8), times_s=times_s))

    assert [p.t_s for p in pictures] == pytest.approx(times_s, abs=1e-4)


def test_time_counts_from_the_first_picture(tmp_path: Path) -> None:
    times_s = [7.0 + i / 10 for i in range(5)]
    pictures = decode(write_video(tmp_path / "a.mkv", draw(5), times_s=times_s))

    assert [p.t_s for p in pictures] == pytest.approx(np.arange(5) / 10, abs=1e-3)


def test_where_the_file_s_own_clock_begins_is_told(tmp_path: Path) -> None:
    report = DecodingReport()
    decode(write_video(tmp_path / "a.mkv", draw(5), times_s=[37.5 + i / 10 for i in range(5)]), report)

    assert report.first_s == pytest.approx(37.5, abs=1e-3)


def test_raw_stream_without_times_runs_evenly(tmp_path: Path) -> None:
    pictures = decode(write_video(tmp_path / "a.h264", draw(6)))

    times_s = np.array([p.t_s for p in pictures])
    assert len(times_s) == 6
    assert np.all(np.diff(times_s) > 0)


# -------------------------------------------------------------------------------- upright, and not too large

CORNERS = {
    (1, 0, 0, 1): "left above",
    (0, 1, -1, 0): "right above",
    (-1, 0, 0, -1): "right below",
    (0, -1, 1, 0): "left below",
    (-1, 0, 0, 1): "right above",
    (0, 1, 1, 0): "left above",
}


@pytest.mark.parametrize("matrix", CORNERS)
def test_picture_is_turned_as_the_camera_was_held(tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
    picture = decode(write_video(tmp_path / "a.mp4", draw(3, 64, 48), matrix=matrix))[0].rgb

    assert picture.shape == ((48, 64, 3) if matrix[0] else (64, 48, 3))
    assert picture.flags.c_contiguous
    height, width = picture.shape[:2]
    red = {
        "left above": picture[height // 4, width // 4],
        "right above": picture[height // 4, -width // 4],
        "left below": picture[-height // 4, width // 4],
        "right below": picture[-height // 4, -width // 4],
    }
    found = max(red, key=lambda corner: int(red[corner][0]) - int(red[corner][1]))
    assert found == CORNERS[matrix]


def test_4k_is_made_smaller_in_shape(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", draw(2, 3840, 2160))

    assert [p.rgb.shape for p in decode(path)] == [(720, LONGEST_PX, 3)] * 2


def test_4k_portrait_is_made_smaller_in_shape(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", draw(2, 3840, 2160), matrix=(0, 1, -1, 0))

    assert [p.rgb.shape for p in decode(path)] == [(LONGEST_PX, 720, 3)] * 2


def test_small_pictures_stay_as_they_are(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", draw(2, 64, 48))
    with av.open(str(path)) as container:
        plain = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]

    assert all(np.array_equal(p.rgb, q) for p, q in zip(decode(path), plain, strict=True))


def test_10_bit_looks_like_8_bit(tmp_path: Path) -> None:
    deep = decode(write_video(tmp_path / "a.mp4", draw(3), pix_fmt="yuv420p10le"))
    flat = decode(write_video(tmp_path / "b.mp4", draw(3)))

    for a, b in zip(deep, flat, strict=True):
        assert np.abs(a.rgb.astype(int) - b.rgb).mean() < 4


def test_light_and_change_are_told(tmp_path: Path) -> None:
    black, white = np.zeros((48, 64, 3), np.uint8), np.full((48, 64, 3), 255, np.uint8)
    pictures = decode(write_video(tmp_path / "a.mp4", [black, black, white, white]))

    assert [p.brightness_frac for p in pictures] == pytest.approx([0, 0, 1, 1], abs=0.03)
    assert [p.change_frac for p in pictures] == pytest.approx([0, 0, 1, 0], abs=0.03)


# --------------------------------------------------------------------------------- what is no video, and why


def test_missing_file(tmp_path: Path) -> None:
    assert why(tmp_path / "none.mp4") == "media-missing"


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    assert why(tmp_path / "a.mp4") == "video-empty"


@pytest.mark.parametrize("content", [b"dear diary, today\n" * 50, b"\0" * 4096, b"PK\3\4" + b"x" * 999])
def test_other_things_called_video(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    assert why(tmp_path / "a.mp4") == "video-none"


@pytest.mark.parametrize("name", ["a.txt", "a.png", "a.webp"])
def test_texts_and_stills_are_no_video(tmp_path: Path, name: str) -> None:
    if name.endswith("txt"):
        (tmp_path / name).write_text("a line of text\n" * 100, "utf-8")
    elif name.endswith("webp"):
        shutil.copyfile(LOOPS.parent / "stills" / "seated-twist.webp", tmp_path / name)
    else:
        write_video(tmp_path / name, draw(1), codec="png", pix_fmt="rgb24")
    assert why(tmp_path / name) == "video-none"


def test_sound_without_picture(tmp_path: Path) -> None:
    assert why(write_sound(tmp_path / "a.m4a")) == "video-sound"


def test_video_without_a_picture(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.avi"), "w") as container:
        stream = container.add_stream("mjpeg", rate=15)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        container.start_encoding()
    assert why(tmp_path / "a.avi") == "video-no-pictures"


def test_truncated_before_its_table_of_contents(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "a.mp4", draw(20)).read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: len(whole) // 2])
    assert why(tmp_path / "b.mp4") == "video-none"


def test_truncated_gives_what_is_there(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noisy = [rng.integers(0, 255, (48, 64, 3), dtype=np.uint8) for _ in range(40)]
    whole = write_video(tmp_path / "a.mp4", noisy, options={"movflags": "faststart"}).read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: len(whole) // 2])
    report = DecodingReport()
    pictures = decode(tmp_path / "b.mp4", report)

    assert 10 < len(pictures) < 30
    assert report.n_frames == len(pictures)
    declared_s = open_video(tmp_path / "b.mp4").duration_s
    assert declared_s is not None
    assert report.end_s < declared_s - 0.5


def test_damaged_in_the_middle_goes_on_behind_it(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.avi", draw(60), codec="mjpeg", pix_fmt="yuvj420p")
    data = bytearray(path.read_bytes())
    third = len(data) // 3
    data[third : third + 600] = b"\xff" * 600
    path.write_bytes(data)
    pictures = decode(path)

    assert len(pictures) > 40
    assert pictures[-1].t_s == pytest.approx(59 / 15, abs=0.1)


def test_list_of_addresses_is_not_followed(tmp_path: Path) -> None:
    lines = "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n"
    for name in ("a.m3u8", "a.mp4"):
        (tmp_path / name).write_text(lines, "utf-8")
        assert why(tmp_path / name) in {"video-playlist", "video-none"}


def test_name_with_odd_letters(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", draw(2)).rename(tmp_path / "http: 50% über%20#1 [x].mp4")
    assert len(decode(path)) == 2


# -------------------------------------------------------------------------------------------- decoding ahead


def test_decoding_ahead_changes_nothing(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", draw(25))
    ahead = list(decode_ahead(iterate_pictures(path)))

    assert [p.t_s for p in ahead] == [p.t_s for p in decode(path)]
    assert all(np.array_equal(a.rgb, b.rgb) for a, b in zip(ahead, decode(path), strict=True))


def test_decoding_ahead_waits(tmp_path: Path) -> None:
    made = []

    def make():
        for picture in iterate_pictures(path):
            made.append(picture.t_s)
            yield picture

    path = write_video(tmp_path / "a.mp4", draw(40))
    pictures = decode_ahead(make(), n_ahead=2)
    next(pictures)
    threading.Event().wait(0.3)
    # one taken, two waiting, one in hand
    assert len(made) <= 4
    pictures.close()
    assert threading.active_count() == 1 or all(t.name != "unkink-decoding" for t in threading.enumerate())


def test_no_picture_outlives_its_turn(tmp_path: Path) -> None:
    """Frames that refer to themselves would wait for Python's collector, a hundred megabytes of them."""
    path = write_video(tmp_path / "a.mp4", draw(40))
    gc.collect()
    gc.disable()
    try:
        for _ in iterate_pictures(path):
            n_frames = sum(isinstance(one, av.VideoFrame) for one in gc.get_objects())
        assert n_frames <= 8
    finally:
        gc.enable()


def test_decoding_ahead_carries_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"")
    with pytest.raises(MediaError, match="video-empty"):
        list(decode_ahead(iterate_pictures(tmp_path / "a.mp4")))
