"""What the tests of uploads share: somebody who uploads, and things to be uploaded."""

import asyncio
import io
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from accounts import tokens
from chat.models import Upload
from chat.uploads.keeping import storage
from tests.case import SocketTest
from tests.http import Answer, Http


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


def in_the_way(upload: Upload) -> Path:
    """A folder that is not empty in the place of the upload's first file, which so can't be removed."""
    folder = Path(storage().path(upload.files[0]))
    folder.unlink()
    folder.mkdir()
    (folder / "x").touch()
    return folder


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
