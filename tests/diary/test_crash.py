"""``kill -9`` in the middle of a session."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from diary.build import make_events, make_summary
from unkink.diary import open_diary
from unkink.diary.recordings import part_of

LOST_AT_MOST = 5 * 200
"""The loop turns 200 times a second at most, and 5 s may be lost."""

_SESSION = """
import sys, time
from pathlib import Path
import numpy as np
from unkink.diary import open_diary
from unkink.diary.records import SessionBegin, SessionEvent, SessionUpdate
from unkink.diary.recordings import RecordingWriter
from unkink.diary.spool import Spool

diary = open_diary(Path(sys.argv[1]), sys.argv[2] or None)
session_id = diary.begin_session(
    SessionBegin(exercise_id="seated-twist", variant=None, mode="camera", rules_version="r1")
)
recording = RecordingWriter(diary.recordings_dir / f"{session_id}.parquet", width_px=640, height_px=480)
spool = Spool(diary, session_id)
print(session_id, flush=True)
for i in range(100_000):
    t_s = i * 0.05
    recording.add(t_s, np.full((33, 4), i, np.float32))
    spool.add(SessionEvent(t_s=float(i), kind="hold", payload={"i": i}))
    spool.update(SessionUpdate(t_s=t_s, snapshot={"i": i}, held_s={"right": t_s}))
    # what is on disk by now, as far as the spool knows
    print(i, spool.state.saved_t_s, flush=True)
    time.sleep(0.005)
"""


def test_killed_session_is_there_up_to_the_last_write(tmp_path: Path, url: str | None) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _SESSION, tmp_path, url or ""], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    session_id = process.stdout.readline().strip()
    started = time.monotonic()
    saved_s, last = 0.0, 0
    for line in process.stdout:
        number, saved = line.split()
        last = int(number)
        saved_s = 0.0 if saved == "None" else float(saved)
        is_fresh = saved_s > 0 and last - saved_s / 0.05 < LOST_AT_MOST
        if last >= 250 and is_fresh and time.monotonic() - started > 2.5:
            break
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=60) == -signal.SIGKILL
    process.stdout.close()

    # Started again at once: the process is known to be gone, nobody waits for its silence.
    with open_diary(tmp_path, url) as diary:
        (session,) = diary.interrupted_sessions()
        assert session.id == session_id
        i = session.snapshot["i"]
        assert i * 0.05 >= saved_s
        assert session.held_s["right"] == pytest.approx(i * 0.05)
        assert last - i < LOST_AT_MOST
        details = diary.session(session_id)
        assert details is not None
        assert list(details.events) == make_events(len(details.events))
        assert len(details.events) >= i
        _check_recording(diary.recordings_dir / f"{session_id}.parquet", last * 0.05)
        # it is listed, though the process had no time for it
        (recording,) = diary.recordings()
        assert (recording.session_id, recording.finished) == (session_id, True)
        assert recording.n_frames > 0
        # and it goes on
        resumed = diary.resume_session(session_id)
        assert resumed.snapshot == session.snapshot
        diary.finish_session(session_id, make_summary(), "finished")


def _check_recording(path: Path, last_s: float) -> None:
    import pyarrow.parquet as pq

    assert not part_of(path).exists()
    table = pq.read_table(path)
    t_s = table["t_s"].to_numpy()
    np.testing.assert_allclose(t_s, np.arange(len(t_s)) * 0.05)
    assert last_s - t_s[-1] < LOST_AT_MOST * 0.05
