"""Every way in which the HTTP interface says no: RFC 9457, with a stable code for programs."""

import logging
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from accounts.refusals import Reason, Refusal

CONTENT_TYPE = "application/problem+json"
TYPE = "/api/problems/#"
"""What stands before the code in `type`: the page that lists all of them."""

logger = logging.getLogger(__name__)


class Code(StrEnum):
    """A stable word for programs; existing values never change their meaning."""

    INVALID_JSON = "invalid_json"
    INVALID_REQUEST = "invalid_request"
    INVALID_MESSAGE = "invalid_message"
    INVALID_CURSOR = "invalid_cursor"
    KEY_MISSING = "key_missing"
    KEY_INVALID = "key_invalid"
    SCOPE_MISSING = "scope_missing"
    NO_SHOP = "no_shop"
    SIGN_IN_FAILED = "sign_in_failed"
    ACCOUNT_DISABLED = "account_disabled"
    BLOCKED = "blocked"
    BLOCKED_BY_YOU = "blocked_by_you"
    NOT_FOUND = "not_found"
    UNKNOWN_ACCOUNT = "unknown_account"
    UNKNOWN_SHOP = "unknown_shop"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    ACCOUNT_TAKEN = "account_taken"
    ACCOUNT_IS_SHOP = "account_is_shop"
    ACCOUNT_IS_GUEST = "account_is_guest"
    KEY_CONFLICT = "key_conflict"
    CLIENT_ID_CONFLICT = "client_id_conflict"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    TOO_MANY_REQUESTS = "too_many_requests"
    INTERNAL_ERROR = "internal_error"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Kind:
    """What never changes about a problem of one code."""

    status: int
    title: Promise


KINDS: dict[Code, Kind] = {
    Code.INVALID_JSON: Kind(400, _("The body is not valid JSON.")),
    Code.INVALID_REQUEST: Kind(400, _("Something in the request is missing or wrong; `errors` says what.")),
    Code.INVALID_MESSAGE: Kind(400, _("The message body is not one that may be sent; `field` names what is wrong.")),
    Code.INVALID_CURSOR: Kind(400, _("The cursor is none that this list has given out.")),
    Code.KEY_MISSING: Kind(401, _("An app key is needed: `Authorization: Bearer ck_…`.")),
    Code.KEY_INVALID: Kind(401, _("The key or token is unknown, revoked or expired.")),
    Code.SCOPE_MISSING: Kind(403, _("The app key has not the scope that this needs.")),
    Code.NO_SHOP: Kind(403, _("The signed-in account speaks for no shop.")),
    Code.SIGN_IN_FAILED: Kind(401, _("Account or password is wrong.")),
    Code.ACCOUNT_DISABLED: Kind(403, _("The account is disabled.")),
    Code.BLOCKED: Kind(403, _("The recipient has blocked the sender.")),
    Code.BLOCKED_BY_YOU: Kind(403, _("The sender has blocked the recipient.")),
    Code.NOT_FOUND: Kind(404, _("There is nothing here, or nothing that belongs to the app.")),
    Code.UNKNOWN_ACCOUNT: Kind(404, _("The app has no account of this name.")),
    Code.UNKNOWN_SHOP: Kind(404, _("The app has no shop of this number.")),
    Code.METHOD_NOT_ALLOWED: Kind(405, _("This can't be done here with this method.")),
    Code.NOT_ACCEPTABLE: Kind(406, _("The answer can't be given in the form that was asked for.")),
    Code.ACCOUNT_TAKEN: Kind(409, _("The account already speaks for another shop.")),
    Code.ACCOUNT_IS_SHOP: Kind(409, _("The account speaks for a shop; its data is not a person's.")),
    Code.ACCOUNT_IS_GUEST: Kind(409, _("Guests of the widget are sent no notifications; `accounts` names them.")),
    Code.KEY_CONFLICT: Kind(409, _("Another notification was sent with this key before.")),
    Code.CLIENT_ID_CONFLICT: Kind(409, _("Another message was sent with this client_id before.")),
    Code.TOO_LARGE: Kind(413, _("This is larger than allowed.")),
    Code.UNSUPPORTED_MEDIA_TYPE: Kind(415, _("The body is in a form that is not taken here.")),
    Code.TOO_MANY_REQUESTS: Kind(429, _("Too much was asked for; `Retry-After` says how many seconds to wait.")),
    Code.INTERNAL_ERROR: Kind(500, _("The server failed. It is logged there.")),
    Code.UNAVAILABLE: Kind(503, _("The server can't do this right now; `Retry-After` says how many seconds to wait.")),
}

