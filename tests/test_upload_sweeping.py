"""What becomes of uploads that nobody sends, and of those that were taken back."""

import asyncio
import io
import os
import secrets
import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone

from chat.models import Upload
from chat.uploads.keeping import storage
from chat.uploads.naming import count_named
from chat.uploads.sweeping import sweep, sweep_arriving
from tests.client import PATIENCE, a_moment
from tests.http import Http, new_key
from tests.upload_case import UploadTest, in_the_way, jpeg
from tests.world import World


class WhatNobodySends(UploadTest):
    deployments: ClassVar = ("daphne", "grown-up")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.one = await self.signed_in("User1")

    def uploads(self) -> Any:
        return Upload.objects.using(self.world.alias).filter(app=self.world.app)

    async def test_is_known_by_the_messages_that_name_it(self) -> None:
        sent, escaped, unsent = [(await self.taken("image", jpeg()))["url"] for _ in range(3)]
        await self.one.ask("send", account="User2", message={"type": "img", "content": sent})
        raw = '{"query":"send","data":{"account":"User2","message":{"type":"img","content":"%s"}}}'
        await self.one.say(raw % escaped.replace("/", "\\/"))
        await self.one.hear("sync_read")
        uses = [self.uploads().get(token=url.partition("u-")[2][:32]).uses for url in (sent, escaped, unsent)]
        self.assertEqual(uses, [1, 1, 0])


class WhatIsTakenBack(UploadTest):
    deployments: ClassVar = ("daphne", "grown-up")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.one = await self.signed_in("User1")
        self.data = await self.taken("image", jpeg())

    async def sent(self, account: str = "User2") -> int:
        message = {"type": "img", "content": self.data["url"]}
        message_id: int = (await self.one.ask("send", account=account, message=message))["message_id"]
        return message_id

    async def gone(self, *paths: str) -> None:
        async with asyncio.timeout(PATIENCE):
            for path in paths:
                while (await self.get(path)).status != 404:
                    await a_moment()

    async def test_is_gone_with_its_preview(self) -> None:
        await self.one.ask("recall", account="User2", message_id=await self.sent())
        await self.gone(self.data["url"], self.data["preview"])
        async with asyncio.timeout(PATIENCE):  # the row goes behind the files
            while Upload.objects.using(self.world.alias).filter(app=self.world.app).exists():
                await a_moment()

    async def test_stays_as_long_as_another_message_shows_it(self) -> None:
        self.world.accounts("User3")
        first, second = await self.sent(), await self.sent("User3")
        await self.one.ask("recall", account="User2", message_id=first)
        await self.one.ask("recall", account="User2", message_id=first)
        other = await self.taken("image", jpeg())
        message = {"type": "img", "content": other["url"]}
        number = (await self.one.ask("send", account="User2", message=message))["message_id"]
        await self.one.ask("recall", account="User2", message_id=number)
        await self.gone(other["url"])
        self.assertEqual((await self.get(self.data["url"])).status, 200)
        await self.one.ask("recall", account="User3", message_id=second)
        await self.gone(self.data["url"])

    async def test_stays_where_the_app_itself_uploaded_it(self) -> None:
        _, key = new_key(self.world)
        http = Http(self.http.server, key)
        theirs = (await asyncio.to_thread(http.upload, "image", jpeg())).json["data"]
        message = {"type": "goods", "data": {"cover": theirs["url"], "picture": self.data["url"]}}
        number = (await self.one.ask("send", account="User2", message=message))["message_id"]
        await self.one.ask("recall", account="User2", message_id=number)
        await self.gone(self.data["url"])
        self.assertEqual((await self.get(theirs["url"])).status, 200)


class Sweeping(TestCase):
    def setUp(self) -> None:
        self.world = World("default")
        self.names: list[str] = []

    def upload(self, hours_ago: int, **fields: Any) -> Upload:
        name = storage().save("image/test/u-x.jpg", io.BytesIO(b"x"))
        self.addCleanup(storage().delete, name)
        upload = Upload.objects.create(
            app=self.world.app, kind="image", token=secrets.token_hex(16), files=[name], size=1, **fields
        )
        Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - timedelta(hours=hours_ago))
        return upload

    def test_removes_what_is_old_and_named_by_no_message(self) -> None:
        account = self.world.account("User1")
        old, fresh = self.upload(25, account=account), self.upload(23, account=account)
        used, theirs = self.upload(100, account=account, uses=1), self.upload(100)
        call_command("sweep_uploads", stdout=io.StringIO())
        self.assertEqual(set(Upload.objects.values_list("pk", flat=True)), {fresh.pk, used.pk, theirs.pk})
        exist = [storage().exists(upload.files[0]) for upload in (old, fresh, used, theirs)]
        self.assertEqual(exist, [False, True, True, True])

    def test_finds_again_what_it_could_not_remove_and_removes_the_rest(self) -> None:
        account = self.world.account("User1")
        stuck, other = self.upload(26, account=account), self.upload(25, account=account)
        folder = in_the_way(stuck)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        with self.assertLogs("chat.uploads.sweeping", "ERROR"):
            self.assertEqual(sweep(timedelta(hours=24)), 1)
        self.assertFalse(storage().exists(other.files[0]))
        count_named([f'{{"type":"img","content":"/media/image/u-{stuck.token}.jpg"}}'])
        shutil.rmtree(folder)
        self.assertEqual(sweep(timedelta(hours=24)), 1)
        self.assertFalse(Upload.objects.exists())

    def test_removes_what_killed_processes_were_taking_in_a_day_ago(self) -> None:
        folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
        old, arriving = folder / "old.upload", folder / "arriving.upload"
        for path in (old, arriving):
            path.write_bytes(b"x")
            self.addCleanup(path.unlink, missing_ok=True)
        a_day_ago = time.time() - 25 * 3600
        os.utime(old, (a_day_ago, a_day_ago))
        sweep_arriving()
        self.assertEqual((old.exists(), arriving.exists()), (False, True))

    def test_counting_costs_no_query_where_no_upload_is_named(self) -> None:
        with self.assertNumQueries(0):
            count_named(['{"type":"txt","content":"你好 u- u-12"}'])
