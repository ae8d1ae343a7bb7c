"""What came of it: about the same unless it is more than the noise; known answers and simulated people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from builders import make_rulebook
from unkink.coach.history import PastCheckIn, PastReview
from unkink.coach.outcome import (
    compare_pain,
    compute_pain_course,
    describe_pain,
    describe_stiffness,
    find_stiffness_before,
)
from unkink.coach.outcome_reviews import (
    compute_activities,
    compute_own_change,
    compute_sleep,
    describe_whole,
)

NORMS = make_rulebook().change
TEXTS = make_rulebook().texts["en"]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make_course(values, days=None, every_days=1.0):
    """Check-ins, the last of them now."""
    n = len(values)
    told = [
        PastCheckIn(at=NOW - timedelta(days=(n - 1 - i) * every_days), pain_now=v)
        for i, v in enumerate(values)
    ]
    return compute_pain_course(told, NORMS.pain, NORMS.course, NOW, days=days)


# ------------------------------------------------------------------------------------------ one session


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        # one point is inside what a single score varies by
        (3, 2, "same"),
        (1, 0, "same"),
        (3, 1, "clear.less"),
        (2, 4, "clear.more"),
        (6, 4, "clear.less"),
        # from 8 on, two points are more than noise and less than what matters
        (8, 6, "little.less"),
        (8, 5, "clear.less"),
        (8, 10, "little.more"),
        (4, 4, "same"),
        (0, 0, "none"),
        (None, 3, "unknown"),
        (3, None, "unknown"),
    ],
)
def test_v01_one_session(before, after, word):
    line = describe_pain(before, after, NORMS.pain)
    assert line.key == f"outcome.pain.{word}"
    assert line.key in TEXTS


@pytest.mark.parametrize(("start", "least"), [(1, 1), (3, 1), (4, 1.2), (5, 2), (7, 2), (8, 3), (10, 3)])
def test_v01_steps_by_start(start, least):
    assert NORMS.pain.meaningful(start) == pytest.approx(least)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [("bit", "no", "less"), ("bit", "bit", "same"), ("no", "very", "more"), ("no", "no", "none")],
)
def test_stiffness(before, after, key):
    line = describe_stiffness(before, after)
    assert line is not None
    assert line.key == f"outcome.stiffness.{key}"
    assert line.key in TEXTS


def test_stiffness_before_is_of_the_same_day_and_earlier():
    told = [
        PastCheckIn(at=NOW - timedelta(hours=30), pain_now=1, stiffness="very"),
        PastCheckIn(at=NOW - timedelta(hours=1), pain_now=1, stiffness="bit"),
        PastCheckIn(at=NOW + timedelta(hours=1), pain_now=1, stiffness="no"),
    ]
    assert find_stiffness_before(told, NOW) == "bit"
    assert find_stiffness_before(told[:1], NOW) is None
    assert describe_stiffness(None, "no") is None


# ------------------------------------------------------------------------------------------- over weeks


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([], "nothing"),
        ([5] * 13, "few"),
        ([5] * 14, "same"),
        ([5] * 14 + [2] * 14, "clear.less"),
        ([2] * 14 + [5] * 14, "clear.more"),
        ([0] * 28, "none"),
        # one bad day moves nothing
        ([3] * 27 + [9], "same"),
        # a point of one week: more than the noise, under 30 %
        ([4] * 14 + [3] * 14, "little.less"),
        ([8] * 14 + [6] * 14, "little.less"),
    ],
)
def test_v01_course(values, word):
    found = make_course(values)
    assert found.sentence.key == f"outcome.course.{word}"
    TEXTS[found.sentence.key].format(**found.sentence.params)
    assert found.n_reports == len(values)


def test_few_days_in_a_week_are_no_week():
    # every third day: two or three in a week
    assert make_course([5] * 3, every_days=9).sentence.key == "outcome.course.few"
    assert make_course([5] * 10, every_days=3).sentence.key == "outcome.course.same"


def test_a_day_of_many_answers_counts_once():
    told = [PastCheckIn(at=NOW - timedelta(days=i), pain_now=2) for i in range(28)]
    told += [PastCheckIn(at=NOW - timedelta(minutes=i), pain_now=9) for i in range(40)]
    found = compute_pain_course(told, NORMS.pain, NORMS.course, NOW, days=28)
    assert found.latest == 2


def test_an_own_noise_that_is_larger_than_the_norms_decides():
    quiet = make_course([5, 5, 5, 5] * 7)
    assert quiet.noise_of == "norm"
    # swings of six points from day to day
    wild = make_course([2, 8] * 14)
    assert wild.noise_of == "days"
    # days scatter by 3; seven that are as much alike as is taken for granted
    frac = (7 + 2 * sum((7 - k) * 0.7**k for k in range(1, 7))) / 49
    assert wild.noise == pytest.approx(1.645 * 2**0.5 * 3 * min(1.0, 1.2533 * frac**0.5), rel=0.06)
    # quiet weeks that differ among themselves
    weeks = make_course([v for v in (3, 6, 3, 6, 3, 6, 3, 6, 3) for _ in range(7)])
    assert weeks.noise_of == "weeks"


@pytest.mark.parametrize(
    ("correlation", "days", "least"),
    [(0.0, 28, 0.9), (0.3, 28, 0.9), (0.5, 28, 0.9), (0.5, 182, 0.9), (0.8, 182, 0.85)],
)
def test_nine_in_ten_who_do_not_change_are_told_so(correlation, days, least):
    rng = np.random.default_rng(round(10 * correlation) + days)
    said = []
    for _ in range(150):
        level, sd, x, values = rng.uniform(1, 7), rng.uniform(0.4, 1.6), rng.normal(), []
        for _ in range(days):
            x = correlation * x + np.sqrt(1 - correlation**2) * rng.normal()
            values.append(float(np.clip(np.round(level + sd * x), 0, 10)))
        said.append(make_course(values).sentence.key)
    assert np.mean([key.endswith((".same", ".none")) for key in said]) >= least


def test_who_recovers_is_told_so():
    rng = np.random.default_rng(4)
    said = []
    for _ in range(100):
        values = [float(np.clip(np.round(6 - 4 * i / 41 + rng.normal(0, 0.8)), 0, 10)) for i in range(42)]
        said.append(make_course(values).sentence.key)
    assert np.mean([key.endswith("clear.less") for key in said]) >= 0.9


def test_a_year_is_drawn_by_weeks_and_a_month_by_answers():
    assert len(make_course([3] * 30).reports) == 30
    year = make_course([3] * 365)
    assert 50 <= len(year.reports) <= 54
    assert {r.value for r in year.line} == {3}


def test_answers_from_a_clock_that_was_ahead_count_as_now():
    told = [PastCheckIn(at=NOW + timedelta(days=30), pain_now=4)]
    found = compute_pain_course(told, NORMS.pain, NORMS.course, NOW, days=28)
    assert [r.at for r in found.reports] == [NOW]


# ------------------------------------------------------------------------------------- the looks back


def make_reviews(**columns):
    n = max(len(values) for values in columns.values())
    return [
        PastReview(
            at=NOW - timedelta(days=14 * (n - i)), **{name: values[i] for name, values in columns.items()}
        )
        for i in range(n)
    ]


@pytest.mark.parametrize(
    ("first", "latest", "word"),
    [
        ((4, 4, 4), (5, 6, 6), "same"),  # 1.67: under the 2 of a mean of three
        ((4, 4, 4), (6, 6, 6), "more.small"),
        ((4, 4, 4), (6, 6, 7), "more.medium"),
        ((4, 4, 4), (7, 7, 7), "more.large"),
        ((6, 6, 6), (4, 4, 4), "less"),
        ((4,), (6,), "same"),  # one alone needs 3
        ((4,), (7,), "more.large"),
        ((4, 4), (6, 6), "same"),
    ],
)
def test_v02_activities(first, latest, word):
    ids = [f"a{i}" for i in range(len(first))]
    reviews = make_reviews(activities=[dict(zip(ids, row, strict=True)) for row in (first, latest)])
    found = compute_activities(reviews, ids, NORMS.activities, NOW)
    assert found.sentence.key == f"outcome.activities.{word}"
    assert found.sentence.key in TEXTS
    assert len(found.each) == len(ids)


def test_v02_who_varies_more_needs_more():
    values = [2, 8, 2, 8, 2, 6]
    found = compute_activities(
        make_reviews(activities=[{"a": v} for v in values]), ["a"], NORMS.activities, NOW
    )
    (one,) = found.each
    assert one.course.is_own
    assert found.sentence.key == "outcome.activities.same"


def test_v02_nothing_and_first():
    assert compute_activities([], ["a"], NORMS.activities, NOW).sentence.key == "outcome.activities.nothing"
    one = compute_activities(make_reviews(activities=[{"a": 3, "gone": 1}]), ["a"], NORMS.activities, NOW)
    assert one.sentence.key == "outcome.activities.first"
    assert [course.activity_id for course in one.each] == ["a"]


@pytest.mark.parametrize(
    ("nights", "word"), [((3, 2), "same"), ((3, 1), "less"), ((1, 3), "more"), ((3,), "first")]
)
def test_v07_nights(nights, word):
    course = compute_sleep(make_reviews(nights_woken=list(nights)), "nights", NORMS.sleep, NOW)
    assert course is not None
    assert course.sentence.key == f"outcome.nights.{word}"
    assert course.sentence.key in TEXTS
    assert compute_sleep(make_reviews(nights_woken=[None]), "nights", NORMS.sleep, NOW) is None


@pytest.mark.parametrize(("told", "word"), [(2, "same"), (3, "better"), (-2, "same"), (-3, "worse")])
def test_v03_whole(told, word):
    line = describe_whole(make_reviews(global_change=[0, told]), NORMS.whole)
    assert line is not None
    assert line.key == f"outcome.whole.{word}"
    assert line.key in TEXTS
    assert describe_whole([], NORMS.whole) is None


def test_own_change_by_its_closed_form_leaves_the_newest_out():
    assert compute_own_change([1, 3]) is None
    assert compute_own_change([1, 3, 1, 99]) == pytest.approx(1.645 * 2**0.5 * 2 / 2**0.5)


def test_compare_says_nothing_of_what_was_not_told():
    assert compare_pain(float("nan"), 3, NORMS.pain) is None
