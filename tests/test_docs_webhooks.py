"""The two pages about webhooks: their examples are what is sent, and their programs verify it."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
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


JAVA_MAIN = """
class Check {
    public static void main(String[] given) throws Exception {
        for (int at = 0; at < given.length; at += 5) {
            Map<String, String> headers = Map.of(
                "webhook-id", given[at + 1], "webhook-timestamp", given[at + 2], "webhook-signature", given[at + 3]);
            byte[] body = Base64.getDecoder().decode(given[at + 4]);
            System.out.println(Webhook.verify(given[at], headers, body));
        }
    }
}
"""
"""What calls the page's program for each case: the secret, the headers in their order, and the body in base64."""


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

    def needed(self, program: str) -> str:
        """Where a program is that runs samples; those who have not installed it skip the test."""
        found = shutil.which(program)
        if found is None and os.environ.get("CI"):
            self.fail(f"{program} is not installed, and CI must not skip this")
        if found is None:
            self.skipTest(f"{program} is not installed")
        return found

    def test_in_php(self) -> None:
        php = self.needed("php")
        cases = json.dumps([[secret, headers, body] for _, secret, headers, body in self.cases()])
        for page in PAGES:
            (program,) = texts(page, "php")
            call = f"{program}\necho json_encode(array_map(fn($one) => verify(...$one), json_decode($argv[1], true)));"
            ended = subprocess.run([php, "-r", call, cases], capture_output=True, text=True, check=True)
            self.assertEqual(json.loads(ended.stdout), [case[0] for case in self.cases()])

    def test_in_java(self) -> None:
        self.needed("javac")
        given: list[str] = []
        for _, secret, headers, body in self.cases():
            given += [secret, *headers.values(), base64.b64encode(body.encode()).decode()]
        (program,) = {program for page in PAGES for program in texts(page, "java")}
        imports, name, rest = program.partition("class Webhook")
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "Check.java"
            source.write_text(imports + JAVA_MAIN + name + rest)
            ended = subprocess.run(["java", source, *given], capture_output=True, text=True, check=True)
        self.assertEqual(ended.stdout.split(), [str(case[0]).lower() for case in self.cases()])
