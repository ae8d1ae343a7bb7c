"""The wire: what is sent back and forth, and whatever else might be sent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from front.doors import House, Line, let_in, open_house
from unkink.coach import events
from unkink.front import messages
from unkink.front.inbox import MAX_FRAMES, MAX_WAITING, Inbox, InboxFullError
from unkink.front.live import MAX_MALFORMED
from unkink.front.messages import MAX_MESSAGE_BYTES, N_FRAME_BYTES, decode_message, encode_message
from unkink.front.typescript import wire_types

ROOT = Path(__file__).resolve().parents[2]
WILD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server for all examples of this file."""
    made = open_house(tmp_path_factory.mktemp("data"))
    let_in(made)
    with made.browser:
        made.admit()
        yield made
    made.diary.close()


# ----------------------------------------------------------------------------------------------- the types


def test_the_pages_types_are_current() -> None:
    assert (ROOT / "ui/src/generated/messages.ts").read_text(encoding="utf-8") == wire_types()


def test_every_word_of_the_wire_is_one_of_the_coach() -> None:
    assert set(get_args(messages.Phase)) == {str(phase) for phase in events.Phase}
    assert set(get_args(messages.Side)) == set(get_args(events.Side))
    assert set(get_args(messages.Mode)) == set(get_args(events.Mode))
    assert set(get_args(messages.TapAction)) == set(get_args(events.TapAction))
    assert set(get_args(messages.PainKind)) == set(get_args(events.PainKind))
    notice = msgspec.inspect.type_info(messages.NoticeMessage)
    words = next(f for f in notice.fields if f.name == "what").type.values
    assert set(words) == set(get_args(events.NoticeKind))


def test_the_screen_gets_everything_that_the_coach_shows() -> None:
    view = {f.name for f in msgspec.structs.fields(events.View)}
    state = {f.name for f in msgspec.structs.fields(messages.StateMessage)}
    assert view - {"tracking_reason"} == state
    assert {f.name for f in msgspec.structs.fields(messages.TrackingState)} == {"status", "reason"}


finite = st.floats(0, messages.MAX_T_S)
texts = st.text("abcdefghij-.", min_size=1, max_size=20)
params = st.dictionaries(texts, st.one_of(st.text(max_size=10), st.integers(-99, 99), finite), max_size=3)


@WILD
@given(st.data())
def test_every_message_to_the_page_comes_back_as_it_was(data: st.DataObject) -> None:
    for kind in get_args(messages.ToPage):
        message = data.draw(st.from_type(kind))
        try:
            encode_message(message)
        except OverflowError:
            continue  # a number that no part of ours makes
        again = msgspec.msgpack.decode(encode_message(message), type=messages.ToPage)
        assert encode_message(again) == encode_message(message)


@WILD
@given(st.data())
def test_every_message_of_the_page_has_its_limits(data: st.DataObject) -> None:
    t_s = data.draw(finite)
    sent: list[Any] = [
        messages.TickMessage(t_s=t_s),
        messages.TapMessage(t_s=t_s, action=data.draw(st.sampled_from(get_args(messages.TapAction)))),
        messages.PainMessage(
            t_s=t_s,
            score=data.draw(st.integers(0, 10)),
            kind=data.draw(st.sampled_from(get_args(messages.PainKind))),
        ),
        messages.FrameMessage(t_s=t_s, image=data.draw(st.none() | st.binary(min_size=528, max_size=528))),
    ]
    for message in sent:
        packed = msgspec.msgpack.encode(message)
        assert len(packed) <= MAX_MESSAGE_BYTES
        assert decode_message(packed) == message


