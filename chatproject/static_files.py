"""Static files for set-ups without a proxy that serves them: the admin has its styles with DEBUG off, too."""

import gzip
from functools import lru_cache
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from chatproject.static_names import OWN, VERSIONED, own, version

COMPRESSED = ("text/javascript", "text/css", "image/svg+xml", "application/json")
"""Types that a slow line is spared most of; fonts and pictures are compressed already."""


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """whitenoise's middleware, with answers that are sent whole: the files are small, and threads may not stream.

    Our own files stand in the folder of their version, too. Scripts and styles are compressed for browsers.
    """

    def add_files_from_finders(self) -> None:
        super().add_files_from_finders()
        for name in own():
            self.add_file_to_dictionary(f"{self.static_prefix}{version()}/{name}", str(OWN / name))

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
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                response.content = compressed(body)
                response["Content-Encoding"], response["Content-Length"] = "gzip", str(len(response.content))
        return response


@lru_cache(maxsize=500)
def compressed(content: bytes) -> bytes:
    """The same for whoever unpacks it: done once for each file, as long as it stays what it is."""
    return gzip.compress(content, mtime=0)
