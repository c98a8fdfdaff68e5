"""Who of the staff works for which shop."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from robots.models.shops import Shop


class Membership(models.Model):
    """Somebody works for a shop, and sees in the admin what belongs to it."""

    APP = "shop__app"
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", db_index=False, verbose_name=_("user")
    )
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="memberships", verbose_name=_("shop"))

    class Meta:
        verbose_name = _("own shop")
        verbose_name_plural = _("own shops")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "shop"], name="one_membership_of_a_shop")]

    def __str__(self) -> str:
        return self.shop.name
