"""``unkink analyze`` on recorded landmarks, names of results, programs that die: all that needs no video."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from builders import make_person, make_rulebook
from front import dying
from unkink.acquire.landmarker import FollowingReport
from unkink.acquire.recorded import load_recording, open_recording
from unkink.acquire.video import DecodingReport, VideoFile
from unkink.coach.screening import Permission
from unkink.coach.session import make_plan
from unkink.diary.recordings import RecordingWriter
from unkink.exchange.tabular import read_angles
from unkink.front import analysing, analysing_workers, command
from unkink.front.analysing_landmarks import read_report
from unkink.front.analysing_one import Outcome, Task, analyse_file
from unkink.front.analysing_sources import Source, compute_fingerprint, find_sources, save_ledger
from unkink.front.analysing_warnings import VideoNotes, _judge_video
from unkink.front.analysing_workers import Progress, Workers, analyse_safely

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "landmarks"
TWIST = FIXTURES / "twist-correct.parquet"


def make_task(path: Path, out: Path, name: str = "a", **wishes: Any) -> Task:
    wishes = {"exercise": "seated-twist", **wishes}
    return Task(source=Source(path=path, name=name), out=out / name, part=out / ".part" / name, **wishes)


def hush(stage: str, done_frac: float) -> None:
    """Hear of progress."""


def save_archive(path: Path, **changes: Any) -> Path:
    series = load_recording(TWIST).series
    arrays = {"t_s": series.t_s, "image": series.image, "width_px": 640, "height_px": 480}
    np.savez(path, **{**arrays, **changes})
    return path


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["unkink", *map(str, args)])
    with pytest.raises(SystemExit) as ended:
        command.main()
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return int(ended.value.code or 0), told.out, told.err


# --------------------------------------------------------------------------------------------------- results


def test_recording_of_the_app(tmp_path: Path) -> None:
    outcome = analyse_file(make_task(TWIST, tmp_path), hush)

    assert outcome.status == "done"
    assert outcome.summary is not None
    assert outcome.summary["sides"]["right"]["held_s"] > 5
    assert (tmp_path / "a" / "landmarks.parquet").read_bytes() == TWIST.read_bytes()
    quantities, about = read_angles(tmp_path / "a" / "angles.parquet")
    assert json.loads(about["summary"]) == outcome.summary
    assert len(quantities.t_s) == open_recording(TWIST).n_frames
    assert not (tmp_path / ".part" / "a").exists()


def test_archive_gives_what_the_recording_gives(tmp_path: Path) -> None:
    archive = save_archive(tmp_path / "a.npz")
    one = analyse_file(make_task(archive, tmp_path, "one"), hush).summary
    other = analyse_file(make_task(TWIST, tmp_path, "other"), hush).summary

    assert one is not None
    assert other is not None
    assert one["analysis"]["source"]["kind"] == "landmarks"
    assert open_recording(tmp_path / "one" / "landmarks.parquet").n_frames == len(
        load_recording(TWIST).series
    )
    for side in ("right", "left"):
        assert one["sides"][side]["held_s"] == pytest.approx(other["sides"][side]["held_s"], abs=0.5)


def test_technique_is_recognised(tmp_path: Path) -> None:
    for name in ("twist-correct", "side-correct", "angels-correct", "roller"):
        outcome = analyse_file(make_task(FIXTURES / f"{name}.parquet", tmp_path, name, exercise="auto"), hush)
        assert outcome.summary is not None
        expected = {"twist": "seated-twist", "side": "standing-side-stretch", "angels": "wall-angels"}
        assert outcome.summary["exercise"] == expected.get(name.split("-")[0], "foam-roller")
        assert outcome.summary["analysis"]["recognised_frac"] > 0.5


def test_session_of_the_app_knows_what_it_was(tmp_path: Path) -> None:
    rulebook = make_rulebook()
    plan = make_plan(
        rulebook,
        exercise_id="wall-angels",
        variant=None,
        mode="camera",
        permission=Permission(effect="ok"),
        level="standard",
    )
    series = load_recording(TWIST).series
    recorder = RecordingWriter(
        tmp_path / "r.parquet", width_px=640, height_px=480, plan=msgspec.json.encode(plan).decode()
    )
    with recorder:
        for i in range(200):
            recorder.add(float(series.t_s[i]), series.image[i])
    outcome = analyse_file(make_task(tmp_path / "r.parquet", tmp_path, exercise="auto"), hush)

    assert outcome.summary is not None
    assert outcome.summary["exercise"] == "wall-angels"
    assert outcome.summary["analysis"]["recognised_frac"] is None


def test_technique_that_cannot_be_told(tmp_path: Path) -> None:
    series = load_recording(TWIST).series
    still = np.repeat(series.image[:1], 60, axis=0)
    archive = save_archive(tmp_path / "still.npz", t_s=np.arange(60) / 15, image=still)
    outcome = analyse_safely(make_task(archive, tmp_path, exercise="auto"), hush)

    assert outcome.exit_code == 3
    assert "--exercise" in outcome.reason
    assert "seated-twist" in outcome.reason


def test_landmarks_of_nobody(tmp_path: Path) -> None:
    archive = save_archive(tmp_path / "n.npz", t_s=np.arange(9) / 9, image=np.full((9, 33, 4), np.nan))
    outcome = analyse_safely(make_task(archive, tmp_path), hush)

    assert (outcome.status, outcome.exit_code) == ("failed", 3)
    assert "Nobody was seen in n.npz" in outcome.reason
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("moment", ["write_angles", "draw_angles"])
def test_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from unkink.exchange import charts, tabular

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    analyse_file(make_task(TWIST, tmp_path), hush)
    before = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    monkeypatch.setattr(tabular if moment == "write_angles" else charts, moment, refuse)
    outcome = analyse_safely(make_task(TWIST, tmp_path, exercise="wall-angels"), hush)

    assert outcome.exit_code == 5
    assert "The disk is full" in outcome.reason
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == before
    assert not (tmp_path / ".part" / "a").exists()


def test_bug_of_ours_quotes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from unkink.exchange import tabular

    def fail(*_: Any, **__: Any) -> None:
        text = "a person's secret"
        raise ValueError(text)

    monkeypatch.setattr(tabular, "write_angles", fail)
    outcome = analyse_safely(make_task(TWIST, tmp_path), hush)

    assert outcome.exit_code == 70
    assert "Reference" in outcome.reason
    assert "analysing_one.py" in outcome.where
    assert "secret" not in outcome.reason + outcome.where


@pytest.mark.parametrize("lost", ["angles.parquet", "plot.svg", "landmarks.parquet", "summary.json"])
def test_results_that_are_not_whole_are_made_again(tmp_path: Path, lost: str) -> None:
    assert analyse_file(make_task(TWIST, tmp_path), hush).status == "done"
    assert analyse_file(make_task(TWIST, tmp_path), hush).status == "kept"
    (tmp_path / "a" / lost).unlink()
    assert analyse_file(make_task(TWIST, tmp_path), hush).status == "done"
    assert (tmp_path / "a" / lost).is_file()


@pytest.mark.parametrize(
    "change", [{"exercise": "wall-angels"}, {"variant": "tw-soft"}], ids=["technique", "variant"]
)
def test_other_wishes_are_other_results(tmp_path: Path, change: dict[str, str]) -> None:
    analyse_file(make_task(TWIST, tmp_path), hush)
    assert analyse_file(make_task(TWIST, tmp_path, **change), hush).status == "done"


def test_other_content_of_the_same_name_is_analysed(tmp_path: Path) -> None:
    archive = save_archive(tmp_path / "a.npz")
    analyse_file(make_task(archive, tmp_path), hush)
    series = load_recording(TWIST).series
    save_archive(archive, t_s=series.t_s[:-9], image=series.image[:-9])
    assert analyse_file(make_task(archive, tmp_path), hush).status == "done"


# ------------------------------------------------------------------------------------------ the command line


def test_folder_of_recordings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "recorded"
    folder.mkdir()
    (folder / "twist.parquet").write_bytes(TWIST.read_bytes())
    (folder / "broken.parquet").write_bytes(TWIST.read_bytes()[:-100])
    save_archive(folder / "bare.npz", image=np.zeros((3, 33)))
    code, out, err = run(
        monkeypatch, capsys, "analyze", folder, "--exercise", "seated-twist", "--out", tmp_path / "o"
    )

    assert code == 3
    assert "twist.parquet: seated-twist" in out
    assert "bare.npz does not have the form" in err
    # a table that is cut short may have been a recording: it is not left out without a word
    assert "broken.parquet is damaged" in err
    assert "broken.parquet" in (tmp_path / "o" / "index.csv").read_text("utf-8")
    again = ("analyze", folder / "twist.parquet", "--exercise", "seated-twist", "--out", tmp_path / "o")
    code, out, _ = run(monkeypatch, capsys, *again)
    assert code == 0
    assert out.splitlines()[0] == f"{folder / 'twist.parquet'}: kept from before"
    code, _, err = run(monkeypatch, capsys, "analyze", folder / "broken.parquet", "--out", tmp_path / "o")
    assert code == 3
    assert "damaged" in err


def test_files_that_are_nowhere_do_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "twist.parquet").write_bytes(TWIST.read_bytes())
    (folder / "dangling.npz").symlink_to("nothing.npz")
    (folder / "circle.parquet").symlink_to("circle.parquet")
    os.mkfifo(folder / "pipe.npz")
    missing = tmp_path / "missing.npz"
    out = tmp_path / "o"
    code, said, err = run(
        monkeypatch, capsys, "analyze", missing, folder, "--exercise", "seated-twist", "--out", out
    )

    assert code == 3
    assert "twist.parquet: seated-twist" in said
    for name in ("missing", "dangling"):
        assert f"There is no file {name}" in err
    assert "circle.parquet cannot be read" in err
    assert "pipe.npz is none of what Unkink analyses" in err
    assert len((out / "index.csv").read_text("utf-8").splitlines()) == 6


@pytest.mark.parametrize("first_s", [-5.0, 1.7e9])
def test_times_of_any_clock_are_kept(tmp_path: Path, first_s: float) -> None:
    series = load_recording(TWIST).series
    plain = analyse_file(make_task(save_archive(tmp_path / "a.npz"), tmp_path, "a"), hush).summary
    archive = save_archive(tmp_path / "b.npz", t_s=series.t_s - series.t_s[0] + first_s)
    moved = analyse_file(make_task(archive, tmp_path, "b"), hush).summary

    assert plain is not None
    assert moved is not None
    assert moved["tracking"]["n_frames"] == len(series)
    assert moved["duration_s"] == pytest.approx(plain["duration_s"], abs=0.01)
    for side in ("right", "left"):
        (one,), (other,) = plain["sides"][side]["holds"], moved["sides"][side]["holds"]
        assert one["level_deg"] == pytest.approx(other["level_deg"], abs=0.01)
        assert other["start_s"] - one["start_s"] == pytest.approx(first_s - series.t_s[0], abs=0.01)
    t_s = read_angles(tmp_path / "b" / "angles.parquet")[0].t_s
    np.testing.assert_allclose(t_s, series.t_s - series.t_s[0] + first_s, atol=1e-6)


def find_warnings(archive: Path, out: Path, **wishes: Any) -> list[str]:
    outcome = analyse_file(make_task(archive, out, archive.stem, **wishes), hush)
    assert outcome.summary is not None
    return [
        notice["key"].removeprefix("analysis.warning.") for notice in outcome.summary["analysis"]["warnings"]
    ]


def test_what_is_left_out_or_not_measured_is_said(tmp_path: Path) -> None:
    series = load_recording(TWIST).series
    n = len(series)
    again = series.t_s.copy()
    again[n // 2 :] -= again[n // 2] - again[n // 2 - 9]
    deaf = series.image.copy()
    deaf[:, :, 2] = np.nan
    cases = {
        "plain": ({}, []),
        "twice": ({"t_s": again}, ["untimed"]),
        "milliseconds": ({"t_s": series.t_s * 1000}, ["sparse", "no-neutral"]),
        "slow": ({"t_s": series.t_s * 4}, ["slow", "no-neutral"]),
        "without-depth": ({"image": deaf}, ["seldom-measured", "no-neutral"]),
    }
    for name, (changes, keys) in cases.items():
        assert find_warnings(save_archive(tmp_path / f"{name}.npz", **changes), tmp_path) == keys, name


def test_one_is_counted_as_one(tmp_path: Path) -> None:
    t_s = load_recording(TWIST).series.t_s.copy()
    t_s[100] = t_s[99]
    outcome = analyse_file(make_task(save_archive(tmp_path / "a.npz", t_s=t_s), tmp_path), hush)
    assert outcome.warnings == ("One picture without a time of its own was left out.",)


def test_terminal_shows_the_time_left(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "unkink",
        "analyze",
        TWIST,
        "--exercise",
        "seated-twist",
        "--out",
        tmp_path,
    ]
    with os.fdopen(ours, "rb", buffering=0) as screen:
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        )
        os.close(theirs)
        told = b""
        # Linux tells the end of a terminal as an error
        with contextlib.suppress(OSError):
            while piece := screen.read(4096):
                told += piece
        out, _ = program.communicate(timeout=180)

    assert program.returncode == 0
    assert b"0 of 1 files" in told
    assert b"0:00:00" in told or b"-:--:--" in told
    assert b"seated-twist, " in told
    assert b"1 analysed" in out


def test_videos_without_their_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "a.mp4").write_bytes(b"\0" * 99)
    code, out, err = run(monkeypatch, capsys, "analyze", tmp_path / "a.mp4", "--out", tmp_path / "o")

    assert code == 3
    assert out == ""
    assert err.splitlines()[1].strip() == 'pip install "unkink[video]"'
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["nowhere.mp4"], 3, "There is no file nowhere.mp4"),
        (["."], 3, "There is no video and no recording in ."),
        ([str(TWIST), "--exercise", "dance"], 2, "There is no technique dance"),
        ([str(TWIST), "--exercise", "seated-twist", "--variant", "x"], 2, "There is no technique x"),
        ([str(TWIST), "--model", "huge"], 2, "huge"),
        ([str(TWIST), "--jobs", "0"], 2, "jobs"),
        ([], 2, "VIDEO"),
    ],
)
def test_what_cannot_be_begun(
    args: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    found, _, err = run(monkeypatch, capsys, "analyze", *args)

    assert found == code
    assert words in err
    assert list(tmp_path.iterdir()) == []


def test_plot_draws_the_same_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    analyse_file(make_task(TWIST, tmp_path), hush)
    angles, chart = tmp_path / "a" / "angles.parquet", tmp_path / "again.png"
    assert run(monkeypatch, capsys, "plot", angles, "--out", chart)[:2] == (0, f"{chart}\n")
    assert chart.read_bytes() == (tmp_path / "a" / "plot.png").read_bytes()

    drawn = (tmp_path / "a" / "plot.svg").read_bytes()
    (tmp_path / "a" / "plot.svg").unlink()
    assert run(monkeypatch, capsys, "plot", angles)[0] == 0
    assert (tmp_path / "a" / "plot.svg").read_bytes() == drawn


@pytest.mark.parametrize(
    ("file", "out", "code", "words"),
    [
        ("none.parquet", None, 3, "none.parquet"),
        (str(TWIST), None, 3, "twist-correct.parquet"),
        ("a/angles.parquet", "chart.pdf", 2, "chart.pdf"),
        ("a/angles.parquet", "nowhere/chart.svg", 5, "chart.svg"),
    ],
)
def test_plot_that_cannot_be_drawn(
    file: str,
    out: str | None,
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    analyse_file(make_task(TWIST, tmp_path), hush)
    monkeypatch.chdir(tmp_path)
    found, _, err = run(monkeypatch, capsys, "plot", file, *(["--out", out] if out else []))

    assert found == code
    assert words in err
    assert [path for path in tmp_path.rglob("*") if "chart" in path.name or "part" in path.suffixes] == []


# ------------------------------------------------------------------------------------------ names of results


@pytest.fixture
def make_files(tmp_path: Path) -> Callable[..., list[Path]]:
    def make(*names: str) -> list[Path]:
        paths = [tmp_path / "in" / name for name in names]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(path.name.encode())
        return paths

    return make


def name_all(inputs: list[Path], out: Path) -> list[str]:
    sources = find_sources(inputs, out)
    (out / ".unkink").mkdir(parents=True, exist_ok=True)
    save_ledger(out, sources)
    return [source.name for source in sources]


def test_plain_names(tmp_path: Path, make_files: Callable[..., list[Path]]) -> None:
    assert name_all(make_files("b.mp4", "a.mov"), tmp_path / "o") == ["b", "a"]


def test_same_stems_do_not_collide(tmp_path: Path, make_files: Callable[..., list[Path]]) -> None:
    files = make_files("x/a.mp4", "y/a.mp4", "y/b.mp4", "y/b.mov", "z/x/A.mp4")
    names = name_all(files, tmp_path / "o")

    assert names[:4] == ["x-a", "y-a", "b-mp4", "b-mov"]
    assert len({name.casefold() for name in names}) == 5


def test_names_do_not_depend_on_the_order(tmp_path: Path, make_files: Callable[..., list[Path]]) -> None:
    files = make_files("x/a.mp4", "y/a.mp4", "b.mp4")
    assert name_all(files, tmp_path / "o") == name_all(files[::-1], tmp_path / "p")[::-1]


def test_file_keeps_its_folder_and_takes_nobody_elses(
    tmp_path: Path, make_files: Callable[..., list[Path]]
) -> None:
    one, other = make_files("x/a.mp4", "y/a.mp4")
    (tmp_path / "o" / "b").mkdir(parents=True)
    assert name_all([one], tmp_path / "o") == ["a"]
    assert name_all([other], tmp_path / "o") == ["y-a"]
    assert name_all([other, one], tmp_path / "o") == ["y-a", "a"]
    # a folder of the person's own
    assert name_all(make_files("b.mp4"), tmp_path / "o") == ["in-b"]


@pytest.mark.parametrize("name", ["index.html.mp4", "...mp4", ".unkink.mp4", "a:b?.mp4", f"{'x' * 200}.mp4"])
def test_odd_names_are_folders_all_the_same(
    tmp_path: Path, make_files: Callable[..., list[Path]], name: str
) -> None:
    (folder,) = name_all(make_files(name), tmp_path / "o")
    made = tmp_path / "o" / folder

    assert made.parent == tmp_path / "o"
    assert folder not in {"index.html", ".unkink", "..", "."}
    made.mkdir()


def test_folder_is_searched_for_what_can_be_analysed(
    tmp_path: Path, make_files: Callable[..., list[Path]]
) -> None:
    make_files("b.MP4", "a/c.mov", "notes.txt", ".hidden.mp4", ".git/d.mp4", "table.parquet", "t.npz")
    make_files("old/.unkink/folders.json", "old/e/overlay.mp4")
    save_archive(tmp_path / "in" / "landmarks.npz")
    found = find_sources([tmp_path / "in", tmp_path / "in" / "b.MP4"], tmp_path / "o")

    names = [source.path.relative_to(tmp_path / "in").as_posix() for source in found]
    assert names == ["b.MP4", "landmarks.npz", "a/c.mov"]


def test_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    large = bytearray(rng.bytes(9 << 20))
    (tmp_path / "a").write_bytes(large)
    (tmp_path / "b").write_bytes(large)
    assert compute_fingerprint(tmp_path / "a") == compute_fingerprint(tmp_path / "b")
    (tmp_path / "b").write_bytes(large + b"x")
    assert compute_fingerprint(tmp_path / "a") != compute_fingerprint(tmp_path / "b")
    large[-1] ^= 1
    (tmp_path / "b").write_bytes(large)
    assert compute_fingerprint(tmp_path / "a") != compute_fingerprint(tmp_path / "b")


# ------------------------------------------------------------------------------------- programs of their own


@pytest.fixture
def tasks(tmp_path: Path, make_files: Callable[..., list[Path]]) -> Callable[..., list[Task]]:
    def make(*names: str) -> list[Task]:
        return [make_task(path, tmp_path / "o", path.stem) for path in make_files(*names)]

    return make


def run_workers(
    monkeypatch: pytest.MonkeyPatch, tasks: list[Task], n_jobs: int
) -> tuple[dict[str, Outcome], int]:
    monkeypatch.setattr(analysing_workers, "work", dying.work)
    with Workers(n_jobs) as workers:
        heard = list(workers.run(tasks))
    outcomes = {one.source.name: one for one in heard if isinstance(one, Outcome)}
    return outcomes, sum(isinstance(one, Progress) for one in heard)


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_program_that_dies_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, tasks: Callable[..., list[Task]], n_jobs: int
) -> None:
    outcomes, n_told = run_workers(
        monkeypatch, tasks("a.mp4", "dies.mp4", "b.mp4", "killed.mp4", "c.mp4"), n_jobs
    )

    assert n_told == 5
    assert {name for name, one in outcomes.items() if one.status == "done"} == {"a", "b", "c"}
    assert "stopped by itself" in outcomes["dies"].reason
    assert "not enough memory" in outcomes["killed"].reason
    assert outcomes["dies"].exit_code == outcomes["killed"].exit_code == 3


def test_nothing_is_begun_after_a_result_could_not_be_written(
    monkeypatch: pytest.MonkeyPatch, tasks: Callable[..., list[Task]]
) -> None:
    outcomes, _ = run_workers(monkeypatch, tasks("a.mp4", "unwritable.mp4", "b.mp4", "c.mp4"), 1)

    assert set(outcomes) == {"a", "unwritable"}


def test_synthetic_person_of_any_rate(tmp_path: Path) -> None:
    series = make_person("standing-side-stretch", hold_s=8.0).series
    archive = tmp_path / "motion.npz"
    np.savez(
        archive, t_s=series.t_s, image=series.image, width_px=series.width_px, height_px=series.height_px
    )
    task = make_task(archive, tmp_path, exercise="standing-side-stretch")
    outcome = analyse_file(task, hush)

    assert outcome.summary is not None
    assert outcome.summary["sides"]["right"]["held_s"] == pytest.approx(8.0, abs=0.6)
    assert "key" in read_report(tmp_path / "a" / "landmarks.parquet")
    assert analysing.check_exercise("auto", None) is None


@pytest.mark.parametrize(
    ("declared_s", "first_s", "end_s", "is_broken"),
    [
        (34.0, 0.0, 33.9, False),
        # matroska counts from zero, wherever the first picture is
        (71.5, 37.5, 33.9, False),
        (71.5, 37.5, 20.0, True),
        # a transport stream does not
        (34.0, 12.0, 33.9, False),
        (34.0, 0.0, 20.0, True),
        (None, 5.0, 20.0, False),
    ],
)
def test_video_that_begins_late_does_not_break_off(
    declared_s: float | None, first_s: float, end_s: float, is_broken: bool
) -> None:
    video = VideoFile(path=Path("a.mkv"), duration_s=declared_s, n_frames=None)
    decoded = DecodingReport(n_frames=round(end_s * 30) + 1, end_s=end_s, first_s=first_s)
    notes = VideoNotes.collect(video, decoded, FollowingReport())
    keys = [notice.key for notice in _judge_video(notes)]

    assert ("analysis.warning.broken-off" in keys) == is_broken
