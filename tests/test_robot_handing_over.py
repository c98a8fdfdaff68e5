"""`robot`: a customer who asks for a person, or whom the robot does not understand, is left to people."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from robots.models import Faq, Shop, Speaks
from tests.case import text
from tests.test_robot import FALLBACK, RobotTest

HANDOVER = "已转人工。"
UNKNOWN = ("火星上的天气怎么样", "今晚吃火锅还是烤鱼", "唱一首歌给我听")


class HandingOverTest(RobotTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.change(handover=HANDOVER)

    def change(self, **fields: Any) -> None:
        Shop.objects.using(self.world.alias).filter(pk=self.shop.pk).update(**fields)

    def talk(self) -> list[tuple[str, str, bool]]:
        """What is stored: who said it, what, and whether that was a robot."""
        return [
            (row.sender.name, json.loads(row.body)["content"], row.robot is not None) for row in self.world.messages()
        ]


class WhoAsksForAPerson(HandingOverTest):
    async def test_hears_that_people_will_answer(self) -> None:
        for words in ("转人工", "我要找人工客服", "轉人工！", "I would like to talk to a person"):
            answer = await self.robot(content=words)
            self.assertEqual((answer["query"], answer["data"]["message"]), ("user_message", text(HANDOVER)), words)
            self.assertEqual((answer["data"]["robot"], answer["data"]["handover"]), (1, 1))

    async def test_has_asked_nothing_that_is_unanswered(self) -> None:
        await self.robot(content="转人工")
        self.assertEqual(self.world.unanswered(), [])

    async def test_hears_when_people_are_back(self) -> None:
        opens = (datetime.now(UTC) + timedelta(hours=12)).hour
        self.change(hours=f"{opens}:00-{opens}:01", time_zone="UTC", away="{time} 回来")
        for words in ("转人工", UNKNOWN[0]):
            self.assertRegex(await self.said(content=words), rf"\n(今天|明天) {opens:02}:00 回来$")

    async def test_gets_the_answer_where_the_shop_has_that_very_question(self) -> None:
        Faq.objects.using(self.world.alias).create(shop=self.shop, number=9, question="转人工", answer="请拨打 400")
        Shop.objects.using(self.world.alias).get(pk=self.shop.pk).save()
        answer = await self.robot(content="转人工")
        self.assertEqual((answer["data"]["message"], answer["data"].get("handover")), (text("请拨打 400"), None))

    async def test_is_found_by_the_shops_people_as_one_who_waits(self) -> None:
        people = await self.signed_in("dev17", self.deployment.servers[-1])
        await self.robot(content="转人工")
        asked, said = await self.silence(people, "dev17")
        self.assertEqual((asked["query"], asked["data"]["message"]), ("user_message", text("转人工")))
        self.assertEqual((said["query"], said["data"]["handover"]), ("sync_say", 1))
        self.assertEqual(self.world.view("dev17", "User1").unread, 1)
        self.assertEqual(self.world.recount("dev17", "User1"), 1)
        self.assertEqual(self.talk(), [("User1", "转人工", False), ("dev17", HANDOVER, True)])

    async def test_hears_the_receipt_of_the_words_before_the_answer_and_on_other_sockets_the_words(self) -> None:
        other = await self.signed_in("User1", self.deployment.servers[-1])
        seq = await self.one.request("robot", account="dev17", shop_id=17, content="转人工")
        heard = await self.silence(self.one, "User1")
        self.assertEqual(
            [(frame["query"], frame.get("seq")) for frame in heard], [("sync_read", None), ("user_message", seq)]
        )
        queries = [frame["query"] for frame in await self.silence(other, "User1")]
        self.assertEqual(queries, ["sync_say", "sync_read", "user_message"])

    async def test_is_not_passed_on_twice(self) -> None:
        """As clients do that send what was typed and then ask the robot, or by impatience."""
        await self.one.tell("dev17", "转人工")
        await self.robot(content="转人工 ")
        await self.robot(content="转人工")
        self.assertEqual([row[0] for row in self.talk()], ["User1", "dev17", "dev17"])

    async def test_is_passed_on_again_after_people_have_written(self) -> None:
        people = await self.signed_in("dev17")
        await self.robot(content="转人工")
        await people.tell("User1", "稍等")
        await self.robot(content="转人工")
        self.assertEqual(self.world.messages().filter(sender__name="User1").count(), 2)

    async def test_is_read_at_once_where_people_look(self) -> None:
        people = await self.signed_in("dev17", self.deployment.servers[0])
        await people.ask("enter_chats", account="User1")
        await self.robot(content="转人工")
        self.assertEqual(self.world.view("dev17", "User1").unread, 0)

    async def test_is_left_to_people_by_a_robot_that_speaks_by_itself(self) -> None:
        self.change(speaks=Speaks.ALONE)
        self.world.shop("dev99", 99, {1: ("在", "在")}, speaks=Speaks.ALONE)
        await self.robot(content="转人工")
        await self.one.tell("dev17", "包邮吗")
        await self.one.tell("dev99", "在")
        await self.one.hear("user_message", account="dev99")
        self.assertEqual(self.talk()[-1][0], "dev99")
        self.assertNotIn(("dev17", "本店全场包邮", True), self.talk())


class WhoIsNotUnderstood(HandingOverTest):
    async def marks(self, *contents: str) -> list[int | None]:
        """Of each of these whether its answer hands over; all of them get the fallback, to the letter."""
        found = []
        for content in contents:
            answer = await self.robot(content=content)
            self.assertEqual(answer["data"]["message"], text(FALLBACK))
            found.append(answer["data"].get("handover"))
        return found

    async def test_twice_in_a_row_is_left_to_people(self) -> None:
        self.assertEqual(await self.marks(*UNKNOWN), [None, 1, None])
        self.assertEqual(self.world.unanswered(), list(UNKNOWN))
        self.assertEqual([row[:2] for row in self.talk() if row[0] == "User1"], [("User1", UNKNOWN[1])])
        self.assertEqual(self.world.view("dev17", "User1").unread, 1)

    async def test_and_understood_in_between_is_not(self) -> None:
        await self.marks(UNKNOWN[0])
        await self.robot(content="包邮吗")
        self.assertEqual(await self.marks(UNKNOWN[1]), [None])

    async def test_by_another_shops_robot_is_not(self) -> None:
        self.world.shop("dev18", 18, {}, fallback=FALLBACK)
        await self.robot(account="dev18", shop_id=18, content=UNKNOWN[0])
        self.assertEqual(await self.marks(UNKNOWN[1]), [None])

    async def test_is_so_whether_written_or_asked(self) -> None:
        self.change(speaks=Speaks.ALONE)
        await self.one.tell("dev17", UNKNOWN[0])
        await self.one.hear("user_message", account="dev17")
        self.assertEqual(await self.marks(UNKNOWN[1]), [1])
