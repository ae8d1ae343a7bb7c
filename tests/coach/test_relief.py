"""Techniques compared: no winner by chance, a winner where there is one, intervals that hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from builders import make_rulebook
from unkink.coach.history import PastSession
from unkink.coach.relief import compute_interval, compute_relief, find_step

RULES = make_rulebook()
NORMS = RULES.change
IDS = tuple(RULES.safety.codes)
TWIST, SIDE, ANGELS, _ = IDS
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = ("worse", "same", "bit", "lot")


def make_session(days_ago: float, exercise_id: str = TWIST, **more: Any) -> PastSession:
    given: dict[str, Any] = {"held_s": {"right": 30.0}, "relief": "same", **more}
    return PastSession(exercise_id=exercise_id, started_at=NOW - timedelta(days=days_ago), **given)


def told(exercise_id: str, *words: str) -> list[PastSession]:
    return [make_session(i + 1, exercise_id, relief=word) for i, word in enumerate(words)]


def overview(*groups: list[PastSession]):
    sessions = sorted((s for group in groups for s in group), key=lambda s: s.started_at)
    return compute_relief(sessions, IDS, NORMS, NOW)


def live_a_year(rng: np.random.Generator, shift: float, correlation: float) -> list[PastSession]:
    """Somebody with good and bad weeks who tries all four; the first does ``shift`` more than the others."""
    mean, sd = rng.normal(0.5, 0.5), rng.uniform(0.4, 1.1)
    habit, share = rng.dirichlet(np.ones(4)), rng.uniform(0.3, 1.0)
    mood, found = 0.0, []
    for day in range(365):
        mood = correlation * mood + np.sqrt(1 - correlation**2) * rng.normal() * sd
        idx = int(rng.choice(4, p=habit))
        felt = int(np.clip(np.round(mean + mood + (shift if idx == 0 else 0.0)), -1, 2))
        if rng.random() < share:
            found.append(make_session(365 - day, IDS[idx], relief=WORDS[felt + 1]))
    return found


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_no_winner_by_chance_however_often_one_looks(correlation: float) -> None:
    """At any look 9 in 10 have to be told no winner; here even over a year of looks every third day."""
    rng = np.random.default_rng(5)
    n_looks = n_false = n_ever = 0
    n_people = 40
    for _ in range(n_people):
        year = live_a_year(rng, 0.0, correlation)
        false = []
        for day in range(6, 366, 3):
            now = NOW - timedelta(days=365 - day)
            seen = [s for s in year if s.started_at <= now]
            found = compute_relief(seen, IDS, NORMS, now)
            # neither one that helped most nor some that differ
            false.append(found.sentence.key in ("outcome.best.most", "outcome.best.several"))
        n_looks, n_false, n_ever = n_looks + len(false), n_false + sum(false), n_ever + any(false)
    assert n_false / n_looks <= 0.02
    assert n_ever / n_people <= 0.2


def test_who_really_differs_is_told() -> None:
    rng = np.random.default_rng(6)
    found = [compute_relief(live_a_year(rng, 1.5, 0.3), IDS, NORMS, NOW) for _ in range(60)]
    enough = [o for o in found if sum(t.n >= 8 for t in o.techniques) >= 3]
    assert len(enough) >= 15
    found_best = [o for o in enough if (first := o.find(IDS[0])) is not None and first.n >= 8]
    assert sum(o.best_id == IDS[0] for o in found_best) / len(found_best) >= 0.6
    assert all(o.best_id in (None, IDS[0]) for o in found)


def test_nine_in_ten_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(4000):
        values = rng.normal(1.0, 0.8, 6)
        low, high = compute_interval(float(values.mean()), float(values.std(ddof=1)), 6, 5)
        inside += low <= 1.0 <= high
    assert inside / 4000 == pytest.approx(0.9, abs=0.015)


@pytest.mark.parametrize(
    ("groups", "standing"),
    [
        ([], "nothing"),
        ([told(TWIST, "lot", "lot")], "few"),
        ([told(TWIST, *["lot"] * 5)], "one"),
        ([told(TWIST, *["lot"] * 5), told(SIDE, *["lot"] * 4)], "one"),
        ([told(TWIST, *["lot", "bit"] * 3), told(SIDE, *["bit"] * 5)], "same"),
        ([told(TWIST, *["lot"] * 12), told(SIDE, *["same"] * 12)], "most"),
        # leads clearly, but does not help
        ([told(TWIST, *["same"] * 15), told(SIDE, *["worse"] * 15)], "same"),
        # leads one, not the other
        ([told(TWIST, *["lot"] * 12), told(SIDE, *["same"] * 12), told(ANGELS, *["lot"] * 12)], "same"),
    ],
)
def test_what_may_be_said(groups: list[list[PastSession]], standing: str) -> None:
    found = overview(*groups)
    assert found.standing == standing
    assert found.best_id == (TWIST if standing == "most" else None)
    if len(groups) == 3:
        assert found.sentence.key == "outcome.best.several"
    texts = RULES.texts["en"]
    for line in (found.sentence, *(t.sentence for t in found.techniques)):
        texts[line.key].format(**line.params)


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (["lot"] * 4, "few"),
        (["lot"] * 5, "better"),
        (["worse"] * 6, "worse"),
        (["same", "bit", "worse", "same", "bit"], "same"),
    ],
)
def test_verdict_of_one_technique(words: list[str], verdict: str) -> None:
    (one,) = overview(told(TWIST, *words)).techniques
    assert one.verdict == verdict
    assert (one.n_better, one.n_worse) == (
        sum(w in ("bit", "lot") for w in words),
        sum(w == "worse" for w in words),
    )
    assert one.n == one.n_better + one.n_same + one.n_worse
    assert one.low <= one.mean <= one.high


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [(3, 1, 1), (3, 2, 0), (1, 0, 0), (5, 7, -1), (0, 0, 0), (3, None, None), (9, 7, 0), (9, 6, 1)],
)
def test_without_a_word_pain_tells_it(before: int, after: int | None, step: float | None) -> None:
    assert find_step(make_session(1, relief=None, pain_before=before, pain_after=after), NORMS) == step


@pytest.mark.parametrize(
    "more",
    [{"mode": "demo"}, {"is_deleted": True}, {"held_s": {}, "status": "left"}, {"relief": None}],
)
def test_what_does_not_count(more: dict[str, Any]) -> None:
    assert overview([make_session(1, **more)]).techniques == ()


def test_old_sessions_and_a_clock_that_was_ahead() -> None:
    assert overview([make_session(NORMS.relief.look_back_days + 1)]).standing == "nothing"
    assert overview([make_session(-3)]).techniques[0].n == 1
