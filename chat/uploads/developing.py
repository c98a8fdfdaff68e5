"""A process that decodes a picture and writes it anew, upright and without what cameras write into it; and a small one.

What comes out holds pixels and nothing else: no place, no date, no thumbnail, and no second file behind the first.
Decoders run for a long time on some files, take much memory on others, and hold Python's lock meanwhile, so that
nobody's messages would go on in the server. This file is the process, and imports nothing of Django.
"""

import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from PIL import Image, ImageCms, ImageDraw, ImageSequence, UnidentifiedImageError
from PIL.Image import Transpose

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOVING = frozenset(("PNG", "GIF", "WEBP"))
"""Of which several pictures are a film. Those of a JPEG are the same one from both eyes, or at another size (MPO)."""
LONGEST_SIDE = 4096
PREVIEW_SIDE = 400
COVER_SIDE = 1280
JPEG_QUALITY, PREVIEW_QUALITY = 86, 78
MOST_FRAMES = 1000
STEPS_BACK = 5
SHRINKING = frozenset(("L", "RGB", "RGBA", "CMYK"))
"""Modes in which the mean of two pixels is one, too."""
ORIENTATION = 0x0112
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

BROKEN, NOT_OF_KIND, TOO_LARGE = "broken", "not of kind", "too large"
COVER = "cover"
"""What stands in the place of an ending where a cover is wanted."""

Image.MAX_IMAGE_PIXELS = None  # Pillow only warns; the bound that is given refuses.


class RefusedError(Exception):
    """No picture is made of the file; says why."""


def picture(file: IO[bytes], out: IO[bytes], small: IO[bytes], most_pixels: int) -> tuple[str, int, int]:
    """Write the picture and its preview, a JPEG; the ending of its name, width and height."""
    with Image.open(file, formats=FORMATS) as image:
        moves = image.format in MOVING and getattr(image, "is_animated", False)
        _refuse_bombs(image, most_pixels)
        return _moving(image, out, small, most_pixels) if moves else _still(image, out, small)


def cover(file: IO[bytes], out: IO[bytes], most_pixels: int) -> tuple[int, int]:
    """Write the picture as a JPEG with short sides, or a white triangle on grey where there is none; its size."""
    try:
        with Image.open(file, formats=("JPEG",)) as image:
            _refuse_bombs(image, most_pixels)
            small = image.convert("RGB")
    except (RefusedError, OSError):
        small = Image.new("RGB", (640, 360), "#8a8f98")
        ImageDraw.Draw(small).polygon([(280, 120), (280, 240), (384, 180)], fill="white")
    small.thumbnail((COVER_SIDE, COVER_SIDE))
    small.save(out, "JPEG", quality=JPEG_QUALITY)
    return small.size


def _refuse_bombs(image: Image.Image, most_pixels: int) -> None:
    """Before anything is decoded: the size stands in the header."""
    if most_pixels and image.width * image.height > most_pixels:
        raise RefusedError(TOO_LARGE)


def _still(image: Image.Image, out: IO[bytes], small: IO[bytes]) -> tuple[str, int, int]:
    kept = {"MPO": "JPEG", "GIF": "PNG"}.get(image.format or "", image.format)
    turn = _turn(image)
    if image.mode in SHRINKING and "transparency" not in image.info:
        # As early as possible: the copies that follow are of that size.
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    shown = _in_srgb(image)
    shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if turn is not None:
        shown = shown.transpose(turn)
    if kept == "JPEG":
        shown.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY, progressive=True)
    elif kept == "WEBP":
        shown.save(out, "WEBP", quality=JPEG_QUALITY)
    else:
        shown.save(out, "PNG")
    _preview(shown, small)
    return "jpg" if kept == "JPEG" else str(kept).lower(), *shown.size


def _turn(image: Image.Image) -> Transpose | None:
    """How the picture must be turned to be upright; None where nobody can read how the camera was held."""
    with suppress(Exception):
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    return None


def _moving(image: Image.Image, out: IO[bytes], small: IO[bytes], most_pixels: int) -> tuple[str, int, int]:
    """Every frame as it is shown, for as long as it was shown. What is too large is not made smaller, but refused."""
    if max(image.size) > LONGEST_SIDE:
        raise RefusedError(TOO_LARGE)
    loop = image.info.get("loop", 0)
    if image.format == "WEBP":
        times = [_time(frame) for frame in _bounded(image, most_pixels)]
        image.seek(0)
        _preview(image.convert("RGBA"), small)
        image.save(out, "WEBP", save_all=True, duration=times, loop=loop, quality=JPEG_QUALITY)
        return "webp", *image.size
    frames = (_bare(frame.convert("RGBA"), duration=_time(frame)) for frame in _bounded(image, most_pixels))
    first = next(frames)
    _preview(first, small)
    first.save(out, "GIF", save_all=True, append_images=frames, loop=loop, disposal=2)
    return "gif", *first.size


def _bounded(image: Image.Image, most_pixels: int) -> Iterator[Image.Image]:
    """Frame after frame: of some forms it stands nowhere how many there are."""
    for count, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if count > MOST_FRAMES or (most_pixels and count * image.width * image.height > 2 * most_pixels):
            raise RefusedError(TOO_LARGE)
        frame.load()
        yield frame


def _time(frame: Image.Image) -> int:
    """Milliseconds for which the frame is shown."""
    return max(20, int(frame.info.get("duration") or 100))


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colours that every screen shows, without the profile that says how."""
    if image.mode.startswith("I"):
        # 16 bits of grey, of which Pillow would cut off all that is brighter than black.
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    profile = image.info.get("icc_profile")
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return _bare(converted)
    return _bare(image.convert("RGBA" if has_alpha else "RGB"))


def _bare(image: Image.Image, **info: int) -> Image.Image:
    """The pixels alone."""
    image.info = {}
    image.info.update(info)
    return image


def _preview(image: Image.Image, small: IO[bytes]) -> None:
    shown = image.copy()
    shown.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    ground = Image.new("RGB", shown.size, "white")
    ground.paste(shown, mask=shown.getchannel("A") if shown.mode == "RGBA" else None)
    ground.save(small, "JPEG", quality=PREVIEW_QUALITY)


def _step_back() -> None:
    """Leave most of the core to whoever else wants it: messages come first, but somebody waits for this, too."""
    with suppress(OSError):
        os.nice(STEPS_BACK)
        Path("/proc/self/autogroup").write_text(str(STEPS_BACK))


def _bound(memory: int, seconds: int, written: int) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        # Not every system knows every bound.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (amount, amount))


def main() -> None:
    """Make of what comes in what is wanted, into the files that are given, and say in a line what came of it."""
    wanted, most_pixels, memory, seconds, written, *places = sys.argv[1:]
    _step_back()
    _bound(int(memory), int(seconds), int(written))
    file, *outs = sys.stdin.buffer, *(os.fdopen(int(place), "wb") for place in places)
    try:
        if wanted == COVER:
            said: object = ["jpg", *cover(file, outs[0], int(most_pixels))]
        else:
            said = picture(file, outs[0], outs[1], int(most_pixels))
        for out in outs:
            out.flush()
    except RefusedError as why:
        said = str(why)
    except MemoryError:
        said = TOO_LARGE
    except UnidentifiedImageError:
        said = NOT_OF_KIND
    except Exception:  # Decoders raise whatever they like on files that are cut off or made up.
        said = BROKEN
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
