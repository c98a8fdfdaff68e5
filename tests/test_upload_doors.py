"""Who may upload, how much and how often."""

import asyncio
import os
from pathlib import Path
from typing import ClassVar

from accounts import tokens
from accounts.models import Scope
from tests.case import OwnServerTest
from tests.client import PATIENCE, a_moment
from tests.http import Http, new_key
from tests.services import temporary_folder
from tests.upload_case import UploadTest, jpeg, mp4
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

    async def test_hear_that_a_form_makes_no_sense(self) -> None:
        many = b"".join(
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n' for _ in range(101)
        )
        large = b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + b"x" * (17 * 2**20)
        for body, status, reason in (
            (many, 400, "invalid_request"),
            (large, 413, "too_large"),
            (b"x", 400, "kind_unknown"),
        ):
            with self.subTest(reason):
                form = b"%s\r\n--x--\r\n" % body
                content_type = "multipart/form-data; boundary=x"
                answer = await asyncio.to_thread(self.http, "POST", "/api/uploads/", form, Content_Type=content_type)
                self.assertEqual((answer.status, answer.json["code"], answer.json["reason"]), (status, 2, reason))

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


class WhoGoesAway(OwnServerTest):
    """While ffmpeg, or what stands here for it, works for them and does not come to an end."""

    deployments: ClassVar = ("daphne", "uvicorn")
    folder = temporary_folder("ffmpeg")
    environment: ClassVar = {"PATH": f"{folder}:{os.environ['PATH']}", "TOLD": str(folder / "begun")}

    async def test_leaves_neither_a_program_nor_a_file(self) -> None:
        told, program = self.folder / "begun", self.folder / "ffmpeg"
        told.unlink(missing_ok=True)
        program.write_text('#!/bin/sh\necho $$ > "$TOLD.new"; mv "$TOLD.new" "$TOLD"; sleep 1000\n')
        program.chmod(0o755)
        self.world.accounts("User1")
        http = Http(self.deployment.next_server(), tokens.issue(self.world.get("User1")))
        begun = http.begin_upload("video", mp4())
        async with asyncio.timeout(PATIENCE):
            while not told.exists():
                await a_moment()
            pid = int(told.read_text())
            begun.close()
            while Path(f"/proc/{pid}").exists():
                await a_moment()
        self.assertEqual(await asyncio.to_thread(self.left), [])

    def left(self) -> list[Path]:
        return [path for path in (self.deployment.folder / "media").rglob("*") if path.is_file()]
