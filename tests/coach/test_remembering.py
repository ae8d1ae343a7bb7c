"""What is kept between two looks is what a first look would find, however the past changes in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any, TypeAlias, TypeVar

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safety.cases import IDS, RULES
from unkink.coach import following, outcome, pain, relief, reviewing
from unkink.coach.dose import CheckIn, check_in, needs_check_in
from unkink.coach.history import History, PastCheckIn, PastNote, PastPop, PastReview, PastSession
from unkink.coach.lately import remember_parts
from unkink.coach.referral import find_referrals
from unkink.coach.remembering import Latest, remember_each, remember_some, remember_walk
from unkink.coach.screening import Details, assess
from unkink.coach.standing import find_locks
from unkink.pipeline import load_rulebook

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ASKED = tuple(q.id for q in RULES.check.questions)
CLEAR = assess(dict.fromkeys(RULES.rows, "no"), Details(), RULES, ())
RULEBOOK = load_rulebook()
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_E = TypeVar("_E")
_Box: TypeAlias = list[int]  # a value that is itself: two equal ones are not the same
_CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "add", "add", "last", "first", "drop", "cut"]), st.integers(0, 9)),
    max_size=30,
)


def change(entries: list[_E], how: str, at: int, new: _E) -> None:
    """Change a past as a diary may: mostly a new entry, at times another one for an old one, or one less."""
    if how == "add" or not entries:
        entries.append(new)
    elif how == "last":
        entries[-1] = new
    elif how == "first":
        entries[at % len(entries)] = new
    elif how == "drop":
        del entries[at % len(entries)]
    else:
        del entries[len(entries) - len(entries) // 3 :]


# ------------------------------------------------------------------------------------------- how it is kept


@remember_each
def _double(entry: _Box, factor: int) -> int:
    return entry[0] * factor


@remember_some
def _is_even(entry: _Box) -> bool:
    return entry[0] % 2 == 0


_START = tuple[int, ...]()


@remember_walk(_START)
def _weigh(state: tuple[int, ...], entry: _Box, factor: int) -> tuple[int, ...]:
    return (*state[-3:], sum(state) * factor % 97 + entry[0])


_MOMENTS = Latest[_Box](lambda entry: NOON + timedelta(hours=entry[0]))


@given(changes=_CHANGES)
def test_kept_answers_are_first_answers(changes: list[tuple[str, int]]) -> None:
    entries: list[Any] = []
    for i, (how, at) in enumerate(changes):
        change(entries, how, at, [at * 7 + i % 3])
        now = tuple(entries)
        assert _double(now, 2) == tuple(e[0] * 2 for e in entries)
        assert _double(now, 3) == tuple(e[0] * 3 for e in entries)
        assert _is_even(now) == tuple(e for e in entries if e[0] % 2 == 0)
        state: tuple[int, ...] = ()
        for entry in entries:
            state = (*state[-3:], sum(state) * 5 % 97 + entry[0])
        assert _weigh(now, 5) == state
        ats = [NOON + timedelta(hours=e[0]) for e in entries]
        assert _MOMENTS.latest(now) == max(ats, default=None)
        limit = NOON + timedelta(hours=at * 5)
        later = _MOMENTS.since(now, limit)
        n_out = len(entries) - len(later)
        assert now[n_out:] == later
        assert all(one <= limit for one in ats[:n_out])
        assert n_out == sum(highest <= limit for highest in accumulate(ats, max))


def test_only_new_entries_are_looked_at() -> None:
    seen: list[int] = []

    @remember_each
    def look(entry: _Box) -> int:
        seen.append(entry[0])
        return entry[0]

    entries: tuple[Any, ...] = tuple([i] for i in range(5))
    first = look(entries)
    assert look((*entries,)) is first
    look((*entries, [5]))
    look((*entries[:4], [9]))
    assert seen == [0, 1, 2, 3, 4, 5, 9]


def test_an_answer_to_parts_knows_nothing_else() -> None:
    seen: list[History] = []

    @remember_parts("pops")
    def look(history: History, factor: int) -> int:
        seen.append(history)
        return len(history.pops) * factor

    pops = (PastPop(at=NOON, deliberate=True),)
    one = History(pops=pops, notes=(PastNote(at=NOON, kind="nerve"),))
    assert look(one, 2) == look(History(pops=pops), 2) == 2
    assert look(one, 3) == 3
    assert [h.notes for h in seen] == [(), ()]


# ------------------------------------------------------------------------------- the same for what is decided


_HOURS = st.sampled_from([2, 20, 24, 24, 30, 24 * 7, -48])
_PAIN = st.one_of(st.integers(0, 3), st.integers(0, 10))
_ENTRY = st.tuples(
    st.sampled_from(["check-in", "check-in", "session", "session", "review", "pop", "note"]),
    st.sampled_from(["add", "add", "add", "add", "last", "first", "drop"]),
    st.integers(0, 30),
    _HOURS,
    _PAIN,
)


def _make(what: str, n: int, at: datetime, score: int, seq: int) -> Any:
    if what == "check-in":
        answers = dict.fromkeys(ASKED, "no") | ({ASKED[n % len(ASKED)]: "yes"} if n % 7 == 0 else {})
        return PastCheckIn(at=at, pain_now=score, answers=answers, seq=seq)
    if what == "session":
        return PastSession(
            session_id=str(seq),
            exercise_id=IDS[("TW", "SS", "WA", "FR")[n % 4]],
            started_at=at,
            duration_s=240.0,
            held_s={"right": 30.0},
            mode="demo" if n == 13 else "camera",
            pain_after=score,
            pain_before=2,
            pain_kinds=("sharp",) if n % 9 == 0 else (),
            relief=("worse", "same", "bit", "lot")[n % 4],
            seq=seq,
        )
    if what == "review":
        return PastReview(
            at=at, pain_average=score, pain_days=n % 8, nights_woken=n % 4, activities={"a": n % 10}, seq=seq
        )
    if what == "pop":
        return PastPop(at=at, deliberate=n % 2 == 0)
    return PastNote(at=at, kind="nerve" if n % 3 == 0 else "worried", seq=seq)


def _copy(history: History) -> History:
    """Return an equal history of which no value is known from before."""
    parts = {
        name: tuple(msgspec.structs.replace(entry) for entry in getattr(history, name))
        for name in ("sessions", "check_ins", "reviews", "pops", "notes")
    }
    return History(**parts)  # type: ignore[arg-type]


def _decide(history: History, now: datetime) -> Any:
    told = CheckIn(at=now, pain_now=2, answers=dict.fromkeys(ASKED, "no"))
    norms = RULEBOOK.change
    return msgspec.to_builtins(
        {
            "today": check_in(told, history, CLEAR, RULES, now),
            "locks": find_locks(CLEAR, history, RULES),
            "referrals": find_referrals(history, CLEAR, RULES, now),
            "asked": needs_check_in(told, history, RULES, now - timedelta(hours=1)),
            "due": reviewing.find_due(history, RULEBOOK.reviews, now),
            "follow-up": following.find_follow_up(history, now, 0, RULES),
            "course": outcome.compute_pain_course(history.check_ins, norms.pain, norms.course, now, days=28),
            "relief": relief.compute_relief(history.sessions, RULES.codes, norms, now),
            "settled": pain.find_settled(history),
        },
        str_keys=True,
    )


@SOME
@given(entries=st.lists(_ENTRY, max_size=40))
def test_a_past_that_grew_is_judged_like_one_that_was_always_so(entries: list[Any]) -> None:
    at, parts = NOON, {"check-in": [], "session": [], "review": [], "pop": [], "note": []}
    for seq, (what, how, n, hours, score) in enumerate(entries, 1):
        at += timedelta(hours=hours)
        change(parts[what], how, n, _make(what, n, at, score, seq))
        history = History(
            sessions=tuple(parts["session"]),
            check_ins=tuple(parts["check-in"]),
            reviews=tuple(parts["review"]),
            pops=tuple(parts["pop"]),
            notes=tuple(parts["note"]),
        )
        now = at + timedelta(minutes=n)
        grown = _decide(history, now)
        if seq % 4 == 0 or seq == len(entries):
            assert grown == _decide(_copy(history), now)
