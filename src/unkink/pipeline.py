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
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from unkink.acquire.rulefiles import load_rule_files
from unkink.body.landmarks import Landmark
from unkink.body.recording import Block, join_series, measure_blocks, relate_block, smooth_blocks
from unkink.body.track import TrackState, ViewNeeds, track
from unkink.coach.events import AnyEvent, Bye, Effect, Frame
from unkink.coach.rulebook import Rulebook, decode_rulebook
from unkink.coach.screening import Permission
from unkink.coach.session import begin, make_plan, reduce
from unkink.coach.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from unkink.acquire.recorded import Recording, RecordingFile
    from unkink.body.landmarks import LandmarkSeries
    from unkink.body.quantities import QuantitySeries, Sample
    from unkink.coach.exercise import Exercise
    from unkink.coach.session_state import Plan, SessionState

T = TypeVar("T")

UNENDING_SETS = 1_000_000
"""A recording is watched to its end, however much was done in it."""

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
        session, effects = reduce(self.session, Frame(t_s=sample.t_s, sample=sample), self.rulebook)
        return Engine(rulebook=self.rulebook, needs=self.needs, track=state, session=session), effects

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
    """Coach a recording as if it were live: every picture is judged by what came before it.

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
    plan = _plan_recorded(recording, rulebook, exercise_id=exercise_id, variant=variant, level=level)
    engine = Engine.start(plan, rulebook)
    for item in _merge(recording.frames(), recording.events, lambda frame: float(frame.t_s[0])):
        engine, _ = engine.hear(item) if isinstance(item, AnyEvent) else engine.see(item)
    return _close(engine, float(recording.series.t_s[-1])).summary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a recording shows, seen as a whole."""

    exercise_id: str
    variant: str | None
    summary: dict[str, Any]
    """As :func:`replay` gives it."""
    quantities: QuantitySeries
    """Against the person's neutral; without one, relative quantities are NaN."""


def analyse(
    recording: Recording | RecordingFile, rulebook: Rulebook, *, exercise_id: str, variant: str | None = None
) -> Analysis:
    """Coach a recording as a whole: like :func:`replay`, but every picture is smoothed by its neighbours.

    Parameters
    ----------
    recording : Recording or RecordingFile
        A file is read piece by piece: landmarks of any length take the same memory.
    rulebook : Rulebook
    exercise_id, variant : str

    Returns
    -------
    Analysis

    Raises
    ------
    MediaError
        When the file turns out to be damaged, or has no picture.
    """
    plan = _plan_recorded(recording, rulebook, exercise_id=exercise_id, variant=variant, level="standard")
    engine = Engine.start(plan, rulebook)
    waiting: list[Block] = []
    series: list[QuantitySeries] = []

    def samples() -> Iterator[Sample]:
        for block in smooth_blocks(measure_blocks(recording.chunks(), engine.needs)):
            waiting.append(block)
            yield from block.samples()

    end_s = 0.0
    for item in _merge(samples(), recording.events, lambda sample: sample.t_s):
        end_s = item.t_s
        engine, _ = engine.hear(item if isinstance(item, AnyEvent) else Frame(t_s=end_s, sample=item))
        if len(waiting) > 1 and engine.session.neutral is not None:
            series += [relate_block(block, engine.session.neutral) for block in waiting[:-1]]
            del waiting[:-1]
    engine = _close(engine, end_s)
    series += [relate_block(block, engine.session.neutral) for block in waiting]
    return Analysis(
        exercise_id=plan.exercise_id,
        variant=plan.variant,
        summary=engine.summary(),
        quantities=join_series(series),
    )


def _close(engine: Engine, end_s: float) -> Engine:
    """End a session that its recording leaves running."""
    if engine.session.status == "running":
        engine, _ = engine.hear(Bye(t_s=end_s, reason="end"))
    return engine


def _watched_only(variant: str | None) -> Permission:
    return Permission(effect="ok", variants=() if variant is None else (variant,))


def _plan_recorded(
    recording: Recording | RecordingFile,
    rulebook: Rulebook,
    *,
    exercise_id: str,
    variant: str | None,
    level: str,
) -> Plan:
    """Plan a recording: the app's own is replayed with the plan it was made with, any other to its end."""
    plan = make_plan(
        rulebook,
        exercise_id=exercise_id,
        variant=variant,
        mode="camera",
        permission=_watched_only(variant),
        level=level,
    )
    data = recording.metadata.get("plan")
    if data is None:
        return plan if plan.parts else msgspec.structs.replace(plan, n_sets=UNENDING_SETS, rest_s=0.0)
    made = msgspec.json.decode(data, type=type(plan))
    return msgspec.structs.replace(made, rules_version=plan.rules_version)


def _merge(
    pictures: Iterable[T], events: Iterable[dict[str, Any]], read_time_s: Callable[[T], float]
) -> Iterator[T | AnyEvent]:
    """Yield pictures and events in the order of time; an event goes before a picture of the same time."""
    waiting = iter(sorted((_EVENT.decode(msgspec.json.encode(e)) for e in events), key=lambda e: e.t_s))
    event = next(waiting, None)
    for picture in pictures:
        while event is not None and event.t_s <= read_time_s(picture):
            yield event
            event = next(waiting, None)
        yield picture
    while event is not None:
        yield event
        event = next(waiting, None)
