"""The figures that the page About tells are those of the frozen tables."""

from __future__ import annotations

import re
from pathlib import Path

from builders import make_rulebook

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"


def test_about_tells_the_headline_of_the_frozen_tables() -> None:
    own = make_rulebook().library.accuracy
    text = DOCUMENT.read_text(encoding="utf-8")
    low, high = own.limits_of_agreement_deg
    headline = (
        f"Version {own.version}. On the kept-apart clips the shoulder turn is off by "
        f"{own.mean_absolute_error_deg:.1f} degrees on average (bias {own.bias_deg:.1f}, limits of agreement "
        f"{low:.1f} to {high:.1f}), and {100 * own.within_interval_frac:.0f} % of the errors lie within the "
        f"stated {100 * own.interval_frac:.0f} % interval."
    )
    assert headline in text
    clips = re.search(r"\| kept apart \| (\d+) \|", text)
    assert clips is not None
    assert int(clips[1]) == own.n_clips
