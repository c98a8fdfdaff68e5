"""The two pages about webhooks: their examples are what is sent, and their programs verify it."""

import json
import shutil
import subprocess
import time
from typing import Any

from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from accounts.directory import AccountRef
from chat.events import AccountSeen, ConversationEntered, MessageRecalled, MessageSent, QuestionUnanswered
from chat.webhooks import endpoints, outbox, signing
from chat.webhooks.models import TEST, Delivery, Endpoint, Kind
from tests.examples import ROOT, blocks
from tests.world import World

PAGES = ("webhooks.md", "webhooks.zh-CN.md")
BODY = '{"type":"webhook.test","data":{"名":"你好"}}'


def texts(page: str, language: str) -> list[str]:
    """The examples in one language."""
    return [block.text for block in blocks(ROOT / "docs" / page) if block.words == [language]]


class TheExamples(TestCase):
    def setUp(self) -> None:
        world = World("default")
        one, two = (AccountRef.of(world.account(name)) for name in ("User1", "dev17"))
        endpoint = Endpoint.objects.create(app=world.app, url="https://a.example/", kinds=list(Kind.values))
        endpoints.forget()
        self.addCleanup(endpoints.forget)
        now = timezone.now()
        outbox.record(
            [
                MessageSent(1, one, two, '{"type":"txt","content":"包邮吗"}', "c-1", now, read=False),
                MessageRecalled(1, one, two, newest=True),
                ConversationEntered(one, two, 0),
                QuestionUnanswered(one, two, "有货吗"),
                [AccountSeen(one, True, now), AccountSeen(two, False, now)],
            ]
        )
        outbox.test(endpoint)
        self.sent = {row.kind: json.loads(row.body) for row in Delivery.objects.filter(endpoint=endpoint)}

    def test_show_every_event_with_exactly_the_keys_that_are_sent(self) -> None:
        self.assertEqual(set(self.sent), {*Kind.values, TEST})
        for page in PAGES:
            shown = {example["type"]: example for example in map(json.loads, texts(page, "json"))}
            self.assertEqual(set(shown), set(self.sent), page)
            for kind, body in self.sent.items():
                self.assertEqual(self.shape(shown[kind]), self.shape(body), kind)

    def shape(self, value: Any) -> Any:
        """Keys and types."""
        if isinstance(value, dict):
            return {key: self.shape(inner) for key, inner in value.items()}
        return type(value)


class TheProgramsThatVerify(SimpleTestCase):
    secrets = (signing.new_secret(), signing.new_secret())

    def cases(self) -> list[tuple[bool, str, dict[str, str], str]]:
        """Whether it is right, the secret, the headers and the body."""
        new, old = self.secrets
        now = int(time.time())
        right = signing.headers(self.secrets, "msg_1", now, BODY)
        return [
            (True, new, right, BODY),
            (True, old, right, BODY),
            (False, signing.new_secret(), right, BODY),
            (False, new, right, BODY + " "),
            (False, new, {**right, "webhook-id": "msg_2"}, BODY),
            (False, new, {**right, "webhook-timestamp": str(now - 1)}, BODY),
            (False, new, signing.headers(self.secrets, "msg_1", now - 400, BODY), BODY),
        ]

    def test_in_python(self) -> None:
        for page in PAGES:
            (program,) = texts(page, "python")
            names: dict[str, Any] = {}
            exec(program, names)  # noqa: S102  (it is the page's)
            for right, secret, headers, body in self.cases():
                self.assertEqual(names["verify"](secret, headers, body.encode()), right, headers)

    def test_in_node(self) -> None:
        node = shutil.which("node")
        self.assertIsNotNone(node, "node is not installed")
        for page in PAGES:
            (program,) = texts(page, "javascript")
            cases = [[secret, headers, body] for _, secret, headers, body in self.cases()]
            call = f"{program}\nconsole.log(JSON.stringify({json.dumps(cases)}.map((one) => verify(...one))));"
            ended = subprocess.run([str(node), "-e", call], capture_output=True, text=True, check=True)
            self.assertEqual(json.loads(ended.stdout), [case[0] for case in self.cases()])
