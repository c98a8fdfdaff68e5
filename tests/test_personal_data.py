"""All that is kept of a person: exported as a whole, and erased on every side."""

import asyncio
import io
import shutil
from typing import Any

from django.db import OperationalError, connection
from django.db.models import Model
from django.test import TestCase
from django.utils import timezone

from accounts import lifecycle, tokens
from accounts.directory import AccountRef
from accounts.models import Account, Source
from accounts.provisioning import Wanted, provision
from accounts.refusals import Refusal
from chat import last_seen, personal_data
from chat.drafts import Draft
from chat.last_seen import Seen
from chat.messages import store
from chat.models import Block, Conversation, Guest, LastSeen, Message, Notification, Upload
from chat.uploads.keeping import storage
from chat.webhooks import told
from chat.webhooks.models import Delivery, Endpoint
from robots.models import Note, Shop
from tests.api_case import ApiTest
from tests.case import text
from tests.client import PATIENCE, a_moment
from tests.http import Http
from tests.upload_case import in_the_way, jpeg
from tests.webhook_case import WebhookTest


class PersonTest(ApiTest, WebhookTest):
    """User1 has done all that people can do, and a platform's server was told of it."""

    kinds = ("message.sent", "account.online", "question.unanswered")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User3", "User4")
        self.user = self.world.get("User1")
        await self.one.tell_all("User2", ["你好", "在吗"])
        await self.one.ask("block", account="User3")
        await self.one.ask("robot", account="dev17", shop_id=17, content="有大码吗")
        Note.objects.using(self.world.alias).create(account=self.user, text="老客户")
        self.http = Http(self.deployment.next_server(), tokens.issue(self.user))
        self.url = (await asyncio.to_thread(self.http.upload, "image", jpeg())).json["data"]["url"]
        await self.heard(6)

    def of_user(self, model: type[Model], **fields: Any) -> int:
        """How many rows of the user there are."""
        return model._default_manager.using(self.world.alias).filter(**fields).count()

    def visited(self, title: str) -> None:
        shop = Shop.objects.using(self.world.alias).get(app=self.world.app, number=17)
        guests = Guest.objects.using(self.world.alias)
        guests.create(account=self.user, shop=shop, used_at=timezone.now(), title=title)

    async def notified(self, content: str, *names: str) -> None:
        data = {"accounts": names, "message": text(content)}
        await self.done("POST", "notifications", status=202, data=data)


class AnExport(PersonTest):
    async def test_has_all_that_is_kept(self) -> None:
        await self.notified("包裹到了", "User1", "User2")
        await self.notified("别人的", "User2")
        self.visited("首页")
        number = (await self.one.tell("User2", "秘密"))["message_id"]
        await self.one.ask("recall", account="User2", message_id=number)
        async with asyncio.timeout(PATIENCE):
            while not self.of_user(LastSeen, account=self.user):
                await a_moment()
        answer = await self.api("GET", "accounts", "User1", "data")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/jsonl"))
        by_kind: dict[str, list[Any]] = {}
        for line in answer.lines:
            by_kind.setdefault(line["kind"], []).append(line)
        kinds = "account conversation message question upload block visit notification note webhook"
        self.assertEqual(" ".join(by_kind), kinds)
        (account,), (block,), (question,) = by_kind["account"], by_kind["block"], by_kind["question"]
        self.assertTrue(account["last_seen"])
        self.assertEqual(account["last_source"], Source.APP)
        (visit,) = by_kind["visit"]
        self.assertEqual((visit["shop"], visit["title"], bool(visit["used_at"])), (17, "首页", True))
        self.assertEqual([line["text"] for line in by_kind["notification"]], ["包裹到了"])
        self.assertEqual((block["account"], question["text"]), ("User3", "有大码吗"))
        taken_back = [line["message"]["content"] for line in by_kind["message"] if line["recalled_at"]]
        self.assertEqual(taken_back, ["消息已撤回"])
        told = {line["body"]["type"] for line in by_kind["webhook"]}
        self.assertEqual(told, {"account.online", "message.sent", "question.unanswered"})
        self.assertNotIn("秘密", answer.content.decode())


