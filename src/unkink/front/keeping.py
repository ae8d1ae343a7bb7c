"""What a live session leaves in the diary, as it happens and at its end.

In: effects and the engine's state. Out: rows through the spool (written by a thread of its own), landmarks
when the person asked for them. Next file: :mod:`unkink.front.live`.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from unkink.body.landmarks import LandmarkSeries
from unkink.coach import dose
from unkink.coach.counting import compute_total_held_s
from unkink.coach.events import AnyEvent, Bye, Store
from unkink.coach.history import SIGNS, NoteKind, PastSession
from unkink.coach.safety import VerdictKind
from unkink.coach.session import from_snapshot, to_snapshot
from unkink.coach.session_state import Plan, SessionState
from unkink.diary import records
from unkink.diary.spool import Spool
from unkink.errors import UnkinkError
from unkink.front.problems import Problem, problem_from
from unkink.front.services import Services
from unkink.pipeline import Engine

SNAPSHOT_EVERY_S = 2.0
"""A crash loses at most this, the spool's second, and a little."""
_SNAPSHOT_FORMAT = 1
_MOST_EARLY = 1000
"""Events kept for a recording before its first picture comes."""
_IMPORTANT = frozenset({"hold", "repetition", "set", "pain", "symptom", "verdict", "pop", "pause", "neutral"})
_LOG = logging.getLogger("unkink.front")


def pack(state: SessionState) -> dict[str, Any]:
    """Return a session's state as plain data for the diary."""
    return {"format": _SNAPSHOT_FORMAT, "state": base64.b64encode(to_snapshot(state)).decode("ascii")}


def unpack(snapshot: dict[str, Any]) -> SessionState | None:
    """Return the state that was kept; None when there is none that can be read."""
    if snapshot.get("format") != _SNAPSHOT_FORMAT:
        return None
    try:
        return from_snapshot(base64.b64decode(snapshot["state"], validate=True))
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError):
        return None


