"""What a chart tells, without its drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from builders import make_rulebook
from exchange.cases import make_summary, make_twist
from unkink.body.quantities import INDEX, QUANTITIES, QuantitySeries
from unkink.exchange.story import MOST_POINTS, Story, tell_story
from unkink.exchange.wording import format_length, load_wording, shorten

WORDING = load_wording()


def tell(
    quantities: QuantitySeries | None = None,
    summary: dict[str, Any] | None = None,
    exercise_id: str = "seated-twist",
    name: str = "",
) -> Story:
    return tell_story(
        make_twist() if quantities is None else quantities,
        make_summary() if summary is None else summary,
        make_rulebook().exercise(exercise_id),
        WORDING,
        name=name,
    )


def test_the_facts_say_what_was_held_with_its_noise() -> None:
    story = tell(name="a.mp4")
    assert story.title == "Seated twist"
    # 1.645 SDs of 2 degrees are 3
    assert story.facts == ("a.mp4", "40 s long", "right 10 s at 40° ± 3°", "left 10 s at 30° ± 3°")
    assert [row.kind for row in story.rows] == ["rest", "right", "left"]
    assert story.holds["right"][0].label == "40° ± 3°"


def test_the_axis_shows_both_sides_alike_and_every_reading() -> None:
    story = tell()
    assert story.low == -story.high
    assert story.high > 43.0
    curve = story.curves[0]
    np.testing.assert_allclose(curve.high - curve.value, 1.645 * 2.0)
    np.testing.assert_allclose(curve.value - curve.low, 1.645 * 2.0)


def test_a_gap_breaks_the_line_and_is_told_once() -> None:
    story = tell(make_twist(unmeasured_s=((12.0, 15.0), (30.0, 30.2))))
    assert [(round(g.start_s), round(g.end_s)) for g in story.gaps] == [(12, 15)]
    curve = story.curves[0]
    assert np.isnan(curve.value).sum() == 1
    assert 12.0 < curve.t_s[np.isnan(curve.value)][0] < 15.0
    assert [row.label for row in story.rows if row.kind == "gap"] == ["Not measured"]


def test_a_gap_with_a_reason_is_told_by_its_reason() -> None:
    pauses = [{"reason": "lost", "start_s": 12.5, "end_s": 15.5}]
    summary = make_summary(tracking={"seen_share": 0.9, "pauses": pauses})
    story = tell(make_twist(unmeasured_s=((12.0, 15.0),)), summary)
    assert [row.label for row in story.rows if row.kind == "gap"] == ["Nobody to be seen"]


def test_gaps_at_both_ends_are_found() -> None:
    story = tell(make_twist(unmeasured_s=((0.0, 5.0), (38.0, 41.0))))
    assert [(round(g.start_s), round(g.end_s)) for g in story.gaps] == [(0, 5), (38, 40)]


def test_a_slow_camera_has_no_gaps() -> None:
    story = tell(make_twist(60.0, 1.0))
    assert story.gaps == ()
    assert np.isfinite(story.curves[0].value).all()


def test_faults_are_grouped_by_kind_in_the_order_of_their_first_time() -> None:
    faults = [
        {"id": "leans-sideways", "start_s": 5.0, "end_s": 6.0, "blocks_count": False},
        {"id": "slouched", "start_s": 12.0, "end_s": 14.0, "blocks_count": True},
        {"id": "leans-sideways", "start_s": 30.0, "end_s": 31.0, "blocks_count": False},
    ]
    rows = [row for row in tell(summary=make_summary(faults=faults)).rows if row.kind == "fault"]
    assert [row.label for row in rows] == ["Leaning to one side", "Rounded forward"]
    assert [len(row.spans) for row in rows] == [2, 1]
    assert [row.spans[0].is_open for row in rows] == [True, False]


def test_a_long_recording_is_thinned_and_keeps_its_extremes() -> None:
    long = make_twist(3600.0, 15.0, unmeasured_s=((1000.0, 1100.0),))
    long.values[30_000, INDEX["shoulder_turn_deg"]] = 71.0
    long.values[41_234, INDEX["shoulder_turn_deg"]] = -66.0
    curve = tell(long).curves[0]
    assert len(curve.t_s) <= MOST_POINTS + 10
    assert np.nanmax(curve.value) == 71.0
    assert np.nanmin(curve.value) == -66.0
    assert np.nanmax(curve.high) == pytest.approx(71.0 + 3.29)
    assert (np.diff(curve.t_s) >= 0.0).all()
    assert np.isnan(curve.value).sum() == 1


def test_both_arms_share_an_axis_and_are_named() -> None:
    times = [{"start_s": 5.0, "end_s": 9.0}, {"start_s": 9.0, "end_s": 13.0}]
    summary = make_summary(exercise="wall-angels", sides={}, repetitions=2, repetition_times=times)
    story = tell(summary=summary, exercise_id="wall-angels")
    assert [curve.label for curve in story.curves] == ["left arm", "right arm"]
    assert story.low == 0.0
    assert "2 repetitions" in story.facts
    assert [s.label for row in story.rows if row.kind == "repetitions" for s in row.spans] == ["1", "2"]


def test_nothing_measured_is_said_with_its_reason() -> None:
    whole = make_twist()
    blank = QuantitySeries(t_s=whole.t_s, values=whole.values * np.nan, sds=whole.sds * np.nan)
    assert tell(blank, make_summary(neutral=None)).empty == WORDING.say("chart.empty")
    # seen, but nothing to measure from
    half = QuantitySeries(t_s=whole.t_s, values=whole.values.copy(), sds=whole.sds)
    half.values[:, INDEX["shoulder_turn_deg"]] = np.nan
    assert tell(half, make_summary(neutral=None)).empty == WORDING.say("chart.empty.neutral")
    none = QuantitySeries(t_s=whole.t_s[:0], values=whole.values[:0], sds=whole.sds[:0])
    story = tell(none, {})
    assert story.empty == WORDING.say("chart.empty")
    assert story.curves == ()
    assert story.end_s > story.start_s


def test_every_quantity_has_its_axis_in_words() -> None:
    for name in QUANTITIES:
        stem = name.removeprefix("left_").removeprefix("right_")
        for part in ("axis", "up", "down"):
            assert WORDING.has(f"chart.{part}.{stem}"), (part, name)


def test_every_reason_for_a_pause_has_its_words() -> None:
    from typing import get_args

    from unkink.coach.session_state import PauseReason

    for reason in get_args(PauseReason):
        assert WORDING.has(f"chart.gap.{reason}"), reason


def test_lengths_are_said_as_people_do() -> None:
    assert [format_length(s) for s in (0.2, 58.4, 119.4, 120.0, 3599.0, 3725.0, float("nan"))] == [
        "0 s",
        "58 s",
        "119 s",
        "2:00",
        "59:59",
        "1:02:05",
        "?",
    ]


def test_long_names_lose_their_middle_and_control_characters() -> None:
    assert shorten("short.mp4", 20) == "short.mp4"
    assert len(shorten("x" * 300 + ".mp4", 30)) == 30
    assert shorten("x" * 300 + ".mp4", 30).endswith(".mp4")
    assert shorten("a\nb\x1b[31m", 20) == "a b [31m"
