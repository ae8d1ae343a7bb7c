"""Cues: one at a time, spaced, the most important first.

In: what could be said now. Out: what is said. Safety is not decided here: :mod:`unkink.coach.session` asks
``coach.safety`` first, and a safety cue is never held back. Next file: :mod:`unkink.coach.session`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from unkink.coach.events import Line

if TYPE_CHECKING:
    from unkink.coach.exercise import CueTiming

Urgency: TypeAlias = Literal["prompt", "form", "safety"]
WORDS_OF_A_LINE = 8
"""A line of guidance is about this long; only used to leave the voice its time."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could be said."""

    line: Line
    urgency: Urgency
    importance: int
    """1 first."""
    rule_ids: tuple[str, ...] = ()
    fault_id: str | None = None
    keeps: bool = False
    """A prompt that belongs to a change of phase: waits for its turn instead of being dropped."""
    is_exercise: bool = True
    """False for what may be said while nothing is to be done.

    What to move, that it is paused, that it is over.
    """


class CueState(msgspec.Struct, frozen=True, kw_only=True):
    """What was said, and what waits."""

    last_s: float = -1e9
    last_urgency: Urgency = "prompt"
    said_at_s: tuple[tuple[str, float], ...] = ()
    """(key, t_s) of each key's last time."""
    waiting: Wish | None = None
    """At most one prompt waits; a newer one replaces it, for it belongs to a later phase."""


def choose_cue(
    state: CueState, wishes: tuple[Wish, ...], t_s: float, timing: CueTiming
) -> tuple[CueState, Wish | None]:
    """Choose what to say now, if anything.

    Parameters
    ----------
    state : CueState
    wishes : what could be said with this event
    t_s : float, seconds
    timing : CueTiming, seconds

    Returns
    -------
    state, wish
        ``wish`` is None when nothing is to be said now.
    """
    waiting = next((w for w in wishes if w.keeps), state.waiting)
    state = replace(state, waiting=waiting)
    candidates = [w for w in wishes if not w.keeps]
    if waiting is not None:
        candidates.append(waiting)
    order = {"safety": 0, "form": 1, "prompt": 2}
    candidates.sort(key=lambda w: (order[w.urgency], w.importance))
    for wish in candidates:
        if _may_say(state, wish, t_s, timing):
            said = tuple((k, t) for k, t in state.said_at_s if k != wish.line.key)
            return (
                replace(
                    state,
                    last_s=t_s,
                    last_urgency=wish.urgency,
                    said_at_s=(*said, (wish.line.key, t_s)),
                    waiting=None if wish is waiting else waiting,
                ),
                wish,
            )
    return state, None


def _may_say(state: CueState, wish: Wish, t_s: float, timing: CueTiming) -> bool:
    if wish.urgency == "safety":
        return True
    since = t_s - state.last_s
    if wish.urgency == "form":
        last_time = next((t for k, t in state.said_at_s if k == wish.line.key), -1e9)
        if t_s - last_time < timing.repeat_s:
            return False
        return since >= (timing.form_after_prompt_s if state.last_urgency == "prompt" else timing.gap_s)
    return since >= min(timing.gap_s, timing.speak_s_per_word * WORDS_OF_A_LINE)
