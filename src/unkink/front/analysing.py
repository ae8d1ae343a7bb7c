"""Many recordings in one run: ``unkink analyze``.

In: files and folders, and what is wanted. Out: a folder of results per file, ``index.csv`` and ``index.html``
over all of them, sentences in the terminal, an exit code. Next file: :mod:`unkink.front.analysing_workers`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from unkink.errors import AccessError, ExchangeError
from unkink.front.analysing_one import SUMMARY, Outcome, Task, to_output_error
from unkink.front.analysing_sources import OWN_DIR, Source, find_sources, save_ledger
from unkink.front.analysing_warnings import AUTO
from unkink.front.analysing_workers import Progress, Workers
from unkink.front.plotting import require
from unkink.front.problems import english
from unkink.pipeline import load_rulebook

if TYPE_CHECKING:
    from unkink.exchange.index import IndexRow

_EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line."""

    inputs: tuple[Path, ...]
    out: Path
    exercise: str = AUTO
    variant: str | None = None
    has_overlay: bool = False
    n_jobs: int = 1
    model: str = "full"


def analyse_all(wishes: Wishes) -> int:
    """Analyse everything; return the exit code.

    Raises
    ------
    UnkinkError
        When not even the first file can be begun.
    """
    check_exercise(wishes.exercise, wishes.variant)
    sources = find_sources(wishes.inputs, wishes.out)
    # without its packages a video is one more file that cannot be analysed: landmarks beside it can
    require("matplotlib", *(() if any(source.is_recorded for source in sources) else ("av", "mediapipe")))
    outcomes: dict[Path, Outcome] = {}
    is_interrupted = False
    with _writing(wishes.out) as part:
        save_ledger(wishes.out, sources)
        tasks = [_make_task(source, wishes, part) for source in sources]
        try:
            for outcome in _run(tasks, wishes.n_jobs):
                outcomes[outcome.source.path] = outcome
        except KeyboardInterrupt:
            is_interrupted = True
        rows = [_to_row(wishes.out, outcomes[s.path]) for s in sources if s.path in outcomes]
        _write_index(rows, wishes.out)
    return _close(wishes.out, list(outcomes.values()), is_interrupted=is_interrupted)


def check_exercise(exercise: str, variant: str | None) -> None:
    """Look whether there is such a technique.

    Raises
    ------
    AccessError
        ``exercise-unknown``.
    """
    known = load_rulebook().exercises
    names: Sequence[str] = ()
    wrong = ""
    if exercise != AUTO and exercise not in known:
        wrong, names = exercise, [AUTO, *sorted(known)]
    elif variant is not None:
        names = sorted(v.id for v in known[exercise].variants) if exercise != AUTO else []
        wrong = "" if variant in names else variant
    if wrong:
        code = "exercise-unknown"
        params = {"name": wrong, "known": ", ".join(names)}
        raise AccessError(code, "problem.exercise-unknown", params=params, hint="unkink analyze --help")


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[Path]:
    """Have the folder of results to ourselves; give the place for what is not finished, and clear it."""
    own = out / OWN_DIR
    part = own / "part"
    try:
        own.mkdir(parents=True, exist_ok=True)
        lock = (own / "lock").open("a")
    except OSError as exc:
        raise to_output_error(exc, out) from None
    with lock:
        if not _is_ours(lock):
            code = "output-taken"
            raise ExchangeError(code, "problem.output-taken", params={"path": out})
        try:
            # what a run left behind that was killed
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            yield part
        except OSError as exc:
            raise to_output_error(exc, out) from None
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _is_ours(lock: Any) -> bool:
    """Take the lock; where a system has none, two runs at once are the person's own business."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _make_task(source: Source, wishes: Wishes, part: Path) -> Task:
    n_cores = os.cpu_count() or 1
    return Task(
        source=source,
        out=wishes.out / source.name,
        part=part / source.name,
        exercise=wishes.exercise,
        variant=wishes.variant,
        model=wishes.model,
        has_overlay=wishes.has_overlay,
        n_threads=max(1, min(4, n_cores // wishes.n_jobs)),
    )


def _run(tasks: Sequence[Task], n_jobs: int) -> Iterator[Outcome]:
    """Run the tasks, show how far they are, and say what became of each."""
    with Workers(n_jobs) as workers, _showing(tasks) as show:
        for heard in workers.run(tasks):
            show(heard)
            if isinstance(heard, Outcome):
                yield heard


@contextlib.contextmanager
def _showing(tasks: Sequence[Task]) -> Iterator[Callable[[Progress | Outcome], None]]:
    """Give what shows progress: a bar with the time left in a terminal, only results elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    sizes = {task.source.path: max(1, _read_size(task.source.path)) for task in tasks}
    shares: dict[Path, float] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, disable=not console.is_terminal, transient=True) as bars:
        text = english("analysis.progress.files", {"done": 0, "total": len(tasks)})
        bar = bars.add_task(text, total=sum(sizes.values()))

        def show(heard: Progress | Outcome) -> None:
            if isinstance(heard, Outcome):
                shares[heard.source.path] = 1.0
                _say(heard, bars.console if console.is_terminal else None)
            else:
                shares[heard.task.source.path] = _weigh(heard)
            done = sum(shares[path] * sizes[path] for path in shares)
            n_done = sum(share >= 1.0 for share in shares.values())
            text = english("analysis.progress.files", {"done": n_done, "total": len(tasks)})
            bars.update(bar, completed=done, description=text)

        yield show


