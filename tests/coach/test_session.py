"""The reducer: a session from the first picture to the end, and everything that may come between."""

from __future__ import annotations

import itertools
import math

import pytest

from builders import make_engine, make_person, make_rulebook, make_test_plan, play, tick
from unkink.acquire.synthetic import Move, make_motion, make_script
from unkink.coach import session
from unkink.coach.events import (
    Bye,
    End,
    Failed,
    Judged,
    Notice,
    PainReported,
    Phase,
    Say,
    Show,
    Store,
    SymptomReported,
    Tap,
    Tick,
)
from unkink.coach.safety import VerdictKind
from unkink.coach.screening import Permission
from unkink.pipeline import Engine


def _said(effects):
    return [e.line.key for e in effects if isinstance(e, Say)]


def _ends(effects):
    return [e for e in effects if isinstance(e, End)]


@pytest.mark.parametrize("exercise_id", ["seated-twist", "standing-side-stretch"])
def test_the_short_version_ends_by_itself_with_both_sides_held(exercise_id):
    engine, effects = play(make_engine(exercise_id, level="short"), make_person(exercise_id, hold_s=17.0))
    assert [e.status for e in _ends(effects)] == ["finished"]
    sides = engine.summary()["sides"]
    for side in ("right", "left"):
        assert sides[side]["held_s"] == pytest.approx(17.0, abs=0.7)
    assert _said(effects)[-1].startswith("cue.finished")


def test_wall_angels_end_when_the_repetitions_are_done():
    engine, effects = play(make_engine("wall-angels", level="short"), make_person("wall-angels"))
    assert engine.summary()["repetitions"] == 6
    assert _ends(effects)[0].status == "finished"


def test_rolling_is_counted_beyond_its_target():
    engine, _ = play(make_engine("foam-roller"), make_person("foam-roller", distance_m=2.6))
    assert engine.summary()["sides"]["both"]["held_s"] == pytest.approx(36.0, abs=0.7)
    assert engine.summary()["repetitions"] == 6


def test_the_left_side_first_is_followed_not_corrected():
    script = (
        Move(duration_s=2.0, phase="neutral"),
        Move(duration_s=3.0, phase="to_left", turn_deg=-30.0),
        Move(duration_s=16.0, phase="hold_left"),
        Move(duration_s=3.0, phase="return", turn_deg=0.0),
        Move(duration_s=3.0, phase="neutral"),
    )
    engine, effects = play(make_engine(), make_motion(script))
    assert engine.summary()["sides"]["left"]["held_s"] == pytest.approx(16.0, abs=0.7)
    assert engine.summary()["sides"]["right"]["held_s"] == 0
    assert "cue.twist.switch.right" in _said(effects)


def test_one_cue_at_a_time_and_spaced():
    _, effects = play(make_engine(), make_person())
    says = [e for e in effects if isinstance(e, Say)]
    gap_s = make_rulebook().coaching.cues.form_after_prompt_s
    assert all(b.t_s - a.t_s >= gap_s for a, b in itertools.pairwise(says))


def test_nobody_in_the_picture_pauses_and_coming_back_goes_on():
    person = make_person(hold_s=15.0)
    engine = make_engine()
    frames = list(person.frames())
    away = [i for i, f in enumerate(frames) if 10.0 <= f.t_s[0] < 13.0]
    effects = []
    for i, frame in enumerate(frames):
        if i in away:
            engine, more = engine.hear(Tick(t_s=float(frame.t_s[0])))
        else:
            engine, more = engine.see(frame)
        effects += more
    engine, _ = engine.hear(Bye(t_s=float(frames[-1].t_s[0]), reason="end"))
    summary = engine.summary()
    assert [p["reason"] for p in summary["tracking"]["pauses"]] == ["lost"]
    pause = summary["tracking"]["pauses"][0]
    assert pause["start_s"] == pytest.approx(10.5, abs=0.2)
    assert pause["end_s"] == pytest.approx(13.4, abs=0.2)
    # what nobody saw is not held
    assert summary["sides"]["right"]["held_s"] == pytest.approx(15.0 - 3.4, abs=1.2)


def test_a_closed_lid_pauses_where_it_was_last_seen():
    person = make_person(hold_s=15.0)
    engine = make_engine()
    for frame in person.frames():
        if frame.t_s[0] < 10.0:
            engine, _ = engine.see(frame)
    engine, effects = engine.hear(Tick(t_s=4000.0))
    assert engine.session.phase is Phase.PAUSED
    assert engine.session.pauses[0].reason == "time-jump"
    assert engine.summary()["sides"]["right"]["held_s"] == pytest.approx(5.0, abs=0.7)
    assert any(isinstance(e, Show) and e.view.paused == "time-jump" for e in effects)


def test_the_person_pauses_and_only_the_person_goes_on():
    person = make_person()
    events = (Tap(t_s=8.0, action="pause"), Tap(t_s=14.0, action="resume"))
    engine, _ = play(make_engine(), person, events)
    (pause, *_) = engine.summary()["tracking"]["pauses"]
    assert (pause["reason"], pause["start_s"], pause["end_s"]) == ("user", 8.0, 14.0)


