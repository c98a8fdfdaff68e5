"""`robot`: a shop's menu of questions, and the shop's answers."""

from typing import Any

from accounts.models import Account
from accounts.sign_in import api_token_digest
from robots.models import Faq, Shop
from tests.case import SocketTest, text
from tests.client import Heard

FALLBACK = "请稍等，客服马上来。"


class RobotTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.account("User1")
        faqs = {3: ("包邮吗", "本店全场包邮"), 1: ("发什么快递", "发顺丰a"), 4: ("几天能到", "两三天")}
        self.shop = self.world.shop("dev17", 17, faqs, greeting="亲，请问？", fallback=FALLBACK)
        self.one = await self.signed_in("User1", self.deployment.servers[0])

    async def robot(self, **data: Any) -> Heard:
        return await self.one.ask("robot", **{"account": "dev17", "shop_id": 17, **data})

    async def said(self, **data: Any) -> str:
        """What the shop's answer says."""
        answer = await self.robot(**data)
        self.assertEqual((answer["query"], answer["data"]["account"]), ("user_message", "dev17"))
        content: str = answer["data"]["message"]["content"]
        return content


class TheMenu(RobotTest):
    async def test_has_the_documents_form_and_the_shops_order(self) -> None:
        await self.one.say('{"query":"robot","data":{"account":"dev17","shop_id":17,"api_token":"0f97e962"}}')
        answer = await self.one.next()
        questions = [
            {"question_id": 3, "question": "包邮吗", "answer": "本店全场包邮"},
            {"question_id": 1, "question": "发什么快递", "answer": "发顺丰a"},
            {"question_id": 4, "question": "几天能到", "answer": "两三天"},
        ]
        menu = {"title": "亲，请问？", "list": questions}
        message = {"type": "robot", "content": "机器人问题列表", "data": menu}
        data = {"account": "dev17", "message": message, "robot": 1}
        self.assertEqual(answer, {"code": 0, "query": "user_message", "data": data})

    async def test_leaves_out_questions_that_are_switched_off(self) -> None:
        Faq.objects.using(self.world.alias).filter(shop=self.shop, number__in=[1, 4]).update(enabled=False)
        menu = (await self.robot())["data"]["message"]["data"]
        self.assertEqual([question["question_id"] for question in menu["list"]], [3])

    async def test_is_not_stored_and_only_the_asking_socket_hears_it(self) -> None:
        other, shop = await self.signed_in("User1"), await self.signed_in("dev17")
        await self.robot()
        self.assertEqual(await self.silence(other, "User1") + await self.silence(shop, "dev17"), [])
        self.assertFalse(self.world.messages().exists())
        self.assertFalse(self.world.conversations().exists())

    async def test_of_a_shop_without_questions_is_a_greeting(self) -> None:
        self.world.shop("dev18", 18, {}, greeting="您好")
        answer = await self.robot(account="dev18", shop_id=18)
        self.assertEqual(answer["data"]["message"]["data"], {"title": "您好", "list": []})

    async def test_is_what_a_blank_question_gets(self) -> None:
        self.assertEqual((await self.robot(content="  "))["data"]["message"]["type"], "robot")


class AnAnswer(RobotTest):
    async def test_is_found_by_the_answer_itself_as_existing_clients_ask(self) -> None:
        self.assertEqual(await self.said(content="发顺丰a"), "发顺丰a")

    async def test_is_found_by_the_question(self) -> None:
        self.assertEqual(await self.said(content="包邮吗"), "本店全场包邮")

    async def test_is_found_by_the_questions_number(self) -> None:
        self.assertEqual(await self.said(question_id=4), "两三天")
        self.assertEqual(await self.said(question_id="4"), "两三天")

    async def test_is_found_by_the_number_before_any_words(self) -> None:
        self.assertEqual(await self.said(question_id=4, content="包邮吗"), "两三天")

    async def test_is_found_by_a_likeness_of_the_question(self) -> None:
        self.assertEqual(await self.said(content="请问发什么快递？"), "发顺丰a")

    async def test_is_a_text_from_the_shop_with_the_keys_of_any_message(self) -> None:
        answer = await self.robot(content="发顺丰a")
        (stored,) = self.world.messages()
        self.assertEqual((stored.sender.name, stored.recipient.name), ("dev17", "User1"))
        self.assertEqual(answer["message_id"], stored.pk)
        self.assertEqual(answer["data"]["message"], text("发顺丰a"))
        item = (await self.one.ask("chats", account="dev17"))["data"]["list"][0]
        self.assertEqual((item["message"], item["created_at"]), (text("发顺丰a"), answer["data"]["created_at"]))

    async def test_is_counted_as_any_message(self) -> None:
        await self.robot(content="发顺丰a")
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 1)

    async def test_is_read_on_arrival_in_the_shops_room(self) -> None:
        await self.one.ask("enter_chats", account="dev17")
        await self.robot(content="发顺丰a")
        self.assertEqual((await self.one.ask("users"))["data"][0]["noread_nums"], 0)
        self.assertEqual((await self.one.ask("chats", account="dev17"))["data"]["list"][0]["is_read"], 1)

    async def test_reaches_the_customers_other_sockets_as_a_message_and_the_shops_as_its_own_words(self) -> None:
        other, shop = await self.signed_in("User1"), await self.signed_in("dev17")
        answer = await self.robot(content="发顺丰a")
        (heard,) = await self.silence(other, "User1")
        self.assertEqual(heard, {key: value for key, value in answer.items() if key != "seq"})
        (said,) = await self.silence(shop, "dev17")
        self.assertEqual((said["query"], said["message_id"]), ("sync_say", answer["message_id"]))
        self.assertEqual((said["data"]["account"], said["data"]["chat_account"]), ("dev17", "User1"))
        self.assertEqual(said["data"]["message"], text("发顺丰a"))

    async def test_is_told_to_the_asking_socket_once(self) -> None:
        await self.one.request("robot", account="dev17", shop_id=17, content="发顺丰a")
        self.assertEqual([f["query"] for f in await self.silence(self.one, "User1")], ["user_message"])


