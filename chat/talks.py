"""Whose turn it is in a conversation: whether a shop's robot may answer what a customer has written, or leaves it.

A talk is what was written without a pause as long as the shop's time of quiet. Where a person of the shop takes part in
it, or the robot has left it to people, the robot says nothing until the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from django.utils import timezone

from accounts.directory import AccountRef
from chat import viewing
from chat.database.pairs import Pair, pair
from chat.drafts import Draft
from chat.events import MessageSent, QuestionUnanswered
from chat.messages import Stored, between, store
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


def miss(question: Draft, text: str, answer: Draft, shop: Shop) -> list[Stored | QuestionUnanswered]:
    """Have the robot say that it has not understood what it was asked; twice in a row, and it leaves that to people.

    Its words are the same then, as existing clients know them. Runs within the caller's transaction, as `take` does.
    """
    answers.note_unanswered(shop, asker_id=question.sender.id, text=text)
    noted = QuestionUnanswered(question.sender, question.recipient, text)
    before = next((row for row in _recent(question.pair, shop) if row["sender"] == question.recipient.id), None)
    if before is not None and before["robot"] == Remark.FALLBACK:
        answer.robot = Remark.HANDOVER
        return [noted, *leave(question, answer, shop)]
    answer.viewed = viewing.is_viewing(answer.recipient.id, answer.sender.id)
    return [noted, *store([answer])]


def leave(question: Draft, answer: Draft, shop: Shop) -> list[Stored]:
    """Have the robot say that it leaves to people what it was asked, which they find as a message of the customer.

    What the customer has just written, as clients do that send it and then ask, is there already. The answer comes
    last. Runs within the caller's transaction, as `take` does.
    """
    drafts = [answer] if _is_written(question, shop) else [question, answer]
    for draft in drafts:
        draft.viewed = viewing.is_viewing(draft.recipient.id, draft.sender.id)
    return store(drafts)


def _is_written(question: Draft, shop: Shop) -> bool:
    """Whether the customer has written it, and nobody anything since, the robot apart."""
    last = next((row for row in _recent(question.pair, shop) if row["robot"] is None), None)
    if last is None or last["sender"] != question.sender.id or last["recalled_at"] is not None:
        return False
    body = between(*question.pair).values_list("body", flat=True).get(pk=last["id"])
    return bool(_text(body) == _text(question.body))


def _text(body: str) -> Any:
    content = msgspec.json.decode(body).get("content")
    return content.strip() if isinstance(content, str) else content


def _talk(call: Call, shop: Shop) -> Sequence[dict[str, Any]] | None:
    """The talk so far, the newest message first; None if the robot is to be silent in it."""
    talk = _recent(call.pair, shop)
    asked = any(row["id"] == call.message_id and row["recalled_at"] is None for row in talk)
    silenced = any(_silences(row, call) for row in talk if row["sender"] == call.shop_account.id)
    return talk if asked and not silenced else None


def _recent(pair: Pair, shop: Shop) -> Sequence[dict[str, Any]]:
    """The talk of this pair so far, the newest message first."""
    quiet = timedelta(minutes=shop.quiet_minutes)
    columns = ("id", "sender", "robot", "client_id", "recalled_at", "created_at")
    talk: list[dict[str, Any]] = []
    later = timezone.now()
    for row in between(*pair).order_by("-id").values(*columns)[:LOOKED_AT]:
        if later - row["created_at"] >= quiet:
            break
        later = row["created_at"]
        talk.append(row)
    return talk


def _silences(row: dict[str, Any], call: Call) -> bool:
    """Whether this message of the shop leaves the robot nothing to say."""
    if row["robot"] is None or row["robot"] == Remark.HANDOVER or row["client_id"] == call.answer_id:
        return True
    # What the customer asked of the robot since then has its answer.
    return row["id"] > call.message_id and row["client_id"] is None
