"""Message bodies as they come over HTTP: checked as those from sockets are."""

from typing import Any

import msgspec
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from chat.protocol import bodies
from chat.protocol.bodies import Checked


@extend_schema_field(
    {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "minLength": 1, "maxLength": 32}},
        "additionalProperties": True,
        "example": {"type": "txt", "content": "您的订单已发货"},
        "description": "A message body as the protocol's document describes it.",
    }
)
class MessageBody(serializers.DictField):
    """A JSON object with a `type`."""


def checked(body: dict[str, Any]) -> Checked:
    """The body as it may be stored; raises `Refusal` as the check of bodies from clients does."""
    return bodies.check(msgspec.json.encode(body))
