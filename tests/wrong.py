"""Every wrong value for every field of every query, found by looking at the queries' schemas."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from chat.protocol import requests

Frame = dict[str, Any]

VALID: dict[str, dict[str, Any]] = {
    "login": {"account": "User1", "password": "123456"},
    "users": {"page": 1, "limit": 20},
    "chats": {"account": "User2"},
    "history_chats": {"account": "User2", "start_id": 1, "limit": 20},
    "send": {"account": "User2", "message": {"type": "txt", "content": "你好"}},
    "chat_delete": {"account": "User2"},
    "enter_chats": {"account": "User2"},
    "leave_chats": {"account": "User2"},
    "top": {"account": "User2", "operation": "set"},
    "block": {"account": "User2"},
    "unblock": {"account": "User2"},
    "blocked": {"page": 1, "limit": 20},
    "robot": {"account": "dev17", "shop_id": 17, "content": "包邮吗"},
    "subscribe": {"events": ["recall"]},
    "typing": {"account": "User2", "typing": 0},
    "online": {"accounts": ["User2"]},
    "recall": {"account": "User2", "message_id": 1},
}
"""The data of a right frame for each query."""

JSON: dict[str, Any] = {
    "null": None,
    "bool": True,
    "number": 5,
    "fraction": 1.5,
    "string": "x",
    "array": [],
    "object": {},
}
KIND: dict[type[inspect.Type], str] = {
    inspect.IntType: "number",
    inspect.StrType: "string",
    inspect.ListType: "array",
    inspect.StructType: "object",
    inspect.NoneType: "null",
}
HUGE = 10**30


@dataclass(frozen=True)
class Wrong:
    """A frame with one thing wrong in it, at `path`."""

    what: str
    frame: Frame
    path: str

    @property
    def query(self) -> str:
        query: str = self.frame["query"]
        return query


def every() -> Iterator[Wrong]:
    """All of them, but those of message bodies, which have no schema of their own in a query."""
    for request in requests.Query.__args__:
        schema = inspect.type_info(request)
        assert isinstance(schema, inspect.StructType)
        query = str(schema.tag)
        frame = {"query": query, "data": VALID[query]}
        yield from _fields(schema, frame, ())


def keys() -> dict[str, set[str]]:
    """The keys that each query's data may have."""
    found: dict[str, set[str]] = {}
    for request in requests.Query.__args__:
        schema = inspect.type_info(request)
        assert isinstance(schema, inspect.StructType)
        data = next(field.type for field in schema.fields if field.encode_name == "data")
        kinds = data.types if isinstance(data, inspect.UnionType) else (data,)
        structs = [kind for kind in kinds if isinstance(kind, inspect.StructType)]
        found[str(schema.tag)] = {field.encode_name for struct in structs for field in struct.fields}
    return found


def _fields(schema: inspect.StructType, frame: Frame, parents: tuple[str, ...]) -> Iterator[Wrong]:
    for field in schema.fields:
        place = (*parents, field.encode_name)
        plain = field.type.type if isinstance(field.type, inspect.Metadata) else field.type
        kinds = plain.types if isinstance(plain, inspect.UnionType) else (plain,)
        if any(isinstance(kind, inspect.RawType) for kind in kinds):
            values: dict[str, Any] = {}
        else:
            values = dict(_values(kinds))
        for what, value in values.items():
            yield Wrong(what, _changed(frame, place, value), ".".join(place))
        if field.required:
            yield Wrong("missing", _changed(frame, place, msgspec.UNSET), ".".join(place))
        for kind in kinds:
            if isinstance(kind, inspect.StructType):
                yield from _fields(kind, frame, place)
            elif isinstance(kind, inspect.ListType):
                for what, value in _values((kind.item_type,)):
                    yield Wrong(f"an item: {what}", _changed(frame, place, [value]), ".".join(place) + "[0]")


def _values(kinds: tuple[inspect.Type, ...]) -> Iterator[tuple[str, Any]]:
    right = {_kind(kind) for kind in kinds}
    yield from ((name, value) for name, value in JSON.items() if name not in right)
    for kind in kinds:
        if isinstance(kind, inspect.IntType):
            yield "a huge number", HUGE
            yield "a hugely negative number", -HUGE
            if kind.ge is not None:
                yield "too small a number", kind.ge - 1
            if kind.le is not None:
                yield "too large a number", kind.le + 1
        elif isinstance(kind, inspect.StrType):
            yield "NUL", "a\0b"
            if kind.max_length:
                yield "too long a string", "长" * (kind.max_length + 1)
            if kind.min_length:
                yield "too short a string", "长" * (kind.min_length - 1)
        elif isinstance(kind, inspect.LiteralType) and _kind(kind) == "string":
            yield "NUL", f"{kind.values[0]}\0"
        elif isinstance(kind, inspect.ListType) and kind.max_length:
            yield "too many", ["x"] * (kind.max_length + 1)


def _kind(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.LiteralType):
        return "number" if isinstance(kind.values[0], int) else "string"
    return KIND[type(kind)]


def _changed(frame: Frame, place: tuple[str, ...], value: Any) -> Frame:
    changed = deepcopy(frame)
    *parents, name = place
    inside = changed
    for parent in parents:
        inside = inside[parent]
    if value is msgspec.UNSET:
        del inside[name]
    else:
        inside[name] = value
    return changed
