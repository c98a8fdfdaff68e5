"""What staff note about a customer, beside a conversation."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.deeds import note as log
from accounts.models import Account
from accounts.staff import seen
from chat.models import Conversation
from robots.models import Note, Shop
from robots.notes import SHOWN


class Beside(NamedTuple):
    """The customer and the shop of a conversation, and what the shop's people noted."""

    customer: Account
    shop: Shop
    notes: list[Note]
    may_write: bool


def beside(request: HttpRequest, talk: Conversation) -> Beside | None:
    """None where the talk is no shop's, or whoever asks may see no notes."""
    shop = seen(request.user, Shop.objects.filter(account__in=[talk.owner_id, talk.peer_id])).first()
    if shop is None or not request.user.has_perm("robots.view_note"):
        return None
    customer = talk.peer if shop.account_id == talk.owner_id else talk.owner
    notes = seen(request.user, Note.objects.filter(account=customer)).select_related("author", "shop")
    return Beside(customer, shop, list(notes.order_by("-pk")[:SHOWN]), request.user.has_perm("robots.add_note"))


def write(request: HttpRequest, talk: Conversation) -> None:
    """Keep what somebody noted about the customer."""
    found = beside(request, talk)
    if found is None or not found.may_write:
        raise PermissionDenied
    assert request.user.is_authenticated
    text = request.POST.get("note", "").replace("\r\n", "\n").replace("\0", "").strip()
    longest = Note._meta.get_field("text").max_length
    assert longest is not None
    if not text or len(text) > longest:
        messages.error(request, _("A note has 1 to %(longest)d letters.") % {"longest": longest})
        return
    note = Note.objects.create(account=found.customer, shop=found.shop, author=request.user, text=text)
    log(request, [note], gettext_lazy("Written beside a conversation."))
    messages.success(request, _("The note is kept."))
