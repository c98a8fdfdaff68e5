"""The OpenAPI document: made from the views, and the same for everybody."""

import re
from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from accounts.api.problems import CONTENT_TYPE, Code

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457; further members may stand beside these.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": [code.value for code in Code]},
        "detail": {"type": "string"},
        "field": {"type": "string", "description": "The dotted path of what is wrong in a message body."},
        "accounts": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names that the app does not have, or whose accounts are guests.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}


class Operations(AutoSchema):
    """Calls each operation by what it does, in the words of its summary."""

    def get_operation_id(self) -> str:
        return re.sub(r"[^a-z]+", "_", (self.get_summary() or super().get_operation_id()).lower()).strip("_")


@cache
def document() -> bytes:
    """The document as JSON, to the letter as `docs/openapi.json` has it."""
    with translation.override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


@method_decorator(csrf_exempt, name="dispatch")
class OpenApi(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(document(), content_type="application/json")


def with_problems(result: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Say of every operation what it answers when it says no, where it has no form of its own for that."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    refused = {
        "description": "What was asked is not done.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", refused)
    return result


class OneOfManyRows(OpenApiSerializerExtension):
    target_class = "accounts.api.accounts.AnyRow"

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        row: Any = type(self.target).__base__
        sound = auto_schema.resolve_serializer(row, direction).ref
        return {"anyOf": [sound, {"type": "object", "description": "Any other row is refused, and no row beside it."}]}


class AppKeyScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.AppKeyAuthentication"
    name = "appKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An app key, `ck_…`, made in the admin."}


class ChatTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.ChatTokenAuthentication"
    name = "chatToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A chat token, for what people do themselves."}
