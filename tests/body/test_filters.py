from __future__ import annotations

import math

import numpy as np
import pytest

from unkink.body.filters import OneEuro


class Textbook:
    """Algorithm 1 of Casiez, Roussel and Vogel (2012), one channel, as it is printed."""

    def __init__(self, min_cutoff: float, beta: float, d_cutoff: float) -> None:
        self.min_cutoff, self.beta, self.d_cutoff = min_cutoff, beta, d_cutoff
        self.x_hat: float | None = None
        self.dx_hat = 0.0
        self.t = 0.0

    @staticmethod
    def alpha(rate: float, cutoff: float) -> float:
        tau = 1.0 / (2.0 * math.pi * cutoff)
        te = 1.0 / rate
        return 1.0 / (1.0 + tau / te)

    def __call__(self, t: float, x: float) -> float:
        if self.x_hat is None:
            self.x_hat, self.t = x, t
            return x
        rate = 1.0 / (t - self.t)
        dx = (x - self.x_hat) * rate
        a = self.alpha(rate, self.d_cutoff)
        self.dx_hat = a * dx + (1 - a) * self.dx_hat
        a = self.alpha(rate, self.min_cutoff + self.beta * abs(self.dx_hat))
        self.x_hat = a * x + (1 - a) * self.x_hat
        self.t = t
        return self.x_hat


@pytest.mark.parametrize(
    ("min_cutoff", "beta", "d_cutoff"), [(1.0, 0.0, 1.0), (0.5, 0.4, 2.0), (3.0, 0.01, 1.0)]
)
def test_agrees_with_the_published_algorithm_at_an_uneven_rate(
    min_cutoff: float, beta: float, d_cutoff: float
) -> None:
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(1 / 30, 1 / 10, 200))
    signal = np.stack([40 * np.sin(times) + rng.normal(0, 1, 200), rng.normal(0, 2, 200)], axis=1)
    ours = OneEuro(min_cutoff_hz=min_cutoff, beta=beta, speed_cutoff_hz=d_cutoff)
    theirs = [Textbook(min_cutoff, beta, d_cutoff) for _ in range(2)]
    for t, row in zip(times, signal, strict=True):
        ours, smooth = ours.smooth(float(t), row)
        assert smooth == pytest.approx(
            [f(float(t), float(x)) for f, x in zip(theirs, row, strict=True)], abs=1e-9
        )


def test_a_hidden_channel_neither_answers_nor_harms_the_others() -> None:
    f = OneEuro()
    f, _ = f.smooth(0.0, np.array([1.0, 5.0]))
    f, gap = f.smooth(0.1, np.array([math.nan, 5.0]))
    assert math.isnan(gap[0])
    assert gap[1] == pytest.approx(5.0)
    f, back = f.smooth(0.2, np.array([1.0, 5.0]))
    assert back == pytest.approx([1.0, 5.0])


def test_a_channel_first_seen_later_starts_where_it_is() -> None:
    f = OneEuro()
    f, _ = f.smooth(0.0, np.array([math.nan]))
    f, first = f.smooth(0.1, np.array([30.0]))
    assert first == pytest.approx([30.0])
    _, second = f.smooth(0.2, np.array([30.0]))
    assert second == pytest.approx([30.0])


def test_time_that_stands_still_repeats_the_answer() -> None:
    f = OneEuro()
    f, a = f.smooth(1.0, np.array([2.0]))
    g, b = f.smooth(1.0, np.array([9.0]))
    assert g is f
    assert b == pytest.approx(a)
