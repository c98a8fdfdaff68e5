"""What a file is, by its first bytes. Its name and what its sender calls it are never believed.

Only what browsers, apps and mini programs record and play is let in, so a short table does better than a guess among
thousands of formats.
"""

import re
from dataclasses import dataclass

from chat.models import Upload

HEAD = 4096
"""Bytes that are looked at."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a file of some container is kept: the ending of its name, from which its content type follows."""

    ending: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Container:
    """Files that begin with `beginning`, and what they are called as sound and as video."""

    beginning: re.Pattern[bytes]
    audio: Form | None = None
    video: Form | None = None
    demuxer: str = ""
    """What ffmpeg calls it."""


def _starts(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_MPEG_4 = "mov,mp4,m4a,3gp,3g2,mj2"
CONTAINERS = (
    Container(_starts(rb"....ftypqt"), None, Form("mov", "video/quicktime"), _MPEG_4),
    Container(_starts(rb"....ftyp3g"), Form("3gp", "audio/3gpp"), Form("3gp", "video/3gpp"), _MPEG_4),
    Container(
        _starts(rb"....ftyp(?:isom|iso[2-9]|mp4[12]|avc1|dash|MSNV|M4[AVBP] |f4v |mmp4)"),
        Form("m4a", "audio/mp4"),
        Form("mp4", "video/mp4"),
        _MPEG_4,
    ),
    Container(
        _starts(rb"\x1aE\xdf\xa3.{0,64}?webm"), Form("weba", "audio/webm"), Form("webm", "video/webm"), "matroska,webm"
    ),
    Container(_starts(rb"OggS\x00"), Form("oga", "audio/ogg"), Form("ogv", "video/ogg"), "ogg"),
    Container(_starts(rb"RIFF....WAVE"), Form("wav", "audio/wav")),
    Container(_starts(rb"fLaC"), Form("flac", "audio/flac")),
    Container(_starts(rb"#!AMR(?:-WB)?\n"), Form("amr", "audio/amr")),
    Container(_starts(rb"ID3[\x02-\x04]"), Form("mp3", "audio/mpeg")),
    # The sync word of AAC has the layer 0, that of MP3 the layer III.
    Container(_starts(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\xbf]"), Form("aac", "audio/aac")),
    Container(_starts(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]"), Form("mp3", "audio/mpeg")),
)

DOCUMENTS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (_starts(rb"%PDF-\d"), "pdf"),
    (_starts(rb"PK\x03\x04.{26}\[Content_Types\]\.xml.*?word/"), "docx"),
    (_starts(rb"PK\x03\x04.{26}\[Content_Types\]\.xml.*?xl/"), "xlsx"),
    (_starts(rb"PK\x03\x04.{26}\[Content_Types\]\.xml.*?ppt/"), "pptx"),
    (_starts(rb"PK(?:\x03\x04|\x05\x06)"), "zip"),
    (_starts(rb"Rar!\x1a\x07"), "rar"),
    (_starts(rb"7z\xbc\xaf\x27\x1c"), "7z"),
)
_MARKUP = re.compile(rb"<\s*(?:!doctype|\?xml|html|head|body|svg|script|iframe|meta)\b", re.IGNORECASE)


def container(head: bytes) -> Container | None:
    """The container of sound or video that the file is."""
    return next((known for known in CONTAINERS if known.beginning.match(head)), None)


def form(kind: Upload.Kind, head: bytes) -> Form | None:
    """How a sound or a video is kept; None if the file is none."""
    found = container(head)
    if found is None:
        return None
    return found.video if kind is Upload.Kind.VIDEO else found.audio


def document(head: bytes) -> str | None:
    """The ending of any other file's name, `bin` for what is unknown; None for what a browser could show as a page."""
    if _MARKUP.search(head.replace(b"\0", b"")):
        return None
    known = next((ending for pattern, ending in DOCUMENTS if pattern.match(head)), "")
    return known or ("txt" if _is_text(head) else "bin")


def _is_text(head: bytes) -> bool:
    try:
        # The last character may be cut.
        text = head.decode() if len(head) < HEAD else head.decode(errors="ignore")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and (len(head) < HEAD or len(text.encode()) > len(head) - 4)


CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    **{form.ending: form.content_type for known in CONTAINERS for form in (known.audio, known.video) if form},
    "3gp": "video/3gpp",
}
"""What is shown or played in place, by the ending of its name; everything else is for downloading."""