class Keeper:
    """Writes one live session down.

    Parameters
    ----------
    services : Services
    session_id : str
    plan : Plan or None
        Of a session whose landmarks the person wants kept; None: none are kept.
    monotonic_s : callable
        Seconds, for how often the state is kept.
    """

    def __init__(
        self,
        services: Services,
        session_id: str,
        *,
        plan: Plan | None,
        monotonic_s: Callable[[], float],
    ) -> None:
        self._services = services
        self._session_id = session_id
        self._monotonic_s = monotonic_s
        self._spool = Spool(services.diary, session_id)
        self._kept_at_s = -SNAPSHOT_EVERY_S
        self._is_recorded = plan is not None
        self._plan = "" if plan is None else msgspec.json.encode(plan).decode()
        self._early: list[dict[str, Any]] = []
        self._recording: Any = None
        self._told_error: str | None = None

    # --------------------------------------------------------------------------------------- as it happens

    def store(self, effects: tuple[Store, ...]) -> None:
        """Keep what happened; returns at once."""
        if effects:
            self._spool.add(
                *(records.SessionEvent(t_s=e.t_s, kind=e.what, payload=dict(e.data)) for e in effects)
            )

    def keep(self, engine: Engine, effects: tuple[Store, ...] = (), *, at_once: bool = False) -> None:
        """Keep where the session stands, every two seconds and when something important happened."""
        now_s = self._monotonic_s()
        is_important = at_once or any(e.what in _IMPORTANT for e in effects)
        if not is_important and now_s - self._kept_at_s < SNAPSHOT_EVERY_S:
            return
        self._kept_at_s = now_s
        state = engine.session
        held_s, rolled_s = _held(engine)
        self._spool.update(
            records.SessionUpdate(
                t_s=state.t_s,
                snapshot=pack(state),
                held_s=held_s,
                rolled_s=rolled_s,
                repetitions=len(state.rep_times),
                pain_during=max((p.score for p in state.pain), default=None),
                pain_kinds=tuple(dict.fromkeys(p.pain for p in state.pain)),
            )
        )

    def record(self, item: LandmarkSeries | AnyEvent) -> None:
        """Keep landmarks and what the person did, when asked to."""
        if not self._is_recorded:
            return
        if isinstance(item, LandmarkSeries):
            writer = self._writer(item)
            found = bool((item.image[0] == item.image[0]).all())
            world = None if item.world is None else item.world[0]
            light, persons = item.brightness_frac, item.n_persons
            writer.add(
                float(item.t_s[0]),
                item.image[0] if found else None,
                world,
                brightness_frac=None if light is None else float(light[0]),
                n_persons=None if persons is None else int(persons[0]),
            )
        elif self._recording is not None:
            self._recording.event(msgspec.to_builtins(item))
        elif len(self._early) < _MOST_EARLY:
            self._early.append(msgspec.to_builtins(item))

    def _writer(self, series: LandmarkSeries) -> Any:
        if self._recording is None:
            from unkink.diary.recordings import RecordingWriter

            path = self._services.diary.recordings_dir / f"{self._session_id}.parquet"
            self._recording = RecordingWriter(
                path, width_px=series.width_px, height_px=series.height_px, plan=self._plan
            )
            for event in self._early:
                self._recording.event(event)
            self._early.clear()
            self._list_recording(path.name, self._recording, finished=False)
        return self._recording

    @property
    def error(self) -> UnkinkError | None:
        """What is wrong with the writing; None when nothing is."""
        return self._spool.state.error

    def trouble(self) -> Problem | None:
        """Return what is wrong with the writing, or that it is right again: once per change."""
        error = self.error
        code = None if error is None else error.code
        if code == self._told_error:
            return None
        self._told_error = code
        if error is None:
            return Problem(status=200, code="store-saved-again", key="store.saved-again")
        return problem_from(error)

    # ------------------------------------------------------------------------------------------ at the end

    def finish(self, engine: Engine, status: records.EndStatus) -> bool:
        """Write the summary; blocks. True when it is on disk."""
        summary = summarise(engine, self._services)
        is_stored = self._spool.finish(summary, status)
        if not is_stored:
            self._keep_signs(engine.session)
        self._close_recording()
        self._spool.close()
        return is_stored

    def interrupt(self, engine: Engine) -> None:
        """Write where it stands and leave it to be gone on with; blocks."""
        self.keep(engine, at_once=True)
        self._spool.close()
        self._close_recording()
        try:
            self._services.diary.interrupt_session(self._session_id)
        except UnkinkError as exc:
            _LOG.warning("session could not be put aside: %s", exc.code)
            self._keep_signs(engine.session)

    def _keep_signs(self, state: SessionState) -> None:
        """Keep signs by themselves when another device has deleted the session they were told in."""
        error = self.error
        if error is None or error.code != "session-unknown" or state.plan.mode == "demo":
            return
        told = _stop_rules(state)
        signs: list[NoteKind] = [kind for kind in SIGNS if kind in told]
        for sign in signs:
            try:
                self._services.diary.save_note(records.Note(kind=sign, at=self._services.clock()))
            except UnkinkError as exc:
                _LOG.warning("a sign could not be kept: %s", exc.code)

    def _close_recording(self) -> None:
        writer, self._recording = self._recording, None
        if writer is None:
            return
        path = writer.close()
        if path is not None:
            self._list_recording(path.name, writer, finished=True)

    def _list_recording(self, name: str, writer: Any, *, finished: bool) -> None:
        """Tell the diary of the file, so that it is exported, deleted and erased with the rest."""
        try:
            self._services.diary.save_recording(
                records.Recording(
                    session_id=self._session_id,
                    path=name,
                    n_frames=writer.n_frames,
                    duration_s=writer.duration_s,
                    finished=finished,
                )
            )
        except UnkinkError as exc:
            _LOG.warning("recording could not be listed: %s", exc.code)


def close_broken(services: Services, session_id: str) -> None:
    """End a session that broke off and will not be gone on with: what was done in it is summed up.

    Raises
    ------
    StoreError
        ``session-unknown`` when there is none.
    """
    found = services.diary.session(session_id)
    state = None if found is None else unpack(found.session.snapshot)
    if found is None or found.session.status != "interrupted" or state is None:
        services.diary.dismiss_session(session_id)
        return
    try:
        engine = Engine.go_on(state, services.rulebook)
        if state.status == "running":
            engine, _ = engine.hear(Bye(t_s=state.t_s, reason="left"))
        summary = summarise(engine, services)
    except KeyError:  # a technique or variant that there is no more
        services.diary.dismiss_session(session_id)
        return
    status = engine.session.status
    services.diary.finish_session(session_id, summary, "left" if status == "running" else status)


def _held(engine: Engine) -> tuple[dict[str, float], float]:
    """Return seconds in form by side, and seconds rolled."""
    plan = engine.session.plan
    exercise = engine.rulebook.exercise(plan.exercise_id, plan.variant)
    held_s = compute_total_held_s(engine.session, exercise)
    rolled_s = held_s.pop("both", 0.0) if exercise.code == "FR" else 0.0
    return held_s, rolled_s


