"""Events on their way to the sockets that they concern."""

import asyncio
import unittest

from django.utils import timezone

from accounts.directory import AccountRef
from accounts.models import Account
from chat.delivery import account_group, layer, publish
from chat.events import MessageSent

SOCKETS = 20


class AnEvent(unittest.IsolatedAsyncioTestCase):
    async def test_is_encoded_once_however_many_sockets_the_account_has(self) -> None:
        channels = layer()
        names = [await channels.new_channel() for _ in range(SOCKETS)]
        sender, recipient = (AccountRef(number, 1, f"User{number}", Account.Kind.PERSON) for number in (1, 2))
        for name in names:
            self.addCleanup(channels.forget, name)
            await channels.group_add(account_group(recipient.id), name)
        body = '{"type":"txt","content":"在吗"}'
        publish(MessageSent(7, sender, recipient, body, None, timezone.now(), read=False))
        heard = [(await asyncio.wait_for(channels.receive(name), 10))["texts"] for name in names]
        self.assertEqual(len(heard), SOCKETS)
        self.assertEqual(len({id(text) for texts in heard for text in texts}), 1)
