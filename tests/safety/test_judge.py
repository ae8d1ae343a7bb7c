"""The last word: at, just under and just over each limit; and it fails closed."""

from __future__ import annotations

from typing import Any

import pytest

from safety.cases import LIMITS, RULES, TEXTS, replaced, situation
from unkink.coach.safety import PainReport, VerdictKind, judge, make_fault_verdict
from unkink.coach.screening import Permission

CONTINUE, EASE, PAUSE, STOP = VerdictKind
NAN = float("nan")


def kind_of(**more: Any) -> VerdictKind:
    verdict = judge(situation(**more), LIMITS)
    for reason in verdict.reasons:
        assert reason.message_key in TEXTS
    assert (verdict.kind is CONTINUE) == (not verdict.reasons)
    if verdict.card is not None:
        assert verdict.card in {card.id for card in RULES.help.cards}
    return verdict.kind


def pain(score: float, kind: str = "ache") -> tuple[PainReport, ...]:
    return (PainReport(t_s=50, score=score, kind=kind),)


def test_all_well_goes_on() -> None:
    assert kind_of() is CONTINUE


# ------------------------------------------------------------------------------------------- fails closed


@pytest.mark.parametrize(
    "more",
    [
        {"rules_version": "0.0.0"},
        {"exercise_code": "XX"},
        {"permission": None},
        {"permission": Permission(effect="block", reasons=("C01",))},
        {"permission": Permission(effect="what")},
        {"permission": Permission(variants=("tw-soft",))},
        {"permission": Permission(variants=("tw-soft",)), "variant": "other"},
        {"permission": Permission(dose_frac=0)},
        {"permission": Permission(dose_frac=NAN)},
        {"t_s": NAN},
        {"t_s": -1.0},
        {"held_s": {"right": NAN}},
        {"held_s": {"right": -1.0}},
        {"rolled_s": float("inf")},
        {"rolled_before_s": NAN},
        {"running_hold_s": NAN},
        {"repetitions": -1},
        {"symptoms": ("S99",)},
        {"pain": pain(1, "unheard-of")},
        {"pain": pain(NAN)},
        {"pain": pain(-1)},
        {"pain": pain(11)},
    ],
    ids=str,
)
def test_fails_closed(more: dict[str, Any]) -> None:
    assert kind_of(**more) is STOP


def test_stops_without_limits() -> None:
    assert judge(situation(), None).kind is STOP


@pytest.mark.parametrize("field", ["stale_s", "ease_above", "stop_above", "red_lock_s", "near_frac"])
@pytest.mark.parametrize("value", [NAN, -1.0])
def test_stops_with_limits_that_make_no_sense(field: str, value: float) -> None:
    assert judge(situation(), replaced(LIMITS, **{field: value})).kind is STOP


def test_stops_without_stop_rules() -> None:
    assert judge(situation(), replaced(LIMITS, stops={})).kind is STOP


def test_unknown_stop_sign_is_taken_for_the_gravest() -> None:
    verdict = judge(situation(symptoms=("S99",)), LIMITS)
    assert verdict.until_cleared
    assert verdict.card is not None


def test_exception_becomes_a_stop() -> None:
    verdict = make_fault_verdict("ab12")
    assert verdict.kind is STOP
    assert verdict.reasons[0].params == {"error_id": "ab12"}
    assert verdict.reasons[0].message_key in TEXTS


# ----------------------------------------------------------------------------------------------- staleness


@pytest.mark.parametrize(
    ("age_s", "kind"),
    [(0.0, CONTINUE), (0.49, CONTINUE), (0.5, CONTINUE), (0.51, PAUSE), (5.0, PAUSE), (-0.1, PAUSE)],
)
@pytest.mark.parametrize("mode", ["camera", "demo"])
def test_old_landmarks_pause(age_s: float, kind: VerdictKind, mode: str) -> None:
    assert kind_of(t_s=64.0, t_last_seen_s=64.0 - age_s, mode=mode) is kind


@pytest.mark.parametrize("seen_s", [None, NAN, float("-inf")])
def test_no_landmarks_pause(seen_s: float | None) -> None:
    assert kind_of(t_last_seen_s=seen_s) is PAUSE


def test_without_a_camera_nothing_goes_stale() -> None:
    assert kind_of(mode="timer", t_last_seen_s=None) is CONTINUE


# -------------------------------------------------------------------------------------------- S01 to S05


@pytest.mark.parametrize(
    ("rule_id", "card", "until_cleared", "lock_s"),
    [
        ("S01", "chest", True, 0),
        ("S02", "nerves", True, 0),
        ("S03", "stroke", True, 0),
        ("S04", "sharp", False, 48 * 3600),
        ("S05", "pain", False, 48 * 3600),
    ],
)
def test_stop_sign(rule_id: str, card: str, until_cleared: bool, lock_s: float) -> None:
    verdict = judge(situation(symptoms=(rule_id,), t_last_seen_s=None), LIMITS)
    assert verdict.kind is STOP
    assert (verdict.card, verdict.until_cleared, verdict.lock_s) == (card, until_cleared, lock_s)
    assert verdict.reasons[0].rule_id == rule_id
    assert kind_of(symptoms=(rule_id,)) is STOP
    assert f"safety.symptom.{rule_id}" in TEXTS