OF_REASON: dict[Reason, Code] = {
    Reason.LOGIN_FAILED: Code.SIGN_IN_FAILED,
    Reason.ACCOUNT_DISABLED: Code.ACCOUNT_DISABLED,
    Reason.TOKEN_INVALID: Code.KEY_INVALID,
    Reason.TOKEN_EXPIRED: Code.KEY_INVALID,
    Reason.TOO_MANY_REQUESTS: Code.TOO_MANY_REQUESTS,
    Reason.SERVER_BUSY: Code.UNAVAILABLE,
    Reason.STORAGE_UNAVAILABLE: Code.UNAVAILABLE,
    Reason.UNKNOWN_ACCOUNT: Code.UNKNOWN_ACCOUNT,
    Reason.BLOCKED: Code.BLOCKED,
    Reason.BLOCKED_BY_YOU: Code.BLOCKED_BY_YOU,
    Reason.UNKNOWN_SHOP: Code.UNKNOWN_SHOP,
    Reason.CLIENT_ID_CONFLICT: Code.CLIENT_ID_CONFLICT,
    Reason.INVALID_MESSAGE: Code.INVALID_MESSAGE,
    Reason.RESERVED_TYPE: Code.INVALID_MESSAGE,
    Reason.MESSAGE_TOO_LARGE: Code.TOO_LARGE,
}
"""What a refusal of the domain is called over HTTP; any other one is a failure of ours."""

OF_EXCEPTION: dict[type[Exception], Code] = {
    exceptions.ParseError: Code.INVALID_JSON,
    exceptions.NotAuthenticated: Code.KEY_MISSING,
    exceptions.AuthenticationFailed: Code.KEY_INVALID,
    exceptions.PermissionDenied: Code.SCOPE_MISSING,
    PermissionDenied: Code.SCOPE_MISSING,
    exceptions.NotFound: Code.NOT_FOUND,
    Http404: Code.NOT_FOUND,
    exceptions.MethodNotAllowed: Code.METHOD_NOT_ALLOWED,
    exceptions.NotAcceptable: Code.NOT_ACCEPTABLE,
    exceptions.UnsupportedMediaType: Code.UNSUPPORTED_MEDIA_TYPE,
    RequestDataTooBig: Code.TOO_LARGE,
    SuspiciousOperation: Code.INVALID_REQUEST,
    OperationalError: Code.UNAVAILABLE,
    InterfaceError: Code.UNAVAILABLE,
}


class Problem(Exception):
    """What was asked is not done. `more` are further members of the answer, such as `field`."""

    def __init__(self, code: Code, detail: str = "", *, retry_after: float = 0.0, **more: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.more = more

    @property
    def status(self) -> int:
        return KINDS[self.code].status

    def members(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        told = {"type": f"{TYPE}{self.code}", "title": str(KINDS[self.code].title), "status": self.status}
        detail = {"detail": self.detail} if self.detail else {}
        return {**told, "code": self.code.value, **detail, **self.more}


def of(error: Exception) -> Problem:
    """The problem that an exception is. What nobody expected is logged, and says nothing of itself."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return of_refusal(error)
    if isinstance(error, exceptions.ValidationError):
        return Problem(Code.INVALID_REQUEST, errors=list(complaints(error.get_full_details())))
    code = next((code for kind, code in OF_EXCEPTION.items() if isinstance(error, kind)), Code.INTERNAL_ERROR)
    if code is Code.INTERNAL_ERROR:
        logger.error("a request failed", exc_info=error)
    if code is Code.UNAVAILABLE:
        logger.warning("the database failed", exc_info=error)
        return Problem(code, retry_after=1)
    told = isinstance(error, exceptions.APIException) and code is not Code.KEY_MISSING
    return Problem(code, str(error) if told else "")


def of_refusal(refusal: Refusal) -> Problem:
    """The problem that a refusal of the domain is."""
    code = OF_REASON.get(refusal.reason, Code.INTERNAL_ERROR)
    if code is Code.INTERNAL_ERROR:
        logger.error("a request was refused by its %s", refusal.reason, exc_info=refusal)
    field = {"field": refusal.field.removeprefix("data.")} if refusal.field else {}
    return Problem(code, retry_after=refusal.retry_after, **field)


def answer(problem: Problem) -> HttpResponse:
    """The problem as an answer to a request, in the one form, whatever else the view would answer with."""
    headers = {}
    if problem.retry_after:
        headers["Retry-After"] = str(max(1, math.ceil(problem.retry_after)))
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = msgspec.json.encode(problem.members())
    return HttpResponse(body, status=problem.status, headers=headers, content_type=CONTENT_TYPE)


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """REST framework's hook for whatever a view raises."""
    response = answer(of(error))
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def complaints(details: Any, path: str = "") -> Any:
    """Each wrong field, with a code and words, from REST framework's nested account of them."""
    if isinstance(details, list):
        for index, inner in enumerate(details):
            yield from complaints(inner, path if _is_complaint(inner) else f"{path}[{index}]")
    elif _is_complaint(details):
        yield {"field": path, "code": str(details["code"]), "message": str(details["message"])}
    else:
        for name, inner in details.items():
            inside = "" if name == "non_field_errors" else str(name)
            yield from complaints(inner, ".".join(filter(None, (path, inside))))


def _is_complaint(details: Any) -> bool:
    return isinstance(details, dict) and details.keys() == {"message", "code"} and not isinstance(details["code"], dict)
