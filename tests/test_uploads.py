"""Uploads: what is taken, what is made of it, how it is served, and what becomes of what nobody sends."""

import asyncio
import io
import struct
import subprocess
import zlib
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar

from django.core.management import call_command
from django.test import TestCase
from django.utils import timezone
from PIL import Image

from accounts import tokens
from accounts.models import Scope
from chat.models import Upload
from chat.uploads import containers, pictures
from chat.uploads.keeping import storage
from chat.uploads.naming import mark_used
from tests.case import OwnServerTest, SocketTest
from tests.client import PATIENCE
from tests.http import Answer, Http, new_key
from tests.world import PASSWORD, World

PLACE_TAGS = {1: "N", 2: (31.0, 13.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0)}


def jpeg(size: tuple[int, int] = (60, 40), **exif: Any) -> bytes:
    """A picture whose left half is red, as a camera writes it."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    tags = Image.Exif()
    if "turned" in exif:
        tags[0x0112] = exif["turned"]
    if "place" in exif:
        tags.get_ifd(0x8825).update(exif["place"])
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=tags)
    return out.getvalue()


@cache
def recorded(arguments: str, ending: str) -> bytes:
    """A second of sound or video as ffmpeg makes it."""
    command = f"ffmpeg -hide_banner -loglevel error -f lavfi -i {arguments} -f {ending} pipe:1"
    return subprocess.run(command.split(), check=True, capture_output=True).stdout


SINE, SCENE = "sine=frequency=440:duration=1", "testsrc=size=320x240:rate=10:duration=1"


def mp4() -> bytes:
    return recorded(f"{SCENE} -pix_fmt yuv420p -movflags frag_keyframe+empty_moov", "mp4")


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header speaks of that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


class UploadTest(SocketTest):
    deployments: ClassVar[tuple[str, ...]] = ("daphne", "uvicorn")

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1", "User2")
        token = tokens.issue(self.world.get("User1"))
        self.http = Http(self.deployment.next_server(), token)

    async def upload(self, kind: str, content: bytes, name: str = "file") -> Answer:
        return await asyncio.to_thread(self.http.upload, kind, content, name)

    async def taken(self, kind: str, content: bytes, name: str = "file") -> dict[str, Any]:
        answer = await self.upload(kind, content, name)
        self.assertEqual((answer.status, answer.json["code"]), (200, 0), answer.content)
        data: dict[str, Any] = answer.json["data"]
        return data

    async def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return await asyncio.to_thread(Http(self.http.server), method, path, None, **headers)

    async def picture(self, path: str) -> Image.Image:
        return Image.open(io.BytesIO((await self.get(path)).content))

    async def assert_upload_refused(self, kind: str, content: bytes, status: int, reason: str) -> None:
        answer = await self.upload(kind, content)
        self.assertEqual((answer.status, answer.json["code"], answer.json["reason"]), (status, 2, reason))
        self.assertTrue(answer.json["msg"])


class AnImage(UploadTest):
    async def test_is_answered_as_the_documents_clients_expect(self) -> None:
        data = await self.taken("image", jpeg(), "IMG_0001.HEIC")
        self.assertRegex(data["url"], r"^/media/image/\d{4}/\d\d/\d\d/u-[0-9a-f]{32}\.jpg$")
        self.assertEqual((data["width"], data["height"]), (60, 40))

    async def test_is_turned_upright(self) -> None:
        data = await self.taken("image", jpeg(turned=6))
        picture = await self.picture(data["url"])
        self.assertEqual((picture.size, data["width"], data["height"]), ((40, 60), 40, 60))
        red, _, blue = picture.convert("RGB").getpixel((20, 5))  # type: ignore[misc]
        self.assertGreater(red, blue)

    async def test_loses_where_it_was_taken_and_whatever_else_the_camera_wrote(self) -> None:
        data = await self.taken("image", jpeg(place=PLACE_TAGS) + b"<script>alert(1)</script>")
        for path in (data["url"], data["preview"]):
            content = (await self.get(path)).content
            self.assertEqual(dict(Image.open(io.BytesIO(content)).getexif()), {})
            self.assertNotIn(b"Exif", content)
            self.assertNotIn(b"script", content)

    async def test_has_a_small_preview(self) -> None:
        data = await self.taken("image", jpeg((1600, 800)))
        self.assertEqual((await self.picture(data["preview"])).size, (400, 200))

    async def test_that_moves_goes_on_moving(self) -> None:
        frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "lime", "blue")]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=120, loop=0)
        picture = await self.picture((await self.taken("image", out.getvalue()))["url"])
        self.assertEqual((picture.format, getattr(picture, "n_frames", 1)), ("GIF", 3))

    async def test_keeps_what_is_transparent(self) -> None:
        out = io.BytesIO()
        Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
        picture = await self.picture((await self.taken("image", out.getvalue()))["url"])
        self.assertEqual(picture.convert("RGBA").getpixel((3, 3))[3], 0)  # type: ignore[index]

    async def test_is_one_by_its_content(self) -> None:
        wrong = {
            "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "html": b"<!doctype html><html></html>",
            "text": b"hello",
            "sound": b"ID3\x03" + bytes(100),
        }
        for name, content in wrong.items():
            with self.subTest(name):
                await self.assert_upload_refused("image", content, 415, "file_not_of_kind")

    async def test_that_is_cut_off_is_refused(self) -> None:
        await self.assert_upload_refused("image", jpeg((400, 400))[:2000], 422, "file_broken")

    async def test_that_would_fill_the_memory_is_refused_unread(self) -> None:
        await self.assert_upload_refused("image", png_that_claims(60_000, 60_000), 422, "too_many_pixels")


class SoundAndVideo(UploadTest):
    async def test_are_known_by_their_content(self) -> None:
        for kind, arguments, demuxer, ending, content_type in (
            ("audio", SINE, "mp3", "mp3", "audio/mpeg"),
            ("audio", f"{SINE} -id3v2_version 0 -write_xing 0", "mp3", "mp3", "audio/mpeg"),
            ("audio", SINE, "adts", "aac", "audio/aac"),
            ("audio", SINE, "wav", "wav", "audio/wav"),
            ("audio", f"{SINE} -c:a libopus", "webm", "weba", "audio/webm"),
            ("audio", f"{SINE} -c:a libopus", "ogg", "oga", "audio/ogg"),
            ("audio", f"{SINE} -movflags frag_keyframe+empty_moov", "mp4", "m4a", "audio/mp4"),
            ("video", SCENE, "webm", "webm", "video/webm"),
            ("video", f"{SCENE} -movflags frag_keyframe+empty_moov", "mov", "mov", "video/quicktime"),
        ):
            with self.subTest(f"{kind} {demuxer}"):
                data = await self.taken(kind, recorded(arguments, demuxer), "recording.exe")
                self.assertTrue(data["url"].endswith(f".{ending}"), data["url"])
                self.assertEqual((await self.get(data["url"])).headers["content-type"], content_type)

    async def test_a_video_has_a_picture_of_its_own_as_cover(self) -> None:
        data = await self.taken("video", mp4())
        cover = await self.picture(data["cover"])
        self.assertEqual((cover.format, cover.size, data["width"], data["height"]), ("JPEG", (320, 240), 320, 240))
        self.assertGreater(len(cover.convert("RGB").getcolors(2**20) or []), 100)

    async def test_a_video_that_nothing_can_be_seen_of_has_a_neutral_cover(self) -> None:
        data = await self.taken("video", b"\0\0\0\x18ftypisom" + bytes(500))
        self.assertEqual((await self.picture(data["cover"])).size, (640, 360))

    async def test_a_list_of_addresses_is_no_video(self) -> None:
        playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"
        await self.assert_upload_refused("video", playlist, 415, "file_not_of_kind")

    async def test_pictures_and_documents_are_none(self) -> None:
        for kind in ("audio", "video"):
            for content in (jpeg(), b"%PDF-1.7 ...", b"hello"):
                await self.assert_upload_refused(kind, content, 415, "file_not_of_kind")


class AFile(UploadTest):
    async def test_is_for_downloading_whatever_it_is(self) -> None:
        for content, ending in ((b"%PDF-1.7 ...", "pdf"), (b"PK\x05\x06" + bytes(18), "zip"), (b"MZ\0\xff", "bin")):
            with self.subTest(ending):
                data = await self.taken("file", content, "合同 2024.pdf")
                answer = await self.get(data["url"])
                self.assertEqual(answer.headers["content-type"], "application/octet-stream")
                self.assertRegex(answer.headers["content-disposition"], rf'^attachment; filename="u-\w+\.{ending}"$')
                self.assertEqual((answer.content, data["name"]), (content, "合同 2024.pdf"))

    async def test_is_never_a_page(self) -> None:
        for content in (
            b"<!DOCTYPE html><p>x",
            b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'>",
            b"hello <script>alert(1)</script>",
            "<html>".encode("utf-16"),
        ):
            await self.assert_upload_refused("file", content, 415, "file_not_of_kind")


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

    async def test_shows_nothing_else(self) -> None:
        for path in ("/media/", "/media/../chat.sqlite3", "/media/%2e%2e/chat.sqlite3", "/media/a%00b", "/media/image"):
            self.assertEqual((await self.get(path)).status, 404, path)
        self.assertEqual((await self.get("/media/x", "POST")).status, 405)


class WhoMayUpload(UploadTest):
    async def test_are_people_with_a_chat_token_and_keys_with_the_scope(self) -> None:
        _, key = new_key(self.world, Scope.UPLOADS_WRITE)
        _, other = new_key(self.world, Scope.ACCOUNTS_READ)
        disabled = tokens.issue(self.world.account("User3", enabled=False))
        for bearer, status, reason in (
            (key, 200, None),
            (other, 403, "scope_missing"),
            ("", 401, "key_missing"),
            ("nonsense", 401, "key_invalid"),
            (disabled, 403, "account_disabled"),
        ):
            with self.subTest(reason):
                answer = await asyncio.to_thread(Http(self.http.server, bearer).upload, "image", jpeg())
                self.assertEqual((answer.status, answer.json.get("reason")), (status, reason))

    async def test_hear_what_is_missing(self) -> None:
        await self.assert_upload_refused("picture", jpeg(), 400, "kind_unknown")
        await self.assert_upload_refused("image", b"", 400, "file_empty")
        answer = await asyncio.to_thread(self.http, "POST", "/api/uploads/", {"kind": "image"})
        self.assertEqual((answer.status, answer.json["code"]), (415, 2))

    async def test_sign_in_on_pages_with_account_and_password(self) -> None:
        login = {"appid": self.world.appid, "account": "User1", "password": PASSWORD}
        answer = await asyncio.to_thread(Http(self.http.server), "POST", "/api/tokens/", login)
        self.assertEqual((answer.status, set(answer.json)), (200, {"token", "expires_at"}))
        client = await self.connect()
        self.assertEqual((await client.ask("login", token=answer.json["token"]))["code"], 0)
        self.http = Http(self.http.server, answer.json["token"])
        await self.taken("image", jpeg())

    async def test_get_no_token_without_the_password(self) -> None:
        for account, password in (("User1", "wrong-password"), ("Nobody", PASSWORD)):
            login = {"appid": self.world.appid, "account": account, "password": password}
            answer = await asyncio.to_thread(Http(self.http.server), "POST", "/api/tokens/", login)
            self.assertEqual((answer.status, answer.json["code"]), (401, "sign_in_failed"))
            self.assertEqual(answer.json["detail"], "登录失败，账号或密码错误")


class Limits(OwnServerTest):
    environment: ClassVar = {
        "CHAT_LIMITS": "1",
        "UPLOADS_PER_MINUTE": "2",
        "CHAT_SIGN_INS_PER_MINUTE": "1",
        "UPLOAD_IMAGE_BYTES": "4000",
    }

    async def test_are_told_with_how_long_to_wait(self) -> None:
        self.world.accounts("User1")
        http = Http(self.deployment.next_server(), tokens.issue(self.world.get("User1")))
        large = await asyncio.to_thread(http.upload, "image", jpeg((900, 900)))
        self.assertEqual((large.status, large.json["reason"]), (413, "file_too_large"))
        self.assertEqual((await asyncio.to_thread(http.upload, "image", jpeg())).status, 200)
        third = await asyncio.to_thread(http.upload, "image", jpeg())
        self.assertEqual((third.status, third.json["reason"]), (429, "too_many_requests"))
        self.assertGreaterEqual(int(third.headers["retry-after"]), 1)

    async def test_of_signing_in_are_shared_with_the_sockets(self) -> None:
        self.world.accounts("User1")
        server = self.deployment.next_server()
        login = {"appid": self.world.appid, "account": "User1", "password": PASSWORD}
        client = await self.connect(server)
        await client.sign_in(self.world.appid, "User1", PASSWORD)
        answer = await asyncio.to_thread(Http(server), "POST", "/api/tokens/", login)
        self.assertEqual((answer.status, answer.json["code"]), (429, "too_many_requests"))
        self.assertIn("retry-after", answer.headers)


class BodiesWithoutEnd(OwnServerTest):
    environment: ClassVar = {f"UPLOAD_{kind}_BYTES": "1000" for kind in ("IMAGE", "AUDIO", "VIDEO", "FILE")}

    async def sent(self, head: bytes, chunk: bytes) -> bytes:
        """What the server says while it is sent the same again and again, until it answers or hangs up."""
        server = self.deployment.next_server()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /api/uploads/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n")
        answer = asyncio.ensure_future(reader.read(2000))
        try:
            for _ in range(2000):
                if answer.done():
                    break
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            pass
        try:
            return await asyncio.wait_for(answer, PATIENCE)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def test_are_refused_where_they_are_announced(self) -> None:
        said = await self.sent(b"Content-Length: 99000000\r\n", b"x")
        self.assertTrue(said.startswith(b"HTTP/1.1 413"), said)

    async def test_are_cut_off_where_they_are_not(self) -> None:
        head = b"Transfer-Encoding: chunked\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        said = await self.sent(head, b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        self.assertNotIn(b"200", said[:20])


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
        self.assertEqual(
            [self.uploads().get(token=url.partition("u-")[2][:32]).used for url in (sent, escaped, unsent)],
            [True, True, False],
        )

    async def test_is_not_what_an_app_itself_uploads(self) -> None:
        _, key = new_key(self.world)
        await asyncio.to_thread(Http(self.http.server, key).upload, "image", jpeg())
        self.assertTrue(self.uploads().get().used)


class Sweeping(TestCase):
    def setUp(self) -> None:
        self.world = World("default")
        self.names: list[str] = []

    def upload(self, hours_ago: int, **fields: Any) -> Upload:
        name = storage().save("image/test/u-x.jpg", io.BytesIO(b"x"))
        self.addCleanup(storage().delete, name)
        upload = Upload.objects.create(
            app=self.world.app, kind="image", token=name[-30:], files=[name], size=1, **fields
        )
        Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - timedelta(hours=hours_ago))
        return upload

    def test_removes_what_is_old_and_named_by_no_message(self) -> None:
        old, fresh, used = self.upload(25), self.upload(23), self.upload(100, used=True)
        call_command("sweep_uploads", stdout=io.StringIO())
        self.assertEqual(set(Upload.objects.values_list("pk", flat=True)), {fresh.pk, used.pk})
        exist = [storage().exists(upload.files[0]) for upload in (old, fresh, used)]
        self.assertEqual(exist, [False, True, True])

    def test_marking_costs_no_query_where_no_upload_is_named(self) -> None:
        with self.assertNumQueries(0):
            mark_used(['{"type":"txt","content":"你好 u- u-12"}'])


class ContentTypes(TestCase):
    def test_are_known_of_every_form_that_is_kept(self) -> None:
        forms = [form for known in containers.CONTAINERS for form in (known.audio, known.video) if form]
        self.assertEqual({form.ending for form in forms} - containers.CONTENT_TYPES.keys(), set())
        self.assertNotIn("svg", containers.CONTENT_TYPES)
        self.assertNotIn("html", containers.CONTENT_TYPES)

    def test_a_neutral_cover_is_a_picture(self) -> None:
        data, width, height = pictures.neutral_cover()
        self.assertEqual(Image.open(io.BytesIO(data)).size, (width, height))
