"""`static/chat-client.js`: its own tests, run by node against a server of ours, and its types."""

import json
import os
import unittest
from typing import ClassVar

from accounts import tokens
from tests.case import SocketTest
from tests.javascript.tools import SOURCES, missing_for_javascript, node, run, tsc


class TheChatClient(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("uvicorn",)

    async def test_keeps_what_it_promises(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(missing)
        names = [f"{name}{number}" for name in ("ann", "bob") for number in range(1, 16)]
        self.world.accounts(*names)
        self.world.shop("shop6", 6, {1: ("包邮吗", "本店全场包邮")})
        environment = {
            "CHAT_URL": self.deployment.next_server().url,
            "CHAT_APPID": self.world.appid,
            "CHAT_TOKENS": json.dumps({"ann1": tokens.issue(self.world.get("ann1"))}),
        }
        files = sorted(str(file) for file in SOURCES.glob("*.test.mjs"))
        ended = run([node(), "--test", *files], {**os.environ, **environment})
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)


class ItsTypes(unittest.TestCase):
    def test_fit_what_clients_write_with_them(self) -> None:
        if missing := missing_for_javascript():
            self.skipTest(missing)
        ended = run([*tsc(), "--noEmit", "--strict", "--module", "nodenext", "--target", "es2020", "types.mts"])
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
