"""Questions of a shop are put in order in a real browser: dragged, or by typing positions."""

from robots.models import Faq
from tests.admin_browser import StaffTest


class DraggingAQuestion(StaffTest):
    def test_moves_it_for_customers_too(self) -> None:
        shop = self.world.shop("dev17", 17, {1: ("包邮吗", "包邮"), 2: ("有大码吗", "有"), 3: ("几天到", "三天")})
        page = self.admin(f"/admin/robots/shop/{shop.pk}/change/")
        rows = page.locator("#faqs-data tbody.original")
        rows.nth(2).locator("[x-sort\\:handle]").drag_to(rows.nth(0).locator("[x-sort\\:handle]"))
        page.wait_for_function("() => document.querySelector('#id_faqs-2-position').value === '0'")
        page.click("[name=_continue]")
        page.get_by_text("was changed successfully").wait_for()
        faqs = Faq.objects.using(self.world.alias).filter(shop=shop)
        self.assertEqual(list(faqs.values_list("number", flat=True)), [3, 1, 2])