@pytest.mark.parametrize("what", ["hidden", "camera-lost"])
def test_the_page_tells_that_it_cannot_see(what):
    engine = make_engine()
    for frame in make_person().frames():
        if frame.t_s[0] < 8.0:
            engine, _ = engine.see(frame)
    engine, _ = engine.hear(Notice(t_s=8.0, what=what))
    assert engine.session.phase is Phase.PAUSED


@pytest.mark.parametrize(
    ("score", "kind", "stops"),
    [
        (3, "ache", False),
        (5, "ache", False),
        (6, "ache", True),
        (1, "sharp", True),
        (2, "electric", True),
        (0, "spreading", True),
    ],
)
def test_pain_stops_by_its_score_and_kind(score, kind, stops):
    _, effects = play(make_engine(), make_person(), (PainReported(t_s=9.0, score=score, pain=kind),))
    stopped = [e for e in _ends(effects) if e.status == "stopped"]
    assert bool(stopped) is stops
    if stops:
        assert stopped[0].t_s == 9.0
        assert not [e for e in effects if isinstance(e, Say) and e.t_s > 9.0]


@pytest.mark.parametrize("rule_id", ["S01", "S02", "S03", "S04", "S05"])
def test_every_stop_sign_stops_at_once(rule_id):
    _, effects = play(make_engine(), make_person(), (SymptomReported(t_s=9.0, rule_id=rule_id),))
    (end,) = _ends(effects)
    assert (end.status, end.t_s) == ("stopped", 9.0)
    judged = [e for e in effects if isinstance(e, Judged)][-1]
    assert judged.verdict.card is not None


@pytest.mark.parametrize(
    "how", [Bye(t_s=9.0, reason="end"), PainReported(t_s=9.0, score=9, pain="ache"), None]
)
def test_a_sign_told_as_the_session_ends_is_taken_down(monkeypatch, how):
    engine = make_engine(mode="timer")
    if how is None:  # a fault of its own has stopped it
        with monkeypatch.context() as patch:
            patch.setattr(session, "advance", None)
            engine, _ = engine.hear(Tick(t_s=9.0))
    else:
        engine, _ = engine.hear(how)
    was = engine.session.status
    assert was != "running"
    engine, effects = engine.hear(SymptomReported(t_s=9.0, rule_id="S02"))
    assert engine.session.symptoms == ("S02",)
    assert engine.session.status == was
    assert [e.what for e in effects if isinstance(e, Store)] == ["symptom", "verdict"]
    (judged,) = [e for e in effects if isinstance(e, Judged)]
    assert [r.rule_id for r in judged.verdict.reasons] == ["S02"]
    assert judged.verdict.card is not None
    assert not _ends(effects)
    # whatever else comes is too late
    assert engine.hear(Tap(t_s=10.0, action="pop"))[1] == ()
    assert engine.hear(Tick(t_s=10.0))[1] == ()


def test_nothing_is_said_to_somebody_who_may_not():
    plan = make_test_plan(permission=Permission(effect="block", reasons=("U03",)))
    engine, effects = play(Engine.start(plan, make_rulebook()), make_person())
    assert engine.session.status == "stopped"
    assert not [e for e in effects if isinstance(e, Say) and e.urgency != "safety"]
    assert engine.summary()["sides"]["right"]["held_s"] == 0


def test_unknown_rules_stop():
    _, effects = play(make_engine(rules_version="another"), make_person())
    assert [e.status for e in _ends(effects)] == ["stopped"]


@pytest.mark.parametrize("where", ["judge", "watch_frame", "collect_wishes", "advance", "make_sign"])
def test_whatever_goes_wrong_inside_stops(monkeypatch, where):
    """Each effect is made after a part that may fail: none of them comes out when it does."""

    def broken(*_args, **_kwargs):
        message = "broken for the test"
        raise RuntimeError(message)

    engine = make_engine()
    frames = list(make_person().frames())
    for frame in frames[:60]:
        engine, _ = engine.see(frame)
    monkeypatch.setattr(session.safety if where == "judge" else session, where, broken)
    engine, effects = engine.see(frames[60])
    assert {type(e) for e in effects} == {Failed, Judged, Say, End}
    assert engine.session.status == "stopped"
    (say,) = [e for e in effects if isinstance(e, Say)]
    assert say.urgency == "safety"
    assert "broken" not in str(say.line)
    assert engine.see(frames[61])[1] == ()


@pytest.mark.parametrize("kind", [VerdictKind.PAUSE, VerdictKind.STOP])
def test_no_cue_to_exercise_without_a_verdict_that_allows_it(monkeypatch, kind):
    verdict = session.Verdict(kind=kind)
    monkeypatch.setattr(session.safety, "judge", lambda *_: verdict)
    _, effects = play(make_engine(), make_person())
    exercise_cues = [k for k in _said(effects) if k.startswith(("cue.twist", "cue.rest"))]
    assert exercise_cues == []


