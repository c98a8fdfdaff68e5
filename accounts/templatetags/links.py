"""`{% shown field %}`: what stands in a field of the admin that is only looked at."""

from typing import Any

from django import template
from django.db.models import ManyToOneRel, Model
from django.template import Context

from accounts.admin.links import opens

register = template.Library()


@register.simple_tag(takes_context=True)
def shown(context: Context, field: Any) -> Any:
    """The field's contents; what it refers to is a link only for those who may open that."""
    found = getattr(field, "resolved_field", None)
    if found:
        column, _name, value = found
        refers = isinstance(getattr(column, "remote_field", None), ManyToOneRel)
        if refers and isinstance(value, Model) and not opens(context["request"], value):
            return str(value)
    return field.contents() if field else ""
