"""The AsyncAPI document of the socket, made from the structs that check its frames."""

import inspect
import re
from functools import cache
from typing import Any, get_args

import msgspec

from chat.protocol import bodies, examples, frames, requests, subscribed
from chat.protocol.closing import CloseCode

ANSWERS: dict[type[requests.Request], type[frames.Frame]] = {
    requests.Login: frames.SignedIn,
    requests.Users: frames.UserList,
    requests.Chats: frames.Items,
    requests.HistoryChats: frames.Items,
    requests.Send: frames.SyncRead,
    requests.ChatDelete: frames.SyncAllNoreadNums,
    requests.EnterChats: frames.SyncAllNoreadNums,
    requests.LeaveChats: frames.Done,
    requests.Top: frames.Topped,
    requests.Robot: frames.UserMessage,
    requests.Block: frames.BlockChanged,
    requests.Unblock: frames.BlockChanged,
    requests.Blocked: frames.BlockedList,
    requests.Subscribe: subscribed.Subscribed,
    requests.Typing: frames.Done,
    requests.Online: subscribed.OnlineList,
    requests.Recall: subscribed.Recalled,
}
"""What answers each query; any of them may be answered by an `Error`."""

NOTICES: tuple[type[frames.Frame], ...] = (
    frames.Connected,
    frames.UserMessage,
    frames.SyncSay,
    frames.SyncRead,
    frames.SyncAllNoreadNums,
    frames.SyncChat,
    frames.SyncChatDelete,
    frames.SyncTop,
    frames.SyncBlock,
    subscribed.SyncTyping,
    subscribed.SyncOnline,
    subscribed.SyncRecall,
    subscribed.SyncVisit,
)
"""What is heard unasked, or after a `subscribe`."""

BODIES: tuple[type[msgspec.Struct], ...] = (bodies.Text, bodies.Image, bodies.Audio, bodies.Video, bodies.Goods)
DESCRIPTION = """One JSON object a frame, but for the text `ping`. How a conversation goes, with examples that are
played on real servers, stands in docs/protocol.md.

- What answers a query carries its `seq`; what is refused is answered by an `Error`.
- Numbers in queries may be written as strings, and further keys are passed over.
- Keys may be added to what is heard: clients pass over those that they do not know.
- Notices whose description does not say otherwise go to every socket of the account."""


@cache
def document() -> bytes:
    """The document as JSON, to the letter as `docs/asyncapi.json` has it."""
    heard: list[type[frames.Frame]] = list(dict.fromkeys([*ANSWERS.values(), *NOTICES, frames.Pong, frames.Error]))
    said: list[type[msgspec.Struct]] = [*ANSWERS, *heard]
    messages: dict[str, Any] = {kind.__name__: _message(kind) for kind in said}
    messages["Ping"] = {
        "title": "ping",
        "summary": "Whether anybody is there: a text, no JSON.",
        "contentType": "text/plain",
        "payload": {"type": "string", "const": "ping"},
        "examples": [{"payload": "ping"}],
    }
    whole = {
        "asyncapi": "3.0.0",
        "info": {"title": "Shop chat", "version": "1", "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "chat": {
                "host": "{host}",
                "protocol": "wss",
                "description": "The chat's own server; `ws` where it stands behind no certificate.",
                "variables": {"host": {"default": "localhost:8000", "description": "Where it is served."}},
            }
        },
        "channels": {
            "socket": {
                "address": "/ws",
                "title": "A socket",
                "description": "One connection of a client, signed in by `login`.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"method": "GET"}},
                "x-close-codes": {str(int(code)): code.name.lower() for code in CloseCode},
            }
        },
        "operations": _operations(),
        "components": {"messages": messages, "schemas": _schemas(heard)},
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _message(kind: type[msgspec.Struct]) -> dict[str, Any]:
    shown: dict[Any, examples.Example] = {**examples.ASKED, **examples.HEARD}
    return {
        "title": " or ".join(_words(kind)) or kind.__name__,
        "summary": inspect.getdoc(kind),
        "payload": _schema(kind),
        "correlationId": {"location": "$message.payload#/seq"},
        "examples": [{"payload": shown[kind]}],
    }


def _words(kind: type[msgspec.Struct]) -> list[str]:
    """What stands in `query` of such frames; nothing where it may be anything."""
    tag = kind.__struct_config__.tag
    if tag is not None:
        return [str(tag)]
    return [str(word) for word in get_args({field.name: field for field in msgspec.structs.fields(kind)}["query"].type)]


def _operations() -> dict[str, Any]:
    """What the server receives, each with what answers it, and what it sends by itself."""
    asked: dict[str, Any] = {
        _words(query)[0]: _received(query.__name__, inspect.getdoc(query), [answer.__name__, "Error"])
        for query, answer in ANSWERS.items()
    }
    asked["ping"] = _received("Ping", "See whether the socket is alive.", ["Pong"])
    sent = {f"on_{_snake(notice.__name__)}": _sent(notice) for notice in NOTICES}
    return {**asked, **sent}


def _received(message: str, summary: str | None, answers: list[str]) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": {"$ref": "#/channels/socket"},
        "summary": summary,
        "messages": [_in_channel(message)],
        "reply": {"channel": {"$ref": "#/channels/socket"}, "messages": [_in_channel(answer) for answer in answers]},
    }


def _sent(notice: type[frames.Frame]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": "#/channels/socket"},
        "summary": inspect.getdoc(notice),
        "messages": [_in_channel(notice.__name__)],
    }


def _in_channel(message: str) -> dict[str, str]:
    return {"$ref": f"#/channels/socket/messages/{message}"}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _schemas(heard: list[type[frames.Frame]]) -> dict[str, Any]:
    kinds = [*ANSWERS, *heard, *BODIES, bodies.Head, bodies.MenuBody]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    for kind in heard:
        # Frames are written with their defaults; what may be missing is unset.
        fields = msgspec.structs.fields(kind)
        schemas[kind.__name__]["required"] = [
            field.encode_name for field in fields if field.default is not msgspec.UNSET
        ]
    other = {"properties": {"type": {"not": {"enum": sorted(bodies.KNOWN | {bodies.ROBOT})}}}}
    schemas["SentBody"] = {
        "title": "SentBody",
        "description": "A body of a type that clients know, or of one of their own, which passes through unchanged.",
        "anyOf": [*map(_schema, BODIES), {"allOf": [_schema(bodies.Head), other]}],
    }
    schemas["HeardBody"] = {
        "title": "HeardBody",
        "anyOf": [{"$ref": "#/components/schemas/SentBody"}, _schema(bodies.MenuBody)],
    }
    return schemas


def _schema(kind: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
