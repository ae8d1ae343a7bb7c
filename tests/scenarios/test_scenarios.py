"""Whole sessions, kept as files: a script, what the person did, and what came of it.

``UNKINK_BLESS=1 pytest tests/scenarios`` writes the expectations anew; look at the difference before you
commit it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec
import pytest

from builders import make_engine, play
from unkink.acquire.synthetic import Move, make_motion
from unkink.coach.events import AnyEvent, Say
from unkink.coach.screening import Permission

FOLDER = Path(__file__).parent
SCENARIOS = sorted(FOLDER.glob("*.scenario.json"))


def _run(scenario):
    script = tuple(Move(**move) for move in scenario["script"])
    motion = make_motion(script, **scenario.get("camera", {}))
    events = tuple(msgspec.convert(e, type=AnyEvent) for e in scenario.get("events", []))
    plan = dict(scenario["plan"])
    permission = msgspec.convert(plan.pop("permission", {}), type=Permission)
    engine, effects = play(
        make_engine(plan.pop("exercise_id"), permission=permission, **plan), motion, events
    )
    summary = engine.summary()
    return {
        "status": summary["status"],
        "reason": summary["reason"],
        "held_s": {side: round(value["held_s"], 1) for side, value in summary["sides"].items()},
        "repetitions": summary["repetitions"],
        "faults": [(f["id"], round(f["start_s"], 1)) for f in summary["faults"]],
        "pauses": [p["reason"] for p in summary["tracking"]["pauses"]],
        "verdicts": [(v["kind"], *v["rule_ids"]) for v in summary["verdicts"]],
        "says": [(round(e.t_s, 1), e.line.key) for e in effects if isinstance(e, Say)],
    }


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.name.split(".")[0])
def test_scenario(path):
    scenario = json.loads(path.read_text(encoding="utf-8"))
    got = json.loads(json.dumps(_run(scenario)))
    if os.environ.get("UNKINK_BLESS"):
        scenario["expected"] = got
        path.write_text(json.dumps(scenario, indent=1) + "\n", encoding="utf-8")
    assert got == scenario["expected"]


def test_there_are_scenarios():
    assert len(SCENARIOS) >= 6
