"""One file, from its first picture to its last result.

In: a :class:`Task`. Out: an :class:`Outcome`; and in the task's folder all results. They are made in another
folder and moved when they are whole, ``summary.json`` last: where it stands, all the others are there and
belong to it. What was finished before is not made again. Next file: :mod:`unkink.front.analysing_warnings`.
"""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from unkink import __version__
from unkink.acquire.recorded import RecordingFile, open_recording
from unkink.errors import ExchangeError, MediaError
from unkink.front.analysing_landmarks import read_report
from unkink.front.analysing_looking import Tell, convert, look
from unkink.front.analysing_sources import Source, compute_fingerprint
from unkink.front.analysing_warnings import AUTO, VideoNotes, find_notices
from unkink.pipeline import Analysis, analyse, load_rulebook

if TYPE_CHECKING:
    from unkink.coach.rulebook import Rulebook

SUMMARY, ANGLES, LANDMARKS = "summary.json", "angles.parquet", "landmarks.parquet"
PLOTS = ("plot.svg", "plot.png")
THUMBNAIL, OVERLAY = "thumbnail.jpg", "overlay.mp4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done with one file."""

    source: Source
    out: Path
    """Folder of its results."""
    part: Path
    """Folder for what is not finished, on the same disk."""
    exercise: str = AUTO
    variant: str | None = None
    model: str = "full"
    has_overlay: bool = False
    n_threads: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one file."""

    source: Source
    status: str
    """``done``, ``kept`` (from before) or ``failed``."""
    reason: str = ""
    exit_code: int = 0
    summary: dict[str, Any] | None = None
    thumbnail: bytes | None = None
    warnings: tuple[str, ...] = ()
    where: str = ""
    """Of a bug of ours: files and lines, nothing of what was in them."""


def analyse_file(task: Task, tell: Tell) -> Outcome:
    """Do what is left to do for one file.

    Raises
    ------
    UnkinkError
        When the file cannot be analysed or its results cannot be written; nothing half-done is left under
        a final name.
    """
    rulebook = _load_rules()
    identity = _identify(task, rulebook)
    try:
        kept = read_kept(task, identity)
        if kept is None:
            shutil.rmtree(task.part, ignore_errors=True)
            task.part.mkdir(parents=True)
            _make(task, identity, rulebook, tell)
        elif task.has_overlay and not task.source.is_recorded and not (task.out / OVERLAY).is_file():
            task.part.mkdir(parents=True, exist_ok=True)
            _add_overlay(task, rulebook, tell)
            kept = None
    except OSError as exc:
        raise to_output_error(exc, task.out) from None
    except MediaError as exc:
        if task.source.is_recorded:
            # it may be a copy of ours that was read
            exc.params["name"] = task.source.path.name
        raise
    finally:
        shutil.rmtree(task.part, ignore_errors=True)
    return _tell_outcome(task, "done" if kept is None else "kept")


@cache
def _load_rules() -> Rulebook:
    """Read the rules once for all files of a run."""
    return load_rulebook()


def to_output_error(exc: OSError, path: Path) -> ExchangeError:
    """Translate what the system says about a file of ours."""
    is_full = exc.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    code = "output-full" if is_full else "output-unwritable"
    return ExchangeError(code, f"problem.{code}", params={"path": path})


# ------------------------------------------------------------------------------------- what is there already


def _identify(task: Task, rulebook: Rulebook) -> dict[str, Any]:
    """Say what results depend on: the same gives the same bytes."""
    return {
        "program": f"unkink {__version__}",
        "rules": rulebook.version,
        "model": None if task.source.is_recorded else task.model,
        "source": {
            "name": task.source.path.name,
            "kind": "landmarks" if task.source.is_recorded else "video",
            "fingerprint": compute_fingerprint(task.source.path),
        },
        "asked": {"exercise": task.exercise, "variant": task.variant},
    }


def read_kept(task: Task, identity: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the summary of finished results of the same file by the same rules; None where there is none."""
    try:
        summary = json.loads((task.out / SUMMARY).read_text("utf-8"))
        made = summary["analysis"]
        is_same = all(made[key] == value for key, value in identity.items())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_whole = all((task.out / name).is_file() for name in (ANGLES, LANDMARKS, *PLOTS))
    return summary if is_same and is_whole else None


