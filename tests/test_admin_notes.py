"""Notes about customers: written beside a conversation, seen by the people of a shop, and moved."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from accounts.models import Account
from chat.models import Conversation
from robots import notes
from robots.models import Membership, Note, Shop
from robots.roles import SHOP_STAFF
from tests.admin_case import AdminTest
from tests.case import text
from tests.world import World

WORDS = "老客户，<b>要发票</b>"


class NotesTest(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.shop, self.other = self.world.shop("dev17", 17, {}), self.world.shop("dev18", 18, {})
        self.customer, self.guest = self.world.account("User1"), self.world.account("User2")
        for shop in ("dev17", "dev18"):
            self.world.said("User1", shop, text("在吗"))

    def talk(self, owner: str = "dev17", peer: str = "User1") -> str:
        view = Conversation.objects.get(owner__name=owner, peer__name=peer)
        return f"/admin/chat/conversation/{view.pk}/talk/"

    def noted(self, text: str = WORDS, shop: Shop | None = None, about: Account | None = None) -> Note:
        return Note.objects.create(account=about or self.customer, shop=shop, text=text)

    def work_for(self, shop: Shop) -> None:
        """Go on as somebody who works for the shop alone."""
        user = get_user_model().objects.create(username="clerk", is_staff=True)
        user.groups.add(Group.objects.get(name=SHOP_STAFF.group))
        Membership.objects.create(user=user, shop=shop)
        self.client.force_login(user)


class BesideAConversation(NotesTest):
    def test_they_are_written_and_read(self) -> None:
        self.work_for(self.shop)
        page = self.submit(self.talk(), note=WORDS)
        self.assertIn("老客户，&lt;b&gt;要发票&lt;/b&gt;", page)
        note = Note.objects.get()
        self.assertEqual((note.account, note.shop, str(note.author)), (self.customer, self.shop, "clerk"))

    def test_they_are_about_the_customer_from_either_side(self) -> None:
        self.submit(self.talk("User1", "dev17"), note=WORDS)
        self.assertEqual(Note.objects.get().account, self.customer)

    def test_those_of_other_shops_do_not_show(self) -> None:
        self.noted("甲店的", self.shop)
        self.noted("乙店的", self.other)
        self.noted("平台的")
        self.work_for(self.shop)
        page = self.page(self.talk())
        self.assertEqual([words in page for words in ("甲店的", "乙店的", "平台的")], [True, False, False])
        self.client.force_login(self.staff)
        page = self.page(self.talk())
        self.assertEqual([words in page for words in ("甲店的", "乙店的", "平台的")], [True, True, True])

    def test_they_are_not_empty_and_not_endless(self) -> None:
        for words in ("", " \r\n ", "x" * 2001):
            self.client.post(self.talk(), {"note": words})
        self.assertFalse(Note.objects.exists())

    def test_they_take_a_right(self) -> None:
        self.clerk("view_conversation", "view_message", "view_note")
        self.assertIn("Notes about", self.page(self.talk()))
        self.assertEqual(self.client.post(self.talk(), {"note": WORDS}).status_code, 403)
        self.assertFalse(Note.objects.exists())


class TheList(NotesTest):
    def test_has_those_about_an_account(self) -> None:
        self.noted("甲的")
        self.noted("乙的", about=self.guest)
        page = self.page(f"/admin/robots/note/?about={self.customer.pk}")
        self.assertTrue("甲的" in page and "乙的" not in page)

    def test_is_reached_from_the_page_of_the_account(self) -> None:
        page = self.page(f"/admin/accounts/account/{self.customer.pk}/change/")
        self.assertIn(f"/admin/robots/note/?about={self.customer.pk}", page)

    def test_takes_new_ones_within_an_app(self) -> None:
        self.submit("/admin/robots/note/add/", account=self.customer.pk, shop="", text=WORDS)
        self.assertEqual(Note.objects.get().author, self.staff)
        stranger = World("default").account("User1")
        self.refusal("/admin/robots/note/add/", account=stranger.pk, shop=self.shop.pk, text=WORDS)

    def test_takes_no_more_queries_for_many(self) -> None:
        counts = []
        for _ in range(2):
            for _ in range(10):
                self.noted(shop=self.shop)
            counts.append(len(self.queries("/admin/robots/note/")))
        self.assertEqual(counts[0], counts[1])


class Moving(NotesTest):
    def move(self, *chosen: Note, to: Account) -> int:
        path = f"/admin/robots/note/move/?ids={','.join(str(note.pk) for note in chosen)}"
        self.page(path)
        return self.client.post(path, {"account": to.pk}).status_code

    def test_joins_the_notes_of_two_accounts_of_one_person(self) -> None:
        kept, moved = self.noted("一"), self.noted("二", self.shop, self.guest)
        answer = self.client.post("/admin/robots/note/", {"action": "move", "_selected_action": [moved.pk]})
        self.assertRedirects(answer, f"/admin/robots/note/move/?ids={moved.pk}")
        self.assertEqual(self.move(moved, to=self.customer), 302)
        joined = self.customer.notes.order_by("pk").values_list("pk", "moved_from")
        self.assertEqual(list(joined), [(kept.pk, ""), (moved.pk, "User2")])
        self.assertIn("User2", self.page(self.talk()))

    def test_keeps_the_account_that_they_were_first_about(self) -> None:
        note = self.noted(about=self.guest)
        for to in (self.customer, self.world.account("User3"), self.world.get("User3")):
            self.move(note, to=to)
        self.assertEqual([(n.account.name, n.moved_from) for n in Note.objects.all()], [("User3", "User2")])

    def test_stays_within_an_app(self) -> None:
        note, stranger = self.noted(), World("default").account("User1")
        self.assertEqual(self.move(note, to=stranger), 200)
        self.assertEqual(Note.objects.get().account, self.customer)

    def test_is_for_those_who_see_all_accounts(self) -> None:
        note = self.noted(shop=self.shop)
        self.work_for(self.shop)
        path = f"/admin/robots/note/move/?ids={note.pk}"
        self.assertEqual(self.client.post(path, {"account": self.guest.pk}).status_code, 403)

    def test_is_forgotten_with_the_account_that_they_were_first_about(self) -> None:
        note = self.noted(about=self.guest)
        notes.move([note], self.customer)
        self.noted(about=self.guest)
        notes.forget(self.guest)
        self.assertEqual([(n.account.name, n.moved_from) for n in Note.objects.all()], [("User1", "")])
