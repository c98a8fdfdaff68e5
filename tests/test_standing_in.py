"""A shop's robot answers customers' ordinary messages, while nobody of the shop does."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F

from chat.models import Message
from robots.models import Shop, Speaks
from tests.case import SocketTest, text
from tests.client import Client, Heard

FAQS = {3: ("包邮吗", "本店全场包邮"), 1: ("发什么快递", "发顺丰a"), 4: ("几天能到", "两三天")}
UNKNOWN = "火星上的天气怎么样"
FALLBACK, HANDOVER = "请稍等。", "已转人工。"


class StandingInTest(SocketTest):
    """User1 talks with dev17, whose robot speaks; a robot of dev99 that always answers tells when all were heard."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.account("User1")
        self.shop = self.speaking_shop("dev17", 17, speaks=Speaks.ALONE)
        self.speaking_shop("dev99", 99, speaks=Speaks.ALONE)
        self.one = await self.signed_in("User1", self.deployment.servers[0])

    def speaking_shop(self, account: str, number: int, **fields: Any) -> Shop:
        words = {"greeting": "您好", "fallback": FALLBACK, "handover": HANDOVER, "away": "{time} 回来", **fields}
        return self.world.shop(account, number, FAQS, **words)

    def change(self, **fields: Any) -> None:
        Shop.objects.using(self.world.alias).filter(pk=self.shop.pk).update(**fields)

    async def answer(self, content: str) -> Heard:
        """What the robot says to it."""
        await self.one.tell("dev17", content)
        return await self.one.hear("user_message", account="dev17")

    async def said(self, content: str) -> Any:
        return (await self.answer(content))["data"]["message"]["content"]

    async def all_heard(self) -> list[Heard]:
        """What dev17's robot has said, once everything that User1 wrote was looked at."""
        await self.one.tell("dev99", "包邮吗")
        await self.one.hear("user_message", account="dev99")
        heard = await self.one.pending()
        return [frame for frame in heard if frame["query"] == "user_message" and frame["data"]["account"] == "dev17"]

    async def tells_nothing(self, *contents: str) -> None:
        for content in contents:
            await self.one.tell("dev17", content)
        self.assertEqual(await self.all_heard(), [])

    def go_back(self, minutes: float) -> None:
        """All that was written so far was written so much earlier."""
        self.world.messages().update(created_at=F("created_at") - timedelta(minutes=minutes))


