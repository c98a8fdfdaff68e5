"""Everything that is kept of one account: read back as a whole, or erased."""

from collections.abc import Iterator
from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q

from accounts import lifecycle
from accounts.directory import AccountRef
from accounts.models import Account
from chat import conversations, history, notifications
from chat.database.pairs import exclusive, pair
from chat.database.walking import each
from chat.drafts import Change
from chat.events import ConversationCleared
from chat.figures.models import OpenTalk
from chat.history import Line
from chat.last_seen import TOGETHER
from chat.messages import between
from chat.models import Block, Conversation, Guest, LastSeen, Upload
from chat.searching import following as searching
from chat.uploads.keeping import remove
from chat.uploads.naming import count_gone
from chat.uploads.sweeping import sweep_soon
from chat.webhooks import told
from chat.webhooks.models import Delivery
from robots import gaps, notes
from robots.models import Note, UnansweredQuestion

CHUNK = 500
"""Messages that are read or deleted at a time."""


def peers(account_id: int) -> Iterator[Account]:
    """Everybody whom the account has ever talked with, also where it has deleted the conversation."""
    last = 0
    while rows := list(
        Conversation.objects.filter(owner=account_id, peer__gt=last).order_by("peer").select_related("peer")[:CHUNK]
    ):
        yield from (row.peer for row in rows)
        last = rows[-1].peer_id


def messages(account_id: int, peer_id: int) -> Iterator[list[Line]]:
    """All that the two have said, the oldest first, in chunks."""
    last = 0
    while lines := history.whole(account_id, peer_id, after=last, limit=CHUNK):
        yield lines
        last = lines[-1].id


def questions(account_id: int) -> Iterator[UnansweredQuestion]:
    """What the account asked shops and no robot could answer."""
    return each(UnansweredQuestion.objects.filter(asker=account_id).select_related("shop"))


def uploads(account_id: int) -> Iterator[Upload]:
    """What the account uploaded."""
    return each(Upload.objects.filter(account=account_id))


def blocks(account_id: int) -> Iterator[Block]:
    """Whom the account wants to hear nothing from."""
    return each(Block.objects.filter(owner=account_id).select_related("blocked"))


def last_seen(account_id: int) -> LastSeen | None:
    """When it last came or went, and what it used."""
    return LastSeen.objects.filter(account=account_id).first()


def visit(account_id: int) -> Guest | None:
    """What page it was on last, and whose, if it is a guest."""
    return Guest.objects.filter(account=account_id).select_related("shop").first()


def deliveries(account: Account) -> Iterator[Delivery]:
    """What the app's own server was told of it by webhooks within the last days, or is still to be told."""
    yield from told.each_of(account.app_id, [told.account_lane(account.pk)])
    for peer in peers(account.pk):
        yield from told.each_of(account.app_id, [told.conversation_lane(account.pk, peer.pk)])


def notes_about(account: Account) -> Iterator[Note]:
    """What staff noted about it."""
    return each(Note.objects.filter(account=account).select_related("shop"))


def erase(account: Account) -> Iterator[Change]:
    """Erase all that is kept of the account; yields what the other sides must be told, after each commit, if made.

    Its conversations are gone on both sides. What is left is a disabled account without a name, so that ids stay
    what they are; a new account may take the name. May be called again after it broke off.
    """
    with transaction.atomic():
        # Nobody is let in any more, before anything is removed.
        lifecycle.set_enabled(account, False)
    me = AccountRef.of(account)
    yield from _erase_conversations(me)
    Block.objects.filter(Q(owner=account) | Q(blocked=account)).delete()
    gaps.forget(account.pk)
    notes.forget(account)
    OpenTalk.objects.filter(customer=account).delete()
    Guest.objects.filter(account=account).update(title="", address="", goods=None)
    notifications.forget(account)
    for upload in uploads(account.pk):
        # What breaks off in between is found again by the row.
        remove(upload.files)
        upload.delete()
    account.name, account.nickname, account.avatar = lifecycle.erased_name(account.pk), "", ""
    account.password, account.api_token_digest, account.enabled = make_password(None), "", False
    with exclusive([TOGETHER]):
        # Its sockets have closed a moment ago: when it was last seen may just be written, or will be, and is not then.
        account.save(update_fields=["name", "nickname", "avatar", "password", "api_token_digest", "enabled"])
        # As long as it had its name it could be enabled again.
        lifecycle.revoke(account)
        LastSeen.objects.filter(account=account).delete()
        told.of(account.app_id, [told.account_lane(account.pk)]).delete()
    # What was written to it by that name, a moment before, may be stored by now. Nothing is from now on.
    yield from _erase_conversations(me)
    noted = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Account), object_id=str(account.pk))
    # What was noted may say from which address a socket came.
    noted.update(object_repr=account.name, change_message="")


def _erase_conversations(me: AccountRef) -> Iterator[Change]:
    """All that was said with anybody."""
    for other in list(peers(me.id)):
        peer = AccountRef.of(other)
        _erase_messages(me, peer.id)
        yield Change(pair(me.id, peer.id), partial(_erased, peer, me))


def _erased(owner: AccountRef, peer: AccountRef) -> ConversationCleared:
    return ConversationCleared(owner, peer, conversations.total_unread(owner.id))


def _erase_messages(me: AccountRef, other_id: int) -> None:
    """All that the two have said, a chunk at a time, and then both sides' views of it and what webhooks told of it."""
    one_id, more = me.id, True
    while more:
        with exclusive([pair(one_id, other_id)]):
            some = dict(between(one_id, other_id).order_by("id").values_list("pk", "body")[:CHUNK])
            between(one_id, other_id).filter(pk__in=list(some)).delete()
            searching.forget(some)
            sweep_soon(count_gone(some.values()))
            more = len(some) == CHUNK
            if not more:
                Conversation.objects.filter(Q(owner=one_id, peer=other_id) | Q(owner=other_id, peer=one_id)).delete()
                Block.objects.filter(owner=other_id, blocked=one_id).delete()
                told.of(me.app_id, [told.conversation_lane(one_id, other_id)]).delete()
