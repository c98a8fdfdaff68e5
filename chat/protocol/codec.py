"""From a client's text to a typed query, or to the refusal that tells what is wrong with it."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings

from accounts.refusals import Reason, Refusal
from chat.counts import counts
from chat.protocol.complaints import field_of
from chat.protocol.frames import ClientIdData, Error
from chat.protocol.requests import Query, Send
from chat.protocol.words import SPELLED_OUT, WORDS

Members = dict[str, msgspec.Raw]
"""An object's keys. Values that nobody asked for stay text: a number may stand there that no float holds."""

_HALF_A_LETTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_LONGEST: int = settings.CHAT_FRAME_BYTES
_queries: msgspec.json.Decoder[Query] = msgspec.json.Decoder(Query, strict=False)
_json = msgspec.json.Decoder(msgspec.Raw)
_members = msgspec.json.Decoder(Members)
KNOWN = frozenset(kind.__struct_config__.tag for kind in Query.__args__)


@dataclass
class Refused(Exception):
    """A frame that is no query: what was wrong, and what of it can be given back."""

    refusal: Refusal
    query: str
    seq: int | str | msgspec.UnsetType = msgspec.UNSET
    client_id: str | None = None


def decode(text: str) -> Query:
    """The query that the text asks. Raises `Refused`."""
    if _LONGEST and _longer(text, _LONGEST):
        raise Refused(Refusal(Reason.FRAME_TOO_LARGE), "error")
    try:
        query = _queries.decode(text)
    except msgspec.ValidationError as error:
        raise _refused(text, str(error)) from None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise _unreadable(text) from None
    if "\\u0000" in text:
        _refuse_nul(query)
    return query


def error(refusal: Refusal, query: str, *, seq: int | str | msgspec.UnsetType, client_id: str | None = None) -> Error:
    """The frame that tells a client of a refusal, which is counted."""
    counts.refusals[refusal.reason] += 1
    if refusal.reason in SPELLED_OUT:
        return Error(msg=WORDS[refusal.reason], query=query, seq=seq)
    return Error(
        msg=WORDS[refusal.reason],
        query=query,
        seq=seq,
        reason=refusal.reason.value,
        field=refusal.field or msgspec.UNSET,
        retry_after=math.ceil(refusal.retry_after * 10) / 10 or msgspec.UNSET,
        data=ClientIdData(client_id) if client_id is not None else msgspec.UNSET,
    )


def _longer(text: str, limit: int) -> bool:
    return len(text) > limit or (len(text) * 4 > limit and len(text.encode(errors="surrogatepass")) > limit)


def _refused(text: str, problem: str) -> Refused:
    """What is wrong with a frame that the decoder did not take: no JSON, no query, or a wrong field."""
    try:
        raw = _json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return Refused(Refusal(Reason.INVALID_JSON), "error")
    if not _is_object(raw):
        return Refused(Refusal(Reason.NOT_AN_OBJECT), "error")
    frame = _members.decode(raw)
    seq, client_id = _given_back(frame)
    query = _value(frame.get("query"))
    if not isinstance(query, str) or query not in KNOWN:
        return Refused(Refusal(Reason.UNKNOWN_QUERY), "error", seq)
    return Refused(Refusal(Reason.INVALID_FIELD, field=field_of(problem)), query, seq, client_id)


def _unreadable(text: str) -> Refused:
    """What the decoder can't read is no JSON, or holds half of a letter, as a text that was cut in an emoji does.

    That is JSON by its grammar, and who sent it learns which request it was; else it would be sent again and again.
    """
    refused = Refused(Refusal(Reason.INVALID_JSON), "error")
    if not _HALF_A_LETTER.search(text):
        return refused
    try:
        # Whole letters in the place of halves: what is read here is only given back.
        of_whole_letters = _members.decode(_HALF_A_LETTER.sub(r"\\ufffd", text))
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return refused
    query = _value(of_whole_letters.get("query"))
    if not isinstance(query, str) or query not in KNOWN:
        return refused
    return Refused(Refusal(Reason.INVALID_FIELD), query, *_given_back(of_whole_letters))


def _given_back(frame: Members) -> tuple[int | str | msgspec.UnsetType, str | None]:
    """The `seq` and the `client_id` of a frame that is refused, as far as they are what they should be."""
    seq = _value(frame.get("seq"))
    if isinstance(seq, bool) or not isinstance(seq, int | str) or len(str(seq)) > 64:
        seq = msgspec.UNSET
    client_id = _value(_data(frame).get("client_id"))
    if not isinstance(client_id, str) or len(client_id) > 64:
        client_id = None
    return seq, client_id


def _refuse_nul(query: Query) -> None:
    """NUL is refused everywhere but within message bodies, whose own check tells their sender more."""
    for path, value in _strings(query, ""):
        if "\0" in value:
            client_id = query.data.client_id if isinstance(query, Send) else None
            tag = str(type(query).__struct_config__.tag)
            raise Refused(Refusal(Reason.INVALID_FIELD, field=path), tag, query.seq, client_id)


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every string of a query, with the dotted path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}[{index}]")
    elif isinstance(value, msgspec.Struct):
        for name, inner in msgspec.structs.asdict(value).items():
            yield from _strings(inner, f"{path}.{name}" if path else name)


def _data(frame: Members) -> Members:
    data = frame.get("data")
    return _members.decode(data) if data is not None and _is_object(data) else {}


def _is_object(raw: msgspec.Raw) -> bool:
    return bytes(memoryview(raw)[:1]) == b"{"


def _value(raw: msgspec.Raw | None) -> Any:
    """What stands there; nothing if it is a number that no float holds."""
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except (msgspec.ValidationError, RecursionError):
        return None