class AnOrdinaryMessage(StandingInTest):
    async def test_is_answered_with_a_message_of_the_shop_that_is_marked(self) -> None:
        answer = await self.answer("包邮吗")
        self.assertEqual(answer["data"]["message"], text("本店全场包邮"))
        self.assertEqual((answer["data"]["robot"], answer["data"]["is_read"]), (1, 0))
        self.assertEqual(self.world.recount("User1", "dev17"), self.world.view("User1", "dev17").unread)
        for query in ("chats", "history_chats"):
            items = (await self.one.ask(query, account="dev17"))["data"]["list"]
            self.assertEqual([item.get("robot") for item in items], [None, 1])

    async def test_waits_for_the_shop_unread_and_its_people_see_the_answer(self) -> None:
        shop = await self.signed_in("dev17", self.deployment.servers[-1])
        self.change(speaks=Speaks.ALONE_OR_OPEN)
        answer = await self.answer("包邮吗")
        said = await shop.hear("sync_say")
        self.assertEqual((said["data"]["robot"], said["message_id"]), (1, answer["message_id"]))
        self.assertEqual(self.world.view("dev17", "User1").unread, 1)

    async def test_that_may_mean_several_things_is_answered_with_a_menu_that_is_kept(self) -> None:
        answer = await self.answer("快递费多少")
        body = answer["data"]["message"]
        self.assertEqual(body["type"], "robot")
        self.assertIn("包邮吗", [choice["question"] for choice in body["data"]["list"]])
        (item,) = (await self.one.ask("history_chats", account="dev17", limit=1))["data"]["list"]
        self.assertEqual((item["message"], item["robot"]), (body, 1))
        self.assertEqual((await self.one.ask("users"))["data"][0]["last_msg"], "[机器人]")

    async def test_that_only_greets_is_answered_with_questions(self) -> None:
        for greeting in ("你好，在吗？", "有人吗"):
            body = (await self.answer(greeting))["data"]["message"]
            self.assertEqual(body["data"]["title"], "您好")
            self.assertEqual(len(body["data"]["list"]), 3)

    async def test_that_ends_the_talk_is_left_at_that(self) -> None:
        await self.tells_nothing("好的，谢谢", "😊", "嗯嗯", "好的謝謝", "好的" * 30)

    async def test_that_begins_with_many_such_words_is_answered_as_soon(self) -> None:
        for courtesy in ("哦" * 50, "好的" * 25):
            self.assertEqual((await self.answer(courtesy + "火星"))["data"]["account"], "dev17")

    async def test_without_text_is_left_to_people(self) -> None:
        for body in ({"type": "img", "content": "a.jpg"}, {"type": "goods", "data": {"goods_id": 1}}):
            await self.one.ask("send", account="dev17", message=body)
        self.assertEqual(await self.all_heard(), [])
        await self.said(UNKNOWN)
        self.assertEqual((await self.answer("包邮吗"))["data"]["message"], text("本店全场包邮"))

    async def test_to_a_shop_whose_robot_is_off_is_left_to_people(self) -> None:
        self.change(speaks=Speaks.NEVER)
        await self.tells_nothing("包邮吗")

    async def test_is_answered_once_however_often_it_is_sent(self) -> None:
        message = {"account": "dev17", "message": text("包邮吗"), "client_id": "one"}
        await self.one.ask("send", **message)
        await self.one.ask("send", **message)
        await self.one.hear("user_message", account="dev17")
        again = await self.signed_in("User1", self.deployment.servers[-1])
        await again.ask("send", **message)
        self.assertEqual(await self.all_heard(), [])
        self.assertEqual(self.world.messages().filter(robot__isnull=False, sender__name="dev17").count(), 1)

    async def test_is_answered_after_its_server_ended_too_soon_once_it_is_sent_again(self) -> None:
        body = json.dumps(text("包邮吗"))
        said = self.world.said("User1", "dev17", text("包邮吗"))
        Message.objects.using(self.world.alias).filter(pk=said.pk).update(client_id="one", body=body)
        await self.one.ask("send", account="dev17", message=text("包邮吗"), client_id="one")
        await self.one.hear("user_message", account="dev17", message=text("本店全场包邮"))

    async def test_and_the_next_are_answered_in_order(self) -> None:
        await self.one.tell_all("dev17", ["包邮吗", "发什么快递", "几天能到"])
        heard = [(await self.one.hear("user_message"))["data"]["message"]["content"] for _ in range(3)]
        self.assertEqual(heard, ["本店全场包邮", "发顺丰a", "两三天"])

    async def test_that_is_recalled_at_once_is_not_answered(self) -> None:
        sent = await self.one.tell("dev17", "包邮吗")
        await self.one.ask("recall", account="dev17", message_id=sent["message_id"])
        self.assertEqual(await self.all_heard(), [])

    async def test_of_an_existing_client_that_asks_the_robot_itself_has_one_answer(self) -> None:
        await self.one.request("send", account="dev17", message=text("发什么快递"))
        answer = await self.one.ask("robot", account="dev17", shop_id=17, content="发顺丰a")
        self.assertEqual(answer["data"]["message"], text("发顺丰a"))
        self.assertEqual(await self.all_heard(), [])

    async def test_of_another_shop_is_not_answered(self) -> None:
        shop = await self.signed_in("dev99")
        await shop.tell("dev17", "包邮吗")
        self.speaking_shop("dev98", 98, speaks=Speaks.ALONE)
        await self.one.tell("dev98", "包邮吗")
        await self.one.hear("user_message", account="dev98")
        self.assertFalse(self.world.messages().filter(sender__name="dev17").exists())

    async def test_of_somebody_who_blocks_the_shop_is_not_answered(self) -> None:
        await self.one.ask("block", account="dev17")
        await self.tells_nothing("包邮吗", UNKNOWN)
        self.assertEqual(self.world.unanswered(), [])

    async def test_that_is_read_as_it_is_answered_counts_as_read(self) -> None:
        await self.one.ask("enter_chats", account="dev17")
        self.assertEqual((await self.answer("包邮吗"))["data"]["is_read"], 1)
        self.assertEqual(self.world.view("User1", "dev17").unread, 0)


class WhilePeopleAreThere(StandingInTest):
    async def test_the_robot_is_silent(self) -> None:
        await self.signed_in("dev17", self.deployment.servers[-1])
        await self.tells_nothing("包邮吗")

    async def test_it_answers_within_the_shops_hours_where_the_shop_wants_that(self) -> None:
        await self.signed_in("dev17", self.deployment.servers[-1])
        self.change(speaks=Speaks.ALONE_OR_OPEN, hours="00:00-24:00")
        self.assertEqual(await self.said("包邮吗"), "本店全场包邮")
        self.change(speaks=Speaks.ALONE_OR_CLOSED)
        await self.tells_nothing("几天能到")

    async def test_it_answers_again_after_they_have_left(self) -> None:
        shop = await self.signed_in("dev17", self.deployment.servers[-1])
        await self.tells_nothing("包邮吗")
        watch = await self.signed_in("User1", self.deployment.servers[-1])
        await watch.ask("subscribe", events=["online"])
        await watch.ask("online", accounts=["dev17"])
        await shop.socket.close()
        await watch.hear("sync_online", chat_account="dev17", online=0)
        self.assertEqual(await self.said("几天能到"), "两三天")


