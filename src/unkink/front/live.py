"""The live wire: one connection, one session, one loop.

In: MessagePack messages of the page. Out: states, cues, verdicts; rows in the diary. Whatever is sent, the
loop goes on or closes with a reason: it never crashes and never takes the server with it. Next file:
:mod:`unkink.front.command`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from dataclasses import dataclass, field

import msgspec
from starlette.websockets import WebSocket

from unkink.coach import events
from unkink.coach.events import Effect, Store
from unkink.coach.screening import combine
from unkink.diary.records import EndStatus
from unkink.errors import StoreError, UnkinkError
from unkink.front import messages, translation
from unkink.front.inbox import Inbox, InboxFullError
from unkink.front.keeping import Keeper
from unkink.front.opening import Opened, RefusedError, open_session, permit_again
from unkink.front.problems import Problem, problem_from, problem_of, where
from unkink.front.routes.person import load_settings
from unkink.front.services import Services
from unkink.pipeline import Engine

HELLO_WITHIN_S = 10.0
SEND_WITHIN_S = 10.0
MAX_MALFORMED = 5
"""So many messages that cannot be read, and the connection closes."""
BACKWARDS_S = 1.0
"""Ticks and pictures come over two clocks that may be this far apart; more is a fault of the page."""

LOOK_EVERY_S = 1.0
"""So often a running session asks the diary whether it may still go on."""

CLOSE_DONE = 1000
CLOSE_TAKEN_OVER = 4000
CLOSE_ABUSE = 4001
CLOSE_REFUSED = 4002
CLOSE_BUG = 1011
CLOSE_GOING_AWAY = 1012
"""The server stops; the page looks for it and goes on with the session."""

_WORDS = events.PainReported | events.SymptomReported
_LOG = logging.getLogger("unkink.front")


class _ClosedError(Exception):
    """The connection is over; ``code`` says how, None when the page went away by itself."""

    def __init__(self, code: int | None) -> None:
        super().__init__()
        self.code = code


@dataclass(eq=False, slots=True)
class Conversation:
    """One connection from hello to goodbye."""

    socket: WebSocket
    services: Services
    inbox: Inbox = field(default_factory=Inbox)
    session_id: str = ""
    engine: Engine | None = None
    keeper: Keeper | None = None
    is_over: bool = False
    n_malformed: int = 0
    n_taken: int = 0
    """Messages that the session has taken."""
    latest_s: float = 0.0
    looked_at_s: float = -math.inf
    """When the diary was last asked whether the session may go on, of the server's own clock."""
    leaving: asyncio.Task[bool] | None = None
    """Ends the session or puts it aside; set once either begins."""

    # ------------------------------------------------------------------------------------------- the way out

    async def send(self, message: messages.ToPage) -> None:
        """Send one message; a page that does not read is let go."""
        data = messages.encode_message(message)
        try:
            async with asyncio.timeout(SEND_WITHIN_S):
                await self.socket.send_bytes(data)
        except Exception:  # noqa: BLE001 - each server has its own word for a page that is gone
            raise _ClosedError(None) from None

    async def tell(self, problem: Problem, *, fatal: bool = False) -> None:
        """Send a problem."""
        await self.send(translation.to_problem(problem, fatal=fatal))

    async def end(self, problem: Problem, code: int) -> None:
        """Send a problem and close."""
        await self.tell(problem, fatal=True)
        raise _ClosedError(code)

    # -------------------------------------------------------------------------------------------- the way in

    async def read(self) -> messages.FromPage | None:
        """Read one message; None for one that could not be used (the page was told)."""
        received = await self.socket.receive()
        if received["type"] == "websocket.disconnect":
            raise _ClosedError(None)
        data = received.get("bytes")
        if data is None:
            return await self._malformed("message-malformed")
        if len(data) > messages.MAX_MESSAGE_BYTES:
            return await self._malformed("message-too-big")
        try:
            return messages.decode_message(data)
        except msgspec.MsgspecError:
            return await self._malformed("message-malformed")

    async def _malformed(self, code: str) -> None:
        self.n_malformed += 1
        if self.n_malformed >= MAX_MALFORMED:
            await self.end(problem_of(code), CLOSE_ABUSE)
        await self.tell(problem_of(code))

    async def listen(self) -> None:
        """Put what arrives into the inbox until the page goes away."""
        try:
            while True:
                message = await self.read()
                if isinstance(message, messages.HelloMessage):
                    await self._malformed("message-malformed")
                elif message is not None:
                    self.inbox.put(message)
                # Reading never starves the session: whatever is buffered, others get their turn.
                await asyncio.sleep(0)
        except InboxFullError:
            await self.end(problem_of("too-fast"), CLOSE_ABUSE)
        finally:
            self.inbox.close()

    # ------------------------------------------------------------------------------------------- the session

    async def hello(self) -> messages.HelloMessage:
        """Wait for the first message."""
        try:
            async with asyncio.timeout(HELLO_WITHIN_S):
                while True:
                    message = await self.read()
                    if isinstance(message, messages.HelloMessage):
                        break
                    if message is not None:
                        await self._malformed("message-malformed")
        except TimeoutError:
            raise _ClosedError(CLOSE_ABUSE) from None
        if message.version != messages.VERSION:
            await self.end(problem_of("version-mismatch"), CLOSE_REFUSED)
        return message

    async def open(self, hello: messages.HelloMessage) -> None:
        """Begin or resume the session that the page wishes, if it may."""
        wish = hello.session
        if wish.take_over:
            await hand_over(self.services)
        try:
            opened = await asyncio.to_thread(open_session, self.services, wish, hello.client)
        except RefusedError as refused:
            if refused.verdict is not None:
                await self.send(translation.to_verdict(refused.verdict, 0.0))
            await self.end(refused.problem, CLOSE_REFUSED)
        except StoreError as exc:
            problem = problem_from(exc)
            if exc.code == "session-elsewhere":
                problem = problem_of(exc.code, session_id=next(iter(self.services.live), ""))
            await self.end(problem, CLOSE_REFUSED)
        else:
            await self._begin(opened)

    async def _begin(self, opened: Opened) -> None:
        services = self.services
        settings = await asyncio.to_thread(load_settings, services)
        plan = opened.engine.session.plan
        self.session_id, self.engine = opened.session_id, opened.engine
        self.latest_s = opened.engine.session.t_s
        self.looked_at_s = services.monotonic_s()
        services.live[self.session_id] = self
        self.keeper = Keeper(
            services,
            self.session_id,
            plan=plan if settings.record_landmarks and plan.mode == "camera" else None,
            monotonic_s=services.monotonic_s,
        )
        self.keeper.keep(opened.engine, at_once=True)
        await self.send(
            messages.WelcomeMessage(
                version=messages.VERSION,
                session_id=self.session_id,
                exercise_id=plan.exercise_id,
                variant=plan.variant,
                mode=plan.mode,
                resumed=opened.is_resumed,
                t_s=self.latest_s,
                plan=translation.to_plan(plan),
                notes=translation.to_notes(plan, self.services.rulebook, is_resumed=opened.is_resumed),
            )
        )
        if opened.is_resumed:
            # What happened meanwhile nobody knows: it pauses until the person is seen, or says go on.
            await self.take(events.Notice(t_s=self.latest_s, what="time-jump"))

    async def run(self) -> None:
        """Take what arrives until the session is over."""
        while not self.is_over:
            message = await self.inbox.take()
            if message is None:
                return
            await self._check_time(message)
            event = translation.to_event(message)
            if not isinstance(event, _WORDS):
                # What somebody tells of their body is heard before anything else can end the session.
                await self._look_again()
            if self.is_over:
                return
            if isinstance(message, messages.FrameMessage):
                await self.see(message)
            elif event is not None:
                await self.take(event)
            self.n_taken += 1

    async def _check_time(self, message: messages.FromPage) -> None:
        t_s: float = getattr(message, "t_s", self.latest_s)
        if t_s < self.latest_s - BACKWARDS_S:
            await self._malformed("time-backwards")
        self.latest_s = max(self.latest_s, t_s)

    async def _look_again(self) -> None:
        """Close what another tab or another device has closed meanwhile."""
        now_s = self.services.monotonic_s()
        if now_s - self.looked_at_s < LOOK_EVERY_S:
            return
        self.looked_at_s = now_s
        engine, _ = self._running()
        plan = engine.session.plan
        permission = await asyncio.to_thread(permit_again, self.services, self.session_id, plan)
        if permission is not None and combine(plan.permission, permission) != plan.permission:
            await self.take(events.Permitted(t_s=self.latest_s, permission=permission))

    async def see(self, message: messages.FrameMessage) -> None:
        """Take one picture's landmarks."""
        series = translation.to_series(message)
        if series is None:
            await self._malformed("message-malformed")
            return
        engine, keeper = self._running()
        keeper.record(series)
        self.engine, effects = engine.see(series)
        await self._act(effects)

    async def take(self, event: events.AnyEvent) -> None:
        """Take anything else that happened."""
        engine, keeper = self._running()
        keeper.record(event)
        self.engine, effects = engine.hear(event)
        await self._act(effects)

    def _running(self) -> tuple[Engine, Keeper]:
        if self.engine is None or self.keeper is None:
            raise _ClosedError(CLOSE_BUG)
        return self.engine, self.keeper

    async def _act(self, effects: tuple[Effect, ...]) -> None:
        """Keep first what is to be kept, then say what is to be said."""
        engine, keeper = self._running()
        stored = tuple(e for e in effects if isinstance(e, Store))
        keeper.store(stored)
        keeper.keep(engine, stored)
        for effect in effects:
            await self._say(effect)
        trouble = keeper.trouble()
        if trouble is not None:
            await self.tell(trouble)
        end = next((e for e in effects if isinstance(e, events.End)), None)
        if end is not None:
            await self._finish(end)

    async def _say(self, effect: Effect) -> None:
        match effect:
            case events.Say():
                await self.send(translation.to_cue(effect))
            case events.Show():
                await self.send(translation.to_state(effect.view))
            case events.Judged():
                await self.send(translation.to_verdict(effect.verdict, effect.t_s))
            case events.Failed():
                error = effect.error
                place = where(error) if isinstance(error, BaseException) else ""
                _LOG.error("bug %s in a session: %s\n%s", effect.error_id, type(error).__name__, place)
            case _:
                pass

    async def _finish(self, end: events.End) -> None:
        self.is_over = True
        for message in self.inbox.take_all():
            event = translation.to_event(message)
            if isinstance(event, _WORDS):  # told in the moment in which it ended
                with contextlib.suppress(_ClosedError):  # a page that is gone may not keep it from the diary
                    await self.take(event)
        engine, keeper = self._running()
        self.leaving = asyncio.create_task(self._put_away(engine, keeper, end.status))
        # Whatever becomes of who waits for it, the writing goes on to its end.
        is_stored = await asyncio.shield(self.leaving)
        error = keeper.error
        if not is_stored and error is not None:
            await self.tell(problem_from(error))
        await self.send(messages.SummaryMessage(session_id=self.session_id))

    async def _put_away(self, engine: Engine, keeper: Keeper, status: EndStatus) -> bool:
        try:
            return await asyncio.to_thread(keeper.finish, engine, status)
        finally:
            self.services.live.pop(self.session_id, None)

    async def leave(self) -> None:
        """Put an unfinished session aside, so that it can be gone on with."""
        if self.leaving is None:
            self.leaving = asyncio.create_task(self._leave())
        await asyncio.shield(self.leaving)

    async def _leave(self) -> bool:
        engine, keeper = self.engine, self.keeper
        try:
            if engine is not None and keeper is not None and not self.is_over:
                self.is_over = True
                await asyncio.to_thread(keeper.interrupt, engine)
        finally:
            self.services.live.pop(self.session_id, None)
        return False


