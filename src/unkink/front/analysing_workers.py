"""Programs of their own that analyse, one file at a time each.

In: tasks. Out: progress and outcomes, as they come. A file that takes its program down (a broken codec, no
memory) costs that file only. Ctrl-C reaches the program that was started, and it ends the others. Next file:
:mod:`unkink.front.analysing_one`.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from unkink.errors import ExchangeError, UnkinkError
from unkink.front.analysing_one import Outcome, Task, analyse_file, fail
from unkink.front.problems import english, problem_from, where

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

_TELL_S = 0.2
_BUG = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a file is."""

    task: Task
    stage: str
    done_frac: float


class Workers:
    """Runs tasks in up to ``n_jobs`` programs; use as a context, which ends them in any case."""

    def __init__(self, n_jobs: int) -> None:
        self._n_jobs = n_jobs
        self._context = mp.get_context("spawn")
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()

    def run(self, tasks: Sequence[Task]) -> Iterator[Progress | Outcome]:
        """Yield progress, and one outcome per task, in the order in which they come.

        After a result could not be written, no further task is begun: the next one could not be either.
        """
        waiting = deque(tasks)
        for _ in range(min(self._n_jobs, len(tasks))):
            self._workers.append(_Worker(self._context))
        is_stopped = False
        while True:
            for worker in self._workers:
                if worker.task is None and waiting and not is_stopped:
                    worker.give(waiting.popleft())
            busy = {worker.connection: worker for worker in self._workers if worker.task is not None}
            if not busy:
                return
            for ready in wait(list(busy)):
                heard = busy[ready].hear()  # pyright: ignore[reportArgumentType]
                is_stopped |= isinstance(heard, Outcome) and heard.exit_code == ExchangeError.exit_code
                yield heard


class _Worker:
    """One program and what it works on."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.task: Task | None = None
        self.connection: Connection
        self._process: SpawnProcess
        self._start()

    def _start(self) -> None:
        self.connection, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=work, args=(theirs,), name="unkink-analysis", daemon=True
        )
        self._process.start()
        theirs.close()

    def give(self, task: Task) -> None:
        self.task = task
        with contextlib.suppress(OSError):
            self.connection.send(task)

    def hear(self) -> Progress | Outcome:
        """Return what the program says; where it is gone, say that and start another one."""
        task = self.task
        assert task is not None  # noqa: S101 - only busy programs are listened to
        try:
            heard = self.connection.recv()
        except (EOFError, OSError):
            self.task = None
            self.end()
            killed_for_memory = self._process.exitcode == -getattr(signal, "SIGKILL", 9)
            self._start()
            code = "analysis-memory" if killed_for_memory else "analysis-stopped"
            return fail(task, english(f"problem.{code}", {"name": task.source.path.name}), 3)
        if isinstance(heard, Outcome):
            self.task = None
            return heard
        stage, done_frac = heard
        return Progress(task=task, stage=stage, done_frac=done_frac)

    def end(self) -> None:
        """End the program, whatever it is at."""
        self.connection.close()
        self._process.terminate()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


# ------------------------------------------------------------------------- within a program of its own


def work(connection: Connection) -> None:
    """Analyse what comes, until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence()
    threading.Thread(target=_warm_up, daemon=True).start()
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, OSError):
            return
        try:
            connection.send(analyse_safely(task, _Teller(connection)))
        except (BrokenPipeError, ConnectionError):
            return


class _Teller:
    """Tells of progress, not too often."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._latest = ("", -1.0)

    def __call__(self, stage: str, done_frac: float) -> None:
        now_s = monotonic()
        if stage == self._latest[0] and now_s - self._latest[1] < _TELL_S:
            return
        self._latest = (stage, now_s)
        self._connection.send((stage, done_frac))


def analyse_safely(task: Task, tell: Any) -> Outcome:
    """Analyse one file; whatever goes wrong is the outcome of this file and of no other."""
    try:
        return analyse_file(task, tell)
    except (BrokenPipeError, ConnectionError):
        raise
    except UnkinkError as exc:
        problem = problem_from(exc)
        hint = f" {problem.hint}" if problem.hint else ""
        return fail(task, problem.detail() + hint, exc.exit_code)
    except MemoryError:
        return fail(task, english("problem.analysis-memory", {"name": task.source.path.name}), 3)
    except Exception as exc:  # noqa: BLE001 - a door: one file never stops the others
        return replace(fail(task, problem_from(exc).detail(), _BUG), where=where(exc))


def _silence() -> None:
    """Let libraries chatter into nothing: what is to be said goes through the connection."""
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _warm_up() -> None:
    """Load what is needed after the last picture while the first ones are looked at."""
    with contextlib.suppress(ImportError, OSError):
        import matplotlib.figure  # noqa: F401
        import pyarrow.parquet  # noqa: F401
