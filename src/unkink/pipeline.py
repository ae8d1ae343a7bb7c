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
from unkink.coach.summary import move_summary, summarise
from unkink.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from unkink.acquire.recorded import Recording, RecordingFile
    from unkink.body.landmarks import LandmarkSeries
    from unkink.body.quantities import QuantitySeries, Sample
    from unkink.coach.exercise import Exercise
    from unkink.coach.session_state import Plan, SessionState

T = TypeVar("T")
Timed = TypeVar("Timed", "LandmarkSeries", "QuantitySeries")

UNENDING_SETS = 1_000_000
"""A recording is watched to its end, however much was done in it."""

_PLAN, _EVENTS = "plan", "events"
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
    origin_s = _find_origin_s(recording)
    frames = (_move(frame, -origin_s) for frame in recording.frames())
    for item in _merge(frames, _read_events(recording, -origin_s), lambda frame: float(frame.t_s[0])):
        engine, _ = engine.hear(item) if isinstance(item, AnyEvent) else engine.see(item)
    engine = _close(engine, float(recording.series.t_s[-1]) - origin_s)
    return move_summary(engine.summary(), origin_s)


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
    origin_s = _find_origin_s(recording)

    def samples() -> Iterator[Sample]:
        pieces = (_move(piece, -origin_s) for piece in recording.chunks())
        for block in smooth_blocks(measure_blocks(pieces, engine.needs)):
            waiting.append(block)
            yield from block.samples()

    end_s = 0.0
    for item in _merge(samples(), _read_events(recording, -origin_s), lambda sample: sample.t_s):
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
        summary=move_summary(engine.summary(), origin_s),
        quantities=_move(join_series(series), origin_s),
    )


def _find_origin_s(recording: Recording | RecordingFile) -> float:
    """Return the time from which the session counts.

    A session begins at zero. The app's own recordings do, too; of others the first picture is the beginning,
    whatever its time: before zero nothing would be seen, and a clock that tells the date is no length.
    """
    if _PLAN in recording.metadata:
        return 0.0
    first = next(iter(recording.chunks()), None)
    return 0.0 if first is None else float(first.t_s[0])


def _read_events(recording: Recording | RecordingFile, by_s: float) -> list[AnyEvent]:
    """Return what the person did, in the order of time, moved by ``by_s`` seconds.

    Raises
    ------
    MediaError
        ``media-shape``.
    """
    try:
        events = [_EVENT.decode(msgspec.json.encode(event)) for event in recording.events]
    except msgspec.MsgspecError:
        raise _misshapen(recording, _EVENTS) from None
    events = [msgspec.structs.replace(event, t_s=event.t_s + by_s) for event in events]
    return sorted(events, key=lambda event: event.t_s)


def _move(series: Timed, by_s: float) -> Timed:
    """Return the same with all times ``by_s`` seconds later."""
    return series if by_s == 0.0 else replace(series, t_s=series.t_s + by_s)


def _misshapen(recording: Recording | RecordingFile, what: str) -> MediaError:
    return MediaError("media-shape", "problem.media-shape", params={"name": recording.name, "what": what})


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
    data = recording.metadata.get(_PLAN)
    if data is None:
        return plan if plan.parts else msgspec.structs.replace(plan, n_sets=UNENDING_SETS, rest_s=0.0)
    try:
        made = msgspec.json.decode(data, type=type(plan))
        rulebook.exercise(made.exercise_id, made.variant)
    except (msgspec.MsgspecError, KeyError):
        raise _misshapen(recording, _PLAN) from None
    return msgspec.structs.replace(made, rules_version=plan.rules_version)


def _merge(
    pictures: Iterable[T], events: Iterable[AnyEvent], read_time_s: Callable[[T], float]
) -> Iterator[T | AnyEvent]:
    """Yield pictures and events in the order of time; an event goes before a picture of the same time."""
    waiting = iter(events)
    event = next(waiting, None)
    for picture in pictures:
        while event is not None and event.t_s <= read_time_s(picture):
            yield event
            event = next(waiting, None)
        yield picture
    while event is not None:
        yield event
        event = next(waiting, None)