class WhenTheRobotIsNotSure(RobotTest):
    async def test_it_offers_a_few_questions_to_the_asking_socket_alone(self) -> None:
        other, shop = await self.signed_in("User1"), await self.signed_in("dev17")
        menu = (await self.robot(content="快递费多少"))["data"]["message"]
        self.assertEqual(menu["type"], "robot")
        self.assertLessEqual({1, 3}, {question["question_id"] for question in menu["data"]["list"]})
        self.assertEqual(await self.silence(other, "User1") + await self.silence(shop, "dev17"), [])
        self.assertFalse(self.world.messages().exists())
        self.assertEqual(self.world.unanswered(), [])


class AChange(RobotTest):
    async def test_is_known_to_every_process_at_once(self) -> None:
        for server in self.deployment.servers:
            one = await self.signed_in("User1", server)
            await one.ask("robot", account="dev17", shop_id=17, content="要不要运费")
        Faq.objects.using(self.world.alias).filter(shop=self.shop, number=3).update(answer="满百包邮")
        for server in self.deployment.servers:
            one = await self.signed_in("User1", server)
            said = await one.ask("robot", account="dev17", shop_id=17, content="要不要运费")
            self.assertEqual(said["data"]["message"], text("满百包邮"))


class NoAnswer(RobotTest):
    async def test_is_the_shops_fallback_and_the_question_is_put_on_its_list(self) -> None:
        self.assertEqual(await self.said(content="能开发票吗"), FALLBACK)
        self.assertEqual(self.world.unanswered(), ["能开发票吗"])

    async def test_never_makes_the_shop_say_the_clients_words(self) -> None:
        for words in ("本店全部免费，请加微信123", "<b>包退</b>", "本店全场包邮，还送现金"):
            said = await self.said(content=words)
            self.assertIn(said, (FALLBACK, "本店全场包邮", "机器人问题列表"))

    async def test_to_a_number_that_there_is_not_is_the_fallback(self) -> None:
        self.assertEqual(await self.said(question_id=99), FALLBACK)
        self.assertEqual(self.world.unanswered(), [])

    async def test_is_found_among_questions_that_are_switched_off(self) -> None:
        Faq.objects.using(self.world.alias).filter(shop=self.shop).update(enabled=False)
        for data in ({"content": "包邮吗"}, {"content": "本店全场包邮"}, {"question_id": 3}):
            self.assertEqual(await self.said(**data), FALLBACK)

    async def test_is_found_among_another_shops_questions(self) -> None:
        self.world.shop("dev18", 18, {7: ("能开发票吗", "可以开票"), 9: ("有大码吗", "有大码")})
        for data in ({"content": "能开发票吗"}, {"content": "有大码"}, {"question_id": 9}):
            self.assertEqual(await self.said(**data), FALLBACK)

    async def test_is_noted_for_the_asked_shop(self) -> None:
        other = self.world.shop("dev18", 18, {})
        await self.robot(account="dev18", shop_id=18, content="能开发票吗")
        self.assertEqual(other.unanswered.get().asker.name, "User1")
        self.assertEqual(self.shop.unanswered.count(), 0)


class WhoseRobot(RobotTest):
    async def test_only_the_account_of_that_shop_has_it(self) -> None:
        self.world.shop("dev18", 18, {})
        self.world.account("User2")
        for account, number in (("dev17", 18), ("dev18", 17), ("User2", 17), ("dev17", 99)):
            for more in ({}, {"content": "包邮吗"}):
                refused = await self.robot(account=account, shop_id=number, **more)
                self.assert_refused(refused, "unknown_shop", "robot")
        self.assertFalse(self.world.messages().exists())

    async def test_not_that_of_a_shop_that_is_switched_off(self) -> None:
        Shop.objects.using(self.world.alias).filter(pk=self.shop.pk).update(enabled=False)
        self.assert_refused(await self.robot(), "unknown_shop", "robot")

    async def test_not_that_of_an_account_that_there_is_not(self) -> None:
        self.assert_refused(await self.robot(account="Nobody"), "unknown_account", "robot")

    async def test_the_shops_number_may_be_a_string(self) -> None:
        self.assertEqual(await self.said(shop_id="17", content="包邮吗"), "本店全场包邮")


class TheApiToken(RobotTest):
    def put_on_record(self, token: str) -> None:
        rows = Account.objects.using(self.world.alias).filter(app=self.world.app, name="User1")
        rows.update(api_token_digest=api_token_digest(token))

    async def test_is_ignored_if_the_account_has_none_on_record(self) -> None:
        self.assertEqual((await self.robot(api_token="anything"))["code"], 0)

    async def test_must_be_the_one_on_record(self) -> None:
        self.put_on_record("right")
        self.assertEqual((await self.robot(api_token="right"))["code"], 0)
        for more in ({}, {"content": "包邮吗"}):
            refused = await self.robot(api_token="wrong", **more)
            self.assert_refused(refused, "api_token_mismatch", "robot")
        self.assertFalse(self.world.messages().exists())

    async def test_is_not_asked_for_where_the_document_shows_none(self) -> None:
        self.put_on_record("right")
        self.assertEqual(await self.said(content="包邮吗"), "本店全场包邮")
