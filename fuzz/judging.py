"""What the codec makes of a text, in one line, and what must hold of it whatever the text is."""

import json
import re
from typing import Any

import msgspec

from accounts.refusals import Refusal
from chat.models import PREVIEW_LENGTH
from chat.protocol import bodies, codec
from chat.protocol.frames import encode
from chat.protocol.requests import LARGEST_ID, Query, Send
from chat.protocol.words import WORDS
from tests.client import checked

LONGEST_ANSWER = 1000
"""Signs of an answer that says no: what is refused is not sent back."""
_INDEX = re.compile(r"\d+")


def outcome(text: str) -> str:
    """The outcome of a text, after everything that must hold of it was looked at. Raises `AssertionError`."""
    found = _once(text)
    again = _once(text)
    assert found == again, f"first {found}, then {again}"
    return found


def _once(text: str) -> str:
    try:
        query = codec.decode(text)
    except codec.Refused as refused:
        return _refusal(refused)
    _well_formed(query, text)
    given = " ".join(sorted(_given(msgspec.structs.asdict(query))))
    tag = str(type(query).__struct_config__.tag)
    return f"{tag}: {given} {_body(query) if isinstance(query, Send) else ''}".rstrip()


def _refusal(refused: codec.Refused) -> str:
    """The refusal is one of those that clients know, in words, and not longer than an answer should be."""
    answer = encode(codec.error(refused.refusal, refused.query, seq=refused.seq, client_id=refused.client_id))
    frame = checked(answer)
    assert frame["msg"] == WORDS[refused.refusal.reason], frame
    assert refused.query == "error" or refused.query in codec.KNOWN, frame
    assert len(answer) < LONGEST_ANSWER, f"an answer of {len(answer)} signs"
    back = " ".join(key for key in ("seq", "data") if key in frame)
    field = _INDEX.sub("n", refused.refusal.field)
    return f"{refused.query}! {refused.refusal.reason.value} {field} {back}".rstrip()


def _well_formed(query: Query, text: str) -> None:
    """What is taken can be stored: JSON to other programs too, no half signs, no NUL, no number beyond the database."""
    whole = _read_otherwise(text)
    assert whole is None or whole["query"] == type(query).__struct_config__.tag, "another query to other programs"
    for value in _leaves(msgspec.to_builtins(query, str_keys=True, builtin_types=(msgspec.Raw,))):
        if isinstance(value, str):
            value.encode()
            assert "\0" not in value, "NUL"
        elif isinstance(value, int):
            assert -LARGEST_ID <= value <= LARGEST_ID, value


def _body(query: Send) -> str:
    """What becomes of a message's body: how it would be shown, or why it is refused."""
    try:
        body = bodies.check(query.data.message)
    except Refusal as refusal:
        return f"{refusal.reason.value} {_INDEX.sub('n', refusal.field)}"
    kind = msgspec.json.decode(body.json)["type"]
    body.json.encode()
    body.preview.encode()
    assert len(body.preview) <= PREVIEW_LENGTH, "a long preview"
    assert "\0" not in body.preview, "NUL in a preview"
    return f"a body of type {kind if kind in bodies.KNOWN else 'other'}"


def _given(fields: dict[str, Any]) -> list[str]:
    """Which of a query's keys are given."""
    names = []
    for name, value in fields.items():
        if value is None or value is msgspec.UNSET:
            continue
        inner = msgspec.structs.asdict(value) if isinstance(value, msgspec.Struct) else None
        names += [name] if inner is None else [f"{name}.{key}" for key in _given(inner)]
    return names


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for pair in value.items() for part in pair for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _read_otherwise(text: str) -> Any:
    """The text as Python's own decoder reads it; nothing where it has bounds of its own."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise AssertionError("no JSON to other programs") from None
    except (RecursionError, ValueError):
        return None
