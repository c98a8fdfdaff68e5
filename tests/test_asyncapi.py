"""The AsyncAPI document is what is said on the socket: fresh, valid, complete, and what the examples show."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from django.test import SimpleTestCase
from jsonschema_rs import Draft7Validator

from accounts.refusals import Refusal
from chat.protocol import bodies, frames
from chat.protocol.asyncapi import ANSWERS, document
from chat.protocol.closing import CloseCode
from chat.protocol.requests import Query, Send
from tests import wrong
from tests.api_case import ApiTest
from tests.client import SCHEMAS
from tests.examples import ROOT, scenes
from tests.http import Http
from tests.javascript.tools import PACKAGES, missing_for_javascript

WHOLE: dict[str, Any] = json.loads(document())
ASKED = {kind.__struct_config__.tag: kind.__name__ for kind in Query.__args__}
SCENES = scenes(ROOT / "docs" / "protocol.md")


def validator(message: str) -> Draft7Validator:
    """What tells whether a frame is this message of the document."""
    return Draft7Validator({**WHOLE["components"]["messages"][message]["payload"], "components": WHOLE["components"]})


VALIDATORS = {name: validator(name) for name in WHOLE["components"]["messages"]}


def fitting(frame: Any, names: Iterable[str]) -> list[str]:
    """Those of the messages that the frame is."""
    return [name for name in names if VALIDATORS[name].is_valid(frame)]


def as_object(text: str) -> dict[str, Any]:
    """The frame, or an empty one of what is none."""
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


def taken(text: str) -> bool:
    """Whether the server takes the frame, apart from numbers that are written as strings."""
    try:
        query = msgspec.json.decode(text, type=Query)
        if isinstance(query, Send):
            bodies.check(query.data.message)
    except (msgspec.MsgspecError, Refusal):
        return False
    return True


def received(operation: dict[str, Any]) -> list[str]:
    return _names(operation) if operation["action"] == "receive" else []


def sent(operation: dict[str, Any]) -> list[str]:
    return _names(operation) if operation["action"] == "send" else []


def replied(operation: dict[str, Any]) -> list[str]:
    return _names(operation["reply"]) if "reply" in operation else []


def _names(of: dict[str, Any]) -> list[str]:
    return [message["$ref"].rpartition("/")[2] for message in of["messages"]]


class TheDocument(SimpleTestCase):
    def test_is_the_one_in_docs(self) -> None:
        fresh = document() == (ROOT / "docs" / "asyncapi.json").read_bytes()
        self.assertTrue(fresh, "run `.venv/bin/python manage.py write_asyncapi`")

    def test_is_valid(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(missing)
        rules = json.loads((PACKAGES / "@asyncapi" / "specs" / "schemas" / "3.0.0-without-$id.json").read_text())
        problems = [problem.message[:300] for problem in Draft7Validator(rules).iter_errors(WHOLE)]
        self.assertEqual(problems, [])

    def test_refers_only_to_what_it_has(self) -> None:
        def references(value: Any) -> Iterable[str]:
            if isinstance(value, dict):
                if isinstance(value.get("$ref"), str):
                    yield value["$ref"]
                value = list(value.values())
            if isinstance(value, list):
                for inner in value:
                    yield from references(inner)

        for reference in set(references(WHOLE)):
            place = WHOLE
            for step in reference.removeprefix("#/").split("/"):
                self.assertIn(step, place, reference)
                place = place[step]

    def test_calls_everything_by_a_name_of_its_own(self) -> None:
        self.assertEqual([name for name in WHOLE["components"]["schemas"] if not name.isalnum()], [])

    def test_shows_of_every_message_one_that_is_it(self) -> None:
        for name, message in WHOLE["components"]["messages"].items():
            for example in message["examples"]:
                with self.subTest(name):
                    self.assertEqual(fitting(example["payload"], [name]), [name])

    def test_has_every_query_every_frame_and_every_close_code(self) -> None:
        operations = WHOLE["operations"].values()
        asked = {name for operation in operations for name in received(operation)}
        heard = {name for operation in operations for name in (*sent(operation), *replied(operation))}
        self.assertEqual(asked, {kind.__name__ for kind in Query.__args__} | {"Ping"})
        self.assertEqual(heard, {kind.__name__ for kind in frames.Frame.__subclasses__()})
        self.assertEqual(heard, {kind.__name__ for kind in SCHEMAS.values()} | {"Error"})
        codes = WHOLE["channels"]["socket"]["x-close-codes"]
        self.assertEqual(set(codes), {str(int(code)) for code in CloseCode})
        self.assertEqual(set(ANSWERS), set(Query.__args__))


class TheExamplesOfTheProtocol(SimpleTestCase):
    """They are played on live servers elsewhere: what they show is what is said."""

    def test_ask_what_the_document_says_where_they_are_not_refused(self) -> None:
        for line in [line.text for scene in SCENES for line in scene.lines if line.sends]:
            frame = as_object(line)
            with self.subTest(line):
                expected = [ASKED[frame["query"]]] if taken(line) else []
                self.assertEqual(fitting(frame, ASKED.values()), expected)

    def test_hear_what_the_document_says(self) -> None:
        """What has the `seq` of a query is one of its operation's replies; anything else is one of all messages."""
        heard = [name for operation in WHOLE["operations"].values() for name in (*sent(operation), *replied(operation))]
        for scene in SCENES:
            asked: dict[Any, str] = {}
            for line in scene.lines:
                frame = as_object(line.text)
                if line.sends:
                    asked[frame.get("seq")] = frame.get("query", "")
                    continue
                operation = WHOLE["operations"].get(asked.get(frame["seq"])) if "seq" in frame else None
                possible = replied(operation) if operation else dict.fromkeys(heard)
                with self.subTest(scene.place, line=line.text):
                    self.assertEqual(len(fitting(frame, possible)), 1)


class WhatTheServerRefuses(SimpleTestCase):
    def test_is_no_query_of_the_document(self) -> None:
        """But for NUL, which no schema of JSON can tell from other characters here."""
        for one in wrong.every():
            if not one.what.endswith("NUL"):
                with self.subTest(one.what, frame=one.frame):
                    self.assertEqual(fitting(one.frame, [ASKED[one.query]]), [])


class TheServer(ApiTest):
    deployments: ClassVar = ("daphne",)

    async def test_shows_the_document(self) -> None:
        answer = await asyncio.to_thread(Http(self.deployment.next_server()), "GET", "/api/asyncapi.json")
        self.assertEqual((answer.status, answer.content), (200, document()))
