"""The customer's document itself: each example is sent to a live server, each answer compared with the one it shows."""

import json
import uuid
from typing import Any
from unittest import TestCase

from accounts.models import App
from chat import demo
from tests import original
from tests.case import SocketTest, text
from tests.client import Client, Heard
from tests.original import EXAMPLES, Example
from tests.world import PASSWORD

APPID = next(example.frame["appid"] for example in EXAMPLES if example.query == "login" and example.asked)

ADDED: dict[str, dict[str, set[str]]] = {
    "users": {"data": {"message_id"}},
    "chats": {"data": {"has_more"}, "data.list": {"message_id"}},
    "history_chats": {"data": {"has_more"}, "data.list": {"message_id"}},
    "sync_read": {"": {"message_id", "created_at"}},
    "sync_say": {"": {"message_id"}, "data": {"chat_account", "created_at", "is_read"}},
    "user_message": {"": {"message_id"}, "data": {"created_at", "is_read", "robot"}},
    "sync_all_noread_nums": {"data": {"chat_account"}},
}
"""Keys that stand beside those of the document, by query and place. The frames that are not here are whole."""

ANSWERS: dict[str, tuple[tuple[str, str], ...]] = {
    "login": (("asking", "login"),),
    "users": (("asking", "users"),),
    "chats": (("asking", "chats"),),
    "history_chats": (("asking", "history_chats"),),
    "send": (("asking", "sync_read"), ("other", "sync_say"), ("peer", "user_message")),
    "chat_delete": (("asking", "sync_all_noread_nums"), ("other", "sync_all_noread_nums")),
    "robot": (("asking", "user_message"),),
    "enter_chats": (
        ("asking", "sync_all_noread_nums"),
        ("other", "sync_all_noread_nums"),
        ("peer", "sync_chat"),
    ),
}
"""What the document shows to follow each query, and on which socket."""


class TheDocument(TestCase):
    def test_has_no_slips_but_the_known_ones(self) -> None:
        for slip, (_, times) in original.SLIPS.items():
            self.assertEqual(original.mended[slip], times, slip)
        for example in EXAMPLES:
            with self.subTest(example.text):
                json.loads(example.text)

    def test_is_read_to_its_last_example(self) -> None:
        # Whatever of it is neither an example, nor a heading, nor prose was overlooked.
        braces = sum(line.startswith("{") for line in original.DOCUMENT.splitlines())
        self.assertEqual((len(EXAMPLES), braces), (32, 32))

    def test_says_of_its_examples_who_says_them(self) -> None:
        for example in EXAMPLES:
            with self.subTest(example.heading):
                self.assertFalse(example.asked and "被动" in example.heading)
                self.assertFalse(not example.asked and "主动" in example.heading)

    def test_names_accounts_that_the_demo_has(self) -> None:
        for name, password in original.ACCOUNTS:
            self.assertIn(name, demo.PEOPLE)
            self.assertEqual(password, demo.PASSWORD)
        self.assertEqual(demo.APPID, APPID)


