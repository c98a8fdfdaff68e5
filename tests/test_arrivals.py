"""What is read as it arrives, where something else happens at the same time."""

from django.test import TestCase

from accounts.directory import AccountRef
from chat import conversations
from chat.events import MessagesRead
from tests.case import text
from tests.world import World


class AMessageThatArrivesAsItsConversationIsDeleted(TestCase):
    def test_is_read_like_any_other(self) -> None:
        world = World("default")
        reader, writer = (AccountRef.of(account) for account in map(world.account, ("User1", "User2")))
        world.said("User2", "User1", text("在吗"))
        (message,) = world.messages()
        conversations.clear(owner=reader, peer=writer)
        told = conversations.read_on_arrival(owner=reader, peer=writer, say_again=True)
        self.assertEqual(told, MessagesRead(reader, writer, message.pk, 0))
        self.assertEqual(conversations.read_up_to(owner_id=reader.id, peer_id=writer.id), message.pk)
