"""The real page in Chromium, its webcam replaced by clips whose every angle is known.

In: a folder of clips (``NAME.mp4`` with ``NAME.parquet``, phases per frame). Out: a table of what the page
stored against what was true. Real time: each clip takes as long as it lasts. Run
``python -m validation in-browser [FOLDER] [--only A1 B3] [--restart]``.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

TECHNIQUES = {
    "A": "seated-twist",
    "B": "standing-side-stretch",
    "C": "wall-angels",
    "D": "foam-roller",
}
FAULTY = {"A4": "slouched", "B3": "leans-forward", "C3": "one-arm", "C4": "not-overhead"}
UNSEEN = {"A3", "B4"}
HELD_WITHIN_S = 0.7
CUE_WITHIN_S = 2.0
BEFORE_ROLLER = 3
"""Sessions that have to be in the diary before the roller is offered (D01)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a clip shows."""

    duration_s: float
    held_s: dict[str, float]
    repetitions: int
    fault_from_s: float


def read_truth(path: Path) -> Truth:
    """Read phases and repetitions of a clip."""
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["t", "phase", "rep"]).to_pydict()
    step_s = table["t"][1] - table["t"][0]
    held: dict[str, float] = {}
    for phase in table["phase"]:
        side = {"hold_right": "right", "hold_left": "left"}.get(
            phase, "both" if phase.startswith("slide_") else None
        )
        if side is not None:
            held[side] = held.get(side, 0.0) + step_s
    working = [
        t for t, phase in zip(table["t"], table["phase"], strict=True) if phase in ("to_right", "lowering")
    ]
    return Truth(
        duration_s=table["t"][-1] + step_s,
        held_s=held,
        repetitions=max(table["rep"]),
        fault_from_s=working[0] if working else 0.0,
    )


def make_camera(clip: Path, folder: Path) -> Path:
    """Turn a clip into what Chromium takes for a webcam."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        message = "ffmpeg is needed to make a fake camera: apt-get install ffmpeg"
        raise SystemExit(message)
    path = folder / f"{clip.stem}.mjpeg"
    command = [ffmpeg, "-y", "-loglevel", "error", "-i", str(clip), "-c:v", "mjpeg", "-q:v", "3", str(path)]
    subprocess.run(command, check=True)
    return path


def fill_diary(data_dir: Path) -> None:
    """Put the sessions into the diary that come before the roller."""
    from unkink.diary import open_diary
    from unkink.diary.records import SessionBegin, SessionSummary

    with open_diary(data_dir) as diary:
        for i in range(BEFORE_ROLLER):
            at = datetime.now(UTC) - timedelta(days=8 - 2 * i)
            begin = SessionBegin(
                exercise_id="seated-twist", variant=None, mode="timer", rules_version="0", started_at=at
            )
            done = SessionSummary(t_s=300.0, held_s={"right": 30.0, "left": 30.0}, signal="green")
            diary.finish_session(diary.begin_session(begin), done, "finished")


def run_clip(playwright: Any, clip: Path, *, restart: bool) -> dict[str, Any]:
    """Let the page watch one clip, and compare."""
    from e2e.driver import Server, launch, visit

    truth = read_truth(clip.with_suffix(".parquet"))
    exercise_id = TECHNIQUES[clip.name[0]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(data_dir=folder / "data")
        if exercise_id == "foam-roller":
            fill_diary(server.data_dir)
        server.start()
        try:
            with (
                contextlib.closing(launch(playwright, make_camera(clip, folder))) as browser,
                visit(browser, server, permissions=["camera"]) as page,
            ):
                page.open()
                page.be_allowed()
                page.start_session(
                    exercise_id, short=exercise_id in ("seated-twist", "standing-side-stretch")
                )
                page.wait_for("stage", "live", 90)
                page.page.wait_for_selector("main.session[data-fps]", timeout=30_000)
                seen_fps: list[float] = []
                until = time.monotonic() + truth.duration_s - 0.9
                while time.monotonic() < until and "/summary/" not in page.page.url:
                    fps = page.read("fps")
                    if fps is not None:
                        seen_fps.append(float(fps))
                    time.sleep(0.25)
                if "/summary/" not in page.page.url:
                    page.end_session()
                if restart:
                    server.stop()
                    server.start()
                    page.go("/progress")
                    page.page.wait_for_selector("main li, main tbody tr")
                session = next(s for s in page.sessions() if s["mode"] == "camera")
                summary = page.api("GET", f"/api/sessions/{session['id']}")["summary"]
                foreign, complaints = page.foreign, page.complaints
        finally:
            server.stop()
    return compare(clip.stem, truth, summary) | {
        "fps": round(sorted(seen_fps)[len(seen_fps) // 2], 1) if seen_fps else None,
        "foreign": foreign,
        "complaints": complaints,
    }


def compare(name: str, truth: Truth, summary: dict[str, Any]) -> dict[str, Any]:
    """Say what was measured, what was true, and whether that is near enough."""
    code = name[:2]
    held = {side: round(value["held_s"], 2) for side, value in summary["sides"].items()}
    cues = [(cue["fault_id"], round(cue["t_s"], 1)) for cue in summary["cues"] if cue["urgency"] == "form"]
    row: dict[str, Any] = {
        "clip": name,
        "held_s": held,
        "true_s": {k: round(v, 1) for k, v in truth.held_s.items()},
    }
    row |= {"repetitions": summary["repetitions"], "true_repetitions": truth.repetitions, "form_cues": cues}
    row["status"] = summary["status"]
    row["pauses"] = [(p["reason"], p["start_s"], p["end_s"]) for p in summary["tracking"]["pauses"]]
    row["repetitions_s"] = [(r["start_s"], r["end_s"]) for r in summary["repetition_times"]]
    row["neutral"] = summary["neutral"]
    if code in FAULTY:
        first = next((t for fault, t in cues if fault == FAULTY[code]), None)
        row["ok"] = first is not None and sum(held.values()) == 0 and summary["repetitions"] == 0
        row["cue_after_s"] = None if first is None else round(first - truth.fault_from_s, 1)
    elif code == "A5":
        row["ok"] = all(seconds > 0 for seconds in held.values()) and not cues
    elif code in UNSEEN:
        row["ok"] = True
    else:
        near = all(abs(held.get(side, 0.0) - true) <= HELD_WITHIN_S for side, true in truth.held_s.items())
        exact = name[0] in "AB" or summary["repetitions"] == truth.repetitions
        row["ok"] = near and exact and not cues
    return row


def main(folder: Path, only: tuple[str, ...], *, restart: bool) -> int:
    """Run all clips and print a line each; 0 when everything holds."""
    from playwright.sync_api import sync_playwright

    clips = [c for c in sorted(folder.glob("[A-D]*.mp4")) if not only or c.name.startswith(only)]
    if not clips:
        print(f"no clips in {folder}")
        return 1
    n_bad = 0
    with sync_playwright() as playwright:
        for clip in clips:
            row = run_clip(playwright, clip, restart=restart)
            n_bad += not row["ok"] or bool(row["foreign"])
            print(json.dumps(row), flush=True)
    return 1 if n_bad else 0
