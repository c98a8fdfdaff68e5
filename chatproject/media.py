"""Uploads as browsers and apps fetch them: in ranges, and never as a page that could run something."""

from pathlib import Path
from stat import S_ISREG
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from chat.uploads.containers import CONTENT_TYPES
from chat.uploads.keeping import storage
from chat.uploads.naming import PLACE

BEGINNING = f"/{PLACE}/"
DAY = 24 * 3600
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
        answer = await run_in_threadpool(_found, scope["path"].removeprefix(BEGINNING))
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


def _found(name: str) -> Response:
    """The file itself where it lies here; from another storage by an address that it signs."""
    ending = name.rpartition(".")[2]
    content_type = CONTENT_TYPES.get(ending, "application/octet-stream")
    downloaded_as = None if ending in CONTENT_TYPES else name.rpartition("/")[2]
    uploads = storage()
    if "\0" in name:
        return _missing()
    try:
        if not isinstance(uploads, FileSystemStorage):
            return _elsewhere(uploads, name, content_type, downloaded_as)
        file = uploads.path(name)
    except (SuspiciousOperation, ValueError):
        return _missing()
    try:
        found = Path(file).stat()
    except OSError:
        return _missing()
    if not S_ISREG(found.st_mode):
        return _missing()
    return FileResponse(file, headers=GUARDS, media_type=content_type, filename=downloaded_as, stat_result=found)


def _elsewhere(uploads: Any, name: str, content_type: str, downloaded_as: str | None) -> Response:
    """A redirect to S3, which is told with the signed address as what it hands the file out."""
    parameters = {"ResponseContentType": content_type}
    if downloaded_as:
        parameters["ResponseContentDisposition"] = f'attachment; filename="{downloaded_as}"'
    address = uploads.url(name, parameters=parameters)
    return RedirectResponse(address, 302, GUARDS | {"cache-control": "private, max-age=300"})


def _missing() -> Response:
    return PlainTextResponse("not found", 404, {"x-content-type-options": "nosniff"})
