"""A recording, coached as if it were live.

In: a file of landmarks and a technique. Out: the documented summary. Next file: :mod:`unkink.pipeline`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from unkink.acquire.recorded import load_recording
from unkink.errors import AccessError, ExchangeError
from unkink.pipeline import load_rulebook
from unkink.pipeline import replay as replay_recording


def replay_file(file: Path, *, exercise_id: str, variant: str | None) -> dict[str, Any]:
    """Replay a file.

    Raises
    ------
    UnkinkError
        When the file cannot be read, or there is no such technique.
    """
    rulebook = load_rulebook()
    known = {**rulebook.exercises, rulebook.check.id: rulebook.check}
    ways = known[exercise_id].variants if exercise_id in known and not known[exercise_id].parts else ()
    variants = {v.id for v in ways}
    if exercise_id not in known or (variant is not None and variant not in variants):
        names = ", ".join(sorted(variants if exercise_id in known else known))
        code = "exercise-unknown"
        wrong = variant if exercise_id in known else exercise_id
        raise AccessError(
            code,
            "problem.exercise-unknown",
            params={"name": wrong, "known": names},
            hint="unkink replay --help",
        )
    return replay_recording(load_recording(file), rulebook, exercise_id=exercise_id, variant=variant)


def write_summary(summary: dict[str, Any], out: str) -> None:
    """Write the summary as JSON into a file, or to the terminal for ``-``."""
    text = json.dumps(summary, indent=2, allow_nan=False) + "\n"
    if out == "-":
        sys.stdout.write(text)
        return
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError:
        code = "output-unwritable"
        raise ExchangeError(code, "problem.output-unwritable", params={"path": out}) from None


def describe_summary(summary: dict[str, Any]) -> str:
    """Return the summary in a few lines."""
    lines = [f"{summary['exercise']}, {summary['duration_s']:.1f} s, {summary['status']}"]
    for side, part in summary["sides"].items():
        peak = part["peak_deg"]
        turned = "" if peak is None else f", {peak:.0f} degrees, give or take {2 * part['peak_sd_deg']:.0f}"
        lines.append(f"  {side}: {part['held_s']:.1f} s in form in {len(part['holds'])} holds{turned}")
    if summary["repetitions"]:
        lines.append(f"  repetitions: {summary['repetitions']}")
    lines += [f"  {f['id']}: {f['start_s']:.1f} to {f['end_s']:.1f} s" for f in summary["faults"]]
    return "\n".join(lines)
