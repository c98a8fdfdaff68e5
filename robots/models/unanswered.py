"""What customers asked and no robot could answer: each question, and those together that ask the same."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models import Account
from robots.models.shops import Shop


class Gap(models.Model):
    """Something that customers ask a shop and its robot can't answer, in whatever words."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a gap", "open")
        ANSWERED = "answered", _("answered")
        DISMISSED = "dismissed", _("dismissed")

    APP = "shop__app"
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="gaps", db_index=False, verbose_name=_("shop"))
    text = models.CharField(_("question"), max_length=500, help_text=_("As a customer asked it."))
    meaning = models.BinaryField(
        help_text="Its direction among sentences, in halves of four bytes; several, where it was made of several."
    )
    count = models.PositiveIntegerField(_("times asked"))
    first_asked_at = models.DateTimeField(_("first asked at"))
    last_asked_at = models.DateTimeField(_("last asked at"))
    rank = models.FloatField(help_text="What comes first: being asked twice as often is worth a day.")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    filled_by = models.PositiveIntegerField(
        _("answered by"), null=True, editable=False, help_text="The number of the shop's question that answers it."
    )

    class Meta:
        verbose_name = _("question robots can't answer")
        verbose_name_plural = _("questions robots can't answer")
        ordering: ClassVar = ["-rank"]
        permissions: ClassVar = [("reply_gap", gettext_noop("Can reply to customers as the shop"))]
        indexes: ClassVar = [
            models.Index(fields=["shop", "state", "-rank"], name="gap_of_shop"),
            models.Index(fields=["state", "-rank"], name="gap_rank"),
            models.Index(fields=["shop", "-last_asked_at"], name="gap_asked_last"),
        ]

    def __str__(self) -> str:
        # It stands in the log of what staff did, which keeps no words of customers.
        return f"#{self.pk}"


class UnansweredQuestion(models.Model):
    """What a customer asked and the robot found no answer to."""

    APP = "shop__app"
    shop = models.ForeignKey(Shop, models.CASCADE, related_name="unanswered", db_index=False, verbose_name=_("shop"))
    asker = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name=_("customer"))
    text = models.CharField(_("question"), max_length=500)
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    settled = models.BooleanField(_("settled"), default=False)
    gap = models.ForeignKey(
        Gap,
        models.CASCADE,
        null=True,
        editable=False,
        related_name="questions",
        verbose_name=_("question robots can't answer"),
    )

    class Meta:
        verbose_name = _("missed question")
        verbose_name_plural = _("missed questions, one by one")
        indexes: ClassVar = [
            models.Index(fields=["shop", "id"], name="unanswered_of_shop"),
            models.Index(fields=["id"], condition=models.Q(settled=False), name="unanswered_unsettled"),
            models.Index(fields=["id"], condition=models.Q(settled=False, gap=None), name="unanswered_ungathered"),
        ]

    def __str__(self) -> str:
        # It stands in the log of what staff did, which keeps no words of customers.
        return f"#{self.pk}"
