"""What a key may do."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import AppKey

if TYPE_CHECKING:
    # REST framework's views import this module, which its settings name.
    from rest_framework.views import APIView


class HasScope(BasePermission):
    """The key has the scope that the view asks for this method, in its `scopes`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        scopes = getattr(view, "scopes", {})
        if not isinstance(request.auth, AppKey):
            return False
        if request.method not in view.allowed_methods:
            return True  # The view itself refuses the method.
        # HEAD is answered as GET is, without the body.
        method = "GET" if request.method == "HEAD" else request.method
        return scopes.get(method) in request.auth.scopes
