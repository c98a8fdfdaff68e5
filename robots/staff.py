"""Whose shops are whose: what people see in the admin who work for some shops alone."""

from django.db.models import Q, QuerySet

from accounts.models import Account
from accounts.staff import Somebody, limit, limited
from robots.models import Faq, Gap, Membership, Note, QuickReply, Shop, UnansweredQuestion


def shops_of(user: Somebody) -> QuerySet[Shop] | None:
    """The shops that somebody works for; None for those who see every shop."""
    return Shop.objects.filter(pk__in=_own(user)) if limited(user) else None


def accounts_of(user: Somebody) -> QuerySet[Account]:
    """The accounts through which the shops talk that somebody works for."""
    return Account.objects.filter(shop__in=_own(user))


def shopless(user: Somebody) -> bool:
    """Whether somebody of the staff sees nothing of any shop, since none was chosen for them."""
    return user.is_staff and limited(user) and not _own(user).exists()


def _own(user: Somebody) -> QuerySet[Membership, int]:
    return Membership.objects.filter(user=user.pk).values_list("shop", flat=True)


limit(Shop, lambda user: Q(pk__in=_own(user)))
for model in (Faq, QuickReply, Note, Gap, UnansweredQuestion):
    limit(model, lambda user: Q(shop__in=_own(user)))
