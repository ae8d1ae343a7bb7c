"""What holds for any answers, any pain and any past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safety.cases import (
    IDS,
    LIMITS,
    NOW,
    RULES,
    answers,
    checked,
    is_as_strict,
    past,
    replaced,
    session,
    situation,
)
from unkink.coach.dose import Today, check_in
from unkink.coach.history import PastSession
from unkink.coach.safety import PainReport, VerdictKind, judge
from unkink.coach.screening import Details, Permission, assess, combine

KINDS = list(VerdictKind)
ROW_IDS = sorted(RULES.rows)
words = st.sampled_from(["yes", "no", "unsure"])
given_answers = st.dictionaries(st.sampled_from(ROW_IDS), words, max_size=5)
details = st.builds(
    Details,
    pain_now=st.none() | st.floats(0, 10),
    constant=st.none() | st.booleans(),
    linked_to_movement=st.none() | st.booleans(),
    trimester=st.none() | st.integers(1, 3),
    disc_region=st.sampled_from([None, "neck", "mid", "low"]),
    agreed=st.just(()) | st.just(("U18",)) | st.just(("C07", "C10")),
)
few = settings(max_examples=60, deadline=None)


def permissions_of(told: dict[str, str], more: Details) -> dict[str, Permission]:
    return assess(answers(**told), more, RULES).permissions


@few
@given(
    told=given_answers, more=details, row_id=st.sampled_from(ROW_IDS), word=st.sampled_from(["yes", "unsure"])
)
def test_a_yes_more_never_opens_anything(told: dict[str, str], more: Details, row_id: str, word: str) -> None:
    before = permissions_of({**told, row_id: "no"}, more)
    after = permissions_of({**told, row_id: word}, more)
    for exercise_id in IDS.values():
        assert is_as_strict(after[exercise_id], before[exercise_id])


@few
@given(told=given_answers, more=details, row_id=st.sampled_from(ROW_IDS))
def test_leaving_a_row_out_opens_nothing(told: dict[str, str], more: Details, row_id: str) -> None:
    part = answers(**told)
    del part[row_id]
    after = assess(part, more, RULES)
    assert all(p.effect == "block" for p in after.permissions.values())


@few
@given(told=given_answers, more=details, low=st.floats(0, 10), high=st.floats(0, 10))
def test_more_pain_never_opens_the_check(
    told: dict[str, str], more: Details, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    before = permissions_of(told, replaced(more, pain_now=low))
    after = permissions_of(told, replaced(more, pain_now=high))
    for exercise_id in IDS.values():
        assert is_as_strict(after[exercise_id], before[exercise_id])


permission = st.builds(
    Permission,
    effect=st.sampled_from(["ok", "modify", "block"]),
    variants=st.sampled_from([(), ("tw-soft",), ("ss-1",), ("tw-soft", "ss-1")]),
    dose_frac=st.sampled_from([0.25, 0.5, 1.0]),
    range_frac=st.sampled_from([0.5, 0.8, 1.0]),
    max_hold_s=st.none() | st.floats(1, 60),
    pain_limit=st.none() | st.floats(0, 5),
)


@few
@given(parts=st.lists(permission, min_size=1, max_size=4))
def test_combining_is_at_least_as_strict_as_each(parts: list[Permission]) -> None:
    combined = combine(*parts)
    assert all(is_as_strict(combined, part) for part in parts)


reports = st.lists(
    st.builds(
        PainReport,
        t_s=st.floats(0, 60),
        score=st.floats(0, 10),
        kind=st.sampled_from(["ache", "stretch", "sharp", "electric", "spreading"]),
    ),
    max_size=4,
)
situations = st.fixed_dictionaries(
    {
        "t_last_seen_s": st.none() | st.floats(50, 61),
        "mode": st.sampled_from(["camera", "demo", "timer"]),
        "exercise_code": st.sampled_from(["TW", "SS", "WA", "FR"]),
        "held_s": st.dictionaries(st.sampled_from(["right", "left", "both"]), st.floats(0, 150), max_size=2),
        "rolled_s": st.floats(0, 300),
        "rolled_before_s": st.floats(0, 300),
        "repetitions": st.integers(0, 50),
        "permission": permission,
        "symptoms": st.lists(st.sampled_from(["S01", "S04", "S05", "S77"]), max_size=2).map(tuple),
    }
)


def strictness(more: dict[str, Any], pain: list[PainReport]) -> int:
    return KINDS.index(judge(situation(**more, pain=tuple(pain)), LIMITS).kind)


@few
@given(more=situations, pain=reports, extra=st.floats(0, 10), idx=st.integers(0, 3))
def test_more_pain_never_yields_a_freer_verdict(
    more: dict[str, Any], pain: list[PainReport], extra: float, idx: int
) -> None:
    before = strictness(more, pain)
    another = [*pain, PainReport(t_s=60, score=extra, kind="ache")]
    assert strictness(more, another) >= before
    if pain:
        at = idx % len(pain)
        worse = [*pain]
        worse[at] = replaced(pain[at], score=min(10.0, pain[at].score + extra))
        assert strictness(more, worse) >= before


@few
@given(more=situations, pain=reports, seconds=st.floats(0, 200))
def test_more_done_never_yields_a_freer_verdict(
    more: dict[str, Any], pain: list[PainReport], seconds: float
) -> None:
    held = {side: s + seconds for side, s in more["held_s"].items()}
    done = {
        **more,
        "held_s": held,
        "rolled_s": more["rolled_s"] + seconds,
        "repetitions": more["repetitions"] + 1,
    }
    assert strictness(done, pain) >= strictness(more, pain)


@few
@given(more=situations, pain=reports, symptom=st.sampled_from(["S01", "S02", "S03", "S04", "S05", "Q"]))
def test_a_stop_sign_always_stops(more: dict[str, Any], pain: list[PainReport], symptom: str) -> None:
    assert strictness({**more, "symptoms": (*more["symptoms"], symptom)}, pain) == KINDS.index(
        VerdictKind.STOP
    )


pasts = st.lists(
    st.builds(
        session,
        st.floats(0, 24 * 40),
        st.sampled_from(list(IDS.values())),
        short=st.booleans(),
        pain_during=st.none() | st.floats(0, 7),
        rolled_s=st.floats(0, 240),
        settled=st.sampled_from([None, "by-morning", "by-24h", "later"]),
    ),
    max_size=8,
).map(lambda found: tuple(sorted(found, key=lambda s: s.started_at)))


def load(today: Today, exercise_id: str) -> float:
    """Return how much is open: nothing, then a share of the dose."""
    technique = today.techniques[exercise_id]
    if technique.permission.effect == "block":
        return 0.0
    size = {"start": 1.0, "middle": 1.5, "standard": 2.0}[technique.dose]
    return technique.permission.dose_frac * (0.25 if technique.short_only else size)


def decide(pain_now: float, sessions: tuple[PastSession, ...], at: Any = NOW) -> Today:
    assessment = assess(answers(), Details(), RULES)
    return check_in(checked(pain_now, at=at), past(*sessions), assessment, RULES, at)


@few
@given(sessions=pasts, low=st.floats(0, 10), high=st.floats(0, 10))
def test_more_pain_at_the_check_in_never_yields_more_load(
    sessions: tuple[PastSession, ...], low: float, high: float
) -> None:
    low, high = sorted((low, high))
    before, after = decide(low, sessions), decide(high, sessions)
    for exercise_id in IDS.values():
        assert load(after, exercise_id) <= load(before, exercise_id)


@few
@given(sessions=pasts, idx=st.integers(0, 7), extra=st.floats(0, 10))
def test_more_pain_in_the_past_never_yields_more_load(
    sessions: tuple[PastSession, ...], idx: int, extra: float
) -> None:
    if not sessions:
        return
    at = idx % len(sessions)
    calm = sessions[at].pain_during or 0.0
    before = [*sessions]
    before[at] = replaced(sessions[at], pain_during=calm)
    after = [*sessions]
    after[at] = replaced(sessions[at], pain_during=min(10.0, calm + extra))
    one, other = decide(0, tuple(before)), decide(0, tuple(after))
    for exercise_id in IDS.values():
        assert load(other, exercise_id) <= load(one, exercise_id)


@few
@given(sessions=pasts, hours=st.floats(0, 24 * 60))
def test_full_routines_never_exceed_the_cap_whatever_the_clock_says(
    sessions: tuple[PastSession, ...], hours: float
) -> None:
    """With the clock set back behind everything, nothing full is open while there was anything full."""
    if not any(not s.short for s in sessions):
        return
    then = min(s.started_at for s in sessions) - timedelta(hours=hours) - timedelta(minutes=2)
    today = decide(0, sessions, then)
    for exercise_id in IDS.values():
        technique = today.techniques[exercise_id]
        assert technique.short_only or technique.permission.effect == "block"


@few
@given(sessions=pasts, pain=st.floats(0, 10))
def test_everything_closed_or_smaller_has_a_reason(sessions: tuple[PastSession, ...], pain: float) -> None:
    today = decide(pain, sessions)
    for technique in today.techniques.values():
        if technique.permission.effect != "ok" or technique.short_only:
            assert technique.reasons
