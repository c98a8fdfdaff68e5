"""Answering HTTP without Django: no session, no language, no thread, whatever else the process is busy with."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

ALIVE, READY, METRICS = PATHS = ("/healthz", "/readyz", "/metrics")

Scope = dict[str, Any]
Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; never kept by a cache."""

    status: int
    body: bytes
    content_type: bytes = b"application/json"
    headers: Headers = ()


NOT_ALLOWED = Answer(405, b'{"status":"GET or HEAD"}', headers=((b"allow", b"GET, HEAD"),))


class Page:
    """An ASGI application that answers GET and HEAD with what `answer` says."""

    def __init__(self, answer: Callable[[Scope], Awaitable[Answer]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        asked = scope["method"] in ("GET", "HEAD")
        answer = await self._answer(scope) if asked else NOT_ALLOWED
        await send_answer(answer, scope, send)


async def send_answer(answer: Answer, scope: Scope, send: Any) -> None:
    """Say the answer; to HEAD without its body."""
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})


class Unwatched(logging.Filter):
    """Keeps those who ask every few seconds out of uvicorn's access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        arguments = record.args
        path = str(arguments[2]) if isinstance(arguments, tuple) and len(arguments) > 2 else ""
        return path.partition("?")[0] not in PATHS


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that name, which is written in small letters."""
    return next((value for key, value in scope["headers"] if key == name), None)
