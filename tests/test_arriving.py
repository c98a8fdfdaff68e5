"""Bodies of requests while they arrive: how much is taken at which address, and of whom."""

import asyncio
import json
import re
from contextlib import suppress
from typing import ClassVar

from accounts import tokens
from chatproject.arriving import AT_ONCE
from tests.case import OwnServerTest
from tests.client import PATIENCE, a_moment
from tests.http import Http, new_key
from tests.upload_case import jpeg

MB = 1024**2
UPLOAD = b"POST /api/uploads/"
FORM = b"Content-Type: multipart/form-data; boundary=x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n" + FORM
CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
IMAGE = b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nimage\r\n'
LARGER = b"Content-Length: %d\r\n" % (2 * MB)


class Bodies(OwnServerTest):
    """Bodies that are not sent to their end before they are answered."""

    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        self.world.accounts("User1")
        self.token = tokens.issue(self.world.get("User1"))

    async def sent(self, head: bytes, chunk: bytes, token: str | None = None, line: bytes = UPLOAD) -> bytes:
        """What the server says while it is sent the same again and again, until it answers or hangs up."""
        server = self.deployment.next_server()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        bearer = f"Authorization: Bearer {self.token if token is None else token}\r\n".encode()
        writer.write(line + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer + head + b"\r\n")
        sending = asyncio.ensure_future(self.send(writer, chunk))
        try:
            return await asyncio.wait_for(self.whole(reader), PATIENCE)
        finally:
            sending.cancel()  # it may wait for a server that reads no more
            writer.close()

    async def send(self, writer: asyncio.StreamWriter, chunk: bytes) -> None:
        with suppress(ConnectionError):
            for _ in range(2000):
                writer.write(chunk)
                await writer.drain()

    async def whole(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        (length,) = re.findall(rb"content-length: (\d+)", head.lower())
        return head + await reader.readexactly(int(length))

    def assert_told(self, said: bytes, status: int, reason: str) -> None:
        head, _, body = said.partition(b"\r\n\r\n")
        self.assertEqual(int(head.split()[1]), status, said)
        told = json.loads(body)
        self.assertEqual((told["code"], told["reason"]), (2, reason))
        self.assertTrue(told["msg"])


class BodiesWithoutEnd(Bodies):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {f"UPLOAD_{kind}_BYTES": "1000" for kind in ("IMAGE", "AUDIO", "VIDEO", "FILE")}

    async def test_are_refused_where_they_are_announced(self) -> None:
        said = await self.sent(b"Content-Length: 99000000\r\n", b"x")
        self.assert_told(said, 413, "file_too_large")

    async def test_are_refused_where_they_are_not(self) -> None:
        self.assert_told(await self.sent(CHUNKED, CHUNK), 413, "file_too_large")


class BodiesOfSomeKind(Bodies):
    deployments: ClassVar = ("daphne", "uvicorn")
    environment: ClassVar = {"UPLOAD_IMAGE_BYTES": "1000"}

    async def test_are_refused_where_that_kind_may_not_be_so_large(self) -> None:
        self.assert_told(await self.sent(LARGER + FORM, IMAGE), 413, "file_too_large")
        begun = b"%x\r\n%s\r\n" % (len(IMAGE), IMAGE)
        self.assert_told(await self.sent(CHUNKED, begun + CHUNK), 413, "file_too_large")


class BodiesElsewhere(Bodies):
    """Nobody has signed in who sends them."""

    deployments: ClassVar = ("daphne", "uvicorn")

    async def refused(self, line: bytes, size: int) -> tuple[bytes, bytes]:
        """The content type and the words with which so many announced bytes are refused."""
        head = b"Accept-Language: en\r\nContent-Length: %d\r\n" % size
        head, _, body = (await self.sent(head, b"x", "", line)).partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 413"), head)
        (content_type,) = re.findall(rb"content-type: ([^\r]+)", head.lower())
        return content_type, body

    async def test_are_refused_as_everything_is_there(self) -> None:
        for line, size in (
            (b"POST /api/tokens/", 2 * MB),
            (b"PUT /api/uploads/", 2 * MB),
            (b"PUT /api/accounts/User1/?x=1", 2 * MB),
            (b"POST /api/accounts/", 17 * MB),
            (b"PUT /api/shops/1/questions/", 17 * MB),
            (b"POST /api/nowhere/", 2 * MB),
        ):
            with self.subTest(line):
                content_type, body = await self.refused(line, size)
                problem = json.loads(body)
                self.assertEqual(content_type, b"application/problem+json")
                self.assertEqual((problem["code"], problem["title"]), ("too_large", "This is larger than allowed."))

    async def test_are_refused_on_pages_in_words(self) -> None:
        for line, size in ((b"POST /i18n/setlang/", MB), (b"POST /admin/login/", 2 * MB), (b"GET /", MB)):
            with self.subTest(line):
                told = b"text/plain; charset=utf-8", b"This is larger than allowed."
                self.assertEqual(await self.refused(line, size), told)

    async def test_are_refused_where_they_do_not_say_how_long_they_are(self) -> None:
        said = await self.sent(CHUNKED, CHUNK, "", b"POST /api/tokens/")
        self.assertTrue(said.startswith(b"HTTP/1.1 413"), said)

    async def test_may_be_larger_where_whole_tables_are_sent(self) -> None:
        _, key = new_key(self.world)
        self.world.shop("Shop1", 1, {})
        http = Http(self.deployment.next_server(), key)
        for method, path, table in (
            ("POST", "/api/accounts/", {"accounts": [{"account": "User1"}]}),
            ("PUT", "/api/shops/1/questions/", {"questions": []}),
        ):
            with self.subTest(path):
                body = json.dumps(table).encode() + b" " * (15 * MB)
                self.assertEqual((await asyncio.to_thread(http, method, path, body)).status, 200)

    async def test_may_be_larger_on_the_page_of_a_shop(self) -> None:
        form = {"Content_Type": "application/x-www-form-urlencoded"}
        http = Http(self.deployment.next_server())
        answer = await asyncio.to_thread(http, "POST", "/admin/robots/shop/add/", b"x=" + b"x" * (15 * MB), **form)
        # It comes from no page of ours.
        self.assertEqual(answer.status, 403)


class BodiesOfStrangers(Bodies):
    """daphne reads all of a body first, and says the same only then."""

    async def test_are_refused_unread_where_nobody_knows_whose_they_are(self) -> None:
        self.assert_told(await self.sent(LARGER + FORM, b"x", "nonsense"), 401, "key_invalid")
        self.assert_told(await self.sent(LARGER + FORM, b"x", ""), 401, "key_invalid")

    async def test_are_refused_where_somebody_sends_too_many_at_once(self) -> None:
        server = self.deployment.next_server()
        head = f"POST /api/uploads/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\n".encode()
        others = []
        for _ in range(AT_ONCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            # Who is admitted is asked for the body.
            writer.write(head + LARGER + FORM + b"Expect: 100-continue\r\n\r\n")
            self.assertTrue((await reader.readline()).startswith(b"HTTP/1.1 100"))
            others.append(writer)
        self.assert_told(await self.sent(LARGER + FORM, b"x"), 429, "too_many_requests")
        for writer in others:
            writer.close()
        async with asyncio.timeout(PATIENCE):
            while (await asyncio.to_thread(Http(server, self.token).upload, "image", jpeg((4, 4)))).status == 429:
                await a_moment()