def _tell_outcome(task: Task, status: str) -> Outcome:
    summary = json.loads((task.out / SUMMARY).read_text("utf-8"))
    try:
        thumbnail = (task.out / THUMBNAIL).read_bytes()
    except OSError:
        thumbnail = None
    return Outcome(
        source=task.source,
        status=status,
        summary=summary,
        thumbnail=thumbnail,
        warnings=tuple(notice["text"] for notice in summary["analysis"]["warnings"]),
    )


# ------------------------------------------------------------------------------------------- what is made new


def _make(task: Task, identity: Mapping[str, Any], rulebook: Rulebook, tell: Tell) -> None:
    """Make everything, and move it to where it belongs."""
    landmarks, notes = _bring_landmarks(task, identity, tell)
    recording = open_recording(landmarks)
    exercise_id, sure_frac = _choose_exercise(task, recording, rulebook, tell)
    tell("angles", 0.0)
    result = analyse(recording, rulebook, exercise_id=exercise_id, variant=task.variant)
    notices = find_notices(
        result.summary, recording, notes, recognised=(exercise_id, sure_frac), asked=task.exercise
    )
    summary = {
        **result.summary,
        "analysis": {
            **identity,
            "recognised_frac": sure_frac,
            "video": None if notes is None else msgspec.to_builtins(notes),
            "warnings": [notice.to_dict() for notice in notices],
        },
    }
    _write_results(task, summary, result, rulebook, tell)
    if task.has_overlay and not task.source.is_recorded:
        _draw_overlay(task, recording, result, rulebook, tell)
    _move(task)


def _bring_landmarks(task: Task, identity: Mapping[str, Any], tell: Tell) -> tuple[Path, VideoNotes | None]:
    """Return the file of landmarks and what was noticed while it was made.

    A video that was looked through before, whole and with the same model, is not looked through again.
    """
    source, made, there = task.source.path, task.part / LANDMARKS, task.out / LANDMARKS
    key = _landmark_key(identity)
    if task.source.is_recorded:
        if source.suffix.lower() == ".parquet":
            shutil.copyfile(source, made)
        else:
            convert(source, made, {"key": key})
        _check_seen(source, open_recording(made))
        return made, None
    known = read_report(there)
    if known.get("key") == key and "notes" in known:
        return there, msgspec.json.decode(known["notes"], type=VideoNotes)
    notes = look(
        source,
        made,
        {"key": key},
        model=task.model,
        n_threads=task.n_threads,
        thumbnail=task.part / THUMBNAIL,
        tell=tell,
    )
    # finished work of its own: whatever happens from here on, a video is not looked through twice
    _clear(task.out)
    (task.part / THUMBNAIL).replace(task.out / THUMBNAIL)
    made.replace(there)
    return there, notes


def _landmark_key(identity: Mapping[str, Any]) -> str:
    """Return what landmarks depend on, as one text."""
    depends = {name: identity[name] for name in ("program", "model", "source")}
    return json.dumps(depends, sort_keys=True)


def _check_seen(source: Path, recording: RecordingFile) -> None:
    """Refuse landmarks of nobody.

    Raises
    ------
    MediaError
        ``video-nobody``.
    """
    if not any(np.isfinite(series.image[:, :, 0]).any() for series in recording.chunks()):
        code = "video-nobody"
        raise MediaError(code, "problem.video-nobody", params={"name": source.name})


