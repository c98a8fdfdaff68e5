"""Who a client is: by its own address, or by what a trusted proxy says; whatever the client claims of itself."""

from typing import ClassVar

from tests.case import OwnServerTest
from tests.client import Client
from tests.pages import fetch

FORWARDED = "X-Forwarded-For"


class ProxyTest(OwnServerTest):
    """Two sockets without a sign-in are allowed for each address: the third tells that all three have one."""

    deployments: ClassVar = ("daphne", "uvicorn")
    limits: ClassVar = {"CHAT_LIMITS": "1", "CHAT_STRANGERS_PER_ADDRESS": "2"}

    async def first_frame(self, forwarded: str) -> str:
        client = Client(self.deployment.next_server().url, headers={FORWARDED: forwarded})
        frame = await (await self.enterAsyncContext(client)).next()
        return str(frame["query"])

    async def share_an_address(self, *forwarded: str) -> bool:
        """Whether the last of three sockets that come with these headers is refused."""
        self.assertEqual([await self.first_frame(value) for value in forwarded[:-1]], ["connect", "connect"])
        return await self.first_frame(forwarded[-1]) == "error"


class WithoutATrustedProxy(ProxyTest):
    environment: ClassVar = {**ProxyTest.limits, "TRUSTED_PROXIES": "192.0.2.1", "HTTPS": "1"}

    async def test_a_claim_is_not_believed(self) -> None:
        self.assertTrue(await self.share_an_address("198.51.100.1", "198.51.100.2", "198.51.100.3"))

    async def test_a_claim_to_have_come_over_tls_is_not_believed_either(self) -> None:
        answer = fetch(f"{self.deployment.servers[0].pages}/", headers={"X-Forwarded-Proto": "https"})
        self.assertEqual(answer.status, 301)


class BehindATrustedProxy(ProxyTest):
    environment: ClassVar = {**ProxyTest.limits, "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}

    async def test_each_client_has_its_own_address(self) -> None:
        self.assertFalse(await self.share_an_address("198.51.100.1", "198.51.100.1", "198.51.100.2"))

    async def test_a_client_is_the_last_that_is_no_proxy_whatever_stands_before_it(self) -> None:
        claims = ("203.0.113.1, 198.51.100.3", "203.0.113.2, 198.51.100.3", "10.0.0.9, 198.51.100.3, 10.0.0.1")
        self.assertTrue(await self.share_an_address(*claims))

    async def test_ports_do_not_matter(self) -> None:
        self.assertTrue(await self.share_an_address("198.51.100.4:1", "198.51.100.4:2", "198.51.100.4"))

    async def test_nonsense_ends_nothing(self) -> None:
        for claim in ("", " ", ",", "unknown", "_hidden", "[::1", "999.1.1.1", "198.51.100.1;DROP", "x" * 5000):
            with self.subTest(claim[:20]):
                self.assertIn(await self.first_frame(claim), ("connect", "error"))
