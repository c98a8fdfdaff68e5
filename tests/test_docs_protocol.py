"""`docs/protocol.md` tells the truth: its examples are played on live servers, and nothing is missing from it."""

import typing
from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from django.test import SimpleTestCase

from accounts import tokens
from accounts.refusals import Reason
from accounts.sign_in import api_token_digest
from chat.demo import APPID, NOTIFICATION, PEOPLE, QUESTIONS, SHOP_ACCOUNT, SHOP_NUMBER
from chat.protocol import bodies, frames
from chat.protocol.closing import CloseCode
from chat.protocol.requests import Query
from chat.protocol.words import SPELLED_OUT, WORDS
from chatproject.environment import Environment
from robots.models import Shop, Speaks
from tests.case import OwnServerTest, SocketTest
from tests.client import Client
from tests.examples import ROOT, Ids, Scene, differences, frame, scenes
from tests.services import ChatServer
from tests.world import World

DOCUMENT = ROOT / "docs" / "protocol.md"
SCENES = scenes(DOCUMENT)
TEXT = DOCUMENT.read_text()
TWO_PROCESSES, ONE_A_MINUTE, STANDING_IN = "跨进程", "每分钟一条", "主动回答"
TOKEN = "WzEsMCwxN…"
HANG_UP = "（断线）"


def rows(text: str) -> list[list[str]]:
    """The cells of all table rows."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


class ExampleTest(SocketTest):
    """Plays scenes in the world that the document describes."""

    label: str | None = None
    """The scenes that are played: those with this word behind `chat`."""

    def scenes(self) -> Iterable[Scene]:
        return [scene for scene in SCENES if scene.words == ([self.label] if self.label else [])]

    def servers_of(self, scene: Scene) -> list[ChatServer]:
        """The servers among which the scene's sockets are dealt out."""
        return [self.deployment.next_server()]

    def set_the_stage(self) -> None:
        """An app with the demo's people and shop, and a notification that waits for Ken."""
        self.world = World(self.deployment.alias)
        for name in ("Ken", "User1", "User2"):
            avatar = f"path/to/{name[-1]}.jpg" if name != "Ken" else ""
            self.world.account(name, nickname=PEOPLE[name], avatar=avatar)
        self.world.shop(SHOP_ACCOUNT, SHOP_NUMBER, QUESTIONS)
        self.world.notify("Ken", NOTIFICATION)

    async def play(self, scene: Scene) -> None:
        """Say what the document says, and hear, socket by socket, exactly what it shows and nothing else."""
        servers = self.servers_of(scene)
        sockets: dict[str, Client] = {}
        ids = Ids()
        for number, name in enumerate(scene.sockets):
            if not scene.begins_with_greeting(name):
                sockets[name] = await self.signed_in(account_of(name), servers[number % len(servers)])
        for line in scene.lines:
            if line.socket not in sockets:
                sockets[line.socket] = await self.enterAsyncContext(Client(servers[0].url))
            if line.text == HANG_UP:
                await sockets.pop(line.socket).socket.close()
            elif line.sends:
                await sockets[line.socket].say(self.request(line.socket, ids.in_request(line.text)))
            else:
                heard = await sockets[line.socket].next()
                self.assertEqual(list(differences(frame(line.text), heard, ids)), [], f"{line.socket} heard {heard}")
        for name, client in sockets.items():
            self.assertEqual(await client.pending(), [], f"{name} hears more than is written")

    def request(self, socket: str, text: str) -> str:
        """The request as it is written, for the test's own app and with a token that holds."""
        if TOKEN in text:
            text = text.replace(TOKEN, tokens.issue(self.world.get(account_of(socket))))
        return text.replace(APPID, self.world.appid)

    async def play_all(self) -> None:
        for scene in self.scenes():
            with self.subTest(scene=scene.place):
                self.set_the_stage()
                await self.play(scene)


class EveryExampleOfTheDocument(ExampleTest):
    async def test_goes_as_it_is_written(self) -> None:
        await self.play_all()


class TheExampleWithTwoProcesses(ExampleTest):
    label = TWO_PROCESSES
    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    def servers_of(self, scene: Scene) -> list[ChatServer]:
        return self.deployment.servers

    async def test_goes_as_it_is_written(self) -> None:
        await self.play_all()


class TheExampleOfARobotThatStandsIn(ExampleTest):
    label = STANDING_IN

    def set_the_stage(self) -> None:
        super().set_the_stage()
        Shop.objects.using(self.world.alias).filter(app=self.world.app).update(speaks=Speaks.ALONE)

    async def test_goes_as_it_is_written(self) -> None:
        await self.play_all()


