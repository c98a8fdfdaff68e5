"""Two texts in one, with what goes and what comes marked in HTML."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

LONGEST = 400
"""Letters of a text that are shown: a page may hold thousands."""
AROUND = 60
"""Letters that are shown of what stays the same at either end of what changes."""


def marked(before: str, after: str) -> SafeString:
    """What changes between the same beginning and the same end."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    first, last = before[:head], before[len(before) - tail :]
    if old or new:
        first = f"…{first[-AROUND:]}" if len(first) > AROUND else first
        last = f"{last[:AROUND]}…" if len(last) > AROUND else last
    gone = format_html("<del>{}</del>", _short(old)) if old else ""
    come = format_html("<ins>{}</ins>", _short(new)) if new else ""
    return format_html("{}{}{}{}", _short(first), gone, come, last)


def _common(one: str, other: str) -> int:
    """How many letters they begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _short(text: str) -> str:
    return f"{text[:LONGEST]}…" if len(text) > LONGEST else text
