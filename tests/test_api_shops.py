"""`/api/shops/`: shops, their questions, and what they say."""

import asyncio
from typing import Any

from django.utils import timezone

from accounts.models import Account, Scope
from chat.models import Guest
from tests.api_case import ApiTest
from tests.case import text
from tests.http import Answer

REST = {"phrasings": "", "keywords": "", "exclusions": "", "disabled": False}
QUESTIONS: list[dict[str, Any]] = [
    {"number": 3, "question": "包邮吗", "answer": "全场包邮", **REST},
    {"number": 1, "question": "发什么快递", "answer": "发顺丰", **REST},
]


class AShop(ApiTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("dev17", "User1")

    async def put(self, status: int = 201, **fields: Any) -> Any:
        return await self.done("PUT", "shops", 17, status=status, data={"account": "dev17", "name": "小店", **fields})

    async def test_is_made_and_changed_by_its_number(self) -> None:
        shown = await self.put(greeting="您好")
        self.assertEqual((shown["number"], shown["account"], shown["greeting"]), (17, "dev17", "您好"))
        self.assertTrue(shown["fallback"])
        self.assertEqual(await self.put(200, greeting="您好"), shown)
        changed = await self.done("PUT", "shops", 17, data={"disabled": True})
        self.assertEqual(changed, {**shown, "disabled": True})
        self.assertEqual(await self.done("GET", "shops", 17), changed)

    async def test_needs_an_account_of_its_own_that_exists(self) -> None:
        problem = self.assert_problem(await self.api("PUT", "shops", 17, data={}), 400, "invalid_request")
        self.assertEqual([error["field"] for error in problem["errors"]], ["account", "name"])
        data = {"account": "nobody", "name": "x"}
        self.assert_problem(await self.api("PUT", "shops", 17, data=data), 404, "unknown_account")
        await self.put()
        taken = await self.api("PUT", "shops", 18, data={"account": "dev17", "name": "x"})
        self.assert_problem(taken, 409, "account_taken")

    async def test_that_is_disabled_is_cut_off_with_its_account(self) -> None:
        await self.put()
        shop = await self.signed_in("dev17")
        await self.done("PUT", "shops", 17, data={"disabled": True})
        self.assertEqual(await shop.closed(), 4403)
        await self.done("PUT", "shops", 17, data={"disabled": False})
        await self.signed_in("dev17")

    async def test_has_a_robot_that_is_set_up_with_it(self) -> None:
        robot: dict[str, Any] = {
            "suggestion": "您是想问",
            "synonyms": "快递 物流",
            "speaks": "alone_or_closed",
            "hours": "Mon-Fri 9:00-18:00",
            "time_zone": "Asia/Shanghai",
            "quiet_minutes": 5,
            "handover": "请稍候",
            "away": "{time} 回来",
        }
        shown = await self.put(**robot)
        self.assertEqual({name: shown[name] for name in robot}, robot)

    async def test_keeps_its_robot_as_it_was_where_something_is_wrong(self) -> None:
        before = await self.put()
        for field, wrong in (
            ("speaks", "always"),
            ("hours", "now and then"),
            ("time_zone", "Moon/Tycho"),
            ("quiet_minutes", 0),
            ("quiet_minutes", "5"),
            ("handover", ""),
            ("disabled", "no"),
        ):
            with self.subTest(field, wrong=wrong):
                answer = await self.api("PUT", "shops", 17, data={"name": "anders", field: wrong})
                problem = self.assert_problem(answer, 400, "invalid_request")
                self.assertEqual([error["field"] for error in problem["errors"]], [field])
        self.assertEqual(await self.done("GET", "shops", 17), before)

    async def test_has_hours_if_its_robot_answers_always_within_them(self) -> None:
        always = {"account": "dev17", "name": "小店", "speaks": "alone_or_open"}
        problem = self.assert_problem(await self.api("PUT", "shops", 17, data=always), 400, "invalid_request")
        self.assertEqual([error["field"] for error in problem["errors"]], ["hours"])
        await self.done("PUT", "shops", 17, data={**always, "hours": "0:00-24:00"}, status=201)
        self.assert_problem(await self.api("PUT", "shops", 17, data={"hours": ""}), 400, "invalid_request")
        self.assertEqual((await self.done("GET", "shops", 17))["hours"], "0:00-24:00")

    async def test_finds_a_question_by_what_else_customers_say_until_it_is_told_otherwise(self) -> None:
        await self.put()
        rows = [{**QUESTIONS[0], "phrasings": "邮费谁出", "keywords": "运费"}, QUESTIONS[1]]
        await self.done("PUT", "shops", 17, "questions", data={"questions": rows})
        short = [{name: row[name] for name in ("number", "question", "answer")} for row in rows]
        put = await self.done("PUT", "shops", 17, "questions", data={"questions": short})
        self.assertEqual(put["questions"], rows)

    async def test_stands_in_the_list(self) -> None:
        await self.put()
        self.world.shop("dev2", 2, {})
        first = await self.done("GET", "shops", query="limit=1")
        second = await self.done("GET", "shops", query=f"limit=1&cursor={first['next']}")
        self.assertEqual([page["results"][0]["number"] for page in (first, second)], [2, 17])
        self.assertIsNone(second["next"])

    async def test_answers_with_its_new_questions_from_then_on(self) -> None:
        await self.put()
        put = await self.done("PUT", "shops", 17, "questions", data={"questions": QUESTIONS})
        self.assertEqual(put["questions"], QUESTIONS)
        one = await self.signed_in("User1")
        menu = await one.ask("robot", account="dev17", shop_id=17)
        listed = [row["question_id"] for row in menu["data"]["message"]["data"]["list"]]
        self.assertEqual(listed, [3, 1])
        await self.done("PUT", "shops", 17, "questions", data={"questions": [{**QUESTIONS[1], "answer": "发圆通"}]})
        answer = await one.ask("robot", account="dev17", shop_id=17, content="发什么快递")
        self.assertEqual(answer["data"]["message"], text("发圆通"))
        self.assertEqual(len((await self.done("GET", "shops", 17, "questions"))["questions"]), 1)

    async def test_keeps_its_questions_where_a_set_is_refused(self) -> None:
        await self.put()
        await self.done("PUT", "shops", 17, "questions", data={"questions": QUESTIONS})
        for wrong in (
            [*QUESTIONS, QUESTIONS[0]],
            [{**QUESTIONS[0], "answer": ""}],
            [{**QUESTIONS[0], "number": 0}],
            [1],
            None,
        ):
            answer = await self.api("PUT", "shops", 17, "questions", data={"questions": wrong})
            self.assert_problem(answer, 400, "invalid_request")
        self.assertEqual((await self.done("GET", "shops", 17, "questions"))["questions"], QUESTIONS)

    async def test_sets_that_are_put_at_once_end_as_one_of_them(self) -> None:
        await self.put()
        sets = [[{**QUESTIONS[0], "number": number, "answer": f"{turn}"} for number in (1, 2, 3)] for turn in range(6)]
        await asyncio.gather(*(self.done("PUT", "shops", 17, "questions", data={"questions": rows}) for rows in sets))
        self.assertIn((await self.done("GET", "shops", 17, "questions"))["questions"], sets)

    async def test_that_is_changed_by_several_at_once_has_all_that_they_changed(self) -> None:
        await self.put()
        fields = ("greeting", "fallback", "suggestion", "synonyms", "handover", "away")
        for turn in ("一", "二", "三"):
            changes = [self.done("PUT", "shops", 17, data={field: turn}) for field in fields]
            await asyncio.gather(*changes)
            shown = await self.done("GET", "shops", 17)
            self.assertEqual([shown[field] for field in fields], [turn] * len(fields))

    async def test_that_is_made_by_several_at_once_is_made_once(self) -> None:
        data = {"account": "dev17", "name": "小店"}
        answers = await asyncio.gather(*(self.api("PUT", "shops", 17, data=data) for _ in range(6)))
        self.assertEqual(sorted(answer.status for answer in answers), [*[200] * 5, 201])

    async def test_is_none_of_somebody_who_was_erased(self) -> None:
        await self.done("POST", "accounts", "User1", "erasure", status=204)
        rows = (await self.done("GET", "accounts"))["results"]
        (erased,) = [row["account"] for row in rows if row["account"].startswith("erased-")]
        answer = await self.api("PUT", "shops", 17, data={"account": erased, "name": "x"})
        self.assert_problem(answer, 404, "unknown_account")


class AKeyForShopsAlone(ApiTest):
    """It changes shops, and leaves to keys for accounts who may sign in."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.shop = self.world.shop("dev17", 17, {})
        self.world.account("Banned", enabled=False)
        self.world.account("User1")
        self.shops_alone = self.key_of(self.world, Scope.SHOPS_WRITE)

    async def put(self, number: int = 17, **fields: Any) -> Answer:
        return await self.api("PUT", "shops", number, data=fields, bearer=self.shops_alone)

    async def test_leaves_a_disabled_account_disabled(self) -> None:
        Account.objects.using(self.world.alias).filter(pk=self.shop.account_id).update(enabled=False)
        shown = await self.put(account="dev17", name="小店", disabled=False)
        self.assertEqual((shown.status, shown.json["name"]), (200, "小店"))
        self.assertFalse(self.world.get("dev17").enabled)

    async def test_closes_no_shop_whose_account_may_sign_in(self) -> None:
        person = await self.signed_in("dev17")
        problem = self.assert_problem(await self.put(disabled=True, name="x"), 403, "scope_missing")
        self.assertIn("accounts:write", problem["detail"])
        shown = await self.done("GET", "shops", 17)
        self.assertEqual((shown["disabled"], shown["name"]), (False, "dev17"))
        self.assertEqual((await person.ask("users"))["code"], 0)

    async def test_disables_nobody_by_making_a_closed_shop_of_the_account(self) -> None:
        self.assert_problem(await self.put(18, account="User1", name="x", disabled=True), 403, "scope_missing")
        self.assertTrue(self.world.get("User1").enabled)
        self.assert_problem(await self.api("GET", "shops", 18), 404, "unknown_shop")

    async def test_enables_nobody_by_making_the_account_a_shops(self) -> None:
        self.assert_problem(await self.put(18, account="Banned", name="x"), 403, "scope_missing")
        self.assert_problem(await self.put(17, account="Banned"), 403, "scope_missing")
        self.assertFalse(self.world.get("Banned").enabled)
        self.assertEqual((await self.done("GET", "shops", 17))["account"], "dev17")

    async def test_opens_no_closed_shop_and_yet_changes_its_words(self) -> None:
        await self.done("PUT", "shops", 17, data={"disabled": True})
        self.assert_problem(await self.put(disabled=False), 403, "scope_missing")
        self.assertFalse(self.world.get("dev17").enabled)
        self.assertEqual((await self.put(greeting="您好", disabled=True)).json["greeting"], "您好")

    async def test_closes_a_shop_whose_account_is_disabled_anyway(self) -> None:
        made = await self.put(18, account="Banned", name="x", disabled=True)
        self.assertEqual((made.status, made.json["disabled"]), (201, True))


class WhatAShopSays(ApiTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.shop("dev17", 17, {})
        self.world.accounts("User1")

    async def say(self, status: int = 201, **more: Any) -> Any:
        data = {"account": "User1", "message": text("您的订单已发货"), **more}
        return await self.done("POST", "shops", 17, "messages", status=status, data=data)

    async def test_is_heard_at_once_by_the_customer_and_by_the_shops_own_sockets(self) -> None:
        customers = [await self.signed_in("User1") for _ in range(2)]
        shop = await self.signed_in("dev17")
        receipt = await self.say()
        for customer in customers:
            heard = await customer.hear("user_message", account="dev17", message=text("您的订单已发货"))
            self.assertEqual(heard["message_id"], receipt["message_id"])
        await shop.hear("sync_say", chat_account="User1")
        self.assertFalse(receipt["read"])

    async def test_is_read_as_it_arrives_where_the_customer_is_in_the_room(self) -> None:
        customer = await self.signed_in("User1")
        await customer.ask("enter_chats", account="dev17")
        shop = await self.signed_in("dev17")
        await self.say()
        await shop.hear("sync_read", is_read=1)

    async def test_is_stored_once_for_each_client_id(self) -> None:
        one = await self.say(client_id="order-1")
        self.assertEqual(await self.say(200, client_id="order-1"), one)
        self.assertEqual(self.world.messages().count(), 1)
        data = {"account": "User1", "message": text("other"), "client_id": "order-1"}
        self.assert_problem(await self.api("POST", "shops", 17, "messages", data=data), 409, "client_id_conflict")

    async def test_does_not_reach_who_has_blocked_the_shop(self) -> None:
        customer = await self.signed_in("User1")
        await customer.ask("block", account="dev17")
        data = {"account": "User1", "message": text("x")}
        self.assert_problem(await self.api("POST", "shops", 17, "messages", data=data), 403, "blocked")
        self.assertFalse(self.world.messages().exists())

    async def test_reaches_no_guest_of_another_shop(self) -> None:
        other = self.world.shop("dev18", 18, {}, guests=True)
        Guest.objects.using(self.world.alias).create(
            account=self.world.account("guest-1"), shop=other, used_at=timezone.now()
        )
        data = {"account": "guest-1", "message": text("x")}
        self.assert_problem(await self.api("POST", "shops", 17, "messages", data=data), 404, "unknown_account")
        await self.done("POST", "shops", 18, "messages", data=data, status=201)

    async def test_is_checked_as_what_clients_send(self) -> None:
        for message, status, code in (
            (text(" "), 400, "invalid_message"),
            ({"type": "robot"}, 400, "invalid_message"),
            ({"content": "x"}, 400, "invalid_message"),
            (text("x" * 20_000), 413, "too_large"),
        ):
            answer = await self.api("POST", "shops", 17, "messages", data={"account": "User1", "message": message})
            self.assert_problem(answer, status, code)
        data = {"account": "nobody", "message": text("x")}
        self.assert_problem(await self.api("POST", "shops", 17, "messages", data=data), 404, "unknown_account")
        data = {"account": "dev17", "message": text("x")}
        self.assert_problem(await self.api("POST", "shops", 17, "messages", data=data), 400, "invalid_request")
        self.assertFalse(self.world.messages().exists())