class Erasing(PersonTest):
    async def test_leaves_nothing_of_a_person_on_either_side(self) -> None:
        await self.one.tell_all("User2", [f"{number}" for number in range(600)])
        await self.two.tell("User1", "好")
        await self.two.tell("User3", "别的")
        await (await self.signed_in("User4")).ask("block", account="User1")
        self.world.notify("User1", "欢迎")
        await self.done("POST", "accounts", "User1", "erasure", status=204)
        self.assertEqual(await self.one.closed(), 4403)
        told = await self.two.hear("sync_chat_delete", chat_account="User1")
        self.assertEqual(told["data"]["account"], "User2")
        self.assertEqual([message.body for message in self.world.messages()], ['{"type":"txt","content":"别的"}'])
        self.assertEqual({str(view.peer) for view in self.world.conversations()}, {"User2", "User3"})
        self.assertFalse(self.world.unanswered())
        self.assertEqual(self.of_user(Upload, account=self.user), 0)
        self.assertEqual((await asyncio.to_thread(Http(self.http.server), "GET", self.url)).status, 404)
        self.assertEqual(self.of_user(Block, owner=self.user) + self.of_user(Block, blocked=self.user), 0)
        self.assertEqual(self.of_user(Note, account=self.user), 0)
        left = Account.objects.using(self.world.alias).get(pk=self.user.pk)
        self.assertEqual((left.name, left.nickname, left.enabled), (f"erased-{self.user.pk}", "", False))
        self.assertEqual([row.body for row in self.deliveries() if "User1" in row.body], [])
        await self.done("PUT", "accounts", "User1", status=201, data={})

    async def test_leaves_no_notification_that_names_the_person(self) -> None:
        await self.notified("只给你", "User1")
        await self.notified("给你们", "User1", "User2")
        await self.done("POST", "accounts", "User1", "erasure", status=204)
        rows = Notification.objects.using(self.world.alias).filter(app=self.world.app)
        left = [(row.text, row.recipient_ids) for row in rows]
        self.assertEqual(left, [("给你们", [self.world.get("User2").pk])])

    async def test_leaves_nobody_who_knew_the_person_by_name_and_could_still_write_to_them(self) -> None:
        await self.two.tell("User1", "在吗")
        await self.done("POST", "accounts", "User1", "erasure", status=204)
        refused = await self.two.ask("send", account="User1", message=text("还在吗"))
        self.assert_refused(refused, "unknown_account", "send")
        await self.done("PUT", "accounts", "User1", status=201, data={})
        await self.two.tell("User1", "新来的")
        (message,) = self.world.messages()
        self.assertEqual(message.recipient, self.world.get("User1"))

    async def test_is_not_undone_by_what_was_asked_of_the_account_a_moment_before(self) -> None:
        rows = [{"account": f"u{number}", "password": f"secret-{number}"} for number in range(40)]
        rows.append({"account": "User1", "nickname": "张三", "api_token": "t"})
        many = asyncio.create_task(self.done("POST", "accounts", data={"accounts": rows}))
        await self.two.ask("users")
        await self.done("POST", "accounts", "User1", "erasure", status=204)
        await many
        left = Account.objects.using(self.world.alias).get(pk=self.user.pk)
        self.assertEqual((left.nickname, left.api_token_digest, left.enabled), ("", "", False))

    async def test_leaves_an_account_that_nobody_can_make_or_bring_back(self) -> None:
        await self.done("POST", "accounts", "User1", "erasure", status=204)
        for name in (f"erased-{self.user.pk}", f"erased-{self.world.get('User2').pk}"):
            with self.subTest(name):
                refused = await self.api("PUT", "accounts", name, data={"disabled": False})
                self.assert_problem(refused, 400, "invalid_request")

    async def test_is_not_for_shops(self) -> None:
        self.assert_problem(await self.api("POST", "accounts", "dev17", "erasure"), 409, "account_is_shop")
        self.assertTrue(self.world.get("dev17").enabled)


