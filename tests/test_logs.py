"""Logs: what each query leaves there, and what must never stand in them."""

import asyncio
import io
import json
import logging
import re
import uuid
from typing import Any, ClassVar

from django.contrib.auth.hashers import make_password
from django.test import SimpleTestCase

from accounts import tokens
from accounts.sign_in import api_token_digest
from chatproject.logs import JSON, TEXT, configuration
from tests import deployments
from tests.admin_session import PASSWORD as STAFF_PASSWORD
from tests.admin_session import AdminSession
from tests.case import OwnServerTest, text
from tests.client import PATIENCE, a_moment
from tests.deployments import Deployment, missing_for_grown_up
from tests.pages import fetch
from tests.refused_rows import refused_rows

SECRET = "canary"
"""Stands in everything that no log may show."""


class TheWholeStory(OwnServerTest):
    """Everything that people say and sign in with, at the level at which servers talk most."""

    deployments: ClassVar = ("daphne", "uvicorn", "grown-up")
    environment: ClassVar = {"LOG_LEVEL": "DEBUG"}

    async def asyncSetUp(self) -> None:
        if self.deployment_name != "grown-up":
            await super().asyncSetUp()
            return
        if missing_for_grown_up():
            self.skipTest(f"{missing_for_grown_up()} is not installed")
        own = deployments.grown_up(f"own-{uuid.uuid4().hex}", **self.environment)
        self.addCleanup(own.stop)
        self._own: Deployment = own
        await super(OwnServerTest, self).asyncSetUp()

    async def tell_it(self) -> None:
        password, api_token = f"{SECRET}-password", f"{SECRET}-api-token"
        account = self.world.account("User1", password=make_password(password))
        account.api_token_digest = api_token_digest(api_token)
        account.save(update_fields=["api_token_digest"])
        self.world.account("User2")
        self.world.shop("dev17", 17, {1: (f"{SECRET} 包邮吗", f"{SECRET} 包邮")})
        one, two = await self.connect(), await self.signed_in("User2", self.deployment.servers[-1])
        await one.sign_in(self.world.appid, "User1", f"{SECRET}-wrong")
        await one.sign_in(self.world.appid, "Nobody", f"{SECRET}-wrong")
        await one.ask("login", token=f"{SECRET}-token")
        await one.ask("login", token=tokens.issue(account))
        self.assertEqual((await one.sign_in(self.world.appid, "User1", password))["code"], 0)
        await two.ask("enter_chats", account="User1")
        await one.ask("send", account="User2", message=text(f"{SECRET} 你好"), client_id=f"{SECRET}-id")
        await two.hear("user_message")
        for query in ("chats", "history_chats"):
            await two.ask(query, account="User1")
        await two.ask("users")
        for content in (f"{SECRET} 包邮吗", f"{SECRET} 没有人知道这个问题的答案"):
            await one.ask("robot", account="dev17", shop_id=17, content=content, api_token=api_token)
        await one.ask("robot", account="dev17", shop_id=17, api_token=f"{SECRET}-other")
        for frame in (f'{{"query":"{SECRET}"}}', f"{SECRET}", f'{{"query":"users","data":{{"page":"{SECRET}"}}}}'):
            await one.say(frame)
        await one.say(SECRET.encode())
        await one.pending()
        content = f"{SECRET}-refused"
        with refused_rows(self.deployment.alias, "chat_message", "body", content):
            refused = await one.ask("send", account="User2", message=text(content))
        self.assert_refused(refused, "internal_error", "send")

    async def tell_it_to_staff(self) -> None:
        server = self.deployment.servers[0]
        staff = await AdminSession.begin(server, self.deployment.alias)
        page = f"/admin/accounts/account/{self.world.get('User2').pk}/password/"
        await staff.submit(page, password=f"{SECRET}-new", again=f"{SECRET}-new")
        notice = {"app": str(self.world.app.pk), "recipient": "", "text": f"{SECRET}!"}
        await staff.submit("/admin/chat/notification/add/", **notice)
        await staff.submit("/admin/chat/notification/add/", **notice, _confirmed="")
        await staff.get(f"/admin/chat/message/?q={SECRET}")
        await asyncio.to_thread(fetch, f"{server.pages}/?token={SECRET}")
        await asyncio.to_thread(fetch, f"{server.pages}/no-such-page?token={SECRET}")

    async def test_leaves_no_secret_and_nothing_of_what_was_said_in_any_log(self) -> None:
        await self.tell_it()
        await self.tell_it_to_staff()
        for server in self.deployment.servers:
            server.stop()
            lines = list(server.program.lines)
            self.assertTrue(any("chat.queries" in line for line in lines))
            hashes = re.compile(r"argon2id?\$|" + re.escape(STAFF_PASSWORD))
            self.assertEqual([line for line in lines if SECRET in line or hashes.search(line)], [])
        for helper in self.deployment.helpers:
            self.assertTrue(helper.program.lines)

    async def asyncTearDown(self) -> None:
        # It has ended its servers, so that nobody may go on with them.
        deployments.forget(self.deployment)


class EachQuery(OwnServerTest):
    environment: ClassVar = {"LOG_QUERIES": "1", "LOG_FORMAT": "json"}

    def logged(self) -> list[dict[str, Any]]:
        """What the server has told of queries, in order."""
        lines = [json.loads(line) for line in self.deployment.servers[0].program.lines if line.startswith("{")]
        return [line for line in lines if line["logger"] == "chat.queries"]

    async def test_is_an_object_with_connection_account_query_code_and_milliseconds(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        await one.tell("User2", "在吗")
        await one.tell("Nobody", "在吗")
        await one.say("nonsense")
        await one.pending()
        await one.socket.close()
        number = self.world.get("User1").pk
        async with asyncio.timeout(PATIENCE):
            # What a server writes comes through a pipe, and later than what it says.
            while ("disconnect", number) not in [(line["query"], line["account"]) for line in self.logged()]:
                await a_moment()
        (connection,) = {line["connection"] for line in self.logged() if line["account"] == number}
        mine = [line for line in self.logged() if line["connection"] == connection]
        told = [(line["query"], line["code"], line["account"], line.get("reason")) for line in mine]
        self.assertEqual(
            told[:5],
            [
                ("connect", 0, None, None),
                ("login", 0, number, None),
                ("send", 0, number, None),
                ("send", 2, number, "unknown_account"),
                ("error", 2, number, "invalid_json"),
            ],
        )
        self.assertEqual(told[5], ("disconnect", 1000, number, None))
        self.assertTrue(all(0 <= line["ms"] < 20_000 for line in mine))
        self.assertGreater(mine[2]["ms"], 0)


class ATraceback(SimpleTestCase):
    def told(self, form: str) -> str:
        """What is written of an error as PostgreSQL's are."""
        settings = configuration("INFO", form)
        made = dict(settings["formatters"][form])
        handler = logging.StreamHandler(io.StringIO())
        handler.setFormatter(made.pop("()")(**made))
        try:
            raise ValueError(f"no\nDETAIL:  Failing row contains ({SECRET}\n\n{SECRET}).\n")
        except ValueError as error:
            record = logging.LogRecord(
                "x", logging.ERROR, "", 0, "it failed", (), (type(error), error, error.__traceback__)
            )
        handler.emit(record)
        stream: io.StringIO = handler.stream
        return stream.getvalue()

    def test_has_no_row_of_the_database(self) -> None:
        for form in (TEXT, JSON):
            with self.subTest(form):
                told = self.told(form)
                # The line of the source that raised it is in the traceback, too; what it made is not.
                self.assertIn("ValueError: no", told)
                self.assertNotIn(SECRET, told)
