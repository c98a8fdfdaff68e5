"""One socket's life: its frames in, in order, and everything that its account is told, out."""

import asyncio
import logging
from functools import partial
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from msgspec import UNSET

from accounts.addresses import network
from accounts.refusals import Reason, Refusal
from chat import arrivals, devices, recounts, writer
from chat.counts import counts
from chat.delivery import Origin, layer, publish
from chat.doors.crowd import PATIENCE, Crowd, Stranger
from chat.doors.pace import Pace
from chat.drafts import Change, Draft
from chat.events import Event, MessageSent, SendRepeated, Typed
from chat.protocol import codec
from chat.protocol.closing import CLOSING, CloseCode
from chat.protocol.frames import Connected, Frame, Pong, encode
from chat.protocol.requests import Query, Send
from chat.queries.sending import draft
from chat.queries.table import TABLE
from chat.session import Session
from chat.sockets.in_flight import InFlight
from chat.sockets.inbox import LISTEN
from chat.sockets.outbox import SAY, Outbox
from chat.standing_in import current as current_stand_in

logger = logging.getLogger(__name__)

sockets: set["ChatConsumer"] = set()
"""Every socket that is open in this process, but those that are refused as they come."""

crowd = Crowd(
    of_address=settings.CHAT_SOCKETS_PER_ADDRESS,
    strangers=settings.CHAT_STRANGERS,
    strangers_of_address=settings.CHAT_STRANGERS_PER_ADDRESS,
)


class ChatConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """Speaks the protocol on one WebSocket.

    Channels' own loop makes two tasks for each frame and looks at every database connection before it; this one awaits
    frames in one task, and events reach the socket's outbox without any.
    """

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.scope = scope
        self.base_send = send
        self.channel_layer = layer()
        self.channel_name = await self.channel_layer.new_channel()
        self.outbox = Outbox(send, settings.CHAT_OUTBOX_FRAMES, scope.get(SAY))
        self.in_flight = InFlight()
        self.doubts = recounts.Doubts(self.channel_layer.process) if self.channel_layer.shared else None
        self.writer = writer.current()
        self.stand_in = current_stand_in()
        client = scope.get("client")
        self.session = Session(self.channel_layer, crowd, self.channel_name, network(client[0]) if client else "")
        self.pace = Pace(settings.CHAT_FRAMES_PER_SECOND)
        self.deadline: asyncio.TimerHandle | None = None
        listen = scope.get(LISTEN, lambda take: None)
        listen(self.take)
        code = 1006
        counts.opened += 1
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer as stop:
            code = stop.args[0]
        finally:
            listen(None)
            await self.hang_up(code)

    async def dispatch(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "websocket.receive":
                await self.outbox.room()
                self.pace.left -= 1
                if self.pace.left < 0:
                    await self.slow_down()
                if not self.outbox.closing:
                    await self.hear(message.get("text"))
            case "websocket.connect":
                await self.connect()
            case "websocket.disconnect":
                raise StopConsumer(message.get("code") or 1005)

    async def connect(self) -> None:
        """Greet the client, and give it a while to sign in; or refuse it, if too many are here."""
        await self.base_send({"type": "websocket.accept"})
        try:
            crowd.arrive(self.channel_name, Stranger(self.session.address, self.turn_away))
        except Refusal as refusal:
            self.refuse_socket(refusal, CLOSING[refusal.reason])
            return
        sockets.add(self)
        self.channel_layer.listen(self.channel_name, self.on_event)
        self.outbox.put(encode(Connected()))
        if settings.CHAT_SIGN_IN_SECONDS:
            self.deadline = asyncio.get_running_loop().call_later(settings.CHAT_SIGN_IN_SECONDS, self.require_sign_in)

    def require_sign_in(self) -> None:
        if not self.session.signed_in:
            self.outbox.close(CloseCode.NOT_SIGNED_IN)

    def turn_away(self) -> None:
        """Strangers are too many, and this one has been silent for longest."""
        self.refuse_socket(Refusal(Reason.SERVER_BUSY, retry_after=PATIENCE), CloseCode.TOO_MANY_STRANGERS)

    def refuse_socket(self, refusal: Refusal, code: CloseCode) -> None:
        """Say why, and close."""
        self.say(codec.error(refusal, "error", seq=UNSET))
        self.outbox.close(code)

    async def slow_down(self) -> None:
        """The client sends more frames than it may: say so, and hear none of them for a while."""
        seconds = self.pace.pause()
        if seconds:
            await self.in_flight.none()
            self.say(codec.error(Refusal(Reason.TOO_MANY_REQUESTS, retry_after=seconds), "error", seq=UNSET))
            await asyncio.sleep(seconds)

    async def hang_up(self, code: int) -> None:
        """Whatever happened: leave room and groups, and forget the socket."""
        if self.deadline is not None:
            # Else the loop would hold the socket's objects until then.
            self.deadline.cancel()
        if self in sockets:
            sockets.remove(self)
            crowd.leave(self.channel_name, self.session.address)
        counts.closed[self.outbox.drop(code)] += 1
        await self.session.sign_out()
        self.channel_layer.forget(self.channel_name)

    def take(self, text: str) -> bool:
        """A message to somebody known needs not wait for anything, nor the task that hears everything else.

        False leaves the frame to that task, and so whatever may be wrong with it.
        """
        if self.outbox.crowded or self.outbox.closing or self.pace.left < 1 or self.in_flight.full:
            return False
        try:
            query = codec.decode(text)
            peer = self.session.known_peer(query.data.account) if type(query) is Send else None
            if type(query) is not Send or peer is None:
                return False
            message = draft(self.session, query, peer)
        except (codec.Refused, Refusal):
            return False
        self.pace.left -= 1
        counts.frames[Send] += 1
        self.in_flight.started()
        self.writer.submit(message, partial(self.written, query, message))
        return True

    async def hear(self, text: str | None) -> None:
        """One frame from the client. Nothing it holds can close the socket."""
        if text == "ping":
            counts.frames["ping"] += 1
            await self.in_flight.none()
            self.say(Pong())
            return
        try:
            if text is None:
                raise codec.Refused(Refusal(Reason.BINARY_FRAME), "error")
            query = codec.decode(text)
        except codec.Refused as refused:
            counts.frames[refused.query] += 1
            await self.in_flight.none()
            refusal = refused.refusal if self.may_ask(refused.query) else Refusal(Reason.LOGIN_REQUIRED)
            self.refuse_frame(refused, refusal)
            return
        counts.frames[type(query)] += 1
        if type(query) is not Send:
            await self.in_flight.none()
        await self.answer(query)

    def refuse_frame(self, refused: codec.Refused, refusal: Refusal) -> None:
        self.say(codec.error(refusal, refused.query, seq=refused.seq, client_id=refused.client_id))

    def may_ask(self, query: str) -> bool:
        """Whether what is wrong with a frame of this query may be told: to strangers only where they may ask it."""
        return self.session.signed_in or query in ("login", "error")

    async def answer(self, query: Query) -> None:
        """Do what is asked, or have it written: then what came of it is said after the commit."""
        verb = TABLE[type(query)]
        if verb.reads:
            self.outbox.hold()
        try:
            if not (verb.public or self.session.signed_in):
                raise Refusal(Reason.LOGIN_REQUIRED)
            answer = await verb.handle(self.session, query)
        except Refusal as refusal:
            await self.in_flight.none()
            self.refuse(refusal, query)
        except Exception:
            logger.exception("%s failed", type(query).__name__)
            await self.in_flight.none()
            self.refuse(Refusal(Reason.INTERNAL_ERROR), query)
        else:
            if isinstance(answer, Frame):
                if verb.includes:
                    await self.writer.told()
                    self.outbox.tell_what_is_in(verb.includes(answer))
                self.origin(query).answer(answer)
            elif isinstance(answer, Typed):
                publish(answer, self.origin(query))
            else:
                await self.in_flight.room()
                self.in_flight.started()
                self.writer.submit(answer, partial(self.written, query, answer))
        finally:
            self.outbox.release()

    def written(self, query: Query, job: Draft | Change, outcome: Frame | Event | Refusal | list[Any]) -> None:
        """What was to be written is committed, or refused. Of a list the last is the answer."""
        self.in_flight.finished()
        if isinstance(outcome, list):
            self.written_besides(outcome[:-1])
        answer: Frame | Event | Refusal = outcome[-1] if isinstance(outcome, list) else outcome
        if isinstance(answer, Refusal):
            if isinstance(job, Change) and job.undo:
                job.undo()
            self.refuse(answer, query)
        elif isinstance(answer, Frame):
            self.origin(query).answer(answer)
        else:
            publish(answer, self.origin(query))
            if type(query) is Send and isinstance(answer, MessageSent | SendRepeated) and isinstance(job, Draft):
                self.stand_in.heard(job, answer.message_id)

    def written_besides(self, events: list[Any]) -> None:
        """Messages that a query has led to and that are no answer to it."""
        for event in events:
            if isinstance(event, MessageSent):
                publish(event, Origin(self.channel_name, UNSET, self.outbox.put))

    def origin(self, query: Query) -> Origin:
        return Origin(self.channel_name, query.seq, self.outbox.put)

    def on_event(self, message: dict[str, Any]) -> None:
        """Something for this account, from the channel layer."""
        kind = message["type"]
        if kind != "deliver" and not (kind == "hint" and message["wanted"] in self.session.wants):
            self.on_call(kind, message)
            return
        if self.doubts is not None and self.doubts.arise(message) and self.session.signed_in:
            recounts.soon(self.session.account)
        if message["skip"] != self.channel_name:
            for text in message["texts"]:
                self.outbox.tell(text, message.get("said"))
            viewed = self.session.viewed
            if viewed is not None and message.get("arrived_from") == viewed.id:
                elsewhere = message["process"] != self.channel_layer.process
                arrivals.arrived(self.session.account, viewed, message["said"][1], from_elsewhere=elsewhere)

    def on_call(self, kind: str, message: dict[str, Any]) -> None:
        """What concerns the socket itself, and nothing that its client is told."""
        session = self.session
        if kind == "close" or (kind == "end" and session.signed_in and session.account.id == message["account"]):
            self.outbox.close(message["code"])
        elif kind == "forget":
            session.forget(message["name"])
        elif kind == "call" and session.source is not None:
            devices.answer(message, self.channel_name, session.source, session.address, session.since)

    def say(self, frame: Frame) -> None:
        self.outbox.put(encode(frame))

    def refuse(self, refusal: Refusal, query: Query) -> None:
        client_id = query.data.client_id if isinstance(query, Send) else None
        if isinstance(query, Send) and refusal.reason is Reason.UNKNOWN_ACCOUNT:
            self.session.forget(query.data.account)
        self.say(codec.error(refusal, str(type(query).__struct_config__.tag), seq=query.seq, client_id=client_id))
        if refusal.reason in CLOSING:
            self.outbox.close(CLOSING[refusal.reason])
