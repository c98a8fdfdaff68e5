"""The texts of a campaign's messages: each is unlike any other, and tells who may see it."""

import re

_CANARY = re.compile(r"«([^»]*)»")


def text(app: str, sender: str, recipient: str, client_id: str) -> dict[str, str]:
    """A message body that carries its canary."""
    return {"type": "txt", "content": f"«{app}|{sender}|{recipient}|{client_id}»"}


def canaries(heard: str) -> list[tuple[str, str, str, str]]:
    """App, sender, recipient and `client_id` of every message that shows in a text."""
    found = []
    for inside in _CANARY.findall(heard):
        app, sender, recipient, client_id = inside.split("|")
        found.append((app, sender, recipient, client_id))
    return found


def named(message: object) -> str:
    """The `client_id` of the message that has this body; empty if it is none of a campaign's."""
    content = message.get("content") if isinstance(message, dict) else None
    found = canaries(content) if isinstance(content, str) else []
    return found[0][3] if found else ""
