"""Endpoints, what is to be told to them, and what came of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import App
from chat.webhooks.signing import new_secret


class Kind(models.TextChoices):
    """What an endpoint can be told of."""

    MESSAGE_SENT = "message.sent", _("message sent")
    MESSAGE_RECALLED = "message.recalled", _("message recalled")
    CONVERSATION_STARTED = "conversation.started", _("conversation started")
    CONVERSATION_READ = "conversation.read", _("conversation read")
    QUESTION_UNANSWERED = "question.unanswered", _("question unanswered")
    ACCOUNT_ONLINE = "account.online", _("account online")
    ACCOUNT_OFFLINE = "account.offline", _("account offline")


TEST = "webhook.test"
"""What the test button sends, whatever the endpoint asked for."""


class Endpoint(models.Model):
    """An address of a platform's server, and what it is told."""

    app = models.ForeignKey(App, models.CASCADE, related_name="+", verbose_name=_("app"))
    url = models.URLField(_("address"), max_length=500)
    kinds = models.JSONField(_("events"), default=list)
    secret = models.CharField(_("secret"), max_length=100, default=new_secret, editable=False)
    old_secret = models.CharField(max_length=100, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    failures = models.PositiveIntegerField(default=0, editable=False, help_text="Failed attempts in a row.")
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    resumed_at = models.DateTimeField(
        null=True, editable=False, help_text="When it was switched on again: what waited has its day from then on."
    )
    disabled_at = models.DateTimeField(_("switched off at"), null=True, editable=False)
    disabled_because = models.CharField(_("switched off because"), max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one endpoint: waiting, delivered or given up."""

    class State(models.IntegerChoices):
        WAITING = 0, _("waiting")
        DELIVERED = 1, _("delivered")
        GIVEN_UP = 2, _("given up")

    # Without a constraint: an endpoint that is deleted meanwhile must not keep a message from being stored. What it
    # was told is forgotten bit by bit (`claims.purge`): it may be more than a page of the admin can wait for.
    endpoint = models.ForeignKey(
        Endpoint, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, verbose_name=_("webhook")
    )
    name = models.CharField(_("id"), max_length=40, help_text=_("The same on every attempt."))
    kind = models.CharField(_("event"), max_length=32)
    lane = models.CharField(max_length=48, help_text="What has the same lane arrives in order.")
    body = models.TextField(_("body"))
    state = models.SmallIntegerField(_("state"), choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(_("created at"))
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    status = models.PositiveSmallIntegerField(_("status"), null=True, help_text=_("HTTP's, of the last attempt."))
    error = models.CharField(_("error"), max_length=200, blank=True)
    # It stays where a delivery is sent again and waits once more.
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state=0), name="delivery_due"),
            models.Index(fields=["endpoint", "due_at"], condition=models.Q(state=0), name="delivery_due_of_endpoint"),
            models.Index(fields=["endpoint", "lane", "id"], condition=models.Q(state=0), name="delivery_lane"),
            models.Index(fields=["lane"], condition=models.Q(state__gt=0), name="delivery_log_lane"),
            models.Index(fields=["endpoint", "id"], name="delivery_of_endpoint"),
            models.Index(fields=["finished_at"], condition=models.Q(state__gt=0), name="delivery_finished"),
        ]

    def __str__(self) -> str:
        return self.name
