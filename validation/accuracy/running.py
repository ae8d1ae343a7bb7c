"""What ``make validate`` does: measure all there is, tell, freeze, render.

In: the word on the command line. Out: an exit code. Next file: ``takes.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from unkink.pipeline import load_rulebook
from validation.accuracy import detecting, document, freezing, heldout, takes
from validation.accuracy.tables import ALL, Results, evaluate

RENDERED = takes.CACHE / "heldout"


def main(what: str, folder: Path | None) -> int:
    """Do what is asked for; 0 unless something was missing that is needed."""
    if what == "document":
        document.write()
        return 0
    if what == "render":
        return render(folder or RENDERED)
    results = evaluate(gather(), load_rulebook())
    tell(results)
    if what == "freeze":
        from validation.accuracy import pictures

        freezing.freeze(results, freezing.find_folder())
        pictures.draw_all(results)
        document.write()
        print(f"written: {freezing.find_folder()}, {pictures.FOLDER}, {document.DOCUMENT}")
    return 0


def gather() -> Iterator[takes.Take]:
    """Yield all takes there are, and say which are not."""
    yield from takes.load_held_out()
    clips = takes.SHARED / "clips"
    if not clips.is_dir():
        print(f"skipped: the standard clips are not in {clips}")
    else:
        if detecting.can_detect():
            detecting.detect_missing(clips, takes.CACHE)
        else:
            print("landmarks come from the cache only; to look for more: pip install '.[video]'")
        yield from takes.load_shared(clips)
    recordings = takes.SHARED / "recordings" / "keraal"
    if not recordings.is_dir():
        print(f"skipped: the motion-capture recordings are not in {recordings}")
    yield from takes.load_motion_capture(recordings)


def render(out: Path) -> int:
    """Render the kept-apart videos, look for their landmarks, and pack both."""
    if not detecting.can_detect():
        print("looking for landmarks needs the extra: pip install '.[video]'")
        return 1
    heldout.render_all(out)
    detecting.detect_missing(out, out)
    heldout.pack_all(out, out)
    return 0


def tell(results: Results) -> None:
    """Print errors of every quantity over all takes of a set, and the goals that are missed."""
    print(
        f"{'set':15}{'model':12}{'variant':9}{'quantity':30}{'n':>7}{'bias':>8}{'MAE':>7}{'r':>7}{'within':>8}"
    )
    for row in results.agreement:
        if row["exercise"] == ALL and row["view"] == ALL:
            where = f"{row['collection']:15}{row['model']:12}{row['variant']:9}{row['quantity']:30}"
            figures = f"{row['n']:7d}{row['bias']:8.1f}{row['mae']:7.1f}{row['r']:7.2f}"
            print(f"{where}{figures}{100 * row['coverage_frac']:7.0f} %")
    missed = [row for row in results.checks if not row["is_met"]]
    print(f"\n{len(missed)} of {len(results.checks)} goals missed")
    for row in missed:
        where = f"{row['collection']:15}{row['take']:32}{row['model']:12}{row['variant']:9}"
        print(f"{where}{row['check']:40}{row['value']:8.2f}")
