"""The mobility check: what it measures, in which order, and everything that may come between."""

from __future__ import annotations

import dataclasses
import math
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from builders import make_engine, make_rulebook
from unkink.acquire.synthetic import make_check_script, make_motion
from unkink.body.quantities import INDEX, QUANTITIES, Sample, Tracking, ViewQuality
from unkink.coach.events import (
    Bye,
    Frame,
    Judged,
    PainReported,
    Phase,
    Say,
    Show,
    Store,
    SymptomReported,
    Tap,
    Tick,
)
from unkink.coach.mobility import find_due_at, is_other_time, open_parts
from unkink.coach.safety import VerdictKind
from unkink.coach.screening import Permission
from unkink.coach.session import from_snapshot, to_snapshot

CHECK = make_rulebook().mobility
TECHNIQUES = tuple(make_rulebook().exercises)
SEEN = ViewQuality(tracking=Tracking.SEEN)


@cache
def _samples(hz=15.0, lean_deg=0.0, **script):
    """What the body would measure of the script if it measured without a fault."""
    t_s, turn_deg, bend_deg, head_deg = _angles(hz, **script)
    samples = []
    for t, turn, bend, head in zip(t_s, turn_deg, bend_deg, head_deg, strict=True):
        values = [0.0] * len(QUANTITIES)
        values[INDEX["shoulder_turn_deg"]] = float(turn)
        values[INDEX["trunk_side_bend_deg"]] = float(bend)
        values[INDEX["head_rotation_deg"]] = float(head)
        values[INDEX["trunk_lean_forward_deg"]] = lean_deg if abs(turn) > 5 else 0.0
        values[INDEX["slide_norm"]] = math.nan
        samples.append(
            Sample(
                t_s=float(t),
                values=tuple(values),
                sds=(2.0,) * len(QUANTITIES),
                visible=(1.0,) * 33,
                view=SEEN,
            )
        )
    return tuple(samples)


def _angles(hz, **script):
    """Times and the true angles of turn, bend and head, all by minimum jerk."""
    turn, bend, head, now = [], [], [], {"turn": 0.0, "bend": 0.0, "head": 0.0}
    for move in make_check_script(**script):
        n = round(move.duration_s * hz)
        share = [(i + 1) / n for i in range(n)]
        wanted = {"turn": move.turn_deg, "bend": move.bend_deg, "head": move.head_deg}
        for name, column in (("turn", turn), ("bend", bend), ("head", head)):
            old, new = now[name], now[name] if wanted[name] is None else wanted[name]
            column += [old + (new - old) * x**3 * (10 + x * (6 * x - 15)) for x in share]
            now[name] = new
    return [i / hz for i in range(len(turn))], turn, bend, head


def _play(engine, samples, events=()):
    effects, waiting = [], sorted(events, key=lambda e: e.t_s)
    for sample in samples:
        while waiting and waiting[0].t_s <= sample.t_s:
            engine, more = engine.hear(waiting.pop(0))
            effects += more
        engine, more = engine.hear(Frame(t_s=sample.t_s, sample=sample))
        effects += more
        if engine.session.status != "running":
            break
    return engine, effects


def _levels(engine):
    return {
        (part["part"], side): one["level_deg"]
        for part in engine.summary()["parts"]
        for side, one in part["sides"].items()
    }


def _make(**changes):
    return make_engine("mobility-check", **changes)


# ---------------------------------------------------------------------------------------- what it measures


@pytest.mark.parametrize("hz", [8.0, 15.0, 30.0])
def test_whoever_turns_40_and_35_reads_40_and_35(hz):
    engine, _ = _play(_make(), _samples(hz))
    assert engine.session.status == "finished"
    assert _levels(engine) == {
        ("turn", "right"): pytest.approx(40, abs=0.5),
        ("turn", "left"): pytest.approx(35, abs=0.5),
        ("bend", "right"): pytest.approx(20, abs=0.5),
        ("bend", "left"): pytest.approx(17, abs=0.5),
        ("head", "right"): pytest.approx(40, abs=0.5),
        ("head", "left"): pytest.approx(35, abs=0.5),
    }
    for part in engine.summary()["parts"]:
        for one in part["sides"].values():
            assert len(one["repetitions"]) == 3
            assert one["level_sd_deg"] == pytest.approx(2.0, abs=0.2)
            assert one["repeat_sd_deg"] == pytest.approx(0.0, abs=0.3)


def test_a_small_movement_is_measured_like_a_large_one():
    engine, _ = _play(_make(), _samples(turn_deg=(14.0, 12.0), bend_deg=(9.0, 8.0), head_deg=(15.0, 13.0)))
    assert _levels(engine)["turn", "left"] == pytest.approx(12, abs=0.5)
    assert _levels(engine)["bend", "right"] == pytest.approx(9, abs=0.5)


def test_landmarks_of_a_stick_man_go_the_whole_way():
    """A stick man is no person: of his angles it is known which one is larger, and that each was found."""
    engine = _make()
    for frame in make_motion(make_check_script(), jitter_m=0.004).frames():
        engine, _ = engine.see(frame)
    levels = _levels(engine)
    assert engine.session.status == "finished"
    for part, least in (("turn", 25), ("bend", 9), ("head", 15)):
        assert levels[part, "right"] > levels[part, "left"] > least


