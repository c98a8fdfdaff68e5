"""Asking the HTTP interface, as an app's own server and as people do."""

import json
import urllib.parse
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from accounts import app_keys
from accounts.models import AppKey, Scope
from tests.services import ChatServer
from tests.world import World


@dataclass(frozen=True)
class Answer:
    """What a server answered; the names of its headers are in small letters."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def lines(self) -> list[Any]:
        """JSON lines."""
        return [json.loads(line) for line in self.content.splitlines()]


def ask(address: str, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """One request on a connection of its own."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())
    finally:
        connection.close()


@dataclass
class Http:
    """Somebody who shows `bearer`, an app key or a chat token, with each request."""

    server: ChatServer
    bearer: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Answer:
        """A request with `data` as JSON, or with bytes as they are."""
        sent = {**self.more, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.bearer:
            sent.setdefault("Authorization", f"Bearer {self.bearer}")
        body = data if isinstance(data, bytes) or data is None else json.dumps(data).encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        return ask(self.server.pages, method, path, body, sent)

    def upload(self, kind: str, content: bytes, name: str = "file") -> Answer:
        """Upload a file as a form does."""
        content_type, body = form(kind, content, name)
        return self("POST", "/api/uploads/", body, Content_Type=content_type)

    def begin_upload(self, kind: str, content: bytes) -> HTTPConnection:
        """The same, without waiting for the answer."""
        content_type, body = form(kind, content, "file")
        connection = HTTPConnection(urlsplit(self.server.pages).netloc, timeout=30)
        headers = {"Content-Type": content_type, "Authorization": f"Bearer {self.bearer}"}
        connection.request("POST", "/api/uploads/", body=body, headers=headers)
        return connection


def form(kind: str, content: bytes, name: str) -> tuple[str, bytes]:
    """The content type and the body with which a file is uploaded."""
    boundary = uuid.uuid4().hex
    quoted = name.replace('"', "%22")
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = parts.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def path(*parts: object) -> str:
    """A path below `/api/`, each part quoted."""
    return "/api/" + "".join(f"{urllib.parse.quote(str(part), safe='')}/" for part in parts)


def new_key(world: World, *scopes: Scope) -> tuple[AppKey, str]:
    """A key of the world's app with these scopes, or with all; and its text."""
    key, text = app_keys.new(app=world.app, name="a test's key", scopes=scopes or tuple(Scope))
    key.save(using=world.alias)
    return key, text
