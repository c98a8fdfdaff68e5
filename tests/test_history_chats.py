"""`history_chats`: the pages of a conversation, backwards from what a client holds or forwards to what it missed."""

from typing import Any

from tests.case import SocketTest, text
from tests.client import Client


class HistoryTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one = await self.signed_in("User1")
        self.ids = await self.one.tell_all("User2", (f"第{number}句" for number in range(30)))

    async def page(self, client: Client | None = None, **data: Any) -> tuple[list[int], bool]:
        """The ids of a page, and whether it says that there is more."""
        other = "User1" if client else "User2"
        answer = await (client or self.one).ask("history_chats", account=other, **data)
        return [item["id"] for item in answer["data"]["list"]], answer["data"]["has_more"]


class GoingBack(HistoryTest):
    async def test_gives_what_is_strictly_below_the_start_oldest_first(self) -> None:
        self.assertEqual(await self.page(start_id=self.ids[10], limit=4), (self.ids[6:10], True))

    async def test_gives_twenty_unless_asked_otherwise(self) -> None:
        self.assertEqual(await self.page(start_id=self.ids[25]), (self.ids[5:25], True))

    async def test_says_when_the_beginning_is_reached(self) -> None:
        self.assertEqual(await self.page(start_id=self.ids[4], limit=4), (self.ids[:4], False))
        self.assertEqual(await self.page(start_id=self.ids[0]), ([], False))

    async def test_begins_at_the_newest_without_a_start_or_with_zero(self) -> None:
        self.assertEqual(await self.page(), (self.ids[-20:], True))
        self.assertEqual(await self.page(start_id=0), (self.ids[-20:], True))

    async def test_begins_at_the_newest_from_a_start_beyond_all(self) -> None:
        self.assertEqual(await self.page(start_id=2**63 - 1, limit=3), (self.ids[-3:], True))

    async def test_takes_numbers_as_strings(self) -> None:
        self.assertEqual(await self.page(start_id=str(self.ids[10]), limit="4"), (self.ids[6:10], True))

    async def test_has_the_same_form_as_chats(self) -> None:
        answer = await self.one.ask("history_chats", account="User2")
        chats = await self.one.ask("chats", account="User2")
        self.assertEqual(answer["data"], chats["data"])

    async def test_holds_the_messages_to_the_letter(self) -> None:
        answer = await self.one.ask("history_chats", account="User2", start_id=self.ids[1])
        self.assertEqual([item["message"] for item in answer["data"]["list"]], [text("第0句")])


class GoingForward(HistoryTest):
    async def test_gives_what_is_strictly_above_the_id_oldest_first(self) -> None:
        self.assertEqual(await self.page(after_id=self.ids[10], limit=4), (self.ids[11:15], True))

    async def test_says_when_the_end_is_reached(self) -> None:
        self.assertEqual(await self.page(after_id=self.ids[-5], limit=4), (self.ids[-4:], False))
        self.assertEqual(await self.page(after_id=self.ids[-1]), ([], False))

    async def test_begins_at_the_beginning_with_zero(self) -> None:
        self.assertEqual(await self.page(after_id=0), (self.ids[:20], True))

    async def test_gives_the_other_side_the_same(self) -> None:
        two = await self.signed_in("User2")
        self.assertEqual(await self.page(two, after_id=self.ids[10], limit=4), (self.ids[11:15], True))


class WalkingTheWholeHistoryWhileMessagesArrive(HistoryTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.two = await self.signed_in("User2")

    def stored(self) -> list[int]:
        return [message.pk for message in self.world.messages()]

    async def test_backwards_gives_every_older_id_once(self) -> None:
        for limit in (1, 7, 20, 100):
            with self.subTest(limit=limit):
                held = (await self.two.ask("chats", account="User1"))["data"]["list"][0]["id"]
                expected = [number for number in self.stored() if number < held]
                walked: list[int] = []
                more = True
                while more and len(walked) <= len(expected):
                    arriving = await self.one.request("send", account="User2", message=text("又一句"))
                    page, more = await self.page(self.two, start_id=walked[0] if walked else held, limit=limit)
                    walked = page + walked
                    await self.one.answer(arriving)
                self.assertEqual(walked, expected)

    async def test_forwards_gives_every_id_once_up_to_the_newest(self) -> None:
        for limit in (3, 7, 20, 100):
            with self.subTest(limit=limit):
                walked: list[int] = []
                more = True
                while more and len(walked) <= len(self.stored()):
                    # One page holds more than what arrives meanwhile, so that the walk comes to its end.
                    arriving = await self.one.request("send", account="User2", message=text("又一句"))
                    page, more = await self.page(self.two, after_id=walked[-1] if walked else 0, limit=limit)
                    walked += page
                    await self.one.answer(arriving)
                page, more = await self.page(self.two, after_id=walked[-1], limit=limit)
                self.assertEqual((walked + page, more), (self.stored(), False))


class AWrongPage(HistoryTest):
    async def test_is_refused_with_the_fields_name(self) -> None:
        wrong: dict[str, tuple[Any, ...]] = {"limit": (0, 101, -1), "start_id": (-1, 2**63), "after_id": (-1, 2**63)}
        for field, values in wrong.items():
            for value in values:
                with self.subTest(field=field, value=value):
                    heard = await self.one.ask("history_chats", account="User2", **{field: value})
                    self.assert_refused(heard, "invalid_field", "history_chats")
                    self.assertEqual(heard["field"], f"data.{field}")

    async def test_of_an_account_that_there_is_not_is_refused(self) -> None:
        heard = await self.one.ask("history_chats", account="Nobody")
        self.assert_refused(heard, "unknown_account", "history_chats")
