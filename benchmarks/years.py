"""Ten years of daily use: how long each page's data take, everything to take along, and bringing it back.

One person, one session a day with its check-in, a review a week, the Check and the mobility check every four
weeks, pops, notes; some sessions hurt. Everything goes through the app in this process, door and all. The
figure is processor time, because others may use the machine; the clock's range stands beside it.
"""

# ruff: noqa: PLR2004 - how often what happens in a life is told where it happens

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from benchmarks.figures import Figure
from unkink.coach.mobility import MOBILITY_ID
from unkink.coach.screening import Details, assess
from unkink.diary import Diary, open_diary
from unkink.diary.exporting import FORMAT, VERSION, Export, to_plain
from unkink.diary.records import (
    CheckIn,
    Clearance,
    ExerciseSet,
    Measurement,
    Note,
    Person,
    Pop,
    ReferralAnswer,
    Review,
    Screening,
    Session,
    SessionAfter,
    SessionBegin,
    SessionDetails,
    SessionEvent,
    SessionSummary,
    SessionUpdate,
)
from unkink.pipeline import load_rulebook

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook

N_DAYS = 3650
N_RUNS = 7
BUDGET_MS = 50.0
PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"
END = datetime(2036, 3, 1, 8, 0, tzinfo=UTC)
PAGES = (
    "/api/status",
    "/api/today",
    "/api/check-in",
    "/api/screening",
    "/api/referrals",
    "/api/techniques",
    "/api/progress",
    "/api/sessions",
    "/api/sessions/{id}",
    "/api/activities",
    "/api/settings",
    "/api/learn",
)


# ------------------------------------------------------------------------------------------------- ten years


