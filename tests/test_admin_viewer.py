"""The conversation viewer of the admin: it looks like the chat, finds words in any writing, and believes no body."""

import json
import re
from typing import Any

from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Account
from chat.models import Conversation, Message, Remark
from robots.models import Shop
from tests.admin_case import AdminTest


class ViewerTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.customer = self.world.account("User1", nickname="张三")
        self.shop = self.world.account("dev17", nickname="演示小店")
        self.talk = self.view(self.shop, self.customer)
        self.path = f"/admin/chat/conversation/{self.talk.pk}/talk/"

    def view(self, owner: Account, peer: Account, **values: Any) -> Conversation:
        return Conversation.objects.create(owner=owner, peer=peer, last_message_at=timezone.now(), **values)

    def say(self, body: str, *, sender: Account | None = None, **values: Any) -> Message:
        sender = sender or self.customer
        recipient = self.shop if sender == self.customer else self.customer
        return Message.objects.create(
            sender=sender, recipient=recipient, body=body, created_at=timezone.now(), **values
        )

    def texts(self, *contents: str) -> None:
        for content in contents:
            self.say(json.dumps({"type": "txt", "content": content}, ensure_ascii=False))


class TheViewer(ViewerTest):
    def test_shows_both_sides_from_the_oldest_to_the_newest(self) -> None:
        self.texts("发顺丰吗")
        self.say('{"type":"txt","content":"发的"}', sender=self.shop)
        page = self.page(self.path)
        self.assertLess(page.index("发顺丰吗"), page.index("发的"))
        self.assertEqual(page.count("talk-line own"), 1)
        self.assertIn("张三", page)

    def test_is_headed_by_names_on_the_pages_around_it_too(self) -> None:
        for page in ("change", "history"):
            text = self.page(f"/admin/chat/conversation/{self.talk.pk}/{page}/")
            self.assertIn("张三 (User1) ↔ 演示小店 (dev17)", text, page)
            self.assertNotIn(f"{self.shop.pk} ↔ {self.customer.pk}", text, page)

    def test_shows_what_its_owner_has_deleted(self) -> None:
        self.texts("旧消息")
        Conversation.objects.update(cleared_up_to=10**9)
        self.assertIn("旧消息", self.page(self.path))

    def test_shows_pictures_of_the_server_and_links_to_others(self) -> None:
        self.say('{"type":"img","content":"/media/2026/11/a.png"}')
        self.say('{"type":"img","content":"https://img.example/b.png"}')
        page = self.page(self.path)
        self.assertIn('<img src="/media/2026/11/a.png"', page)
        self.assertNotIn('<img src="https://img.example', page)
        self.assertIn('href="https://img.example/b.png"', page)

    def test_runs_nothing_that_stands_in_a_body(self) -> None:
        self.say('{"type":"txt","content":"<script>alert(1)</script>"}')
        for address in ("javascript:alert(2)", "data:text/html,x", "//evil.example/x", "/admin/logout/", "http://[bad"):
            self.say(json.dumps({"type": "img", "content": address}))
        page = self.page(self.path)
        self.assertNotIn("<script>alert", page)
        for address in ("javascript:", "data:text", "//evil.example", "/admin/logout/", "http://[bad"):
            self.assertNotIn(f'href="{address}', page.split("talk-lines")[1])

    def test_shows_cards_menus_and_unknown_types_as_text(self) -> None:
        self.say(
            '{"type":"goods","content":"","data":{"title":"羊毛围巾","price":"99.00","img":"https://x.example/1.png"}}'
        )
        self.say(
            '{"type":"robot","content":"机器人问题列表","data":{"title":"您想问","list":[{"question_id":1,"question":"包邮吗","answer":""}]}}'
        )
        self.say('{"type":"poll","content":{"question":"茶？"}}')
        self.say('{"type":"audio","content":"8|/media/2026/11/a.mp3"}')
        page = self.page(self.path)
        for text in ("羊毛围巾", "99.00", "· 包邮吗", "茶？", "8 s"):
            self.assertIn(text, page)

    def test_of_a_message_that_was_taken_back_says_so(self) -> None:
        self.say('{"type":"txt","content":""}', recalled_at=timezone.now())
        self.assertIn("Taken back by its sender", self.page(self.path))

    def test_marks_what_the_robot_said(self) -> None:
        self.texts("有赠品吗")
        self.say('{"type":"txt","content":"请稍等"}', sender=self.shop, robot=Remark.FALLBACK)
        page = self.page(self.path)
        self.assertEqual(page.count("Robot · fallback"), 1)
        self.assertLess(page.index("有赠品吗"), page.index("Robot · fallback"))

    def test_goes_back_page_by_page_with_the_same_number_of_queries(self) -> None:
        self.texts(*(f"第 {n} 条" for n in range(130)))
        seen: list[int] = []
        path: str | None = self.path
        counts = []
        while path:
            page = self.page(path)
            counts.append(len(self.queries(path)))
            seen = [n for n in range(130) if f"第 {n} 条" in page] + seen
            older = re.search(r'href="(\?before=[0-9]+)"', page)
            path = self.path + older[1] if older else None
        self.assertEqual(seen, list(range(130)))
        self.assertEqual(len(set(counts)), 1)

    def test_needs_the_right_to_see_messages(self) -> None:
        staff = self.clerk("view_conversation")
        self.assertEqual(self.client.get(self.path).status_code, 403)
        staff.user_permissions.add(Permission.objects.get(codename="view_message"))
        self.assertEqual(self.client.get(self.path).status_code, 200)


