"""Whatever the admin calls things, and says of them, it says in the reader's language."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, help_text_for_field, label_for_field
from django.db.models import Field, Model
from django.test import RequestFactory
from django.utils.translation import override

from robots.models import Gap
from tests.admin_roles import SUPERUSERS_OPEN
from tests.test_admin_roles import RolesTest

CHINESE = re.compile("[\u4e00-\u9fff]")
SAME = {"", "appid", "Appid", "Webhook", "webhook", "PC", "ID"}
"""What is the same in both languages."""
FORMLESS = {Gap}
"""Models whose pages are no forms of their fields."""


class TheWords(RolesTest):
    """Of each model that has pages, or a table on one."""

    def setUp(self) -> None:
        super().setUp()
        self.request = RequestFactory().get("/")
        self.request.user = self.staff

    def places(self) -> Iterator[tuple[Any, Any, list[Model | None]]]:
        """Everything that has a form: its model, what makes it, and rows with which forms differ."""
        for model, shown in admin.site._registry.items():
            row = model._default_manager.first()
            assert row is not None, model
            yield model, shown, [None, row]
            for inline in shown.get_inline_instances(self.request, row):
                yield inline.model, inline, [row]

    def words(self, model: Any, place: Any, rows: list[Model | None]) -> Iterator[tuple[str, str]]:
        """All that is said, with where it stands."""
        yield "name", str(model._meta.verbose_name)
        yield (
            "name of many",
            str(place.verbose_name_plural if hasattr(place, "fk_name") else model._meta.verbose_name_plural),
        )
        yield "application", str(model._meta.app_config.verbose_name)
        for row in rows if model not in FORMLESS else ():
            yield from self.form_words(model, place, row)
        for field in model._meta.get_fields():
            if isinstance(field, Field):
                yield from ((f"choice of {field.name}", str(label)) for _value, label in field.flatchoices or ())
        if isinstance(place, admin.ModelAdmin):
            yield "search", str(place.search_help_text or "")
            yield from ((f"column {name}", str(label_for_field(name, model, place))) for name in place.list_display)
            actions = place.get_actions(self.request).values()
            yield from ((f"action {action[1]}", str(action[2])) for action in actions if action)

    def form_words(self, model: Any, place: Any, row: Model | None) -> Iterator[tuple[str, str]]:
        """What stands beside the fields of a form, and of those that are only looked at."""
        inline = hasattr(place, "fk_name")
        may = place.has_change_permission(self.request, row) if row else place.has_add_permission(self.request)
        made: Any = (place.get_formset if inline else place.get_form)(self.request, row) if may else None
        fields = (made.form if inline else made).base_fields if may else {}
        parts = place.get_fieldsets(self.request, row)
        yield from ((f"part {name}", str(name or "")) for name, _options in parts)
        for name in set(flatten_fieldsets(parts)) if may or row else ():
            field = fields.get(name)
            if field is None or name in place.get_readonly_fields(self.request, row):
                yield f"label of {name}", str(label_for_field(name, model, place))
                yield f"help of {name}", str(help_text_for_field(name, model))
            elif not field.widget.is_hidden:
                yield f"label of {name}", str(field.label)
                yield f"help of {name}", str(field.help_text)

    def test_are_chinese_in_chinese(self) -> None:
        with override("zh-hans"):
            found = {
                f"{model._meta.label}, {where}: {said}"
                for model, place, rows in self.places()
                for where, said in self.words(model, place, rows)
                if said not in SAME and not CHINESE.search(said)
            }
        self.assertEqual(sorted(found), [])


class EachLabel(RolesTest):
    """Of an input, a column or a part of a page. What may be ticked is no label, and stands as it is."""

    HEADING = re.compile(
        r'<label(?![^>]*for="id_\w+_\d+")[^>]*>\s*([^<]*)|<(?:h2|h3|legend|th scope="col")[^>]*>\s*([^<]*)'
    )

    def test_begins_with_a_capital_letter(self) -> None:
        self.client.force_login(self.staff)
        small, seen = set(), 0
        for route in sorted(SUPERUSERS_OPEN - {"robots/shop/<>/questions.<>"}):
            for label in self.HEADING.findall(self.page(self.path(route, self.our_rows))):
                text = "".join(label).strip()
                seen += bool(text)
                if text[:1].islower():
                    small.add((route, text))
        self.assertGreater(seen, 100)
        self.assertEqual(small, set())