class WhatComesMeanwhile(TestCase):
    """While an account is being erased, which takes a while where it has said much."""

    def setUp(self) -> None:
        self.app = lifecycle.create_app(appid="shop", name="shop")
        names = ("a", "b")
        self.account, other = (lifecycle.create_account(app=self.app, name=name, password="123456") for name in names)
        self.draft = Draft(AccountRef.of(other), AccountRef.of(self.account), "{}", "")
        store([self.draft])

    def test_is_gone_with_the_rest_if_it_was_written_by_somebody_who_had_found_it(self) -> None:
        erasing = personal_data.erase(self.account)
        next(erasing)
        store([self.draft])
        self.assertEqual([change.work().owner.name for change in erasing], ["b"])
        self.assertFalse(Message.objects.exists() or Conversation.objects.exists())

    def test_breaks_off_where_a_file_stays_and_can_be_asked_for_again(self) -> None:
        name = storage().save("image/test/u-x.jpg", io.BytesIO(b"x"))
        upload = Upload.objects.create(app=self.app, account=self.account, token="0" * 32, files=[name], size=1)
        folder = in_the_way(upload)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        with self.assertRaises(OSError):
            list(personal_data.erase(self.account))
        self.assertTrue(Upload.objects.exists())
        shutil.rmtree(folder)
        list(personal_data.erase(self.account))
        self.assertFalse(Upload.objects.exists())

    def test_leaves_nothing_in_the_log_of_webhooks_if_it_breaks_off_there(self) -> None:
        endpoint = Endpoint.objects.create(app=self.app, url="https://example.com")
        lane, now = told.conversation_lane(self.account.pk, self.draft.sender.id), timezone.now()
        Delivery.objects.create(endpoint=endpoint, lane=lane, body="{}", created_at=now, due_at=now)

        def break_off(execute: Any, sql: str, *rest: Any) -> Any:
            if sql.startswith('DELETE FROM "chat_delivery"'):
                raise OperationalError
            return execute(sql, *rest)

        with connection.execute_wrapper(break_off), self.assertRaises(OperationalError):
            list(personal_data.erase(self.account))
        list(personal_data.erase(self.account))
        self.assertFalse(Delivery.objects.exists())

    def test_does_not_let_anybody_in_again(self) -> None:
        erasing = personal_data.erase(self.account)
        next(erasing)
        provision(self.app, [Wanted(name="a", enabled=True)])
        token_epoch = Account.objects.get(name="a").token_epoch
        list(erasing)
        left = Account.objects.get(pk=self.account.pk)
        self.assertEqual((left.enabled, left.token_epoch), (False, token_epoch + 1))


class WhatComesAfterwards(TestCase):
    """What was under way while an account was erased, and is to be written a moment later."""

    def setUp(self) -> None:
        app = lifecycle.create_app(appid="shop", name="shop")
        names = ("a", "b")
        self.erased, self.other = (lifecycle.create_account(app=app, name=name, password="123456") for name in names)
        one, other = AccountRef.of(self.erased), AccountRef.of(self.other)
        self.drafts = [
            Draft(sender, recipient, "{}", "", client_id)
            for sender, recipient in ((one, other), (other, one))
            for client_id in (None, "1", "1")
        ]
        for _ in personal_data.erase(self.erased):
            pass

    def test_is_not_stored_if_it_is_a_message(self) -> None:
        reasons = [outcome.reason.value for outcome in store(self.drafts) if isinstance(outcome, Refusal)]
        self.assertEqual(reasons, ["account_disabled"] * 3 + ["unknown_account"] * 3)
        self.assertFalse(Message.objects.exists() or Conversation.objects.exists())

    def test_is_not_noted_if_it_is_that_the_account_was_seen(self) -> None:
        last_seen.record({account.pk: Seen(False, timezone.now(), None) for account in (self.erased, self.other)})
        self.assertEqual([row.account_id for row in LastSeen.objects.all()], [self.other.pk])
