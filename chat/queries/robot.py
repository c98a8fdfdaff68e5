"""`robot`: a shop's menu of questions, and its answers."""

from functools import partial

from msgspec import UNSET, Raw

from accounts import sign_in
from accounts.directory import AccountRef
from chat import blocks, standing_in, writer
from chat.database.pairs import pair
from chat.database.reading import read
from chat.doors import limits
from chat.drafts import Change, Draft
from chat.events import QuestionUnanswered
from chat.models import Remark
from chat.protocol import bodies, frames
from chat.protocol.requests import Robot, RobotData
from chat.session import Session
from robots import answers
from robots.models import Shop


async def ask(session: Session, query: Robot) -> frames.UserMessage | Draft:
    """The menu for the asking socket alone, or the shop's answer as a message of the shop."""
    asked = query.data
    shop_account = await session.peer(asked.account)
    await read(blocks.check, account_id=session.account.id, peer_id=shop_account.id)
    if asked.api_token:
        await read(sign_in.check_api_token, session.account.id, asked.api_token)
    shop = await read(
        answers.find_shop, app_id=session.account.app_id, number=asked.shop_id, account_id=shop_account.id
    )
    if not asked.content.strip() and asked.question_id is UNSET:
        return _menu(shop_account, await read(answers.menu, shop))
    limits.take_send(session.account.id, shop_account.id)
    standing_in.current().asked(session.account.id, shop_account.id)
    return await _answer(session.account, shop_account, shop, asked)


async def _answer(
    customer: AccountRef, shop_account: AccountRef, shop: Shop, asked: RobotData
) -> frames.UserMessage | Draft:
    number = asked.question_id if asked.question_id is not UNSET else None
    answer = await read(answers.answer, shop, content=asked.content, number=number)
    if isinstance(answer, answers.Menu):
        return _menu(shop_account, answer)
    if not answer.found and asked.content.strip():
        note = partial(_note_unanswered, shop, QuestionUnanswered(customer, shop_account, asked.content))
        await writer.current().done(Change(pair(customer.id, shop_account.id), note))
    body = bodies.text_body(answer.text)
    remark = Remark.ANSWER if answer.found else Remark.FALLBACK
    return Draft(shop_account, customer, body.json, body.preview, robot=remark)


def _note_unanswered(shop: Shop, event: QuestionUnanswered) -> QuestionUnanswered:
    answers.note_unanswered(shop, asker_id=event.asker.id, text=event.text)
    return event


def _menu(shop_account: AccountRef, menu: answers.Menu) -> frames.UserMessage:
    return frames.UserMessage(data=frames.UserMessageData(shop_account.name, Raw(bodies.menu_body(menu).json.encode())))