class DocumentTest(SocketTest):
    """The document's app with its accounts, and `xxx` too, which stands there for any account."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.rename_app(APPID)
        self.addCleanup(self.rename_app, uuid.uuid4().hex)
        self.world.accounts("Ken", "User1", "User2", "xxx")
        questions = {1: ("发什么快递", "发顺丰a"), 3: ("包邮吗", "本店全场包邮")}
        self.world.shop("dev17", 17, questions)
        self.world.notify("User1", "欢迎")
        self.sockets = {name: await self.signed_in("User1") for name in ("asking", "other")}
        for name in ("User2", "xxx"):
            peer = await self.signed_in(name)
            await peer.tell_all("User1", ("你好", "在吗"))
            await self.sockets["asking"].tell(name, "在")

    def rename_app(self, appid: str) -> None:
        self.world.appid = appid
        App.objects.using(self.world.alias).filter(pk=self.world.app.pk).update(appid=appid)

    async def say(self, example: Example) -> list[tuple[str, Heard]]:
        """Say it as the document does, and return what the document shows to follow, with the socket that heard it."""
        frame = example.frame
        if frame.get("data", {}).get("message") == {}:
            # The document's sign for any message body.
            frame["data"]["message"] = text("你好啊")
        self.sockets["peer"] = await self.signed_in(frame["data"].get("account", "User2"))
        for socket in self.sockets.values():
            await socket.pending()
        await self.sockets["asking"].say(json.dumps(frame, ensure_ascii=False))
        return [(name, await self.hear(name, query)) for name, query in ANSWERS.get(example.query, ())]

    async def hear(self, name: str, query: str) -> Heard:
        """The next such frame. A total that was only counted once more belongs to what happened before."""
        heard = await self.sockets[name].hear(query)
        while query == "sync_all_noread_nums" and "chat_account" not in heard["data"]:
            heard = await self.sockets[name].hear(query)
        return heard

    def compare(self, shown: Any, heard: Any, query: str, place: str = "") -> None:
        """Every key is there and its value of the type shown; no key is there that nobody has announced."""
        if place.endswith("message") and shown == {}:
            self.assertIsInstance(heard, dict)
            return
        self.assertIs(type(heard), type(shown), f"{query} {place}")
        if isinstance(shown, dict):
            added = set() if place.endswith("message") else ADDED.get(query, {}).get(place, set())
            self.assertEqual(set(heard) - added, set(shown), f"{query} {place}")
            for key, value in shown.items():
                self.compare(value, heard[key], query, f"{place}.{key}".strip("."))
        elif isinstance(shown, list):
            self.assertTrue(heard, f"{query} {place} is empty")
            for item in heard:
                self.compare(shown[0], item, query, place)


class EveryRequestOfTheDocument(DocumentTest):
    async def test_is_answered_as_the_document_shows(self) -> None:
        compared = set()
        for example in EXAMPLES:
            if not example.asked or example.query not in ANSWERS or example.query == "login":
                continue
            with self.subTest(example.heading, text=example.text):
                if example.query == "history_chats":
                    # Nothing is older than the document's first message, so its shape is seen further up.
                    self.assertEqual((await self.say(example))[0][1]["data"]["list"], [])
                    example = Example(example.heading, example.text.replace('"start_id":1', '"start_id":1000000'))
                for _, heard in await self.say(example):
                    shown = self.shown_for(example, heard)
                    self.compare(shown.frame, heard, heard["query"])
                    compared.add(shown)
        unasked = {"connect", "error", "login"}
        everything = {example for example in EXAMPLES if not example.asked and example.query not in unasked}
        self.assertEqual(everything, compared)

    def shown_for(self, example: Example, heard: Heard) -> Example:
        """The first frame of the query heard that the document shows below the request."""
        here = next(index for index, known in enumerate(EXAMPLES) if known.heading == example.heading)
        return next(known for known in EXAMPLES[here:] if not known.asked and known.query == heard["query"])

    async def test_of_a_top_is_done(self) -> None:
        """The document shows no answers to these two, and none to `leave_chats`."""
        for example in EXAMPLES:
            if example.query in ("top", "leave_chats"):
                await self.say(example)
                self.assertEqual((await self.sockets["asking"].hear(example.query))["code"], 0)

    def test_is_covered(self) -> None:
        asked = {example.query for example in EXAMPLES if example.asked}
        self.assertEqual(asked, {*ANSWERS, "top", "leave_chats"})


class TheFramesThatAreShownWhole(DocumentTest):
    """Compared to the last key and value."""

    def shown(self, query: str, code: int = 0) -> Heard:
        (frame,) = [e.frame for e in EXAMPLES if not e.asked and e.query == query and e.frame["code"] == code]
        whole: Heard = frame
        return whole

    async def test_connect(self) -> None:
        async with Client(self.deployment.next_server().url) as client:
            self.assertEqual(await client.next(), self.shown("connect"))

    async def test_a_frame_that_is_no_json(self) -> None:
        client = await self.connect()
        await client.say("{")
        self.assertEqual(await client.next(), self.shown("error", 2))

    async def test_every_login(self) -> None:
        for example in EXAMPLES:
            if example.query == "login" and example.asked:
                client = await self.connect()
                await client.say(example.text)
                self.assertEqual(await client.next(), self.shown("login"))

    async def test_a_login_that_fails(self) -> None:
        client = await self.connect()
        await client.say(next(e.text for e in EXAMPLES if e.query == "login").replace(PASSWORD, "wrong"))
        self.assertEqual(await client.next(), self.shown("login", 2))

    async def test_the_robots_menu_and_its_answer(self) -> None:
        for index, example in enumerate(EXAMPLES):
            if example.query == "robot":
                ((_, heard),) = await self.say(example)
                shown = EXAMPLES[index + 1].frame
                self.assertEqual(heard["data"]["account"], shown["data"]["account"])
                self.assertEqual(heard["data"]["message"], shown["data"]["message"])

    async def test_a_deletion_and_an_entry_that_leave_nothing_unread(self) -> None:
        await self.sockets["asking"].ask("enter_chats", account="xxx")
        await self.sockets["asking"].ask("enter_chats", account=self.world.notification.name)
        for query in ("enter_chats", "chat_delete"):
            example = [e for e in EXAMPLES if e.query == query][-1]
            heard = (await self.say(example))[0][1]
            shown = self.shown_total()
            self.assertEqual({**heard["data"], "chat_account": ""}, {**shown["data"], "chat_account": ""})

    def shown_total(self) -> Heard:
        frames = [example.frame for example in EXAMPLES if example.query == "sync_all_noread_nums"]
        self.assertEqual(frames[0], frames[1])
        total: Heard = frames[0]
        return total

    async def test_the_literal_ping(self) -> None:
        self.assertRegex(original.DOCUMENT, r"(?m)^ping$")
        await self.sockets["asking"].say("ping")
        self.assertEqual((await self.sockets["asking"].hear("ping"))["msg"], "pong")
