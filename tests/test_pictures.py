"""Pictures of every kind that phones and programs write, and what becomes of those that are made to do harm."""

import io
import os
import signal
import struct
import tempfile
import threading
import zlib
from subprocess import DEVNULL, PIPE
from typing import Any

from django.test import SimpleTestCase, override_settings
from PIL import Image

from accounts.refusals import Refusal
from chat.uploads import pictures
from chat.uploads.asking import Asker
from chat.uploads.refused import UploadRefused, Why
from tests.upload_case import jpeg


def written(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def half_red(size: tuple[int, int] = (60, 40)) -> Image.Image:
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def animation(count: int, size: tuple[int, int] = (4, 4)) -> tuple[Image.Image, list[Image.Image]]:
    # Frames that are alike would be written as one.
    first, *others = [Image.new("RGB", size, ("red", "lime", "blue")[number % 3]) for number in range(count)]
    return first, others


class PictureTest(SimpleTestCase):
    def made(self, content: bytes) -> Image.Image:
        """What becomes of it."""
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.flush()
            with pictures.picture(file, Asker()) as made:
                image = Image.open(io.BytesIO(made.file.read()))
                self.assertEqual((made.width, made.height), image.size)
                self.assertEqual(Image.open(made.preview).format, "JPEG")
                return image

    def colours(self, content: bytes) -> list[str]:
        """What is seen on the left and on the right."""
        shown = self.made(content).convert("RGBA")
        return [_name(shown.getpixel((x, 20))) for x in (5, 55)]

    def assert_refused(self, content: bytes, why: Why) -> None:
        with self.assertRaises(UploadRefused) as refused:
            self.made(content)
        self.assertEqual(refused.exception.why, why)


def _name(pixel: Any) -> str:
    red, green, blue, alpha = pixel
    if alpha < 10:
        return "none"
    return {(True, False, False): "red", (False, False, True): "blue"}.get((red > 200, green > 60, blue > 200), "?")


class APicture(PictureTest):
    def test_of_a_phone_that_writes_several_into_one_file_is_the_first(self) -> None:
        content = written(half_red(), "MPO", save_all=True, append_images=[half_red((30, 20))])
        made = self.made(content)
        self.assertEqual((made.format, made.size), ("JPEG", (60, 40)))
        self.assertEqual(self.colours(content), ["red", "blue"])

    def test_for_printing_is_shown_in_colours_of_screens(self) -> None:
        content = written(half_red().convert("CMYK"), "JPEG")
        self.assertEqual(self.made(content).mode, "RGB")
        self.assertEqual(self.colours(content), ["red", "blue"])

    def test_with_sixteen_bits_of_grey_keeps_its_shades(self) -> None:
        grey = Image.new("I;16", (60, 40), 128 * 256)
        self.assertEqual(self.made(written(grey, "PNG")).convert("L").getpixel((5, 5)), 128)

    def test_keeps_what_is_transparent_however_that_is_said(self) -> None:
        for name, content in {
            "palette": written(half_red().quantize(8), "PNG", transparency=half_red().quantize(8).getpixel((5, 5))),
            "one colour": written(half_red(), "PNG", transparency=(255, 0, 0)),
        }.items():
            with self.subTest(name):
                self.assertEqual(self.colours(content), ["none", "blue"])

    def test_is_taken_where_nobody_can_read_what_the_camera_wrote(self) -> None:
        exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\0\3"
        self.assertEqual(self.colours(written(half_red(), "JPEG", exif=exif, icc_profile=b"x" * 500)), ["red", "blue"])

    def test_that_moves_goes_on_moving_at_its_pace(self) -> None:
        first, others = animation(3)
        for form in ("GIF", "WEBP"):
            with self.subTest(form):
                made = self.made(written(first, form, save_all=True, append_images=others, duration=[100, 300, 200]))
                times = []
                for number in range(3):
                    made.seek(number)
                    made.load()
                    times.append(made.info["duration"])
                self.assertEqual((made.format, times), (form, [100, 300, 200]))

    def test_that_is_no_picture_that_is_taken_is_refused_in_words(self) -> None:
        heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)
        for content, why in ((heic, Why.NOT_OF_KIND), (jpeg((400, 400))[:2000], Why.BROKEN), (b"x", Why.NOT_OF_KIND)):
            self.assert_refused(content, why)


class APictureMadeToDoHarm(PictureTest):
    def test_of_a_billion_pixels_in_a_few_bytes_is_refused(self) -> None:
        def chunk(kind: bytes, data: bytes) -> bytes:
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
        rows = zlib.compress(bytes(30_000 * 3751), 9)
        png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
        self.assert_refused(png, Why.TOO_MANY_PIXELS)

    def test_with_thousands_of_frames_is_refused(self) -> None:
        first, others = animation(1100, (1, 1))
        for form in ("GIF", "WEBP"):
            with self.subTest(form):
                self.assert_refused(written(first, form, save_all=True, append_images=others), Why.TOO_MANY_PIXELS)

    @override_settings(UPLOAD_IMAGE_PIXELS=2500)
    def test_with_more_pixels_in_all_its_frames_than_anybody_sends_is_refused(self) -> None:
        first, others = animation(3, (50, 50))
        content = written(first, "GIF", save_all=True, append_images=others)
        self.assert_refused(content, Why.TOO_MANY_PIXELS)


class WhatWorksForSomebody(SimpleTestCase):
    def test_ends_with_its_children_when_they_go_away(self) -> None:
        reading, writing = os.pipe()
        asker, raised = Asker(), []

        def work() -> None:
            command = ["/bin/sh", "-c", f"sleep 1000 & echo begun > /dev/fd/{writing}; wait"]
            try:
                asker.run(command, 60, DEVNULL, PIPE, (writing,))
            except Refusal as refusal:
                raised.append(refusal)

        thread = threading.Thread(target=work)
        thread.start()
        with os.fdopen(reading, "rb") as said:
            self.assertEqual(said.readline(), b"begun\n")
            asker.leave()
            thread.join()
            os.close(writing)
            # Nobody can write into it any more.
            self.assertEqual(said.read(), b"")
        self.assertEqual(len(raised), 1)
        with self.assertRaises(Refusal):
            asker.run(["/bin/true"], 1, DEVNULL, PIPE)

    def test_is_ended_when_it_takes_too_long(self) -> None:
        self.assertIsNone(Asker().run(["/bin/sleep", "1000"], 0.01, DEVNULL, PIPE))

    def test_says_nothing_if_it_fails(self) -> None:
        self.assertIsNone(Asker().run(["/bin/sh", "-c", f"echo x; kill -{signal.SIGSEGV.value} $$"], 60, DEVNULL, PIPE))
