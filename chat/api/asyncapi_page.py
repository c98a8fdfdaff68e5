"""`GET /api/docs/socket/`: the AsyncAPI document for people, as a page without scripts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from chat.protocol.asyncapi import document

Schema = dict[str, Any]
APART = ("SentBody", "HeardBody")
"""Bodies of messages: shown once, and not in every message that has one."""
FAR = 2**53
"""Bounds beyond it are those of the numbers themselves."""


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a frame; `apart` is the body that stands there."""

    path: str
    kinds: tuple[str, ...]
    required: bool
    bounds: tuple[str, ...]
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame, or a body of messages."""

    name: str
    title: str
    texts: tuple[SafeString, ...]
    fields: tuple[Field, ...]
    example: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what may answer it."""

    name: str
    frame: Shown
    answers: tuple[Shown, ...]


@method_decorator(csrf_exempt, name="dispatch")
class SocketPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        whole = _whole()
        frames = {name: _frame(name) for name in whole["components"]["messages"]}
        asked = [
            Asked(name, _of(frames, one)[0], _of(frames, one["reply"]))
            for name, one in whole["operations"].items()
            if one["action"] == "receive"
        ]
        said = {one.frame.name for one in asked}
        context = {
            "asked": asked,
            "heard": [frame for name, frame in frames.items() if name not in said],
            "bodies": [_body(name) for name in _names_of_bodies()],
            "closing": whole["channels"]["socket"]["x-close-codes"],
        }
        return render(request, "socket.html", context)


@cache
def _whole() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(document())
    return whole


def _of(frames: dict[str, Shown], one: dict[str, Any]) -> tuple[Shown, ...]:
    return tuple(frames[_last(message)] for message in one["messages"])


def _frame(name: str) -> Shown:
    message = _whole()["components"]["messages"][name]
    schema = _resolved(message["payload"])
    texts = (message["summary"], *_notes(schema))
    example = message["examples"][0]["payload"]
    shown = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
    return Shown(
        name, message["title"].replace(" or ", " / "), tuple(map(_words, texts)), tuple(_fields(schema)), shown
    )


def _names_of_bodies() -> Iterator[str]:
    for name in APART:
        for one in _schemas()[name]["anyOf"]:
            if "$ref" in one and _last(one) not in APART:
                yield _last(one)


def _body(name: str) -> Shown:
    schema = _schemas()[name]
    (title,) = schema["properties"]["type"]["enum"]
    texts = [schema["description"]] if "description" in schema else []
    return Shown(name, title, tuple(map(_words, texts)), tuple(_fields(schema)))


def _fields(schema: Schema, path: str = "") -> Iterator[Field]:
    """The keys of an object, each followed by those within it."""
    for key, inner in schema.get("properties", {}).items():
        yield from _field(f"{path}{key}", inner, key in schema.get("required", ()))


def _field(path: str, schema: Schema, required: bool) -> Iterator[Field]:
    apart = _last(schema) if "$ref" in schema else ""
    if apart in APART:
        yield Field(path, ("object",), required, (), apart)
        return
    kinds = [one for one in _alternatives(schema) if one.get("type") != "null"]
    bounds = (text for one in (schema, *kinds) for text in _bounds(one, required))
    yield Field(path, tuple(word for one in kinds for word in _kind(one)), required, tuple(dict.fromkeys(bounds)))
    for one in kinds:
        if "items" in one:
            yield from _field(f"{path}[]", one["items"], True)
        yield from _fields(one, f"{path}.")


def _kind(schema: Schema) -> list[str]:
    if "enum" in schema:
        return [json.dumps(value, ensure_ascii=False) for value in schema["enum"]]
    return [schema["type"]]


def _bounds(schema: Schema, required: bool) -> Iterator[str]:
    if "maxLength" in schema:
        length = f"{schema.get('minLength', 0)}–{schema['maxLength']}"
        yield gettext("%(length)s characters") % {"length": length}
    if schema.get("maximum", FAR) < FAR:
        yield f"{schema['minimum']}–{schema['maximum']}"
    if schema.get("default") is not None and not required:
        yield gettext("%(value)s if it is missing") % {"value": json.dumps(schema["default"], ensure_ascii=False)}


def _notes(schema: Schema) -> Iterator[str]:
    """What is said of the objects within an object."""
    for inner in schema.get("properties", {}).values():
        if _last(inner) in APART:
            continue
        for one in _alternatives(inner):
            found = _resolved(one["items"]) if "items" in one else one
            if "description" in found:
                yield found["description"]
            yield from _notes(found)


def _alternatives(schema: Schema) -> list[Schema]:
    resolved = _resolved(schema)
    if "anyOf" in resolved:
        return [found for one in resolved["anyOf"] for found in _alternatives(one)]
    return [resolved]


def _resolved(schema: Schema) -> Schema:
    return _schemas()[_last(schema)] if "$ref" in schema else schema


def _schemas() -> dict[str, Schema]:
    schemas: dict[str, Schema] = _whole()["components"]["schemas"]
    return schemas


def _last(reference: dict[str, Any]) -> str:
    """The name of what is referred to; nothing where it is no reference."""
    return str(reference.get("$ref", "")).rpartition("/")[2]


def _words(text: str) -> SafeString:
    """The text in the reader's language, with what stands between backticks as code."""
    parts = gettext(re.sub(r"\s+", " ", text)).split("`")
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if index % 2 else part,) for index, part in enumerate(parts))
    )
