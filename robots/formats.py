"""Numbers of Excel as its people see them: a cell holds a number, and its format says what is shown."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

GENERAL = ("General", "G/通用格式")
CHINESE = {
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: 'h"时"mm"分"',
    35: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: 'h"时"mm"分"',
    56: 'h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""What those numbers of formats mean in a Chinese Excel, where files don't say it."""
SYSTEM = {"[$-F800]": CHINESE[31], "[$-F400]": "h:mm:ss"}
"""Formats that stand for what the computer is set to."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<elapsed>h+|m+|s+)\]|\[\$(?P<symbol>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<part>y+|m+|d+|h+|s+|a+)(?:\.(?P<split>0+))?|(?P<digits>[#0?][#0?,.]*|%|E[+-])"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_Token = tuple[str, str]
LONGEST_CODE = 255
"""Letters of a format that Excel takes."""


def shown(raw: str, code: str, *, since_1904: bool = False) -> str:
    """What a cell shows that holds this number; a format that is not known here shows the plain number."""
    try:
        number = Decimal(f"{float(raw):.15g}")
    except ValueError:
        return raw
    if not number.is_finite():
        return raw
    if len(code) > LONGEST_CODE:
        return _plain(number)
    for general in GENERAL:
        code = code.replace(general, "@")
    system = next((meant for sign, meant in SYSTEM.items() if code.startswith(sign)), code)
    sections = system.split(";")
    negative = number < 0 and len(sections) > 1
    tokens = list(_tokens(sections[1 if negative else 0]))
    kinds = {kind for kind, _text in tokens}
    if kinds & {"part", "elapsed"}:
        return _moment(number, tokens, since_1904) or _plain(number)
    return _number(abs(number) if negative else number, tokens)


def _tokens(section: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(section):
        kind = found.lastgroup or ""
        if kind == "split":  # seconds with a fraction
            yield "part", found["part"].lower()
        elif kind in ("quoted", "escaped", "symbol", "other"):
            yield "text", found[kind]
        elif kind:
            yield kind, found[kind].lower()


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(number: Decimal, tokens: Sequence[_Token]) -> str:
    digits = [text for kind, text in tokens if kind == "digits"]
    pattern, percent = "".join(digits).removesuffix("%"), "%" in digits
    if len(digits) > 1 + percent or not re.fullmatch(r"[#0,]*(\.[0#]*)?", pattern):
        return _plain(number)
    if not pattern and (percent or ("text", "@") not in tokens):
        return _plain(number)
    said = _digits(number.scaleb(2) if percent else number, pattern) if pattern else _plain(number)
    places = iter([said])
    return "".join(
        next(places, "") if text == "@" or (kind == "digits" and text != "%") else text for kind, text in tokens
    )


def _digits(number: Decimal, pattern: str) -> str:
    """The number with as many digits as there are places for it."""
    whole, _dot, places = pattern.partition(".")
    rounded = number.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP) if abs(number) < 10**15 else number
    said = f"{rounded:{',' if ',' in whole else ''}f}" if rounded else f"{abs(rounded):f}"
    for place in reversed(places):
        if place == "#" and "." in said:
            said = said.removesuffix("0")
    head, dot, tail = said.removesuffix(".").partition(".")
    return head.zfill(whole.count("0") + head.startswith("-")) + dot + tail


def _moment(number: Decimal, tokens: Sequence[_Token], since_1904: bool) -> str:
    """The day and the time that a number stands for; nothing if it stands for none."""
    if number < 0 or number > 2_958_465:
        return ""
    seconds = int((number * 86_400).to_integral_value(ROUND_HALF_UP))
    # Excel takes 1900 for a leap year: before that day its numbers are one less.
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if number >= 60 else 31)  # noqa: DTZ001
    moment = first + timedelta(seconds=seconds)
    noon = any(kind == "noon" for kind, _text in tokens)
    return "".join(
        _part(kind, text, moment, seconds, minutes=_is_minutes(place, tokens), noon=noon)
        for place, (kind, text) in enumerate(tokens)
    )


def _is_minutes(place: int, tokens: Sequence[_Token]) -> bool:
    """An m behind hours or before seconds is minutes, others are months."""
    before = [text for kind, text in tokens[:place] if kind in ("part", "elapsed")]
    behind = [text for kind, text in tokens[place + 1 :] if kind in ("part", "elapsed")]
    return bool((before and before[-1][0] == "h") or (behind and behind[0][0] == "s"))


def _part(kind: str, text: str, moment: datetime, seconds: int, *, minutes: bool, noon: bool) -> str:
    if kind == "text":
        return text
    if kind == "noon":
        return ("上午" if moment.hour < 12 else "下午") if text[0] == "上" else "AM" if moment.hour < 12 else "PM"
    if kind == "elapsed":
        return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[text[0]]:0{len(text)}d}"
    if kind != "part":
        return ""
    letter, long = text[0], len(text)
    if letter == "y":
        return f"{moment.year:04d}" if long > 2 else f"{moment.year % 100:02d}"
    if letter == "a":
        return ("星期" if long > 3 else "") + "一二三四五六日"[moment.weekday()]
    if long > 2:
        return moment.strftime({"m": "%b" if long == 3 else "%B", "d": "%a" if long == 3 else "%A"}.get(letter, "%H"))
    hour = (moment.hour % 12 or 12) if noon else moment.hour
    value = {"m": moment.minute if minutes else moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return f"{value:0{long}d}"
