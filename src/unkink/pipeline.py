"""The whole flow on one page: calls in order, no logic of their own.

    acquire   landmarks of one picture (browser, file, synthetic person)
    body      quantities with their uncertainty, and how well the person is seen
    coach     the session's next state and what is to be said, shown, stored or ended
    diary     what is remembered
    front     what the page and the command line make of it

Live and recorded movement go through :class:`Engine`, one picture at a time, and so give the same result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from unkink.acquire.rulefiles import load_rule_files
from unkink.body.landmarks import Landmark
from unkink.body.track import TrackState, ViewNeeds, track
from unkink.coach.events import AnyEvent, Bye, Effect, Frame
from unkink.coach.rulebook import Rulebook, decode_rulebook
from unkink.coach.screening import Permission
from unkink.coach.session import begin, make_plan, reduce
from unkink.coach.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unkink.acquire.recorded import Recording
    from unkink.body.landmarks import LandmarkSeries
    from unkink.coach.exercise import Exercise
    from unkink.coach.session_state import Plan, SessionState

_EVENT = msgspec.json.Decoder(AnyEvent)


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """Read and decode the rules.

    Raises
    ------
    RuleError
        With all faults of all files.
    """
    return decode_rulebook(load_rule_files() if folder is None else load_rule_files(folder))


def make_needs(exercise: Exercise) -> ViewNeeds:
    """Return what the camera has to see for a technique."""
    return ViewNeeds(
        facing=exercise.camera.facing,
        required=tuple(Landmark[name.upper()] for name in exercise.camera.required),
        preferred=tuple(Landmark[name.upper()] for name in exercise.camera.preferred),
        position=exercise.position,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One running session: landmarks and events in, effects out. A value: every step gives a new one."""

    rulebook: Rulebook
    needs: ViewNeeds
    track: TrackState
    session: SessionState

    @classmethod
    def start(cls, plan: Plan, rulebook: Rulebook) -> Engine:
        """Return the engine before the first picture."""
        exercise = rulebook.exercise(plan.exercise_id, plan.variant)
        return cls(
            rulebook=rulebook,
            needs=make_needs(exercise),
            track=TrackState.start(),
            session=begin(plan, rulebook),
        )

    @classmethod
    def go_on(cls, session: SessionState, rulebook: Rulebook) -> Engine:
        """Return the engine of a session that was written down."""
        exercise = rulebook.exercise(session.plan.exercise_id, session.plan.variant)
        return cls(rulebook=rulebook, needs=make_needs(exercise), track=TrackState.start(), session=session)

    def see(self, series: LandmarkSeries) -> tuple[Engine, tuple[Effect, ...]]:
        """Take the landmarks of one picture (series of length 1, ``t_s`` in seconds)."""
        state, sample = track(self.track, series, self.needs)
        return replace(self, track=state).hear(Frame(t_s=sample.t_s, sample=sample))

    def hear(self, event: AnyEvent) -> tuple[Engine, tuple[Effect, ...]]:
        """Take any other event."""
        session, effects = reduce(self.session, event, self.rulebook)
        return replace(self, session=session), effects

    def summary(self) -> dict[str, Any]:
        """Return the documented summary of the session so far (seconds, degrees)."""
        plan = self.session.plan
        return summarise(self.session, self.rulebook.exercise(plan.exercise_id, plan.variant))


def replay(
    recording: Recording,
    rulebook: Rulebook,
    *,
    exercise_id: str,
    variant: str | None = None,
    level: str = "standard",
) -> dict[str, Any]:
    """Coach a recording as if it were live.

    A recording is watched, not advised: there is nobody to protect from it, so no screening is asked for.

    Parameters
    ----------
    recording : Recording
    rulebook : Rulebook
    exercise_id, variant : str
    level : ``short``, ``start`` or ``standard``
        The dose; what is counted does not depend on it until the session would be over.

    Returns
    -------
    dict
        See :func:`unkink.coach.summary.summarise`; times are the recording's own.
    """
    plan = make_plan(
        rulebook,
        exercise_id=exercise_id,
        variant=variant,
        mode="camera",
        permission=_watched_only(variant),
        level=level,
    )
    engine = Engine.start(_recorded_plan(plan, recording), rulebook)
    end_s = float(recording.series.t_s[-1])
    for item in _merge(recording):
        engine, _ = engine.hear(item) if isinstance(item, AnyEvent) else engine.see(item)
    if engine.session.status == "running":
        engine, _ = engine.hear(Bye(t_s=end_s, reason="end"))
    return engine.summary()


def _watched_only(variant: str | None) -> Permission:
    return Permission(effect="ok", variants=() if variant is None else (variant,))


def _recorded_plan(plan: Plan, recording: Recording) -> Plan:
    """A recording of the app itself is replayed with the plan that it was made with."""
    data = recording.metadata.get("plan")
    if data is None:
        return plan
    made = msgspec.json.decode(data, type=type(plan))
    return msgspec.structs.replace(made, rules_version=plan.rules_version)


def _merge(recording: Recording) -> Iterator[LandmarkSeries | AnyEvent]:
    """Yield pictures and events in the order of time; an event goes before a picture of the same time."""
    events = sorted((_EVENT.decode(msgspec.json.encode(e)) for e in recording.events), key=lambda e: e.t_s)
    waiting = iter(events)
    event = next(waiting, None)
    for frame in recording.frames():
        while event is not None and event.t_s <= frame.t_s[0]:
            yield event
            event = next(waiting, None)
        yield frame
    while event is not None:
        yield event
        event = next(waiting, None)
