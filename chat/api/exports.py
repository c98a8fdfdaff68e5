"""JSON lines, sent while they are read: all messages of an app, or all data of a person."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, ClassVar

import msgspec
from asgiref.sync import SyncToAsync
from django.db import connections
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.accounts import AccountShown
from accounts.api.names import NAME_SCHEMA, AccountName
from accounts.api.problems import Code, Problem
from accounts.api.views import AppView, given, own
from accounts.models import Account, App, Scope
from chat import history, notifications, personal_data
from chat.api.conversations import PERIOD, Period, message
from chat.database.reading import read
from chat.delivery import forget_name
from chat.models import Conversation
from chat.telling import write_from_thread
from robots.models import Shop

JSON_LINES = "application/jsonl"
AT_ONCE = 200
"""Lines that are read in one go."""
_reading = asyncio.Semaphore(1)
"""However many read exports: the other database threads are for those who talk."""


class JsonLines(BaseRenderer):
    """Only tells what the answer is; the lines are made elsewhere. Problems come as JSON."""

    media_type = JSON_LINES
    format = "jsonl"

    def render(self, data: Any, media_type: str | None = None, context: Any = None) -> bytes:
        return msgspec.json.encode(data)


class Filters(Period):
    account = AccountName(required=False)


class AllMessages(AppView):
    scopes: ClassVar = {"GET": Scope.MESSAGES_READ}
    renderer_classes = (*AppView.renderer_classes, JsonLines)

    @extend_schema(
        summary="Export messages",
        parameters=[
            *PERIOD,
            OpenApiParameter("account", NAME_SCHEMA, description="Only the conversations of this account."),
        ],
        responses={(200, JSON_LINES): OpenApiTypes.STR},
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """One message a line, one conversation after the other, the oldest first in each. Of any length."""
        filters = given(Filters, request.query_params.dict())
        name = filters.pop("account", None)
        owner = self.account(name) if name is not None else None
        return _streamed(_of_app(self.app, owner, filters))


class PersonalData(AppView):
    scopes: ClassVar = {"GET": Scope.DATA_EXPORT}
    renderer_classes = (*AppView.renderer_classes, JsonLines)

    @extend_schema(summary="Export a person's data", responses={(200, JSON_LINES): OpenApiTypes.STR})
    def get(self, request: Request, account: str) -> StreamingHttpResponse:
        """All that is kept of the account, one object a line: `kind` says what it is."""
        return _streamed(_of_person(self.account(account)))


class Erasure(AppView):
    scopes: ClassVar = {"POST": Scope.DATA_ERASE}

    @extend_schema(summary="Erase a person's data", request=None, responses={204: None})
    def post(self, request: Request, account: str) -> Response:
        """For good: the account, its conversations on both sides, its uploads and questions. Its sockets are closed."""
        person = self.account(account)
        if self.own(Shop).filter(account=person).exists():
            raise Problem(Code.ACCOUNT_IS_SHOP)
        name = person.name
        for change in personal_data.erase(person):
            write_from_thread([change])
        forget_name(self.app.pk, name)
        return Response(status=204)


def _of_app(app: App, owner: Account | None, period: dict[str, datetime]) -> Iterator[Any]:
    """Each conversation once: where one account alone is wanted from its side, else from that of the lower id."""
    owners = [owner] if owner is not None else _accounts(app)
    for one in owners:
        for other in personal_data.peers(one.pk):
            if owner is None and other.pk < one.pk:
                continue
            names = {one.pk: one.name, other.pk: other.name}
            last = 0
            while lines := history.whole(one.pk, other.pk, after=last, limit=AT_ONCE, **period):
                yield from (message(line, names) for line in lines)
                last = lines[-1].id


def _accounts(app: App) -> Iterator[Account]:
    last = 0
    while some := list(own(app, Account).filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        yield from some
        last = some[-1].pk


def _of_person(account: Account) -> Iterator[Any]:
    seen = personal_data.last_seen(account.pk)
    yield {
        "kind": "account",
        **AccountShown(account).data,
        "last_seen": seen and seen.at,
        "last_source": seen and seen.source,
    }
    yield from _said(account)
    for question in personal_data.questions(account.pk):
        yield {"kind": "question", "shop": question.shop.number, "text": question.text, "asked_at": question.asked_at}
    for upload in personal_data.uploads(account.pk):
        yield {
            "kind": "upload",
            "files": upload.files,
            "name": upload.name,
            "size": upload.size,
            "created_at": upload.created_at,
        }
    for block in personal_data.blocks(account.pk):
        yield {"kind": "block", "account": block.blocked.name, "created_at": block.created_at}
    if visit := personal_data.visit(account.pk):
        yield {
            "kind": "visit",
            "shop": visit.shop.number,
            "title": visit.title,
            "address": visit.address,
            "goods": visit.goods,
            "used_at": visit.used_at,
        }
    for notification in notifications.addressed_to(account):
        yield {
            "kind": "notification",
            "id": notification.pk,
            "text": notification.text,
            "message": msgspec.json.decode(notification.body or "null"),
            "created_at": notification.created_at,
        }
    for note in personal_data.notes_about(account):
        shop = note.shop.number if note.shop else None
        yield {"kind": "note", "shop": shop, "text": note.text, "created_at": note.created_at}
    for delivery in personal_data.deliveries(account):
        yield {"kind": "webhook", "id": delivery.name, "body": msgspec.json.decode(delivery.body)}


def _said(account: Account) -> Iterator[Any]:
    for peer in personal_data.peers(account.pk):
        view = Conversation.objects.filter(owner=account, peer=peer).first()
        if view is None:
            # Whoever it was with has been erased meanwhile.
            continue
        yield {"kind": "conversation", "peer": peer.name, "unread": view.unread, "pinned": view.pinned}
        names = {account.pk: account.name, peer.pk: peer.name}
        for lines in personal_data.messages(account.pk, peer.pk):
            yield from ({"kind": "message", **message(line, names)} for line in lines)


def _streamed(rows: Iterator[Any]) -> StreamingHttpResponse:
    # The view's thread would keep its connection until the last line is taken, and who reads may take their time.
    for connection in connections.all(initialized_only=True):
        connection.close()
    return StreamingHttpResponse(_lines(rows), content_type=JSON_LINES)


async def _lines(rows: Iterator[Any]) -> AsyncIterator[bytes]:
    """A handful of lines at a time is read in a database thread; the next ones once these have been taken."""
    _let_go_of_the_thread()
    while True:
        async with _reading:
            lines = await read(partial(_some, rows))
        if not lines:
            return
        yield lines


def _some(rows: Iterator[Any]) -> bytes:
    encode = msgspec.json.Encoder().encode
    return b"".join(encode(row) + b"\n" for row in islice(rows, AT_ONCE))


def _let_go_of_the_thread() -> None:
    """Django keeps a thread for each request until it is answered; this one has nothing more to do in it.

    Should it, it is given another one.
    """
    request = SyncToAsync.thread_sensitive_context.get(None)
    thread = SyncToAsync.context_to_thread_executor.pop(request, None) if request is not None else None
    if thread is not None:
        thread.shutdown(wait=False)
