"""Uploads as browsers and apps fetch them: in ranges, and never as a page that could run something."""

import re
from pathlib import Path
from stat import S_ISREG
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from accounts.refusals import Refusal
from chat.database.reading import read
from chat.uploads import names
from chat.uploads.containers import CONTENT_TYPES
from chat.uploads.keeping import storage
from chat.uploads.naming import PLACE
from chatproject.plain import header

BEGINNING = f"/{PLACE}/"
NAME = re.compile(
    r"(?:image|audio|video|file)/\d{4}/\d\d/\d\d/u-[0-9a-f]{32}(?:-preview|-cover)?\.[0-9a-z]{2,4}", re.ASCII
)
"""Names that uploads have. Whatever else lies in a bucket that they share is not signed for."""
_RANGES = re.compile(rb"bytes=(?:\d{1,18}-\d{0,18}|-\d{1,18})(?:\s*,\s*(?:\d{1,18}-\d{0,18}|-\d{1,18}))*")
DAY = 24 * 3600
REMEMBERED = 300
"""Seconds for which a browser goes to a signed address without asking again: far fewer than it is good for."""
GUARDS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": f"private, max-age={DAY}",
}
"""Whatever a file turned out to be: browsers take its type as it is told, and run nothing of it."""


async def page(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application for GET and HEAD of everything below `/media/`."""
    if scope["method"] not in ("GET", "HEAD"):
        answer: Response = PlainTextResponse("GET or HEAD", 405, {"allow": "GET, HEAD"})
    else:
        answer = await _answer(scope, scope["path"].removeprefix(BEGINNING))
    begun: list[Any] = []

    async def once_it_is_open(message: Any) -> None:
        # Files are opened after their beginning was said: what was removed meanwhile is missing, and not cut off.
        if message["type"] == "http.response.start":
            begun.append(message)
            return
        while begun:
            await send(begun.pop())
        await send(message)

    try:
        await answer(scope, receive, once_it_is_open)
    except FileNotFoundError:
        await _missing()(scope, receive, send)


async def _answer(scope: Any, name: str) -> Response:
    found = await run_in_threadpool(_found, scope["method"], name, await _disposition(name))
    known = header(scope, b"if-none-match") or b""
    if "etag" in found.headers and found.headers["etag"] in known.decode("latin-1"):
        # Somebody has it already: on a bad line that is worth a lot.
        kept = {key: value for key, value in found.headers.items() if key in ("etag", *GUARDS)}
        return Response(status_code=304, headers=kept)
    asked = header(scope, b"range")
    if asked is not None and not _RANGES.fullmatch(asked):
        # What is no range is not asked for (RFC 9110): then it is all of it.
        scope["headers"] = [(key, value) for key, value in scope["headers"] if key != b"range"]
    return found


async def _disposition(name: str) -> str | None:
    """How what is neither shown nor played is saved: under its sender's name, or the stored one."""
    if _ending(name) in CONTENT_TYPES:
        return None
    stored = "".join(char for char in name.rpartition("/")[2] if char.isalnum() or char in "-._")
    try:
        given = await read(names.given, stored)
    except Refusal:
        given = ""
    return names.attachment(stored, given)


def _ending(name: str) -> str:
    return name.rpartition(".")[2]


def _found(method: str, name: str, disposition: str | None) -> Response:
    """The file itself where it lies here; from another storage by an address that it signs."""
    content_type = CONTENT_TYPES.get(_ending(name), "application/octet-stream")
    uploads = storage()
    if "\0" in name:
        return _missing()
    try:
        if not isinstance(uploads, FileSystemStorage):
            if not NAME.fullmatch(name):
                return _missing()
            return _elsewhere(uploads, method, name, content_type, disposition)
        file = uploads.path(name)
    except (SuspiciousOperation, ValueError):
        return _missing()
    try:
        found = Path(file).stat()
    except OSError:
        return _missing()
    if not S_ISREG(found.st_mode):
        return _missing()
    headers = GUARDS | ({"content-disposition": disposition} if disposition else {})
    return FileResponse(file, headers=headers, media_type=content_type, stat_result=found)


def _elsewhere(uploads: Any, method: str, name: str, content_type: str, disposition: str | None) -> Response:
    """A redirect to S3, which is told with the address, signed for this method, as what it hands the file out."""
    parameters = {"ResponseContentType": content_type}
    if disposition:
        parameters["ResponseContentDisposition"] = disposition
    address = uploads.url(name, parameters=parameters, http_method=method)
    kept = min(REMEMBERED, uploads.querystring_expire // 2)
    # Whoever takes what the answer to the other method was would be refused by S3.
    headers = GUARDS | {"cache-control": f"private, max-age={kept}" if method == "GET" else "no-store"}
    return RedirectResponse(address, 302, headers)


def _missing() -> Response:
    return PlainTextResponse("not found", 404, {"x-content-type-options": "nosniff"})
