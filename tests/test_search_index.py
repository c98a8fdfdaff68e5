"""The index of the search has what running servers entered, in the way of each database."""

import asyncio
import random
from typing import ClassVar
from urllib.parse import quote

from django.db import connections, transaction
from django.test import override_settings

from chat.afterwards.models import Progress
from chat.searching import index
from chat.searching.pieces import pieces, sought
from tests.admin_session import AdminSession
from tests.case import SocketTest
from tests.client import PATIENCE, a_moment
from tests.routing import Everywhere
from tests.test_searching import PAGE


class RunningServers(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("daphne", "grown-up")

    async def test_find_what_was_said_a_moment_ago_and_what_is_in_the_index(self) -> None:
        self.world.accounts("User1", "User2")
        one = await self.signed_in("User1")
        word = self.world.appid[:12]
        await one.tell_all("User2", [f"包裹{word}一", f"包裹{word}二"])
        staff = await AdminSession.begin(self.deployment.next_server(), self.deployment.alias)
        path = f"{PAGE}?q={quote('裹' + word)}"
        self.assertEqual((await staff.get(path)).count("<mark>"), 2)
        last = max(message.pk for message in self.world.messages())
        entered = Progress.objects.using(self.world.alias).filter(name="search", done_up_to__gte=last)
        async with asyncio.timeout(PATIENCE):
            while not entered.exists():
                await a_moment()
        key = "message_id" if connections[self.world.alias].vendor == "postgresql" else "rowid"
        with connections[self.world.alias].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM chat_search WHERE {key} IN (%s, %s)", [last - 1, last])
            self.assertEqual(cursor.fetchone(), (2,))
        self.assertEqual((await staff.get(path)).count("<mark>"), 2)


class Index(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("daphne", "grown-up")

    async def test_has_each_message_once_from_the_newest_on_however_far_apart_they_are(self) -> None:
        seed = random.randrange(10**9)
        chance = random.Random(seed)
        base = 2 * 10**6
        texts = {base + chance.randrange(2 * 10**6): "".join(chance.choices("甲乙丙丁", k=6)) for _ in range(400)}
        texts |= {base + chance.randrange(300): "".join(chance.choices("甲乙丙丁", k=6)) for _ in range(200)}
        alias = self.world.alias
        with override_settings(DATABASE_ROUTERS=[Everywhere(alias)]), transaction.atomic(using=alias):
            index.add({number: index.digests(number, pieces(text)) for number, text in texts.items()})
            index.remove(gone := chance.sample(sorted(texts), 50))
            kept = {number: text for number, text in texts.items() if number not in gone}
            for _ in range(25):
                wanted, below = sought("".join(chance.choices("甲乙丙丁戊", k=3))), chance.choice([base + 150, *texts])
                found = [number for some in index.candidates(wanted, below, 20) for number in some if number >= base]
                there = [n for n in sorted(kept, reverse=True) if n < below and wanted <= pieces(kept[n])]
                with self.subTest(seed=seed, wanted=wanted, below=below):
                    self.assertEqual(found, there)
                one_of = set(chance.sample(["甲乙", "乙丙", "丁丁", "戊戊"], 2))
                found = [n for some in index.candidates(wanted, below, 20, one_of) for n in some if n >= base]
                with self.subTest(seed=seed, wanted=wanted, below=below, one_of=one_of):
                    self.assertEqual(found, [n for n in there if one_of & pieces(kept[n])])
            transaction.set_rollback(True, using=alias)
