"""Somebody who uses the admin of a running server as a browser does: with cookies, forms and their hidden tokens."""

import asyncio
import re
import urllib.parse
import urllib.request
import uuid
from http.cookiejar import CookieJar
from typing import Any, Self

from django.contrib.auth import get_user_model

from tests.client import PATIENCE
from tests.services import ChatServer

PASSWORD = "staff-password"


class AdminSession:
    """A superuser's session. The requests run in threads, so that sockets of the same test go on meanwhile."""

    def __init__(self, server: ChatServer, language: str = "en") -> None:
        self._address = server.pages
        self._language = language
        self._cookies = CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    @classmethod
    async def begin(cls, server: ChatServer, alias: str) -> Self:
        """Sign a new superuser in; `alias` is the database of the server."""
        name = f"staff-{uuid.uuid4().hex}"
        get_user_model().objects.db_manager(alias).create_superuser(name, password=PASSWORD)
        session = cls(server)
        await session.submit("/admin/login/", username=name, password=PASSWORD, next="/admin/")
        return session

    async def knock(self, name: str, password: str) -> str:
        """Try to sign in; returns the page that follows, whatever it says."""
        page = await self.get("/admin/login/")
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[:1]
        fields = {"username": name, "password": password, "next": "/admin/", "csrfmiddlewaretoken": token}
        return await asyncio.to_thread(self._open, "/admin/login/", fields)

    async def get(self, path: str) -> str:
        """The page at this path."""
        return await asyncio.to_thread(self._open, path, None)

    async def submit(self, path: str, on: str = "", **fields: Any) -> str:
        """Fill the form of the page in and send it; returns the page that follows. A refused form is a failure.

        `on` is the page that has the form, where it is another than the one it is sent to.
        """
        page = await self.get(on or path)
        return await self.send(path, page, fields)

    async def act(self, path: str, action: str, *rows: int, **fields: str) -> str:
        """Choose rows of a list and run an action on them."""
        page = await self.get(path)
        return await self.send(path, page, {"action": action, "_selected_action": [str(row) for row in rows], **fields})

    async def send(self, path: str, page: str, fields: dict[str, Any]) -> str:
        """As `submit`, with what is hidden in the form of a page that was got before."""
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|seen)" value="([^"]+)"', page))
        assert hidden, f"{path} has no form"
        answer = await asyncio.to_thread(self._open, path, {**fields, **hidden})
        assert "errornote" not in answer, f"the form at {path} was refused"
        return answer

    def _open(self, path: str, fields: dict[str, Any] | None) -> str:
        data = urllib.parse.urlencode(fields, doseq=True).encode() if fields is not None else None
        request = urllib.request.Request(  # noqa: S310  (an address of our own server)
            urllib.parse.urljoin(self._address, path), data, {"Accept-Language": self._language}
        )
        with self._browser.open(request, timeout=PATIENCE) as answer:
            text: str = answer.read().decode()
            return text
