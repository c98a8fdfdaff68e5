"""What staff note about customers, for each other."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from robots.models.shops import Shop


class Note(models.Model):
    """A note about an account: a shop's people see those of their shop, and the platform's all of them."""

    APP = "account__app"
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="notes", db_index=False, verbose_name=_("account")
    )
    shop = models.ForeignKey(
        Shop,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("shop"),
        help_text=_("Whose people see it; empty for a note of the platform."),
    )
    text = models.TextField(_("note"), max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("author")
    )
    moved_from = models.CharField(
        _("moved from"), max_length=64, blank=True, editable=False, help_text=_("The account that it was first about.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes: ClassVar = [models.Index(fields=["account", "id"], name="note_of_account")]

    def __str__(self) -> str:
        # It stands in the log of what staff did, which keeps nothing that is said of anybody.
        return f"#{self.pk}"
