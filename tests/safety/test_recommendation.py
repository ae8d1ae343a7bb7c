"""The suggestion comes with reasons and never suggests what is closed."""

from __future__ import annotations

from typing import Any

import pytest

from builders import make_rulebook
from safety.cases import (
    IDS,
    NOW,
    RULES,
    TEXTS,
    assessed,
    checked,
    day,
    many_sessions,
    past,
    replaced,
    session,
)
from unkink.coach.dose import CheckIn
from unkink.coach.history import History
from unkink.coach.recommendation import Recommendation, recommend
from unkink.coach.screening import Assessment

TW, SS, WA, FR = IDS.values()


def suggest(
    check: CheckIn | None = None, history: History | None = None, assessment: Assessment | None = None
) -> Recommendation | None:
    check, history = check or checked(0), history or past()
    found = recommend(day(check, history, assessment), check, history, make_rulebook(), NOW)
    if found is not None:
        assert found.reasons
        for why in found.reasons:
            assert why.key in TEXTS
            TEXTS[why.key].format(**why.params)
    return found


def keys(found: Recommendation | None) -> list[str]:
    assert found is not None
    return [why.key for why in found.reasons]


def test_begins_with_a_gentle_one() -> None:
    found = suggest()
    assert found is not None
    assert found.exercise_id == TW
    assert keys(found) == ["recommend.simple"]
    assert FR not in (found.exercise_id, *found.alternatives)


@pytest.mark.parametrize(("position", "best"), [("chair", TW), ("standing", SS), ("floor", FR)])
def test_position(position: Any, best: str) -> None:
    found = suggest(
        replaced(checked(0), position=position), past(*(session(24 * d, pain_after=1) for d in (12, 11, 10)))
    )
    assert found is not None
    assert found.exercise_id == best
    assert f"recommend.position.{position}" in keys(found)


def test_what_helped_before() -> None:
    history = past(*(session(h, WA, relief="lot") for h in (72, 48)))
    found = suggest(history=history)
    assert found is not None
    assert found.exercise_id == WA
    assert found.reasons[0].key == "recommend.helped"
    assert found.reasons[0].params == {"n": 2}


def test_what_made_it_worse_is_not_first() -> None:
    history = past(*(session(h, TW, relief="worse") for h in (72, 48)))
    found = suggest(history=history)
    assert found is not None
    assert found.exercise_id != TW


@pytest.mark.parametrize("turn", ["left-smaller", "right-smaller"])
def test_side_that_turns_less(turn: Any) -> None:
    assert f"recommend.turn.{turn}" in keys(suggest(replaced(checked(0), head_turn=turn)))


def test_variety() -> None:
    history = past(
        session(24 * 4, SS, relief="same"), session(24 * 3, WA, relief="same"), session(30, TW, relief="same")
    )
    found = suggest(history=history)
    assert found is not None
    assert found.exercise_id == SS
    assert found.reasons[0].params == {"days": 4}


@pytest.mark.parametrize(("minutes", "is_short"), [(1, True), (1.2, True), (1.3, False), (30, False)])
def test_time_that_there_is(minutes: float, is_short: bool) -> None:
    found = suggest(replaced(checked(0), minutes=minutes, position="chair"))
    assert found is not None
    assert found.is_short == is_short
    assert found.short_minutes <= found.minutes <= minutes
    assert ("recommend.short-time" in keys(found)) == is_short


def test_only_short_when_only_short_is_open() -> None:
    found = suggest(history=past(session(2)))
    assert found is not None
    assert found.is_short
    assert keys(found)[0] == "recommend.short-only"


def test_variant_that_is_allowed() -> None:
    found = suggest(assessment=assessed(C18="yes", C13="yes"), check=replaced(checked(0), position="chair"))
    assert found is not None
    assert (found.exercise_id, found.variant) == (TW, "tw-soft")


@pytest.mark.parametrize("check", [checked(6), checked(8), checked(0, P02="yes"), checked(0, P04="yes")])
def test_nothing_when_nothing_is_open(check: CheckIn) -> None:
    assert suggest(check) is None


@pytest.mark.parametrize("row_id", sorted(RULES.rows))
def test_never_what_a_row_closes(row_id: str) -> None:
    assessment = assessed(**{row_id: "yes"})
    found = suggest(history=past(*many_sessions()), assessment=assessment)
    open_ids = {i for i, p in assessment.permissions.items() if p.effect != "block"}
    if found is None:
        assert not open_ids
    else:
        assert {found.exercise_id, *found.alternatives} <= open_ids
