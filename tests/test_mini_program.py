"""An existing mini program works unchanged."""

from tests.case import SocketTest, text
from tests.mini_program import Body, MiniProgram


class TheMiniProgram(SocketTest):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        self.world.shop("dev17", 17, {1: ("发什么快递", "发顺丰a"), 3: ("包邮吗", "本店全场包邮")})

    def program(self, peer: str, account: str = "User1") -> MiniProgram:
        program = MiniProgram(self.deployment.next_server().url, self.world.appid, account, peer)
        self.addAsyncCleanup(program.to_the_background)
        return program

    async def test_shows_the_newest_messages_oldest_first_and_older_ones_above_them(self) -> None:
        two = await self.signed_in("User2")
        words = [f"第{number}句" for number in range(45)]
        await two.tell_all("User1", words)
        program = self.program("User2")
        await program.to_the_foreground()
        await program.until("chats")
        self.assertEqual(program.shown(), words[-20:])
        for reached in (30, 40, 45, 45):
            await program.pull_down()
            self.assertEqual(program.shown(), words[-reached:])

    async def test_has_read_everything_once_it_shows_it(self) -> None:
        two = await self.signed_in("User2")
        await two.tell_all("User1", "一二三")
        program = self.program("User2")
        await program.to_the_foreground()
        await program.until("chats")
        self.assertEqual(self.world.recount("User1", "User2"), 0)
        await two.hear("sync_chat", chat_account="User1")

    async def test_shows_its_own_message_once(self) -> None:
        program = self.program("User2")
        await program.to_the_foreground()
        await program.until("chats")
        await program.write("你好")
        await program.write("在吗")
        await program.until("sync_read")
        await program.until("sync_read")
        self.assertEqual(program.shown(), ["你好", "在吗"])

    async def test_talks_with_another_mini_program(self) -> None:
        one, two = self.program("User2"), self.program("User1", account="User2")
        for program in (one, two):
            await program.to_the_foreground()
            await program.until("chats")
        for word in ("你好", "在忙什么"):
            await one.write(word)
            await two.until("user_message")
        await two.write("在写代码")
        await one.until("user_message")
        self.assertEqual(one.shown(), ["你好", "在忙什么", "在写代码"])
        self.assertEqual(two.shown(), one.shown())
        self.assertEqual(one.toasts + two.toasts, [])

    async def test_comes_from_a_product_page_and_taps_on_questions(self) -> None:
        program = self.program("dev17")
        await program.to_the_foreground(shop_id=17)
        await program.until("user_message")
        self.assertEqual([question["question"] for question in program.menu], ["发什么快递", "包邮吗"])
        for question in list(program.menu):
            await program.tap(question, shop_id=17)
            await program.until("user_message")
        talk = ["发什么快递", "发顺丰a", "包邮吗", "本店全场包邮"]
        self.assertEqual(program.shown(), ["机器人问题列表", *talk])
        self.assertEqual(self.world.messages().count(), 4)
        self.assertEqual(program.toasts, [])
        await program.to_the_background()
        await program.to_the_foreground()
        await program.until("chats")
        self.assertEqual(program.shown(), talk)

    async def test_shows_what_came_while_it_was_in_the_background(self) -> None:
        two = await self.signed_in("User2")
        program = self.program("User2")
        await program.to_the_foreground()
        await program.until("chats")
        await two.tell("User1", "看得到")
        await program.until("user_message")
        for round_ in range(3):
            await program.to_the_background()
            await two.tell("User1", f"第{round_}次不在")
            await program.to_the_foreground()
            await program.until("chats")
            self.assertEqual(program.shown()[-1], f"第{round_}次不在")
        self.assertEqual(program.shown()[0], "看得到")
        self.assertEqual(len(program.shown()), 4)

    async def test_shows_a_polite_word_for_every_error(self) -> None:
        program = self.program("Nobody")
        await program.to_the_foreground()
        await program.until("chats")
        self.assertEqual(program.toasts, ["对方账号不存在", "对方账号不存在"])

    async def test_sends_and_shows_pictures_voices_videos_and_goods(self) -> None:
        one, two = self.program("User2"), self.program("User1", account="User2")
        for program in (one, two):
            await program.to_the_foreground()
            await program.until("chats")
        goods = {"goods_id": 5, "goods_cover": "image/a.jpg", "goods_price": "9.90"}
        bodies: list[Body] = [
            text("看看这个"),
            {"type": "img", "content": "image/2021/a.jpg"},
            {"type": "audio", "content": "12|voice/a.mp3"},
            {"type": "video", "content": "image/cover.jpg|video/a.mp4"},
            {"type": "goods", "content": "商品", "data": goods},
        ]
        for body in bodies:
            await one.send(body)
            await two.until("user_message")
        self.assertEqual([body for _, _, body in two.bubbles], bodies)
        self.assertEqual(one.toasts, [])
