"""The mobility check in the browser: a person with known landmarks, and the demonstration by keyboard."""

from __future__ import annotations

import base64

import msgspec
import numpy as np

from unkink.acquire.synthetic import make_check_script, make_motion
from unkink.front.messages import VERSION

PICTURES_PER_S = 9.0
"""Less than the ten states a second that are said at most: each picture gets an answer."""

ANSWER_MS = 1000

# The server drops pictures that it has no time for: the next one waits until something was said to the last.
_SEND = """async ({messages, answer_ms}) => {
  const socket = new WebSocket(`ws://${location.host}/live`);
  socket.binaryType = "arraybuffer";
  const over = new Promise((resolve) => (socket.onclose = (event) => resolve(event.code)));
  await new Promise((resolve, reject) => ((socket.onopen = resolve), (socket.onerror = reject)));
  for (const message of messages) {
    if (socket.readyState !== WebSocket.OPEN) break;
    const answer = new Promise((resolve) => {
      socket.onmessage = resolve;
      setTimeout(resolve, answer_ms);
    });
    socket.send(Uint8Array.from(atob(message), (letter) => letter.charCodeAt(0)));
    await Promise.race([answer, over]);
  }
  return await over;
}"""


def _messages():
    """Everything that a page would send of somebody who leans 20 degrees to the right and 17 to the left."""
    motion = make_motion(make_check_script(bend_deg=(20.0, 17.0)), hz=PICTURES_PER_S)
    wish = {"exercise_id": "mobility-check", "mode": "camera"}
    sent = [{"op": "hello", "version": VERSION, "session": wish}]
    for frame in motion.frames():
        image = np.asarray(frame.image[0], dtype="<f4").tobytes()
        sent.append({"op": "frame", "t_s": float(frame.t_s[0]), "image": image, "n_persons": 1})
    return [base64.b64encode(msgspec.msgpack.encode(message)).decode() for message in sent]


def test_from_the_offer_through_a_check_to_its_result_and_progress(person):
    person.be_allowed()
    page = person.page
    person.go("/")
    page.wait_for_selector(".suggestion")
    assert page.locator(".mobility-offer").count() == 0, "the first day is for the first exercise"
    person.check_in(3)
    person.go("/")
    page.wait_for_selector(".mobility-offer")
    # no camera here: the page's own wire carries a synthetic person, faster than life
    code = page.evaluate(_SEND, {"messages": _messages(), "answer_ms": ANSWER_MS})
    assert code == 1000
    session = person.only_session("finished")
    assert session["exercise_id"] == "mobility-check"
    person.go(f"/summary/{session['id']}")
    leaning = page.locator("section.card", has=page.get_by_role("heading", name="Leaning to the side"))
    found = person.api("GET", f"/api/sessions/{session['id']}")["mobility"]["movements"][1]["sides"]
    values = {one["side"]: f"{one['value_deg']:.0f}°" for one in found}
    leaning.locator(".side-number .numeral").nth(1).wait_for()
    assert [n.inner_text() for n in leaning.locator(".side-number .numeral").all()] == [
        values["left"],
        values["right"],
    ]
    leaning.get_by_text("your first check").nth(1).wait_for()
    page.get_by_text("why am I seeing this?").click()
    page.get_by_text("inclinometer").wait_for()
    person.go("/")
    page.wait_for_selector("text=This week")
    assert page.locator(".mobility-offer").count() == 0, "it never nags"
    person.go("/progress")
    page.get_by_role("heading", name="Mobility checks").wait_for()
    page.locator("figure.chart", has_text=values["right"]).first.wait_for()


def test_the_demonstration_of_the_check_by_keyboard(person):
    person.be_allowed()
    person.start_session("mobility-check", mode="demo", short=False)
    person.wait_for("stage", "live", 180)
    page = person.page
    person.wait_for("part", "warm-up-turn")
    person.wait_for("phase", "work")
    for part in ("turn", "bend", "head"):
        page.keyboard.press("ArrowRight")
        person.wait_for("part", part)
    page.keyboard.press("ArrowRight")
    person.wait_for_summary()
    page.get_by_text("demonstration person").wait_for()
    (session,) = person.sessions()
    assert session["mode"] == "demo"
    assert person.api("GET", "/api/progress")["mobility"] == []
