"""The live wire."""

from __future__ import annotations

from builders import make_person
from front.doors import House


def test_hello_is_welcomed(admitted: House) -> None:
    with admitted.live() as line:
        welcome = line.read_until("welcome")
        assert welcome["exercise_id"] == "seated-twist"
        assert welcome["plan"]["hold_s"] == 15
        line.send("tick", t_s=0.25)
        assert line.read_until("state")["phase"] == "get-ready"


def test_a_whole_session_is_guided_and_stored(admitted: House) -> None:
    motion = make_person("seated-twist", hold_s=15.5)
    with admitted.live(short=True) as line:
        line.read_until("welcome")
        line.play(motion)
        print([(c["t_s"], c["key"]) for c in line.seen if c["op"] == "cue"])
        line.send("bye", t_s=float(motion.series.t_s[-1]), reason="end")
        summary = line.read_until("summary", most=5000)
    assert summary["op"] == "summary"
    details = admitted.browser.get(f"/api/sessions/{summary['session_id']}").json()
    print(details["session"], details["sentences"], details["measurements"], details["sets"])
    print(details["summary"])
    assert 0