def _choose_exercise(
    task: Task, recording: RecordingFile, rulebook: Rulebook, tell: Tell
) -> tuple[str, float | None]:
    """Return the technique that was named, or the one that is recognised, with how sure that is (0..1).

    Raises
    ------
    MediaError
        ``exercise-unclear``.
    """
    if task.exercise != AUTO:
        return task.exercise, None
    if "plan" in recording.metadata:
        # a session of the app knows what it was; `analyse` reads the rest of it
        with contextlib.suppress(ValueError, TypeError, KeyError):
            return str(json.loads(recording.metadata["plan"])["exercise_id"]), None
    from unkink.body.angles import compute_all
    from unkink.body.recording import join_series
    from unkink.coach.recognition import recognise

    tell("recognising", 0.0)
    against_camera = join_series([compute_all(series) for series in recording.chunks()])
    found = recognise(against_camera, rulebook)
    if found.exercise_id is None:
        code = "exercise-unclear"
        known = ", ".join(sorted(rulebook.exercises))
        params = {"name": task.source.path.name, "known": known}
        raise MediaError(code, "problem.exercise-unclear", params=params)
    return found.exercise_id, round(found.confidence_frac, 3)


def _write_results(
    task: Task, summary: Mapping[str, Any], result: Analysis, rulebook: Rulebook, tell: Tell
) -> None:
    from unkink.exchange.charts import draw_angles
    from unkink.exchange.tabular import read_angles, write_angles

    text = json.dumps(summary, indent=2, allow_nan=False) + "\n"
    metadata = {
        "summary": json.dumps(summary, allow_nan=False),
        "exercise": result.exercise_id,
        "program": str(summary["analysis"]["program"]),
        "model": str(summary["analysis"]["model"] or ""),
        "source": task.source.path.name,
    }
    write_angles(result.quantities, task.part / ANGLES, metadata)
    tell("drawing", 0.0)
    # drawn from what is written, so that `unkink plot` gives the very same chart
    quantities, _ = read_angles(task.part / ANGLES)
    exercise = rulebook.exercise(result.exercise_id, result.variant)
    svg, png = (task.part / name for name in PLOTS)
    draw_angles(quantities, summary, exercise, svg, also=(png,), name=task.source.path.name)
    (task.part / SUMMARY).write_text(text, encoding="utf-8")


def _draw_overlay(
    task: Task, recording: RecordingFile, result: Analysis, rulebook: Rulebook, tell: Tell
) -> None:
    from unkink.exchange.overlay import write_overlay

    end_s = float(result.quantities.t_s[-1]) or 1.0
    write_overlay(
        task.source.path,
        recording,
        result.quantities,
        result.summary,
        rulebook.exercise(result.exercise_id, result.variant),
        task.part / OVERLAY,
        tell=lambda t_s: tell("overlay", min(1.0, t_s / end_s)),
    )


def _add_overlay(task: Task, rulebook: Rulebook, tell: Tell) -> None:
    """Make the overlay of results that were finished without one."""
    from unkink.exchange.tabular import read_angles

    summary = json.loads((task.out / SUMMARY).read_text("utf-8"))
    quantities, _ = read_angles(task.out / ANGLES)
    result = Analysis(
        exercise_id=summary["exercise"], variant=summary["variant"], summary=summary, quantities=quantities
    )
    _draw_overlay(task, open_recording(task.out / LANDMARKS), result, rulebook, tell)
    (task.part / OVERLAY).replace(task.out / OVERLAY)


def _move(task: Task) -> None:
    """Move what was made to its final names; what belongs to an older summary goes with it."""
    _clear(task.out)
    for name in (LANDMARKS, ANGLES, *PLOTS, OVERLAY, SUMMARY):
        made = task.part / name
        if made.exists():
            made.replace(task.out / name)


def _clear(out: Path) -> None:
    """Take away results of before, the summary first: what is left without one is known to be unfinished."""
    out.mkdir(parents=True, exist_ok=True)
    for name in (SUMMARY, ANGLES, *PLOTS, OVERLAY):
        (out / name).unlink(missing_ok=True)


def fail(task: Task, reason: str, exit_code: int) -> Outcome:
    """Return the outcome of a file that could not be analysed."""
    return replace(Outcome(source=task.source, status="failed"), reason=reason, exit_code=exit_code)
