"""The suggestion comes with reasons and never suggests what is closed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from unkink.coach.recommendation import THINGS, Means, Recommendation, recommend
from unkink.coach.screening import Assessment

TW, SS, WA, FR = IDS.values()


def suggest(
    check: CheckIn | None = None,
    history: History | None = None,
    assessment: Assessment | None = None,
    means: Means | None = None,
) -> Recommendation | None:
    check, history = check or checked(0), history or past()
    found = recommend(day(check, history, assessment), check, history, make_rulebook(), NOW, means)
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
    history = past(*(session(24 * d, WA, relief="lot") for d in (16, 13, 10, 7, 4)))
    found = suggest(history=history)
    assert found is not None
    assert found.exercise_id == WA
    assert found.reasons[0].key == "recommend.helped"
    assert found.reasons[0].params == {"n_better": 5, "n": 5}


def test_four_times_are_too_few_to_say_that_it_helped() -> None:
    found = suggest(history=past(*(session(24 * d, WA, relief="lot") for d in (13, 10, 7, 4))))
    assert not {"recommend.helped", "recommend.helped-most"} & set(keys(found))


def test_what_helped_most_is_told_only_beside_others() -> None:
    mine = [session(24 * d, WA, relief="lot") for d in range(60, 30, -2)]
    others = [session(24 * d, TW, relief="same") for d in range(61, 31, -2)]
    found = suggest(history=past(*sorted([*mine, *others], key=lambda s: s.started_at)))
    assert found is not None
    assert (found.exercise_id, found.reasons[0].key) == (WA, "recommend.helped-most")
    assert found.reasons[0].rule_id == "V05"


@pytest.mark.parametrize(
    ("place", "best"),
    [("chest", WA), ("left-shoulder-top", WA), ("mid-back", TW), ("left-blade", TW), ("belly", TW)],
)
def test_where_it_hurts(place: str, best: str) -> None:
    found = suggest(replaced(checked(0), places=(place,)))
    assert found is not None
    assert found.exercise_id == best
    told = [why.params for why in found.reasons if why.key == "recommend.place"]
    assert told == ([] if place == "belly" else [{"place": f"place.{place}"}])
    assert f"place.{place}" in TEXTS


@pytest.mark.parametrize(
    ("things", "has_floor", "position", "best"),
    [
        (THINGS, True, "floor", (FR, None)),
        (("chair", "wall", "towel"), True, "floor", (FR, "fr-alt")),
        (("chair", "wall"), True, "floor", (SS, None)),
        (THINGS, False, "floor", (SS, None)),
        (("wall",), True, "chair", (SS, None)),
        # nothing at hand: what is open all the same
        ((), False, "chair", (TW, None)),
    ],
)
def test_what_is_at_hand(things: Any, has_floor: bool, position: Any, best: tuple[str, str | None]) -> None:
    means = Means(equipment=frozenset(things), has_floor=has_floor)
    history = past(*(session(24 * d, relief="same") for d in (12, 11, 10)))
    found = suggest(replaced(checked(0), position=position), history, means=means)
    assert found is not None
    assert (found.exercise_id, found.variant) == best
    assert len({found.exercise_id, *found.alternatives}) == 4
    assert ("recommend.towel" in keys(found)) == (best[1] == "fr-alt")


@settings(max_examples=60, deadline=None)
@given(
    rows=st.dictionaries(st.sampled_from(sorted(RULES.rows)), st.sampled_from(["yes", "unsure"]), max_size=3),
    pain=st.integers(0, 10),
    places=st.lists(st.sampled_from(["chest", "mid-back", "neck", "left-blade", "no-such"]), max_size=3),
    minutes=st.none() | st.floats(0.1, 30),
    position=st.sampled_from([None, "chair", "standing", "floor"]),
    things=st.sets(st.sampled_from(THINGS)),
    has_floor=st.booleans(),
    sessions=st.lists(
        st.tuples(
            st.floats(0.1, 2000),
            st.sampled_from(sorted(IDS.values())),
            st.sampled_from([None, "worse", "same", "bit", "lot"]),
        ),
        max_size=12,
    ),
)
def test_whatever_is_wished_only_what_is_open_is_suggested_and_always_the_same(
    rows: dict[str, str],
    pain: int,
    places: list[str],
    minutes: float | None,
    position: Any,
    things: set[Any],
    has_floor: bool,
    sessions: list[tuple[float, str, Any]],
) -> None:
    check = replaced(checked(pain), places=tuple(places), minutes=minutes, position=position)
    told = [session(h, i, relief=word) for h, i, word in sorted(sessions, key=lambda one: -one[0])]
    history, assessment = past(*told), assessed(**rows)
    means = Means(equipment=frozenset(things), has_floor=has_floor)
    today = day(check, history, assessment)
    found = recommend(today, check, history, make_rulebook(), NOW, means)
    assert found == recommend(today, check, history, make_rulebook(), NOW, means)
    open_ids = {i for i, t in today.techniques.items() if t.permission.effect != "block"}
    if found is None:
        assert not open_ids
        return
    assert {found.exercise_id, *found.alternatives} <= open_ids
    allowed = today.techniques[found.exercise_id].permission.variants
    assert not allowed or found.variant in allowed
    assert 1 <= len(found.reasons) <= 4
    assert all(why.key in TEXTS for why in found.reasons)


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