def test_the_warm_up_is_done_and_not_measured():
    engine, effects = _play(_make(), _samples())
    assert [p["part"] for p in engine.summary()["parts"]] == ["turn", "bend", "head"]
    numbers = [e.data["part"] for e in effects if isinstance(e, Store) and e.what == "repetition"]
    assert numbers.count("warm-up-turn") == 5
    assert engine.summary()["repetitions"] == 5 + 18


def test_a_swing_without_a_wait_is_asked_for_again_but_not_for_ever():
    engine, _ = _play(_make(), _samples(wait_s=0.0, move_s=0.5))
    # each side was tried three times and never counted: nothing is made up
    assert _levels(engine)["turn", "right"] is None
    assert all(not e.counts for e in engine.session.excursions if e.part == "turn")


def test_out_of_form_does_not_count():
    engine, effects = _play(_make(), _samples(lean_deg=30.0))
    assert _levels(engine)["turn", "right"] is None
    assert _levels(engine)["turn", "left"] is None
    assert "cue.twist.upright" in [e.line.key for e in effects if isinstance(e, Say)]


# ------------------------------------------------------------------------------------------- how it guides


def test_each_movement_is_announced_and_each_side_named():
    _, effects = _play(_make(), _samples(wait_s=3.0, move_s=2.5))
    said = [e.line.key for e in effects if isinstance(e, Say)]
    order = [
        k for k in said if k in {f"cue.mobility.{p}" for p in ("begin", "warm-turn", "turn", "bend", "head")}
    ]
    assert order == [
        "cue.mobility.begin",
        "cue.mobility.warm-turn",
        "cue.mobility.turn",
        "cue.mobility.bend",
        "cue.mobility.head",
    ]
    for part in ("turn", "bend", "head"):
        assert {f"cue.mobility.{part}.again.right", f"cue.mobility.{part}.again.left"} & set(said)
    assert said.count("cue.mobility.back") >= 12


def test_the_screen_tells_part_side_and_number():
    _, effects = _play(_make(), _samples())
    views = [e.view for e in effects if isinstance(e, Show)]
    assert [v.part for v in views if v.phase is Phase.LENGTHEN][-1] == "head"
    turning = [v for v in views if v.part == "turn"]
    assert {(v.n_sets, v.set_idx, v.target_repetitions) for v in turning} == {(4, 1, 3)}
    assert max(v.repetitions for v in turning) == 3
    assert {v.side for v in turning} == {"right", "left"}
    assert all(v.zone is None for v in views), "a band would be an aim"


def test_the_left_first_is_followed():
    engine, _ = _play(_make(), _samples(turn_deg=(-40.0, -35.0)))
    assert _levels(engine)["turn", "left"] == pytest.approx(40, abs=0.5)
    assert _levels(engine)["turn", "right"] == pytest.approx(35, abs=0.5)


def test_a_movement_can_be_left_out():
    engine, _ = _play(_make(), _samples(), [Tap(t_s=30.0, action="next")])
    first = engine.session.excursions[-1]
    assert _levels(engine)["turn", "right"] is not None
    assert engine.session.set_idx >= 2 or first.part in ("bend", "head")


def test_who_cannot_do_a_movement_is_not_kept_waiting():
    engine = _make()
    t_s = 0.0
    for sample in _samples():
        if sample.t_s < 25.0:
            engine, _ = engine.hear(Frame(t_s=sample.t_s, sample=sample))
            t_s, still = sample.t_s, sample
    still = dataclasses.replace(still, values=tuple(0.0 if not math.isnan(v) else v for v in still.values))
    for i in range(15 * 60 * 4):
        now_s = t_s + (i + 1) / 15
        engine, _ = engine.hear(Frame(t_s=now_s, sample=dataclasses.replace(still, t_s=now_s)))
        if engine.session.status != "running":
            break
    assert engine.session.status == "finished"
    assert engine.session.t_s < 25 + 4 * (CHECK.patience_s + 6)


# ------------------------------------------------------------------------------------------------- safety


def test_pain_stops_it_and_what_was_measured_stays():
    engine, effects = _play(_make(), _samples(), [PainReported(t_s=60.0, score=7, pain="ache")])
    assert engine.session.status == "stopped"
    assert engine.session.end_reason == "L03"
    assert _levels(engine)["turn", "right"] == pytest.approx(40, abs=0.5)
    assert _levels(engine)["head", "right"] is None
    stop = next(e for e in effects if isinstance(e, Judged) and e.verdict.kind is VerdictKind.STOP)
    assert stop.verdict.card == "pain"


def test_a_stop_sign_stops_it():
    engine, _ = _play(_make(), _samples(), [SymptomReported(t_s=40.0, rule_id="S03")])
    assert (engine.session.status, engine.session.end_reason) == ("stopped", "S03")