def summarise(engine: Engine, services: Services) -> records.SessionSummary:
    """Return what a session came to, for the diary."""
    state, summary = engine.session, engine.summary()
    held_s, rolled_s = _held(engine)
    pain_during = max((p.score for p in state.pain), default=None)
    kinds = tuple(dict.fromkeys(p.pain for p in state.pain))
    stop_rule_ids = _stop_rules(state)
    past = PastSession(
        exercise_id=state.plan.exercise_id,
        variant=state.plan.variant,
        mode=state.plan.mode,
        status="finished" if state.status == "running" else state.status,
        started_at=services.clock(),
        held_s=held_s,
        rolled_s=rolled_s,
        repetitions=len(state.rep_times),
        pain_before=state.plan.pain_before,
        pain_during=pain_during,
        pain_kinds=kinds,
        stop_rule_ids=stop_rule_ids,
    )
    return records.SessionSummary(
        t_s=state.t_s,
        summary=summary,
        held_s=held_s,
        rolled_s=rolled_s,
        repetitions=len(state.rep_times),
        pain_during=pain_during,
        pain_kinds=kinds,
        signal=dose.signal_of(past, services.rulebook.safety),
        stop_rule_ids=stop_rule_ids,
        sets=tuple(_sets(state, is_rolled=rolled_s > 0)),
        measurements=tuple(_measurements(summary)),
    )


def _stop_rules(state: SessionState) -> tuple[str, ...]:
    """Return the rules that stopped the session, and every sign that was told in it."""
    verdict = state.verdict
    is_stop = verdict is not None and verdict.kind is VerdictKind.STOP
    reasons = tuple(r.rule_id for r in verdict.reasons) if verdict is not None and is_stop else ()
    return tuple(dict.fromkeys((*state.symptoms, *reasons)))


def _sets(state: SessionState, *, is_rolled: bool) -> list[records.ExerciseSet]:
    """Return one entry per set and side in which something counted."""
    sets: list[records.ExerciseSet] = []
    for key in dict.fromkeys((h.set_idx, h.side) for h in state.holds):
        holds = [h for h in state.holds if (h.set_idx, h.side) == key]
        start_s, end_s = holds[0].start_s, holds[-1].end_s
        seconds = sum(h.held_s for h in holds)
        sets.append(
            records.ExerciseSet(
                set_idx=key[0],
                side=key[1],  # type: ignore[arg-type]
                started_s=start_s,
                ended_s=end_s,
                held_s=0.0 if is_rolled else seconds,
                rolled_s=seconds if is_rolled else 0.0,
                n_faults=sum(start_s <= f.start_s < end_s for f in state.fault_spans),
            )
        )
    if not sets and state.rep_times:
        sets.append(
            records.ExerciseSet(
                set_idx=0,
                side="both",
                started_s=state.rep_times[0][0],
                ended_s=state.rep_times[-1][1],
                repetitions=len(state.rep_times),
                n_faults=len(state.fault_spans),
            )
        )
    return sets


def _measurements(summary: dict[str, Any]) -> list[records.Measurement]:
    """Return the level of each side, or that there is none."""
    if "parts" in summary:
        return [m for part in summary["parts"] for m in _part_measurements(part)]
    found: list[records.Measurement] = []
    for side, part in summary["sides"].items():
        measured = [h for h in part["holds"] if h["is_measured"] and h["level_deg"] is not None]
        if part["level_deg"] is None and not part["holds"]:
            continue
        if not str(summary["quantity"]).endswith("_deg"):
            continue
        found.append(
            records.Measurement(
                quantity=summary["quantity"],
                side=side,
                value_deg=part["level_deg"],
                sd_deg=part["level_sd_deg"],
                n=len(measured),
                reason=None if part["level_deg"] is not None else "not-measured",
                repeats_deg=tuple(h["level_deg"] for h in measured),
            )
        )
    return found


def _part_measurements(part: dict[str, Any]) -> list[records.Measurement]:
    """Return the median of the repetitions to each side of one movement of the mobility check."""
    return [
        records.Measurement(
            quantity=part["quantity"],
            side=side,  # type: ignore[arg-type]
            value_deg=one["level_deg"],
            sd_deg=one["level_sd_deg"],
            n=len(one["repetitions"]),
            reason=None if one["level_deg"] is not None else "not-measured",
            repeats_deg=tuple(r["level_deg"] for r in one["repetitions"]),
        )
        for side, one in part["sides"].items()
    ]
