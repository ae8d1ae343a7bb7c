from __future__ import annotations

import math

import pytest

from unkink.body.arithmetic import SCALAR
from unkink.body.turn import PRIOR_GAIN, DepthMemory, compute_shoulder_turn_deg, remember


def watch(true_gain: float, turns_deg: list[float], hz: float = 15.0) -> DepthMemory:
    memory = DepthMemory()
    for turn in turns_deg:
        a = math.radians(turn)
        memory = remember(memory, 0.75 * math.cos(a), 0.75 * math.sin(a) / true_gain, 1.0 / hz)
    return memory


def sweep(amplitude: float, n: int) -> list[float]:
    return [amplitude * math.sin(0.05 * i) for i in range(n)]


@pytest.mark.parametrize("gain", [0.4, 0.5, 0.65])
def test_wide_turns_reveal_the_gain(gain: float) -> None:
    found = watch(gain, sweep(50.0, 600)).gain
    assert abs(found - gain) < 0.6 * abs(PRIOR_GAIN - gain) + 0.01


def test_small_turns_leave_the_prior() -> None:
    assert watch(0.65, sweep(8.0, 600)).gain == pytest.approx(PRIOR_GAIN, abs=0.03)


def test_before_anything_is_seen_the_prior_stands() -> None:
    assert DepthMemory().gain == PRIOR_GAIN


def test_the_frame_rate_does_not_change_the_gain() -> None:
    slow = watch(0.6, [50 * math.sin(0.1 * i) for i in range(200)], 10.0)
    fast = watch(0.6, [50 * math.sin(0.1 * i / 3) for i in range(600)], 30.0)
    assert fast.gain == pytest.approx(slow.gain, abs=0.01)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 50.0])
def test_nonsense_is_not_remembered(bad: float) -> None:
    memory = watch(0.5, sweep(30.0, 50))
    assert remember(memory, bad, 0.1, 0.1) == memory
    assert remember(memory, 0.5, bad, 0.1) == memory
    assert remember(memory, 0.5, 0.1, math.nan) == memory


def test_the_turn_of_a_known_line() -> None:
    a = math.radians(30.0)
    assert compute_shoulder_turn_deg(math.cos(a), math.sin(a) / 0.5, 0.5, SCALAR) == pytest.approx(30.0)
