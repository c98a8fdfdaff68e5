"""A table of questions is taken in a real browser, by somebody who clicks twice."""

from tests.admin_browser import StaffTest


class TheButtonBelowATable(StaffTest):
    def test_takes_it_once_however_often_it_is_clicked(self) -> None:
        shop = self.world.shop("dev17", 17, {1: ("包邮吗", "包邮")})
        page = self.admin(f"/admin/robots/shop/{shop.pk}/import/")
        file = "question,answer\n有发票吗,有\n".encode()
        page.set_input_files("[name=file]", {"name": "q.csv", "mimeType": "text/csv", "buffer": file})
        page.get_by_role("button", name="See what would change").click()
        page.get_by_role("button", name="Change it").dblclick()
        page.locator("table.changes").wait_for(state="detached")
        page.get_by_text("1 new, 0 changed, 0 as they were, 0 removed.").wait_for()
        self.assertFalse(page.get_by_text("second click").is_visible())
        self.assertEqual(shop.faqs.using(self.world.alias).count(), 2)
