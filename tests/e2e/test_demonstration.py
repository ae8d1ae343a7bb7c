"""The demonstration person goes the whole way: pose engine, coach, screens, diary, Progress."""

from __future__ import annotations


def test_a_whole_session_from_the_demonstration_to_progress_after_a_restart(person, server):
    person.be_allowed(pain_now=3)
    person.start_session("seated-twist", mode="demo")
    person.wait_for("stage", "live", 180)
    person.wait_for_summary(400)
    session = person.only_session("finished")
    assert session["mode"] == "demo"
    summary = person.api("GET", f"/api/sessions/{session['id']}")
    held = {side: value["held_s"] for side, value in summary["summary"]["sides"].items()}
    # how near to the truth depends on the machine and its model: validation in-browser measures that
    assert held["right"] >= 14.5
    assert held["left"] >= 14.5
    assert [f["id"] for f in summary["summary"]["faults"] if f["blocks_count"]] == []
    server.stop()
    server.start()
    person.go("/progress")
    person.page.wait_for_selector("text=Seated twist")
    assert [s["id"] for s in person.sessions()] == [session["id"]]