def test_more_than_the_ceiling_of_a_side_stops():
    ceiling_s = make_rulebook().limits.ceilings["TW"].hold_s_per_side
    assert ceiling_s is not None
    motion = make_motion(make_script("seated-twist", hold_s=ceiling_s + 20.0), hz=8.0)
    engine, effects = play(make_engine(), motion)
    assert _ends(effects)[0].status == "stopped"
    assert engine.summary()["sides"]["right"]["held_s"] == pytest.approx(ceiling_s, abs=1.5)


def test_a_time_that_runs_backwards_or_is_no_number_changes_nothing():
    engine = make_engine()
    frames = list(make_person().frames())
    for frame in frames[:120]:
        engine, _ = engine.see(frame)
    before = engine.session
    for t_s in (math.nan, math.inf, -math.inf, -5.0, 0.0):
        engine, _ = engine.hear(Tick(t_s=t_s))
    assert engine.session.t_s == before.t_s
    assert engine.session.status == "running"


def test_a_session_goes_on_from_where_it_was_written_down():
    frames = list(make_person().frames())
    whole = make_engine()
    for frame in frames:
        whole, _ = whole.see(frame)
    half = make_engine()
    for frame in frames[:250]:
        half, _ = half.see(frame)
    state = session.from_snapshot(session.to_snapshot(half.session))
    assert session.to_snapshot(state) == session.to_snapshot(half.session)
    again = Engine(rulebook=half.rulebook, needs=half.needs, track=half.track, session=state)
    for frame in frames[250:]:
        again, _ = again.see(frame)
    assert again.summary() == whole.summary()


def test_a_pop_is_noted_and_nothing_else():
    engine, effects = play(make_engine(), make_person(), (Tap(t_s=9.0, action="pop"),))
    plain, plain_effects = play(make_engine(), make_person())
    assert engine.summary()["pops"] == [9.0]
    assert [e.data for e in effects if isinstance(e, Store) and e.what == "pop"] == [{}]
    assert _said(effects) == _said(plain_effects)
    assert engine.summary()["sides"] == plain.summary()["sides"]


@pytest.mark.parametrize(
    "exercise_id", ["seated-twist", "standing-side-stretch", "wall-angels", "foam-roller"]
)
def test_without_a_camera_the_clock_guides_and_the_person_says_what_was_done(exercise_id):
    engine, effects = tick(make_engine(exercise_id, mode="timer", level="short"), 0.0, 300.0)
    assert [e.status for e in _ends(effects)] == ["finished"]
    summary = engine.summary()
    for side in summary["sides"].values():
        assert all(not hold["is_measured"] for hold in side["holds"])
    if exercise_id in ("seated-twist", "standing-side-stretch"):
        assert summary["sides"]["left"]["held_s"] == pytest.approx(15.0, abs=0.5)
    assert summary["sides"]["right" if "right" in summary["sides"] else "both"]["peak_deg"] is None


def test_without_a_camera_done_ends_a_side_early():
    engine, _ = tick(make_engine(mode="timer", level="short"), 0.0, 20.0)
    assert engine.session.phase is Phase.HOLD
    engine, _ = engine.hear(Tap(t_s=20.5, action="done"))
    assert engine.session.phase is Phase.RETURN
    assert 0.0 < engine.summary()["sides"]["right"]["held_s"] < 15.0


def test_stop_keeps_what_was_done():
    engine, effects = play(make_engine(), make_person(), (Tap(t_s=12.0, action="stop"),))
    assert [(e.status, e.reason) for e in _ends(effects)] == [("stopped", "user")]
    assert engine.summary()["sides"]["right"]["held_s"] == pytest.approx(7.0, abs=0.7)


def test_half_dose_is_half():
    whole = make_test_plan(level="start")
    half = make_test_plan(level="start", permission=Permission(dose_frac=0.5))
    assert (half.n_sets * (half.hold_s or 0)) == pytest.approx(0.5 * whole.n_sets * (whole.hold_s or 0))
    short = make_test_plan(level="short", permission=Permission(dose_frac=0.5))
    assert short.hold_s == 7


def test_lost_before_it_began_comes_back_by_itself():
    frames = list(make_person().frames())
    engine = make_engine()
    for frame in frames[:4]:
        engine, _ = engine.see(frame)
    for i in range(20):
        engine, _ = engine.hear(Tick(t_s=0.3 + 0.1 * i))
    assert engine.session.phase is Phase.PAUSED
    for frame in frames[35:90]:
        engine, _ = engine.see(frame)
    assert engine.session.phase is not Phase.PAUSED


def test_arms_count_from_the_first_picture_without_a_neutral():
    script = (
        Move(duration_s=0.2, phase="neutral"),
        Move(duration_s=2.0, phase="raising", left_elevation_deg=160.0, right_elevation_deg=160.0),
        *(
            Move(duration_s=2.0, phase="x", left_elevation_deg=level, right_elevation_deg=level)
            for level in (90.0, 160.0, 90.0, 160.0)
        ),
    )
    engine, _ = play(make_engine("wall-angels"), make_motion(script))
    assert engine.summary()["repetitions"] == 2
