"""The summary of a session: what was done, what was seen, what was said.

In: the session's state. Out: the documented summary, the same for live sessions and replays (``unkink
replay --json``). Times are seconds of the session, or the recording's own. Next file:
:mod:`unkink.coach.progress`.
"""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from unkink.coach.counting import main_quantities
from unkink.coach.mobility import summarise_parts

if TYPE_CHECKING:
    from unkink.coach.exercise import Exercise
    from unkink.coach.session_state import DoneHold, SessionState

SUMMARY_FORMAT = 1


def summarise(state: SessionState, exercise: Exercise) -> dict[str, Any]:
    """Return the summary as plain values, ready for JSON.

    Parameters
    ----------
    state : SessionState
    exercise : Exercise, as the variant has it

    Returns
    -------
    dict
        Seconds and degrees; a number that was not measured is None.
    """
    plan = state.plan
    parts = {"parts": summarise_parts(state, exercise)} if plan.parts else {}
    return {
        "format": SUMMARY_FORMAT,
        "exercise": plan.exercise_id,
        "variant": plan.variant,
        "mode": plan.mode,
        "status": state.status,
        "reason": state.end_reason,
        "duration_s": _round(state.t_s),
        "quantity": main_quantities(exercise)[0],
        "neutral": None
        if state.neutral is None
        else {"start_s": _round(state.neutral.t_start_s), "end_s": _round(state.neutral.t_end_s)},
        "sides": {side: _side(state, side) for side in plan.sides},
        "repetitions": len(state.rep_times),
        "repetition_times": [{"start_s": _round(a), "end_s": _round(b)} for a, b in state.rep_times],
        "faults": [
            {
                "id": span.fault_id,
                "start_s": _round(span.start_s),
                "end_s": _round(span.end_s if span.end_s is not None else state.t_s),
                "blocks_count": span.blocks_count,
            }
            for span in state.fault_spans
        ],
        "cues": [
            {"key": said.key, "t_s": _round(said.t_s), "urgency": said.urgency, "fault_id": said.fault_id}
            for said in state.said
        ],
        "tracking": {
            "seen_share": _round(state.n_seen / state.n_frames, 4) if state.n_frames else None,
            "n_frames": state.n_frames,
            "pauses": [
                {
                    "reason": p.reason,
                    "start_s": _round(p.start_s),
                    "end_s": _round(p.end_s if p.end_s is not None else state.t_s),
                }
                for p in state.pauses
            ],
        },
        "verdicts": [
            {"t_s": _round(v.t_s), "kind": v.kind, "rule_ids": list(v.rule_ids)} for v in state.verdicts
        ],
        "pain": [{"t_s": _round(p.t_s), "score": p.score, "kind": p.pain} for p in state.pain],
        "symptoms": list(state.symptoms),
        "pops": [_round(t) for t in state.pops],
        "unseen": list(exercise.unseen),
        **parts,
    }


_TIMES = frozenset({"t_s", "start_s", "end_s"})


def move_summary(summary: dict[str, Any], by_s: float) -> dict[str, Any]:
    """Return a summary with all that happened moved in time; lengths stay.

    Parameters
    ----------
    summary : dict
        As :func:`summarise` gives it.
    by_s : float, seconds

    Returns
    -------
    dict
        A new one.
    """
    if by_s == 0.0:
        return summary
    pops = [_round(t_s + by_s) for t_s in summary["pops"]]
    return {**_move(summary, by_s), "pops": pops}


def _move(value: Any, by_s: float) -> Any:
    if isinstance(value, list):
        return [_move(item, by_s) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {
            key: _round(item + by_s) if key in _TIMES and item is not None else _move(item, by_s)
            for key, item in cast("dict[str, Any]", value).items()
        }
    return value


def _side(state: SessionState, side: str) -> dict[str, Any]:
    holds = [h for h in state.holds if h.side == side]
    measured = [h for h in holds if h.level_deg is not None and h.level_sd_deg is not None]
    # the peak is the furthest hold, a robust level over seconds, not the furthest picture
    peak = max(measured, key=_level, default=None)
    levels = sorted(_level(h) for h in measured)
    level = median(levels) if levels else None
    # every hold of a session shares the same neutral and camera: repeating it does not shrink that part
    level_sd = median([h.level_sd_deg for h in measured if h.level_sd_deg is not None]) if measured else None
    return {
        "held_s": _round(sum(h.held_s for h in holds)),
        "holds": [
            {
                "start_s": _round(h.start_s),
                "end_s": _round(h.end_s),
                "level_deg": _round(None if h.level_deg is None else abs(h.level_deg)),
                "level_sd_deg": _round(h.level_sd_deg),
                "set_idx": h.set_idx,
                "is_measured": h.is_measured,
            }
            for h in holds
        ],
        "peak_deg": _round(None if peak is None else _level(peak)),
        "peak_sd_deg": _round(None if peak is None else peak.level_sd_deg),
        "level_deg": _round(level),
        "level_sd_deg": _round(level_sd),
    }


def _level(hold: DoneHold) -> float:
    return abs(hold.level_deg) if hold.level_deg is not None else 0.0


def _round(number: float | None, digits: int = 3) -> float | None:
    return None if number is None or not math.isfinite(number) else round(number, digits)
