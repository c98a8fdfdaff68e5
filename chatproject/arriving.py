"""Uploads before they have arrived: who sends them, and how many at once."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.http import HttpRequest

from accounts.api.problems import Code, Problem
from accounts.models import AppKey
from chat.api.uploads import Told, Uploads, told
from chat.database.reading import read
from chatproject.plain import Answer, Scope, header

AT_ONCE, AT_ONCE_OF_KEY = 20, 100
"""Uploads that somebody may send at the same time to this process: a person, or an app's own server."""

_under_way: Counter[tuple[bool, int]] = Counter()


class NotAdmittedError(Exception):
    """The upload is not taken, whatever it is."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@asynccontextmanager
async def admitted(scope: Scope) -> AsyncIterator[None]:
    """While an upload is sent and taken. Raises `NotAdmittedError`."""
    try:
        sender, most = await read(_sender, header(scope, b"authorization") or b"")
        if _under_way[sender] >= most:
            raise Problem(Code.TOO_MANY_REQUESTS, retry_after=1)
    except Exception as error:  # as for what a view raises
        raise NotAdmittedError(answer(told(error))) from error
    _under_way[sender] += 1
    try:
        yield
    finally:
        _under_way[sender] -= 1
        if not _under_way[sender]:
            del _under_way[sender]


def answer(told: Told) -> Answer:
    """The same without Django."""
    headers = tuple((name.lower().encode(), value.encode()) for name, value in told.headers.items())
    return Answer(told.status, json.dumps(told.data, ensure_ascii=False).encode(), headers=headers)


def _sender(authorization: bytes) -> tuple[tuple[bool, int], int]:
    """Who shows it, and how many uploads they may send at once."""
    request = HttpRequest()
    request.method = "POST"
    request.META["HTTP_AUTHORIZATION"] = authorization.decode("latin-1")
    sender = Uploads().admitted(request)
    is_key = isinstance(sender, AppKey)
    return (is_key, sender.pk), AT_ONCE_OF_KEY if is_key else AT_ONCE
