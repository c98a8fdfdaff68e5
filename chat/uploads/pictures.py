"""Pictures: decoded and written anew, upright, without what cameras write into them, and with a small preview.

What comes out holds pixels and nothing else: no place, no date, no thumbnail, and no second file behind the first.
"""

import io
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import IO

from django.conf import settings
from PIL import Image, ImageCms, ImageDraw, ImageOps, ImageSequence, UnidentifiedImageError

from chat.uploads.refused import UploadRefused, Why

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
LONGEST_SIDE = 4096
PREVIEW_SIDE = 400
JPEG_QUALITY, PREVIEW_QUALITY = 86, 78

Image.MAX_IMAGE_PIXELS = None  # Pillow only warns; `UPLOAD_IMAGE_PIXELS` refuses.
_at_once = BoundedSemaphore(2)
"""A picture of 50 million pixels takes 200 MB while it is decoded."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept; width and height are those of the whole picture, in pixels."""

    data: bytes
    ending: str
    width: int
    height: int
    preview: bytes
    """A JPEG."""


def picture(file: IO[bytes]) -> Picture:
    """The picture in the file, written anew. Raises `UploadRefused`."""
    with _at_once:
        try:
            with Image.open(file, formats=FORMATS) as image:
                _refuse_bombs(image)
                return _moving(image) if getattr(image, "n_frames", 1) > 1 else _still(image)
        except UnidentifiedImageError:
            raise UploadRefused(Why.NOT_OF_KIND) from None
        except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, TypeError, KeyError, IndexError):
            # What decoders raise on files that are cut off or made up.
            raise UploadRefused(Why.BROKEN) from None


def cover(file: IO[bytes]) -> tuple[bytes, int, int]:
    """A picture as a JPEG of at most 1,280 pixels a side, with its width and height."""
    with Image.open(file, formats=("JPEG", "PNG")) as image:
        _refuse_bombs(image)
        small = image.convert("RGB")
        small.thumbnail((1280, 1280))
        return _jpeg(small, JPEG_QUALITY), *small.size


def neutral_cover() -> tuple[bytes, int, int]:
    """What stands for a video whose own pictures can't be had: a white triangle on grey."""
    width, height = size = 640, 360
    image = Image.new("RGB", size, "#8a8f98")
    ImageDraw.Draw(image).polygon([(280, 120), (280, 240), (384, 180)], fill="white")
    return _jpeg(image, JPEG_QUALITY), width, height


def _refuse_bombs(image: Image.Image) -> None:
    """Before anything is decoded: the size stands in the header."""
    limit = settings.UPLOAD_IMAGE_PIXELS
    pixels = image.width * image.height
    if limit and (pixels > limit or pixels * getattr(image, "n_frames", 1) > limit * 2):
        raise UploadRefused(Why.TOO_MANY_PIXELS)


def _still(image: Image.Image) -> Picture:
    kept = image.format if image.format in ("JPEG", "PNG", "WEBP") else "PNG"
    upright = _in_srgb(ImageOps.exif_transpose(image))
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    if kept == "JPEG":
        upright.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY, progressive=True)
    elif kept == "WEBP":
        upright.save(out, "WEBP", quality=JPEG_QUALITY)
    else:
        upright.save(out, "PNG")
    return Picture(out.getvalue(), "jpg" if kept == "JPEG" else kept.lower(), *upright.size, _preview(upright))


def _moving(image: Image.Image) -> Picture:
    """Every frame as it is shown, for as long as it was shown."""
    frames, durations = [], []
    for frame in ImageSequence.Iterator(image):
        durations.append(max(20, int(frame.info.get("duration") or 100)))
        shown = frame.convert("RGBA")
        shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        frames.append(shown)
    kept = "WEBP" if image.format == "WEBP" else "GIF"
    out = io.BytesIO()
    frames[0].save(
        out,
        kept,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=image.info.get("loop", 0),
        **({"disposal": 2} if kept == "GIF" else {}),
    )
    return Picture(out.getvalue(), kept.lower(), *frames[0].size, _preview(frames[0]))


def _in_srgb(image: Image.Image) -> Image.Image:
    """The picture in the colours that every screen shows, without the profile that says how."""
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


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone."""
    bare = image.copy()
    bare.info = {}
    return bare


def _preview(image: Image.Image) -> bytes:
    small = image.convert("RGBA")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    return _jpeg(ground, PREVIEW_QUALITY)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()
