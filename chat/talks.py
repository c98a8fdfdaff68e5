"""Whose turn it is in a conversation: whether a shop's robot may answer what a customer has written.

A talk is what was written without a pause as long as the shop's time of quiet. Where a person of the shop takes part in
it, or the robot has left it to people, the robot says nothing until the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.directory import AccountRef
from chat import viewing
from chat.database.pairs import Pair, pair
from chat.drafts import Draft
from chat.events import MessageSent, QuestionUnanswered
from chat.messages import between, store
from chat.models import Remark
from robots import answers
from robots.models import Shop

LOOKED_AT = 100
"""Messages of a talk; what was said before them is forgotten."""


@dataclass(frozen=True, slots=True)
class Call:
    """A customer's message, which waits for somebody of the shop to answer it."""

    message_id: int
    customer: AccountRef
    shop_account: AccountRef
    shop_id: int
    text: str

    @property
    def pair(self) -> Pair:
        return pair(self.customer.id, self.shop_account.id)

    @property
    def answer_id(self) -> str:
        """The `client_id` of the robot's answer: however often it is tried, it is stored once."""
        return f"robot-{self.message_id}"


def shop_of(call: Call) -> Shop | None:
    """The shop, if as things are its robot may answer; so that no answer is looked for in vain."""
    shop = Shop.objects.filter(pk=call.shop_id, enabled=True).first()
    if shop is None or Shop.objects.filter(account=call.customer.id).exists() or _talk(call, shop) is None:
        return None
    return shop


def take(call: Call, shop: Shop, answer: Draft, second: Draft) -> list[MessageSent | QuestionUnanswered]:
    """Have the robot say `answer`, or nothing if it is not its turn; `second` in place of a fallback after another.

    Runs within the caller's `chat.database.pairs.exclusive` transaction, so that nobody writes between looking and
    speaking.
    """
    talk = _talk(call, shop)
    if talk is None:
        return []
    missed = answer.robot is Remark.FALLBACK
    before = next((row for row in talk if row["sender"] == call.shop_account.id), None)
    if missed and before is not None and before["robot"] == Remark.FALLBACK:
        answer = second
    answer.viewed = viewing.is_viewing(call.customer.id, call.shop_account.id)
    (outcome,) = store([answer])
    if not isinstance(outcome, MessageSent):
        return []
    if not missed:
        return [outcome]
    answers.note_unanswered(shop, asker_id=call.customer.id, text=call.text)
    return [outcome, QuestionUnanswered(call.customer, call.shop_account, call.text)]


def _talk(call: Call, shop: Shop) -> Sequence[dict[str, Any]] | None:
    """The talk so far, the newest message first; None if the robot is to be silent in it."""
    quiet = timedelta(minutes=shop.quiet_minutes)
    columns = ("id", "sender", "robot", "client_id", "recalled_at", "created_at")
    talk: list[dict[str, Any]] = []
    later = timezone.now()
    for row in between(*call.pair).order_by("-id").values(*columns)[:LOOKED_AT]:
        if later - row["created_at"] >= quiet:
            break
        later = row["created_at"]
        talk.append(row)
    asked = any(row["id"] == call.message_id and row["recalled_at"] is None for row in talk)
    silenced = any(_silences(row, call) for row in talk if row["sender"] == call.shop_account.id)
    return talk if asked and not silenced else None


def _silences(row: dict[str, Any], call: Call) -> bool:
    """Whether this message of the shop leaves the robot nothing to say."""
    if row["robot"] is None or row["robot"] == Remark.HANDOVER or row["client_id"] == call.answer_id:
        return True
    # What the customer asked of the robot since then has its answer.
    return row["id"] > call.message_id and row["client_id"] is None