def test_a_part_that_is_not_allowed_never_runs():
    """The last word itself refuses it, whatever the script says."""
    permission = Permission(effect="modify", variants=("warm-up-bend", "bend"), reasons=("C10",))
    engine = _make(permission=permission)
    assert engine.session.plan.parts == ("warm-up-bend", "bend")
    plan = engine.session.plan
    sneaky = dataclasses.replace(engine, session=_with(engine.session, plan=_with(plan, variant="turn")))
    sneaky, _ = sneaky.hear(Tick(t_s=0.1))
    assert sneaky.session.status == "stopped"


def _with(struct, **changes):
    import msgspec

    return msgspec.structs.replace(struct, **changes)


def test_nobody_in_the_picture_pauses_and_the_repetition_is_done_again():
    engine, effects = _make(), []
    for sample in _samples():
        if 29.0 <= sample.t_s < 31.5:
            engine, more = engine.hear(Tick(t_s=sample.t_s))
        else:
            engine, more = engine.hear(Frame(t_s=sample.t_s, sample=sample))
        effects += more
        if engine.session.status != "running":
            break
    assert [p.reason for p in engine.session.pauses] == ["lost"]
    assert any(isinstance(e, Show) and e.view.paused == "lost" for e in effects)
    assert all(e.level_deg is None or e.level_deg > 15 for e in engine.session.excursions if e.part == "turn")


def test_the_person_pauses_and_goes_on():
    first = [s for s in _samples() if s.t_s < 40.0]
    waiting = [dataclasses.replace(first[0], t_s=40.0 + i / 15) for i in range(150)]
    rest = [dataclasses.replace(s, t_s=s.t_s + 10.0) for s in _samples() if s.t_s >= 40.0]
    events = [Tap(t_s=40.0, action="pause"), Tap(t_s=49.9, action="resume")]
    engine, _ = _play(_make(), [*first, *waiting, *rest], events)
    assert engine.session.status == "finished"
    assert _levels(engine)["turn", "right"] == pytest.approx(40, abs=0.5)
    assert [p.reason for p in engine.session.pauses] == ["user"]


def test_it_goes_on_after_the_server_was_killed():
    engine = _make()
    samples = list(_samples())
    for sample in samples[:900]:
        engine, _ = engine.hear(Frame(t_s=sample.t_s, sample=sample))
    again = dataclasses.replace(engine, session=from_snapshot(to_snapshot(engine.session)))
    again, _ = _play(again, samples[900:])
    assert again.session.status == "finished"
    assert _levels(again)["turn", "right"] == pytest.approx(40, abs=0.5)


def test_leaving_keeps_what_was_measured():
    engine, _ = _play(_make(), (s for s in _samples() if s.t_s < 70.0))
    engine, _ = engine.hear(Bye(t_s=70.0, reason="left"))
    assert engine.session.status == "left"
    assert _levels(engine)["turn", "left"] == pytest.approx(35, abs=0.5)


# ------------------------------------------------------------------------------------- who may, and when


def _open(**permissions):
    known = {i: Permission() for i in TECHNIQUES} | permissions
    return open_parts(CHECK, {i.replace("_", "-"): p for i, p in known.items()})


def test_everything_is_open_for_a_person_without_limits():
    opening = _open()
    assert opening.parts == ("warm-up-turn", "turn", "bend", "head")
    assert opening.left_out == ()
    assert opening.permission.variants == opening.parts


@pytest.mark.parametrize(
    "closed",
    [
        Permission(effect="block", reasons=("C10",)),
        # told to stay away from the end of the range: measuring it would ask for just that
        Permission(effect="modify", range_frac=0.5, variants=("tw-soft",), reasons=("C01",)),
    ],
)
def test_a_closed_rotation_leaves_turns_and_head_out(closed):
    opening = _open(**{"seated-twist": closed})
    assert opening.parts == ("warm-up-bend", "bend")
    assert opening.left_out == ("turn", "head")
    assert opening.permission.effect == "ok"


def test_half_a_dose_is_no_reason_to_leave_anything_out_and_notes_stay():
    half = Permission(effect="modify", dose_frac=0.5, pain_limit=3, reasons=("P01",))
    opening = _open(**{"seated-twist": half})
    assert opening.left_out == ()
    assert (opening.permission.effect, opening.permission.pain_limit) == ("modify", 3)


def test_nothing_open_closes_it():
    blocked = Permission(effect="block", reasons=("U07",))
    opening = open_parts(CHECK, dict.fromkeys(TECHNIQUES, blocked))
    assert opening.permission.effect == "block"
    assert opening.parts == ()
    assert open_parts(CHECK, {}).permission.effect == "block"


def test_it_is_due_two_weeks_after_the_last():
    last = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert find_due_at(None, CHECK) is None
    assert find_due_at(last, CHECK) == last + timedelta(days=14)


@pytest.mark.parametrize(
    ("one", "other", "is_other"), [(9, 10, False), (9, 15, True), (23, 1, False), (1, 12, True)]
)
def test_the_same_time_of_day_goes_round_midnight(one, other, is_other):
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert is_other_time(at.replace(hour=one), at.replace(hour=other), CHECK.same_time_within_h) is is_other
