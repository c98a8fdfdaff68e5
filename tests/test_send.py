"""`send`: one message from one account to another."""

from typing import Any, ClassVar

from tests.case import OwnServerTest, SocketTest, text
from tests.client import Heard


class SendTest(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.one = await self.signed_in("User1")
        self.two = await self.signed_in("User2")

    async def send(self, message: Any, account: str = "User2", **data: Any) -> Heard:
        return await self.one.ask("send", account=account, message=message, **data)

    def stored(self) -> list[int]:
        return [message.pk for message in self.world.messages()]


class AMessageReachesItsRecipient(SendTest):
    async def test_the_recipient_hears_it_with_its_id_and_time(self) -> None:
        receipt = await self.one.tell("User2", "你好啊")
        heard = await self.two.hear("user_message")
        self.assertEqual(heard["message_id"], receipt["message_id"])
        self.assertEqual(heard["data"]["account"], "User1")
        self.assertEqual(heard["data"]["message"], text("你好啊"))
        self.assertEqual(heard["data"]["created_at"], receipt["created_at"])

    async def test_every_socket_of_the_recipient_hears_it_once(self) -> None:
        second = await self.signed_in("User2")
        await self.one.tell("User2", "你好啊")
        for socket in (self.two, second):
            heard = await self.silence(socket, "User2")
            self.assertEqual([frame["query"] for frame in heard], ["user_message"])

    async def test_nobody_else_hears_it(self) -> None:
        self.world.account("User3")
        three = await self.signed_in("User3")
        await self.one.tell("User2", "你好啊")
        self.assertEqual(await self.silence(three, "User3"), [])


class TheReceipt(SendTest):
    async def test_tells_id_time_and_that_nobody_has_read_the_message_yet(self) -> None:
        receipt = await self.send(text("你好啊"))
        self.assertEqual((receipt["code"], receipt["query"]), (0, "sync_read"))
        self.assertEqual(receipt["data"], {"account": "User1", "chat_account": "User2", "is_read": 0})
        self.assertRegex(receipt["created_at"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")

    async def test_comes_after_the_message_is_stored(self) -> None:
        receipt = await self.one.tell("User2", "你好啊")
        self.assertEqual(self.stored(), [receipt["message_id"]])

    async def test_comes_without_seq_to_a_client_that_sent_none(self) -> None:
        await self.one.say('{"query":"send","data":{"account":"User2","message":{"type":"txt","content":"你好"}}}')
        self.assertNotIn("seq", await self.one.hear("sync_read"))


class TheEcho(SendTest):
    async def test_the_senders_other_sockets_hear_what_was_said_and_to_whom_and_then_the_receipt(self) -> None:
        other = await self.signed_in("User1")
        receipt = await self.one.tell("User2", "你好啊")
        say, read = await self.silence(other, "User1")
        self.assertEqual((say["query"], say["message_id"]), ("sync_say", receipt["message_id"]))
        said = {"account": "User1", "chat_account": "User2", "message": text("你好啊")}
        self.assertEqual(say["data"], {**said, "created_at": receipt["created_at"], "is_read": 0})
        self.assertEqual(read, {key: value for key, value in receipt.items() if key != "seq"})

    async def test_the_sending_socket_hears_its_receipt_alone(self) -> None:
        await self.one.request("send", account="User2", message=text("你好啊"))
        heard = await self.silence(self.one, "User1")
        self.assertEqual([frame["query"] for frame in heard], ["sync_read"])


class ManySendsAtOnce(SendTest):
    async def test_are_answered_stored_and_delivered_in_the_order_in_which_they_were_sent(self) -> None:
        contents = [f"第{number}句" for number in range(150)]
        ids = await self.one.tell_all("User2", contents)
        self.assertEqual(ids, sorted(set(ids)))
        self.assertEqual(self.stored(), ids)
        heard = [await self.two.hear("user_message") for _ in contents]
        self.assertEqual([frame["message_id"] for frame in heard], ids)
        self.assertEqual([frame["data"]["message"]["content"] for frame in heard], contents)

    async def test_have_their_receipts_in_order_though_one_among_them_is_refused(self) -> None:
        asked = [await self.one.request("send", account="User2", message=text(word)) for word in ("一", " ", "三")]
        heard = [await self.one.next() for _ in asked]
        self.assertEqual([frame["seq"] for frame in heard], asked)
        self.assertEqual([frame["code"] for frame in heard], [0, 2, 0])

    async def test_are_done_before_what_is_asked_after_them(self) -> None:
        for word in "一二三":
            await self.one.request("send", account="User2", message=text(word))
        listed = await self.one.ask("chats", account="User2")
        self.assertEqual([item["message"]["content"] for item in listed["data"]["list"]], ["一", "二", "三"])

    async def test_both_ways_are_told_to_both_in_the_order_of_their_ids(self) -> None:
        for number in range(20):
            await self.one.request("send", account="User2", message=text(f"问{number}"))
            await self.two.request("send", account="User1", message=text(f"答{number}"))
        for socket, account in ((self.one, "User1"), (self.two, "User2")):
            heard = await self.silence(socket, account)
            ids = [frame["message_id"] for frame in heard if frame["query"] == "user_message"]
            self.assertEqual((len(ids), ids), (20, sorted(ids)))


class AClientId(SendTest):
    async def test_comes_back_in_the_receipt_and_the_echo(self) -> None:
        other = await self.signed_in("User1")
        receipt = await self.send(text("你好"), client_id="a-1")
        self.assertEqual(receipt["data"]["client_id"], "a-1")
        self.assertEqual((await other.hear("sync_say"))["data"]["client_id"], "a-1")

    async def test_comes_back_in_every_error(self) -> None:
        for account, message in (("Nobody", text("你好")), ("User2", text(" ")), ("", text("你好"))):
            self.assertEqual((await self.send(message, account, client_id="a-1"))["data"]["client_id"], "a-1")

    async def test_is_not_told_to_the_recipient(self) -> None:
        await self.send(text("你好"), client_id="a-1")
        self.assertNotIn("client_id", (await self.two.hear("user_message"))["data"])

    async def test_repeated_gives_the_same_receipt_and_nothing_is_stored_or_told_twice(self) -> None:
        other = await self.signed_in("User1")
        first = await self.send({"type": "txt", "content": "你好"}, client_id="a-1")
        again = await self.send({"content": "你好", "type": "txt"}, client_id="a-1")
        self.assertEqual({**again, "seq": 0}, {**first, "seq": 0})
        self.assertEqual(self.stored(), [first["message_id"]])
        self.assertEqual(self.world.view("User2", "User1").unread, 1)
        self.assertEqual(len(await self.silence(self.two, "User2")), 1)
        self.assertEqual([frame["query"] for frame in await self.silence(other, "User1")], ["sync_say", "sync_read"])

    async def test_repeated_after_the_message_was_read_says_so(self) -> None:
        await self.send(text("你好"), client_id="a-1")
        await self.two.ask("enter_chats", account="User1")
        self.assertEqual((await self.send(text("你好"), client_id="a-1"))["data"]["is_read"], 1)

    async def test_for_another_message_is_a_conflict(self) -> None:
        self.world.account("User3")
        await self.send(text("你好"), client_id="a-1")
        for message, account in ((text("再见"), "User2"), (text("你好"), "User3")):
            refused = await self.send(message, account, client_id="a-1")
            self.assert_refused(refused, "client_id_conflict", "send")
            self.assertEqual(refused["data"], {"client_id": "a-1"})
        self.assertEqual(len(self.stored()), 1)

    async def test_twice_in_flight_is_stored_once(self) -> None:
        asked = [
            await self.one.request("send", account="User2", message=text("你好"), client_id="a-1") for _ in range(5)
        ]
        receipts = [await self.one.answer(seq) for seq in asked]
        self.assertEqual({receipt["message_id"] for receipt in receipts}, set(self.stored()))
        self.assertEqual(len(self.stored()), 1)

    async def test_with_two_messages_in_flight_is_a_conflict_for_the_second(self) -> None:
        asked = [
            await self.one.request("send", account="User2", message=text(word), client_id="a-1") for word in "一二"
        ]
        first, second = [await self.one.answer(seq) for seq in asked]
        self.assertEqual(first["code"], 0)
        self.assert_refused(second, "client_id_conflict", "send")

    async def test_from_two_sockets_at_once_is_stored_once(self) -> None:
        sockets = [await self.signed_in("User1") for _ in range(4)]
        for number in range(5):
            asked = [
                await socket.request("send", account="User2", message=text("你好"), client_id=f"{number}")
                for socket in sockets
            ]
            receipts = [await socket.answer(seq) for socket, seq in zip(sockets, asked, strict=True)]
            self.assertEqual(len({receipt["message_id"] for receipt in receipts}), 1)
        self.assertEqual(len(self.stored()), 5)

    async def test_belongs_to_its_sender_alone(self) -> None:
        await self.send(text("你好"), client_id="a-1")
        answer = await self.two.ask("send", account="User1", message=text("也好"), client_id="a-1")
        self.assertEqual(answer["code"], 0)

    async def test_has_up_to_64_characters(self) -> None:
        self.assertEqual((await self.send(text("你好"), client_id="界" * 64))["code"], 0)
        for wrong in ("", "x" * 65):
            self.assert_refused(await self.send(text("你好"), client_id=wrong), "invalid_field", "send")


class WhoCannotBeSentTo(SendTest):
    async def test_oneself(self) -> None:
        self.assert_refused(await self.send(text("你好"), "User1"), "own_account", "send")

    async def test_an_account_that_there_is_not(self) -> None:
        self.assert_refused(await self.send(text("你好"), "Nobody"), "unknown_account", "send")

    async def test_the_notification_account(self) -> None:
        refused = await self.send(text("你好"), self.world.notification.name)
        self.assert_refused(refused, "notification_account", "send")

    async def asyncTearDown(self) -> None:
        self.assertEqual(self.stored(), [])
        self.assertFalse(self.world.conversations().exists())


class TooManySends(OwnServerTest):
    environment: ClassVar = {"CHAT_LIMITS": "1", "CHAT_SENDS_PER_MINUTE": "3"}

    async def test_are_refused_for_the_account_with_the_seconds_to_wait(self) -> None:
        self.world.accounts("User1", "User2")
        one, other, two = [await self.signed_in(name) for name in ("User1", "User1", "User2")]
        for socket in (one, other, one):
            self.assertEqual((await socket.tell("User2", "你好"))["code"], 0)
        refused = await other.ask("send", account="User2", message=text("你好"), client_id="a-1")
        self.assert_refused(refused, "too_many_requests", "send")
        self.assertGreater(refused["retry_after"], 0)
        self.assertLessEqual(refused["retry_after"], 20)
        self.assertEqual(refused["data"], {"client_id": "a-1"})
        self.assertEqual(self.world.messages().count(), 3)
        self.assertEqual((await two.tell("User1", "我还可以"))["code"], 0)

    async def test_are_counted_with_the_questions_to_robots(self) -> None:
        self.world.account("User1")
        self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        one = await self.signed_in("User1")
        for _ in range(3):
            await one.ask("robot", account="dev17", shop_id=17, question_id=1)
        refused = await one.ask("robot", account="dev17", shop_id=17, question_id=1)
        self.assert_refused(refused, "too_many_requests", "robot")
        self.assertEqual(self.world.messages().count(), 3)
