"""Uploads: what is taken, and what is made of it."""

import io
import struct
import urllib.parse
import zlib

from django.test import TestCase
from PIL import Image

from chat.uploads import containers
from tests.upload_case import SCENE, SINE, UploadTest, jpeg, mp4, recorded

PLACE_TAGS = {1: "N", 2: (31.0, 13.0, 0.0), 3: "E", 4: (121.0, 28.0, 0.0)}


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header speaks of that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


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
                self.assertRegex(
                    answer.headers["content-disposition"],
                    rf"^attachment; filename=\"u-\w+\.{ending}\"; filename\*=UTF-8''%E5%90%88%E5%90%8C%202024.pdf$",
                )
                self.assertEqual((answer.content, data["name"]), (content, "合同 2024.pdf"))

    async def test_is_offered_under_no_name_that_would_be_run(self) -> None:
        for called, kept in (("../../发票.PDF.exe", "发票.PDF.exe.bin"), ("a\u202efdp.js", "afdp.js.bin"), ("...", "")):
            with self.subTest(called):
                data = await self.taken("file", b"MZ\0\xff", called)
                disposition = (await self.get(data["url"])).headers["content-disposition"]
                self.assertEqual(data["name"], kept)
                self.assertEqual(disposition.partition("UTF-8''")[2], urllib.parse.quote(kept))

    async def test_is_never_a_page(self) -> None:
        for content in (
            b"<!DOCTYPE html><p>x",
            b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'>",
            b"hello <script>alert(1)</script>",
            "<html>".encode("utf-16"),
        ):
            await self.assert_upload_refused("file", content, 415, "file_not_of_kind")


class ContentTypes(TestCase):
    def test_are_known_of_every_form_that_is_kept(self) -> None:
        forms = [form for known in containers.CONTAINERS for form in (known.audio, known.video) if form]
        self.assertEqual({form.ending for form in forms} - containers.CONTENT_TYPES.keys(), set())
        self.assertNotIn("svg", containers.CONTENT_TYPES)
        self.assertNotIn("html", containers.CONTENT_TYPES)