def _weigh(heard: Progress) -> float:
    """Return how much of a file is done, 0..1: looking takes nearly all of the time, then drawing over it."""
    looking = 0.8 if heard.task.has_overlay and not heard.task.source.is_recorded else 1.0
    if heard.stage == "looking":
        return looking * heard.done_frac
    return looking + (1.0 - looking) * heard.done_frac if heard.stage == "overlay" else looking


def _read_size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 1


def _say(outcome: Outcome, console: Any) -> None:
    """Say in a line what became of a file."""
    from unkink.front.replaying import describe_summary

    name = str(outcome.source.path)
    if outcome.status == "failed":
        text = english("analysis.failed", {"name": name, "text": outcome.reason})
    elif outcome.status == "kept":
        text = english("analysis.kept", {"name": name})
    else:
        told = describe_summary(outcome.summary or {})
        text = english("analysis.done", {"name": name, "text": told})
    lines = [text, *(f"  {warning}" for warning in outcome.warnings)]
    is_failed = outcome.status == "failed"
    if outcome.where:
        lines.append(outcome.where)
    if console is None:
        typer.echo("\n".join(lines), err=is_failed)
    else:
        console.print("\n".join(lines), markup=False, highlight=False)


def _to_row(out: Path, outcome: Outcome) -> IndexRow:
    from unkink.exchange.index import IndexRow, make_done_row

    path = outcome.source.path
    if outcome.summary is None:
        has_folder = (out / outcome.source.name / SUMMARY).is_file()
        return IndexRow(
            name=path.name,
            source=str(path),
            status="failed",
            reason=outcome.reason,
            folder=outcome.source.name if has_folder else None,
        )
    return make_done_row(
        outcome.summary,
        name=path.name,
        source=str(path),
        folder=outcome.source.name,
        warnings=outcome.warnings,
        thumbnail=outcome.thumbnail,
    )


def _write_index(rows: list[IndexRow], out: Path) -> None:
    from unkink.exchange.index import write_index

    if rows:
        write_index(rows, out)


def _close(out: Path, outcomes: Sequence[Outcome], *, is_interrupted: bool) -> int:
    """Say what it came to, and return the exit code."""
    counts = {
        status: sum(outcome.status == status for outcome in outcomes) for status in ("done", "kept", "failed")
    }
    if is_interrupted:
        typer.echo(english("analysis.interrupted", {}), err=True)
        return _EXIT_INTERRUPTED
    typer.echo(english("analysis.total", {**counts, "index": out / "index.html"}))
    codes = {outcome.exit_code for outcome in outcomes}
    # what stops a run comes before what is wrong with a file; a bug of ours before a bad file
    for code in (ExchangeError.exit_code, 70):
        if code in codes:
            return code
    return max(codes, default=0)
