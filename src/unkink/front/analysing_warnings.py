"""What a person should know about a recording that was analysed all the same.

In: what was noticed while decoding, following and coaching. Out: sentences, none of which is a failure. Next
file: :mod:`unkink.front.analysing`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec
import numpy as np

from unkink.acquire.recorded import RecordingFile
from unkink.front.problems import english

if TYPE_CHECKING:
    from unkink.acquire.landmarker import FollowingReport
    from unkink.acquire.video import DecodingReport, VideoFile

_SLOW_HZ = 8.0
_SELDOM_FRAC = 0.8
_GONE_S = 1.0
"""Somebody out of sight for longer than this has left."""
AUTO = "auto"
"""The technique is to be recognised."""
N_UNTIMED = "n_untimed"
"""Metadata of converted landmarks: pictures that were left out for their time."""
_MISSING_S, _MISSING_FRAC = 1.0, 0.03
"""A video this much shorter than it says breaks off."""


class VideoNotes(msgspec.Struct, frozen=True, kw_only=True):
    """What was noticed while a video was looked through."""

    n_frames: int
    end_s: float
    declared_s: float | None
    rate_hz: float | None
    n_damaged: int
    n_untimed: int
    most_people: int
    cuts_s: tuple[float, ...]
    n_switched: int

    @classmethod
    def collect(cls, video: VideoFile, decoded: DecodingReport, followed: FollowingReport) -> Self:
        """Take the notes together once the last picture was seen."""
        rate = (decoded.n_frames - 1) / decoded.end_s if decoded.end_s > 0 else None
        declared_s = video.duration_s
        if declared_s is not None and 0.0 < decoded.first_s <= declared_s - decoded.end_s:
            # some kinds of file count their length from zero, wherever the first picture is
            declared_s -= decoded.first_s
        return cls(
            n_frames=decoded.n_frames,
            end_s=round(decoded.end_s, 3),
            declared_s=None if declared_s is None else round(declared_s, 3),
            rate_hz=None if rate is None else round(rate, 3),
            n_damaged=decoded.n_damaged,
            n_untimed=decoded.n_untimed,
            most_people=followed.most_people,
            cuts_s=tuple(followed.cuts_s),
            n_switched=followed.n_switched,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to know, by the key of its sentence."""

    key: str
    params: dict[str, str | int]

    def to_dict(self) -> dict[str, Any]:
        """Return it as it stands in a summary: key, parameters and the English sentence."""
        return {"key": self.key, "params": self.params, "text": english(self.key, self.params)}


def find_notices(
    summary: dict[str, Any],
    recording: RecordingFile,
    notes: VideoNotes | None,
    *,
    recognised: tuple[str, float | None],
    asked: str,
) -> list[Notice]:
    """Return what is worth saying, the most important first."""
    notices = list(_judge_times(recording) if notes is None else _judge_video(notes))
    notices += _judge_sight(recording)
    share = summary["tracking"]["seen_share"]
    if share is not None and share < _SELDOM_FRAC:
        notices.append(_notice("seldom-measured", share=math.floor(100 * share)))
    if summary["neutral"] is None:
        notices.append(_notice("no-neutral"))
    exercise_id, sure_frac = recognised
    if sure_frac is not None:
        notices.append(_notice("recognised", exercise=exercise_id))
    if asked not in {AUTO, summary["exercise"]}:
        notices.append(_notice("planned", exercise=summary["exercise"]))
    return notices


def _notice(name: str, **params: str | int) -> Notice:
    one = ".one" if params.get("count") == 1 else ""
    return Notice(key=f"analysis.warning.{name}{one}", params=params)


def _judge_video(notes: VideoNotes) -> Iterator[Notice]:
    if notes.most_people > 1:
        yield _notice("several-people", count=notes.most_people)
    declared_s = notes.declared_s or 0.0
    # the last picture lasts as long as the others
    there_s = notes.end_s + (1 / notes.rate_hz if notes.rate_hz else 0.0)
    if declared_s - there_s > max(_MISSING_S, _MISSING_FRAC * declared_s):
        yield _notice("broken-off", seconds=f"{there_s:.1f}", declared=f"{declared_s:.1f}")
    if notes.n_damaged:
        yield _notice("damaged", count=notes.n_damaged)
    if notes.cuts_s:
        shown = ", ".join(f"{t_s:.1f} s" for t_s in notes.cuts_s[:5])
        more = len(notes.cuts_s) - 5
        yield _notice("cut", times=shown if more <= 0 else f"{shown} and {more} more")
    if notes.n_untimed:
        yield _notice("untimed", count=notes.n_untimed)
    if notes.rate_hz is not None and notes.rate_hz < _SLOW_HZ:
        yield _notice("slow", rate=f"{notes.rate_hz:.1f}")


def _judge_times(recording: RecordingFile) -> Iterator[Notice]:
    """Say what is odd about the times of recorded landmarks."""
    times_s = [series.t_s for series in recording.chunks()]
    t_s = np.concatenate(times_s) if times_s else np.empty(0)
    n_untimed = recording.n_frames - len(t_s) + int(recording.metadata.get(N_UNTIMED, "0"))
    if n_untimed:
        yield _notice("untimed", count=n_untimed)
    step_s = float(np.median(np.diff(t_s))) if len(t_s) > 1 else 0.0
    if step_s >= _GONE_S:
        yield _notice("sparse", seconds=f"{step_s:.1f}")
    elif step_s * _SLOW_HZ > 1.0:
        yield _notice("slow", rate=f"{1 / step_s:.1f}")


def _judge_sight(recording: RecordingFile) -> Iterator[Notice]:
    """Say when the person was not there, or left and came back."""
    n_seen = n_pictures = 0
    latest_s: float | None = None
    gaps_s: list[float] = []
    for series in recording.chunks():
        is_seen = np.isfinite(series.image[:, :, 0]).any(axis=1)
        n_seen, n_pictures = n_seen + int(is_seen.sum()), n_pictures + len(series)
        times = series.t_s[is_seen]
        if times.size == 0:
            continue
        steps = np.diff(times, prepend=times[0] if latest_s is None else latest_s)
        # pictures that lie far apart are told as such
        longest_s = max(_GONE_S, 2.5 * float(np.median(np.diff(series.t_s)))) if len(series) > 1 else _GONE_S
        gaps_s += [float(step) for step in steps[steps > longest_s]]
        latest_s = float(times[-1])
    if gaps_s:
        yield _notice("left", count=len(gaps_s), seconds=f"{max(gaps_s):.1f}")
    if n_pictures and n_seen < _SELDOM_FRAC * n_pictures:
        yield _notice("seldom-seen", share=round(100 * n_seen / n_pictures))
