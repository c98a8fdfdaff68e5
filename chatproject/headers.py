"""What every page tells browsers to refuse: scripts and styles that stand in the page, framing, and more."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
"""For all pages: nothing but the server's own files, and no script or style within a page."""


def policy(file_origins: Iterable[str]) -> dict[str, list[str]]:
    """`POLICY`, with pictures, sounds and videos of these origins, too."""
    return POLICY | {name: [*POLICY[name], *file_origins] for name in ("img-src", "media-src")}


ADMIN_POLICY = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
"""What the admin's theme needs: Alpine compiles expressions in attributes, and the colours stand in the page."""

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
"""What no page of ours asks a browser for; those on which people chat record voices."""

View = TypeVar("View", bound=Callable[..., HttpResponse])


class PermissionsPolicy(MiddlewareMixin):
    """Sets the header of that name, unless a view has set it."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


def framed_by(sites: Iterable[str], response: HttpResponse) -> HttpResponse:
    """Let pages of these sites, and our own, show this answer in a frame; everything else stays forbidden."""
    response._csp_replace = {"frame-ancestors": [SELF, *sites]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    return response


def themed(view: View) -> View:
    """Let a page of the admin do what its theme needs; scripts of others and scripts within the page stay forbidden."""
    allowed: View = csp_replace(ADMIN_POLICY)(view)  # type: ignore[assignment]
    return allowed