class OnceAPersonHasWritten(StandingInTest):
    async def person_writes(self) -> None:
        shop = await self.signed_in("dev17")
        await shop.tell("User1", "我在")
        await self.one.hear("user_message", message=text("我在"))

    async def test_the_robot_is_silent_until_it_has_been_quiet(self) -> None:
        self.change(speaks=Speaks.ALONE_OR_OPEN, quiet_minutes=30)
        await self.person_writes()
        await self.tells_nothing("包邮吗")
        self.go_back(29)
        await self.tells_nothing("几天能到")
        self.go_back(30)
        self.assertEqual(await self.said("发什么快递"), "发顺丰a")

    async def test_a_message_that_they_answered_before_the_robot_could_is_theirs(self) -> None:
        self.change(speaks=Speaks.ALONE_OR_OPEN)
        shop = await self.signed_in("dev17")
        await self.one.tell("dev17", "包邮吗")
        await shop.tell("User1", "包的")
        heard = [frame["data"]["message"] for frame in await self.all_heard()]
        self.assertEqual(heard, [text("包的")])

    async def test_people_and_robot_never_talk_at_once(self) -> None:
        """However the two race, nothing of the robot comes after a person's words."""
        self.change(speaks=Speaks.ALONE_OR_OPEN)
        shop = await self.signed_in("dev17", self.deployment.servers[-1])
        for step in range(8):
            customer = f"c{step}"
            self.world.account(customer)
            socket = await self.signed_in(customer, self.deployment.servers[0])
            await socket.tell_all("dev17", ["包邮吗", "几天能到", "发什么快递"])
            if step % 2:
                await socket.hear("user_message")
            await shop.tell(customer, "我来")
        await self.all_heard()
        for step in range(8):
            rows = self.world.messages().filter(recipient__name=f"c{step}").order_by("id")
            robots = [row.robot is not None for row in rows]
            self.assertEqual(robots, sorted(robots, reverse=True))
            self.assertFalse(robots[-1])


class HandingOver(StandingInTest):
    async def test_is_done_when_the_customer_asks_for_a_person(self) -> None:
        for number, words in enumerate(
            ("转人工", "你好，人工", "我要找人工客服！", "轉人工", "I would like to talk to a person", "Live agent?")
        ):
            customer = f"c{number}"
            self.world.account(customer)
            socket = await self.signed_in(customer)
            await socket.tell("dev17", words)
            heard = await socket.hear("user_message")
            self.assertEqual((heard["data"]["message"], heard["data"]["handover"]), (text(HANDOVER), 1), words)

    async def test_is_told_to_the_shops_people_and_kept(self) -> None:
        self.change(speaks=Speaks.ALONE_OR_OPEN)
        shop = await self.signed_in("dev17", self.deployment.servers[-1])
        await self.one.tell("dev17", "转人工")
        said = await shop.hear("sync_say")
        self.assertEqual((said["data"]["handover"], said["data"]["message"]), (1, text(HANDOVER)))
        (_, item) = (await shop.ask("chats", account="User1"))["data"]["list"]
        self.assertEqual((item["robot"], item["handover"]), (1, 1))
        self.assertEqual((await shop.ask("users"))["data"][0]["last_msg"], HANDOVER)

    async def test_is_done_after_two_misses_in_a_row(self) -> None:
        self.assertEqual(await self.said(UNKNOWN), FALLBACK)
        self.assertEqual(await self.said("包邮吗"), "本店全场包邮")
        self.assertEqual(await self.said(UNKNOWN), FALLBACK)
        answer = await self.answer("今晚吃火锅还是烤鱼")
        self.assertEqual((answer["data"]["message"], answer["data"]["handover"]), (text(HANDOVER), 1))
        self.assertEqual(self.world.unanswered(), [UNKNOWN, UNKNOWN, "今晚吃火锅还是烤鱼"])

    async def test_leaves_the_talk_to_people_until_it_has_been_quiet(self) -> None:
        await self.said("转人工")
        await self.tells_nothing("包邮吗", "转人工")
        self.go_back(30)
        self.assertEqual(await self.said("包邮吗"), "本店全场包邮")

    async def test_says_when_people_are_back(self) -> None:
        opens = (datetime.now(UTC) + timedelta(hours=12)).hour
        self.change(hours=f"{opens}:00-{opens}:01", time_zone="UTC", away="{time} 回来")
        for words in (UNKNOWN, "转人工"):
            self.assertRegex(await self.said(words), rf"\n(今天|明天) {opens:02}:00 回来$")


class ASwitch(StandingInTest):
    async def test_counts_in_every_process_at_once(self) -> None:
        sockets = [await self.signed_in("User1", server) for server in self.deployment.servers]
        self.change(speaks=Speaks.NEVER)
        for socket in sockets:
            await self.speaks_not(socket)
        self.change(speaks=Speaks.ALONE)
        for socket in sockets:
            await socket.tell("dev17", "包邮吗")
            await socket.hear("user_message", account="dev17")

    async def speaks_not(self, socket: Client) -> None:
        await socket.tell("dev17", "包邮吗")
        await socket.tell("dev99", "包邮吗")
        await socket.hear("user_message", account="dev99")
        self.assertFalse(self.world.messages().filter(sender__name="dev17").exists())
