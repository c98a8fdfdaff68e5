"""What others have saved while somebody had a shop's page open: nothing of it is lost, nor of what was typed.

Of each value there are three states: as the page showed it, as it was sent, and as it is by now. Where others alone
have changed it, theirs goes into the form. Where both have, what was typed stays, and theirs is shown beside it.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, IntegerField, Model, TextField
from django.forms import BaseModelForm
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from robots.admin.forms import FaqForm, ShopForm
from robots.admin.seen import NAME, Seen, mark, row_name, said
from robots.models import Faq, QuickReply, Shop
from robots.rows import tidy

ROWS: dict[str, tuple[type[Model], Sequence[str]]] = {
    "faqs": (Faq, FaqForm.Meta.fields),
    "quick_replies": (QuickReply, ("shortcut", "text")),
}
"""The tables on a shop's page: whose rows they hold, and what of these can be changed there."""
MOST_NAMED = 20
"""Questions that are named of those that others have added."""
_KEY = re.compile("[0-9]{1,18}")

Row = dict[str, str]
"""What was sent of a row, by the names of its columns."""


@dataclass
class Meanwhile:
    """A form that was sent, with what others have changed since its page was opened."""

    post: QueryDict
    notes: dict[str, Any] = field(default_factory=dict)
    """What is to be said of inputs by their names; `faqs-3-` is a row as a whole."""
    added: list[str] = field(default_factory=list)
    """Questions of others: they are not on the page."""
    removed: list[str] = field(default_factory=list)
    """Questions that others have taken away, and nobody has changed on the page."""
    places: list[tuple[str, str]] = field(default_factory=list)
    """The ids and names of the inputs of which something is said."""

    def tell(self, forms: "Sequence[BaseModelForm[Any]]") -> None:
        """Let these forms, made of `post`, say what others have done."""
        for form in forms:
            for name in ["", *form.fields] if form.prefix else form.fields:
                if note := self.notes.get(form.add_prefix(name)):
                    form.add_error(name or None, note)
                    at = form[name or next(iter(form.fields))]
                    self.places.append((at.id_for_label, str(at.field.widget.attrs.get("aria-label", at.label))))


def looked_at(post: QueryDict, shop: Shop) -> Meanwhile | None:
    """The form with what others have changed since its page was opened; None if nobody has."""
    seen = Seen.unpacked(post.get(NAME, ""))
    if seen.version == shop.version:
        return None
    found = Meanwhile(post.copy())
    settings = {name: post.get(name, "") for name in ShopForm.Meta.fields if name in post or name in seen.marks}
    for name in list(settings):
        if note := _merged(settings, name, shop, seen.mark_of(name)):
            found.notes[name] = note
        found.post[name] = settings[name]
    for prefix in ROWS:
        _merge_rows(found, prefix, shop, seen)
    if seen.knows_rows:
        found.added = list(shop.faqs.filter(pk__gt=seen.newest).values_list("question", flat=True)[:MOST_NAMED])
    return found


def _merge_rows(found: Meanwhile, prefix: str, shop: Shop, seen: Seen) -> None:
    """Number the rows anew: first those that are in the database, then those that are new, or would be again."""
    model, columns = ROWS[prefix]
    sent = _sent(found.post, prefix)
    keys = [int(row["id"]) for row in sent if _KEY.fullmatch(row.get("id", ""))]
    now = {str(row.pk): row for row in model._default_manager.filter(shop=shop.pk, pk__in=keys)}
    here: list[tuple[Row, dict[str, Any]]] = []
    new: list[tuple[Row, dict[str, Any]]] = []
    for row in sent:
        key = row.get("id", "")
        marks = [seen.mark_of(row_name(prefix, key), place) for place in range(len(columns))]
        if not key:
            new.append((row, {}))
        elif key in now:
            told = {name: _merged(row, name, now[key], seen) for name, seen in zip(columns, marks, strict=True)}
            here.append((row, {name: note for name, note in told.items() if note}))
        elif "DELETE" not in row and [mark(tidy(row.get(name, ""))) for name in columns] != marks:
            gone = _("Somebody has removed this row meanwhile; saving the page adds it anew.")
            new.append(({**row, "id": ""}, {"": gone}))
        elif name := row.get("question"):
            found.removed.append(name)
    for place, (row, notes) in enumerate([*here, *new]):
        found.post.update({f"{prefix}-{place}-{name}": text for name, text in row.items()})
        found.notes |= {f"{prefix}-{place}-{name}": note for name, note in notes.items()}
    if sent:
        found.post[f"{prefix}-TOTAL_FORMS"] = str(len(here) + len(new))
        found.post[f"{prefix}-INITIAL_FORMS"] = str(len(here))


def _sent(post: QueryDict, prefix: str) -> list[Row]:
    """The rows of a table in their order, taken out of what was sent."""
    rows: defaultdict[int, Row] = defaultdict(dict)
    for name in list(post):
        if parts := re.fullmatch(rf"{prefix}-([0-9]{{1,9}})-(\w+)", name):
            (text,) = post.pop(name)[-1:]
            rows[int(parts[1])][parts[2]] = str(text)
    return [rows[place] for place in sorted(rows)]


def _merged(row: Row, name: str, now: Model, seen: str) -> Any:
    """Let the row have what others alone have changed; what is to be said where they have."""
    mine, theirs = tidy(row.get(name, "")), said(now.serializable_value(name))
    if mine == theirs or mark(theirs) == seen:
        return None
    if mark(mine) == seen:
        row[name] = theirs
        return _("Somebody has changed this meanwhile.")
    button = format_html('<button type="button" class="take-theirs">{}</button>', _("Take this"))
    heading, shown = _("Somebody has made this of it meanwhile:"), _shown(now, name)
    return format_html('{} <q class="theirs">{}</q>{}', heading, shown, button if _is_typed(now, name) else "")


def _is_typed(row: Model, name: str) -> bool:
    """Whether people write the value, and choose it nowhere."""
    column = row._meta.get_field(name)
    return isinstance(column, CharField | TextField | IntegerField) and not column.choices


def _shown(row: Model, name: str) -> str:
    """A value as people read it."""
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    told = getattr(row, f"get_{name}_display", None)
    return str(told() if told else value)
