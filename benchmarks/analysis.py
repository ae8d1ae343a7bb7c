"""What ``unkink analyze`` costs: beside the bare landmarker loop, with two jobs, in memory, beside a peer.

Every run is a program of its own, from its command to its end, on the page's own demonstration clip. What is
compared is measured by turns, and of each the fastest run counts: what else the machine did is not ours.
``UNKINK_PEER_PYTHON`` may name the Python of an environment with ``myogait`` and the same ``mediapipe``.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure
from unkink.acquire.landmarker import find_model
from unkink.acquire.recorded import load_recording
from unkink.acquire.video import open_video
from unkink.body.angles import compute_all
from unkink.body.landmarks import LandmarkSeries

ROOT = Path(__file__).resolve().parents[1]
CLIP = ROOT / "ui" / "public" / "media" / "demo" / "seated-twist.mp4"
FIXTURE = ROOT / "tests" / "fixtures" / "landmarks" / "twist-correct.parquet"
MODEL = "full"
N_TURNS = 2
TEN_MINUTES_S, HALF_HOUR_S, RATE_HZ = 600.0, 1800.0, 30.0
_LOOK_S = 0.1

BARE_LOOP = """
import sys
import av, mediapipe as mp
from mediapipe.tasks.python import BaseOptions, vision
options = vision.PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=sys.argv[2]), running_mode=vision.RunningMode.VIDEO
)
with vision.PoseLandmarker.create_from_options(options) as landmarker, av.open(sys.argv[1]) as container:
    for frame in container.decode(video=0):
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.to_ndarray(format="rgb24"))
        landmarker.detect_for_video(image, round(frame.time * 1000))
"""
"""The least that anybody does who wants landmarks of a video."""

PEER = """
import sys
from myogait import compute_angles, extract, normalize
data = extract(sys.argv[1], model="mediapipe", model_path=sys.argv[2], show_progress=False)
compute_angles(normalize(data))
"""
"""myogait's own way from a video to angles; it draws and stores nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One program, from its command to its end."""

    wall_s: float
    cpu_s: float
    """Processor time of the program and of those that it started."""
    peak_mb: float
    """Largest sum of the resident sets of the program and those that it started."""


def measure() -> Iterator[Figure]:
    """Measure everything."""
    yield from measure_angles()
    n_frames = open_video(CLIP).n_frames or 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, ours, double = _take_turns(folder)
        yield from _compare(bare, ours, double, n_frames)
        yield from _measure_half_hour(folder)
        yield from _measure_peer(ours)


def measure_angles() -> Iterator[Figure]:
    """Measure how long the angles of ten minutes take, landmarks given."""
    series = _repeat(TEN_MINUTES_S)
    durations_s: list[float] = []
    for _ in range(3):
        start_s = time.perf_counter()
        compute_all(series)
        durations_s.append(time.perf_counter() - start_s)
    yield Figure(
        name="angles of a 10-minute recording",
        value=min(durations_s),
        unit="s",
        budget=0.3,
        method=f"{len(series)} pictures, all quantities with their deviations, best of {len(durations_s)}",
    )


def _repeat(duration_s: float) -> LandmarkSeries:
    """Return the landmarks of a real clip over and over, at 30 pictures a second."""
    series = load_recording(FIXTURE).series
    n = round(duration_s * RATE_HZ)
    index = np.arange(n) % len(series)
    return LandmarkSeries(
        t_s=np.arange(n) / RATE_HZ,
        image=series.image[index],
        world=None if series.world is None else series.world[index],
        width_px=series.width_px,
        height_px=series.height_px,
    )


def _take_turns(folder: Path) -> tuple[list[Run], list[Run], list[Run]]:
    """Run the bare loop, ours, and ours on two files at once, by turns."""
    copies = [Path(shutil.copyfile(CLIP, folder / name)) for name in ("one.mp4", "two.mp4")]
    bare: list[Run] = []
    ours: list[Run] = []
    double: list[Run] = []
    for turn in range(N_TURNS):
        bare.append(_run([sys.executable, "-c", BARE_LOOP, str(CLIP), str(find_model(MODEL))]))
        ours.append(analyze([CLIP], folder / f"ours-{turn}"))
        double.append(analyze(copies, folder / f"double-{turn}", "--jobs", "2"))
    return bare, ours, double


def analyze(inputs: Sequence[Path], out: Path, *wishes: str) -> Run:
    """Run ``unkink analyze`` as a person would."""
    command = [sys.executable, "-m", "unkink", "analyze", *map(str, inputs), "--out", str(out)]
    return _run([*command, "--exercise", "seated-twist", *wishes])


