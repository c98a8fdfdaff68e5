"""Blocks in the admin: what staff may block in an account's place."""

from chat.models import Block
from tests.admin_case import AdminTest
from tests.world import World

ADD = "/admin/chat/block/add/"


class ABlockByStaff(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.one, self.two = self.world.account("User1"), self.world.account("User2")

    def refused(self, owner: int, blocked: int, words: str) -> None:
        self.assertIn(words, self.refusal(ADD, owner=owner, blocked=blocked))
        self.assertFalse(Block.objects.exists())

    def test_is_listed(self) -> None:
        page = self.submit(ADD, owner=self.one.pk, blocked=self.two.pk)
        self.assertIn("User2", page)
        self.assertEqual(Block.objects.get().owner, self.one)

    def test_is_reached_from_the_page_of_the_account_that_is_blocked(self) -> None:
        link = f"{ADD}?blocked={self.two.pk}"
        self.assertIn(link, self.page(f"/admin/accounts/account/{self.two.pk}/change/"))
        self.assertIn(f'<option value="{self.two.pk}" selected>', self.page(link))

    def test_is_made_once(self) -> None:
        self.submit(ADD, owner=self.one.pk, blocked=self.two.pk)
        self.refusal(ADD, owner=self.one.pk, blocked=self.two.pk)
        self.assertEqual(Block.objects.count(), 1)

    def test_is_for_two_accounts_of_one_app(self) -> None:
        stranger = World("default").account("User1")
        self.refused(self.one.pk, stranger.pk, "belongs to another app")
        self.refused(self.one.pk, self.one.pk, "block itself")
        self.refused(self.one.pk, self.world.notification.pk, "")

    def test_is_found_by_the_account_that_blocks(self) -> None:
        self.submit(ADD, owner=self.one.pk, blocked=self.two.pk)
        row = f"/admin/chat/block/{Block.objects.get().pk}/"
        self.assertIn(row, self.page("/admin/chat/block/?q=User1"))
        self.assertNotIn(row, self.page("/admin/chat/block/?q=User2"))