async def serve_live(socket: WebSocket, services: Services) -> None:
    """Serve one connection until it is over."""
    await socket.accept()
    conversation = Conversation(socket=socket, services=services)
    code: int | None = None
    try:
        await _converse(conversation)
        code = CLOSE_DONE
    except _ClosedError as closed:
        code = closed.code
    except UnkinkError as exc:
        code = await _last_word(conversation, problem_from(exc))
    except Exception as exc:  # noqa: BLE001 - the door: a bug closes one connection, not the server
        code = await _last_word(conversation, problem_from(exc))
    finally:
        with contextlib.suppress(Exception):
            await conversation.leave()
    if code is not None:
        with contextlib.suppress(Exception):
            await socket.close(code)


async def _converse(conversation: Conversation) -> None:
    await conversation.open(await conversation.hello())
    listening = asyncio.create_task(conversation.listen())
    running = asyncio.create_task(conversation.run())
    try:
        await asyncio.wait({listening, running}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            # The page is gone or sends nonsense; what it sent before still counts.
            await running
        if running.done():
            running.result()
        if listening.done():
            listening.result()
    finally:
        for task in (listening, running):
            task.cancel()
        await asyncio.gather(listening, running, return_exceptions=True)


async def _last_word(conversation: Conversation, problem: Problem) -> int | None:
    try:
        await conversation.tell(problem, fatal=True)
    except _ClosedError:
        return None
    return CLOSE_BUG


async def hand_over(services: Services) -> None:
    """Close the connections that have a session here, kindly: it goes on in another tab."""
    for conversation in _running_here(services):
        with contextlib.suppress(_ClosedError):
            await conversation.tell(problem_of("session-taken-over"), fatal=True)
        await _part(conversation, CLOSE_TAKEN_OVER)


async def close_all(services: Services) -> None:
    """Put all sessions aside: the server stops."""
    for conversation in _running_here(services):
        await _part(conversation, CLOSE_GOING_AWAY)


def _running_here(services: Services) -> list[Conversation]:
    return [c for c in list(services.live.values()) if isinstance(c, Conversation)]


async def _part(conversation: Conversation, code: int) -> None:
    await conversation.leave()
    with contextlib.suppress(Exception):
        await conversation.socket.close(code)
