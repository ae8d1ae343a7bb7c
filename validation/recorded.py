"""Recorded landmarks with their truth beside them: holds, repetitions and faults of the engine alone.

In: a folder of ``NAME.parquet`` (recorded landmarks) with ``NAME.truth.json``. Out: a table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from unkink.acquire.recorded import load_recording
from unkink.pipeline import load_rulebook, replay

FIXTURES = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "landmarks"


def measure(path: Path) -> dict[str, Any]:
    """Replay one recording and put its truth beside it (seconds)."""
    truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text(encoding="utf-8"))
    exercise_id = truth.get("exercise_id") or truth["exercise"]
    summary = replay(load_recording(path), load_rulebook(), exercise_id=exercise_id)
    true_s: dict[str, float] = {}
    for phase in truth["phases"]:
        side = {"hold_right": "right", "hold_left": "left"}.get(phase["phase"])
        if phase["phase"].startswith("slide_"):
            side = "both"
        if side is not None:
            true_s[side] = true_s.get(side, 0.0) + phase["end_s"] - phase["start_s"]
    return {
        "name": path.stem,
        "fault": truth.get("fault"),
        "held_s": {side: value["held_s"] for side, value in summary["sides"].items()},
        "true_s": {side: round(seconds, 2) for side, seconds in true_s.items()},
        "repetitions": summary["repetitions"],
        "true_repetitions": max((phase.get("rep", 0) for phase in truth["phases"]), default=0),
        "faults": sorted({fault["id"] for fault in summary["faults"]}),
        "pauses": [pause["reason"] for pause in summary["tracking"]["pauses"]],
    }


def main(folder: Path | None) -> int:
    """Print a line per recording."""
    for path in sorted((folder or FIXTURES).glob("*.parquet")):
        print(json.dumps(measure(path)), flush=True)
    return 0
