"""The customer's document, `original.txt`: every example in it, with its heading and its known slips mended."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).with_name("original.txt").read_text(encoding="utf-8")

SLIPS: dict[str, tuple[str, int]] = {
    # Comments within JSON.
    "//登录来源：1APP，2微信小程序，3支付宝小程序，4:PC": ("", 1),
    "//是否置顶 1-是 0-否": ("", 1),
    "//通知类型，此类型后面再做": ("", 1),
    "//消息ID": ("", 1),
    "//是否已读 0-未读 1-已读": ("", 1),
    "//消息接受者": ("", 1),
    "//消息发送者": ("", 2),
    "//消息体": ("", 7),
    # Comments behind JSON.
    " //dev17为店铺账号": ("", 1),
    " //account为消息发送者": ("", 1),
    " //account为当前的聊天对象": ("", 1),
    # A `}` too many, before a comment.
    "}}} //User2为当前的聊天对象": ("}}", 1),
    "}}}  //User2为当前的聊天对象": ("}}", 1),
    " //User2为当前的聊天对象": ("", 1),
    # Commas behind the last of a list or an object.
    ",//聊天对象的账号": ("", 1),
    "//聊天对象": ("", 1),
    "            },\n        ]": ("            }\n        ]", 2),
    # A missing quotation mark.
    '"User2",is_read"': ('"User2","is_read"', 1),
}
"""Each known slip, what stands in its place, and how often it occurs. Earlier ones are mended first."""


@dataclass(frozen=True)
class Example:
    """One frame of the document. `text` is its JSON, mended; `heading` the comment above it."""

    heading: str
    text: str

    @property
    def frame(self) -> Any:
        return json.loads(self.text)

    @property
    def query(self) -> str:
        query: str = self.frame["query"]
        return query

    @property
    def asked(self) -> bool:
        """Whether a client says it; else the server does."""
        return "code" not in self.frame


mended: Counter[str] = Counter()
"""How often each slip was found."""


def _mend(text: str) -> str:
    for slip, (right, _) in SLIPS.items():
        mended[slip] += text.count(slip)
        text = text.replace(slip, right)
    return text


def _examples() -> tuple[Example, ...]:
    """A frame is a line that begins with a brace; if it holds nothing more, all up to a line of a closing brace."""
    found = []
    heading = ""
    for block in re.finditer(r"^//.*$|^\{$[\s\S]*?^\}$|^\{.+$", DOCUMENT, re.MULTILINE):
        if block[0].startswith("//"):
            heading = block[0].removeprefix("//").strip()
        else:
            found.append(Example(heading, _mend(block[0])))
    return tuple(found)


EXAMPLES = _examples()
ACCOUNTS = tuple(re.findall(r"^(\w+)  (\d+)$", DOCUMENT, re.MULTILINE))
"""The names and passwords at the document's end."""
