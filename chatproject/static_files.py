"""Static files for set-ups without a proxy that serves them: the admin has its styles with DEBUG off, too."""

import gzip
import threading
from collections.abc import Callable
from functools import lru_cache, partial
from http import HTTPStatus

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from chatproject.static_names import OWN, VERSIONED, own, version

COMPRESSED = ("text/javascript", "text/css", "image/svg+xml", "application/json")
"""Types that a slow line is spared most of; fonts and pictures are compressed already."""
PACKED = {"br": brotli.compress, "gzip": partial(gzip.compress, mtime=0)}
"""The ways to do that, the better one first: a sixth less, and browsers take it over TLS and on localhost."""


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """whitenoise's middleware, with answers that are sent whole: the files are small, and threads may not stream.

    Our own files stand in the folder of their version, too. Scripts and styles are compressed for browsers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._finding, self._found = threading.Lock(), False
        super().__init__(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(self.static_prefix):
            self._find()
        answer: HttpResponse = super().__call__(request)
        return answer

    def add_files_from_finders(self) -> None:
        """Not yet: a server behind a proxy that has them never needs to, and it takes 15 ms."""

    def _find(self) -> None:
        with self._finding:
            if self._found or self.autorefresh:
                return
            super().add_files_from_finders()
            for name in own():
                self.add_file_to_dictionary(f"{self.static_prefix}{version()}/{name}", str(OWN / name))
            self._found = True

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether browsers may keep what stands at that address for ever."""
        return VERSIONED.match(url.removeprefix(self.static_prefix)) is not None

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        body = b""
        if found.file is not None:
            with found.file:
                body = found.file.read()
        response = HttpResponse(body, status=int(found.status))
        del response["content-type"]
        for name, value in found.headers:
            response[name] = value
        if body and found.status == HTTPStatus.OK and response["Content-Type"].startswith(COMPRESSED):
            patch_vary_headers(response, ["Accept-Encoding"])
            taken = {each.partition(";")[0].strip() for each in request.headers.get("Accept-Encoding", "").split(",")}
            for way in PACKED:
                if way in taken:
                    response.content = packed(body, way)
                    response["Content-Encoding"], response["Content-Length"] = way, str(len(response.content))
                    break
        return response


@lru_cache(maxsize=1000)
def packed(content: bytes, way: str) -> bytes:
    """The same for whoever unpacks it: done once for each file and way, as long as the file stays what it is."""
    smaller: bytes = PACKED[way](content)
    return smaller
