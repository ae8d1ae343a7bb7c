"""P, S, L and O: each row at, just under and just over its limit; questions with yes, not sure and no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from safety.cases import (
    IDS,
    LIMITS,
    NOW,
    RULES,
    checked,
    day,
    hours_ago,
    many_sessions,
    past,
    session,
    situation,
)
from unkink.coach.dose import pop_card, signal_of
from unkink.coach.history import PastCheckIn, PastPop
from unkink.coach.safety import PainReport, Verdict, VerdictKind, judge

TW, SS, WA, FR = IDS.values()
CONTINUE, EASE, PAUSE, STOP = VerdictKind


def effects(today: Any) -> str:
    """Return one letter a technique: o, m or b."""
    return "".join(today.techniques[i].permission.effect[0] for i in IDS.values())


def felt(score: float, kind: str = "ache", **more: Any) -> Verdict:
    return judge(situation(pain=(PainReport(t_s=50, score=score, kind=kind),), **more), LIMITS)


def is_full_open(today: Any, exercise_id: str) -> bool:
    technique = today.techniques[exercise_id]
    return technique.permission.effect != "block" and not technique.short_only


# ------------------------------------------------------------------------------------------------------- P


@pytest.mark.parametrize(
    ("pain", "expected"),
    [
        pytest.param(2.9, "oooo", id="P01-under-usual"),
        pytest.param(3, "oooo", id="P01-at-usual"),
        pytest.param(3.1, "mmmb", id="P01-over-usual"),
        pytest.param(4.9, "mmmb", id="P01-under-half"),
        pytest.param(5, "mmmb", id="P01-at-half"),
        pytest.param(5.1, "bbbb", id="P01-over-half"),
        pytest.param(5.9, "bbbb", id="P01-under-rest"),
        pytest.param(6, "bbbb", id="P01-at-rest"),
        pytest.param(6.1, "bbbb", id="P01-over-rest"),
    ],
)
def test_p01(pain: float, expected: str) -> None:
    today = day(checked(pain), past(*many_sessions()))
    assert effects(today) == expected
    assert today.breathing_only == (5 < pain <= 6)
    assert today.locked == (pain > 6)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        pytest.param(question, word, id=f"{question}-{word}")
        for question in ("P02", "P03")
        for word in ("yes", "unsure", "no")
    ],
)
def test_p02_p03(question: str, word: str) -> None:
    today = day(checked(0, **{question: word}), past(*many_sessions()))
    assert today.locked == (word != "no")
    assert effects(today) == ("oooo" if word == "no" else "bbbb")
    assert today.lock_ids == (() if word == "no" else (question,))
    rows = next(q.rows for q in RULES.check.questions if q.id == question)
    cards = {RULES.rows[i].card for i in rows}
    assert {card.id for card in today.cards} == (set() if word == "no" else cards)


@pytest.mark.parametrize("word", [pytest.param(w, id=f"P04-{w}") for w in ("yes", "unsure", "no")])
def test_p04(word: str) -> None:
    """A fall, an accident, an illness, an operation, a medicine, a pregnancy: all is asked again."""
    today = day(checked(0, P04=word), past(*many_sessions()))
    assert effects(today) == ("oooo" if word == "no" else "bbbb")
    assert bool(today.ask) == (word != "no")
    if word != "no":
        assert {"U01", "C03", "C07"} <= set(today.ask)
        assert {"U05", "U12", "C04", "C16"} <= set(today.ask)
        assert today.reasons[0].rule_id == "screening-expired"


@pytest.mark.parametrize("word", [pytest.param(w, id=f"P05-{w}") for w in ("yes", "unsure", "no")])
def test_p05(word: str) -> None:
    greens = tuple(session(24 * days) for days in (20, 15, 6, 5, 4, 3, 2))
    technique = day(checked(0, P05=word), past(*greens)).techniques[TW]
    assert technique.dose == ("standard" if word == "no" else "middle")
    assert technique.permission.dose_frac == (1.0 if word == "no" else 0.5)


# ------------------------------------------------------------------------------------------------------- S

_KIND_OF = {"S01": "breath", "S02": "tingling", "S03": "dizzy", "S04": "sharp", "S05": "spreading"}
_CARD_OF = {"S01": "chest", "S02": "nerves", "S03": "stroke", "S04": "sharp", "S05": "pain"}


@pytest.mark.parametrize(
    "rule_id", [pytest.param(i, id=f"{i}-{p}") for i in ("S01", "S02", "S03", "S04") for p in ("under",)]
)
def test_below_a_sign_the_session_goes_on(rule_id: str) -> None:
    """The mildest that is no sign: a pulling feeling, or a little ache, goes on and locks nothing."""
    assert felt(1, "stretch").kind is felt(3, "ache").kind is CONTINUE
    today = day(checked(0), past(session(2, pain_during=3, pain_kinds=("ache", "stretch"))))
    assert not today.locked
    assert rule_id not in today.lock_ids


@pytest.mark.parametrize("rule_id", [pytest.param(i, id=f"{i}-at") for i in ("S01", "S02", "S03", "S04")])
def test_sign(rule_id: str) -> None:
    """Chosen as a sign, or told as a feeling at score 0: the same stop, card, rest and lock."""
    chosen = judge(situation(symptoms=(rule_id,)), LIMITS)
    told = felt(0, _KIND_OF[rule_id])
    assert chosen == told
    assert chosen.kind is STOP
    assert chosen.card == _CARD_OF[rule_id]
    assert [r.rule_id for r in chosen.reasons] == [rule_id]
    is_grave = rule_id != "S04"
    for trace in (
        {"stop_rule_ids": (rule_id,)},
        {"pain_kinds": (_KIND_OF[rule_id],), "status": "interrupted"},
    ):
        today = day(checked(0), past(session(5, **trace)))
        assert today.locked == is_grave
        assert effects(today) == "bbbb"
        assert chosen.until_cleared == is_grave


@pytest.mark.parametrize("rule_id", [pytest.param(i, id=f"{i}-over") for i in ("S01", "S02", "S03", "S04")])
def test_sign_together_with_others(rule_id: str) -> None:
    """With strong pain and a milder sign besides, the gravest gives card and lock."""
    more = (PainReport(t_s=50, score=10, kind="ache"),)
    verdict = judge(situation(symptoms=("S05", rule_id), pain=more), LIMITS)
    assert verdict.kind is STOP
    assert verdict.until_cleared == (rule_id != "S04")
    assert rule_id in {r.rule_id for r in verdict.reasons}
    if rule_id != "S04":
        assert verdict.card == _CARD_OF[rule_id]


@pytest.mark.parametrize(
    ("score", "kind", "stops"),
    [
        pytest.param(4.9, "ache", False, id="S05-under"),
        pytest.param(5, "ache", False, id="S05-at"),
        pytest.param(5.1, "ache", True, id="S05-over"),
        pytest.param(0, "stretch", False, id="S05-under-spreading"),
        pytest.param(0, "spreading", True, id="S05-at-spreading"),
    ],
)
def test_s05(score: float, kind: str, stops: bool) -> None:
    verdict = felt(score, kind)
    assert (verdict.kind is STOP) == stops
    if stops:
        assert verdict.card == "pain"
        assert verdict.lock_s == 48 * 3600
    chosen = judge(situation(symptoms=("S05",)), LIMITS)
    assert (chosen.kind, chosen.card, chosen.lock_s) == (STOP, "pain", 48 * 3600)


# ------------------------------------------------------------------------------------------------------- L


@pytest.mark.parametrize(
    ("score", "signal", "kind"),
    [
        pytest.param(2.9, "green", CONTINUE, id="L01-under"),
        pytest.param(3, "green", CONTINUE, id="L01-at"),
        pytest.param(3.1, "amber", EASE, id="L01-over"),
        pytest.param(3, "green", CONTINUE, id="L02-under-its-first"),
        pytest.param(3.1, "amber", EASE, id="L02-at-its-first"),
        pytest.param(4.9, "amber", EASE, id="L02-under"),
        pytest.param(5, "amber", EASE, id="L02-at"),
        pytest.param(5.1, "red", STOP, id="L02-over"),
        pytest.param(4.9, "amber", EASE, id="L03-under"),
        pytest.param(5, "amber", EASE, id="L03-at"),
        pytest.param(5.1, "red", STOP, id="L03-over"),
    ],
)
def test_traffic_light_by_score(score: float, signal: str, kind: VerdictKind) -> None:
    assert felt(score).kind is kind
    assert signal_of(session(5, pain_during=score, pain_before=score), RULES) == signal
    assert signal_of(session(5, pain_after=score, pain_before=score), RULES) == signal


@pytest.mark.parametrize(
    ("settled", "signal"),
    [
        pytest.param("by-morning", "green", id="L01-at-the-next-morning"),
        pytest.param("by-24h", "amber", id="L02-at-24-h"),
    ],
)
def test_traffic_light_by_when_it_settled(settled: Any, signal: str) -> None:
    assert signal_of(session(5, settled=settled), RULES) == signal


@pytest.mark.parametrize(
    ("after", "signal"),
    [
        pytest.param(2.9, "amber", id="L03-under-2-points"),
        pytest.param(3, "red", id="L03-at-2-points"),
        pytest.param(3.1, "red", id="L03-over-2-points"),
    ],
)
def test_l03_up_two_points_and_not_settled(after: float, signal: str) -> None:
    assert signal_of(session(5, pain_before=1, pain_after=after, settled="later"), RULES) == signal


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        pytest.param(47.99, False, id="L03-under-48-h"),
        pytest.param(48, True, id="L03-at-48-h"),
        pytest.param(48.01, True, id="L03-over-48-h"),
    ],
)
def test_l03_rests_48_h(hours: float, is_open: bool) -> None:
    technique = day(checked(0), past(session(hours, pain_during=6))).techniques[TW]
    assert (technique.permission.effect != "block") == is_open
    assert technique.permission.dose_frac == 0.5


@pytest.mark.parametrize(
    ("ids", "is_locked"),
    [
        pytest.param(("S04",), False, id="L04-under"),
        pytest.param(("S05", "L03"), False, id="L04-under-red"),
        pytest.param(("S02",), True, id="L04-at"),
        pytest.param(("S01", "S02", "S04"), True, id="L04-over"),
        pytest.param(("S99",), True, id="L04-over-a-sign-of-other-rules"),
    ],
)
def test_l04(ids: tuple[str, ...], is_locked: bool) -> None:
    hurt = session(1, stop_rule_ids=ids, status="stopped")
    today = day(checked(0), past(hurt))
    assert today.locked == is_locked
    assert (signal_of(hurt, RULES) == "black") == is_locked
    assert today.techniques[TW].permission.effect == "block"


# ------------------------------------------------------------------------------------------------------- O


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        pytest.param(3.99, False, id="O01-under-4-h"),
        pytest.param(4, True, id="O01-at-4-h"),
        pytest.param(4.01, True, id="O01-over-4-h"),
    ],
)
def test_o01_apart(hours: float, is_open: bool) -> None:
    today = day(checked(0), past(session(hours)))
    assert [is_full_open(today, i) for i in (TW, SS, WA)] == [is_open] * 3
    if not is_open:
        assert {r.rule_id for r in today.techniques[SS].reasons} == {"O01"}
        assert today.techniques[SS].ready_at == hours_ago(hours) + timedelta(hours=4)


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [
        pytest.param((9,), True, id="O01-under-2-a-day"),
        pytest.param((10, 5), False, id="O01-at-2-a-day"),
        pytest.param((11, 9.5, 5), False, id="O01-over-2-a-day"),
        pytest.param((14, 5), True, id="O01-under-yesterday"),
    ],
)
def test_o01_a_day(hours: tuple[float, ...], is_open: bool) -> None:
    today = day(checked(0), past(*(session(h) for h in hours)))
    assert is_full_open(today, SS) == is_open


@pytest.mark.parametrize(
    ("rolled_s", "kind"),
    [
        pytest.param(119.9, CONTINUE, id="O02-under-2-min"),
        pytest.param(120, CONTINUE, id="O02-at-2-min"),
        pytest.param(120.1, EASE, id="O02-over-2-min"),
        pytest.param(239.9, EASE, id="O02-under-4-min"),
        pytest.param(240, STOP, id="O02-at-4-min"),
        pytest.param(240.1, STOP, id="O02-over-4-min"),
    ],
)
def test_o02(rolled_s: float, kind: VerdictKind) -> None:
    more: dict[str, Any] = {"exercise_code": "FR", "held_s": {}}
    assert judge(situation(rolled_s=rolled_s, **more), LIMITS).kind is kind
    assert judge(situation(rolled_s=20.0, rolled_before_s=rolled_s - 20.0, **more), LIMITS).kind is kind


@pytest.mark.parametrize(
    ("seconds", "shows"),
    [
        pytest.param(599.9, False, id="O03-under"),
        pytest.param(600, True, id="O03-at"),
        pytest.param(600.1, True, id="O03-over"),
    ],
)
def test_o03(seconds: float, shows: bool) -> None:
    held = (session(6 * 24, held_s={"right": 300.0}), session(30, held_s={"right": seconds - 300.0}))
    today = day(checked(0), past(*held))
    assert ("O03" in {note.rule_id for note in today.nudges}) == shows
    assert is_full_open(today, TW)


def pop(hours: float, region: str = "upper-back", *, deliberate: bool = True) -> PastPop:
    return PastPop(at=hours_ago(hours), deliberate=deliberate, region=region)


@pytest.mark.parametrize(
    ("earlier", "card"),
    [
        pytest.param((5,), None, id="O04-under-3-a-day"),
        pytest.param((8, 5), None, id="O04-at-3-a-day"),
        pytest.param((11, 8, 5), "habit", id="O04-over-3-a-day"),
        pytest.param((59 / 60,), "habit", id="O04-under-60-min"),
        pytest.param((1,), "habit", id="O04-at-60-min"),
        pytest.param((61 / 60,), None, id="O04-over-60-min"),
    ],
)
def test_o04(earlier: tuple[float, ...], card: str | None) -> None:
    found = pop_card(pop(0), past(pops=tuple(pop(h) for h in earlier)), NOW, RULES)
    assert (None if found is None else found.id) == card


@pytest.mark.parametrize(
    ("pops", "card"),
    [
        pytest.param((pop(0, "upper-back"),), None, id="O05-under"),
        pytest.param((pop(0, "neck", deliberate=False),), "neck", id="O05-at"),
        pytest.param((pop(0.1, "neck"), pop(0, "neck")), "neck", id="O05-over"),
    ],
)
def test_o05(pops: tuple[PastPop, ...], card: str | None) -> None:
    found = pop_card(pops[-1], past(pops=pops[:-1]), NOW, RULES)
    assert (None if found is None else found.id) == card


@pytest.mark.parametrize(
    ("earlier", "is_gentle"),
    [
        pytest.param((8, 5, 3), False, id="O04-at-the-plan"),
        pytest.param((11, 8, 5, 3), True, id="O04-over-the-plan"),
        pytest.param((5, 4.5, 1), True, id="O04-over-the-plan-by-repeating"),
        pytest.param((30, 29.5, 29), False, id="O04-under-the-plan-was-yesterday"),
    ],
)
def test_o04_the_habit_card_leads_to_the_gentler_plan(earlier: tuple[float, ...], is_gentle: bool) -> None:
    """At the start dose, without the roller, with slow breathing suggested; never more than without it."""
    greens = tuple(session(24 * days) for days in (20, 15, 6, 5, 4, 3, 2))
    rolled = tuple(session(24 * days, FR, held_s={}, rolled_s=60.0) for days in (12, 8))
    today = day(checked(0), past(*greens, *rolled, pops=tuple(pop(h) for h in earlier)))
    assert today.techniques[TW].dose == ("start" if is_gentle else "standard")
    assert today.techniques[FR].permission.effect == ("block" if is_gentle else "ok")
    assert today.techniques[TW].permission.effect == "ok"
    notes = {(note.rule_id, note.message_key) for note in today.nudges}
    assert (("R10", "safety.today.breathe") in notes) == is_gentle


def test_six_out_of_ten_stays_for_the_day_whatever_is_told_later() -> None:
    earlier = PastCheckIn(at=hours_ago(3), pain_now=6, answers={})
    assert effects(day(checked(1), past(*many_sessions(), check_ins=(earlier,)))) == "bbbb"
