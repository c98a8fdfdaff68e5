"""The page about the socket: all of the AsyncAPI document, in both languages, with nothing that browsers refuse."""

import html
import json
import re

from django.test import SimpleTestCase

from chat.api.asyncapi_words import SAID
from chat.protocol.asyncapi import document
from tests.test_headers import INLINE

PAGE = "/api/docs/socket/"
WHOLE = json.loads(document())


def said() -> set[str]:
    """Whatever the document says in words of a message or a schema."""
    parts = WHOLE["components"]
    told = [message["summary"] for message in parts["messages"].values()]
    told += [schema["description"] for schema in parts["schemas"].values() if "description" in schema]
    return {re.sub(r"\s+", " ", text) for text in told}


class ThePage(SimpleTestCase):
    def page(self, language: str = "en") -> str:
        answer = self.client.get(PAGE, headers={"accept-language": language})
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def test_has_words_for_all_that_the_document_says(self) -> None:
        self.assertEqual(set(SAID), said())

    def test_shows_every_query_message_and_close_code(self) -> None:
        page = self.page()
        names = [*WHOLE["components"]["messages"], *(f"<code>{name}</code>" for name in self.asked())]
        names += [f"<code>{code}</code>" for code in WHOLE["channels"]["socket"]["x-close-codes"]]
        self.assertEqual([name for name in names if name not in page], [])

    def asked(self) -> list[str]:
        return [name for name, one in WHOLE["operations"].items() if one["action"] == "receive"]

    def test_shows_every_example(self) -> None:
        page = html.unescape(self.page())
        shown = [json.loads(text) for text in re.findall(r"<pre[^>]*><code>({.*?})</code>", page, re.DOTALL)]
        for name, message in WHOLE["components"]["messages"].items():
            if name != "Ping":
                self.assertIn(message["examples"][0]["payload"], shown, name)

    def test_shows_keys_with_what_may_stand_there(self) -> None:
        page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(self.page())))
        for row in (
            "data.client_id may be missing string 1–64 characters",
            'data.operation "cancel" "set"',
            "data[].noread_nums integer",
            "data.limit may be missing integer 1–100; 20 if it is missing",
            "data.message object message body",
        ):
            self.assertIn(row, page)

    def test_leads_only_to_what_it_has(self) -> None:
        page = self.page()
        self.assertEqual(set(re.findall(r'href="#([^"]+)"', page)) - set(re.findall(r'id="([^"]+)"', page)), set())

    def test_is_in_the_readers_language(self) -> None:
        self.assertIn("Sign this socket in.", self.page("en"))
        chinese = self.page("zh-hans")
        self.assertEqual([text for text in SAID if "`" not in text and html.escape(text) in chinese], [])

    def test_has_no_script_or_style_of_its_own(self) -> None:
        self.assertIsNone(INLINE.search(self.page()))