def _run(command: Sequence[str]) -> Run:
    """Run a program that has to succeed."""
    start_s = time.perf_counter()
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks: list[float] = [0.0]
    watcher = threading.Thread(target=_watch, args=(program, peaks), daemon=True)
    watcher.start()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = program.wait()
    wall_s = time.perf_counter() - start_s
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    watcher.join()
    if code != 0:
        raise subprocess.CalledProcessError(code, command[:6])
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall_s=wall_s, cpu_s=cpu_s, peak_mb=max(peaks))


def _watch(program: subprocess.Popen[bytes], peaks: list[float]) -> None:
    while Path(f"/proc/{program.pid}/task").is_dir() and program.returncode is None:
        peaks.append(sum(_read_memory_mb(pid) for pid in _list_family(program.pid)))
        time.sleep(_LOOK_S)


def _list_family(pid: int) -> list[int]:
    """List a program and those that it started; Linux only."""
    family = [pid]
    for one in family:
        try:
            tasks = Path(f"/proc/{one}/task").iterdir()
            family += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return family


def _read_memory_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    resident = status.partition("VmRSS:")[2].split()
    return int(resident[0]) * 1024 / 1e6 if resident else 0.0


def _best(runs: Sequence[Run]) -> float:
    return min(run.wall_s for run in runs)


def _compare(bare: list[Run], ours: list[Run], double: list[Run], n_frames: int) -> Iterator[Figure]:
    how = f"{n_frames} pictures of 640 x 480, model {MODEL}, best of {N_TURNS} by turns"
    yield Figure(
        name="bare landmarker loop", value=1000 * _best(bare) / n_frames, unit="ms a picture", method=how
    )
    yield Figure(
        name="`unkink analyze`",
        value=1000 * _best(ours) / n_frames,
        unit="ms a picture",
        method="the same clip, with all its results",
    )
    yield Figure(
        name="`unkink analyze` against the bare landmarker loop",
        value=_best(ours) / _best(bare),
        unit="",
        budget=1.10,
        method="the quotient, both from command to end",
    )
    yield Figure(
        name="the same in processor time",
        value=min(run.cpu_s for run in ours) / min(run.cpu_s for run in bare),
        unit="",
        method="decoding, landmarks, coaching, charts and all; it does not depend on what else runs",
    )
    yield Figure(
        name="throughput of `--jobs 2` against one job",
        value=2 * _best(ours) / _best(double),
        unit="",
        budget=1.8,
        is_lower_bound=True,
        method=f"two such clips at once, {os.cpu_count()} cores",
    )
    for name, runs in (("one job", ours), ("`--jobs 2`", double)):
        yield Figure(
            name=f"peak memory of `unkink analyze`, {name}",
            value=max(run.peak_mb for run in runs),
            unit="MB",
            budget=600 if name == "one job" else None,
            method=f"all its programs together, {n_frames} pictures each",
        )


def _measure_half_hour(folder: Path) -> Iterator[Figure]:
    """Measure what comes after the landmarker on half an hour of landmarks; `length` does it with video."""
    from unkink.acquire.landmarker import Found
    from unkink.front.analysing_landmarks import LandmarkFile

    series = _repeat(HALF_HOUR_S)
    path = folder / "half-hour.parquet"
    file = LandmarkFile(path, width_px=series.width_px, height_px=series.height_px, metadata={})
    for i in range(len(series)):
        image = series.image[i].astype(np.float32)
        file.add(Found(t_s=float(series.t_s[i]), image=image, world=image, n_persons=1, brightness_frac=0.5))
    file.close()
    run = analyze([path], folder / "half-hour")
    how = f"{len(series)} pictures of landmarks"
    yield Figure(name="half an hour without the landmarker", value=run.wall_s, unit="s", method=how)
    yield Figure(
        name="peak memory, half an hour without the landmarker",
        value=run.peak_mb,
        unit="MB",
        budget=600,
        method=how,
    )


def _measure_peer(ours: list[Run]) -> Iterator[Figure]:
    """Measure myogait's way to angles on the same clip with the same model file, where it is installed."""
    python = os.environ.get("UNKINK_PEER_PYTHON")
    if not python:
        return
    runs = [_run([python, "-c", PEER, str(CLIP), str(find_model(MODEL))]) for _ in range(N_TURNS)]
    how = "`extract`, `normalize`, `compute_angles`; the same clip, the same model file"
    yield Figure(
        name="myogait 0.9.2 against `unkink analyze`", value=_best(runs) / _best(ours), unit="", method=how
    )
    yield Figure(
        name="the same in processor time",
        value=min(run.cpu_s for run in runs) / min(run.cpu_s for run in ours),
        unit="",
        method="of all its programs together",
    )
    yield Figure(name="peak memory of myogait", value=max(run.peak_mb for run in runs), unit="MB", method=how)
