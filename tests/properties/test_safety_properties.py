"""Over random pasts: more pain, flags or use never give more load; order and clocks change nothing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import make_rulebook
from safety.cases import IDS, NOW, RULES, answers, checked, hours_ago, is_as_strict, past, replaced, session
from unkink.coach.dose import CheckIn, Today, check_in
from unkink.coach.history import History, PastCheckIn, PastNote, PastPop, PastReview, PastSession
from unkink.coach.prescription import Prescription, prescribe
from unkink.coach.screening import Details, assess

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BOOK = make_rulebook()
TECHNIQUES = list(IDS.values())
LEVELS = ("start", "middle", "standard")
HOUR = timedelta(hours=1)

pain_scores = st.none() | st.integers(0, 10)
hours = st.floats(0.2, 24 * 26)


def _make_session(at: float, technique: str, during: int | None, after: int | None, more: dict[str, Any]):
    return session(at, technique, pain_during=during, pain_after=after, **more)


sessions = st.lists(
    st.builds(
        _make_session,
        hours,
        st.sampled_from(TECHNIQUES),
        st.none() | st.integers(0, 6),
        st.none() | st.integers(0, 3) | st.integers(0, 10),
        st.fixed_dictionaries(
            {
                "short": st.booleans(),
                "duration_s": st.floats(0, 600),
                "rolled_s": st.sampled_from([0.0, 30.0, 90.0]),
                "relief": st.sampled_from([None, "worse", "same", "lot"]),
                "settled": st.sampled_from([None, "by-morning", "by-24h", "later"]),
            }
        ),
    ),
    max_size=6,
).map(lambda found: tuple(sorted(found, key=lambda s: s.started_at)))
check_ins = st.lists(
    st.builds(
        lambda at, pain, stiff: PastCheckIn(
            at=hours_ago(at), pain_now=pain, stiffness=stiff, answers=checked().answers
        ),
        hours,
        st.integers(0, 5),
        st.sampled_from([None, "no", "very"]),
    ),
    max_size=10,
).map(lambda found: tuple(sorted(found, key=lambda c: c.at)))
reviews = st.lists(
    st.builds(
        lambda at, nights, average, mornings: PastReview(
            at=hours_ago(at), nights_woken=nights, pain_average=average, stiff_mornings=mornings
        ),
        hours,
        st.none() | st.integers(0, 7),
        pain_scores,
        st.none() | st.integers(0, 7),
    ),
    max_size=3,
).map(lambda found: tuple(sorted(found, key=lambda r: r.at)))
pops = st.lists(
    st.builds(
        lambda at, deliberate, region: PastPop(at=hours_ago(at), deliberate=deliberate, region=region),
        hours,
        st.booleans(),
        st.sampled_from([None, "upper-back", "neck"]),
    ),
    max_size=6,
).map(lambda found: tuple(sorted(found, key=lambda p: p.at)))
notes = st.lists(
    st.builds(
        lambda at, kind: PastNote(at=hours_ago(at), kind=kind),
        hours,
        st.sampled_from(["worried", "low-mood"]),
    ),
    max_size=2,
).map(lambda found: tuple(sorted(found, key=lambda n: n.at)))
# somebody new, or somebody for whom weeks of easy sessions have opened everything
PRACTISED = tuple(session(24 * d + 8 - i, t) for d in range(26, 3, -3) for i, t in enumerate(TECHNIQUES))
lives = st.builds(
    lambda base, s, c, r, p, n: past(
        *sorted((*base, *s), key=lambda one: one.started_at), check_ins=c, reviews=r, pops=p, notes=n
    ),
    st.sampled_from([(), PRACTISED, PRACTISED]),
    sessions,
    check_ins,
    reviews,
    pops,
    notes,
)
rows = st.dictionaries(st.sampled_from(sorted(RULES.rows)), st.sampled_from(["yes", "unsure"]), max_size=3)


def decide(
    history: History, pain: float = 0, now: datetime = NOW, told: dict[str, str] | None = None, **asked: str
) -> Today:
    assessment = assess(answers(**(told or {})), Details(), RULES)
    return check_in(checked(pain, at=now, **asked), history, assessment, RULES, now)


def work_of(planned: Prescription) -> float:
    """Seconds or repetitions, of one session."""
    amount = planned.amount
    return amount.n_sets * (amount.hold_s or amount.repetitions or amount.roll_s or 0.0)


def assert_no_more(after: Today, before: Today) -> None:
    """Whatever is open after was open before, as an as large session of an as high level at least."""
    for exercise_id in TECHNIQUES:
        one, other = (today.techniques[exercise_id] for today in (after, before))
        assert is_as_strict(one.permission, other.permission), exercise_id
        plans = [prescribe(exercise_id, today, BOOK) for today in (after, before)]
        if plans[0] is None:
            continue
        assert plans[1] is not None, exercise_id
        assert one.short_only or not other.short_only, exercise_id
        assert one.short_only or LEVELS.index(one.dose) <= LEVELS.index(other.dose), exercise_id
        if plans[0].variant == plans[1].variant:
            assert work_of(plans[0]) <= work_of(plans[1]), exercise_id
            assert plans[0].total_s <= plans[1].total_s + 1e-6, exercise_id


# ------------------------------------------------------------------------------------------ more pain


@MANY
@given(life=lives, told=rows, low=st.integers(0, 10), high=st.integers(0, 10))
def test_more_pain_now_never_gives_more(life: History, told: dict[str, str], low: int, high: int) -> None:
    low, high = sorted((low, high))
    assert_no_more(decide(life, high, told=told), decide(life, low, told=told))


@MANY
@given(
    life=lives,
    idx=st.integers(0, 20),
    extra=st.integers(1, 10),
    field=st.sampled_from(["pain_during", "pain_after"]),
)
def test_more_pain_in_a_session_never_gives_more(life: History, idx: int, extra: int, field: str) -> None:
    if not life.sessions:
        return
    at = idx % len(life.sessions)
    base = getattr(life.sessions[at], field) or 0
    calm, worse = [*life.sessions], [*life.sessions]
    calm[at] = replaced(calm[at], **{field: base})
    worse[at] = replaced(worse[at], **{field: min(10, base + extra)})
    assert_no_more(
        decide(replaced(life, sessions=tuple(worse))), decide(replaced(life, sessions=tuple(calm)))
    )


@MANY
@given(life=lives, idx=st.integers(0, 20), kind=st.sampled_from(["sharp", "spreading", "tingling", "dizzy"]))
def test_another_kind_of_pain_never_gives_more(life: History, idx: int, kind: str) -> None:
    if not life.sessions:
        return
    worse = [*life.sessions]
    at = idx % len(worse)
    worse[at] = replaced(worse[at], pain_kinds=(*worse[at].pain_kinds, kind), pain_during=4)
    calm = [*life.sessions]
    calm[at] = replaced(calm[at], pain_during=4)
    assert_no_more(
        decide(replaced(life, sessions=tuple(worse))), decide(replaced(life, sessions=tuple(calm)))
    )


# ----------------------------------------------------------------------------------------- more flags


@MANY
@given(
    life=lives,
    told=rows,
    row_id=st.sampled_from(sorted(RULES.rows)),
    word=st.sampled_from(["yes", "unsure"]),
)
def test_one_more_yes_in_the_check_never_gives_more(
    life: History, told: dict[str, str], row_id: str, word: str
) -> None:
    assert_no_more(decide(life, told={**told, row_id: word}), decide(life, told={**told, row_id: "no"}))


@MANY
@given(
    life=lives,
    question=st.sampled_from(["P02", "P03", "P04", "P05"]),
    word=st.sampled_from(["yes", "unsure"]),
)
def test_one_more_yes_today_never_gives_more(life: History, question: str, word: str) -> None:
    assert_no_more(decide(life, **{question: word}), decide(life))


@MANY
@given(
    life=lives,
    kind=st.sampled_from(["worried", "low-mood", "crisis", "nerve", "harm", "fall", "illness", "medicine"]),
    at=st.floats(0.01, 24 * 20),
)
def test_one_more_thing_told_never_gives_more(life: History, kind: Any, at: float) -> None:
    told = sorted((*life.notes, PastNote(at=hours_ago(at), kind=kind)), key=lambda n: n.at)
    assert_no_more(decide(replaced(life, notes=tuple(told))), decide(life))


@MANY
@given(
    life=lives,
    more=st.sampled_from(
        [{"nights_woken": 7}, {"is_constant": True}, {"wall_gap_cm": 9.0, "age_years": 70.0}]
    ),
)
def test_a_worse_look_back_never_gives_more(life: History, more: dict[str, Any]) -> None:
    calm = {name: 0.0 if isinstance(value, float) else type(value)(0) for name, value in more.items()}
    calm |= {"age_years": 70.0} if "age_years" in more else {}
    before, after = (
        replaced(life, reviews=(*life.reviews, PastReview(at=hours_ago(0.1), **told)))
        for told in (calm, more)
    )
    assert_no_more(decide(after), decide(before))


@MANY
@given(life=lives, at=hours, region=st.sampled_from([None, "upper-back", "neck"]), n=st.integers(1, 8))
def test_more_cracking_never_gives_more(life: History, at: float, region: str | None, n: int) -> None:
    more = [PastPop(at=hours_ago(at) + i * HOUR / 60, deliberate=True, region=region) for i in range(n)]
    told = tuple(sorted((*life.pops, *more), key=lambda p: p.at))
    assert_no_more(decide(replaced(life, pops=told)), decide(life))


# ------------------------------------------------------------------------------------------- more use


@MANY
@given(life=lives, idx=st.integers(0, 20), seconds=st.floats(0, 900))
def test_more_done_in_a_session_never_gives_more(life: History, idx: int, seconds: float) -> None:
    if not life.sessions:
        return
    at, more = idx % len(life.sessions), [*life.sessions]
    one = more[at]
    more[at] = replaced(
        one,
        held_s={side: s + seconds for side, s in one.held_s.items()},
        rolled_s=one.rolled_s + seconds if one.rolled_s else 0.0,
        repetitions=one.repetitions + round(seconds / 10),
    )
    assert_no_more(decide(replaced(life, sessions=tuple(more))), decide(life))


@MANY
@given(technique=st.sampled_from(TECHNIQUES), at=st.floats(0.1, 23), pain=st.integers(0, 5))
def test_one_more_session_today_never_gives_more(technique: str, at: float, pain: int) -> None:
    # who has done everything for weeks: there is nothing left that use itself opens
    base = tuple(session(24 * d + 6 + i, t) for d in range(26, 2, -2) for i, t in enumerate(TECHNIQUES))
    life = past(*sorted(base, key=lambda s: s.started_at))
    more = replaced(life, sessions=(*life.sessions, session(at, technique)))
    assert_no_more(decide(more, pain), decide(life, pain))


# ----------------------------------------------------------------------- order, progression, the clock


@MANY
@given(life=lives, told=rows, seed=st.integers(0, 1000))
def test_the_order_of_independent_answers_does_not_matter(
    life: History, told: dict[str, str], seed: int
) -> None:
    rng = random.Random(seed)

    def shuffle(given: dict[str, str]) -> dict[str, str]:
        items = list(given.items())
        rng.shuffle(items)
        return dict(items)

    one = assess(answers(**told), Details(), RULES)
    other = assess(shuffle(answers(**told)), Details(), RULES)
    assert one.permissions == other.permissions
    assert (one.tier, set(one.missing)) == (other.tier, set(other.missing))
    plain: CheckIn = checked(2)
    mixed = replaced(plain, answers=shuffle(dict(plain.answers)))  # type: ignore[arg-type]
    todays = [check_in(c, life, a, RULES, NOW) for c, a in ((plain, one), (mixed, other))]
    assert {i: t.permission for i, t in todays[0].techniques.items()} == {
        i: t.permission for i, t in todays[1].techniques.items()
    }
    assert set(todays[0].lock_ids) == set(todays[1].lock_ids)


@MANY
@given(
    base=sessions,
    technique=st.sampled_from(TECHNIQUES),
    pain=st.integers(6, 10),
    n_after=st.integers(0, 2),
)
def test_no_progression_after_pain_above_five(
    base: tuple[PastSession, ...], technique: str, pain: int, n_after: int
) -> None:
    calm = tuple(replaced(s, started_at=s.started_at - 10 * 24 * HOUR) for s in base if s.pain_during is None)
    life = replaced(past(*calm))
    before = decide(life, now=NOW - 9 * 24 * HOUR)
    strong = session(24 * 9, technique, pain_during=pain)
    easy = [session(24 * (5 - 2 * i), technique, pain_after=0) for i in range(n_after)]
    after = decide(replaced(life, sessions=(*calm, strong, *easy)))
    one, other = after.techniques[technique], before.techniques[technique]
    assert LEVELS.index(one.dose) <= LEVELS.index(other.dose)


@MANY
@given(life=lives, later_h=st.floats(0, 72))
def test_time_alone_never_closes(life: History, later_h: float) -> None:
    """Nothing new is told for some days: what was open is open, and what time opens opens.

    One thing ends by itself: the routine that the person is in the middle of (O01). What could still have
    been added to it waits then, as the next routine does.
    """
    life = replaced(life, screenings=tuple(replaced(s, answered_at=NOW - 24 * HOUR) for s in life.screenings))
    later = NOW + later_h * HOUR
    now, then = decide(life), decide(life, now=later)
    together = timedelta(minutes=BOOK.safety.caps.routines.together_min)
    is_in_routine = any(NOW - together <= s.ended_at <= NOW for s in life.sessions)
    for exercise_id in TECHNIQUES:
        one, other = now.techniques[exercise_id], then.techniques[exercise_id]
        if one.permission.effect != "block":
            is_over = (
                is_in_routine and {r.rule_id for r in other.reasons} == {"O01"} and other.ready_at is not None
            )
            assert is_over or other.permission.effect != "block", exercise_id
        elif one.ready_at is not None and one.ready_at <= later and not now.reasons:
            assert other.ready_at is None or other.ready_at != one.ready_at, exercise_id


@MANY
@given(life=lives, back_h=st.floats(0, 24 * 40))
def test_an_earlier_clock_never_opens(life: History, back_h: float) -> None:
    now, then = decide(life), decide(life, now=NOW - back_h * HOUR)
    for exercise_id in TECHNIQUES:
        if now.techniques[exercise_id].permission.effect == "block":
            assert then.techniques[exercise_id].permission.effect == "block", exercise_id
        elif now.techniques[exercise_id].short_only:
            other = then.techniques[exercise_id]
            assert other.short_only or other.permission.effect == "block", exercise_id
