"""Which sockets an account has, in whichever process, and ending one of them.

Nobody keeps a list of all sockets. Those of an account are called, and each answers for itself.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone

from chat.delivery import account_group, layer
from chat.protocol.closing import CloseCode

PATIENCE = 0.5
"""Seconds in which other processes' sockets must have answered. Those of this process answer at once."""


@dataclass(frozen=True)
class Device:
    """A socket that is signed in."""

    channel: str
    """Its own name in the channel layer."""
    source: int
    """What it was opened from, as `Source` has it."""
    address: str
    """The client's network."""
    since: datetime
    """When it signed in."""
    process: str
    """The name of the process that serves it."""


def devices(account_id: int) -> list[Device]:
    """The account's sockets, from the one that came first. Called outside of the event loop."""
    found = async_to_sync(_called)(account_id)
    return sorted(found, key=lambda device: device.since)


def end(account_id: int, channel: str) -> None:
    """Close this socket if it is the account's; its client then asks to sign in again. Outside of the loop."""
    message = {"type": "end", "account": account_id, "code": int(CloseCode.RIGHTS_WITHDRAWN)}
    async_to_sync(layer().send)(channel, message)


def answer(message: dict[str, Any], channel: str, source: int, address: str, since: float) -> None:
    """Answer a call for one socket of this process; on the event loop."""
    channels = layer()
    channels.post(message["reply"], {"type": "here", "device": (channel, source, address, since, channels.process)})


async def _called(account_id: int) -> list[Device]:
    channels = layer()
    reply = await channels.new_channel("call")
    found = []
    try:
        await channels.group_send(account_group(account_id), {"type": "call", "reply": reply})
        async with asyncio.timeout(PATIENCE if channels.shared else 0.0):
            while True:
                channel, source, address, since, process = (await channels.receive(reply))["device"]
                at = datetime.fromtimestamp(since, timezone.get_current_timezone())
                found.append(Device(channel, source, address, at, process))
    except TimeoutError:
        return found
    finally:
        channels.forget(reply)
