"""How uploads are served."""

from typing import Any, ClassVar

from django.conf import settings
from django.test import SimpleTestCase, override_settings

from chatproject import media
from tests.upload_case import SINE, UploadTest, jpeg, recorded


class Serving(UploadTest):
    async def test_tells_browsers_to_believe_the_type_and_to_run_nothing(self) -> None:
        for kind, content in (("image", jpeg()), ("file", b"hello"), ("audio", recorded(SINE, "wav"))):
            headers = (await self.get((await self.taken(kind, content))["url"])).headers
            self.assertEqual(headers["x-content-type-options"], "nosniff")
            self.assertIn("sandbox", headers["content-security-policy"])

    async def test_gives_ranges(self) -> None:
        content = recorded(SINE, "wav")
        url = (await self.taken("audio", content))["url"]
        whole = await self.get(url)
        self.assertEqual((whole.status, whole.headers["accept-ranges"], whole.content), (200, "bytes", content))
        part = await self.get(url, Range="bytes=100-199")
        self.assertEqual((part.status, part.content), (206, content[100:200]))
        self.assertEqual(part.headers["content-range"], f"bytes 100-199/{len(content)}")
        end = await self.get(url, Range="bytes=-10")
        self.assertEqual((end.status, end.content), (206, content[-10:]))
        beyond = await self.get(url, Range=f"bytes={len(content)}-")
        self.assertEqual((beyond.status, beyond.headers["content-range"]), (416, f"bytes */{len(content)}"))
        for nonsense in ("bytes=x", "lines=1-2", "bytes=" + "9" * 5000 + "-", "bytes=1-2;3-4"):
            self.assertEqual((await self.get(url, Range=nonsense)).status, 200, nonsense[:20])

    async def test_gives_several_ranges_at_once(self) -> None:
        content = recorded(SINE, "wav")
        url = (await self.taken("audio", content))["url"]
        parts = await self.get(url, Range="bytes=0-9, 100-109")
        self.assertEqual(parts.status, 206)
        self.assertTrue(parts.headers["content-type"].startswith("multipart/byteranges"))
        self.assertIn(content[:10], parts.content)
        self.assertIn(content[100:110], parts.content)
        self.assertLess(len(parts.content), 1000)

    async def test_gives_a_range_only_of_what_somebody_has_the_rest_of(self) -> None:
        content = recorded(SINE, "wav")
        url = (await self.taken("audio", content))["url"]
        tag = (await self.get(url)).headers["etag"]
        self.assertEqual((await self.get(url, Range="bytes=0-9", If_Range=tag)).status, 206)
        self.assertEqual((await self.get(url, Range="bytes=0-9", If_Range='"other"')).status, 200)

    async def test_does_not_send_again_what_somebody_has(self) -> None:
        url = (await self.taken("image", jpeg()))["url"]
        tag = (await self.get(url)).headers["etag"]
        again = await self.get(url, If_None_Match=tag)
        self.assertEqual((again.status, again.content, again.headers["etag"]), (304, b"", tag))
        self.assertEqual((await self.get(url, If_None_Match='"other"')).status, 200)

    async def test_shows_nothing_else(self) -> None:
        for path in ("/media/", "/media/../chat.sqlite3", "/media/%2e%2e/chat.sqlite3", "/media/a%00b", "/media/image"):
            self.assertEqual((await self.get(path)).status, 404, path)
        self.assertEqual((await self.get("/media/x", "POST")).status, 405)


class AnotherStorage(SimpleTestCase):
    shared: ClassVar = {"BACKEND": "django.core.files.storage.InMemoryStorage"}

    async def test_gives_no_address_of_what_is_no_upload(self) -> None:
        said: list[Any] = []

        async def send(message: Any) -> None:
            said.append(message)

        with override_settings(STORAGES={**settings.STORAGES, "uploads": self.shared}):
            for name in ("backup.jpg", f"image/2026/01/02/{'0' * 32}.jpg", f"../u-{'0' * 32}.jpg"):
                await media.page({"type": "http", "method": "GET", "path": f"/media/{name}", "headers": []}, None, send)
        self.assertEqual([message["status"] for message in said if "status" in message], [404] * 3)
