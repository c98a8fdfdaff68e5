"""What staff did, kept in no language and told in that of whoever reads it.

Django keeps so what its own forms change: as JSON with the texts of the code, which are translated when they are shown.
"""

import json
import re
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.db.models import DateTimeField, Model, Q, QuerySet, TextField
from django.db.models import Value as Fixed
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, override

from accounts.models import Account

Value = int | str | Promise

LATELY = 10
"""Changes of one's own that the first page shows."""
DID, NOTICED = "did", "noticed"
"""How the JSON begins of what changed something, and of what changed nothing, such as reading."""
CHANGES = ~Q(action_flag=CHANGE) | (
    Q(change_message__startswith='[{"') & ~Q(change_message__startswith=f'[{{"{NOTICED}"')
)
"""The entries of the log that say what was changed. Those that were kept as mere sentences are not among them."""


def note(request: HttpRequest, rows: Sequence[Model], said: Promise, **values: Value) -> None:
    """Write down that somebody of the staff has done this with the rows.

    `said` has no words of customers, and neither have the values for its placeholders, of which those are translated
    that are lazy.
    """
    _write(request, rows, DID, _sentence(said, values))


def note_all(request: HttpRequest, rows: QuerySet[Any], said: Promise) -> None:
    """As `note`, in one statement, of however many rows that call themselves `#` with their key."""
    number = Cast("pk", TextField())
    columns: dict[str, Any] = {
        "action_time": Fixed(timezone.now(), DateTimeField()),
        "user_id": Fixed(request.user.pk),
        "content_type_id": Fixed(ContentType.objects.get_for_model(rows.model).pk),
        "object_id": number,
        "object_repr": Concat(Fixed("#", TextField()), number),
        "action_flag": Fixed(CHANGE),
        "change_message": Fixed(_kept(DID, _sentence(said, {}))),
    }
    noted, values = rows.order_by().values_list(*columns.values()).query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"INSERT INTO {LogEntry._meta.db_table} ({', '.join(columns)}) {noted}", values)


def note_look(request: HttpRequest, rows: Sequence[Model], said: Promise) -> None:
    """Write down that somebody has looked at the rows, or taken a copy: nothing is different afterwards."""
    _write(request, rows, NOTICED, _sentence(said, {}))


def note_page(request: HttpRequest, model: type[Model], said: Promise) -> None:
    """Write down that somebody has looked at what there is of a kind, and not at single rows."""
    kind = ContentType.objects.get_for_model(model)
    message = _kept(NOTICED, _sentence(said, {}))
    assert request.user.pk is not None
    LogEntry.objects.create(user_id=request.user.pk, content_type=kind, action_flag=CHANGE, change_message=message)


def note_sign_in(user: User, said: Promise, address: str) -> None:
    """Write down that somebody of the staff has signed in from this address, or that somebody has tried to as them."""
    LogEntry.objects.log_actions(user.pk, [user], CHANGE, _kept(NOTICED, _sentence(said, {"address": address})))


def lately(user: User) -> list[LogEntry]:
    """What somebody changed last, the newest first, as they read it."""
    entries = list(LogEntry.objects.filter(CHANGES, user=user).select_related("content_type").order_by("-pk")[:LATELY])
    readable(entries)
    return entries


def readable(entries: Collection[LogEntry]) -> None:
    """Have these entries say in the present language what was done, and with what by the name that it has now."""
    names = _names(entries)
    for entry in entries:
        kind = entry.content_type
        is_role = kind is not None and kind.model_class() is Group
        known = gettext(entry.object_repr) if is_role else entry.object_repr
        # What was done with no single row was done with what there is of its kind.
        entry.object_repr = names.get(entry.pk, known) or capfirst(kind.name if kind else "")
        entry.change_message = _told(entry)


def _write(request: HttpRequest, rows: Sequence[Model], sort: str, sentence: dict[str, Any]) -> None:
    assert request.user.pk is not None
    LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, _kept(sort, sentence))


def _kept(sort: str, sentence: dict[str, Any]) -> str:
    return json.dumps([{sort: sentence}], ensure_ascii=False)


def _sentence(said: Promise, values: dict[str, Value]) -> dict[str, Any]:
    given = {name: _sentence(value, {}) if isinstance(value, Promise) else value for name, value in values.items()}
    with override(None):
        # Without a language lazy texts are what stands in the code.
        return {"text": str(said), "with": given} if given else {"text": str(said)}


def _told(entry: LogEntry) -> str:
    """What was done. Additions and deletions say nothing more than that."""
    message = entry.change_message
    if not message.startswith("["):
        # Nothing, or a sentence in the language of whoever did it, as they were kept once.
        return gettext(message) or str(entry.get_action_flag_display())
    return " ".join(map(_part, json.loads(message))) or entry.get_change_message()


def _part(part: dict[str, Any]) -> str:
    said = part.get(DID) or part.get(NOTICED)
    if said:
        return _spoken(said)
    for what in part.values():
        if "fields" in what:
            what["fields"] = [_label(label) for label in what["fields"]]
    return LogEntry(change_message=json.dumps([part])).get_change_message()


def _spoken(said: dict[str, Any]) -> str:
    values = {
        name: _spoken(value) if isinstance(value, dict) else value for name, value in said.get("with", {}).items()
    }
    return gettext(said["text"]) % values


def _label(label: str) -> str:
    """A field's label, which is kept with the capital letter that forms begin it with, and translated without."""
    known = gettext(label)
    return known if known != label else capfirst(gettext(label[:1].lower() + label[1:]))


_OF_TWO = re.compile(r"([0-9]+) (\S) ([0-9]+)")
"""How rows about two accounts call themselves: by ids, so that the log keeps no name of who is erased."""


def _names(entries: Collection[LogEntry]) -> dict[int, str]:
    """Those of the entries that are about two accounts, with what these are called now."""
    found = {entry.pk: match for entry in entries if (match := _OF_TWO.fullmatch(entry.object_repr))}
    accounts = Account.objects.in_bulk({int(number) for match in found.values() for number in match.group(1, 3)})
    names = {str(account.pk): account.name for account in accounts.values()}
    return {pk: " ".join(names.get(part, part) for part in match.groups()) for pk, match in found.items()}
