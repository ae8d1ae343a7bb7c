from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from validation.learn import nets

RECIPE = nets.Recipe(hidden=(6, 4), scale=(30.0, 2.0), odd=(True, False), epochs=3, decay=1e-4, jitter=0.0)


def test_joined_networks_answer_with_their_weighted_mean() -> None:
    r = np.random.default_rng(0)
    x, mirrored = r.normal(size=(2, 300, 5))
    target = np.column_stack([30.0 * x[:, 0], 2.0 * x[:, 1]])
    a, b = (
        nets.fit(x, mirrored, target, np.ones_like(target), recipe)
        for recipe in (RECIPE, replace(RECIPE, hidden=(9, 3)))
    )
    joined = nets.join(a, b, (0.25, 1.0)).judge(x, mirrored)
    one, other = a.judge(x, mirrored), b.judge(x, mirrored)
    assert joined[:, 0] == pytest.approx(0.25 * one[:, 0] + 0.75 * other[:, 0])
    assert joined[:, 1] == pytest.approx(one[:, 1])
    assert np.abs(one[:, 0] - other[:, 0]).max() > 1e-3
