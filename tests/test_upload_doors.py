"""Who may upload, how much and how often, and how uploads are served."""

import asyncio
import json
from typing import ClassVar

from accounts import tokens
from accounts.models import Scope
from tests.case import OwnServerTest
from tests.client import PATIENCE
from tests.http import Http, new_key
from tests.upload_case import SINE, UploadTest, jpeg, recorded
from tests.world import PASSWORD


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

    async def sent(self, head: bytes, chunk: bytes, path: bytes = b"/api/uploads/") -> bytes:
        """What the server says while it is sent the same again and again, until it answers or hangs up."""
        server = self.deployment.next_server()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n")
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

    async def test_are_refused_elsewhere_as_everything_is_there(self) -> None:
        said = await self.sent(b"Accept-Language: en\r\nContent-Length: 99000000\r\n", b"x", b"/api/accounts/")
        head, _, body = said.partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"HTTP/1.1 413"), said)
        self.assertIn(b"application/problem+json", head)
        problem = json.loads(body)
        self.assertEqual((problem["code"], problem["title"]), ("too_large", "This is larger than allowed."))


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
