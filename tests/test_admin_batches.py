"""Actions on very many rows of a list, while others write, too."""

import asyncio
from typing import Any, ClassVar

from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import OperationalError
from django.http import HttpRequest
from django.utils import translation

from accounts.admin.batches import AT_ONCE, MOST, in_batches
from accounts.models import Account
from tests.admin_case import AdminTest
from tests.admin_session import AdminSession
from tests.case import SocketTest

LIST = "/admin/accounts/account/"
MANY = 2100
"""More than are read at a time."""


class WhileOthersWrite(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("daphne", "grown-up")

    async def test_all_accounts_of_an_app_are_disabled_and_enabled(self) -> None:
        self.world.accounts("User1", "User2")
        rows = Account.objects.using(self.world.alias)
        rows.bulk_create(Account(app=self.world.app, name=f"many{n}", password="!") for n in range(MANY))
        one, staff = (
            await self.signed_in("User1"),
            await AdminSession.begin(self.deployment.next_server(), self.world.alias),
        )
        chosen = f"{LIST}?app__id__exact={self.world.app.pk}&q=many"
        enough = asyncio.Event()
        talk = asyncio.create_task(self.talk(one, enough))
        for action, enabled in (("disable", False), ("enable", True)):
            page = await staff.act(chosen, action, self.world.get("many0").pk, select_across="1")
            self.assertIn(f"{MANY} accounts are {action}d now.", page)
            named = rows.filter(app=self.world.app, name__startswith="many")
            self.assertEqual(set(named.values_list("enabled", flat=True)), {enabled})
            ids = [str(pk) for pk in named.values_list("pk", flat=True)]
            self.assertFalse(talk.done())
        enough.set()
        await talk
        noted = LogEntry.objects.using(self.world.alias).filter(object_id__in=ids, content_type__model="account")
        self.assertEqual(noted.count(), 2 * MANY)

    async def talk(self, one: Any, enough: asyncio.Event) -> None:
        while not enough.is_set():
            self.assertEqual((await one.tell("User2", "在吗"))["code"], 0)


class InBatches(AdminTest):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(translation.override("en"))
        self.request = HttpRequest()
        self.request._messages = CookieStorage(self.request)  # type: ignore[attr-defined]
        self.accounts = Account.objects.filter(app=self.world.app, kind=Account.Kind.PERSON)

    def told(self) -> list[str]:
        return [str(message) for message in get_messages(self.request)]

    def test_a_batch_is_done_wholly_or_not_at_all(self) -> None:
        self.many_accounts(2 * AT_ONCE)

        def rename(rows: list[Account]) -> None:
            Account.objects.filter(pk__in=[row.pk for row in rows]).update(nickname="renamed")
            if any(row.name == "u0" for row in rows):
                raise OperationalError("database is locked")

        self.assertEqual(in_batches(self.request, self.accounts, rename), AT_ONCE)
        renamed = self.accounts.filter(nickname="renamed")
        self.assertEqual({row.name for row in renamed}, {f"u{n}" for n in range(AT_ONCE, 2 * AT_ONCE)})
        (told,) = self.told()
        self.assertIn("not all were done", told)

    def test_no_more_are_done_than_one_waits_for(self) -> None:
        self.many_accounts(MOST + 1)
        sizes: list[int] = []
        self.assertEqual(in_batches(self.request, self.accounts, lambda rows: sizes.append(len(rows))), MOST)
        self.assertEqual((max(sizes), sum(sizes)), (AT_ONCE, MOST))
        (told,) = self.told()
        self.assertIn(f"Only {MOST} are done at a time", told)