class _Life:
    """Makes the entries of a person, numbered in their order."""

    def __init__(self, rulebook: Rulebook, n_days: int) -> None:
        self._rulebook = rulebook
        self._random = random.Random(20260301)  # noqa: S311 - the same life every time
        self._seq = itertools.count(2)
        self._n_days = n_days

    def _stamp(self) -> dict[str, Any]:
        seq = next(self._seq)
        return {"id": f"{seq:024x}", "seq": seq}

    def live(self) -> Export:
        """Return the diary of a life."""
        lists: dict[str, list[Any]] = {
            name: []
            for name in (
                "screenings",
                "clearances",
                "check_ins",
                "sessions",
                "pops",
                "reviews",
                "notes",
                "referral_answers",
            )
        }
        for day in range(self._n_days):
            self._live_day(END - timedelta(days=self._n_days - day), day, lists)
        # Answered anew on the last day, so that every page is open.
        lists["screenings"].append(self.screening(END - timedelta(hours=2)))
        lists["check_ins"].append(self.check_in(END - timedelta(minutes=10), 1))
        return Export(
            format=FORMAT,
            version=VERSION,
            exported_at=END,
            person=Person(id="p" * 24, created_at=END - timedelta(days=self._n_days)),
            settings={"activities": [{"id": "a1", "text": "Carry the shopping home"}]},
            screening_draft=None,
            recordings=(),
            **{name: tuple(found) for name, found in lists.items()},
        )

    def _live_day(self, at: datetime, day: int, lists: dict[str, list[Any]]) -> None:
        chance = self._random.random
        if day % 28 == 0:
            lists["screenings"].append(self.screening(at))
        if day % 7 == 3:
            lists["reviews"].append(self.review(at))
        pain = self._random.randrange(4)
        lists["check_ins"].append(self.check_in(at, pain))
        lists["sessions"].append(self._session(at + timedelta(minutes=3), day, pain))
        if chance() < 0.3:
            pop = Pop(deliberate=chance() < 0.5, region="mid-back", at=at, utc_offset_min=60, **self._stamp())
            lists["pops"].append(pop)
        if chance() < 0.01:
            lists["notes"].append(Note(kind="worried", at=at, utc_offset_min=60, **self._stamp()))
        if day % 365 == 100:
            lists["referral_answers"].append(
                ReferralAnswer(rule_id="R01", answer="seen", answered_at=at, **self._stamp())
            )
            lists["clearances"].append(
                Clearance(
                    assessed_on=date(at.year, at.month, at.day),
                    gentle_ok=True,
                    rule_ids=("U03",),
                    saved_at=at,
                    **self._stamp(),
                )
            )

    def screening(self, at: datetime) -> Screening:
        rules = self._rulebook.safety
        answers = dict.fromkeys(rules.rows, "no")
        assessment = assess(answers, Details(), rules, ())  # type: ignore[arg-type]
        return Screening(
            answers=answers,  # type: ignore[arg-type]
            details={},
            assessment=msgspec.to_builtins(assessment),
            tier=assessment.tier,
            rules_version=rules.version,
            answered_at=at,
            **self._stamp(),
        )

    def check_in(self, at: datetime, pain: int) -> CheckIn:
        return CheckIn(
            pain_now=pain,
            stiffness="bit",
            answers=dict.fromkeys((q.id for q in self._rulebook.safety.check.questions), "no"),  # type: ignore[arg-type]
            places=("between-blades", "left-blade"),
            details={"rows": {}, "position": "chair", "head_turn": None, "minutes": 5},
            at=at,
            utc_offset_min=60,
            **self._stamp(),
        )

    def review(self, at: datetime) -> Review:
        some = self._random.randrange
        return Review(
            pain_worst=2 + some(3),
            pain_average=1 + some(3),
            pain_days=some(4),
            nights_woken=0,
            stiff_mornings=some(2),
            is_constant=False,
            since_weeks=20.0,
            brings_on=("sitting", "screen"),
            global_change=some(3),
            activities={"a1": 6 + some(3)},
            at=at,
            utc_offset_min=60,
            **self._stamp(),
        )

    def _session(self, at: datetime, day: int, pain: int) -> SessionDetails:
        is_check = day % 28 == 14
        techniques = sorted(self._rulebook.safety.codes)
        exercise_id = MOBILITY_ID if is_check else techniques[day % len(techniques)]
        hurt = self._random.random() < 0.02
        stamp = self._stamp()
        holds = [
            {"start_s": 10.0 * i, "end_s": 10.0 * i + 8, "level_deg": 40.0 + i, "level_sd_deg": 3.2}
            for i in range(6)
        ]
        events = [
            SessionEvent(t_s=3.0 * i, kind=kind, payload={"side": "right", "held_s": 8.0, "level_deg": 41.0})
            for i, kind in enumerate(("neutral", *("phase", "hold", "fault", "cue") * 14))
        ]
        if hurt:
            events.append(SessionEvent(t_s=99.0, kind="pain", payload={"score": 4, "pain": "ache"}))
        session = Session(
            exercise_id=exercise_id,
            variant=None,
            mode="camera",
            short=day % 3 == 0,
            status="finished",
            rules_version=self._rulebook.safety.version,
            started_at=at,
            utc_offset_min=60,
            ended_at=at + timedelta(minutes=4),
            duration_s=240.0,
            plan={"sets": 2, "sides": ["right", "left"], "hold_s": 20},
            client={"model": "lite", "delegate": "GPU"},
            summary={
                "format": 1,
                "exercise": exercise_id,
                "quantity": "shoulder_turn_deg",
                "sides": {side: {"held_s": 48.0, "holds": holds} for side in ("right", "left")},
                "cues": [{"key": "cue.hold", "t_s": 4.0 * i, "urgency": "info"} for i in range(25)],
            },
            held_s={"right": 48.0, "left": 47.0},
            rolled_s=60.0 if exercise_id == "foam-roller" else 0.0,
            pain_before=pain,
            pain_during=4 if hurt else None,
            pain_after=max(0, pain - 1),
            relief="bit",
            signal="amber" if hurt else "green",
            pain_kinds=("ache",) if hurt else (),
            **stamp,
        )
        sets = tuple(
            ExerciseSet(set_idx=i // 2, side=side, started_s=20.0 * i, ended_s=20.0 * i + 18, held_s=16.0)
            for i, side in enumerate(("right", "left", "right", "left"))
        )
        return SessionDetails(
            session=session,
            sets=sets,
            measurements=tuple(self.measurements(at, is_check=is_check)),
            events=tuple(events),
        )

    def measurements(self, at: datetime, *, is_check: bool) -> Iterator[Measurement]:
        quantities = ["shoulder_turn_deg"]
        if is_check:
            quantities = [p.counting.quantity for p in self._rulebook.mobility.parts if not p.warms_up]
        for quantity in quantities:
            for side in ("right", "left"):
                level = self._random.gauss(42.0, 3.0)
                yield Measurement(
                    quantity=quantity,
                    side=side,  # type: ignore[arg-type]
                    value_deg=level,
                    sd_deg=3.5,
                    n=3,
                    measured_at=at,
                    repeats_deg=(level - 1, level, level + 1),
                )


def fill(diary: Diary, rulebook: Rulebook, n_days: int = N_DAYS) -> None:
    """Put a life into an empty diary."""
    diary.import_all(to_plain(_Life(rulebook, n_days).live()))


# --------------------------------------------------------------------------------------------------- measure


def measure() -> Iterator[Figure]:
    """Measure every page, taking everything along, and bringing it back."""
    rulebook = load_rulebook()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clock = _Clock()
        with open_diary(folder / "data", clock=clock) as diary:
            fill(diary, rulebook)
            yield from asyncio.run(_measure_pages(diary, rulebook, folder / "data", clock))
            yield from _measure_files(diary, folder)
        yield _measure_opening(folder / "data")


class _Clock:
    """A clock that is set by hand."""

    now = END

    def __call__(self) -> datetime:
        return self.now


class _Writes:
    """One write of each kind, as somebody makes it in the eleventh year."""

    def __init__(self, diary: Diary, rulebook: Rulebook, clock: _Clock) -> None:
        self._diary, self._clock = diary, clock
        self._life = _Life(rulebook, 1)
        self._techniques = itertools.cycle(sorted(rulebook.safety.codes))
        self._days = itertools.count(1)
        self.kinds: dict[str, Callable[[], object]] = {
            "a setting": lambda: diary.save_settings({"theme": "auto"}),
            "a note": lambda: diary.save_note(Note(kind="worried", at=clock.now)),
            "a pop": lambda: diary.save_pop(Pop(deliberate=False, region="mid-back", at=clock.now)),
            "a review": lambda: diary.save_review(self._life.review(clock.now)),
            "a check-in": self._check_in,
            "a picture of a session that runs": self._go_on,
            "a session": self._session,
        }

    def _check_in(self) -> None:
        self._diary.save_check_in(self._life.check_in(self._clock.now, 1))

    def _begin(self) -> str:
        begin = SessionBegin(
            exercise_id=next(self._techniques), variant=None, mode="camera", rules_version="1", pain_before=2
        )
        return self._diary.begin_session(begin, take_over=True)

    def _go_on(self) -> None:
        running = [s.id for s in self._diary.sessions(1) if s.status == "running"]
        session_id = running[0] if running else self._begin()
        events = [SessionEvent(t_s=1.0, kind="hold", payload={"held_s": 1.0}) for _ in range(4)]
        update = SessionUpdate(t_s=2.0, snapshot={"phase": "hold"}, held_s={"right": 2.0})
        self._diary.save_progress(session_id, events, update)

    def _session(self) -> None:
        """Let the next day come, with its check-in, its session and what was measured in it."""
        day = next(self._days)
        self._clock.now += timedelta(days=1)
        if day % 14 == 0:
            self._diary.save_screening(self._life.screening(self._clock.now))
        self._check_in()
        session_id = self._begin()
        self._go_on()
        summary = SessionSummary(
            t_s=240.0,
            held_s={"right": 48.0, "left": 47.0},
            measurements=tuple(self._life.measurements(self._clock.now, is_check=False)),
        )
        self._diary.finish_session(session_id, summary, "finished")
        self._diary.save_after(session_id, SessionAfter(pain_after=1, relief="bit"))


async def _measure_pages(diary: Diary, rulebook: Rulebook, data_dir: Path, clock: _Clock) -> list[Figure]:
    """Ask for every page again and again: when nobody has written, and right after each kind of write."""
    from unkink.front.app import create_app
    from unkink.settings import ServerSettings

    app = create_app(ServerSettings(data_dir=data_dir, port=PORT), diary, rulebook, clock)
    writes = _Writes(diary, rulebook, clock)
    figures: list[Figure] = []
    newest = diary.sessions(1)[0].id
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN}) as browser:
        await browser.get("/", params={"token": app.state.services.gate.ring.issue_token()})
        for page in PAGES:
            path = page.format(id=newest)
            if (await browser.get(path)).status_code != httpx.codes.OK:
                continue
            for name, write in {"": None, **writes.kinds}.items():
                durations_ms: list[float] = []
                busy_ms: list[float] = []
                n_bytes = 0
                for _ in range(N_RUNS):
                    if write is not None:
                        write()
                    start_ns, busy_ns = time.perf_counter_ns(), time.process_time_ns()
                    answer = await browser.get(path)
                    busy_ms.append((time.process_time_ns() - busy_ns) / 1e6)
                    durations_ms.append((time.perf_counter_ns() - start_ns) / 1e6)
                    n_bytes = len(answer.raise_for_status().content)
                figures.append(
                    Figure(
                        name=f"ten years, `GET {page}`{f', right after {name}' if name else ''}",
                        value=statistics.median(busy_ms),
                        unit="ms",
                        budget=BUDGET_MS,
                        method=f"processor time, median of {N_RUNS}; by the clock {min(durations_ms):.0f} to "
                        f"{max(durations_ms):.0f} ms; {n_bytes / 1000:.0f} kB",
                    )
                )
    return figures


