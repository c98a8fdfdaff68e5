"""Roles and rights as people read them: the database keeps their names in English."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from robots.roles import ROLES

KNOWN = {role.group: role for role in ROLES}
DOING = {"add": _("Add"), "change": _("Change"), "delete": _("Delete"), "view": _("View")}


def title(group: Group) -> str:
    """What a group is called: those that there are from the start in the reader's language."""
    return capfirst(gettext(group.name)) if group.name in KNOWN else group.name


def meaning(group: Group) -> str:
    """What a group is for; empty where only those know who made it."""
    return str(KNOWN[group.name].meaning) if group.name in KNOWN else ""


class GroupsField(forms.ModelMultipleChoiceField):
    """Groups to be ticked, each with what it is for."""

    def label_from_instance(self, group: Group) -> str:
        return meaning(group) or title(group)


class GroupsFilter(admin.RelatedFieldListFilter):
    """Those who have a role."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        return [(str(group.pk), title(group)) for group in Group.objects.order_by("pk")]


class RightsField(forms.ModelMultipleChoiceField):
    """Rights to be chosen: what may be done with what."""

    def label_from_instance(self, permission: Permission) -> str:
        verb, _underscore, name = permission.codename.partition("_")
        kind = permission.content_type
        doing = DOING.get(verb) if name == kind.model else None
        model: Any = kind.model_class()
        parts = (model._meta.app_config.verbose_name, model._meta.verbose_name, doing or gettext(permission.name))
        return " · ".join(capfirst(str(part)) for part in parts)


def offered() -> QuerySet[Permission]:
    """The rights that open or close anything: those to what has a page, or a table on one."""
    models = set(admin.site._registry)
    models |= {inline.model for shown in admin.site._registry.values() for inline in shown.inlines}
    kinds = ContentType.objects.get_for_models(*models).values()
    return Permission.objects.filter(content_type__in=kinds).select_related("content_type")
