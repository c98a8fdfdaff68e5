"""Uploads in S3, as the settings have it: `make storage` runs this against moto's server; the tests do without."""

import asyncio
import io
import subprocess
import sys
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import boto3
from django.utils import timezone
from PIL import Image

from chat.models import Upload
from tests import deployments
from tests.client import PATIENCE, a_moment
from tests.deployments import Deployment
from tests.http import Answer, ask
from tests.services import ROOT, Program, free_port
from tests.upload_case import SINE, UploadTest, jpeg, mp4, recorded

PORT = free_port()
ADDRESS = f"http://127.0.0.1:{PORT}"
BUCKET = "shop-chat"
STORAGE = f"s3://key:secret@{BUCKET}/uploads?endpoint_url={ADDRESS}&region_name=eu-1&addressing_style=path"


class S3Test(UploadTest):
    deployments: ClassVar = ("uvicorn",)
    client: ClassVar[Any]
    _own: ClassVar[Deployment]

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        s3 = Program([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(PORT)], "Running on")
        cls.addClassCleanup(s3.stop)
        cls.client = boto3.client(
            "s3", endpoint_url=ADDRESS, region_name="eu-1", aws_access_key_id="key", aws_secret_access_key="secret"
        )
        cls.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-1"})
        cls._own = deployments.own("uvicorn", UPLOAD_STORAGE=STORAGE)
        cls.addClassCleanup(cls._own.stop)

    @property
    def deployment(self) -> Deployment:
        return self._own

    def kept(self) -> set[str]:
        """The names of everything in the bucket."""
        listed = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {row["Key"] for row in listed}

    async def fetched(self, path: str, **headers: str) -> Answer:
        """What a browser has in the end, which follows the redirect with the same headers."""
        answer = await self.get(path, **headers)
        self.assertEqual((answer.status, answer.headers["x-content-type-options"]), (302, "nosniff"))
        parts = urlsplit(answer.headers["location"])
        return await asyncio.to_thread(ask, ADDRESS, "GET", f"{parts.path}?{parts.query}", None, headers)


class AnUploadInS3(S3Test):
    async def test_lies_there_and_is_fetched_by_an_address_that_is_signed(self) -> None:
        data = await self.taken("image", jpeg())
        for path in (data["url"], data["preview"]):
            answer = await self.fetched(path)
            self.assertEqual((answer.status, answer.headers["content-type"]), (200, "image/jpeg"))
            Image.open(io.BytesIO(answer.content)).verify()
            self.assertIn(path.replace("/media/", "uploads/"), self.kept())

    async def test_is_looked_at_by_an_address_that_is_signed_for_looking(self) -> None:
        url = (await self.taken("image", jpeg()))["url"]
        signed: dict[str, tuple[list[str], list[str]]] = {}
        while len({tuple(date) for date, _ in signed.values()}) != 1:
            for method in ("GET", "HEAD"):
                answer = await asyncio.to_thread(ask, self.deployment.servers[0].pages, method, url, None, {})
                query = parse_qs(urlsplit(answer.headers["location"]).query)
                signed[method] = (query["X-Amz-Date"], query["X-Amz-Signature"])
        self.assertNotEqual(signed["GET"], signed["HEAD"])

    async def test_is_shown_by_our_pages(self) -> None:
        policy = (await self.get("/chat/")).headers["content-security-policy"]
        pictures = next(part for part in policy.split(";") if part.strip().startswith("img-src"))
        self.assertIn(ADDRESS, pictures.split())

    async def test_is_given_in_ranges(self) -> None:
        content = recorded(SINE, "wav")
        url = (await self.taken("audio", content))["url"]
        part = await self.fetched(url, Range="bytes=100-199")
        self.assertEqual((part.status, part.content), (206, content[100:200]))
        self.assertEqual(part.headers["content-range"], f"bytes 100-199/{len(content)}")

    async def test_has_a_cover_if_it_is_a_video(self) -> None:
        data = await self.taken("video", mp4())
        cover = Image.open(io.BytesIO((await self.fetched(data["cover"])).content))
        self.assertEqual(cover.size, (320, 240))
        self.assertEqual((await self.fetched(data["url"])).content, mp4())

    async def test_is_for_downloading_if_it_is_a_file(self) -> None:
        answer = await self.fetched((await self.taken("file", b"%PDF-1.7 ..."))["url"])
        self.assertEqual(answer.headers["content-type"], "application/octet-stream")
        self.assertRegex(answer.headers["content-disposition"], r'^attachment; filename="u-\w+\.pdf"')

    async def test_is_no_way_out_of_its_folder(self) -> None:
        for path in ("/media/../other/x.jpg", "/media/%2e%2e/x.jpg", "/media/a%00b.jpg"):
            self.assertEqual((await self.get(path)).status, 404, path)


class WhatIsRemovedFromS3(S3Test):
    async def test_is_what_was_taken_back(self) -> None:
        one = await self.signed_in("User1")
        data = await self.taken("image", jpeg())
        message = {"type": "img", "content": data["url"]}
        number = (await one.ask("send", account="User2", message=message))["message_id"]
        self.assertEqual(len(self.kept()), 2)
        await one.ask("recall", account="User2", message_id=number)
        async with asyncio.timeout(PATIENCE):
            while self.kept():
                await a_moment()

    async def test_is_what_nobody_sent(self) -> None:
        await self.taken("image", jpeg())
        uploads = Upload.objects.using(self.world.alias).filter(app=self.world.app)
        uploads.update(created_at=timezone.now() - timedelta(hours=25))
        command = [sys.executable, "manage.py", "sweep_uploads"]
        environment = self.deployment.servers[0].environment
        await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=environment, check=True, capture_output=True)
        self.assertEqual((self.kept(), uploads.count()), (set(), 0))