def test_gravest_of_several_signs_gives_the_card() -> None:
    verdict = judge(situation(symptoms=("S05", "S01", "S04")), LIMITS)
    assert verdict.card == "chest"
    assert {r.rule_id for r in verdict.reasons} == {"S01", "S04", "S05"}


# --------------------------------------------------------------------------------------------- L01 to L04


@pytest.mark.parametrize(
    ("score", "kind"),
    [
        (0, CONTINUE),
        (2.9, CONTINUE),
        (3, CONTINUE),
        (3.1, EASE),
        (4, EASE),
        (5, EASE),
        (5.1, STOP),
        (6, STOP),
        (10, STOP),
    ],
)
def test_l01_l02_l03_by_score(score: float, kind: VerdictKind) -> None:
    assert kind_of(pain=pain(score)) is kind
    verdict = judge(situation(pain=pain(score)), LIMITS)
    expected = {CONTINUE: [], EASE: ["L02"], STOP: ["L03"]}[kind]
    assert [r.rule_id for r in verdict.reasons] == expected
    assert verdict.lock_s == (48 * 3600 if kind is STOP else 0)


@pytest.mark.parametrize("word", ["sharp", "electric", "spreading"])
def test_l03_by_kind(word: str) -> None:
    assert kind_of(pain=pain(0, word)) is STOP


@pytest.mark.parametrize("word", ["ache", "stretch"])
def test_l01_by_kind(word: str) -> None:
    assert kind_of(pain=pain(1, word)) is CONTINUE


def test_what_was_reported_once_counts_to_the_end() -> None:
    assert kind_of(pain=pain(6) + pain(0)) is STOP
    assert kind_of(pain=pain(4) + pain(0)) is EASE


@pytest.mark.parametrize(("score", "kind"), [(3, CONTINUE), (3.1, STOP)])
def test_c13_has_its_own_limit_of_pain(score: float, kind: VerdictKind) -> None:
    permission = Permission(effect="modify", variants=("ss-1",), pain_limit=3, reasons=("C13",))
    assert kind_of(exercise_code="SS", variant="ss-1", permission=permission, pain=pain(score)) is kind


# ------------------------------------------------------------------------------------------- D03, O02, C15


@pytest.mark.parametrize("code", ["TW", "SS"])
@pytest.mark.parametrize(
    ("held_s", "kind"), [(107.9, CONTINUE), (108, EASE), (119.9, EASE), (120, STOP), (120.1, STOP)]
)
def test_d03_seconds_per_side(code: str, held_s: float, kind: VerdictKind) -> None:
    assert kind_of(exercise_code=code, held_s={"right": held_s, "left": 0}) is kind


@pytest.mark.parametrize(("n", "kind"), [(32, CONTINUE), (33, EASE), (35, EASE), (36, STOP), (37, STOP)])
def test_d03_repetitions(n: int, kind: VerdictKind) -> None:
    assert kind_of(exercise_code="WA", held_s={}, repetitions=n) is kind


@pytest.mark.parametrize(
    ("rolled_s", "before_s", "kind"),
    [
        (120, 0, CONTINUE),
        (120.1, 0, EASE),
        (60, 60.1, EASE),
        (239.9, 0, EASE),
        (240, 0, STOP),
        (0.1, 239.9, STOP),
        (0, 240, STOP),
    ],
)
def test_o02_seconds_of_rolling_a_day(rolled_s: float, before_s: float, kind: VerdictKind) -> None:
    assert kind_of(exercise_code="FR", held_s={}, rolled_s=rolled_s, rolled_before_s=before_s) is kind


@pytest.mark.parametrize(("held_s", "kind"), [(53.9, CONTINUE), (54, EASE), (60, STOP)])
def test_half_dose_halves_the_ceiling(held_s: float, kind: VerdictKind) -> None:
    permission = Permission(effect="modify", dose_frac=0.5)
    assert kind_of(permission=permission, held_s={"right": held_s}) is kind


@pytest.mark.parametrize(("hold_s", "kind"), [(14.9, CONTINUE), (15, EASE)])
def test_c15_longest_single_hold(hold_s: float, kind: VerdictKind) -> None:
    permission = Permission(effect="modify", max_hold_s=15, reasons=("C15",))
    verdict = judge(situation(exercise_code="SS", permission=permission, running_hold_s=hold_s), LIMITS)
    assert verdict.kind is kind
    assert [r.rule_id for r in verdict.reasons] == (["C15"] if kind is EASE else [])


def test_stop_beats_pause_beats_ease() -> None:
    assert kind_of(pain=pain(4), t_last_seen_s=None) is PAUSE
    assert kind_of(pain=pain(6), t_last_seen_s=None) is STOP
    assert kind_of(held_s={"left": 120}, t_last_seen_s=None) is STOP
