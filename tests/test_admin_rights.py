"""Users, groups and rights in the admin, in the reader's language."""

import re

from django.contrib.auth.models import Group, Permission
from django.utils.translation import override

from robots.admin import rights
from robots.roles import PLATFORM_STAFF, SHOP_STAFF
from tests.admin_case import AdminTest
from tests.test_admin_roles import RolesTest

ENGLISH = re.compile("[A-Za-z]{3,}")


class InChinese(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
        self.group = Group.objects.get(name=SHOP_STAFF.group)
        self.path = f"/admin/auth/group/{self.group.pk}/change/"

    def test_each_right_is_named(self) -> None:
        named = re.findall(r"<option[^>]*>([^<]*)<", self.page(self.path))
        self.assertGreater(len(named), 50)
        self.assertEqual([name for name in named if ENGLISH.search(name.lower().replace("webhook", ""))], [])

    def test_roles_are_named(self) -> None:
        pages = [self.path, f"/admin/auth/group/{self.group.pk}/history/", "/admin/auth/group/", "/admin/auth/user/"]
        for page in pages:
            text = self.page(page)
            self.assertIn("店铺员工", text, page)
            self.assertNotIn(SHOP_STAFF.group, text, page)

    def test_a_role_is_named_where_it_is_saved(self) -> None:
        page = self.submit(self.path, permissions=[])
        self.assertIn("组“<a href=", page.replace("&quot;", "“"))
        self.assertNotIn(SHOP_STAFF.group, page)


class AGroup(AdminTest):
    def test_that_there_is_from_the_start_keeps_its_name(self) -> None:
        group = Group.objects.get(name=PLATFORM_STAFF.group)
        self.submit(f"/admin/auth/group/{group.pk}/change/", name="bosses", permissions=[])
        group.refresh_from_db()
        self.assertEqual((group.name, group.permissions.count()), (PLATFORM_STAFF.group, 0))

    def test_that_there_is_from_the_start_is_not_deleted(self) -> None:
        for group in Group.objects.filter(name__in=rights.KNOWN):
            self.assertEqual(
                self.client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code, 403
            )
        self.assertEqual(Group.objects.count(), len(rights.KNOWN))

    def test_that_somebody_made_is_called_as_they_call_it(self) -> None:
        self.submit("/admin/auth/group/add/", name="shop account", permissions=[])
        group = Group.objects.get(name="shop account")
        self.submit(f"/admin/auth/group/{group.pk}/change/", name="account", permissions=[])
        with override("zh-hans"):
            self.assertEqual(rights.title(Group.objects.get(pk=group.pk)), "account")

    def test_offers_each_right_that_roles_have(self) -> None:
        offered = {f"{right.content_type.app_label}.{right.codename}" for right in rights.offered()}
        self.assertEqual(set(PLATFORM_STAFF.permissions) - offered, set())
        self.assertLess(len(offered), Permission.objects.count())


class TheListOfUsers(RolesTest):
    def row(self, name: str) -> list[str]:
        """What stands in somebody's row."""
        self.client.force_login(self.staff)
        row = re.search(rf"<a [^>]*>{name}</a>(.*?)</tr>", self.page("/admin/auth/user/"), re.DOTALL)
        assert row is not None
        return re.findall(r'<td class="field-(?:roles|shops) [^>]*>\s*([^<]*?)\s*<', row[1])

    def test_says_roles_and_shops(self) -> None:
        self.member("both", SHOP_STAFF.group, self.ours, self.theirs)
        self.assertEqual(self.row("both"), ["Shop staff", f"{self.ours.name}, {self.theirs.name}"])
        self.assertEqual(self.row("staff"), ["Superuser", ""])

    def test_takes_as_many_queries_for_many_as_for_few(self) -> None:
        self.client.force_login(self.staff)
        few = len(self.queries("/admin/auth/user/"))
        for n in range(10):
            self.member(f"clerk{n}", SHOP_STAFF.group, self.ours)
        self.assertEqual(len(self.queries("/admin/auth/user/")), few)


class TheHeading(RolesTest):
    def test_calls_somebody_as_they_are_called_and_reads_out_no_icons(self) -> None:
        self.client.force_login(self.staff)
        page = self.page(f"/admin/auth/user/{self.one.pk}/change/")
        (heading,) = re.findall(r"<h1.*?</h1>", page, re.DOTALL)
        self.assertIn(">one</a>", heading)
        self.assertEqual(heading.count("chevron_right"), heading.count('aria-hidden="true">chevron_right'))