class TheExampleOfALimit(ExampleTest, OwnServerTest):
    label = ONE_A_MINUTE
    environment: ClassVar[dict[str, str]] = {"CHAT_LIMITS": "1", "CHAT_SENDS_PER_MINUTE": "1"}

    async def test_goes_as_it_is_written(self) -> None:
        await self.play_all()


class AnApiTokenOfTheDocument(ExampleTest):
    async def test_is_compared_with_the_one_on_record(self) -> None:
        self.set_the_stage()
        one = self.world.get("User1")
        one.api_token_digest = api_token_digest("another")
        one.save(update_fields=["api_token_digest"])
        client = await self.signed_in("User1")
        for api_token, query in (("another", "user_message"), ("wrong", "robot")):
            answer = await client.ask("robot", account=SHOP_ACCOUNT, shop_id=SHOP_NUMBER, api_token=api_token)
            self.assertEqual(answer["query"], query)


class TheDocumentLeavesNothingOut(SimpleTestCase):
    """What is in the code and not in the document fails here, with its name."""

    sent: ClassVar[list[Any]] = [
        msgspec.json.decode(line.text)
        for scene in SCENES
        for line in scene.lines
        if line.sends and line.text.endswith("}")
    ]
    heard: ClassVar[list[Any]] = [frame(line.text) for scene in SCENES for line in scene.lines if not line.sends]

    def test_every_scene_is_played(self) -> None:
        played = {(), (TWO_PROCESSES,), (ONE_A_MINUTE,), (STANDING_IN,)}
        self.assertEqual({tuple(scene.words) for scene in SCENES}, played)

    def test_every_query_has_an_example(self) -> None:
        queries = {kind.__struct_config__.tag for kind in typing.get_args(Query)}
        self.assertEqual(queries - {request["query"] for request in self.sent}, set())

    def test_every_field_of_a_request_is_in_an_example(self) -> None:
        fields = {name for kind in typing.get_args(Query) for name in _keys_of(kind)}
        self.assertEqual(fields - set(_keys_in(self.sent)), set())

    def test_every_frame_has_an_example(self) -> None:
        shown = {answer["query"] for answer in self.heard}
        # No query causes it, so that no scene can play it.
        if '{"code":0,"query":"sync_visit",' in TEXT:
            shown.add("sync_visit")
        for kind in frames.Frame.__subclasses__():
            queries = set(typing.get_args(typing.get_type_hints(kind)["query"]))
            self.assertEqual(queries - shown, set(), kind.__name__)

    def test_every_field_of_a_frame_is_in_an_example(self) -> None:
        fields = {name for kind in frames.Frame.__subclasses__() for name in _keys_of(kind)}
        self.assertEqual(fields - set(_keys_in(self.heard)), set())

    def test_every_reason_stands_in_the_table_with_its_words(self) -> None:
        described = {(row[0], row[1]) for row in rows(TEXT)}
        for reason in Reason:
            name = f"`{reason.value}`" + (" ¹" if reason in SPELLED_OUT else "")
            self.assertIn((name, WORDS[reason]), described)

    def test_every_type_of_body_stands_in_the_table(self) -> None:
        described = {row[0].strip("`") for row in rows(TEXT)}
        self.assertEqual((bodies.KNOWN | {bodies.ROBOT}) - described, set())

    def test_every_close_code_stands_in_the_table(self) -> None:
        described = {row[0] for row in rows(TEXT)}
        self.assertEqual({str(int(code)) for code in CloseCode} - described, set())

    def test_every_limit_stands_in_the_table_with_its_default(self) -> None:
        described = {row[2].strip("`"): row[1] for row in rows(TEXT) if len(row) == 4}
        for field in msgspec.structs.fields(Environment):
            if field.encode_name.startswith("CHAT_") and type(field.default) is int:
                self.assertRegex(described[field.encode_name], rf"\b{field.default}\b", field.encode_name)


def account_of(socket: str) -> str:
    """Whose socket it is: `User1·电脑` is one of User1's."""
    return socket.partition("·")[0]


def _keys_in(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_in(inner)


def _keys_of(kind: type[msgspec.Struct]) -> Iterable[str]:
    """The keys of a struct and of the structs within it."""
    for field in msgspec.structs.fields(kind):
        yield field.encode_name
        for inner in (field.type, *typing.get_args(field.type)):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                yield from _keys_of(inner)
