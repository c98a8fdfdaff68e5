"""What a search in messages has found: a message, what is said around the words, and where to read it."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from chat.models import Message
from chat.searching.pieces import plain, said

HITS = 30
"""On a page."""
LONGEST_SEARCH = 100
AROUND = 40
"""Letters that are shown before the first of the words, and twice as many after it."""


class Hit(NamedTuple):
    """A message, what it says around the first of the words, and the place in its conversation."""

    message: Message
    before: str
    word: str
    after: str
    link: str
    """Empty where whoever asks may not see the conversation."""


def hit(message: Message, wanted: str, talk: int | None, **more: str) -> Hit:
    """For a message that was found; `talk` is its conversation, and `more` goes into the address of the place there."""
    text = " ".join(said(message.body).split())
    begin, end = _place(text, plain(wanted).split()[0])
    first = max(begin - AROUND, 0)
    before = ("…" if first else "") + text[first:begin]
    after = text[end : end + 2 * AROUND] + ("…" if len(text) > end + 2 * AROUND else "")
    return Hit(message, before, text[begin:end], after, _link(message, talk, more) if talk is not None else "")


def _place(text: str, word: str) -> tuple[int, int]:
    """From where to where a text has a plain word; nowhere, if its letters are such only together."""
    letters = [plain(letter) for letter in text]
    at = "".join(letters).find(word)
    if at < 0:
        return 0, 0
    # A letter may be several without its width: ㎏ is kg.
    whose = [number for number, letter in enumerate(letters) for _ in letter]
    return whose[at], whose[at + len(word) - 1] + 1


def _link(message: Message, talk: int, more: dict[str, str]) -> str:
    page = reverse("admin:chat_conversation_talk", args=[talk])
    return f"{page}?{urlencode({'at': str(message.pk), **more})}#m{message.pk}"
