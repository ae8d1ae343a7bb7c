"""The live wire."""

from __future__ import annotations

from front.doors import House


def test_hello_is_welcomed(admitted: House) -> None:
    with admitted.live() as line:
        welcome = line.read_until("welcome")
        assert welcome["exercise_id"] == "seated-twist"
        assert welcome["plan"]["hold_s"] == 15
        line.send("tick", t_s=0.25)
        assert line.read_until("state")["phase"] == "get-ready"
