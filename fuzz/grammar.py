"""Frames made from the schemas of the queries: right ones, nearly right ones, and what no schema foresees."""

import random
from collections.abc import Callable
from typing import Any

from msgspec import inspect

from chat.protocol import bodies, requests
from fuzz.json_text import Members, Token, render

ACCOUNTS = ("User1", "User2", "User3", "User4", "dev17", "notification", "nobody")
"""Names that the server may know. The first four are those whose sockets fuzz it."""
STRINGS = (
    *(
        "",
        " ",
        "x",
        "\0",
        "a\0b",
        "\x1f",
        "\x7f",
        "\ufeff",
        "\u2028",
        "\u202e",
        "é",
        "e\u0301",
        "你好",
        "🛍",
        "👨‍👩‍👧‍👦",
    ),
    *("x" * 32, "x" * 33, "x" * 64, "x" * 65, "长" * 65, "x" * 128, "x" * 129, "x" * 512, "x" * 513, "长" * 5001),
    *("null", "true", "0", "-1", "1e3", "NaN", "[]", "{}", "ping", "%s%n", "${x}", "../../etc/passwd", "'; --", "<b>"),
    *("set", "cancel", "recall", "typing", "online", "txt", "robot", "3|u", "|", "http://x/1.jpg|http://x/1.mp4"),
)
LITERALS = (
    *("null", "true", "false", "NaN", "Infinity", "-Infinity", "undefined", "nul", "'x'", "`x`", '"', '"\\', '"\\x41"'),
    *(
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '"\\u0000"',
        '"\\ud83d\\ude00"',
        '"a\\u0000"',
        '"\\u12"',
        '"\t"',
        '"\0"',
        "//",
        "",
    ),
    *("0", "-0", "01", "1.", ".5", "+1", "0x10", "1_000", "1.0", "1e0", "1e999", "-1e999", "1e-999", "1E+2", "1.5"),
    *("9007199254740993", str(2**63 - 1), str(2**63), str(-(2**63)), str(2**64), "1" + "0" * 30, "9" * 400, "1" * 5000),
)
DEPTHS = (2, 60, 500, 900, 1100, 5000, 20_000)
KEYS = (
    "query",
    "seq",
    "data",
    "account",
    "message",
    "type",
    "content",
    "client_id",
    "appid",
    "x",
    "",
    "\0",
    "__class__",
)
BODIES = (*sorted(bodies.KNOWN), bodies.ROBOT, "note")
LIKELY = 0.85
"""How often a value is what the schema wants. A frame has a handful of them."""


class Grammar:
    """Makes one frame after another from its dice."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._queries = [inspect.type_info(request) for request in requests.Query.__args__]
        self._makers: dict[type[inspect.Type], Callable[[Any], Any]] = {
            inspect.IntType: self._number,
            inspect.StrType: self._string,
            inspect.NoneType: lambda kind: None,
            inspect.LiteralType: lambda kind: self._dice.choice(kind.values),
            inspect.ListType: self._list,
            inspect.StructType: self._struct,
            inspect.RawType: lambda kind: self._body(),
        }

    def frame(self) -> str:
        """A text that may be a frame."""
        if self._dice.random() < 0.03:
            return render(self.anything(), self._dice)
        members = self._struct(self._dice.choice(self._queries))
        if self._dice.random() < 0.1:
            members.insert(self._dice.randint(0, len(members)), (self._dice.choice(KEYS), self.anything()))
        if self._dice.random() < 0.05:
            self._dice.shuffle(members)
        return render(members, self._dice)

    def anything(self, depth: int = 0) -> Any:
        """Any JSON, or what looks like it."""
        choice = self._dice.random()
        if choice < 0.4:
            return Token(self._dice.choice(LITERALS))
        if choice < 0.7:
            return self._dice.choice(STRINGS)
        if choice < 0.75:
            return self._deep()
        if depth > 3:
            return {}
        if choice < 0.87:
            return [self.anything(depth + 1) for _ in range(self._dice.randint(0, 3))]
        return Members((self._dice.choice(KEYS), self.anything(depth + 1)) for _ in range(self._dice.randint(0, 3)))

    def _deep(self) -> Token:
        depth = self._dice.choice(DEPTHS)
        opening, closing = self._dice.choice((("[", "]"), ('{"a":', "}"), ('[{"x":', "}]")))
        balanced = depth - self._dice.choice((0, 0, 0, 1))
        return Token(opening * depth + "1" + closing * balanced)

    def _of(self, kind: inspect.Type) -> Any:
        if self._dice.random() > LIKELY:
            return self.anything()
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        if isinstance(kind, inspect.UnionType):
            kind = self._dice.choice(kind.types)
        return self._makers[type(kind)](kind)

    def _struct(self, schema: inspect.Type) -> Members:
        assert isinstance(schema, inspect.StructType)
        members = Members()
        if schema.tag_field is not None:
            members.append((schema.tag_field, schema.tag if self._dice.random() < 0.98 else self.anything()))
        for field in schema.fields:
            if self._dice.random() < (0.97 if field.required else 0.6):
                account = field.encode_name == "account" and self._dice.random() < 0.7
                value = self._dice.choice(ACCOUNTS) if account else self._of(field.type)
                members.append((field.encode_name, value))
        if members and self._dice.random() < 0.02:
            members.append(self._dice.choice(members))
        return members

    def _number(self, kind: inspect.IntType) -> Any:
        low, high = kind.ge or 0, kind.le or 100
        near = (low, high, low + 1, high - 1, 1, 17, self._dice.randint(low, min(high, low + 100)))
        number = self._dice.choice(near)
        # Numbers may also stand in strings.
        return str(number) if self._dice.random() < 0.1 else number

    def _string(self, kind: inspect.StrType) -> str:
        fitting = self._dice.choice(STRINGS)
        return fitting[: kind.max_length] if kind.max_length else fitting

    def _list(self, kind: inspect.ListType) -> list[Any]:
        count = self._dice.choice((0, 1, 2, 3, kind.max_length or 10))
        return [self._of(kind.item_type) for _ in range(count)]

    def _body(self) -> Any:
        kind = self._dice.choice(BODIES)
        content = self._dice.choice(STRINGS)
        members = Members([("type", kind), ("content", content)])
        if kind == "goods":
            members.append(("data", Members([("id", self.anything())])))
        if self._dice.random() < 0.3:
            members.append((self._dice.choice(KEYS), self.anything()))
        if self._dice.random() < 0.1:
            members.pop(self._dice.randrange(len(members)))
        return members
