"""What is refused below `/api/` before a view of it is asked, or after: in the one form of all its refusals."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from accounts.api.problems import CONTENT_TYPE, Code, Problem, answer
from chat.doors.bodies import API

OF_STATUS = {
    400: Code.INVALID_REQUEST,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.TOO_LARGE,
    500: Code.INTERNAL_ERROR,
    503: Code.UNAVAILABLE,
}
"""Django's own pages of these are for people; the codes are for programs."""
SAID = (CONTENT_TYPE, "application/json")
"""Refusals in these forms are a view's own."""


class ApiProblems(MiddlewareMixin):
    """Stands before everything else, so that it sees whatever is answered."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        code = OF_STATUS.get(response.status_code)
        said = response.headers.get("Content-Type", "").partition(";")[0]
        if code is None or said in SAID or not request.path_info.startswith(API):
            return response
        with translation.override(translation.get_language_from_request(request)):
            told = answer(Problem(code))
        for name, value in response.headers.items():
            # What other middleware has set goes along, such as which methods there are.
            if name not in ("Content-Type", "Content-Length", "Content-Language"):
                told.headers.setdefault(name, value)
        return told
