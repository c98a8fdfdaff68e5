"""Two of the staff have a shop's page open: the second to save loses nothing of what was typed, nor of the first's."""

import html
import re
from typing import Any

from playwright.sync_api import expect

from robots.models import Faq, QuickReply
from tests.admin_browser import StaffTest
from tests.admin_case import errors
from tests.test_admin_shops import ShopTest

COLUMNS = ("position", "number", "question", "answer", "phrasings", "keywords", "exclusions")


class TwoOnAPage(ShopTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop = self.world.shop("dev18", 18, {1: ("包邮吗", "包邮"), 2: ("有大码吗", "有"), 3: ("几天到", "三天")})
        self.path = f"/admin/robots/shop/{self.shop.pk}/change/"

    def opened(self) -> dict[str, Any]:
        """What the page would send as it is now."""
        rows: dict[str, Any] = {"faqs-TOTAL_FORMS": self.shop.faqs.count()}
        rows["faqs-INITIAL_FORMS"] = rows["faqs-TOTAL_FORMS"]
        for place, faq in enumerate(self.shop.faqs.all()):
            rows |= {f"faqs-{place}-{name}": getattr(faq, name) for name in COLUMNS}
            rows |= {f"faqs-{place}-id": faq.pk} | ({f"faqs-{place}-enabled": "on"} if faq.enabled else {})
        return self.fields(account=self.shop.account.pk, number=18, name="dev18", seen=self.seen(self.path), **rows)

    def refused(self, fields: dict[str, Any], **typed: Any) -> str:
        self.last = self.refusal(self.path, **{**fields, **typed})
        return self.last

    def held(self, name: str) -> str:
        """What stands in an input of the page that came back."""
        box = re.search(rf'<textarea[^>]* name="{name}".*?>\s?(.*?)</textarea>', self.last, re.DOTALL)
        line = re.search(rf'<input[^>]* name="{name}"[^>]*>', self.last)
        assert box or line, name
        value = box[1] if box else (re.search(r'value="(.*?)"', line[0]) or ["", ""])[1]  # type: ignore[index]
        return html.unescape(value).replace("\r\n", "\n")

    def again(self) -> None:
        """Save the page that came back as it stands."""
        inputs = re.findall(r'<input[^>]* name="((?:faqs|quick_replies)-\d+-[a-z]+|seen)"[^>]*>', self.last)
        boxes = re.findall(r'<textarea[^>]* name="([a-z0-9_-]+)"', self.last)
        sums = re.findall(r'name="(\w+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', self.last)
        fields = {name: self.held(name) for name in (*inputs, *boxes) if "__prefix__" not in name}
        ticked = set(re.findall(r'<input[^>]* name="(faqs-\d+-enabled)"[^>]* checked[ >]', self.last))
        fields = {name: value for name, value in fields.items() if not name.endswith("-enabled")}
        fields |= dict.fromkeys(ticked, "on") | dict(sums)
        self.submit(self.path, **{**self.fields(account=self.shop.account.pk, number=18, name="dev18"), **fields})

    def now(self, number: int) -> Faq:
        return self.shop.faqs.get(number=number)


class WhatBothHaveChanged(TwoOnAPage):
    def test_stays_as_it_was_typed_with_theirs_beside_it(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=1).update(answer="<b>满 99 元</b>\n包邮")
        page = self.refused(mine, **{"faqs-0-answer": "全场包邮"})
        self.assertEqual(self.held("faqs-0-answer"), "全场包邮")
        self.assertIn('<q class="theirs">&lt;b&gt;满 99 元&lt;/b&gt;\n包邮</q>', page)
        self.assertEqual(self.now(1).answer, "<b>满 99 元</b>\n包邮")
        self.again()
        self.assertEqual(self.now(1).answer, "全场包邮")

    def test_may_be_what_the_shop_itself_says(self) -> None:
        mine = self.opened()
        self.shop.greeting, self.shop.guests = "欢迎", True
        self.shop.save()
        page = self.refused(mine, greeting="您好呀")
        self.assertEqual(self.held("greeting"), "您好呀")
        self.assertIn('<q class="theirs">欢迎</q>', page)
        self.assertNotIn('<q class="theirs">yes</q>', page)
        self.assertRegex(page, r'<input[^>]* name="guests"[^>]* checked[ >]')

    def test_is_the_same_in_both_and_nothing_is_said_of_it(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=1).update(answer="全场包邮")
        page = self.refused(mine, **{"faqs-0-answer": " 全场包邮\r\n"})
        self.assertNotIn("meanwhile:", page)

    def test_is_named_above_the_form_with_a_link(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=1).update(answer="满 99 元包邮")
        page = self.refused(mine, **{"faqs-0-answer": "全场包邮"})
        self.assertRegex(page, r'<a [^>]*href="#id_faqs-0-answer">Answer: 包邮吗</a>')


class WhatOthersAloneHaveChanged(TwoOnAPage):
    def test_goes_into_the_form_and_is_not_undone(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=2).update(phrasings="有加大码吗\n大码", enabled=False)
        page = self.refused(mine, **{"faqs-0-answer": "全场包邮"})
        self.assertEqual(self.held("faqs-1-phrasings"), "有加大码吗\n大码")
        self.assertIn("Somebody has changed this meanwhile.", page)
        self.again()
        self.assertEqual((self.now(1).answer, self.now(2).phrasings), ("全场包邮", "有加大码吗\n大码"))
        self.assertFalse(self.now(2).enabled)

    def test_may_be_the_order(self) -> None:
        mine = self.opened()
        for number, position in ((1, 7), (3, 2)):
            self.shop.faqs.filter(number=number).update(position=position)
        self.refused(mine, **{"faqs-0-answer": "全场包邮"})
        self.again()
        self.assertEqual([faq.number for faq in self.shop.faqs.all()], [2, 3, 1])

    def test_may_be_a_quick_reply(self) -> None:
        reply = QuickReply.objects.create(shop=self.shop, shortcut="hi", text="您好")
        rows = {"quick_replies-TOTAL_FORMS": 1, "quick_replies-INITIAL_FORMS": 1, "quick_replies-0-id": reply.pk}
        mine = {**self.opened(), **rows, "quick_replies-0-shortcut": "hi", "quick_replies-0-text": "您好"}
        QuickReply.objects.update(text="您好呀")
        self.shop.save()
        self.refused(mine, **{"quick_replies-0-shortcut": "hello"})
        self.again()
        reply.refresh_from_db()
        self.assertEqual((reply.shortcut, reply.text), ("hello", "您好呀"))

    def test_is_named_where_it_is_new(self) -> None:
        mine = self.opened()
        Faq.objects.create(shop=self.shop, number=9, position=9, question="有发票吗", answer="有")
        self.assertRegex(self.refused(mine), r"Added meanwhile:\s*有发票吗")
        self.again()
        self.assertEqual(self.shop.faqs.count(), 4)

    def test_is_told_to_nobody_who_may_not_see_questions(self) -> None:
        mine = self.opened()
        Faq.objects.create(shop=self.shop, number=9, position=9, question="有发票吗", answer="有")
        self.clerk("view_shop", "change_shop")
        self.assertNotIn("有发票吗", self.refused(mine))


class WhatOthersHaveRemoved(TwoOnAPage):
    def test_stays_away_if_nobody_has_changed_it_here(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=2).delete()
        page = self.refused(mine, **{"faqs-2-answer": "两天"})
        self.assertRegex(page, r"Removed meanwhile:\s*有大码吗")
        self.again()
        self.assertEqual([(faq.number, faq.answer) for faq in self.shop.faqs.all()], [(1, "包邮"), (3, "两天")])

    def test_is_made_anew_if_somebody_has(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=2).delete()
        page = self.refused(mine, **{"faqs-1-answer": "有，到 4XL"})
        self.assertIn("Somebody has removed this row meanwhile", page)
        self.again()
        self.assertEqual([(faq.number, faq.answer) for faq in self.shop.faqs.all()][1], (2, "有，到 4XL"))

    def test_stays_away_if_it_was_to_go_here_too(self) -> None:
        mine = self.opened()
        self.shop.faqs.filter(number=2).delete()
        self.refused(mine, **{"faqs-1-DELETE": "on", "faqs-1-answer": "x"})
        self.again()
        self.assertEqual([faq.number for faq in self.shop.faqs.all()], [1, 3])


class WhatABrowserSays(TwoOnAPage):
    def test_of_the_state_that_it_saw_may_be_anything(self) -> None:
        mine = self.opened()
        for seen in ("", "x", "1.2", "1.x.y~z", "1.2.a~b~c", "9" * 5000, f"1.{'9' * 40}", "1.0.faqs-1~é"):
            with self.subTest(seen[:20]):
                page = self.refused(mine, seen=seen, **{"faqs-0-id": 10**17, "faqs-1-id": "x", "faqs-2-answer": "两天"})
                self.assertIn("nothing is saved", page)
        self.assertEqual(self.now(3).answer, "三天")

    def test_of_questions_of_another_shop_tells_nothing_of_them(self) -> None:
        other = self.world.shop("dev19", 19, {1: ("秘密", "秘密的回答")})
        mine = self.opened()
        self.shop.save()
        self.assertNotIn("秘密的回答", self.refused(mine, **{"faqs-0-id": other.faqs.get().pk}))

    def test_of_a_state_that_is_still_so_is_taken(self) -> None:
        mine = self.opened()
        self.assertEqual(errors(self.submit(self.path, **{**mine, "faqs-0-answer": "全场包邮"})), [])
        self.assertEqual(self.now(1).answer, "全场包邮")


class OnTheirScreens(StaffTest):
    def test_theirs_is_taken_with_a_click(self) -> None:
        shop = self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        path, faqs = f"/admin/robots/shop/{shop.pk}/change/", Faq.objects.using(self.world.alias).filter(shop=shop)
        page = self.admin(path)
        expect(page.locator("#id_faqs-0-answer")).to_have_value("包邮")
        faqs.update(answer="满 99 元\n包邮")
        page.fill("#id_faqs-0-answer", "全场包邮")
        page.fill("#id_greeting", "您好呀")
        page.click("[name=_continue]")
        expect(page.locator(".theirs")).to_have_text("满 99 元 包邮")
        page.get_by_role("button", name="Take this").click()
        expect(page.locator("#id_faqs-0-answer")).to_have_value("满 99 元\n包邮")
        page.click("[name=_continue]")
        expect(page.get_by_text("was changed successfully")).to_be_visible()
        self.assertEqual([faq.answer.replace("\r\n", "\n") for faq in faqs], ["满 99 元\n包邮"])
        shop.refresh_from_db()
        self.assertEqual(shop.greeting, "您好呀")