OUT_OF_LIMITS: tuple[dict[str, Any], ...] = (
    {"op": "tick"},
    {"op": "tick", "t_s": math.nan},
    {"op": "tick", "t_s": math.inf},
    {"op": "tick", "t_s": -1},
    {"op": "tick", "t_s": 2**64 - 1},
    {"op": "tick", "t_s": "1"},
    {"op": "tick", "t_s": None},
    {"op": "nothing", "t_s": 1},
    {"op": ["tick"], "t_s": 1},
    {"t_s": 1},
    {"op": "pain", "t_s": 1, "score": 11, "kind": "ache"},
    {"op": "pain", "t_s": 1, "score": -1, "kind": "ache"},
    {"op": "pain", "t_s": 1, "score": 5.5, "kind": "ache"},
    {"op": "pain", "t_s": 1, "score": True, "kind": "ache"},
    {"op": "pain", "t_s": 1, "score": 5, "kind": "tickle"},
    {"op": "tap", "t_s": 1, "action": "explode"},
    {"op": "symptom", "t_s": 1, "rule_id": ""},
    {"op": "symptom", "t_s": 1, "rule_id": "S01\n"},
    {"op": "symptom", "t_s": 1, "rule_id": "S" * 65},
    {"op": "frame", "t_s": 1, "image": b""},
    {"op": "frame", "t_s": 1, "image": b"\0" * (N_FRAME_BYTES - 1)},
    {"op": "frame", "t_s": 1, "image": [0.0] * 132},
    {"op": "frame", "t_s": 1, "image": None, "world": b"\0"},
    {"op": "frame", "t_s": 1, "image": None, "width_px": 0},
    {"op": "frame", "t_s": 1, "image": None, "width_px": 10**9},
    {"op": "frame", "t_s": 1, "image": None, "brightness_frac": math.nan},
    {"op": "frame", "t_s": 1, "image": None, "n_persons": -1},
    {"op": "bye", "t_s": 1, "reason": "x" * 121},
    {"op": "hello", "version": "1", "session": {"exercise_id": "seated-twist"}},
    {"op": "hello", "version": 1, "session": {"exercise_id": "../../etc/passwd"}},
    {"op": "hello", "version": 1, "session": {"exercise_id": "x", "mode": "spy"}},
)


@pytest.mark.parametrize("message", OUT_OF_LIMITS, ids=lambda m: re.sub(r"\W+", "-", str(m))[:50])
def test_what_is_out_of_limits_is_not_read(message: dict[str, Any]) -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode_message(msgspec.msgpack.encode(message))


@WILD
@given(st.binary(max_size=600))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    try:
        decode_message(data)
    except msgspec.MsgspecError:
        return


def test_deep_nesting_breaks_nothing() -> None:
    for wrap in (b"\x91", b"\x81\xa1a"):
        with pytest.raises(msgspec.MsgspecError):
            decode_message(wrap * 2000 + b"\xc0")


# ------------------------------------------------------------------------------------------- the live wire

junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(),
    st.text(max_size=20),
    st.binary(max_size=60),
)
values = st.recursive(
    junk, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
fields = [
    "t_s",
    "image",
    "world",
    "score",
    "kind",
    "action",
    "what",
    "rule_id",
    "reason",
    "width_px",
    "version",
]
odd_message = st.fixed_dictionaries(
    {"op": st.sampled_from(["hello", "frame", "tick", "tap", "pain", "symptom", "notice", "bye", "x"])},
    optional=dict.fromkeys(fields, values),
)
odd_frame = st.builds(
    lambda t_s, image: {"op": "frame", "t_s": t_s, "image": image.tobytes()},
    st.floats(0, messages.MAX_T_S),
    st.lists(st.floats(width=32), min_size=132, max_size=132).map(lambda v: np.array(v, dtype="<f4")),
)
anything = st.one_of(
    st.binary(max_size=200),
    values.map(msgspec.msgpack.encode),
    odd_message.map(msgspec.msgpack.encode),
    odd_frame.map(msgspec.msgpack.encode),
    finite.map(lambda t_s: msgspec.msgpack.encode({"op": "tick", "t_s": t_s})),
)


@WILD
@given(sent=st.lists(anything, max_size=12), says_hello=st.booleans())
def test_whatever_is_sent_the_server_goes_on(house: House, sent: list[bytes], says_hello: bool) -> None:
    with house.line() as line:
        if says_hello:
            line.hello(mode="camera", take_over=True)
            line.read_until("welcome", "problem")
        for data in sent:
            line.socket.send_bytes(data)
        line.send("tick", t_s=messages.MAX_T_S)
    _assert_alive(house, line)


def _assert_alive(house: House, line: Line) -> None:
    assert all(message.get("code") != "bug" for message in line.seen)
    assert house.browser.get("/api/status").status_code == 200
    with house.live(mode="timer", take_over=True) as next_one:
        message = next_one.read_until("welcome", "problem")
        assert message["op"] == "welcome" or message["code"] == "not-allowed-today"
        next_one.send("bye", t_s=0, reason="test")
        next_one.read_until("summary", "close")


def test_nonsense_is_told_and_then_ends_the_connection(house: House) -> None:
    with house.live(mode="timer", take_over=True) as line:
        line.read_until("welcome")
        for i in range(MAX_MALFORMED):
            line.socket.send_bytes(b"\xc1 nonsense")
            problem = line.read_until("problem")
            assert problem["code"] == "message-malformed"
            assert problem["fatal"] is (i == MAX_MALFORMED - 1)
        assert line.read() == {"op": "close", "code": 4001}


def test_text_and_too_big_and_a_second_hello_are_nonsense(house: House) -> None:
    with house.live(mode="timer", take_over=True) as line:
        line.read_until("welcome")
        line.socket.send_text("hello")
        assert line.read_until("problem")["code"] == "message-malformed"
        line.socket.send_bytes(b"\xa1" * (MAX_MESSAGE_BYTES + 1))
        assert line.read_until("problem")["code"] == "message-too-big"
        line.hello()
        assert line.read_until("problem")["code"] == "message-malformed"
        line.send("bye", t_s=1.0, reason="end")
        line.read_until("summary")


def test_the_first_message_has_to_be_hello(house: House) -> None:
    with house.line() as line:
        line.send("tick", t_s=0.0)
        assert line.read_until("problem")["code"] == "message-malformed"
        line.hello(mode="timer", take_over=True)
        assert line.read_until("welcome")["op"] == "welcome"


def test_time_that_runs_backwards_is_told_and_changes_nothing(house: House) -> None:
    with house.live(mode="timer", take_over=True) as line:
        line.send("tick", t_s=5.0)
        line.send("tick", t_s=1.0)
        assert line.read_until("problem")["code"] == "time-backwards"
        line.send("tick", t_s=5.5)
        assert line.read_until("state")["t_s"] >= 5.0


def test_landmarks_that_are_no_numbers_are_told(house: House) -> None:
    with house.live(take_over=True) as line:
        line.read_until("welcome")
        line.frame(0.1, np.full((33, 4), np.nan))
        assert line.read_until("problem")["code"] == "message-malformed"
        line.frame(0.2, np.full((33, 4), np.inf))
        assert line.read_until("problem")["code"] == "message-malformed"
        line.frame(0.3, None)
        assert line.read_until("state")["tracking"]["status"] == "lost"


# --------------------------------------------------------------------------------------------- the inbox


def _frame(t_s: float) -> messages.FrameMessage:
    return messages.FrameMessage(t_s=t_s, image=None)


async def _drain(inbox: Inbox) -> list[messages.FromPage]:
    inbox.close()
    taken = []
    while (message := await inbox.take()) is not None:
        taken.append(message)
    return taken


def _run(inbox: Inbox) -> list[messages.FromPage]:
    import asyncio

    return asyncio.run(_drain(inbox))


def test_only_older_pictures_are_dropped() -> None:
    inbox = Inbox()
    for i in range(20):
        inbox.put(_frame(float(i)))
        inbox.put(messages.TickMessage(t_s=float(i)))
    inbox.put(messages.PainMessage(t_s=20.0, score=7, kind="sharp"))
    taken = _run(inbox)
    frames = [m.t_s for m in taken if isinstance(m, messages.FrameMessage)]
    assert frames == [17.0, 18.0, 19.0]
    assert len(frames) == MAX_FRAMES
    assert inbox.n_dropped == 17
    assert sum(isinstance(m, messages.TickMessage) for m in taken) == 20
    assert isinstance(taken[-1], messages.PainMessage)


@WILD
@given(st.lists(st.booleans(), max_size=80))
def test_what_is_left_is_in_order(kinds: list[bool]) -> None:
    inbox = Inbox()
    for i, is_frame in enumerate(kinds):
        inbox.put(_frame(float(i)) if is_frame else messages.TickMessage(t_s=float(i)))
    times = [m.t_s for m in _run(inbox) if not isinstance(m, messages.HelloMessage)]
    assert times == sorted(times)
    assert len(times) == kinds.count(False) + min(MAX_FRAMES, kinds.count(True))


def test_a_flood_that_cannot_be_dropped_ends() -> None:
    inbox = Inbox()
    for i in range(MAX_WAITING):
        inbox.put(messages.TickMessage(t_s=float(i)))
    inbox.put(_frame(1.0))
    with pytest.raises(InboxFullError):
        inbox.put(messages.TickMessage(t_s=1.0))
