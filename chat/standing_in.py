"""Shops' robots answer what customers write, while nobody else does.

Which robots may is looked up together for all that was heard within a moment, so that a message to anybody else
costs a look into a dictionary. What a customer writes is answered after a moment, one after another: until then people
may be quicker, and existing clients ask the robot themselves. Whether it is the robot's turn is decided last, in the
transaction that stores what it says.
"""

import asyncio
import logging
from collections import deque
from functools import partial
from weakref import WeakKeyDictionary

import msgspec
from asgiref.sync import async_to_sync
from django.conf import settings

from accounts.refusals import Refusal
from chat import presence, talks, writer
from chat.database.reading import read
from chat.delivery import publish
from chat.drafts import Change, Draft
from chat.events import MessageSent, QuestionUnanswered
from chat.models import Remark
from chat.protocol import bodies
from chat.talks import Call
from robots import handing_over, speaking, unasked
from robots.answers import Answer, Menu
from robots.handing_over import Handover
from robots.models import Shop

logger = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two looks at which robots may speak."""
MOST_WAITING = 10_000
"""Messages that wait for a robot; further ones are left to people."""

_text = msgspec.json.Decoder(bodies.Text)


class StandIn:
    """The robots that stand in for people, as far as this process does it. All methods are called on the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._shops: dict[int, int] = {}
        self._looked_at = float("-inf")
        self._doubtful: list[tuple[Draft, int, float]] = []
        self._waiting: deque[tuple[float, Call]] = deque()
        self._looking: asyncio.Task[None] | None = None
        self._answering: asyncio.Task[None] | None = None

    def heard(self, sent: Draft, message_id: int) -> None:
        """Somebody's message is stored, now or before."""
        now = self._loop.time()
        if sent.recipient.id in self._shops:
            self._wait(sent, message_id, now)
        else:
            self._doubtful.append((sent, message_id, now))
        if self._looking is None:
            self._looking = self._loop.create_task(self._look())

    def asked(self, customer_id: int, shop_account_id: int) -> None:
        """The customer asks the robot itself: that answers what waits for it in this conversation, too."""
        if self._waiting:
            asker = (customer_id, shop_account_id)
            self._waiting = deque(
                each for each in self._waiting if (each[1].customer.id, each[1].shop_account.id) != asker
            )

    async def _look(self) -> None:
        """Look up which robots may speak, and decide on what was heard before."""
        await asyncio.sleep(self._looked_at + EVERY - self._loop.time())
        self._looked_at = self._loop.time()
        doubtful, self._doubtful = self._doubtful, []
        try:
            self._shops = await read(unasked.speaking)
        except Exception:
            logger.exception("which robots may speak could not be looked up")
        self._looking = None
        for sent, message_id, heard_at in doubtful:
            if sent.recipient.id in self._shops:
                self._wait(sent, message_id, heard_at)
        if self._doubtful:
            self._looking = self._loop.create_task(self._look())

    def _wait(self, sent: Draft, message_id: int, heard_at: float) -> None:
        """Have a text answered in a moment; robots say nothing to pictures and the like."""
        try:
            text = _text.decode(sent.body).content
        except msgspec.ValidationError:
            return
        if len(self._waiting) >= MOST_WAITING:
            logger.warning("too many messages wait for robots; message %d is left to people", message_id)
            return
        call = Call(message_id, sent.sender, sent.recipient, self._shops[sent.recipient.id], text)
        self._waiting.append((heard_at + settings.CHAT_ROBOT_SECONDS, call))
        if self._answering is None:
            self._answering = self._loop.create_task(self._answer_all())

    async def _answer_all(self) -> None:
        while self._waiting:
            due, call = self._waiting[0]
            if due > self._loop.time():
                await asyncio.sleep(due - self._loop.time())
                continue
            self._waiting.popleft()
            try:
                await _answer(call)
            except Exception:
                logger.exception("message %d is left to people", call.message_id)
        self._answering = None


async def _answer(call: Call) -> None:
    """Find what the shop's robot says, and have it said if it is its turn then. Does not wait for the commit."""
    shop = await read(talks.shop_of, call)
    if shop is None or not await _may_speak(shop, call):
        return
    reply = await read(unasked.reply, shop, call.text)
    # It may have taken a while to find.
    if reply is None or not await _may_speak(shop, call):
        return
    answer, second = _draft(call, reply), _draft(call, handing_over.handover(shop))
    writer.current().submit(Change(call.pair, partial(talks.take, call, shop, answer, second)), _tell)


async def _may_speak(shop: Shop, call: Call) -> bool:
    return unasked.may_speak(shop, alone=await _online(call.shop_account.id) is False)


async def _online(account_id: int) -> bool | None:
    """Whether the account is online, in whichever process; None where other processes are out of reach."""
    here = presence.current()
    if await here.online([account_id]):
        return True
    return False if here.certain else None


@speaking.online_by
def online(account_id: int) -> bool | None:
    """The same, for those who are not on the event loop."""
    return async_to_sync(_online)(account_id)


def _draft(call: Call, reply: Answer | Menu | Handover) -> Draft:
    match reply:
        case Menu():
            body, remark = bodies.menu_body(reply), Remark.MENU
        case Handover():
            body, remark = bodies.text_body(reply.text), Remark.HANDOVER
        case Answer():
            body, remark = bodies.text_body(reply.text), Remark.ANSWER if reply.found else Remark.FALLBACK
    return Draft(call.shop_account, call.customer, body.json, body.preview, call.answer_id, remark)


def _tell(outcome: list[MessageSent | QuestionUnanswered] | Refusal) -> None:
    """Tell everybody what the robot has said."""
    if isinstance(outcome, Refusal):
        return
    for event in outcome:
        if isinstance(event, MessageSent):
            publish(event)


_stand_ins: WeakKeyDictionary[asyncio.AbstractEventLoop, StandIn] = WeakKeyDictionary()


def current() -> StandIn:
    """The stand-in of the running event loop."""
    loop = asyncio.get_running_loop()
    stand_in = _stand_ins.get(loop)
    if stand_in is None:
        stand_in = _stand_ins[loop] = StandIn(loop)
    return stand_in
