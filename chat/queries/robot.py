"""`robot`: a shop's menu of questions, and its answers."""

from functools import partial

from msgspec import UNSET, Raw

from accounts import sign_in
from accounts.directory import AccountRef
from chat import blocks, standing_in, talks
from chat.database.reading import read
from chat.doors import limits
from chat.drafts import Change, Draft
from chat.models import Remark
from chat.protocol import bodies, frames
from chat.protocol.requests import Robot, RobotData
from chat.session import Session
from robots import answers
from robots.handing_over import Handover
from robots.models import Shop


async def ask(session: Session, query: Robot) -> frames.UserMessage | Draft | Change:
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
) -> frames.UserMessage | Draft | Change:
    number = asked.question_id if asked.question_id is not UNSET else None
    reply = await read(answers.answer, shop, content=asked.content, number=number)
    if isinstance(reply, answers.Menu):
        return _menu(shop_account, reply)
    words = bodies.text_body(reply.text)
    answer = Draft(shop_account, customer, words.json, words.preview, robot=_remark(reply))
    if answer.robot is Remark.ANSWER or not asked.content.strip():
        return answer
    written = bodies.text_body(asked.content)
    question = Draft(customer, shop_account, written.json, written.preview)
    if answer.robot is Remark.HANDOVER:
        return Change(answer.pair, partial(talks.leave, question, answer, shop))
    return Change(answer.pair, partial(talks.miss, question, asked.content, answer, shop))


def _remark(reply: answers.Answer | Handover) -> Remark:
    if isinstance(reply, Handover):
        return Remark.HANDOVER
    return Remark.ANSWER if reply.found else Remark.FALLBACK


def _menu(shop_account: AccountRef, menu: answers.Menu) -> frames.UserMessage:
    body = Raw(bodies.menu_body(menu).json.encode())
    return frames.UserMessage(data=frames.UserMessageData(shop_account.name, body, robot=1))
