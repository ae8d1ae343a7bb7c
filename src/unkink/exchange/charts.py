"""One calm figure per recording, as SVG or PNG, that a physiotherapist reads at a glance.

In: the quantities of a recording, its summary and its technique. Out: a picture file. The same input gives
the same bytes: the font ships with matplotlib, no date is written, the person's own matplotlib
settings are not used, and its global state is left as it was. Next file: :mod:`unkink.exchange.chart_page`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from unkink.errors import AccessError
from unkink.exchange.chart_page import DPI, ChartPage
from unkink.exchange.lettering import to_printable
from unkink.exchange.story import Story, tell_story
from unkink.exchange.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from unkink.body.quantities import QuantitySeries
    from unkink.coach.exercise import Exercise
    from unkink.exchange.wording import Wording

_RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "svg.hashsalt": "unkink",
    # letters as shapes: the picture looks the same wherever it is opened
    "svg.fonttype": "path",
    "hatch.linewidth": 1.1,
    # unhinted letters are as wide as measured
    "text.hinting": "none",
    # a dollar sign in a file name is no formula
    "text.parse_math": False,
    "agg.path.chunksize": 0,
}
_LOCK = threading.Lock()
"""matplotlib's settings are global; one chart at a time has its own."""


def draw_angles(
    quantities: QuantitySeries,
    summary: Mapping[str, Any],
    exercise: Exercise,
    path: Path,
    *,
    also: Sequence[Path] = (),
    name: str = "",
    wording: Wording | None = None,
) -> None:
    """Draw what a recording shows.

    Parameters
    ----------
    quantities : QuantitySeries, degrees and norm, against the neutral
    summary : mapping
        As :func:`unkink.coach.summary.summarise` makes it.
    exercise : Exercise
    path : Path
        ``.svg`` or ``.png``; written as it is named, the caller moves it to its final name.
    also : sequence of Path
        The same chart under further names; cheaper than drawing it again.
    name : str
        Of the recording.
    wording : Wording, optional
        English unless given.

    Raises
    ------
    AccessError
        ``chart-kind`` when a name ends otherwise.
    """
    wording = wording or load_wording()
    story = tell_story(quantities, summary, exercise, wording, name=name)
    draw_story(story, (path, *also), wording)


def draw_story(story: Story, paths: Sequence[Path], wording: Wording) -> None:
    """Draw a story into each of ``paths`` (``.svg`` or ``.png``).

    Raises
    ------
    AccessError
        ``chart-kind`` when a name ends otherwise.
    """
    for path in paths:
        if path.suffix.lower() not in (".svg", ".png"):
            code = "chart-kind"
            raise AccessError(code, "problem.chart-kind", params={"name": path.name})
    with _own_settings():
        page = ChartPage.make(story, wording)
        page.draw()
        title = {"Title": to_printable(story.title)}
        for path in paths:
            if path.suffix.lower() == ".svg":
                about = {**title, "Date": None, "Creator": "Unkink"}
                page.figure.savefig(path, format="svg", metadata=about)
            else:
                about = {**title, "Software": "Unkink"}
                page.figure.savefig(path, format="png", dpi=DPI, metadata=about)


@contextmanager
def _own_settings() -> Iterator[None]:
    """Draw by matplotlib's own defaults and ours, whatever the person has set; put theirs back after."""
    # it would tell of its font cache in the middle of a progress bar
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl

    with _LOCK, mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(cast("Any", _RC))
        yield
