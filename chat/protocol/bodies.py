"""Message bodies: the types that clients know, their checks, and what a list shows of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from django.conf import settings
from msgspec import Meta

from accounts.refusals import Reason, Refusal
from chat.models import PREVIEW_LENGTH
from chat.protocol.complaints import field_of
from robots.answers import Menu

LONGEST_TEXT = 5000
DEEPEST = 100
"""Levels of lists and objects in a body. Decoders have limits that depend on who calls them: what a socket's frame may
nest would be too deep for a page that shows it."""
SentBody = Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/SentBody"})]
"""A body within a query, which `check` judges."""
HeardBody = Annotated[msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/HeardBody"})]
"""A body as its sender wrote it, or the server's own."""
Address = Annotated[str, Meta(min_length=1, max_length=2048)]


class Body(msgspec.Struct, frozen=True, tag_field="type"):
    """A body of a known type. Further keys are allowed and pass through unchanged."""


class Text(Body, frozen=True, tag="txt"):
    content: Annotated[str, Meta(max_length=LONGEST_TEXT, pattern=r"\S")]


class Image(Body, frozen=True, tag="img"):
    """`content` is the picture's address."""

    content: Address


class Audio(Body, frozen=True, tag="audio"):
    """`content` is `<seconds>|<address>`."""

    content: Annotated[str, Meta(max_length=2048, pattern=r"^\d{1,5}(\.\d{1,3})?\|.")]


class Video(Body, frozen=True, tag="video"):
    """`content` is `<address of the cover>|<address>`."""

    content: Annotated[str, Meta(max_length=4096, pattern=r"^[^|]+\|[^|]+$")]


class Goods(Body, frozen=True, tag="goods"):
    """A product card; `data` is the shop's own description of it."""

    data: dict[str, Any]
    content: Annotated[str, Meta(max_length=LONGEST_TEXT)] = ""


class MenuQuestion(msgspec.Struct):
    question_id: int
    question: str
    answer: str


class MenuData(msgspec.Struct):
    title: str
    list: list[MenuQuestion]


class MenuBody(msgspec.Struct):
    """A robot's menu; the server alone sends it."""

    data: MenuData
    type: Literal["robot"] = "robot"
    content: Literal["机器人问题列表"] = "机器人问题列表"


class Head(msgspec.Struct, frozen=True):
    """What every body has."""

    type: Annotated[str, Meta(min_length=1, max_length=32)]


@dataclass(frozen=True, slots=True)
class Checked:
    """A body that may be stored: its JSON, and the preview for conversation lists."""

    json: str
    preview: str


PREVIEWS = {
    "img": "[图片]",
    "audio": "[语音]",
    "video": "[视频]",
    "goods": "[商品]",
    "robot": "[机器人]",
    "file": "[文件]",
}
OTHER_PREVIEW = "[消息]"
KNOWN = frozenset({"txt", "img", "audio", "video", "goods"})
ROBOT = "robot"

_LARGEST: int = settings.CHAT_BODY_BYTES
_encoder = msgspec.json.Encoder()
_known = msgspec.json.Decoder(Text | Image | Audio | Video | Goods)
_whole = msgspec.json.Decoder()
_head = msgspec.json.Decoder(Head)


def check(raw: msgspec.Raw | bytes) -> Checked:
    """Check a body from a client.

    Raises `Refusal`: `message_too_large` above `CHAT_BODY_BYTES`, `reserved_type` for the robot's own type,
    `invalid_message` with the wrong field for anything else.
    """
    octets = bytes(raw)
    if _LARGEST and len(octets) > _LARGEST:
        raise Refusal(Reason.MESSAGE_TOO_LARGE)
    text = octets.decode()
    try:
        # All of it: a number that no float holds would keep the recipient's client from reading what stands around it.
        whole = _whole.decode(octets)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Refusal(Reason.INVALID_MESSAGE, field=_path(str(error))) from None
    if text.count("[") + text.count("{") > DEEPEST and _is_deep(whole):
        raise Refusal(Reason.INVALID_MESSAGE, field="data.message")
    try:
        body = _known.decode(octets)
    except msgspec.MsgspecError as error:
        return _unknown(raw, text, whole, str(error))
    if "\\u0000" in text and _has_nul(whole):
        raise Refusal(Reason.INVALID_MESSAGE, field="data.message")
    return Checked(
        text, body.content[:PREVIEW_LENGTH] if type(body) is Text else PREVIEWS[type(body).__struct_config__.tag]
    )


def encode_body(body: MenuBody | dict[str, Any]) -> str:
    """A body of the server's own as JSON."""
    return _encoder.encode(body).decode()


def text_body(text: str, *, kind: str = "txt") -> Checked:
    """A text of the server's own as a body."""
    return Checked(encode_body({"type": kind, "content": text}), text[:PREVIEW_LENGTH])


def menu_body(menu: Menu) -> Checked:
    """A robot's menu as a body."""
    questions = [MenuQuestion(choice.number, choice.question, choice.answer) for choice in menu.choices]
    return Checked(encode_body(MenuBody(data=MenuData(menu.greeting, questions))), PREVIEWS[ROBOT])


RECALLED = text_body("消息已撤回")
"""What stands in the place of a message that its sender took back."""


def _unknown(raw: msgspec.Raw | bytes, text: str, whole: Any, problem: str) -> Checked:
    """A body that is none of the known types: passed through unless it is malformed or only claims to be known."""
    try:
        kind = _head.decode(raw).type
    except msgspec.MsgspecError as error:
        raise Refusal(Reason.INVALID_MESSAGE, field=_path(str(error))) from None
    if kind == ROBOT:
        raise Refusal(Reason.RESERVED_TYPE, field="data.message.type")
    if kind in KNOWN or _has_nul(whole):
        raise Refusal(Reason.INVALID_MESSAGE, field=_path(problem))
    return Checked(text, PREVIEWS.get(kind, OTHER_PREVIEW))


def _path(problem: str) -> str:
    """The wrong field as the client wrote it, from the decoder's complaint."""
    return f"data.message.{field_of(problem)}".rstrip(".")


def _is_deep(whole: Any) -> bool:
    """Whether lists and objects are nested deeper than `DEEPEST`."""
    level = [whole]
    for _ in range(DEEPEST):
        level = [value for one in level if isinstance(one, list | dict) for value in _held(one)]
    return any(isinstance(one, list | dict) for one in level)


def _held(one: list[Any] | dict[str, Any]) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one


def _has_nul(whole: Any) -> bool:
    waiting = [whole]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if "\0" in value:
                return True
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
    return False
