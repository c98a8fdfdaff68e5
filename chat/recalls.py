"""Taking a message back."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.directory import AccountRef
from accounts.refusals import Reason, Refusal
from chat.events import MessageRecalled, RecallRepeated
from chat.models import Conversation, Message
from chat.searching import following as searching
from chat.uploads.naming import count_gone
from chat.uploads.sweeping import sweep_soon
from chat.webhooks import told


def recall(
    *, sender: AccountRef, recipient: AccountRef, message_id: int, within: timedelta | None, body: str, preview: str
) -> MessageRecalled | RecallRepeated:
    """Put `body` in the place of what the sender's message said, and `preview` where lists showed it.

    Runs within the caller's `chat.database.pairs.exclusive` transaction. The message keeps its place and its id, and
    stays as unread as it was; uploads that no other message names are removed. Raises `Refusal`: `unknown_message`
    unless it is one from this sender to this recipient, `recall_too_late` where it is older than `within`.
    """
    message = Message.objects.filter(pk=message_id, sender_id=sender.id, recipient_id=recipient.id).first()
    if message is None:
        raise Refusal(Reason.UNKNOWN_MESSAGE)
    if message.recalled_at is not None:
        return RecallRepeated(message_id, sender, recipient)
    now, said = timezone.now(), message.body
    if within is not None and now - message.created_at > within:
        raise Refusal(Reason.RECALL_TOO_LATE)
    message.body, message.recalled_at = body, now
    message.save(update_fields=["body", "recalled_at"])
    searching.forget([message_id])
    told.take_back(sender.app_id, told.conversation_lane(sender.id, recipient.id), message_id, body)
    sweep_soon(count_gone([said]))
    sides = Q(owner=sender.id, peer=recipient.id) | Q(owner=recipient.id, peer=sender.id)
    showing = Conversation.objects.filter(sides, last_message_id=message_id).update(preview=preview)
    return MessageRecalled(message_id, sender, recipient, newest=showing > 0)