def _measure_files(diary: Diary, folder: Path) -> Iterator[Figure]:
    """Take everything along in each format, and bring it back to an empty diary."""
    made: list[Path] = []
    for kind, write in (
        ("json", diary.export_json),
        ("parquet", diary.export_tables),
        ("zip", diary.export_archive),
    ):
        start_s = time.perf_counter()
        made.append(write(folder / f"export-{kind}"))
        yield _file_figure(f"ten years, export as {kind}", time.perf_counter() - start_s, made[-1])
    for path in made:
        with open_diary(folder / f"again-{path.name}", clock=lambda: END) as again:
            start_s = time.perf_counter()
            again.import_file(path)
            yield _file_figure(
                f"ten years, import of {path.name.removeprefix('export-')}",
                time.perf_counter() - start_s,
                path,
            )
            if again.history() != diary.history():
                reason = "what came back is not what was taken along"
                raise RuntimeError(reason)


def _file_figure(name: str, seconds: float, path: Path) -> Figure:
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    size_mb = sum(file.stat().st_size for file in files) / 1e6
    return Figure(name=name, value=seconds, unit="s", budget=10.0, method=f"once, {size_mb:.1f} MB")


def _measure_opening(data_dir: Path) -> Figure:
    start_s = time.perf_counter()
    open_diary(data_dir).close()
    seconds = time.perf_counter() - start_s
    size_mb = (data_dir / "diary.sqlite3").stat().st_size / 1e6
    return Figure(
        name="ten years, opening the diary", value=seconds, unit="s", method=f"once, {size_mb:.0f} MB"
    )
