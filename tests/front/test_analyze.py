"""``unkink analyze`` from the outside: files of every kind in, whole results, reasons and exit codes out."""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unkink.acquire.landmarker import MODEL_DIR, MODELS
from unkink.acquire.recorded import open_recording

av = pytest.importorskip("av")
pytest.importorskip("mediapipe")

from acquire.videos import DEMOS, draw, load_people, write_sound, write_video  # noqa: E402

pytestmark = pytest.mark.skipif(
    not all((MODEL_DIR / f"pose_landmarker_{model}.task").is_file() for model in MODELS),
    reason="the pose models are not built: make ui",
)

RESULTS = {
    "angles.parquet",
    "landmarks.parquet",
    "plot.png",
    "plot.svg",
    "summary.json",
    "thumbnail.jpg",
}
GREY = np.full((240, 320, 3), 128, dtype=np.uint8)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def command(*args: object) -> list[str]:
    return [sys.executable, "-m", "unkink", "analyze", *map(str, args)]


def run(*args: object, **how: Any) -> Ran:
    done = subprocess.run(
        command(*args), capture_output=True, text=True, check=False, timeout=300, env=quiet(), **how
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def quiet() -> dict[str, str]:
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def read_index(out: Path) -> dict[str, dict[str, str]]:
    with (out / "index.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def assert_nothing_half_done(out: Path) -> None:
    """Whatever has a final name is whole, and nothing else is left."""
    import pyarrow.parquet as pq

    own = {path.name for path in (out / ".unkink").iterdir()}
    assert own <= {"folders.json", "lock"}
    for folder in out.iterdir():
        if not folder.is_dir() or folder.name == ".unkink":
            continue
        names = {path.name for path in folder.iterdir()}
        assert names <= {*RESULTS, "overlay.mp4"}
        if "summary.json" in names:
            assert names >= RESULTS - {"thumbnail.jpg"}
            json.loads((folder / "summary.json").read_text("utf-8"))
        for name in names:
            if name.endswith(".parquet"):
                pq.read_table(folder / name)
            elif name.endswith(".svg"):
                assert (folder / name).read_text("utf-8").rstrip().endswith("</svg>")


# --------------------------------------------------------------------------------------- files of every kind


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of good and of bad videos, each of a second or so."""
    folder = tmp_path_factory.mktemp("zoo")
    twist = load_people("seated-twist", n=16, step=3)
    stretch = load_people("standing-side-stretch", n=16, step=3)
    small = [picture[::2, ::2] for picture in twist]
    write_video(folder / "plain.mp4", small)
    write_video(folder / "portrait.mp4", [np.rot90(p[:, 80:240]) for p in small], matrix=(0, 1, -1, 0))
    write_video(folder / "4k.mp4", [p.repeat(6, axis=0).repeat(6, axis=1)[:2160] for p in twist[:3]])
    write_video(folder / "10-bit.mp4", small, pix_fmt="yuv420p10le")
    write_video(folder / "5-a-second.mp4", small, rate=5.0)
    write_video(folder / "240-a-second.mp4", small * 3, rate=240.0)
    write_video(folder / "cut.mp4", [*twist[:9], *stretch[:7]])
    away = [np.full_like(small[0], 200)] * 24
    write_video(folder / "away.mp4", [*small[:8], *away, *small[8:]])
    sides = [np.hstack([a[:, 100:540], b[:, 100:540]]) for a, b in zip(twist, stretch, strict=True)]
    write_video(folder / "two.mp4", sides)
    whole = write_video(folder / "broken-off.mp4", small * 4, options={"movflags": "faststart"})
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    write_video(folder / "nobody.mp4", [GREY] * 5)
    write_video(folder / "black.mp4", [GREY * 0] * 5)
    write_sound(folder / "sound.mp4")
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "no-video.mp4").write_text("not at all\n" * 99, "utf-8")
    cut_short = write_video(folder / "cut-short.mp4", small)
    cut_short.write_bytes(cut_short.read_bytes()[: cut_short.stat().st_size // 2])
    with av.open(str(folder / "no-pictures.avi"), "w") as container:
        stream = container.add_stream("mjpeg", rate=15)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        container.start_encoding()
    (folder / "README.txt").write_text("what these are\n", "utf-8")
    np.savez(folder / "other.npz", numbers=np.arange(3))
    return folder


GOOD = {
    "plain.mp4": "",
    "portrait.mp4": "",
    "4k.mp4": "",
    "10-bit.mp4": "",
    "5-a-second.mp4": "pictures a second",
    "240-a-second.mp4": "",
    "cut.mp4": "a cut, perhaps",
    "away.mp4": "out of sight once",
    "two.mp4": "Up to 2 people",
    "broken-off.mp4": "breaks off",
}
BAD = {
    "nobody.mp4": "Nobody was seen",
    "black.mp4": "the picture is black",
    "sound.mp4": "sound and no picture",
    "empty.mp4": "empty file",
    "no-video.mp4": "is not a video",
    "cut-short.mp4": "is not a video",
    "no-pictures.avi": "no picture that can be decoded",
}


@pytest.fixture(scope="module")
def ran(zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    out = tmp_path_factory.mktemp("ran") / "results"
    return run(zoo, "--exercise", "seated-twist", "--model", "lite", "--out", out, "--jobs", 2), out


def test_one_bad_file_never_stops_the_others(ran: tuple[Ran, Path]) -> None:
    done, out = ran
    index = read_index(out)

    assert done.code == 3
    assert set(index) == {*GOOD, *BAD}
    assert {name for name, row in index.items() if row["status"] == "done"} == set(GOOD)
    assert {name for name, row in index.items() if row["status"] == "failed"} == set(BAD)
    assert f"{len(GOOD)} analysed, 0 kept from before, {len(BAD)} not" in done.out
    assert_nothing_half_done(out)


@pytest.mark.parametrize("name", GOOD)
def test_good_file_has_all_its_results(ran: tuple[Ran, Path], name: str) -> None:
    row = read_index(ran[1])[name]
    folder = ran[1] / row["folder"]
    summary = json.loads((folder / "summary.json").read_text("utf-8"))

    assert {path.name for path in folder.iterdir()} == RESULTS
    assert row["folder"] == Path(name).stem
    assert GOOD[name] in row["warnings"]
    assert bool(GOOD[name]) == bool([w for w in summary["analysis"]["warnings"] if "neutral" not in w["key"]])
    assert summary["exercise"] == "seated-twist"
    assert summary["analysis"]["source"]["name"] == name
    assert (folder / "thumbnail.jpg").read_bytes()[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_named_with_its_reason(ran: tuple[Ran, Path], name: str) -> None:
    done, out = ran
    row = read_index(out)[name]

    assert BAD[name] in row["reason"]
    assert row["folder"] == ""
    assert not (out / Path(name).stem).exists()
    (line,) = [line for line in done.err.splitlines() if f"/{name}: " in line]
    assert BAD[name] in line


def test_times_and_shape_of_the_file_are_kept(ran: tuple[Ran, Path]) -> None:
    rates = {"5-a-second": 5.0, "240-a-second": 240.0, "plain": 15.0}
    for name, rate in rates.items():
        series = next(open_recording(ran[1] / name / "landmarks.parquet").chunks())
        assert series.t_s == pytest.approx(np.arange(len(series)) / rate, abs=1e-4)
        assert np.isfinite(series.image).all()
    sizes = {"portrait": (160, 240), "4k": (1280, 720), "plain": (320, 240)}
    for name, size in sizes.items():
        opened = open_recording(ran[1] / name / "landmarks.parquet")
        assert (opened.width_px, opened.height_px) == size


def test_results_name_no_place_on_this_computer(ran: tuple[Ran, Path], zoo: Path) -> None:
    for name, content in read_all(ran[1]).items():
        if not name.startswith("index."):
            assert os.fsencode(zoo) not in content, name


def test_second_run_keeps_what_is_finished(ran: tuple[Ran, Path], zoo: Path) -> None:
    before = read_all(ran[1])
    again = run(zoo, "--exercise", "seated-twist", "--model", "lite", "--out", ran[1])

    assert again.code == 3
    assert f"0 analysed, {len(GOOD)} kept from before, {len(BAD)} not" in again.out
    assert "plain.mp4: kept from before" in again.out
    assert read_all(ran[1]) == before


def test_same_bytes_whatever_the_number_of_jobs(ran: tuple[Ran, Path], zoo: Path, tmp_path: Path) -> None:
    names = ("cut", "plain", "two")
    inputs = [zoo / f"{name}.mp4" for name in names]
    again = run(*inputs, "--exercise", "seated-twist", "--model", "lite", "--out", tmp_path / "o")

    assert again.code == 0
    for name in names:
        assert read_all(tmp_path / "o" / name) == read_all(ran[1] / name), name


def test_another_technique_needs_no_second_look(ran: tuple[Ran, Path], zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(ran[1] / "plain", tmp_path / "o" / "plain")
    shutil.copytree(ran[1] / ".unkink", tmp_path / "o" / ".unkink")
    landmarks = tmp_path / "o" / "plain" / "landmarks.parquet"
    looked_at = landmarks.stat().st_mtime_ns
    done = run(zoo / "plain.mp4", "--exercise", "wall-angels", "--model", "lite", "--out", tmp_path / "o")

    assert done.code == 0
    assert landmarks.stat().st_mtime_ns == looked_at
    summary = json.loads((tmp_path / "o" / "plain" / "summary.json").read_text("utf-8"))
    assert summary["exercise"] == "wall-angels"


def test_overlay_comes_later_too(ran: tuple[Ran, Path], zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(ran[1] / "plain", tmp_path / "o" / "plain")
    shutil.copytree(ran[1] / ".unkink", tmp_path / "o" / ".unkink")
    before = read_all(tmp_path / "o" / "plain")
    wishes = ("--exercise", "seated-twist", "--model", "lite", "--out", tmp_path / "o", "--overlay")
    assert run(zoo / "plain.mp4", *wishes).code == 0

    after = read_all(tmp_path / "o" / "plain")
    assert set(after) - set(before) == {"overlay.mp4"}
    assert {name: after[name] for name in before} == before
    with av.open(str(tmp_path / "o" / "plain" / "overlay.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        times_s = [frame.time for frame in container.decode(video=0)]
    assert times_s == pytest.approx(np.arange(16) / 15, abs=1e-3)


# ------------------------------------------------------------------------------------------- what goes wrong


def test_folder_of_results_cannot_be_written(tmp_path: Path, zoo: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run(zoo / "plain.mp4", "--out", tmp_path / "file" / "results")

    assert done.code == 5
    assert str(tmp_path / "file" / "results") in done.err


def test_full_disk(tmp_path: Path, zoo: Path) -> None:
    """No file may grow beyond a few kilobytes: what the system says then is what it says of a full disk."""
    out = tmp_path / "results"
    limit = 12_000
    done = run(
        *(zoo / "240-a-second.mp4", zoo / "plain.mp4", "--exercise", "seated-twist"),
        *("--model", "lite", "--out", out),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )

    assert done.code == 5
    assert "The disk is full" in done.err
    assert not (out / "240-a-second" / "summary.json").exists()
    assert not (out / "plain").exists()
    assert_nothing_half_done(out)


@pytest.fixture
def interrupted(tmp_path: Path, zoo: Path) -> tuple[Ran, Path]:
    """Press Ctrl-C while the second of two files is looked at."""
    out = tmp_path / "results"
    inputs = [zoo / "plain.mp4", DEMOS / "seated-twist.mp4"]
    wishes = ("--exercise", "seated-twist", "--model", "lite", "--out", out)
    program = subprocess.Popen(
        command(*inputs, *wishes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=quiet(),
        start_new_session=True,
        # a shell that was sent to the background lets its children ignore Ctrl-C; a terminal does not
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread here
    )
    end_s = time.monotonic() + 300
    while not (out / ".unkink" / "part" / "seated-twist" / "landmarks.parquet").exists():
        assert program.poll() is None
        assert time.monotonic() < end_s
        time.sleep(0.1)
    # a terminal sends it to all programs of the group
    os.killpg(program.pid, signal.SIGINT)
    told = program.communicate(timeout=180)
    return Ran(program.returncode, *told), out


def test_ctrl_c_keeps_what_is_finished(interrupted: tuple[Ran, Path]) -> None:
    done, out = interrupted

    assert done.code == 130
    assert "Traceback" not in done.err
    assert "What is finished is kept" in done.err
    assert {path.name for path in out.iterdir()} == {".unkink", "index.csv", "index.html", "plain"}
    assert {path.name for path in (out / "plain").iterdir()} == RESULTS
    assert set(read_index(out)) == {"plain.mp4"}
    assert_nothing_half_done(out)


def test_folder_that_another_run_writes_into(tmp_path: Path, zoo: Path) -> None:
    import fcntl

    (tmp_path / "o" / ".unkink").mkdir(parents=True)
    with (tmp_path / "o" / ".unkink" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(zoo / "plain.mp4", "--out", tmp_path / "o")

    assert done.code == 5
    assert "Another run" in done.err


def test_video_of_drawings_is_no_person(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", draw(4, 320, 240))
    done = run(tmp_path / "a.mp4", "--model", "lite", "--out", tmp_path / "o")

    assert done.code == 3
    assert "Nobody was seen in a.mp4" in done.err
