"""Lists over HTTP, read a page at a time while others write: what was there all the time is on one page, once."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from tests.api_case import ApiTest
from tests.case import text

Between = Callable[[int], Awaitable[object]]


class ALongList(ApiTest):
    deployments: ClassVar[tuple[str, ...]] = ("grown-up",)

    async def walked(self, *parts: object, name: str, between: Between, limit: int = 2) -> list[Any]:
        """What stands in the column of all pages, while something happens between them."""
        seen: list[Any] = []
        cursor, number = "", 0
        while True:
            page = await self.done("GET", *parts, query=f"limit={limit}{cursor}")
            seen += [row[name] for row in page["results"]]
            if page["next"] is None:
                return seen
            cursor = f"&cursor={page['next']}"
            await between(number)
            number += 1

    def assert_once(self, expected: list[Any], seen: list[Any]) -> None:
        """Each of them is there once, and in this order; others may be there too."""
        self.assertEqual([value for value in seen if value in expected], expected)
        self.assertEqual(len(set(seen)), len(seen))

    async def test_of_accounts(self) -> None:
        names = [f"u{number}" for number in range(6)]
        self.world.accounts(*names)

        async def between(number: int) -> None:
            await self.done("PUT", "accounts", f"new{number}", status=201, data={})
            await self.done("PUT", "accounts", names[number], data={"disabled": True, "nickname": "x"})
            await self.done("POST", "accounts", names[5], "erasure", status=204) if number == 0 else None

        self.assert_once(names[:5], await self.walked("accounts", name="account", between=between))

    async def test_of_shops(self) -> None:
        for number in (10, 20, 30, 40, 50):
            self.world.shop(f"dev{number}", number, {})

        async def between(number: int) -> None:
            self.world.shop(f"new{number}", 5 + 10 * number, {})
            await self.done("PUT", "shops", 50, data={"name": f"{number}"})

        self.assert_once([10, 20, 30, 40, 50], await self.walked("shops", name="number", between=between))

    async def test_of_conversations_but_for_those_that_are_written_to(self) -> None:
        names = [f"u{number}" for number in range(7)]
        self.world.accounts("User1", *names)
        one = await self.signed_in("User1")
        for name in names:
            await one.tell(name, "你好")

        async def between(number: int) -> None:
            await one.tell(names[0], f"{number}")
            await one.ask("top", account=names[1], operation="set")
            await one.ask("chat_delete", account=names[6])

        seen = await self.walked("accounts", "User1", "conversations", name="peer", between=between)
        self.assert_once(names[5:1:-1], seen)

    async def test_of_messages(self) -> None:
        self.world.accounts("User1", "User2")
        one, two = await self.signed_in("User1"), await self.signed_in("User2")
        ids = await one.tell_all("User2", "一二三四五六七")

        async def between(number: int) -> None:
            await two.tell("User1", "好")
            await one.ask("recall", account="User2", message_id=ids[6 - number])
            await one.ask("chat_delete", account="User2")

        path = ("accounts", "User1", "conversations", "User2", "messages")
        seen = await self.walked(*path, name="id", between=between)
        self.assert_once(ids, seen)
        self.assertEqual(seen, sorted(seen))

    async def test_of_notifications(self) -> None:
        self.world.accounts("User1")
        asked = {"accounts": ["User1"], "message": text("x")}
        ids = [(await self.done("POST", "notifications", status=202, data=asked))["id"] for _ in range(5)]

        async def between(number: int) -> None:
            await self.done("POST", "notifications", status=202, data=asked)

        self.assert_once(ids[::-1], await self.walked("notifications", name="id", between=between))