class ItsSides(ViewerTest):
    def test_are_the_customer_and_on_the_right_the_shop_whoever_owns_the_row(self) -> None:
        Shop.objects.create(app=self.world.app, number=17, account=self.shop, name="演示小店")
        self.say('{"type":"txt","content":"发的"}', sender=self.shop)
        other = self.view(self.customer, self.shop)
        for path in (self.path, f"/admin/chat/conversation/{other.pk}/talk/"):
            with self.subTest(path):
                page = self.page(path)
                self.assertIn(">张三 (User1) with 演示小店</h1>", page)
                self.assertIn("talk-line own", page)

    def test_lead_to_the_list_of_their_messages(self) -> None:
        self.assertIn(f'/admin/chat/message/?pair={self.customer.pk}-{self.shop.pk}"', self.page(self.path))


class APlaceInIt(ViewerTest):
    def setUp(self) -> None:
        super().setUp()
        self.texts(*(f"第 {n} 条" for n in range(200)))
        self.ids = list(Message.objects.order_by("pk").values_list("pk", flat=True))

    def shown(self, path: str) -> list[int]:
        return [int(number) for number in re.findall(r"<p>第 (\d+) 条</p>", self.page(path))]

    def test_is_shown_with_what_was_said_before_and_after_and_marked(self) -> None:
        path = f"{self.path}?at={self.ids[100]}"
        self.assertEqual(self.shown(path), list(range(71, 131)))
        (marked,) = re.findall(r'<li class="talk-line sought" id="m(\d+)"', self.page(path))
        self.assertEqual(int(marked), self.ids[100])

    def test_is_left_towards_older_and_newer_ones_until_the_last(self) -> None:
        path = f"{self.path}?at={self.ids[100]}"
        seen = self.shown(path)
        while newer := re.search(r'href="(\?after=\d+)#lines"', self.page(path)):
            path = self.path + newer[1]
            seen += self.shown(path)
        self.assertEqual(seen, list(range(71, 200)))
        self.assertIn("?before=", self.page(path))

    def test_that_is_no_number_is_the_newest(self) -> None:
        for nonsense in ("at=x", "before=-1", "after=1.5", "at=" + "9" * 40):
            self.assertEqual(self.shown(f"{self.path}?{nonsense}")[-1], 199, nonsense)


class TheSearch(ViewerTest):
    def test_finds_chinese_words_however_they_were_encoded(self) -> None:
        self.texts("我的快递到哪了", "谢谢")
        self.say(r'{"type":"txt","content":"\u5feb\u9012\u5462"}')
        page = self.page(f"{self.path}?q=快递")
        self.assertIn("我的<mark>快递</mark>到哪了", page)
        self.assertIn("<mark>快递</mark>呢", page)
        self.assertNotIn("谢谢", page)

    def test_looks_at_what_is_said_and_not_at_keys(self) -> None:
        self.texts("你好")
        self.assertIn("No message has these words.", self.page(f"{self.path}?q=content"))

    def test_leaves_out_what_was_taken_back(self) -> None:
        self.say('{"type":"txt","content":"秘密"}', recalled_at=timezone.now())
        self.assertIn("No message has these words.", self.page(f"{self.path}?q=秘密"))
